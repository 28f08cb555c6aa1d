"""One batch over every kind of hostile file and one good paper: the batch goes on, each file has its reason."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile import EITHER, READ, good, kinds

from isa_extract.errors import PaperError
from isa_extract.reading import Limits, Reader
from isa_extract.reading.files import read_with

SECONDS = 8
_RUN = """
import re, resource, sys
from pathlib import Path
from isa_extract.cli import main
try:
    main()
except SystemExit as end:
    print("status", end.code)
# ru_maxrss of a process that was forked off a larger one is the larger one's
status = Path("/proc/self/status")
told = re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text()) if status.exists() else None
print("peak", told[1] if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@dataclass(frozen=True)
class Batch:
    """What the one run over all of them gave."""

    status: int
    peak_mb: float
    told: dict[str, list[dict[str, object]]]
    rows: list[dict[str, str]]
    errors: str
    touched: set[str]
    expected: dict[str, str]


def _tree(root: Path) -> dict[str, tuple[int, int]]:
    seen = {}
    for folder, names, files in os.walk(root):
        for name in (*names, *files):
            stat = (Path(folder) / name).lstat()
            seen[str(Path(folder, name))] = (stat.st_size, stat.st_mtime_ns)
    return seen


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    root = tmp_path_factory.mktemp("hostile")
    papers, temporary, home = root / "papers", root / "tmp", root / "home"
    for folder in (papers, temporary, home, papers / "folder.pdf"):
        folder.mkdir()
    made = kinds()
    for name, (_, make) in made.items():
        make(papers / name)
    good(papers / "a-good-paper.pdf")
    before = _tree(root)
    command = ["extract", papers, papers / "folder.pdf", "--out", root / "out", "--workers", "2"]
    command += ["--seconds", SECONDS, "--memory-gb", "1"]
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *map(str, command)],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary), "HOME": str(home)},
        cwd=root,
        timeout=500,
        check=False,
    )
    assert "peak" in done.stdout, done.stderr
    after = _tree(root)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    with (root / "out" / "evidence.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    status = int(re.findall(r"status (\d+)", done.stdout)[0])
    peak = int(re.findall(r"peak (\d+)", done.stdout)[0]) / 1024
    told = json.loads((root / "out" / "run.json").read_text(encoding="utf-8"))
    touched = {os.path.relpath(path, root) for path in changed}
    expected = {name: outcome for name, (outcome, _) in made.items()}
    return Batch(status, peak, told, rows, done.stderr, touched, expected)


def _reasons(batch: Batch) -> dict[str, str]:
    return {Path(str(f["source"])).name: str(f["reason"]) for f in batch.told["failures"]}


def test_each_is_read_or_refused_with_its_own_reason(batch: Batch, subtests: pytest.Subtests) -> None:
    assert len(batch.expected) >= 35
    reasons = _reasons(batch)
    sources = {Path(str(one["source"])).name for one in batch.told["inputs"]}
    for name, expected in batch.expected.items():
        with subtests.test(name):
            assert (name in reasons) != (name in sources)
            if expected == READ:
                assert name in sources, reasons[name]
            elif name in reasons:
                assert re.search(expected.removeprefix(EITHER), reasons[name])
                assert name in batch.errors
            else:
                assert expected.startswith(EITHER), "read, but should have been refused"


def test_the_batch_goes_on(batch: Batch) -> None:
    assert batch.status == 1
    good_rows = [row for row in batch.rows if row["doc_id"] == "a-good-paper"]
    assert {("PFS", "11.5"), ("PFS", "6.5")} <= {(row["endpoint"], row["value"]) for row in good_rows}
    assert _reasons(batch)["folder.pdf"].startswith("a folder with no")
    assert "Traceback" not in batch.errors


def test_nothing_of_the_machine_is_in_the_tables(batch: Batch) -> None:
    for row in batch.rows:
        assert "root:" not in row["sentence"]


def test_the_parent_stays_small(batch: Batch) -> None:
    assert batch.peak_mb < 300


def test_nothing_outside_the_output_folder_is_touched(batch: Batch) -> None:
    strangers = {path for path in batch.touched if Path(path).parts[0] != "out"}
    assert strangers == set()
    assert not Path("/tmp/escaped.txt").exists()


def test_a_file_that_is_replaced_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    contents = [good(path).read_bytes(), b"%PDF-1.7\n" + bytes(3000)]
    sums = {hashlib.sha256(data).hexdigest() for data in contents}
    ended = threading.Event()

    def replace() -> None:
        for i in range(100_000):
            other = tmp_path / "new"
            other.write_bytes(contents[i % 2])
            other.replace(path)
            if ended.wait(0.001):
                return

    thread = threading.Thread(target=replace)
    thread.start()
    try:
        with Reader(Limits(seconds=60)) as reader:
            for _ in range(10):
                try:
                    paper = read_with(reader, path, "a")
                except PaperError as error:
                    assert re.search("damaged|no pages", error.reason)
                else:
                    assert paper.sha256 in sums and "11.5 months" in " ".join(paper.text.split())
    finally:
        ended.set()
        thread.join()
