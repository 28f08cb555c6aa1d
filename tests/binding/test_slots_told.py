"""Slots that reach over a clause, a list or a sentence: time, part, level of MRD, subset, comparator, p; in both languages.

Each story is our own; a value is given with slots that it must have.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.records import Finding

ByValue = Callable[[str], dict[str, list[Finding]]]
SlotOf = Callable[[Finding, str], str]

AB = "The ORION trial (NCT01234567) randomised 300 patients to ibrutinib or chlorambucil. "
甲乙 = "ORION研究(NCT01234567)将300例患者随机分为两组,试验组接受伊布替尼,对照组接受苯丁酸氮芥。"
甲乙丙 = "180例患者随机分为三组,A组接受来那度胺,B组接受泊马度胺,C组接受沙利度胺。"


CASES = {
    # ---------------------------------------------------------------- time
    "zh a numbered day": (
        甲乙 + "第28天总缓解率试验组为71%,对照组为52%。",
        "timepoint",
        {"71": "28 day", "52": "28 day"},
    ),
    "zh after so many weeks of treatment": (
        甲乙 + "治疗12周后疼痛评分试验组为(2.4±0.8)分,对照组为(3.9±1.1)分。",
        "timepoint",
        {"2.4": "12 week", "3.9": "12 week"},
    ),
    "zh a score goes on with the visit": (
        甲乙
        + "代谢方面,6个月时疼痛评分试验组为(1.4±0.8)分,对照组为(2.9±1.1)分;焦虑评分分别为(5.1±0.9)分和(6.2±1.0)分。",
        "timepoint",
        {"1.4": "6 month", "5.1": "6 month", "6.2": "6 month"},
    ),
    "zh day mortality": (
        甲乙 + "60 d死亡率试验组为4.1%,对照组为7.3%。",
        "timepoint",
        {"4.1": "60 day", "7.3": "60 day"},
    ),
    "en sixty-day mortality": (
        AB + "Sixty-day mortality was 4.1% with ibrutinib and 7.3% with chlorambucil.",
        "timepoint",
        {"4.1": "60 day", "7.3": "60 day"},
    ),
    "en a hazard ratio has no time": (
        AB
        + "Progression-free survival at 2 years was 81% with ibrutinib and 64% with chlorambucil (HR 0.47).",
        "timepoint",
        {"81": "2 year", "64": "2 year", "0.47": ""},
    ),
    # ---------------------------------------------------------------- part and phase
    "zh a regimen is no part": (
        甲乙 + "VRd队列的总缓解率为77%。",
        "stage",
        {"77": ""},
    ),
    "zh after so many cycles of induction": (
        甲乙 + "诱导4个疗程后,试验组完全缓解率为41%,对照组为29%。",
        "stage",
        {"41": "induction", "29": "induction"},
    ),
    "en a paragraph opens with its part": (
        "Part A chose the dose.\n\nIn part B, 306 patients were randomised to ibrutinib or chlorambucil.\n\n"
        "Median progression-free survival was 19.2 months with ibrutinib and 11.3 months with chlorambucil.",
        "stage",
        {"19.2": "part B", "11.3": "part B"},
    ),
    # ---------------------------------------------------------------- level of MRD
    "zh two levels one after the other": (
        甲乙 + "MRD阴性率在10-5水平为71.2%和44.5%,在10-6水平为61.1%和33.2%。",
        "threshold",
        {"71.2": "10^-5", "44.5": "10^-5", "61.1": "10^-6", "33.2": "10^-6"},
    ),
    "zh another measure by its own name": (
        甲乙 + "MRD阴性率(10-5)为33.5%和15.4%,MRD阴性CR率为26.3%和12.2%。",
        "threshold",
        {"33.5": "10^-5", "26.3": "", "12.2": ""},
    ),
    "zh who could be tested": (
        甲乙 + "可评估MRD(流式,10-5)的133例中,试验组阴性35/70(50.0%),对照组阴性21/63(33.3%)。",
        "threshold",
        {"50.0": "", "33.3": ""},
    ),
    # ---------------------------------------------------------------- subset
    "zh without what the lexicon knows": (
        甲乙 + "POD24患者中两组PFS的HR为0.38;无POD24者两组PFS的HR为0.52。",
        "subgroup",
        {"0.38": "POD24", "0.52": "no POD24"},
    ),
    "zh the score is named once": (
        甲乙 + "PD-L1 CPS≥10者试验组中位PFS为12.1个月。CPS<10者试验组中位PFS为6.4个月。",
        "subgroup",
        {"12.1": "PD-L1 CPS>=10", "6.4": "PD-L1 CPS<10"},
    ),
    "zh a score of nothing named": (
        甲乙 + "CPS≥10者试验组中位PFS为12.1个月。",
        "subgroup",
        {"12.1": "CPS>=10"},
    ),
    "zh responders counted are no subset": (
        甲乙 + "获得CR者占34.5%,中位PFS为18.2个月。",
        "subgroup",
        {"34.5": "", "18.2": ""},
    ),
    "zh how long the responders responded": (
        甲乙 + "缓解者的中位缓解持续时间试验组为21.5个月,对照组为10.2个月。",
        "subgroup",
        {"21.5": "", "10.2": ""},
    ),
    "zh one measure put in": (
        甲乙 + "试验组中位PFS为24.1个月,年龄≥70岁者仅13.2个月,2年OS率为76.4%。",
        "subgroup",
        {"24.1": "", "13.2": "age>=70", "76.4": ""},
    ),
    "en of the value before": (
        AB
        + "With ibrutinib, 93% of responders were still in remission at 12 months; median PFS was 16.3 months.",
        "subgroup",
        {"16.3": ""},
    ),
    "en an arm is no subset of its study": (
        "The ARBOUR trial (NCT04444444) had two cohorts: cohort A received ibrutinib and cohort B received venetoclax. "
        "In cohort B, the overall response rate was 54%. Median PFS was 5.7 months in cohort A and 9.4 months in cohort B.",
        "subgroup",
        {"54": "", "5.7": "", "9.4": ""},
    ),
    "en the subject is the factor": (
        AB
        + "In a multivariable model, TP53 disruption was the strongest predictor of relapse (HR 3.24, 95% CI 1.62-6.48).",
        "subgroup",
        {"3.24": "factor: TP53 aberration"},
    ),
    "zh the subject is the factor": (
        甲乙 + "多因素分析中,诱导后MRD阳性是PFS的独立危险因素(HR=2.87,95%CI 1.31~6.29)。",
        "subgroup",
        {"2.87": "factor: MRD positive after induction"},
    ),
    # ---------------------------------------------------------------- comparator
    "zh three groups side by side": (
        甲乙丙 + "A组、B组和C组的总缓解率分别为81%、72%和55%。头晕见于A组3例(5.0%)和C组1例(1.7%)。",
        "comparator",
        {"81": "", "72": "", "55": "", "5.0": "", "1.7": ""},
    ),
    "zh two groups": (
        甲乙 + "头晕见于试验组3例(5.0%)和对照组1例(1.7%)。",
        "comparator",
        {"5.0": "对照组", "1.7": "试验组"},
    ),
    # ---------------------------------------------------------------- p
    "zh a p in a sentence of its own": (
        甲乙 + "试验组总缓解率为83%,对照组为61%。两组比较,差异有统计学意义(P=0.022)。",
        "p_value",
        {"83": "0.022", "61": "0.022"},
    ),
    "en a p in a sentence of its own": (
        AB + "The overall response rate was 83% with ibrutinib and 61% with chlorambucil. "
        "The difference was significant (P=0.022).",
        "p_value",
        {"83": "0.022", "61": "0.022"},
    ),
    "zh a p of something else": (
        甲乙 + "试验组总缓解率为83%,对照组为61%。两组年龄构成相近(P=0.610)。",
        "p_value",
        {"83": "", "61": ""},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_slots_told(case: str, by_value: ByValue, slot_of: SlotOf) -> None:
    text, name, expected = CASES[case]
    found = by_value(text)
    got = {value: {slot_of(f, name) for f in found.get(value, [])} for value in expected}
    assert got == {value: {wanted} for value, wanted in expected.items()}
