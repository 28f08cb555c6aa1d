"""Writing the current table in one of the formats, whole or not at all."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pandas as pd

from isa_extract.errors import OutputError
from isa_extract.evidence.across import REMARK_COLUMNS, remark_rows, remarks
from isa_extract.evidence.export.analysis import ANALYSIS_COLUMNS, REVMAN_COLUMNS, analysis_rows, revman_rows
from isa_extract.evidence.export.cells import csv_text
from isa_extract.evidence.export.ris import ris_text
from isa_extract.evidence.export.tables import (
    CONFLICT_COLUMNS,
    STUDY_COLUMNS,
    TABLE_COLUMNS,
    conflict_rows,
    coverage_rows,
    evidence_rows,
    study_rows,
)
from isa_extract.evidence.export.workbook import workbook
from isa_extract.evidence.facts import STANDINGS, Evidence
from isa_extract.evidence.store import Known
from isa_extract.vocabulary import ENDPOINTS, STATISTICS

_SAID_BY: Final = (
    *("evidence_id", "doc_id", "page", "bbox", "char_start", "char_end", "value_text", "sentence"),
)

Papers = Mapping[str, Known]
"""The papers of the store, by name."""


def _csv(evidence: Evidence, papers: Papers) -> bytes:
    return csv_text(TABLE_COLUMNS, evidence_rows(evidence)).encode("utf-8", "replace")


def _conflicts(evidence: Evidence, papers: Papers) -> bytes:
    return csv_text(CONFLICT_COLUMNS, conflict_rows(evidence)).encode("utf-8", "replace")


def _coverage(evidence: Evidence, papers: Papers) -> bytes:
    return csv_text(*coverage_rows(evidence)).encode("utf-8", "replace")


def _analysis(evidence: Evidence, papers: Papers) -> bytes:
    return csv_text(ANALYSIS_COLUMNS, analysis_rows(evidence)).encode("utf-8", "replace")


def _revman(evidence: Evidence, papers: Papers) -> bytes:
    return csv_text(REVMAN_COLUMNS, revman_rows(evidence)).encode("utf-8", "replace")


def _parquet(evidence: Evidence, papers: Papers) -> bytes:
    rows = [
        {k: v.encode("utf-8", "replace").decode() for k, v in row.items()} for row in evidence_rows(evidence)
    ]
    out = io.BytesIO()
    pd.DataFrame(rows, columns=list(TABLE_COLUMNS), dtype="str").to_parquet(out, index=False)
    return out.getvalue()


def _json(evidence: Evidence, papers: Papers) -> bytes:
    told = as_json(evidence)
    return (json.dumps(told, ensure_ascii=True, indent=1) + "\n").encode()


def _ris(evidence: Evidence, papers: Papers) -> bytes:
    return ris_text(evidence, papers).encode("utf-8", "replace")


def _xlsx(evidence: Evidence, papers: Papers) -> bytes:
    return workbook(evidence, papers)


def _schema(evidence: Evidence, papers: Papers) -> bytes:
    return (json.dumps(json_schema(), indent=1) + "\n").encode()


FORMATS: Final[dict[str, Callable[[Evidence, Papers], bytes]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "json": _json,
    "revman": _revman,
    "metafor": _analysis,
    "ris": _ris,
    "conflicts": _conflicts,
    "coverage": _coverage,
    "json-schema": _schema,
}
"""Those of the contract first; then ones for R, for reference managers, for people, and the schema of json."""


def as_json(evidence: Evidence) -> dict[str, Any]:
    """The whole of it: each value with all who say it, studies, conflicts, checks, coverage.

    ``json_schema`` describes it.
    """
    rows = evidence_rows(evidence)
    positions = [p for fact in evidence.facts for cut in fact.cuts for p in cut.positions]
    told = [
        row
        | {
            "said_by": [
                {
                    name: claim.row[name]
                    for name in ("evidence_id", "doc_id", "page", "bbox", "char_start", "char_end")
                }
                | {"value_text": claim.row["value_text"], "sentence": claim.row["sentence"]}
                for claim in position.claims
            ]
        }
        for row, position in zip(rows, positions, strict=True)
    ]
    return {
        "format": "isa-extract evidence 1",
        "version": version("isa-extract"),
        "evidence": told,
        "trials": study_rows(evidence),
        "conflicts": conflict_rows(evidence),
        "checks": remark_rows(remarks(evidence)),
        "coverage": coverage_rows(evidence)[1],
    }


def json_schema() -> dict[str, Any]:
    """What ``as_json`` gives, as a JSON Schema (2020-12)."""
    text = {"type": "string"}

    def table(columns: Sequence[str], **more: Any) -> dict[str, Any]:
        cells = dict.fromkeys(columns, text) | more
        row = {"type": "object", "properties": cells, "required": list(cells), "additionalProperties": False}
        return {"type": "array", "items": row}

    said_by = table(_SAID_BY)
    evidence = table(TABLE_COLUMNS, said_by=said_by | {"minItems": 1})
    cells = evidence["items"]["properties"]
    for column, codes in (("endpoint", ENDPOINTS), ("statistic", STATISTICS), ("standing", STANDINGS)):
        cells[column] = {"enum": list(codes)}
    cells["current"] = {"enum": ["yes", "no"]}
    told = {
        "format": {"const": "isa-extract evidence 1"},
        "version": text,
        "evidence": evidence,
        "trials": table(STUDY_COLUMNS),
        "conflicts": table(CONFLICT_COLUMNS),
        "checks": table(REMARK_COLUMNS),
        "coverage": {"type": "array", "items": {"type": "object", "additionalProperties": text}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The current evidence table of isa-extract",
        "type": "object",
        "properties": told,
        "required": list(told),
        "additionalProperties": False,
    }


def export(evidence: Evidence, form: str, out: Path, papers: Papers) -> None:
    """Write the evidence to ``out``; a file that was there is replaced whole or left alone.

    Args:
        evidence: what stands.
        form: one of ``FORMATS``.
        out: the file.
        papers: those of the store, by name.

    Raises:
        OutputError: if the file cannot be written.
    """
    data = FORMATS[form](evidence, papers)
    unfinished: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=".new-")
        unfinished = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        unfinished.chmod(0o666 & ~mask)
        unfinished.replace(out)
    except OSError as error:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        raise OutputError(f"{out}: cannot be written: {error.strerror} (give another --out)") from None
