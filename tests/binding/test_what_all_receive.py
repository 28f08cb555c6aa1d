"""What all arms of a study receive, told by its title, its methods or another study; who is pooled, who is told apart. Our own sentences."""

import tempfile
from pathlib import Path

import pytest

from isa_extract.binding.apart import told_apart
from isa_extract.binding.passages import passages
from isa_extract.binding.rosters import roster
from isa_extract.binding.studies import assign
from isa_extract.binding.study_arms import Roster
from isa_extract.binding.trial_names import trial_names
from isa_extract.reading import read
from isa_extract.records import Paper


def paper_of(text: str) -> Paper:
    """The paper as read from a file, so that its first line is a title."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.txt"
        path.write_text(text, encoding="utf-8")
        return read(path, "paper")


def studies(text: str) -> dict[str, Roster]:
    """The rosters of a paper's studies, by trial id (or name)."""
    found, _ = passages(paper_of(text))
    names = trial_names(found)
    found = told_apart(found, names)
    drafts, _ = assign(found, names)
    made: dict[str, Roster] = {}
    earlier: Roster | None = None
    for d in drafts:
        first = d.passages[0]
        earlier = roster([found[i] for i in d.passages], found[first - 1] if first else None, earlier)
        made[d.trial_id or d.trial_name] = earlier
    return made


def arms(text: str, study: str = "NCT01234567") -> list[str]:
    return sorted("+".join(a.drugs) or a.label for a in studies(text)[study].arms)


