"""Characters become lines: one baseline, spaces set right, superscripts told by size and offset."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median
from typing import NamedTuple
from unicodedata import normalize

from isa_extract.reading.chars import Char, is_bold
from isa_extract.reading.headings import HAN
from isa_extract.records import Box

_WIDE = re.compile(rf"[{HAN}\u3000-\u303f\uff01-\uff65“”‘’…—]")
_FIRST_WIDE = "\u2014"  # no wide character comes before it
_RAISED = str.maketrans("0123456789-−–‐+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁻⁺")
_POWER = re.compile(r"[-−–‐+]?\d{1,2}$")
_BREAK = 1.0  # ems; a wider gap in the stream ends a run
_INITIAL = 1.7  # times the text's size, from which a first letter is a drop cap
_SMALL = 0.82  # of the neighbour's size, below which a run may be a super- or subscript


@dataclass(slots=True)
class Run:
    """Characters that follow each other in the stream, on one baseline, in one size."""

    chars: list[Char]
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    sup: bool = False
    _text: str | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The run's characters, spaces as drawn."""
        if self._text is None:
            self._text = "".join([c.text for c in self.chars])
        return self._text


class Glyph(NamedTuple):
    """A character as it will stand in the text; ``sup`` if it is set as a superscript."""

    text: str
    box: Box | None
    sup: bool = False


@dataclass(slots=True)
class Line:
    """A line, or a part of one, in the coordinates of reading direction."""

    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    order: int
    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The line's characters."""
        return "".join([g.text for g in self.glyphs])


def runs(chars: Sequence[Char]) -> list[Run]:
    """The characters cut where the stream moves to another line, place or size."""
    out: list[Run] = []
    current: list[Char] = []
    a: Char | None = None
    for b in chars:
        if a is not None:
            small, size = (a.size, b.size) if a.size < b.size else (b.size, a.size)
            if not (
                -0.6 * size <= b.x0 - a.x1 <= _BREAK * size
                and -0.08 * size <= a.baseline - b.baseline <= 0.08 * size
                and (small >= _SMALL * size or a.text == " " or b.text == " ")
            ):
                _close(out, current)
                current = []
        current.append(b)
        a = b
    _close(out, current)
    return out


def _close(out: list[Run], chars: list[Char]) -> None:
    if any(c.text != " " for c in chars):
        out.append(_run(chars))


def _run(chars: list[Char]) -> Run:
    # a character is a tuple: turned round, the characters' columns
    _, x0, x1, top, bottom, baseline, size, *_ = zip(*[c for c in chars if c.text != " "], strict=True)
    return Run(chars, min(x0), max(x1), min(top), max(bottom), _median(baseline), max(size))


def _median(values: Sequence[float]) -> float:
    """The median, at once where all are alike, as on one baseline they are."""
    return values[0] if min(values) == max(values) else median(values)


def part(run: Run, chars: list[Char]) -> Run:
    """The run of some of a run's characters."""
    made = _run(chars)
    made.baseline, made.sup = run.baseline, run.sup
    return made


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
            if other.size < run.size / _INITIAL
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
    first = min(row, key=lambda r: r.x0)
    return next(c.text[0] for c in first.chars if c.text.strip())


def line(row: Sequence[Run]) -> Line:
    """One line of the runs that stand on it."""
    ordered = sorted(row, key=lambda r: r.x0)
    inked = [c for run in ordered for c in run.chars if c.text != " "]
    _, x0, x1, top, bottom, _, sizes, fonts, order, _ = zip(*inked, strict=True)
    size = _usual(sizes)
    bold = sum(times for font, times in Counter(fonts).items() if is_bold(font))
    made = Line(
        min(x0),
        max(x1),
        min(top),
        max(bottom),
        _median([r.baseline for r in ordered]),
        size,
        bold > 0.6 * len(inked),
        min(order),
    )
    made.glyphs = _spaced(ordered, size)
    if any(run.sup for run in ordered):
        _powers(made.glyphs)
    return made


