"""What a run leaves in its folder: every file whole or not at all.

All files are written beside their places first and moved there once every one of them is on disk, so a
run that fails on the way leaves what an earlier run wrote. ``run.json`` is moved last.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from isa_extract.errors import OutputError
from isa_extract.evidence.export.cells import csv_text
from isa_extract.evidence.merge import CHANGE_COLUMNS
from isa_extract.evidence.store.database import file_of
from isa_extract.report import render_report
from isa_extract.report.changes import render_changes

if TYPE_CHECKING:
    import pandas as pd

    from isa_extract.pipeline.batch import RunReport
    from isa_extract.pipeline.update import UpdateReport

CHANGES, CHANGES_PAGE = "changes.csv", "changes.html"
EVIDENCE, TRIALS, REPORT, RUN, TEXTS = "evidence.csv", "trials.csv", "report.html", "run.json", "texts"


def ready(out: Path) -> None:
    """Make the folder if need be and see that files can be put there.

    Raises:
        OutputError: if they cannot.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=out, prefix=".try-")
        os.close(handle)
        Path(name).unlink()
    except FileExistsError:
        raise OutputError(f"{out}: is a file, not a folder (give another --out)") from None
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror} (give another --out)") from None


def write_outputs(out: Path, run: RunReport) -> None:
    """Write the run's files into ``out``.

    ``texts/DOC_ID.txt`` is each paper's text as read, which ``char_start`` and ``char_end`` count in. When
    no paper at all could be read, an earlier run's tables stay and only ``run.json`` is new.

    Raises:
        OutputError: if a file cannot be written; then none is.
    """
    told = run.as_json()
    spare = not run.results and (out / EVIDENCE).exists()
    with _staged() as staged:
        if not spare:
            for result in run.results:
                # written as bytes: a line end that is changed would move every offset behind it
                staged.put(out / TEXTS / f"{result.paper.doc_id}.txt", result.paper.text)
            evidence, trials = run.evidence, run.trials
            staged.put(out / TRIALS, _csv(trials))
            staged.put(out / EVIDENCE, _csv(evidence))
            staged.put(out / REPORT, render_report(run.papers, evidence, trials, told))
        staged.put(out / RUN, json.dumps(told, ensure_ascii=False, indent=2) + "\n")


def changes_folder(store: str) -> Path:
    """Beside a store that is a file; the current folder for one on a server."""
    path = file_of(store)
    return path.parent if path is not None else Path()


def write_changes(folder: Path, update: UpdateReport) -> None:
    """Write ``changes.csv`` and ``changes.html`` of an update that changed something.

    Raises:
        OutputError: if a file cannot be written; then none is.
    """
    rows = [change.cells() for change in update.changes]
    papers = [job.name for job, _ in update.landed]
    failures = [(f.source, f.reason, f.remedy) for f in update.failures]
    with _staged() as staged:
        staged.put(folder / CHANGES, csv_text(CHANGE_COLUMNS, rows))
        staged.put(folder / CHANGES_PAGE, render_changes(rows, papers, failures))


def written(out: Path) -> list[Path]:
    """The files of ``out`` that a run writes and that are there."""
    return [out / name for name in (EVIDENCE, TRIALS, REPORT, RUN, TEXTS) if (out / name).exists()]


def was_written_here(path: Path, root: Path) -> bool:
    """Whether a file below ``root`` is a text or report that an earlier run wrote beside its tables."""
    folders = path.parents[: len(path.relative_to(root).parts) - 1]
    beside = path.with_name(CHANGES)
    return (
        (path.name == CHANGES_PAGE and beside.exists())
        or (path.name == REPORT and _holds_run(path.parent))
        or any(folder.name == TEXTS and _holds_run(folder.parent) for folder in folders)
    )


def _holds_run(folder: Path) -> bool:
    return all((folder / name).exists() for name in (EVIDENCE, RUN))


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")


class _Staged:
    """Files written beside their places, to be moved there together."""

    def __init__(self) -> None:
        self.files: dict[Path, Path] = {}

    def put(self, path: Path, text: str) -> None:
        """Write the file that is to stand at ``path``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        self.files[path] = Path(name)
        with os.fdopen(handle, "wb") as file:
            # a lone surrogate, which some PDFs give, has no UTF-8; '?' keeps every offset
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())

    def commit(self) -> None:
        mask = os.umask(0)  # mkstemp's files are private; there is no other way to ask for the mask
        os.umask(mask)
        for temporary in self.files.values():
            temporary.chmod(0o666 & ~mask)
        for path, temporary in self.files.items():
            temporary.replace(path)

    def drop(self) -> None:
        for temporary in self.files.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def _staged() -> Iterator[_Staged]:
    staged = _Staged()
    try:
        yield staged
        staged.commit()
    except OSError as error:
        where = error.filename or "the output folder"
        raise OutputError(f"{where}: cannot be written: {error.strerror or error}") from None
    finally:
        staged.drop()
