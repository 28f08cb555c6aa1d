"""A table's rows of runs become cells: columns by the gaps that all rows share, rows by leading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from isa_extract.reading import gaps, logical_rows, ruled
from isa_extract.reading.cells import GridCell, Piece, by_column, is_data, joined, middle
from isa_extract.reading.gaps import Stretch, extent
from isa_extract.reading.lines import Run
from isa_extract.reading.regions import Region
from isa_extract.records import Box

_MOST_HEAD_ROWS = 8
_ALIKE = 0.6  # points by which the beginnings of a column's cells may differ


def cells(region: Region) -> tuple[list[list[Piece]], list[GridCell]]:
    """The pieces of each physical row, in reading order, and the cells that they make up."""
    xs = ruled.upright_edges(region)
    ys = ruled.row_edges(region)
    if len(xs) >= 3 and len(region.rules) > 3 and ruled.parts_rows(region, xs, ys):
        return ruled.cut(region, xs, ys)
    return _lined(region, xs)


def _lined(region: Region, xs: list[float]) -> tuple[list[list[Piece]], list[GridCell]]:
    head = head_rows(region)
    body = region.rows[head:] or region.rows
    edges = xs[1:-1] if len(xs) >= 3 else gaps.column_edges(region.rows[:head], body)
    places = _places(region.rows[head:], edges)
    centres, begins = _centres(places, edges), _begins(places)
    rows = [
        _head_pieces(i, _heads(region, i, head, edges, begins), edges, centres, region, i + 1 < head)
        if i < head
        else _body_pieces(i, row, edges, centres)
        for i, row in enumerate(region.rows)
    ]
    over = logical_rows.of_head(region, rows, head)
    starts = over + logical_rows.of_body(region, rows, head, len(edges) + 1)
    made: dict[tuple[int, int], GridCell] = {}
    for i, pieces in enumerate(rows):
        r = bisect_right(starts, i) - 1
        for piece in pieces:
            cell = made.setdefault(
                (r, piece.column), GridCell(r, piece.column, piece.columns, 1, r < len(over))
            )
            cell.columns = max(cell.columns, piece.columns)
            cell.pieces.append(piece)
    return rows, sorted(made.values(), key=lambda cell: (cell.row, cell.column))


def head_rows(region: Region) -> int:
    """How many physical rows are the heading.

    Those above the rule under it; without such a rule, those before the first row of figures.
    """
    texts = [[joined(s).text for s in gaps.stretches(row)] for row in region.rows]
    if len(region.rules) >= 3:
        count = sum(middle(row) < region.rules[1] for row in region.rows)
        # several rows of figures over the first rule: it parts rows of a table without a heading
        bare = count > 1 and all(is_data(row) for row in texts[:count])
        if 0 < count < len(region.rows) and not bare:
            return count
    first = next((i for i, row in enumerate(texts) if is_data(row)), 1)
    if not 0 < first <= _MOST_HEAD_ROWS:
        return 1
    left = min(run.x0 for row in region.rows for run in row)
    size = median([run.size for row in region.rows for run in row])
    while first > 1 and len(texts[first - 1]) == 1 and region.rows[first - 1][0].x0 - left < 2 * size:
        first -= 1  # a heading of the rows below it, and no head of the columns
    return first


def _places(body: Sequence[Sequence[Run]], edges: Sequence[float]) -> list[list[tuple[float, float]]]:
    """From where to where each column's cells reach, in the rows that fill most columns."""
    found: list[list[tuple[float, float]]] = [[] for _ in range(len(edges) + 1)]
    cut = [gaps.stretches(row) for row in body]
    most = max(map(len, cut), default=0)
    for stretch in (s for row in cut if len(row) >= 0.7 * most for s in row):
        first, end = gaps.columns_of(stretch, edges)
        if end - first == 1:
            found[first].append(extent(stretch))
    return found


