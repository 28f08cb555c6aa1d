"""Brat corpora: their form, the mapping of their labels, and scores counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from brat import Mark, labels_of, load_documents, load_mapping
from extraction import unit_span, value_span
from run import main, mapping_for
from typed_values import pairs, score_folder

from isa_extract.records import Span
from isa_extract.scoring.score import Level

HOME = Path(__file__).resolve().parents[2] / "benchmarks"
PICO, OWN = HOME / "samples" / "pico-corpus", HOME / "samples" / "brat"


def write(folder: Path, ann: str, text: str = "PFS was 10.1 months with A.\n") -> Path:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / "a.ann").write_text(ann, encoding="utf-8")
    return folder


def test_pico_corpus_end_to_end() -> None:
    """Every value of the sample is marked; one median is marked without its unit, so that it is right
    leniently only."""
    mapping = mapping_for(PICO, None)
    assert mapping is not None and mapping.name == "PICO-Corpus"
    score = score_folder(PICO, mapping)
    assert score.documents == 1 and score.unknown == ()
    labels = {name: (one.exact, one.lenient) for name, one in score.labels.items() if one.exact.gold}
    assert labels == {
        "iv-bin-percent": (Level(2, 2, 2), Level(2, 2, 2)),
        "cv-bin-percent": (Level(2, 2, 2), Level(2, 2, 2)),
        "iv-bin-abs": (Level(1, 1, 1), Level(1, 1, 1)),
        "cv-bin-abs": (Level(1, 1, 1), Level(1, 1, 1)),
        "iv-cont-median": (Level(1, 1, 1), Level(1, 1, 1)),
        "cv-cont-median": (Level(0, 1, 1), Level(1, 1, 1)),
    }
    assert score.numbers == {"total-participants": Level(1, 1, 1)}


def test_a_folder_with_a_mapping_of_its_own() -> None:
    mapping = mapping_for(OWN, None)
    assert mapping is not None
    score = score_folder(OWN, mapping)
    assert {name: one.exact for name, one in score.labels.items()} == {
        "Survival": Level(2, 2, 2),
        "Ratio": Level(1, 1, 1),
    }
    assert score.unknown == ()


def test_pairs_exact_and_lenient() -> None:
    gold = [Mark("x", 10, 14), Mark("x", 20, 24)]
    found = [Mark("x", 12, 16), Mark("x", 20, 24), Mark("x", 40, 44)]
    assert pairs(gold, found, exact=True) == [(gold[1], found[1])]
    assert pairs(gold, found, exact=False) == [(gold[0], found[0]), (gold[1], found[1])]
    assert pairs(gold, [], exact=False) == []


def test_lenient_pairs_are_one_to_one_and_prefer_the_exact() -> None:
    gold = [Mark("x", 10, 20)]
    found = [Mark("x", 10, 12), Mark("x", 10, 20)]
    assert pairs(gold, found, exact=False) == [(gold[0], found[1])]


def test_a_value_with_its_unit_and_count() -> None:
    text = "in 30 ( 14.6 % ) of 205, 12.1 months, 19.8 % ( 55/278 ), 7"
    for number, unit, whole in (
        ("14.6", "14.6 %", "30 ( 14.6 % )"),
        ("12.1", "12.1 months", "12.1 months"),
        ("19.8", "19.8 %", "19.8 % ( 55/278 )"),
        ("7", "7", "7"),
    ):
        start = text.rindex(number)
        span = Span(start, start + len(number))
        wide, narrow = value_span(text, span), unit_span(text, span)
        assert text[wide.start : wide.end] == whole
        assert text[narrow.start : narrow.end] == unit


def test_annotations_are_read(tmp_path: Path) -> None:
    ann = "T1\tV 8 12;13 19\t10.1 months\nR1\tof Arg1:T1 Arg2:T2\n#1\tnote T1\tx\nT2\tE 0 3\tPFS\n"
    (document,) = load_documents(write(tmp_path, ann))
    assert document.marks == (Mark("E", 0, 3), Mark("V", 8, 19))
    assert labels_of(tmp_path) == {"E", "V"}


@pytest.mark.parametrize(
    ("ann", "reason"),
    [
        ("T1\tV 8 99\tx\n", "line 1: 8 to 99 does not lie in the text"),
        ("T1 V 8 12 x\n", "line 1: not an annotation of brat"),
    ],
)
def test_annotations_that_do_not_fit_are_named(tmp_path: Path, ann: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        load_documents(write(tmp_path, ann))


def test_annotations_without_a_text_are_named(tmp_path: Path) -> None:
    (write(tmp_path, "T1\tV 8 12\t10.1\n") / "a.txt").unlink()
    with pytest.raises(ValueError, match=r"no text a\.txt beside it"):
        load_documents(tmp_path)


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ('statistic = "average"', "unknown statistic 'average'"),
        ('statistic = "rate"\nslot = "n"', "it wants one of statistic, slot, study"),
        ('roles = ["control"]', "it wants one of statistic, slot, study"),
        ('statistic = "rate"\nrole = "control"', "unknown key role"),
        ('statistic = "rate"\nroles = ["placebo"]', "unknown word in roles: 'placebo'"),
    ],
)
def test_a_mapping_that_is_none_is_refused(tmp_path: Path, label: str, reason: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(f"[labels.x]\n{label}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        load_mapping(path)


def test_the_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(PICO)]) == 0
    out = capsys.readouterr().out
    assert out.index("exact spans") < out.index("lenient spans")
    assert "0.870 BioBERT (Mutinda and others 2022)" in out
    assert main([str(HOME / "samples" / "rct-art")]) == 0
    assert "0.807 RCT-ART" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["nothing", "unknown", "absent"])
def test_a_folder_that_is_no_corpus_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    if what == "unknown":
        write(tmp_path, "T1\tV 8 12\t10.1\n")
    assert main([str(tmp_path / "no" if what == "absent" else tmp_path)]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and str(tmp_path) in err
