"""One paper, all the way: read, bind, check, tabulate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from isa_extract.binding.assemble import extract
from isa_extract.checking import check
from isa_extract.checking.scans import mark_scanned
from isa_extract.evidence.table import evidence_table, trials_table
from isa_extract.reading import Limits, Reader
from isa_extract.reading.child import More
from isa_extract.reading.files import read_with
from isa_extract.records import Finding, Paper, Study


@dataclass(frozen=True, slots=True, eq=False)
class PaperResult:
    """What one paper gave; can be pickled.

    ``evidence`` and ``trials`` are its rows of the two tables, all cells text.
    """

    paper: Paper
    studies: tuple[Study, ...]
    findings: tuple[Finding, ...]
    evidence: pd.DataFrame
    trials: pd.DataFrame


def extract_paper(path: Path, doc_id: str, limits: Limits | None = None) -> PaperResult:
    """Work one paper through, its PDF parsed in a child process.

    Raises:
        PaperError: with the reason, if it cannot be read.
    """
    with Reader(limits) as reader:
        return extract_with(reader, path, doc_id)


def extract_with(reader: Reader, path: Path, doc_id: str, more: More | None = None) -> PaperResult:
    """Work one paper through with a reader that has served others.

    Args:
        more: told whenever the paper gets more time to be read than the limit says.

    Raises:
        PaperError: with the reason, if it cannot be read.
    """
    return tabulated(read_with(reader, path, doc_id, more))


def tabulated(paper: Paper) -> PaperResult:
    """What a paper that has been read gives."""
    extraction = extract(paper)
    findings = mark_scanned(check(extraction.findings), paper)
    return PaperResult(
        paper=paper,
        studies=extraction.studies,
        findings=findings,
        evidence=evidence_table(paper, findings),
        trials=trials_table(paper, extraction.studies),
    )
