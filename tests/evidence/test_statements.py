"""What a paper says, in the form in which it is kept."""

from __future__ import annotations

from dataclasses import replace

from isa_extract.evidence.statements import about, place_of, ref_of, statements
from isa_extract.explain import paper_of
from isa_extract.pipeline.paper import tabulated
from isa_extract.records import Arm, Block, Cell, Paper, Span, Study, Table

TEXT = "On  Isa\nin myeloma\ndoi: 10.1000/xyz-1.\nAbstract ORR 60%\nBody ORR 61%\nORR 62%\n10.1000/other"
PAPER = Paper(
    doc_id="a",
    source="a.pdf",
    sha256="0" * 64,
    text=TEXT,
    blocks=(
        Block("title", (Span(0, 7), Span(8, 18)), "front"),
        Block("paragraph", (Span(39, 55),), "abstract"),
        Block("paragraph", (Span(56, 68),), "body"),
    ),
    tables=(Table(1, (Cell(0, 0, (Span(69, 76),)),)),),
)


def test_the_place_of_a_value_is_known():
    at = {
        word: Span(TEXT.index(word), TEXT.index(word) + 3) for word in ("Isa", "60%", "61%", "62%", "other")
    }
    assert {word: place_of(PAPER, span) for word, span in at.items()} == {
        "Isa": "title",
        "60%": "abstract",
        "61%": "body",
        "62%": "table",
        "other": "",
    }


def test_title_and_doi_are_as_printed():
    assert about(PAPER) == {"title": "On Isa in myeloma", "doi": "10.1000/xyz-1"}
    assert about(Paper("a", "a", "", "no such thing")) == {}


def test_a_study_is_known_by_who_it_is_and_not_by_where_it_is_told_of():
    study = Study("NCT1", "MAIA", "III", arms=(Arm("D-Rd", ("d", "r")),), n_enrolled="700", place=4)
    assert ref_of(study) == ref_of(replace(study, place=900, n_enrolled="", dose="x", citations=(1,)))
    assert ref_of(study) != ref_of(replace(study, phase="II"))


def test_every_value_is_told_of_a_study_that_is_there():
    text = "MAIA (NCT02252172) compared D-Rd with Rd in NDMM. Median PFS was 61.9 months with D-Rd and 34.4 months with Rd."
    paper = paper_of(text)
    result = tabulated(paper)
    told = statements(paper, result.studies, result.findings, result.evidence, rulebook="r")
    assert len(told.observations) == 2
    assert {o.telling for o in told.observations} <= {t.ref for t in told.tellings}
    assert [o.row["value"] for o in told.observations] == ["61.9", "34.4"]
    assert all(o.rulebook == "r" and o.sha256 == paper.sha256 for o in told.observations)


def test_two_studies_that_look_alike_stay_two():
    twins = [Study(phase="I", place=place) for place in (0, 90)]
    told = statements(PAPER, twins, (), tabulated(PAPER).evidence.iloc[:0])
    assert len({t.ref for t in told.tellings}) == 2
