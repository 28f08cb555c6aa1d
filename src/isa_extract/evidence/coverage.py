"""The grid study x arm x endpoint: what is reported, what is said to be missing, what was not found.

An empty cell is never 'not reported': that is said only where a paper says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from isa_extract.evidence.facts import Evidence
from isa_extract.evidence.normal_forms import CONTRASTS
from isa_extract.evidence.studies import StudyIdentity
from isa_extract.vocabulary import ENDPOINTS

STATES: Final = ("reported", "not reached", "not mature", "not reported", "not found")
"""A value is told; only that it was not reached (or not evaluable); a paper says that the data are not mature,
or that it does not report them; no paper says anything that was found."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the grid: its state, how many values, and which papers say so."""

    state: str
    values: int = 0
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One arm of a study; ``arm`` is empty for the whole cohort. A cell for each endpoint of the grid."""

    study: StudyIdentity
    arm: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The endpoints that any study reports or is silent about, and the lines."""

    endpoints: tuple[str, ...]
    lines: tuple[Line, ...]


def coverage(evidence: Evidence) -> Grid:
    """The grid of all studies: the arms that papers tell of, and those that values are told of."""
    told: defaultdict[tuple[str, str, str], list[tuple[str, bool]]] = defaultdict(list)
    silent: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    arms: defaultdict[str, dict[str, str]] = defaultdict(dict)
    studies = {study.key: study for study in evidence.studies.values()}
    for fact in evidence.facts:
        sides = [fact.slot.arm] + ([fact.slot.comparator] if fact.slot.statistic in CONTRASTS else [])
        for _, _, claim in fact.claims():
            named = (claim.row["arm"], claim.row["comparator"])
            for side, label in zip(sides, named, strict=False):
                arms[fact.study.key].setdefault(side, label)
                told[fact.study.key, side, fact.slot.endpoint].append((claim.paper, bool(claim.row["value"])))
    for key, telling in evidence.told.items():
        study = evidence.studies[key]
        for arm in telling.arms:
            arms[study.key].setdefault(
                evidence.books[study.key].key(arm.label, "+".join(arm.drugs), arm.role), arm.label
            )
    for one in evidence.silences:
        study = evidence.studies[one.paper, one.telling]
        silent[study.key, one.endpoint].append((one.paper, one.cells["words"]))
    seen = {endpoint for _, _, endpoint in told} | {endpoint for _, endpoint in silent}
    endpoints = tuple(code for code in ENDPOINTS if code in seen)
    lines = [
        Line(
            study,
            label,
            tuple(_cell(told.get((name, arm, e), []), silent.get((name, e), [])) for e in endpoints),
        )
        for name, study in sorted(studies.items())
        for arm, label in sorted((arms[name] or {"": ""}).items())
    ]
    return Grid(endpoints, tuple(lines))


def _cell(told: list[tuple[str, bool]], silent: list[tuple[str, str]]) -> Cell:
    papers = tuple(sorted({paper for paper, _ in told}))
    if any(number for _, number in told):
        return Cell("reported", len(told), papers)
    if told:
        return Cell("not reached", len(told), papers)
    if silent:
        words = {said for _, said in silent}
        state = "not mature" if "not mature" in words else "not reported"
        return Cell(state, 0, tuple(sorted({paper for paper, _ in silent})))
    return Cell("not found")
