"""Of which trial is a value, where one paragraph tells of several? All sentences are our own."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.binding.apart import apart, told_apart
from isa_extract.binding.assemble import extract
from isa_extract.binding.notes import Note
from isa_extract.binding.passages import passages
from isa_extract.binding.trial_names import Anchor, trial_names
from isa_extract.explain.account import paper_of
from isa_extract.records import Block, Span

TWO = (
    "LORETO-1 (NCT01000001; phase 3) tested teclistamab. LORETO-2 (NCT01000002; phase 2) tested elranatamab. "
)
ZWEI = "LORETO-1试验(NCT01000001,III期)评估特立妥单抗。LORETO-2试验(NCT01000002,II期)评估埃纳妥单抗。"


def told(text: str) -> list[str]:
    """Each value with its trial and endpoint, in the order of the text."""
    paper = replace(paper_of(text), blocks=tuple(_paragraphs(text)))
    found = sorted(extract(paper).findings, key=lambda f: f.span.start)
    return [
        f"{paper.text[f.span.start : f.span.end].rstrip('%')} {f.study.trial_name or '-'} {f.endpoint}"
        for f in found
    ]


def _paragraphs(text: str) -> Iterator[Block]:
    for line in re.finditer(".+", text):
        yield Block("paragraph", (Span(*line.span()),))


STORIES = {
    "the name behind the values": (
        TWO + "At 2 years 54% of patients in LORETO-1 were alive without progression.",
        ["54 LORETO-1 PFS"],
    ),
    "a name only compared with": (
        TWO + "The response rate of 61% was higher than in LORETO-1.",
        ["61 LORETO-2 ORR"],
    ),
    "unlike another": (TWO + "Unlike LORETO-1, LORETO-2 had a response rate of 61%.", ["61 LORETO-2 ORR"]),
    "a value measured against": (
        TWO
        + "In LORETO-2 the response rate was 61%, lower than the 73% in LORETO-1, and median PFS was 17.2 months.",
        ["61 LORETO-2 ORR", "73 LORETO-1 ORR", "17.2 LORETO-2 PFS"],
    ),
    "clauses set off by a semicolon": (
        TWO + "The response rate was 63% in LORETO-1; LORETO-2 found a median PFS of 17.2 months.",
        ["63 LORETO-1 ORR", "17.2 LORETO-2 PFS"],
    ),
    "the endpoint is not said again": (
        TWO + "Median PFS in LORETO-1 was 11.3 months, whereas in LORETO-2 it was 17.2 months.",
        ["11.3 LORETO-1 PFS", "17.2 LORETO-2 PFS"],
    ),
    "names in brackets": (
        TWO + "The response rate was 63% (LORETO-1) and 61% (LORETO-2).",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR"],
    ),
    "in the order of names": (
        TWO + "In LORETO-1 and LORETO-2 the response rate was 63% and 61%, respectively.",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR"],
    ),
    "the order told behind": (
        TWO + "Response rates were 63% and 61%, respectively, in LORETO-1 and LORETO-2.",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR"],
    ),
    "first and second": (
        TWO + "Response rates were 63% in the first trial and 61% in the second.",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR"],
    ),
    "by the drug alone": (
        "In LORETO-1 (NCT01000001), 165 patients received teclistamab, and the response rate was 63%. In LORETO-2 "
        "(NCT01000002) the response rate with elranatamab was 61%. Neutropenia of grade 3 or 4 occurred in 64% of patients given teclistamab and in 49% of those given elranatamab.",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR", "64 LORETO-1 AE", "49 LORETO-2 AE"],
    ),
    "a drug given before tells nothing": (
        TWO
        + "The response rate was 61%. Among patients previously treated with teclistamab the response rate was 38%.",
        ["61 LORETO-2 ORR", "38 LORETO-2 ORR"],
    ),
    "zh clauses": (
        ZWEI + "LORETO-1随访20个月时,中位PFS为11.3个月;LORETO-2随访15个月时,ORR为61%。",
        ["11.3 LORETO-1 PFS", "61 LORETO-2 ORR"],
    ),
    "zh a comma is enough": (
        ZWEI + "LORETO-1的ORR达63%,LORETO-2的中位PFS则为17.2个月。",
        ["63 LORETO-1 ORR", "17.2 LORETO-2 PFS"],
    ),
    "zh respectively": (
        ZWEI + "LORETO-1和LORETO-2的ORR分别为63%和61%。",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR"],
    ),
    "zh both trials, respectively": (
        ZWEI + "两项试验的ORR分别为63%和61%。",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR"],
    ),
    "zh the name behind": (
        ZWEI + "ORR为63%(LORETO-1)和61%(LORETO-2)。",
        ["63 LORETO-1 ORR", "61 LORETO-2 ORR"],
    ),
    "zh the other's value": (
        ZWEI + "LORETO-2的ORR为61%,与LORETO-1的63%相近。",
        ["61 LORETO-2 ORR", "63 LORETO-1 ORR"],
    ),
    "zh another kind of study": (
        ZWEI
        + "LORETO-2的ORR为61%。\n国内一项多中心回顾性研究纳入80例患者,ORR为41.2%。\nLORETO-3试验(NCT01000003)的ORR为70%。",
        ["61 LORETO-2 ORR", "41.2 - ORR", "70 LORETO-3 ORR"],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_of_which_trial(story: str) -> None:
    text, values = STORIES[story]
    assert told(text) == values


def test_two_trials_introduced_in_one_sentence_keep_their_own_arms() -> None:
    text = (
        "Two phase 3 trials: LORETO-1 (NCT01000001; osimertinib versus gefitinib) and LORETO-2 (NCT01000002; "
        "lenvatinib versus sorafenib). In LORETO-1 median PFS was 18.9 months with osimertinib and 10.2 months with gefitinib."
    )
    one, two = extract(paper_of(text)).studies
    assert (one.trial_id, one.phase) == ("NCT01000001", "III")
    assert (two.trial_id, two.phase) == ("NCT01000002", "III")
    assert {a.label for a in one.arms} == {"osimertinib", "gefitinib"}
    assert not {a.label for a in two.arms} & {"osimertinib", "gefitinib"}


def test_a_passage_told_apart_leads_back_to_the_paper() -> None:
    paper = paper_of(TWO + "In LORETO-1 and LORETO-2 the response rate was 63% and 61%, respectively.")
    found, _ = passages(paper)
    pieces = told_apart(found, trial_names(found))[-2:]
    assert [p.trial for p in pieces] == ["LORETO-1", "LORETO-2"]
    spans = [p.sentence.span(q.start, q.end) for p in pieces for q in p.quantities]
    assert [paper.text[s.start : s.end].rstrip("%") for s in spans] == ["63", "61"]
    assert {p.printed for p in pieces} == {
        "In LORETO-1 and LORETO-2 the response rate was 63% and 61%, respectively."
    }


def test_no_value_is_lost_or_doubled() -> None:
    for text, _ in STORIES.values():
        found, _ = passages(paper_of(text))
        pieces = told_apart(found, trial_names(found))
        before = sorted(p.sentence.span(q.start, q.end) for p in found for q in p.quantities)
        after = sorted(p.sentence.span(q.start, q.end) for p in pieces for q in p.quantities)
        assert after == before
        assert [p.index for p in pieces] == list(range(len(pieces)))


def test_every_passage_told_apart_has_its_note() -> None:
    notes: dict[int, Note] = {}
    extract(paper_of(TWO + "The response rate was 63% in LORETO-1; LORETO-2 found 61%."), notes=notes)
    assert [n.study.trial_name for n in notes.values() if n.findings and n.study] == ["LORETO-1", "LORETO-2"]


def test_a_sentence_without_anchors_stays_whole() -> None:
    passage = passages(paper_of("The response rate was 63%; median PFS was 11.3 months."))[0][0]
    assert apart(passage, []) == [passage]
    (whole,) = apart(passage, [Anchor(0, 3, "LORETO-1")])
    assert (whole.text, whole.trial) == (passage.text, "LORETO-1")


def test_a_meta_analysis_lends_a_trial_its_sentence_only() -> None:
    text = (
        "Maintenance treatment of ovarian cancer: a meta-analysis of ten trials\n"
        "The pooled response rate was 44%. In the LORETO-1 trial the response rate was 63%. The pooled response rate was 41% later on."
    )
    assert told(text) == ["44 - ORR", "63 LORETO-1 ORR", "41 - ORR"]


@given(
    st.lists(
        st.tuples(st.integers(0, 150), st.integers(1, 9), st.sampled_from("ABC"), st.booleans()), max_size=4
    )
)
def test_wherever_trials_are_told_values_stay_and_lead_back(
    places: list[tuple[int, int, str, bool]],
) -> None:
    text = (
        "Overall response rates were 63% v 41% with A and 61% (B); PFS, at 24 months, was 54% and 38%, respectively "
        "(HR 0.62, 95% CI 0.45-0.81), lower than the 73% in C."
    )
    (passage,) = passages(paper_of(text))[0]
    anchors: list[Anchor] = []
    for start, length, key, alone in sorted(places):
        end = min(start + length, len(passage.text))
        taken = [(q.outer_start, q.outer_end) for q in passage.quantities] + [
            (a.start, a.end) for a in anchors
        ]
        if start < end and not any(a < end and start < b for a, b in taken):
            anchors.append(Anchor(start, end, key, alone))
    pieces = apart(passage, anchors)
    spans = sorted(p.sentence.span(q.start, q.end) for p in pieces for q in p.quantities)
    assert spans == sorted(passage.sentence.span(q.start, q.end) for q in passage.quantities)
    for p in pieces:
        assert len(p.sentence.origin) == len(p.text)
        assert list(p.sentence.origin) == sorted(p.sentence.origin)
