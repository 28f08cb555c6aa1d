"""The order in which a page is read: gutters between columns, full-width bands across them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from isa_extract.reading.lines import Run

_STEP = 2.0  # points between candidate places for a gutter
_MIN_ROWS = 4  # rows side by side before a gap is believed to be a gutter
_KNOWN_ROWS = 1  # the same where another page of the paper has shown the gutter


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page with one column of text."""

    x0: float
    x1: float
    runs: list[Run]


def gutters(found: Sequence[Run]) -> list[float]:
    """The gaps between the columns of a page, from left to right; none on a page of one column.

    Args:
        found: the page's runs, tables and running heads left out.
    """
    x = gutter(found)
    if x is None:
        return []
    left, right = min(r.x0 for r in found), max(r.x1 for r in found)
    wider = [r for r in found if (r.x1 <= x if x - left > right - x else r.x0 >= x)]
    second = gutter(wider)
    if second is None:
        return [x]
    edges = sorted((x, second))
    widths = [b - a for a, b in pairwise([left, *edges, right])]
    # a third column is as wide as the others; anything else is a table in a column
    return edges if max(widths) < 1.3 * min(widths) else [x]


def confirmed(found: Sequence[Run], known: Sequence[float]) -> list[float]:
    """Of the gutters that another page of the paper has, those that this page has too.

    A last page with a few lines in its second column shows too little to find them by itself.
    """
    return [x for x in known if _side_by_side(found, x, weak=True) >= _KNOWN_ROWS]


def gutter(found: Sequence[Run]) -> float | None:
    """The x of the clearest gap between columns; None on a page of one column."""
    if len(found) < 2:
        return None
    left, right = min(r.x0 for r in found), max(r.x1 for r in found)
    span = right - left
    scored = [(_side_by_side(found, x, weak=False), x) for x in _clear_places(found, left, span)]
    best = max(scored, default=(0, 0.0))
    return best[1] if best[0] >= _MIN_ROWS else None


def _clear_places(found: Sequence[Run], left: float, span: float) -> list[float]:
    """The middles of the vertical bands that few runs cross."""
    count = int(span / _STEP) + 1
    height = [0.0] * count
    for run in found:
        for i in range(int((run.x0 - left) / _STEP), min(count, int((run.x1 - left) / _STEP) + 1)):
            height[i] += run.size
    low = 0.5 * max(height)
    out: list[float] = []
    i = count // 4
    while i < count * 3 // 4:
        if height[i] > low:
            i += 1
            continue
        j = i
        while j < count and height[j] <= low:
            j += 1
        # inside a clear band the gap itself is the emptiest stretch
        least = min(height[i:j])
        middle = [k for k in range(i, j) if height[k] <= least + 0.01]
        out.append(left + (middle[len(middle) // 2] + 0.5) * _STEP)
        i = j
    return out


def _side_by_side(found: Sequence[Run], x: float, *, weak: bool) -> int:
    """How many rows of text stand on both sides of x with a clear gap between; 0 if it is no gutter."""
    clear = [r for r in found if not r.x0 - 2 < x < r.x1 + 2]
    lefts = [r for r in clear if r.x1 < x]
    rights = [r for r in clear if r.x0 > x]
    if not lefts or not rights:
        return 0
    inner = _edge([r.x1 for r in lefts], upper=True)
    outer = _edge([r.x0 for r in rights], upper=False)
    size = sorted(r.size for r in clear)[len(clear) // 2]
    if outer - inner < 0.7 * size:
        return 0
    pairs = [(a, b) for a in lefts for b in rights if a.top < b.bottom and b.top < a.bottom]
    left_lines = {round(a.baseline, 0) for a, _ in pairs}
    right_lines = {round(b.baseline, 0) for _, b in pairs}
    rows = min(len(left_lines), len(right_lines))
    crossing = {round(r.baseline, 0) for r in found if r.x0 - 2 < x < r.x1 + 2}
    if weak:
        return rows if rows >= len(crossing) * 0.5 else 0
    # in a table every row goes on from left to right in the stream; in columns hardly any does
    order = {id(r): i for i, r in enumerate(sorted(found, key=lambda r: r.chars[0].order))}
    across = sum(order[id(b)] == order[id(a)] + 1 and abs(a.baseline - b.baseline) < 2 for a, b in pairs)
    full_left = sum(inner - r.x1 < 2.5 * size for r in lefts) >= 0.5 * len(left_lines)
    filled = (
        _fill(lefts, min(r.x0 for r in lefts), inner) > 0.6
        and _fill(rights, outer, max(r.x1 for r in rights)) > 0.5
    )
    if across > 0.4 * rows and not (full_left and filled):
        return 0
    return rows if filled or full_left else 0


def _edge(values: list[float], *, upper: bool) -> float:
    """The edge that most lines reach: the extreme, save for a few that stick out."""
    ordered = sorted(values, reverse=upper)
    return ordered[min(len(ordered) - 1, len(ordered) // 50)]


def _fill(side: Sequence[Run], x0: float, x1: float) -> float:
    """How much of the column's width its rows take on average."""
    width: dict[int, float] = {}
    for run in side:
        key = round(run.baseline)
        width[key] = width.get(key, 0.0) + run.x1 - run.x0
    return sum(width.values()) / len(width) / max(1.0, x1 - x0)


def regions(rows: Sequence[Sequence[Run]], xs: Sequence[float]) -> list[Region]:
    """The page cut into one-column regions, in reading order.

    Args:
        rows: the page's rows, top to bottom, running heads and tables left out.
        xs: the gutters, from left to right.
    """
    found = [run for row in rows for run in row]
    if not found:
        return []
    left, right = min(r.x0 for r in found), max(r.x1 for r in found)
    gaps = [
        (
            max((r.x1 for r in found if r.x1 <= x), default=x),
            min((r.x0 for r in found if r.x0 >= x), default=x),
        )
        for x in xs
    ]
    starts, ends = [left, *(b for _, b in gaps)], [*(a for a, _ in gaps), right]
    out: list[Region] = []
    band: list[list[Run]] = [[] for _ in starts]
    full: list[Run] = []

    def close_band() -> None:
        for side, x0, x1 in zip(band, starts, ends, strict=True):
            if side:
                out.append(Region(x0, x1, list(side)))
            side.clear()

    def close_full() -> None:
        if full:
            out.append(Region(left, right, list(full)))
        full.clear()

    for row in rows:
        if any(_crosses(row, x, b - a) for x, (a, b) in zip(xs, gaps, strict=True)):
            close_band()
            full.extend(row)
        else:
            close_full()
            for run in row:
                band[bisect_right(xs, (run.x0 + run.x1) / 2)].append(run)
    close_full()
    close_band()
    return out


def _crosses(row: Sequence[Run], x: float, gap: float) -> bool:
    """Whether a row runs on over the gutter."""
    if any(r.x0 < x - 2 and r.x1 > x + 2 for r in row):
        return True
    lefts = [r for r in row if r.x1 <= x]
    rights = [r for r in row if r.x0 >= x]
    if not lefts or not rights:
        return False
    a, b = max(lefts, key=lambda r: r.x1), min(rights, key=lambda r: r.x0)
    # the gutter may fall into a wide word space of a full-width line
    return b.x0 - a.x1 < 0.6 * gap and b.chars[0].order - a.chars[-1].order in (1, 2)
