"""Where a paper says that it does not give a result."""

from __future__ import annotations

import pytest

from isa_extract.evidence.silences import silences
from isa_extract.explain import paper_of
from isa_extract.pipeline.paper import tabulated

EN = "ICARIA-MM (NCT02990338) was a randomised phase III trial of Isa-Pd versus Pd in RRMM. "
ZH = "ICARIA-MM研究(NCT02990338)是一项III期随机试验，RRMM患者随机接受Isa-Pd或Pd。"


def found(text):
    paper = paper_of(text)
    told = silences(paper, tabulated(paper).studies)
    for _, _, cells in told:
        assert paper.text[int(cells["char_start"]) : int(cells["char_end"])] in cells["sentence"]
    return [(study.trial_id, endpoint, cells["words"]) for study, endpoint, cells in told]


@pytest.mark.parametrize(
    ("text", "endpoint", "words"),
    [
        (EN + "Overall survival data were immature.", "OS", "not mature"),
        (
            EN + "Median PFS was 11.5 months with Isa-Pd, but overall survival has not yet been reported.",
            "OS",
            "not reported",
        ),
        (EN + "MRD negativity was not reported.", "MRD_NEGATIVITY", "not reported"),
        (ZH + "Isa-Pd组的中位PFS为11.5个月，OS数据尚未成熟。", "OS", "not mature"),
        (ZH + "总生存结果尚未公布。", "OS", "not reported"),
    ],
)
def test_words_of_silence_are_found(text, endpoint, words):
    assert found(text) == [("NCT02990338", endpoint, words)]


@pytest.mark.parametrize(
    "text",
    [
        EN + "Median overall survival was not reached.",
        EN + "Median PFS was 11.5 months, as was reported before.",
        EN + "Adverse events of grade 5 were not reported.",
        ZH + "中位OS未达到。",
    ],
)
def test_other_words_are_not(text):
    assert found(text) == []
