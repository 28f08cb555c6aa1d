"""When two rows say the same, level by level.

Each level asks for all that the level before it asks, and for more:

* value: the decimal numbers are equal (`0.50` is `0.5`; no tolerance), and so is the unit. NR and NE
  are values of their own. `<`, `~` and the like belong to the slots.
* statistic: the same code.
* endpoint: the same code; for `AE` also the same `endpoint_term`, case and spacing apart. The term of
  `OTHER` is free text and is not compared here, nor is a term on any other code, where the contract
  has none.
* arm: the same trial and the same arm. The trial goes by its registry ids, as a set, where both rows
  state one, else by its name. The arm goes by its drugs, as a set, where both rows state them, else by
  its label (width, case, spaces and dashes apart). Two rows that both leave the trial (or the arm)
  empty agree; a row that leaves it empty never agrees with one that states it.
* slots: every slot of `SLOTS` agrees: equal, or empty in both. A slot that only one of the two rows
  states is wrong, whichever it is: an extractor earns nothing by filling what the paper leaves open.
  Numbers are compared as numbers, the comparator like an arm, `=` is an empty qualifier, and the
  subgroup is compared loosely (`same_subgroup`).

A column that the whole gold table leaves out is not compared. `followup` and the other columns of
`APART` are counted beside the scores and are part of no level.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from isa_extract.scoring.cells import NOT_A_NUMBER
from isa_extract.scoring.gold import Row

LEVELS: Final = ("value", "statistic", "endpoint", "arm", "slots")
HEADLINE: Final = LEVELS.index("arm") + 1
SLOTS: Final = (
    *("comparator", "qualifier", "ci_low", "ci_high", "p_value", "n", "N"),
    *("timepoint", "subgroup", "stage", "threshold", "grade"),
)
APART: Final = ("followup", "phase", "population", "arm_role", "ci_level", "endpoint_term")

_BLANKS: Final = re.compile(r"\s+")
_DASHES: Final = re.compile(r"[‐‑‒–—―−-]")
_SIGN: Final = re.compile(r"[<>=~]+")
_PLURAL: Final = re.compile(r"(?<=year|week|hour)s\b|(?<=month)s\b|(?<=day)s\b")
_MARK: Final = re.compile(
    r"[<>=]+ ?[\d.]+|[<>=]+|\d[\w.]*|\b[ivx]+\b"
    r"|\b(?:no|not|non|without|never|factor|high|low|standard|intermediate|early|late)\b"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_SMALL_WORDS: Final = frozenset({"of", "the", "and", "or", "with", "in", "patients", "subgroup", "group"})


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm as it is compared."""

    drugs: frozenset[str]
    label: str

    @property
    def stated(self) -> bool:
        return bool(self.drugs or self.label)

    def same(self, other: Arm) -> bool:
        if self.drugs and other.drugs:
            return self.drugs == other.drugs
        return self.label == other.label and self.stated == other.stated


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as it is compared."""

    ids: frozenset[str]
    name: str

    @property
    def stated(self) -> bool:
        return bool(self.ids or self.name)

    def same(self, other: Trial) -> bool:
        if self.ids and other.ids:
            return self.ids == other.ids
        return self.name == other.name and self.stated == other.stated


Slot = str | Decimal | Arm


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A row in the form in which it is compared."""

    row: Row
    value: tuple[str | Decimal, str]
    statistic: str
    endpoint: tuple[str, str]
    trial: Trial
    arm: Arm
    slots: dict[str, Slot]


def fact(row: Row) -> Fact:
    """The row as a fact."""
    unreached = row["qualifier"] in NOT_A_NUMBER
    term = folded(row["endpoint_term"]) if row["endpoint"] == "AE" else ""
    return Fact(
        row=row,
        value=(row["qualifier"] if unreached else _number(row["value"]), row["unit"]),
        statistic=row["statistic"],
        endpoint=(row["endpoint"], term),
        trial=trial_of(row),
        arm=_arm(row["arm"], row["arm_drugs"]),
        slots={name: _slot(name, row) for name in SLOTS},
    )


def trial_of(row: Row) -> Trial:
    """The trial that a row names."""
    return Trial(frozenset(map(bare, _parts(row["trial_id"], ";"))), bare(row["trial_name"]))


