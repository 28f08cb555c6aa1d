"""RCT-ART (Whitton and Hunter 2023): result sentences of trial abstracts, each with a table.

A file `*.jsonl` has a sentence a line, and in `rows` what its table says: outcome, arm, value as the
words of the sentence. The corpus leaves comparative measures out, and so do we: hazard, odds and risk
ratios and risk differences are no predictions here. Two cells agree

* strictly, if they are the same characters;
* relaxedly, if one is contained in the other; in `matched` an empty cell agrees with an empty one only.

Two ways of counting are kept apart:

* `matched`, ours: rows paired one to one at best; every other row counts as missed or spurious.
* `as published`, what the authors' program (`scripts/evaluate.py`) does: the rows of a sentence are
  compared by position, first with first; a pair that differs is one false positive and no miss; gold
  rows count as missed only where a sentence has no predicted row at all; rows beyond the shorter table
  are not counted; an empty cell is contained in every cell. It is kinder, and it is what .670 and .807
  were counted by, as far as the program in their repository tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from extraction import Surface, read_all
from scipy.optimize import linear_sum_assignment

from isa_extract.records import Finding
from isa_extract.scoring.score import NOTHING, Level

Cells = tuple[str, str, str]
COMPARATIVE = ("hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the rows of its table, with the spans of their values."""

    name: str
    text: str
    rows: tuple[Cells, ...]
    values: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class TableScore:
    """One way of comparing cells, counted both ways."""

    matched: Level
    as_published: Level


@dataclass(frozen=True, slots=True)
class DomainScore:
    """All scores of one file; `value` is how many values were found at all, by overlap, `arm` how many of those
    that have an arm were found with it, in words that contain the other's."""

    sentences: int
    strict: TableScore
    relaxed: TableScore
    value: Level
    arm: Level


def is_here(folder: Path) -> bool:
    """Whether a folder holds such files."""
    return any(_is_ours(path) for path in sorted(folder.glob("*.jsonl")))


def files(folder: Path) -> list[Path]:
    """The files of a folder that are such."""
    return [path for path in sorted(folder.glob("*.jsonl")) if _is_ours(path)]


def load(path: Path) -> list[Sentence]:
    """The sentences of a file.

    Raises:
        ValueError: a line is no such sentence.
    """
    sentences = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            rows = tuple((row["outcome"], row["arm"], row["value_text"]) for row in entry["rows"])
            values = tuple((int(row["start"]), int(row["end"])) for row in entry["rows"])
            sentences.append(Sentence(entry["doc_id"], entry["text"], rows, values))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {number}: not a sentence of RCT-ART ({error!r})") from error
    return sentences


def score_file(path: Path) -> DomainScore:
    """Extract every sentence of a file and score what was found."""
    sentences = load(path)
    readings = [reading for _, reading in read_all((one.name, one.text) for one in sentences)]
    found = [rows_of(reading.findings, reading.surfaces) for reading in readings]
    cells = [[_cells(row) for row in rows] for rows in found]
    return DomainScore(
        sentences=len(sentences),
        strict=_tables(sentences, cells, same, same),
        relaxed=_tables(sentences, cells, contained, contained_or_empty),
        value=_sum(_values(one, rows) for one, rows in zip(sentences, found, strict=True)),
        arm=_sum(_arms(one, rows) for one, rows in zip(sentences, found, strict=True)),
    )


def rows_of(findings: Sequence[Finding], surfaces: Sequence[Surface]) -> list[Surface]:
    """The findings that the corpus has rows for, as they stand in the text."""
    kept = [
        surface
        for finding, surface in zip(findings, surfaces, strict=True)
        if finding.statistic not in COMPARATIVE
    ]
    return sorted(kept, key=lambda one: one.span)


def same(a: str, b: str) -> bool:
    """Strictly."""
    return a == b


def contained(a: str, b: str) -> bool:
    """Relaxedly: an empty cell is contained in an empty one."""
    return (a in b or b in a) if a and b else a == b


def contained_or_empty(a: str, b: str) -> bool:
    """Relaxedly, as published: an empty cell is contained in any."""
    return a in b or b in a


def matched(gold: Sequence[Cells], found: Sequence[Cells], agree: Callable[[str, str], bool]) -> Level:
    """As many pairs as can be had, one to one."""
    fits = np.array([[_row(a, b, agree) for b in found] for a in gold], dtype=np.int64)
    if not fits.size:
        return Level(0, len(found), len(gold))
    chosen = linear_sum_assignment(fits, maximize=True)
    return Level(int(fits[chosen].sum()), len(found), len(gold))


def as_published(gold: Sequence[Cells], found: Sequence[Cells], agree: Callable[[str, str], bool]) -> Level:
    """By position; what counts as predicted and as gold is what the authors' program counts."""
    if not gold:
        return NOTHING
    if not found:
        return Level(0, 0, len(gold))
    pairs = list(zip(gold, found, strict=False))
    right = sum(_row(a, b, agree) for a, b in pairs)
    return Level(right, len(pairs), right)


def _tables(
    sentences: Sequence[Sentence],
    cells: Sequence[Sequence[Cells]],
    agree: Callable[[str, str], bool],
    agree_as_published: Callable[[str, str], bool],
) -> TableScore:
    pairs = [(one.rows, rows) for one, rows in zip(sentences, cells, strict=True)]
    return TableScore(
        matched=_sum(matched(gold, found, agree) for gold, found in pairs),
        as_published=_sum(as_published(gold, found, agree_as_published) for gold, found in pairs),
    )


def _values(sentence: Sentence, found: Sequence[Surface]) -> Level:
    """Values alone, each place once, by overlap."""
    gold = sorted(set(sentence.values))
    places = sorted({(one.span.start, one.span.end) for one in found})
    fits = np.array([[a[0] < b[1] and b[0] < a[1] for b in places] for a in gold], dtype=np.int64)
    if not fits.size:
        return Level(0, len(places), len(gold))
    return Level(int(fits[linear_sum_assignment(fits, maximize=True)].sum()), len(places), len(gold))


def _arms(one: Sentence, found: Sequence[Surface]) -> Level:
    """Values with their arm, each pair once, by overlap of the values; rows without an arm are left out."""
    gold = sorted({(row[1].lower(), span) for row, span in zip(one.rows, one.values, strict=True) if row[1]})
    pairs = sorted({(s.arm.lower(), (s.span.start, s.span.end)) for s in found if s.arm})
    fits = np.array(
        [[contained(a, b) and x[0] < y[1] and y[0] < x[1] for b, y in pairs] for a, x in gold], dtype=np.int64
    )
    if not fits.size:
        return Level(0, len(pairs), len(gold))
    return Level(int(fits[linear_sum_assignment(fits, maximize=True)].sum()), len(pairs), len(gold))


def _row(a: Cells, b: Cells, agree: Callable[[str, str], bool]) -> bool:
    return all(agree(one, other) for one, other in zip(a, b, strict=True))


def _cells(one: Surface) -> Cells:
    return one.outcome, one.arm, one.value


def _sum(levels: Iterable[Level]) -> Level:
    return sum(levels, NOTHING)


def _is_ours(path: Path) -> bool:
    lines: Iterator[str] = iter(path.read_text(encoding="utf-8").splitlines())
    try:
        first = json.loads(next(lines, ""))
    except ValueError:
        return False
    return isinstance(first, dict) and {"text", "rows"} <= first.keys()
