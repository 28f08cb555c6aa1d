"""The gate: every gold set scored, held against the floor and against the last commit's output.

    python gold/gate.py            # what `make gold` runs
    python gold/gate.py --accept   # also write today's output to gold/last/
    python gold/gate.py --raise    # also raise gold/floor.toml to today's scores
    python gold/gate.py --drafts   # also print entries for losses.toml, to be given a reason each

It fails (exit status 1) on a score below its floor; on a floor lower than the last commit's; on a row
that was right in the last commit's output and is not any more, unless `losses.toml` has a new entry
with a reason; on a paper that cannot be read; on a table that is not valid; on output that was not
accepted; and on a first-sight figure that was taken away. What `--accept` writes counts from the next
commit on: until then the comparison is with the last one. A set whose papers are not here is told of
and passed over.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import floor
import losses
from history import committed, has_history
from rich.console import Console
from rich.table import Table as Grid
from sets import GoldSet, Result, compact, compact_columns, gold_sets, run, write_csv

from isa_extract.scoring.change import Change, change
from isa_extract.scoring.gold import InvalidTable, Row, Table
from isa_extract.scoring.measures import wrong_arm
from isa_extract.scoring.report import change_lines
from isa_extract.scoring.score import score

ROOT = Path(__file__).resolve().parents[1]
_SHORT = {"statistic": "stat.", "endpoint": "endp.", "trials": "trial", "trials_row": "t. row"}


@dataclass(slots=True)
class Outcome:
    """What the gate has to say. `reasons` are why it fails."""

    console: Console
    reasons: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Papers:
    """The gate's own files, now and in the last commit."""

    root: Path

    def text(self, name: str) -> str:
        path = self.root / "gold" / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def before(self, name: str) -> str:
        """The last commit's text; without a last commit, the one that is here."""
        if not has_history(self.root):
            return self.text(name)
        return committed(self.root, self.root / "gold" / name) or ""


def gate(root: Path, outcome: Outcome, *, accept: bool = False, lift: bool = False) -> None:
    """Run all that there is to run and fill `outcome`."""
    papers = Papers(root)
    if not has_history(root):
        outcome.say("no last commit to compare with: held against the files that are here")
    floors, floors_before = floor.load(papers.text("floor.toml")), floor.load(papers.before("floor.toml"))
    scores: dict[str, dict[str, float]] = {}
    results: dict[str, Result | str] = {}
    for one in gold_sets(root):
        result = _run(one, outcome)
        results[one.name] = result
        if isinstance(result, Result):
            scores[one.name] = floor.today(result)
        elif one.own and one.name in {*floors, *floors_before}:
            outcome.reasons.append(f"{one.name}: scored before, and now {result}")
    if lift:
        floors = floor.raised(floors, floors_before, scores)
        (root / "gold" / "floor.toml").write_text(floor.dump(floors), encoding="utf-8", newline="\n")
    outcome.console.print(_grid(results, floors))
    for one in gold_sets(root):
        result = results[one.name]
        if isinstance(result, Result):
            _below(one.name, scores[one.name], floors.get(one.name, {}), outcome)
            _against_last(one, result, papers, outcome, accept=accept)
    outcome.reasons += [f"floor.toml: there is no set {name}" for name in floors if name not in results]
    outcome.reasons += floor.lowered(floors_before, floors)
    outcome.reasons += _vanished(papers.before("first_sight.csv"), papers.text("first_sight.csv"))


def _run(one: GoldSet, outcome: Outcome) -> Result | str:
    if not one.papers or not one.gold.is_file():
        return "not here"
    try:
        result = run(one)
    except InvalidTable as error:
        outcome.reasons += error.reasons
        return "not valid"
    outcome.reasons += [f"{one.name}: {failure}" for failure in result.found.failures]
    read = {path.stem for path in one.papers}
    absent = sorted({row["doc_id"] for row in result.truth.rows} - read)
    outcome.reasons += [f"{one.name}: the gold table's paper {doc_id} is not here" for doc_id in absent]
    return result


def _below(name: str, scores: Mapping[str, float], least: Mapping[str, float], outcome: Outcome) -> None:
    outcome.reasons += [
        f"{name}: {level} is {scores.get(level, 0.0):.4f}, below its floor of {least[level]:.3f}"
        for level in floor.below(scores, least)
    ]


