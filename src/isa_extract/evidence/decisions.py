"""What people decide about rows, and how it lives on when the rows are read anew.

A decision on a row keeps the row as it was. Later readings of the same paper are set beside it: the row
that now stands in its place is found by its id, else by its place and endpoint, else (in a new version of
the paper, where all places have moved) by what it says. What was decided stands; where the newer reading
differs, the claim says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from isa_extract.evidence.agreement import rows_agree
from isa_extract.evidence.statements import Observation, Telling

ON_ROWS: Final = ("accept", "correct", "reject")
ON_STUDIES: Final = ("same", "different")
ACTIONS: Final = (*ON_ROWS, *ON_STUDIES, "take-back")

FIXED: Final = frozenset(
    (
        *("evidence_id", "doc_id", "trial_id", "trial_name", "phase", "population", "lang", "page", "bbox"),
        *("char_start", "char_end", "value_text", "sentence", "binding", "flags"),
    )
)
"""Columns that a correction may not touch: where it is told, and of which study (that is for `same`)."""

_READ: Final = (
    *("arm", "arm_drugs", "comparator", "endpoint", "endpoint_term", "statistic", "value", "unit"),
    *("qualifier", "ci_low", "ci_high", "timepoint", "subgroup", "stage", "threshold", "grade"),
)
"""A newer reading that differs in one of these is another reading."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision.

    Attributes:
        id: in the store.
        action: one of ``ACTIONS``.
        who, when, why: when is UTC in ISO form.
        revision: of the store, at which it came in.
        observation: of a decision on a row: the row as it was.
        telling: the study that the row was told of, as it was.
        known: what papers said of this fact when it was decided: ``(paper, evidence_id, row)`` each.
        change: of a correction: the cells that it sets.
        studies: of a decision on studies: the two references.
        takes_back: of ``take-back``: the decision that no longer holds.
    """

    id: int
    action: str
    who: str
    when: str
    why: str
    revision: int = 0
    observation: Observation | None = None
    telling: Telling | None = None
    known: tuple[tuple[str, Mapping[str, str]], ...] = ()
    change: Mapping[str, str] = field(default_factory=dict)
    studies: tuple[str, str] = ("", "")
    takes_back: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A row as it stands in the table: as it was read, or as a person decided.

    Attributes:
        observation: the reading it rests on; the row of old, if nobody reads it any more.
        row: its cells, corrected ones among them.
        decision: the decision that it stands by, if any.
        newer: a reading of today that differs from the one decided on.
        note: why ``newer`` is shown, or that the row is no longer read.
    """

    observation: Observation
    row: Mapping[str, str]
    decision: Decision | None = None
    newer: Observation | None = None
    note: str = ""

    @property
    def paper(self) -> str:
        """The paper that makes it."""
        return self.observation.paper


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that nobody has taken back, oldest first. Taking back a taking-back brings back."""
    told = sorted(decisions, key=lambda d: d.id)
    gone: set[int] = set()
    for decision in reversed(told):
        if decision.takes_back and decision.id not in gone:
            gone.add(decision.takes_back)
    return [d for d in told if d.id not in gone and d.action != "take-back"]


def claims(observations: Sequence[Observation], decisions: Iterable[Decision]) -> list[Claim]:
    """The rows with what people decided about them; rejected ones are left out."""
    latest: dict[tuple[str, str, str], Decision] = {}
    for decision in in_force(decisions):
        if decision.observation is not None:
            at = decision.observation
            latest[at.paper, at.sha256, at.evidence_id] = decision
    by_paper: defaultdict[str, list[Observation]] = defaultdict(list)
    for observation in observations:
        by_paper[observation.paper].append(observation)
    decided: dict[int, Decision] = {}
    lost: list[Decision] = []
    ordered = sorted(latest.values(), key=lambda d: d.id)
    for exactly in (True, False):  # who is surely meant goes before who may be
        for decision in [d for d in ordered if exactly or d in lost]:
            assert decision.observation is not None
            free = [o for o in by_paper[decision.observation.paper] if id(o) not in decided]
            found = _successor(decision.observation, free, exactly)
            if found is not None:
                decided[id(found)] = decision
                lost = [d for d in lost if d is not decision]
            elif exactly:
                lost.append(decision)
    told = [_claim(o, decided.get(id(o))) for o in observations]
    return [c for c in told if c is not None] + [c for d in lost if (c := _unread(d)) is not None]


def differs(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows are two readings."""
    return any(one[name] != other[name] for name in _READ)


def _successor(was: Observation, today: Sequence[Observation], exactly: bool) -> Observation | None:
    if exactly:
        same = (o for o in today if o.evidence_id == was.evidence_id and o.sha256 == was.sha256)
        return next(same, None)
    if any(o.sha256 == was.sha256 for o in today) or not today:
        near = [o for o in today if o.sha256 == was.sha256 and _overlap(o.row, was.row)]
    else:
        near = [o for o in today if rows_agree(o.row, was.row)]
        near = [o for o in near if _alike(o.row, was.row) >= 3] or [
            o for o in near if o.row["sentence"] == was.row["sentence"]
        ]
    return max(near, key=lambda o: (_alike(o.row, was.row), o.evidence_id), default=None)


def _overlap(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return int(one["char_start"]) < int(other["char_end"]) and int(other["char_start"]) < int(one["char_end"])


def _alike(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    told = ("endpoint", "statistic", "unit", "arm_drugs", "arm", "timepoint", "subgroup", "grade")
    same = sum(one[name] == other[name] for name in told)
    return same - 4 * (one["endpoint"] != other["endpoint"] or one["unit"] != other["unit"])


def _claim(today: Observation, decision: Decision | None) -> Claim | None:
    if decision is None:
        return Claim(today, today.row)
    was = decision.observation
    assert was is not None
    moved = differs(today.row, was.row)
    if decision.action == "reject":
        if not moved:
            return None
        return Claim(
            today, today.row, None, None, f"read otherwise when it was rejected (decision {decision.id})"
        )
    if not moved:
        return Claim(today, {**today.row, **decision.change}, decision)
    stands = {**_placed(was.row, today), **decision.change}
    if not differs(today.row, stands):
        return Claim(today, {**today.row, **decision.change}, decision, None, "newer rules read it so too")
    return Claim(today, stands, decision, today, "a newer reading disagrees with the decision")


def _placed(row: Mapping[str, str], today: Observation) -> dict[str, str]:
    """The row of old at the place of today."""
    where = ("doc_id", "page", "bbox", "char_start", "char_end", "value_text", "sentence", "evidence_id")
    return {**row, **{name: today.row[name] for name in where}}


def _unread(decision: Decision) -> Claim | None:
    if decision.action == "reject" or decision.observation is None:
        return None
    row = {**decision.observation.row, **decision.change}
    return Claim(
        decision.observation, row, decision, None, "no longer read in the paper; a person decided it"
    )
