"""What a cell of a gold or evidence table may hold.

A check takes a cell that is not empty and returns what is wrong with it, or an empty string.
Numbers are ASCII digits with an optional sign and one point: neither `1,234` nor a full-width digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Final

from isa_extract import vocabulary

Check = Callable[[str], str]

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_P_VALUE: Final = re.compile(rf"(?:<=|>=|[<>=~])?(?:{_NUMBER.pattern})(?:[eE][+-]?[0-9]+)?")
_WHOLE: Final = re.compile(r"[0-9]+")
NOT_A_NUMBER: Final = ("NR", "NE")


def _number(cell: str) -> str:
    return "" if _NUMBER.fullmatch(cell) else f"not a decimal number: {cell!r}"


def _bound(cell: str) -> str:
    return "" if cell in NOT_A_NUMBER else _number(cell)


def _p_value(cell: str) -> str:
    return "" if cell == "NS" or _P_VALUE.fullmatch(cell) else f"not a p value: {cell!r}"


def _whole(cell: str) -> str:
    return "" if _WHOLE.fullmatch(cell) else f"not a whole number: {cell!r}"


def _box(cell: str) -> str:
    parts = cell.split()
    right = len(parts) == 4 and all(_NUMBER.fullmatch(part) for part in parts)
    return "" if right else f"not four numbers 'x0 top x1 bottom': {cell!r}"


def _one_of(what: str, words: Sequence[str]) -> Check:
    def check(cell: str) -> str:
        if cell in words:
            return ""
        near = get_close_matches(cell, words, n=1)
        return f"unknown {what} {cell!r}" + (f", perhaps {near[0]!r}" if near else "")

    return check


def _each_of(what: str, words: Sequence[str]) -> Check:
    one = _one_of(what, words)

    def check(cell: str) -> str:
        return next((reason for part in cell.split(";") if (reason := one(part.strip()))), "")

    return check


CHECKS: Final[dict[str, Check]] = {
    "endpoint": _one_of("endpoint", vocabulary.ENDPOINTS),
    "statistic": _one_of("statistic", vocabulary.STATISTICS),
    "unit": _one_of("unit", vocabulary.UNITS),
    "qualifier": _one_of("qualifier", vocabulary.QUALIFIERS),
    "arm_role": _one_of("role", vocabulary.ARM_ROLES),
    "lang": _one_of("language", vocabulary.LANGUAGES),
    "binding": _one_of("binding", vocabulary.BINDINGS),
    "flags": _each_of("flag", vocabulary.FLAGS),
    "expected_flag": _each_of("flag", vocabulary.FLAGS),
    "value": _number,
    "ci_low": _bound,
    "ci_high": _bound,
    "ci_level": _number,
    "p_value": _p_value,
    "n": _whole,
    "N": _whole,
    "page": _whole,
    "bbox": _box,
    "char_start": _whole,
    "char_end": _whole,
    "n_enrolled": _whole,
}
