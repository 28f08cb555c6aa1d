"""Updating a store from files: what is read, what is only bound, what is left alone; the command line."""

from __future__ import annotations

import csv
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from isa_extract.cli import app, main
from isa_extract.errors import StoreError
from isa_extract.evidence.store import open_store, snapshot
from isa_extract.pipeline import update as module
from isa_extract.pipeline import update_store

REVIEW = (
    "ICARIA-MM研究(NCT02990338)是一项III期随机试验，RRMM患者随机接受Isa-Pd或Pd。"
    "Isa-Pd组和Pd组的中位PFS分别为11.53个月和6.47个月。ORR分别为60.4%和35.3%。OS数据尚未成熟。\n"
)
ENGLISH = (
    "ICARIA-MM (NCT02990338) was a randomised phase III trial of Isa-Pd versus Pd in RRMM. Median PFS was 11.5 "
    "months with Isa-Pd and 6.5 months with Pd. The ORR was 63% in the Isa-Pd group and 35% in the Pd group.\n"
)


@pytest.fixture
def crewed(monkeypatch, crew):
    """Updates use the children that already run; what they are asked to do is kept."""
    asked: list[tuple[str, bool]] = []
    work = crew.extract_kept

    class Crew:
        count = crew.count

        def extract_kept(self, path, doc_id, stored=None):
            asked.append((doc_id, stored is not None))
            return work(path, doc_id, stored)

        def close(self):
            pass

    monkeypatch.setattr(module, "Workers", lambda count, limits=None: nullcontext(Crew()))
    return asked


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a-review.txt").write_text(REVIEW, encoding="utf-8")
    (folder / "b-english.txt").write_text(ENGLISH, encoding="utf-8")
    return folder


@pytest.fixture
def place(tmp_path):
    return tmp_path / "store" / "evidence.db"


def kinds(report):
    return sorted((c.kind, c.told.row["endpoint"], c.told.row["value"]) for c in report.changes)


def test_a_folder_of_papers_becomes_a_store(crewed, papers, place):
    told = kinds(update_store(place, [papers]))
    assert told == [
        ("confirmed", "ORR", "35"),
        ("confirmed", "PFS", "11.5"),
        ("confirmed", "PFS", "6.5"),
        ("conflict", "ORR", "63"),
        ("new", "ORR", "35.3"),
        ("new", "ORR", "60.4"),
        ("new", "PFS", "11.53"),
        ("new", "PFS", "6.47"),
    ]
    assert sorted(crewed) == [("a-review", False), ("b-english", False)]
    with open_store(place, write=False) as store, store.read() as connection:
        (silence,) = snapshot(connection).silences
    assert (silence.endpoint, silence.cells["words"]) == ("OS", "not mature")


def test_with_nothing_new_nothing_is_done(crewed, papers, place):
    update_store(place, [papers])
    crewed.clear()
    before = place.read_bytes()
    report = update_store(place, [papers])
    assert report.did_nothing and crewed == [] and report.plan.same == ("a-review", "b-english")
    assert place.read_bytes() == before


def test_only_a_changed_paper_is_read(crewed, papers, place):
    update_store(place, [papers])
    crewed.clear()
    (papers / "b-english.txt").write_text(ENGLISH.replace("63%", "60.4%"), encoding="utf-8")
    report = update_store(place, [papers])
    assert crewed == [("b-english", False)]
    assert kinds(report) == [("confirmed", "ORR", "60.4"), ("withdrawn", "ORR", "63")]


def test_a_rule_change_binds_anew_without_reading(crewed, papers, place, monkeypatch):
    update_store(place, [papers])
    crewed.clear()
    monkeypatch.setattr(module, "binding_key", lambda: "newer rules")
    (papers / "a-review.txt").rename(papers / "hidden")  # what is not read need not be there
    report = update_store(place, [])
    assert sorted(crewed) == [("a-review", True), ("b-english", True)]
    assert report.changes == report.failures == () and not report.did_nothing
    assert update_store(place, [papers]).did_nothing


def test_a_newer_reader_reads_again(crewed, papers, place, monkeypatch):
    update_store(place, [papers])
    crewed.clear()
    monkeypatch.setattr(module, "reading_key", lambda: "newer reader")
    assert update_store(place, [papers]).changes == ()
    assert sorted(crewed) == [("a-review", False), ("b-english", False)]


def test_a_copy_and_a_moved_file_are_no_new_papers(crewed, papers, place):
    update_store(place, [papers])
    crewed.clear()
    (papers / "copy.txt").write_text(ENGLISH, encoding="utf-8")
    report = update_store(place, [papers])
    assert report.did_nothing and [p.name for p, _ in report.plan.copies] == ["copy.txt"]
    (papers / "copy.txt").unlink()
    (papers / "b-english.txt").rename(papers / "moved.txt")
    report = update_store(place, [papers])
    assert [job.work for job, _ in report.landed] == ["move"] and report.changes == ()
    (papers / "moved.txt").write_text(ENGLISH.replace("63%", "64%"), encoding="utf-8")
    assert kinds(update_store(place, [papers])) == [("conflict", "ORR", "64"), ("withdrawn", "ORR", "63")]


