"""An evidence store brought up to date as a Prefect flow: what new and changed papers add or contradict.

    python flows/update.py papers --store out/evidence.db

Thin on purpose: what is done is done by ``isa_extract``, which knows nothing of Prefect. What has been read is
known from the store, never from Prefect.
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
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Failed
from prefect.task_runners import ThreadPoolTaskRunner
from rich.console import Console

from isa_extract.console import printer, progress_bar, show_update
from isa_extract.errors import IsaExtractError, PaperError
from isa_extract.evidence.store import Landed, Landing, Store, land, open_store
from isa_extract.evidence.store.landing import next_batch
from isa_extract.evidence.store.locks import holder
from isa_extract.pipeline import Workers, changes_folder, ready, worker_count, write_changes
from isa_extract.pipeline.update import DEFAULT_WAIT, Job, UpdateReport, planned, worked

# threads that only wait: how many papers are worked on at a time is the crew's affair
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=8)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="{job.name}")
def work_one(store: Store, crew: Workers, job: Job) -> Any:
    """One paper; one that cannot be read is a failed task, and its error the task's result."""
    result = worked(store, crew, job)
    return Failed(message=str(result), data=result) if isinstance(result, PaperError) else result


@flow(name="update", persist_result=False, task_runner=_RUNNER)
def update_evidence(
    store: str,
    inputs: list[Path],
    out: Path | None = None,
    workers: int | None = None,
    wait: float = DEFAULT_WAIT,
) -> UpdateReport:
    """Work through what is new or changed, put it into the store paper by paper, write what changed.

    One task per paper; a bad paper fails its own task and stops no other.

    Raises:
        StoreError: if the store cannot be used, or another update holds it.
        OutputError: if the changes cannot be written.
    """
    folder = out or changes_folder(store)
    ready(folder)
    with open_store(store, create=True) as opened, opened.update_lock(holder(), wait):
        plan = planned(opened, inputs)
        landed: list[tuple[Job, Landed]] = []
        failures = list(plan.failures)
        with (
            Workers(worker_count(len(plan.jobs), workers)) as crew,
            progress_bar(Console(stderr=True)) as progress,
        ):
            futures = work_one.map(unmapped(opened), unmapped(crew), list(plan.jobs))
            batch = next_batch(opened)
            progress(0, len(plan.jobs), "")
            for done, (job, future) in enumerate(zip(plan.jobs, futures, strict=True), 1):
                result: Any = future.result(raise_on_failure=False)
                if isinstance(result, Landing):
                    landed.append((job, land(opened, result, batch=batch, who=holder())))
                elif isinstance(result, PaperError):
                    failures.append(result)
                else:
                    raise result  # not the paper's fault: a rulebook that is not valid, a slip of ours
                progress(done, len(plan.jobs), str(job.path))
    report = UpdateReport(plan, tuple(landed), tuple(failures))
    if report.changes:
        write_changes(folder, report)
    create_markdown_artifact(_summary(report), key="evidence-update", description="What the update changed")
    return report


def _summary(report: UpdateReport) -> str:
    lines = ["| paper | changes |", "|---|---|"]
    for job, landed in report.landed:
        kinds = [change.kind for change in landed.changes]
        told = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
        lines.append(f"| {job.name} | {told or 'none'} |")
    if report.did_nothing:
        lines = [f"Nothing new: {len(report.plan.same)} papers are as the store knows them."]
    if report.failures:
        lines += ["", "Not read:", "", *(f"- {failure}" for failure in report.failures)]
    return "\n".join(lines)


def main() -> int:
    """Run the flow from the command line; 0, 1 or 2 as `isa-extract update`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="*", type=Path, metavar="INPUT", help="papers, or folders of them")
    parser.add_argument("--store", required=True, metavar="STORE", help="a file, or a postgresql:// URL")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where changes.csv goes (beside the store)")
    parser.add_argument("--workers", type=int, metavar="N", help="papers at a time (default: 2)")
    parser.add_argument(
        "--wait", type=float, default=DEFAULT_WAIT, metavar="SECONDS", help="for another update"
    )
    given = parser.parse_args()
    try:
        # the heartbeat's thread would keep a flow in this process waiting for a second
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            report = update_evidence(given.store, given.inputs, given.out, given.workers, given.wait)
    except IsaExtractError as error:
        print(error, file=sys.stderr)
        return 2
    show_update(printer(), report, given.out or changes_folder(given.store))
    for failure in report.failures:
        print(failure, file=sys.stderr)
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
