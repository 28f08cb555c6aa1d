"""Groups that a sentence lists, some of them no regimens, and the arms of studies told in a sentence or two. All sentences are our own."""

import pytest

from isa_extract.binding.passages import passages
from isa_extract.binding.rosters import roster
from isa_extract.explain.account import paper_of
from isa_extract.records import Arm


def arms(text: str) -> list[Arm]:
    return roster(passages(paper_of(text))[0]).arms


def told(text: str) -> list[tuple[str, str]]:
    return [(a.label, "+".join(a.drugs)) for a in arms(text)]


LISTS = {
    "a letter among labels": (
        "本研究采用三组设计:度伐利尤单抗联合奥拉帕利(DO组,60例)、度伐利尤单抗单药(D组,58例)、单纯化疗(Chemo,卡铂加紫杉醇)。"
        "中位PFS在DO组、D组和Chemo组分别为12.2、9.1和7.5个月。",
        [("DO", "durvalumab+olaparib"), ("D组", "durvalumab"), ("Chemo", "carboplatin+paclitaxel")],
    ),
    "the combination group among drugs": (
        "该试验检验赛沃替尼加三代TKI奥希替尼。患者按2:2:1分入联合组、奥希替尼组和赛沃替尼单药组。三组中位PFS依次为15.7个月、10.6个月和6.5个月。",
        [
            ("联合组", "osimertinib+savolitinib"),
            ("osimertinib", "osimertinib"),
            ("savolitinib", "savolitinib"),
        ],
    ),
    "the combination group in English": (
        "TOPAZ assigned 600 patients 1:1:1 to the combination group, the osimertinib group, or the savolitinib group. Osimertinib "
        "plus savolitinib was the combination. Median PFS was 15.7 months in the combination group, 10.6 months in the "
        "osimertinib group and 6.5 months in the savolitinib group.",
        [
            ("combination group", "osimertinib+savolitinib"),
            ("osimertinib", "osimertinib"),
            ("savolitinib", "savolitinib"),
        ],
    ),
    "a control group among drugs": (
        "患者按1:1:1随机分入对照组、阿帕替尼组和仑伐替尼组。中位PFS依次为3.1个月、5.6个月和7.2个月。",
        [("对照组", ""), ("apatinib", "apatinib"), ("lenvatinib", "lenvatinib")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
def test_listed_groups(text, expected):
    assert told(text) == expected


AS_BEFORE = {
    "the same use": "单药组口服来那度胺25 mg/d。联合组来那度胺用法相同,并自第1天起加服泽布替尼160 mg。联合组ORR为80.0%,单药组为60.0%。",
    "the same dose as the other": "单药组口服来那度胺25 mg/d。联合组来那度胺剂量同单药组,另加泽布替尼160 mg。联合组ORR为80.0%,单药组为60.0%。",
    "the dose unchanged": "单药组口服来那度胺25 mg/d;联合组来那度胺剂量不变,同时联用泽布替尼160 mg。联合组ORR为80.0%,单药组为60.0%。",
    "in English": "The monotherapy group received lenalidomide 25 mg daily. The combination group received lenalidomide at the same dose, "
    "plus zanubrutinib 160 mg. The ORR was 80.0% in the combination group and 60.0% in the monotherapy group.",
}


@pytest.mark.parametrize("text", AS_BEFORE.values(), ids=AS_BEFORE)
def test_a_drug_as_told_before_and_more(text):
    assert sorted(a.drugs for a in arms(text)) == [("lenalidomide",), ("lenalidomide", "zanubrutinib")]


def test_half_the_dose_adds_nothing():
    text = "对照组给予来那度胺25 mg口服。试验组来那度胺剂量减半。试验组ORR为60.9%,对照组为61.3%。"
    assert ("试验组", "") in told(text)


AGAINST = {
    "by its control": "恩沙替尼的eXalt3研究(NCT02767804,290例)同样以克唑替尼为对照,PFS的HR为0.51(95%CI 0.35~0.72)。",
    "by who did better": "恩沙替尼在eXalt3(NCT02767804)中期分析里同样胜过克唑替尼,中位PFS 25.8个月比12.7个月。恩沙替尼联合贝伐珠单抗的序贯试验拟入组300例,预计2027年读出结果。",
    "in English": "In eXalt3 (NCT02767804), ensartinib again beat crizotinib, with a median PFS of 25.8 months versus 12.7 months. "
    "A trial of alectinib plus bevacizumab is expected to report in 2027.",
}


@pytest.mark.parametrize("text", AGAINST.values(), ids=AGAINST)
def test_a_study_told_in_a_sentence(text):
    found = arms(text)
    assert [(a.drugs, a.role) for a in found] == [
        (("ensartinib",), "experimental"),
        (("crizotinib",), "control"),
    ]


def test_one_after_the_other_is_one_treatment():
    text = "单臂II期LUNA研究(NCT02910584)中,60例患者先用利妥昔单抗诱导2个周期,随后加用来那度胺6个周期,ORR为88.3%。"
    assert [a.drugs for a in arms(text)] == [("lenalidomide", "rituximab")]


def test_pooled_groups_are_called_by_what_the_paper_calls_them():
    text = (
        "纳入以PD-L1抑制剂联合放化疗(以下称联合组)对比安慰剂联合化疗或单纯化疗(以下称化疗组)的试验。"
        "联合组的死亡风险较化疗组下降31%,合并HR为0.69(0.63~0.75)。"
    )
    assert [a.label for a in arms(text)] == ["联合组", "化疗组"]


def test_a_group_named_in_the_bracket_behind_its_drug():
    text = (
        "155例单用卡铂和培美曲塞(化疗组),153例在此基础上加用信迪利单抗(信迪利单抗联合化疗组)。"
        "化疗组中位PFS 5.0个月,联合化疗者8.9个月。"
    )
    found = {a.label: a.drugs for a in arms(text)}
    assert found == {
        "化疗组": ("carboplatin", "pemetrexed"),
        "信迪利单抗联合化疗": ("carboplatin", "pemetrexed", "sintilimab"),
    }
