"""Typed arm values scored against the marks of a brat corpus.

A prediction is a label with a span: every finding that fits a label of the mapping, at the value's
place; for a slot (`n`), at that number's place beside the value. Spans agree

* exactly, if they begin and end at the same characters (the corpus says whether it marks the unit);
* leniently, if they overlap.

The label has to agree in both; pairs are one to one, as many as can be had. Corpora leave many numbers
unmarked, so that a right value can count as spurious. Hence two precisions: over all predictions (the
convention, and the one in F1), and over those that overlap a mark of any label of the mapping. A field
of the study (`total-participants`) has no span: it is compared as a number, text by text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from brat import Document, Label, LabelMap, Mark, load_documents
from extraction import Reading, read_all
from scipy.optimize import linear_sum_assignment

from isa_extract.records import Finding, Span
from isa_extract.scoring.score import NOTHING, Level

_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_REACH = 40


@dataclass(frozen=True, slots=True)
class LabelScore:
    """One label; `where_marked` leaves out predictions where the corpus marks nothing."""

    exact: Level
    lenient: Level
    where_marked: Level

    def __add__(self, other: LabelScore) -> LabelScore:
        return LabelScore(
            self.exact + other.exact, self.lenient + other.lenient, self.where_marked + other.where_marked
        )


@dataclass(frozen=True, slots=True)
class CorpusScore:
    """A folder by label; `numbers` are the fields of the study; `unknown` are labels not in the mapping."""

    documents: int
    labels: Mapping[str, LabelScore]
    numbers: Mapping[str, Level]
    unknown: tuple[str, ...]


EMPTY = LabelScore(NOTHING, NOTHING, NOTHING)


def score_folder(folder: Path, mapping: LabelMap) -> CorpusScore:
    """Extract every text of a folder and score what was found."""
    documents = load_documents(folder)
    labels = {name: EMPTY for name, label in mapping.labels.items() if not label.study}
    numbers = {name: NOTHING for name, label in mapping.labels.items() if label.study}
    readings = read_all((one.name, one.text) for one in documents)
    for document, (_, reading) in zip(documents, readings, strict=True):
        found = predictions(reading, mapping)
        for name in labels:
            labels[name] += _score(name, document, found, labels.keys())
        for name in numbers:
            numbers[name] += _numbers(document, reading, name, mapping.labels[name])
    used = {mark.label for document in documents for mark in document.marks}
    unknown = used - mapping.labels.keys() - mapping.near
    return CorpusScore(len(documents), labels, numbers, tuple(sorted(unknown)))


def predictions(reading: Reading, mapping: LabelMap) -> list[Mark]:
    """What was found, in the corpus's own labels; each label and place once."""
    found = set()
    for finding, surface in zip(reading.findings, reading.surfaces, strict=True):
        for name, label in mapping.labels.items():
            if label.study or not _fits(finding, label):
                continue
            if label.slot:
                span = _slot(reading.text, finding, label.slot)
            else:
                span = surface.with_unit if label.unit_in_span else finding.span
            if span is not None:
                found.add(Mark(name, span.start, span.end))
    return sorted(found)


def pairs(gold: Sequence[Mark], found: Sequence[Mark], *, exact: bool) -> list[tuple[Mark, Mark]]:
    """As many pairs as can be had, one to one; where lenient, an exact one before another."""
    fits = np.array(
        [
            [2 * (a == b) if exact else (len(gold) + 2) * _overlap(a, b) + (a == b) for b in found]
            for a in gold
        ],
        dtype=np.int64,
    )
    if not fits.size:
        return []
    chosen = linear_sum_assignment(fits, maximize=True)
    return [(gold[i], found[j]) for i, j in zip(*chosen, strict=True) if fits[i, j]]


def _score(name: str, document: Document, found: Iterable[Mark], scored: Collection[str]) -> LabelScore:
    gold = [mark for mark in document.marks if mark.label == name]
    own = [mark for mark in found if mark.label == name]
    marked = [
        mark
        for mark in own
        if any(other.label in scored and _overlap(mark, other) for other in document.marks)
    ]
    lenient = len(pairs(gold, own, exact=False))
    return LabelScore(
        exact=Level(len(pairs(gold, own, exact=True)), len(own), len(gold)),
        lenient=Level(lenient, len(own), len(gold)),
        where_marked=Level(lenient, len(marked), len(gold)),
    )


def _numbers(document: Document, reading: Reading, name: str, label: Label) -> Level:
    """Numbers as a set, text by text: the same number marked twice is one."""
    gold = {
        number[0].replace(",", "")
        for mark in document.marks
        if mark.label == name and (number := _NUMBER.search(document.text, mark.start, mark.end))
    }
    found = {value for study in reading.studies if (value := str(getattr(study, label.study)))}
    return Level(len(gold & found), len(found), len(gold))


def _fits(finding: Finding, label: Label) -> bool:
    if label.statistic and finding.statistic != label.statistic:
        return False
    if label.units and finding.unit not in label.units:
        return False
    return not label.roles or (finding.arm is not None and finding.arm.role in label.roles)


def _slot(text: str, finding: Finding, slot: str) -> Span | None:
    """Where the number of a slot stands: the nearest place beside the value."""
    number = getattr(finding, slot)
    if not number and slot == "n" and finding.statistic == "count":
        return finding.span
    if not number:
        return None
    left, right = max(0, finding.span.start - _REACH), finding.span.end + _REACH
    places = re.compile(rf"(?<![\d.]){re.escape(number)}(?![\d%]|\.\d)").finditer(text, left, right)
    spans = [Span(*match.span()) for match in places]
    return min(spans, key=lambda one: abs(one.start - finding.span.start), default=None)


def _overlap(a: Mark, b: Mark) -> bool:
    return a.start < b.end and b.start < a.end
