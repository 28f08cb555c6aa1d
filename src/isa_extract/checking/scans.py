"""Which values were read by OCR: characters may be wrong that look right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from isa_extract.records import Finding, Paper

FLAG = "read-by-ocr"


def mark_scanned(findings: Sequence[Finding], paper: Paper) -> tuple[Finding, ...]:
    """The findings in the same order, those flagged whose value stands on a page that was read by OCR."""
    return tuple(_marked(finding, paper) for finding in findings)


def _marked(finding: Finding, paper: Paper) -> Finding:
    page = paper.page_at(finding.span.start)
    if page is None or not page.scanned:
        return finding
    return replace(finding, flags=tuple(sorted({*finding.flags, FLAG})))
