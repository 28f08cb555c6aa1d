"""Gold and evidence tables: read, and refused when they are not valid.

Every cell is text. A table is valid as a whole or not at all: `InvalidTable` holds one line for each
fault, with file, line and column. A gold table may leave columns out; the columns without which there
is nothing to score (`CORE`) may not be missing from any table. An evidence table must have every
column that is compared and that its gold table has; what only tells where a value came from
(`page`, `sentence`, …) may be missing. A column that the contract does not know is not read, and a
notice says so.

Offsets are held against the text wherever the text is known: `texts` gives it by `doc_id`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from isa_extract.errors import TableError
from isa_extract.scoring.cells import CHECKS, NOT_A_NUMBER
from isa_extract.vocabulary import EVIDENCE_COLUMNS, GOLD_ONLY_COLUMNS, TRIAL_COLUMNS

CORE: Final = ("doc_id", "arm", "endpoint", "statistic", "value", "unit")
COMPARED: Final = (
    *("doc_id", "trial_id", "trial_name", "arm", "arm_drugs", "comparator", "comparator_drugs"),
    *("endpoint", "endpoint_term", "statistic", "value", "unit", "qualifier"),
    *("ci_low", "ci_high", "p_value", "n", "N", "timepoint", "subgroup", "stage", "threshold", "grade"),
)
"""The columns that the levels look at."""

_BESIDE_THE_FACT: Final = frozenset({"evidence_id", "flags", "expected_flag", "note"})
_AS_WRITTEN: Final = frozenset({"value_text", "sentence"})
_LONGEST_CELL: Final = 10_000_000


class InvalidTable(TableError):
    """A table that cannot be scored; `reasons` has a line for each fault."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        super().__init__(self.reasons[0] + more)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One line of a table. A column that the table does not have reads as an empty cell."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def optional(self) -> bool:
        """Whether the curator asked that this row be neither rewarded nor punished."""
        return self["note"].upper().startswith("OPTIONAL")

    @property
    def span(self) -> tuple[int, int] | None:
        """The value's half-open offsets, if stated."""
        if not (self["char_start"] and self["char_end"]):
            return None
        return int(self["char_start"]), int(self["char_end"])

    def fault(self, column: str, reason: str) -> str:
        """One line that says where and why."""
        return f"{self.file}, line {self.line}, column {column}: {reason}"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A valid table."""

    columns: frozenset[str]
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


def load_gold(path: Path, texts: Mapping[str, str] | None = None) -> Table:
    """Read a gold table.

    Raises:
        InvalidTable: if it cannot be read or is not valid.
    """
    table = _read(path, (*EVIDENCE_COLUMNS, *GOLD_ONLY_COLUMNS), CORE)
    return _checked(table, texts or {}, filled=("doc_id", "endpoint", "statistic"))


def load_evidence(paths: Iterable[Path], gold: Table, texts: Mapping[str, str] | None = None) -> Table:
    """Read evidence tables, as one, to be scored against `gold`.

    Raises:
        InvalidTable: if one cannot be read or is not valid, or a row stands in two of them.
    """
    required = [name for name in COMPARED if name in CORE or name in gold.columns]
    tables = [_read(path, (*EVIDENCE_COLUMNS, *GOLD_ONLY_COLUMNS), required) for path in paths]
    return _checked(join(tables), texts or {}, filled=("doc_id",))


def join(tables: Sequence[Table]) -> Table:
    """Several tables as one."""
    return Table(
        columns=frozenset[str]().union(*(table.columns for table in tables)),
        rows=tuple(row for table in tables for row in table.rows),
        notices=tuple(notice for table in tables for notice in table.notices),
    )


def load_trials(path: Path, gold: Table | None = None) -> Table:
    """Read a table of trials: a gold one, or one to be scored against `gold`.

    Raises:
        InvalidTable: if it cannot be read or is not valid.
    """
    needed = {"doc_id"} if gold is None else gold.columns - {"page"}
    required = [name for name in TRIAL_COLUMNS if name in needed]
    table = _read(path, (*TRIAL_COLUMNS, *GOLD_ONLY_COLUMNS), required)
    return _checked(table, {}, filled=("doc_id",))


def texts_beside(path: Path) -> dict[str, str]:
    """The texts that lie in a table's folder as `DOC_ID.txt`; one that is not UTF-8 is passed over."""
    return read_texts(path.parent)


