"""Folding: what becomes of characters and line ends, and that every character knows where it came from."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.language.normal import Folded, fold
from isa_extract.records import Span


def lines_of(text: str) -> list[Span]:
    """The lines of a text as spans, without their ends."""
    found, at = [], 0
    for line in text.split("\n"):
        found.append(Span(at, at + len(line)))
        at += len(line) + 1
    return found


def folded(text: str, *raised: str) -> Folded:
    """The text folded, line by line; ``raised`` are parts of it that are set as superscript."""
    spans = [Span(text.index(part), text.index(part) + len(part)) for part in raised]
    return fold(text, lines_of(text), spans)


def cited(f: Folded) -> list[int]:
    return [n for citation in f.citations for n in citation.numbers]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ＯＲＲ为８３．５％，（Ｐ＜０．００１）", "ORR为83.5%,(P<0.001)"),
        ("12.1–NE，4−5，6－7，8—9", "12.1-NE,4-5,6-7,8-9"),
        ("0.44～0.65〜0.7", "0.44~0.65~0.7"),
        ("ﬁnal eﬃcacy of ﬂudarabine", "final efficacy of fludarabine"),
        ("Ⅲ期与Ⅱ期", "III期与II期"),
        ("5 ㎎", "5 mg"),
        ("P<0·0001 and 23•9%", "P<0.0001 and 23.9%"),
        ("Isa·Kd", "Isa·Kd"),
        ("P=0.000 1", "P=0.0001"),
        ("5 183例", "5183例"),
        ("5 183 patients", "5183 patients"),
        ("12 of 41 patients", "12 of 41 patients"),
        ("中位 PFS 为 12.1 个月", "中位PFS为12.1个月"),
        ("a  b\tc\u00a0d", "a b c d"),
        ("a\u200bb\u00adc", "abc"),
        ("⩾3级，≧65岁，≦5%", "≥3级,≥65岁,≤5%"),
        ("10⁻⁵，m²，10⁶", "10^-5,m^2,10^6"),
        ("“双臂”试验", '"双臂"试验'),
        ("【12】例", "例"),
        ("5µg", "5μg"),
    ],
)
def test_characters(raw: str, expected: str) -> None:
    assert folded(raw).text == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("hello\nworld", "hello world"),
        ("hello \n  world", "hello world"),
        ("无进展\n生存期", "无进展生存期"),
        ("中位\nPFS", "中位PFS"),
        ("progres-\nsion", "progression"),
        ("progres\u00ad\nsion", "progression"),
        ("Isa-\nKd组", "Isa-Kd组"),
        ("event-\nfree survival", "event-free survival"),
        ("24-\nmonth", "24-month"),
        ("PD-\nL1", "PD-L1"),
        ("one\n\n\ntwo", "one two"),
        ("the end-", "the end-"),
    ],
)
def test_line_ends(raw: str, expected: str) -> None:
    assert folded(raw).text == expected


@pytest.mark.parametrize(
    ("raw", "text", "numbers"),
    [
        ("疗效[1,2]显著", "疗效显著", [1, 2]),
        ("显著［１，２］。", "显著。", [1, 2]),
        ("ORR [18] [19] was", "ORR was", [18, 19]),
        ("known [3-6].", "known .", [3, 4, 5, 6]),
        ("known [3–5,9].", "known .", [3, 4, 5, 9]),
        ("16.7 months.14 The", "16.7 months. The", [14]),
        ("(p<0.001),16 and", "(p<0.001), and", [16]),
        ("patients14,15 were", "patients were", [14, 15]),
        ("in 5.3%19 of", "in 5.3% of", [19]),
    ],
)
def test_citations_go(raw: str, text: str, numbers: list[int]) -> None:
    f = folded(raw)
    assert f.text == text
    assert cited(f) == numbers
    assert all(0 <= citation.at <= len(f.text) for citation in f.citations)


@pytest.mark.parametrize(
    "raw",
    [
        "DESTINY-Breast03 trial",
        "61[34-79]岁",
        "12[3-24]个月",
        "sensitivity 10-5 or",
        "CD38 was",
        "grade3 or",
        "day21 of",
        "IL6 and",
        "in 0.39 of",
        "[95% CI 2-3]",
        "HR 0.5 [0.3-0.9]",
        "MajesTEC-1 and KRASG12C were",
        "1 284 of",
    ],
)
def test_no_citation(raw: str) -> None:
    f = folded(raw)
    assert f.text == raw
    assert not f.citations


def test_superscripts_are_citations() -> None:
    f = folded("疗效显著12,13。", "12,13")
    assert (f.text, cited(f)) == ("疗效显著。", [12, 13])
    f = folded("for 9.4 months12 in", "12")
    assert (f.text, cited(f)) == ("for 9.4 months in", [12])


def test_powers_are_no_citations() -> None:
    for raw, raised in (("10-5 MRD", "-5"), ("10 mg/m2 of", "2"), ("10 cm2 wide", "2")):
        f = folded(raw, raised)
        assert (f.text, cited(f)) == (raw, [])


# ----------------------------------------------------------------------------------------------- the offset map

PRINTED = st.text(
    st.one_of(
        st.sampled_from("abzAZ019 .,;:()[]-–—%·•～（）［］，。：％０９ﬁⅢ²⁻\u00ad\u200b\t中位生存期\n"),
        st.characters(),
    ),
    max_size=80,
)


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, list[Span], list[Span]]:
    """A text, some of it as lines in reading order, and some of it raised."""
    text = draw(PRINTED)
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    lines = [Span(a, b) for a, b in itertools.pairwise([0, *ends, len(text)]) if draw(st.integers(0, 5))]
    raised = [
        Span(*sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2))))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return text, lines, raised


@given(broken())
def test_every_character_has_its_place(given_: tuple[str, list[Span], list[Span]]) -> None:
    text, lines, raised = given_
    f = fold(text, lines, raised)
    assert len(f.text) == len(f.origin)
    assert list(f.origin) == sorted(f.origin)
    for at in f.origin:
        assert any(line.start <= at < line.end for line in lines)
    assert all(0 <= citation.at <= len(f.text) for citation in f.citations)


@given(broken())
def test_span_covers_the_character(given_: tuple[str, list[Span], list[Span]]) -> None:
    text, lines, raised = given_
    f = fold(text, lines, raised)
    for i, char in enumerate(f.text):
        span = f.span(i, i + 1)
        raw = text[span.start : span.end]
        assert len(raw) == 1
        if raw.isascii() and char != " " and raw != "`":
            assert char == raw
        elif char.isalnum() and raw.isalnum() and raw.isascii() == char.isascii():
            assert char in unicodedata.normalize("NFKC", raw)


@given(broken(), st.data())
def test_span_of_a_stretch(given_: tuple[str, list[Span], list[Span]], data: st.DataObject) -> None:
    f = fold(*given_)
    if f.text:
        i = data.draw(st.integers(0, len(f.text) - 1))
        j = data.draw(st.integers(i + 1, len(f.text)))
        span = f.span(i, j)
        assert all(span.holds(f.span(k, k + 1)) for k in range(i, j))


@given(st.text(st.sampled_from("中位生存期为总缓解率abcXYZ0123456789.%,;()"), max_size=60))
def test_plain_text_stays(text: str) -> None:
    """What holds nothing to fold, no citation and no space comes out as it went in."""
    f = folded(text)
    if not f.citations:
        assert (f.text, f.origin) == (text, tuple(range(len(text))))
