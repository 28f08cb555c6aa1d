"""A score as lines for people and as one JSON object for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table as Grid

from isa_extract.scoring.change import Change, reached
from isa_extract.scoring.compare import LEVELS, Fact
from isa_extract.scoring.gold import Row
from isa_extract.scoring.measures import (
    Accuracy,
    apart_accuracy,
    breakdowns,
    by_binding,
    flags,
    slot_accuracy,
    wrong_arm,
)
from isa_extract.scoring.score import Level, Score, Verdict
from isa_extract.scoring.trials import TrialsScore

READERS: Final = {"missed": "only in the first", "spurious": "only in the second", "wrong": "differs"}
"""What the kinds are called where two gold tables are compared."""

Json = dict[str, Any]


def as_json(score: Score, trials: TrialsScore | None = None, change: Change | None = None) -> Json:
    """The whole score as what `--json` prints."""
    arms, marks = wrong_arm(score), flags(score)
    result: Json = {
        "levels": {name: _level(score.level(name)) | _interval(score, name) for name in LEVELS},
        "wrong_arm": {"pairs": arms.pairs, "wrong": arms.wrong, "blank": arms.blank, "rate": arms.rate},
        "slots": _accuracies(slot_accuracy(score)),
        "apart": _accuracies(apart_accuracy(score)),
        "flags": {"expected": marks.expected, "earned": marks.earned, "unexpected": marks.unexpected},
        "by": {
            group: {name: _level(level) for name, level in levels.items()}
            for group, levels in breakdowns(score).items()
        },
        "papers": len(score.papers),
        "papers_without_evidence": list(score.without_evidence),
        "papers_without_gold": {"rows": dict(score.outside), "counted": score.outside_counted},
        "misses": [_miss(verdict) for verdict in score.verdicts if _told(verdict)],
    }
    result["by"]["binding"] = {
        name: {"tp": level.tp, "predicted": level.predicted, "precision": level.precision}
        for name, level in by_binding(score).items()
    }
    if trials is not None:
        result["trials"] = {
            "study": _level(trials.study),
            "row": _level(trials.row),
            "columns": _accuracies(trials.columns),
            "faults": list(trials.faults),
        }
    if change is not None:
        result["change"] = {
            "gained": [_step(step.old, step.new) for step in change.gained],
            "lost": [_step(step.old, step.new) for step in change.lost],
            "spurious_new": [_miss(verdict) for verdict in change.spurious_new],
            "spurious_gone": [_miss(verdict) for verdict in change.spurious_gone],
        }
    return result


def agreement_json(score: Score) -> Json:
    """How far two gold tables agree; in `differences`, `expected` is the first table's row."""
    return {
        "levels": {name: _level(score.level(name)) | _interval(score, name) for name in LEVELS},
        "differences": [_miss(verdict) for verdict in score.verdicts if _told(verdict)],
    }


def show(
    console: Console, score: Score, trials: TrialsScore | None = None, change: Change | None = None
) -> None:
    """Print the score: levels, what stands beside them, then every miss."""
    console.print(_levels(score))
    arms, marks = wrong_arm(score), flags(score)
    _line(console, f"wrong arm: {arms.wrong} of {arms.pairs} ({arms.rate:.1%}); left empty: {arms.blank}")
    if marks.expected or marks.unexpected:
        _line(console, f"flags: {marks.earned} of {marks.expected} expected; {marks.unexpected} not expected")
    for title, accuracies in (("slot", slot_accuracy(score)), ("beside the scores", apart_accuracy(score))):
        if any(one.stated for one in accuracies.values()):
            console.print(_slots(title, accuracies))
    for group, levels in breakdowns(score).items():
        console.print(_group(group.replace("_", " "), levels))
    console.print(_bindings(by_binding(score)))
    if trials is not None:
        _show_trials(console, trials)
    for verdict in score.verdicts:
        if _told(verdict):
            _line(console, miss_line(verdict))
    if change is not None:
        for line in change_lines(change):
            _line(console, line)


def show_agreement(console: Console, score: Score) -> None:
    """Print how far two gold tables agree and every difference to settle."""
    console.print(_levels(score))
    for verdict in score.verdicts:
        if _told(verdict):
            _line(console, miss_line(verdict, READERS))


def miss_line(verdict: Verdict, names: Mapping[str, str] | None = None) -> str:
    """One line for a row that is not right: where, what, and what it should have been."""
    one = verdict.gold or verdict.found
    assert one is not None
    kind = (names or {}).get(verdict.kind, verdict.kind)
    line = f"{kind:9} {verdict.doc_id}{_at(one.row)}  {saying(one)}"
    if verdict.gold and verdict.found:
        line += "".join(
            f"; {name}: {cells(verdict.gold, name)!r} expected, {cells(verdict.found, name)!r} found"
            for name in verdict.wrong
        )
    return line


