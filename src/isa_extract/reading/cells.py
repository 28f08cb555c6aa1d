"""What a table's cells are made of: pieces of its rows, each a line of one cell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from isa_extract.reading import lines as lining
from isa_extract.reading.chars import Char
from isa_extract.reading.lines import Run

_FIGURE = re.compile(
    r"[<>≤≥~]?\s*[-−]?\d[\d.,·]*\s*(?:%|例)?\s*(?:[(（\[/±,;+–—~-](?:[\d.,\s%()（）\[\]/±:;=~–—−+*†‡-]|N[RE]|NA|CI|vs)*)?[*†‡a-h]?$"
    r"|[-−]?\d[\d.]*\s*%?\s*vs\.?\s.*\d|(?:NR|NE|NA|未达到|未报[告道]|[—–-])\W*$"
)


@dataclass(slots=True)
class Piece:
    """A stretch of one row that lies in one cell."""

    row: int  # physical row, counted inside the table
    column: int
    columns: int
    line: lining.Line


@dataclass(slots=True)
class GridCell:
    """A cell and the pieces in it."""

    row: int
    column: int
    columns: int
    rows: int
    header: bool
    pieces: list[Piece] = field(default_factory=list)


def middle(row: Sequence[Run]) -> float:
    """The height at which a row stands."""
    return median([(r.top + r.bottom) / 2 for r in row])


def in_order(row: Sequence[Run]) -> list[tuple[Char, Run]]:
    """A row's characters from left to right, each with its run; spaces left out."""
    pairs = [(c, run) for run in row for c in run.chars if c.text.strip()]
    return sorted(pairs, key=lambda pair: pair[0].x0)


def by_column(row: Sequence[Run], edges: Sequence[float]) -> dict[int, list[tuple[Char, Run]]]:
    """A row's characters by the column that they stand in."""
    out: dict[int, list[tuple[Char, Run]]] = {}
    for char, run in in_order(row):
        out.setdefault(bisect_right(edges, (char.x0 + char.x1) / 2), []).append((char, run))
    return out


def joined(chars: Sequence[tuple[Char, Run]]) -> lining.Line:
    """A line of the characters of one cell; runs are rebuilt, since one may reach over two cells."""
    runs: dict[int, list[Char]] = {}
    owners: dict[int, Run] = {}
    for char, run in chars:
        runs.setdefault(id(run), []).append(char)
        owners[id(run)] = run
    return lining.line([lining.part(owners[key], members) for key, members in runs.items()])


def is_data(texts: Sequence[str]) -> bool:
    """Whether a row's stretches, the first left out, are figures for a good part."""
    figures = sum(_FIGURE.match(text.strip()) is not None for text in texts[1:])
    return figures > 0 and 3 * figures >= len(texts) - 1
