"""A table's cells as a grid that can be read: rows that are facts, and a head above each column.

Readers cut tables by where the ink is. Here a row that was wrapped is joined again, a row that holds two
groups on lines of their own is taken apart, heads are spread over the columns they span.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from isa_extract.binding.cells import is_value, says_nothing
from isa_extract.language.normal import Citation, fold
from isa_extract.records import Cell, Paper, Span, Table

_MODIFIERS = str.maketrans(dict.fromkeys("ᵃᵇᶜᵈᵉᶠᵍʰ", "*"))
_MARK = re.compile(r"[a-h](?:\s?,\s?[a-h])*")
_WIDEST = 64
"""Columns that one heading may span; more is no table."""
_UNFINISHED = re.compile(
    r"(?:[-‐+,、/(&±]|\b(?:and|or|plus|with|of|vs\.?|to|in)|联合|和|或|及|与)\s*$", re.IGNORECASE
)
_GOES_ON = re.compile(r"\s*(?:[a-z(+,、&±/]|联合|或|及|和|与)")
_WIDE_CHARACTER = re.compile("[\u3400-\u9fff、。，；：（）]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell as read: folded text, where each character came from, the lines it was printed on."""

    text: str
    origin: tuple[int, ...]
    printed: str
    wide: int = 1
    citations: tuple[Citation, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The stretch of the paper's text behind the folded range ``[start, end)``."""
        return Span(self.origin[start], self.origin[end - 1] + 1)


@dataclass(slots=True)
class Row:
    """A row of the body: its cells by column, and the headings of the rows it stands under."""

    cells: dict[int, Entry]
    heads: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Grid:
    """Column heads (spanning ones first, the column's own last) and the rows beneath them."""

    heads: dict[int, tuple[Entry, ...]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    @property
    def columns(self) -> list[int]:
        """Every column, from left to right."""
        return sorted({*self.heads, *(c for row in self.rows for c in row.cells)})


Lines = dict[int, Cell]


class Entries:
    """Folds the cells of one paper."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        # a raised letter is the mark of a note
        self.marked = paper.text.translate(_MODIFIERS)
        for raised in paper.superscripts:
            if _MARK.fullmatch(self.marked, raised.start, raised.end):
                stars = "*" * len(raised)
                self.marked = self.marked[: raised.start] + stars + self.marked[raised.end :]
        # '126 [36]' is no citation in a table
        self.unbracketed = self.marked.translate({ord("["): "(", ord("]"): ")"})

    def raw(self, cell: Cell | Sequence[Span]) -> str:
        """The characters of a cell, line ends as spaces."""
        lines = cell.lines if isinstance(cell, Cell) else cell
        return " ".join(self.paper.text[s.start : s.end] for s in lines)

    def entry(self, lines: Sequence[Span], wide: int = 1) -> Entry:
        """The lines as one entry."""
        first = next((self.paper.text[s.start : s.end].strip() for s in lines if len(s)), "")
        text = self.unbracketed if re.match(r"[<>≤≥~]?\s*\d|N[RE]\b", first) else self.marked
        folded = fold(text, lines, self.paper.superscripts)
        left = len(folded.text) - len(folded.text.lstrip())
        stripped = folded.text.strip()
        origin = folded.origin[left : left + len(stripped)]
        return Entry(stripped, origin, self.printed(lines), wide, folded.citations)

    def printed(self, lines: Sequence[Span]) -> str:
        """The lines as the paper prints them, on one line."""
        whole = ""
        for part in (" ".join(self.paper.text[s.start : s.end].split()) for s in lines):
            if whole.endswith("-") and part[:1].islower():
                whole = whole[:-1] + part
            else:
                close = (
                    not whole or not part or _WIDE_CHARACTER.match(whole[-1]) or _WIDE_CHARACTER.match(part)
                )
                whole += part if close else " " + part
        return whole


def grids(table: Table, entries: Entries) -> Iterator[Grid]:
    """The table as grids: one for each set of column heads."""
    rows = _by_row(table.cells)
    start = 0
    while start < len(rows):
        head_end = _end_of_head(rows, start, entries)
        end = head_end
        while end < len(rows) and not (_is_flagged(rows[end]) and len(rows[end]) > 1):
            end += 1
        end = max(end, start + 1)
        yield _grid(rows[start:head_end], rows[head_end:end], entries)
        start = end


def _by_row(cells: Sequence[Cell]) -> list[Lines]:
    rows: dict[int, Lines] = {}
    for cell in sorted(cells, key=lambda c: (c.row, c.column)):
        row = rows.setdefault(cell.row, {})
        if cell.column in row:
            cell = replace(row[cell.column], lines=(*row[cell.column].lines, *cell.lines))
        row[cell.column] = cell
    return list(rows.values())


def _is_flagged(row: Lines) -> bool:
    return any(cell.header for cell in row.values())


def _holds_values(row: Lines, entries: Entries) -> bool:
    return any(_has_value(cell, entries) for cell in row.values())


def _has_value(cell: Cell, entries: Entries) -> bool:
    """Whether the cell or one of its lines is a value."""
    return any(_is_value_line(entries.entry(x).text) for x in (cell.lines, *((line,) for line in cell.lines)))


def _is_value_line(text: str) -> bool:
    return bool(text) and is_value(text)


def _end_of_head(rows: Sequence[Lines], start: int, entries: Entries) -> int:
    """The first row after ``start`` that belongs to the body."""
    i = start
    while i < len(rows) and _is_flagged(rows[i]):
        i += 1
    flagged = i > start
    while i < len(rows) and i - start < 6 and not _holds_values(rows[i], entries):
        blank_first = 0 not in rows[i] or not entries.raw(rows[i][0]).strip()
        if (flagged or i > start) and not blank_first:
            break
        i += 1
    return i


def _grid(head: Sequence[Lines], body: Sequence[Lines], entries: Entries) -> Grid:
    grid = Grid()
    columns = sorted({c for row in (*head, *body) for c in row})
    own: dict[int, list[Span]] = {}
    above: dict[int, list[Entry]] = {}
    spread = [
        _spread(_shared_out(row, head[i + 1 :], entries), head[i + 1 :], columns)
        for i, row in enumerate(head)
    ]
    for level in spread:
        for cell, covered in level:
            if len(covered) == 1:
                own.setdefault(covered[0], []).extend(cell.lines)
            else:
                entry = entries.entry(cell.lines, len(covered))
                for column in covered:
                    above.setdefault(column, []).append(entry)
    for column in {*own, *above}:
        leaf = (entries.entry(own[column]),) if column in own else ()
        grid.heads[column] = (*above.get(column, ()), *leaf)
    heads: list[Entry] = []
    fresh = False
    for row in _one_group_each(_unwrapped(body, entries), entries):
        read = {c: entries.entry(cell.lines, cell.columns) for c, cell in row.items()}
        read = {c: e for c, e in read.items() if e.text}
        if not read:
            continue
        first = min(read)
        if (
            len(read) == 1
            and len(columns) > 1
            and first == columns[0]
            and not _is_value_line(read[first].text)
        ):
            heads = [*heads[-1:], read[first]] if fresh else [read[first]]
            fresh = True
            continue
        fresh = False
        grid.rows.append(Row(read, tuple(heads)))
    return grid


def _shared_out(row: Lines, below: Sequence[Lines], entries: Entries) -> Lines:
    """'ORR/%' over two columns, then 'CR率/% 中位PFS/月' over one: three words for three columns."""
    shared = dict(row)
    ordered = sorted(row)
    for left, right in itertools.pairwise(ordered):
        wide = row[left].columns
        if (
            not 1 < wide <= _WIDEST
            or left + wide != right
            or any(c in b for b in below for c in range(left, right))
        ):
            continue
        words = [w for c in (left, right) for line in row[c].lines for w in _words(line, entries)]
        if len(words) == wide + 1:
            for i, word in enumerate(words):
                shared[left + i] = replace(row[right], column=left + i, lines=(word,), columns=1)
    return shared


def _words(line: Span, entries: Entries) -> list[Span]:
    text = entries.paper.text
    return [Span(m.start(), m.end()) for m in re.compile(r"\S+").finditer(text, line.start, line.end)]


def _spread(row: Lines, below: Sequence[Lines], columns: Sequence[int]) -> list[tuple[Cell, list[int]]]:
    """Each head with the columns it stands over; in plain text the spans must be guessed."""
    cells = [row[c] for c in sorted(row)]
    if cells and below and all(c.columns == 1 for c in cells):
        lower = sorted(c for c in {c for b in below for c in b} if c != columns[0])
        over = [c for c in cells if c.column != columns[0]]
        times, rest = divmod(len(lower), len(over)) if over else (0, 0)
        if times > 1 and not rest and len(over) * times >= len(columns) - 1:
            stub = [(c, [c.column]) for c in cells if c.column == columns[0]]
            return stub + [(c, lower[i * times : (i + 1) * times]) for i, c in enumerate(over)]
    found: list[tuple[Cell, list[int]]] = []
    for cell in cells:
        at = bisect_left(columns, cell.column)
        reach = min(max(cell.columns, 1), _WIDEST)
        found.append((cell, [c for c in columns[at : at + reach] if c < cell.column + reach]))
    return found


def _unwrapped(body: Sequence[Lines], entries: Entries) -> list[Lines]:
    """Rows without those that only go on with the row above."""
    rows: list[Lines] = []
    for row in body:
        if rows and _is_rest_of(rows[-1], row, entries):
            joined = dict(rows[-1])
            for column, cell in row.items():
                above = joined.get(column)
                joined[column] = replace(above, lines=(*above.lines, *cell.lines)) if above else cell
            rows[-1] = joined
        else:
            rows.append(row)
    return rows


def _is_rest_of(above: Lines, row: Lines, entries: Entries) -> bool:
    if not row:
        return True
    if not any(
        not _begins_line(entries.raw(cell)) or _is_unfinished(above, c, entries) for c, cell in row.items()
    ):
        return False
    texts = {c: entries.raw(cell) for c, cell in row.items()}
    if len(row) == 1 and min(row) == min(above, default=0):
        # a lone first cell is a heading, unless the label above it plainly goes on
        return _is_unfinished(above, min(row), entries) and (
            len(above) > 1 or not _holds_values(row, entries)
        )
    if any(_has_value(cell, entries) and not texts[c].lstrip().startswith("(") for c, cell in row.items()):
        label = min(above, default=0)
        return len(above) == 1 and _is_unfinished(above, label, entries) and label in row
    return set(row) <= set(above)


def _begins_line(text: str) -> bool:
    return not _GOES_ON.match(text)


def _is_unfinished(above: Lines, column: int, entries: Entries) -> bool:
    if column not in above:
        return False
    text = entries.raw(above[column])
    return _UNFINISHED.search(text) is not None or text.count("(") > text.count(")")


def _one_group_each(rows: Sequence[Lines], entries: Entries) -> Iterator[Lines]:
    """Rows that hold several groups, each on a line of its own, taken apart."""
    for row in rows:
        parts = {c: _logical_lines(cell, entries) for c, cell in row.items()}
        counts = [
            len(p)
            for p in parts.values()
            if len(p) > 1 and all(_is_value_line(entries.entry(x).text) for x in p)
        ]
        if not counts or len(set(counts)) > 1:
            yield row
            continue
        k = counts[0]
        for i in range(k):
            yield {
                c: replace(row[c], lines=p[i] if len(p) == k and _lists(p, entries) else row[c].lines)
                for c, p in parts.items()
                if i == 0 or (len(p) == k and _lists(p, entries))
            }


def _logical_lines(cell: Cell, entries: Entries) -> list[tuple[Span, ...]]:
    """The cell's lines, what was broken in mid-value put together."""
    found: list[tuple[Span, ...]] = []
    for line in cell.lines:
        text = entries.raw((line,))
        if (
            found and (text.lstrip()[:1] in ("(", "[", "（") or _UNFINISHED.search(entries.raw(found[-1])))
        ) or (found and entries.raw(found[-1]).count("(") > entries.raw(found[-1]).count(")")):
            found[-1] = (*found[-1], line)
        else:
            found.append((line,))
    return found


def _lists(lines: Sequence[tuple[Span, ...]], entries: Entries) -> bool:
    """Whether the lines are items of their own rather than one wrapped text."""
    return all(_begins_line(entries.raw(x)) or re.match(r"[a-z]+-[a-z]", entries.raw(x)) for x in lines[1:])


def row_text(row: Mapping[int, Entry], columns: Sequence[int]) -> str:
    """The row as written, its cells parted by bars."""
    return " | ".join(row[c].printed if c in row else "" for c in columns)


__all__ = ["Entries", "Entry", "Grid", "Row", "grids", "row_text", "says_nothing"]
