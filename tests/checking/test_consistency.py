from __future__ import annotations

from dataclasses import replace

import pytest

from isa_extract.checking import check
from isa_extract.checking.consistency import grades, in_months
from isa_extract.records import Arm, Study

PART = ("parts-over-whole",)


def flags(findings):
    return [f.flags for f in check(findings)]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("CR", "ORR"),
        ("sCR", "CR_OR_BETTER"),
        ("CR_OR_BETTER", "VGPR_OR_BETTER"),
        ("VGPR_OR_BETTER", "ORR"),
        ("VGPR", "ORR"),
        ("PR", "ORR"),
        ("ORR", "DCR"),
        ("MRD_NEGATIVE_CR", "CR_OR_BETTER"),
        ("RENAL_RESPONSE_COMPLETE", "RENAL_RESPONSE"),
    ],
)
def test_a_response_exceeds_what_it_is_part_of(row, part, whole):
    assert flags([row(endpoint=part, value="61"), row(endpoint=whole, value="60")]) == [PART, ()]
    assert flags([row(endpoint=part, value="60"), row(endpoint=whole, value="60")]) == [(), ()]
    assert flags([row(endpoint=part, value="60.4"), row(endpoint=whole, value="60")]) == [(), ()]


@pytest.mark.parametrize(
    ("part", "whole"), [("CR", "VGPR"), ("sCR", "CR"), ("VGPR", "PR"), ("ORR", "PR"), ("SD", "DCR")]
)
def test_categories_that_exclude_each_other_have_no_order(row, part, whole):
    assert flags([row(endpoint=part, value="61"), row(endpoint=whole, value="20")]) == [(), ()]


OTHER_SETTINGS = [
    {"arm": Arm("Kd", ("carfilzomib", "dexamethasone"))},
    {"study": Study(trial_id="NCT00000000")},
    {"subgroup": "high-risk"},
    {"stage": "induction"},
    {"timepoint": "6 month"},
    {"followup": "44 month"},
    {"N": "20"},
    {"qualifier": "<"},
    {"qualifier": "~"},
    {"unit": "", "statistic": "median"},
]


@pytest.mark.parametrize("other", OTHER_SETTINGS)
def test_only_the_same_setting_is_compared(row, other):
    assert flags([row(endpoint="CR", value="50"), row(value="10", **other)]) == [(), ()]


def test_a_part_must_exceed_every_telling_of_its_whole(row):
    part = row(endpoint="CR", value="50")
    assert flags([part, row(value="40"), row(value="60")]) == [(), (), ()]
    assert flags([part, row(value="40"), row(value="45")]) == [PART, (), ()]


def test_values_of_no_arm_are_compared_only_when_there_is_one_each(row):
    part, whole = row(endpoint="CR", value="50", arm=None), row(value="40", arm=None)
    assert flags([part, whole]) == [PART, ()]
    assert flags([part, row(endpoint="CR", value="20", arm=None), whole]) == [(), (), ()]
    assert flags([part, whole, row(value="45", arm=None)]) == [(), (), ()]


def test_alive_without_progression_is_alive(row):
    pfs = row(endpoint="PFS", value="80.1", timepoint="1 year")
    assert flags([row(endpoint="OS", value="79.0", timepoint="12 month"), pfs]) == [(), PART]
    assert flags([row(endpoint="OS", value="79.0", timepoint="2 year"), pfs]) == [(), ()]
    assert flags([row(endpoint="OS", value="79.0"), row(endpoint="PFS", value="80.1")]) == [(), ()]


def test_residual_disease_is_compared_at_one_threshold(row):
    whole = row(endpoint="MRD_NEGATIVITY", value="30", threshold="10^-5")
    for threshold, expected in (("10^-5", PART), ("10^-6", ())):
        part = row(endpoint="MRD_NEGATIVITY_SUSTAINED", value="31", threshold=threshold)
        assert flags([part, whole]) == [expected, ()]


def ae(row, value, grade="", term="Anemia", **more):
    return row(endpoint="AE", endpoint_term=term, value=value, grade=grade, **more)


@pytest.mark.parametrize("grade", [">=3", "3-4", "5", "1-2"])
def test_some_grades_of_an_event_exceed_all_grades(row, grade):
    assert flags([ae(row, "31", grade), ae(row, "30", term="anemia")]) == [PART, ()]
    assert flags([ae(row, "30", grade), ae(row, "30")]) == [(), ()]
    assert flags([ae(row, "31", grade), ae(row, "30", term="Nausea")]) == [(), ()]
    assert flags([ae(row, "31", grade), ae(row, "30", grade)]) == [(), ()]


def test_narrower_grades_are_part_of_wider_ones_only(row):
    assert flags([ae(row, "31", "4"), ae(row, "30", ">=3")]) == [PART, ()]
    assert flags([ae(row, "31", "1-2"), ae(row, "30", ">=3")]) == [(), ()]
    assert flags([ae(row, "31", "severe"), ae(row, "30")]) == [(), ()]
    assert flags([ae(row, "31", "3-4"), ae(row, "30", "3/4")]) == [(), ()]  # the same grades


def test_counts_of_events_are_not_patients(row):
    count = {"statistic": "count", "unit": ""}
    assert flags([ae(row, "31", ">=3", **count), ae(row, "30", **count)]) == [(), ()]
    assert flags([row(endpoint="CR", value="31", **count), row(value="30", **count)]) == [PART, ()]


def test_any_event_is_not_compared_with_any_related_event(row):
    related = "Treatment-related events in 60 %."
    assert flags([ae(row, "70", ">=3", ""), ae(row, "60", "", "", sentence=related)]) == [(), ()]
    assert flags([ae(row, "70", ">=3", ""), ae(row, "60", "", "")]) == [PART, ()]