def depth(gold: Fact, found: Fact, columns: Collection[str]) -> int:
    """How many levels, one after the other, the two agree at: 0 to 5."""
    agree = (
        gold.value == found.value,
        gold.statistic == found.statistic,
        gold.endpoint == found.endpoint,
        gold.arm.same(found.arm) and same_trial(gold, found, columns),
        not wrong_slots(gold, found, columns),
    )
    return agree.index(False) if False in agree else len(agree)


def same_trial(gold: Fact, found: Fact, columns: Collection[str]) -> bool:
    """Whether two facts are of one trial; they are where gold does not tell trials at all."""
    told = "trial_id" in columns or "trial_name" in columns
    return not told or gold.trial.same(found.trial)


def wrong_slots(gold: Fact, found: Fact, columns: Collection[str]) -> list[str]:
    """The slots, of those among `columns`, that disagree."""
    return [name for name in SLOTS if name in columns and not same_slot(name, gold, found)]


def same_slot(name: str, gold: Fact, found: Fact) -> bool:
    """Whether two facts agree in one slot."""
    a, b = gold.slots[name], found.slots[name]
    if isinstance(a, Arm) and isinstance(b, Arm):
        return a.same(b)
    if name == "subgroup":
        return same_subgroup(str(a), str(b))
    return a == b


def same_apart(name: str, gold: Row, found: Row) -> bool:
    """Whether two rows agree in a column of `APART`."""
    return _time(gold[name]) == _time(found[name])


def same_subgroup(a: str, b: str) -> bool:
    """Loosely the same subset of patients.

    What tells one subset from its neighbour has to agree: numbers, signs, Roman numerals, negations,
    `high` and `standard`, `factor`. Of the other words one in common is enough, and none is needed
    where one side has no other words. An empty subgroup agrees with an empty one only.
    """
    if not a or not b:
        return a == b
    marks, words = _told_apart(a)
    other_marks, other_words = _told_apart(b)
    return marks == other_marks and (not words or not other_words or bool(words & other_words))


def _told_apart(text: str) -> tuple[frozenset[str], frozenset[str]]:
    text = folded(text).replace("≥", ">=").replace("≤", "<=")
    marks = frozenset(mark.replace(" ", "") for mark in _MARK.findall(text))
    words = frozenset(_WORD.findall(_MARK.sub(" ", text))) - _SMALL_WORDS
    return marks, words


def folded(text: str) -> str:
    """Width, case, dashes and runs of blanks levelled out."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold())
    return _BLANKS.sub(" ", text).strip()


def bare(text: str) -> str:
    """`folded`, and no blanks or dashes at all: `Isa Kd` is `isa-Kd`."""
    return re.sub(r"[ -]", "", folded(text))


def _parts(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]


def _arm(label: str, drugs: str) -> Arm:
    return Arm(frozenset(map(folded, _parts(drugs, "+"))), bare(label))


def _number(cell: str) -> str | Decimal:
    return Decimal(cell) if cell and cell not in NOT_A_NUMBER else cell


def _time(cell: str) -> str:
    """`12-months` as `12 month`; any other text merely folded."""
    text = _PLURAL.sub("", re.sub(r"(?<=\d)[ -]?(?=[a-z])", " ", folded(cell)))
    return re.sub(r"(?<=\d)\.0+(?= )", "", text)


def _slot(name: str, row: Row) -> Slot:
    cell = row[name]
    match name:
        case "comparator":
            return _arm(cell, row["comparator_drugs"])
        case "qualifier":
            # NR and NE are values, and have been compared as such
            return "" if cell in ("=", *NOT_A_NUMBER) else cell
        case "ci_low" | "ci_high" | "n" | "N":
            return _number(cell)
        case "p_value":
            return _p_value(cell)
        case "timepoint":
            return _time(cell)
        case "threshold":
            return bare(cell).replace("^", "")
        case "grade":
            return folded(cell).replace("≥", ">=").replace("≤", "<=").replace(" ", "")
        case _:
            return folded(cell)


def _p_value(cell: str) -> str:
    sign = _SIGN.match(cell)
    number = cell[sign.end() :] if sign else cell
    if not number or number == "NS":
        return cell
    shown = "" if sign is None or sign[0] == "=" else sign[0]
    return f"{shown}{Decimal(number).normalize():f}"
