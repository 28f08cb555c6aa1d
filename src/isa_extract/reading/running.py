"""Running heads, feet, page numbers and watermarks of a PDF: what comes back from page to page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from isa_extract.reading import furniture, headings
from isa_extract.reading import lines as lining
from isa_extract.reading.chars import PageMarks
from isa_extract.reading.lines import Run

_EDGE = 0.14  # of the page's height, where running heads and feet stand
_EDGE_ROWS = 4
_DRIFT = 6  # points by which a running head may move from page to page
_LARGE = 2.0  # times the text's size, from which two pages alike are enough to tell a watermark
_MIN_NUMBERED = 5  # lines with a number in the margin before the numbers count as the lines'


def watermarks(pages: Sequence[PageMarks], runs: Mapping[int, list[Run]]) -> set[int]:
    """The ids of runs that stand in the same place on most pages."""
    if len(pages) < 2:
        return set()
    marks = Counter(mark for page in pages for mark in {_mark(run) for run in runs[page.number]})
    often = 0.6 * len(pages)
    large = _LARGE * body_size([run for page in pages for run in runs[page.number]])
    return {
        id(run)
        for page in pages
        for run in runs[page.number]
        if marks[_mark(run)] >= max(2 if run.size >= large else 3, often)
    }


def body_size(found: Sequence[Run]) -> float:
    """The size in points in which most of the characters are set."""
    weight: Counter[float] = Counter()
    for run in found:
        weight[round(2 * run.size) / 2] += run.end - run.start
    return max(weight, key=lambda size: weight[size], default=10.0)


def line_numbers(pages: Sequence[Sequence[Run]]) -> set[int]:
    """The ids of runs that number the lines of a manuscript: numbers that rise, outside the text.

    Args:
        pages: the runs of each page.
    """
    groups: dict[tuple[str, int], list[list[Run]]] = defaultdict(list)
    for found in pages:
        numbers = [r for r in found if r.text.strip().isascii() and r.text.strip().isdigit()]
        ids = {id(run) for run in numbers}
        others = [run for run in found if id(run) not in ids]
        # numbers of one and of three digits share their right edge, or their left
        for side in ("x0", "x1"):
            places: dict[int, list[Run]] = defaultdict(list)
            for run in sorted(numbers, key=lambda r: r.baseline):
                places[round(getattr(run, side) / 3)].append(run)
            for at, group in places.items():
                if _rises(group) and (_outside(group, others, "left") or _outside(group, others, "right")):
                    groups[side, at].append(group)
    # one page that shows many tells the place for all
    return {
        id(run)
        for alike in groups.values()
        if max(map(len, alike)) >= _MIN_NUMBERED
        for group in alike
        for run in group
    }


def _rises(group: Sequence[Run]) -> bool:
    """Whether the numbers go up by one step, or start again at one."""
    if len(group) == 1:
        return True
    steps = Counter(int(b.text) - int(a.text) for a, b in pairwise(group))
    step, times = steps.most_common(1)[0]
    return step in (1, 2, 5, 10) and times >= 0.8 * (len(group) - 1)


def _outside(group: Sequence[Run], others: Sequence[Run], edge: str) -> bool:
    """Whether hardly anything but numbers stands as far out as the group does."""
    if edge == "left":
        limit = max(run.x1 for run in group)
        further = sum(run.x0 < limit for run in others)
    else:
        limit = min(run.x0 for run in group)
        further = sum(run.x1 > limit for run in others)
    return further <= 0.2 * len(group)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A row near the page's top or bottom; ``apart`` if white space or a rule parts it from the text."""

    row: list[Run]
    text: str
    top: bool
    apart: bool

    @property
    def place(self) -> tuple[bool, int]:
        return self.top, round(self.row[0].baseline / _DRIFT)


