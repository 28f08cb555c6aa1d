"""Tables of trials as papers print them become rows of evidence: arm, endpoint, unit, subset, what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.reading import read

Row = tuple[str, str, str, str, str, str]

CASES: dict[str, tuple[str, str, list[Row]]] = {
    "events of a survival endpoint are no rate": (
        "HORIZON-7 (NCT04111111) was a randomised phase 3 trial of amivantamab plus lazertinib (n=205) versus osimertinib (n=207).",
        """Table 2. Efficacy outcomes
Outcome\tAmivantamab plus lazertinib (n = 205)\tOsimertinib (n = 207)
Progression-free survival
Events, n (%)\t98 (47.8)\t131 (63.3)
Median, months (95% CI)\t23.4 (19.8–27.1)\t16.2 (14.1–18.6)
Hazard ratio (95% CI)\t0.69 (0.55–0.87)""",
        [
            ("amivantamab plus lazertinib", "PFS", "median", "23.4", "month", ""),
            ("osimertinib", "PFS", "median", "16.2", "month", ""),
            ("amivantamab plus lazertinib", "PFS", "hazard_ratio", "0.69", "", ""),
        ],
    ),
    "means after treatment, and none before": (
        "将80例晚期非小细胞肺癌患者随机分为治疗组与对照组,每组40例。对照组采用培美曲塞联合顺铂化疗,治疗组加服益气养阴方。",
        """表3 两组治疗前后中医证候积分比较(x̄±s,分)
组别\t例数\t中医证候积分\t\tKPS评分\t
\t\t治疗前\t治疗后\t治疗前\t治疗后
治疗组\t40\t18.62±3.41\t9.37±2.56\t68.25±5.94\t79.50±6.38
对照组\t40\t18.55±3.37\t13.28±2.94\t68.75±6.07\t73.25±6.15
t值\t\t0.092\t6.344\t0.372\t4.461
P值\t\t0.927\t<0.001\t0.711\t<0.001""",
        [
            ("治疗组", "中医证候积分", "mean", "9.37", "", ""),
            ("治疗组", "KPS评分", "mean", "79.50", "", ""),
            ("对照组", "中医证候积分", "mean", "13.28", "", ""),
            ("对照组", "KPS评分", "mean", "73.25", "", ""),
        ],
    ),
    "subsets in the first column, hazard of death": (
        "ORIENT-21 (NCT04333333) randomised 650 patients with gastric cancer to sintilimab plus XELOX or placebo plus XELOX.",
        """Table 4. Subgroup analysis of overall survival
Subgroup\tSintilimab plus XELOX, n/N\tPlacebo plus XELOX, n/N\tHR for death (95% CI)
All patients\t203/327\t246/323\t0.77 (0.63–0.94)
Age
<65 years\t128/200\t151/201\t0.79 (0.62–1.00)
≥65 years\t75/127\t95/122\t0.73 (0.54–0.99)""",
        [
            ("sintilimab plus XELOX", "OS", "hazard_ratio", "0.77", "", ""),
            ("sintilimab plus XELOX", "OS", "hazard_ratio", "0.79", "", "age<65"),
            ("sintilimab plus XELOX", "OS", "hazard_ratio", "0.73", "", "age>=65"),
        ],
    ),
    "a column on the patients of a trial gives neither subset nor endpoint": (
        "CANDOR (NCT03158688) compared KdD with Kd, and CASTOR (NCT02136134) compared DVd with Vd.",
        """Table 1. Characteristics of included trials
Trial\tPopulation\tRegimens\tN\tORR, %
CASTOR\t≥1 prior line, not refractory to bortezomib\tDVd vs Vd\t498\t84.6 vs 63.2
CANDOR\t1–3 prior lines with at least a partial response\tKdD vs Kd\t466\t84.3 vs 74.7""",
        [
            ("DVd", "ORR", "rate", "84.6", "%", ""),
            ("Vd", "ORR", "rate", "63.2", "%", ""),
            ("KdD", "ORR", "rate", "84.3", "%", ""),
            ("Kd", "ORR", "rate", "74.7", "%", ""),
        ],
    ),
    "columns of patients are no arms": (
        "EPCORE-X (NCT04888888) was a phase 2 study of 157 patients with large B-cell lymphoma.",
        """Table 2. Best response
