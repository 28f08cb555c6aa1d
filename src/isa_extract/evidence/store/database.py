"""Opening a store: where it is, whether it is one, whether this program knows its form.

SQLite is a file in WAL mode: readers never wait for a writer, and a process that is killed leaves the last
whole transaction. PostgreSQL is reached by URL. A writing transaction holds all other writers off.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, Inspector, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from isa_extract.errors import StoreError
from isa_extract.evidence.store.locks import file_lock, server_lock

if TYPE_CHECKING:
    from alembic.config import Config

FILE_NAME: Final = "evidence.db"
"""What a store is called when a folder is given for it."""

FORM: Final = "0001"
"""The form of today: the last step of `migrations/versions`."""

_MARK: Final = 0x49534145  # "ISAE", SQLite's application_id of our files
_WRITERS: Final = 7238871904  # PostgreSQL's advisory lock that every writing transaction takes
_BUSY_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Store:
    """An open store; close it with ``with``."""

    name: str
    engine: Engine
    path: Path | None
    writable: bool

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *ended: object) -> None:
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the store."""
        with told(self.name), self.engine.connect() as connection:
            if self.path is None:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: everything in it or nothing; the only one that writes while it lasts.

        Raises:
            StoreError: if the store cannot be written; it is as it was.
        """
        with told(self.name), self.engine.execution_options(write=True).begin() as connection:
            if self.path is None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
            yield connection

    @contextmanager
    def update_lock(self, who: str, wait: float) -> Iterator[None]:
        """Held by one update at a time; given back by the system if its process dies.

        Args:
            who: told to others that want it.
            wait: seconds to wait for another update to end.

        Raises:
            StoreError: if it is still held then, with who holds it.
        """
        if self.path is not None:
            with file_lock(self.path.with_name(self.path.name + ".lock"), self.name, who, wait):
                yield
        else:
            with told(self.name), server_lock(self.engine, self.name, who, wait):
                yield


def open_store(store: str | Path, *, create: bool = False, write: bool = True) -> Store:
    """Open a store, given as the path of a file (or of a folder it is in) or as a URL.

    Args:
        store: ``evidence.db``, ``folder/``, ``sqlite:///evidence.db``, ``postgresql://user@host/name``.
        create: make it if it is not there.
        write: False for a store that is only read; it is then not brought to today's form either.

    Raises:
        StoreError: with the reason; nothing is changed then.
    """
    url, path = _url(store), file_of(store)
    name = _without_password(str(store))
    if path is not None:
        _see_to(path, name, create)
        if not write:
            url = _read_only(path)
    engine = _engine(url, path, name, write)
    opened = Store(name, engine, path, write)
    try:
        _brought_up(opened, create, write)
    except BaseException:
        engine.dispose()
        raise
    return opened


def file_of(store: str | Path) -> Path | None:
    """The file that a store is; None for one on a server.

    Raises:
        StoreError: if it is neither.
    """
    url = _url(store)
    return Path(url.database).absolute() if url.drivername.startswith("sqlite") and url.database else None


def _url(store: str | Path) -> URL:
    given = str(store)
    if "://" not in given:
        path = Path(given)
        return URL.create(
            "sqlite", database=str(path / FILE_NAME if given.endswith("/") or path.is_dir() else path)
        )
    try:
        url = make_url(given)
    except ArgumentError:
        raise StoreError(
            f"{given.split('://')[0]}://…: not a URL of a store (give a file or postgresql://…)"
        ) from None
    if url.drivername.split("+")[0] in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or not url.database or url.database == ":memory:":
        raise StoreError(f"{url}: a store is a file or a PostgreSQL database (give a path or postgresql://…)")
    return url


def _see_to(path: Path, name: str, create: bool) -> None:
    """Refuse early what SQLite would refuse in its own words, or take for an empty store."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(16)
            if head and head != b"SQLite format 3\0":
                raise StoreError(
                    f"{name}: not an evidence store, or damaged at its start (restore it from a copy)"
                )
        elif path.exists() and not path.is_file():  # asked again: another process may just have made it
            raise StoreError(f"{name}: not a file (give the path of a store)")
        elif not create:
            raise StoreError(f"{name}: no such store (make it with isa-extract update)")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{name}: cannot be opened: {error.strerror} (check its permissions)") from None


