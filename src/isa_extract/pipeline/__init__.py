"""From files to the evidence table, one paper or a batch; no Prefect, no terminal."""

from __future__ import annotations

from isa_extract.pipeline.batch import RunReport, extract_papers, outcome, papers_in, worker_count
from isa_extract.pipeline.outputs import ready, write_outputs
from isa_extract.pipeline.paper import PaperResult, extract_paper
from isa_extract.pipeline.workers import Workers

__all__ = [
    "PaperResult",
    "RunReport",
    "Workers",
    "extract_paper",
    "extract_papers",
    "outcome",
    "papers_in",
    "ready",
    "worker_count",
    "write_outputs",
]
