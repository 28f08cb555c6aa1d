"""What an earlier run wrote is no paper when its folder is read again."""

from __future__ import annotations

from pathlib import Path

from isa_extract.pipeline.batch import papers_in


def test_reports_and_texts_of_earlier_runs_are_left_out(tmp_path: Path) -> None:
    for name in (
        "a.xml",
        "run/evidence.csv",
        "run/run.json",
        "run/report.html",
        "run/texts/a.txt",
        "other/report.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path, _ in papers_in([tmp_path])]
    assert found == ["a.xml", "other/report.html"]
    # named outright it is read, whatever it is
    named = tmp_path / "run" / "report.html"
    assert [path for path, _ in papers_in([named])] == [named]
    # a run's own folder, read again
    assert [path.name for path, _ in papers_in([tmp_path / "run"])] == ["run"]
