"""A person decides: finds what is meant, refuses what makes no sense, puts it into the store."""

from __future__ import annotations

from collections.abc import Mapping

from isa_extract.errors import StoreError
from isa_extract.evidence.decisions import ACTIONS, FIXED, ON_ROWS, ON_STUDIES, Decision, in_force
from isa_extract.evidence.facts import Evidence, Fact
from isa_extract.evidence.statements import Observation
from isa_extract.evidence.store import Landed, Store, decide, snapshot
from isa_extract.evidence.store.snapshot import decisions_at, keys_of_row
from isa_extract.evidence.studies import keys_of_reference, reference, refers_to
from isa_extract.vocabulary import ARM_ROLES, ENDPOINTS, EVIDENCE_COLUMNS, QUALIFIERS, STATISTICS, UNITS

CLOSED = {
    "endpoint": ENDPOINTS,
    "statistic": STATISTICS,
    "qualifier": QUALIFIERS,
    "unit": (*UNITS, ""),
    "arm_role": (*ARM_ROLES, ""),
}
_NUMBERS = ("value", "n", "N", "ci_level")


class DecisionError(StoreError):
    """A decision that makes no sense: it names what is wrong, and nothing is put into the store."""


def decide_row(
    store: Store,
    action: str,
    evidence_id: str,
    *,
    who: str,
    why: str,
    change: Mapping[str, str] | None = None,
) -> Landed:
    """Accept, correct or reject a row of the table.

    Args:
        store: an open store.
        action: ``accept``, ``correct`` or ``reject``.
        evidence_id: of the row.
        who: the person.
        why: the reason, in a sentence.
        change: for ``correct``: the cells that are to be otherwise.

    Raises:
        DecisionError: if there is no such row, or the correction is not valid.
    """
    _common(action, ON_ROWS, who, why)
    change = dict(change or {})
    if (action == "correct") != bool(change):
        raise DecisionError("a correction says what is right, other decisions do not (--set COLUMN=VALUE)")
    with store.read() as connection:
        evidence = snapshot(connection, near=keys_of_row(connection, evidence_id))
    observation = row_of(evidence, evidence_id)
    _see_to(change, observation)
    telling = evidence.told.get((observation.paper, observation.telling))
    fact = fact_of(evidence, observation)
    known = tuple((claim.paper, claim.row) for _, _, claim in fact.claims()) if fact else ()
    return decide(
        store,
        Decision(
            0, action, who, "", why, observation=observation, telling=telling, known=known, change=change
        ),
    )


def decide_studies(store: Store, action: str, one: str, other: str, *, who: str, why: str) -> Landed:
    """Say that two studies are the same, or that they are not.

    Args:
        store: an open store.
        action: ``same`` or ``different``.
        one, other: registry ids or acronyms; ``PAPER:MAIA`` means what that paper calls so.
        who: the person.
        why: the reason, in a sentence.

    Raises:
        DecisionError: if one of them is in no paper, or they are one reference.
    """
    _common(action, ON_STUDIES, who, why)
    if reference(one) == reference(other):
        raise DecisionError(
            f"{one} and {other} are one name (PAPER:NAME tells two studies of one name apart)"
        )
    keys = keys_of_reference(reference(one)) | keys_of_reference(reference(other))
    with store.read() as connection:
        evidence = snapshot(connection, near=keys)
    for name in (one, other):
        if not any(refers_to(reference(name), telling) for telling in evidence.tellings):
            raise DecisionError(
                f"{name}: no paper tells of such a study (give a registry id, acronym or PAPER:NAME)"
            )
    return decide(store, Decision(0, action, who, "", why, studies=(one, other)))


def take_back(store: Store, number: int, *, who: str, why: str) -> Landed:
    """Take a decision back; taking back that one brings it back.

    Raises:
        DecisionError: if there is no such decision in force.
    """
    _common("take-back", ACTIONS, who, why)
    with store.read() as connection:
        decisions = decisions_at(connection)
    was = next((d for d in decisions if d.id == number), None)
    standing = {d.id for d in in_force(decisions)} | {d.id for d in decisions if d.action == "take-back"}
    if was is None or number not in standing:
        raise DecisionError(f"{number}: no decision that holds (see isa-extract history)")
    # told again, so that what it is about need not be looked up
    return decide(
        store,
        Decision(
            0,
            "take-back",
            who,
            "",
            why,
            observation=was.observation,
            telling=was.telling,
            studies=was.studies,
            takes_back=number,
        ),
    )


def row_of(evidence: Evidence, evidence_id: str) -> Observation:
    """The row with this id, also one that only a decision remembers.

    Raises:
        DecisionError: if there is none, or the beginning of an id fits several.
    """
    known = [*evidence.observations, *(c.observation for c in evidence.claims)]
    found = {o.evidence_id: o for o in known if evidence_id and o.evidence_id.startswith(evidence_id)}
    if len(found) != 1:
        raise DecisionError(
            f"{evidence_id}: {'several rows begin so' if found else 'no such row'} (see isa-extract export)"
        )
    return next(iter(found.values()))


def fact_of(evidence: Evidence, observation: Observation) -> Fact | None:
    """The fact that a row is part of; None for one that a person rejected."""
    for fact in evidence.facts:
        if any(claim.observation is observation for _, _, claim in fact.claims()):
            return fact
    return None


def _common(action: str, known: tuple[str, ...], who: str, why: str) -> None:
    if action not in known:
        raise DecisionError(f"{action}: no such decision (one of {', '.join(known)})")
    if not who.strip():
        raise DecisionError("a decision needs a name (--who NAME)")
    if not why.strip():
        raise DecisionError("a decision needs a reason (--why TEXT)")


def _see_to(change: dict[str, str], observation: Observation) -> None:
    from isa_extract.checking.arithmetic import printed_number

    for column, cell in change.items():
        if column not in EVIDENCE_COLUMNS or column in FIXED:
            raise DecisionError(f"{column}: not a column that can be corrected")
        if column in CLOSED and cell not in CLOSED[column]:
            raise DecisionError(f"{column}={cell}: not one of {', '.join(filter(None, CLOSED[column]))}")
        if column in _NUMBERS and cell and printed_number(cell) is None:
            raise DecisionError(f"{column}={cell}: not a number")
    told = {**observation.row, **change}
    if (told["qualifier"] in ("NR", "NE")) != (not told["value"]):
        raise DecisionError("a value is a number, or qualifier NR or NE with no value")
