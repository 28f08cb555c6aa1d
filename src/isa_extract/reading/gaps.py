"""Where the columns of a table are that has no upright rules: the gaps that its rows have in common."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from isa_extract.reading.cells import in_order
from isa_extract.reading.chars import Char
from isa_extract.reading.lines import Run

_APART = 0.5  # ems between two stretches of one row; a word space is half of that
_GAP = 0.55  # ems that a gap between columns is wide at least
_FEW = 4  # rows; with fewer, gaps meet by chance and must be wider
_FULL = 0.7  # of the fullest rows' stretches: rows with as many say where the columns are
_CROSSED = 0.5  # of the rows; a gap that more of them cross is none
_FIRM = 0.1  # the same for rows of three cells and more, which hardly ever span columns
_NARROW = 0.33  # ems; a gap no wider than this parts columns where every row has it
_MANY = 5  # rows; word spaces of as many do not meet by chance

Stretch = list[tuple[Char, Run]]


def stretches(row: Sequence[Run], gap: float = _APART) -> list[Stretch]:
    """A row's characters cut where more than ``gap`` ems lie between two of them."""
    size = max(run.size for run in row)
    out: list[Stretch] = []
    for char, run in in_order(row):
        if out and char.x0 - out[-1][-1][0].x1 < gap * size:
            out[-1].append((char, run))
        else:
            out.append([(char, run)])
    return out


def extent(stretch: Stretch) -> tuple[float, float]:
    """The left and right end of a stretch."""
    return stretch[0][0].x0, max(char.x1 for char, _ in stretch)


def column_edges(head: Sequence[Sequence[Run]], body: Sequence[Sequence[Run]]) -> list[float]:
    """The x that part the columns.

    The fullest rows show the gaps. Rows with fewer cells and the heading may have text that reaches into a
    gap, which makes it narrower, or text over it, which is a cell that spans columns.
    """
    size = median([run.size for row in body for run in row])
    cut = [[extent(s) for s in stretches(row)] for row in body]
    counts = sorted((len(row) for row in cut), reverse=True)
    most = counts[min(1, len(counts) - 1)]
    full = [row for row in cut if len(row) >= max(2.0, _FULL * most)]
    light = [row for row in cut if len(row) < max(2.0, _FULL * most)]
    if not full:
        return []
    heads = [[extent(s) for s in stretches(row)] for row in head]
    found = _clear(full, size)
    for row in light:
        found = [part for gap in found for part in _narrowed(gap, row, size, len(row) > 2)]
    for row in heads:
        found = [part for gap in found for part in _narrowed(gap, row, size, False)]
    inks = [_inks(row, size) for row in (*head, *body)]
    shown = _clear(inks, size, _NARROW) if len(inks) >= _MANY else []
    found += [
        g
        for g in shown
        if not any(g[0] < b and g[1] > a for a, b in found) and _parts_many(g, inks, len(head))
    ]
    kept: list[tuple[float, float]] = []
    for a, b in sorted(found):
        crossing = [ink for ink in inks[len(head) :] if any(x0 < a + 1 and x1 > b - 1 for x0, x1 in ink)]
        firm = sum(len(ink) > 2 for ink in crossing)
        if len(crossing) <= _CROSSED * len(body) and firm <= _FIRM * len(body):
            kept.append((a, b))
    return [(a + b) / 2 for a, b in _peopled(kept, inks)]


def _peopled(
    found: list[tuple[float, float]], inks: Sequence[Sequence[tuple[float, float]]]
) -> list[tuple[float, float]]:
    """The gaps without those that cut off a word of one row only: words set wide apart."""
    kept = list(found)
    while kept and len(inks) >= _FEW:
        edges = [(a + b) / 2 for a, b in kept]
        rows = [0] * (len(edges) + 1)
        for ink in inks:
            for column in {bisect_right(edges, (x0 + x1) / 2) for x0, x1 in ink}:
                rows[column] += 1
        lone = next((c for c, n in enumerate(rows) if n < 2), None)
        if lone is None:
            break
        beside = kept[max(0, lone - 1) : lone + 1]
        kept.remove(min(beside, key=lambda g: g[1] - g[0]))
    return kept


def _inks(row: Sequence[Run], size: float) -> list[tuple[float, float]]:
    """A row's words: what stands closer than a narrow gap."""
    return [extent(s) for s in stretches(row, _NARROW)]


def _parts_many(gap: tuple[float, float], inks: Sequence[Sequence[tuple[float, float]]], head: int) -> bool:
    """Whether enough rows have words on both sides of a gap; fewer will do where the heading is among them."""
    both = [any(x1 <= gap[0] + 1 for _, x1 in ink) and any(x0 >= gap[1] - 1 for x0, _ in ink) for ink in inks]
    return sum(both) >= (_FEW if any(both[:head]) else _MANY)


def _clear(
    rows: Sequence[Sequence[tuple[float, float]]], size: float, narrow: float = 0.0
) -> list[tuple[float, float]]:
    """The stretches of x between the rows' ends that none (in a long table hardly any) of them covers."""
    left = min(row[0][0] for row in rows)
    right = max(x1 for row in rows for _, x1 in row)
    count = int(right - left) + 2
    cover = [0] * count
    for row in rows:
        for i in {i for x0, x1 in row for i in range(int(x0 - left), int(x1 - left) + 1)}:
            cover[i] += 1
    allowed = 0 if narrow else len(rows) // 20
    least = (narrow or (_GAP if len(rows) >= _FEW else 0.75)) * size
    found: list[tuple[float, float]] = []
    start: int | None = None
    for i in range(count + 1):
        if i < count and cover[i] <= allowed:
            start = i if start is None else start
        elif start is not None:
            if i - start >= least and start > 0 and i < count:
                found.append((left + start, left + i))
            start = None
    return found


def _narrowed(
    gap: tuple[float, float], row: Sequence[tuple[float, float]], size: float, may_part: bool
) -> list[tuple[float, float]]:
    """A gap less what the row's stretches take of it.

    Args:
        may_part: whether a stretch in the gap's midst is a column of its own. It is a spanning cell
            where the row has little else.
    """
    parts = [gap]
    for x0, x1 in row:
        rest: list[tuple[float, float]] = []
        for a, b in parts:
            sides = [(u, v) for u, v in ((a, min(x0, b)), (max(x1, a), b)) if v - u >= 0.25 * size]
            if x1 <= a or x0 >= b or not sides:
                rest.append((a, b))
            elif len(sides) == 1:
                rest += sides
            else:
                wide = may_part and all(v - u >= _APART * size for u, v in sides)
                rest += sides if wide else [(a, b)]
        parts = rest
    return parts


def columns_of(stretch: Stretch, edges: Sequence[float]) -> tuple[int, int]:
    """The first column that a stretch stands in, and the one behind its last."""
    x0, x1 = extent(stretch)
    size = stretch[0][0].size
    slack = min(0.4 * size, 0.3 * (x1 - x0))
    first = bisect_right(edges, x0 + slack)
    return first, max(first + 1, bisect_right(edges, x1 - slack) + 1)


def parted(stretch: Stretch, edges: Sequence[float], least: float) -> list[Stretch]:
    """A stretch cut at the edges where at least ``least`` ems lie between two of its characters."""
    out = [[stretch[0]]]
    for (a, _), pair in pairwise(stretch):
        b = pair[0]
        if any(a.x1 - 1 <= e <= b.x0 + 1 for e in edges) and b.x0 - a.x1 >= least * b.size:
            out.append([pair])
        else:
            out[-1].append(pair)
    return out
