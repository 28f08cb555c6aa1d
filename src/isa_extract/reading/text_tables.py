"""Tables in plain text: cells parted by tabs, by bars, or by columns of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from isa_extract.reading import headings
from isa_extract.records import Cell, Span, Table

_RULE = re.compile(r"^[\s|:+=\-─━┼│]+$")
_MIN_ROWS = 3  # for tables told by spaces alone; tabs and bars are surer signs
_CELL_GAP = re.compile(r"[ \u3000]{2,}")


@dataclass(frozen=True, slots=True)
class Row:
    """A line cut into cells; ``starts`` are the cells' display columns."""

    cells: tuple[Span, ...]
    starts: tuple[int, ...]
    style: str


def find(text: str, lines: Sequence[Span]) -> tuple[list[Table], set[int]]:
    """The tables among the lines, and the indices of the lines they take (captions too).

    Args:
        text: the file's characters.
        lines: every line that is not blank, white space at both ends left out.
    """
    rows = [_row(text, line) for line in lines]
    tables: list[Table] = []
    taken: set[int] = set()
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and _continues(rows, text, lines, i, j):
            j += 1
        body = [row for row in rows[i:j] if row is not None and row.cells]
        if _is_table(body):
            caption = _caption(text, lines, i, taken)
            tables.append(_table(text, body, caption))
            taken.update(range(i - len(caption), j))
            i = j
        else:
            i += 1
    return tables, taken


def _row(text: str, line: Span) -> Row | None:
    """The line's cells; None if it has fewer than two; no cells for a drawn rule."""
    words = text[line.start : line.end]
    if _RULE.match(words) and re.search(r"[-─━=]{3,}", words):
        return Row((), (), "rule")
    if "\t" in words:
        pattern, style = re.compile(r"\t"), "tab"
    elif words.count("|") >= 2 or "│" in words:
        pattern, style = re.compile(r"[|│]"), "bar"
    else:
        pattern, style = _CELL_GAP, "space"
    spans: list[Span] = []
    at = line.start
    for match in [*pattern.finditer(text, line.start, line.end), None]:
        end = match.start() if match else line.end
        spans.append(_strip(text, at, end))
        at = match.end() if match else end
    if style == "bar":  # the outer bars close the row, they open no cell
        spans = spans[1 if words.startswith(("|", "│")) else 0 :]
        spans = spans[:-1] if words.endswith(("|", "│")) else spans
    if style == "space":
        spans = [span for span in spans if len(span)]
    if len(spans) < 2:
        return None
    begin = text.rfind("\n", 0, line.start) + 1
    return Row(tuple(spans), tuple(_width(text[begin : span.start]) for span in spans), style)


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _continues(rows: Sequence[Row | None], text: str, lines: Sequence[Span], i: int, j: int) -> bool:
    row, head = rows[j], next((r for r in rows[i : j + 1] if r is not None and r.cells), None)
    if row is None or (j > i and text.count("\n", lines[j - 1].end, lines[j].start) > 1):
        return False
    return row.style == "rule" or head is None or row.style == head.style


def _is_table(body: Sequence[Row]) -> bool:
    if len(body) < 2:
        return False
    counts = [len(row.cells) for row in body]
    if body[0].style != "space":
        return max(counts) >= 2
    if len(body) < _MIN_ROWS or max(counts) < 3:
        return False
    # running text with stray double spaces has no common columns
    columns = set(max(body, key=lambda row: len(row.starts)).starts)
    near = sum(any(abs(start - column) <= 2 for column in columns) for row in body for start in row.starts)
    return near >= 0.7 * sum(counts)


def _caption(text: str, lines: Sequence[Span], first: int, taken: set[int]) -> tuple[Span, ...]:
    before = first - 1
    if before >= 0 and before not in taken:
        line = lines[before]
        if headings.is_table_caption(text[line.start : line.end]):
            return (line,)
    return ()


def _table(text: str, body: Sequence[Row], caption: tuple[Span, ...]) -> Table:
    grid = max(body, key=lambda row: len(row.starts)).starts
    cells: list[Cell] = []
    for r, row in enumerate(body):
        for c, (span, start) in enumerate(zip(row.cells, row.starts, strict=True)):
            column = c
            if row.style == "space" and len(row.cells) < len(grid):
                column = min(range(len(grid)), key=lambda g: abs(grid[g] - start))
            if len(span):
                cells.append(Cell(row=r, column=column, lines=(span,), header=r == 0))
    return Table(page=1, cells=tuple(cells), caption=caption)
