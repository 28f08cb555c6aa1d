"""The order in which a page is read: gutters between columns, full-width bands across them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

import numpy as np

from isa_extract.reading.lines import Run

_STEP = 2.0  # points between candidate places for a gutter
_MIN_ROWS = 4  # rows side by side before a gap is believed to be a gutter
_TEXT = 11.0  # ems; lines of running text are wider, cells of a table seldom
_WORD_GAP = 1.4  # ems; what stands nearer is the same line, even one spaced out
_PLACES = 4  # stretches of one clear band that are tried as gutters
_SAME = 14.0  # points by which a gutter may shift from page to page
_SHORT_ROWS = 4  # rows that end before the gutter and still belong to the full-width lines around them
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


def completed(found: Sequence[Run], own: Sequence[float], known: Sequence[float]) -> Sequence[float]:
    """The page's gutters with those that it shares with other pages and shows too little of by itself.

    A last page with a few lines in its second column is such a page, or one with a figure in a column.

    Args:
        found: the page's runs, tables and running heads left out.
        own: the gutters that the page shows.
        known: the gutters that most pages of the paper have.
    """
    if len(own) >= len(known) or not all(any(abs(x - k) < _SAME for k in known) for x in own):
        return own
    added = [
        k
        for k in known
        if all(abs(x - k) >= _SAME for x in own)
        and (_side_by_side(found, k, weak=True) >= _KNOWN_ROWS or _parts_all(found, k))
    ]
    return sorted([*own, *added])


def _parts_all(found: Sequence[Run], x: float) -> bool:
    """Whether every run stands wholly on one side of x, and some on each."""
    left = sum(run.x1 < x for run in found)
    return 0 < left < len(found) and left + sum(run.x0 > x for run in found) == len(found)


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
    covered = np.zeros(count)
    for run in found:
        covered[int((run.x0 - left) / _STEP) : int((run.x1 - left) / _STEP) + 1] += run.size
    height: list[float] = covered.tolist()
    low = 0.5 * max(height)
    spare = min(2.2 * median(run.size for run in found), 0.25 * low)
    out: list[float] = []
    i = count // 4
    while i < count * 3 // 4:
        if height[i] > low:
            i += 1
            continue
        j = i
        while j < count and height[j] <= low:
            j += 1
        # inside a clear band the gap itself is the emptiest stretch, save for a centred line or two
        least = min(height[i:j]) + spare
        stretches = sorted(_stretches(height, i, j, least), key=lambda found: -found[1])[:_PLACES]
        out += [left + (start + length / 2) * _STEP for start, length in stretches]
        i = j
    return out


def _stretches(height: Sequence[float], i: int, j: int, limit: float) -> list[tuple[int, int]]:
    """Start and length of every stretch of ``height[i:j]`` that stays at or below the limit."""
    out: list[tuple[int, int]] = []
    for low, group in groupby(range(i, j), key=lambda k: height[k] <= limit):
        inside = list(group)
        if low:
            out.append((inside[0], len(inside)))
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
    order = {id(r): i for i, r in enumerate(sorted(found, key=lambda r: r.first))}
    across = sum(order[id(b)] == order[id(a)] + 1 and abs(a.baseline - b.baseline) < 2 for a, b in pairs)
    full_left = sum(inner - r.x1 < 2.5 * size for r in lefts) >= 0.5 * len(left_lines)
    filled = _line_width(lefts, x) >= _TEXT * size and _line_width(rights, x) >= _TEXT * size
    if across > 0.4 * rows and not (full_left and filled):
        return 0
    return rows if filled or full_left else 0


def _edge(values: list[float], *, upper: bool) -> float:
    """The edge that most lines reach: the extreme, save for a few that stick out."""
    ordered = sorted(values, reverse=upper)
    return ordered[min(len(ordered) - 1, len(ordered) // 50)]


def _line_width(side: Sequence[Run], x: float) -> float:
    """How wide the stretches of text are that stand nearest to x, in the middle of all rows."""
    rows: dict[int, list[Run]] = defaultdict(list)
    for run in side:
        rows[round(run.baseline)].append(run)
    widths: list[float] = []
    for row in rows.values():
        row.sort(key=lambda run: min(abs(run.x0 - x), abs(run.x1 - x)))
        x0, x1 = row[0].x0, row[0].x1
        for run in row[1:]:
            if max(run.x0 - x1, x0 - run.x1) > _WORD_GAP * run.size:
                break
            x0, x1 = min(x0, run.x0), max(x1, run.x1)
        widths.append(x1 - x0)
    return median(widths)


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
    across = [any(_crosses(row, x, b - a) for x, (a, b) in zip(xs, gaps, strict=True)) for row in rows]
    for i, row in enumerate(rows):
        # in the middle of three columns, under the title: the authors
        if (i == 0 or across[i - 1]) and len(xs) > 1 and _centred(row, left, right, xs, starts):
            across[i] = True
        if i and across[i - 1] and not across[i] and _ends_early(rows, i, xs, across):
            across[i] = True
    _add_short_rows(across, rows, xs)
    out: list[Region] = []
    for full, group in groupby(zip(across, rows, strict=True), key=lambda pair: pair[0]):
        inside = [run for _, row in group for run in row]
        if full:
            out.append(Region(left, right, inside))
            continue
        band: list[list[Run]] = [[] for _ in starts]
        for run in inside:
            band[bisect_right(xs, (run.x0 + run.x1) / 2)].append(run)
        out += [Region(x0, x1, side) for side, x0, x1 in zip(band, starts, ends, strict=True) if side]
    return out


def _ends_early(rows: Sequence[Sequence[Run]], i: int, xs: Sequence[float], across: Sequence[bool]) -> bool:
    """Whether a row is the last line of the full-width heading, abstract or caption above it."""
    if i + 1 == len(rows) or any(run.x1 > xs[0] for run in rows[i]):
        return False
    above, size, below = (max(run.size for run in rows[k]) for k in (i - 1, i, i + 1))
    step, after = (rows[k][0].baseline - rows[k - 1][0].baseline for k in (i, i + 1))
    if abs(above - size) >= 0.02 * size or step >= 2.2 * size:
        return False
    # in the size of the text below, the line is told by its leading: it keeps to the lines above
    usual = rows[i - 1][0].baseline - rows[i - 2][0].baseline if i > 1 and across[i - 2] else 0.0
    return abs(below - size) > 0.02 * size or (step < 1.1 * usual and after > 1.4 * step)


def _centred(
    row: Sequence[Run], left: float, right: float, xs: Sequence[float], starts: Sequence[float]
) -> bool:
    """Whether a row stands in the middle of the page and in no other column."""
    x0, x1 = min(r.x0 for r in row), max(r.x1 for r in row)
    at_margin = any(abs(x0 - start) < row[0].size for start in starts)
    inside = xs[0] < x0 and x1 < xs[-1]
    return inside and abs((x0 + x1) / 2 - (left + right) / 2) < row[0].size and not at_margin


def _add_short_rows(across: list[bool], rows: Sequence[Sequence[Run]], xs: Sequence[float]) -> None:
    """Count as full-width the few rows between such that only end early: authors, an address, a last line."""
    if not xs:
        return
    i = 0
    while i < len(rows):
        j = i
        while j < len(rows) and not across[j]:
            j += 1
        short = j - i <= _SHORT_ROWS and all(run.x1 <= xs[0] for row in rows[i:j] for run in row)
        if i < j < len(rows) and short:
            across[i:j] = [True] * (j - i)
        i = j + 1


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
    return b.x0 - a.x1 < 0.6 * gap and b.first - a.last in (1, 2)
