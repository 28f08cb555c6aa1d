"""Characters of a PDF page with boxes, baselines, sizes and fonts; its rules, fills and images.

Two sources give what is drawn on a page, in one form (``Drawn``): ``chars_pdfium`` is fast and the default,
``chars_pdfminer`` is the reference and takes the pages that the fast one is not sure of. What can be
seen of it, and which way up it is read, is decided here for both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, overload

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
    ``box`` is where it stands on the page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    font: str
    order: int
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Chars(Sequence[Char]):
    """Characters in content order, a column each of what ``Char`` tells: most are never asked for one by one.

    Attributes:
        glyphs: the texts that there are.
        codes: which of them a character shows.
        names: of fonts.
        fonts: which of them a character is set in.
        boxes: (n, 4) points on the page.
    """

    glyphs: list[str]
    codes: npt.NDArray[np.int64]
    x0: npt.NDArray[np.float64]
    x1: npt.NDArray[np.float64]
    top: npt.NDArray[np.float64]
    bottom: npt.NDArray[np.float64]
    baseline: npt.NDArray[np.float64]
    size: npt.NDArray[np.float64]
    names: list[str]
    fonts: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    boxes: npt.NDArray[np.float64]

    @classmethod
    def of(cls, chars: Sequence[Char]) -> Chars:
        """The columns of characters."""
        x0, x1, top, bottom, baseline, size = np.array([c[1:7] for c in chars], dtype=float).reshape(-1, 6).T
        glyphs, codes = numbered([char.text for char in chars])
        names, fonts = numbered([char.font for char in chars])
        order = np.array([char.order for char in chars], dtype=np.int64)
        boxes = np.array([char.box for char in chars], dtype=float).reshape(-1, 4)
        return cls(glyphs, codes, x0, x1, top, bottom, baseline, size, names, fonts, order, boxes)

    def __len__(self) -> int:
        return len(self.codes)

    def texts(self, which: Any = slice(None)) -> list[str]:
        """What each shows, or each of a mask, of indices or of a slice."""
        shown: list[str] = np.array(self.glyphs, dtype=object)[self.codes[which]].tolist()
        return shown

    def is_space(self) -> npt.NDArray[np.bool_]:
        """Which are spaces."""
        return np.array([glyph == " " for glyph in self.glyphs], dtype=bool)[self.codes]

    @overload
    def __getitem__(self, which: int) -> Char: ...
    @overload
    def __getitem__(self, which: slice) -> list[Char]: ...
    def __getitem__(self, which: int | slice) -> Char | list[Char]:
        if isinstance(which, int):
            return self[which : which + 1 or None][0]
        columns = (self.x0, self.x1, self.top, self.bottom, self.baseline, self.size)
        numbers = [column[which].tolist() for column in columns]
        boxes = map(Box, *self.boxes[which].T.tolist())
        order = self.order[which].tolist()
        fonts = map(self.names.__getitem__, self.fonts[which].tolist())
        return list(map(Char, self.texts(which), *numbers, fonts, order, boxes))

    def __iter__(self) -> Iterator[Char]:
        return iter(self[:])


@lru_cache(maxsize=256)
def is_bold(font: str) -> bool:
    """Whether a font's name says bold."""
    return bool(re.search(r"bold|heavy|black|demi|medi(?!um)|黑体|simhei|-hei\b", font, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a source finds on a page: all glyphs in content order, seen or not, one array each.

    Attributes:
        boxes: (n, 4) points on the page, x0 top x1 bottom; from the font's descent one size up.
        origins: (n, 2) points on the page; a glyph's place on its baseline, rise included.
        directions: degrees, or ``SLANTED``.
        names: of the page's fonts.
        fonts: which of them a glyph is set in.
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
    names: list[str]
    fonts: npt.NDArray[np.int64]
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
        turned: the marks of every other direction (a table on its side, a stamp in the margin), each as if
            its text were the page's: rules and characters turned upright by it.
        rules: thin horizontal strokes and fills, as boxes.
        uprights: thin vertical ones.
    """

    number: int
    width: float
    height: float
    depth: float
    chars: Chars
    turned: list[PageMarks]
    rules: list[Box]
    uprights: list[Box]


def page_marks(drawn: Drawn) -> PageMarks:
    """The marks of a page that can be seen."""
    texts, codes = numbered(drawn.texts)
    glyphs = [clean(text) for text in texts]
    seen = _seen(drawn, np.array([glyph != "" for glyph in glyphs], dtype=bool)[codes])
    chars = {
        int(direction): _chars(drawn, glyphs, codes, np.flatnonzero(seen & (drawn.directions == direction)))
        for direction in np.unique(drawn.directions[seen])
    }
    main = max(chars, key=lambda direction: len(chars[direction]), default=0)
    own = chars.pop(main, Chars.of(()))
    turned = [_in_direction(drawn, direction, chars[direction], []) for direction in sorted(chars)]
    return _in_direction(drawn, main, own, turned)


def _in_direction(drawn: Drawn, direction: int, chars: Chars, turned: list[PageMarks]) -> PageMarks:
    """A page's marks when text of one direction stands upright."""
    strokes = [_turn(box, direction, drawn.width, drawn.height) for box in drawn.strokes]
    return PageMarks(
        drawn.number,
        drawn.width,
        drawn.height,
        drawn.width if direction in (90, 270) else drawn.height,
        chars,
        turned,
        [box for box in strokes if box.x1 - box.x0 > box.bottom - box.top],
        [box for box in strokes if box.x1 - box.x0 <= box.bottom - box.top],
    )


def numbered(texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The different ones, and the number of each among them."""
    known = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return list(known), np.fromiter(map(known.__getitem__, texts), np.int64, len(texts))


def _seen(drawn: Drawn, shown: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which glyphs are characters that a reader sees; ``shown`` are those that show any."""
    seen = shown.copy()
    hidden = drawn.modes == INVISIBLE
    # a scan with an OCR layer has nothing but invisible text: that layer is its text
    if hidden.sum() < 0.9 * len(seen):
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


def _chars(
    drawn: Drawn, glyphs: list[str], codes: npt.NDArray[np.int64], which: npt.NDArray[np.int64]
) -> Chars:
    """The characters of one direction."""
    direction = int(drawn.directions[which[0]])
    boxes = drawn.boxes[which]
    x0, top, x1, bottom = _turned(boxes.T, direction, drawn.width, drawn.height)
    ox, oy = drawn.origins[which].T
    return Chars(
        glyphs,
        codes[which],
        x0,
        x1,
        top,
        bottom,
        _turned((ox, oy, ox, oy), direction, drawn.width, drawn.height)[1],
        _sizes(drawn)[which].round(4),
        drawn.names,
        drawn.fonts[which],
        which,
        boxes,
    )


@lru_cache(maxsize=4096)
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


def directions_of(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The directions in degrees of text set with matrices (a, b, …); slanting text is a watermark."""
    level, upright = np.abs(b) <= 0.05 * np.abs(a), np.abs(a) <= 0.05 * np.abs(b)
    cases = [level & (a > 0), level, upright & (b > 0), upright]
    return np.select(cases, [0, 180, 90, 270], SLANTED).astype(np.int64)


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
