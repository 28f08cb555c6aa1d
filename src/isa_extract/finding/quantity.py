"""The central type of finding: one reported number of a sentence, with what belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from isa_extract.finding.match import Mention

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORD_NUMBERS = {w: n for n, w in enumerate(_SMALL)} | {w: 10 * n for n, w in enumerate(_TENS, start=2)}
WORD_NUMBERS |= {
    "none": 0,
    "no": 0,
    "nobody": 0,
    "两": 2,
    **{w: n for n, w in enumerate("零一二三四五六七八九十")},
}
NUMBER_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_SMALL[1:10])})\b)?|{'|'.join(w for w in WORD_NUMBERS if w not in _TENS)})"
"""A pattern for a number in words, 'seven', 'fifty-one', '两': without groups and without a boundary behind it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval as printed: bounds as decimals (``high`` may be NR or NE), level in per cent."""

    low: str
    high: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value of a sentence. All offsets are folded.

    ``start``/``end`` bound the value as written; ``outer_start``/``outer_end`` take in what belongs to
    it. ``statistic`` is set where the wording alone tells (hazard_ratio, risk_reduction, count…).
    """

    start: int
    end: int
    value: str
    unit: str = ""
    qualifier: str = "="
    statistic: str = ""
    interval: Interval | None = None
    n: str = ""
    N: str = ""
    outer_start: int = -1
    outer_end: int = -1
    depth: int = 0
    label_start: int = -1
    p: str = ""
    difference: bool = False

    @property
    def is_effect(self) -> bool:
        """Whether it compares two arms in one number."""
        return self.statistic in (
            "hazard_ratio",
            "odds_ratio",
            "risk_ratio",
            "risk_reduction",
            "risk_difference",
        )

    @property
    def family(self) -> str:
        """What it can be a value of: percent, time, ratio, count, unreached."""
        if self.statistic in ("hazard_ratio", "odds_ratio", "risk_ratio"):
            return "ratio"
        if self.qualifier in ("NR", "NE"):
            return "unreached"
        if self.unit == "%":
            return "percent"
        return "time" if self.unit else "count"

    def shifted(self, by: int, low: int, high: int) -> Quantity:
        """The same value where ``by`` is added to its offsets and nothing of it lies outside [low, high)."""
        return replace(
            self,
            start=self.start + by,
            end=self.end + by,
            outer_start=max(low, self.outer_start + by),
            outer_end=min(high, self.outer_end + by),
            label_start=max(low, self.label_start + by) if self.label_start >= 0 else -1,
        )


_BRACKET = re.compile(r"[()\[\]]")


def bracket_depths(text: str) -> list[int]:
    """How many brackets are open at each character; a bracket closed twice counts once."""
    depths: list[int] = []
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depths += [depth] * (bracket.start() - len(depths))
        if bracket[0] in ")]":
            depth = max(0, depth - 1)
        depths.append(depth)
        if bracket[0] in "([":
            depth += 1
    return depths + [depth] * (len(text) - len(depths))


def decimal(written: str) -> str:
    """A number as a plain decimal: no thousands separators, a leading zero, word numbers as digits."""
    written = written.strip().lower()
    words = re.split(r"[- ]", written)
    if all(w in WORD_NUMBERS for w in words):
        return str(sum(WORD_NUMBERS[w] for w in words))
    plain = written.replace(",", "").replace(" ", "")
    return "0" + plain if plain.startswith(".") else plain


def p_text(mention: Mention) -> str:
    """A p value as the contract writes it: ``0.0007``, ``<0.0001``."""
    sign = {"=": "", "≤": "<=", "≥": ">="}.get(mention.part("op"), mention.part("op"))
    return sign + decimal(mention.part("p"))


def made(m: Mention, unit: str, **more: Any) -> Quantity:
    start, end, written = m.parts["value"]
    return Quantity(
        start, end, decimal(written), unit, outer_start=min(m.start, start), outer_end=max(m.end, end), **more
    )


CONNECTOR = re.compile(
    r"\s*(?:vs\.?|v\.?|versus|和|与|及|、|,|and|, and|or|to|至|到|比|对|/|-|~|;|compared (?:with|to)|(?:as )?(?:against|opposed to)|and then to|以及)\s*",
    re.IGNORECASE,
)


def without_brackets(gap: str) -> str:
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*", " ", gap)
