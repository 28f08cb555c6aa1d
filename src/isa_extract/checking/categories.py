"""Response categories that exclude each other, added up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from isa_extract.checking.arithmetic import decimals
from isa_extract.records import Finding

_NESTED: Final = re.compile(
    r"其中|包括|包含|含\s*sCR|\bincluding\b|\bof wh(?:om|ich)\b|\binclusive\b", re.IGNORECASE
)


def over_sum(rows: Mapping[int, Finding]) -> set[int]:
    """The places of exact categories that one sentence tells and that add up to too much.

    They may not exceed the ORR of the same setting (the highest, where it is told more than once), nor
    with SD and PD all patients, by more than the rounding of all of them. They are taken as exact only
    if PR is among them, each once, and the lower ones do not already make up the ORR (then they are 'or
    better'). 'CR 50 %, including sCR 30 %' counts once.
    """
    orr = max((row for row in rows.values() if row.endpoint == "ORR"), key=_value, default=None)
    told_together: defaultdict[str, list[int]] = defaultdict(list)
    for i, row in rows.items():
        if row.unit == "%":
            told_together[row.sentence].append(i)
    found: set[int] = set()
    for sentence, places in told_together.items():
        by_code: defaultdict[str, list[int]] = defaultdict(list)
        for i in places:
            by_code[rows[i].endpoint].append(i)
        parts = exact_categories({code: _value(rows[at[0]]) for code, at in by_code.items()}, sentence)
        if "PR" not in parts or any(len(by_code[code]) > 1 for code in parts):
            continue
        responses = [code for code in parts if code not in ("SD", "PD")]
        values = {code: _value(rows[by_code[code][0]]) for code in parts}
        too_many = sum_exceeds(list(values.values()), Decimal(100))
        too_many_respond = orr is not None and sum_exceeds([values[c] for c in responses], _value(orr))
        if orr is not None and _make_up([values[c] for c in responses], _value(orr)):
            continue
        if too_many or too_many_respond:
            found.update(by_code[code][0] for code in (parts if too_many else responses))
    return found


def exact_categories(told: Mapping[str, Decimal], sentence: str) -> list[str]:
    """The codes among those told that no patient can be in two of, the best response first."""
    top = [code for code in ("sCR", "CR") if code in told]
    if len(top) == 2 and _NESTED.search(sentence):
        top = [max(top, key=lambda code: told[code])]
    top = top or [code for code in told if code == "CR_OR_BETTER"]
    better = top + [code for code in told if code == "VGPR"]
    better = better or [code for code in told if code == "VGPR_OR_BETTER"]
    return better + [code for code in ("PR", "SD", "PD") if code in told]


def sum_exceeds(parts: Sequence[Decimal], whole: Decimal) -> bool:
    """By more than the rounding of all of them can account for."""
    least = sum((Fraction(part) - _unit(part) / 2 for part in parts), Fraction(0))
    return least > Fraction(whole) + (_unit(whole) / 2 if whole != 100 else 0)


def _make_up(values: Sequence[Decimal], orr: Decimal) -> bool:
    """Whether the lower categories, best first, give the ORR without the best of them."""
    total = Fraction(0)
    for number, value in enumerate(reversed(values[1:]), start=1):
        total += Fraction(value)
        if abs(total - Fraction(orr)) <= number * max(_unit(value), _unit(orr)):
            return True
    return False


def _value(row: Finding) -> Decimal:
    return Decimal(row.value)


def _unit(number: Decimal) -> Fraction:
    return Fraction(1, 10 ** decimals(number))