def change_lines(change: Change) -> Iterator[str]:
    """A line for each row gained or lost, a count before them."""
    came, went = len(change.spurious_new), len(change.spurious_gone)
    yield (
        f"against the old evidence: {len(change.gained)} gained, {len(change.lost)} lost, "
        f"{came} more spurious, {went} spurious no more"
    )
    for word, steps in (("lost", change.lost), ("gained", change.gained)):
        for step in steps:
            if step.new.gold:
                row = step.new.gold
                how = f"{reached(step.old)} → {reached(step.new)}"
                yield f"{word:9} {step.new.doc_id}{_at(row.row)}  {saying(row)}  ({how})"
    for word, verdicts in (("new", change.spurious_new), ("gone", change.spurious_gone)):
        for verdict in verdicts:
            if verdict.found:
                yield f"{word:9} {verdict.doc_id}{_at(verdict.found.row)}  spurious {saying(verdict.found)}"


def saying(one: Fact) -> str:
    """What a row says, in short."""
    row = one.row
    names = (
        "endpoint",
        "endpoint_term",
        "statistic",
        "qualifier",
        "value",
        "unit",
        "arm",
        "subgroup",
        "timepoint",
    )
    parts = [row[name] for name in names if row[name] and row[name] != "="]
    trial = row["trial_name"] or row["trial_id"]
    return " ".join(parts) + (f" [{trial}]" if trial else "")


def cells(one: Fact, name: str) -> str:
    """The cells that stand behind a difference of this name."""
    row = one.row
    columns = {
        "value": ("qualifier", "value") if not row["value"] else ("value",),
        "endpoint": ("endpoint", "endpoint_term"),
        "trial": ("trial_name", "trial_id"),
        "arm": ("arm", "arm_drugs"),
        "comparator": ("comparator", "comparator_drugs"),
    }.get(name, (name,))
    return " ".join(row[column] for column in columns if row[column])


def _told(verdict: Verdict) -> bool:
    return verdict.kind in ("missed", "spurious", "wrong")


def _at(row: Row) -> str:
    return f":{row.span[0]}" if row.span else f" (line {row.line})"


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _level(level: Level) -> Json:
    return {
        "tp": level.tp,
        "predicted": level.predicted,
        "gold": level.gold,
        "precision": level.precision,
        "recall": level.recall,
        "f1": level.f1,
    }


def _interval(score: Score, name: str) -> Json:
    interval = score.interval(name)
    return {"f1_interval": list(interval) if interval else None}


def _accuracies(accuracies: Mapping[str, Accuracy]) -> Json:
    return {
        name: {"stated": one.stated, "right": one.right, "accuracy": one.accuracy}
        for name, one in accuracies.items()
    }


def _miss(verdict: Verdict) -> Json:
    return {
        "kind": verdict.kind,
        "doc_id": verdict.doc_id,
        "agrees_to": LEVELS[verdict.depth - 1] if verdict.depth else None,
        "wrong": list(verdict.wrong),
        "expected": {name: cell for name, cell in verdict.gold.row.cells.items() if cell}
        if verdict.gold
        else None,
        "found": {name: cell for name, cell in verdict.found.row.cells.items() if cell}
        if verdict.found
        else None,
    }


def _step(old: Verdict, new: Verdict) -> Json:
    return {"from": reached(old), "to": reached(new), **_miss(new)}


def _grid(*headings: str) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    grid.add_column(headings[0])
    for heading in headings[1:]:
        grid.add_column(heading, justify="right")
    return grid


def _numbers(level: Level) -> tuple[str, ...]:
    counts = (str(level.tp), str(level.predicted), str(level.gold))
    return (*counts, f"{level.precision:.3f}", f"{level.recall:.3f}", f"{level.f1:.3f}")


def _levels(score: Score) -> Grid:
    grid = _grid("level", "right", "predicted", "gold", "precision", "recall", "F1", "95% by paper")
    for name in LEVELS:
        interval = score.interval(name)
        shown = f"{interval[0]:.3f}–{interval[1]:.3f}" if interval else "one paper"
        grid.add_row(("" if name == "value" else "+ ") + name, *_numbers(score.level(name)), shown)
    return grid


def _group(title: str, levels: Mapping[str, Level]) -> Grid:
    grid = _grid(f"{title} (arm level)", "right", "predicted", "gold", "precision", "recall", "F1")
    for name, level in levels.items():
        grid.add_row(name, *_numbers(level))
    return grid


def _bindings(levels: Mapping[str, Level]) -> Grid:
    grid = _grid("binding (arm level)", "right", "predicted", "precision")
    for name, level in levels.items():
        grid.add_row(name, str(level.tp), str(level.predicted), f"{level.precision:.3f}")
    return grid


def _slots(title: str, accuracies: Mapping[str, Accuracy]) -> Grid:
    grid = _grid(title, "stated", "right", "accuracy")
    for name, one in accuracies.items():
        if one.accuracy is not None:
            grid.add_row(name, str(one.stated), str(one.right), f"{one.accuracy:.3f}")
    return grid


def _show_trials(console: Console, trials: TrialsScore) -> None:
    grid = _grid("trials", "right", "predicted", "gold", "precision", "recall", "F1")
    grid.add_row("study", *_numbers(trials.study))
    grid.add_row("+ every column", *_numbers(trials.row))
    console.print(grid)
    console.print(_slots("trial column", trials.columns))
    for fault in trials.faults:
        _line(console, f"trials    {fault}")
