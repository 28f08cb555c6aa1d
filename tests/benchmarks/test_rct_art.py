"""RCT-ART's table scores, counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rct_art import as_published, contained, contained_or_empty, is_here, load, matched, same, score_file

from isa_extract.scoring.score import Level

SAMPLES = Path(__file__).resolve().parents[2] / "benchmarks" / "samples" / "rct-art"

GOLD = [("Median PFS", "A", "10 months"), ("Median PFS", "B", "8 months")]


def test_the_sample_end_to_end() -> None:
    """Four sentences: two rows word for word; two whose outcome is longer with us; one of an endpoint that
    only its phrase tells, without an arm; a hazard ratio, which the corpus leaves out."""
    score = score_file(SAMPLES / "sample.jsonl")
    assert score.sentences == 4
    assert score.value == Level(5, 5, 5)
    assert score.arm == Level(4, 4, 4)
    assert score.strict.matched == Level(2, 5, 5)
    assert score.relaxed.matched == Level(4, 5, 5)
    assert score.strict.as_published == Level(2, 5, 2)
    assert score.relaxed.as_published == Level(5, 5, 5)


def test_matched_pairs_rows_in_any_order_and_counts_the_rest() -> None:
    found = [GOLD[1], ("OS", "A", "20 months"), GOLD[0]]
    assert matched(GOLD, found, same) == Level(2, 3, 2)
    assert matched(GOLD, [], same) == Level(0, 0, 2)
    assert matched([], found, same) == Level(0, 3, 0)


def test_matched_uses_each_row_once() -> None:
    assert matched(GOLD, [GOLD[0], GOLD[0]], same) == Level(1, 2, 2)


def test_as_published_goes_by_position() -> None:
    assert as_published(GOLD, [GOLD[1], GOLD[0]], same) == Level(0, 2, 0)
    assert as_published(GOLD, [*GOLD, ("OS", "A", "20 months")], same) == Level(2, 2, 2)
    assert as_published(GOLD, GOLD[:1], same) == Level(1, 1, 1)
    assert as_published(GOLD, [], same) == Level(0, 0, 2)
    assert as_published([], GOLD, same) == Level(0, 0, 0)


@pytest.mark.parametrize(
    ("a", "b", "ours", "theirs"),
    [
        ("PFS", "Median PFS", True, True),
        ("Median PFS", "PFS", True, True),
        ("PFS", "OS", False, False),
        ("", "PFS", False, True),
        ("PFS", "", False, True),
        ("", "", True, True),
    ],
)
def test_relaxed_cells(a: str, b: str, ours: bool, theirs: bool) -> None:
    assert contained(a, b) is ours
    assert contained_or_empty(a, b) is theirs


def test_what_is_not_of_the_corpus_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    (tmp_path / "broken.jsonl").write_text("{\n", encoding="utf-8")
    assert not is_here(tmp_path)
    assert is_here(SAMPLES)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"text": "x", "rows": [{"outcome": "x"}]}) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.jsonl, line 1: not a sentence of RCT-ART"):
        load(path)
