"""A table's rows of runs become cells: columns by the gaps that all rows share, rows by leading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from isa_extract.reading import ruled
from isa_extract.reading.cells import GridCell, Piece, by_column, in_order, joined, middle
from isa_extract.reading.chars import Char
from isa_extract.reading.lines import Run
from isa_extract.reading.tables import Region
from isa_extract.records import Box

_GAP = 0.55  # ems that a gap between columns is wide at least
_FEW = 4  # rows; with fewer, gaps meet by chance and must be wider


def cells(region: Region) -> tuple[list[list[Piece]], list[GridCell]]:
    """The pieces of each physical row, in reading order, and the cells that they make up."""
    xs = ruled.upright_edges(region)
    ys = ruled.row_edges(region)
    if len(xs) >= 3 and len(ys) - 1 >= 0.4 * len(region.rows):
        return ruled.cut(region, xs, ys)
    return _lined(region, xs)


def _lined(region: Region, xs: list[float]) -> tuple[list[list[Piece]], list[GridCell]]:
    head = _head_rows(region)
    body = region.rows[head:] or region.rows
    edges = xs[1:-1] if len(xs) >= 3 else _column_edges(body)
    rows: list[list[Piece]] = []
    for i, row in enumerate(region.rows):
        if i < head:
            rows.append(_head_pieces(i, row, edges, region))
        else:
            rows.append(_body_pieces(i, row, edges))
    starts = _head_groups(region, rows, head) + _body_groups(region, rows, head, len(edges) + 1)
    made: dict[tuple[int, int], GridCell] = {}
    first_body = len(_head_groups(region, rows, head))
    for i, pieces in enumerate(rows):
        r = bisect_right(starts, i) - 1
        for piece in pieces:
            cell = made.setdefault(
                (r, piece.column), GridCell(r, piece.column, piece.columns, 1, r < first_body)
            )
            cell.columns = max(cell.columns, piece.columns)
            cell.pieces.append(piece)
    return rows, sorted(made.values(), key=lambda cell: (cell.row, cell.column))


def _head_rows(region: Region) -> int:
    """How many physical rows stand above the rule under the heading; one, if there is no such rule."""
    if len(region.rules) >= 3:
        count = sum(middle(row) < region.rules[1] for row in region.rows)
        if 0 < count < len(region.rows):
            return count
    return 1


def _column_edges(body: Sequence[Sequence[Run]]) -> list[float]:
    """The middles of the gaps that no row crosses."""
    size = median([run.size for row in body for run in row])
    left = min(run.x0 for row in body for run in row)
    right = max(run.x1 for row in body for run in row)
    count = int(right - left) + 2
    cover = [0] * count
    used = 0
    for row in body:
        chars = in_order(row)
        if _is_group_heading(chars, left, size):
            continue
        used += 1
        marked: set[int] = set()
        for (a, _), (b, _) in pairwise(chars):
            # word spaces are no gaps between columns
            end = b.x0 if b.x0 - a.x1 < 0.4 * size else a.x1
            marked.update(range(int(a.x0 - left), int(end - left) + 1))
        if chars:
            last = chars[-1][0]
            marked.update(range(int(last.x0 - left), int(last.x1 - left) + 1))
        for i in marked:
            if 0 <= i < count:
                cover[i] += 1
    least = (_GAP if used >= _FEW else 0.9) * size
    # in a long table one cell that runs over must not glue two columns together
    allowed = used // 20
    edges: list[float] = []
    i = 0
    while i < count:
        if cover[i] > allowed:
            i += 1
            continue
        j = i
        while j < count and cover[j] <= allowed:
            j += 1
        if j - i >= least and i > 0 and j < count:
            edges.append(left + (i + j) / 2)
        i = j
    return edges


def _is_group_heading(chars: Sequence[tuple[Char, Run]], left: float, size: float) -> bool:
    """Whether a row is one stretch of text from the left edge: the heading of the rows below it."""
    if not chars or chars[0][0].x0 - left > 2 * size:
        return False
    return all(b.x0 - a.x1 < 0.9 * size for (a, _), (b, _) in pairwise(chars))


def _body_pieces(i: int, row: Sequence[Run], edges: Sequence[float]) -> list[Piece]:
    chars = in_order(row)
    size = max(run.size for run in row)
    left = chars[0][0].x0
    parts = by_column(row, edges)
    if len(parts) > 1 and _is_group_heading(chars, left, size):
        return [Piece(i, min(parts), max(parts) - min(parts) + 1, joined(chars))]
    return [Piece(i, c, 1, joined(members)) for c, members in sorted(parts.items())]


def _head_pieces(i: int, row: Sequence[Run], edges: Sequence[float], region: Region) -> list[Piece]:
    """A heading's stretches; one that crosses a column's edge spans the columns on both sides."""
    size = max(run.size for run in row)
    stretches: list[list[tuple[Char, Run]]] = []
    for char, run in in_order(row):
        if stretches:
            last = stretches[-1][-1][0]
            gap = char.x0 - last.x1
            parted = any(last.x1 - 1 <= e <= char.x0 + 1 for e in edges) and gap >= 0.45 * size
            if gap < 0.8 * size and not parted:
                stretches[-1].append((char, run))
                continue
        stretches.append([(char, run)])
    under = [_spanner(region, (m[0][0].x0 + m[-1][0].x1) / 2, row) for m in stretches]
    pieces: list[Piece] = []
    for n, members in enumerate(stretches):
        x0, x1 = members[0][0].x0, members[-1][0].x1
        first, end = bisect_right(edges, x0 + 1), bisect_right(edges, x1 - 1) + 1
        rule = under[n]
        if rule is not None:
            low, high = bisect_right(edges, rule.x0 + 4), bisect_right(edges, rule.x1 - 4) + 1
            shares = [k for k, other in enumerate(under) if other is rule]
            share = (high - low) // len(shares)
            if share * len(shares) == high - low:
                # one drawn rule may run on under several headings: they have equal parts of it
                first = low + share * shares.index(n)
                end = first + share
        if pieces and pieces[-1].column + pieces[-1].columns > first:
            first = min(pieces[-1].column + pieces[-1].columns, len(edges))
        pieces.append(Piece(i, first, max(1, end - first), joined(members)))
    return pieces


def _spanner(region: Region, x: float, row: Sequence[Run]) -> Box | None:
    """The short rule right under a heading that spans columns."""
    base = middle(row)
    below = [
        p for p in region.partial if base < p.top < base + 2.2 * row[0].size and p.x0 - 4 <= x <= p.x1 + 4
    ]
    return min(below, key=lambda p: p.top) if below else None


def _head_groups(region: Region, rows: Sequence[Sequence[Piece]], head: int) -> list[int]:
    """The first physical row of each row of headings."""
    if head <= 1:
        return [0]
    cuts = sorted({round(p.top) for p in region.partial})
    starts = [0]
    for i in range(1, head):
        above, here = middle(region.rows[i - 1]), middle(region.rows[i])
        ruled = any(above < y < here for y in cuts)
        spans_end = (
            not cuts and any(p.columns > 1 for p in rows[i - 1]) and not any(p.columns > 1 for p in rows[i])
        )
        if ruled or spans_end:
            starts.append(i)
    return starts


def _body_groups(region: Region, rows: Sequence[Sequence[Piece]], head: int, columns: int) -> list[int]:
    """The first physical row of each row of the body: a line that only goes on is no row of its own."""
    count = len(rows)
    if head >= count:
        return []
    steps = [middle(region.rows[i]) - middle(region.rows[i - 1]) for i in range(head + 1, count)]
    tight = min(steps, default=0.0) * 1.2
    two_leadings = bool(steps) and max(steps) > 1.3 * min(steps)
    starts = [head]
    for i in range(head + 1, count):
        here = {p.column for p in rows[i]}
        above = {p.column for p in rows[i - 1]}
        ruled = any(middle(region.rows[i - 1]) < y < middle(region.rows[i]) for y in region.rules)
        close = steps[i - head - 1] <= tight
        goes_on = 0 not in here and (close or not two_leadings)
        # a first column that is wrapped: its second line stands alone, close under the first
        wrapped = here == {0} and close and two_leadings and len(above) > 1 and columns > 1
        lower = here == {0} and len(above) > 1 and rows[i][0].line.text[:1].islower()
        if ruled or not (goes_on or wrapped or lower):
            starts.append(i)
    return starts