def _read_only(path: Path) -> URL:
    # a closed store has no -wal beside it: then it can be read even where nothing may be written
    quiet = not path.with_name(path.name + "-wal").exists()
    query = {"mode": "ro", "uri": "true"} | (
        {"immutable": "1"} if quiet and not _may_write(path.parent) else {}
    )
    return URL.create("sqlite", database=path.as_uri().replace("file://", "file:"), query=query)


def _may_write(folder: Path) -> bool:
    import os

    return os.access(folder, os.W_OK)


def _engine(url: URL, path: Path | None, name: str, write: bool) -> Engine:
    try:
        engine = create_engine(
            url, connect_args={"timeout": _BUSY_SECONDS} if path else {"connect_timeout": 10}
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(f"{name}: PostgreSQL needs psycopg (install isa-extract[postgresql])") from None
    if path is None:
        return engine

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: object) -> None:
        connection.isolation_level = None  # transactions begin where SQLAlchemy says, DDL among them
        connection.execute("PRAGMA foreign_keys = ON")
        if write:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        now = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if now else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Put the file in WAL mode, which it keeps.

    SQLite waits for other connections everywhere but in this first change of mode, so it is asked again.
    """
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


# ------------------------------------------------------------------------------------------- migrations


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "isa_extract.evidence.store:migrations")
    config.attributes["connection"] = connection
    return config


def _brought_up(store: Store, create: bool, write: bool) -> None:
    """Make the tables, or bring them to today's form; refuse those of a newer program and other people's."""
    with store.read() as connection:
        if _form(connection) == FORM:  # the usual case, and Alembic takes a while to come up
            return
    from alembic import command
    from alembic.script import ScriptDirectory

    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    with store.read() as connection:
        _refuse(_form(connection), inspect(connection), known, store.name)
    if not write:
        raise StoreError(f"{store.name}: empty or of an older form (run isa-extract update on it first)")
    with store.write() as connection:
        now = _form(connection)
        if now == FORM:  # another process was faster
            return
        _refuse(now, inspect(connection), known, store.name)
        if not create and not now:
            raise StoreError(f"{store.name}: no evidence store (make it with isa-extract update)")
        command.upgrade(_config(connection), "head")
        if store.path is not None:
            connection.exec_driver_sql(f"PRAGMA application_id = {_MARK}")


def _form(connection: Connection) -> str:
    """The form of the store, as Alembic notes it; empty if it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def _refuse(form: str, tables: Inspector, known: set[str], name: str) -> None:
    if not form and (others := sorted(set(tables.get_table_names()) - {"alembic_version"})):
        raise StoreError(f"{name}: holds other tables ({others[0]}, …), not an evidence store (give another)")
    if form and form not in known:
        raise StoreError(f"{name}: written by a newer isa-extract (form {form}; update isa-extract)")


# ----------------------------------------------------------------------------------------------- errors

_REASONS: Final = (
    (
        ("database is locked", "database table is locked"),
        "in use by another program",
        "try again when it is done",
    ),
    (
        ("file is not a database", "malformed", "database corruption"),
        "damaged, or not an evidence store",
        "restore it from a copy",
    ),
    (("readonly", "read-only"), "cannot be written", "check its permissions and its folder's"),
    (
        ("disk is full", "no space left", "could not extend"),
        "the disk is full",
        "free space and run it again",
    ),
    (("disk i/o error",), "the disk failed or is full", "check the disk, then run it again"),
    (("unable to open",), "cannot be opened", "check the path and its permissions"),
    (("does not exist",), "no such database or user", "create it, or check the name"),
    (
        ("password", "authentication", "role", "permission denied"),
        "access is refused",
        "check user and password",
    ),
    (
        ("could not connect", "connection", "timeout expired", "resolve"),
        "cannot be reached",
        "check that it runs",
    ),
)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turns what a database says went wrong into a line for people; ``name`` has no password in it."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).casefold()
        for marks, reason, remedy in _REASONS:
            if any(mark in said for mark in marks):
                raise StoreError(f"{name}: {reason} ({remedy})") from error
        raise StoreError(f"{name}: {' '.join(str(error.orig).split())} (report it)") from error
    except SQLAlchemyError as error:
        raise StoreError(f"{name}: {' '.join(str(error).split())[:200]} (report it)") from error


def _without_password(name: str) -> str:
    return str(make_url(name)) if "://" in name else name
