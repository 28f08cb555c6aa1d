"""One update at a time: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Engine, text

from isa_extract.errors import StoreError

_UPDATES: Final = 7238871905  # PostgreSQL's advisory lock that an update holds from start to end
_PAUSE: Final = 0.1


@contextmanager
def file_lock(path: Path, store: str, who: str, wait: float) -> Iterator[None]:
    """Holds the file; its text says who does."""
    until = time.monotonic() + wait
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"{store}: cannot be written: {error.strerror} (check its folder's permissions)"
        ) from None
    with file:
        while not _taken(file):
            if time.monotonic() >= until:
                file.seek(0)
                raise _held(store, file.read().strip())
            time.sleep(_PAUSE)
        try:
            _tell(file, who)
            yield
        finally:
            with suppress(OSError):
                _tell(file, "")


def _tell(file: IO[str], who: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(who)
    file.flush()


def _taken(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def server_lock(engine: Engine, store: str, who: str, wait: float) -> Iterator[None]:
    """Holds an advisory lock of the server for as long as its connection lasts."""
    until = time.monotonic() + wait
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT set_config('application_name', :who, false)"), {"who": who[:63]})
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _UPDATES}):
            if time.monotonic() >= until:
                holder = text(
                    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :high AND l.objid = :low"
                )
                at = {"high": _UPDATES >> 32, "low": _UPDATES & 0xFFFFFFFF}
                raise _held(store, str(connection.scalar(holder, at) or ""))
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _UPDATES})


def _held(store: str, who: str) -> StoreError:
    return StoreError(
        f"{store}: another update is at work: {who or 'unknown'} (wait for it, or give --wait SECONDS)"
    )


def holder() -> str:
    """This process, for others to read."""
    import getpass
    import platform

    with suppress(OSError, KeyError):
        return f"{getpass.getuser()} on {platform.node()}, process {os.getpid()}"
    return f"process {os.getpid()}"
