"""A fresh store of each kind; PostgreSQL where ISA_EXTRACT_TEST_POSTGRES names one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from isa_extract.evidence.store import Store, open_store

sys.path.insert(0, str(Path(__file__).parent))  # for `papers_of_rows`

SERVER = os.environ.get("ISA_EXTRACT_TEST_POSTGRES", "")


def fresh_database() -> Iterator[str]:
    """A database of its own on the test server."""
    name = f"isa_{uuid4().hex[:12]}"
    admin = create_engine(make_url(SERVER).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(params=["sqlite", *(["postgresql"] if SERVER else [])])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new store can be made."""
    if request.param == "sqlite":
        yield str(tmp_path / "evidence.db")
    else:
        yield from fresh_database()


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A new store, open."""
    with open_store(place, create=True) as opened:
        yield opened
