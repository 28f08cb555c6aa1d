"""What a value is told at: grade, time, subset, stage, p, n/N and comparator, in both languages.

Each story is our own; a line of `expected` is a value with slots that it must have, '-' for an empty one.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.records import Finding

ByValue = Callable[[str], dict[str, list[Finding]]]
SlotOf = Callable[[Finding, str], str]

AB = "The ORION trial (NCT01234567) randomised 300 patients to ibrutinib or chlorambucil. "
甲乙 = "ORION研究(NCT01234567)将300例患者随机分为两组,试验组接受伊布替尼,对照组接受苯丁酸氮芥。"


GRADES = {
    "en of those grades": (
        AB
        + "Neutropenia of grade 3 or 4 occurred in 31% and 22%, and anaemia of those grades in 14% and 19%.",
        {"31": "3-4", "22": "3-4", "14": "3-4", "19": "3-4"},
    ),
    "en at least grade": (
        AB
        + "Adverse events of at least grade 3 were recorded in 41% with ibrutinib and 37% with chlorambucil.",
        {"41": ">=3", "37": ">=3"},
    ),
    "en grade behind the value": (
        AB + "Infections occurred in 44% of the ibrutinib group and were of grade 3 or higher in 12%.",
        {"44": "-", "12": ">=3"},
    ),
    "en no grade in a word": (
        AB + "Fatigue of these grades in 5.2% of the ibrutinib group was rare.",
        {"5.2": "-"},
    ),
    "zh each grade after the whole": (
        甲乙 + "试验组感染发生率为46.2%,其中1级35.1%,2级10.4%。",
        {"46.2": "-", "35.1": "1", "10.4": "2"},
    ),
    "zh mostly of a grade": (
        甲乙 + "腹泻见于试验组的41.3%,3级者4.2%。",
        {"41.3": "-", "4.2": "3"},
    ),
    "zh zero": (甲乙 + "试验组腹泻发生率为41.3%,无4级及以上者。", {"41.3": "-", "0": ">=4"}),
    "zh general event has values": (
        甲乙 + "3~4级不良事件两组为57.3%与41.5%,皮疹试验组13.9%,对照组6.5%。",
        {"57.3": "3-4", "13.9": "-", "6.5": "-"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), GRADES.values(), ids=GRADES)
def test_grades(text: str, expected: dict[str, str], by_value: ByValue) -> None:
    found = by_value(text)
    assert {v: found[v][0].grade or "-" for v in expected} == expected


TIMES = {
    "en behind two pairs": (
        AB + "Overall survival rates were 85% and 72% at 1 year and 60% and 43% at 2 years.",
        {"85": "1 year", "72": "1 year", "60": "2 year", "43": "2 year"},
    ),
    "en alive at": (
        AB + "At the final analysis, 61.7% of the ibrutinib group were alive at 4 years.",
        {"61.7": "4 year"},
    ),
    "en that of": (
        AB
        + "The cumulative incidence of relapse at 2 years was 34% and 41%, and that of non-relapse mortality 12% and 18%.",
        {"34": "2 year", "12": "2 year", "18": "2 year"},
    ),
    "en one name with a time": (
        AB
        + "Median PFS and 3-year OS rate were 24.9 months and 72.1%, respectively, in the ibrutinib group.",
        {"24.9": "-", "72.1": "3 year"},
    ),
    "zh those at two years": (
        甲乙 + "1年OS率试验组为81.8%,对照组为67.1%;2年者依次为57.6%和43.9%。",
        {"81.8": "1 year", "57.6": "2 year", "43.9": "2 year"},
    ),
    "zh head of the sentence": (
        甲乙 + "治疗3个月时,试验组ORR为65.5%,对照组为42.6%。",
        {"65.5": "3 month", "42.6": "3 month"},
    ),
    "zh incidence of an event": (
        甲乙 + "2年慢性GVHD发生率试验组为17.6%,对照组为33.1%。",
        {"17.6": "2 year", "33.1": "2 year"},
    ),
    "zh best response has none": (
        甲乙 + "3个月ORR为60.9%;最佳ORR为77.2%。",
        {"60.9": "3 month", "77.2": "-"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), TIMES.values(), ids=TIMES)
def test_times(text: str, expected: dict[str, str], by_value: ByValue) -> None:
    found = by_value(text)
    assert {v: found[v][0].timepoint or "-" for v in expected} == expected


SUBSETS = {
    "en open cohort": (
        AB
        + "In the receptor-positive cohort median PFS was 9.1 months with ibrutinib and 5.2 months with chlorambucil.",
        {"9.1": "receptor-positive", "5.2": "receptor-positive"},
    ),
    "en histology": (
        AB + "In patients with micropapillary histology, median OS was 10.2 months versus 8.4 months.",
        {"10.2": "micropapillary histology", "8.4": "micropapillary histology"},
    ),
    "en not everyone": (
        AB + "In patients with available samples the ORR was 71% and 52%.",
        {"71": "-", "52": "-"},
    ),
    "en complement": (
        AB
        + "In the ibrutinib group median PFS was 24.8 months in patients with 1q21 gain and 48.7 months in those without it.",
        {"24.8": "1q21 gain", "48.7": "no 1q21 gain"},
    ),
    "en mutated gene": (
        AB + "Those with mutated NPM1 had a median OS of 28.3 months with ibrutinib.",
        {"28.3": "NPM1 mutation"},
    ),
    "zh stage range": (
        甲乙 + "Ⅱ~ⅢA期患者24个月DFS率试验组为90%,对照组为44%;同一人群的5年OS率分别为85%和73%。",
        {"90": "stage II-IIIA", "85": "stage II-IIIA", "73": "stage II-IIIA"},
    ),
    "zh two subsets of pairs": (
        甲乙
        + "ALK阴性间变大细胞淋巴瘤患者(37例)中试验组与对照组的2年PFS率为78.9%和50.0%,IDH1/2突变者中为56.3%和41.2%。",
        {
            "78.9": "ALK-negative anaplastic large cell lymphoma",
            "50.0": "ALK-negative anaplastic large cell lymphoma",
            "56.3": "IDH1/2 mutation",
            "41.2": "IDH1/2 mutation",
        },
    ),
    "zh thrombus": (
        甲乙 + "合并门静脉癌栓者中位PFS两组为9.4个月比5.6个月,无癌栓者为13.2个月比10.3个月。",
        {"9.4": "portal vein tumour thrombus", "13.2": "no portal vein tumour thrombus"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), SUBSETS.values(), ids=SUBSETS)
def test_subsets(text: str, expected: dict[str, str], by_value: ByValue) -> None:
    found = by_value(text)
    assert {v: found[v][0].subgroup or "-" for v in expected} == expected


OTHERS = {
    "en p behind the last arm": (
        AB + "The ORR was 54% in the ibrutinib group and 39% in the chlorambucil group (p=0.049).",
        {"54": ("p_value", "0.049"), "39": ("p_value", "0.049")},
    ),
    "zh p behind the endpoint's name": (
        甲乙
        + "试验组ORR、DCR分别为65.5%、89.7%,对照组分别为42.6%、79.6%,ORR差异有统计学意义(P=0.015),DCR差异无统计学意义(P=0.138)。",
        {
            "65.5": ("p_value", "0.015"),
            "42.6": ("p_value", "0.015"),
            "89.7": ("p_value", "0.138"),
            "79.6": ("p_value", "0.138"),
        },
    ),
    "zh p of an interaction is none": (
        甲乙 + "老年患者OS的HR=0.76(95%CI 0.67~0.86),交互作用P=0.018。",
        {"0.76": ("p_value", "")},
    ),
    "en comparator of a pair": (
        AB + "The ORR was 54% with ibrutinib and 39% with chlorambucil.",
        {"54": ("comparator", "chlorambucil"), "39": ("comparator", "ibrutinib")},
    ),
    "en comparator of one arm's event": (
        AB + "Atrial fibrillation occurred in 6% of the ibrutinib group.",
        {"6": ("comparator", "")},
    ),
    "en n/N with an interval": (
        AB + "The ORR was 34.0% (17/50; 95% CI, 21.2 to 48.8) with ibrutinib.",
        {"34.0": ("n", "17")},
    ),
    "en n/N a few words away": (
        AB + "The ORR was 26.4% in the ibrutinib group (97 of 368).",
        {"26.4": ("N", "368")},
    ),
    "en of N": (
        AB + "Adverse events occurred in 84% of the 302 patients treated with ibrutinib.",
        {"84": ("N", "302")},
    ),
    "en no bound in a word": (
        AB
        + "Median OS rose from 8.4 months in the chlorambucil group to 12.5 months in the ibrutinib group.",
        {"12.5": ("qualifier", "=")},
    ),
    "en stage at the head": (
        AB
        + "After induction, the ORR was 91.3% and 81.0%; the complete response rates were 41.2% and 24.1%.",
        {"91.3": ("stage", "induction"), "41.2": ("stage", "induction")},
    ),
    "zh survival has no phase": (甲乙 + "诱导后序贯移植的71例中位PFS为41.3个月。", {"41.3": ("stage", "")}),
}


@pytest.mark.parametrize(("text", "expected"), OTHERS.values(), ids=OTHERS)
def test_other_slots(
    text: str, expected: dict[str, tuple[str, str]], by_value: ByValue, slot_of: SlotOf
) -> None:
    found = by_value(text)
    assert {v: slot_of(found[v][0], name) for v, (name, _) in expected.items()} == {
        v: code for v, (_, code) in expected.items()
    }
