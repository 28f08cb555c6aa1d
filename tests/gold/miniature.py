"""A project in miniature: a text, its gold, what an extractor makes of it, and a git history.

The extractor here is a file: `NAME.found.csv` beside a text is what it finds in it. The programs of
`gold/` are tested by it, whatever the real one finds.
"""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from isa_extract.vocabulary import EVIDENCE_COLUMNS

TEXT = """\
Results: In the ICARIA-MM trial, median PFS was 11.5 months with isatuximab plus pomalidomide and \
dexamethasone versus 6.5 months with pomalidomide and dexamethasone. The ORR was 60.4% with isatuximab \
plus pomalidomide and dexamethasone and 35.3% with pomalidomide and dexamethasone.
"""
COLUMNS = (
    *("doc_id", "trial_name", "arm", "arm_drugs", "endpoint", "statistic", "value", "unit"),
    *("char_start", "char_end", "value_text", "note"),
)
_THREE = "dexamethasone+isatuximab+pomalidomide"
_TWO = "dexamethasone+pomalidomide"


def gold_rows(doc_id: str, text: str) -> list[dict[str, str]]:
    """The gold of `TEXT`, whatever the file is called."""
    rows = []
    for value, endpoint, statistic, unit, drugs in (
        ("11.5", "PFS", "median", "month", _THREE),
        ("6.5", "PFS", "median", "month", _TWO),
        ("60.4", "ORR", "rate", "%", _THREE),
        ("35.3", "ORR", "rate", "%", _TWO),
    ):
        start = text.index(f" {value}") + 1
        cells = (doc_id, "ICARIA-MM", "", drugs, endpoint, statistic, value, unit)
        rows.append(dict(zip(COLUMNS, (*cells, str(start), str(start + len(value)), value, ""), strict=True)))
    return rows


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write a table with the columns of its first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_batch(folder: Path, text: str = TEXT, name: str = "one") -> Path:
    """A batch: one text and its gold."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    write_rows(folder / "gold.csv", gold_rows(name, text))
    write_rows(folder / f"{name}.found.csv", gold_rows(name, text))
    return folder


def extract_from_file(reader: object, path: Path, doc_id: str) -> SimpleNamespace:
    """In place of the extractor."""
    found = read_rows(path.with_suffix(".found.csv"))
    evidence = pd.DataFrame([{**dict.fromkeys(EVIDENCE_COLUMNS, ""), **row} for row in found], dtype="str")
    return SimpleNamespace(evidence=evidence, trials=pd.DataFrame())


def git(root: Path, *words: str) -> None:
    """Run git in a project."""
    who = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    """Commit everything."""
    git(root, "add", "-A")
    git(root, "commit", "-m", "as it is", "--allow-empty")
