"""Single English sentences of trials outside oncology: groups and outcomes that nothing introduces."""

from __future__ import annotations

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.records import Block, Paper, Span

Row = tuple[str, str, str]


def rows(text: str) -> list[Row]:
    """Term (or code), arm and value of each finding of a paper of one paragraph."""
    block = Block("paragraph", (Span(0, len(text)),))
    paper = Paper(doc_id="t", source="", sha256="0" * 64, text=text, blocks=(block,))
    found = extract(paper).findings
    return [(f.endpoint_term or f.endpoint, plain(f.arm.label if f.arm else ""), f.value) for f in found]


def plain(label: str) -> str:
    """A group's name less the word for a group."""
    return label.removesuffix(" group").lower()


def whose(text: str) -> list[tuple[str, str]]:
    return [(arm, value) for _, arm, value in rows(text)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Mean operating-room times were: early-access group, 71.2 ± 11.4 min; control group, 88.0 ± 19.3 min; P = 0.02.",
         [("operating-room times", "early-access group", "71.2"), ("operating-room times", "control group", "88.0")]),
        ("The occlusion rates were significantly reduced in the QRX group as compared with the placebo group (12.0% vs. 31.4%, P < 0.05).",
         [("occlusion rates", "qrx group", "12.0"), ("occlusion rates", "placebo", "31.4")]),
        ("The angiogram showed normal coronary flow in 91% of patients who received QRX and 63% of patients who received VTY.",
         [("normal coronary flow", "QRX", "91"), ("normal coronary flow", "VTY", "63")]),
        ("The proportion of patients with ST resolution > or = 50% at 90 minutes was 80% in the QRX group and 52% in the VTY group.",
         [("proportion of patients with ST resolution > or = 50%", "QRX", "80"), ("proportion of patients with ST resolution > or = 50%", "VTY", "52")]),
        ("Compared with baseline values, the mean inhibition of clotting was 61.0 ± 4.9% with clopidogrel, compared with 19.2 ± 5.1% for dipyridamole.",
         [("inhibition of clotting", "clopidogrel", "61.0"), ("inhibition of clotting", "dipyridamole", "19.2")]),
        ("In placebo-treated men there was an 8.1% median increase in PSA at month 24 compared with -40.2% in those who received dutasteride.",
         [("increase in PSA", "placebo", "8.1"), ("increase in PSA", "dutasteride", "-40.2")]),
        ("Freedom from the composite end point of infarction, repeat surgery, and death was 71% in the QRX group and 52% in the VTY group.",
         [("Freedom from the composite end point of infarction, repeat surgery, and death", "QRX", "71"),
          ("Freedom from the composite end point of infarction, repeat surgery, and death", "VTY", "52")]),
        ("Median time to extubation was 14 (9, 22) hours in the QRX group and 19 (12, 31) hours in the control group.",
         [("time to extubation", "QRX group", "14"), ("time to extubation", "control group", "19")]),
        ("The median ischemia time was 82 (55, 100) minutes in the QRX group and 95 (61, 120) minutes in the VTY group.",
         [("ischemia time", "QRX", "82"), ("ischemia time", "VTY", "95")]),
    ],
)  # fmt: skip
def test_what_is_measured(sentence: str, expected: list[Row]) -> None:
    assert rows(sentence) == [(term, plain(arm), value) for term, arm, value in expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("There were fewer graft occlusions with QRX (1.5% vs. 4.2%; p = 0.01), whereas deaths did not differ.", [("QRX", "1.5"), ("", "4.2")]),
        ("Deaths were rarer with QRX (3 vs. 9).", [("QRX", "3"), ("", "9")]),
        ("The addition of QRX to cisplatin improved 5-year overall survival from 61% to 70% (P = .03).", [("", "61"), ("QRX", "70")]),
        ("Other events were more common in the group treated with QRX: fever (31% vs. 9%), and rash (2% vs. 12%).",
         [("QRX", "31"), ("", "9"), ("QRX", "2"), ("", "12")]),
        ("Women in the intervention group were less likely to start screening (12% vs 25%).", [("intervention group", "12"), ("", "25")]),
        ("QRX: in this group, 82% of women still showed a benefit at week 24, compared with 41% in the megestrol group.",
         [("", "82"), ("megestrol acetate", "41")]),
    ],
)  # fmt: skip
def test_the_group_without_a_name_stays_without(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert whose(sentence) == [(plain(arm), value) for arm, value in expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Grade 3 toxicities included pneumonitis in 4 v eleven patients, and mucositis in 0 v 6 patients for QRX and VTY, respectively.",
         [("QRX", "4"), ("VTY", "11"), ("QRX", "0"), ("VTY", "6")]),
        ("Severe sepsis occurred in 22 patients treated with QRX, versus 8 in those treated with VTY.", [("QRX", "22"), ("VTY", "8")]),
        ("Forty-one (58.6%) of these adverse events occurred in patients treated with QRX and 29 (41.4%) in those treated with VTY.",
         [("QRX", "58.6"), ("VTY", "41.4")]),
        ("Thirty-one dabigatran recipients (9.1%) and 22 warfarin recipients (6.0%) had distal venous thrombosis.",
         [("dabigatran etexilate", "9.1"), ("warfarin", "6.0")]),
        ("Eleven patients (2.1%) receiving dabigatran and six (1.2%) receiving placebo had died.", [("dabigatran etexilate", "2.1"), ("placebo", "1.2")]),
        ("By five years 12 percent of the patients assigned to QRX had died, as compared with 54 percent of those assigned to VTY.",
         [("QRX", "12"), ("VTY", "54")]),
    ],
)  # fmt: skip
def test_counts_and_shares_of_people(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert whose(sentence) == [(plain(arm), value) for arm, value in expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("In the bisoprolol group the mitral filling time increased from 181 to 240 ms (P = 0.01).", [("bisoprolol", "181"), ("bisoprolol", "240")]),
        ("Mean systolic pressure fell from 152 to 138 mm Hg in the QRX group and from 151 to 149 mm Hg in the placebo group.",
         [("qrx group", "152"), ("qrx group", "138"), ("placebo", "151"), ("placebo", "149")]),
        ("Recurrent angina was less frequent in the QRX group (6.1% and 9.0%) as compared with the placebo group (18.2% and 40.1%).",
         [("qrx group", "6.1"), ("qrx group", "9.0"), ("placebo", "18.2"), ("placebo", "40.1")]),
        ("The five-year rates of recurrence at any site and of metastases in the early group and the late group were 38% and 31% (P = 0.17) and 36% and 25% (P = 0.05), respectively.",
         [("early", "38"), ("late", "31"), ("early", "36"), ("late", "25")]),
        ('Fever was seen in 17% (5/30) of the "mesh" group, which was lower than that in the "no-mesh" group (42%, 13/31).', [("mesh", "17"), ("no-mesh", "42")]),
        ("Patients with statin withdrawal showed a higher frequency of stroke (60.0% vs 39.0%; p = 0.04) and greater infarct volume (74 [45, 126] vs 26 [12, 70] mL) compared with the non-withdrawal group.",
         [("statin withdrawal", "60.0"), ("non-withdrawal", "39.0"), ("statin withdrawal", "74"), ("non-withdrawal", "26")]),
        ("The rates of stent thrombosis [1.2% (n = 1) in the SES vs. 3.6% (n = 3) in the PES group, P = 0.4] were similar.", [("SES", "1.2"), ("PES", "3.6")]),
    ],
)  # fmt: skip
def test_several_values_of_one_group(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert whose(sentence) == [(plain(arm), value) for arm, value in expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients received 2 g versus 4 g of mesalazine.",
        "The trial had two groups, and 10 or 40 mg doses were given on days 1 and 8.",
    ],
)
def test_doses_are_no_results(sentence: str) -> None:
    assert rows(sentence) == []


def test_a_reduction_in_a_bracket_is_an_effect() -> None:
    text = "Platelet inhibition was 61.0 ± 4.9% with clopidogrel, compared with 19.2 ± 5.1% for dipyridamole (64% reduction; 95% CI 49-79%)."
    block = Block("paragraph", (Span(0, len(text)),))
    paper = Paper(doc_id="t", source="", sha256="0" * 64, text=text, blocks=(block,))
    last = extract(paper).findings[-1]
    assert (last.statistic, last.value, last.ci_low, last.ci_high) == ("risk_reduction", "64", "49", "79")


def test_a_median_stays_a_median() -> None:
    text = "Median ventricular mass fell from 231 to 190 g in the QRX group, while in the placebo group it was unchanged."
    block = Block("paragraph", (Span(0, len(text)),))
    paper = Paper(doc_id="t", source="", sha256="0" * 64, text=text, blocks=(block,))
    assert [f.statistic for f in extract(paper).findings] == ["median", "median"]
