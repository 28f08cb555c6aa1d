"""Many papers: found, worked through by a few children at a time, put together in the order given."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from isa_extract.errors import PaperError
from isa_extract.evidence.table import evidence_table, trials_table
from isa_extract.pipeline.outputs import TEXTS, ready, was_written_here, write_outputs
from isa_extract.pipeline.paper import PaperResult
from isa_extract.pipeline.workers import Workers
from isa_extract.reading import Limits, find_papers
from isa_extract.records import Paper
from isa_extract.rules.rulebook import rulebook

DEFAULT_WORKERS = 2

Progress = Callable[[int, int, str], None]
"""Told how many papers are done, how many there are, and which was done last (empty at the start)."""


@dataclass(frozen=True, slots=True, eq=False)
class RunReport:
    """What a batch gave: a result or an error for each paper, both in the order of the inputs."""

    results: tuple[PaperResult, ...]
    failures: tuple[PaperError, ...]

    @classmethod
    def of(cls, outcomes: Sequence[PaperResult | PaperError]) -> RunReport:
        """Results and errors told apart; a copy of a paper gets ids of its own."""
        results = [o for o in outcomes if isinstance(o, PaperResult)]
        originals = {r.paper.sha256: r for r in reversed(results)}
        return cls(
            tuple(r if originals[r.paper.sha256] is r else _copy(r) for r in results),
            tuple(o for o in outcomes if isinstance(o, PaperError)),
        )

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers that were read."""
        return tuple(r.paper for r in self.results)

    @property
    def evidence(self) -> pd.DataFrame:
        """The rows of all papers."""
        return _joined([r.evidence for r in self.results], evidence_table(_NOTHING, ()))

    @property
    def trials(self) -> pd.DataFrame:
        """The studies of all papers."""
        return _joined([r.trials for r in self.results], trials_table(_NOTHING, ()))

    def as_json(self) -> dict[str, Any]:
        """What ``run.json`` holds: no time, no machine, so that the same input gives the same bytes."""
        flags = Counter(flag for r in self.results for f in r.findings for flag in f.flags)
        return {
            "version": version("isa-extract"),
            "rulebook": rulebook().fingerprint,
            "inputs": [_told(r) for r in self.results],
            "failures": [{"source": e.source, "reason": e.reason, "remedy": e.remedy} for e in self.failures],
            "counts": {
                "papers": len(self.results),
                "failed": len(self.failures),
                "studies": sum(len(r.trials) for r in self.results),
                "rows": sum(len(r.evidence) for r in self.results),
                "flagged_rows": sum(1 for r in self.results for f in r.findings if f.flags),
                "flags": dict(sorted(flags.items())),
            },
        }


def _copy(result: PaperResult) -> PaperResult:
    """The same with ids that its doc_id has a say in: one table may not have an id twice."""
    told = [f"{given}\x1f{result.paper.doc_id}" for given in result.evidence["evidence_id"]]
    ids = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in told]
    return replace(result, evidence=result.evidence.assign(evidence_id=ids))


_NOTHING = Paper(doc_id="", source="", sha256="", text="")


def _joined(tables: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    filled = [t for t in tables if len(t)]
    return pd.concat(filled, ignore_index=True) if filled else empty


def _told(result: PaperResult) -> dict[str, Any]:
    paper = result.paper
    return {
        "doc_id": paper.doc_id,
        "source": paper.source,
        "sha256": paper.sha256,
        "pages": len(paper.pages),
        "studies": len(result.trials),
        "rows": len(result.evidence),
        "notices": list(paper.notices),
    }


def papers_in(inputs: Sequence[Path]) -> list[tuple[Path, str]]:
    """The papers that the inputs name, each with its ``doc_id``.

    In a folder, the texts and the report that an earlier run wrote are no papers.
    """
    kept: list[Path] = []
    bare: list[Path] = []
    for given in inputs:
        members = [path for path, _ in find_papers([given])]
        own = [path for path in members if path == given or not was_written_here(path, given)]
        (kept if own else bare).extend(own or [given])
    return find_papers(kept) + [(folder, folder.name) for folder in bare]


def extract_papers(
    inputs: Sequence[Path],
    out: Path,
    *,
    progress: Progress | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
) -> RunReport:
    """Work all papers through and write the tables, the report and the run's record into ``out``.

    A paper that cannot be read is a failure in the report and stops no other.

    Raises:
        OutputError: if ``out`` cannot be written; told before any paper is read where it can be.
    """
    ready(out)
    papers = papers_in(inputs)
    with Workers(worker_count(len(papers), workers), limits) as crew:
        run = RunReport.of(list(_worked(crew, papers, progress or silent)))
    write_outputs(out, run)
    return run


def worker_count(papers: int, wanted: int | None = None) -> int:
    """How many children to use: never more than there are papers, two unless told."""
    return max(1, min(papers, wanted or min(DEFAULT_WORKERS, os.cpu_count() or 1)))


def outcome(crew: Workers, path: Path, doc_id: str) -> PaperResult | PaperError:
    """A paper's result, or its error as a value."""
    try:
        return crew.extract(path, doc_id)
    except PaperError as error:
        return error


def _worked(
    crew: Workers, papers: Sequence[tuple[Path, str]], progress: Progress
) -> Iterator[PaperResult | PaperError]:
    progress(0, len(papers), "")
    pool = ThreadPoolExecutor(crew.count)
    try:
        futures: dict[Future[PaperResult | PaperError], str] = {
            pool.submit(outcome, crew, path, doc_id): str(path) for path, doc_id in papers
        }
        for done, future in enumerate(as_completed(futures), 1):
            progress(done, len(papers), futures[future])
        yield from (future.result() for future in futures)
    except BaseException:
        crew.close()  # else the threads would go on waiting for their children
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def silent(done: int, total: int, name: str) -> None:
    """Tells nobody."""


__all__ = ["TEXTS", "Progress", "RunReport", "extract_papers", "outcome", "papers_in", "worker_count"]
