"""Pages that are only an image, read by OCR into the same marks that a page with text gives.

The extra ``ocr`` brings rapidocr with its models (PP-OCR, in the wheel: nothing is fetched) and onnxruntime.
A page is rendered, turned upright, read line by line, and every character gets a box on the page from the
recogniser's own columns. Thin strokes become rules, so that tables are found as on any page.

The same page always reads alike on one machine: one thread, fixed settings, one line at a time (in a batch
the padding, and with it a line's text, would depend on the other lines).
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

from isa_extract.reading import ink
from isa_extract.reading.chars import Char, Chars, PageMarks, clean
from isa_extract.reading.ink import Image, cv2
from isa_extract.records import Box

EXTRA = "isa-extract[ocr]"

Affine = npt.NDArray[np.float64]
"""Two rows and three columns: where a point goes is ``matrix @ (x, y, 1)``."""

_DPI = 300
_MAX_SIDE = 4200  # pixels; an A4 page at 300 dpi has 3508
_FIND_SIDE = (
    1280  # pixels of the longer side that lines are looked for in; more finds no more, and takes long
)
_LOOK_SIDE = 960  # the same for the first look, which tells how the page lies
_SURE = 0.5  # lines recognised with less are specks, stamps and pictures
_LEVEL = 0.15  # degrees; a page that leans less is left as it is
_HEIGHT = 1.28  # of a line's box as found, in ems; it varies from 1.05 to 1.5
_ALIKE = 0.12  # a line that differs by less from most of the page is set in its size
_BASE = 0.24  # of the height, from the box's bottom up to the baseline
_RULE = 30.0  # points; a shorter stroke is a dash
_THIN = 2.5  # points; a thicker one is no rule
_SPACE = 0.28  # ems; a space is drawn as wide at least
_LINE_GAP = 5  # numbers left out between two lines, so that they do not pass for one


def available() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def read_pages(data: bytes, numbers: Sequence[int], begin: Callable[[], None]) -> dict[int, PageMarks]:
    """The marks of the pages of a PDF that have these (1-based) numbers.

    Args:
        begin: called before each page.

    Raises:
        MemoryError: if there is not enough.
    """
    document = pdfium.PdfDocument(data)
    try:
        found = {}
        for number in numbers:
            begin()
            page = document[number - 1]
            try:
                found[number] = page_marks(page, number)
            except Exception as error:
                # the libraries underneath tell of it each in its own way
                if re.search(r"alloc|memory", str(error), re.IGNORECASE):
                    raise MemoryError from error
                raise
            finally:
                page.close()
        return found
    finally:
        document.close()


def page_marks(page: Any, number: int) -> PageMarks:
    """The marks of a ``pypdfium2`` page, as its image shows them."""
    width, height = page.get_size()
    scale = min(_DPI / 72, _MAX_SIDE / max(width, height, 1.0))
    drawn: Image = page.render(scale=scale, grayscale=True).to_numpy()
    image, back, turned = _upright(drawn.reshape(drawn.shape[:2]))
    lines = _lines(image)
    drawn_in_ink = ink.of(image)
    strokes = [ink.strokes(drawn_in_ink, _RULE * scale, _THIN * scale, upright=up) for up in (False, True)]
    specks = ink.specks(drawn_in_ink)
    own = {id(line): ink.within(specks, line.box) for line in lines}
    ems = _sizes(lines, own)
    chars: list[Char] = []
    for line in _in_columns(lines):
        first = chars[-1].order + _LINE_GAP if chars else 0
        chars += _chars(line, ems[id(line)], own[id(line)], first, scale, back)
    rules, uprights = ([_points(box, scale) for box in some] for some in strokes)
    depth = width if turned in (90, 270) else height
    return PageMarks(number, width, height, depth, Chars.of(chars), [], rules, uprights)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as recognised: box in pixels of the upright image, each character with its middle."""

    box: Box
    text: str
    middles: tuple[float, ...]


@lru_cache(maxsize=1)
def _engine() -> Any:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    cv2().setNumThreads(1)
    settings = {
        "Global.log_level": "critical",
        "Global.max_side_len": 10 * _MAX_SIDE,  # lines are cut out at full size
        "Global.text_score": _SURE,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Det.limit_type": "max",
        "Det.limit_side_len": _FIND_SIDE,
        "Rec.rec_batch_num": 1,
    }
    return import_module("rapidocr").RapidOCR(params=settings)


def _upright(image: Image) -> tuple[Image, Affine, int]:
    """The image with its lines level and heads up; the way back to the image given; the turn in degrees."""
    height, width = image.shape
    small = min(1.0, _LOOK_SIDE / max(height, width))
    look: Image = cv2().resize(image, None, fx=small, fy=small, interpolation=cv2().INTER_AREA)
    turn, lean = _lie(look)
    there = _rotation(turn, lean, width, height)
    if turn == 0 and lean == 0:
        return image, there[:2], 0
    size = (height, width) if turn in (90, 270) else (width, height)
    level = cv2().warpAffine(image, there[:2], size, flags=cv2().INTER_LINEAR, borderValue=255)
    back: Affine = np.linalg.inv(there)[:2].astype(np.float64)
    return level, back, turn


