"""The engine: what a sentence's mentions are, and that those of one layer never overlap."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.finding.lexicons import chinese_terms
from isa_extract.finding.match import Mention, find, longest
from isa_extract.language.normal import fold
from isa_extract.language.segment import Sentence, split
from isa_extract.records import Span

MakeSentence = Callable[[str], Sentence]

NUMBERS = {
    "value", "number", "interval", "p", "p-list", "fraction", "events", "registry", "noise", "dose", "threshold",
    "size", "word-count", "range", "difference", "unreached", "zero", "followup", "landmark", "grade", "phase",
}  # fmt: skip
LAYERS = [
    NUMBERS,
    {"endpoint", "event", "statistic"},
    {"drug", "arm-role", "arm-letter", "arm-named"},
    {"subgroup"},
]

FRAGMENTS = st.sampled_from(
    [
        "中位PFS为", "总缓解率", "12.1个月", "83.5%", "(95%CI 9.4~15.0)", "vs", "和", "、", ",", ";", "(", ")", "P<0.001",
        "HR=0.57", "0.44-0.65", "Isa-Kd组", "对照组", "观察组", "A组", "达雷妥尤单抗", "联合", "未达到", "NE", "12/41",
        "167例", "≥3级", "3~4级中性粒细胞减少", "12个月", "随访16.9个月", "10^-5", "NCT02990338", "10 mg/kg", "III期", "高危",
        "年龄≥75岁", "n=31", "2015年1月", "约", "均为", "分别为", " median PFS ", " overall survival ", " was ", " not reached ",
        " of 200 patients ", "95% CI, 0.57 to 0.95", " two of 20 patients ", " grade 3 or worse ", " at 24 months ", " the placebo group ",
        " complete response or better ", "61[34-79]岁", "1,284 ", " 5%-10% ", "血小板减少", "very good partial response",
    ]
)  # fmt: skip


def sentences(text: str) -> list[Sentence]:
    return list(split(fold(text, [Span(0, len(text))]), words=chinese_terms()))


@given(st.lists(FRAGMENTS, min_size=1, max_size=14).map("".join))
def test_no_overlap_within_a_layer(text: str) -> None:
    for s in sentences(text):
        found = find(s)
        assert list(found) == sorted(found, key=lambda m: m.start)
        for m in found:
            assert 0 <= m.start < m.end <= len(s.text)
            assert m.text == s.text[m.start : m.end]
            for start, end, written in m.parts.values():
                assert s.text[start:end] == written
        for kinds in [*LAYERS, *({m.kind} for m in found)]:
            layer = [m for m in found if m.kind in kinds]
            assert all(a.end <= b.start for a, b in pairwise(layer)), (kinds, layer)


@given(
    st.lists(
        st.builds(
            lambda start, length, rank: Mention("value", start, start + length, "x" * length, rank=rank),
            st.integers(0, 40),
            st.integers(1, 12),
            st.integers(-2, 3),
        ),
        max_size=30,
    )
)
def test_the_better_one_stays(mentions: list[Mention]) -> None:
    kept = list(longest(mentions))
    assert all(a.end <= b.start or b.end <= a.start for a in kept for b in kept if a is not b)
    for lost in mentions:
        if lost not in kept:
            rivals = [k for k in kept if k.start < lost.end and lost.start < k.end]
            assert any((k.rank, k.end - k.start) >= (lost.rank, lost.end - lost.start) for k in rivals)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("总缓解率为83%", ["ORR"]),
        ("非常好的部分缓解率为83%", ["VGPR"]),
        ("≥VGPR率为83%", ["VGPR_OR_BETTER"]),
        ("完全缓解率和部分缓解率", ["CR", "PR"]),
        ("中位OS为12个月", ["OS"]),
        ("中位无进展生存期(PFS)为12个月", ["PFS"]),
        ("MRD阴性率", ["MRD_NEGATIVITY"]),
        ("PFS2 was longer", ["PFS2"]),
        ("progression-free survival and overall survival", ["PFS", "OS"]),
        ("risk of progression or death", ["PFS"]),
        ("non-relapse mortality", ["NRM"]),
        ("very good partial response or better", ["VGPR_OR_BETTER"]),
    ],
)
def test_endpoints(sentence: MakeSentence, text: str, codes: list[str]) -> None:
    assert [m.code for m in find(sentence(text)) if m.kind == "endpoint"] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("患者接受达雷妥尤单抗联合硼替佐米", ["daratumumab", "bortezomib"]),
        ("吉西他滨", ["gemcitabine"]),
        ("Isatuximab plus carfilzomib", ["isatuximab", "carfilzomib"]),
        ("T-DXd was better than T-DM1", ["trastuzumab deruxtecan", "trastuzumab emtansine"]),
        ("carfilzomibs", ["carfilzomib"]),
        ("abcarfilzomibx", []),
    ],
)
def test_drugs(sentence: MakeSentence, text: str, codes: list[str]) -> None:
    assert [m.code for m in find(sentence(text)) if m.kind == "drug"] == codes


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("≥3级中性粒细胞减少", ["Neutrophil count decreased"]),
        ("thrombocytopenia and diarrhea", ["Platelet count decreased", "Diarrhea"]),
        ("化疗周期", []),
    ],
)
def test_events(sentence: MakeSentence, text: str, terms: list[str]) -> None:
    assert [m.code for m in find(sentence(text)) if m.kind == "event"] == terms
