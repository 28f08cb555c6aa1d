"""Where everything stands in a forest plot of ratios; the template draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from isa_extract.report.rows import Row, StudyView, endpoint_rank
from isa_extract.report.words import fit, statistic_name

RATIOS: Final = ("hazard_ratio", "odds_ratio", "risk_ratio")
LEFT: Final = 430.0
RIGHT: Final = 760.0
WIDTH: Final = 1000
_LINE: Final = 25.0
_HEAD: Final = 32.0
_TICKS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class ForestLine:
    """A study's heading (`row` is None), or one ratio.

    `mark` is ``clear`` (the interval excludes 1), ``open`` (it holds 1) or ``bare`` (no interval);
    `cut` says at which ends the interval runs off the axis.
    """

    y: float
    label: str
    full: str
    row: Row | None = None
    x: float = 0.0
    low: float = 0.0
    high: float = 0.0
    mark: str = ""
    cut: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Forest:
    """A forest plot of one kind of ratio, laid out."""

    statistic: str
    title: str
    lines: tuple[ForestLine, ...]
    ticks: tuple[tuple[float, str], ...]
    one: float
    height: float
    bottom: float


def forests(studies: list[StudyView]) -> list[Forest]:
    """A plot for each kind of ratio that the studies report; none where they report none."""
    return [plot for name in RATIOS if (plot := _forest(name, studies)) is not None]


def _forest(statistic: str, studies: list[StudyView]) -> Forest | None:
    told = {
        study.index: sorted((row for row in study.rows if _drawn(row, statistic)), key=_order)
        for study in studies
    }
    rows = [row for found in told.values() for row in found]
    if not rows:
        return None
    ends = [n for row in rows for c in ("value", "ci_low", "ci_high") if (n := row.number_of(c)) and n > 0]
    lowest, highest = max(0.01, min([*ends, 0.7])), min(100.0, max([*ends, 1.4]))
    low = max(tick for tick in _TICKS if tick <= lowest)
    high = min(tick for tick in _TICKS if tick >= highest)
    lines: list[ForestLine] = []
    y = 8.0
    for study in studies:
        if not told[study.index]:
            continue
        y += _HEAD
        lines.append(ForestLine(y - 8, fit(study.label, LEFT - 20), study.label))
        names = [_name(row) for row in told[study.index]]
        for row, name in zip(told[study.index], names, strict=True):
            y += _LINE
            full = f"{name}, {row.cut}" if names.count(name) > 1 and row.cut else name
            lines.append(_line(row, full, y - 8, low, high))
    ticks = tuple((_x(tick, low, high), f"{tick:g}") for tick in _TICKS if low <= tick <= high)
    return Forest(
        statistic, f"{statistic_name(statistic).capitalize()}s", tuple(lines), ticks,
        _x(1.0, low, high), y + 58, y + 6,
    )  # fmt: skip


def _drawn(row: Row, statistic: str) -> bool:
    return row["statistic"] == statistic and (row.number_of("value") or 0.0) > 0


def _order(row: Row) -> tuple[bool, int, int]:
    """Effects of arms before prognostic factors."""
    return row["subgroup"].startswith("factor:"), endpoint_rank(row["endpoint"]), row.number


def _name(row: Row) -> str:
    return ", ".join(part for part in (row.endpoint, row.arms, row.setting) if part)


def _line(row: Row, full: str, y: float, low: float, high: float) -> ForestLine:
    value, ends = row.number_of("value") or 1.0, (row.number_of("ci_low"), row.number_of("ci_high"))
    first, last = ends
    cut = "low" if (first is not None and first < low) else ""
    if (last is not None and last > high) or row["ci_high"] in ("NR", "NE"):
        cut += " high"
    if first is None and last is None:
        mark = "bare"
    else:
        mark = "open" if (first or 0.0) <= 1.0 <= (math.inf if last is None else last) else "clear"
    said = row.value + (f" ({row.interval})" if row.interval else "")
    at = _x(value, low, high)
    start = _x(first if first is not None and first > 0 else low, low, high) if row.interval else at
    end = _x(last if last is not None else high, low, high) if row.interval else at
    return ForestLine(y, fit(full, LEFT - 40), full, row, at, start, end, mark, cut.strip(), said)


def _x(value: float, low: float, high: float) -> float:
    share = (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
    return round(LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share)), 1)
