"""The commands: what they print, where, and with which exit status."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from isa_extract.scoring.command import agree_command, score_command

PD = {"arm": "Pd", "arm_drugs": "dexamethasone+pomalidomide"}
LEVELS = ["value", "statistic", "endpoint", "arm", "slots"]


@pytest.fixture
def run():
    app = typer.Typer()
    app.command("score")(score_command)
    app.command("agree")(agree_command)

    def invoke(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def tables(tmp_path, row, write):
    """A gold table of three rows, and evidence with one right, one of the wrong arm, one spurious."""
    gold = [
        row(),
        row(value="6.5", char_start="20", char_end="23"),
        row(value="9", char_start="40", char_end="41"),
    ]
    found = [row(sentence="PFS 11.5 <b>"), gold[1] | PD, row(value="5", char_start="60", char_end="61")]
    return write(tmp_path / "gold.csv", gold), write(tmp_path / "evidence.csv", found)


def test_json_is_one_object_as_the_contract_has_it(run, tables):
    gold, evidence = tables
    result = run("score", "--gold", gold, evidence, "--json")
    assert result.exit_code == 0
    whole = json.loads(result.stdout)
    assert list(whole["levels"]) == LEVELS
    arm = whole["levels"]["arm"]
    assert {name: arm[name] for name in ("tp", "predicted", "gold")} == {"tp": 1, "predicted": 3, "gold": 3}
    assert arm["precision"] == arm["recall"] == arm["f1"] == pytest.approx(1 / 3)
    assert whole["levels"]["endpoint"]["tp"] == 2
    assert whole["wrong_arm"] == {"pairs": 2, "wrong": 1, "blank": 0, "rate": 0.5}
    assert [miss["kind"] for miss in whole["misses"]] == ["wrong", "missed", "spurious"]


def test_the_table_lists_every_miss(run, tables):
    gold, evidence = tables
    result = run("score", "--gold", gold, evidence)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith(("missed", "spurious", "wrong  "))] == [
        "wrong     one:20  PFS median 6.5 month Isa-Pd [ICARIA-MM]; "
        "arm: 'Isa-Pd dexamethasone+isatuximab+pomalidomide' expected, 'Pd dexamethasone+pomalidomide' found",
        "missed    one:40  PFS median 9 month Isa-Pd [ICARIA-MM]",
        "spurious  one:60  PFS median 5 month Isa-Pd [ICARIA-MM]",
    ]
    assert any(
        line.split() == ["+", "arm", "1", "3", "3", "0.333", "0.333", "0.333", "one", "paper"]
        for line in lines
    )


def test_the_same_input_prints_the_same_bytes(run, tables):
    gold, evidence = tables
    assert run("score", "--gold", gold, evidence).stdout == run("score", "--gold", gold, evidence).stdout


@pytest.mark.parametrize("broken", ["gold.csv", "evidence.csv"])
def test_no_score_for_a_table_that_is_not_valid(run, tables, broken):
    gold, evidence = tables
    path = gold.with_name(broken)
    path.write_text(path.read_text("utf-8").replace(",month,", ",moon,"), "utf-8")
    result = run("score", "--gold", gold, evidence, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"{path}, line {line}, column unit: unknown unit 'moon', perhaps 'month'" for line in (2, 3, 4)
    ]


def test_a_table_that_is_not_there_and_wrong_usage(run, tables):
    gold, evidence = tables
    result = run("score", "--gold", gold.with_name("none.csv"), evidence)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "none.csv: cannot be read" in result.stderr
    assert run("score", evidence).exit_code == 2


def test_offsets_are_held_against_a_text_beside_the_gold_table(run, tables):
    gold, evidence = tables
    gold.with_name("one.txt").write_text("too short", "utf-8")
    result = run("score", "--gold", gold, evidence)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "line 2, column char_end: 14 lies outside the text of 9 characters" in result.stderr


def test_papers_of_one_table_only_are_told_of(run, tmp_path, row, write):
    gold = write(tmp_path / "gold.csv", [row(), row(doc_id="two")])
    evidence = write(tmp_path / "evidence.csv", [row(), row(doc_id="three")])
    result = run("score", "--gold", gold, evidence, "--json")
    assert result.stderr.splitlines() == [
        "no evidence for two: every row counts as missed",
        "not in the gold table: three: 1 rows counted as spurious",
    ]
    assert json.loads(result.stdout)["levels"]["arm"]["predicted"] == 2
    left_out = run("score", "--gold", gold, evidence, "--json", "--only-gold-papers")
    assert json.loads(left_out.stdout)["levels"]["arm"]["predicted"] == 1


def test_against_an_earlier_evidence(run, tables, tmp_path, row, write):
    gold, evidence = tables
    old = write(tmp_path / "old.csv", [row(**PD)])
    result = run("score", "--gold", gold, evidence, "--against", old)
    assert "against the old evidence: 2 gained, 0 lost, 1 more spurious, 0 spurious no more" in result.stdout
    assert "gained    one:10  PFS median 11.5 month Isa-Pd [ICARIA-MM]  (endpoint → slots)" in result.stdout
    whole = json.loads(run("score", "--gold", gold, evidence, "--against", old, "--json").stdout)
    assert [step["to"] for step in whole["change"]["gained"]] == ["slots", "endpoint"]


def test_trials_beside_the_evidence_are_scored(run, tables, tmp_path):
    gold, evidence = tables
    (tmp_path / "trials.csv").write_text("doc_id,trial_id,phase\none,NCT02990338,II\n", "utf-8")
    truth = tmp_path / "gold-trials.csv"
    truth.write_text("doc_id,trial_id,phase\none,NCT02990338,III\n", "utf-8")
    result = run("score", "--gold", gold, "--gold-trials", truth, evidence)
    assert "trials    one: NCT02990338 III: phase: expected 'III', found 'II'" in result.stdout
    whole = json.loads(run("score", "--gold", gold, "--gold-trials", truth, evidence, "--json").stdout)
    assert (whole["trials"]["study"]["tp"], whole["trials"]["row"]["tp"]) == (1, 0)


def test_the_page_has_every_row_escaped_and_stands_alone(run, tables, tmp_path):
    gold, evidence = tables
    page = tmp_path / "page.html"
    assert run("score", "--gold", gold, evidence, "--html", page).exit_code == 0
    html = page.read_text("utf-8")
    for kind in ("correct", "wrong", "missed", "spurious"):
        assert html.count(f'<tr class="{kind}">') == 1
    assert "PFS <mark>11.5</mark> &lt;b&gt;" in html
    assert "<b>" not in html
    assert "http" not in html and "src=" not in html
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evidence.csv", "gold.csv", "page.html"]


def test_a_missed_row_stands_beside_its_text(run, tmp_path, row, write):
    (tmp_path / "one.txt").write_text("之前。中位PFS为11.5个月。之后。", "utf-8")
    gold = write(tmp_path / "gold.csv", [row(char_start="9", char_end="13")])
    evidence = write(tmp_path / "evidence.csv", [])
    page = tmp_path / "page.html"
    assert run("score", "--gold", gold, evidence, "--html", page).exit_code == 0
    assert '<td class="quote">中位PFS为<mark>11.5</mark>个月。</td>' in page.read_text("utf-8")


def test_a_page_that_cannot_be_written(run, tables, tmp_path):
    gold, evidence = tables
    result = run("score", "--gold", gold, evidence, "--html", tmp_path / "no" / "page.html")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "page.html: cannot be written (No such file or directory)" in result.stderr


def test_two_readers(run, tmp_path, row, write):
    first = write(tmp_path / "a.csv", [row(), row(value="3", char_start="30", char_end="31")])
    second = write(tmp_path / "b.csv", [row(grade="5"), row(value="4", char_start="50", char_end="51")])
    result = run("agree", first, second)
    assert result.exit_code == 0
    assert (
        "differs   one:10  PFS median 11.5 month Isa-Pd [ICARIA-MM]; grade: '' expected, '5' found"
        in result.stdout
    )
    assert "only in the first one:30" in result.stdout
    assert "only in the second one:50" in result.stdout
    whole = json.loads(run("agree", first, second, "--json").stdout)
    assert (whole["levels"]["arm"]["f1"], whole["levels"]["slots"]["f1"]) == (0.5, 0)
    assert [difference["kind"] for difference in whole["differences"]] == ["wrong", "missed", "spurious"]
