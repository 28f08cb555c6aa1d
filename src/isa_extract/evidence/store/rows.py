"""Records as the text that the tables hold, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from isa_extract.evidence.decisions import Decision
from isa_extract.evidence.statements import Observation, Telling
from isa_extract.records import Arm


def as_json(told: object) -> str:
    """One spelling for one content, so that equal texts mean equal records; unpaired surrogates survive."""
    return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def arms_json(arms: tuple[Arm, ...]) -> str:
    """A study's arms."""
    return as_json([[arm.label, list(arm.drugs), arm.role] for arm in arms])


def arms_of(text: str) -> tuple[Arm, ...]:
    """And back."""
    return tuple(Arm(label, tuple(drugs), role) for label, drugs, role in json.loads(text))


def cells_of(text: str) -> dict[str, str]:
    """The cells of a row."""
    found: dict[str, str] = json.loads(text)
    return found


def target_json(decision: Decision) -> str:
    """What a decision is about."""
    told: dict[str, Any] = {"change": dict(decision.change), "studies": list(decision.studies)}
    told["known"] = [[paper, dict(row)] for paper, row in decision.known]
    if (o := decision.observation) is not None:
        told["observation"] = [o.paper, o.sha256, o.telling, o.place, dict(o.row), o.revision, o.rulebook]
    if (t := decision.telling) is not None:
        told["telling"] = [t.paper, t.ref, dict(t.cells), json.loads(arms_json(t.arms))]
    return as_json(told)


def decision_of(row: Mapping[str, Any]) -> Decision:
    """A decision from its row, joined to its revision."""
    told = json.loads(row["target"])
    observation = telling = None
    if "observation" in told:
        observation = Observation(*told["observation"])
    if "telling" in told:
        paper, ref, cells, arms = told["telling"]
        telling = Telling(paper, ref, cells, arms_of(json.dumps(arms)))
    one, other = told["studies"]
    return Decision(
        id=row["id"],
        action=row["action"],
        who=row["who"],
        when=row["at"],
        why=row["why"],
        revision=row["revision_id"],
        observation=observation,
        telling=telling,
        known=tuple((paper, cells) for paper, cells in told["known"]),
        change=told["change"],
        studies=(one, other),
        takes_back=row["takes_back"] or 0,
    )
