"""The commands.

Exit status: 0 every input read; 1 some inputs could not be read (the others are done, each failure is
named with its reason on stderr); 2 wrong usage, an output folder that cannot be written among it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from isa_extract.errors import IsaExtractError, OutputError
from isa_extract.scoring.command import agree_command, score_command
from isa_extract.store_commands import register

app = typer.Typer(
    name="isa-extract",
    help="Read clinical review papers and write a traceable table of trial evidence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"isa-extract {version('isa-extract')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Read clinical review papers and write a traceable table of trial evidence."""


@app.command("extract")
def extract_command(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="PDFs, JATS .xml, .html or UTF-8 .txt files, or folders of them."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder that the tables go to.")],
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="Papers at a time. [default: 2]")
    ] = None,
    memory_gb: Annotated[
        float | None,
        typer.Option(
            "--memory-gb", min=0.25, metavar="GB", help="Memory that parsing a paper may take. [default: 2]"
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds", min=1, metavar="S", help="Time that parsing a paper may take. [default: 120]"
        ),
    ] = None,
    file_mb: Annotated[
        float | None,
        typer.Option("--file-mb", min=0, metavar="MB", help="Largest file that is read. [default: 300]"),
    ] = None,
    pages: Annotated[
        int | None,
        typer.Option("--pages", min=1, metavar="N", help="Most pages of a paper. [default: 2000]"),
    ] = None,
    page_chars: Annotated[
        int | None,
        typer.Option("--page-chars", min=1, metavar="N", help="Most characters of a page. [default: 60000]"),
    ] = None,
    scans: Annotated[
        int | None,
        typer.Option("--scans", min=0, metavar="N", help="Most pages read by OCR. [default: 100]"),
    ] = None,
) -> None:
    """Read papers and write evidence.csv, trials.csv, report.html and run.json."""
    from rich.console import Console

    from isa_extract.console import printer, progress_bar, show_run
    from isa_extract.pipeline import extract_papers
    from isa_extract.reading import Limits

    limits = Limits.given(memory_gb, seconds, file_mb, pages, page_chars, scans)
    with progress_bar(Console(stderr=True)) as progress:
        run = extract_papers(inputs, out, progress=progress, workers=workers, limits=limits)
    show_run(printer(), run, out)
    for failure in run.failures:
        _complain(failure)
    if run.failures:
        raise typer.Exit(1)


@app.command("explain")
def explain_command(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="What to look at.")],
    lang: Annotated[
        Literal["zh", "en"] | None, typer.Option("--lang", help="Its language, if not as detected.")
    ] = None,
) -> None:
    """Show what each rule saw in a sentence and how each value was bound."""
    from isa_extract.console import printer
    from isa_extract.explain import show_sentence

    show_sentence(printer(), sentence, lang)


app.command("score")(score_command)
app.command("agree")(agree_command)
register(app)


def main() -> None:
    """Run the command line; an error that a user is meant to read is one line."""
    try:
        app()
    except OutputError as error:
        _complain(error)
        sys.exit(2)
    except IsaExtractError as error:
        _complain(error)
        sys.exit(1)


def _complain(error: IsaExtractError) -> None:
    print(" ".join(str(error).splitlines()), file=sys.stderr)


if __name__ == "__main__":
    main()
