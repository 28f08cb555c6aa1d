"""What an explanation holds: of a sentence, at a place of a paper, and what it says of each reader."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isa_extract.binding import readings
from isa_extract.binding.assemble import extract
from isa_extract.errors import PaperError
from isa_extract.explain import paper_of
from isa_extract.explain.families import FAMILIES, STYLES, family
from isa_extract.explain.page import render
from isa_extract.explain.place import MOST, of_place, of_text, of_words
from isa_extract.reading import read
from isa_extract.records import Span
from isa_extract.rules.rulebook import rulebook

CORPUS = Path(__file__).parents[2] / "corpus"
LISTED = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月（HR=0.596，95%CI 0.44~0.81，P=0.001）。"
COMPARED = "与Pd组相比，ORR显著升高（60.4% vs 35.3%）。"
ENGLISH = "In ICARIA-MM (NCT02990338), median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd."


@pytest.fixture(scope="module")
def two():
    return of_text(LISTED + COMPARED).accounts


def test_the_pieces_are_the_sentence_and_the_rules_are_told_on_them(two):
    for one in two:
        assert "".join(p.text for p in one.pieces) in (LISTED + COMPARED).translate(
            str.maketrans("，（）", ",()")
        )
    told = {p.text: p for p in two[0].pieces}
    assert (told["PFS"].family, told["PFS"].told) == ("outcome", "endpoint: PFS (pfs)")
    assert told["11.5"].value and not told["PFS"].value
    assert told["ICARIA-MM研究("].family == ""


def test_places_are_those_of_the_papers_text(two):
    text = LISTED + COMPARED
    for one in two:
        for _, kind, words, _, at, _ in one.mentions:
            start, end = map(int, at.split("–"))
            assert re.sub(r"\W", "", text[start:end]) == re.sub(r"\W", "", words), kind
    assert [text[o.span.start : o.span.end] for o in two] == [LISTED, COMPARED]


def test_quantities_come_with_interval_and_share():
    (one,) = of_text("Isa-Kd组ORR为60.5%（23/38），HR=0.596（95%CI 0.44~0.81）。").accounts
    cells = [(q[1], q[3], q[4], q[5]) for q in one.quantities]
    assert cells == [("60.5", "", "", "23/38"), ("0.596", "hazard_ratio", "0.44–0.81 (95%)", "")]


def test_the_study_and_its_arms_are_told(two):
    assert [one.study for one in two] == ["ICARIA-MM, NCT02990338"] * 2
    assert [(a.label, a.drugs, a.role) for a in two[1].arms] == [
        ("Isa-Pd", "dexamethasone + isatuximab + pomalidomide", "experimental"),
        ("Pd", "dexamethasone + pomalidomide", "control"),
    ]
    assert two[1].named == (("Pd", "Pd"),)


def test_what_is_carried_is_told(two):
    assert two[0].states == ()
    carried = {state.name: state.carried for state in two[1].states}
    assert (carried["order of arms"], carried["endpoint"]) == ("Isa-Pd, Pd", "PFS")


def test_every_reader_is_told_of_in_order_and_the_first_that_sees_decides(two):
    names = [name for name in readings.asked.__code__.co_names if name in vars(readings) and name[0] != "_"]
    assert len(names) >= 8
    for group in (two[0].groups[0], two[1].groups[0]):
        assert [voice.reader for voice in group.voices] == names
        seen = [voice for voice in group.voices if voice.whose]
        assert [voice for voice in group.voices if voice.decides] == seen[:1]
    assert [v.reader for v in two[0].groups[0].voices if v.whose] == ["listed", "compared", "continued"]
    assert [v.reader for v in two[1].groups[0].voices if v.whose] == ["one_named", "continued"]
    assert "Isa-Pd: higher" in two[1].groups[0].directions


def test_an_effect_and_a_nested_value_have_readers_of_their_own(two):
    assert [v.reader for v in two[0].groups[1].voices] == ["effect_arms"]
    nested = of_text("Isa-Kd组ORR为89.4%（CR 64.1%）。").accounts[0].groups[1]
    assert nested.parent == "89.4"
    assert (nested.voices[0].reader, nested.voices[0].decides) == ("nested", True)


def test_what_a_direction_word_turns_is_told():
    text = LISTED + "ORR明显升高，为35.3%和60.4%。"
    group = of_text(text).accounts[1].groups[0]
    assert group.turned.startswith("Pd, Isa-Pd: Isa-Pd must be the higher one")
    assert next(v.whose for v in group.voices if v.decides) == "Isa-Pd, Pd"


def test_the_rows_are_those_of_the_table(two):
    found = extract(paper_of(LISTED + COMPARED)).findings
    shown = [row.finding for one in two for row in one.rows]
    assert [(f.span, f.arm, f.why) for f in shown] == [(f.span, f.arm, f.why) for f in found]
    assert not any(row.fate for one in two for row in one.rows)


def test_a_fact_said_twice_is_no_second_row():
    again = of_text(LISTED + LISTED.replace("ICARIA-MM研究(NCT02990338)中，", "")).accounts[1]
    assert again.rows and all("before" in row.fate for row in again.rows)


def test_a_planned_value_is_told_as_no_result():
    (one,) = of_text(
        "In ICARIA-MM, the trial was designed to detect a median PFS of 11.5 months with Isa-Pd."
    ).accounts
    assert [bool(group.silent) for group in one.groups] == [True] * len(one.groups)
    assert one.groups and not one.rows


def test_the_language_told_is_that_of_the_whole():
    # rules of Chinese words see no English sentence
    assert of_text(LISTED, "en").accounts[0].lang == "en"
    told = of_text(COMPARED.replace("%", "%"), "en").accounts[0]
    assert "显著升高" not in [words for _, _, words, *_ in told.mentions]
    found = extract(paper_of(LISTED), "en").findings
    assert {f.lang for f in found} <= {"en"}
    assert {f.lang for f in extract(paper_of(LISTED)).findings} == {"zh"}


def test_looking_on_changes_nothing():
    for text in (LISTED + COMPARED, ENGLISH):
        assert extract(paper_of(text)).findings == extract(paper_of(text), None, {}).findings


def test_no_sentence():
    assert of_text("  ").remarks == ("no sentence in it",)


# -------------------------------------------------------------------------------------------- of a paper


@pytest.fixture(scope="module")
def paper():
    return read(CORPUS / "egfr-lung-en.pdf", "egfr-lung-en")


def test_the_place_of_a_row_leads_to_its_sentence(paper):
    found = [f for f in extract(paper).findings if f.binding != "table"]
    assert len(found) > 10
    for finding in found[:: len(found) // 5]:
        made = of_place(paper, finding.span)
        assert len(made.accounts) == 1
        shown = {row.finding.span: row.finding.why for row in made.accounts[0].rows}
        assert shown[finding.span] == finding.why
        assert made.accounts[0].where.startswith("page ")


def test_words_are_found_over_line_ends(paper):
    made = of_words(paper, "responses   lasted longer")
    assert [one.lang for one in made.accounts] == ["en"]
    assert len(of_words(paper, "the").accounts) == MOST
    assert "more sentences" in of_words(paper, "the").remarks[0]


def test_what_is_not_there_is_said(paper):
    with pytest.raises(PaperError, match="does not hold 'zzz zzz'"):
        of_words(paper, "zzz zzz")
    with pytest.raises(PaperError, match="does not hold"):
        of_words(paper, " ")
    with pytest.raises(PaperError, match="is not in its text of"):
        of_place(paper, Span(0, len(paper.text) + 1))
    assert of_place(paper, Span(len(paper.text), len(paper.text))).remarks


def test_a_place_outside_what_is_read_for_results_says_what_it_is(paper):
    block = next(b for b in paper.blocks if b.kind == "reference")
    made = of_place(paper, block.lines[0])
    assert made.accounts == () and made.remarks[0].startswith("a reference of section 'references'")


def test_a_place_in_a_table_shows_the_tables_rows():
    paper = read(CORPUS / "lbcl-immuno-zh.pdf", "lbcl-immuno-zh")
    found = [f for f in extract(paper).findings if f.binding == "table"]
    assert found
    made = of_place(paper, found[0].span)
    assert found[0].span in [row.finding.span for row in made.tabled]
    assert f"{found[0].arm.label}" in render(made)


# ---------------------------------------------------------------------------------------------- families


def test_every_kind_that_steers_has_a_family():
    kinds = {rule.kind for rule in rulebook().rules}
    assert {kind for kind in kinds if family(kind) == "other"} <= {"noise", "range"}
    assert set(STYLES) == set(FAMILIES)


@settings(max_examples=60)
@given(st.text(alphabet="Isa-Pd组和K分别为0123456789.%()（）；，。PFSvs \u0301\n", max_size=80))
def test_any_text_can_be_explained(text):
    made = of_text(text)
    render(made)
    for one in made.accounts:
        assert one.span.end <= len(text)
        assert all(p.text for p in one.pieces)
        assert all(a.span.end <= b.span.start for a, b in pairwise(made.accounts))
