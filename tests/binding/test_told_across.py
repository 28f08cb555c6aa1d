"""What a value takes from further off: its endpoint from a paragraph that goes on, its event from a list before it,
its visit, grade or subset from the sentence before; in both languages.

Each story is our own; a value is given with what must be found of it (endpoint, term of an event, arm and slots), or
with nothing where it is no result.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.records import Finding

ByValue = Callable[[str], dict[str, list[Finding]]]

AB = "In the ORBIT-7 trial (NCT01234567) 612 patients were randomly assigned to camrelizumab or sorafenib. "
甲乙 = "ORBIT-7研究(NCT01234567)将612例患者随机分为两组,试验组接受卡瑞利珠单抗,对照组接受索拉非尼。"
ONE = "A phase 2 single-arm study of ivonescimab (NCT05229497) treated 83 patients. "
CAM, SOR = "camrelizumab", "sorafenib"
TI = "OTHER"

CASES = {
    # ---------------------------------------------------------------- which endpoint
    "an effect of the endpoint that the sentence before named": (
        AB
        + "PFS was 5.6 and 3.7 months. OS was 22.1 and 15.2 months.\n\nThe benefit in progression-free survival held across"
        + " subgroups. HRs were 0.61 (0.45-0.82) for men and 0.48 (0.31-0.74) for women. In Asians the HR was 0.50 (0.38-0.66).",
        {"0.61": {"endpoint": "PFS"}, "0.48": {"endpoint": "PFS"}, "0.50": {"endpoint": "PFS"}},
    ),
    "percentages after a median are of the share told last": (
        AB
        + "The response rate was 60% and 35%. Median duration of response was 20.1 and 11.3 months."
        + " In men the gain was larger (65% versus 26%).",
        {"65": {"endpoint": "ORR"}, "26": {"endpoint": "ORR"}},
    ),
    "the verb of the first value is not said again": (
        ONE
        + "Of 83 patients, 21% had a partial response on independent review and 60% (49 to 70) any objective response.",
        {"21": {"endpoint": "PR"}, "60": {"endpoint": "ORR"}},
    ),
    "such events made patients stop": (
        AB
        + "Adverse events were seen in 81% and 52%; such events made 24% and 30% of patients, respectively, stop treatment.",
        {"24": {"endpoint": "AE_DISCONTINUATION"}, "30": {"endpoint": "AE_DISCONTINUATION"}},
    ),
    "discontinued because of such an event": (
        ONE + "Raised lipase was seen in 4.8%; five patients (6.0%) discontinued because of such an event.",
        {"6.0": {"endpoint": "AE_DISCONTINUATION", "n": "5"}},
    ),
    "survival of one organ": (
        AB + "DFS was longer (HR 0.52, 0.41-0.65). CNS-DFS also favoured camrelizumab (HR 0.30, 0.11-0.70).",
        {"0.52": {"endpoint": "DFS"}, "0.30": {"endpoint": "OTHER"}},
    ),
    "zh survival of one organ": (
        甲乙 + "中位PFS为5.6和3.7个月,颅内PFS为9.1和6.2个月。",
        {"5.6": {"endpoint": "PFS"}, "9.1": {"endpoint": "OTHER"}},
    ),
    "cytogenetic responses": (
        AB
        + "The response rate was 60% and 35%; the corresponding cytogenetic response rates were 25% and 11%.",
        {"60": {"endpoint": "ORR"}, "25": {"endpoint": "OTHER"}, "11": {"endpoint": "OTHER"}},
    ),
    "independence of transfusions told by a verb": (
        AB
        + "22 of 60 (37%) on camrelizumab but four of 58 (7%) on sorafenib went eight weeks or longer without transfusion.",
        {"37": {"endpoint": TI, "arm": CAM}, "7": {"endpoint": TI, "arm": SOR}},
    ),
    "zh the rate of a subgroup differs more": (
        甲乙 + "MRD阴性率为49.0%和32.0%。ELN高危亚组的CR率差距更大,试验组31/40(77.5%),对照组21/38(55.3%)。",
        {"77.5": {"endpoint": "CR", "subgroup": "ELN high risk"}, "55.3": {"endpoint": "CR"}},
    ),
    "zh events listed ahead, one of them with its grade": (
        甲乙
        + "对照组恶心、皮疹、2级及以上高血压的发生率分别为33.5%、23.8%和28.8%,试验组依次降至20.4%、12.7%和11.5%,"
        + "P值分别为0.019、0.029和0.028。",
        {
            "33.5": {"endpoint_term": "Nausea", "arm": "对照组", "p_value": "0.019", "grade": ""},
            "23.8": {"endpoint_term": "Rash", "arm": "对照组", "p_value": "0.029"},
            "28.8": {"endpoint_term": "Hypertension", "arm": "对照组", "grade": ">=2"},
            "12.7": {"endpoint_term": "Rash", "arm": "试验组", "p_value": "0.029"},
            "11.5": {"endpoint_term": "Hypertension", "arm": "试验组", "grade": ">=2"},
        },
    ),
    # ---------------------------------------------------------------- which values
    "from a median to a median": (
        AB
        + "Overall survival improved from a median of 15.2 months (95% CI 13.0-17.1) to 22.1 months (19.1-26.0).",
        {"15.2": {"endpoint": "OS", "arm": SOR}, "22.1": {"endpoint": "OS", "arm": CAM}},
    ),
    "a share below one per cent beside its count": (
        AB + "Two (<1%) patients in the sorafenib group died of treatment-related causes.",
        {"1": {"endpoint": "TRM", "qualifier": "<", "n": "2", "arm": SOR}},
    ),
    "medians with their unit behind the last": (
        AB
        + "Median OS was 20.1 and 11.3 months. At 20.7 months the medians stood at 25.5 (18.3-NE) and 12.9 months (7.9-18.5).",
        {"25.5": {"endpoint": "OS", "statistic": "median"}, "12.9": {"endpoint": "OS"}},
    ),
    "zh counts that each belong to a group": (
        甲乙 + "随访期内复发共9例,其中6例属于对照组,3例属于试验组。",
        {"6": {"endpoint": "RELAPSE", "arm": "对照组"}, "3": {"endpoint": "RELAPSE", "arm": "试验组"}},
    ),
    "zh counts of two groups, told behind": (
        甲乙 + "试验组和对照组各有18例和25例死亡。",
        {"18": {"endpoint": "DEATH", "arm": "试验组"}, "25": {"endpoint": "DEATH", "arm": "对照组"}},
    ),
    "zh fatal events of the former, none of the latter": (
        甲乙 + "间质性肺病试验组为9.6%,对照组为1.6%;前者有2例为5级事件,后者无。",
        {"2": {"arm": "试验组", "grade": "5"}, "0": {"arm": "对照组", "grade": "5"}},
    ),
    "zh a marker before and after": (
        甲乙 + "试验组血清CEA由治疗前的(38.62±9.15)ng/mL降至(17.24±5.08)ng/mL。",
        {"38.62": None, "17.24": {"endpoint": "OTHER", "statistic": "mean"}},
    ),
    "zh a boundary that was not crossed": (
        甲乙 + "PFS的差异未越过预设的界值(HR=0.86,95%CI 0.75~1.00)。",
        {"0.86": {"endpoint": "PFS"}},
    ),
    "zh when curves part is no median": (
        甲乙 + "中位OS为14.4和11.1个月,两条曲线在5个月后才分开。",
        {"5": None},
    ),
    "when curves part is no median": (
        AB + "Median OS was 14.4 and 11.1 months, and the curves separated after 5 months.",
        {"5": None},
    ),
    "the step of a factor is no median": (
        AB + "Age per 10 years (HR 1.20, 1.05-1.40) was associated with shorter overall survival.",
        {"10": None, "1.20": {"endpoint": "OS"}},
    ),
    # ---------------------------------------------------------------- slots
    "responses of a paragraph share the visit": (
        AB
        + "At 24 weeks 60% of patients on camrelizumab and 35% of those on sorafenib had responded. Complete responses"
        " (12% versus 4%) were commoner as well.",
        {"60": {"timepoint": "24 week"}, "12": {"endpoint": "CR", "timepoint": "24 week"}},
    ),
    "responses do not share the landmark of survival": (
        AB + "At 24 months PFS was 60% and 35%. Complete responses (12% versus 4%) were commoner as well.",
        {"60": {"timepoint": "24 month"}, "12": {"endpoint": "CR", "timepoint": ""}},
    ),
    "the commonest of these have their grade": (
        AB
        + "Grade 3 or worse adverse events occurred in 45% and 25%. The commonest of these were rash (17% vs 5%).",
        {"17": {"endpoint_term": "Rash", "grade": ">=3"}, "5": {"grade": ">=3"}},
    ),
    "zh the commonest of these have their grade": (
        甲乙 + "≥3级不良事件试验组为45.0%,对照组为25.0%。这些事件中最常见的是皮疹(17.0%比5.0%)。",
        {"17.0": {"endpoint_term": "Rash", "grade": ">=3"}},
    ),
    "zh a grade reached": (
        甲乙 + "1~2级皮疹以对照组多见(34.2%对21.9%),且该组另有3例(2.1%)达3级。",
        {"34.2": {"grade": "1-2"}, "2.1": {"grade": "3"}},
    ),
    "listed effects name their subsets behind them": (
        AB
        + "HRs for death were 0.61 (0.45-0.82) for viral hepatitis and 0.90 (0.60-1.30) for other causes, the last with a"
        " median of 16.1 months with camrelizumab and 13.6 months with sorafenib.",
        {
            "0.61": {"subgroup": "viral aetiology"},
            "0.90": {"subgroup": "other causes"},
            "16.1": {"subgroup": "other causes"},
            "13.6": {"subgroup": "other causes"},
        },
    ),
    "zh the population that the sentence before named": (
        甲乙
        + "PD-L1联合阳性评分(CPS)≥10者约占60%,为主要分析人群。在这一人群中,中位OS分别为14.4个月和11.1个月。",
        {"14.4": {"subgroup": "PD-L1 CPS>=10"}, "11.1": {"subgroup": "PD-L1 CPS>=10"}},
    ),
    "zh a bracket about the whole does not end a subset": (
        甲乙 + "淋巴结阳性(占全部患者的81%)的患者,OS的HR为0.51(0.35~0.73)。",
        {"0.51": {"subgroup": "node-positive"}},
    ),
    "zh cohorts in a list are no parts of a trial": (
        ONE
        + "\n\n0.4 mg/kg每周1次(A队列,143例)和0.8 mg/kg每2周1次(B队列,154例)均有效。A、B队列ORR依次为74.1%和69.5%。",
        {"74.1": {"stage": ""}, "69.5": {"stage": ""}},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_takes_from_further_off(name: str, by_value: ByValue) -> None:
    story, expected = CASES[name]
    found = by_value(story)
    for value, slots in expected.items():
        if slots is None:
            assert value not in found
            continue
        assert len(found[value]) == 1, value
        f = found[value][0]
        told = {k: (f.arm.label if f.arm else "") if k == "arm" else getattr(f, k) for k in slots}
        assert told == slots, value


@pytest.mark.parametrize(
    ("story", "arm"),
    [
        (
            AB
            + "Central nervous system progression-free survival was 12.1 and 8.3 months (HR 0.4, 0.2-0.8).",
            CAM,
        ),
        (AB + "Overall survival was 12.1 and 8.3 months (HR 0.4, 0.2-0.8).", CAM),
        (AB + "The time to definitive deterioration was 12.1 and 8.3 months (HR 0.4, 0.2-0.8).", CAM),
    ],
)
def test_longer_times_go_with_the_smaller_hazard(story: str, arm: str, by_value: ByValue) -> None:
    found = by_value(story)["12.1"]
    assert [f.arm.label for f in found if f.arm] == [arm]


def test_the_same_share_of_both_groups(by_value: ByValue) -> None:
    found = by_value(甲乙 + "因不良事件永久停药者两组都在3%左右。")["3"]
    assert sorted(f.arm.label for f in found if f.arm) == ["对照组", "试验组"]
    assert {f.endpoint for f in found} == {"AE_DISCONTINUATION"}
