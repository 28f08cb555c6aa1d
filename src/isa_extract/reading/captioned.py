"""Tables without rules, shaded or bare: rows of cells under a caption, told by the gaps between columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from isa_extract.reading import columns, gaps, grid, headings
from isa_extract.reading import lines as lining
from isa_extract.reading.cells import is_data, joined
from isa_extract.reading.lines import Run
from isa_extract.reading.regions import Region, add_surroundings, is_table_caption
from isa_extract.records import Box

_CAPTION_ROWS = 4
_APART = 1.8  # ems between two rows; more ends the table
_BROAD = 0.75  # of the lane's width; a line without gaps that is longer is running text
_HALF = 0.38  # of the lane's width
_SMALLER = 0.93  # of the table's size; a line without gaps in smaller type is a note

Row = list[Run]


def find(found: Sequence[Run], rules: Sequence[Box]) -> list[Region]:
    """The tables of a page that rules do not show.

    Args:
        found: the page's runs that are in no table yet.
        rules: the page's rules, joined.
    """
    if not any(is_table_caption(row) for row in _rows_of(found)):
        return []
    out: list[Region] = []
    taken: set[int] = set()
    for x0, x1 in _lanes(found):
        rows = lining.rows([r for r in found if r.x0 >= x0 - 2 and r.x1 <= x1 + 2])
        for i, row in enumerate(rows):
            if not is_table_caption(row) or any(id(r) in taken for r in row):
                continue
            region = _region(rows, i, x1 - x0, rules)
            if region is None:
                continue
            add_surroundings(region, [r for r in found if id(r) not in taken])
            taken.update(id(r) for r in region.runs)
            out.append(region)
    return out


def _rows_of(found: Sequence[Run]) -> Iterator[Row]:
    """Every row as the page has it, and in the columns."""
    for x0, x1 in _lanes(found):
        yield from lining.rows([r for r in found if r.x0 >= x0 - 2 and r.x1 <= x1 + 2])


def _lanes(found: Sequence[Run]) -> list[tuple[float, float]]:
    """The whole width, then each column of text."""
    if not found:
        return []
    left, right = min(r.x0 for r in found), max(r.x1 for r in found)
    bounds = [left, *columns.gutters(found), right]
    lanes = list(pairwise(bounds))
    return [(left, right), *(lanes if len(lanes) > 1 else [])]


def _region(rows: Sequence[Row], at: int, width: float, rules: Sequence[Box]) -> Region | None:
    """The table under the caption in row ``at``; None if there are no cells."""
    start = at + 1
    while start < len(rows) and start - at < _CAPTION_ROWS and len(gaps.stretches(rows[start])) < 2:
        start += 1
    size = max((run.size for row in rows[start : start + 2] for run in row), default=0.0)
    body: list[Row] = []
    for row in rows[start:]:
        above = body[-1] if body else rows[start - 1]
        if min(r.top for r in row) - max(r.bottom for r in above) > _APART * size or _ends(row, width, size):
            break
        body.append(row)
    left = min((r.x0 for row in body for r in row), default=0.0)
    while body and len(gaps.stretches(body[-1])) < 2 and body[-1][0].x0 - left < 2 * size:
        body.pop()
    if not _has_cells(body):
        return None
    box = Box(
        left,
        min(r.top for r in body[0]),
        max(r.x1 for row in body for r in row),
        max(r.bottom for r in body[-1]),
    )
    within = [r for r in rules if box.top - 8 <= r.top <= box.bottom + 8 and r.x0 < box.x1 and r.x1 > box.x0]
    across = [r for r in within if min(r.x1, box.x1) - max(r.x0, box.x0) >= 0.9 * (box.x1 - box.x0)]
    region = Region(
        box,
        sorted(r.top for r in across),
        [r for r in within if r not in across],
        [],
        body,
        caption=list(rows[at:start]),
    )
    return region if len(gaps.column_edges(*_split(region))) >= 1 else None


def _split(region: Region) -> tuple[list[Row], list[Row]]:
    head = grid.head_rows(region)
    return region.rows[:head], region.rows[head:]


def _ends(row: Row, width: float, size: float) -> bool:
    """Whether a row is no row of the table any more: running text, a note, a caption, a heading."""
    text = lining.line(row).text
    if headings.is_caption(text) or headings.is_numbered_heading(text):
        return True
    found = gaps.stretches(row)
    if sum(x1 - x0 > _HALF * width for x0, x1 in map(gaps.extent, found)) > 1:
        return True  # two columns of text below a table as wide as both
    if len(found) > 1:
        return False
    x0, x1 = gaps.extent(found[0])
    smaller = max(r.size for r in row) < _SMALLER * size
    return x1 - x0 > _BROAD * width or headings.is_table_note(text) or smaller


def _has_cells(body: Sequence[Row]) -> bool:
    """Whether the rows are cells: gaps in most of them, figures in some."""
    cut = [gaps.stretches(row) for row in body]
    several = [row for row in cut if len(row) >= 2]
    if len(several) < 3 or len(several) < 0.5 * len(cut):
        return False
    figures = sum(is_data([joined(s).text for s in row]) for row in several)
    crowded = sum(len(row) >= 3 for row in several)
    return figures >= 2 or crowded >= 0.5 * len(cut)
