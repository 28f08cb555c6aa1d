"""Running heads, feet, page numbers and watermarks of a PDF: what comes back from page to page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from isa_extract.reading import furniture, headings
from isa_extract.reading import lines as lining
from isa_extract.reading.chars import PageMarks
from isa_extract.reading.lines import Run

_EDGE = 0.14  # of the page's height, where running heads and feet stand
_EDGE_ROWS = 4
_DRIFT = 6  # points by which a running head may move from page to page


def watermarks(pages: Sequence[PageMarks], runs: Mapping[int, list[Run]]) -> set[int]:
    """The ids of runs that stand in the same place on most pages."""
    if len(pages) < 3:
        return set()
    marks = Counter(mark for page in pages for mark in {_mark(run) for run in runs[page.number]})
    often = max(3, 0.6 * len(pages))
    return {id(run) for page in pages for run in runs[page.number] if marks[_mark(run)] >= often}


def heads_and_feet(pages: Sequence[PageMarks], runs: Mapping[int, list[Run]]) -> set[int]:
    """The ids of runs of running heads, feet and page numbers."""
    edges = {page.number: _edge_rows(page, runs[page.number]) for page in pages}
    seen = Counter(key for edge in edges.values() for key in {_key(*row) for row in edge})
    found: set[int] = set()
    tabled = {id(row) for page in pages for row, *_ in edges[page.number] if _between_rules(row, page)}
    for edge in edges.values():
        inner = {True: False, False: False}  # whether the paper's own text has begun, from each edge
        for row, text, top in edge:
            if id(row) in tabled:
                inner[top] = True
                continue
            words, _, at = _key(row, text, top)
            times = max(seen[(words, top, at + drift)] for drift in (-1, 0, 1))
            repeats = bool(words) and times >= 2 and not inner[top]
            if repeats or headings.is_page_number(text) or headings.is_running_line(text):
                found.update(id(run) for run in row)
            else:
                # further in only the heading of a continued table comes back
                inner[top] = True
    return found


def _edge_rows(page: PageMarks, found: Sequence[Run]) -> list[tuple[list[Run], str, bool]]:
    """The rows near the page's top and bottom, from the edge inwards, with their text and which edge."""
    rows = lining.rows(found)
    top = [row for row in rows[:_EDGE_ROWS] if row[0].bottom < _EDGE * page.depth]
    bottom = [row for row in rows[: -_EDGE_ROWS - 1 : -1] if row[0].top > (1 - _EDGE) * page.depth]
    return [
        (row, lining.line(row).text, at_top)
        for some, at_top in ((top, True), (bottom, False))
        for row in some
    ]


def _key(row: Sequence[Run], text: str, top: bool) -> tuple[str, bool, int]:
    return furniture.signature(text), top, round(row[0].baseline / _DRIFT)


def _mark(run: Run) -> tuple[str, int, int]:
    return run.text.strip(), round(run.x0 / 3), round(run.baseline / 3)


def _between_rules(row: Sequence[Run], page: PageMarks) -> bool:
    """Whether rules of one extent stand over and under the row: a table's heading, which may come back."""
    size = row[0].size
    over = [r for r in page.rules if row[0].top - 1.5 * size <= r.top <= row[0].baseline - 0.5 * size]
    under = [r for r in page.rules if row[0].baseline - 1 <= r.top <= row[0].baseline + 3 * size]
    return any(abs(a.x0 - b.x0) <= 4 and abs(a.x1 - b.x1) <= 4 for a in over for b in under)
