"""Tables of JATS and HTML, which have the same elements: rows and spans become a grid of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from isa_extract.reading.inline import Element, Inline, lines_of, name
from isa_extract.reading.parts import GridCell

_WIDEST = 100  # columns; a wider span is a slip or an attack
_MOST_ROWS = 10_000  # that a cell may reach over


def rows_of(table: Element) -> list[Element]:
    """The rows of a table, without those of tables inside it; the foot last."""
    rows: list[Element] = []
    feet: list[Element] = []
    for child in table:
        if name(child) == "tr":
            rows.append(child)
        elif name(child) in ("thead", "tbody", "tfoot"):
            (feet if name(child) == "tfoot" else rows).extend(r for r in child if name(r) == "tr")
    return rows + feet


def cells_of(table: Element, inline: Inline) -> tuple[GridCell, ...]:
    """The cells of a table in the order of its rows; rows without words are left out.

    Heads are the rows of ``thead``, else the first rows, as far as the cells of the first reach down, and
    below them any row of ``th`` alone.
    """
    grid = [row for row in _placed(table, inline) if any(cell.lines for cell, _ in row)]
    numbers = {row[0][0].row: i for i, row in enumerate(grid)}
    told = {row for row in rows_of(table) if name(row.getparent()) == "thead"}
    heads = {i for i, row in enumerate(grid) if row[0][1].getparent() in told}
    if not heads or len(heads) == len(grid):
        heads = set(range(_reach(grid[0]))) if len(grid) > 1 else set()
    for i, row in enumerate(grid):
        if len([cell for cell, _ in row if cell.lines]) > 1 and all(name(e) == "th" for _, e in row):
            heads.add(i)
    return tuple(
        replace(cell, row=numbers[cell.row], header=i in heads)
        for i, row in enumerate(grid)
        for cell, _ in row
    )


def _reach(row: Sequence[tuple[GridCell, Element]]) -> int:
    """How many rows a first row takes in: two where a word beside a spanning head reaches down."""
    wide = any(cell.columns > 1 for cell, _ in row)
    return max(cell.rows for cell, _ in row) if wide else 1


def _placed(table: Element, inline: Inline) -> Iterator[list[tuple[GridCell, Element]]]:
    """Each row's cells where they stand, those that reach down from above allowed for."""
    rows = rows_of(table)
    taken: dict[int, int] = {}  # column -> first row in which it is free again
    for r, row in enumerate(rows):
        made: list[tuple[GridCell, Element]] = []
        column = 0
        for element in row:
            if name(element) not in ("td", "th"):
                continue
            while taken.get(column, 0) > r:
                column += 1
            wide = _span(element, "colspan", _WIDEST)
            deep = _span(element, "rowspan", min(_MOST_ROWS, len(rows) - r))
            lines = tuple(tuple(line) for line in lines_of(inline.inside(element)) if line)
            made.append((GridCell(r, column, lines, deep, wide), element))
            if deep > 1:
                taken.update((c, r + deep) for c in range(column, column + wide))
            column += wide
        if made:
            yield made


def _span(element: Element, attribute: str, most: int) -> int:
    text = (element.get(attribute) or "1").strip()
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    # in HTML a rowspan of 0 reaches to the table's end
    return max(1, min(most, wanted or (most if attribute == "rowspan" else 1)))
