"""Bringing an evidence store up to date: which papers are new or changed, worked through, put in one by one.

What a paper gave is known by its bytes and by the fingerprints of what read and bound it. A paper whose
reading still holds but whose rules are old is bound anew from the text that the store kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from sqlalchemy import select

from isa_extract.errors import PaperError
from isa_extract.evidence.merge import Change
from isa_extract.evidence.statements import about, statements
from isa_extract.evidence.store import Known, Landed, Landing, Store, known_papers, land, open_store
from isa_extract.evidence.store.landing import next_batch
from isa_extract.evidence.store.locks import holder
from isa_extract.evidence.store.schema import paper_text
from isa_extract.pipeline.batch import Progress, papers_in, silent, worker_count
from isa_extract.pipeline.fingerprints import binding_key, reading_key
from isa_extract.pipeline.workers import Workers
from isa_extract.reading import Limits

READ, BIND, MOVE = "read", "bind", "move"
DEFAULT_WAIT: Final = 10.0
"""Seconds to wait for another update of the same store."""


@dataclass(frozen=True, slots=True)
class Job:
    """A paper that is to be worked through.

    Attributes:
        path: its file.
        name: its ``doc_id`` in the store.
        work: ``read`` it, only ``bind`` what was read, or note that its file was ``move``d.
        was: how the store knows it; None for a new one.
    """

    path: Path
    name: str
    work: str
    was: Known | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update has to do, in the order in which it goes in, and what it need not do.

    ``same`` are the names of papers with nothing new; ``copies`` pairs of paths with the same bytes.
    """

    jobs: tuple[Job, ...]
    same: tuple[str, ...]
    copies: tuple[tuple[Path, Path], ...]
    failures: tuple[PaperError, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did.

    ``landed`` has each paper that went in, in order, with what that changed.
    """

    plan: Plan
    landed: tuple[tuple[Job, Landed], ...]
    failures: tuple[PaperError, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """All of them, paper by paper."""
        return tuple(change for _, landed in self.landed for change in landed.changes)

    @property
    def did_nothing(self) -> bool:
        """Whether nothing went in."""
        return not self.landed


def update_store(
    store: str | Path,
    inputs: Sequence[Path],
    *,
    progress: Progress | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
    wait: float = DEFAULT_WAIT,
) -> UpdateReport:
    """Bring a store up to date; it is made if it is not there.

    Args:
        store: path or URL.
        inputs: papers and folders of papers; none means the papers that the store knows.
        progress: told how far it is.
        workers: papers at a time.
        limits: of reading.
        wait: seconds to wait for another update of this store.

    Raises:
        StoreError: if the store cannot be used, or another update holds it.
    """
    tell = progress or silent
    with open_store(store, create=True) as opened, opened.update_lock(holder(), wait):
        plan = planned(opened, inputs)
        failures = list(plan.failures)
        landed: list[tuple[Job, Landed]] = []
        batch = next_batch(opened)
        tell(0, len(plan.jobs), "")
        with Workers(worker_count(len(plan.jobs), workers), limits) as crew:
            for done, (job, outcome) in enumerate(_outcomes(opened, crew, plan.jobs), 1):
                if isinstance(outcome, PaperError):
                    failures.append(outcome)
                else:
                    landed.append((job, land(opened, outcome, batch=batch, who=holder())))
                tell(done, len(plan.jobs), str(job.path))
    return UpdateReport(plan, tuple(landed), tuple(failures))


# ------------------------------------------------------------------------------------------- what to do


def planned(store: Store, inputs: Sequence[Path]) -> Plan:
    """What has to be done to know these papers as they are now."""
    with store.read() as connection:
        known = known_papers(connection)
    papers = papers_in(inputs) if inputs else [(Path(k.source), k.name) for k in known]
    by_source = {k.source: k for k in known}
    by_bytes = {k.sha256: k for k in known}
    taken = {k.name for k in known}
    jobs: list[Job] = []
    same: list[str] = []
    copies: list[tuple[Path, Path]] = []
    failures: list[PaperError] = []
    first: dict[str, Path] = {}
    folders: dict[Path, Path] = {}
    for path, doc_id in sorted(papers, key=lambda one: one[1]):
        source, digest = _resolved(path, folders), _digest(path)
        if digest and digest in first:
            copies.append((path, first[digest]))
            continue
        first[digest] = path
        was = by_source.get(source) or (by_bytes.get(digest) if digest else None)
        if was is not None and not inputs and not digest and was.reading_key == reading_key():
            digest = was.sha256  # the file is gone, and its text is kept
        if was is None:
            name = _free_name(path, doc_id, taken)
            taken.add(name)
            jobs.append(Job(path, name, READ))
        elif not inputs and not digest:
            failures.append(
                PaperError(was.source, "no such file any more", "put it back; its rows stay as they are")
            )
        elif was.sha256 != digest or was.reading_key != reading_key():
            jobs.append(Job(path, was.name, READ, was))
        elif was.binding_key != binding_key():
            jobs.append(Job(path, was.name, BIND, was))
        elif was.source != source and not Path(was.source).exists():
            jobs.append(Job(path, was.name, MOVE, was))
        elif was.source != source:
            copies.append((path, Path(was.source)))
        else:
            same.append(was.name)
    jobs.sort(key=lambda job: job.name)
    return Plan(tuple(jobs), tuple(same), tuple(copies), tuple(failures))


def _resolved(path: Path, folders: dict[Path, Path]) -> str:
    """The path without links; each folder is looked up once, for there may be thousands of papers in it."""
    if path.is_symlink():
        return str(path.resolve())
    if path.parent not in folders:
        folders[path.parent] = path.parent.resolve()
    return str(folders[path.parent] / path.name)


def _digest(path: Path) -> str:
    """Of the file's bytes; empty where it cannot be read, for reading it will say why."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _free_name(path: Path, doc_id: str, taken: Iterable[str]) -> str:
    """The ``doc_id``, with folders before it or a number behind it where another paper has it."""
    names = set(taken)
    folders = [part for part in path.resolve().parts[:-1] if part != path.resolve().anchor]
    name = doc_id
    for depth in range(1, len(folders) + 1):
        if name not in names:
            return name
        name = "/".join([*folders[-depth:], path.stem])
    number = 2
    while name in names:
        name, number = f"{doc_id} ({number})", number + 1
    return name


# ---------------------------------------------------------------------------------------------- the work


def _outcomes(store: Store, crew: Workers, jobs: Sequence[Job]) -> Iterator[tuple[Job, Landing | PaperError]]:
    """Each job's outcome, in the order of the jobs, whichever is done first."""
    pool = ThreadPoolExecutor(crew.count)
    try:
        futures = [(job, pool.submit(worked, store, crew, job)) for job in jobs]
        futures.reverse()
        while futures:  # not kept once it has been put in: a batch need not hold all papers
            job, future = futures.pop()
            yield job, future.result()
    except BaseException:
        crew.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def worked(store: Store, crew: Workers, job: Job) -> Landing | PaperError:
    """A job done, ready to be put in; an error of the paper as a value."""
    stored = None
    if job.was is not None and job.work != READ:
        with store.read() as connection:
            kept = select(paper_text.c.data).where(
                paper_text.c.sha256 == job.was.sha256, paper_text.c.reading_key == reading_key()
            )
            stored = connection.scalar(kept)
    try:
        done = crew.extract_kept(job.path, job.name, stored)
    except PaperError as error:
        return error
    result = done.result
    told = statements(
        result.paper, result.studies, result.findings, result.evidence, done.silences, rulebook=binding_key()
    )
    return Landing(
        name=job.name,
        source=str(job.path.resolve()),
        sha256=result.paper.sha256,
        reading_key=reading_key(),
        binding_key=binding_key(),
        statements=told,
        about=about(result.paper)
        | ({"notices": "; ".join(notices)} if (notices := result.paper.notices) else {}),
        text=done.text,
    )


__all__ = ["DEFAULT_WAIT", "Job", "Plan", "UpdateReport", "planned", "update_store", "worked"]
