"""Characters of a PDF page with boxes, baselines, sizes and fonts; its rules, fills and images.

Two sources give what is drawn on a page, in one form (``Drawn``): ``chars_pdfium`` is fast and the default,
``chars_pdfminer`` is the reference and takes the pages that the fast one is not sure of. What can be
seen of it, and which way up it is read, is decided here for both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from isa_extract.records import Box

INVISIBLE = 3  # PDF 32000, table 106: neither fill nor stroke
_OUTLINED = 1  # stroke only: the fill's colour does not matter
_THIN = 2.5  # points; a mark no thicker is a rule
_TINY = 1.5  # points; nothing this small is meant to be read
SLANTED = -1  # direction of text that stands neither upright nor on a side
_CID = re.compile(r"\(cid:\d+\)")
# the Symbol font's private-use code points, as Word's PDF writer leaves them
_SYMBOL = dict(
    zip(
        "\uf02b\uf02d\uf03c\uf03d\uf03e\uf061\uf062\uf063\uf067\uf06c\uf06d\uf0a3\uf0b0\uf0b1\uf0b3\uf0b4\uf0b7\uf0bb\uf0b9",
        "+−<=>αβχγλμ≤°±≥×·≈≠",
        strict=True,
    )
)
# ligatures as their letters, and the radicals that some writers put for Han characters of one look
_LOOKS = {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07))
}


class Char(NamedTuple):
    """One glyph. ``x0`` … ``baseline`` are in reading direction (turned text is turned upright);
    ``box`` is where it stands on the page,
    ``place`` the same where that is another place. Named tuples are made three times as fast as dataclasses,
    and a page has thousands."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    font: str
    order: int
    place: Box | None = None

    @property
    def box(self) -> Box:
        """Where it stands on the page, in points."""
        return Box(self.x0, self.top, self.x1, self.bottom) if self.place is None else self.place


