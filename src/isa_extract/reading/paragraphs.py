"""Lines become blocks: paragraphs joined over columns and pages, headings, captions and notes apart."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from isa_extract.reading import headings
from isa_extract.records import Block, BlockKind, Span

_ENTRY = re.compile(r"\s*(?:[\[［(（]?\s*(\d{1,3})\s*[\]］)）.．、]|(\d{1,3})\s+(?=[A-Z\u4e00-\u9fff]))")
_TOKEN = re.compile(r"[!-~\u00a0-\u024f]+|.")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of running text where it stands, and the column that it stands in."""

    span: Span
    text: str
    page: int
    region: int
    stretch: int  # lines of one stretch follow each other with nothing between
    x0: float
    x1: float
    top: float
    baseline: float
    size: float
    bold: bool
    low: bool  # in the page's lower part, nothing but lines of its own size below it
    aside: bool = False  # in a narrow column beside the text


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    right: float
    leading: float


class _Flow:
    """The measures that all decisions share."""

    def __init__(self, lines: Sequence[Placed]) -> None:
        weight: Counter[float] = Counter()
        for line in lines:
            weight[round(line.size * 2) / 2] += len(line.text)
        self.body = max(weight, key=lambda s: weight[s], default=10.0)
        self.margins = {key: _margins(group) for key, group in _by_region(lines).items()}
        self.indents = self._uses_indents([line for line in lines if line.size >= 0.94 * self.body])

    def _uses_indents(self, lines: Sequence[Placed]) -> bool:
        fresh = [
            b
            for a, b in pairwise(lines)
            if a.region == b.region and headings.ends_sentence(a.text) and self.room(a, b)
        ]
        return sum(self.indented(b) for b in fresh) >= 0.5 * len(fresh) if fresh else True

    def room(self, a: Placed, b: Placed) -> bool:
        """Whether b's first word would have fitted at the end of a."""
        token = _TOKEN.match(b.text)
        share = len(token[0]) / max(1, len(b.text)) if token else 0.0
        return a.x1 + share * (b.x1 - b.x0) + 0.8 * a.size < self.margins[a.region].right

    def flush(self, line: Placed) -> bool:
        """Whether the line ends at the right margin."""
        return abs(line.x1 - self.margins[line.region].right) <= 0.1 * line.size

    def centred(self, line: Placed) -> bool:
        """Whether the line stands in the middle of its column, short of both margins."""
        margins = self.margins[line.region]
        left, right = line.x0 - margins.left, margins.right - line.x1
        return min(left, right) > line.size and abs(left - right) < line.size

    def indented(self, line: Placed) -> bool:
        """Whether the line begins a little inside its column."""
        return 0.8 * line.size <= line.x0 - self.margins[line.region].left <= 5 * line.size


def _by_region(lines: Sequence[Placed]) -> dict[int, list[Placed]]:
    groups: dict[int, list[Placed]] = defaultdict(list)
    for line in lines:
        groups[line.region].append(line)
    return groups


