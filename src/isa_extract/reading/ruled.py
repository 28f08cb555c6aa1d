"""Tables with upright rules: a cell is what the rules around it enclose."""

from __future__ import annotations

from bisect import bisect_right

from isa_extract.reading.cells import GridCell, Piece, by_column, is_data, joined, middle
from isa_extract.reading.chars import Char
from isa_extract.reading.lines import Run
from isa_extract.reading.regions import Region


def upright_edges(region: Region) -> list[float]:
    """The x of uprights, the table's own sides added where they are open."""
    found: list[float] = []
    for x in sorted([u.x0 for u in region.uprights]):
        if not found or x - found[-1] > 3:
            found.append(x)
    if not found:
        return []
    if found[0] > region.box.x0 + 8:
        found.insert(0, region.box.x0)
    if found[-1] < region.box.x1 - 8:
        found.append(region.box.x1)
    return found


def row_edges(region: Region) -> list[float]:
    """The y of every rule that parts rows, short ones too."""
    found: list[float] = []
    for y in sorted([*region.rules, *(p.top for p in region.partial)]):
        if not found or y - found[-1] > 3:
            found.append(y)
    return found


def parts_rows(region: Region, xs: list[float], ys: list[float]) -> bool:
    """Whether rules stand between all rows: few have more than one line with a name and figures."""
    lines = [0] * len(ys)
    for row in region.rows:
        parts = by_column(row, xs[1:-1])
        texts = [joined(chars).text for _, chars in sorted(parts.items())]
        if 0 in parts and is_data(texts):
            lines[bisect_right(ys, middle(row)) - 1] += 1
    return sum(n > 1 for n in lines) <= 0.2 * (len(ys) - 1)


def cut(region: Region, xs: list[float], ys: list[float]) -> tuple[list[list[Piece]], list[GridCell]]:
    """Cells by the rules around them; where a rule is missing, neighbours are one cell."""
    height, width = len(ys) - 1, len(xs) - 1
    owner = {(r, c): (r, c) for r in range(height) for c in range(width)}

    def root(at: tuple[int, int]) -> tuple[int, int]:
        while owner[at] != at:
            at = owner[at]
        return at

    def join(a: tuple[int, int], b: tuple[int, int]) -> None:
        a, b = sorted((root(a), root(b)))
        owner[b] = a

    for r in range(height):
        for c in range(width):
            x, y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
            if c + 1 < width and not any(
                abs(u.x0 - xs[c + 1]) <= 3 and u.top - 1 <= y <= u.bottom + 1 for u in region.uprights
            ):
                join((r, c), (r, c + 1))
            if r + 1 < height and not _ruled_below(region, x, ys[r + 1]):
                join((r, c), (r + 1, c))
    made: dict[tuple[int, int], GridCell] = {}
    for at in owner:
        top = root(at)
        cell = made.setdefault(top, GridCell(top[0], top[1], 1, 1, top[0] == 0))
        cell.rows = max(cell.rows, at[0] - top[0] + 1)
        cell.columns = max(cell.columns, at[1] - top[1] + 1)
    rows: list[list[Piece]] = []
    for i, row in enumerate(region.rows):
        r = min(max(bisect_right(ys, middle(row)) - 1, 0), height - 1)
        parts: dict[tuple[int, int], list[tuple[Char, Run]]] = {}
        for c, chars in sorted(by_column(row, xs[1:-1]).items()):
            parts.setdefault(root((r, c)), []).extend(chars)
        pieces = [(top, Piece(i, top[1], made[top].columns, joined(chars))) for top, chars in parts.items()]
        for top, piece in pieces:
            made[top].pieces.append(piece)
        rows.append([piece for _, piece in pieces])
    filled = sorted((c for c in made.values() if c.pieces), key=lambda cell: (cell.row, cell.column))
    _flag_heads(filled)
    return rows, filled


def _flag_heads(cells: list[GridCell]) -> None:
    """The first row is heading, and so are those beneath the headings that span columns."""
    reach = max((cell.rows for cell in cells if cell.row == 0), default=1)
    if any(cell.columns > 1 for cell in cells if cell.row == 0 and cell.column):
        reach = max(reach, 2)
    for cell in cells:
        texts = [
            "",
            *(p.line.text for other in cells if other.row == cell.row and other.column for p in other.pieces),
        ]
        cell.header = cell.row == 0 or (cell.row < reach and not is_data(texts))


def _ruled_below(region: Region, x: float, y: float) -> bool:
    if any(abs(rule - y) <= 3 for rule in region.rules):
        return True
    return any(abs(p.top - y) <= 3 and p.x0 - 1 <= x <= p.x1 + 1 for p in region.partial)
