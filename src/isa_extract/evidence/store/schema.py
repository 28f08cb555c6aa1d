"""The tables. Rows are put in and never changed or taken out; only ``paper_text``, a cache, is replaced.

Every row hangs on a ``revision``: one transaction, with who and when. What stood at a revision is made from
the rows whose revision is not later. ``docs/store.md`` tells of each table.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _of(table: str, name: str = "") -> Column[int]:
    return Column(name or f"{table}_id", Integer, ForeignKey(f"{table}.id"), nullable=False, index=True)


revision = Table(
    "revision",
    metadata,
    _id(),
    Column("at", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("who", String(200), nullable=False),
    Column("batch", Integer, nullable=False),
)

paper = Table(
    "paper",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _of("revision"),
)

version = Table(
    "version",
    metadata,
    _id(),
    _of("paper"),
    Column("sha256", String(64), nullable=False, index=True),
    Column("source", Text, nullable=False),
    _of("revision"),
)

reading = Table(
    "reading",
    metadata,
    _id(),
    _of("paper"),
    _of("version"),
    _of("revision"),
    Column("reading_key", String(64), nullable=False),
    Column("binding_key", String(64), nullable=False),
    Column("rows_of", Integer, ForeignKey("reading.id"), nullable=True),
    Column("about", Text, nullable=False),
)

paper_text = Table(
    "paper_text",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("reading_key", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
)

telling = Table(
    "telling",
    metadata,
    _id(),
    _of("reading"),
    Column("ref", String(64), nullable=False),
    Column("cells", Text, nullable=False),
    Column("arms", Text, nullable=False),
)

telling_key = Table(
    "telling_key",
    metadata,
    Column("telling_id", Integer, ForeignKey("telling.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Index("ix_telling_key_key", "key"),
)

observation = Table(
    "observation",
    metadata,
    _id(),
    _of("reading"),
    _of("telling"),
    Column("evidence_id", String(32), nullable=False, index=True),
    Column("place", String(16), nullable=False),
    Column("cells", Text, nullable=False),
)

silence = Table(
    "silence",
    metadata,
    _id(),
    _of("reading"),
    _of("telling"),
    Column("endpoint", String(32), nullable=False),
    Column("cells", Text, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    _id(),
    _of("revision"),
    Column("action", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("takes_back", Integer, ForeignKey("decision.id"), nullable=True),
)

change = Table(
    "change",
    metadata,
    _id(),
    _of("revision"),
    Column("kind", String(16), nullable=False),
    Column("fact_id", String(32), nullable=False, index=True),
    Column("cells", Text, nullable=False),
)