def _margins(group: Sequence[Placed]) -> _Margins:
    """Edges that lines share, so that one line that sticks out does not move them."""
    lefts = sorted(line.x0 for line in group)
    rights = sorted((line.x1 for line in group), reverse=True)
    steps = [
        b.baseline - a.baseline
        for a, b in pairwise(group)
        if 0.9 * a.size <= b.baseline - a.baseline <= 3 * a.size and abs(a.size - b.size) < 0.6
    ]
    few = len(group) // 25
    # short gaps are the leading; the long ones stand between paragraphs and headings
    leading = sorted(steps)[len(steps) // 3] if steps else 1.6 * median(line.size for line in group)
    return _Margins(lefts[few], rights[few], leading)


def blocks(lines: Sequence[Placed]) -> list[Block]:
    """The blocks, in reading order, sections not yet told.

    Args:
        lines: running text in reading order: no running heads, no cells of tables.
    """
    flow = _Flow(lines)
    out: list[tuple[BlockKind, list[Placed]]] = []
    last: list[Placed] | None = None  # the open paragraph, which floats do not close
    before: Placed | None = None
    listing: int | None = None  # the last reference's number, once their heading was seen
    for line in lines:
        kind = _kind(flow, line, before, listing is not None)
        adjacent = before is not None and before.stretch == line.stretch
        if (
            kind in ("paragraph", "footnote")
            and adjacent
            and before is not None
            and out
            and out[-1][0] in ("caption", "footnote")
            and out[-1][1][-1] is before
            and (kind == "paragraph" or out[-1][0] == "caption")
            and (listing is None or (listing and _entry(line.text) is None))
            and _same_style(flow, before, line)
        ):
            # a caption goes on in its own style; else it is the text that goes on after a float
            out[-1][1].append(line)
            before = line
            continue
        if kind == "paragraph" and listing is not None:
            number = _entry(line.text)
            # a list may begin at any number (a supplement's does), then it counts on
            counts_on = number is not None and (listing == 0 or listing < number <= listing + 2)
            fresh = counts_on or last is None or (number is None and _hanging(flow, line, before))
            if counts_on and number is not None:
                listing = number
        elif kind != "paragraph":
            open_kind = out[-1][0] if out else None
            fresh = not (
                adjacent and open_kind == kind and before is not None and _same_style(flow, before, line)
            )
        else:
            fresh = last is None or _begins(flow, last[-1], line, before) or _past_keywords(flow, last, line)
        if fresh:
            out.append((kind, [line]))
            if kind == "paragraph":
                last = out[-1][1]
            elif kind in ("heading", "title"):
                last = None
                listing = 0 if headings.is_references_heading(line.text) else None
        else:
            (last if kind == "paragraph" and last is not None else out[-1][1]).append(line)
        before = line
    return [Block(kind, tuple(line.span for line in members)) for kind, members in out]


def _entry(text: str) -> int | None:
    match = _ENTRY.match(text)
    return int(match[1] or match[2]) if match else None


def _hanging(flow: _Flow, line: Placed, before: Placed | None) -> bool:
    """Whether an unnumbered reference begins: at the margin, after a line set further in or ended short."""
    if before is None:
        return True
    ended = headings.ends_sentence(before.text) and flow.room(before, line)
    return ended and not flow.indented(line)


def _kind(flow: _Flow, line: Placed, before: Placed | None, listing: bool) -> BlockKind:
    text = line.text.strip()
    if line.aside:
        return "footnote"
    fresh = before is None or before.stretch != line.stretch or headings.ends_sentence(before.text)
    apart = False
    if before is not None and before.stretch == line.stretch:
        apart = line.baseline - before.baseline > 1.35 * flow.margins[line.region].leading
        fresh = fresh or apart or _style(before) != _style(line)
    if (
        headings.is_caption(text)
        and fresh
        and (
            not headings.ends_sentence(text)
            or line.size < 0.97 * flow.body
            or (headings.is_marked_caption(text) and (apart or flow.centred(line)))
        )
    ):
        return "caption"
    large = line.size >= 1.12 * flow.body
    titled = before is not None and before.page == 1 and abs(before.size - line.size) < 0.02 * line.size
    if (
        line.page == 1
        and line.size >= 1.35 * flow.body
        and (len(text) > 3 or titled)
        and not headings.is_numbered(text)
    ):
        return "heading" if headings.is_named_heading(text) else "title"
    if headings.is_named_heading(text) and (fresh or line.bold or large):
        return "heading"
    filled = (line.x1 - line.x0) / (flow.margins[line.region].right - flow.margins[line.region].left + 0.1)
    short = filled < (0.7 if headings.is_bare_numbered(text) else 0.97)
    plain = (line.bold or large) and (short or large) and len(text) <= 150 and not listing
    if plain and not re.search(r"(?:[。；;，,：:]|[a-z]\.)$", text):
        return "heading"
    if headings.is_numbered_heading(text) and fresh and short and not listing:
        return "heading"
    if line.size < 0.94 * flow.body and fresh and headings.is_table_note(text) and not listing:
        return "footnote"  # of a table that was not told as one
    numbered = fresh and line.size < 0.96 * flow.body and headings.is_footnote(text)
    if line.low and (line.size < 0.9 * flow.body or numbered) and not listing:
        return "footnote"
    return "paragraph"


def _style(line: Placed) -> tuple[int, bool]:
    return round(line.size), line.bold


def _same_style(flow: _Flow, a: Placed, b: Placed) -> bool:
    return abs(a.size - b.size) <= 0.06 * a.size and a.bold == b.bold and not _apart(flow, a, b)


def _apart(flow: _Flow, a: Placed, b: Placed) -> bool:
    """Whether more than the usual leading lies between two lines of one column."""
    # large type has its own leading, which the column's other lines do not tell
    own = (1.5 if a.size >= 1.3 * flow.body else 1.2) * a.size
    return a.stretch == b.stretch and b.baseline - a.baseline > 1.35 * max(
        flow.margins[a.region].leading, own
    )


def _past_keywords(flow: _Flow, paragraph: Sequence[Placed], line: Placed) -> bool:
    """Whether the open paragraph are keywords, which end without a full stop, and end here."""
    last = paragraph[-1]
    if not headings.is_keywords_lead(paragraph[0].text) or re.search(r"[,，;；、-]\s*$", last.text):
        return False
    return last.region != line.region or flow.room(last, line) or len(paragraph) > 3


def _begins(flow: _Flow, a: Placed, b: Placed, before: Placed | None) -> bool:
    """Whether line b begins a paragraph, a being the paragraph's last line so far."""
    ended = headings.ends_sentence(a.text)
    if headings.is_abstract_lead(b.text) or headings.is_keywords_lead(b.text):
        return ended or flow.room(a, b) or b.text.lstrip()[0] in "【[［"
    if abs(a.size - b.size) > 0.1 * max(a.size, b.size):
        return True
    if a.stretch == b.stretch and before is a:
        if _apart(flow, a, b):
            return True
        step_in = b.x0 - a.x0 >= 0.8 * b.size
        if flow.indented(b) and step_in and (ended or flow.room(a, b)):
            return True
        if ended and flow.room(a, b):
            # both lines set in: one-line paragraphs one after another, or an inset passage
            return flow.indented(b) or not flow.indents or not flow.indented(a)
        return not ended and flow.room(a, b) and headings.is_front_lead(b.text)
    # over a column, a page or a float
    if flow.indented(b) and (ended or flow.indents) and not flow.indented(a):
        return ended or not re.match(r"[a-z，。、；：）)]", b.text)
    # a paragraph's last line is not stretched to the margin, so one that reaches it goes on
    return ended and (flow.room(a, b) or not (flow.indents or flow.flush(a)))
