"""Which place of a sentence is marked, and how a flag is explained."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isa_extract.records import Paper
from isa_extract.report.crops import crops
from isa_extract.report.flagged import disagreements
from isa_extract.report.quote import quote
from isa_extract.report.rows import evidence_rows, studies_by_paper
from isa_extract.report.words import BINDING_WORDS, ENDPOINT_NAMES, FLAG_WORDS
from isa_extract.vocabulary import BINDINGS, ENDPOINTS, FLAGS

Made = Callable[..., Any]
SENTENCE = "ORR was 20% with A, 20% with B and 12.20% in 20 others."
TEXT = "Before, 20 things.\nORR was 20% with\nA, 20% with B and 12.20% in 20 others. After 20."


def test_every_code_has_words() -> None:
    assert set(ENDPOINT_NAMES) == set(ENDPOINTS)
    assert set(BINDING_WORDS) == set(BINDINGS)
    assert set(FLAG_WORDS) == set(FLAGS)


@pytest.mark.parametrize(("nth", "before"), [(1, "ORR was "), (2, "ORR was 20% with A, ")])
def test_the_paper_tells_which_of_two_equal_figures_it_is(nth: int, before: str, evidence_of: Made) -> None:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index("20", start + 1)
    cells = {"value_text": "20", "sentence": SENTENCE, "char_start": str(start), "char_end": str(start + 2)}
    row = evidence_rows(evidence_of(cells))[0]
    told = quote(row, Paper("paper", "paper.txt", "", TEXT))
    assert told.sure
    assert told.pieces[:2] == ((before, False), ("20", True))
    assert "".join(piece for piece, _ in told.pieces) == SENTENCE


def test_without_the_paper_equal_figures_are_all_marked_and_said_so(evidence_of: Made) -> None:
    row = evidence_rows(evidence_of({"value_text": "20", "sentence": SENTENCE}))[0]
    told = quote(row, None)
    assert not told.sure
    assert [piece for piece, marked in told.pieces if marked] == ["20"] * 3
    assert ("% with B and 12.20% in ", False) in told.pieces


def test_a_paper_that_does_not_hold_the_value_there_is_not_believed(evidence_of: Made) -> None:
    cells = {"value_text": "20", "sentence": "", "char_start": "0", "char_end": "2"}
    row = evidence_rows(evidence_of(cells))[0]
    assert quote(row, Paper("paper", "paper.txt", "", TEXT)).pieces == ()


def test_a_value_outside_its_sentence_is_shown_where_the_paper_has_it(evidence_of: Made) -> None:
    start = TEXT.rindex("20")
    cells = {"value_text": "20", "sentence": "", "char_start": str(start), "char_end": str(start + 2)}
    told = quote(evidence_rows(evidence_of(cells))[0], Paper("paper", "paper.txt", "", TEXT))
    assert [piece for piece, marked in told.pieces if marked] == ["20"]
    assert told.pieces[0][0].endswith("20 others. After ")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (
            {"flags": "percent-unreachable", "value": "93", "N": "22"},
            "20 of 22 is 90.9% and 21 of 22 is 95.5%; no whole number of patients gives 93%.",
        ),
        (
            {"flags": "percent-unreachable", "value": "41.0", "n": "19", "N": "46"},
            "19 of 46 is 41.3%, but 41.0% is printed.",
        ),
        (
            {"flags": "ci-excludes-value", "value": "1.62", "unit": "", "ci_low": "1.71", "ci_high": "2.45"},
            "1.62 lies below its own interval, 1.71 to 2.45. One of the three figures is wrong.",
        ),
        (
            {"flags": "ci-p-disagree", "statistic": "hazard_ratio", "ci_low": "0.4", "ci_high": "1.2",
             "p_value": "<0.001", "unit": ""},
            "The interval 0.4 to 1.2 holds 1 (no effect), yet p < 0.001 claims an effect.",
        ),
        (
            {"flags": "ci-p-disagree", "statistic": "hazard_ratio", "ci_low": "0.4", "ci_high": "0.9",
             "p_value": "0.31", "unit": ""},
            "The interval 0.4 to 0.9 leaves out 1 (no effect), yet p = 0.31 claims none.",
        ),
        (
            {"flags": "arm-not-in-trial", "arm": "Isa-Pd"},
            "Isa-Pd is not an arm of TRIAL-1. Its arms are told as Isa-Kd and Kd.",
        ),
        ({"flags": "n-over-N", "n": "50", "N": "46"}, "50 events are more than 46 patients."),
        (
            {"flags": "parts-over-whole", "value": "60", "endpoint": "CR"},
            "The sentence gives CR 60%: the parts are more than the whole.",
        ),
        ({"flags": "percent-unreachable", "N": "0"}, "No whole number of patients gives this percentage."),
        ({"flags": "some-new-check"}, ""),
    ],
)  # fmt: skip
def test_a_flag_is_explained_with_the_papers_figures(
    cells: dict[str, str], why: str, evidence_of: Made, trials_of: Made, page: Made
) -> None:
    views = studies_by_paper(evidence_rows(evidence_of(cells)), trials_of({"arms": "Isa-Kd;Kd"}))["paper"]
    (one,) = disagreements(views)
    assert one.why == why
    card = page(cells, trials=[{"arms": "Isa-Kd;Kd"}]).all("article")[0]
    assert one.check in card.text and one.printed in card.text and why in card.text


def test_no_section_where_nothing_is_flagged(page: Made) -> None:
    assert not page({}).all("section", id="flagged")
    assert len(page({"flags": "n-over-N;ci-excludes-value"}, {}).all("article")) == 2


def test_pictures_are_cut_from_the_file_that_was_read(evidence_of: Made, corpus_paper: Paper) -> None:
    row = {"page": "1", "bbox": "75.6 510.4 98.5 519.4"}
    rows = evidence_rows(evidence_of(row, {"page": "", "bbox": ""}, row | {"page": "99"}))
    made = crops(rows, [corpus_paper])
    assert set(made) == {1} and made[1].startswith("data:image/png;base64,")
    assert made == crops(rows, [corpus_paper])
    assert crops(rows, [replace(corpus_paper, sha256="other")]) == {}
    assert crops(rows, [replace(corpus_paper, source="gone.pdf")]) == {}


@pytest.fixture
def corpus_paper() -> Paper:
    path = Path(__file__).parents[2] / "corpus" / "egfr-lung-en.pdf"
    return Paper("paper", str(path), hashlib.sha256(path.read_bytes()).hexdigest(), "")
