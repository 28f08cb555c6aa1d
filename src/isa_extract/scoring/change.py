"""What a change of the extractor gained and lost, row by row, and where two readers differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from isa_extract.scoring.compare import LEVELS
from isa_extract.scoring.gold import Row, Table
from isa_extract.scoring.score import Score, Verdict, score

_PROVENANCE: Final = frozenset(
    {"evidence_id", "page", "bbox", "char_start", "char_end", "sentence", "binding", "flags", "note"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A gold row that is right in more, or in fewer, levels than before."""

    old: Verdict
    new: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Gained and lost gold rows; spurious rows that came and that went."""

    gained: tuple[Step, ...]
    lost: tuple[Step, ...]
    spurious_new: tuple[Verdict, ...]
    spurious_gone: tuple[Verdict, ...]


def change(old: Score, new: Score) -> Change:
    """Compare two scores against the same gold table."""
    before = {id(verdict.gold.row): verdict for verdict in old.verdicts if verdict.gold}
    steps = [
        Step(before[id(verdict.gold.row)], verdict)
        for verdict in new.verdicts
        if verdict.gold and verdict.kind != "optional" and id(verdict.gold.row) in before
    ]
    return Change(
        gained=tuple(step for step in steps if step.new.depth > step.old.depth),
        lost=tuple(step for step in steps if step.new.depth < step.old.depth),
        spurious_new=_only_in(new, old),
        spurious_gone=_only_in(old, new),
    )


def _only_in(one: Score, other: Score) -> tuple[Verdict, ...]:
    """Spurious rows of `one` that `other` does not have, by what they say."""
    known = Counter(
        _said(verdict.found.row) for verdict in other.verdicts if _spurious(verdict) and verdict.found
    )
    only = []
    for verdict in one.verdicts:
        if not (_spurious(verdict) and verdict.found):
            continue
        said = _said(verdict.found.row)
        if known[said]:
            known[said] -= 1
        else:
            only.append(verdict)
    return tuple(only)


def _spurious(verdict: Verdict) -> bool:
    return verdict.kind == "spurious"


def _said(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, cell) for name, cell in row.cells.items() if name not in _PROVENANCE and cell))


def reached(verdict: Verdict) -> str:
    """How far a gold row is right, in a word."""
    return LEVELS[verdict.depth - 1] if verdict.depth else "missed"


def agree(a: Table, b: Table) -> Score:
    """Two gold tables of the same papers: F1 is the same whichever comes first.

    OPTIONAL is heeded in both. Only columns that both have are compared.
    """
    shared = a.columns & b.columns
    return score(Table(shared, a.rows), Table(shared, b.rows), symmetric=True)
