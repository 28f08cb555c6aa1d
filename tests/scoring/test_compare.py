"""What counts as the same, level by level and slot by slot."""

from __future__ import annotations

import pytest

from isa_extract.scoring.compare import LEVELS, depth, fact, same_subgroup
from isa_extract.scoring.gold import COMPARED, Row


def reaches(gold: dict[str, str], found: dict[str, str], columns=frozenset(COMPARED)) -> str:
    facts = [fact(Row("made.csv", 2, cells)) for cells in (gold, found)]
    deep = depth(*facts, columns)
    assert deep == depth(*reversed(facts), columns), "agreement has no direction"
    return LEVELS[deep - 1] if deep else "nothing"


@pytest.mark.parametrize(
    ("cells", "level"),
    [
        ({}, "slots"),
        ({"value": "11.50"}, "slots"),
        ({"value": "11.51"}, "nothing"),
        ({"unit": "week"}, "nothing"),
        ({"qualifier": "NR", "value": "", "unit": ""}, "nothing"),
        ({"statistic": "mean"}, "value"),
        ({"endpoint": "OS"}, "statistic"),
        ({"endpoint_term": "told of no adverse event"}, "slots"),
        ({"trial_id": "NCT03275285"}, "endpoint"),
        ({"trial_id": "NCT03275285;NCT02990338"}, "endpoint"),
        ({"trial_id": ""}, "slots"),
        ({"trial_id": "", "trial_name": ""}, "endpoint"),
        ({"trial_name": "another"}, "slots"),
        ({"trial_id": "", "trial_name": "icaria MM"}, "slots"),
        ({"arm": "Isatuximab group"}, "slots"),
        ({"arm_drugs": "pomalidomide + dexamethasone + Isatuximab"}, "slots"),
        ({"arm_drugs": "dexamethasone+isatuximab"}, "endpoint"),
        ({"arm_drugs": ""}, "slots"),
        ({"arm_drugs": "", "arm": "ISA–Pd"}, "slots"),
        ({"arm_drugs": "", "arm": "Isa-Kd"}, "endpoint"),
        ({"arm_drugs": "", "arm": ""}, "endpoint"),
        ({"arm": "Pd", "arm_drugs": "dexamethasone+pomalidomide"}, "endpoint"),
        ({"comparator": "", "comparator_drugs": ""}, "arm"),
        ({"comparator": "control"}, "slots"),
        ({"qualifier": ""}, "slots"),
        ({"qualifier": "~"}, "arm"),
        ({"n": "12"}, "arm"),
        ({"ci_high": "NR"}, "arm"),
        ({"followup": "11.6 month"}, "slots"),
    ],
)
def test_a_change_of_one_cell_reaches_this_level(row, cells, level):
    assert reaches(row(), row(**cells)) == level


@pytest.mark.parametrize(
    ("column", "a", "b"),
    [
        ("ci_low", "0.40", "0.4"),
        ("p_value", "0.0010", "0.001"),
        ("p_value", "=0.03", "0.03"),
        ("timepoint", "12-months", "12 month"),
        ("timepoint", "2 years", "2 year"),
        ("threshold", "10^-5", "10⁻⁵"),
        ("grade", "≥3", ">=3"),
        ("grade", "3–4", "3-4"),
        ("stage", "Part A", "part A"),
        ("n", "07", "7"),
    ],
)
def test_spellings_of_one_slot(row, column, a, b):
    assert reaches(row(**{column: a}), row(**{column: b})) == "slots"


@pytest.mark.parametrize(
    ("column", "a", "b"),
    [
        ("p_value", "<0.05", "0.05"),
        ("timepoint", "12 month", "1 year"),
        ("threshold", "10^-5", "10^-6"),
        ("grade", ">=3", "3-4"),
        ("ci_low", "0.4", "0.41"),
        ("ci_high", "NR", "NE"),
    ],
)
def test_different_slots(row, column, a, b):
    assert reaches(row(**{column: a}), row(**{column: b})) == "arm"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("high-risk", "high-risk cytogenetics"),
        ("age>=75", "Age ≥75"),
        ("1q21 gain", "gain of 1q21"),
        ("eGFR<50", "patients with eGFR < 50"),
        ("R-ISS II", "R-ISS  ii"),
        ("", ""),
    ],
)
def test_loosely_the_same_subgroup(a, b):
    assert same_subgroup(a, b)
    assert same_subgroup(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("high-risk", "standard risk"),
        ("1q21 gain", "no 1q21 gain"),
        ("age>=75", "age<75"),
        ("R-ISS I", "R-ISS II"),
        ("del(17p)", "del(17p) or TP53 mutation"),
        ("ASCT", "factor: ASCT"),
        ("RRMM", "NDMM"),
        ("", "RRMM"),
    ],
)
def test_another_subgroup(a, b):
    assert not same_subgroup(a, b)
    assert not same_subgroup(b, a)


def test_adverse_events_go_by_their_term_and_other_does_not(row):
    event = {"endpoint": "AE", "endpoint_term": "Infusion related reaction"}
    assert reaches(row(**event), row(endpoint="AE", endpoint_term="infusion  related reaction")) == "slots"
    assert reaches(row(**event), row(endpoint="AE", endpoint_term="Anemia")) == "statistic"
    assert reaches(row(**event), row(endpoint="AE")) == "statistic"
    assert (
        reaches(row(endpoint="OTHER", endpoint_term="a"), row(endpoint="OTHER", endpoint_term="b")) == "slots"
    )


def test_not_reached_is_not_not_evaluable(row):
    unreached = {"value": "", "unit": "", "qualifier": "NR"}
    assert reaches(row(**unreached), row(**unreached)) == "slots"
    assert reaches(row(**unreached), row(**unreached | {"qualifier": "NE"})) == "nothing"


def test_a_whole_cohort_agrees_with_a_whole_cohort_only(row):
    cohort = {"arm": "", "arm_drugs": ""}
    assert reaches(row(**cohort), row(**cohort)) == "slots"
    assert reaches(row(**cohort), row()) == "endpoint"


def test_columns_that_gold_leaves_out_are_not_compared(row):
    columns = frozenset(COMPARED) - {"trial_id", "trial_name", "p_value"}
    assert reaches(row(), row(trial_id="NCT1", trial_name="x", p_value="0.5"), columns) == "slots"