def read_texts(folder: Path) -> dict[str, str]:
    """The UTF-8 texts of a folder by file stem."""
    texts = {}
    for file in sorted(folder.glob("*.txt")):
        try:
            texts[file.stem] = file.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return texts


def _read(path: Path, known: Sequence[str], required: Iterable[str]) -> Table:
    """The file as rows of text: faults of its form are raised here, faults of its cells are not."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidTable([f"{path}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise InvalidTable([f"{path}: not UTF-8 at byte {error.start}"]) from error
    lines = _records(path, text)
    if not lines:
        raise InvalidTable([f"{path}, line 1: no header row"])
    header = [name.strip() for name in lines[0][1]]
    reasons = [
        f"{path}, line 1, column {name}: the header has it twice"
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    reasons += [f"{path}, line 1, column {name}: missing" for name in required if name not in header]
    if reasons:
        raise InvalidTable(reasons)
    rows = []
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            column = header[min(len(cells), len(header) - 1)]
            counts = f"{len(cells)} cells where the header has {len(header)}"
            reasons.append(f"{path}, line {line}, column {column}: {counts}")
            continue
        kept = {
            name: cell if name in _AS_WRITTEN else cell.strip()
            for name, cell in zip(header, cells, strict=True)
            if name in known
        }
        rows.append(Row(str(path), line, kept))
    if reasons:
        raise InvalidTable(reasons)
    notices = [
        f"{path}: column {name!r} is none of the contract's and is not read"
        for name in header
        if name not in known
    ]
    return Table(frozenset(header) & frozenset(known), tuple(rows), tuple(notices))


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Each record that is not blank with the line it begins on."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    records, begins = [], 1
    try:
        for cells in reader:
            if any(cells):
                records.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InvalidTable([f"{path}, line {begins}: not a CSV record ({error})"]) from error
    return records


def _checked(table: Table, texts: Mapping[str, str], filled: Sequence[str]) -> Table:
    """The table itself, once every row has passed.

    Raises:
        InvalidTable: with every fault of every row.
    """
    reasons: list[str] = []
    facts: dict[tuple[str, ...], Row] = {}
    ids: dict[str, Row] = {}
    columns = sorted(table.columns - _BESIDE_THE_FACT)
    for row in table.rows:
        reasons += _faults(row, texts, filled)
        twin = facts.setdefault(tuple(row[name] for name in columns), row)
        named = ids.setdefault(row["evidence_id"], row) if row["evidence_id"] else row
        if twin is not row:
            reasons.append(row.fault("doc_id", f"the same row as {_place(twin, row)}"))
        elif named is not row:
            reasons.append(row.fault("evidence_id", f"the id of {_place(named, row)}"))
    if reasons:
        raise InvalidTable(reasons)
    return table


def _place(other: Row, row: Row) -> str:
    return f"line {other.line}" if other.file == row.file else f"{other.file}, line {other.line}"


def _faults(row: Row, texts: Mapping[str, str], filled: Sequence[str]) -> list[str]:
    """What is wrong with one row, cell by cell and then between cells."""
    faults = [row.fault(name, "empty") for name in filled if not row[name]]
    for name, cell in row.cells.items():
        reason = CHECKS[name](cell) if cell and name in CHECKS else ""
        if reason:
            faults.append(row.fault(name, reason))
    if faults:
        return faults
    if "value" in row.cells:
        unreached = row["qualifier"] in NOT_A_NUMBER
        if unreached and row["value"]:
            faults.append(row.fault("value", f"must be empty where the qualifier is {row['qualifier']}"))
        if not unreached and not row["value"]:
            faults.append(row.fault("value", "empty, and the qualifier is neither NR nor NE"))
    return faults + _span_faults(row, texts.get(row["doc_id"]))


def _span_faults(row: Row, text: str | None) -> list[str]:
    if bool(row["char_start"]) != bool(row["char_end"]):
        empty = "char_end" if row["char_start"] else "char_start"
        return [row.fault(empty, "empty, while the other offset is given")]
    if row.span is None:
        return []
    start, end = row.span
    if end <= start:
        return [row.fault("char_end", f"{end} does not lie after char_start {start}")]
    if text is None:
        return []
    if end > len(text):
        return [row.fault("char_end", f"{end} lies outside the text of {len(text)} characters")]
    if row["value_text"] and text[start:end] != row["value_text"]:
        return [row.fault("value_text", f"{row['value_text']!r}, but the text has {text[start:end]!r} there")]
    return []
