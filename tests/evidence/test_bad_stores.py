"""Stores that are locked, damaged, full, read-only, newer or somebody else's; updates that are killed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from papers_of_rows import PD, paper, row
from servers import KINDS, SERVER
from sqlalchemy import inspect, make_url, text

from isa_extract.errors import StoreError
from isa_extract.evidence.store import database, known_papers, land, open_store, snapshot
from isa_extract.evidence.store.landing import next_batch
from isa_extract.evidence.store.schema import metadata

KILLS = int(os.environ.get("ISA_EXTRACT_TEST_KILLS", "12"))
"""How many moments an update is killed at; `.ci/run` asks for 100."""


def put(store, *papers):
    for one in papers:
        land(store, one, batch=1, who="test")


@pytest.fixture
def filled(place):
    with open_store(place, create=True) as store:
        put(store, paper("a", row(value="11.5")))
    return place


def rows(place):
    with open_store(place, write=False) as store, store.read() as connection:
        return [o.row["value"] for o in snapshot(connection).observations]


def test_the_migrations_make_the_tables_of_the_schema(filled):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with open_store(filled) as store, store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
        assert MigrationContext.configure(connection).get_current_heads() == (database.FORM,)
    steps = ScriptDirectory(str(Path(database.__file__).parent / "migrations"))
    assert steps.get_heads() == [database.FORM]


def test_a_store_of_a_newer_program_is_refused_and_left_alone(filled):
    with open_store(filled) as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for write in (True, False):
        with pytest.raises(
            StoreError, match=r"written by a newer isa-extract \(form 9999; update isa-extract\)"
        ):
            open_store(filled, create=True, write=write)


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = path.read_bytes()
    for create in (True, False):
        with pytest.raises(StoreError, match=r"holds other tables \(recipes"):
            open_store(path, create=create, write=create)
    with sqlite3.connect(path) as other:
        assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["recipes"]
    other.close()
    assert before[:16] == path.read_bytes()[:16]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 no store", b"SQLite format 3\0" + b"\xff" * 4000, b"SQLite format 3\0"]
)
def test_a_file_that_is_no_store_is_refused(tmp_path, content):
    path = tmp_path / "evidence.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged|not an evidence store"):
        open_store(path, create=True)
    assert path.read_bytes() == content


def test_a_damaged_store_is_told(tmp_path):
    path = tmp_path / "evidence.db"
    with open_store(path, create=True) as store:
        put(store, *(paper(f"p{i}", row(value=str(i)), row(PD, value="6.5")) for i in range(20)))
    data = bytearray(path.read_bytes())
    data[8192:] = b"\x5a" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"damaged, or not an evidence store \(restore it from a copy\)"):
        rows(path)


def test_a_store_that_another_program_holds_is_told(tmp_path, monkeypatch):
    path = tmp_path / "evidence.db"
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)
    with open_store(path, create=True) as store:
        put(store, paper("a", row(value="11.5")))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another program"):
            put(store, paper("b", row(value="12")))
        assert rows(path) == ["11.5"]  # readers need not wait
        other.close()
        put(store, paper("b", row(value="12")))
    assert rows(path) == ["11.5", "12"]


def test_a_full_disk_leaves_the_store_as_it_was(tmp_path):
    path = tmp_path / "evidence.db"
    with open_store(path, create=True) as store:
        put(store, paper("a", row(value="11.5")))
        connection = store.engine.raw_connection()
        pages = connection.driver_connection.execute("PRAGMA page_count").fetchone()[0]
        connection.driver_connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        connection.close()
        with pytest.raises(StoreError, match=r"the disk is full \(free space and run it again\)"):
            put(store, paper("b", *(row(value=str(i), sentence="x" * 4000) for i in range(20))))
    assert rows(path) == ["11.5"]
    with open_store(path) as store:
        put(store, paper("b", row(value="12")))
    assert rows(path) == ["11.5", "12"]


def in_a_child_without_rights(work):
    """Run as a user who owns nothing here, for root may write anywhere; what it printed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            said = work()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, str(said).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told