def _lie(look: Image) -> tuple[int, float]:
    """By how many degrees clockwise the image must be turned for its text to stand upright, in quarter
    turns and what is left over."""
    quads = _found(look)
    if not len(quads):
        return 0, 0.0
    across = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    down = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    on_end = bool(down[down > 1.5 * across].sum() > across[across > 1.5 * down].sum())
    # the recogniser's crops of lines on end are turned anticlockwise, as this turns the page
    turn = 270 if on_end else 0
    image: Image = np.ascontiguousarray(np.rot90(look)) if on_end else look
    if on_end:
        quads = _found(image)
        if not len(quads):
            return 0, 0.0
    ends = quads[:, 1] - quads[:, 0]
    lengths = np.linalg.norm(ends, axis=1)
    longest = np.argsort(-lengths, kind="stable")[:15]
    if _headlong(image, quads[longest]):
        turn = (turn + 180) % 360
    leans = np.degrees(np.arctan2(ends[longest, 1], ends[longest, 0]))
    lean = -float(np.median(leans))
    # boxes of level lines are a pixel off at an end now and then
    return turn, lean if _LEVEL < abs(lean) < 20 and np.ptp(leans) < 10 else 0.0


def _found(image: Image) -> npt.NDArray[np.float64]:
    """The lines found, as corners from the top left, clockwise."""
    found = _engine()(image, use_det=True, use_cls=False, use_rec=False)
    boxes = getattr(found, "boxes", None)
    return np.empty((0, 4, 2)) if boxes is None else np.asarray(boxes, dtype=float).reshape(-1, 4, 2)


def _headlong(image: Image, quads: npt.NDArray[np.float64]) -> bool:
    """Whether most of the lines stand on their heads: read both ways, the right one is surer of itself."""
    votes = 0.0
    for quad in quads[:7]:
        size = [int(np.linalg.norm(quad[1] - quad[0])), int(np.linalg.norm(quad[3] - quad[0]))]
        if min(size) < 4:
            continue
        corners = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], dtype=np.float32)
        cut = cv2().warpPerspective(
            image, cv2().getPerspectiveTransform(quad.astype(np.float32), corners), tuple(size)
        )
        sure = [_sureness(one) for one in (cut, np.ascontiguousarray(np.rot90(cut, 2)))]
        votes += sure[1] - sure[0]
    return votes > 0


def _sureness(line: Image) -> float:
    read = _engine()(_three_channels(line), use_det=False, use_cls=False, use_rec=True)
    scores = getattr(read, "scores", None)
    return float(scores[0]) if scores else 0.0


def _three_channels(image: Image) -> Image:
    """The grey image with three channels."""
    return np.repeat(image[:, :, None], 3, axis=2)


def _rotation(turn: int, lean: float, width: int, height: int) -> Affine:
    """Turns clockwise about the middle, which moves to the middle of the new image."""
    angle = np.radians(turn + lean)
    cos, sin = np.cos(angle), np.sin(angle)
    wide, high = (height, width) if turn in (90, 270) else (width, height)
    rotate = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    middle = np.array([[1.0, 0.0, -width / 2], [0.0, 1.0, -height / 2], [0.0, 0.0, 1.0]])
    new = np.array([[1.0, 0.0, wide / 2], [0.0, 1.0, high / 2], [0.0, 0.0, 1.0]])
    made: Affine = new @ rotate @ middle
    return made


def _lines(image: Image) -> list[_Line]:
    """The lines of an upright image, recognised."""
    read = _engine()(
        _three_channels(image),
        use_det=True,
        use_cls=False,
        use_rec=True,
        return_word_box=True,
        return_single_char_box=True,
    )
    if getattr(read, "boxes", None) is None or read.txts is None:
        return []
    lines = []
    for quad, text, drawn in zip(read.boxes, read.txts, read.word_results, strict=True):
        (x0, top), (x1, bottom) = quad.min(axis=0), quad.max(axis=0)
        middles = [(min(p[0] for p in place) + max(p[0] for p in place)) / 2 for _, _, place in drawn]
        if len(middles) == len("".join(text.split())):
            box = Box(float(x0), float(top), float(x1), float(bottom))
            lines.append(_Line(box, text, tuple(float(x) for x in middles)))
    return lines


def _sizes(lines: Sequence[_Line], own: Mapping[int, ink.Specks]) -> dict[int, float]:
    """The em that each line is set in, in pixels.

    Where few glyphs tell it, that is rough, as is what the box tells (boxes are rounded, Chinese lines spaced
    out): such a line has another size than most of the page only where both say so.
    """
    if not lines:
        return {}
    high = {id(line): line.box.bottom - line.box.top for line in lines}
    told = {id(line): ink.em("".join(line.text.split()), line.middles, own[id(line)]) for line in lines}
    ems = {key: told[key][0] or high[key] / _HEIGHT for key in high}
    weighed = [id(line) for line in lines for _ in line.middles]
    usual, usual_high = median(ems[key] for key in weighed), median(high[key] for key in weighed)
    for key, em in ems.items():
        shares = (em / usual, em / usual if told[key][1] else high[key] / usual_high)
        if not (min(shares) > 1 + _ALIKE or max(shares) < 1 - _ALIKE):
            ems[key] = usual
    return ems


