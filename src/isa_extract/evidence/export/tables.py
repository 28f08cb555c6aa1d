"""What is exported: the table of evidence, of studies, of conflicts, of coverage, as rows of text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from isa_extract.evidence.coverage import coverage
from isa_extract.evidence.decisions import Claim
from isa_extract.evidence.facts import Cut, Evidence, Fact, contradictions
from isa_extract.evidence.merge import SIDE_COLUMNS, SLOT_COLUMNS, conflict_note
from isa_extract.evidence.statements import Telling
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS

STANDING_COLUMNS: Final = ("fact_id", "study", "standing", "current", "papers", "decision", "note")
"""What the exported table has behind the columns of evidence.csv."""

TABLE_COLUMNS: Final = (*EVIDENCE_COLUMNS, *STANDING_COLUMNS)
STUDY_COLUMNS: Final = ("study", *TRIAL_COLUMNS[1:], "papers")
CONFLICT_COLUMNS: Final = (
    *("study", "trial_id", "trial_name", *SLOT_COLUMNS),
    *SIDE_COLUMNS,
    *(f"other_{name}" for name in SIDE_COLUMNS),
    *("note", "fact_id"),
)

Rows = list[dict[str, str]]


def evidence_rows(evidence: Evidence) -> Rows:
    """A row for each value of each cut of each fact: the most exact telling stands for all that agree."""
    return [
        _row(fact, cut, position.lead, position.papers)
        for fact in evidence.facts
        for cut in fact.cuts
        for position in cut.positions
    ]


def _row(fact: Fact, cut: Cut, lead: Claim, papers: Iterable[str]) -> dict[str, str]:
    note = lead.note
    if lead.newer is not None:
        newer = lead.newer.row
        told = newer["value"] or newer["qualifier"]
        note += f": {newer['arm'] or 'no arm'} {newer['endpoint']} {told}{newer['unit']}"
    decision = lead.decision
    return {name: lead.row[name] for name in EVIDENCE_COLUMNS} | {
        "fact_id": fact.id,
        "study": fact.study.key,
        "standing": cut.standing,
        "current": "yes" if cut is fact.latest else "no",
        "papers": ";".join(papers),
        "decision": f"{decision.id} {decision.action} by {decision.who}: {decision.why}" if decision else "",
        "note": note,
    }


def study_rows(evidence: Evidence) -> Rows:
    """A row for each study, in what its papers tell of it; figures that they tell otherwise are joined by ``;``."""
    tellings: defaultdict[str, list[Telling]] = defaultdict(list)
    studies = {study.key: study for study in evidence.studies.values()}
    for key, telling in evidence.told.items():
        tellings[evidence.studies[key].key].append(telling)
    rows = []
    for name, told in sorted(tellings.items()):
        study = studies[name]
        row = {column: _joined(t.cells[column] for t in told) for column in TRIAL_COLUMNS[1:]}
        row |= {"trial_id": study.trial_id, "trial_name": study.trial_name, "citations": "", "page": ""}
        row |= {"phase": study.phase, "population": study.population, "study": name}
        rows.append(row | {"papers": _joined(t.paper for t in told)})
    return rows


def _joined(values: Iterable[str]) -> str:
    parts = (part for value in values for part in value.split(";") if part)
    return ";".join(dict.fromkeys(parts))


def conflict_rows(evidence: Evidence) -> Rows:
    """A row for each two that contradict each other, both places in it."""
    rows = []
    for fact in evidence.facts:
        for cut in fact.cuts:
            if cut.standing != "conflict":
                continue
            for one, other in contradictions([c for p in cut.positions for c in p.claims]):
                row = {
                    "study": fact.study.key,
                    "trial_id": fact.study.trial_id,
                    "trial_name": fact.study.trial_name,
                }
                row |= {name: one.row[name] for name in (*SLOT_COLUMNS, *SIDE_COLUMNS)}
                row |= {f"other_{name}": other.row[name] for name in SIDE_COLUMNS}
                rows.append(row | {"note": conflict_note(one, other), "fact_id": fact.id})
    return rows


def coverage_rows(evidence: Evidence) -> tuple[tuple[str, ...], Rows]:
    """The columns and rows of the grid: how many values, else why there are none."""
    grid = coverage(evidence)
    rows = []
    for line in grid.lines:
        cells = {
            endpoint: f"reported ({cell.values})" if cell.state == "reported" else cell.state
            for endpoint, cell in zip(grid.endpoints, line.cells, strict=True)
        }
        rows.append({"study": line.study.key, "trial_name": line.study.trial_name, "arm": line.arm, **cells})
    return ("study", "trial_name", "arm", *grid.endpoints), rows
