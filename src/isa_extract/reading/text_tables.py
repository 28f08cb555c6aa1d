"""Tables in plain text: cells parted by tabs, by bars, or by columns of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from isa_extract.reading import headings
from isa_extract.reading.cells import is_data
from isa_extract.records import Cell, Span, Table

_RULE = re.compile(r"^[\s|:+=\-─━┼│]+$")
_MIN_ROWS = 3  # for tables told by spaces alone; tabs and bars are surer signs
_CELL_GAP = re.compile(r"[ \u3000]{2,}")
_HEADING = 60  # display columns; a longer line inside a table is running text
_MOST_HEAD_ROWS = 5
_MOST_NOTES = 6


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
        j = _end(rows, text, lines, i)
        body = [row for row in rows[i:j] if row is not None]
        if _is_table([row for row in body if row.cells]):
            body = [row or _lone(text, line) for row, line in zip(rows[i:j], lines[i:j], strict=True)]
            caption = _caption(text, lines, i, taken)
            notes = _notes(text, lines, j)
            tables.append(_table(text, body, caption, notes))
            taken.update(range(i - len(caption), j + len(notes)))
            i = j + len(notes)
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
    begin = _begin(text, line)
    spans: list[Span] = []
    # a tab before the first word is an empty first cell
    at = begin if style == "tab" else line.start
    for match in [*pattern.finditer(text, at, line.end), None]:
        end = match.start() if match else line.end
        spans.append(_strip(text, at, end))
        at = match.end() if match else end
    if style == "bar":  # the outer bars close the row, they open no cell
        spans = spans[1 if words.startswith(("|", "│")) else 0 :]
        spans = spans[:-1] if words.endswith(("|", "│")) else spans
    if style == "space":
        spans = [span for span in spans if len(span)]
        if any(_SENTENCE.search(text[span.start : span.end]) for span in spans):
            return None  # a numbered paragraph that sets its number and heading off by spaces
    if len(spans) < 2:
        return None
    return Row(tuple(spans), tuple(_width(text[begin : span.start]) for span in spans), style)


_SENTENCE = re.compile(r"。|[，；].*[，；]|[a-z)] ?[.;] [A-Z]")


def _begin(text: str, line: Span) -> int:
    """Where the line begins with its white space; a form feed ends a line too."""
    return max(text.rfind("\n", 0, line.start), text.rfind("\f", 0, line.start)) + 1


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _lone(text: str, line: Span) -> Row:
    """A line without gaps inside a table: the heading of the rows below it."""
    begin = _begin(text, line)
    return Row((line,), (_width(text[begin : line.start]),), "lone")


def _end(rows: Sequence[Row | None], text: str, lines: Sequence[Span], i: int) -> int:
    """The line behind the last one that goes on with the table that begins in line ``i``."""
    head: Row | None = None
    j = end = i
    while j < len(lines):
        if j > i and text.count("\n", lines[j - 1].end, lines[j].start) > 1:
            break
        row = rows[j]
        if row is None:
            words = text[lines[j].start : lines[j].end]
            if head is None or _width(words) > _HEADING or headings.ends_sentence(words):
                break
            if headings.is_table_note(words) or headings.is_caption(words):
                break
        elif row.style != "rule" and head is not None and row.style != head.style:
            break
        else:
            head = head or (row if row.cells else None)
            end = j + 1
        j += 1
    return end


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


def _notes(text: str, lines: Sequence[Span], end: int) -> tuple[Span, ...]:
    """The lines of notes right below a table."""
    notes: list[Span] = []
    for i in range(end, min(end + _MOST_NOTES, len(lines))):
        line = lines[i]
        if text.count("\n", lines[i - 1].end, line.start) > 1:
            break
        if not headings.is_table_note(text[line.start : line.end]):
            break
        notes.append(line)
    return tuple(notes)


def _table(text: str, lined: Sequence[Row], caption: tuple[Span, ...], notes: tuple[Span, ...]) -> Table:
    body = [row for row in lined if row.cells]
    grid = max(body, key=lambda row: len(row.starts)).starts
    placed = [_placed(row, grid) for row in body]
    head = _head_rows(text, lined, placed)
    cells: list[Cell] = []
    for r, row in enumerate(placed):
        wide = _spread(row, placed[r + 1 : head], body[r].style) if r + 1 < head else {}
        cells += [
            Cell(row=r, column=c, lines=(span,), columns=wide.get(c, 1), header=r < head)
            for c, span in row.items()
        ]
    return Table(page=1, cells=tuple(cells), caption=caption, notes=notes)


def _placed(row: Row, grid: Sequence[int]) -> dict[int, Span]:
    """The row's filled cells by column."""
    places = list(range(len(row.cells)))
    if row.style == "space" and len(row.cells) < len(grid):
        places = [min(range(len(grid)), key=lambda g: abs(grid[g] - start)) for start in row.starts]
    return {c: span for c, span in zip(places, row.cells, strict=True) if len(span)}


def _head_rows(text: str, lined: Sequence[Row], placed: Sequence[dict[int, Span]]) -> int:
    """How many rows are the heading: those above a drawn rule, else those before the first row of figures."""
    above = next((i for i, row in enumerate(lined) if row.style == "rule" and i), 0)
    count = sum(bool(row.cells) for row in lined[:above])
    if 0 < count <= _MOST_HEAD_ROWS:
        first = count
    else:
        texts = [["", *(text[s.start : s.end] for c, s in row.items() if c)] for row in placed]
        first = next((i for i, row in enumerate(texts) if is_data(row)), 1)
    if not 0 < first <= _MOST_HEAD_ROWS:
        return 1
    # below the first row, only what has no first cell goes on with the heading
    while first > 1 and not (lined[above].style == "rule" and count) and 0 in placed[first - 1]:
        first -= 1
    return first


def _spread(row: dict[int, Span], below: Sequence[dict[int, Span]], style: str) -> dict[int, int]:
    """How many columns each heading stands over, told by the headings beneath."""
    lower = sorted(c for c in {c for b in below for c in b} if c)
    over = [c for c in row if c]
    wide: dict[int, int] = {}
    for c, after in zip(over, [*over[1:], max([*lower, *row]) + 1], strict=True):
        beneath = [x for x in lower if c <= x < after]
        wide[c] = beneath[-1] - c + 1 if len(beneath) > 1 and c in beneath else 1
    return wide
