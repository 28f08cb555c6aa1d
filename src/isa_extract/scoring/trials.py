"""The scores of `trials.csv` against a gold table of trials.

A study found is a gold study when registry ids are the same set, or, where one of the two states none,
the names are the same, or, where neither names the study at all, its arms are. Two rows under one
registry id (phase I and phase II) are told apart by whatever else agrees: the assignment is one to
one, with as many pairs as possible and, among those, most columns right. `tp` at `study` counts pairs;
at `row` it counts pairs with every column right that gold states. Each column's accuracy is over the
pairs in which gold or the found row states it; `page` is where it was found and is not compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from isa_extract.scoring.compare import bare, folded, trial_of
from isa_extract.scoring.gold import Row, Table
from isa_extract.scoring.measures import Accuracy
from isa_extract.scoring.score import Level
from isa_extract.vocabulary import TRIAL_COLUMNS

_LISTS: Final = ("trial_id", "arms", "citations")
COLUMNS: Final = tuple(c for c in TRIAL_COLUMNS if c not in ("doc_id", "page"))


@dataclass(frozen=True, slots=True, eq=False)
class TrialsScore:
    """Studies found, rows right in every column, each column's accuracy, and what is not right."""

    study: Level
    row: Level
    columns: Mapping[str, Accuracy]
    faults: tuple[str, ...]


def score_trials(gold: Table, found: Table) -> TrialsScore:
    """Score a table of trials against a gold one."""
    columns = [name for name in COLUMNS if name in gold.columns]
    wanted, shown = _by_paper(gold), _by_paper(found)
    pairs: list[tuple[Row, Row]] = []
    faults: list[str] = []
    for doc_id in sorted({*wanted, *shown}):
        here = _pairs(wanted.get(doc_id, []), shown.get(doc_id, []), columns)
        pairs += here
        faults += [f"{doc_id}: missed {_name(a)}" for a in wanted.get(doc_id, []) if a not in dict(here)]
        matched = {id(b) for _, b in here}
        faults += [f"{doc_id}: spurious {_name(b)}" for b in shown.get(doc_id, []) if id(b) not in matched]
        faults += [
            f"{doc_id}: {_name(a)}: {name}: expected {a[name]!r}, found {b[name]!r}"
            for a, b in here
            for name in columns
            if not _same(name, a, b)
        ]
    whole = sum(all(_same(name, a, b) for name in columns if a[name]) for a, b in pairs)
    return TrialsScore(
        study=Level(len(pairs), len(found.rows), len(gold.rows)),
        row=Level(whole, len(found.rows), len(gold.rows)),
        columns={name: _accuracy(name, pairs) for name in columns},
        faults=tuple(faults),
    )


def _accuracy(name: str, pairs: list[tuple[Row, Row]]) -> Accuracy:
    stated = [(a, b) for a, b in pairs if a[name] or b[name]]
    return Accuracy(len(stated), sum(_same(name, a, b) for a, b in stated))


def _pairs(gold: list[Row], found: list[Row], columns: Sequence[str]) -> list[tuple[Row, Row]]:
    weight = np.zeros((len(gold), len(found)))
    for i, a in enumerate(gold):
        for j, b in enumerate(found):
            if _same_study(a, b):
                alike = sum(_same(name, a, b) for name in columns)
                weight[i, j] = 1000 * (len(columns) + 1) + alike
    chosen = linear_sum_assignment(weight, maximize=True)
    return [(gold[i], found[j]) for i, j in zip(*chosen, strict=True) if weight[i, j]]


def _same_study(a: Row, b: Row) -> bool:
    one, other = trial_of(a), trial_of(b)
    if one.stated or other.stated:
        return one.same(other)
    return bool(a["arms"]) and _same("arms", a, b)


def _same(name: str, a: Row, b: Row) -> bool:
    if name in _LISTS:
        return _members(a[name]) == _members(b[name])
    if name in ("dose", "design"):
        return _loose(a[name]) == _loose(b[name])
    return bare(a[name]) == bare(b[name])


def _members(cell: str) -> frozenset[str]:
    return frozenset(bare(part) for part in cell.split(";") if part.strip())


def _loose(cell: str) -> str:
    """Blanks and punctuation between words are no difference in what is quoted as written."""
    return re.sub(r"[\s,;，；、。()（）-]", "", folded(cell))


def _by_paper(table: Table) -> dict[str, list[Row]]:
    papers: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(table.rows, key=lambda row: sorted(row.cells.items())):
        papers[row["doc_id"]].append(row)
    return dict(papers)


def _name(row: Row) -> str:
    return (
        " ".join(filter(None, (row["trial_name"], row["trial_id"], row["phase"])))
        or f"a study of {row['arms']}"
    )
