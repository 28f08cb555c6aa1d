"""The command: a sentence or a place of a paper, printed or as a page, and wrong usage."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.cli import main
from isa_extract.reading import read

PAPER = Path(__file__).parents[2] / "corpus" / "egfr-lung-en.pdf"
SENTENCE = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。"


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["isa-extract", "explain", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_every_reader_is_printed(run):
    status, printed, complained = run(SENTENCE)
    assert (status, complained) == (0, "")
    lines = [line.split() for line in printed.splitlines()]
    assert ["▸", "listed", "Isa-Pd,", "Pd", "order:"] in [line[:5] for line in lines]
    assert ["moved", "–"] in lines
    assert "\x1b" not in printed


def test_colour_heeds_no_color(run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[96m" in run(SENTENCE)[1]  # endpoints in bright cyan
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[96m" not in run(SENTENCE)[1]


def test_the_offsets_of_a_row_show_its_sentence(run):
    finding = next(f for f in extract(read(PAPER, "x")).findings if f.statistic == "hazard_ratio")
    status, printed, _ = run("--paper", PAPER, "--at", f"{finding.span.start}-{finding.span.end}")
    assert status == 0
    assert finding.why in printed and finding.arm.label in printed
    assert printed.startswith("en (as detected)")


def test_words_of_a_paper_are_found(run):
    status, printed, _ = run("--paper", PAPER, "--find", "responses lasted longer")
    assert status == 0 and "DOR median" in printed


def test_a_page_is_written_instead(run, tmp_path):
    page = tmp_path / "why.html"
    status, printed, _ = run(SENTENCE, "--html", page)
    assert (status, printed.strip()) == (0, str(page))
    assert "sees nothing" in page.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [page]


def test_a_page_that_cannot_be_written(run, tmp_path):
    status, _, complained = run(SENTENCE, "--html", tmp_path / "no" / "why.html")
    assert status == 2 and len(complained.splitlines()) == 1 and "cannot be written" in complained


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--paper", "none.pdf", "--at", "1-2"], "none.pdf: no such file"),
        (["--paper", PAPER, "--find", "qqqq"], "does not hold 'qqqq'"),
        (["--paper", PAPER, "--at", "1-99999999"], "is not in its text of"),
    ],
)
def test_what_cannot_be_explained_is_one_line(run, arguments, told):
    status, printed, complained = run(*arguments)
    assert (status, printed) == (1, "")
    assert told in complained and len(complained.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x", "--paper", "a.pdf"],
        ["x", "--at", "1-2"],
        ["x", "--find", "y"],
        ["--paper", "a.pdf"],
        ["--paper", "a.pdf", "--at", "1-2", "--find", "y"],
        ["--paper", "a.pdf", "--at", "here"],
        ["--paper", "a.pdf", "--at", "5-2"],
        ["--paper", "a.pdf", "--at", "-5"],
    ],
)
def test_wrong_usage(run, arguments):
    status, printed, complained = run(*arguments)
    assert (status, printed) == (2, "") and "Traceback" not in complained
