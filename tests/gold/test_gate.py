"""The gate lets nothing go unnoticed: planted losses and lowered floors are its reason to be."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import floor
import pytest
from miniature import commit, git, read_rows, write_rows

Run = Callable[..., tuple[int, str]]


def lose(project: Path) -> None:
    """The extractor misses two of the four rows."""
    found = project / "gold" / "dev" / "first" / "one.found.csv"
    write_rows(found, read_rows(found)[:2])


def no_floor(project: Path) -> None:
    """Without a floor, so that the rows alone speak."""
    (project / "gold" / "floor.toml").write_text("", encoding="utf-8")
    commit(project)


def test_passes_on_what_it_accepted(run_gate: Run) -> None:
    status, told = run_gate()
    assert status == 0, told
    assert "gate: passed" in told
    assert re.search(r"dev/first +1 +4 +1\.000 +1\.000 +1\.000 +1\.000", told)


def test_sets_without_papers_are_told_of_and_not_failed(run_gate: Run) -> None:
    _, told = run_gate()
    for name in ("review", "review-pdf", "corpus", "examples"):
        assert re.search(rf"^{name} +not here", told, re.MULTILINE)


def test_fails_on_a_planted_loss(project: Path, run_gate: Run) -> None:
    no_floor(project)
    lose(project)
    status, told = run_gate("--accept")
    assert status == 1
    assert told.count("gate: dev/first: lost without a reason: one:") == 2
    assert "ORR rate 60.4 %" in told


def test_accepting_does_not_hide_a_loss_before_it_is_committed(project: Path, run_gate: Run) -> None:
    no_floor(project)
    lose(project)
    run_gate("--accept")
    status, told = run_gate()
    assert status == 1 and "lost without a reason" in told


def test_a_loss_with_a_reason_passes_once(project: Path, run_gate: Run) -> None:
    no_floor(project)
    found = project / "gold" / "dev" / "first" / "one.found.csv"
    whole = found.read_text(encoding="utf-8")
    lose(project)
    _, told = run_gate("--accept", "--drafts")
    drafts = "".join(re.findall(r"(?m)^(?:\[\[loss\]\]|date = .*|set = .*|row = .*|reason = .*)\n", told))
    written = project / "gold" / "losses.toml"
    written.write_text(drafts.replace('reason = ""', 'reason = "misread before"'), encoding="utf-8")
    status, told = run_gate()
    assert status == 0, told
    assert "2 right rows lost, 2 of them with a reason" in told
    commit(project)
    assert run_gate()[0] == 0

    found.write_text(whole, encoding="utf-8")
    assert run_gate("--accept")[0] == 0
    commit(project)
    lose(project)
    status, told = run_gate("--accept")
    assert status == 1 and "lost without a reason" in told, "an old entry excuses nothing new"


def test_an_entry_without_a_reason_is_refused(project: Path, run_gate: Run) -> None:
    entry = '[[loss]]\ndate = "2026-01-31"\nset = "dev/first"\nrow = "x"\nreason = " "\n'
    (project / "gold" / "losses.toml").write_text(entry, encoding="utf-8")
    status, told = run_gate()
    assert status == 1 and "entry 1 has no reason" in told


def test_fails_on_a_score_below_the_floor(project: Path, run_gate: Run) -> None:
    lose(project)
    status, told = run_gate("--accept")
    assert status == 1
    assert "dev/first: arm is 0.6667, below its floor of 1.000" in told


@pytest.mark.parametrize("change", ["arm = 0.999", "", "# gone"])
def test_fails_on_a_floor_below_the_last_commits(project: Path, run_gate: Run, change: str) -> None:
    path = project / "gold" / "floor.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("arm = 1.000", change) if change != "# gone" else "", encoding="utf-8")
    status, told = run_gate()
    assert status == 1
    assert "floor.toml: [dev/first] arm is " in told and "and was 1.000 in the last commit" in told


def test_raising_never_lowers(project: Path, run_gate: Run) -> None:
    lose(project)
    run_gate("--raise")
    floors = floor.load((project / "gold" / "floor.toml").read_text(encoding="utf-8"))
    assert floors["dev/first"]["arm"] == 1.0


def test_raising_rounds_down() -> None:
    assert floor.raised({}, {}, {"a": {"value": 0.98765}}) == {"a": {"value": 0.987}}
    assert floor.raised({"a": {"value": 0.99}}, {}, {"a": {"value": 0.98765}}) == {"a": {"value": 0.99}}
    assert floor.below({"value": 0.98765}, {"value": 0.987}) == []
    assert floor.below({"value": 0.98765}, {"value": 0.988}) == ["value"]


def test_floor_survives_writing_and_reading() -> None:
    floors = {"dev/a": {"value": 0.5, "slots": 0.123}, "review": {"trials": 1.0}}
    assert floor.load(floor.dump(floors)) == floors


@pytest.mark.parametrize("text", ["[a]\nvalues = 0.5", "[a]\nvalue = 1.5", "a = 1", "[a", '[a]\nvalue = "x"'])
def test_a_floor_that_is_none_is_refused(project: Path, run_gate: Run, text: str) -> None:
    (project / "gold" / "floor.toml").write_text(text, encoding="utf-8")
    status, told = run_gate()
    assert status == 1 and "floor.toml or losses.toml: " in told


def test_output_that_was_not_accepted_fails(project: Path, run_gate: Run) -> None:
    last = project / "gold" / "last" / "dev" / "first.csv"
    rows = read_rows(last)
    assert "sentence" not in rows[0] and len(rows) == 4
    write_rows(last, rows[:2])
    status, told = run_gate()
    assert status == 1 and "gold/last/dev/first.csv is not today's output" in told
    assert run_gate("--accept")[0] == 0
    commit(project)
    assert run_gate()[0] == 0


def test_a_gain_is_shown(project: Path, run_gate: Run) -> None:
    last = project / "gold" / "last" / "dev" / "first.csv"
    write_rows(last, read_rows(last)[:2])
    commit(project)
    status, told = run_gate("--accept")
    assert status == 0, told
    assert "2 gained, 0 lost" in told


def test_a_batch_that_is_taken_away_fails(project: Path, run_gate: Run) -> None:
    (project / "gold" / "dev" / "first" / "gold.csv").unlink()
    status, told = run_gate()
    assert status == 1 and "floor.toml: there is no set dev/first" in told


def test_a_text_that_is_taken_away_fails(project: Path, run_gate: Run) -> None:
    (project / "gold" / "dev" / "first" / "one.txt").unlink()
    status, told = run_gate()
    assert status == 1 and "dev/first: scored before, and now not here" in told


def test_a_gold_table_that_is_not_valid_fails(project: Path, run_gate: Run) -> None:
    gold = project / "gold" / "dev" / "first" / "gold.csv"
    gold.write_text(gold.read_text(encoding="utf-8").replace("PFS", "PSF"), encoding="utf-8")
    status, told = run_gate()
    assert status == 1 and "column endpoint: unknown endpoint 'PSF'" in told


def test_a_changed_gold_table_is_told_of(project: Path, run_gate: Run) -> None:
    gold = project / "gold" / "dev" / "first" / "gold.csv"
    rows = read_rows(gold)
    write_rows(gold, rows[1:])
    _, told = run_gate()
    assert "the gold table has changed since the last commit (4 rows, now 3)" in told


def test_first_sight_figures_cannot_be_taken_away(project: Path, run_gate: Run) -> None:
    ledger = project / "gold" / "first_sight.csv"
    write_rows(ledger, [{"date": "2026-01-31", "batch": "b", "arm": "0.5"}])
    commit(project)
    write_rows(ledger, [{"date": "2026-01-31", "batch": "b", "arm": "0.9"}])
    status, told = run_gate()
    assert status == 1 and "first_sight.csv: the entry 2026-01-31 b was changed or taken away" in told


def test_without_git_it_holds_against_the_files_that_are_here(project: Path, run_gate: Run) -> None:
    import shutil

    shutil.rmtree(project / ".git")
    git(project, "init", "-q")
    status, told = run_gate()
    assert status == 0, told
    assert "no last commit to compare with" in told
