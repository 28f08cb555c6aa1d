"""A marked-up paper's parts become a ``Paper``: the text as it grows, each line with its span."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from isa_extract.errors import PaperError
from isa_extract.reading.inline import Piece, lines_of
from isa_extract.reading.markup_sections import paragraphs, sectioned
from isa_extract.reading.parts import GridCell, GridPart, Part
from isa_extract.records import Block, Cell, Paper, Span, Table

MAX_CHARS = 5_000_000
"""Characters that one paper may have; the longest reviews have a fifth of that."""
_MARK = re.compile(
    r"[\s,]*(?:(?!nd|rd|st|th)[a-z]{1,2}|[*†‡§¶‖#☆★△▲]{1,3})(?:\s*,\s*(?:[a-z]|[*†‡§¶‖#]))*[\s,]*"
)


@dataclass(slots=True)
class Composer:
    """Collects a paper's text; every line appended gets its span."""

    length: int = 0
    texts: list[str] = field(default_factory=list)
    superscripts: list[Span] = field(default_factory=list)

    def line(self, pieces: Iterable[Piece], end: str = "\n") -> Span | None:
        """Append a line, white space at both ends and doubled spaces left out; None for an empty one."""
        chars: list[str] = []
        raised: list[bool] = []
        for text, up in pieces:
            for char in text:
                if char != " " or (chars and chars[-1] != " "):
                    chars.append(char)
                    raised.append(up)
        while chars and chars[-1] == " ":
            chars.pop()
        if not chars:
            return None
        start = self.length
        edges = [
            i for i in range(len(chars) + 1) if _up(raised, i, len(chars)) != _up(raised, i - 1, len(chars))
        ]
        self.superscripts += [
            Span(start + a, start + b) for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
        self.put("".join(chars) + end)
        return Span(start, start + len(chars))

    def put(self, text: str) -> None:
        """Append characters of which no span is kept."""
        self.texts.append(text)
        self.length += len(text)

    def tables(self, part: GridPart) -> Iterator[Table]:
        """Append tables: caption, a line for each row with tabs between the cells, notes."""
        caption = tuple(filter(None, map(self.line, part.caption)))
        bodies = [tuple(self._cells(cells)) for cells in part.tables]
        notes = tuple(filter(None, map(self.line, part.notes)))
        for cells in bodies:
            if cells:
                yield Table(1, cells, caption, notes)

    def _cells(self, cells: Sequence[GridCell]) -> Iterator[Cell]:
        for i, cell in enumerate(cells):
            last = i + 1 == len(cells) or cells[i + 1].row != cell.row
            spans = list(self._without_marks(cell))
            if spans:
                yield Cell(cell.row, cell.column, tuple(spans), cell.rows, cell.columns, cell.header)
            self.put("\n" if last else "\t")

    def _without_marks(self, cell: GridCell) -> Iterator[Span]:
        """Append a cell's lines; footnote marks stand in the text, but in none of the spans."""
        start = self.length
        for line in cell.lines:
            for mark, pieces in groupby(line, key=_is_mark):
                if self.length > start:
                    self.put(" ")
                span = self.line(pieces, "")
                if span is not None and not mark:
                    yield span


def _is_mark(piece: Piece) -> bool:
    return piece[1] and _MARK.fullmatch(piece[0]) is not None


def _up(raised: Sequence[bool], i: int, count: int) -> bool:
    return 0 <= i < count and raised[i]


def paper(
    parts: Iterable[Part | GridPart],
    doc_id: str,
    source: str,
    data: bytes,
    notices: Sequence[str] = (),
    *,
    in_body: bool = False,
) -> Paper:
    """The paper that the parts make.

    Args:
        in_body: whether text that no section is told of is the body's from the first; else what stands
            before the first heading may be authors and addresses.

    Raises:
        PaperError: if there is no text in them, or more than any paper has.
    """
    text = Composer()
    blocks: list[Block] = []
    tables: list[Table] = []
    for part in sectioned([p for given in parts for p in paragraphs(given)], in_body):
        if isinstance(part, GridPart):
            tables += text.tables(part)
        else:
            lines = tuple(filter(None, map(text.line, lines_of(part.pieces))))
            if lines:
                blocks.append(Block(part.kind, lines, part.section))
        if text.length > MAX_CHARS:
            raise PaperError(source, f"more than {MAX_CHARS:,} characters of text", "split it")
    if not tables and not any(b.kind == "paragraph" and b.section in ("abstract", "body") for b in blocks):
        raise PaperError(source, "no text in it", "fetch the full text, or give the PDF")
    return Paper(
        doc_id=doc_id,
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        text="".join(text.texts),
        blocks=tuple(blocks),
        tables=tuple(tables),
        superscripts=tuple(text.superscripts),
        notices=tuple(notices),
    )