def told(row, sentence="s", orr=None, **values):
    rows = [row(endpoint=code, value=value, sentence=sentence) for code, value in values.items()]
    return rows + ([row(value=orr, sentence="elsewhere")] if orr else [])


def test_exact_categories_add_up_to_more_than_the_responders(row):
    assert flags(told(row, CR="20", VGPR="30", PR="35", orr="80")) == [PART, PART, PART, ()]
    assert flags(told(row, CR="20", VGPR="30", PR="30", orr="80")) == [()] * 4
    assert flags(told(row, CR="20.4", VGPR="30.4", PR="30.4", orr="81.1")) == [()] * 4  # rounding
    assert flags(told(row, CR_OR_BETTER="30", VGPR="30", PR="35", orr="80")) == [PART, PART, PART, ()]
    assert flags(told(row, sCR="20", CR="20", VGPR="20", PR="25", orr="80")) == [PART] * 4 + [()]
    assert flags(told(row, VGPR_OR_BETTER="50", PR="40", orr="80")) == [PART, PART, ()]


def test_exact_categories_add_up_to_more_than_all_patients(row):
    assert flags(told(row, CR="40", PR="40", SD="15", PD="10")) == [PART] * 4
    assert flags(told(row, CR="40", PR="40", SD="15", PD="5")) == [()] * 4
    assert flags(told(row, CR="30", PR="40", SD="10", orr="60")) == [PART, PART, (), ()]  # SD is no response
    assert flags([replace(f, statistic="count", unit="") for f in told(row, CR="60", PR="60")]) == [(), ()]
    assert flags(told(row, CR="33.4", PR="33.4", SD="33.4")) == [PART] * 3
    assert flags(told(row, CR="33.3", PR="33.3", SD="33.4")) == [()] * 3


def test_categories_that_may_hold_each_other_are_not_added(row):
    assert flags(told(row, CR="60", VGPR="50")) == [(), ()]  # no PR: perhaps 'or better'
    assert flags(told(row, CR="30", VGPR="60", PR="30", orr="90")) == [()] * 4  # VGPR and PR are all
    assert flags(told(row, "CR 45, 其中 sCR 30", sCR="30", CR="45", PR="30", orr="80")) == [()] * 4
    apart = [row(endpoint="CR", value="60", sentence="a"), row(endpoint="PR", value="60", sentence="b")]
    assert flags(apart) == [(), ()]
    twice = told(row, CR="60", PR="60")
    assert flags(twice) == [PART, PART]
    assert flags([*twice, row(endpoint="PR", value="10", sentence="s")]) == [(), (), ()]


def test_grades_and_landmarks():
    assert [sorted(grades(g) or ()) for g in (">=3", ">3", "<=2", "<2", "3/4", "2", "x", "")] == [
        [3, 4, 5], [4, 5], [1, 2], [1], [3, 4], [2], [], [1, 2, 3, 4, 5],
    ]  # fmt: skip
    assert in_months("1.5 year") == in_months("18 month") != in_months("18 week")


# ------------------------------------------------------------------------------------------------ arms

ISA_PD = Arm("Isa-Pd", ("dexamethasone", "isatuximab", "pomalidomide"))
FOREIGN = ("arm-not-in-trial",)


def test_a_regimen_that_the_study_does_not_have(row):
    assert flags([row(arm=ISA_PD), row(), row(arm=None)]) == [FOREIGN, (), ()]


def test_a_regimen_that_the_words_name_in_place_of_the_bound_one(row):
    kd = Arm("Kd", ("carfilzomib", "dexamethasone"))
    assert [f.flags for f in check([row(), row()], mentioned=[(ISA_PD,), (kd,)])] == [FOREIGN, ()]


def test_regimens_mentioned_must_be_told_for_each_finding(row):
    with pytest.raises(ValueError, match="2 findings"):
        check([row(), row()], mentioned=[()])


@pytest.mark.parametrize(
    "arm",
    [
        Arm("观察组", ISA_PD.drugs),
        Arm("A", ISA_PD.drugs),
        Arm("the triplet", ISA_PD.drugs),
        Arm("isatuximab group", ISA_PD.drugs),
        Arm("Isa-Pd"),  # no drugs
        Arm("Isa-K-dex", ("carfilzomib", "dexamethasone", "isatuximab", "placebo")),
        Arm("isatuximab", ("isatuximab",)),  # stands for its arm
    ],
)
def test_aliases_and_other_spellings_are_not_foreign(row, arm):
    assert flags([row(arm=arm)]) == [()]


@pytest.mark.parametrize(
    ("arms", "expected"),
    [
        ((), ()),
        ((Arm("Kd", ("carfilzomib", "dexamethasone")),), ()),  # perhaps not all arms are known
        ((Arm("Kd", ("carfilzomib", "dexamethasone"), "single"),), FOREIGN),
        ((Arm("Kd", ("carfilzomib", "dexamethasone")), Arm("对照组")), ()),  # what does it get?
        ((Arm("Kd", ("carfilzomib", "dexamethasone")), Arm("placebo")), FOREIGN),
        ((Arm("Kd", ("carfilzomib", "dexamethasone")), Arm("Isa+Pd", ISA_PD.drugs)), ()),
    ],
)
def test_the_arms_of_the_study_must_be_known(row, arms, expected):
    assert flags([row(study=Study(arms=arms), arm=ISA_PD)]) == [expected]


def test_part_of_a_regimen_in_maintenance(row):
    isa_k = Arm("Isa-K", ("carfilzomib", "isatuximab"))
    assert flags([row(arm=isa_k), row(arm=isa_k, stage="maintenance")]) == [FOREIGN, ()]
    assert flags([row(arm=ISA_PD, stage="maintenance")]) == [FOREIGN]
