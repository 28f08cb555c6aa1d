"""What comes in: a paper's statements, or a person's decision, each in one transaction with its changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from isa_extract.evidence.decisions import Decision
from isa_extract.evidence.merge import Change, changes
from isa_extract.evidence.statements import Statements
from isa_extract.evidence.store import schema as s
from isa_extract.evidence.store.database import Store
from isa_extract.evidence.store.rows import arms_json, as_json, target_json
from isa_extract.evidence.store.snapshot import current, snapshot
from isa_extract.evidence.studies import keys_of, keys_of_reference, reference


@dataclass(frozen=True, slots=True)
class Landing:
    """A paper to be put in.

    Attributes:
        name: its ``doc_id`` in the store.
        source: the path it was read from.
        sha256: of its bytes.
        reading_key, binding_key: fingerprints of what read and bound it.
        statements: what it says.
        about: of the paper itself: ``title``, ``doi``, ``notices`` (what could not be read of it).
        text: the paper as read, as bytes; None if the store has it.
    """

    name: str
    source: str
    sha256: str
    reading_key: str
    binding_key: str
    statements: Statements
    about: Mapping[str, str] = field(default_factory=dict)
    text: bytes | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """What putting it in did: the revision, and what it changed."""

    revision: int
    changes: tuple[Change, ...]


def next_batch(store: Store) -> int:
    """A number for the revisions of one update."""
    with store.read() as connection:
        return (connection.scalar(select(func.max(s.revision.c.batch))) or 0) + 1


def land(store: Store, landing: Landing, *, batch: int, who: str) -> Landed:
    """Put a paper in: all of it, with what it changes, or nothing.

    Raises:
        StoreError: if the store cannot be written.
    """
    with store.write() as connection:
        number = _revision(connection, "paper", who, batch)
        paper = connection.scalar(select(s.paper.c.id).where(s.paper.c.name == landing.name))
        before_keys = _keys_of_paper(connection, paper)
        keys = before_keys.union(*(keys_of(t) for t in landing.statements.tellings))
        before = snapshot(connection, near=keys)
        if paper is None:
            paper = _put(connection, s.paper, name=landing.name, revision_id=number)
        reading = _put(
            connection,
            s.reading,
            paper_id=paper,
            version_id=_version(connection, paper, landing, number),
            revision_id=number,
            reading_key=landing.reading_key,
            binding_key=landing.binding_key,
            rows_of=_same_rows(connection, paper, landing),
            about=as_json(dict(landing.about)),
        )
        if connection.scalar(select(s.reading.c.rows_of).where(s.reading.c.id == reading)) is None:
            _put_statements(connection, reading, landing.statements)
        if landing.text is not None:
            connection.execute(delete(s.paper_text).where(s.paper_text.c.sha256 == landing.sha256))
            text = {"sha256": landing.sha256, "reading_key": landing.reading_key, "data": landing.text}
            connection.execute(insert(s.paper_text).values(text))
        after = snapshot(connection, near=keys)
        found = changes(before, after, landing.name)
        _put_changes(connection, number, found)
    return Landed(number, tuple(found))


def decide(store: Store, decision: Decision) -> Landed:
    """Put a person's decision in, with what it changes; ``id``, ``when`` and ``revision`` are set here.

    Raises:
        StoreError: if the store cannot be written.
    """
    with store.write() as connection:
        batch = (connection.scalar(select(func.max(s.revision.c.batch))) or 0) + 1
        number = _revision(connection, "decision", decision.who, batch)
        keys = frozenset().union(*(keys_of_reference(reference(one)) for one in decision.studies if one))
        if decision.telling is not None:
            # a decided row leads to all studies of its paper, so these are looked at before it too
            name = decision.telling.paper
            paper = connection.scalar(select(s.paper.c.id).where(s.paper.c.name == name))
            keys |= keys_of(decision.telling) | _keys_of_paper(connection, paper)
        before = snapshot(connection, near=keys)
        _put(
            connection,
            s.decision,
            revision_id=number,
            action=decision.action,
            why=decision.why,
            target=target_json(decision),
            takes_back=decision.takes_back or None,
        )
        found = changes(before, snapshot(connection, near=keys), "")
        _put_changes(connection, number, found)
    return Landed(number, tuple(found))


def _revision(connection: Connection, kind: str, who: str, batch: int) -> int:
    # times rise with revisions, also when the clock was set back: `--as-of` a time must mean one state
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    last = connection.scalar(select(func.max(s.revision.c.at)))
    return _put(connection, s.revision, at=max(now, last or now), kind=kind, who=who, batch=batch)


def _put(connection: Connection, table: Any, **cells: object) -> int:
    key = connection.execute(insert(table).values(cells)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _version(connection: Connection, paper: int, landing: Landing, number: int) -> int:
    """The paper's last version if it is this one, else a new one."""
    query = select(s.version).where(s.version.c.paper_id == paper).order_by(s.version.c.id.desc()).limit(1)
    last = connection.execute(query).mappings().first()
    if last is not None and (last["sha256"], last["source"]) == (landing.sha256, landing.source):
        return int(last["id"])
    return _put(
        connection,
        s.version,
        paper_id=paper,
        sha256=landing.sha256,
        source=landing.source,
        revision_id=number,
    )


