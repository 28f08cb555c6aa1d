"""Characters of a PDF page with boxes, baselines, sizes and fonts; its rules, fills and images.

pdfminer (through pdfplumber) is the source. Its own device drops two things that layout needs: the
text render mode (invisible text) and the text rise (superscripts set without a matrix of their own).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve, LTImage, LTLine, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter

from isa_extract.records import Box

_INVISIBLE = 3  # PDF 32000, table 106: neither fill nor stroke
_THIN = 2.5  # points; a mark no thicker is a rule
_TINY = 1.5  # points; nothing this small is meant to be read
_CID = re.compile(r"\(cid:\d+\)")
# the Symbol font's private-use code points, as Word's PDF writer leaves them
_SYMBOL = dict(
    zip(
        "\uf02b\uf02d\uf03c\uf03d\uf03e\uf061\uf062\uf063\uf067\uf06c\uf06d\uf0a3\uf0b0\uf0b1\uf0b3\uf0b4\uf0b7\uf0bb\uf0b9",
        "+−<=>αβχγλμ≤°±≥×·≈≠",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Char:
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

    @property
    def bold(self) -> bool:
        """Whether the font's name says bold."""
        return _is_bold(self.font)


@lru_cache(maxsize=256)
def _is_bold(font: str) -> bool:
    return bool(re.search(r"bold|heavy|black|demi|黑体|simhei|-hei\b", font, re.IGNORECASE))


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


class _Device(PDFPageAggregator):
    """Collects the page's layout, and notes render mode and rise on every character."""

    _mode = 0

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self._mode = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        advance = super().render_char(*args, **kwargs)
        char: Any = self.cur_item._objs[-1]
        char.mode = self._mode
        char.rise = args[4] if len(args) > 4 else kwargs.get("rise", 0.0)
        return float(advance)


def page_marks(page: Any) -> PageMarks:
    """The marks of a ``pdfplumber`` page; what cannot be seen is left out."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    dx, dy = float(page.mediabox[0]), float(page.mediabox[1])
    height = float(page.height)

    def place(x0: float, y0: float, x1: float, y1: float) -> Box:
        return Box(min(x0, x1) + dx, height - max(y0, y1) + dy, max(x0, x1) + dx, height - min(y0, y1) + dy)

    glyphs: list[LTChar] = []
    strokes: list[Box] = []
    grounds: list[Box] = []
    for item in _leaves(device.get_result()):
        if isinstance(item, LTChar):
            glyphs.append(item)
        elif isinstance(item, LTImage):
            grounds.append(place(*item.bbox))
        elif isinstance(item, LTLine | LTRect | LTCurve):
            _sort_stroke(item, place(*item.bbox), strokes, grounds)
    chars = _chars(glyphs, place, grounds, float(page.width), height)
    main = max(chars, key=lambda direction: len(chars[direction]), default=0)
    turned = [_turn(box, main, float(page.width), height) for box in strokes]
    return PageMarks(
        page.page_number,
        float(page.width),
        height,
        float(page.width) if main in (90, 270) else height,
        chars.pop(main, []),
        [chars[direction] for direction in sorted(chars)],
        [box for box in turned if box.x1 - box.x0 > box.bottom - box.top],
        [box for box in turned if box.x1 - box.x0 <= box.bottom - box.top],
    )


def _leaves(container: Iterable[Any]) -> Iterable[LTComponent]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _leaves(item)
        else:
            yield item


def _sort_stroke(item: LTCurve, box: Box, strokes: list[Box], grounds: list[Box]) -> None:
    """Thin marks are rules; a frame is four of them; a coloured area is ground that text stands on."""
    wide, high = box.x1 - box.x0, box.bottom - box.top
    if min(wide, high) <= _THIN:
        if max(wide, high) >= 5:
            strokes.append(box)
    elif isinstance(item, LTRect):
        if item.fill and not _white(item.non_stroking_color):
            grounds.append(box)
        if item.stroke:
            strokes += [
                Box(box.x0, box.top, box.x1, box.top),
                Box(box.x0, box.bottom, box.x1, box.bottom),
                Box(box.x0, box.top, box.x0, box.bottom),
                Box(box.x1, box.top, box.x1, box.bottom),
            ]


def _white(color: Any) -> bool:
    parts = color if isinstance(color, list | tuple) else (color,)
    if not all(isinstance(part, int | float) for part in parts) or not parts:
        return False
    return all(part <= 0.02 for part in parts) if len(parts) == 4 else all(part >= 0.98 for part in parts)


def _chars(
    glyphs: list[LTChar], place: Any, grounds: list[Box], width: float, height: float
) -> dict[int, list[Char]]:
    """By direction in degrees, the characters that can be seen."""
    hidden = sum(getattr(g, "mode", 0) == _INVISIBLE for g in glyphs)
    # a scan with an OCR layer has nothing but invisible text: that layer is its text
    drop_invisible = hidden < 0.9 * len(glyphs)
    out: dict[int, list[Char]] = {}
    for order, glyph in enumerate(glyphs):
        if drop_invisible and getattr(glyph, "mode", 0) == _INVISIBLE:
            continue
        text = clean(glyph.get_text())
        if not text:
            continue
        a, b, c, d, e, f = glyph.matrix
        direction = _direction(a, b)
        size = glyph.width if direction in (90, 270) else glyph.height
        if direction is None or size < _TINY:
            continue
        box = place(*glyph.bbox)
        if _white(glyph.graphicstate.ncolor) and not _over(box, grounds) and getattr(glyph, "mode", 0) != 1:
            continue
        rise = float(getattr(glyph, "rise", 0.0))
        origin = place(e + c * rise, f + d * rise, e + c * rise, f + d * rise)
        seen = _turn(box, direction, width, height)
        base = _turn(origin, direction, width, height).top
        name = glyph.fontname
        font = name.decode("latin-1") if isinstance(name, bytes) else str(name)
        out.setdefault(direction, []).append(
            Char(text, seen.x0, seen.x1, seen.top, seen.bottom, base, size, font, order, box)
        )
    return out


def clean(text: str) -> str:
    """The glyph's text with what is not a character of the paper mended or left out."""
    if not text or text == "\u200b":
        return ""
    text = _CID.sub("\ufffd", text)
    text = text.replace("\ufffe", "-").replace("\u00ad", "-")  # hyphens as some writers map them
    return "".join(
        _SYMBOL.get(c, " " if c.isspace() else "\ufffd" if "\ud800" <= c <= "\udfff" else c)
        for c in text
        if c >= " " or c.isspace()
    )


def _direction(a: float, b: float) -> int | None:
    """The text's direction in degrees; None for slanting text, which is a watermark."""
    if abs(b) <= 0.05 * abs(a):
        return 0 if a > 0 else 180
    if abs(a) <= 0.05 * abs(b):
        return 90 if b > 0 else 270
    return None


def _over(box: Box, grounds: list[Box]) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return any(g.x0 <= x <= g.x1 and g.top <= y <= g.bottom for g in grounds)


def _turn(box: Box, direction: int, width: float, height: float) -> Box:
    """Where a box of the page stands when text of that direction is turned upright."""
    if direction == 90:  # read from the page's bottom upwards
        return Box(height - box.bottom, box.x0, height - box.top, box.x1)
    if direction == 270:
        return Box(box.top, width - box.x1, box.bottom, width - box.x0)
    if direction == 180:
        return Box(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
    return box
