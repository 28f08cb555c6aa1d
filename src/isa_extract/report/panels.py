"""Where everything stands in the plots of arms side by side; the template draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from isa_extract.report.rows import Row, StudyView, endpoint_rank
from isa_extract.report.words import fit

LEFT: Final = 300.0
RIGHT: Final = 610.0
WIDTH: Final = 1000
MARKS: Final = 4
_COLUMNS: Final = (640.0, 825.0)
_LINE: Final = 24.0
_HEAD: Final = 32.0
_STEPS: Final = (1, 2, 5, 10, 12, 20, 24, 50, 100, 200, 500, 1000)
_SAFETY: Final = ("AE", "SAE", "AE_DISCONTINUATION")
_SAME: Final = (
    "endpoint", "endpoint_term", "statistic", "unit", "timepoint", "followup", "subgroup", "stage",
    "threshold", "grade",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dot:
    """One arm's value: where its mark stands, and where the text beside the plot stands.

    `mark` numbers the arm within its study (0 is filled, 1 open, 2 and 3 squares); `beyond` is set where
    the value is not reached or lies past the axis.
    """

    row: Row
    x: float
    mark: int
    beyond: bool
    text_x: float
    text_y: float
    said: str
    arm: str


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A study's heading (no dots), or one endpoint with its arms."""

    y: float
    label: str
    full: str
    dots: tuple[Dot, ...] = ()

    @property
    def linked(self) -> bool:
        """Whether different arms are set against each other."""
        return len({dot.row["arm"] for dot in self.dots}) > 1


@dataclass(frozen=True, slots=True)
class Panel:
    """A plot of values that share an axis."""

    title: str
    lines: tuple[PanelLine, ...]
    ticks: tuple[tuple[float, str], ...]
    height: float
    bottom: float


def panels(studies: list[StudyView]) -> list[Panel]:
    """Plots of the rates, the adverse events and the times, where arms have them."""
    rows = [row for study in studies for row in study.rows if _shown(row)]
    rates = [row for row in rows if row["unit"] == "%"]
    kinds = [("Response, survival and other rates (%)", [row for row in rates if not _safe(row)])]
    kinds.append(("Adverse events (%)", [row for row in rates if _safe(row)]))
    kinds += [
        (f"Times ({unit}s)", [row for row in rows if row["unit"] == unit])
        for unit in ("year", "month", "week", "day", "hour")
    ]
    return [_panel(title, studies, chosen) for title, chosen in kinds if chosen]


def unplaced(studies: list[StudyView]) -> int:
    """How many rates and times have no arm and so stand in the table only."""
    return sum(not row["arm"] and _kind(row) for study in studies for row in study.rows)


def _kind(row: Row) -> bool:
    return row["statistic"] in ("rate", "median", "mean") and row["unit"] != ""


def _shown(row: Row) -> bool:
    told = row.number_of("value") is not None or row["qualifier"] in ("NR", "NE")
    return _kind(row) and row["arm"] != "" and told


def _safe(row: Row) -> bool:
    return row["endpoint"] in _SAFETY


def _panel(title: str, studies: list[StudyView], chosen: list[Row]) -> Panel:
    unit, numbers = chosen[0]["unit"], {row.number for row in chosen}
    most = max((row.number_of("value") or 0.0 for row in chosen), default=0.0)
    step = 20 if unit == "%" else next((s for s in _STEPS if s * 6 >= most), 5000)
    top = 100.0 if unit == "%" else step * max(1.0, -(-most // step))
    lines: list[PanelLine] = []
    y = 8.0
    for study in studies:
        groups = _groups(row for row in study.rows if row.number in numbers)
        if not groups:
            continue
        y += _HEAD
        lines.append(PanelLine(y - 9, fit(study.label, LEFT - 20), study.label))
        names = [_name(group[0]) for group in groups]
        for group, name in zip(groups, names, strict=True):
            y += _LINE
            cut = group[0].cut
            full = f"{name}, {cut}" if names.count(name) > 1 and cut else name
            lines.append(_line(study, group, full, y - 8, top))
            y += _LINE * 0.8 * ((len(group) - 1) // len(_COLUMNS))
    count = round(top / step)
    ticks = tuple((_x(step * i, top), f"{step * i:g}") for i in range(count + 1))
    return Panel(title, tuple(lines), ticks, y + 36, y + 6)


def _groups(rows: Iterable[Row]) -> list[list[Row]]:
    """Values of the same thing, one group for each, in the vocabulary's order."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in _SAME), []).append(row)
    return sorted(groups.values(), key=lambda g: (endpoint_rank(g[0]["endpoint"]), g[0].number))


def _name(row: Row) -> str:
    kind = "mean " if row["statistic"] == "mean" else ""
    return ", ".join(part for part in (kind + row.endpoint, row.setting) if part)


def _line(study: StudyView, group: list[Row], full: str, y: float, top: float) -> PanelLine:
    order = study.arms
    dots = []
    for i, row in enumerate(sorted(group, key=lambda row: (order.index(row["arm"]), row.number))):
        value = row.number_of("value")
        line, column = divmod(i, len(_COLUMNS))
        said = row.value.removesuffix("s").removesuffix(row["unit"]).strip()
        dots.append(
            Dot(
                row,
                _x(top if value is None else value, top),
                order.index(row["arm"]) % MARKS,
                value is None or value > top,
                _COLUMNS[column],
                y + line * _LINE * 0.8,
                said,
                fit(row["arm"], 150 - 7.5 * len(said)),
            )
        )
    return PanelLine(y, fit(full, LEFT - 30), full, tuple(dots))


def _x(value: float, top: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, value / top)), 1)
