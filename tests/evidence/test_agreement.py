"""When two printed figures can be one."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.evidence.agreement import amount, duration, figures_agree

printed = st.decimals(0, 1000, places=3).map(str)


@given(printed, st.integers(0, 3), st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_a_figure_agrees_with_its_roundings(value, places, how):
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), how)
    assert figures_agree(amount(value), amount(str(rounded)))


@given(printed, printed)
def test_agreeing_is_mutual_and_figures_of_one_precision_must_be_equal(one, other):
    a, b = amount(one), amount(other)
    assert figures_agree(a, b) == figures_agree(b, a)
    assert figures_agree(a, b) == (Decimal(one) == Decimal(other))


@given(printed, st.integers(0, 2))
def test_a_whole_unit_apart_is_never_a_rounding(value, places):
    unit = Decimal(1).scaleb(-places)
    coarse = Decimal(value).quantize(unit, ROUND_HALF_UP) + unit
    assert not figures_agree(amount(value), amount(str(coarse)))


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (("5", "", "<"), ("3", "", "="), True),
        (("5", "", "<"), ("5", "", "="), False),
        (("5", "", "<="), ("5", "", "="), True),
        (("5", "", "<"), ("7", "", "="), False),
        (("5", "", ">"), ("7", "", "="), True),
        (("5", "", ">="), ("4", "", "="), False),
        (("", "", "NR"), ("", "", "NE"), True),
        (("", "", "NR"), ("5", "", "="), False),
        (("1", "year", "="), ("12", "month", "="), True),
        (("2", "week", "="), ("14", "day", "="), True),
        (("1.5", "year", "="), ("17.6", "month", "="), True),
        (("1.5", "year", "="), ("20", "month", "="), False),
    ],
)
def test_bounds_and_units(one, other, agree):
    assert figures_agree(amount(*one), amount(*other)) is agree


def test_durations_are_in_months():
    assert duration("11.6 month").number == Fraction(116, 10)
    assert duration("2 years").number == 24
    assert 2.9 < duration("90 day").number < 3
    assert duration("11.6") is None and duration("") is None and duration("soon") is None
