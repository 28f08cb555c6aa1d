"""Findings made by hand, for every test of checking."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.records import Arm, Finding, Span, Study

ISA_KD = Arm("Isa-Kd", ("carfilzomib", "dexamethasone", "isatuximab"), "experimental")
KD = Arm("Kd", ("carfilzomib", "dexamethasone"), "control")
IKEMA = Study(trial_id="NCT03275285", trial_name="IKEMA", arms=(ISA_KD, KD))
ROW: dict[str, object] = {
    "study": IKEMA,
    "span": Span(0, 1),
    "sentence": "A sentence.",
    "lang": "en",
    "endpoint": "ORR",
    "statistic": "rate",
    "value": "50",
    "unit": "%",
    "arm": ISA_KD,
}

MakeRow = Callable[..., Finding]


@pytest.fixture(scope="session")
def row() -> MakeRow:
    """A percentage of responders in IKEMA, with what is given changed."""
    return lambda **fields: Finding(**{**ROW, **fields})


@pytest.fixture(scope="session")
def ratio(row: MakeRow) -> MakeRow:
    """A hazard ratio for progression with interval and p."""
    base: dict[str, object] = {"endpoint": "PFS", "statistic": "hazard_ratio", "unit": ""}
    return lambda value, low, high, p="", **more: row(
        **{**base, "value": value, "ci_low": low, "ci_high": high, "p_value": p, **more}
    )
