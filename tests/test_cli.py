"""The command line: what it writes, where, with which exit status, and what it says of bad input."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from isa_extract.cli import main
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS

CORPUS = Path(__file__).parents[1] / "corpus"
PAPERS = ("egfr-lung-en", "isa-retold-zh", "lbcl-immuno-zh")
SENTENCE = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。"


def extracted_to(out: Path, workers: int, seed: int) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("isa-extract")
    return subprocess.run(
        [command, "extract", "corpus", "--out", out, "--workers", str(workers)],
        cwd=CORPUS.parent,
        env=os.environ | {"PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The corpus as `isa-extract` works it through, and the folder that holds what it wrote."""
    out = tmp_path_factory.mktemp("corpus")
    return extracted_to(out, workers=2, seed=1), out


@pytest.fixture(scope="module")
def rows(corpus):
    with (corpus[1] / "evidence.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run(started, monkeypatch, capsys):
    """Calls a command in this process; gives its exit status, standard output and standard error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["isa-extract", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def note(tmp_path):
    """A text file with one sentence."""
    path = tmp_path / "note.txt"
    path.write_text(SENTENCE + "\n", encoding="utf-8")
    return path


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def files_of(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_a_folder_of_pdfs_gives_the_contracts_files(corpus, rows):
    done, out = corpus
    assert (done.returncode, done.stderr) == (0, "")
    assert all(name in done.stdout for name in PAPERS)
    assert all(str(out / name) in done.stdout for name in ("evidence.csv", "trials.csv", "run.json"))
    assert {row["doc_id"] for row in rows} == set(PAPERS)
    for name, columns in (("evidence.csv", EVIDENCE_COLUMNS), ("trials.csv", TRIAL_COLUMNS)):
        data = (out / name).read_bytes()
        assert data.split(b"\n")[0].decode() == ",".join(columns)
        assert b"\r" not in data and data.endswith(b"\n")
    told = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert [paper["doc_id"] for paper in told["inputs"]] == list(PAPERS)
    assert told["counts"]["rows"] == len(rows) > 100
    assert told["failures"] == []


def test_ids_are_unique(rows):
    assert len({row["evidence_id"] for row in rows}) == len(rows)


def test_the_same_input_gives_the_same_bytes(corpus, tmp_path):
    # another order of sets and another number of children must not show
    assert extracted_to(tmp_path, workers=1, seed=2).returncode == 0
    assert files_of(tmp_path) == files_of(corpus[1])


def test_offsets_find_the_value_in_the_text(corpus, rows):
    texts = {name: (corpus[1] / "texts" / f"{name}.txt").read_bytes().decode() for name in PAPERS}
    for row in rows:
        start, end = int(row["char_start"]), int(row["char_end"])
        assert texts[row["doc_id"]][start:end] == row["value_text"] != ""


def test_the_sentence_holds_the_value(rows):
    assert [row for row in rows if folded(row["value_text"]) not in folded(row["sentence"])] == []


@pytest.mark.parametrize("name", PAPERS)
def test_each_box_holds_its_value_on_the_page(rows, name):
    with pdfplumber.open(CORPUS / f"{name}.pdf") as pdf:
        for row in rows:
            if row["doc_id"] != name:
                continue
            x0, top, x1, bottom = map(float, row["bbox"].split())
            page = pdf.pages[int(row["page"]) - 1]
            # half a point about: the box is rounded to a tenth
            shown = page.crop((x0 - 0.5, top - 0.5, x1 + 0.5, bottom + 0.5), strict=False).extract_text()
            assert folded(row["value_text"]) in folded(shown), row


def test_a_text_file(run, note, tmp_path):
    status, printed, complained = run("extract", note, "--out", tmp_path / "out")
    assert (status, complained) == (0, "")
    with (tmp_path / "out" / "evidence.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    told = [
        (r["trial_id"], r["arm"], r["endpoint"], r["value"], r["unit"], r["page"], r["bbox"]) for r in found
    ]
    assert told == [
        ("NCT02990338", "Isa-Pd", "PFS", "11.5", "month", "", ""),
        ("NCT02990338", "Pd", "PFS", "6.5", "month", "", ""),
    ]
    assert [SENTENCE[int(r["char_start"]) : int(r["char_end"])] for r in found] == [
        r["value_text"] for r in found
    ]
    assert "2 rows of 1 studies in 1 papers" in printed


def locked(path: Path) -> None:
    with pikepdf.open(CORPUS / "isa-retold-zh.pdf") as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user="secret", owner="other"))


def blank(path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(path)


BAD = {
    "fake.pdf": (lambda path: path.write_text("<html>please sign in</html>"), "not a PDF"),
    "empty.pdf": (lambda path: path.touch(), "empty"),
    "blank.pdf": (blank, "no text"),
    "locked.pdf": (locked, "password"),
    "latin.txt": (lambda path: path.write_bytes("Réponse complète: 23 %".encode("latin-1")), "not UTF-8"),
    "empty.txt": (lambda path: path.touch(), "empty"),
    "paper.docx": (lambda path: path.write_bytes(b"PK"), "nor .txt but .docx"),
    "missing.pdf": (lambda path: None, "no such file"),
    "folder": (lambda path: path.mkdir(), "no .pdf, .xml (JATS), .html or UTF-8 .txt file"),
}


def test_bad_inputs_are_named_and_stop_nothing(run, note, tmp_path):
    bad = {name: tmp_path / "bad" / name for name in BAD}
    (tmp_path / "bad").mkdir()
    for name, path in bad.items():
        BAD[name][0](path)
    out = tmp_path / "out"
    status, printed, complained = run("extract", *bad.values(), note, "--out", out)
    assert status == 1
    assert "2 rows of 1 studies in 1 papers; 9 inputs not read" in printed
    lines = complained.splitlines()
    told = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert [failure["source"] for failure in told["failures"]] == [str(path) for path in bad.values()]
    assert len(lines) == len(bad)
    for line, failure, (name, path) in zip(lines, told["failures"], bad.items(), strict=True):
        assert line.startswith(f"{path}: ")
        assert BAD[name][1] in failure["reason"]
        assert failure["reason"] in line and failure["remedy"] in line
        assert failure["remedy"]
    assert [paper["doc_id"] for paper in told["inputs"]] == ["note"]


def test_tables_stay_when_no_input_can_be_read(run, note, tmp_path):
    out = tmp_path / "out"
    run("extract", note, "--out", out)
    before = files_of(out)
    status, printed, complained = run("extract", tmp_path / "mistyped.txt", "--out", out)
    assert status == 1 and "mistyped.txt: no such file" in complained
    after = files_of(out)
    told = json.loads(after.pop("run.json"))
    before.pop("run.json")
    assert after == before
    assert told["failures"][0]["source"].endswith("mistyped.txt")
    assert "left as they were" in printed


def test_a_file_where_the_folder_should_be(run, note, tmp_path):
    out = tmp_path / "out"
    out.write_text("mine")
    status, printed, complained = run("extract", note, "--out", out)
    assert (status, printed) == (2, "")
    assert complained == f"{out}: is a file, not a folder (give another --out)\n"
    assert out.read_text() == "mine"
    status, _, complained = run("extract", note, "--out", out / "deeper")
    assert status == 2 and len(complained.splitlines()) == 1 and str(out) in complained


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract"],
        ["extract", "a.txt"],
        ["extract", "a.txt", "--out", "x", "--workers", "0"],
        ["publish"],
        ["explain", "x", "--lang", "fr"],
        ["update", "a.txt"],
        ["export", "--store", "x", "--format", "docx", "--out", "y"],
        ["decide", "bless", "x", "--store", "x", "--who", "me", "--why", "so"],
    ],
)
def test_wrong_usage(run, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, printed, complained = run(*arguments)
    assert (status, printed) == (2, "")
    assert "Traceback" not in complained and complained
    assert list(tmp_path.iterdir()) == []


def test_version(run):
    status, printed, _ = run("--version")
    assert status == 0 and printed.startswith("isa-extract 0.")


def test_score_and_agree_are_there(run, corpus):
    evidence, gold = corpus[1] / "evidence.csv", CORPUS.parent / "gold" / "corpus" / "evidence.csv"
    status, printed, _ = run("score", "--gold", gold, evidence, "--json")
    assert status == 0
    assert set(json.loads(printed)["levels"]) == {"value", "statistic", "endpoint", "arm", "slots"}
    status, printed, _ = run("agree", gold, gold)
    assert status == 0 and "1.000" in printed


def test_explain_shows_mentions_quantities_and_reasons(run):
    status, printed, complained = run("explain", SENTENCE)
    assert (status, complained) == (0, "")
    lines = printed.splitlines()
    assert lines[0].startswith("zh (as detected)")
    assert any(line.split()[:3] == ["endpoint", "PFS", "PFS"] for line in lines)
    assert any(line.split()[:3] == ["11.5", "11.5", "month"] for line in lines)
    found = [i for i, line in enumerate(lines) if "PFS median" in line]
    assert ["Isa-Pd against Pd" in lines[found[0]], "Pd against Isa-Pd" in lines[found[1]]] == [True, True]
    assert all(lines[i + 1].strip().startswith("order: ") for i in found)
    assert run("explain", SENTENCE, "--lang", "en")[1].startswith("en (as told)")


def test_explain_of_nothing(run):
    status, printed, _ = run("explain", "  ")
    assert status == 0 and "no sentence" in printed
