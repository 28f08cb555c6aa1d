"""The past of a store: its revisions, what each said, and which revision `--as-of` means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import Connection, func, select

from isa_extract.errors import StoreError
from isa_extract.evidence.decisions import Decision
from isa_extract.evidence.facts import Evidence, Fact
from isa_extract.evidence.store import Store
from isa_extract.evidence.store import schema as s
from isa_extract.evidence.store.snapshot import decisions_at

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Revision:
    """One transaction of the store.

    Attributes:
        id: its number.
        at: when, UTC in ISO form.
        kind: ``paper`` or ``decision``.
        who: the process, or the person.
        batch: the same for all papers of one update.
        paper: the paper that came in; empty for a decision.
        decision: the decision; None for a paper.
        changes: what it said, a row of ``changes.csv`` each.
    """

    id: int
    at: str
    kind: str
    who: str
    batch: int
    paper: str
    decision: Decision | None
    changes: tuple[dict[str, str], ...]


def revision_at(store: Store, as_of: str) -> int:
    """The last revision that `--as-of` takes in.

    Args:
        store: an open store.
        as_of: a revision's number, a day (to its end), or a time in ISO form; UTC where it names no zone.

    Raises:
        StoreError: if it is neither, or before the first revision.
    """
    with store.read() as connection:
        if as_of.isdecimal() and len(as_of) < 19:  # databases hold no larger numbers
            found = connection.scalar(
                select(s.revision.c.id).where(s.revision.c.id <= int(as_of)).order_by(s.revision.c.id.desc())
            )
        else:
            until = _moment(as_of).isoformat(timespec="microseconds")
            found = connection.scalar(select(func.max(s.revision.c.id)).where(s.revision.c.at <= until))
    if found is None:
        raise StoreError(f"{store.name}: nothing in it yet as of {as_of} (see isa-extract history)")
    return int(found)


def _moment(text: str) -> datetime:
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(datetime.fromisoformat(text), time.max, UTC)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise StoreError(
            f"{text}: neither a revision nor a time (give 12, 2026-11-22 or 2026-11-22T10:30)"
        ) from None


def revisions(connection: Connection, since: int = 0, fact_id: str = "") -> Iterator[Revision]:
    """The revisions in order, with all that they said, or what they said of one fact."""
    decided = {d.revision: d for d in decisions_at(connection)}
    named = select(s.reading.c.revision_id, s.paper.c.name).join(
        s.paper, s.paper.c.id == s.reading.c.paper_id
    )
    papers = {row[0]: row[1] for row in connection.execute(named)}
    said: dict[int, list[dict[str, str]]] = {}
    query = select(s.change.c.revision_id, s.change.c.cells).where(s.change.c.revision_id > since)
    if fact_id:
        query = query.where(s.change.c.fact_id == fact_id)
    for revision, cells in connection.execute(query.order_by(s.change.c.id)):
        said.setdefault(revision, []).append(json.loads(cells))
    for row in connection.execute(
        select(s.revision).where(s.revision.c.id > since).order_by(s.revision.c.id)
    ).mappings():
        number = row["id"]
        if fact_id and number not in said:
            continue
        yield Revision(
            id=number,
            at=row["at"],
            kind=row["kind"],
            who=row["who"],
            batch=row["batch"],
            paper=papers.get(number, ""),
            decision=decided.get(number),
            changes=tuple(said.get(number, ())),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: what one paper says of one fact, and how that stands beside the others."""

    fact: Fact
    followup: str
    paper: str
    evidence_id: str
    value: str
    stands: str


def ledger(evidence: Evidence) -> list[Entry]:
    """Who says what of which fact; in whatever order papers came in, it is the same.

    ``stands`` is ``current``, ``superseded`` (a later data cut is known), ``disputed`` (against another), or
    ``aside`` (a person decided otherwise).
    """
    entries = []
    for fact in evidence.facts:
        for cut in fact.cuts:
            stands = "current" if cut is fact.latest else "superseded"
            if cut.standing == "conflict":
                stands = "disputed"
            told = [(claim, stands) for position in cut.positions for claim in position.claims]
            for claim, how in told + [(claim, "aside") for claim in cut.aside]:
                row = claim.row
                value = row["value"] or row["qualifier"]
                entries.append(Entry(fact, cut.followup, claim.paper, row["evidence_id"], value, how))
    return sorted(entries, key=lambda e: (e.fact.id, e.followup, e.paper, e.evidence_id))
