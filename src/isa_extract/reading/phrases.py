"""Phrases: the letters of a run, and the spaces that the eye sees between them.

Whether a space is seen may depend on the line that a run stands on. Where it does not, a page's spaces
are set all at once; a page has thousands of characters and few places where it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from isa_extract.reading.chars import Char, Chars
from isa_extract.reading.headings import HAN

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

INITIAL = 1.7  # times the text's size, from which a first letter is a drop cap
_WORD_SPACE = 0.18  # ems
_WIDE = re.compile(rf"[{HAN}\u3000-\u303f\uff01-\uff65“”‘’…—]")
_EITHER = "“”‘’…"  # in Latin type they are narrow, with spaces around as words have
_HALF_WIDE = 0.7  # ems; a wide character takes more
_NOWHERE = (float("nan"),) * 4


class Phrase(NamedTuple):
    """Letters of a run, with the spaces between them that are there whatever line they stand on.

    Attributes:
        boxes: one for every letter, nan for a space.
        x0, opening, opens_wide: of the first character: its left edge, its size, whether it is a wide one.
        x1, closing, closes_wide: of the last character: its right edge, its size, whether it is a wide one.
        drawn: whether a space character stands before it.
    """

    text: str
    boxes: npt.ArrayLike
    x0: float
    x1: float
    opening: float
    closing: float
    opens_wide: bool
    closes_wide: bool
    drawn: bool


SPACE = np.array([_NOWHERE])
"""The box of a space."""


@lru_cache(maxsize=4096)
def _is_wide(char: str) -> bool:
    """Whether it is a Han character or a full-width mark."""
    return bool(_WIDE.match(char))


def parted(a: Phrase, b: Phrase, drawn: bool, size: float) -> bool:
    """Whether a space is seen between two phrases.

    Args:
        drawn: whether a space character stands between them.
        size: of the line.
    """
    gap = b.x0 - a.x1
    if a.closing >= INITIAL * b.opening and b.text[0].islower():
        return gap > 0.6 * b.opening  # a drop cap keeps its word away
    if a.closes_wide and b.opens_wide:
        return gap > 1.8 * size  # justified apart, unless it is a heading's or a form's wide gap
    if drawn:
        return gap > -0.25 * size
    if a.closes_wide or b.opens_wide:
        return gap > 0.45 * size
    return gap > _WORD_SPACE * min(a.closing, b.opening)


def of_runs(chars: Chars, inked: Ints, first: Ints) -> list[list[Phrase]]:
    """The phrases of each run.

    Characters keep the stream's order: accents and kerned pairs may overlap.

    Args:
        inked: the characters that are no spaces.
        first: the first of each run's, as an index of those.
    """
    a, b = inked[:-1], inked[1:]
    gap, drawn = chars.x0[b] - chars.x1[a], b - a > 1
    opens, closes = _wide(chars)
    wide = closes[a] & opens[b]
    # what ``parted`` says of any line
    never = ~drawn & (gap <= _WORD_SPACE * np.minimum(chars.size[a], chars.size[b]))
    always = drawn & ~wide & (gap >= 0) & (chars.size[a] < INITIAL * chars.size[b])
    always[first[1:] - 1] = never[first[1:] - 1] = False
    heads = np.append(0, np.flatnonzero(~(never | always)) + 1)
    tails = np.append(heads[1:], len(inked)) - 1
    text, boxes, ends = _letters(chars, inked, np.append(False, always))
    opening, closing = inked[heads], inked[tails]
    begins = np.append(0, ends[tails[:-1]]).tolist()
    columns = (
        chars.x0[opening],
        chars.x1[closing],
        chars.size[opening],
        chars.size[closing],
        opens[opening],
        closes[closing],
        np.append(False, np.diff(inked) > 1)[heads],
    )
    bounds = list(zip(begins, ends[tails].tolist(), strict=True))
    found = list(
        map(
            Phrase,
            [text[i:j] for i, j in bounds],
            [boxes[i:j] for i, j in bounds],
            *(column.tolist() for column in columns),
        )
    )
    cuts = [*np.searchsorted(heads, first).tolist(), len(found)]
    return [found[i:j] for i, j in pairwise(cuts)]


def _wide(chars: Chars) -> tuple[Bools, Bools]:
    """Which characters begin with a wide one, and which end with one."""
    kinds = [
        (_is_wide(text[:1]), _is_wide(text[-1:]), text[:1] in _EITHER, len(text) == 1)
        for text in chars.glyphs
    ]
    opens, closes, either, single = np.array(kinds, dtype=bool).reshape(-1, 4)[chars.codes].T
    narrow = either & (chars.x1 - chars.x0 <= _HALF_WIDE * chars.size)
    return opens & ~narrow, closes & ~(narrow & single)


def _letters(chars: Chars, inked: Ints, parted: Bools) -> tuple[str, Floats, Ints]:
    """The letters of the characters that are no spaces, their boxes, and how many there are up to each's end.

    Args:
        parted: the characters that have a space before them.
    """
    counts = np.array(list(map(len, chars.glyphs)), dtype=np.int64)[chars.codes[inked]]
    texts = np.full(len(inked) + int(parted.sum()), " ", dtype=object)
    texts[np.cumsum(1 + parted) - 1] = chars.texts(inked)
    ends = np.cumsum(counts + parted)
    boxes = np.full((int(ends[-1]), 4), np.nan)
    boxes[ends - 1] = chars.boxes[inked]
    for i in np.flatnonzero(counts > 1).tolist():
        boxes[ends[i] - counts[i] : ends[i]] = _shares(chars.boxes[inked[i]].tolist(), int(counts[i]))
    return "".join(texts.tolist()), boxes, ends


def _shares(box: Sequence[float], count: int) -> Sequence[Sequence[float]]:
    """Each letter's share of a character's box (a ligature stands for two)."""
    x0, top, x1, bottom = box
    step = (x1 - x0) / count
    return [(x0 + i * step, top, x0 + (i + 1) * step, bottom) for i in range(count)]


def of_chars(chars: Sequence[Char]) -> list[Phrase]:
    """A phrase for each of some characters, none of them a space: what stood between two may be missing."""
    out: list[Phrase] = []
    for char in chars:
        text, x0, x1, size = char.text, char.x0, char.x1, char.size
        narrow = text[0] in _EITHER and x1 - x0 <= _HALF_WIDE * size
        opens = not narrow and _is_wide(text[0])
        if len(text) == 1:
            out.append(Phrase(text, [char.box], x0, x1, size, size, opens, opens, False))
        else:
            boxes = _shares(char.box, len(text))
            out.append(Phrase(text, boxes, x0, x1, size, size, opens, _is_wide(text[-1]), False))
    return out
