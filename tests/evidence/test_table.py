"""The rows of the two tables: columns, ids, and cells that are the text they should be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.evidence.table import evidence_table, trials_table
from isa_extract.records import Arm, Finding, Page, Paper, Span, Study
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS

ISA_KD = Arm("Isa-Kd", ("carfilzomib", "dexamethasone", "isatuximab"), "experimental")
KD = Arm("Kd", ("carfilzomib", "dexamethasone"), "control")
IKEMA = Study(
    "NCT03275285",
    "IKEMA",
    "III",
    ("randomised", "open-label"),
    "RRMM",
    "302",
    (ISA_KD, KD),
    "10 mg/kg",
    (22, 23),
    0,
)
TEXT = "IKEMA: ORR 86.6% vs 82.9%\fPFS not reached"
PAPER = Paper("doc", "doc.txt", "ab" * 32, TEXT)
RATE = Finding(
    study=IKEMA,
    span=Span(11, 15),
    sentence=TEXT[:25],
    lang="en",
    endpoint="ORR",
    statistic="rate",
    value="86.6",
    unit="%",
    arm=ISA_KD,
    comparator=KD,
    ci_low="81.0",
    ci_high="91.0",
    ci_level="95",
    p_value="<0.001",
    n="155",
    N="179",
    citations=(22, 23),
    binding="order",
    flags=("n-over-N", "percent-unreachable"),
)


def row(finding: Finding = RATE, paper: Paper = PAPER) -> dict[str, Any]:
    (only,) = evidence_table(paper, [finding]).to_dict("records")
    return {str(name): value for name, value in only.items()}


def test_columns() -> None:
    assert list(evidence_table(PAPER, [RATE]).columns) == list(EVIDENCE_COLUMNS)
    assert list(evidence_table(PAPER, []).columns) == list(EVIDENCE_COLUMNS)
    assert list(trials_table(PAPER, [IKEMA]).columns) == list(TRIAL_COLUMNS)
    assert list(trials_table(PAPER, []).columns) == list(TRIAL_COLUMNS)


def test_a_row() -> None:
    made = row()
    assert made.pop("evidence_id")
    assert {name: value for name, value in made.items() if value} == {
        "doc_id": "doc", "trial_id": "NCT03275285", "trial_name": "IKEMA", "phase": "III", "population": "RRMM",
        "arm": "Isa-Kd", "arm_drugs": "carfilzomib+dexamethasone+isatuximab", "arm_role": "experimental",
        "comparator": "Kd", "comparator_drugs": "carfilzomib+dexamethasone", "endpoint": "ORR", "statistic": "rate",
        "value": "86.6", "unit": "%", "qualifier": "=", "ci_low": "81.0", "ci_high": "91.0", "ci_level": "95",
        "p_value": "<0.001", "n": "155", "N": "179", "citations": "22;23", "lang": "en", "char_start": "11",
        "char_end": "15", "value_text": "86.6", "sentence": "IKEMA: ORR 86.6% vs 82.9%", "binding": "order",
        "flags": "n-over-N;percent-unreachable",
    }  # fmt: skip


def test_a_trial() -> None:
    (made,) = trials_table(PAPER, [IKEMA]).to_dict("records")
    assert made == {
        "doc_id": "doc", "trial_id": "NCT03275285", "trial_name": "IKEMA", "phase": "III",
        "design": "randomised;open-label", "population": "RRMM", "n_enrolled": "302", "arms": "Isa-Kd;Kd",
        "dose": "10 mg/kg", "citations": "22;23", "page": "",
    }  # fmt: skip


def test_page_and_box() -> None:
    pages = (Page(1, Span(0, 26), 595, 842), Page(2, Span(26, len(TEXT)), 595, 842))
    boxes = np.full((len(TEXT), 4), np.nan, dtype=np.float32)
    boxes[30:34] = [[100 + 5 * i, 200, 105 + 5 * i, 210.04] for i in range(4)]
    paper = replace(PAPER, pages=pages, boxes=boxes)
    made = row(replace(RATE, span=Span(30, 34)), paper)
    assert (made["page"], made["bbox"]) == ("2", "100.0 200.0 120.0 210.0")
    assert row(RATE, paper)["page"] == "1"
    assert row(RATE, paper)["bbox"] == ""


def test_all_cells_are_text() -> None:
    bare = Finding(
        study=Study(), span=Span(0, 5), sentence="", lang="en", endpoint="OS", statistic="median", value=""
    )
    for table in (evidence_table(PAPER, [RATE, bare]), trials_table(PAPER, [IKEMA, Study()])):
        assert all(isinstance(cell, str) for cell in table.to_numpy().ravel())
        assert not table.isna().any().any()
        assert all(pd.api.types.is_string_dtype(kind) for kind in table.dtypes)


@pytest.mark.parametrize(
    "text", ["=SUM(A1)", "+1", "-3", "@x", "007", "1e5", "NA", "1.50", "line\nbreak", '"quoted"']
)
def test_nothing_is_mangled(text: str) -> None:
    """Guarding spreadsheets is the export's business; here a cell is what the paper says."""
    made = row(replace(RATE, sentence=text, endpoint_term=text, value=text))
    assert made["sentence"] == made["endpoint_term"] == made["value"] == text


def ids(*findings: Finding, paper: Paper = PAPER) -> list[str]:
    return list(evidence_table(paper, findings)["evidence_id"])


def test_ids_are_stable() -> None:
    other = replace(RATE, span=Span(20, 24), arm=KD, comparator=ISA_KD, value="82.9")
    assert ids(RATE, other) == ids(RATE, other)
    assert ids(other, RATE) == ids(RATE, other)[::-1]
    assert ids(RATE, paper=replace(PAPER, doc_id="moved", source="elsewhere.txt")) == ids(RATE)
    assert ids(replace(RATE, flags=(), p_value="")) == ids(RATE)


@pytest.mark.parametrize(
    "change",
    [
        {"span": Span(20, 24)},
        {"arm": KD},
        {"endpoint": "CR"},
        {"endpoint_term": "Diarrhea"},
        {"statistic": "count"},
        {"timepoint": "12 month"},
        {"subgroup": "age>=75"},
        {"grade": ">=3"},
        {"study": replace(IKEMA, trial_id="NCT00000001")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_ids_tell_rows_apart(change: dict[str, Any]) -> None:
    assert len(set(ids(RATE, replace(RATE, **change)))) == 2


def test_ids_tell_files_apart() -> None:
    assert ids(RATE) != ids(RATE, paper=replace(PAPER, sha256="cd" * 32))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.sampled_from([ISA_KD, KD, None]),
            st.sampled_from(["ORR", "CR", "AE"]),
            st.sampled_from(["", "Diarrhea", "Nausea"]),
            st.sampled_from(["", ">=3", "3-4"]),
        ),
        unique=True,
        max_size=20,
    )
)
def test_ids_are_unique(drawn: list[tuple[int, Arm | None, str, str, str]]) -> None:
    made = ids(
        *(
            replace(RATE, span=Span(at, at + 2), arm=arm, endpoint=endpoint, endpoint_term=term, grade=grade)
            for at, arm, endpoint, term, grade in drawn
        )
    )
    assert len(set(made)) == len(made)
