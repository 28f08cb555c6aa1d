from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.checking import check
from isa_extract.records import Arm, Finding, Span, Study
from isa_extract.vocabulary import ENDPOINTS, FLAGS, QUALIFIERS, STATISTICS

ROUNDINGS = st.sampled_from((ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP))
PLACES = st.integers(0, 3)


def percentage(n: int, N: int, places: int, rounding: str) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (Decimal(100 * n) / N).quantize(Decimal(1).scaleb(-places), rounding=rounding)


def response(value: object, n: object, N: object) -> Finding:
    return Finding(Study(), Span(0, 1), "", "en", "ORR", "rate", str(value), "%", n=str(n), N=str(N))


@st.composite
def counts(draw, most=2000):
    N = draw(st.integers(1, most))
    return draw(st.integers(0, N)), N


@given(counts(), PLACES, ROUNDINGS)
def test_a_percentage_of_its_counts_is_never_flagged(of, places, rounding):
    n, N = of
    value = percentage(n, N, places, rounding)
    assert [f.flags for f in check([response(value, n, N), response(value, "", N)])] == [(), ()]


@given(counts(), PLACES, ROUNDINGS, st.integers(2, 50), st.sampled_from((-1, 1)))
def test_two_units_off_its_own_count_is_always_flagged(of, places, rounding, units, sign):
    n, N = of
    value = percentage(n, N, places, rounding) + sign * units * Decimal(1).scaleb(-places)
    (out,) = check([response(value, n, N)])
    assert out.flags == ("percent-unreachable",)


@given(counts(most=20), ROUNDINGS, st.integers(2, 40), st.sampled_from((-1, 1)))
def test_between_the_counts_of_a_small_denominator_is_always_flagged(of, rounding, units, sign):
    n, N = of  # counts are at least 5.0 apart, the shift at most 4.0
    value = percentage(n, N, 1, rounding) + sign * units * Decimal("0.1")
    (out,) = check([response(value, "", N)])
    assert out.flags == ("percent-unreachable",)


HOSTILE = [
    "",
    "NR",
    "NE",
    "NS",
    "0",
    "-0",
    ".",
    "1.",
    ".5",
    "1e5",
    "1e-999",
    "1e-999999999",
    "nan",
    "inf",
    "-1",
]
HOSTILE += [
    "9" * 20,
    "9" * 5000,
    "0." + "3" * 5000,
    "１２",
    "٣",
    "1,234",
    "50%",
    "<",
    "<0.05",
    "≤",
    " ",
    "\n",
    "12\n",
    "²",
]
CELL = st.one_of(
    st.sampled_from(HOSTILE),
    st.integers(0, 200).map(str),
    st.decimals(-2, 120, places=2).map(str),
    st.text(max_size=5),
)
ARM = st.sampled_from(
    (None, Arm(""), Arm("Kd", ("carfilzomib",)), Arm("Rd", ("lenalidomide",)), Arm("A组", ("x",)))
)
STUDY = st.builds(
    Study, trial_name=st.sampled_from("AB"), arms=st.lists(ARM.filter(bool), max_size=3).map(tuple)
)
FINDING = st.builds(
    Finding,
    study=STUDY,
    span=st.just(Span(0, 1)),
    sentence=st.sampled_from(("", "单侧P=0.03", "one sentence")),
    lang=st.just("en"),
    endpoint=st.sampled_from((*ENDPOINTS, "nonsense")),
    statistic=st.sampled_from(STATISTICS),
    value=CELL,
    unit=st.sampled_from(("%", "", "month")),
    qualifier=st.sampled_from(QUALIFIERS),
    arm=ARM,
    ci_low=CELL,
    ci_high=CELL,
    ci_level=CELL,
    p_value=CELL,
    n=CELL,
    N=CELL,
    timepoint=CELL,
    grade=CELL,
    flags=st.lists(st.sampled_from((*FLAGS, "of-old")), max_size=3).map(tuple),
)


@given(st.lists(FINDING, max_size=8))
def test_flags_are_all_that_changes_and_the_order_is_kept(findings):
    before = list(findings)
    out = check(findings)
    assert findings == before
    assert [replace(f, flags=()) for f in out] == [replace(f, flags=()) for f in before]
    for old, new in zip(before, out, strict=True):
        assert set(old.flags) <= set(new.flags) <= {*FLAGS, "of-old"}
        assert list(new.flags) == sorted(set(new.flags))
    assert check(out) == out


@given(st.lists(FINDING, max_size=6), st.randoms())
def test_flags_do_not_depend_on_the_order_of_rows(findings, random):
    places = list(range(len(findings)))
    random.shuffle(places)
    shuffled = check([findings[i] for i in places])
    straight = check(findings)
    assert [straight[i] for i in places] == list(shuffled)


@pytest.mark.parametrize("cell", HOSTILE)
def test_what_is_no_number_earns_no_flag_of_its_own(cell):
    odd = {
        "ci_low": cell,
        "ci_high": cell,
        "ci_level": cell,
        "p_value": cell,
        "timepoint": cell,
        "grade": cell,
    }
    (out,) = check([replace(response("50", "1", "2"), **odd, statistic="median", unit="month", value="NR")])
    assert out.flags == ()


def test_several_flags_are_sorted_and_old_ones_kept_once():
    worst = replace(
        response("93", "23", "22"), ci_low="10", ci_high="20", flags=("n-over-N", "z", "n-over-N")
    )
    (out,) = check([worst])
    assert out.flags == ("ci-excludes-value", "n-over-N", "percent-unreachable", "z")


def test_nothing_gives_nothing():
    assert check([]) == ()
