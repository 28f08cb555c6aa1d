"""What the commands and flows print: summaries and tables for people, by Rich."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from isa_extract.pipeline.outputs import CHANGES, CHANGES_PAGE, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from isa_extract.evidence.history import Revision
    from isa_extract.evidence.merge import Change
    from isa_extract.pipeline import RunReport, UpdateReport
    from isa_extract.pipeline.batch import Progress as Told


_HEADINGS = ("trial", "arm", "endpoint", "value", "95% CI", "p", "n/N", "for", "page", "flags")
_FOLD = ("trial", "arm", "endpoint", "for", "flags")


def printer() -> Console:
    """Standard output; wide enough for a table where it is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


@contextmanager
def progress_bar(console: Console) -> Iterator[Told]:
    """A bar on the console, gone when the work is done; nothing where it is no terminal."""
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    last = TextColumn("{task.description}")
    with Progress(*columns, last, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def told(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=Text(name).markup)

        yield told


def show_run(console: Console, run: RunReport, out: Path) -> None:
    """A line for each paper, what the checks found, and where the files are."""
    if run.results:
        console.print(_papers(run))
    for result in run.results:
        for notice in result.paper.notices:
            _line(console, f"{result.paper.doc_id}: {notice}")
    counts = run.as_json()["counts"]
    flags = ", ".join(f"{name} {count}" for name, count in counts["flags"].items())
    _line(
        console,
        f"{counts['rows']} rows of {counts['studies']} studies in {counts['papers']} papers"
        + (f"; flagged {counts['flagged_rows']} ({flags})" if flags else "")
        + (f"; {counts['failed']} inputs not read" if counts["failed"] else ""),
    )
    if not run.results:
        _line(console, "no input could be read: tables of an earlier run are left as they were")
    _line(console, "files: " + "  ".join(str(path) for path in written(out)))


def show_update(console: Console, update: UpdateReport, folder: Path) -> None:
    """What each paper changed, in a table; what was left alone, in a line."""
    plan = update.plan
    for path, first in plan.copies:
        _line(console, f"{path}: the same file as {first}, not read twice")
    show_changes(console, update.changes)
    kinds = Counter(change.kind for change in update.changes)
    told = ", ".join(f"{number} {_KINDS[kind]}" for kind, number in kinds.items()) or "no fact changed"
    failed = f"; {len(update.failures)} inputs not read" if update.failures else ""
    known = len(plan.same) + len(plan.copies)
    if update.did_nothing:
        _line(console, f"nothing new: {known} papers are as the store knows them{failed}")
        return
    _line(console, f"{len(update.landed)} papers went in, {known} were known{failed}; {told}")
    if update.changes:
        _line(console, f"files: {folder / CHANGES}  {folder / CHANGES_PAGE}")


def show_changes(console: Console, changes: Sequence[Change], rows: int = 60) -> None:
    """Conflicts, updates and withdrawals with both sides; of what is new or confirmed the first rows."""
    urgent = [change for change in changes if change.kind in ("conflict", "updated", "withdrawn")]
    others = [change for change in changes if change not in urgent]
    if not changes:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "trial", "arm", "endpoint", "says", "beside", "note"):
        table.add_column(heading, overflow="fold")
    shown = [*urgent, *others[: max(0, rows - len(urgent))]]
    for change in shown:
        _, arm, endpoint, *_ = _cells(dict(change.told.row))
        study = change.fact.study.label
        sides = [_said(change.told.row), _said(change.other.row) if change.other else ""]
        style = "bold red" if change.kind == "conflict" else ""
        table.add_row(Text(change.kind, style=style), *map(Text, (study, arm, endpoint, *sides, change.note)))
    console.print(table)
    if len(shown) < len(changes):
        _line(console, f"… and {len(changes) - len(shown)} more that are new or confirmed")
    for change in urgent:
        if change.kind == "conflict" and change.other is not None:
            _line(console, "")
            for claim in (change.told, change.other):
                page = f", page {claim.row['page']}" if claim.row["page"] else ""
                _line(console, f"  {claim.paper}{page}: {claim.row['sentence']}")
    console.print()


