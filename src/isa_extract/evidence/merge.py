"""What a paper that comes in says about each fact, measured against what was known before.

========== ==========================================================================================
new        nobody said it before (or only at later data cuts)
confirmed  another paper said it already, perhaps rounded otherwise
updated    it was known at an earlier data cut; this is a later one
conflict   at the same data cut, values (or intervals) that cannot both be right
withdrawn  the paper said it and its new version, or a newer reading of it, no longer does
========== ==========================================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from isa_extract.evidence.agreement import duration, rows_agree, values_agree
from isa_extract.evidence.decisions import Claim
from isa_extract.evidence.facts import Cut, Evidence, Fact, contradictions

KINDS: Final = ("new", "confirmed", "updated", "conflict", "withdrawn")

SLOT_COLUMNS: Final = (
    *("arm", "comparator", "endpoint", "endpoint_term", "statistic", "timepoint", "subgroup", "stage"),
    *("threshold", "grade"),
)
SIDE_COLUMNS: Final = (
    *("value", "unit", "qualifier", "ci_low", "ci_high", "followup", "doc_id", "page", "sentence"),
    "evidence_id",
)
CHANGE_COLUMNS: Final = (
    *("change", "study", "trial_id", "trial_name", *SLOT_COLUMNS, *SIDE_COLUMNS),
    *(f"other_{name}" for name in SIDE_COLUMNS),
    *("note", "fact_id"),
)
"""Of ``changes.csv``: what the paper says, and beside it (``other_``) what was said already."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an update.

    ``told`` is the paper's claim; ``other`` the one it confirms, updates or contradicts, where there is one.
    """

    kind: str
    fact: Fact
    told: Claim
    other: Claim | None = None
    note: str = ""

    def cells(self) -> dict[str, str]:
        """Its row of ``changes.csv``."""
        study = self.fact.study
        told, other = self.told.row, self.other.row if self.other else {}
        cells = {"change": self.kind, "study": study.key}
        cells |= {"trial_id": study.trial_id, "trial_name": study.trial_name}
        cells |= {name: told[name] for name in SLOT_COLUMNS}
        cells |= {name: told[name] for name in SIDE_COLUMNS}
        cells |= {f"other_{name}": other.get(name, "") for name in SIDE_COLUMNS}
        return cells | {"note": self.note, "fact_id": self.fact.id}


def changes(before: Evidence, after: Evidence, paper: str) -> list[Change]:
    """What is different, in order of study and slot; each of the paper's claims is told of once at most.

    Args:
        before: of at least all studies that the paper tells of, before or now.
        after: the same studies with what the paper says now.
        paper: the name of the paper that came in, was changed or was read anew.
    """
    known = _by_slot(before.facts)
    found: list[Change] = []
    for fact in after.facts:
        found += _of_fact(fact, known, paper)
    found += _withdrawn(before, after, paper)
    found += _newly_met(before, after, paper, {(c.fact.id, c.kind) for c in found})
    return sorted(found, key=_order)


def _order(change: Change) -> tuple[object, ...]:
    row = change.told.row
    return (
        change.fact.study.key,
        change.fact.slot,
        KINDS.index(change.kind),
        int(row["char_start"] or 0),
        row["evidence_id"],
    )


def _by_slot(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Facts by slot: before a paper joined two names of a study, its facts may have stood apart."""
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[repr(fact.slot)].append(fact)
    return found


def _of_fact(fact: Fact, known: dict[str, list[Fact]], paper: str) -> Iterator[Change]:
    mine = {id(claim) for _, _, claim in fact.claims() if claim.paper == paper}
    if not mine:
        return
    own_before = [
        (cut, claim)
        for old in known.get(repr(fact.slot), ())
        for cut, _, claim in old.claims()
        if claim.paper == paper
    ]
    others = [(cut, claim) for cut, _, claim in fact.claims() if claim.paper != paper]
    seen: list[Claim] = []
    for cut, position, claim in fact.claims():
        if id(claim) not in mine:
            continue
        if any(rows_agree(claim.row, c.row) and _same_cut(cut, claim, c) for _, c in own_before):
            continue
        if any(rows_agree(claim.row, c.row) and _same_cut(cut, claim, c) for c in seen):
            continue
        seen.append(claim)
        change = _said(fact, cut, claim, [c for c in position.claims if c.paper != paper], others)
        if change.kind == "conflict" and change.other is not None and change.other.paper == paper:
            seen.append(change.other)  # a paper against itself is one line, not one from each side
        yield change


