"""Characters become lines: one baseline, spaces set right, superscripts told by size and offset."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from isa_extract.reading.chars import Char
from isa_extract.reading.headings import HAN
from isa_extract.records import Box

_WIDE = re.compile(rf"[{HAN}\u3000-\u303f\uff01-\uff65“”‘’…—]")
_HAN = re.compile(rf"[{HAN}]")
_RAISED = str.maketrans("0123456789-−–‐+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁻⁺")
_POWER = re.compile(r"[-−–‐+]?\d{1,2}$")
_BREAK = 1.0  # ems; a wider gap in the stream ends a run
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

    @property
    def text(self) -> str:
        """The run's characters, spaces as drawn."""
        return "".join(c.text for c in self.chars)


@dataclass(slots=True)
class Glyph:
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
        return "".join(g.text for g in self.glyphs)


def runs(chars: Sequence[Char]) -> list[Run]:
    """The characters cut where the stream moves to another line, place or size."""
    out: list[Run] = []
    current: list[Char] = []
    for char in chars:
        if current and not _follows(current[-1], char):
            _close(out, current)
            current = []
        current.append(char)
    _close(out, current)
    return out


def _follows(a: Char, b: Char) -> bool:
    size = max(a.size, b.size)
    if abs(a.baseline - b.baseline) > 0.08 * size:
        return False
    if not a.text.strip() or not b.text.strip():
        return -0.6 * size <= b.x0 - a.x1 <= _BREAK * size
    return -0.6 * size <= b.x0 - a.x1 <= _BREAK * size and min(a.size, b.size) >= _SMALL * size


def _close(out: list[Run], chars: list[Char]) -> None:
    if any(c.text.strip() for c in chars):
        out.append(_run(chars))


def _run(chars: list[Char]) -> Run:
    inked = [c for c in chars if c.text.strip()]
    return Run(
        chars,
        min(c.x0 for c in inked),
        max(c.x1 for c in inked),
        min(c.top for c in inked),
        max(c.bottom for c in inked),
        median([c.baseline for c in inked]),
        max(c.size for c in inked),
    )


def part(run: Run, chars: list[Char]) -> Run:
    """The run of some of a run's characters."""
    made = _run(chars)
    made.baseline, made.sup = run.baseline, run.sup
    return made


def attach_small(found: Sequence[Run]) -> None:
    """Give super- and subscripts the baseline of the text that they stand beside."""
    big = sorted(found, key=lambda r: r.baseline)
    for run in found:
        if len(run.text.strip()) > 24:
            continue
        for other in big:
            if other.baseline < run.baseline - other.size:
                continue
            if other.baseline > run.baseline + other.size:
                break
            smaller = 0.35 * other.size < run.size < _SMALL * other.size
            raised = other.baseline - run.baseline
            # some writers raise citations without making them smaller
            lifted = (
                run.size <= other.size * 1.02 and raised >= 0.28 * other.size and len(run.text.strip()) <= 6
            )
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


def line(row: Sequence[Run]) -> Line:
    """One line of the runs that stand on it."""
    ordered = sorted(row, key=lambda r: r.x0)
    # chars keep the stream's order inside a run: accents and kerned pairs may overlap
    chars = [(c, run.sup) for run in ordered for c in run.chars]
    inked = [c for c, _ in chars if c.text.strip()]
    sizes = Counter(round(c.size, 1) for c in inked)
    size = max(sizes, key=lambda s: (sizes[s], s))
    made = Line(
        min(c.x0 for c in inked),
        max(c.x1 for c in inked),
        min(c.top for c in inked),
        max(c.bottom for c in inked),
        median([r.baseline for r in ordered]),
        size,
        sum(c.bold for c in inked) > 0.6 * len(inked),
        min(c.order for c in inked),
    )
    made.glyphs = _powers(_spaced(chars, size))
    return made


def _spaced(chars: Sequence[tuple[Char, bool]], size: float) -> list[Glyph]:
    """The glyphs with a space where the eye sees one."""
    out: list[Glyph] = []
    last: Char | None = None
    drawn = False  # a space character stood between
    for char, sup in chars:
        if not char.text.strip():
            drawn = last is not None
            continue
        if last is not None and _space_between(last, char, drawn, size):
            out.append(Glyph(" ", None))
        drawn = False
        out.extend(Glyph(c, box, sup) for c, box in _parts(char))
        last = char
    return out


def _space_between(a: Char, b: Char, drawn: bool, size: float) -> bool:
    gap = b.x0 - a.x1
    if _WIDE.match(a.text[-1]) and _WIDE.match(b.text[0]):
        return gap > 1.8 * size  # justified apart, unless it is a heading's or a form's wide gap
    if drawn:
        return gap > -0.25 * size
    if _WIDE.match(a.text[-1]) or _WIDE.match(b.text[0]):
        return gap > 0.45 * size
    return gap > 0.18 * min(a.size, b.size)


def _parts(char: Char) -> list[tuple[str, Box]]:
    """A glyph's characters, each with its share of the box (a ligature may stand for two)."""
    count = len(char.text)
    if count == 1:
        return [(char.text, char.box)]
    box, step = char.box, (char.box.x1 - char.box.x0) / count
    return [
        (c, Box(box.x0 + i * step, box.top, box.x0 + (i + 1) * step, box.bottom))
        for i, c in enumerate(char.text)
    ]


def _powers(glyphs: list[Glyph]) -> list[Glyph]:
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
        raised = "".join(g.text for g in glyphs[i:j])
        before = "".join(g.text for g in glyphs[max(0, i - 8) : i])
        after = "".join(g.text for g in glyphs[j : j + 3])
        if _is_power(raised, before, after):
            for g in glyphs[i:j]:
                g.text = g.text.translate(_RAISED)
        i = j
    return glyphs


def _is_power(raised: str, before: str, after: str) -> bool:
    if not _POWER.match(raised):
        return False
    if re.search(r"(?<![\d.])10$", before):
        signed = raised[0] in "-−–‐"
        return signed or bool(re.search(r"[×xX*·∙]\s?10$", before)) or bool(re.match(r"\s?/", after))
    return raised in ("2", "3") and bool(re.search(r"(?:\b|[/\d\s])[cmdkμ]?m$|[χΧ]$", before))