def _in_columns(lines: Sequence[_Line]) -> list[_Line]:
    """The lines column by column, as a typesetter writes them: each is followed by the one right below it."""
    left = sorted(lines, key=lambda line: (line.box.top, line.box.x0))
    out: list[_Line] = []
    while left:
        current = left.pop(0)
        out.append(current)
        while below := [line for line in left if _is_below(current.box, line.box)]:
            current = min(below, key=lambda line: (line.box.top, line.box.x0))
            left.remove(current)
            out.append(current)
    return out


def _is_below(a: Box, b: Box) -> bool:
    high = a.bottom - a.top
    shared = min(a.x1, b.x1) - max(a.x0, b.x0)
    return (
        0.4 * high < b.top - a.top < 2.2 * high
        and shared > 0.5 * min(a.x1 - a.x0, b.x1 - b.x0)
        # a line across the page belongs to no column
        and max(a.x1 - a.x0, b.x1 - b.x0) < 1.6 * min(a.x1 - a.x0, b.x1 - b.x0) + 6 * high
    )


def _chars(line: _Line, em: float, own: ink.Specks, order: int, scale: float, back: Affine) -> list[Char]:
    """A line's characters, in points."""
    box = line.box
    inked = "".join(line.text.split())
    base = ink.baseline(inked, line.middles, own, em)
    if base is None:
        base = box.bottom - _BASE * (box.bottom - box.top)
    raised = ink.raised(inked, line.middles, own, base, em)
    out: list[Char] = []
    edges = iter(zip(inked, _edges(line, em, own), raised, strict=True))
    for given in line.text:
        order += 1
        if given.isspace():
            if out:
                last = out[-1]
                out.append(
                    Char(
                        " ",
                        last.x1,
                        last.x1,
                        last.top,
                        last.bottom,
                        last.baseline,
                        last.size,
                        "",
                        order,
                        last.box,
                    )
                )
            continue
        _, (x0, x1), up = next(edges)
        text = clean(ink.RAISED.get(given, given))
        if not text:
            continue
        size, at = (0.62 * em, base - 0.33 * em) if up else (em, base)
        place = Box(x0, at - 0.88 * size, x1, at + 0.14 * size)
        seen = _points(place, scale)
        out.append(
            Char(
                text,
                seen.x0,
                seen.x1,
                seen.top,
                seen.bottom,
                at / scale,
                size / scale,
                "",
                order,
                _points(_back(place, back), scale),
            )
        )
    return out


def _edges(line: _Line, em: float, own: ink.Specks) -> list[tuple[float, float]]:
    """Where each character begins and ends: neighbours touch, save where a space or a wide gap parts them."""
    half: list[float] = []
    spaced: list[bool] = []  # a space stands before it
    space = True
    for c in line.text:
        if c.isspace():
            space = True
            continue
        half.append(em * _width(c) / 2)
        spaced.append(space)
        space = False
    xs = line.middles
    left = [x - h for x, h in zip(xs, half, strict=True)]
    right = [x + h for x, h in zip(xs, half, strict=True)]
    for i, j in pairwise(range(len(xs))):
        apart = left[j] - right[i]
        if apart < 0 or (apart < em and not spaced[j]):
            left[j] = right[i] = xs[i] + (xs[j] - xs[i]) * half[i] / (half[i] + half[j])
        if spaced[j] and left[j] - right[i] < _SPACE * em:
            middle = (left[j] + right[i]) / 2
            right[i], left[j] = max(xs[i], middle - _SPACE * em / 2), min(xs[j], middle + _SPACE * em / 2)
    if xs and len(own):
        # where a line begins and ends tells indents, last lines and table columns: there, as inked
        left[0], right[-1] = min(float(own[:, 0].min()), xs[0]), max(float(own[:, 2].max()), xs[-1])
    return [(a, max(a, b)) for a, b in zip(left, right, strict=True)]


def _width(char: str) -> float:
    """About how wide a character is, in ems."""
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in "ijlIftr.,;:'|!()[]-":
        return 0.32
    return 0.83 if char in "mMwW%" else 0.7 if char.isupper() else 0.5


def _points(box: Box, scale: float) -> Box:
    return Box(box.x0 / scale, box.top / scale, box.x1 / scale, box.bottom / scale)


def _back(box: Box, back: Affine) -> Box:
    """Where a box of the upright image stands in the image as it was."""
    corners = np.array(
        [[box.x0, box.x1, box.x1, box.x0], [box.top, box.top, box.bottom, box.bottom], [1.0] * 4]
    )
    xs, ys = back @ corners
    return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