@lru_cache(maxsize=256)
def is_bold(font: str) -> bool:
    """Whether a font's name says bold."""
    return bool(re.search(r"bold|heavy|black|demi|黑体|simhei|-hei\b", font, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a source finds on a page: all glyphs in content order, seen or not, one array each.

    Attributes:
        boxes: (n, 4) points on the page, x0 top x1 bottom; from the font's descent one size up.
        origins: (n, 2) points on the page; a glyph's place on its baseline, rise included.
        directions: degrees, or ``SLANTED``.
        modes: text render modes.
        white: filled with white, or with nothing.
        strokes: thin marks and the sides of frames.
        grounds: fills and images that text may stand on.
    """

    number: int
    width: float
    height: float
    texts: list[str]
    boxes: npt.NDArray[np.float64]
    origins: npt.NDArray[np.float64]
    directions: npt.NDArray[np.int64]
    fonts: list[str]
    modes: npt.NDArray[np.int64]
    white: npt.NDArray[np.bool_]
    strokes: list[Box]
    grounds: list[Box]


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What stands on one page.

    Rules and characters are in the reading direction of most of the page's text: on a page whose text
    stands on end, everything is turned upright. Boxes of characters stay as they are on the page.

    Attributes:
        width, height: of the page as it is.
        depth: its height in reading direction.
        chars: in content order.
        turned: characters of other directions (a table on its side, a stamp in the margin).
        rules: thin horizontal strokes and fills, as boxes.
        uprights: thin vertical ones.
    """

    number: int
    width: float
    height: float
    depth: float
    chars: list[Char]
    turned: list[list[Char]]
    rules: list[Box]
    uprights: list[Box]


def page_marks(drawn: Drawn) -> PageMarks:
    """The marks of a page that can be seen."""
    cleaned = {text: clean(text) for text in set(drawn.texts)}
    texts = [cleaned[text] for text in drawn.texts]
    seen = _seen(drawn, texts)
    chars = {
        int(direction): _chars(drawn, texts, np.flatnonzero(seen & (drawn.directions == direction)))
        for direction in np.unique(drawn.directions[seen])
    }
    main = max(chars, key=lambda direction: len(chars[direction]), default=0)
    turned = [_turn(box, main, drawn.width, drawn.height) for box in drawn.strokes]
    return PageMarks(
        drawn.number,
        drawn.width,
        drawn.height,
        drawn.width if main in (90, 270) else drawn.height,
        chars.pop(main, []),
        [chars[direction] for direction in sorted(chars)],
        [box for box in turned if box.x1 - box.x0 > box.bottom - box.top],
        [box for box in turned if box.x1 - box.x0 <= box.bottom - box.top],
    )


def _seen(drawn: Drawn, texts: list[str]) -> npt.NDArray[np.bool_]:
    """Which glyphs are characters that a reader sees."""
    seen = np.fromiter(map(bool, texts), bool, len(texts))
    hidden = drawn.modes == INVISIBLE
    # a scan with an OCR layer has nothing but invisible text: that layer is its text
    if hidden.sum() < 0.9 * len(texts):
        seen &= ~hidden
    seen &= (drawn.directions != SLANTED) & (_sizes(drawn) >= _TINY)
    for i in np.flatnonzero(seen & drawn.white & (drawn.modes != _OUTLINED)):
        seen[i] = _over(drawn.boxes[i], drawn.grounds)
    return seen


def _sizes(drawn: Drawn) -> npt.NDArray[np.float64]:
    """The glyphs' heights in reading direction."""
    x0, top, x1, bottom = drawn.boxes.T
    sizes: npt.NDArray[np.float64] = np.where(drawn.directions % 180 == 90, x1 - x0, bottom - top)
    return sizes


def _chars(drawn: Drawn, texts: list[str], which: npt.NDArray[np.int64]) -> list[Char]:
    """The characters of one direction."""
    direction = int(drawn.directions[which[0]])
    boxes = drawn.boxes[which].T
    x0, top, x1, bottom = (edge.tolist() for edge in _turned(boxes, direction, drawn.width, drawn.height))
    ox, oy = drawn.origins[which].T
    base = _turned((ox, oy, ox, oy), direction, drawn.width, drawn.height)[1].tolist()
    size = _sizes(drawn)[which].round(4).tolist()
    # a line's characters have most of their numbers in common: kept once, they take half the memory
    once: dict[float, float] = {}
    top, bottom, base, size = (list(map(once.setdefault, all_, all_)) for all_ in (top, bottom, base, size))
    places = repeat(None) if direction == 0 else map(Box, *boxes.tolist())
    at = which.tolist()
    names = [drawn.fonts[i] for i in at]
    shown = [texts[i] for i in at]
    return list(map(Char, shown, x0, x1, top, bottom, base, size, names, at, places))


def clean(text: str) -> str:
    """The glyph's text with what is not a character of the paper mended or left out."""
    if not text or text == "\u200b":
        return ""
    text = _CID.sub("\ufffd", text)
    text = text.replace("\ufffe", "-").replace("\u00ad", "-")  # hyphens as some writers map them
    if text.isspace():
        return " "
    return "".join(
        _SYMBOL.get(c)
        or _LOOKS.get(c)
        or (" " if c.isspace() else "\ufffd" if "\ud800" <= c <= "\udfff" else c)
        for c in text
        if c >= " " or c.isspace()
    )


def direction_of(a: float, b: float) -> int:
    """The direction in degrees of text set with a matrix (a, b, …); slanting text is a watermark."""
    if abs(b) <= 0.05 * abs(a):
        return 0 if a > 0 else 180
    if abs(a) <= 0.05 * abs(b):
        return 90 if b > 0 else 270
    return SLANTED


def sort_stroke(
    box: Box, *, rectangle: bool, stroked: bool, ground: bool, strokes: list[Box], grounds: list[Box]
) -> None:
    """Thin marks are rules; a frame is four of them; a coloured area is ground that text stands on.

    Args:
        box: the mark's extent on the page.
        rectangle: whether it is one, upright.
        stroked: whether its outline is drawn.
        ground: whether it is filled with a colour other than white.
        strokes, grounds: what it is added to.
    """
    wide, high = box.x1 - box.x0, box.bottom - box.top
    if min(wide, high) <= _THIN:
        if max(wide, high) >= 5:
            strokes.append(box)
    elif rectangle:
        if ground:
            grounds.append(box)
        if stroked:
            strokes += [
                Box(box.x0, box.top, box.x1, box.top),
                Box(box.x0, box.bottom, box.x1, box.bottom),
                Box(box.x0, box.top, box.x0, box.bottom),
                Box(box.x1, box.top, box.x1, box.bottom),
            ]


def _over(box: npt.NDArray[np.float64], grounds: list[Box]) -> bool:
    x, y = float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2
    return any(g.x0 <= x <= g.x1 and g.top <= y <= g.bottom for g in grounds)


def _turn(box: Box, direction: int, width: float, height: float) -> Box:
    return Box(*_turned((box.x0, box.top, box.x1, box.bottom), direction, width, height))


def _turned(box: Any, direction: int, width: float, height: float) -> tuple[Any, Any, Any, Any]:
    """Where boxes of the page (numbers or arrays) stand when text of that direction is turned upright."""
    x0, top, x1, bottom = box
    if direction == 90:  # read from the page's bottom upwards
        return height - bottom, x0, height - top, x1
    if direction == 270:
        return top, width - x1, bottom, width - x0
    if direction == 180:
        return width - x1, height - bottom, width - x0, height - top
    return x0, top, x1, bottom
