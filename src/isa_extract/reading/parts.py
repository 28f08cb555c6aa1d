"""What a walk through markup gives, before it is text: blocks and tables as pieces."""

from __future__ import annotations

from dataclasses import dataclass

from isa_extract.reading.inline import Piece
from isa_extract.records import BlockKind


@dataclass(frozen=True, slots=True)
class Part:
    """A block of running text on its way.

    ``section`` is empty where the headings must tell; ``level`` is a heading's, the paper's title being 0.
    """

    kind: BlockKind
    pieces: tuple[Piece, ...]
    section: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class GridCell:
    """A table cell on its way: its place in the grid and its lines."""

    row: int
    column: int
    lines: tuple[tuple[Piece, ...], ...]
    rows: int = 1
    columns: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class GridPart:
    """The tables under one caption on their way, with the lines above and below them."""

    tables: tuple[tuple[GridCell, ...], ...]
    caption: tuple[tuple[Piece, ...], ...] = ()
    notes: tuple[tuple[Piece, ...], ...] = ()
