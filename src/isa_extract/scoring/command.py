"""The commands `score` and `agree`: plain functions for Typer; the heavy imports wait for the call.

Exit status: 0 scored; 1 a table cannot be read or is not valid, or the page cannot be written, each
reason on a line of stderr and no score printed; 2 wrong usage, which Typer sees to.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isa_extract.errors import IsaExtractError, TableError

if TYPE_CHECKING:
    from isa_extract.scoring.score import Score
    from isa_extract.scoring.trials import TrialsScore

_TEXTS = "Folder of DOC_ID.txt files; offsets of every table are held against them."


def score_command(
    evidence: Annotated[
        list[Path], typer.Argument(metavar="EVIDENCE.csv...", help="Tables to be scored, as one.")
    ],
    gold: Annotated[Path, typer.Option("--gold", metavar="GOLD.csv", help="What is true.")],
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", metavar="OLD.csv", help="Earlier evidence: list what was gained and lost."),
    ] = None,
    gold_trials: Annotated[
        Path | None,
        typer.Option(
            "--gold-trials", metavar="CSV", help="Score trials.csv beside each EVIDENCE.csv against this."
        ),
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="DIR", exists=True, file_okay=False, help=_TEXTS)
    ] = None,
    only_gold_papers: Annotated[
        bool,
        typer.Option("--only-gold-papers", help="Leave out papers that GOLD.csv does not name."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with every row beside its sentence."),
    ] = None,
) -> None:
    """Score evidence tables against a gold table and list every miss."""
    from isa_extract.scoring.change import change
    from isa_extract.scoring.gold import load_evidence, load_gold, read_texts, texts_beside
    from isa_extract.scoring.page import write_page
    from isa_extract.scoring.report import as_json as whole
    from isa_extract.scoring.score import score

    with _one_line_reasons():
        given = read_texts(texts) if texts else {}
        known = texts_beside(gold) | given
        truth = load_gold(gold, known)
        shown = load_evidence(evidence, truth, given)
        before = load_evidence(against, truth, given) if against else None
        trials = _trials(gold_trials, evidence) if gold_trials else None
        result = score(truth, shown, only_gold_papers=only_gold_papers)
        old = score(truth, before, only_gold_papers=only_gold_papers) if before else None
        changed = change(old, result) if old else None
        if html:
            write_page(html, result, known)
    _notice((*truth.notices, *shown.notices, *_papers(result)))
    if as_json:
        _print_json(whole(result, trials, changed))
        return
    from rich.console import Console

    from isa_extract.scoring.report import show

    show(Console(), result, trials, changed)


def agree_command(
    first: Annotated[Path, typer.Argument(metavar="A.csv", help="One reader's gold table.")],
    second: Annotated[Path, typer.Argument(metavar="B.csv", help="Another reader's, of the same papers.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell how far two gold tables agree and list every difference to settle."""
    from isa_extract.scoring.change import agree
    from isa_extract.scoring.gold import load_gold, texts_beside
    from isa_extract.scoring.report import agreement_json, show_agreement

    with _one_line_reasons():
        a, b = (load_gold(path, texts_beside(path)) for path in (first, second))
    _notice((*a.notices, *b.notices))
    result = agree(a, b)
    if as_json:
        _print_json(agreement_json(result))
        return
    from rich.console import Console

    show_agreement(Console(), result)


def _trials(gold_trials: Path, evidence: list[Path]) -> TrialsScore:
    from isa_extract.scoring.gold import join, load_trials
    from isa_extract.scoring.trials import score_trials

    truth = load_trials(gold_trials)
    folders = dict.fromkeys(path.parent for path in evidence)
    return score_trials(truth, join([load_trials(folder / "trials.csv", truth) for folder in folders]))


def _papers(result: Score) -> Iterator[str]:
    """What the reader of a score has to know about papers that only one of the tables names."""
    if result.without_evidence:
        yield f"no evidence for {', '.join(result.without_evidence)}: every row counts as missed"
    if result.outside:
        counted = "counted as spurious" if result.outside_counted else "left out"
        rows = sum(result.outside.values())
        yield f"not in the gold table: {', '.join(result.outside)}: {rows} rows {counted}"


def _notice(lines: tuple[str, ...]) -> None:
    for line in lines:
        print(line, file=sys.stderr)


def _print_json(whole: object) -> None:
    print(json.dumps(whole, ensure_ascii=False, indent=2))


@contextmanager
def _one_line_reasons() -> Iterator[None]:
    """Turn an error that a user is meant to read into lines on stderr and exit status 1."""
    try:
        yield
    except IsaExtractError as error:
        reasons = getattr(error, "reasons", None) if isinstance(error, TableError) else None
        _notice(tuple(reasons or (str(error),)))
        raise typer.Exit(1) from error
