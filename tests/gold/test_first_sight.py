"""First sight: a batch is scored once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import curve
import first_sight
import pytest
from first_sight import COLUMNS, Refused, record
from miniature import TEXT, make_batch, read_rows

DAY = date(2026, 1, 31)


pytestmark = pytest.mark.usefixtures("extractor")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "first_sight.csv"


def test_an_entry_has_every_figure(tmp_path: Path, ledger: Path) -> None:
    record(make_batch(tmp_path / "b1"), ledger, "en", DAY, "a note")
    (entry,) = read_rows(ledger)
    assert tuple(entry) == COLUMNS
    assert entry["date"] == "2026-01-31" and entry["batch"] == "b1" and entry["language"] == "en"
    assert entry["rows"] == "4" and entry["note"] == "a note"
    assert entry["value"] == entry["arm"] == entry["arm_precision"] == "1.000"
    assert entry["wrong_arm_rate"] == "0.000"
    assert len(entry["rulebook"]) == 16 and len(entry["sha256"]) == 64


def test_the_same_batch_is_refused(tmp_path: Path, ledger: Path) -> None:
    folder = make_batch(tmp_path / "b1")
    record(folder, ledger, "en", DAY)
    before = ledger.read_bytes()
    with pytest.raises(Refused, match="scored before, as b1 on 2026-01-31"):
        record(folder, ledger, "en", DAY)
    assert ledger.read_bytes() == before


def test_another_folder_name_does_not_make_it_new(tmp_path: Path, ledger: Path) -> None:
    record(make_batch(tmp_path / "b1"), ledger, "en", DAY)
    with pytest.raises(Refused, match="scored before"):
        record(make_batch(tmp_path / "b2"), ledger, "en", DAY)


def test_neither_do_other_file_names_or_a_corrected_gold_table(tmp_path: Path, ledger: Path) -> None:
    record(make_batch(tmp_path / "b1"), ledger, "en", DAY)
    with pytest.raises(Refused, match=r"two\.txt was seen before, in b1"):
        record(make_batch(tmp_path / "b2", name="two"), ledger, "en", DAY)


def test_a_second_batch_is_appended(tmp_path: Path, ledger: Path) -> None:
    record(make_batch(tmp_path / "b1"), ledger, "en", DAY)
    first = read_rows(ledger)[0]
    record(make_batch(tmp_path / "b2", TEXT + "\nNothing more was reported.\n"), ledger, "en", DAY)
    entries = read_rows(ledger)
    assert entries[0] == first and [entry["batch"] for entry in entries] == ["b1", "b2"]


def test_what_is_no_batch_is_refused(tmp_path: Path, ledger: Path) -> None:
    with pytest.raises(Refused, match="not a batch"):
        record(tmp_path, ledger, "en", DAY)


def test_gold_of_a_text_that_is_not_there_is_refused(tmp_path: Path, ledger: Path) -> None:
    folder = make_batch(tmp_path / "b1")
    (folder / "one.txt").rename(folder / "other.txt")
    (folder / "one.found.csv").rename(folder / "other.found.csv")
    with pytest.raises(Refused, match=r"gold\.csv names one, and there is no such text"):
        record(folder, ledger, "en", DAY)
    assert not ledger.exists()


def test_the_program(tmp_path: Path, ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_batch(tmp_path / "b1")
    words = ["--ledger", str(ledger), "record", str(folder), "--lang", "en", "--date", "2026-01-31"]
    assert first_sight.main(words) == 0
    assert first_sight.main(words) == 1
    assert "scored before" in capsys.readouterr().err
    svg = tmp_path / "curve.svg"
    assert first_sight.main(["--ledger", str(ledger), "curve", "--svg", str(svg)]) == 0
    assert "en arm F1  █  1.000 → 1.000" in capsys.readouterr().out
    assert "2026-01-31 b1: 1.000, 4 rows" in svg.read_text(encoding="utf-8")


def test_the_curve_of_nothing() -> None:
    assert list(curve.lines([])) == ["no batch was recorded yet"]
    assert "no batch yet" in curve.draw([])
