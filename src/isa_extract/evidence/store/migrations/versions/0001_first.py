"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("batch", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    _table("paper", sa.Column("name", sa.Text, nullable=False), of=["revision"], unique=["name"])
    _table(
        "version",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        of=["paper", "revision"],
        indexed=["sha256"],
    )
    _table(
        "reading",
        sa.Column("reading_key", sa.String(64), nullable=False),
        sa.Column("binding_key", sa.String(64), nullable=False),
        sa.Column("rows_of", sa.Integer, nullable=True),
        sa.Column("about", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["rows_of"], ["reading.id"], name="fk_reading_rows_of"),
        of=["paper", "version", "revision"],
    )
    op.create_table(
        "paper_text",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reading_key", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_paper_text"),
    )
    _table(
        "telling",
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("arms", sa.Text, nullable=False),
        of=["reading"],
    )
    op.create_table(
        "telling_key",
        sa.Column("telling_id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["telling_id"], ["telling.id"], name="fk_telling_key_telling_id"),
        sa.PrimaryKeyConstraint("telling_id", "key", name="pk_telling_key"),
    )
    op.create_index("ix_telling_key_key", "telling_key", ["key"])
    _table(
        "observation",
        sa.Column("evidence_id", sa.String(32), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        of=["reading", "telling"],
        indexed=["evidence_id"],
    )
    _table(
        "silence",
        sa.Column("endpoint", sa.String(32), nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        of=["reading", "telling"],
    )
    _table(
        "decision",
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("takes_back", sa.Integer, nullable=True),
        sa.ForeignKeyConstraint(["takes_back"], ["decision.id"], name="fk_decision_takes_back"),
        of=["revision"],
    )
    _table(
        "change",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("fact_id", sa.String(32), nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        of=["revision"],
        indexed=["fact_id"],
    )


def _table(
    name: str,
    *items: sa.schema.SchemaItem,
    of: list[str],
    indexed: list[str] | None = None,
    unique: list[str] | None = None,
) -> None:
    """A table with an id, its own columns, and a foreign key with an index to each table in ``of``."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        *(sa.Column(f"{other}_id", sa.Integer, nullable=False) for other in of),
        *items,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        *(sa.ForeignKeyConstraint([f"{o}_id"], [f"{o}.id"], name=f"fk_{name}_{o}_id") for o in of),
        *(sa.UniqueConstraint(column, name=f"uq_{name}_{column}") for column in unique or ()),
    )
    for column in (*(f"{other}_id" for other in of), *(indexed or ())):
        op.create_index(f"ix_{name}_{column}", name, [column])
