from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from isa_extract.checking import check
from isa_extract.checking.arithmetic import clearly_above, is_significant, possible_roundings
from isa_extract.records import Study

PERCENT = "percent-unreachable"


@pytest.mark.parametrize(
    ("value", "n", "N", "flagged"),
    [
        ("93", "", "22", True),
        ("35.6", "", "46", True),
        ("41.0", "19", "46", True),
        ("41.3", "19", "46", False),
        ("11.0", "4", "36", True),
        ("12.0", "3", "25", False),
        ("97.8", "", "46", False),
        ("73", "", "15", False),
        ("3", "8", "261", False),
        ("12.5", "1", "8", False),
        ("12", "1", "8", False),  # cut off, or half to even
        ("13", "1", "8", False),  # half up
        ("14", "1", "8", True),
        ("66.6", "2", "3", False),  # cut off
        ("67", "", "3", False),
        ("104", "", "50", True),
        ("0", "", "7", False),
        ("100", "", "7", False),
        ("41.0", "19", "", False),  # no denominator stands with it
        ("41.0", "", "", False),
        ("41.0", "0", "0", False),
    ],
)
def test_percentage_against_its_counts(row, value, n, N, flagged):
    (out,) = check([row(value=value, n=n, N=N)])
    assert (PERCENT in out.flags) is flagged


@pytest.mark.parametrize(
    "fields",
    [
        {"qualifier": "~"},
        {"qualifier": "<"},
        {"qualifier": ">"},
        {"qualifier": ">="},
        {"unit": ""},
        {"statistic": "risk_reduction"},
        {"statistic": "risk_difference"},
        {"endpoint": "PFS", "timepoint": "12 month"},
        {"endpoint": "OS"},
        {"endpoint": "RELAPSE", "timepoint": "2 year"},
        {"study": Study(design=("meta-analysis",))},
        {"sentence": "The pooled rate was 93 %."},
    ],
)
def test_only_exact_shares_of_counted_patients_are_held_against_n(row, fields):
    (wrong,) = check([row(value="93", N="22")])
    (out,) = check([row(**{"value": "93", "N": "22", **fields})])
    assert (wrong.flags, out.flags) == ((PERCENT,), ())


def test_crude_survival_with_its_count_is_a_proportion(row):
    (out,) = check([row(endpoint="OS", value="88", n="45", N="50")])
    assert out.flags == (PERCENT,)


@pytest.mark.parametrize(("n", "N", "flagged"), [("23", "22", True), ("22", "22", False), ("23", "", False)])
def test_more_events_than_patients(row, n, N, flagged):
    (out,) = check([row(statistic="count", unit="", value="23", n=n, N=N)])
    assert out.flags == (("n-over-N",) if flagged else ())


@pytest.mark.parametrize(
    ("value", "low", "high", "flagged"),
    [
        ("1.284", "1.385", "2.961", True),
        ("1.62", "1.71", "2.45", True),
        ("3.00", "1.71", "2.45", True),
        ("0.53", "0.44", "0.65", False),
        ("0.44", "0.44", "0.65", False),
        ("0.6", "0.63", "0.85", False),  # 0.63 is 0.6 at the value's precision
        ("0.5", "0.63", "0.85", True),
        ("0.86", "0.63", "0.9", False),
        ("15.8", "12.1", "NE", False),
        ("11.8", "12.1", "NR", True),
        ("15.8", "", "", False),
        ("0.53", "0.65", "0.44", False),  # the bounds the wrong way round
        ("-3", "-10", "-2", False),
        ("-1", "-10", "-2", True),
    ],
)
def test_interval_and_its_estimate(ratio, value, low, high, flagged):
    (out,) = check([ratio(value, low, high)])
    assert ("ci-excludes-value" in out.flags) is flagged


def test_an_estimate_that_is_not_exact_or_not_reached_is_not_held_against_its_interval(ratio):
    rows = [ratio("9", "12", "15", qualifier="<"), ratio("9", "12", "15", qualifier="~")]
    rows += [ratio("", "12", "15", qualifier="NR"), ratio("9", "12", "15")]
    assert [out.flags for out in check(rows)] == [(), (), (), ("ci-excludes-value",)]


def test_a_risk_reduction_may_stand_with_the_interval_of_its_ratio(ratio):
    reduction = {"statistic": "risk_reduction", "unit": "%"}
    rows = [ratio("47", "0.44", "0.65", **reduction), ratio("47", "35", "56", **reduction)]
    rows.append(ratio("47", "0.60", "0.75", **reduction))
    assert [out.flags for out in check(rows)] == [(), (), ("ci-excludes-value",)]


