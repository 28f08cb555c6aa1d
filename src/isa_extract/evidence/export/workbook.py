"""The current table as a workbook: a sheet each for evidence, trials, conflicts, checks and coverage."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]

from isa_extract.evidence.across import REMARK_COLUMNS, remark_rows, remarks
from isa_extract.evidence.export.cells import harmless
from isa_extract.evidence.export.tables import (
    CONFLICT_COLUMNS,
    STUDY_COLUMNS,
    TABLE_COLUMNS,
    conflict_rows,
    coverage_rows,
    evidence_rows,
    study_rows,
)
from isa_extract.evidence.facts import Evidence
from isa_extract.evidence.store import Known

_WIDE: Final = {
    "sentence": 60,
    "other_sentence": 60,
    "sentences": 60,
    "what": 50,
    "note": 40,
    "arm": 18,
    "decision": 40,
}
_NUMBERS: Final = {
    "value",
    "ci_low",
    "ci_high",
    "ci_level",
    "n",
    "N",
    "other_value",
    "other_ci_low",
    "other_ci_high",
}
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,12})?")
_LIMIT: Final = 32_767  # characters that a cell may hold
_MADE: Final = datetime(2000, 1, 1)  # a file that says when it was made is never the same twice


def workbook(evidence: Evidence, papers: Mapping[str, Known]) -> bytes:
    """The workbook's bytes; the same evidence gives the same.

    Args:
        evidence: what stands.
        papers: those of the store, by name, for the links to their pages.
    """
    sources = {name: paper.source for name, paper in papers.items()}
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": _MADE, "title": "Evidence table"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
    link = book.add_format({"font_color": "#0B5394", "underline": 1})
    grid_columns, grid = coverage_rows(evidence)
    for name, columns, rows in (
        ("evidence", TABLE_COLUMNS, evidence_rows(evidence)),
        ("trials", STUDY_COLUMNS, study_rows(evidence)),
        ("conflicts", CONFLICT_COLUMNS, conflict_rows(evidence)),
        ("checks", REMARK_COLUMNS, remark_rows(remarks(evidence))),
        ("coverage", grid_columns, grid),
    ):
        _sheet(book, name, columns, rows, (head, link), sources)
    book.close()
    return out.getvalue()


def _sheet(
    book: Any,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    looks: tuple[Any, Any],
    sources: Mapping[str, str],
) -> None:
    head, link = looks
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 3 if name == "coverage" else 0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column, head)
        sheet.set_column(at, at, _WIDE.get(column, max(8, min(24, len(column) + 2))))
    for number, row in enumerate(rows, 1):
        for at, column in enumerate(columns):
            cell = row.get(column, "")[:_LIMIT]
            if column in ("page", "other_page") and cell:
                doc_id = row.get("other_doc_id" if column == "other_page" else "doc_id", "")
                _page(sheet, number, at, cell, sources.get(doc_id, ""), link)
            elif column in _NUMBERS and _NUMBER.fullmatch(cell):
                sheet.write_number(number, at, float(cell))
            elif cell:
                sheet.write_string(number, at, harmless(cell))
    if columns:
        sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)


def _page(sheet: Any, row: int, column: int, page: str, source: str, look: Any) -> None:
    """The page's number, and a link to it where the paper's file is known.

    A formula of ours, for xlsxwriter takes every ``file://`` for a path of Windows; Excel holds at most 255
    characters in a formula's text. The address is percent-encoded and has no quotes.
    """
    address = f"{Path(source).as_uri()}#page={page}" if Path(source).is_absolute() else ""
    if not address or len(address) > 255 or not page.isdecimal():
        sheet.write_string(row, column, page)
    else:
        sheet.write_formula(row, column, f'=HYPERLINK("{address}",{page})', look, int(page))
