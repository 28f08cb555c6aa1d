"""The reference source of what is drawn on a page: pdfminer, through pdfplumber.

pdfminer's own device drops three things that layout needs: the text render mode (invisible text), the
text rise (superscripts set without a matrix of their own) and the colour space of fills.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve, LTImage, LTLine, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter

from isa_extract.reading.chars import Drawn, directions_of, numbered, sort_stroke
from isa_extract.records import Box

_INKS = ("Separation", "DeviceN")  # PDF 32000, 8.6.6: a tint is an amount of ink, 0 is none
_NO_COLOURS = ("Indexed", "Pattern")
_TWICE = 0.07  # of its size; a glyph struck again so near is one glyph made to look bold


class _Device(PDFPageAggregator):
    """Collects the page's layout, and notes mode and rise of characters, the colour space of paths."""

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

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        before = len(self.cur_item._objs)
        super().paint_path(*args, **kwargs)
        items: list[Any] = self.cur_item._objs[before:]
        for item in items:
            item.ncs = args[0].ncs


def drawn(page: Any) -> Drawn:
    """What is drawn on a ``pdfplumber`` page."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    dx, dy = float(page.mediabox[0]), float(page.mediabox[1])
    height = float(page.height)

    def place(x0: float, y0: float, x1: float, y1: float) -> Box:
        return Box(min(x0, x1) + dx, height - max(y0, y1) + dy, max(x0, x1) + dx, height - min(y0, y1) + dy)

    glyphs: list[Any] = []
    strokes: list[Box] = []
    grounds: list[Box] = []
    leaves: Iterable[Any] = _leaves(device.get_result())
    for item in leaves:
        if isinstance(item, LTChar):
            glyphs.append(item)
        elif isinstance(item, LTImage):
            grounds.append(place(*item.bbox))
        elif isinstance(item, LTLine | LTRect | LTCurve):
            fill: Any = item
            sort_stroke(
                place(*item.bbox),
                rectangle=isinstance(item, LTRect),
                stroked=bool(item.stroke),
                ground=bool(item.fill) and not _white(fill.non_stroking_color, fill.ncs),
                strokes=strokes,
                grounds=grounds,
            )
    glyphs = _once(glyphs)
    boxes = np.array([glyph.bbox for glyph in glyphs], dtype=float).reshape(-1, 4)
    names, fonts = numbered([_name(glyph.fontname) for glyph in glyphs])
    origins = np.array([_origin(glyph) for glyph in glyphs], dtype=float).reshape(-1, 2)
    return Drawn(
        page.page_number,
        float(page.width),
        height,
        [glyph.get_text() for glyph in glyphs],
        np.stack(
            [boxes[:, 0] + dx, height - boxes[:, 3] + dy, boxes[:, 2] + dx, height - boxes[:, 1] + dy], axis=1
        ),
        np.stack([origins[:, 0] + dx, height - origins[:, 1] + dy], axis=1),
        directions_of(*np.array([glyph.matrix[:2] for glyph in glyphs], dtype=float).reshape(-1, 2).T),
        names,
        fonts,
        np.array([glyph.mode for glyph in glyphs], dtype=np.int64),
        np.array([_white(glyph.graphicstate.ncolor, glyph.ncs) for glyph in glyphs], dtype=bool),
        strokes,
        grounds,
    )


def _leaves(container: Iterable[Any]) -> Iterable[LTComponent]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _leaves(item)
        else:
            yield item


def _origin(glyph: Any) -> tuple[float, float]:
    c, d, e, f = glyph.matrix[2:]
    return e + c * glyph.rise, f + d * glyph.rise


def _name(font: str | bytes) -> str:
    return font.decode("latin-1") if isinstance(font, bytes) else str(font)


def _once(glyphs: list[Any]) -> list[Any]:
    """The glyphs without those struck a second time, a hair apart, to look bold."""
    out: list[Any] = []
    at: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for glyph in glyphs:
        x, y = _origin(glyph)
        near = _TWICE * max(glyph.size, 0.1)
        before = at.setdefault((glyph.get_text(), _name(glyph.fontname)), [])
        if glyph.get_text().isspace() or not any(abs(x - a) < near and abs(y - b) < near for a, b in before):
            before.append((x, y))
            out.append(glyph)
    return out


def _white(color: Any, space: Any) -> bool:
    parts = color if isinstance(color, list | tuple) else (color,)
    if space.name in _NO_COLOURS or not parts or not all(isinstance(part, int | float) for part in parts):
        return False
    if len(parts) == 4 or space.name in _INKS:
        return all(part <= 0.02 for part in parts)
    return all(part >= 0.98 for part in parts)
