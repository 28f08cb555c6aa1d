"""The sentence of a row with its value picked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from isa_extract.records import Paper
from isa_extract.report.rows import Row

_AROUND: Final = 90
_REACH: Final = 200


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence in pieces, each with whether it is the value.

    `sure` is false where the sentence holds the value several times and none can be told to be it.
    """

    pieces: tuple[tuple[str, bool], ...]
    sure: bool = True


def quote(row: Row, paper: Paper | None) -> Quote:
    """The row's sentence; the value's place is told by what stands around it in the paper."""
    sentence, value = row["sentence"], row["value_text"]
    span = _span(row, paper)
    places = list(_places(sentence, value))
    if not places and paper is not None and span is not None:
        start, end = span
        before = re.sub(r"\s+", " ", paper.text[max(0, start - _AROUND) : start])
        after = re.sub(r"\s+", " ", paper.text[end : end + _AROUND])
        return Quote((("…" + before, False), (value, True), (after + "…", False)))
    if len(places) > 1 and paper is not None and span is not None:
        left = _squeezed(paper.text[max(0, span[0] - _REACH) : span[0]])
        right = _squeezed(paper.text[span[1] : span[1] + _REACH])
        scores = [
            _common(_squeezed(sentence[:start])[::-1], left[::-1]) + _common(_squeezed(sentence[end:]), right)
            for start, end in places
        ]
        if scores.count(max(scores)) == 1:
            places = [places[scores.index(max(scores))]]
    return Quote(tuple(_pieces(sentence, places)), len(places) <= 1)


def _span(row: Row, paper: Paper | None) -> tuple[int, int] | None:
    """The value's offsets, where the paper's text holds the value there."""
    if paper is None or not (row["char_start"].isdecimal() and row["char_end"].isdecimal()):
        return None
    start, end = int(row["char_start"]), int(row["char_end"])
    return (start, end) if row["value_text"] and paper.text[start:end] == row["value_text"] else None


def _places(sentence: str, value: str) -> Iterator[tuple[int, int]]:
    """Where the value stands in the sentence as a number of its own; spaces and line ends do not count."""
    wanted = _squeezed(value)
    if not wanted:
        return
    pattern = r"\s*".join(map(re.escape, wanted))
    if wanted[0].isdigit():
        pattern = r"(?<!\d)(?<!\d[.·])" + pattern
    if wanted[-1].isdigit():
        pattern += r"(?!\d|[.·]\d)"
    for match in re.finditer(pattern, sentence):
        yield match.span()


def _pieces(sentence: str, places: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    done = 0
    for start, end in places:
        if sentence[done:start]:
            yield sentence[done:start], False
        yield sentence[start:end], True
        done = end
    if sentence[done:]:
        yield sentence[done:], False


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _common(one: str, other: str) -> int:
    """How many characters the two share from the start."""
    for i, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return i
    return min(len(one), len(other))
