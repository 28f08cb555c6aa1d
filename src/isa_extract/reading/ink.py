"""The ink of a scanned page: strokes that are rules, specks that are glyphs, what is set above the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from statistics import fmean, median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from isa_extract.records import Box

Image = npt.NDArray[np.uint8]
Specks = npt.NDArray[np.float64]
"""One row for each connected piece of ink: x0, top, x1, bottom, in pixels."""

RAISED: Final = {c: str(i) for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {"⁻": "-", "⁺": "+"}
"""Characters that some fonts have raised by themselves, and what they are."""

_FIGURES = re.compile(r"\d[\d,\-–−‐+]*")
_ON_THE_LINE = re.compile(r"[a-fhik-or-xzA-PR-Z0-9]")  # neither descenders nor loops below
_TALL = re.compile(r"[A-PR-Z0-9bdfhkl]")
_LOW = re.compile(r"[acemnorsuvwxz]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_RINGED = ("%", "‰", "°", "℃")  # a raised ring begins them
_DASHES = frozenset("-–−‐+")
# in ems above the baseline, from the shapes of text faces: figures stand .65 high
_RAISED_FOOT = 0.2
_RAISED_DASH = 0.38
_RAISED_HEIGHT = (0.25, 0.62)


def cv2() -> Any:
    """OpenCV; not a plain import, since it is there only with the extra."""
    return import_module("cv2")


def of(image: Image) -> Image:
    """255 where a grey image has ink, whatever the light it was scanned in."""
    side = max(15, min(image.shape) // 40) | 1
    dark: Image = cv2().adaptiveThreshold(
        image, 255, cv2().ADAPTIVE_THRESH_MEAN_C, cv2().THRESH_BINARY_INV, side, 15
    )
    return dark


def strokes(inked: Image, length: float, thickness: float, *, upright: bool) -> list[Box]:
    """Straight strokes of at least that length and at most that thickness, in pixels, top to bottom."""
    across = (1, int(length)) if upright else (int(length), 1)
    along = (1, 3) if not upright else (3, 1)  # a stroke that leans by a pixel goes on in the next row
    box = cv2().getStructuringElement
    whole = cv2().dilate(inked, box(cv2().MORPH_RECT, along))
    kept = cv2().morphologyEx(whole, cv2().MORPH_OPEN, box(cv2().MORPH_RECT, across))
    _, _, stats, _ = cv2().connectedComponentsWithStats(kept, connectivity=8)
    found = []
    for x, y, wide, high, _ in stats[1:].tolist():
        thick = (wide if upright else high) - 2
        if thick <= thickness + 1:
            inset = (1, 0) if upright else (0, 1)
            found.append(Box(x + inset[0], y + inset[1], x + wide - inset[0], y + high - inset[1]))
    return sorted(found, key=lambda b: (b.top, b.x0))


def specks(inked: Image) -> Specks:
    """Every connected piece of ink."""
    _, _, stats, _ = cv2().connectedComponentsWithStats(inked, connectivity=8)
    x, y, wide, high = (stats[1:, i].astype(float) for i in range(4))
    return np.stack([x, y, x + wide, y + high], axis=1)


def within(found: Specks, box: Box) -> Specks:
    """The pieces of a line, from left to right: what begins and ends in its box, and has its middle in it."""
    over = 0.2 * (box.bottom - box.top)
    own = found[(box.x0 - over <= found[:, 0]) & (found[:, 2] <= box.x1 + over)]
    y = (own[:, 1] + own[:, 3]) / 2
    own = own[(box.top <= y) & (y <= box.bottom)]
    return own[np.argsort(own[:, 0], kind="stable")]


def em(text: str, middles: Sequence[float], own: Specks) -> tuple[float | None, bool]:
    """The size that a line is set in, in pixels, and whether that is sure: letters and figures have the heights
    of text faces, Chinese characters are about an em apart. None where there are too few to tell.

    Args:
        text: without spaces.
        middles: the x of each character's middle.
        own: the line's pieces of ink.
    """
    han = [_HAN.match(c) is not None for c in text]
    apart = [b - a for (a, b), x, y in zip(pairwise(middles), han, han[1:], strict=False) if x and y]
    sizes = []
    for char, x in zip(text, middles, strict=True):
        share = 0.7 if _TALL.match(char) else 0.48 if _LOW.match(char) else 0.0
        if share:
            here = own[(own[:, 0] <= x) & (x <= own[:, 2])]
            sizes += [float(h) / share for h in (here[:, 3] - here[:, 1])[-1:]]
    if len(sizes) >= 3:
        return median(sizes), len(sizes) >= 8
    if len(apart) < 4:
        return None, False
    # the recogniser tells places in steps of a fifth of an em or so
    usual = median(apart)
    return fmean(a for a in apart if 0.7 * usual < a < 1.3 * usual), False


def baseline(text: str, middles: Sequence[float], own: Specks, em: float) -> float | None:
    """The y that most letters and figures of a line stand on; None where there are too few.

    Args:
        text: without spaces.
        middles: the x of each character's middle.
        own: the line's pieces of ink.
    """
    tall = own[(own[:, 3] - own[:, 1] > 0.3 * em) & (own[:, 3] - own[:, 1] < 0.95 * em)]
    feet = []
    for char, x in zip(text, middles, strict=True):
        if _ON_THE_LINE.match(char):
            feet += [float(b) for b in tall[(tall[:, 0] <= x) & (x <= tall[:, 2])][:, 3]]
    return median(feet) if len(feet) > 2 else None


def raised(text: str, middles: Sequence[float], own: Specks, base: float, em: float) -> list[bool]:
    """For each character of a line, whether it is set above the line: citations, powers.

    Args:
        text: without spaces.
        middles: the x of each character's middle.
        own: the line's pieces of ink.
        base: y of the baseline.
    """
    out = [c in RAISED for c in text]
    for match in _FIGURES.finditer(text):
        x0, x1 = middles[match.start()] - 0.35 * em, middles[match.end() - 1] + 0.35 * em
        if text[match.end() : match.end() + 1] in _RINGED:
            x1 = min(x1, middles[match.end()] - 0.42 * em)
        middle = (own[:, 0] + own[:, 2]) / 2
        near = own[(x0 <= middle) & (middle <= x1)]
        level = [row for row in near if row[3] >= base - 0.1 * em and row[3] - row[1] > 0.45 * em]
        last = max((float(row[2]) for row in level), default=x0)
        high = [row for row in near if _is_raised(row, base, em) and row[0] >= last - 0.05 * em]
        at = match.end()
        for _ in high:
            while at > match.start() and not text[at - 1].isdigit():
                at -= 1  # commas and dashes between raised figures are raised with them
            at = max(match.start(), at - 1)
        if not high:
            continue
        if at > match.start() and text[at - 1] in _DASHES:
            # a dash before: the sign of a power if it is raised itself, else the dash of a range
            x = middles[at - 1]
            flat = near[(near[:, 0] <= x) & (x <= near[:, 2]) & (near[:, 3] - near[:, 1] < 0.15 * em)]
            at -= int(len(flat) > 0 and float(flat[:, 3].max()) < base - _RAISED_DASH * em)
        out[at : match.end()] = [True] * (match.end() - at)
    for i, j in pairwise(range(len(text))):
        out[i] = out[i] or (text[i] in "[(" and out[j])
        out[j] = out[j] or (text[j] in "])" and out[i])
    return out


def _is_raised(row: npt.NDArray[np.float64], base: float, em: float) -> bool:
    high = float(row[3] - row[1])
    return bool(_RAISED_HEIGHT[0] * em < high < _RAISED_HEIGHT[1] * em and row[3] < base - _RAISED_FOOT * em)