def heads_and_feet(pages: Sequence[PageMarks], runs: Mapping[int, list[Run]]) -> set[int]:
    """The ids of runs of running heads, feet and page numbers."""
    body = body_size([run for page in pages for run in runs[page.number]])
    edges = {page.number: _edges(page, runs[page.number], body) for page in pages}
    seen = Counter(key for edge in edges.values() for key in {_key(row) for row in edge})
    found: set[int] = set()
    tabled = {id(edge) for page in pages for edge in edges[page.number] if _between_rules(edge.row, page)}
    places = Counter(
        place
        for edge in edges.values()
        for place in {
            row.place
            for row in edge
            if row.apart and id(row) not in tabled and not headings.is_caption(row.text)
        }
    )
    for rows in edges.values():
        inner = {True: False, False: False}  # whether the paper's own text has begun, from each edge
        for edge in rows:
            if id(edge) in tabled or (edge.top and headings.is_caption(edge.text)):
                inner[edge.top] = True
                continue
            words, top, at = _key(edge)
            times = max(seen[(words, top, at + drift)] for drift in (-1, 0, 1))
            repeats = bool(words) and times >= 2 and not inner[top]
            # other words in the same place: odd and even pages have their own
            alike = sum(places[(top, at + drift)] for drift in (-1, 0, 1)) >= 2
            stands_apart = edge.apart and alike and not inner[top]
            if (
                repeats
                or stands_apart
                or headings.is_page_number(edge.text)
                or headings.is_running_line(edge.text)
            ):
                found.update(id(run) for run in edge.row)
            else:
                # further in only the heading of a continued table comes back
                inner[top] = True
    return found


def _edges(page: PageMarks, found: Sequence[Run], body: float) -> list[_Edge]:
    """The rows near the page's top and bottom, each from the edge inwards."""
    rows = lining.rows(found)
    top = [row for row in rows[:_EDGE_ROWS] if row[0].bottom < _EDGE * page.depth]
    bottom = [row for row in rows[: -_EDGE_ROWS - 1 : -1] if row[0].top > (1 - _EDGE) * page.depth]
    parted = (_parted(rows, page, body), _parted(rows[::-1], page, body))
    return [
        _Edge(row, lining.line(row).text, at_top, i < count)
        for some, at_top, count in ((top, True, parted[0]), (bottom, False, parted[1]))
        for i, row in enumerate(some)
    ]


def _parted(rows: Sequence[list[Run]], page: PageMarks, body: float) -> int:
    """How many rows from the edge inwards stand apart from the text; 0 if none do."""
    if len(rows) <= _EDGE_ROWS:
        return 0  # a last page with a line or two shows nothing
    for i, (outer, inner) in enumerate(pairwise(rows[:_EDGE_ROWS])):
        upper, lower = (outer, inner) if outer[0].baseline < inner[0].baseline else (inner, outer)
        end = max(run.bottom for run in upper)
        gap = min(run.top for run in lower) - end
        ruled = any(
            end - 2 <= rule.top <= end + gap + 2 and rule.x1 - rule.x0 > 0.5 * _width(rows)
            for rule in page.rules
        )
        large = max(run.size for run in outer) > 0.95 * body
        if large and not (ruled and max(run.size for run in outer) <= 1.1 * body):
            return 0
        if gap >= 1.2 * body or (ruled and gap >= 0.2 * body):
            return i + 1
    return 0


def _width(rows: Sequence[Sequence[Run]]) -> float:
    """From the leftmost to the rightmost mark of the rows."""
    return max(run.x1 for row in rows for run in row) - min(run.x0 for row in rows for run in row)


def _key(edge: _Edge) -> tuple[str, bool, int]:
    return furniture.signature(edge.text), *edge.place


def _mark(run: Run) -> tuple[str, int, int]:
    return run.text.strip(), round(run.x0 / 3), round(run.baseline / 3)


def _between_rules(row: Sequence[Run], page: PageMarks) -> bool:
    """Whether rules of one extent stand over and under the row: a table's heading, which may come back."""
    size = row[0].size
    over = [r for r in page.rules if row[0].top - 1.5 * size <= r.top <= row[0].baseline - 0.5 * size]
    under = [r for r in page.rules if row[0].baseline - 1 <= r.top <= row[0].baseline + 3 * size]
    return any(abs(a.x0 - b.x0) <= 4 and abs(a.x1 - b.x1) <= 4 for a in over for b in under)
