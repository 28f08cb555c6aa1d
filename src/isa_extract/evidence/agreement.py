"""When two printed figures say the same: roundings, units of time, bounds, data cuts.

Figures agree if one may be the other's rounding: 11.5 and 11.53 do, 11.5 and 11.6 do not. Nothing else is
forgiven; a tolerance in per cent would hide what a reviewer is looking for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from isa_extract.checking.arithmetic import decimals, printed_number

Row = Mapping[str, str]
"""A row of the evidence table."""

NOT_A_NUMBER: Final = ("NR", "NE")

UNIT_FAMILIES: Final[dict[str, tuple[str, Fraction]]] = {
    "month": ("month", Fraction(1)),
    "year": ("month", Fraction(12)),
    "day": ("day", Fraction(1)),
    "week": ("day", Fraction(7)),
}
"""Units that turn into each other exactly. Days and months do not: a month has no fixed length."""

_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)[ -]?(month|year|week|day)s?")
_DAYS_IN_A_MONTH: Final = Fraction(1461, 48)  # 365.25 / 12; only to put data cuts in order


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed figure: its number in the family's first unit, and half of its last printed place.

    ``number`` is None for a value that was not reached or not evaluable; ``sign`` is the qualifier.
    """

    number: Fraction | None
    half: Fraction
    sign: str


def amount(value: str, unit: str = "", sign: str = "=") -> Amount:
    """The figure as it is compared; one that is no number is its own words (``NR``)."""
    number = printed_number(value)
    if sign in NOT_A_NUMBER or number is None:
        return Amount(None, Fraction(0), sign if sign in NOT_A_NUMBER else value or sign)
    factor = UNIT_FAMILIES.get(unit, ("", Fraction(1)))[1]
    half = Fraction(1, 2 * 10 ** decimals(number))
    return Amount(Fraction(number) * factor, half * factor, sign)


def figures_agree(one: Amount, other: Amount) -> bool:
    """Whether the two can be one figure.

    With the same precision they must be equal; with different precision they may lie half a unit of the
    coarser apart. ``<5`` agrees with whatever lies below 5, also with ``<3``. ``NR`` and ``NE`` agree with each
    other, for both say that there is no figure yet, and with no number.
    """
    if one.number is None or other.number is None:
        unreached = one.sign in NOT_A_NUMBER and other.sign in NOT_A_NUMBER
        return one.number is other.number and (unreached or one.sign == other.sign)
    bounds = [a for a in (one, other) if a.sign[:1] in "<>" and a.sign]
    if bounds:
        return _bounds_meet(one, other)
    apart = abs(one.number - other.number)
    if one.half == other.half:
        return apart == 0
    return apart <= max(one.half, other.half)


def _bounds_meet(one: Amount, other: Amount) -> bool:
    """Whether some number is in both ranges; each end with whether it is left out of its range."""
    lows: list[tuple[Fraction, bool]] = []
    highs: list[tuple[Fraction, bool]] = []
    for a in (one, other):
        assert a.number is not None
        if not a.sign.startswith("<"):
            lows.append((a.number, a.sign == ">"))
        if not a.sign.startswith(">"):
            highs.append((a.number, a.sign == "<"))
    if not lows or not highs:
        return True
    low, high = max(lows), min(highs, key=lambda end: (end[0], not end[1]))
    return low[0] < high[0] or (low[0] == high[0] and not low[1] and not high[1])


def rows_agree(one: Row, other: Row) -> bool:
    """Whether two rows of one fact can both be right: value and, where both tell it, interval."""
    return values_agree(one, other) and intervals_agree(one, other)


def values_agree(one: Row, other: Row) -> bool:
    """Whether the values can be one value."""
    return figures_agree(_value(one), _value(other))


def intervals_agree(one: Row, other: Row) -> bool:
    """Whether the intervals can be one; True where one of the rows has none, or another level."""
    if (one["ci_level"] or "95") != (other["ci_level"] or "95"):
        return True
    for bound in ("ci_low", "ci_high"):
        a, b = one[bound], other[bound]
        if a and b and not figures_agree(_bound(a, one["unit"]), _bound(b, other["unit"])):
            return False
    return True


def fineness(row: Row) -> tuple[bool, Fraction]:
    """Sorts rows so that the one with the most exact value comes first; values that are numbers first."""
    told = _value(row)
    return told.number is None, told.half


def duration(text: str) -> Amount | None:
    """A length of time in months; None for what is not ``11.6 month``, ``2 year``, ``90 day``…"""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    told = amount(match[1], match[2])
    if UNIT_FAMILIES[match[2]][0] == "month":
        return told
    assert told.number is not None
    return Amount(told.number / _DAYS_IN_A_MONTH, told.half / _DAYS_IN_A_MONTH, "=")


def _value(row: Row) -> Amount:
    sign = row["qualifier"]
    return amount(row["value"], row["unit"], "=" if sign in ("", "~") else sign)


def _bound(cell: str, unit: str) -> Amount:
    return amount("", unit, cell) if cell in NOT_A_NUMBER else amount(cell, unit)