def _against_last(one: GoldSet, result: Result, papers: Papers, outcome: Outcome, *, accept: bool) -> None:
    """Gains and losses against the last commit's output, and whether today's is accepted."""
    name = f"last/{one.name}.csv"
    rows = compact(result.found.evidence, spans=one.spans)
    if accept:
        write_csv(papers.root / "gold" / name, rows, compact_columns(spans=one.spans))
    if _parsed(papers.text(name)) != rows:
        outcome.reasons.append(f"gold/{name} is not today's output: see what changed, then --accept")
    _notice_of_gold(one, papers, outcome)
    before = papers.before(name)
    if not before:
        outcome.say(f"\n{one.name}: no earlier output")
        return
    changed = change(score(result.truth, as_table(_parsed(before), name)), result.score)
    lost = losses.right_rows_lost(changed)
    entries = losses.load(papers.text("losses.toml"))
    old = losses.load(papers.before("losses.toml")) if has_history(papers.root) else []
    bare = losses.unexplained(one.name, lost, entries, old)
    if _any(changed):
        told = f"{len(lost)} right rows lost, {len(lost) - len(bare)} of them with a reason"
        outcome.say(f"\n{one.name}: {told}")
        for line in change_lines(changed):
            outcome.say(line)
    outcome.reasons += [f"{one.name}: lost without a reason: {row}" for row in bare]
    outcome.drafts += [losses.draft(one.name, row, date.today()) for row in bare]


def as_table(rows: Sequence[Mapping[str, str]], file: str) -> Table:
    """An earlier output as a table to be scored."""
    columns = frozenset(name for row in rows[:1] for name in row)
    return Table(columns, tuple(Row(file, line, row) for line, row in enumerate(rows, start=2)))


def _notice_of_gold(one: GoldSet, papers: Papers, outcome: Outcome) -> None:
    """A changed gold table moves scores too: whoever reads them has to know."""
    if not one.gold.is_relative_to(papers.root) or not has_history(papers.root):
        return
    before = committed(papers.root, one.gold)
    if before is not None and _parsed(before) != _parsed(one.gold.read_text(encoding="utf-8")):
        was, now = len(_parsed(before)), len(_parsed(one.gold.read_text(encoding="utf-8")))
        outcome.say(f"\n{one.name}: the gold table has changed since the last commit ({was} rows, now {now})")


def _vanished(before: str, now: str) -> list[str]:
    """First-sight figures are kept for ever."""
    kept = {tuple(sorted(row.items())) for row in _parsed(now)}
    return [
        f"first_sight.csv: the entry {row.get('date')} {row.get('batch')} was changed or taken away"
        for row in _parsed(before)
        if tuple(sorted(row.items())) not in kept
    ]


def _parsed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def _any(changed: Change) -> bool:
    return any((changed.gained, changed.lost, changed.spurious_new, changed.spurious_gone))


def _grid(results: Mapping[str, Result | str], floors: floor.Floors) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    levels = (_SHORT.get(name, name) for name in floor.NAMES)
    for heading in ("F1 by level", "papers", "rows", *levels, "wrong arm"):
        grid.add_column(heading, justify="right" if grid.columns else "left", no_wrap=True)
    for name, result in results.items():
        if isinstance(result, str):
            grid.add_row(name, result)
            continue
        scores, least = floor.today(result), floors.get(name, {})
        low = floor.below(scores, least)
        cells = [f"{scores[n]:.3f}{'!' if n in low else ''}" if n in scores else "" for n in floor.NAMES]
        required = sum(not row.optional for row in result.truth.rows)
        arms = f"{wrong_arm(result.score).rate:.1%}"
        grid.add_row(name, str(len(result.score.papers)), str(required), *cells, arms)
    return grid


def main(arguments: Sequence[str] | None = None) -> int:
    """The program; its exit status."""
    parser = argparse.ArgumentParser(description="Score every gold set against floor and last commit.")
    parser.add_argument("--accept", action="store_true", help="write today's output to gold/last/")
    parser.add_argument("--raise", dest="lift", action="store_true", help="raise gold/floor.toml to them")
    parser.add_argument("--drafts", action="store_true", help="print entries for gold/losses.toml")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    outcome = Outcome(Console(width=100))
    try:
        gate(given.root.resolve(), outcome, accept=given.accept, lift=given.lift)
    except ValueError as error:
        outcome.reasons.append(f"floor.toml or losses.toml: {error}")
    if outcome.drafts and given.drafts:
        outcome.say("\nfor gold/losses.toml, with a reason each:\n" + "\n".join(outcome.drafts))
    sys.stdout.flush()
    for reason in outcome.reasons:
        print(f"gate: {reason}", file=sys.stderr)
    sys.stderr.flush()
    outcome.say(f"gate: failed, {len(outcome.reasons)} reasons" if outcome.reasons else "gate: passed")
    return 1 if outcome.reasons else 0


if __name__ == "__main__":
    sys.exit(main())
