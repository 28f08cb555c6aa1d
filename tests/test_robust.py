"""No text makes extraction raise, hang, or take longer per character because there is more of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isa_extract.binding.assemble import extract
from isa_extract.errors import PaperError
from isa_extract.finding.lexicons import chinese_terms
from isa_extract.language.normal import fold
from isa_extract.language.segment import split
from isa_extract.reading.plain import read_text
from isa_extract.records import Paper, Span
from isa_extract.vocabulary import BINDINGS, ENDPOINTS, QUALIFIERS, STATISTICS, UNITS

MakePaper = Callable[[str], Paper]

ENGLISH = (
    "In the IKEMA trial (NCT03275285), patients were randomised to Isa-Kd or Kd. Median PFS was 35.7 months with Isa-Kd "
    "and 19.2 months with Kd (HR 0.58; 95% CI 0.42-0.79; P<0.001). Grade 3 or worse neutropenia occurred in 19.2% vs 7.4% "
    "of patients.\n"
)
CHINESE = (
    "IKEMA研究比较Isa-Kd与Kd。Isa-Kd组和Kd组的ORR分别为86.6%和82.9%，中位PFS分别为35.7个月和19.2个月(HR=0.58，95%CI 0.42~0.79)。"
    "≥3级中性粒细胞减少发生率为19.2%和7.4%。\n"
)
HOSTILE = {
    "open brackets": "(",
    "square brackets": "[",
    "pairs of brackets": "()",
    "closing brackets": ")",
    "digits": "7",
    "thousands": "12,",
    "numbers": "1 ",
    "Han": "的",
    "endpoints": "总缓解率",
    "combining marks": "a\u0301",
    "letters": "a",
    "one vs two": "1 vs 2 ",
    "percentages": "5% ",
    "regimens": "Isa-Kd ",
    "full stops": " .",
    "hyphens": "A-",
}


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> MakePaper:
    """A paper read from a text file."""
    path: Path = tmp_path_factory.mktemp("robust") / "paper.txt"

    def made(text: str) -> Paper:
        path.write_bytes(text.encode("utf-8"))
        return read_text(path, "paper")

    return made


def sound(paper: Paper) -> None:
    """What is found is of the vocabulary and stands where it is said to stand."""
    for f in extract(paper).findings:
        assert 0 <= f.span.start < f.span.end <= len(paper.text)
        assert f.endpoint in ENDPOINTS and f.statistic in STATISTICS and f.qualifier in QUALIFIERS
        assert f.unit in ("", *UNITS) and f.binding in ("", *BINDINGS)
        assert bool(f.value) != (f.qualifier in ("NR", "NE"))


# ------------------------------------------------------------------------------------------------- never raises

WORDS = st.sampled_from(
    re.split(
        " ",
        "中位PFS为 12.1个月 83.5% 和 与 vs 、 , ; 。 ( ) [ ] 分别为 均为 两组 前者 后者 从 提高到 高于 Isa-Kd组 Kd组 对照组 A组 B组 未达到 "
        "NE NR HR=0.57 95%CI 0.44~0.65 P<0.001 12/41 3例 ≥3级 腹泻 12个月 高危患者 IKEMA研究 NCT03275285 10^-5 -1 ± 0 多因素分析 The "
        "median OS was months with placebo plus respectively both groups from to than former latter 1/0 0/0 (0%) n=0 1.2.3 ,,, 95% 100% 999999 "
        "none no grade at 24 and 99%CI Ⅲ期 ５％ · × 10⁶ [1,2]",
    )
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(WORDS, max_size=25), st.sampled_from(["", " "]))
def test_words_in_any_order(paper: MakePaper, words: list[str], between: str) -> None:
    sound(paper("x " + between.join(words)))


@settings(max_examples=30)
@given(st.text(max_size=120))
def test_any_text(paper: MakePaper, text: str) -> None:
    try:
        made = paper(text)
    except PaperError:  # blank, or with a NUL: refused with a reason
        return
    sound(made)


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_hostile_strings(paper: MakePaper, unit: str) -> None:
    sound(paper("x" + unit * (300 // len(unit))))
    sound(paper(CHINESE.strip() + unit * (200 // len(unit)) + ENGLISH))


@pytest.mark.parametrize(
    "text",
    ["x", "\ufeff中", "(\n)\n[", "\u0301", "1", "%", "中位PFS为", "vs", "ORR为(", "HR=", "P<", "x\f\f\fy", "\U0001f600 5%", "ORR: 0/0 (NaN%)"],
)  # fmt: skip
def test_scraps(paper: MakePaper, text: str) -> None:
    sound(paper(text))


# ------------------------------------------------------------------------------------------------------ growth

FLAT = 2.0
"""A text four times as long may take twice as long per character; what is quadratic takes four times."""
STEEP_SENTENCES = {
    "open brackets": "spaCy's tokenizer peels one bracket after the other (find_suffix)",
    "square brackets": "spaCy's tokenizer peels one bracket after the other (find_suffix)",
    "full stops": "spaCy's tokenizer peels one full stop after the other",
    "hyphens": "spaCy's tokenizer, or segment.mark_sentence_ends",
}
STEEP_PAPER = {
    "percentages": "groups.groups and quantities.quantities look at all pairs",
}


def growth(work: Callable[[int], Callable[[], object]], small: int) -> float:
    """How much more a character costs in a text four times as long."""
    short, long = work(small), work(4 * small)
    base = min(seconds(short) for _ in range(3))
    grown = seconds(long)
    if grown < 0.5:  # spaCy remembers words it has seen: the first run is not like the second
        grown = min(grown, seconds(long), seconds(long))
    return grown / 4 / base


def seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def cases(names: Iterable[str], steep: dict[str, str]) -> list[object]:
    return [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=steep[name]) if name in steep else ())
        for name in names
    ]


@pytest.fixture(scope="module")
def extracting(paper: MakePaper) -> Callable[[str], Callable[[int], Callable[[], object]]]:
    """The work of extracting from a text repeated to a length; everything slow to load is loaded."""
    extract(paper(ENGLISH + CHINESE))

    def of(unit: str) -> Callable[[int], Callable[[], object]]:
        def work(size: int) -> Callable[[], object]:
            made = paper("x" + (unit * size)[:size])
            return lambda: extract(made)

        return work

    return of


@pytest.mark.growth
@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_prose_stays_flat(
    extracting: Callable[[str], Callable[[int], Callable[[], object]]], text: str
) -> None:
    assert growth(extracting(text), 1000) < FLAT


@pytest.mark.growth
@pytest.mark.parametrize(
    "name", cases([n for n in HOSTILE if "bracket" not in n and n not in STEEP_SENTENCES], STEEP_PAPER)
)
def test_paper_stays_flat(
    extracting: Callable[[str], Callable[[int], Callable[[], object]]], name: str
) -> None:
    assert growth(extracting(HOSTILE[name]), 800 if name in STEEP_PAPER else 400) < FLAT


@pytest.mark.growth
@pytest.mark.parametrize(
    "name", cases([*STEEP_SENTENCES, "letters", "digits", "combining marks"], STEEP_SENTENCES)
)
def test_sentences_stay_flat(name: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = "x" + (HOSTILE[name] * size)[:size]
        folded = fold(text, [Span(0, len(text))])
        return lambda: list(split(folded, words=chinese_terms()))

    work(10)()
    assert growth(work, 700) < FLAT
