"""Figures of different rows, and papers, that cannot all be right; and the grid of what is reported."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers_of_rows import ICARIA, ISA_PD, PD, evidence, paper, row

from isa_extract.evidence.across import remarks
from isa_extract.evidence.coverage import coverage
from isa_extract.evidence.facts import Evidence
from isa_extract.evidence.statements import Silence, ref_of

RATE = {"statistic": "rate", "unit": "%"}
HR = {
    "endpoint": "PFS",
    "statistic": "hazard_ratio",
    "unit": "",
    "comparator": PD.label,
    "comparator_drugs": "+".join(PD.drugs),
}


def found(*papers):
    return [(r.check, r.words) for r in remarks(evidence(*papers))]


def test_parts_of_one_paper_exceed_the_whole_of_another():
    part, whole = row(value="70", endpoint="CR", **RATE), row(value="60.4", endpoint="ORR", **RATE)
    assert found(paper("a", part), paper("b", whole)) == [
        ("parts-over-whole", "CR 70% is more than what it is a part of")
    ]
    assert found(paper("a", part | {"value": "20"}), paper("b", whole)) == []
    assert found(paper("a", part | {"followup": "9 month"}), paper("b", whole)) == []


@pytest.mark.parametrize(("whole", "wrong"), [("60", True), ("80", False)])
def test_stringent_responses_lie_within_complete_ones_or_beside_them(whole, wrong):
    rows = [row(value=v, endpoint=e, **RATE) for v, e in (("40", "sCR"), ("30", "CR"), (whole, "ORR"))]
    words = ("parts-over-whole", "sCR 40% is above CR 30%, and the two are more than ORR 60%")
    assert found(paper("a", *rows)) == [words] * wrong
    within = [rows[0] | {"value": "20"}, *rows[1:]]
    assert found(paper("a", *within)) == []


def test_arms_are_no_more_than_were_enrolled():
    study = replace(ICARIA, n_enrolled="307")
    rows = (
        row(value="60", endpoint="ORR", N="154", **RATE),
        row(PD, value="35", endpoint="ORR", N="163", **RATE),
    )
    assert found(paper("a", *rows, study=study)) == [
        ("arms-over-randomised", "Isa-Pd 154 and Pd 163 make more than the 307 enrolled")
    ]
    fitting = rows[0], rows[1] | {"N": "153"}
    assert found(paper("a", *fitting, study=study)) == []
    assert found(paper("a", *rows, study=study), paper("b", study=replace(study, n_enrolled="400"))) == []


def test_subgroups_lie_inside_the_whole():
    whole = row(value="60", endpoint="ORR", n="93", N="154", **RATE)
    some = row(value="60", endpoint="ORR", n="95", N="150", subgroup="high-risk", **RATE)
    assert [check for check, _ in found(paper("a", whole), paper("b", some))] == ["subgroup-over-whole"]
    assert found(paper("a", whole), paper("b", some | {"n": "20", "N": "40"})) == []


@pytest.mark.parametrize(
    ("ratio", "low", "high", "mine", "other", "wrong"),
    [
        ("0.6", "0.4", "0.8", "6.5", "11.5", True),
        ("0.6", "0.4", "0.8", "11.5", "6.5", False),
        ("0.9", "0.7", "1.2", "6.5", "11.5", False),
        ("1.6", "1.2", "2.1", "11.5", "6.5", True),
    ],
)
def test_a_ratio_goes_with_its_medians(ratio, low, high, mine, other, wrong):
    papers = (
        paper("a", row(value=ratio, ci_low=low, ci_high=high, **HR)),
        paper("b", row(value=mine), row(PD, value=other)),
    )
    assert [check for check, _ in found(*papers)] == ["ratio-against-medians"] * wrong


def test_an_interval_is_held_against_the_p_of_another_row():
    ratio = paper("a", row(value="0.9", ci_low="0.7", ci_high="1.2", **HR))
    assert [c for c, _ in found(ratio, paper("b", row(value="11.5", p_value="0.001")))] == ["ci-p-disagree"]
    assert found(ratio, paper("b", row(value="11.5", p_value="0.3"))) == []


def test_what_is_disputed_is_not_checked():
    whole = row(value="60.4", endpoint="ORR", **RATE)
    assert (
        found(
            paper("a", row(value="70", endpoint="CR", **RATE)),
            paper("b", whole),
            paper("c", whole | {"value": "50"}),
        )
        == []
    )


def test_the_grid_tells_not_reported_from_not_found():
    told = evidence(
        paper("a", row(value="11.5"), row(PD, value="", qualifier="NR", endpoint="OS")),
        paper("b", row(value="60.4", endpoint="ORR", **RATE)),
    )
    silence = Silence("a", ref_of(ICARIA), "MRD_NEGATIVITY", {"words": "not reported"})
    grid = coverage(Evidence(told.tellings, told.observations, (), (silence,)))
    assert grid.endpoints == ("ORR", "MRD_NEGATIVITY", "PFS", "OS")
    states = {line.arm: [cell.state for cell in line.cells] for line in grid.lines}
    assert states == {
        "Isa-Pd": ["reported", "not reported", "reported", "not found"],
        "Pd": ["not found", "not reported", "not found", "not reached"],
    }


def test_an_effect_counts_for_both_arms():
    grid = coverage(evidence(paper("a", row(value="0.6", **HR))))
    assert [[cell.state for cell in line.cells] for line in grid.lines] == [["reported"], ["reported"]]


def test_arms_that_no_value_is_told_of_are_in_the_grid():
    grid = coverage(evidence(paper("a", row(ISA_PD, value="11.5"))))
    assert [(line.arm, line.cells[0].state) for line in grid.lines] == [
        ("Isa-Pd", "reported"),
        ("Pd", "not found"),
    ]
