"""A table that goes on overleaf ('Table 1 (continued)', '续表1') becomes one with its beginning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.reading.cells import is_data
from isa_extract.records import Cell, Span, Table

_NUMBER = re.compile(r"(?:表|tab(?:le|\.)?)\s*([A-Z]?\d{1,2}(?:[-.]\d{1,2})?|[IVX]{1,4}\b)", re.IGNORECASE)
_CONTINUED = re.compile(
    r"续\s*表|表\s*[A-Z]?\d{1,2}\s*[(（\[]?\s*续|\bcont(?:inued|['’]d|d?\.)", re.IGNORECASE
)


def joined(tables: Sequence[Table], text: str) -> tuple[Table, ...]:
    """The tables in their order, each continuation with the table that it continues.

    A continuation says so in its caption, or stands without caption on the next page under the same
    heading. A heading that is repeated is left out.
    """
    out: list[Table] = []
    for table in tables:
        at = _continued(out, table, text)
        whole = _whole(out[at], table, text) if at is not None else None
        if at is None or whole is None:
            out.append(table)
        else:
            out[at] = whole
    return tuple(out)


def _words(spans: Sequence[Span], text: str) -> str:
    return " ".join(text[s.start : s.end] for s in spans)


def _continued(before: Sequence[Table], table: Table, text: str) -> int | None:
    """The index of the table that this one continues; None if it stands for itself."""
    if not before:
        return None
    caption = _words(table.caption, text)
    last = len(before) - 1
    if not caption:
        same = _head(before[last], text) == _head(table, text) and _head(table, text)
        return last if same and table.page == before[last].page + 1 else None
    if not _CONTINUED.search(caption):
        return None
    number = _NUMBER.search(caption)
    if number is None:
        return last
    for i in range(last, -1, -1):
        other = _NUMBER.search(_words(before[i].caption, text))
        if other and other[1].lower() == number[1].lower():
            return i
    return None


def _head(table: Table, text: str) -> dict[tuple[int, int], str]:
    return {
        (c.row, c.column): re.sub(r"\s", "", _words(c.lines, text)).lower() for c in table.cells if c.header
    }


def _whole(first: Table, rest: Table, text: str) -> Table | None:
    """Both as one table; None where their columns cannot be told to be the same."""
    end = max((c.row + c.rows for c in first.cells), default=0)
    head, above = _head(rest, text), _head(first, text)
    by_words = {words: column for (_, column), words in above.items()}
    heads = max((row for row, _ in head), default=-1) + 1
    repeated = bool(head) and all(words in by_words for words in head.values())
    cells = [c for c in rest.cells if not (repeated and c.header)]
    columns = {c: c for c in range(max((x.column + x.columns for x in cells), default=0))}
    if repeated and head.keys() != above.keys():
        leaf = max((row for row, _ in head), default=0)
        columns |= {c: by_words[words] for (row, c), words in head.items() if row == leaf}
    elif not repeated:
        rows = [[c for c in rest.cells if c.row == r] for r in range(heads)]
        data = any(is_data(["", *(_words(c.lines, text) for c in row if c.column)]) for row in rows)
        if data:  # no heading of its own: what was taken for one is the first of its rows
            if _width(first) != _width(rest):
                return None
            cells = [replace(c, header=False) for c in cells]
    shift = end - (heads if repeated else 0)
    moved = [_moved(c, shift, columns) for c in cells]
    return replace(first, cells=(*first.cells, *moved), notes=(*first.notes, *rest.notes))


def _moved(cell: Cell, rows: int, columns: dict[int, int]) -> Cell:
    return replace(cell, row=cell.row + rows, column=columns.get(cell.column, cell.column))


def _width(table: Table) -> int:
    return max((c.column + c.columns for c in table.cells), default=0)
