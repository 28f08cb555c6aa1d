"""What a table cell can say: a number, a share, a fraction, an interval, a pair, or that there is none yet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isa_extract.finding.quantity import decimal

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|\.\d+)"
_UNREACHED = {
    "NR": r"NR|not (?:yet )?(?:been )?reached|(?:尚|暂)?未达到?|n\.r\.",
    "NE": r"NE|not (?:yet )?(?:estimable|evaluable)|(?:尚)?不可(?:估计|评估|估算)|(?:尚)?(?:无法|不能)(?:估计|评估|估算)",
}
_UNITS = {
    "%": "%", "月": "month", "个月": "month", "mo": "month", "mos": "month", "month": "month", "months": "month",
    "年": "year", "year": "year", "years": "year", "周": "week", "week": "week", "weeks": "week",
    "天": "day", "d": "day", "day": "day", "days": "day",
}  # fmt: skip
_OPEN = r"[(\[]"
_CLOSE = r"[)\]]"
_BOUNDS = (
    rf"(?P<low>-?{_NUMBER}|NR|NE)\s*%?\s*(?:-|~|\bto\b|至|,|;)\s*(?P<high>-?{_NUMBER}|NR|NE|NA|∞|未达到)\s*%?"
)
_LEVEL = r"(?:(?P<level>\d{2}(?:\.\d+)?)\s*%\s*(?:CI|置信区间|可信区间)\s*[:,=]?\s*)?"
_ONE = re.compile(
    rf"""\s*(?P<op><=|>=|[<>≤≥~=])?\s*
    (?:(?P<word>{"|".join(_UNREACHED.values())})
      |(?P<n1>\d+)\s*/\s*(?P<N1>\d+)\s*[,;]?\s*{_OPEN}\s*(?P<v1>{_NUMBER})\s*%?\s*(?P<open>[;,]|{_CLOSE})
      |(?P<v2>{_NUMBER})\s*%?\s*{_OPEN}\s*(?:n\s*=\s*)?(?P<n2>\d+)\s*/\s*(?P<N2>\d+)\s*{_CLOSE}
      |(?P<v6>{_NUMBER})\s*%\s*{_OPEN}\s*(?:n\s*=\s*)?(?P<n6>\d+)\s*例?\s*{_CLOSE}
      |(?P<n3>\d+)\s*例?\s*{_OPEN}\s*(?P<v3>{_NUMBER})\s*%?\s*{_CLOSE}
      |(?P<n4>\d+)\s*/\s*(?P<N4>\d+)(?![.\d])
      |(?P<v7>-?{_NUMBER})\s*(?:±|\+/-)\s*{_NUMBER}
      |(?P<v5>-?{_NUMBER})\s*(?P<unit>%|个?月|months?|mos?\b|年|years?|周|weeks?|天|days?|d\b)?
    )
    (?:\s*(?:{_OPEN}|[,;]|(?<=[,;]))\s*{_LEVEL}{_BOUNDS}\s*{_CLOSE}?)?
    (?:\s*(?:个?月|months?))?
    (?:\s*[,;(]?\s*[Pp]\s*(?P<pop>[=<>≤])\s*(?P<p>0?\.\d+)\)?)?
    (?:\^?[a-h*†‡§¶\#]{{1,3}}(?![A-Za-z]))?\s*""",
    re.VERBOSE,
)
_BETWEEN = re.compile(r"\s*(?:\bvs?\b\.?|\bversus\b|对比?|比|/|;|,|\||与|和)\s*", re.IGNORECASE)
_PAIR = re.compile(rf"\s*({_NUMBER})\s*%?\s*/\s*({_NUMBER})\s*%?\s*")
_INTERVAL = re.compile(rf"\s*{_OPEN}?\s*{_LEVEL}{_BOUNDS}\s*{_CLOSE}?\s*")
_P = re.compile(r"\s*(?:[Pp]\s*)?(?P<op><=|>=|[<>≤≥=])?\s*(?P<p>[01]?\.\d+|[01])\s*[a-h*†‡§¶#^]{0,3}\s*")
_NOTHING = re.compile(r"\s*(?:[-—–/·.…]*|NA|N/A|ND|未报[告道]|无)\s*", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class CellValue:
    """One value of a cell. Offsets are folded ones of the cell's text.

    ``form`` is ``number``, ``mean`` (with its deviation), ``share`` (a count with its percentage), ``fraction``
    or ``unreached``.
    """

    start: int
    end: int
    form: str
    value: str
    qualifier: str = "="
    unit: str = ""
    n: str = ""
    N: str = ""
    low: str = ""
    high: str = ""
    level: str = ""
    p: str = ""


def cell_values(text: str, pair: bool = False) -> tuple[CellValue, ...]:
    """The values of a cell, in order; none where it holds anything else.

    Args:
        pair: whether two values are expected, so that ``45/62`` is one of each group and no fraction.
    """
    if not text or len(text) > _LONGEST:
        return ()
    if pair and (both := _PAIR.fullmatch(text)):
        return tuple(CellValue(both.start(i), both.end(i), "number", decimal(both[i])) for i in (1, 2))
    found: list[CellValue] = []
    at = 0
    while match := _ONE.match(text, at):
        found.append(_value(match))
        at = match.end()
        if at == len(text):
            return tuple(found)
        between = _BETWEEN.match(text, at)
        if between is None or between.end() == len(text):
            return ()
        at = between.end()
    return ()


def is_value(text: str) -> bool:
    """Whether a cell holds values or bounds, or a dash in place of them."""
    return says_nothing(text) or bool(cell_values(text)) or interval(text) is not None


def says_nothing(text: str) -> bool:
    """A dash, 'NA', or an empty cell."""
    return _NOTHING.fullmatch(text) is not None


def interval(text: str) -> tuple[str, str, str] | None:
    """The bounds and level of a cell that holds an interval alone."""
    match = _INTERVAL.fullmatch(text)
    return (_bound(match["low"]), _bound(match["high"]), match["level"] or "") if match else None


def p_value(text: str) -> str:
    """The p value of a cell, as the contract writes it; empty if it holds none."""
    match = _P.fullmatch(text)
    if match is None or float(match["p"]) > 1:
        return ""
    return {"≤": "<=", "≥": ">=", "=": "", None: ""}.get(match["op"], match["op"] or "") + decimal(match["p"])


def _value(match: re.Match[str]) -> CellValue:
    p = {"=": "", "≤": "<="}.get(match["pop"], match["pop"]) + decimal(match["p"]) if match["p"] else ""
    low, high = (_bound(match["low"]), _bound(match["high"])) if match["low"] else ("", "")
    level = match["level"] or ""
    if match["word"]:
        code = next(c for c, words in _UNREACHED.items() if re.fullmatch(words, match["word"]))
        return CellValue(*match.span("word"), "unreached", "", code, "", "", "", low, high, level, p)
    sign = {"≤": "<=", "≥": ">=", None: "="}.get(match["op"], match["op"])
    for key in "126 3".replace(" ", ""):
        if match[f"v{key}"]:
            whole = match[f"N{key}"] if key in "12" else ""
            return CellValue(
                *match.span(f"v{key}"), "share", decimal(match[f"v{key}"]), sign, "%", match[f"n{key}"], whole,
                low, high, level, p,
            )  # fmt: skip
    if match["n4"]:
        n, whole = match["n4"], match["N4"]
        return CellValue(*match.span("n4"), "fraction", n, sign, "", n, whole, low, high, level, p)
    if match["v7"]:
        return CellValue(
            *match.span("v7"), "mean", decimal(match["v7"]), sign, "", "", "", low, high, level, p
        )
    unit = _UNITS.get((match["unit"] or "").lower(), "")
    return CellValue(
        *match.span("v5"), "number", decimal(match["v5"]), sign, unit, "", "", low, high, level, p
    )


def _bound(written: str) -> str:
    if written in ("NR", "NE"):
        return written
    return "NR" if written in ("∞", "NA", "未达到") else decimal(written)
