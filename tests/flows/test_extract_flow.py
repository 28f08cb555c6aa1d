"""The flow: the files of the command line, a task for each paper, the score as an artifact."""

from __future__ import annotations

import csv
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from uuid import UUID

import pytest

from isa_extract.errors import OutputError, TableError
from isa_extract.pipeline import extract_papers

pytestmark = pytest.mark.flow

SENTENCE = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。\n"
GOLD = (
    "doc_id,trial_id,arm,arm_drugs,endpoint,statistic,value,unit\n"
    "good,NCT02990338,Isa-Pd,,PFS,median,11.5,month\n"
    "good,NCT02990338,Pd,,PFS,median,7.5,month\n"
)


@pytest.fixture(scope="session")
def papers(tmp_path_factory):
    """Two good papers with a bad one between them, and gold for one of the good."""
    folder = tmp_path_factory.mktemp("papers")
    (folder / "good.txt").write_text(SENTENCE, encoding="utf-8")
    (folder / "hollow.pdf").write_text("<html>please sign in</html>")
    (folder / "other.txt").write_text(SENTENCE, encoding="utf-8")
    (folder.parent / "gold.csv").write_text(GOLD, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def done(extract_flow, papers, crew, tmp_path_factory):
    """The flow's final state and the folder that it wrote."""
    out = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extract_flow, "Workers", lambda *given: nullcontext(crew))
        state = extract_flow.extract_folder([papers], out, papers.parent / "gold.csv", return_state=True)
    return state, out


def test_one_bad_paper_stops_no_other(done, papers):
    state, out = done
    assert state.is_completed()
    run, _ = state.result()
    assert [r.paper.doc_id for r in run.results] == ["good", "other"]
    with (out / "evidence.csv").open(encoding="utf-8", newline="") as file:
        assert [row["doc_id"] for row in csv.DictReader(file)] == ["good", "good", "other", "other"]
    told = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert [failure["source"] for failure in told["failures"]] == [str(papers / "hollow.pdf")]


def test_the_flow_writes_what_the_command_writes(done, papers, started, tmp_path):
    extract_papers([papers], tmp_path)
    names = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    assert {Path("evidence.csv"), Path("trials.csv"), Path("report.html"), Path("run.json")} < names
    assert names == {p.relative_to(done[1]) for p in done[1].rglob("*") if p.is_file()}
    for name in names:
        assert (tmp_path / name).read_bytes() == (done[1] / name).read_bytes()


def test_the_score_is_of_the_papers_with_gold(done):
    _, (score, trials) = done[0].result()
    assert {paper.doc_id for paper in score.papers} == {"good"}
    level = score.level("value")
    assert (level.tp, level.predicted, level.gold) == (1, 2, 2)
    assert trials is None


def task_states(run: UUID, names: set[str]) -> dict[str, str | None]:
    """The states of a flow run's tasks of these names; the server takes note of them a little later."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    of_run = FlowRunFilter(id={"any_": [run]})
    with get_client(sync_client=True) as client:
        for _ in range(100):
            tasks = client.read_task_runs(flow_run_filter=of_run, limit=50, sort="NAME_ASC")
            states = {task.name: task.state_name for task in tasks if task.name in names}
            if set(states) == names and set(states.values()) <= {"Completed", "Failed"}:
                break
            time.sleep(0.2)
    return states


def test_each_paper_is_a_task(done):
    states = task_states(done[0].state_details.flow_run_id, {"good", "hollow", "other"})
    assert states == {"good": "Completed", "hollow": "Failed", "other": "Completed"}


def test_the_score_and_the_run_are_artifacts(done):
    from prefect.client.orchestration import get_client

    of_run = {"flow_runs": {"id": {"any_": [str(done[0].state_details.flow_run_id)]}}}
    with get_client(sync_client=True) as client:
        # by hand: read_artifacts sends nulls that the server does not take
        found = client.request("POST", "/artifacts/filter", json=of_run).json()
    artifacts = {artifact["key"]: artifact for artifact in found}
    kinds = {key: artifact["type"] for key, artifact in artifacts.items()}
    assert kinds == {"evidence-run": "markdown", "evidence-score": "table"}
    table = json.loads(artifacts["evidence-score"]["data"])
    assert [row["level"] for row in table] == ["value", "statistic", "endpoint", "arm", "slots"]
    assert table[0] == {
        "level": "value",
        "right": 1,
        "predicted": 2,
        "gold": 2,
        "precision": 0.5,
        "recall": 0.5,
        "F1": 0.5,
    }
    assert "hollow.pdf: not a PDF" in artifacts["evidence-run"]["data"]


def test_bad_gold_and_bad_folders_are_told_of_before_any_work(extract_flow, papers, tmp_path, monkeypatch):
    monkeypatch.setattr(extract_flow, "Workers", None)
    with pytest.raises(TableError):
        extract_flow.extract_folder.fn([papers], tmp_path / "out", papers / "good.txt")
    with pytest.raises(OutputError):
        extract_flow.extract_folder.fn([papers], papers / "good.txt")


def test_the_script_prints_rows_score_and_places(
    extract_flow, papers, started, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(extract_flow, "Workers", lambda *given: nullcontext(started))
    gold = str(papers.parent / "gold.csv")
    monkeypatch.setattr(sys, "argv", ["extract.py", str(papers), "--out", str(tmp_path), "--gold", gold])
    assert extract_flow.main() == 1
    captured = capsys.readouterr()
    assert "11.5 month" in captured.out and str(tmp_path / "evidence.csv") in captured.out
    assert "wrong" in captured.out and "7.5" in captured.out
    assert f"{papers / 'hollow.pdf'}: not a PDF" in captured.err
