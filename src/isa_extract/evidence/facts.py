"""Facts: what observations, across papers, say of one thing; what of it agrees and what does not.

A fact is a slot of a study: one endpoint of one arm in one setting. It has a cut for each follow-up that it
is told at, the oldest first, and a cut has a position for each value told. All of it is made from rows and
decisions alone, so that the order in which papers came in has no say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

from isa_extract.evidence.agreement import (
    Amount,
    Row,
    duration,
    figures_agree,
    fineness,
    rows_agree,
)
from isa_extract.evidence.decisions import Claim, Decision, claims, in_force
from isa_extract.evidence.normal_forms import Slot, slot_of
from isa_extract.evidence.statements import Observation, Silence, Telling
from isa_extract.evidence.studies import ArmBook, Key, Ruling, StudyIdentity, reference, who_is_who

STANDINGS = ("decided", "confirmed", "reported", "several", "conflict")
"""Of a cut: a person decided it; two papers or more agree; one paper says it; one paper gives several values
in the same terms; papers (or a paper's table and text, abstract and body) contradict each other."""

_UNTOLD_BEFORE, _UNTOLD_AFTER = Fraction(-1), Fraction(10**9)


@dataclass(frozen=True, slots=True)
class Position:
    """One value of a cut and all who say it; the most exact first."""

    claims: tuple[Claim, ...]

    @property
    def lead(self) -> Claim:
        """The claim that stands for all."""
        return self.claims[0]

    @property
    def papers(self) -> tuple[str, ...]:
        """Who says it."""
        return tuple(sorted({claim.paper for claim in self.claims}))


@dataclass(frozen=True, slots=True)
class Cut:
    """A fact at one follow-up.

    Attributes:
        followup: as told; empty where nobody tells.
        months: puts cuts in order.
        positions: the values told.
        standing: one of ``STANDINGS``.
        aside: what papers said otherwise when a person decided.
    """

    followup: str
    months: Fraction
    positions: tuple[Position, ...]
    standing: str
    aside: tuple[Claim, ...] = ()

    @property
    def papers(self) -> tuple[str, ...]:
        """All papers that speak of it."""
        return tuple(sorted({paper for position in self.positions for paper in position.papers}))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is reported; ``cuts`` are in order of follow-up."""

    study: StudyIdentity
    slot: Slot
    cuts: tuple[Cut, ...]

    @property
    def id(self) -> str:
        """The same study and slot always give the same id."""
        told = (self.study.key, *(str(getattr(self.slot, name)) for name in Slot.__slots__))
        return sha256("\x1f".join(told).encode()).hexdigest()[:16]

    @property
    def latest(self) -> Cut:
        """What holds now."""
        return self.cuts[-1]

    def claims(self) -> Iterable[tuple[Cut, Position, Claim]]:
        """Every claim, with where it stands."""
        for cut in self.cuts:
            for position in cut.positions:
                for claim in position.claims:
                    yield cut, position, claim


@dataclass(frozen=True)
class Evidence:
    """Tellings, observations and decisions of one moment, and what follows from them."""

    tellings: tuple[Telling, ...]
    observations: tuple[Observation, ...]
    decisions: tuple[Decision, ...] = ()
    silences: tuple[Silence, ...] = ()

    @cached_property
    def told(self) -> dict[Key, Telling]:
        """The tellings; those that only a decision remembers among them."""
        told = {t.key: t for t in self.tellings}
        for decision in in_force(self.decisions):
            if decision.telling is not None and decision.action != "reject":
                told.setdefault(decision.telling.key, decision.telling)
        return told

    @cached_property
    def studies(self) -> dict[Key, StudyIdentity]:
        """The study of each telling."""
        return who_is_who(self.told.values(), rulings(self.decisions))

    @cached_property
    def books(self) -> dict[str, ArmBook]:
        """The arms of each study."""
        tellings: defaultdict[str, list[Telling]] = defaultdict(list)
        for key, study in self.studies.items():
            tellings[study.key].append(self.told[key])
        return {study: ArmBook(told) for study, told in tellings.items()}

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The rows as people left them."""
        return tuple(claims(self.observations, self.decisions))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """All facts, by study and slot."""
        grouped: defaultdict[tuple[str, Slot], list[Claim]] = defaultdict(list)
        identities: dict[str, StudyIdentity] = {}
        for claim in self.claims:
            study = self.studies[claim.paper, claim.observation.telling]
            identities[study.key] = study
            grouped[study.key, _slot(claim.row, self.books[study.key])].append(claim)
        return tuple(
            Fact(identities[name], slot, cuts_of(told))
            for (name, slot), told in sorted(grouped.items(), key=_first)
        )


def _first(pair: tuple[tuple[str, Slot], object]) -> tuple[str, Slot]:
    return pair[0]


def rulings(decisions: Iterable[Decision]) -> list[Ruling]:
    """What people ruled about studies and still holds."""
    return [
        Ruling(d.action, reference(d.studies[0]), reference(d.studies[1]))
        for d in in_force(decisions)
        if d.action in ("same", "different")
    ]


def _slot(row: Row, book: ArmBook) -> Slot:
    arm = book.key(row["arm"], row["arm_drugs"], row["arm_role"])
    comparator = book.key(row["comparator"], row["comparator_drugs"], "") if row["comparator"] else ""
    return slot_of(row, arm, comparator or book.other(arm))


# ------------------------------------------------------------------------------------------- data cuts


def cuts_of(told: Sequence[Claim]) -> tuple[Cut, ...]:
    """A fact's claims by follow-up, oldest first.

    Follow-ups that round to each other are one cut. A claim that tells none goes with the latest cut in
    which its value stands, else with the latest of all, where it is held against what stands there; but a
    median that is not reached comes before one that is.
    """
    ordered = sorted(told, key=_exact)
    timed = [(claim, at) for claim in ordered if (at := duration(claim.row["followup"])) is not None]
    untold = [claim for claim in ordered if duration(claim.row["followup"]) is None]
    marks: list[Amount] = []
    members: defaultdict[Fraction, list[Claim]] = defaultdict(list)
    for claim, at in sorted(timed, key=lambda one: (one[1].half, one[1].number or 0)):
        mark = next((m for m in marks if figures_agree(m, at)), None)
        if mark is None:
            marks.append(mark := at)
        members[mark.number or Fraction(0)].append(claim)
    for claim in untold:
        members[_cut_for(claim, members, untold)].append(claim)
    return tuple(_cut(months, sorted(group, key=_exact)) for months, group in sorted(members.items()))


def _cut_for(claim: Claim, members: Mapping[Fraction, Sequence[Claim]], untold: Sequence[Claim]) -> Fraction:
    told = sorted(m for m, group in members.items() if any(c not in untold for c in group))
    for months in reversed(told):
        if any(rows_agree(claim.row, other.row) for other in members[months] if other not in untold):
            return months
    reached = claim.row["qualifier"] != "NR"
    if not told:
        both = len({other.row["qualifier"] == "NR" for other in untold}) > 1
        return _UNTOLD_BEFORE if both and not reached else _UNTOLD_AFTER
    standing = [c.row["qualifier"] != "NR" for c in members[told[-1]] if c not in untold]
    if not reached and all(standing):
        return _UNTOLD_BEFORE
    return _UNTOLD_AFTER if reached and not any(standing) else told[-1]


def _exact(claim: Claim) -> tuple[object, ...]:
    """Decided rows first, then the most exact, the fullest, and by place."""
    row = claim.row
    filled = sum(1 for name in ("ci_low", "ci_high", "p_value", "n", "N", "comparator", "page") if row[name])
    decided = -claim.decision.id if claim.decision else 0
    return decided, *fineness(row), -filled, claim.paper, int(row["char_start"] or 0), row["evidence_id"]


def _cut(months: Fraction, members: Sequence[Claim]) -> Cut:
    followup = next((c.row["followup"] for c in members if duration(c.row["followup"])), "")
    judged = [c for c in members if c.decision is not None]
    aside = tuple(c for c in members if c.decision is None and judged and _set_aside(c, judged))
    positions = _positions([c for c in members if c not in aside])
    return Cut(followup, months, positions, _standing(positions), aside)


def _set_aside(claim: Claim, judged: Sequence[Claim]) -> bool:
    """Whether the claim was known, and differed, when a person decided: then the decision answers it."""
    if any(rows_agree(claim.row, other.row) for other in judged):
        return False
    return any(
        paper == claim.paper and rows_agree(row, claim.row)
        for other in judged
        if other.decision is not None
        for paper, row in other.decision.known
    )


def _positions(members: Sequence[Claim]) -> tuple[Position, ...]:
    found: list[list[Claim]] = []
    for claim in members:
        for position in found:
            if all(rows_agree(claim.row, other.row) for other in position):
                position.append(claim)
                break
        else:
            found.append([claim])
    return tuple(Position(tuple(position)) for position in found)


def _standing(positions: Sequence[Position]) -> str:
    members = [claim for position in positions for claim in position.claims]
    if len(positions) > 1 and contradictions(members):
        return "conflict"
    if any(claim.decision for claim in members):
        return "decided"
    if len(positions) > 1:
        return "several"
    return "confirmed" if len(positions[0].papers) > 1 else "reported"


def contradictions(members: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    """The pairs that contradict each other.

    Two papers do where nothing that one says agrees with anything that the other says. A paper contradicts
    itself where its table and its text, or its abstract and its body, do so. Several values that one passage
    gives in the same terms are no contradiction: words that tell them apart may be none that a row holds.
    """
    sources: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    papers: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in members:
        sources[claim.paper, _part(claim)].append(claim)
        papers[claim.paper].append(claim)
    pairs = [(a, b) for a in papers for b in papers if a < b]
    found = [(papers[a], papers[b]) for a, b in pairs]
    for paper, part in sources:
        for other in ("table", "body", "abstract"):
            if part < other and (paper, other) in sources:
                found.append((sources[paper, part], sources[paper, other]))
    return [
        (one[0], other[0])
        for one, other in found
        if not any(rows_agree(a.row, b.row) for a in one for b in other)
    ]


def _part(claim: Claim) -> str:
    if claim.decision is not None:
        return "decided"
    place = claim.observation.place
    return place if place in ("table", "abstract") else "body"