def _keys_of_paper(connection: Connection, paper: int | None) -> frozenset[str]:
    if paper is None:
        return frozenset()
    rows_of = current(None).where(s.reading.c.paper_id == paper).subquery()
    return frozenset(
        connection.scalars(
            select(s.telling_key.c.key)
            .join(s.telling, s.telling.c.id == s.telling_key.c.telling_id)
            .join(rows_of, rows_of.c.rows_of == s.telling.c.reading_id)
        )
    )


def _same_rows(connection: Connection, paper: int, landing: Landing) -> int | None:
    """The paper's last reading with rows of its own, if these are the same rows of the same bytes."""
    rows_of = connection.scalar(
        select(current(None).where(s.reading.c.paper_id == paper).subquery().c.rows_of)
    )
    if rows_of is None:
        return None
    version = select(s.version.c.sha256).join(s.reading).where(s.reading.c.id == rows_of)
    if connection.scalar(version) != landing.sha256:
        return None
    kept = [
        connection.execute(
            select(*columns).join(s.telling).where(table.c.reading_id == rows_of).order_by(table.c.id)
        )
        for table, columns in (
            (s.observation, (s.telling.c.ref, s.observation.c.place, s.observation.c.cells)),
            (s.silence, (s.telling.c.ref, s.silence.c.endpoint, s.silence.c.cells)),
        )
    ]
    studies = select(s.telling.c.ref, s.telling.c.cells, s.telling.c.arms).where(
        s.telling.c.reading_id == rows_of
    )
    told = landing.statements
    same = (
        [tuple(row) for row in connection.execute(studies.order_by(s.telling.c.id))]
        == [(t.ref, as_json(t.cells), arms_json(t.arms)) for t in told.tellings]
        and [tuple(row) for row in kept[0]]
        == [(o.telling, o.place, as_json(o.row)) for o in told.observations]
        and [tuple(row) for row in kept[1]]
        == [(q.telling, q.endpoint, as_json(q.cells)) for q in told.silences]
    )
    return rows_of if same else None


def _put_statements(connection: Connection, reading: int, told: Statements) -> None:
    ids: dict[str, int] = {}
    for telling in told.tellings:
        cells, arms = as_json(telling.cells), arms_json(telling.arms)
        ids[telling.ref] = _put(
            connection, s.telling, reading_id=reading, ref=telling.ref, cells=cells, arms=arms
        )
        keys = [{"telling_id": ids[telling.ref], "key": key} for key in sorted(keys_of(telling))]
        connection.execute(insert(s.telling_key), keys)
    rows: list[dict[str, object]] = [
        {
            "reading_id": reading,
            "telling_id": ids[o.telling],
            "evidence_id": o.evidence_id,
            "place": o.place,
            "cells": as_json(o.row),
        }
        for o in told.observations
    ]
    if rows:
        connection.execute(insert(s.observation), rows)
    silent: list[dict[str, object]] = [
        {
            "reading_id": reading,
            "telling_id": ids[q.telling],
            "endpoint": q.endpoint,
            "cells": as_json(q.cells),
        }
        for q in told.silences
    ]
    if silent:
        connection.execute(insert(s.silence), silent)


def _put_changes(connection: Connection, number: int, found: Iterable[Change]) -> None:
    rows: list[dict[str, object]] = [
        {"revision_id": number, "kind": c.kind, "fact_id": c.fact.id, "cells": as_json(c.cells())}
        for c in found
    ]
    if rows:
        connection.execute(insert(s.change), rows)


__all__ = ["Landed", "Landing", "decide", "land", "next_batch"]
