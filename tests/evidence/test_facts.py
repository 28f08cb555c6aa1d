"""What papers say together: who meets in one fact, what agrees, which data cut it is of."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from papers_of_rows import ICARIA, ISA_PD, PD, evidence, paper, row

from isa_extract.records import Arm, Study


def standings(*papers):
    """Of the only fact: follow-up, standing and the values told."""
    (fact,) = evidence(*papers).facts
    return [
        (c.followup, c.standing, [p.lead.row["value"] or p.lead.row["qualifier"] for p in c.positions])
        for c in fact.cuts
    ]


def test_a_chinese_review_and_an_english_paper_meet_in_one_fact():
    review = replace(ICARIA, trial_name="", trial_id="NCT02990338")
    zh_arm = Arm("艾沙妥昔单抗组", ISA_PD.drugs, "experimental")
    chinese = paper("zh", row(zh_arm, review, value="11.53", lang="zh", population=""), study=review)
    english = paper("en", row(value="11.5"))
    assert standings(chinese, english) == [("", "confirmed", ["11.53"])]


@pytest.mark.parametrize(
    ("one", "other", "standing"),
    [
        ("11.5", "11.53", "confirmed"),
        ("11.5", "11.50", "confirmed"),
        ("12", "11.5", "confirmed"),
        ("11.5", "11.6", "conflict"),
        ("11.53", "11.6", "conflict"),
        ("35.3", "36", "conflict"),
    ],
)
def test_a_rounding_is_no_conflict(one, other, standing):
    assert standings(paper("a", row(value=one)), paper("b", row(value=other)))[0][1] == standing


def test_units_of_time_that_turn_into_each_other_are_compared():
    years = row(value="1", unit="year")
    assert standings(paper("a", years), paper("b", row(value="12")))[0][1] == "confirmed"
    assert len(evidence(paper("a", row(value="30", unit="day")), paper("b", row(value="1"))).facts) == 2


def test_intervals_apart_are_a_conflict_too():
    told = {"value": "0.596", "endpoint": "PFS", "statistic": "hazard_ratio", "unit": "", "comparator": "Pd"}
    one = row(**told, ci_low="0.436", ci_high="0.814")
    assert (
        standings(paper("a", one), paper("b", row(**told, ci_low="0.44", ci_high="0.81")))[0][1]
        == "confirmed"
    )
    assert (
        standings(paper("a", one), paper("b", row(**told, ci_low="0.44", ci_high="0.95")))[0][1] == "conflict"
    )
    assert (
        standings(paper("a", one), paper("b", row(**told, ci_low="0.4", ci_high="0.9", ci_level="99")))[0][1]
        == "confirmed"
    )


def test_cuts_stand_in_order_of_follow_up():
    first, later = row(value="11.5", followup="11.6 month"), row(value="11.1", followup="3 year")
    assert standings(paper("b", later), paper("a", first)) == [
        ("11.6 month", "reported", ["11.5"]),
        ("3 year", "reported", ["11.1"]),
    ]


def test_follow_ups_that_round_to_each_other_are_one_cut():
    a, b = row(value="20", followup="20.7 month"), row(value="25", followup="21 month")
    assert standings(paper("a", a), paper("b", b)) == [("20.7 month", "conflict", ["20", "25"])]


def test_a_value_with_no_follow_up_goes_with_the_cut_it_agrees_with():
    first, later = row(value="11.5", followup="11 month"), row(value="11.1", followup="35 month")
    untold = paper("c", row(value="11.53"))
    assert [s for _, s, _ in standings(paper("a", first), paper("b", later), untold)] == [
        "confirmed",
        "reported",
    ]


def test_a_value_with_no_follow_up_that_agrees_with_none_is_held_against_the_latest():
    first, later = row(value="11.5", followup="11 month"), row(value="11.1", followup="35 month")
    told = standings(paper("a", first), paper("b", later), paper("c", row(value="14")))
    assert [s for _, s, _ in told] == ["reported", "conflict"]


def test_not_reached_comes_before_reached():
    reached, not_yet = row(value="24.6", followup="35.3 month"), row(value="", qualifier="NR")
    told = standings(paper("a", reached), paper("b", not_yet))
    assert [(s, v) for _, s, v in told] == [("reported", ["NR"]), ("reported", ["24.6"])]
    untold = standings(paper("a", row(value="24.6")), paper("b", not_yet))
    assert [(s, v) for _, s, v in untold] == [("reported", ["NR"]), ("reported", ["24.6"])]


def test_table_against_text_is_a_conflict_and_two_values_of_one_passage_are_not():
    rows = (row(value="60.4"), row(value="63"))
    assert standings(paper("a", *rows, places={1: "table"}))[0][1] == "conflict"
    assert standings(paper("a", *rows, places={0: "abstract"}))[0][1] == "conflict"
    assert standings(paper("a", *rows))[0][1] == "several"


def test_what_a_paper_says_of_other_settings_is_other_facts():
    base = row(value="60.4", endpoint="ORR", statistic="rate", unit="%")
    others = [
        {"subgroup": "high-risk"},
        {"timepoint": "12 month"},
        {"stage": "part A"},
        {"endpoint": "CR"},
        {"threshold": "10^-5"},
    ]
    assert len(evidence(paper("a", base, *(base | other for other in others))).facts) == 6


def test_spellings_of_a_setting_are_one_fact():
    told = row(
        value="79",
        endpoint="AE",
        statistic="rate",
        unit="%",
        grade=">=3",
        timepoint="1 year",
        subgroup="eGFR <50",
    )
    same = told | {"grade": "3-5", "timepoint": "12 month", "subgroup": "eGFR<50"}
    assert standings(paper("a", told), paper("b", same))[0][1] == "confirmed"


def test_a_group_without_drugs_goes_by_its_role():
    control = Arm("对照组", (), "control")
    told = Study(
        "NCT02990338", phase="III", population="RRMM", arms=(Arm("试验组", (), "experimental"), control)
    )
    assert (
        standings(paper("a", row(PD, value="6.5")), paper("b", row(control, told, value="6.47"), study=told))[
            0
        ][1]
        == "confirmed"
    )


def test_a_dose_group_goes_by_its_label_where_the_drugs_do_not_tell():
    low, high = Arm("10 mg/kg", ("isatuximab",)), Arm("20 mg/kg", ("isatuximab",))
    study = Study("NCT01084252", phase="I", arms=(low, high))
    told = paper("a", row(low, study, value="1"), row(high, study, value="2"), study=study)
    assert len(evidence(told).facts) == 2


def test_the_order_of_papers_has_no_say():
    papers = [
        paper("a", row(value="11.5", followup="11.6 month"), row(PD, value="6.47")),
        paper("b", row(value="11.53"), row(PD, value="6.5"), study=replace(ICARIA, trial_id="")),
        paper(
            "c",
            row(value="14"),
            row(PD, value="7", followup="35 month"),
            study=replace(ICARIA, trial_name=""),
        ),
    ]
    told = {tuple(standings_of_all(order)) for order in permutations(papers)}
    assert len(told) == 1


def standings_of_all(papers):
    return [(f.id, c.followup, c.standing, c.papers) for f in evidence(*papers).facts for c in f.cuts]


def test_not_reached_and_not_evaluable_are_both_no_figure_yet():
    nr, ne = (
        row(value="", qualifier="NR", followup="17 month"),
        row(value="", qualifier="NE", followup="16.9 month"),
    )
    assert standings(paper("a", nr), paper("b", ne))[0][1] == "confirmed"
