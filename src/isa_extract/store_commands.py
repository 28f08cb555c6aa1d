"""The commands that work on an evidence store: update, export, decide, history, review."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

StoreOption = Annotated[
    str, typer.Option("--store", metavar="STORE", help="The store: a file, or a postgresql:// URL.")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="WHEN", help="What stood then: a revision, a day, or a time (UTC)."),
]


def update_command(
    store: StoreOption,
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="INPUT...", help="Papers, or folders of them. [default: those of the store]"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where changes.csv goes. [default: beside the store]"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="Papers at a time. [default: 2]")
    ] = None,
    wait: Annotated[
        float, typer.Option("--wait", min=0, metavar="SECONDS", help="How long to wait for another update.")
    ] = 10,
) -> None:
    """Bring a store up to date with new or changed papers and say what they changed."""
    from rich.console import Console

    from isa_extract.console import printer, progress_bar, show_update
    from isa_extract.pipeline import changes_folder, ready, update_store, write_changes

    folder = out or changes_folder(store)
    ready(folder)
    with progress_bar(Console(stderr=True)) as progress:
        report = update_store(store, inputs or [], progress=progress, workers=workers, wait=wait)
    if report.changes:
        write_changes(folder, report)
    show_update(printer(), report, folder)
    for failure in report.failures:
        print(" ".join(str(failure).splitlines()), file=sys.stderr)
    if report.failures:
        raise typer.Exit(1)


def export_command(
    store: StoreOption,
    form: Annotated[
        Literal[
            "csv",
            "xlsx",
            "parquet",
            "json",
            "revman",
            "metafor",
            "ris",
            "conflicts",
            "coverage",
            "json-schema",
        ],
        typer.Option("--format", help="How it is written."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file that is written.")],
    as_of: AsOf = None,
) -> None:
    """Write the current table, or an earlier one."""
    from isa_extract.evidence.export import export
    from isa_extract.evidence.history import revision_at
    from isa_extract.evidence.store import known_papers, open_store, snapshot

    with open_store(store, write=False) as opened:
        revision = revision_at(opened, as_of) if as_of else None
        with opened.read() as connection:
            evidence = snapshot(connection, revision)
            papers = {known.name: known for known in known_papers(connection, revision)}
    export(evidence, form, out, papers)
    print(out)


def decide_command(
    action: Annotated[
        Literal["accept", "correct", "reject", "same", "different", "take-back"],
        typer.Argument(metavar="ACTION", help="accept, correct, reject, same, different or take-back."),
    ],
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT...",
            help="A row's evidence_id; for same and different two studies; for take-back a decision's number.",
        ),
    ],
    store: StoreOption,
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="Who decides.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="For what reason.")],
    cells: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="COLUMN=VALUE", help="For correct: what is right. May be repeated."),
    ] = None,
) -> None:
    """Decide about a row or about two studies; the decision stays when rules and papers change."""
    from isa_extract.console import printer, show_changes
    from isa_extract.evidence.deciding import decide_row, decide_studies, take_back
    from isa_extract.evidence.store import open_store

    wanted = 2 if action in ("same", "different") else 1
    if len(targets) != wanted:
        raise typer.BadParameter(f"{action} takes {wanted}, not {len(targets)}", param_hint="WHAT")
    change: dict[str, str] = {}
    for cell in cells or ():
        name, equals, value = cell.partition("=")
        if not equals:
            raise typer.BadParameter(f"{cell}: not COLUMN=VALUE", param_hint="--set")
        change[name] = value
    if action == "take-back" and not targets[0].isdecimal():
        raise typer.BadParameter(f"{targets[0]}: not the number of a decision", param_hint="WHAT")
    with open_store(store) as opened:
        if action == "take-back":
            landed = take_back(opened, int(targets[0]), who=who, why=why)
        elif wanted == 2:
            landed = decide_studies(opened, action, targets[0], targets[1], who=who, why=why)
        else:
            landed = decide_row(opened, action, targets[0], who=who, why=why, change=change)
    show_changes(printer(), landed.changes)
    print(f"decided, at revision {landed.revision}")


def history_command(
    store: StoreOption,
    fact: Annotated[str, typer.Option("--fact", metavar="ID", help="Only what concerns this fact_id.")] = "",
    since: Annotated[int, typer.Option("--since", metavar="N", help="Only revisions after this one.")] = 0,
) -> None:
    """Show what came into a store, when, and what it changed; and what people decided."""
    from isa_extract.console import printer, show_history
    from isa_extract.evidence.history import revisions
    from isa_extract.evidence.store import open_store

    with open_store(store, write=False) as opened, opened.read() as connection:
        told = list(revisions(connection, since, fact))
    show_history(printer(), told, changes=bool(fact))


def review_command(
    store: StoreOption,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="Where it is served. [default: free]")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address of the page.")
    ] = False,
) -> None:
    """Open a page on this machine for looking through a store and deciding; Ctrl+C ends it."""
    from isa_extract.review import serve

    serve(store, port, browser=not no_browser, say=lambda address: print(address, flush=True))


def register(app: Any) -> None:
    """Give a Typer app these commands."""
    for name, command in (
        ("update", update_command),
        ("export", export_command),
        ("decide", decide_command),
        ("history", history_command),
        ("review", review_command),
    ):
        app.command(name)(command)
