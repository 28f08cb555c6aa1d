"""One row's figures against each other: percentage and counts, estimate and interval, interval and p.

Printed digits are decimals and stay exact; nothing here is a float. A number that cannot be read (``NR``,
an empty cell) decides nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

from isa_extract.records import Finding

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
_COUNT: Final = re.compile(r"[0-9]{1,20}")
_P: Final = re.compile(r"(<=|>=|[<>=~≤≥])?\s*((?:[0-9]{0,20}\.)?[0-9]{1,20}(?:[eE][+-]?[0-9]{1,3})?)")

TIME_TO_EVENT: Final = frozenset(
    ("PFS", "PFS2", "OS", "EFS", "DFS", "RFS", "LFS", "TTP", "DOR", "TTR", "TTNT")
)
"""Endpoints whose rates are read off a survival curve."""
_COMPETING: Final = frozenset(("NRM", "TRM", "RELAPSE", "DEATH"))
_POOLED: Final = re.compile(r"\bpooled\b|合并(?:发生)?率|合并估计|汇总(?:发生)?率", re.IGNORECASE)

NULL_VALUES: Final = {"hazard_ratio": 1, "odds_ratio": 1, "risk_ratio": 1, "risk_difference": 0}
"""The value of no effect, where the statistic alone tells its scale (a risk reduction's does not)."""

_OTHER_TEST: Final = re.compile(
    r"单\s*[侧尾边]|(?:one|1|single)[\s-]*(?:sided|tailed)|非劣|non-?\s?inferior|交互|interaction|异质|heterogen|趋势|\btrend",
    re.IGNORECASE,
)
_NEAR: Final = 40
"""How many characters before and after a p may tell what it tests."""


# ------------------------------------------------------------------------------------- printed numbers


def printed_number(text: str) -> Decimal | None:
    """A number with the digits it is printed with; None for what is not a plain decimal number."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def decimals(number: Decimal) -> int:
    """How many digits stand after the point."""
    return max(0, -int(number.as_tuple().exponent))


def printed_count(text: str) -> int | None:
    """A number of patients; None for what is not a whole number."""
    return int(text) if _COUNT.fullmatch(text) else None


def possible_roundings(exact: Fraction, places: int) -> frozenset[int]:
    """What ``exact`` may be printed as, in units of the last place: half up, half to even, cut off."""
    scaled = abs(exact) * 10**places
    sign = -1 if exact < 0 else 1
    return frozenset(sign * unit for unit in (floor(scaled + Fraction(1, 2)), round(scaled), floor(scaled)))


def clearly_above(one: Decimal, other: Decimal) -> bool:
    """Whether the first exceeds the second however they were rounded (compared at the coarser precision)."""
    places = min(decimals(one), decimals(other))
    return min(possible_roundings(Fraction(one), places)) > max(possible_roundings(Fraction(other), places))


# --------------------------------------------------------------------------------- percentages and counts


def is_reachable(percentage: Decimal, denominator: int, count: int | None = None) -> bool:
    """Whether ``count`` of ``denominator``, or any whole count of it, is printed as ``percentage``.

    The idea is GRIM's (Brown & Heathers 2017, Social Psychological and Personality Science 8:363): a
    figure made from whole numbers has gaps that its printed digits must not fall into. Here it is the
    proportion of a count, which CONSORT 2010 (item 16, numbers analysed) asks to be given with its
    denominator. The denominator must be positive.
    """
    places = decimals(percentage)
    wanted = int(Fraction(percentage) * 10**places)
    if count is not None:
        return wanted in possible_roundings(Fraction(100 * count, denominator), places)
    nearest = Fraction(percentage) * denominator / 100
    counts = {min(max(c, 0), denominator) for c in (floor(nearest), ceil(nearest))}
    return any(wanted in possible_roundings(Fraction(100 * c, denominator), places) for c in counts)


def is_proportion(finding: Finding) -> bool:
    """Whether the percentage is a share of counted patients.

    Not read off a survival curve or a cumulative incidence (censoring takes patients out of the
    denominator), not pooled over trials.
    """
    if finding.statistic != "rate" or finding.unit != "%":
        return False
    if finding.timepoint and finding.endpoint in TIME_TO_EVENT | _COMPETING:
        return False
    if finding.endpoint in TIME_TO_EVENT and not finding.n:
        return False
    return "meta-analysis" not in finding.study.design and not _POOLED.search(finding.sentence)


def percentage_unreachable(finding: Finding) -> bool:
    """``percent-unreachable``: no count out of the row's own N is printed as this, or its n is not."""
    value, denominator = printed_number(finding.value), printed_count(finding.N)
    if value is None or not denominator or finding.qualifier != "=" or not is_proportion(finding):
        return False
    return not is_reachable(value, denominator, printed_count(finding.n))


def count_exceeds_denominator(finding: Finding) -> bool:
    """``n-over-N``: more patients with the event than patients."""
    count, denominator = printed_count(finding.n), printed_count(finding.N)
    return count is not None and denominator is not None and count > denominator


# ------------------------------------------------------------------------------------- intervals and p


def interval(finding: Finding) -> tuple[Decimal | None, Decimal | None]:
    """The bounds, lower first; None for one that is not told or was not reached."""
    low, high = printed_number(finding.ci_low), printed_number(finding.ci_high)
    return (high, low) if low is not None and high is not None and high < low else (low, high)


def interval_excludes_estimate(finding: Finding) -> bool:
    """``ci-excludes-value``: the estimate lies outside its own interval, whatever the rounding.

    A bound that was not reached is open. A risk reduction in per cent may stand with the interval of
    its ratio, so it is also held against that.
    """
    value = printed_number(finding.value)
    if value is None or finding.qualifier != "=":
        return False
    low, high = interval(finding)
    readings = [value]
    if finding.statistic == "risk_reduction" and finding.unit == "%":
        readings.append((100 - value).scaleb(-2))
    return all(
        (low is not None and clearly_above(low, v)) or (high is not None and clearly_above(v, high))
        for v in readings
    )


def interval_holds_null(finding: Finding) -> bool | None:
    """Whether the interval holds the value of no effect; None where the print does not tell.

    The null is a round number, so rounding takes a bound up to it and never past it: only a bound
    printed as the null itself (1.00) is in doubt.
    """
    null = NULL_VALUES.get(finding.statistic)
    low, high = interval(finding)
    if null is None or low is None or high is None or null in (low, high):
        return None
    return low < null < high


def is_significant(p_value: str, alpha: Fraction) -> bool | None:
    """Whether p < alpha; None where the printed p leaves it open (``0.05`` at 5 %, ``<0.1``, ``NS``)."""
    match = _P.fullmatch(p_value)
    if match is None:
        return None
    sign, number = match[1] or "=", Decimal(match[2])
    p, unit = Fraction(number), Fraction(1, 10 ** decimals(number))
    if sign == "~" or p > 1:
        return None
    if sign in ("<", "<=", "≤"):
        return True if p < alpha or (sign == "<" and p == alpha) else None
    if sign in (">", ">=", "≥"):
        return False if p >= alpha else None
    if p + unit <= alpha:
        return True
    return False if p - unit / 2 >= alpha else None


def alpha_of(ci_level: str) -> Fraction | None:
    """The two-sided error that an interval of this level goes with; 95 where none is told."""
    level = printed_number(ci_level) if ci_level else Decimal(95)
    return 1 - Fraction(level) / 100 if level is not None and 50 < level < 100 else None


def tests_something_else(finding: Finding) -> bool:
    """Whether words near the p say that it is one-sided, or of non-inferiority, interaction, trend."""
    digits = finding.p_value.lstrip("<>=~≤≥ ")
    written = re.finditer(rf"(?<![0-9.]){re.escape(digits)}(?![0-9])", finding.sentence)
    near = [finding.sentence[max(0, m.start() - _NEAR) : m.end() + _NEAR] for m in written]
    return any(_OTHER_TEST.search(words) for words in near or [finding.sentence])


def interval_contradicts_p(finding: Finding) -> bool:
    """``ci-p-disagree``: the interval holds no effect and p is significant, or the other way round.

    A two-sided p lies below 1 - level exactly when the interval of that level excludes the null
    (Altman & Bland 2011, BMJ 343:d2090 and d2304); an interval of another level goes with its own
    alpha. Only the effect's own p counts, and only if it is two-sided.
    """
    alpha, holds = alpha_of(finding.ci_level), interval_holds_null(finding)
    if alpha is None or holds is None or not finding.p_value:
        return False
    return is_significant(finding.p_value, alpha) is holds and not tests_something_else(finding)
