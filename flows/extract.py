"""The main job as a Prefect flow: a folder of papers to a scored evidence table.

    python flows/extract.py corpus --out out/demo --gold gold/corpus/evidence.csv

Thin on purpose: what is done is done by ``isa_extract``, which knows nothing of Prefect.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

# Prefect reads its settings when it is imported: nothing leaves the machine, state stays in the project
os.environ.setdefault("PREFECT_HOME", str(Path.cwd() / ".prefect"))
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "90")
if __name__ == "__main__":  # what went wrong is printed at the end, a line for each paper
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")

from prefect import flow, task, unmapped
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, as_completed
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Failed
from prefect.task_runners import ThreadPoolTaskRunner
from rich.console import Console

from isa_extract.console import printer, progress_bar, show_evidence, show_run
from isa_extract.errors import IsaExtractError, PaperError
from isa_extract.pipeline import (
    PaperResult,
    RunReport,
    Workers,
    outcome,
    papers_in,
    ready,
    worker_count,
    write_outputs,
)
from isa_extract.reading import Limits
from isa_extract.scoring.compare import LEVELS
from isa_extract.scoring.gold import load_evidence, load_gold, load_trials, read_texts
from isa_extract.scoring.report import show
from isa_extract.scoring.score import Score, score
from isa_extract.scoring.trials import TrialsScore, score_trials

Scores = tuple[Score, TrialsScore | None]
"""The score of the evidence, and of the trials where the gold folder has a table of them."""

_LIMITS = (
    ("memory-gb", "GB", "memory that parsing a paper may take (default: 2)"),
    ("seconds", "S", "time that parsing a paper may take (default: 120)"),
    ("file-mb", "MB", "size of a file (default: 300)"),
    ("pages", "N", "pages of a paper (default: 2000)"),
    ("page-chars", "N", "characters of a page (default: 60000)"),
    ("scans", "N", "pages of a paper that are read by OCR (default: 100)"),
)

# threads that only wait: how many papers are worked on at a time is the crew's affair
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=8)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="{doc_id}")
def extract_one(crew: Workers, path: Path, doc_id: str) -> Any:
    """One paper; one that cannot be read is a failed task, and its error the task's result."""
    result = outcome(crew, path, doc_id)
    return Failed(message=str(result), data=result) if isinstance(result, PaperError) else result


@task(cache_policy=NO_CACHE, persist_result=False)
def score_run(out: Path, gold: Path) -> Scores:
    """What was written, read back and scored on the papers that the gold table names."""
    truth, texts = load_gold(gold), read_texts(out / "texts")
    evidence = score(truth, load_evidence([out / "evidence.csv"], truth, texts), only_gold_papers=True)
    beside = gold.with_name("trials.csv")
    if not beside.exists():
        return evidence, None
    trials = load_trials(beside)
    return evidence, score_trials(trials, load_trials(out / "trials.csv", trials))


@flow(name="extract", persist_result=False, task_runner=_RUNNER)
def extract_folder(
    inputs: list[Path],
    out: Path,
    gold: Path | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
) -> tuple[RunReport, Scores | None]:
    """Read every paper, write the tables into ``out``, score them where there is gold.

    One task per paper; a bad paper fails its own task and stops no other.

    Raises:
        OutputError: if ``out`` cannot be written.
        TableError: if the gold table is not valid; told before any paper is read.
    """
    ready(out)
    if gold is not None:
        load_gold(gold)
    papers = papers_in(inputs)
    with (
        Workers(worker_count(len(papers), workers), limits) as crew,
        progress_bar(Console(stderr=True)) as progress,
    ):
        futures = extract_one.map(unmapped(crew), [path for path, _ in papers], [name for _, name in papers])
        progress(0, len(papers), "")
        for done, _ in enumerate(as_completed(list(futures)), 1):
            progress(done, len(papers), "")
        outcomes = [_outcome(future) for future in futures]
    run = RunReport.of(outcomes)
    write_outputs(out, run)
    create_markdown_artifact(_summary(run), key="evidence-run", description="What the run read and found")
    if gold is None:
        return run, None
    scores = score_run(out, gold)
    create_table_artifact(_levels(scores[0]), key="evidence-score", description=f"Scored against {gold}")
    return run, scores


def _outcome(future: PrefectFuture[Any]) -> PaperResult | PaperError:
    result = future.result(raise_on_failure=False)
    if isinstance(result, PaperResult | PaperError):
        return result
    raise result  # not the paper's fault: a rulebook that is not valid, a slip of ours


def _summary(run: RunReport) -> str:
    lines = ["| paper | pages | studies | rows |", "|---|---:|---:|---:|"]
    told = run.as_json()
    lines += [f"| {i['doc_id']} | {i['pages']} | {i['studies']} | {i['rows']} |" for i in told["inputs"]]
    if run.failures:
        lines += ["", "Not read:", "", *(f"- {failure}" for failure in run.failures)]
    return "\n".join(lines)


def _levels(result: Score) -> list[dict[str, Any]]:
    rows = []
    for name in LEVELS:
        level = result.level(name)
        measures = {"precision": level.precision, "recall": level.recall, "F1": level.f1}
        counts = {"level": name, "right": level.tp, "predicted": level.predicted, "gold": level.gold}
        rows.append(counts | {key: round(value, 4) for key, value in measures.items()})
    return rows


def main() -> int:
    """Run the flow from the command line and print what it found; 0, 1 or 2 as `isa-extract extract`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help="papers, or folders of them")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="where the tables go")
    parser.add_argument("--gold", type=Path, metavar="GOLD.csv", help="what is true of some of the papers")
    parser.add_argument("--workers", type=int, metavar="N", help="papers at a time (default: 2)")
    for name, metavar, of_what in _LIMITS:
        parser.add_argument(
            f"--{name}", type=int if metavar == "N" else float, metavar=metavar, help=f"limit: {of_what}"
        )
    parser.add_argument("--rows", type=int, default=40, metavar="N", help="rows to print of each paper")
    given = parser.parse_args()
    limits = Limits.given(
        given.memory_gb, given.seconds, given.file_mb, given.pages, given.page_chars, given.scans
    )
    try:
        # the heartbeat's thread would keep a flow in this process waiting for a second
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            run, scores = extract_folder(given.inputs, given.out, given.gold, given.workers, limits)
    except IsaExtractError as error:
        print(error, file=sys.stderr)
        return 2
    console = printer()
    if run.results:
        show_evidence(console, run.evidence, given.rows)
    if scores:
        show(console, *scores)
    show_run(console, run, given.out)
    for failure in run.failures:
        print(failure, file=sys.stderr)
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
