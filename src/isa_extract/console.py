"""What the commands and flows print: summaries and tables for people, by Rich."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from isa_extract.pipeline.outputs import written

if TYPE_CHECKING:
    import pandas as pd

    from isa_extract.pipeline import RunReport
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