ARMS = {
    "a schedule between placebo and what both get": (
        "MAGNOL (NCT01234567) enrolled men. They were randomly assigned to niraparib 200 mg or matching placebo once daily, both with "
        "abiraterone 1000 mg daily. Median rPFS was 16.6 months in the niraparib group and 10.9 months in the placebo group.",
        ["abiraterone", "abiraterone+niraparib"],
    ),
    "the control group's placebo in the same breath": (
        "ZEPHYR (NCT01234567) tested capivasertib. Every woman was given fulvestrant, together with either capivasertib or, in the control "
        "group, placebo. Median PFS was 7.2 months in the capivasertib arm and 3.6 months in the control arm.",
        ["capivasertib+fulvestrant", "fulvestrant"],
    ),
    "added to it": (
        "LINDEN (NCT01234567) asked another question, because every patient received fulvestrant. Adding ribociclib to it brought a median "
        "PFS of 20.5 months, as against 12.8 months for placebo plus fulvestrant (HR 0.59).",
        ["fulvestrant", "fulvestrant+ribociclib"],
    ),
    "to which either was added": (
        "Patients in CEDAR (NCT01234567) took enzalutamide 160 mg a day, to which either talazoparib or placebo was added. Median PFS was "
        "27.1 months in the talazoparib group and 21.0 months in the placebo group.",
        ["enzalutamide", "enzalutamide+talazoparib"],
    ),
    "zh 题目说全了方案": (
        "吡咯替尼联合曲妥珠单抗及多西他赛治疗HER2阳性转移性乳腺癌的III期研究\n\n方法 本研究(NCT01234567)为随机双盲研究,患者随机接受吡咯替尼或安慰剂治疗。"
        "结果 吡咯替尼组中位PFS为24.3个月,安慰剂组为10.4个月。吡咯替尼组ORR为83%,安慰剂组为71%。",
        ["docetaxel+pyrotinib+trastuzumab", "docetaxel+trastuzumab"],
    ),
    "zh 全部患者接受,在此基础上": (
        "CYPRESS(NCT01234567)中,全部患者接受恩扎卢胺,在此基础上加用他拉唑帕利或安慰剂。他拉唑帕利组中位PFS为27.1个月,安慰剂组为21.0个月。",
        ["enzalutamide", "enzalutamide+talazoparib"],
    ),
    "zh 以一方案为对照,在此基础上加用": (
        "OAK(NCT01234567)以Kd(卡非佐米、地塞米松)为对照,三药组在此基础上加用达雷妥尤单抗(D-Kd)。三药组中位PFS为28.6个月,对照组为15.2个月。"
        "D-Kd组和Kd组ORR分别为84%和75%。",
        ["carfilzomib+daratumumab+dexamethasone", "carfilzomib+dexamethasone"],
    ),
    "cohorts of one regimen": (
        "Revumenib with decitabine and venetoclax in acute myeloid leukemia: a phase 1/2 study\n\nMETHODS The trial (NCT01234567) enrolled "
        "adults. Part 2 had three cohorts: relapsed (cohort A), refractory (cohort B) and newly diagnosed disease (cohort C). RESULTS The CR "
        "rate was 30% in cohort A, 40% in cohort B and 60% in cohort C. Median OS was 7.1 months in cohort A and 8.0 months in cohort B.",
        ["decitabine+revumenib+venetoclax"] * 3,
    ),
    "zh 队列1至3同一方案": (
        "卡瑞利珠单抗联合法米替尼治疗晚期实体瘤的II期研究\n\n方法 本研究(NCT01234567)分三个队列:队列1为宫颈癌,队列2为肾癌,队列3为尿路上皮癌。"
        "结果 队列1的ORR为40%,队列2为60%,队列3为30%。队列1、队列2和队列3的中位PFS分别为8.1、12.0和5.0个月。",
        ["camrelizumab+famitinib"] * 3,
    ),
    "doses tried one after the other": (
        "Tazemetostat plus doxorubicin in sarcoma: dose escalation\n\nMETHODS In this study (NCT01234567), tazemetostat was given at 400 mg, "
        "600 mg, or 800 mg together with doxorubicin 75 mg/m2. RESULTS Dose-limiting toxicity was seen in none of six patients at 400 mg, one "
        "of six at 600 mg, and two of six at 800 mg. The response rate was 10% at 400 mg, 20% at 600 mg and 33% at 800 mg.",
        ["doxorubicin+tazemetostat"] * 3,
    ),
    "examples of a choice are no arms": (
        "CREEK (NCT01234567) compared ide-cel with DPd or Kd (physician's choice). Median PFS was 13.3 months with ide-cel and 4.4 months with "
        "standard care. The ORR was 71% with ide-cel and 42% with standard care.",
        ["idecabtagene vicleucel", "standard care"],
    ),
    "zh 医生选择不是第三组": (
        "LAKE(NCT01234567)比较西达基奥仑赛与PVd或DPd(医生选择)。西达基奥仑赛组中位PFS未达到,标准治疗组为11.8个月。西达基奥仑赛组ORR为85%,标准治疗组67%。",
        ["ciltacabtagene autoleucel", "标准治疗组"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), ARMS.values(), ids=ARMS)
def test_arms(text: str, expected: list[str]) -> None:
    assert arms(text) == expected


def test_a_label_and_its_group_are_one_arm() -> None:
    told = studies(
        "RIVER (NCT01234567) tested ibrutinib plus rituximab (IR, n = 271) against rituximab with a chemotherapy of the investigator's choice "
        "(R-chemo, n = 263), which was FCR in 60% of cases and BR in the rest. ORR was 88% in the IR group and 82% in the R-chemo group. "
        "Neutropenia arose in 20% of patients given IR and in 50% of those given R-chemo."
    )["NCT01234567"]
    assert [a.label for a in told.arms] == ["IR", "R-chemo"]
    assert told.aliases["r-chemo group"] == told.arms[1]


@pytest.mark.parametrize(
    "text",
    [
        "PERSEA (NCT01234567) added daratumumab to bortezomib, lenalidomide and dexamethasone (D-VRd); the comparator was VRd alone. At 48 months "
        "84.3% of the D-VRd group and 67.7% of the VRd group were alive.\n\nCEPHEA (NCT07654321) used the same two arms in older people: D-VRd "
        "lowered the risk of progression (HR, 0.57), with MRD negativity in 60.9% against 39.4%.",
        "ALFA(NCT01234567)比较D-VRd与VRd,ORR分别为97%和93%。\n\nBETA(NCT07654321)在老年患者中采用了相同的两种方案,D-VRd组中位PFS为50.0个月,对照组为39.2个月。",
    ],
)
def test_the_same_two_regimens(text: str) -> None:
    two = studies(text)
    assert {a.drugs for a in two["NCT07654321"].arms} == {a.drugs for a in two["NCT01234567"].arms}


@pytest.mark.parametrize(
    ("text", "drugs", "group"),
    [
        (
            "ELM(NCT01234567)第一部分比较KRd与Rd。KRd组ORR为87%,Rd组为67%。第二部分再次随机,接受来那度胺维持或单纯观察。观察组中位PFS为30.0个月,来那度胺组为50.1个月。",
            "lenalidomide",
            "观察组",
        ),
        (
            "FIR (NCT01234567) compared VTd with Td; responders were randomised again to ixazomib maintenance or observation. The VTd group had a "
            "response rate of 90% and the Td group 80%. Median PFS was 26.5 months with ixazomib and 21.3 months in the observation group.",
            "ixazomib",
            "observation group",
        ),
    ],
)
def test_a_second_randomisation_against_nothing(text: str, drugs: str, group: str) -> None:
    told = studies(text)["NCT01234567"]
    assert len(told.arms) == 2
    assert told.choices[(drugs,)].drugs == (drugs,)
    assert told.aliases[group].drugs == ()


def test_trials_told_one_by_one_in_a_meta_analysis() -> None:
    told = studies(
        "PARP inhibitors in prostate cancer: a meta-analysis\n\nWe pooled trials of PARP inhibitors (PARPi group) and placebo (control group). rPFS "
        "was longer in the PARPi group (HR 0.62).\n\nPROPEL (NCT01234567) enrolled all comers, 796 in total. Median rPFS rose from 16.6 months with "
        "placebo to 24.8 months with olaparib (HR 0.66).\n\nToxicity. Anaemia was seen in 40% of the PARPi group and 12% of the control group. "
        "Discontinuation was reported in 11% of the PARPi group and 3% of the control group."
    )
    assert [a.label for a in told["NCT01234567"].arms] == ["olaparib", "placebo"]
    assert "PARPi group" in [a.label for a in told[""].arms]


def test_one_single_arm_study_does_not_decide_for_all() -> None:
    found, _ = passages(
        paper_of(
            "CAR-T真实世界研究的Meta分析\n\n纳入使用阿基仑赛(axi-cel)或替沙仑赛(tisa-cel)的队列研究,合并单组率。其中axi-cel组1 000例,tisa-cel组900例。"
            "axi-cel组和tisa-cel组的ORR分别为76%和59%。axi-cel组12个月PFS率为46%,tisa-cel组为33%。另有1项单臂研究中瑞基奥仑赛的ORR为75.9%。"
        )
    )
    drafts, speaking = assign(found, ())
    assert len(drafts) == 2 and speaking[-1] is drafts[1]
    assert len(roster([found[i] for i in drafts[0].passages]).arms) == 2


def test_ids_of_two_registries_are_one_study() -> None:
    assert list(
        studies(
            "MAGNOL (NCT01234567; EudraCT 2019-001234-11) compared niraparib with olaparib. The ORR was 60% with niraparib and 28% with olaparib."
        )
    ) == ["NCT01234567;2019-001234-11"]
