"""Folds the lines of a block into one line of plain characters, keeping where each came from.

Rules see folded text: full-width forms, dashes, ligatures and middle dots in one spelling, broken
lines joined, citations taken out. ``Folded.origin`` leads every folded character back to ``Paper.text``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from isa_extract.records import Span

_SINGLE = {
    **dict.fromkeys("‐‑‒–—―−－﹣", "-"),
    **dict.fromkeys("～〜∼˜", "~"),
    **dict.fromkeys("·•∙⋅・", "·"),
    **dict.fromkeys("“”„«»〝〞", '"'),
    **dict.fromkeys("‘’′ʼ`", "'"),
    **dict.fromkeys("【〔［", "["),
    **dict.fromkeys("】〕］", "]"),
    **dict.fromkeys("⩾≧≽⪰", "≥"),
    **dict.fromkeys("⩽≦≼⪯", "≤"),
    "，": ",",
    "﹐": ",",
    "：": ":",
    "；": ";",
    "（": "(",
    "）": ")",
    "％": "%",
    "﹪": "%",
    "＋": "+",
    "＝": "=",
    "＜": "<",
    "＞": ">",
    "×": "×",
    "✕": "×",
    "。": "。",
    "．": ".",
    "！": "!",
    "？": "?",
    "µ": "μ",
}
_SUPERSCRIPTS = {**{c: str(i) for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "⁻": "-", "⁺": "+"}
_DROPPED = {"\u00ad", "\ufffe", "\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\u200e", "\u200f"}

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WIDE = re.compile(f"[{HAN}、。《》「」，：；（）％]")

# a bracket of whole numbers is a citation, unless it is a range that a unit follows: 61[34-79]岁
_BRACKET_CITATION = re.compile(
    r"\[\s*(\d{1,3}(?:\s*[,、;，-]\s*\d{1,3})*)\s*\](?!\s*(?:岁|个?月|年|天|d\b|years|months|weeks))"
)
# superscripts that lost their height: 'months.14', '(p<0.001),16', 'patients14,15', '5.3%19 of'
_FUSED_CITATION = re.compile(
    r"(?=\d)(?:(?<=[a-z)\]%'\"][.,;])|(?<=\d%)|(?<=[a-z]{4})|(?<=\d\)))"
    r"(\d{1,3}(?:[,-]\d{1,3})*)(?=\s(?![\u4e00-\u9fff≥≤<>%~-]|(?:mg|μg|g|kg|mL|IU|Gy|mm|cm|patients|cases|months?|weeks?|days?|years?|cycles)(?![A-Za-z]))|$|[,.;:)](?:\s|$))"
)
_AFTER_HYPHEN_KEPT = re.compile(
    r"(?:free|based|year|month|week|line|risk|term|treated|related|naive|negative|positive|label|refractory"
    r"|emergent|blind(?:ed)?|controlled|reported|adjusted|specific|exposed|resistant|threatening)\b"
)


# spaces that say nothing: beside Han, doubled, and those that group digits ('0.000 1', '5 183 patients')
_IDLE_SPACE = re.compile(
    rf" (?:(?<=[{HAN}、。,;:)] )(?=[{HAN}])|(?<=[{HAN}] )(?=[、。,;:)(])|(?<=  )"
    rf"|(?<=[A-Za-z0-9%.+)-] )(?=[{HAN}])|(?<=[{HAN}] )(?=[A-Za-z0-9≥≤<>=+-])"
    r"|(?<=\d\.\d{3} )(?=\d{1,3}(?!\d))|(?<=\d )(?=\d{3}\s?(?:例|名|位|人|项|篇|patients|participants)))"
)
_MIDDLE_DOT = re.compile(r"(?<=\d)·(?=\d)")


@dataclass(frozen=True, slots=True)
class Citation:
    """Reference numbers taken out of the folded text; ``at`` is the folded offset where they stood."""

    at: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``origin[i]`` is the offset in ``Paper.text`` of the character behind ``text[i]``."""

    text: str
    origin: tuple[int, ...]
    citations: tuple[Citation, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The stretch of ``Paper.text`` behind the folded range ``[start, end)``, which is not empty."""
        return Span(self.origin[start], self.origin[end - 1] + 1)


def fold(text: str, lines: Sequence[Span], superscripts: Sequence[Span] = ()) -> Folded:
    """Join ``lines`` of ``text`` and fold their characters.

    Args:
        text: the paper's text.
        lines: the block's lines, in reading order.
        superscripts: stretches of ``text`` set as superscript; those that are numbers and do not
            raise a power are taken out as citations.
    """
    raised = {i for s in superscripts for i in range(s.start, s.end)}
    folded: list[str] = []
    origin: list[int] = []
    for offset, stretch in _joined(text, lines):
        for part in _PARTS.finditer(stretch):
            at = offset + part.start()
            if part.lastgroup:
                folded.append(part[0])
                origin += range(at, offset + part.end())
                continue
            pieces = _by_itself(part[0])
            for piece in _fold_character(part[0], folded) if pieces is None else pieces:
                folded.append(piece)
                origin.append(at)
    return _without_citations("".join(folded), origin, raised)


# what stays as it is, whole; all else character for character
_PARTS = re.compile(r"(?P<plain>[!-_a-~\u4e00-\u9fff]+(?: [!-_a-~\u4e00-\u9fff]+)*)|.", re.DOTALL)


def _joined(text: str, lines: Iterable[Span]) -> Iterator[tuple[int, str]]:
    """The stretches of the lines with their offsets; line ends become a space, or nothing."""
    last = ""
    held: tuple[int, str] | None = None  # a hyphen at a line's end, until the next line tells
    for line in lines:
        stripped = text[line.start : line.end]
        start = line.start + len(stripped) - len(stripped.lstrip())
        stripped = stripped.strip()
        if not stripped:
            continue
        if held is not None:
            if _keeps_hyphen(text, held[0], stripped):
                yield held
            held = None
        elif last and not (_WIDE.match(last) or _WIDE.match(stripped[0])):
            yield start, " "
        last = stripped[-1]
        if last in "-‐\u00ad\ufffe" and len(stripped) > 1:
            held = (start + len(stripped) - 1, "-")
            stripped = stripped[:-1]
        yield start, stripped
    if held is not None:
        yield held


def _keeps_hyphen(text: str, hyphen: int, following: str) -> bool:
    """Whether the hyphen at a line's end is the word's own ('open-' / 'label', 'Isa-' / 'Kd').

    The paper itself tells where it has the word whole somewhere else; failing that, only small letters
    on both sides are halves of one word, and some second halves stand behind a hyphen more often.
    """
    head = re.search(r"[A-Za-z]+$", text[max(0, hyphen - 40) : hyphen])
    tail = re.match(r"[A-Za-z]+", following)
    if not head or not tail:
        return True
    if f"{head[0]}-{tail[0]}" in text:
        return True
    if f"{head[0]}{tail[0]}" in text:
        return False
    return not (head[0][-1].islower() and tail[0][0].islower()) or bool(_AFTER_HYPHEN_KEPT.match(following))


@lru_cache(maxsize=65_536)
def _by_itself(char: str) -> str | None:
    """What a character becomes wherever it stands; None where that depends on what is before it."""
    return None if char.isspace() or char in _SUPERSCRIPTS else _fold_character(char, [])


def _fold_character(char: str, before: list[str]) -> str:
    if char in _DROPPED:
        return ""
    if char.isspace():
        return "" if before and before[-1].endswith(" ") else " "
    single = _SINGLE.get(char)
    if single is not None:
        return single
    if char in _SUPERSCRIPTS:
        mark = "" if before and (before[-1].endswith("^") or _in_power(before)) else "^"
        return mark + _SUPERSCRIPTS[char]
    if char.isascii() or "\u4e00" <= char <= "\u9fff":
        return char
    # NFKC may give several characters (ﬁ, Ⅲ, ㎎), all from this one place
    return unicodedata.normalize("NFKC", char)


def _in_power(before: list[str]) -> bool:
    tail = "".join(before[-4:])
    return re.search(r"\^[-+]?\d{0,2}$", tail) is not None


def _without_citations(text: str, origin: list[int], raised: set[int]) -> Folded:
    cut: list[tuple[int, int, str]] = [(m.start(), m.end(), m[1]) for m in _BRACKET_CITATION.finditer(text)]
    if raised:
        for m in re.finditer(r"\[?\d[\d,\s-]*\]?", text):
            inside = [i for i in range(m.start(), m.end()) if origin[i] in raised and text[i] != " "]
            if inside and not re.search(r"(?:(?<![\d.])10|\bm|cm|L|\^-?)$", text[: inside[0]]):
                cut.append((inside[0], inside[-1] + 1, text[inside[0] : inside[-1] + 1].strip("[]")))
    cut += [(m.start(1), m.end(1), m[1]) for m in _FUSED_CITATION.finditer(text) if _is_fused(text, m)]
    kept: list[str] = []
    kept_origin: list[int] = []
    citations: list[Citation] = []
    at = 0
    for start, end, numbers in sorted(cut):
        if start < at:
            continue
        kept.append(text[at:start])
        kept_origin += origin[at:start]
        at = end
        citations.append(Citation(len(kept_origin), _numbers(numbers)))
    kept.append(text[at:])
    kept_origin += origin[at:]
    return _tidied("".join(kept), kept_origin, citations)


def _is_fused(text: str, match: re.Match[str]) -> bool:
    """Digits on a word or full stop are a citation unless they name something (grade3, 10-5, day21)."""
    before = text[max(0, match.start() - 24) : match.start()]
    if re.search(
        r"(?:grade|phase|stage|part|cohort|arm|group|cycle|day|week|month|year|type|level)s?$", before
    ):
        return False
    if before[-1:].isalpha() and not re.search(r"(?:^|[\s(])[a-z]+$", before):
        return False  # the digits belong to a name: DESTINY-Breast03
    return not re.search(r"\d[.,]$", before)


def _numbers(written: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in re.split(r"[,、;\s]+", written.strip()):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] < ends[1] <= ends[0] + 30:
            numbers += range(ends[0], ends[1] + 1)
        else:
            numbers += ends
    return tuple(numbers)


def _tidied(text: str, origin: list[int], citations: list[Citation]) -> Folded:
    """Middle dots between digits become points; spaces beside Han characters go."""
    drop = [m.start() for m in _IDLE_SPACE.finditer(text)]
    text = _MIDDLE_DOT.sub(".", text)
    kept: list[str] = []
    kept_origin: list[int] = []
    at = 0
    for end in (*drop, len(text)):
        kept.append(text[at:end])
        kept_origin += origin[at:end]
        at = end + 1
    citations = [Citation(c.at - bisect_left(drop, c.at), c.numbers) for c in citations]
    return Folded("".join(kept), tuple(kept_origin), tuple(citations))