def _centres(places: Sequence[Sequence[tuple[float, float]]], edges: Sequence[float]) -> list[float]:
    """Where the middle of each column's cells is."""
    bounds = [edges[0], *edges, edges[-1]] if edges else [0.0, 0.0]
    return [
        median([sum(x) / 2 for x in column]) if column else (bounds[c] + bounds[c + 1]) / 2
        for c, column in enumerate(places)
    ]


def _begins(places: Sequence[Sequence[tuple[float, float]]]) -> list[float]:
    """Where the cells of a column begin, for every column but the first whose cells all begin alike."""
    starts = [[x0 for x0, _ in column] for column in places[1:]]
    return [median(xs) for xs in starts if len(xs) > 1 and max(xs) - min(xs) <= _ALIKE]


def _heads(
    region: Region, i: int, head: int, edges: Sequence[float], begins: Sequence[float]
) -> list[Stretch]:
    """The headings of a row, parted at the columns' edges.

    One with no other below it belongs to one column. Where it is too long for it and meets its neighbour,
    the neighbour begins where the cells beneath do.
    """
    found = [p for s in gaps.stretches(region.rows[i], 0.8) for p in gaps.parted(s, edges, 0.45)]
    beneath = [run for row in region.rows[i + 1 : head] for run in row]
    out: list[Stretch] = []
    for stretch in found:
        x0, x1 = extent(stretch)
        if any(run.x0 < x1 and run.x1 > x0 for run in beneath):
            out.append(stretch)
        else:
            out += _begun(stretch, begins)
    return out


def _begun(stretch: Stretch, begins: Sequence[float]) -> list[Stretch]:
    """A stretch cut before each word that begins where a column's cells do."""
    out = [[stretch[0]]]
    for (a, _), pair in pairwise(stretch):
        b = pair[0]
        word = b.x0 - a.x1 > 0.15 * b.size or (a.text[-1].islower() and b.text[0].isupper())
        if word and any(abs(b.x0 - x) <= _ALIKE for x in begins):
            out.append([pair])
        else:
            out[-1].append(pair)
    return out


def _body_pieces(i: int, row: Sequence[Run], edges: Sequence[float], centres: Sequence[float]) -> list[Piece]:
    found = gaps.stretches(row)
    crowded = len(found) >= 0.7 * (len(edges) + 1) and len(found) > 2
    pieces: dict[int, tuple[Stretch, int]] = {}
    for stretch in (part for s in found for part in gaps.parted(s, edges, 0.35)):
        first, end = gaps.columns_of(stretch, edges)
        if end - first > 1 and crowded:
            # a row that fills the columns has no cell that spans them: the text runs over its cell's edge
            for column, part in by_column([run for _, run in _once(stretch)], edges).items():
                if kept := [pair for pair in stretch if pair in part]:
                    _put(pieces, kept, column, 1)
        else:
            _put(pieces, stretch, first, end - first)
    for column in [c for c, (_, wide) in pieces.items() if wide == 1 and c and 0 in pieces]:
        _between(pieces, column, centres)
    return [Piece(i, c, wide, joined(s)) for c, (s, wide) in sorted(pieces.items())]


def _between(pieces: dict[int, tuple[Stretch, int]], column: int, centres: Sequence[float]) -> None:
    """A cell set midway between two columns, with nothing else in either, spans both."""
    stretch, _ = pieces[column]
    x = sum(extent(stretch)) / 2
    left = column if x >= centres[column] else column - 1
    if left < 1 or left + 1 >= len(centres) or {left, left + 1} & set(pieces) != {column}:
        return
    step = centres[left + 1] - centres[left]
    if abs(x - (centres[left] + centres[left + 1]) / 2) < 0.15 * step:
        del pieces[column]
        pieces[left] = (stretch, 2)


def _once(stretch: Stretch) -> Stretch:
    return list({id(run): (char, run) for char, run in stretch}.values())


