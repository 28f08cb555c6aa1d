"""The kinds of stores that are tested; PostgreSQL where ISA_EXTRACT_TEST_POSTGRES names a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

SERVER = os.environ.get("ISA_EXTRACT_TEST_POSTGRES", "")
KINDS = ("sqlite", "postgresql") if SERVER else ("sqlite",)


def fresh_database() -> Iterator[str]:
    """A database of its own on the test server, gone in the end."""
    name = f"isa_{uuid4().hex[:12]}"
    admin = create_engine(make_url(SERVER).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()
