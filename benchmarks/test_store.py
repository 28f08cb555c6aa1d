"""An update of a store that knows ten thousand papers already, with nothing new: time and memory.

The papers are simulated: text files with rows made up for them. What is measured is what an update with
nothing new does: list the folder, take every file's sha256, compare with the store.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import insert

from isa_extract.evidence.store import open_store
from isa_extract.evidence.store import schema as s
from isa_extract.evidence.store.rows import as_json
from isa_extract.vocabulary import EVIDENCE_COLUMNS

PAPERS, ROWS = 10_000, 20

_UPDATE = """
import re, sys, time
from pathlib import Path
from isa_extract.pipeline import update, update_store
began = time.perf_counter()
update.reading_key(), update.binding_key()  # their time counts, but nobody may edit a rule meanwhile
update.reading_key = update.binding_key = lambda: "simulated"
report = update_store(sys.argv[1], [Path(sys.argv[2])])
assert report.did_nothing and len(report.plan.same) == int(sys.argv[3]), report.plan
# the highest so far, of this process only: getrusage counts what stood in memory before it was started, too
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(time.perf_counter() - began, time.process_time(), int(peak[1]) / 1024)
"""


@pytest.fixture(scope="session")
def known(tmp_path_factory):
    """A folder of papers, and a store that knows them all with their rows."""
    home = tmp_path_factory.mktemp("known")
    folder, place = home / "papers", home / "evidence.db"
    folder.mkdir()
    row = dict.fromkeys(EVIDENCE_COLUMNS, "") | {"endpoint": "PFS", "value": "11.5", "sentence": "x" * 150}
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in s.metadata.tables}
    for i in range(1, PAPERS + 1):
        path = folder / f"paper-{i:05}.txt"
        path.write_text(f"Paper {i}. " + "Median PFS was 11.5 months. " * 80, encoding="utf-8")
        digest = sha256(path.read_bytes()).hexdigest()
        tables["revision"].append({"id": i, "at": f"{i:032}", "kind": "paper", "who": "test", "batch": 1})
        tables["paper"].append({"id": i, "name": path.stem, "revision_id": i})
        tables["version"].append(
            {"id": i, "paper_id": i, "sha256": digest, "source": str(path.resolve()), "revision_id": i}
        )
        tables["reading"].append(
            {
                "id": i,
                "paper_id": i,
                "version_id": i,
                "revision_id": i,
                "reading_key": "simulated",
                "binding_key": "simulated",
                "about": "{}",
            }
        )
        tables["telling"].append({"id": i, "reading_id": i, "ref": "r", "cells": "{}", "arms": "[]"})
        tables["telling_key"].append({"telling_id": i, "key": f"id:nct{i:08}"})
        tables["observation"] += [
            {
                "reading_id": i,
                "telling_id": i,
                "evidence_id": f"{i}-{k}",
                "place": "body",
                "cells": as_json(row),
            }
            for k in range(ROWS)
        ]
    with open_store(place, create=True) as store, store.write() as connection:
        for table in s.metadata.sorted_tables:
            if tables[table.name]:
                connection.execute(insert(table), tables[table.name])
    return folder, place


def test_no_change_over_ten_thousand_known_papers(benchmark, known):
    folder, place = known

    def update() -> list[float]:
        words = [sys.executable, "-c", _UPDATE, str(place), str(folder), str(PAPERS)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return [float(number) for number in done.stdout.split()]

    seconds, busy, megabytes = benchmark.pedantic(update, rounds=3)
    benchmark.extra_info |= {"busy": round(busy, 2), "megabytes": round(megabytes)}
    print(f"\n{seconds:.1f} s ({busy:.1f} s of them at work), {megabytes:.0f} MB for {PAPERS} known papers")
    assert busy < 10  # imports among it; not the clock's time, for others may use the machine
    assert megabytes < 300
    assert Path(place).exists()
