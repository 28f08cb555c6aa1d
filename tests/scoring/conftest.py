"""Tables made by hand, for every test of scoring."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from isa_extract.scoring.gold import COMPARED, Row, Table

COLUMNS = (*COMPARED, "followup", "char_start", "char_end", "value_text", "note")
ROW = {
    "doc_id": "one",
    "trial_id": "NCT02990338",
    "trial_name": "ICARIA-MM",
    "arm": "Isa-Pd",
    "arm_drugs": "dexamethasone+isatuximab+pomalidomide",
    "comparator": "Pd",
    "comparator_drugs": "dexamethasone+pomalidomide",
    "endpoint": "PFS",
    "statistic": "median",
    "value": "11.5",
    "unit": "month",
    "qualifier": "=",
    "char_start": "10",
    "char_end": "14",
    "value_text": "11.5",
}


def _row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | ROW | cells


def _table(rows: Sequence[dict[str, str]], columns: Sequence[str] = COLUMNS) -> Table:
    made = (Row("made.csv", line, row) for line, row in enumerate(rows, start=2))
    return Table(frozenset(columns), tuple(made))


def _write(path: Path, rows: Sequence[dict[str, str]], drop: Sequence[str] = ()) -> Path:
    names = dict.fromkeys((*COLUMNS, *(name for row in rows for name in row)))
    columns = [name for name in names if name not in drop]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def row() -> Callable[..., dict[str, str]]:
    """A valid row; keyword arguments change its cells."""
    return _row


@pytest.fixture(scope="session")
def table() -> Callable[..., Table]:
    """A table of such rows, without a file."""
    return _table


@pytest.fixture(scope="session")
def write() -> Callable[..., Path]:
    """Write such rows to a file, without the columns in `drop`."""
    return _write
