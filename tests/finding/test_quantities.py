"""Quantities in the shapes in which papers print them, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.finding.match import find
from isa_extract.finding.quantities import quantities
from isa_extract.finding.quantity import bracket_depths, decimal, p_text
from isa_extract.language.segment import Sentence

MakeSentence = Callable[[str], Sentence]


def told(s: Sentence) -> list[str]:
    """Each quantity in one line: qualifier, value, unit, statistic, [interval@level], n/N; differences left out."""
    lines = []
    for q in quantities(s, find(s)):
        if q.difference:
            continue
        line = f"{'' if q.qualifier == '=' else q.qualifier}{q.value}{q.unit}"
        line += f" {q.statistic}" if q.statistic else ""
        line += f" [{q.interval.low},{q.interval.high}@{q.interval.level}]" if q.interval else ""
        line += f" {q.n}/{q.N}" if q.n or q.N else ""
        lines.append(line.strip())
    return lines


CHINESE = {
    "ORR为83.5%": "83.5%",
    "ORR为８３．５％": "83.5%",
    "ORR为83.5%(95%CI 78.0%~88.2%)": "83.5% [78.0,88.2@95]",
    "ORR为83.5%（95％CI：78.0～88.2）": "83.5% [78.0,88.2@95]",
    "OS率为75%(95%可信区间70%至80%)": "75% [70,80@95]",
    "ORR为83.5%(167/200)": "83.5% 167/200",
    "ORR为45/50(90%)": "90% 45/50",
    "167例(83.5%)达到缓解": "83.5% 167/",
    "CR 12/41": "12 count 12/41",
    "22例可评估的患者中ORR达到93%": "93% /22",
    "中位PFS为12.1个月": "12.1month",
    "中位PFS为12.1个月(95%CI：9.4～15.0)": "12.1month [9.4,15.0@95]",
    "中位PFS为11.6(95%CI 7.3~18.4)个月": "11.6month [7.3,18.4@95]",
    "中位PFS分别为20.1和13.8个月": "20.1month|13.8month",
    "中位PFS为20.1 vs 13.8个月": "20.1month|13.8month",
    "中位PFS从4.6个月提高到9.3个月": "4.6month|9.3month",
    "ORR为8%对0": "8%|0%",
    "中位PFS为25.3周": "25.3week",
    "输注时间为3.7小时": "3.7hour",
    "HR=0.57，95%CI 0.44~0.65，P<0.0001": "0.57 hazard_ratio [0.44,0.65@95]",
    "HR 0.57 (0.44-0.65)": "0.57 hazard_ratio [0.44,0.65@]",
    "HR为0.63［95.4% CI（0.48，0.82）］": "0.63 hazard_ratio [0.48,0.82@95.4]",
    "风险比为0.74（95%置信区间：0.61至0.90）": "0.74 hazard_ratio [0.61,0.90@95]",
    "OR=2.31(1.29,4.10)": "2.31 odds_ratio [1.29,4.10@]",
    "疾病进展或死亡风险降低47%": "47% risk_reduction",
    "中位OS未达到": "NR",
    "中位OS为NR(95%CI 24.1~NE)": "NR [24.1,NE@95]",
    "中位OS无法评估": "NE",
    "中位OS尚未达到": "NR",
    "未见4级CRS": "0 count",
    "治疗相关死亡2例": "2 count",
    "约10%的患者发生腹泻": "~10%",
    "CR率三组均为10%左右": "~10%",
    "腹泻发生率不足2%": "<2%",
    "PFS率超过50%": ">50%",
    "OS率≥50%": ">=50%",
    # no results
    "PFS率为5%~10%": "",
    "ORR提高了12.3%": "",
    "中位PFS延长7.6个月": "",
    "中位年龄61(34~79)岁": "",
    "给予10 mg/kg静脉输注": "",
    "共纳入307例患者": "",
    "2015年1月至2018年3月": "",
    "中位随访16.9个月": "",
    "灵敏度为10⁻⁵": "",
    "按2:1随机": "",
    "每2周给药1次，共4个周期": "",
    "I2=41%": "",
}
ENGLISH = {
    "ORR was 83.5% (95% CI, 78.0 to 88.2)": "83.5% [78.0,88.2@95]",
    "ORR was 31.7% [95% CI 26.1-37.8]": "31.7% [26.1,37.8@95]",
    "ORR was 83.5% (167 of 200)": "83.5% 167/200",
    "ORR was 83.5% (167/200 patients)": "83.5% 167/200",
    "167 patients (83.5%) responded": "83.5% 167/",
    "253 (82%) of 308 patients responded": "82% 253/308",
    "four patients (8%) had CRS": "8% 4/",
    "Two of 20 patients had a CR": "2 count 2/20",
    "12 percent had diarrhoea": "12%",
    "Median PFS was 12.1 months (95% CI 9.4-15.0)": "12.1month [9.4,15.0@95]",
    "Median PFS was 12.1 months (9.4–NE)": "12.1month [9.4,NE@]",
    "Median PFS was 20.1 and 13.8 months": "20.1month|13.8month",
    "PFS improved from 4.6 to 9.3 months": "4.6month|9.3month",
    "The risk of progression or death fell by 47%": "47% risk_reduction",
    "PFS was 20.1 vs 13.8 months (HR 0.57; 95% CI [0.44; 0.65]; P < .0001)": "20.1month|13.8month|0.57 hazard_ratio [0.44,0.65@95]",
    "the hazard ratio for death was 0.72; 95% CI, 0.57 to 0.95": "0.72 hazard_ratio [0.57,0.95@95]",
    "The hazard ratio was 0·39 (95% CI 0·28–0·54)": "0.39 hazard_ratio [0.28,0.54@95]",
    "odds ratio 2.31 (1.29,4.10)": "2.31 odds_ratio [1.29,4.10@]",
    "RR=1.21, 95% CI 1.05–1.39": "1.21 risk_ratio [1.05,1.39@95]",
    "a 47% reduction in the risk of death": "47% risk_reduction",
    "Median OS was not reached": "NR",
    "Median OS was NR (95% CI 24.1-NE)": "NR [24.1,NE@95]",
    "Median OS was not estimable": "NE",
    "No grade 4 CRS occurred": "0 count",
    "One patient died of sepsis": "1 count",
    "About 10% had diarrhoea": "~10%",
    "Fewer than 2% had diarrhoea": "<2%",
    "More than 60% were alive at 2 years": ">60%",
    "At least 30% achieved CR": ">=30%",
    "the OS rate at 24 months was 71.5%": "71.5%",
    "median DOR was 11.3 months (range, 4.1-78.0)": "11.3month",
    # no results
    "The rate was 5%-10% across trials": "",
    "PFS was 4.5 months longer": "",
    "a gain of 3.2 months in PFS": "",
    "ORR was 17.4 percentage points higher": "",
    "median age was 61 (range 34-79)": "",
    "they received 10 mg/kg weekly": "",
    "1,284 patients were enrolled": "",
    "at a median follow-up of 16.9 months": "",
}


@pytest.mark.parametrize(("text", "expected"), [*CHINESE.items(), *ENGLISH.items()])
def test_quantities(sentence: MakeSentence, text: str, expected: str) -> None:
    assert "|".join(told(sentence(text))) == expected


NOT_YET = {
    "输注时间为(3.2±1.1)小时": "3.2hour",
    "The mean duration was 3.2 ± 1.1 hours": "3.2hour",
    "ORR was 56% (n=28/50)": "56% 28/50",
    "两例患者死于败血症": "2 count",
    "ORR为43,6%": "43.6%",
}


@pytest.mark.parametrize(("text", "expected"), NOT_YET.items())
@pytest.mark.xfail(strict=True, reason="a printed shape that is not read yet")
def test_shapes_not_read_yet(sentence: MakeSentence, text: str, expected: str) -> None:
    assert "|".join(told(sentence(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P < 0.0001", "<0.0001"),
        ("P＜0·0001", "<0.0001"),
        ("P < .0001", "<0.0001"),
        ("p=0.0027", "0.0027"),
        ("P=0.000 1", "0.0001"),
        ("P值=0.03", "0.03"),
        ("P均<0.05", "<0.05"),
        ("单侧P=0.0075", "0.0075"),
        ("two-sided P = .03", "0.03"),
        ("p≤0.0012", "<=0.0012"),
        ("P>0.05", ">0.05"),
        ("log-rank P=0.04", "0.04"),
        ("a P value of 0.03", "0.03"),
        ("P=0.0010", "0.0010"),
        ("P for interaction = 0.009", None),
        ("APP=0.3", None),
        pytest.param(
            "P = 3.2×10-5",
            None,
            marks=pytest.mark.xfail(strict=True, reason="read as p = 3.2, which no p can be"),
        ),
    ],
)
def test_p_values(sentence: MakeSentence, text: str, expected: str | None) -> None:
    found = [p_text(m) for m in find(sentence(text)) if m.kind == "p"]
    assert found == ([expected] if expected else [])


def test_lists_of_p(sentence: MakeSentence) -> None:
    for text in ("P值分别为0.047、0.018、0.109", "P values were 0.01, 0.02 and 0.3"):
        assert [m.kind for m in find(sentence(text)) if m.kind in ("p", "p-list")] == ["p-list"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,284", "1284"),
        (".57", "0.57"),
        ("twelve", "12"),
        ("None", "0"),
        ("两", "2"),
        ("0.0010", "0.0010"),
        (" 5 ", "5"),
    ],
)
def test_decimal(written: str, expected: str) -> None:
    assert decimal(written) == expected


def test_depth_of_nested_values(sentence: MakeSentence) -> None:
    s = sentence("ORR为89.4%[CR率64.1%(其中sCR 20.0%)]")
    assert [(q.value, q.depth) for q in quantities(s, find(s))] == [("89.4", 0), ("64.1", 1), ("20.0", 2)]
    assert bracket_depths("a(b)c") == [0, 0, 1, 0, 0]
    assert bracket_depths(")(") == [0, 0]


def test_a_label_carried_over(sentence: MakeSentence) -> None:
    (label,) = [m for m in find(sentence("死亡的HR为")) if m.kind == "statistic"]
    s = sentence("PFS为0.77(0.68-0.87)")
    assert [q.statistic for q in quantities(s, find(s), label)] == ["hazard_ratio"]
    assert not [q for q in quantities(s, find(s)) if q.statistic == "hazard_ratio"]
