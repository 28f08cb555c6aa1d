"""From files to the evidence table, one paper or a batch; no Prefect, no terminal."""

from __future__ import annotations

from isa_extract.pipeline.batch import RunReport, extract_papers, outcome, papers_in, worker_count
from isa_extract.pipeline.outputs import changes_folder, ready, write_changes, write_outputs
from isa_extract.pipeline.paper import PaperResult, extract_paper
from isa_extract.pipeline.update import UpdateReport, update_store
from isa_extract.pipeline.workers import Workers

__all__ = [
    "PaperResult",
    "RunReport",
    "UpdateReport",
    "Workers",
    "changes_folder",
    "extract_paper",
    "extract_papers",
    "outcome",
    "papers_in",
    "ready",
    "update_store",
    "worker_count",
    "write_changes",
    "write_outputs",
]