def _usual(sizes: Sequence[float]) -> float:
    """The size that most characters have, to a tenth of a point."""
    if min(sizes) == max(sizes):
        return round(sizes[0], 1)
    counts: Counter[float] = Counter()
    for size, times in Counter(sizes).items():
        counts[round(size, 1)] += times
    return max(counts, key=lambda s: (counts[s], s))


def _spaced(ordered: Sequence[Run], size: float) -> list[Glyph]:
    """The glyphs with a space where the eye sees one.

    Characters keep the stream's order inside a run: accents and kerned pairs may overlap.
    """
    out: list[Glyph] = []
    last: Char | None = None
    wide = False  # the last one is Han or a full-width mark
    drawn = False  # a space character stood between
    for run in ordered:
        sup = run.sup
        for char in run.chars:
            text = char.text
            if text == " ":
                drawn = last is not None
                continue
            begins_wide = text >= _FIRST_WIDE and _is_wide(text[0])
            if last is not None:
                gap = char.x0 - last.x1
                if begins_wide and wide:
                    # justified apart, unless it is a heading's or a form's wide gap
                    spaced = gap > 1.8 * size
                elif drawn:
                    spaced = gap > -0.25 * size
                elif begins_wide or wide:
                    spaced = gap > 0.45 * size
                else:
                    spaced = gap > 0.18 * (last.size if last.size < char.size else char.size)
                if last.size >= _INITIAL * char.size and char.text[0].islower():
                    spaced = gap > 0.6 * char.size  # a drop cap keeps its word away
                if spaced:
                    out.append(Glyph(" ", None))
            drawn = False
            if len(text) == 1:
                out.append(Glyph(text, char.box, sup))
                wide = begins_wide
            else:
                out += [Glyph(c, box, sup) for c, box in _parts(char)]
                wide = _is_wide(text[-1])
            last = char
    return out


@lru_cache(maxsize=4096)
def _is_wide(char: str) -> bool:
    return bool(_WIDE.match(char))


def _parts(char: Char) -> list[tuple[str, Box]]:
    """A glyph's characters, each with its share of the box (a ligature may stand for two)."""
    count = len(char.text)
    box, step = char.box, (char.box.x1 - char.box.x0) / count
    return [
        (c, Box(box.x0 + i * step, box.top, box.x0 + (i + 1) * step, box.bottom))
        for i, c in enumerate(char.text)
    ]


def _powers(glyphs: list[Glyph]) -> None:
    """Keep powers of ten and squared units as powers: 10⁻⁵, ×10⁹/L, mg/m²."""
    i = 0
    while i < len(glyphs):
        if not glyphs[i].sup:
            i += 1
            continue
        j = i
        while j < len(glyphs) and (
            glyphs[j].sup or (glyphs[j].text == " " and j + 1 < len(glyphs) and glyphs[j + 1].sup)
        ):
            j += 1
        raised = normalize("NFKC", "".join(g.text for g in glyphs[i:j]))
        before = normalize("NFKC", "".join(g.text for g in glyphs[max(0, i - 8) : i]))
        after = "".join(g.text for g in glyphs[j : j + 3])
        if _is_power(raised, before, after):
            glyphs[i:j] = [g._replace(text=normalize("NFKC", g.text).translate(_RAISED)) for g in glyphs[i:j]]
        i = j


def _is_power(raised: str, before: str, after: str) -> bool:
    if not _POWER.match(raised):
        return False
    if re.search(r"(?<![\d.])10$", before):
        signed = raised[0] in "-−–‐"
        return signed or bool(re.search(r"[×xX*·∙]\s?10$", before)) or bool(re.match(r"\s?/", after))
    return raised in ("2", "3") and bool(re.search(r"(?:\b|[/\d\s])[cmdkμ]?m$|[χΧ]$", before))
