"""Characters become lines: one baseline, spaces set right, superscripts told by size and offset."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from statistics import median
from typing import Any
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

from isa_extract.reading import phrases
from isa_extract.reading.chars import Char, Chars, is_bold
from isa_extract.reading.phrases import INITIAL, Floats, Ints, Phrase
from isa_extract.records import Span

_RAISED = str.maketrans("0123456789-−–‐+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁻⁺")
_WORDS = re.compile(r"[^ ]+")
_POWER = re.compile(r"[-−–‐+]?\d{1,2}$")
_BREAK = 1.0  # ems; a wider gap in the stream ends a run
_SMALL = 0.82  # of the neighbour's size, below which a run may be a super- or subscript


@dataclass(slots=True)
class Run:
    """Characters that follow each other in the stream, on one baseline, in one size.

    Attributes:
        source: what its characters are taken from, ``start`` to ``end``.
        text: spaces as drawn.
        first, last: the places of its first and last character in the stream.
        sizes: how many characters that are no spaces have each size.
        bold: how many of them are bold.
        drawn: whether it ends with a space character.
        sup: whether it is set as a superscript.
    """

    source: Sequence[Char]
    start: int
    end: int
    text: str
    first: int
    last: int
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    sizes: Mapping[float, int]
    bold: int
    phrases: Sequence[Phrase]
    drawn: bool
    sup: bool = False
    _chars: Sequence[Char] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def chars(self) -> Sequence[Char]:
        """The run's characters, made when first they are asked for."""
        if self._chars is None:
            self._chars = self.source[self.start : self.end]
        return self._chars


@dataclass(slots=True)
class Line:
    """A line, or a part of one, in the coordinates of reading direction.

    Attributes:
        raised: the stretches of the text that are set as superscripts.
    """

    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    text: str
    raised: list[Span]
    _boxes: list[npt.ArrayLike]

    @property
    def boxes(self) -> Floats:
        """Where on the page every character of the text stands; nan for spaces."""
        return np.concatenate(self._boxes)

    @property
    def begins_raised(self) -> bool:
        """Whether the first character is a superscript."""
        return bool(self.raised) and self.raised[0].start == 0


def runs(chars: Chars) -> list[Run]:
    """The characters cut where the stream moves to another line, place or size."""
    blank = chars.is_space()
    inked = np.flatnonzero(~blank)
    if not len(inked):
        return []
    starts = np.append(0, np.flatnonzero(~_goes_on(chars, blank)) + 1)
    ends = np.append(starts[1:], len(chars))
    # the first of a run's characters that are no spaces, as an index of those, and the one behind its last
    first, past = np.searchsorted(inked, starts), np.searchsorted(inked, ends)
    starts, ends, first, past = (some[past > first] for some in (starts, ends, first, past))
    x0, top, low, least = _each(np.minimum, (chars.x0, chars.top, chars.baseline, chars.size), inked, first)
    x1, bottom, high, most = _each(
        np.maximum, (chars.x1, chars.bottom, chars.baseline, chars.size), inked, first
    )
    bold = np.array([is_bold(name) for name in chars.names], dtype=np.int64)[chars.fonts]
    texts, places = chars.texts(), zip(starts.tolist(), ends.tolist(), strict=True)
    within = [inked[f:p] for f, p in zip(first.tolist(), past.tolist(), strict=True)]
    return list(
        map(
            Run,
            repeat(chars),
            starts.tolist(),
            ends.tolist(),
            ["".join(texts[start:end]) for start, end in places],
            chars.order[starts].tolist(),
            chars.order[ends - 1].tolist(),
            x0,
            x1,
            top,
            bottom,
            [a if a == b else median(chars.baseline[at]) for a, b, at in zip(low, high, within, strict=True)],
            most,
            [
                {a: len(at)} if a == b else Counter(chars.size[at].tolist())
                for a, b, at in zip(least, most, within, strict=True)
            ],
            *_each(np.add, (bold,), inked, first),
            phrases.of_runs(chars, inked, first),
            blank[ends - 1].tolist(),
        )
    )


def _each(reduce: np.ufunc, columns: Sequence[npt.NDArray[Any]], inked: Ints, first: Ints) -> list[list[Any]]:
    """The least, the most or the sum of each run's characters."""
    return [reduce.reduceat(column[inked], first).tolist() for column in columns]