Response\tAll patients (N=157)\tDLBCL (n=139)
Overall response, n (%)\t99 (63.1)\t86 (61.9)""",
        [("", "ORR", "rate", "63.1", "%", ""), ("", "ORR", "rate", "61.9", "%", "DLBCL")],
    ),
    "counts beside percentages, two events in one name, a zero": (
        "将90例三阴性乳腺癌患者随机分为观察组(n=45)和对照组(n=45),观察组给予白蛋白结合型紫杉醇联合卡铂,对照组给予多西他赛联合卡铂。",
        """表3 两组患者不良反应比较
不良反应\t观察组(n=45)\t\t对照组(n=45)\t\tχ²\tP
\t例数\t%\t例数\t%\t\t
恶心呕吐\t15\t33.3\t18\t40.0\t0.431\t0.512
脱发\t30\t66.7\t33\t73.3\t0.476\t0.490""",
        [
            ("观察组", "Nausea", "rate", "33.3", "%", ""),
            ("观察组", "Vomiting", "rate", "33.3", "%", ""),
            ("对照组", "Nausea", "rate", "40.0", "%", ""),
            ("对照组", "Vomiting", "rate", "40.0", "%", ""),
            ("观察组", "Alopecia", "rate", "66.7", "%", ""),
            ("对照组", "Alopecia", "rate", "73.3", "%", ""),
        ],
    ),
    "one head for two ratios": (
        "MAIA研究(NCT02252172)将737例患者随机分为D-Rd组(368例)和Rd组(369例)。",
        """表1 MAIA研究的疗效结果
疗效指标\tD-Rd组(n=368)\tRd组(n=369)\tHR或OR(95%CI)\tP值
≥CR率/%\t51.1\t30.1\t2.43(1.80~3.28)\t<0.001
中位PFS[月(95%CI)]\t61.9(54.8~NE)\t34.4(29.6~39.2)\t0.55(0.45~0.67)\t<0.001""",
        [
            ("D-Rd", "CR_OR_BETTER", "rate", "51.1", "%", ""),
            ("Rd", "CR_OR_BETTER", "rate", "30.1", "%", ""),
            ("D-Rd", "CR_OR_BETTER", "odds_ratio", "2.43", "", ""),
            ("D-Rd", "PFS", "median", "61.9", "month", ""),
            ("Rd", "PFS", "median", "34.4", "month", ""),
            ("D-Rd", "PFS", "hazard_ratio", "0.55", "", ""),
        ],
    ),
    "baseline figures are left out": (
        "将120例复发难治性多发性骨髓瘤患者随机分为Kd组与Vd组,各60例。",
        """表1 两组患者基线特征比较
项目\tKd组(n=60)\tVd组(n=60)\tP值
年龄(岁,x±s)\t62.4±8.1\t61.9±7.7\t0.729
既往CR[例(%)]\t12(20.0)\t11(18.3)\t0.817""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rows_of_a_table(tmp_path: Path, name: str) -> None:
    prose, table, wanted = CASES[name]
    file = tmp_path / "a.txt"
    file.write_text(f"{prose}\n\n{table}\n", encoding="utf-8")
    paper = read(file, "a")
    found = [f for f in extract(paper).findings if f.binding == "table"]
    rows = [
        (
            f.arm.label if f.arm else "",
            f.endpoint_term or f.endpoint,
            f.statistic,
            f.value,
            f.unit,
            f.subgroup,
        )
        for f in found
    ]
    assert rows == wanted
    assert all(paper.text[f.span.start : f.span.end] == f.value for f in found)


def test_note_marks_are_no_letters(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(
        "DESTINY-B11 (NCT05222222) randomised women to trastuzumab deruxtecan or capecitabine.\n\n"
        "Table 3. Adverse events, n (%)\nEvent\tTrastuzumab deruxtecan (n = 141)\tCapecitabine (n = 143)\n"
        "Alopeciaᵃ\t52 (36.9)ᵇ\t0\nNausea\t107 (75.9)\t43 (30.1)\na: grade 2 at most.\n",
        encoding="utf-8",
    )
    found = [f for f in extract(read(file, "a")).findings if f.binding == "table"]
    assert [(f.endpoint_term, f.statistic, f.value) for f in found[:2]] == [
        ("Alopecia", "rate", "36.9"),
        ("Alopecia", "count", "0"),
    ]