def test_a_read_only_store_can_be_read_and_not_written():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "evidence.db"
        with open_store(path, create=True) as store:
            put(store, paper("a", row(value="11.5")))
        path.chmod(0o444)
        folder.chmod(0o555)
        before = path.read_bytes()

        def write():
            with open_store(path, create=True) as store:
                put(store, paper("b", row(value="12")))

        try:
            assert "StoreError" in (told := in_a_child_without_rights(write))
            assert "cannot be written" in told or "cannot be opened" in told
            assert in_a_child_without_rights(lambda: rows(path)) == "['11.5']"
            assert path.read_bytes() == before
        finally:
            folder.chmod(0o755)


@pytest.mark.parametrize(
    ("store", "says"),
    [
        ("mysql://host/x", "a store is a file or a PostgreSQL database"),
        ("sqlite://", "a store is a file"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "cannot be reached"),
        ("://", "not a URL of a store"),
    ],
)
def test_a_store_that_cannot_be_is_told_without_its_password(store, says):
    with pytest.raises(StoreError, match=says) as told:
        open_store(store, create=True)
    assert "secret" not in str(told.value)


@pytest.mark.skipif("postgresql" not in KINDS, reason="ISA_EXTRACT_TEST_POSTGRES names no server")
def test_a_database_that_is_not_there_is_told_without_its_password():
    url = make_url(SERVER).set(database="nothere", password="secret", username="nobody")
    for wrong in (url, make_url(SERVER).set(database="nothere")):
        with pytest.raises(StoreError, match=r"no such database|access is refused") as told:
            open_store(wrong.render_as_string(hide_password=False), create=True)
        assert "secret" not in str(told.value)


def test_what_is_told_of_a_held_store_has_no_password(place):
    with (
        open_store(place, create=True) as one,
        one.update_lock("Bob", 0),
        open_store(place) as other,
        pytest.raises(StoreError) as told,
        other.update_lock("Ann", 0),
    ):
        pass
    password = make_url(place).password if "://" in place else None
    assert not password or password not in str(told.value)


def test_a_store_that_is_not_there_is_made_only_by_an_update(tmp_path):
    with pytest.raises(StoreError, match=r"no such store \(make it with isa-extract update\)"):
        open_store(tmp_path / "evidence.db", write=False)
    assert list(tmp_path.iterdir()) == []
    with open_store(f"{tmp_path}/sub/", create=True) as store:
        assert store.path == tmp_path / "sub" / "evidence.db"


def test_two_processes_may_make_one_store_at_once(tmp_path):
    path, errors = tmp_path / "evidence.db", []

    def make(name):
        try:
            with open_store(path, create=True) as store:
                put(store, paper(name, row(value="11.5")))
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=make, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and len(rows(path)) == 4


def test_one_update_waits_for_another(place):
    with open_store(place, create=True) as one, open_store(place) as other:
        with one.update_lock("Bob", 0):
            with (
                pytest.raises(StoreError, match="another update is at work: Bob"),
                other.update_lock("Ann", 0.3),
            ):
                pass
            timer = threading.Timer(0.4, lambda: None)
            timer.start()
        with other.update_lock("Ann", 5):
            timer.join()
        assert next_batch(one) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_killed_at_any_moment_no_fact_is_half_there_and_the_next_run_finishes(place):
    script = Path(__file__).with_name("killing.py")
    done = subprocess.run(
        [sys.executable, str(script), place, str(KILLS), "7"], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert len(seen) == KILLS and len(set(seen)) > 1, seen  # some early, some late


def test_killed_before_the_end_of_a_transaction_nothing_of_it_is_there(filled):
    code = (
        "import os, signal, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from papers_of_rows import paper, row\n"
        "from isa_extract.evidence.store import landing, open_store\n"
        "landing._put_changes = lambda *given: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"store = open_store({filled!r})\n"
        "landing.land(store, paper('b', row(value='12')), batch=1, who='test')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert done.returncode == -9
    assert rows(filled) == ["11.5"]
    with open_store(filled) as store:
        with store.read() as connection:
            assert [k.name for k in known_papers(connection)] == ["a"]
        put(store, paper("b", row(value="12")))
    assert rows(filled) == ["11.5", "12"]


def test_a_copy_of_a_closed_store_is_a_store(tmp_path):
    with open_store(tmp_path / "evidence.db", create=True) as store:
        put(store, paper("a", row(value="11.5")))
    shutil.copy2(tmp_path / "evidence.db", tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db") == ["11.5"]
