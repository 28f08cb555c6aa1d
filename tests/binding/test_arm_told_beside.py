"""Whose value it is where the sentence says so in a less usual place, and whose effect, by the values beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.reading import read

TWO_ZH = "IKEMA研究(NCT03275285)将患者随机分为Isa-Kd组和Kd组。"
TWO_EN = "In the phase III IKEMA trial (NCT03275285), patients were randomised to Isa-Kd or Kd. "
THREE_ZH = "90例患者随机分为三组:A组给予来那度胺,B组给予伊沙佐米,C组给予卡非佐米。"
THREE_EN = "In all, 90 patients were randomly assigned to arm A (lenalidomide), arm B (ixazomib) or arm C (carfilzomib). "

CASES = {
    # the order of values told one by one goes on in the sentence
    "zh one by one, then a pair": (
        TWO_ZH + "Kd组ORR为71.0%,Isa-Kd组为82.0%,CR率分别为21.0%和35.0%。",
        "71.0 Kd; 82.0 Isa-Kd; 21.0 Kd; 35.0 Isa-Kd",
    ),
    "en one by one, then a pair": (
        TWO_EN
        + "A response was seen in 71.0% of patients in the Kd group and 82.0% in the Isa-Kd group, and a complete "
        "response in 21.0% and 35.0%, respectively.",
        "71.0 Kd; 82.0 Isa-Kd; 21.0 Kd; 35.0 Isa-Kd",
    ),
    # the values beside an effect tell who is in the numerator
    "zh effect by its values": (
        TWO_ZH + "Kd组中位PFS为19.2个月,Isa-Kd组为35.7个月(HR=0.58)。",
        "19.2 Kd; 35.7 Isa-Kd; 0.58 Isa-Kd",
    ),
    "en effect of the control": (
        TWO_EN + "Median PFS was 35.7 months with Isa-Kd and 19.2 months with Kd (HR 1.72).",
        "35.7 Isa-Kd; 19.2 Kd; 1.72 Kd",
    ),
    # without
    "en without alone": (
        TWO_EN + "Median PFS was 35.7 months with isatuximab and 19.2 months without.",
        "35.7 Isa-Kd; 19.2 Kd",
    ),
    "en without the drug, with it": (
        TWO_EN + "Without isatuximab median PFS was 19.2 months, with it 35.7 months.",
        "19.2 Kd; 35.7 Isa-Kd",
    ),
    # in a less usual place
    "zh all of them in one arm": (
        TWO_ZH + "肺炎4例(4.4%),均见于Isa-Kd组。",
        "4.4 Isa-Kd",
    ),
    "en while on": (TWO_EN + "One patient died, of a stroke at home, while on Kd.", "1 Kd"),
    "zh said to be first": (TWO_ZH + "CR率为21.0%和35.0%,Kd组在前。", "21.0 Kd; 35.0 Isa-Kd"),
    "zh of the arm's patients": (TWO_ZH + "腹泻见于12.0%的Kd组患者。", "12.0 Kd"),
    "zh arms in brackets behind": (
        TWO_ZH + "中位PFS为19.2个月(Kd组)和35.7个月(Isa-Kd组)。",
        "19.2 Kd; 35.7 Isa-Kd",
    ),
    "en at the end of its own words": (
        TWO_EN
        + "At two years 61.2% of those with renal impairment were alive and free of progression with Kd.",
        "61.2 Kd",
    ),
    "en the value behind is set against it": (
        TWO_EN
        + "Treatment was stopped for adverse events in 8.8%, compared with 14.1% of patients in the Kd arm.",
        "8.8 Isa-Kd; 14.1 Kd",
    ),
    # both groups, after an arm was named for something else
    "zh both groups anew": (
        TWO_ZH
        + "Isa-Kd组中位PFS为35.7个月,Kd组为19.2个月。Kd组不少患者其后交叉,两组中位OS分别为50.1个月和44.3个月。",
        "35.7 Isa-Kd; 19.2 Kd; 50.1 Isa-Kd; 44.3 Kd",
    ),
    # effects of one of three arms
    "zh against a reference told once": (
        THREE_ZH + "以A组为参照,B组的PFS较长(HR=0.62),C组则相近(HR=0.94)。",
        "0.62 B; 0.94 C",
    ),
    "zh the subject goes on": (
        THREE_ZH + "C组PFS优于A组(HR=0.48),与B组相比则差异无统计学意义(HR=0.83)。",
        "0.48 C; 0.83 C",
    ),
    "en for each": (
        THREE_EN
        + "Set against arm A, the hazard ratio for progression was 0.62 for arm B and 0.48 for arm C.",
        "0.62 B; 0.48 C",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_whose_it_is(name: str, tmp_path: Path) -> None:
    text, told = CASES[name]
    path = tmp_path / "case.txt"
    path.write_text(text, encoding="utf-8")
    found = [
        f"{f.value} {(f.arm.label if f.arm else '-').removeprefix('arm ').removesuffix('组')}"
        for f in extract(read(path, "case")).findings
    ]
    assert found == told.split("; ")


@pytest.mark.parametrize(
    "text",
    [
        # two kinds of patients, not the two arms
        TWO_ZH + "初治者与复发者分别为90.0%和80.0%。",
        # nothing was told of any arm, so no arm has it of its own
        THREE_ZH + "未见4级感染。",
    ],
)
def test_where_nothing_decides_the_arm_is_empty(text: str, tmp_path: Path) -> None:
    path = tmp_path / "case.txt"
    path.write_text(text, encoding="utf-8")
    assert {f.arm for f in extract(read(path, "case")).findings} <= {None}
