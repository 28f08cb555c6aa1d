"""One English sentence, nothing before it: the two groups that it sets against each other."""

from __future__ import annotations

import pytest

from isa_extract.binding.contrasts import contrasts
from isa_extract.binding.passages import passages
from isa_extract.records import Block, Paper, Span


def pairs(text: str) -> set[tuple[str, str]]:
    block = Block("paragraph", (Span(0, len(text)),))
    paper = Paper(doc_id="t", source="", sha256="0" * 64, text=text, blocks=(block,))
    return {(c.first.label, c.second.label) for p in passages(paper)[0] for c in contrasts(p)}


@pytest.mark.parametrize(
    ("sentence", "first", "second"),
    [
        ("Two-year survival was 41% and 30% with HYPO, and 28% and 19% with CONV, respectively.", "HYPO", "CONV"),
        ("Pelvic RT was associated with a PFS of 61% compared with 52% in patients treated with local RT.", "Pelvic RT", "local RT"),
        ("Docetaxel had an overall response rate of 24% versus 31% with paclitaxel.", "docetaxel", "paclitaxel"),
        ("Compared with the oxaliplatin arm, the response rate was better for the irinotecan arm (28% v 36%).", "irinotecan", "oxaliplatin"),
        ("The PX40 (51 patients) and PX80 (49 patients) arms had response rates of 18.1% and 20.4%, respectively.", "PX40", "PX80"),
        ("Gemcitabine yielded better overall survival (14.1 v 11.2 months) and response rates (31% v 22%) than vinorelbine.", "gemcitabine", "vinorelbine"),
        ("Protocol fever was seen in 13% of XLC D-99 patients (two of them twice) compared to 29% of QRS patients.", "XLC D-99", "QRS"),
        ("Nodal spread was found in 22% (EX, n=9 (21%); RX, n=12 (23%)).", "EX", "RX"),
        ("Pelvic RT resulted in better survival (HR 0.6; 95% CI 0.5 to 0.8; median, 16.1 v 12.2 months), and response (42% v 30%, P=.006) compared with local RT.", "Pelvic RT", "local RT"),
    ],
)  # fmt: skip
def test_the_two_groups(sentence: str, first: str, second: str) -> None:
    assert (first, second) in pairs(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Response rates were 40% and 30% in the first and the second year.",
        "The rate was higher according to the investigator (40% v 36%) and the central panel (42% v 27%).",
        "Those in the exercise group were less likely to start screening now (52% vs 65%).",
        "The median age was 61 and 63 years and the response rate was 40%.",
        "Compared with 2019, the response rate was 40% and the survival rate 50%.",
    ],
)
def test_no_groups(sentence: str) -> None:
    assert not pairs(sentence)
