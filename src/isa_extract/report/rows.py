"""Rows and studies of the two tables as the page shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from isa_extract.report.words import endpoint_name, statistic_name
from isa_extract.vocabulary import ENDPOINTS, EVIDENCE_COLUMNS, TRIAL_COLUMNS

_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "~": "about "}
_NOT_A_NUMBER = {"NR": "not reached", "NE": "not evaluable"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of ``evidence.csv``; `number` counts from 1 through the page."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def anchor(self) -> str:
        return f"row-{self.number}"

    @property
    def flags(self) -> list[str]:
        return [flag for flag in self["flags"].split(";") if flag]

    @property
    def endpoint(self) -> str:
        """The endpoint with its event, grade, threshold and time, as one says it."""
        code, term = self["endpoint"], self["endpoint_term"]
        said = term if term and code in ("AE", "OTHER") else endpoint_name(code)
        if code == "AE" and not term:
            said = "Any AE"
        elif term and code not in ("AE", "OTHER"):
            said += f": {term}"
        if self["grade"]:
            said += f", grade {_sign(self['grade'])}"
        if self["threshold"]:
            said += f" ({self['threshold']})"
        if self["timepoint"]:
            said += f" at {_plural(self['timepoint'])}"
        return said

    @property
    def statistic(self) -> str:
        return statistic_name(self["statistic"])

    @property
    def setting(self) -> str:
        """Which patients and when: subgroup, stage."""
        return ", ".join(cell for cell in (_sign(self["subgroup"]), self["stage"]) if cell)

    @property
    def cut(self) -> str:
        """The follow-up that tells one data cut from another."""
        return f"follow-up {_plural(self['followup'])}" if self["followup"] else ""

    @property
    def arms(self) -> str:
        return self["arm"] + (f" vs {self['comparator']}" if self["comparator"] else "")

    @property
    def value(self) -> str:
        """The value with its qualifier and unit."""
        if self["qualifier"] in _NOT_A_NUMBER:
            return _NOT_A_NUMBER[self["qualifier"]]
        unit = self["unit"]
        if unit and unit != "%":
            unit = f" {unit}" if self["value"] == "1" else f" {unit}s"
        return f"{_SIGNS.get(self['qualifier'], '')}{self['value']}{unit}"

    @property
    def interval(self) -> str:
        """The interval's two ends."""
        if not (self["ci_low"] or self["ci_high"]):
            return ""
        return f"{self['ci_low'] or '?'} to {self['ci_high'] or '?'}"

    @property
    def counts(self) -> str:
        if self["n"] and self["N"]:
            return f"{self['n']}/{self['N']}"
        return self["n"] or (f"of {self['N']}" if self["N"] else "")

    @property
    def p(self) -> str:
        told = self["p_value"]
        if not told:
            return ""
        sign = told[0] if told[0] in "<>" else "="
        return f"p {sign} {told.removeprefix(sign)}"

    def number_of(self, column: str) -> float | None:
        """A cell as a finite number."""
        try:
            number = float(self[column])
        except ValueError:
            return None
        return number if math.isfinite(number) else None


@dataclass(slots=True)
class StudyView:
    """A study of a paper: its rows of both tables. `index` counts through the page."""

    index: int
    label: str
    trials: list[Mapping[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def arms(self) -> list[str]:
        """The study's arms: as the studies table has them, then as rows name them; control last."""
        told = [arm for trial in self.trials for arm in trial["arms"].split(";") if arm]
        named = [row["arm"] for row in self.rows if row["arm"]]
        named += [row["comparator"] for row in self.rows if row["comparator"]]
        control = {row["arm"] for row in self.rows if row["arm_role"] == "control"}
        control |= {row["comparator"] for row in self.rows}
        leads = {row["arm"] for row in self.rows if row["arm_role"] in ("experimental", "single")}
        every = list(dict.fromkeys(told + named))
        return sorted(every, key=lambda arm: (arm in control and arm not in leads, every.index(arm)))


def evidence_rows(evidence: pd.DataFrame) -> list[Row]:
    """The evidence table's rows, every cell text."""
    return [Row(i, cells) for i, cells in enumerate(_records(evidence, EVIDENCE_COLUMNS), 1)]


def studies_by_paper(rows: list[Row], trials: pd.DataFrame) -> dict[str, list[StudyView]]:
    """Each paper's studies in the order of the studies table, with the rows that belong to them.

    Studies that no cell tells apart share one view; rows of no listed study get one of their own.
    """
    views: dict[tuple[str, ...], StudyView] = {}
    for trial in _records(trials, TRIAL_COLUMNS):
        view = views.setdefault(_key(trial), StudyView(len(views), ""))
        view.trials.append(trial)
    for row in rows:
        key = _key(row.cells)
        alike = [k for k in views if k[:3] == key[:3]]
        if key not in views and len(alike) == 1 and any(key[1:3]):
            key = alike[0]
        views.setdefault(key, StudyView(len(views), "")).rows.append(row)
    for key, view in views.items():
        view.label = _label(key, view, [k for k in views if k[:3] == key[:3]])
    papers: dict[str, list[StudyView]] = {}
    for key, view in views.items():
        papers.setdefault(key[0], []).append(view)
    return papers


def endpoint_rank(code: str) -> int:
    """Where an endpoint stands in the vocabulary."""
    return ENDPOINTS.index(code) if code in ENDPOINTS else len(ENDPOINTS)


def _label(key: tuple[str, ...], view: StudyView, alike: list[tuple[str, ...]]) -> str:
    _, trial_id, name, phase = key
    if name or trial_id:
        return (name or trial_id) + (f" (phase {phase})" if phase and len(alike) > 1 else "")
    arms = " vs ".join(arm for trial in view.trials for arm in trial["arms"].split(";") if arm)
    told = ", ".join(part for part in (f"phase {phase}" if phase else "", arms) if part)
    if not view.trials:
        return "No study named"
    return f"Unnamed study ({told})" if told else "Unnamed study"


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return cells["doc_id"], cells["trial_id"], cells["trial_name"], cells["phase"]


def _records(table: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, str]]:
    whole = table.reindex(columns=list(columns))
    return [
        {column: "" if pd.isna(cell) else str(cell) for column, cell in zip(columns, cells, strict=True)}
        for cells in whole.itertuples(index=False, name=None)
    ]


def _sign(text: str) -> str:
    return text.replace(">=", "≥").replace("<=", "≤")


def _plural(time: str) -> str:
    number, _, unit = time.partition(" ")
    return time if not unit or number == "1" or unit.endswith("s") else f"{number} {unit}s"
