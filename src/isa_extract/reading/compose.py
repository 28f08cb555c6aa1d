"""The text as it grows: every line appended gets its span, every character its box."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isa_extract.reading import grid, phrases
from isa_extract.reading import lines as lining
from isa_extract.reading.paragraphs import Placed
from isa_extract.reading.regions import Region
from isa_extract.records import Cell, Span, Table


class Composer:
    """Collects a paper's text in reading order.

    Attributes:
        length: of the text so far.
        superscripts: stretches set as superscript.
        placed: lines of running text.
        tables: tables whose cells are in the text.
    """

    def __init__(self) -> None:
        self.length = 0
        self.superscripts: list[Span] = []
        self.placed: list[Placed] = []
        self._stretch = 0
        self.tables: list[Table] = []
        self._parts: list[str] = []
        self._boxes: list[npt.NDArray[np.float64]] = []

    def text(self) -> str:
        """The whole text."""
        return "".join(self._parts)

    def boxes(self) -> npt.NDArray[np.float32]:
        """A box for every character of the text."""
        return np.concatenate([np.zeros((0, 4)), *self._boxes], dtype=np.float32)

    def end(self, mark: str) -> None:
        """Append a line end, page end or cell gap, which stands nowhere on the page."""
        self._parts.append(mark)
        self.length += len(mark)
        self._boxes += [phrases.SPACE] * len(mark)

    def add(self, line: lining.Line, end: str = "\n") -> Span:
        """Append a line and its end; the span of the line alone."""
        start = self.length
        self.superscripts += [Span(start + up.start, start + up.end) for up in line.raised]
        self._boxes.append(line.boxes)
        self._parts.append(line.text)
        self.length += len(line.text)
        self.end(end)
        return Span(start, start + len(line.text))

    def add_region(
        self, lines: list[lining.Line], page: int, depth: float, region: int, *, aside: bool = False
    ) -> None:
        """Append the lines of one column of running text, up to a table or the column's end.

        ``aside``: it stands beside the running text and is no part of it.
        """
        self._stretch += 1
        for i, line in enumerate(lines):
            low = line.top > 0.6 * depth and all(other.size <= line.size * 1.05 for other in lines[i:])
            self.placed.append(
                Placed(
                    self.add(line),
                    line.text,
                    page,
                    region,
                    self._stretch,
                    line.x0,
                    line.x1,
                    line.top,
                    line.baseline,
                    line.size,
                    line.bold,
                    low,
                    aside,
                )
            )

    def add_table(self, region: Region, page: int) -> None:
        """Append a table: caption, a line for each row with tabs between the cells, notes."""
        caption = tuple(self.add(lining.line(row)) for row in region.caption)
        rows, cells = grid.cells(region)
        spans: dict[int, Span] = {}
        for pieces in rows:
            for i, piece in enumerate(pieces):
                spans[id(piece)] = self.add(piece.line, "\n" if i + 1 == len(pieces) else "\t")
        notes = tuple(self.add(lining.line(row)) for row in region.notes)
        made = tuple(
            Cell(
                cell.row,
                cell.column,
                tuple(spans[id(piece)] for piece in cell.pieces),
                cell.rows,
                cell.columns,
                cell.header,
            )
            for cell in cells
        )
        self.tables.append(Table(page, made, caption, notes))
