"""First sight: each new batch of texts scored once, before any rule was touched, and kept for ever.

    python gold/first_sight.py record BATCH_DIR --lang zh|en [--date 2026-01-31] [--note TEXT]
    python gold/first_sight.py curve

A batch is a folder of texts (`*.txt`) with `gold.csv` beside them. `record` refuses one that was scored
before: the same texts and gold, or any one text of it, whatever the files are called. `curve` prints
the figures in order and draws `docs/first-sight.svg`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from curve import draw, lines
from sets import Result, batch, run, write_csv

from isa_extract.errors import IsaExtractError
from isa_extract.rules.rulebook import rulebook
from isa_extract.scoring.compare import LEVELS
from isa_extract.scoring.measures import wrong_arm
from isa_extract.vocabulary import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = (
    *("date", "batch", "rows", "language", *LEVELS, "arm_precision", "wrong_arm_rate"),
    *("rulebook", "note", "sha256", "texts_sha256"),
)
_TEXT_DIGITS = 16


class Refused(IsaExtractError):
    """A batch that cannot be entered, and why."""


def record(folder: Path, ledger: Path, language: str, day: date, note: str = "") -> dict[str, str]:
    """Score a batch and append its entry to the ledger.

    Raises:
        Refused: it is no batch, or was scored before, or a text of it cannot be read.
        InvalidTable: its gold table is not valid.
    """
    one = batch(folder, folder.name)
    if not one.papers or not one.gold.is_file():
        raise Refused(f"{folder}: not a batch (it wants texts, *.txt, and gold.csv)")
    entries = read(ledger)
    whole, texts = identity(one.papers, one.gold)
    for entry in entries:
        if entry["sha256"] == whole:
            raise Refused(f"{folder}: scored before, as {entry['batch']} on {entry['date']}")
        if seen := set(texts) & set(entry["texts_sha256"].split(";")):
            name = next(path.name for path in one.papers if _digest(path)[:_TEXT_DIGITS] in seen)
            raise Refused(f"{folder}: {name} was seen before, in {entry['batch']} on {entry['date']}")
    result = run(one)
    if result.found.failures:
        raise Refused(result.found.failures[0])
    if strangers := {row["doc_id"] for row in result.truth.rows} - {path.stem for path in one.papers}:
        raise Refused(f"{folder}: gold.csv names {', '.join(sorted(strangers))}, and there is no such text")
    entry = {
        "date": day.isoformat(),
        "batch": folder.resolve().name,
        "language": language,
        **_figures(result),
        "rulebook": rulebook().fingerprint,
        "note": note,
        "sha256": whole,
        "texts_sha256": ";".join(texts),
    }
    write_csv(ledger, [*entries, entry], COLUMNS)
    return entry


def read(ledger: Path) -> list[dict[str, str]]:
    """The entries so far, in the order in which they were made."""
    if not ledger.is_file():
        return []
    with ledger.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def identity(texts: Sequence[Path], gold: Path) -> tuple[str, list[str]]:
    """The digest of a batch, and the short one of each text; file names play no part."""
    each = sorted(_digest(path) for path in texts)
    whole = hashlib.sha256("\n".join((*each, _digest(gold))).encode()).hexdigest()
    return whole, [one[:_TEXT_DIGITS] for one in each]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _figures(result: Result) -> dict[str, str]:
    levels = {name: result.score.level(name) for name in LEVELS}
    return {
        "rows": str(sum(not row.optional for row in result.truth.rows)),
        **{name: f"{level.f1:.3f}" for name, level in levels.items()},
        "arm_precision": f"{levels['arm'].precision:.3f}",
        "wrong_arm_rate": f"{wrong_arm(result.score).rate:.3f}",
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The program; its exit status."""
    parser = argparse.ArgumentParser(description="What the extractor makes of texts that it has never seen.")
    parser.add_argument("--ledger", type=Path, default=ROOT / "gold" / "first_sight.csv")
    commands = parser.add_subparsers(dest="command", required=True)
    enter = commands.add_parser("record", help="score a new batch once and keep the figure")
    enter.add_argument("batch", type=Path, metavar="BATCH_DIR")
    enter.add_argument("--lang", choices=LANGUAGES, required=True)
    enter.add_argument("--date", type=date.fromisoformat, default=date.today())
    enter.add_argument("--note", default="")
    show = commands.add_parser("curve", help="print the figures and draw them")
    show.add_argument("--svg", type=Path, default=ROOT / "docs" / "first-sight.svg")
    given = parser.parse_args(arguments)
    if given.command == "curve":
        entries = read(given.ledger)
        given.svg.write_text(draw(entries), encoding="utf-8", newline="\n")
        print("\n".join(lines(entries)))
        return 0
    try:
        entry = record(given.batch, given.ledger, given.lang, given.date, given.note)
    except IsaExtractError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines([entry])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