def test_two_papers_of_one_name_are_two_papers(crewed, papers, place, tmp_path):
    other = tmp_path / "more"
    other.mkdir()
    (other / "b-english.txt").write_text(ENGLISH.replace("63%", "70%"), encoding="utf-8")
    update_store(place, [papers])
    report = update_store(place, [other])
    assert [job.name for job, _ in report.landed] == ["more/b-english"]


def test_a_bad_paper_stops_no_other_and_a_bad_version_loses_nothing(crewed, papers, place):
    update_store(place, [papers])
    (papers / "a-review.txt").write_bytes(b"\xff\xfe\x00broken\xff")
    (papers / "c.pdf").write_text("<html>sign in</html>")
    report = update_store(place, [papers])
    assert sorted(Path(f.source).name for f in report.failures)[-1] == "c.pdf"
    with open_store(place, write=False) as store, store.read() as connection:
        assert {"a-review", "b-english"} <= {o.paper for o in snapshot(connection).observations}


def test_papers_in_whatever_order_give_the_same_ledger(crewed, papers, tmp_path):
    from isa_extract.evidence.history import revisions

    told = []
    for name, inputs in (("x", ["a-review.txt", "b-english.txt"]), ("y", ["b-english.txt", "a-review.txt"])):
        place = tmp_path / f"{name}.db"
        update_store(place, [papers / i for i in inputs])
        with open_store(place, write=False) as store, store.read() as connection:
            told.append([(r.paper, r.changes) for r in revisions(connection)])
    assert told[0] == told[1]


# ------------------------------------------------------------------------------------ the command line

runner = CliRunner()


def run(*words: object):
    return runner.invoke(app, [str(word) for word in words])


def test_update_prints_and_writes_what_changed(crewed, papers, place):
    done = run("update", "--store", place, papers)
    assert done.exit_code == 0, done.output
    assert "conflict" in done.output and "2 papers went in, 0 were known" in done.output
    assert "  a-review: ORR分别为60.4%和35.3%。" in done.output
    with (place.parent / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    conflict = next(r for r in rows if r["change"] == "conflict")
    assert (conflict["doc_id"], conflict["value"], conflict["other_doc_id"], conflict["other_value"]) == (
        *("b-english", "63"),
        *("a-review", "60.4"),
    )
    page = (place.parent / "changes.html").read_text(encoding="utf-8")
    assert "In conflict" in page and "ORR分别为60.4%和35.3%。" in page
    again = run("update", "--store", place, papers)
    assert again.exit_code == 0 and "nothing new: 2 papers are as the store knows them" in again.output


def test_a_store_beside_its_papers_takes_none_of_its_files_for_papers(crewed, papers):
    place = papers / "evidence.db"
    run("update", "--store", place, papers)
    assert (papers / "changes.html").exists()
    assert "nothing new: 2 papers" in run("update", "--store", place, papers).output


def test_update_names_what_could_not_be_read(crewed, papers, place):
    (papers / "c.pdf").write_text("<html>sign in</html>")
    done = run("update", "--store", place, papers)
    assert done.exit_code == 1 and "c.pdf: not a PDF" in done.output


def test_decide_export_and_history(crewed, papers, place, tmp_path):
    run("update", "--store", place, papers)
    out = tmp_path / "table.csv"
    assert run("export", "--store", place, "--format", "csv", "--out", out).exit_code == 0
    with out.open(encoding="utf-8", newline="") as file:
        wrong = next(r["evidence_id"] for r in csv.DictReader(file) if r["value"] == "63")
    who = ("--store", place, "--who", "Ann", "--why", "a slip")
    done = run("decide", "correct", wrong, "--set", "value=60.4", *who)
    assert done.exit_code == 0, done.output
    history = run("history", "--store", place).output
    assert f"decision 1: correct {wrong} value=60.4 (a slip) by Ann" in history
    conflicts = tmp_path / "conflicts.csv"
    run("export", "--store", place, "--format", "conflicts", "--out", conflicts)
    assert len(conflicts.read_text().splitlines()) == 1
    run("export", "--store", place, "--format", "conflicts", "--out", conflicts, "--as-of", "2")
    assert len(conflicts.read_text().splitlines()) == 2
    assert run("decide", "same", "one", *who).exit_code == 2
    assert run("decide", "take-back", "x", *who).exit_code == 2
    assert run("decide", "correct", wrong, "--set", "value", *who).exit_code == 2


def test_a_store_that_cannot_be_used_ends_with_2(monkeypatch, capsys, tmp_path):
    words = ["isa-extract", "export", "--store", str(tmp_path / "no.db"), "--format", "csv", "--out", "x"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "no such store" in capsys.readouterr().err


def test_an_update_while_another_is_at_work_says_who_holds_it(crewed, papers, place):
    held = pytest.raises(StoreError, match="another update is at work: Bob on tower, process 7")
    with open_store(place, create=True) as store, store.update_lock("Bob on tower, process 7", 0), held:
        update_store(place, [papers], wait=0.2)
    assert not update_store(place, [papers]).did_nothing
