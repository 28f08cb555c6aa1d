"""The update as a flow: what the command does, a task for each paper, nothing done twice."""

from __future__ import annotations

import importlib.util
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from isa_extract.evidence.history import ledger
from isa_extract.evidence.store import open_store, snapshot
from isa_extract.pipeline import update as library
from isa_extract.pipeline import update_store

pytestmark = pytest.mark.flow

CHINESE = (
    "ICARIA-MM研究(NCT02990338)是一项III期随机试验，RRMM患者随机接受Isa-Pd或Pd。"
    "Isa-Pd组和Pd组的中位PFS分别为11.53个月和6.47个月。\n"
)
ENGLISH = (
    "ICARIA-MM (NCT02990338) was a randomised phase III trial of Isa-Pd versus Pd in RRMM. Median PFS was 14.5 "
    "months with Isa-Pd and 6.5 months with Pd.\n"
)


@pytest.fixture
def update_flow(extract_flow, monkeypatch, crew):
    """`flows/update.py` as a module; the server under it is that of `extract_flow`."""
    path = Path(__file__).parents[2] / "flows" / "update.py"
    spec = importlib.util.spec_from_file_location("update_flow", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    for where in (module, library):
        monkeypatch.setattr(where, "Workers", lambda count, limits=None: nullcontext(crew))
    return module


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "chinese.txt").write_text(CHINESE, encoding="utf-8")
    (folder / "english.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "hollow.pdf").write_text("<html>please sign in</html>")
    return folder


def told(place):
    with open_store(place, write=False) as store, store.read() as connection:
        return [(e.fact.id, e.paper, e.value, e.stands) for e in ledger(snapshot(connection))]


def test_the_flow_does_what_the_command_does_and_nothing_twice(update_flow, papers, tmp_path):
    place = str(tmp_path / "flow" / "evidence.db")
    report = update_flow.update_evidence(place, [papers])
    assert [job.name for job, _ in report.landed] == ["chinese", "english"]
    assert [Path(f.source).name for f in report.failures] == ["hollow.pdf"]
    assert sorted(change.kind for change in report.changes) == ["confirmed", "conflict", "new", "new"]
    assert (tmp_path / "flow" / "changes.csv").exists()
    update_store(tmp_path / "library.db", [papers])
    assert told(place) == told(tmp_path / "library.db")
    assert update_flow.update_evidence(place, [papers]).did_nothing
