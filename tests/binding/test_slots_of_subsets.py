"""Subsets by relative clauses, levels, exposure and complements, grades of lists, counts in square brackets, two randomisations.

Each story is our own; a value is given with slots that it must have.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.records import Finding

ByValue = Callable[[str], dict[str, list[Finding]]]

AB = "The ORION trial (NCT01234567) randomised 300 patients to ibrutinib or chlorambucil. "
ALONE = "In the single-arm phase 2 VELA trial (NCT07654321), 88 patients received olutasidenib. "
甲乙 = "ORION研究(NCT01234567)将300例患者随机分为两组,试验组接受伊布替尼,对照组接受苯丁酸氮芥。"


CASES = {
    # ---------------------------------------------------------------- subsets
    "en a relative clause and its denial": (
        AB
        + "In patients whose tumours carried a PIK3CA mutation the HR for death was 0.51 (95% CI 0.36-0.72), "
        "whereas in those whose tumours carried no such mutation it was 0.92 (0.70-1.21).",
        "subgroup",
        {"0.51": "pik3ca mutation", "0.92": "no pik3ca mutation"},
    ),
    "en a gene behind the value": (
        ALONE + "A response was seen in 14 (56.0%) of 25 patients with a SRSF2 mutation.",
        "subgroup",
        {"56.0": "SRSF2 mutation"},
    ),
    "en kinds behind their values": (
        AB
        + "The HR for death was 0.66 (95% CI 0.50-0.87) for intestinal-type tumours and 0.97 (0.75-1.26) for diffuse-type tumours.",
        "subgroup",
        {"0.66": "intestinal-type", "0.97": "diffuse-type"},
    ),
    "en a level and the other side of it": (
        AB
        + "With a NPM1 allelic ratio of 0.4 or more the HR for death was 0.61 (0.42-0.89); below 0.4 it was 0.93 (0.66-1.31).",
        "subgroup",
        {"0.61": "NPM1 allelic ratio>=0.4", "0.93": "NPM1 allelic ratio<0.4"},
    ),
    "en how long a drug had been taken": (
        AB
        + "Those who had taken the BTK inhibitor for 24 months or more had an HR for death of 0.62 (95% CI 0.45-0.85).",
        "subgroup",
        {"0.62": "prior BTK inhibitor >=24 months"},
    ),
    "en a subset behind one value is not the next clause's": (
        AB + "The HR for death was 0.70 (0.55-0.89) overall and 0.52 (0.33-0.82) in carriers of a 1q21 gain; "
        "the response rate was 71% with ibrutinib and 52% with chlorambucil.",
        "subgroup",
        {"0.70": "", "0.52": "1q21 gain", "71": "", "52": ""},
    ),
    "en what is counted is no subset": (
        AB + "Ibrutinib raised the proportion of patients in complete response or better from 31% to 52%.",
        "subgroup",
        {"31": "", "52": ""},
    ),
    "zh those without": (
        甲乙 + "有大血管侵犯者OS的HR为0.58(95%CI 0.40~0.84),无大血管侵犯者为0.81(95%CI 0.57~1.15)。",
        "subgroup",
        {"0.58": "macrovascular invasion", "0.81": "no macrovascular invasion"},
    ),
    "zh detected and not": (
        甲乙 + "检出ASXL1者(30例)2年OS率为41.2%,未检出者(70例)为66.5%。",
        "subgroup",
        {"41.2": "ASXL1", "66.5": "no ASXL1"},
    ),
    "zh an interval of time": (
        甲乙 + "TFI<6个月时试验组和对照组的中位PFS为4.4个月和2.9个月。",
        "subgroup",
        {"4.4": "TFI<6 months", "2.9": "TFI<6 months"},
    ),
    # ---------------------------------------------------------------- grades
    "en the most common of the graded": (
        AB
        + "Adverse events of grade 3 or worse occurred in 54 (36%) of 150 patients on ibrutinib and 45 (30%) of 150 on chlorambucil, "
        "the commonest being anaemia (19 [13%] vs eight [5%]) and neutropenia (15 [10%] vs 11 [7%]).",
        "grade",
        {"36": ">=3", "13": ">=3", "5": ">=3", "10": ">=3", "7": ">=3"},
    ),
    "zh the most common of the graded": (
        甲乙 + "3级及以上不良事件试验组43例(28.7%),对照组36例(24.0%),以贫血最常见(11.3%比9.8%)。",
        "grade",
        {"28.7": ">=3", "11.3": ">=3", "9.8": ">=3"},
    ),
    "zh grades in a list": (
        ALONE + "1、2、3级腹泻依次见于31.8%、15.3%和2.5%的患者。",
        "grade",
        {"31.8": "1", "15.3": "2", "2.5": "3"},
    ),
    "en grades in a list": (
        ALONE + "Grade 1, 2 and 3 diarrhoea occurred in 31.8%, 15.3% and 2.5%, respectively.",
        "grade",
        {"31.8": "1", "15.3": "2", "2.5": "3"},
    ),
    # ---------------------------------------------------------------- n, N, time, stage
    "en counts in square brackets": (
        AB
        + "Pneumonia was less common with ibrutinib (12 [8%] of 150) than with chlorambucil (24 [16%] of 150).",
        "n",
        {"8": "12", "16": "24"},
    ),
    "zh N of a group in the clause": (
        甲乙 + "3级及以上不良事件在试验组159例中发生62例(39.0%)。",
        "N",
        {"39.0": "159"},
    ),
    "en months cut short": (
        AB + "30-mo OS 66.3% for ibrutinib, 53.1% for chlorambucil.",
        "timepoint",
        {"66.3": "30 month", "53.1": "30 month"},
    ),
    "en respectively between the values and their time": (
        AB
        + "Median PFS was 8.3 months with ibrutinib and 5.6 months with chlorambucil, and 36.9% and 19.8% of patients, respectively, "
        "were alive without progression at 12 months.",
        "timepoint",
        {"36.9": "12 month", "19.8": "12 month"},
    ),
}


@pytest.mark.parametrize(("text", "name", "wanted"), CASES.values(), ids=CASES.keys())
def test_slot(text: str, name: str, wanted: dict[str, str], by_value: ByValue) -> None:
    found = by_value(text)
    for value, slot in wanted.items():
        assert value in found, f"{value} was not found in {sorted(found)}"
        assert {str(getattr(f, name)).lower() for f in found[value]} == {slot.lower()}, value


def test_two_randomisations_are_compared_each_within_itself(by_value: ByValue) -> None:
    text = (
        "In the TIDE trial (NCT01112223), 400 patients were randomly assigned to bendamustine plus rituximab (BR group) or zanubrutinib "
        "plus rituximab (ZR group); those in remission were assigned again to rituximab plus lenalidomide (R-len group) or rituximab alone "
        "(R group).\n\nInduction stage\n\n"
        "An overall response was seen in 71% of the BR group and 79% of the ZR group. Diarrhoea occurred in 12% of the BR group and 24% of the "
        "ZR group.\n\nMaintenance stage\n\n"
        "Pneumonia was seen in 6% of the R-len group and 4% of the R group. Diarrhoea was seen in 18% of the R-len group and 11% of the R group."
    )
    found = by_value(text)
    for value, stage, other in (
        ("12", "induction", "zanubrutinib"),
        ("6", "maintenance", "rituximab"),
        ("18", "maintenance", "rituximab"),
    ):
        (f,) = found[value]
        assert f.stage == stage
        assert (
            f.comparator is not None
            and other in f.comparator.drugs
            and "lenalidomide" not in f.comparator.drugs
        )
