"""Batches: what counts as a paper, what one paper may do to the others, what is left on disk."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isa_extract.errors import OutputError, PaperError
from isa_extract.pipeline import (
    RunReport,
    Workers,
    extract_paper,
    extract_papers,
    outputs,
    papers_in,
    ready,
    worker_count,
    workers,
    write_outputs,
)
from isa_extract.reading import Limits

CORPUS = Path(__file__).parents[2] / "corpus"
SENTENCE = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。\n"


@pytest.fixture
def papers(tmp_path):
    """A folder of three short texts, two of them with the same stem."""
    folder = tmp_path / "papers"
    for name in ("a/one.txt", "b/one.txt", "two.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SENTENCE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    path = tmp_path_factory.mktemp("one") / "paper.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    return extract_paper(path, "paper")


def names(out: Path) -> list[str]:
    return sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())


def extract_alone(path: Path) -> list[str]:
    return list(extract_paper(path, "alone").evidence["evidence_id"])


def test_one_paper_without_a_pool(result):
    assert [f.value for f in result.findings] == ["11.5", "6.5"]
    assert list(result.evidence["arm"]) == ["Isa-Pd", "Pd"]
    assert list(result.trials["trial_name"]) == ["ICARIA-MM"]


def test_progress_and_order(started, papers, tmp_path):
    told = []
    run = extract_papers([papers], tmp_path / "out", progress=lambda *step: told.append(step), workers=2)
    assert [(done, total) for done, total, _ in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert {Path(name) for _, _, name in told[1:]} == {p for p, _ in papers_in([papers])}
    assert [r.paper.doc_id for r in run.results] == ["a/one", "b/one", "two"]
    assert list(run.evidence["doc_id"]) == ["a/one"] * 2 + ["b/one"] * 2 + ["two"] * 2
    # three copies of one text: the first has the ids of the text, the others their own
    ids = list(run.evidence["evidence_id"])
    assert len(set(ids)) == 6
    assert list(run.results[0].evidence["evidence_id"]) == extract_alone(papers / "two.txt")
    assert {"texts/a/one.txt", "texts/b/one.txt", "texts/two.txt"} < set(names(tmp_path / "out"))


def test_what_an_earlier_run_wrote_is_no_paper(started, papers):
    first = extract_papers([papers], papers / "out")
    before = names(papers)
    second = extract_papers([papers], papers / "out")
    assert [r.paper.doc_id for r in second.results] == [r.paper.doc_id for r in first.results]
    assert names(papers) == before
    # asked for by name it is read; a folder with nothing else in it is told of
    assert papers_in([papers / "out" / "texts" / "two.txt"])
    bare = extract_papers([papers / "out"], papers / "again")
    assert [failure.source for failure in bare.failures] == [str(papers / "out")]


def test_texts_keep_every_character(started, tmp_path):
    text = f"\ufeffHead\r\n\r\n{SENTENCE[:-1]}\r\n\f\r\nTail\r"
    path = tmp_path / "win.txt"
    path.write_bytes(text.encode())
    run = extract_papers([path], tmp_path / "out")
    kept = (tmp_path / "out" / "texts" / "win.txt").read_bytes().decode()
    assert kept == run.results[0].paper.text == text[1:]
    for f in run.results[0].findings:
        assert kept[f.span.start : f.span.end].startswith(f.value)


def test_no_input_and_no_row_still_give_whole_tables(started, tmp_path):
    empty = tmp_path / "nothing.txt"
    empty.write_text("A sentence without any number.\n", encoding="utf-8")
    run = extract_papers([empty, tmp_path / "absent.pdf"], tmp_path / "out")
    assert (len(run.results), len(run.failures)) == (1, 1)
    lines = (tmp_path / "out" / "evidence.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 and lines[0].startswith("evidence_id,doc_id,")


@pytest.mark.parametrize(
    ("child", "reason"),
    [
        ("import time; time.sleep(60)", "not worked through within 0.5 s"),
        (
            "import sys; sys.stdin.buffer.read(1); sys.exit(3)",
            r"the process that worked on it died \(status 3\)",
        ),
        ("import os, sys; sys.stdin.buffer.read(1); os.kill(os.getpid(), 9)", r"died \(signal 9\)"),
        ("print('no pickle', flush=True); import time; time.sleep(60)", "died"),
    ],
)
def test_a_child_that_fails_fails_only_its_paper(monkeypatch, papers, child, reason):
    paths = papers_in([papers])
    with Workers(1, seconds=0.5 if "0.5" in reason else 60) as crew:
        with monkeypatch.context() as patch:
            patch.setattr(crew._children[0], "_code", child)
            with pytest.raises(PaperError, match=reason) as caught:
                crew.extract(*paths[0])
        assert caught.value.source == str(paths[0][0])
        if child.startswith("import sys"):
            assert len(crew.extract(*paths[1]).findings) == 2


def test_closing_ends_the_child_and_what_it_started(papers, tmp_path, monkeypatch):
    path, doc_id = papers_in([papers])[0]
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    script = f"touch '{begun}'; sleep 1; touch '{ended}'"
    code = f"import subprocess; subprocess.run(['sh', '-c', {script!r}])"
    with Workers(1) as crew:
        monkeypatch.setattr(crew._children[0], "_code", code)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(crew.extract, path, doc_id)
            while not begun.exists():
                time.sleep(0.01)
            crew.close()
            with pytest.raises(PaperError, match="died"):
                asked.result(timeout=10)
        time.sleep(1.3)
        assert not ended.exists()
        with pytest.raises(PaperError, match="the run was ended"):
            crew.extract(path, doc_id)


def test_an_interrupted_run_ends_soon_and_writes_nothing(papers, tmp_path):
    def stop(done, total, name):
        if done:
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        extract_papers([papers], tmp_path / "out", progress=stop, workers=1)
    assert time.monotonic() - begun < 60
    assert names(tmp_path / "out") == []


def test_limits_reach_the_reader(tmp_path):
    run = extract_papers([CORPUS / "isa-retold-zh.pdf"], tmp_path, limits=Limits(pages=1))
    assert len(run.failures) == 1 and "pages" in run.failures[0].reason


def test_a_slip_of_ours_is_that_papers_failure(monkeypatch, papers):
    def broken(reader, path, doc_id, more):
        raise KeyError("no such\nkey")

    monkeypatch.setattr(workers, "extract_with", broken)
    error = workers._worked(None, workers._Request(papers / "two.txt", "two", Limits()), lambda seconds: None)
    assert isinstance(error, PaperError) and "KeyError" in error.reason and "\n" not in str(error)


def test_outputs_of_an_earlier_run_stay_when_one_cannot_be_written(result, tmp_path, monkeypatch):
    write_outputs(tmp_path, RunReport((), ()))
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    (tmp_path / "texts").write_text("a file where the folder of texts should be")
    with pytest.raises(OutputError) as caught:
        write_outputs(tmp_path, RunReport((result,), ()))
    assert "\n" not in str(caught.value) and "texts" in str(caught.value)
    (tmp_path / "texts").unlink()
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs.os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_outputs(tmp_path, RunReport((result,), ()))
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


def test_files_get_the_usual_permissions(result, tmp_path):
    write_outputs(tmp_path, RunReport((result,), ()))
    plain = tmp_path / "plain"
    plain.touch()
    assert (tmp_path / "evidence.csv").stat().st_mode == plain.stat().st_mode


def test_ready_makes_the_folder_and_leaves_nothing_in_it(tmp_path):
    ready(tmp_path / "new" / "deep")
    assert list((tmp_path / "new" / "deep").iterdir()) == []


@pytest.mark.parametrize(("papers", "wanted", "count"), [(0, None, 1), (1, None, 1), (9, 3, 3), (2, 8, 2)])
def test_worker_count(papers, wanted, count):
    assert worker_count(papers, wanted) == count