def _put(pieces: dict[int, tuple[Stretch, int]], stretch: Stretch, column: int, wide: int) -> None:
    if column in pieces:
        before, width = pieces[column]
        pieces[column] = ([*before, *stretch], max(width, wide))
    else:
        pieces[column] = (stretch, wide)


def _head_pieces(
    i: int,
    found: Sequence[Stretch],
    edges: Sequence[float],
    centres: Sequence[float],
    region: Region,
    upper: bool,
) -> list[Piece]:
    """A heading's stretches, each with the columns that it stands over.

    Args:
        upper: whether other headings stand below.
    """
    under = [_spanner(region, sum(extent(s)) / 2, region.rows[i]) for s in found]
    reach: list[tuple[int, int]] = []
    for n, stretch in enumerate(found):
        first, end = gaps.columns_of(stretch, edges)
        rule = under[n]
        if rule is not None:
            covered = [c for c, x in enumerate(centres) if rule.x0 - 2 <= x <= rule.x1 + 2]
            shares = [k for k, other in enumerate(under) if other is rule]
            share, rest = divmod(len(covered), len(shares))
            if share and not rest:
                # one drawn rule may run on under several headings: they have equal parts of it
                first = covered[0] + share * shares.index(n)
                end = first + share
        elif n + 1 < len(found):
            end = min(end, max(first + 1, gaps.columns_of(found[n + 1], edges)[0]))
        reach.append((first, end))
    if not any(under):
        reach = _centred(found, reach, centres, upper)
    pieces: list[Piece] = []
    held: Stretch = []
    for stretch, (first, end) in zip(found, reach, strict=True):
        if pieces and end - first == 1 and (pieces[-1].column, pieces[-1].columns) == (first, 1):
            whole = [*held, *stretch]  # words set wide apart
            pieces[-1], held = Piece(i, first, 1, joined(whole)), whole
            continue
        held = stretch
        if pieces and pieces[-1].column + pieces[-1].columns > first:
            first = min(pieces[-1].column + pieces[-1].columns, len(edges))
        pieces.append(Piece(i, first, max(1, end - first), joined(stretch)))
    return pieces


def _centred(
    found: Sequence[Stretch], reach: Sequence[tuple[int, int]], centres: Sequence[float], upper: bool
) -> list[tuple[int, int]]:
    """Headings that span columns and have no rule beneath: each reaches as far to the left as to the right."""
    out: list[tuple[int, int]] = []
    for n, (stretch, (first, end)) in enumerate(zip(found, reach, strict=True)):
        x = sum(extent(stretch)) / 2
        if end - first == 1 and upper and first > 0:
            left = first if x >= centres[first] else first - 1
            free = not any(a < left + 2 and b > left for k, (a, b) in enumerate(reach) if k != n)
            if 0 < left < len(centres) - 1 and free:
                step = centres[left + 1] - centres[left]
                if abs(x - (centres[left] + centres[left + 1]) / 2) < 0.2 * step:
                    first, end = left, left + 2
        elif end - first > 1:
            low = max([1, *(b for _, b in out)])
            high = min([a for a, _ in reach[n + 1 :]] or [len(centres)])
            wider = [(a, b) for a in range(low, first + 1) for b in range(end, high + 1)]
            best = min(
                wider,
                key=lambda ab: (round(abs((centres[ab[0]] + centres[ab[1] - 1]) / 2 - x) / 6), ab[1] - ab[0]),
                default=(first, end),
            )
            first, end = best
        out.append((first, end))
    return out


def _spanner(region: Region, x: float, row: Sequence[Run]) -> Box | None:
    """The short rule right under a heading that spans columns."""
    base = middle(row)
    below = [
        p for p in region.partial if base < p.top < base + 2.2 * row[0].size and p.x0 - 4 <= x <= p.x1 + 4
    ]
    return min(below, key=lambda p: p.top) if below else None