def show_history(console: Console, told: Sequence[Revision], changes: bool = False) -> None:
    """A line for each revision; what it changed too, where that is asked for."""
    for revision in told:
        kinds = Counter(change["change"] for change in revision.changes)
        what = f"{revision.paper} " if revision.paper else ""
        if (decision := revision.decision) is not None:
            about = " ".join(filter(None, decision.studies)) or str(decision.takes_back or "")
            if decision.observation is not None and not decision.takes_back:
                about = decision.observation.evidence_id
            cells = " ".join(f"{name}={cell}" for name, cell in decision.change.items())
            what = (
                f"decision {decision.id}: {decision.action} {about} {cells}".rstrip() + f" ({decision.why}) "
            )
        counts = ", ".join(f"{number} {_KINDS[kind]}" for kind, number in kinds.items())
        _line(console, f"{revision.id:>5}  {revision.at[:19]}  {what}by {revision.who}  {counts}".rstrip())
        for change in revision.changes if changes else ():
            other = (
                f" | {change['other_doc_id']}: {_said(change, 'other_')}" if change["other_doc_id"] else ""
            )
            note = f" ({change['note']})" if change["note"] else ""
            _line(console, f"       {change['change']}  {change['doc_id']}: {_said(change)}{other}{note}")


_KINDS = {
    "new": "new",
    "confirmed": "confirmed",
    "updated": "updated",
    "conflict": "in conflict",
    "withdrawn": "withdrawn",
}


def _said(row: Mapping[str, str], side: str = "") -> str:
    value = row[f"{side}value"] or row[f"{side}qualifier"]
    unit = row[f"{side}unit"]
    at = f" at {row[f'{side}followup']}" if row[f"{side}followup"] else ""
    return f"{value}{unit if unit in ('', '%') else ' ' + unit}{at}"


def show_evidence(console: Console, evidence: pd.DataFrame, rows: int = 40) -> None:
    """The first rows of each paper in the columns that say what was found."""
    for doc_id, of_paper in evidence.groupby("doc_id", sort=False):
        shown = of_paper.head(rows)
        table = Table(title=str(doc_id), title_justify="left", box=None, pad_edge=False, header_style="bold")
        for heading in _HEADINGS:
            if heading in _FOLD:  # numbers may not
                table.add_column(heading, overflow="fold")
            else:
                table.add_column(heading, justify="right", no_wrap=True)
        for row in shown.to_dict("records"):
            table.add_row(*(Text(cell) for cell in _cells({str(k): str(v) for k, v in row.items()})))
        console.print(table)
        if len(of_paper) > len(shown):
            _line(console, f"… and {len(of_paper) - len(shown)} more")
        console.print()


def _cells(row: dict[str, str]) -> tuple[str, ...]:
    statistic = "" if row["statistic"] in ("rate", "median") else f" {row['statistic'].replace('_', ' ')}"
    term = row["endpoint_term"] if row["endpoint"] in ("AE", "OTHER") and row["endpoint_term"] else ""
    grade = f" grade {row['grade']}" if row["grade"] else ""
    arm = row["arm"] + (f" vs {row['comparator']}" if "ratio" in statistic and row["comparator"] else "")
    sign = "" if row["qualifier"] == "=" else row["qualifier"]
    unit = row["unit"] if row["unit"] in ("", "%") else f" {row['unit']}"
    subset = [row[name] for name in ("timepoint", "subgroup", "stage", "threshold") if row[name]]
    return (
        row["trial_name"] or row["trial_id"].replace(";", " ") or "–",
        arm or "–",
        (term or row["endpoint"]) + grade + statistic,
        f"{sign}{row['value']}{unit}",
        f"{row['ci_low']}–{row['ci_high']}" if row["ci_low"] or row["ci_high"] else "",
        row["p_value"],
        "/".join((row["n"] or "?", row["N"])) if row["N"] else row["n"],
        ", ".join(subset),
        row["page"],
        row["flags"].replace(";", " "),
    )


def _papers(run: RunReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("paper", overflow="fold")
    for heading in ("pages", "studies", "rows", "without arm", "flagged"):
        table.add_column(heading, justify="right")
    for result in run.results:
        flags = Counter(flag for f in result.findings for flag in f.flags)
        bare = sum(1 for f in result.findings if f.arm is None)
        table.add_row(
            Text(result.paper.doc_id),
            str(len(result.paper.pages) or "–"),
            str(len(result.trials)),
            str(len(result.evidence)),
            str(bare),
            str(sum(flags.values())),
        )
    return table


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