def _goes_on(chars: Chars, blank: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """For all characters but the first: whether it goes on with the run of the one before."""
    size = np.maximum(chars.size[:-1], chars.size[1:])
    small = np.minimum(chars.size[:-1], chars.size[1:])
    gap = chars.x0[1:] - chars.x1[:-1]
    step = np.abs(np.diff(chars.baseline))
    on: npt.NDArray[np.bool_] = (-0.6 * size <= gap) & (gap <= _BREAK * size) & (step <= 0.08 * size)
    return on & ((small >= _SMALL * size) | blank[:-1] | blank[1:])


def part(run: Run, chars: Sequence[Char]) -> Run:
    """The run of some of a run's characters, in any order, no spaces among them."""
    texts, x0, x1, top, bottom, _, size, fonts, order, _ = zip(*chars, strict=True)
    sizes = Counter(size)
    return Run(
        chars,
        0,
        len(chars),
        "".join(texts),
        min(order),
        max(order),
        min(x0),
        max(x1),
        min(top),
        max(bottom),
        run.baseline,
        max(sizes),
        sizes,
        sum(map(is_bold, fonts)),
        phrases.of_chars(chars),
        False,
        run.sup,
    )


def attach_small(found: Sequence[Run]) -> None:
    """Give super- and subscripts the baseline of the text that they stand beside."""
    big = sorted(found, key=lambda r: r.baseline)
    heights = [r.baseline for r in big]
    reach = 2 * max((r.size for r in found), default=0.0)  # farther off none is beside another
    for run in found:
        length = len(run.text.strip())
        if length > 24:
            continue
        for i in range(bisect_left(heights, run.baseline - reach), len(big)):
            other = big[i]
            if other.baseline < run.baseline - other.size:
                continue
            if other.baseline > run.baseline + other.size:
                break
            smaller = 0.35 * other.size < run.size < _SMALL * other.size
            raised = other.baseline - run.baseline
            # some writers raise citations without making them smaller
            lifted = run.size <= other.size * 1.02 and raised >= 0.28 * other.size and length <= 6
            if (
                other is run
                or not (smaller or lifted)
                or not -0.4 * other.size <= raised <= 0.75 * other.size
            ):
                continue
            gap = max(run.x0 - other.x1, other.x0 - run.x1)
            if -0.5 * other.size <= gap <= 0.45 * other.size:
                run.sup = raised > 0.12 * other.size
                run.baseline = other.baseline
                break


def lower_initials(found: Sequence[Run]) -> None:
    """Give a large first letter (a drop cap) the baseline of the first of the lines beside it."""
    for run in found:
        if len(run.text.strip()) > 2 or not run.text.strip()[0].isalpha():
            continue
        beside = [
            other
            for other in found
            if other.size < run.size / INITIAL
            and run.top - 0.4 * other.size <= other.top
            and other.baseline <= run.baseline + 0.3 * other.size
            and -0.3 * run.size <= other.x0 - run.x1 <= 0.4 * run.size
        ]
        if len({round(other.baseline) for other in beside}) >= 2:
            run.baseline = min(other.baseline for other in beside)


def rows(found: Iterable[Run]) -> list[list[Run]]:
    """Runs grouped by baseline, top to bottom, each row from left to right."""
    out: list[list[Run]] = []
    at = 0.0
    for run in sorted(found, key=lambda r: r.baseline):
        if out and run.baseline - at <= 0.3 * max(run.size, 4.0):
            out[-1].append(run)
            if run.size >= max(r.size for r in out[-1]):
                at = run.baseline
        else:
            out.append([run])
            at = run.baseline
    for row in out:
        row.sort(key=lambda r: r.x0)
    return out


def initial(row: Sequence[Run]) -> str:
    """The first character of a row, without setting the whole line."""
    return min(row, key=lambda r: r.x0).phrases[0].text[0]


def line(row: Sequence[Run]) -> Line:
    """One line of the runs that stand on it, with a space where the eye sees one."""
    ordered = sorted(row, key=lambda r: r.x0)
    size = _usual(ordered)
    texts: list[str] = []
    boxes: list[npt.ArrayLike] = []
    raised: list[Span] = []
    length = 0
    last: Phrase | None = None
    drawn = False
    for run in ordered:
        for phrase in run.phrases:
            if last is not None and phrases.parted(last, phrase, drawn or phrase.drawn, size):
                texts.append(" ")
                boxes.append(phrases.SPACE)
                length += 1
            if run.sup:
                _raise(raised, phrase.text, length)
            texts.append(phrase.text)
            boxes.append(phrase.boxes)
            length += len(phrase.text)
            last, drawn = phrase, False
        drawn = run.drawn
    inked = sum([n for run in ordered for n in run.sizes.values()])
    text = "".join(texts)
    return Line(
        ordered[0].x0,
        max([run.x1 for run in ordered]),
        min([run.top for run in ordered]),
        max([run.bottom for run in ordered]),
        ordered[0].baseline if len(ordered) == 1 else median([run.baseline for run in ordered]),
        size,
        sum([run.bold for run in ordered]) > 0.6 * inked,
        _powers(text, raised) if raised else text,
        raised,
        boxes,
    )


def _usual(row: Sequence[Run]) -> float:
    """The size that most characters have, to a tenth of a point."""
    counts: dict[float, int] = {}
    for run in row:
        for size, times in run.sizes.items():
            near = round(size, 1)
            counts[near] = counts.get(near, 0) + times
    return max(counts, key=lambda s: (counts[s], s))


def _raise(raised: list[Span], text: str, at: int) -> None:
    """Note a superscript's words, which stand in the line's text from ``at`` on."""
    for word in _WORDS.finditer(text):
        start, end = at + word.start(), at + word.end()
        if raised and raised[-1].end == start:
            raised[-1] = Span(raised[-1].start, end)
        else:
            raised.append(Span(start, end))


def _powers(text: str, raised: Sequence[Span]) -> str:
    """Keep powers of ten and squared units as powers: 10⁻⁵, ×10⁹/L, mg/m²."""
    for i, span in enumerate(raised):
        # numbers with a space between them are citations
        beside = pairwise(raised[max(0, i - 1) : i + 2])
        if any(text[a.end : b.start] == " " for a, b in beside):
            continue
        start, end = span.start, span.end
        shown = normalize("NFKC", text[start:end])
        before = normalize("NFKC", text[max(0, start - 8) : start])
        if len(shown) == len(span) and _is_power(shown, before, text[end : end + 3]):
            text = text[:start] + shown.translate(_RAISED) + text[end:]
    return text


def _is_power(raised: str, before: str, after: str) -> bool:
    if not _POWER.match(raised):
        return False
    if re.search(r"(?<![\d.])10$", before):
        signed = raised[0] in "-−–‐"
        return signed or bool(re.search(r"[×xX*·∙]\s?10$", before)) or bool(re.match(r"\s?/", after))
    return raised in ("2", "3") and bool(re.search(r"(?:\b|[/\d\s])[cmdkμ]?m$|[χΧ]$", before))
