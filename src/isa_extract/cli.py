"""The commands.

Exit status: 0 every input read; 1 some inputs could not be read (the others are done, each failure is
named with its reason on stderr); 2 wrong usage, an output folder that cannot be written among it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isa_extract.errors import IsaExtractError, OutputError
from isa_extract.scoring.command import agree_command, score_command
from isa_extract.store_commands import register

if TYPE_CHECKING:
    from isa_extract.records import Span

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
    sentence: Annotated[
        str | None, typer.Argument(metavar="[SENTENCE]", help="What to look at.", show_default=False)
    ] = None,
    paper: Annotated[
        Path | None, typer.Option("--paper", metavar="FILE", help="Look at a place of this paper instead.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="START-END", help="The place: char_start and char_end of a row of evidence.csv."
        ),
    ] = None,
    find: Annotated[
        str | None, typer.Option("--find", metavar="TEXT", help="The place: where the paper says this.")
    ] = None,
    lang: Annotated[
        Literal["zh", "en"] | None,
        typer.Option("--lang", help="Read all of it in this language, whatever is detected."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page instead of printing.")
    ] = None,
) -> None:
    """Show what each rule saw, which readings competed and what decided: of a sentence, or in a paper."""
    place = _place(at) if at is not None else None
    if (sentence is None) == (paper is None):
        raise typer.BadParameter("give a SENTENCE, or --paper FILE with --at or --find")
    if paper is None and (at, find) != (None, None):
        raise typer.BadParameter("--at and --find need a --paper")
    if paper is not None and (at is None) == (find is None):
        raise typer.BadParameter("--paper needs one of --at and --find")

    from isa_extract.console import printer
    from isa_extract.explain import page, terminal
    from isa_extract.explain import place as places
    from isa_extract.pages import write_whole

    if paper is None:
        explanation = places.of_text(sentence or "", lang)
    else:
        from isa_extract.reading import read

        told = read(paper, paper.stem)
        explanation = places.of_place(told, place, lang) if place else places.of_words(told, find or "", lang)
    if html is None:
        terminal.show(printer(), explanation)
    else:
        write_whole(html, page.render(explanation))
        print(html)


def _place(told: str) -> Span:
    """'120-125' or '120' as a span."""
    from isa_extract.records import Span

    start, _, end = told.replace("–", "-").partition("-")
    try:
        return Span(int(start), int(end or start))
    except ValueError:
        raise typer.BadParameter(f"--at takes START-END, two numbers, not {told!r}") from None


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
