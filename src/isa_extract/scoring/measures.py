"""What is told beside the levels.

* The wrong-arm rate: of the pairs matched at the endpoint level, the share whose arm is stated and
  wrong. An arm left empty where gold states one is counted apart: a wrong arm is worse than none.
* The accuracy of each slot on the pairs matched at the arm level, over those in which at least one of
  the two rows states the slot. A slot that both leave empty proves nothing.
* Flags: on the pairs matched at the arm level, the flags that gold expects and the ones that were set.
* The arm level by language, paper, family of endpoints, and by how the arm was found (`binding`).
  Gold rows have no binding, so that there only precision has a meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from isa_extract.scoring.compare import APART, SLOTS, Arm, same_apart, same_slot
from isa_extract.scoring.score import Level, Score, breakdown
from isa_extract.vocabulary import FLAGS_OF_READING

FAMILIES: Final = {
    "response": (
        *("ORR", "CR", "sCR", "CR_OR_BETTER", "VGPR", "VGPR_OR_BETTER", "PR", "SD", "PD", "DCR"),
        *("CLINICAL_BENEFIT", "RENAL_RESPONSE_COMPLETE", "RENAL_RESPONSE"),
    ),
    "residual disease": ("MRD_NEGATIVITY", "MRD_NEGATIVE_CR", "MRD_NEGATIVITY_SUSTAINED"),
    "time to event": (
        *("PFS", "PFS2", "OS", "EFS", "DFS", "RFS", "LFS", "TTP", "DOR", "TTR", "TTNT"),
        *("NRM", "TRM", "RELAPSE", "DEATH"),
    ),
    "safety": ("AE", "SAE", "AE_DISCONTINUATION"),
    "other": ("INFUSION_DURATION", "OTHER"),
}
_FAMILY: Final = {endpoint: family for family, endpoints in FAMILIES.items() for endpoint in endpoints}


@dataclass(frozen=True, slots=True)
class WrongArm:
    """Arms on the pairs that are right up to the endpoint."""

    pairs: int
    wrong: int
    blank: int

    @property
    def rate(self) -> float:
        return self.wrong / self.pairs if self.pairs else 0.0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a slot that was stated is right."""

    stated: int
    right: int

    @property
    def accuracy(self) -> float | None:
        return self.right / self.stated if self.stated else None


@dataclass(frozen=True, slots=True)
class Flags:
    """Flags on matched rows."""

    expected: int
    earned: int
    unexpected: int


def wrong_arm(score: Score) -> WrongArm:
    """How often a value right in all else is given to another arm."""
    pairs = score.pairs("endpoint")
    missed = [found.arm for gold, found in pairs if not gold.arm.same(found.arm)]
    wrong = sum(arm.stated for arm in missed)
    return WrongArm(len(pairs), wrong, len(missed) - wrong)


def slot_accuracy(score: Score) -> dict[str, Accuracy]:
    """Each compared slot on the pairs right to the arm."""
    pairs = score.pairs("arm")
    accuracy: dict[str, Accuracy] = {}
    for name in SLOTS:
        if name not in score.columns:
            continue
        stated = [(a, b) for a, b in pairs if _filled(a.slots[name]) or _filled(b.slots[name])]
        accuracy[name] = Accuracy(len(stated), sum(same_slot(name, a, b) for a, b in stated))
    return accuracy


def apart_accuracy(score: Score) -> dict[str, Accuracy]:
    """The same for the columns that are part of no level."""
    rows = [(a.row, b.row) for a, b in score.pairs("arm")]
    accuracy: dict[str, Accuracy] = {}
    for name in APART:
        if name in score.columns:
            stated = [(a, b) for a, b in rows if a[name] or b[name]]
            accuracy[name] = Accuracy(len(stated), sum(same_apart(name, a, b) for a, b in stated))
    return accuracy


def flags(score: Score) -> Flags:
    """Flags expected by gold and flags set."""
    expected = earned = unexpected = 0
    for gold, found in score.pairs("arm"):
        wanted, shown = _flags(gold.row["expected_flag"]), _flags(found.row["flags"])
        expected += len(wanted)
        earned += len(wanted & shown)
        unexpected += len(shown - wanted - set(FLAGS_OF_READING))
    return Flags(expected, earned, unexpected)


def breakdowns(score: Score) -> dict[str, dict[str, Level]]:
    """The arm level by everything it is broken down by."""
    return {
        "language": breakdown(score, lambda paper, _: paper.language),
        "document": breakdown(score, lambda paper, _: paper.doc_id),
        "endpoint_family": breakdown(score, lambda _, one: _FAMILY.get(one.endpoint[0], "none")),
    }


def by_binding(score: Score) -> dict[str, Level]:
    """Predicted rows by how their arm was found; `gold` is 0, for gold rows have no binding."""
    found = breakdown(score, lambda _, one: one.row["binding"] or "none")
    return {name: Level(level.tp, level.predicted, 0) for name, level in found.items() if level.predicted}


def _filled(slot: object) -> bool:
    return slot.stated if isinstance(slot, Arm) else slot != ""


def _flags(cell: str) -> frozenset[str]:
    return frozenset(part.strip() for part in cell.split(";") if part.strip())
