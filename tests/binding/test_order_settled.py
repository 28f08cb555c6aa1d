"""An order that was only carried, and what settles it. All sentences are our own."""

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.explain.account import paper_of

TWO = "In this phase 3 trial patients were randomised to carfilzomib or pomalidomide. "


def whose(text: str) -> dict[str, tuple[str, str]]:
    return {f.value: (f.arm.label if f.arm else "", f.binding) for f in extract(paper_of(text)).findings}


STORIES = {
    "the hazard ratio beside a pair": (
        TWO + "The 1-year PFS rate rose from 27.8% with pomalidomide to 48.3% with carfilzomib. "
        "Median OS was 16.7 and 23.5 months (HR 0.61, 95% CI 0.39 to 0.96).",
        {"16.7": "pomalidomide", "23.5": "carfilzomib"},
    ),
    "one value set against the one before": (
        TWO + "Of those on carfilzomib 51% (61 of 119) responded, against 14% (8 of 56).",
        {"51": "carfilzomib", "14": "pomalidomide"},
    ),
    "to … from …": (
        TWO + "Grade 3 anaemia fell to 6.3% from 14.7%.",
        {"6.3": "carfilzomib", "14.7": "pomalidomide"},
    ),
    "an event's name is no direction": (
        "A组接受卡非佐米，B组接受泊马度胺。A组和B组的ORR分别为60%和40%。中性粒细胞减少(58% vs 45%)。A组OS 20个月，B组OS 15个月。",
        {"58": "A组", "45": "B组"},
    ),
    "zh from one named arm to the other": (
        "A组接受卡非佐米，B组接受泊马度胺。ORR由B组的60.0%提高到90.0%。A组OS 20个月，B组OS 15个月。A组PFS 9个月。",
        {"60.0": "B组", "90.0": "A组"},
    ),
    "the arm that the paragraph speaks of": (
        "A组接受卡非佐米，B组接受泊马度胺。A组ORR为70.9%，CR率为20%。缓解者12个月持续缓解率80.9%，中位DOR为29.4个月。B组ORR为48.1%。",
        {"29.4": "A组", "48.1": "B组"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), STORIES.values(), ids=STORIES)
def test_whose(text, expected):
    found = whose(text)
    assert {value: found[value][0] for value in expected} == expected
