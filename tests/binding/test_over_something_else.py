"""Whose a number is when values go over landmarks or thresholds, 'the other arm', models of factors, and slots beside them.

Each story is our own. A wanted row is ``value arm`` (``-`` for none), with ``key=value`` for slots that it must have.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.reading import read
from isa_extract.records import Finding

EN = (
    "Methods. In the phase III CORALLINE trial (NCT05550001), patients with relapsed myeloma were randomly assigned to "
    "carfilzomib, pomalidomide and dexamethasone (KPd; n = 210) or to pomalidomide and dexamethasone (Pd; n = 208).\n\n"
)
ZH = (
    "方法:Ⅲ期随机对照试验CORALLINE(NCT05550001)将418例复发多发性骨髓瘤患者随机分入KPd组(卡非佐米、泊马度胺、地塞米松,210例)"
    "或Pd组(泊马度胺、地塞米松,208例)。\n\n"
)
THREE = (
    "Methods. The phase II ORIOLE trial (NCT05550002) randomly assigned 270 patients with follicular lymphoma to arm A "
    "(rituximab and lenalidomide, n = 90), arm B (obinutuzumab and lenalidomide, n = 91) or arm C (obinutuzumab and "
    "zanubrutinib, n = 89).\n\n"
)
WOMEN = (
    "Methods. The phase III HARRIER trial (NCT05550003) randomly assigned 612 women with metastatic breast cancer to "
    "ribociclib plus fulvestrant or to fulvestrant alone.\n\n"
)

CASES = {
    # values over landmarks or thresholds, one arm behind each pair
    "en landmarks, then the arm": (
        EN
        + "At 24 and 36 months, 71.2% and 60.5% of the KPd group were alive without progression, compared with "
        "55.7% and 40.9% of the Pd group.",
        "71.2 KPd timepoint=24 month; 60.5 KPd timepoint=36 month; 55.7 Pd timepoint=24 month; 40.9 Pd timepoint=36 month",
    ),
    "en three landmarks": (
        EN
        + "Overall survival at 1, 2 and 3 years was 91%, 84% and 77% in the KPd arm and 88%, 76% and 66% in the Pd arm.",
        "91 KPd; 84 KPd; 77 KPd; 88 Pd; 76 Pd; 66 Pd timepoint=3 year",
    ),
    "en landmarks in three arms": (
        THREE
        + "One-year and two-year PFS rates were 66% and 44% in arm A, 74% and 57% in arm B, and 79% and 62% in arm C.",
        "66 arm A; 44 arm A; 74 arm B; 57 arm B; 79 arm C; 62 arm C timepoint=2 year",
    ),
    "en thresholds, then the arm": (
        EN
        + "MRD negativity at thresholds of 10^-5 and 10^-6 was reached by 35.2% and 21.4% of the KPd group and by "
        "12.0% and 5.3% of the Pd group.",
        "35.2 KPd threshold=10^-5; 21.4 KPd threshold=10^-6; 12.0 Pd threshold=10^-5; 5.3 Pd threshold=10^-6",
    ),
    "en one threshold, then the next": (
        EN
        + "MRD negativity at 10^-5 was 35.2% with KPd and 12.0% with Pd, and at 10^-6 it was 21.4% and 5.3%.",
        "35.2 KPd threshold=10^-5; 12.0 Pd threshold=10^-5; 21.4 KPd threshold=10^-6; 5.3 Pd threshold=10^-6",
    ),
    "zh thresholds, once for both arms": (
        ZH + "以10-5和10-6为界,KPd组MRD阴性率为35.2%和21.4%,Pd组为12.0%和5.3%。",
        "35.2 KPd threshold=10^-5; 21.4 KPd threshold=10^-6; 12.0 Pd threshold=10^-5; 5.3 Pd threshold=10^-6",
    ),
    "en three events, then the arm": (
        WOMEN
        + "Grade 3 or 4 neutropenia, leukopenia and anaemia occurred in 57%, 15% and 4% of the combination group "
        "and in 1%, 0% and 3% of the fulvestrant group.",
        "57 ribociclib plus fulvestrant; 15 ribociclib plus fulvestrant; 4 ribociclib plus fulvestrant endpoint_term=Anemia; "
        "1 fulvestrant; 0 fulvestrant; 3 fulvestrant endpoint_term=Anemia",
    ),
    "zh the next landmark, in the same order": (
        ZH + "KPd组12个月PFS率为66%,Pd组为48%,24个月相应为44%、27%。",
        "66 KPd; 48 Pd; 44 KPd timepoint=24 month; 27 Pd timepoint=24 month",
    ),
    "en landmark behind the name of the analysis": (
        EN + "At the final analysis, OS at 60 months was 46.4% with KPd and 37.1% with Pd.",
        "46.4 KPd timepoint=60 month; 37.1 Pd timepoint=60 month",
    ),
    # the other arm, the former group, every arm
    "en the other arm": (
        EN + "Deep vein thrombosis was recorded in 5% of the KPd group and 2% of the other group.",
        "5 KPd; 2 Pd",
    ),
    "en none of the rest": (
        EN + "Tumour lysis syndrome was seen in 3 patients on Pd and in none of the rest.",
        "3 Pd; 0 KPd",
    ),
    "zh the other arm": (ZH + "深静脉血栓在KPd组占5%,另一组占2%。", "5 KPd; 2 Pd"),
    "zh nothing in the other arm": (
        ZH + "发热性中性粒细胞减少见于12例(6%)KPd组患者,另一组未见。",
        "6 KPd; 0 Pd",
    ),
    "zh the former group": (ZH + "KPd与Pd相比,前一组的CR率为28.6%,后一组为9.1%。", "28.6 KPd; 9.1 Pd"),
    "en each treatment group": (
        EN + "Infections of grade 3 or higher affected 22% in each treatment group.",
        "22 KPd; 22 Pd",
    ),
    "en not in any arm": (THREE + "Median OS was not reached in any arm.", " arm A;  arm B;  arm C"),
    "en both groups are the subject": (
        EN + "Both groups had a median time to response of 1.1 months.",
        "1.1 KPd; 1.1 Pd",
    ),
    "en a part in the bracket, the arm behind it": (
        EN + "Median PFS was 20.6 months (14.9 months for patients with liver metastases) in the KPd group.",
        "20.6 KPd; 14.9 KPd subgroup=liver metastases",
    ),
    # effects
    "en an effect in each arm": (
        THREE
        + "Compared with arm A, the HR for progression or death was 0.71 (95% CI 0.49-1.03) in arm B and 0.58 "
        "(95% CI 0.39-0.86) in arm C.",
        "0.71 arm B; 0.58 arm C",
    ),
    "en factors of a model": (
        EN
        + "In the multivariable model, KPd kept its advantage for PFS over Pd (adjusted HR 0.58, 95% CI 0.44-0.77). "
        "Ascites (HR 1.83, 95% CI 1.15-2.91) and ISS stage III (HR 1.64, 1.03-2.61) worked against the patient. For OS, "
        "only ascites retained significance (HR 2.46, 95% CI 1.31-4.62).",
        "0.58 KPd; 1.83 - subgroup=factor: ascites; 1.64 - subgroup=factor: ISS stage III; 2.46 - subgroup=factor: ascites",
    ),
    "en an arm's effect in the same paragraph": (
        EN
        + "In the multivariable model, ascites was unfavourable (HR 1.83, 95% CI 1.15-2.91). PFS was longer with KPd "
        "than with Pd (HR 0.58, 95% CI 0.44-0.77).",
        "0.58 KPd",
    ),
    "zh a factor of two outcomes": (
        ZH
        + "多因素分析。以Pd组为参照,KPd组PFS的HR=0.58(95%CI 0.44~0.77)。髓外病变是PFS(HR=1.86,95%CI 1.24~2.79)和"
        "OS(HR=1.93,95%CI 1.09~3.42)的危险因素。",
        "0.58 KPd; 1.86 - subgroup=factor: extramedullary disease; 1.93 - subgroup=factor: extramedullary disease",
    ),
    # what stands beside a value
    "en a count apart from its share": (
        EN
        + "Toxicity was the reason for stopping treatment in 29 patients on KPd (13.8%) and 19 on Pd (9.1%).",
        "13.8 KPd n=29; 9.1 Pd n=19",
    ),
    "en no count: a denominator": (
        EN + "MRD negativity was reached by 27 of the 34 with a trackable clone (79.4%).",
        "79.4 - n=27",
    ),
    "en an interval behind words": (
        EN + "Median PFS in the KPd group was 56.0 months free of progression (95% CI, 41.9 to NR).",
        "56.0 KPd ci_low=41.9",
    ),
    "zh a grade shared with the effect": (
        ZH + "任意级别高血压的发生率KPd组为30%、Pd组为12%,≥3级者为8%和5%(OR=1.52,95%CI 1.04~2.22)。",
        "8 KPd grade=>=3; 5 Pd grade=>=3; 1.52 KPd grade=>=3",
    ),
    "zh exposed to a class, and not": (
        ZH
        + "既往用过PD-1或PD-L1抑制剂的患者中,KPd组和Pd组的中位PFS为5.9个月和3.1个月(HR=0.60,95%CI 0.43~0.84);"
        "未用过者HR为0.44(95%CI 0.28~0.69)。",
        "5.9 KPd subgroup=prior PD-1/PD-L1 inhibitor; 0.44 KPd subgroup=no prior PD-1/PD-L1 inhibitor",
    ),
    "en those without": (
        EN
        + "Patients without amyloidosis did least well out of it: median PFS was 8.1 months on KPd and 5.4 on Pd.",
        "8.1 KPd subgroup=no amyloidosis; 5.4 Pd subgroup=no amyloidosis",
    ),
}


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES.keys())
def test_whose(text: str, wanted: str, tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(text, encoding="utf-8")
    found = list(extract(read(path, "story")).findings)
    for row in wanted.split("; "):
        value, _, rest = row.partition(" ")
        words = rest.split(" ")
        first = next((i for i, w in enumerate(words) if "=" in w), len(words))
        arm = " ".join(words[:first])
        key, _, slot = " ".join(words[first:]).partition("=")
        rows = [f for f in found if f.value == value and _arm(f) == arm]
        assert rows, f"{value} of {arm}: {[(f.value, _arm(f)) for f in found]}"
        if key:
            assert any(getattr(f, key).casefold() == slot.casefold() for f in rows), [
                getattr(f, key) for f in rows
            ]


def _arm(f: Finding) -> str:
    return f.arm.label if f.arm else "-"


def test_a_part_named_in_passing_is_of_its_own_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(
        "In the phase I/II LARKSPUR trial (NCT05550004), 112 patients with acute myeloid leukaemia received ziftomenib.\n\n"
        "Part 1 went smoothly. The complete response rate was 44% (4/9).\n\n"
        "All 112 patients were evaluable for safety. Febrile neutropenia was reported in 41 (36.6%).\n",
        encoding="utf-8",
    )
    told = {f.value: f.stage for f in extract(read(path, "story")).findings}
    assert told["44"] == "part 1"
    assert told["36.6"] == ""
