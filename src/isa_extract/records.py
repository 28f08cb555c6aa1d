"""The central types. Frozen and slotted; every room may use them.

Offsets are half-open character offsets into ``Paper.text`` (Unicode code points), unless a name says
otherwise. Boxes are in PDF points, origin at the page's top left, y downwards.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

BlockKind = Literal["title", "heading", "paragraph", "caption", "footnote", "reference"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of character offsets.

    Raises:
        ValueError: if start is negative or end lies before start.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


class Box(NamedTuple):
    """A rectangle on a page, in PDF points from the page's top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    def __str__(self) -> str:
        return f"{self.x0:.1f} {self.top:.1f} {self.x1:.1f} {self.bottom:.1f}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its 1-based number, its stretch of the text, its size in points.

    ``scanned`` is true where the page is only an image and its text comes from OCR.
    """

    number: int
    span: Span
    width: float
    height: float
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, caption…: the lines it is made of, in reading order.

    Running heads, page numbers and watermarks are in no block; so are the cells of tables.
    ``section`` is ``abstract``, ``body``, ``references``, ``back`` (acknowledgements, conflicts,
    funding) or ``front`` (authors, affiliations, keywords). A paragraph that runs over columns or
    pages is one block with lines on both sides.
    """

    kind: BlockKind
    lines: tuple[Span, ...]
    section: str = "body"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: where it stands in the grid (0-based), how far it reaches, its lines of text."""

    row: int
    column: int
    lines: tuple[Span, ...]
    rows: int = 1
    columns: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as cells; ``caption`` and ``notes`` are lines of text above and below it."""

    page: int
    cells: tuple[Cell, ...]
    caption: tuple[Span, ...] = ()
    notes: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as read.

    Attributes:
        doc_id: file stem (made unique by its folder where two stems meet).
        source: path as given by the user, for messages.
        sha256: of the file's bytes.
        text: raw text in reading order, lines ended by ``\\n``, pages joined by a form feed; for a
            text file, the file's characters.
        pages: empty for text input.
        blocks: running text, in reading order.
        superscripts: stretches set as superscript (citations, powers), where the layout tells.
        boxes: float32 array of shape (len(text), 4), x0 top x1 bottom of each character, NaN where
            the character is not on the page (line ends); None for text input.
        notices: what could not be read, a line each (``page 3: image only``).
    """

    doc_id: str
    source: str
    sha256: str
    text: str
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    superscripts: tuple[Span, ...] = ()
    boxes: npt.NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    notices: tuple[str, ...] = ()

    def page_at(self, offset: int) -> Page | None:
        """The page that holds the character at ``offset``; None for text input."""
        if not self.pages:
            return None
        return self.pages[max(0, bisect_right([p.span.start for p in self.pages], offset) - 1)]

    def box_of(self, span: Span) -> Box | None:
        """The smallest rectangle round the span's characters on the page where it begins."""
        page = self.page_at(span.start)
        if self.boxes is None or page is None:
            return None
        boxes = self.boxes[span.start : min(span.end, page.span.end)]
        boxes = boxes[~np.isnan(boxes).any(axis=1)]
        if not len(boxes):
            return None
        return Box(
            float(boxes[:, 0].min()),
            float(boxes[:, 1].min()),
            float(boxes[:, 2].max()),
            float(boxes[:, 3].max()),
        )


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment group of a study.

    ``label`` is the regimen as the paper abbreviates it, else the group's name; ``drugs`` are INNs,
    sorted, empty where the group is not a drug regimen; ``role`` is experimental, control, single or
    empty.
    """

    label: str
    drugs: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """A study as one paper tells of it; fields as the columns of ``trials.csv``.

    ``place`` is where it is first told of, an offset into ``Paper.text``.
    """

    trial_id: str = ""
    trial_name: str = ""
    phase: str = ""
    design: tuple[str, ...] = ()
    population: str = ""
    n_enrolled: str = ""
    arms: tuple[Arm, ...] = ()
    dose: str = ""
    citations: tuple[int, ...] = ()
    place: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One reported value and whose it is; fields as the columns of ``evidence.csv``.

    ``span`` is the value's place; ``evidence`` are the spans of the words that decided (endpoint, arm,
    cue); ``compared`` is true where the sentence measures the arm against its comparator; ``why`` says in
    words how the arm was found.
    """

    study: Study
    span: Span
    sentence: str
    lang: str
    endpoint: str
    statistic: str
    value: str
    unit: str = ""
    qualifier: str = "="
    endpoint_term: str = ""
    arm: Arm | None = None
    comparator: Arm | None = None
    ci_low: str = ""
    ci_high: str = ""
    ci_level: str = ""
    p_value: str = ""
    n: str = ""
    N: str = ""
    timepoint: str = ""
    followup: str = ""
    subgroup: str = ""
    stage: str = ""
    threshold: str = ""
    grade: str = ""
    citations: tuple[int, ...] = ()
    binding: str = ""
    flags: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    compared: bool = False
    why: str = ""
