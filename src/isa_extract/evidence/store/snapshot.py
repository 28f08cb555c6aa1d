"""What stands in a store, now or at a revision: all of it, or what some studies have to do with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select

from isa_extract.evidence.decisions import Decision, in_force
from isa_extract.evidence.facts import Evidence, rulings
from isa_extract.evidence.statements import Observation, Silence, Telling
from isa_extract.evidence.store import schema as s
from isa_extract.evidence.store.rows import arms_of, cells_of, decision_of
from isa_extract.evidence.studies import keys_of, keys_of_reference

_T = TypeVar("_T")

_AT_ONCE = 500  # values in one query; databases have limits


@dataclass(frozen=True, slots=True)
class Known:
    """A paper as the store knows it last.

    Attributes:
        name: its ``doc_id`` in the store.
        source: the path it was last read from.
        sha256: of its last version.
        reading_key, binding_key: fingerprints of what read and bound it.
        about: ``title``, ``doi`` and ``notices``, where there are any.
    """

    name: str
    source: str
    sha256: str
    reading_key: str
    binding_key: str
    about: Mapping[str, str]


def current(revision: int | None) -> Select[tuple[int, int]]:
    """The last reading of each paper: its id, and the reading that holds its rows."""
    last = select(func.max(s.reading.c.id)).group_by(s.reading.c.paper_id)
    if revision is not None:
        last = last.where(s.reading.c.revision_id <= revision)
    rows_of = func.coalesce(s.reading.c.rows_of, s.reading.c.id)
    return select(s.reading.c.id, rows_of.label("rows_of")).where(s.reading.c.id.in_(last))


def known_papers(connection: Connection, revision: int | None = None) -> list[Known]:
    """Every paper of the store, in order of coming in; as it was at a revision, if one is given."""
    last = current(revision).subquery()
    found = connection.execute(
        select(
            s.paper.c.name,
            s.version.c.source,
            s.version.c.sha256,
            s.reading.c.reading_key,
            s.reading.c.binding_key,
            s.reading.c.about,
        )
        .join_from(s.reading, last, s.reading.c.id == last.c.id)
        .join(s.version, s.version.c.id == s.reading.c.version_id)
        .join(s.paper, s.paper.c.id == s.reading.c.paper_id)
        .order_by(s.paper.c.id)
    )
    return [Known(*row[:-1], cells_of(row[-1])) for row in found]


def decisions_at(connection: Connection, revision: int | None = None) -> tuple[Decision, ...]:
    """All decisions up to a revision, those taken back among them."""
    query = select(s.decision, s.revision.c.at, s.revision.c.who).join(s.revision).order_by(s.decision.c.id)
    if revision is not None:
        query = query.where(s.decision.c.revision_id <= revision)
    return tuple(decision_of(dict(row)) for row in connection.execute(query).mappings())


def snapshot(
    connection: Connection, revision: int | None = None, near: Collection[str] | None = None
) -> Evidence:
    """What stands at a revision.

    Args:
        connection: of ``Store.read`` or ``Store.write``.
        revision: the last that counts; all, if None.
        near: keys of studies (``studies.keys_of``): only what may be joined with one of them, by however
            many steps, is loaded. What that says of these studies is what the whole would say.
    """
    decisions = decisions_at(connection, revision)
    if near is None:
        tellings = _tellings(connection, revision, None)
        return Evidence(
            tuple(tellings.values()),
            tuple(_observations(connection, revision, None)),
            decisions,
            tuple(_silences(connection, revision, None)),
        )
    tellings, keys = _neighbourhood(connection, revision, set(near), decisions)
    told = [d for d in decisions if d.telling is None or keys_of(d.telling) & keys]
    ids = list(tellings)
    return Evidence(
        tuple(tellings.values()),
        tuple(_observations(connection, revision, ids)),
        tuple(told),
        tuple(_silences(connection, revision, ids)),
    )


def keys_of_row(connection: Connection, evidence_id: str) -> frozenset[str]:
    """The keys of the studies that rows with this id, or whose id begins so, are told of."""
    rows_of = current(None).subquery()
    found = connection.scalars(
        select(s.telling_key.c.key)
        .join(s.observation, s.observation.c.telling_id == s.telling_key.c.telling_id)
        .join(rows_of, rows_of.c.rows_of == s.observation.c.reading_id)
        .where(s.observation.c.evidence_id.startswith(evidence_id, autoescape=True))
    )
    remembered = [
        keys_of(d.telling)
        for d in decisions_at(connection)
        if d.telling and d.observation and d.observation.evidence_id.startswith(evidence_id)
    ]
    return frozenset(found).union(*remembered)


def _neighbourhood(
    connection: Connection, revision: int | None, keys: set[str], decisions: Collection[Decision]
) -> tuple[dict[int, Telling], set[str]]:
    """The tellings that keys lead to, on and on, and all their keys.

    A ruling leads from one of its studies to the other. A decided row leads to all studies of its paper:
    newer rules may have given it to another of them.
    """
    found: dict[int, Telling] = {}
    asked: set[str] = set()
    papers: set[str] = set()
    ruled = rulings(decisions)
    decided = [d for d in in_force(decisions) if d.telling is not None]
    while True:
        for ruling in ruled:
            ends = keys_of_reference(ruling.one), keys_of_reference(ruling.other)
            if any(end & keys for end in ends):
                keys |= ends[0] | ends[1]
        more = {d.telling.paper for d in decided if d.telling and keys_of(d.telling) & keys} - papers
        for telling in _tellings_of(connection, revision, more).values():
            keys |= keys_of(telling)
        for d in decided:
            if d.telling and d.telling.paper in more:
                keys |= keys_of(d.telling)
        papers |= more
        new = keys - asked
        if not new:
            return found, keys
        asked |= new
        ids = _with_keys(connection, revision, new) - set(found)
        for key, telling in _tellings(connection, revision, ids).items():
            found[key] = telling
            keys |= keys_of(telling)


def _with_keys(connection: Connection, revision: int | None, keys: Iterable[str]) -> set[int]:
    rows_of = current(revision).subquery()
    found: set[int] = set()
    for some in _batches(sorted(keys)):
        found |= set(
            connection.scalars(
                select(s.telling.c.id)
                .join(s.telling_key, s.telling_key.c.telling_id == s.telling.c.id)
                .join(rows_of, rows_of.c.rows_of == s.telling.c.reading_id)
                .where(s.telling_key.c.key.in_(some))
            )
        )
    return found


def _tellings_of(connection: Connection, revision: int | None, papers: Collection[str]) -> dict[int, Telling]:
    if not papers:
        return {}
    rows_of = current(revision).subquery()
    ids = connection.scalars(
        select(s.telling.c.id)
        .join(rows_of, rows_of.c.rows_of == s.telling.c.reading_id)
        .join(s.reading, s.reading.c.id == s.telling.c.reading_id)
        .join(s.paper, s.paper.c.id == s.reading.c.paper_id)
        .where(s.paper.c.name.in_(sorted(papers)))
    )
    return _tellings(connection, revision, list(ids))


def _tellings(
    connection: Connection, revision: int | None, ids: Collection[int] | None
) -> dict[int, Telling]:
    query = (
        select(s.telling.c.id, s.paper.c.name, s.telling.c.ref, s.telling.c.cells, s.telling.c.arms)
        .join_from(s.telling, s.reading, s.reading.c.id == s.telling.c.reading_id)
        .join(s.paper, s.paper.c.id == s.reading.c.paper_id)
    )
    return {
        row["id"]: Telling(row["name"], row["ref"], cells_of(row["cells"]), arms_of(row["arms"]))
        for row in _some(connection, query, s.telling.c.reading_id, s.telling.c.id, revision, ids)
    }


def _observations(
    connection: Connection, revision: int | None, tellings: Collection[int] | None
) -> Iterator[Observation]:
    query = (
        select(
            s.observation.c.place,
            s.observation.c.cells,
            s.telling.c.ref,
            s.paper.c.name,
            s.version.c.sha256,
            s.reading.c.revision_id,
            s.reading.c.binding_key,
        )
        .join_from(s.observation, s.telling, s.telling.c.id == s.observation.c.telling_id)
        .join(s.reading, s.reading.c.id == s.observation.c.reading_id)
        .join(s.version, s.version.c.id == s.reading.c.version_id)
        .join(s.paper, s.paper.c.id == s.reading.c.paper_id)
        .order_by(s.observation.c.id)
    )
    c = s.observation.c
    for row in _some(connection, query, c.reading_id, c.telling_id, revision, tellings):
        yield Observation(
            row["name"],
            row["sha256"],
            row["ref"],
            row["place"],
            cells_of(row["cells"]),
            row["revision_id"],
            row["binding_key"],
        )


def _silences(
    connection: Connection, revision: int | None, tellings: Collection[int] | None
) -> Iterator[Silence]:
    query = (
        select(s.silence.c.endpoint, s.silence.c.cells, s.telling.c.ref, s.paper.c.name)
        .join_from(s.silence, s.telling, s.telling.c.id == s.silence.c.telling_id)
        .join(s.reading, s.reading.c.id == s.silence.c.reading_id)
        .join(s.paper, s.paper.c.id == s.reading.c.paper_id)
        .order_by(s.silence.c.id)
    )
    c = s.silence.c
    for row in _some(connection, query, c.reading_id, c.telling_id, revision, tellings):
        yield Silence(row["name"], row["ref"], row["endpoint"], cells_of(row["cells"]))


def _batches(values: list[_T]) -> Iterator[list[_T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _some(
    connection: Connection,
    query: Select[Any],
    reading: ColumnElement[Any],
    key: ColumnElement[Any],
    revision: int | None,
    ids: Collection[int] | None,
) -> Iterator[RowMapping]:
    """The rows of current readings; only those with these ids, where ids are given."""
    if ids is None:
        rows_of = current(revision).subquery()
        yield from connection.execute(query.where(reading.in_(select(rows_of.c.rows_of)))).mappings()
        return
    for some in _batches(sorted(ids)):
        yield from connection.execute(query.where(key.in_(some))).mappings()
