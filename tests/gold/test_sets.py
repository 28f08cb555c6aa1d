"""Gold sets: what belongs to one, and the real extractor run over one."""

from __future__ import annotations

from pathlib import Path

from miniature import TEXT, make_batch
from sets import GoldSet, batch, compact, compact_columns, gold_sets, run


def test_a_batch_runs_through_the_extractor(tmp_path: Path) -> None:
    result = run(batch(make_batch(tmp_path / "b1"), "b1"))
    assert result.found.failures == ()
    assert {row["value_text"] for row in result.found.evidence} >= {"11.5", "6.5", "60.4", "35.3"}
    assert result.score.level("value").recall == 1.0


def test_a_paper_that_cannot_be_read_is_a_failure_and_counts_as_missed(tmp_path: Path) -> None:
    folder = make_batch(tmp_path / "b1")
    (folder / "one.txt").unlink()
    (folder / "one.pdf").write_bytes(b"no PDF at all")
    result = run(GoldSet("b1", folder / "gold.csv", (folder / "one.pdf",), spans=False))
    assert len(result.found.failures) == 1 and "not a PDF" in result.found.failures[0]
    assert result.score.level("value").gold == 4 and result.score.level("value").tp == 0


def test_the_compact_form_keeps_no_sentence(tmp_path: Path) -> None:
    result = run(batch(make_batch(tmp_path / "b1"), "b1"))
    for spans in (True, False):
        rows = compact(result.found.evidence, spans=spans)
        assert rows and all(tuple(row) == compact_columns(spans=spans) for row in rows)
        assert not any(cell and len(cell) > 60 and cell in TEXT for row in rows for cell in row.values())
        assert rows == compact(reversed(result.found.evidence), spans=spans)


def test_the_sets_of_the_project_are_all_known() -> None:
    root = Path(__file__).resolve().parents[2]
    names = [one.name for one in gold_sets(root)]
    assert names[:4] == ["review", "review-pdf", "corpus", "examples"]
    assert names[4:] == [f"dev/{path.parent.name}" for path in sorted(root.glob("gold/dev/*/gold.csv"))]
