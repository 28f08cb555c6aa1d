"""Groups that a paper defines: behind their drugs, by another group's regimen, by schedule, dose or stage. Our own sentences."""

import pytest

from isa_extract.binding.passages import passages
from isa_extract.binding.rosters import roster
from isa_extract.binding.study_arms import Roster
from isa_extract.explain.account import paper_of


def study(text: str) -> Roster:
    return roster(passages(paper_of(text))[0])


STORIES = {
    "those given X made up one group, those given Y the other": (
        "Patients given decitabine for 5 days and venetoclax formed the low-dose group and those receiving cytarabine with idarubicin "
        "the high-dose group. Median OS was 12.1 months in the low-dose group and 14.0 months in the high-dose group.",
        {"low-dose group": "decitabine+venetoclax", "high-dose group": "cytarabine+idarubicin"},
    ),
    "another arm's regimen and more": (
        "Patients were allocated to arm A, cisplatin plus gemcitabine; arm B, arm A treatment plus durvalumab; or arm C, the arm B regimen "
        "plus tremelimumab. Median OS was 11.0 months in arm A, 12.8 months in arm B and 13.0 months in arm C.",
        {
            "arm A": "cisplatin+gemcitabine",
            "arm B": "cisplatin+durvalumab+gemcitabine",
            "arm C": "cisplatin+durvalumab+gemcitabine+tremelimumab",
        },
    ),
    "zh 与另一臂相同,再加一药": (
        "A臂用卡铂加紫杉醇;B臂与A臂相同,另加贝伐珠单抗;C臂为B臂方案加奥拉帕利。A臂、B臂、C臂的中位PFS分别为9.0、12.0和18.0个月。"
        "A臂、B臂、C臂ORR为50%、60%、66%。",
        {
            "A臂": "carboplatin+paclitaxel",
            "B臂": "bevacizumab+carboplatin+paclitaxel",
            "C臂": "bevacizumab+carboplatin+olaparib+paclitaxel",
        },
    ),
    "drugs in brackets behind letters, on what all receive": (
        "All patients received pomalidomide and dexamethasone and were randomised to additional treatment in arm A (cyclophosphamide), "
        "arm B (ixazomib) or arm C (carfilzomib). ORR was 40% in arm A, 55% in arm B and 70% in arm C.",
        {
            "arm A": "cyclophosphamide+dexamethasone+pomalidomide",
            "arm B": "dexamethasone+ixazomib+pomalidomide",
            "arm C": "carfilzomib+dexamethasone+pomalidomide",
        },
    ),
    "zh 共同骨架上随机加用": (
        "所有患者均接受泊马度胺和地塞米松,并随机加用环磷酰胺(A组)、伊沙佐米(B组)或卡非佐米(C组)。A组、B组、C组ORR分别为40%、55%和70%。",
        {
            "A组": "cyclophosphamide+dexamethasone+pomalidomide",
            "B组": "dexamethasone+ixazomib+pomalidomide",
            "C组": "carfilzomib+dexamethasone+pomalidomide",
        },
    ),
    "letters beyond E": (
        "Patients were assigned to group E (elacestrant plus everolimus) or group F (fulvestrant plus everolimus). Median PFS was 8.3 "
        "months in group E and 4.8 months in group F.",
        {"group E": "elacestrant+everolimus", "group F": "everolimus+fulvestrant"},
    ),
    "schedules of one regimen": (
        "Patients received epcoritamab and lenalidomide. Those in the 4-weekly group were treated every 4 weeks, those in the 8-weekly group "
        "every 8 weeks. The response rate was 80% in the 4-weekly group and 78% in the 8-weekly group.",
        {"4-weekly group": "epcoritamab+lenalidomide", "8-weekly group": "epcoritamab+lenalidomide"},
    ),
    "the schedule that is never called a group": (
        "The trial compared two schedules of Kd: carfilzomib 70 mg/m2 once weekly and 27 mg/m2 twice weekly. The once-weekly group did better "
        "(median PFS 11.2 v 7.6 months).",
        {"once-weekly group": "carfilzomib+dexamethasone", "twice-weekly group": "carfilzomib+dexamethasone"},
    ),
    "zh 给药间隔": (
        "患者随机接受达雷妥尤单抗,按给药间隔分为每4周组和每8周组。每4周组ORR为70%,每8周组为66%。",
        {"每4周组": "daratumumab", "每8周组": "daratumumab"},
    ),
    "two doses that are never called groups": (
        "Patients were randomised to one of two doses of glofitamab, 10 mg (n = 40) or 30 mg (n = 41). ORR was 55% at 10 mg and 63% at 30 mg. "
        "Median PFS was 5.1 months at 10 mg and 8.0 months at 30 mg.",
        {"glofitamab 10 mg": "glofitamab", "glofitamab 30 mg": "glofitamab"},
    ),
    "zh 字母加剂量": (
        "患者随机分入T50组、T100组和安慰剂组,均口服泽布替尼;T50组和T100组分别服他泽司他50 mg、他泽司他100 mg。T50组ORR为40%,"
        "T100组为55%,安慰剂组为30%。T50组、T100组、安慰剂组中位PFS为5.0、7.0、4.0个月。",
        {"T50": "tazemetostat+zanubrutinib", "T100": "tazemetostat+zanubrutinib", "安慰剂组": "zanubrutinib"},
    ),
    "zh 放化疗基础上的双盲": (
        "所有患者接受放疗(60 Gy/30次)并每周给予卡铂,试验组自第1天起每3周静脉输注度伐利尤单抗1500 mg,对照组以相同方式输注安慰剂。"
        "试验组中位PFS为16.8个月,对照组为9.7个月。",
        {"试验组": "carboplatin+durvalumab", "对照组": "carboplatin"},
    ),
    "the doublet is what the placebo is added to": (
        "They were randomised to venetoclax and azacitidine plus either quizartinib 40 mg daily (the triplet) or placebo (the doublet). "
        "Median OS was 18.8 months with the triplet and 12.4 months with the doublet.",
        {"triplet": "azacitidine+quizartinib+venetoclax", "doublet": "azacitidine+venetoclax"},
    ),
    "both stages of two randomisations": (
        "Participants were assigned to bendamustine and obinutuzumab (BO) or to ibrutinib with obinutuzumab (IO). Responders were randomised "
        "again to obinutuzumab every 8 weeks, either alone (O group) or with lenalidomide 10 mg (O-len group). ORR was 80% in the BO group "
        "and 84% in the IO group. PFS was 84% in the O-len group and 75% in the O group.",
        {
            "BO": "bendamustine+obinutuzumab",
            "IO": "ibrutinib+obinutuzumab",
            "O-len": "lenalidomide+obinutuzumab",
            "O": "obinutuzumab",
        },
    ),
    "zh 再次随机后一组不用药": (
        "118例移植后患者再次随机,巩固组每4周皮下注射达雷妥尤单抗,随访组不用药。巩固组2年PFS率为88%,随访组为75%。",
        {"巩固组": "daratumumab", "随访组": ""},
    ),
    "a choice between regimens has no drugs, and the name it has beside values": (
        "Controls received pomalidomide, bortezomib and dexamethasone or daratumumab, pomalidomide and dexamethasone, as their physician "
        "preferred; the others were assigned to teclistamab. Median PFS was 14.4 months with teclistamab and 9.7 months with standard care.",
        {"teclistamab": "teclistamab", "standard care": ""},
    ),
    "zh TPC": (
        "320例患者随机接受戈沙妥珠单抗或TPC。戈沙妥珠单抗组中位PFS为5.6个月,TPC组为1.7个月。TPC组ORR为5%,戈沙妥珠单抗组35%。",
        {"sacituzumab govitecan": "sacituzumab govitecan", "TPC": ""},
    ),
}


@pytest.mark.parametrize(("text", "expected"), STORIES.values(), ids=STORIES)
def test_arms(text: str, expected: dict[str, str]) -> None:
    assert {a.label: "+".join(a.drugs) for a in study(text).arms} == expected


def test_each_stage_has_its_tested_arm_and_its_control() -> None:
    text, _ = STORIES["zh 再次随机后一组不用药"]
    assert [(a.label, a.role) for a in study(text).arms] == [
        ("巩固组", "experimental"),
        ("随访组", "control"),
    ]


def test_higher_and_lower_dose_are_those_arms() -> None:
    found = study(STORIES["two doses that are never called groups"][0])
    assert found.written["the higher dose"].label == "glofitamab 30 mg"
    assert found.written["at the lower"].label == "glofitamab 10 mg"
