"""A run as one self-contained page: no network, no fonts or scripts from elsewhere, the same bytes
for the same input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from isa_extract.pages import environment, printable, write_whole
from isa_extract.records import Paper
from isa_extract.report import crops as pictures
from isa_extract.report import words
from isa_extract.report.coverage import Coverage, coverage
from isa_extract.report.flagged import Disagreement, disagreements
from isa_extract.report.forest import Forest, forests
from isa_extract.report.panels import Panel, panels, unplaced
from isa_extract.report.quote import Quote, quote
from isa_extract.report.rows import Row, StudyView, endpoint_rank, evidence_rows, studies_by_paper

_REST: Final = (
    "phase", "population", "arm_drugs", "arm_role", "comparator_drugs", "ci_level", "followup", "citations",
)  # fmt: skip
"""Columns that a row's details list as they are; the others are said in the row or in words."""


@dataclass(frozen=True, slots=True)
class _PaperView:
    """All that the page shows of one paper."""

    index: int
    doc_id: str
    source: str
    notices: tuple[str, ...]
    studies: list[StudyView]
    forests: list[Forest]
    panels: list[Panel]
    unplaced: int
    coverage: Coverage
    rows: int
    flagged: int


def write_report(
    path: Path,
    papers: Sequence[Paper],
    evidence: pd.DataFrame,
    trials: pd.DataFrame,
    run: Mapping[str, object],
    *,
    crops: bool = False,
) -> None:
    """Write the page, whole or not at all.

    Raises:
        OutputError: if the file cannot be written.
    """
    write_whole(path, render_report(papers, evidence, trials, run, crops=crops))


def render_report(
    papers: Sequence[Paper],
    evidence: pd.DataFrame,
    trials: pd.DataFrame,
    run: Mapping[str, object],
    *,
    crops: bool = False,
) -> str:
    """The page as HTML.

    Args:
        papers: the papers read; one whose rows are in the tables may be missing, its sentences are then
            all that is shown of it.
        evidence: in the columns of ``evidence.csv``.
        trials: in the columns of ``trials.csv``.
        run: of it the page shows, where present, ``version``, ``rulebook`` (the fingerprint) and
            ``failures``: each a text, or a mapping with ``source``, ``reason`` and ``remedy``.
        crops: whether rows show a small picture of their place, where the PDF is still readable.
    """
    rows = evidence_rows(evidence)
    studies = studies_by_paper(rows, trials)
    by_id = {paper.doc_id: paper for paper in papers}
    views = [
        _paper(i, doc_id, by_id.get(doc_id), studies.get(doc_id, []))
        for i, doc_id in enumerate(dict.fromkeys([*by_id, *studies]), 1)
    ]
    templates = environment("isa_extract.report")
    templates.tests["chinese"] = words.has_han
    page = templates.get_template("report.html").render(
        words=words,
        papers=views,
        rows=_lines(rows, views, by_id, pictures.crops(rows, papers) if crops else {}),
        choices=_choices(rows, views),
        flagged=_flagged(views),
        failures=_failures(run.get("failures")),
        version=str(run.get("version") or ""),
        rulebook=str(run.get("rulebook") or ""),
        studies=sum(len(view.trials) for paper in views for view in paper.studies),
        armed=sum(1 for row in rows if row["arm"]),
    )
    return printable(page)


def _paper(index: int, doc_id: str, paper: Paper | None, studies: list[StudyView]) -> _PaperView:
    rows = [row for study in studies for row in study.rows]
    return _PaperView(
        index=index,
        doc_id=doc_id,
        source=paper.source if paper else "",
        notices=paper.notices if paper else (),
        studies=studies,
        forests=forests(studies),
        panels=panels(studies),
        unplaced=unplaced(studies),
        coverage=coverage(studies),
        rows=len(rows),
        flagged=sum(1 for row in rows if row.flags),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the evidence table as the page shows it; `keys` are what the filters choose by."""

    row: Row
    study: StudyView
    quote: Quote
    picture: str
    keys: Mapping[str, str]
    rank: int
    wrong: list[Disagreement]

    @property
    def rest(self) -> list[tuple[str, str]]:
        """Columns told as they are: their name in words, their cell."""
        return [(column.replace("_", " "), self.row[column]) for column in _REST if self.row[column]]


def _lines(
    rows: list[Row], views: list[_PaperView], papers: Mapping[str, Paper], shots: Mapping[int, str]
) -> list[_Line]:
    places = {row.number: (view, study) for view in views for study in view.studies for row in study.rows}
    arms, endpoints = _arms(rows), _endpoints(rows)
    wrong: dict[int, list[Disagreement]] = {}
    for _, one in _flagged(views):
        wrong.setdefault(one.row.number, []).append(one)
    lines = []
    for row in rows:
        view, study = places[row.number]
        sides = [str(arms.index(row[side])) for side in ("arm", "comparator") if row[side]]
        keys = {
            "paper": str(view.index),
            "study": str(study.index),
            "arm": " ".join(sides or ["none"]),
            "endpoint": str(endpoints.index(row["endpoint"])),
            "flag": " ".join(["any", *row.flags] if row.flags else ["none"]),
        }
        said = quote(row, papers.get(row["doc_id"]))
        picture = shots.get(row.number, "")
        rank = endpoint_rank(row["endpoint"])
        lines.append(_Line(row, study, said, picture, keys, rank, wrong.get(row.number, [])))
    return lines


def _choices(rows: list[Row], views: list[_PaperView]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: value and label."""
    several = len(views) > 1
    studies = [
        (str(study.index), f"{study.label} ({view.doc_id})" if several else study.label)
        for view in views
        for study in view.studies
        if study.rows
    ]
    flags = sorted({flag for row in rows for flag in row.flags})
    return {
        "paper": [(str(view.index), view.doc_id) for view in views if view.rows] if several else [],
        "study": studies,
        "arm": [("none", "no arm")] * (not all(row["arm"] for row in rows))
        + sorted(((str(i), arm) for i, arm in enumerate(_arms(rows))), key=lambda one: one[1].casefold()),
        "endpoint": [(str(i), words.endpoint_name(code)) for i, code in enumerate(_endpoints(rows))],
        "flag": [("any", "flagged"), ("none", "not flagged")]
        + [(flag, words.flag_words(flag).title) for flag in flags],
    }


def _arms(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(row[side] for row in rows for side in ("arm", "comparator") if row[side]))


def _endpoints(rows: list[Row]) -> list[str]:
    return sorted({row["endpoint"] for row in rows}, key=lambda code: (endpoint_rank(code), code))


def _flagged(views: list[_PaperView]) -> list[tuple[_PaperView, Disagreement]]:
    return [(view, one) for view in views for one in disagreements(view.studies)]


def _failures(told: object) -> list[tuple[str, str, str]]:
    """Each failure as source, reason, remedy."""
    if not isinstance(told, (list, tuple)):
        return []
    return [
        (str(one.get("source", "")), str(one.get("reason", "")), str(one.get("remedy", "")))
        if isinstance(one, Mapping)
        else ("", str(one), "")
        for one in told
    ]