def _same_cut(cut: Cut, claim: Claim, other: Claim) -> bool:
    return duration(claim.row["followup"]) == duration(other.row["followup"]) or (
        cut.followup in ("", other.row["followup"])
    )


def _said(
    fact: Fact, cut: Cut, claim: Claim, agreeing: Sequence[Claim], others: Sequence[tuple[Cut, Claim]]
) -> Change:
    against = _contradicted(cut, claim)
    if against is not None:
        return Change("conflict", fact, claim, against, conflict_note(claim, against))
    if agreeing:
        other = agreeing[0]
        exactly = other.row["value"] == claim.row["value"]
        return Change("confirmed", fact, claim, other, "" if exactly else "one is the other's rounding")
    earlier = [other for at, other in others if at.months < cut.months]
    if earlier:
        return Change("updated", fact, claim, earlier[-1], "a later data cut")
    later = [other for at, other in others if at.months > cut.months]
    return Change("new", fact, claim, later[0] if later else None, "an earlier data cut" if later else "")


def _contradicted(cut: Cut, claim: Claim) -> Claim | None:
    if cut.standing != "conflict":
        return None
    members = [c for position in cut.positions for c in position.claims]
    for one, other in contradictions(members):
        if claim.paper == one.paper == other.paper:
            if claim in (one, other):
                return other if claim is one else one
        elif claim.paper == one.paper:
            return other
        elif claim.paper == other.paper:
            return one
    return None


def conflict_note(one: Claim, other: Claim) -> str:
    """What is apart, and what might still explain it."""
    what = "intervals" if values_agree(one.row, other.row) else "values"
    note = f"{what} apart"
    within = one.paper == other.paper
    if within:
        places = sorted((one.observation.place or "text", other.observation.place or "text"))
        note += f" within one paper ({places[0]} and {places[1]})"
    untold = [c for c in (one, other) if duration(c.row["followup"]) is None]
    if within and len(untold) == 1:
        note += "; one of them with no follow-up told"
    elif untold and not within:
        note += "; no follow-up told by " + " or ".join(sorted(c.paper for c in untold))
    return note


def _withdrawn(before: Evidence, after: Evidence, paper: str) -> Iterator[Change]:
    today = [c for c in after.claims if c.paper == paper]
    slots = {id(c): repr(fact.slot) for fact in after.facts for _, _, c in fact.claims()}
    for fact in before.facts:
        gone: list[Claim] = []
        for _, _, claim in fact.claims():
            if claim.paper != paper or any(rows_agree(claim.row, c.row) for c in gone):
                continue
            here = [c for c in today if slots.get(id(c)) == repr(fact.slot)]
            if any(rows_agree(claim.row, c.row) for c in here):
                continue
            gone.append(claim)
            anew = {o.sha256 for o in after.observations if o.paper == paper}
            why = (
                "newer rules no longer read it"
                if claim.observation.sha256 in anew
                else "the new version no longer says it"
            )
            yield Change("withdrawn", fact, claim, here[0] if here else None, why)


def _newly_met(before: Evidence, after: Evidence, paper: str, told: set[tuple[str, str]]) -> Iterator[Change]:
    """Conflicts between other papers that come up because this one shows two studies to be one."""
    was = {
        (pair[0].observation.evidence_id, pair[1].observation.evidence_id)
        for fact in before.facts
        for cut in fact.cuts
        for pair in contradictions([c for p in cut.positions for c in p.claims])
    }
    for fact in after.facts:
        for cut in fact.cuts:
            if cut.standing != "conflict" or (fact.id, "conflict") in told:
                continue
            for one, other in contradictions([c for p in cut.positions for c in p.claims]):
                if paper in (one.paper, other.paper):
                    continue
                if (one.observation.evidence_id, other.observation.evidence_id) not in was:
                    why = f"{paper} shows the studies to be one" if paper else "brought up by a decision"
                    yield Change("conflict", fact, one, other, f"{conflict_note(one, other)}; {why}")
