"""The command: where it serves, what it refuses, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from sqlalchemy import text

from isa_extract.errors import OutputError, StoreError
from isa_extract.evidence.store import open_store
from isa_extract.review import serve


@pytest.fixture
def served(place):
    """The command as a process of its own, and the address that it prints."""
    command = [sys.executable, "-m", "isa_extract.cli", "review", "--store", place, "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_command_serves_this_machine_alone_and_ends_by_ctrl_c(served):
    process, address = served
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert "ICARIA-MM" in answer.read().decode()
        assert "server" not in {name.lower() for name in answer.headers}
    port = int(address.rstrip("/").rpartition(":")[2])
    if os.path.exists("/proc/net/tcp"):  # noqa: PTH110
        with open("/proc/net/tcp") as table:  # noqa: PTH123
            held = [line.split()[1] for line in table if line.split()[3] == "0A"]
        assert [at for at in held if at.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")


def test_a_port_that_is_taken_is_told(place):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            OutputError, match=rf"port {port}: cannot be used: .* \(give another --port, or none\)"
        ):
            serve(place, port, browser=False)


def test_a_store_that_cannot_be_used_is_told_before_anything_is_served(tmp_path, place):
    said = []

    def fails(store, match):
        with pytest.raises(StoreError, match=match):
            serve(str(store), browser=False, say=said.append)

    fails(tmp_path / "none.db", "no such store")
    (tmp_path / "text.db").write_bytes(b"%PDF-1.7 no store")
    fails(tmp_path / "text.db", "not an evidence store, or damaged")
    with open_store(place) as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    fails(place, "written by a newer isa-extract")
    assert said == []


def test_a_bad_store_is_status_2_and_one_line(tmp_path):
    command = [sys.executable, "-m", "isa_extract.cli", "review", "--store", str(tmp_path / "none.db")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "no such store" in done.stderr
