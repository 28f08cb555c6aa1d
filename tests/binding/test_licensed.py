"""One English sentence with outcomes that no rule names: what is measured, whose it is, and what is none."""

from __future__ import annotations

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.records import Block, Paper, Span


def rows(text: str) -> list[tuple[str, str, str]]:
    """Term (or code), arm and value of each finding of a paper of one paragraph."""
    block = Block("paragraph", (Span(0, len(text)),))
    paper = Paper(doc_id="t", source="", sha256="0" * 64, text=text, blocks=(block,))
    found = extract(paper).findings
    return [(f.endpoint_term or f.endpoint, f.arm.label if f.arm else "", f.value) for f in found]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The median time to first flare was 14 weeks (95% CI 11 to 19) with colchicine and 7 weeks (95% CI 5 to 9) with placebo.",
         [("time to first flare", "colchicine", "14"), ("time to first flare", "placebo", "7")]),
        ("RESULTS We saw a significantly higher detection yield for QRX compared with VTY (81.2% vs 60.7%, P < 0.01).",
         [("detection yield", "QRX", "81.2"), ("detection yield", "VTY", "60.7")]),
        ("Infarct size was smaller in the cooling group than in the sham group (14.2% vs 19.8%; p=0.03).",
         [("Infarct size", "cooling group", "14.2"), ("Infarct size", "sham group", "19.8")]),
        ("Women with stents were at higher risk for WQX after treatment with ABCX (8.1%) versus treatment with ABC (3.3%, P < 0.01).",
         [("risk for WQX", "ABCX", "8.1"), ("risk for WQX", "ABC", "3.3")]),
        ("Plasma renin activity was 2.12 +/- 0.41 ng/mL in the bisoprolol group and 4.55 +/- 0.63 ng/mL in the placebo group.",
         [("Plasma renin activity", "bisoprolol", "2.12"), ("Plasma renin activity", "placebo", "4.55")]),
        ("LDL cholesterol was reduced by 41% with pitavastatin and by 27% with lovastatin.",
         [("LDL cholesterol", "pitavastatin", "41"), ("LDL cholesterol", "lovastatin", "27")]),
        ("The heart rate was 68 beats/min in group 1 and 77 beats/min in group 2 (p=0.01).",
         [("heart rate", "group 1", "68"), ("heart rate", "group 2", "77")]),
        ("C-reactive protein levels were 1.8 mg/L and 3.9 mg/L in the statin and control groups, respectively (P<0.01).",
         [("C-reactive protein levels", "statin", "1.8"), ("C-reactive protein levels", "control", "3.9")]),
    ],
)  # fmt: skip
def test_an_outcome_told_by_the_frame_of_its_value(
    sentence: str, expected: list[tuple[str, str, str]]
) -> None:
    assert rows(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "At baseline, the mean fatigue scale was 12.1 with colchicine and 12.3 with placebo.",
        "The median follow-up was 31 months with colchicine and 33 months with placebo.",
        "The mean cumulative dose was 310 mg with colchicine and 295 mg with rosuvastatin.",
        "Patients received 10 mg versus 20 mg of rosuvastatin.",
        "The mean age was 61.2 versus 62.3 in the colchicine and placebo groups.",
    ],
)
def test_what_is_no_outcome(sentence: str) -> None:
    assert rows(sentence) == []


def test_a_word_for_what_was_spoken_of_is_no_outcome() -> None:
    told = rows(
        "Progression-free survival was 14.1 months with QRX and 9.2 months with VTY. "
        "In older patients the gap was 12.0 months with QRX versus 7.9 months with VTY."
    )
    assert {term for term, _, _ in told} == {"PFS"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Neutropenia occurred more frequently with QD (71% versus 58%; P = 0.01).", [("QD", "71"), ("", "58")]),
        ("Grade 3 anaemia was rarer with QD and lower in group B (3% vs. 21%).", [("group B", "3"), ("", "21")]),
        ("Fever was uncommon (3.0%, denosumab; 1.2%, zoledronic acid; P = 0.3).", [("denosumab", "3.0"), ("zoledronic acid", "1.2")]),
        ("Two- and 3-year overall survival was 41% and 33% for HYPO, and 22% and 12% for CONV, respectively.",
         [("HYPO", "41"), ("HYPO", "33"), ("CONV", "22"), ("CONV", "12")]),
        ("More KD patients (31%) had fever than LD patients (17%, P = 0.009).", [("KD", "31"), ("LD", "17")]),
        ("The response rate was better with FEC 100 than with FEC 75 at surgery (49.2% v 40.1%).", [("FEC 100", "49.2"), ("FEC 75", "40.1")]),
        ("Overall survival was 27.4 and 27.7 months in letrozole and exemestane-treated patients, respectively.",
         [("letrozole", "27.4"), ("exemestane", "27.7")]),
        ("Severe events were anaemia (21%), fever (8%), and rash (12%) with gefitinib, and anaemia (30%) and rash (7%) with erlotinib.",
         [("gefitinib", "21"), ("gefitinib", "8"), ("gefitinib", "12"), ("erlotinib", "30"), ("erlotinib", "7")]),
    ],
)  # fmt: skip
def test_whose_value(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert [(arm, value) for _, arm, value in rows(sentence)] == expected


def test_assessors_are_no_arms() -> None:
    sentence = "The response rate was better according to the investigator (41% versus 33%) and the review panel (38% versus 30%)."
    assert {arm for _, arm, _ in rows(sentence)} == {""}
