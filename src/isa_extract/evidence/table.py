"""Findings and studies as the rows of ``evidence.csv`` and ``trials.csv``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from isa_extract.records import Arm, Finding, Paper, Study
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS, UNSPELT

TEXT: Final = pd.StringDtype("python", na_value=np.nan)
"""All cells are text; kept by Python, for Arrow refuses the lone surrogates that some PDFs give."""


def evidence_table(paper: Paper, findings: Iterable[Finding]) -> pd.DataFrame:
    """One row per finding, all cells text, columns in the contract's order."""
    rows = [_row(paper, f) for f in findings]
    return pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS), dtype=TEXT)


def trials_table(paper: Paper, studies: Iterable[Study]) -> pd.DataFrame:
    """One row per study told of."""
    rows = [_trial(paper, s) for s in studies]
    return pd.DataFrame(rows, columns=list(TRIAL_COLUMNS), dtype=TEXT)


def _row(paper: Paper, f: Finding) -> dict[str, str]:
    page = paper.page_at(f.span.start)
    box = paper.box_of(f.span)
    row = {
        "doc_id": paper.doc_id,
        "trial_id": f.study.trial_id,
        "trial_name": f.study.trial_name,
        "phase": f.study.phase,
        "population": f.study.population,
        "arm": f.arm.label if f.arm else "",
        "arm_drugs": _drugs(f.arm),
        "arm_role": f.arm.role if f.arm else "",
        "comparator": f.comparator.label if f.comparator else "",
        "comparator_drugs": _drugs(f.comparator),
        "endpoint": f.endpoint,
        "endpoint_term": f.endpoint_term,
        "statistic": f.statistic,
        "value": f.value,
        "unit": f.unit,
        "qualifier": f.qualifier,
        "ci_low": f.ci_low,
        "ci_high": f.ci_high,
        "ci_level": f.ci_level,
        "p_value": f.p_value,
        "n": f.n,
        "N": f.N,
        "timepoint": f.timepoint,
        "followup": f.followup,
        "subgroup": f.subgroup,
        "stage": f.stage,
        "threshold": f.threshold,
        "grade": f.grade,
        "citations": ";".join(map(str, f.citations)),
        "lang": f.lang,
        "page": str(page.number) if page else "",
        "bbox": str(box) if box else "",
        "char_start": str(f.span.start),
        "char_end": str(f.span.end),
        "value_text": paper.text[f.span.start : f.span.end],
        "sentence": f.sentence,
        "binding": f.binding,
        "flags": ";".join(f.flags),
    }
    return {"evidence_id": _identity(paper, row), **row}


def _identity(paper: Paper, row: dict[str, str]) -> str:
    """The same file, span and reading always give the same id."""
    told = [paper.sha256, row["char_start"], row["char_end"]]
    told += [
        row[c]
        for c in (
            "trial_id",
            "trial_name",
            "arm",
            "endpoint",
            "endpoint_term",
            "statistic",
            "timepoint",
            "subgroup",
            "grade",
        )
    ]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:16]


def _drugs(arm: Arm | None) -> str:
    """Empty too where a part of the regimen is not spelt out ('nivolumab plus chemotherapy') or has no INN here."""
    told = arm is not None and UNSPELT.isdisjoint(arm.drugs) and all(d.isascii() for d in arm.drugs)
    return "+".join(arm.drugs) if arm is not None and told else ""


def _trial(paper: Paper, s: Study) -> dict[str, str]:
    page = paper.page_at(s.place)
    return {
        "doc_id": paper.doc_id,
        "trial_id": s.trial_id,
        "trial_name": s.trial_name,
        "phase": s.phase,
        "design": ";".join(s.design),
        "population": s.population,
        "n_enrolled": s.n_enrolled,
        "arms": ";".join(a.label for a in s.arms),
        "dose": s.dose,
        "citations": ";".join(map(str, s.citations)),
        "page": str(page.number) if page else "",
    }
