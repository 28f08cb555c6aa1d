"""Whose value it is, told by the people it is counted in, by what kind of treatment they got, or as the others'."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.records import Finding

ByValue = Callable[[str], dict[str, list[Finding]]]

TWO = "The LAKE study (NCT01234567) randomised 300 patients with myeloma to VCD or to Dara-VCD. "
ONE_AND_BOTH = (
    "The HILL trial (NCT03334444) randomised 300 patients with melanoma to relatlimab plus nivolumab or nivolumab alone. "
    "Median PFS was 10.2 months with relatlimab plus nivolumab and 4.6 months with nivolumab. "
)
单联 = "HILL研究(NCT03334444)纳入300例黑色素瘤患者,随机给予瑞拉利单抗联合纳武利尤单抗或纳武利尤单抗单药。联合组中位PFS为10.2个月,单药组4.6个月。"

STORIES = {
    "a count of an arm's patients": (
        TWO
        + "Treatment was stopped for adverse events in 11 VCD patients (8.9%) and in six Dara-VCD patients (6.6%).",
        {"8.9": "VCD", "6.6": "Dara-VCD"},
    ),
    "the later arm first": (
        TWO + "Nausea was seen in 20 Dara-VCD patients (20.9%) and 12 VCD patients (12.6%).",
        {"20.9": "Dara-VCD", "12.6": "VCD"},
    ),
    "of so many of an arm's patients": (
        TWO + "Pneumonia affected 22 of 151 Dara-VCD patients (14.6%) and 11 of 149 VCD patients (7.4%).",
        {"14.6": "Dara-VCD", "7.4": "VCD"},
    ),
    "a label with -treated": (
        TWO + "At 24 months 82.1% of Dara-VCD-treated and 66.0% of VCD-treated patients were alive.",
        {"82.1": "Dara-VCD", "66.0": "VCD"},
    ),
    "a label with -treated before the value": (
        TWO + "Of the VCD-treated patients, 33.1% responded, as did 44.1% of those treated with Dara-VCD.",
        {"33.1": "VCD", "44.1": "Dara-VCD"},
    ),
    "their controls": (
        TWO
        + "At five years 65.5% of the patients randomised to Dara-VCD were alive v 48.4% of their controls.",
        {"65.5": "Dara-VCD", "48.4": "VCD"},
    ),
    "their counterparts": (
        TWO + "Rash was reported by 12.2% of the VCD group and by 13.3% of their counterparts.",
        {"12.2": "VCD", "13.3": "Dara-VCD"},
    ),
    "the others": (
        TWO + "Sepsis was seen in 3.2% on Dara-VCD and 4.3% of the others.",
        {"3.2": "Dara-VCD", "4.3": "VCD"},
    ),
    "a falling pair is no range": (
        TWO + "The response rate favoured Dara-VCD, 78% to 61%.",
        {"78": "Dara-VCD", "61": "VCD"},
    ),
    "set against, the arm as subject": (
        TWO + "VCD caused more diarrhoea, 29.6% against 21.3%.",
        {"29.6": "VCD", "21.3": "Dara-VCD"},
    ),
    "numbers of arms are no values": (
        "Women were randomised to carboplatin alone (arm 1), carboplatin and bevacizumab (arm 2) or carboplatin and olaparib (arm 3). "
        "Hypertension rose from 7.2% in arm 1 to 16.5% in arm 2 and 22.9% in arm 3.",
        {"7.2": "arm 1", "16.5": "arm 2", "22.9": "arm 3"},
    ),
    "monotherapy": (
        ONE_AND_BOTH + "Monotherapy produced less fatigue: 12.8% against 23.4%.",
        {"12.8": "nivolumab", "23.4": "relatlimab plus nivolumab"},
    ),
    "zh 双药组": (
        单联 + "结肠炎以双药组多见(6.8%对3.3%)。",
        {"6.8": "瑞拉利单抗联合纳武利尤单抗", "3.3": "nivolumab"},
    ),
    "zh 联合治疗使": (
        单联 + "联合治疗使疾病控制率达63.2%,单药组仅51.4%。",
        {"63.2": "瑞拉利单抗联合纳武利尤单抗", "51.4": "nivolumab"},
    ),
    "zh 未接受者": (
        "LAKE研究(NCT01112222)将402例患者随机分为两组,分别接受他泽司他或安慰剂。接受他泽司他者2年OS率为84%,未接受者为77%。",
        {"84": "tazemetostat", "77": "安慰剂组"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), STORIES.values(), ids=STORIES)
def test_whose(text: str, expected: dict[str, str], by_value: ByValue) -> None:
    found = by_value(text)
    assert set(expected) <= set(found)
    assert {v: found[v][0].arm.label if found[v][0].arm else "-" for v in expected} == expected


def test_a_drug_that_no_list_has_goes_by_its_chinese_name(by_value: ByValue) -> None:
    """No INN is known for it, so the label is what the paper prints."""
    found = by_value("单臂II期X研究(NCT01111111)纳入61例患者,给予佐巴替尼治疗,ORR为49%。")
    assert [f.arm.label for f in found["49"] if f.arm] == ["佐巴替尼"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Neutropenia was more common with Dara-VCD (43%) than with the older backbone (32%).", {"43": "Dara-VCD", "32": "VCD"}),
        ("Vomiting was less frequent with VCD (45.8%, 27/59) than among those who got four drugs (51.7%, 31/60).", {"45.8": "VCD", "51.7": "Dara-VCD"}),
        ("Cough was seen with Dara-VCD in 12% as against 7% without the antibody.", {"12": "Dara-VCD", "7": "VCD"}),
        ("Within the VCD group CR was rarer in carriers of t(11;14), 15.8% (9/57), than in non-carriers, 31.8% (21/66).", {"15.8": "VCD", "31.8": "VCD"}),
    ],
)  # fmt: skip
def test_one_arm_set_against_others(sentence: str, expected: dict[str, str], by_value: ByValue) -> None:
    found = by_value(TWO + sentence)
    assert {v: found[v][0].arm.label if found[v][0].arm else "-" for v in expected} == expected


def test_a_group_that_nobody_knows_has_no_arm(by_value: ByValue) -> None:
    """'BAT组' is none of the two groups that are known, so its value is not carried to the one before."""
    found = by_value(
        "PERSIST-9研究比较了帕克替尼400 mg每日1次与帕克替尼200 mg每日2次。"
        "脾脏体积缩小≥35%者,每日1次组占15%,每日2次组占22%,XYZ组占3%。"
    )
    assert [f.arm for f in found["3"]] == [None] and "35" not in found


def test_the_arms_of_one_size(by_value: ByValue) -> None:
    found = by_value(
        "将300例患者随机分为联合组(达格列净联合非奈利酮)、非奈利酮组和达格列净组。联合组总有效率为52.8%,两个单药组均不足30%。"
    )
    assert sorted(f.arm.drugs for f in found["30"] if f.arm) == [("dapagliflozin",), ("finerenone",)]