@pytest.mark.parametrize(
    ("low", "high", "p", "level", "flagged"),
    [
        ("0.97", "1.21", "0.03", "", True),
        ("0.97", "1.21", "<0.0001", "95", True),
        ("0.97", "1.21", "<0.05", "95", True),
        ("0.97", "1.21", "0.30", "95", False),
        ("0.97", "1.21", "<0.5", "95", False),
        ("0.97", "1.21", "0.05", "95", False),  # may be 0.0499
        ("0.97", "1.21", "~0.01", "95", False),
        ("0.97", "1.21", "NS", "95", False),
        ("0.97", "1.21", "", "95", False),
        ("0.57", "0.95", "0.02", "95", False),
        ("0.57", "0.95", "0.20", "95", True),
        ("0.57", "0.95", ">0.05", "95", True),
        ("0.57", "0.95", "0.05", "95", False),
        ("0.57", "0.95", "0.050", "95", False),
        ("0.57", "0.95", "1.7", "95", False),  # no p
        ("0.57", "1.00", "0.20", "95", False),
        ("0.57", "1.00", "0.001", "95", False),
        ("1.00", "1.60", "0.20", "95", False),
        ("0.57", "1.01", "0.001", "95", True),
        ("1.01", "1.60", "0.20", "95", True),
        ("0.57", "NR", "0.001", "95", False),
        ("0.57", "0.95", "0.07", "90", False),
        ("0.97", "1.21", "0.07", "90", True),
        ("0.97", "1.21", "0.03", "99", False),
        ("0.57", "0.95", "0.03", "99", True),
        ("0.97", "1.21", "0.048", "95.4", False),
        ("0.57", "0.95", "0.001", "200", False),
    ],
)
def test_interval_and_p(ratio, low, high, p, level, flagged):
    middle = str((Decimal(low) + Decimal(high if high != "NR" else low)) / 2)
    (out,) = check([ratio(middle, low, high, p, ci_level=level)])
    assert out.flags == (("ci-p-disagree",) if flagged else ())


def test_a_difference_has_zero_for_no_effect_and_a_median_has_none(ratio):
    kinds = [("risk_difference", "%"), ("odds_ratio", ""), ("median", "month"), ("risk_reduction", "%")]
    out = check([ratio("6", "2", "10", "0.30", statistic=s, unit=u) for s, u in kinds])
    assert [bool(f.flags) for f in out] == [True, True, False, False]
    (around_zero,) = check([ratio("6", "-2", "10", "0.003", statistic="risk_difference", unit="%")])
    assert around_zero.flags == ("ci-p-disagree",)


@pytest.mark.parametrize(
    "words",
    [
        "单侧P=0.03",
        "one-sided P=0.03",
        "P=0.03 (1-sided)",
        "one-tailed p 0.03",
        "非劣效检验P=0.03",
        "P for interaction=0.03",
    ],
)
def test_a_p_of_another_test_is_not_held_against_the_interval(ratio, words):
    sentence = f"HR 1.08, 95% CI 0.97-1.21; {words}."
    plain, other = check([ratio("1.08", "0.97", "1.21", "0.03", sentence=s) for s in ("P=0.03", sentence)])
    assert (plain.flags, other.flags) == (("ci-p-disagree",), ())


def test_one_sided_far_from_this_p_says_nothing_of_it(ratio):
    sentence = "PFS HR 0.70 (one-sided P=0.0075)" + ", and so on" * 8 + "; OS HR 1.08 (0.97-1.21; P=0.03)."
    (out,) = check([ratio("1.08", "0.97", "1.21", "0.03", sentence=sentence)])
    assert out.flags == ("ci-p-disagree",)


def test_roundings_of_a_tie_and_of_a_negative_number():
    assert possible_roundings(Fraction(25, 2), 0) == {12, 13}
    assert possible_roundings(Fraction(-25, 2), 0) == {-12, -13}
    assert possible_roundings(Fraction(27, 2), 0) == {13, 14}


def test_comparison_at_the_coarser_precision():
    assert clearly_above(Decimal("12.1"), Decimal("12.0"))
    assert not clearly_above(Decimal("12.4"), Decimal("12"))
    assert not clearly_above(Decimal("13"), Decimal("12.6"))
    assert clearly_above(Decimal("13"), Decimal("11.6"))


def test_a_p_printed_at_the_threshold_is_open():
    five = Fraction(1, 20)
    printed = ("0.05", "<=0.05", "<0.05", "0.049", "0.051", "0.06", "0.000")
    assert [is_significant(p, five) for p in printed] == [
        None, None, True, True, False, False, True,
    ]  # fmt: skip
