"""Tables without rules, shaded or bare: rows of cells under a caption, told by the gaps between columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from isa_extract.reading import gaps, grid, headings
from isa_extract.reading import lines as lining
from isa_extract.reading.cells import is_data, joined
from isa_extract.reading.lines import Run
from isa_extract.reading.regions import Region, add_surroundings, is_caption, is_table_caption, joined_rules
from isa_extract.records import Box

_CAPTION_ROWS = 4
_APART = 1.8  # ems between two rows; more ends the table
_BROAD = 0.75  # of the lane's width; a line without gaps that is longer is running text
_HALF = 0.38  # of the lane's width
_FILLED = 0.6  # of the lane's width; a line of running text is longer
_DENSE = 0.85  # of its own extent that a line of running text covers
_SPREAD = 0.75  # the same where no gap is wider than an em
_SMALLER = 0.93  # of the table's size; a line without gaps in smaller type is a note

Row = list[Run]
Lane = tuple[float, float]


def find(found: Sequence[Run], rules: Sequence[Box], gutters: Sequence[float]) -> list[Region]:
    """The tables of a page that rules do not show.

    Args:
        found: the page's runs that are in no table yet.
        rules: the page's rules.
        gutters: between the page's columns, from left to right.
    """
    lanes = _lanes(found, gutters)
    columns = lanes[: len(gutters) + 1]
    if not any(is_table_caption(row) for lane in lanes for row in lining.rows(_within(found, lane))):
        return []
    rules = joined_rules(rules)
    out: list[Region] = []
    taken: set[int] = set()
    for lane in lanes:
        inside = _within(found, lane)
        rows = lining.rows(inside)
        for i, row in enumerate(rows):
            if not is_table_caption(row) or any(id(r) in taken for r in row):
                continue
            region = _region(rows, i, lane[1] - lane[0], rules)
            if region is None or _goes_on_beside(region, lane, found) or _takes_text(region, columns):
                continue
            add_surroundings(region, [r for r in inside if id(r) not in taken])
            taken.update(id(r) for r in region.runs)
            out.append(region)
    return out


def _lanes(found: Sequence[Run], gutters: Sequence[float]) -> list[Lane]:
    """Each column of text, then neighbours together, the whole width last: where a table may stand."""
    if not found:
        return []
    bounds = [min(r.x0 for r in found), *gutters, max(r.x1 for r in found)]
    return sorted(
        combinations(bounds, 2), key=lambda lane: (bounds.index(lane[1]) - bounds.index(lane[0]), lane)
    )


def _within(found: Sequence[Run], lane: Lane) -> list[Run]:
    return [r for r in found if r.x0 >= lane[0] - 2 and r.x1 <= lane[1] + 2]


def _goes_on_beside(region: Region, lane: Lane, found: Sequence[Run]) -> bool:
    """Whether a table goes on over the gutter at its lane's side.

    It does where one of its rows crosses the gutter, or where cells stand beyond it on the table's own
    lines. What has a caption or lines of its own there, or is as wide as the lane, is something else.
    """
    top = min(r.top for row in region.caption for r in row)
    level = [r for r in found if top <= r.baseline <= region.box.bottom]
    if any(r.x0 < edge - 2 and r.x1 > edge + 2 for edge in lane for r in level):
        return True
    own = [(row[0].baseline, max(r.size for r in row)) for row in region.rows]
    for beyond in ([r for r in level if r.x1 <= lane[0] + 2], [r for r in level if r.x0 >= lane[1] - 2]):
        rows = lining.rows(beyond)
        if not rows or any(is_caption(row) for row in rows):
            continue
        on_line = sum(any(abs(row[0].baseline - y) < 0.2 * size for y, size in own) for row in rows)
        broad = sum(_is_prose(row, lane[1] - lane[0]) for row in rows)
        if on_line > 0.6 * len(rows) and broad < 0.5 * len(rows):
            return True
    return False


def _takes_text(region: Region, columns: Sequence[Lane]) -> bool:
    """Whether what would be cells in a column without the caption is mostly running text."""
    x0, x1 = min(r.x0 for r in region.caption[0]), max(r.x1 for r in region.caption[0])
    for column in columns:
        parts = [part for row in region.rows if (part := _within(row, column))]
        prose = sum(_is_prose(part, column[1] - column[0]) for part in parts)
        if (x1 <= column[0] or x0 >= column[1]) and prose > 0.5 * len(parts):
            return True
    return False


def _is_prose(row: Row, width: float) -> bool:
    """Whether a row fills most of a lane, with no more white in it than words have between them."""
    stretches = [gaps.extent(s) for s in gaps.stretches(row)]
    reach = stretches[-1][1] - stretches[0][0]
    inked = sum(x1 - x0 for x0, x1 in stretches) / reach
    widest = max((b[0] - a[1] for a, b in pairwise(stretches)), default=0.0)
    # justified, a line may have all its words far apart, but none much farther than the others
    even = widest < max(run.size for run in row) and inked > _SPREAD
    return reach > _FILLED * width and (inked > _DENSE or even)


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
        return _is_prose(row, width)  # a line with its words set wide apart
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
