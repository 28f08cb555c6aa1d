"""The fast source of what is drawn on a page: pdfium, the engine of the Chromium browser.

pdfium's text page has every character with its origin, in an order and with spaces of its own. Its text
objects, which are the content stream's show operators, bring the stream's order back, and the matrix,
font, colour and render mode that all glyphs of one operator share. Where pdfium is not sure of a glyph,
or leaves one out, the page is not taken (docs/adr/0010-two-sources-of-characters.md).
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from isa_extract.reading.chars import SLANTED, Drawn, directions_of
from isa_extract.reading.pdfium_objects import (
    ADDRESS,
    FLOAT,
    INTEGER,
    NUMBER,
    Floats,
    Frame,
    Handle,
    Ints,
    Operators,
    address,
    bound,
    is_empty,
    page_objects,
    room,
    rows,
    run,
)

_Bools = npt.NDArray[np.bool_]
_STILL = 1e-4  # points; glyphs no farther apart stand in one place
_TWICE = 0.1  # of its size: how far off text is struck again to look bold
_HYPHEN = 0xFFFE  # pdfium's mark for one at a line's end
_PER_EM = 1000.0  # font units
# descents of the standard fonts (Adobe's core metrics), where pdfium has those of its stand-ins
_DESCENTS = {"Times": -217.0, "Helvetica": -207.0, "Courier": -157.0, "Symbol": 0.0, "ZapfDingbats": 0.0}
# scripts and marks that make pdfium turn a line's order round
_RIGHT_TO_LEFT = (
    (0x590, 0x8FF),
    (0x200F, 0x200F),
    (0x202B, 0x202E),
    (0x2067, 0x2067),
    (0xFB1D, 0xFDFF),
    (0xFE70, 0xFEFE),
)

_char_origin = bound(raw.FPDFText_GetCharOrigin, INTEGER)
_char_box = bound(raw.FPDFText_GetLooseCharBox, INTEGER, ADDRESS, INTEGER, ADDRESS)
_char_object = bound(raw.FPDFText_GetTextObject, NUMBER)
_char_unmapped = bound(raw.FPDFText_HasUnicodeMapError, INTEGER)
_text = bound(raw.FPDFText_GetText, INTEGER, ADDRESS, INTEGER, INTEGER, ADDRESS)
_font_name = bound(raw.FPDFFont_GetBaseFontName, ctypes.c_size_t, ADDRESS, ADDRESS, ctypes.c_size_t)
_font_descent = bound(raw.FPDFFont_GetDescent, INTEGER, ADDRESS, FLOAT, ADDRESS)
_font_embedded = bound(raw.FPDFFont_GetIsEmbedded, INTEGER, ADDRESS)
_glyph_width = bound(raw.FPDFFont_GetGlyphWidth, INTEGER, ADDRESS, ctypes.c_uint32, FLOAT, ADDRESS)


@dataclass(frozen=True, slots=True)
class _Font:
    name: str
    descent: float  # in ems
    embedded: bool
    standard: bool  # one of those that every reader of PDFs has


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """Characters as pdfium has them, in content order; ``numbers`` are its own."""

    owners: Ints
    codes: Ints
    places: Floats
    numbers: Ints

    def __len__(self) -> int:
        return len(self.owners)

    def only(self, which: Any) -> _Glyphs:
        """Those of a mask or of indices."""
        return _Glyphs(self.owners[which], self.codes[which], self.places[which], self.numbers[which])

    def steps(self) -> tuple[_Bools, Floats]:
        """For all but the first: whether it is of the operator before, and how far it moved on."""
        return np.diff(self.owners) == 0, np.diff(self.places, axis=0)


def drawn(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> Drawn | None:
    """What is drawn on a page; None where pdfium is no sure source of it.

    Args:
        page, textpage: of pypdfium2.
        number: the page's, from 1.
    """
    frame = Frame.of(page)
    operators, strokes, grounds = page_objects(page, frame)
    found = _characters(textpage, operators)
    if found is None or _turns_round(found.codes):
        return None
    found = found.only(_is_drawn(found))
    pieces = _continues(found)
    heads = found.only(~pieces)
    known, of = np.unique(operators.fonts, return_inverse=True)
    fonts = {font: _font(font) for font in known.tolist()}
    blanks = _blanks(heads, operators, fonts)
    if blanks is None or _stands_on_end(heads, operators):
        return None
    widths = _widths(address(textpage), heads, np.append(pieces, False)[1:][~pieces], operators, fonts)
    if widths is None:
        return None
    owners = np.concatenate([blanks, heads.owners])
    order = np.argsort(owners, kind="stable")
    owners = owners[order]
    texts = [" "] * len(blanks) + _texts(found.codes, pieces)
    descents = np.array([font.descent for font in fonts.values()])[of][owners]
    advances = np.concatenate([np.zeros(len(blanks)), widths])[order]
    places = np.concatenate([operators.matrices[blanks, 4:], heads.places])[order]
    return Drawn(
        number,
        frame.width,
        frame.height,
        np.array(texts, dtype=object)[order].tolist(),
        _boxes(operators, owners, places, advances, descents, frame),
        np.stack(frame.point(*places.T), axis=1),
        _directions(operators, frame)[owners],
        [font.name for font in fonts.values()],
        of[owners],
        operators.modes[owners],
        operators.white[owners],
        strokes,
        grounds,
    )


def _characters(textpage: pdfium.PdfTextPage, operators: Operators) -> _Glyphs | None:
    """pdfium's characters, without those that it made up between operators.

    None if it has characters without text, or of operators that are nowhere on the page.
    """
    handle, count = address(textpage), textpage.count_chars()
    units = np.zeros(count + 1, np.uint16)
    if count and _text(handle, 0, count, units.ctypes.data) != count + 1:
        return None
    objects = np.fromiter(map(_char_object, repeat(Handle(handle)), range(count)), np.int64, count)
    # 0 is no object, before all operators
    known = np.append(0, operators.addresses)
    order = np.argsort(known)
    owners = order[np.minimum(np.searchsorted(known, objects, sorter=order), len(known) - 1)] - 1
    if (known[owners + 1] != objects).any():
        return None
    places, cells = room(count, 2, "f8")
    run(_char_origin, repeat(Handle(handle)), range(count), *cells)
    order = np.argsort(owners, kind="stable")
    order = order[np.searchsorted(owners[order], 0) :]
    return _Glyphs(owners[order], units[order].astype(np.int64), places[order], order)


def _farther(moved: Floats) -> Floats:
    """How far that is, across or along."""
    return np.maximum(np.abs(moved[:, 0]), np.abs(moved[:, 1]))


def _turns_round(codes: Ints) -> bool:
    return bool(codes.max(initial=0) >= 0x590) and any(
        ((codes >= first) & (codes <= last)).any() for first, last in _RIGHT_TO_LEFT
    )


def _in_place(found: _Glyphs) -> _Bools:
    """Which stand where the one before stands; False for the first."""
    same, moved = found.steps()
    return np.append(False, same & (_farther(moved) < _STILL))[: len(found)]


def _is_drawn(found: _Glyphs) -> _Bools:
    """All but the spaces that pdfium puts before a glyph, where that glyph stands."""
    made_up: _Bools = (found.codes == 32) & np.append(_in_place(found), False)[1:]
    return ~made_up


def _continues(found: _Glyphs) -> _Bools:
    """Which are further letters of the glyph before: a ligature's, or the second half of a pair."""
    further: _Bools = _in_place(found) & (found.codes != 32)
    return further


def _texts(codes: Ints, pieces: _Bools) -> list[str]:
    texts = list(map(chr, codes[~pieces].tolist()))
    glyph = np.cumsum(~pieces) - 1
    for i in np.flatnonzero(pieces).tolist():
        whole = texts[glyph[i]] + chr(codes[i])
        texts[glyph[i]] = whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return texts


def _blanks(heads: _Glyphs, operators: Operators, fonts: dict[int, _Font]) -> Ints | None:
    """The operators that begin with a space that pdfium left out, as it does after another space.

    None if it left out what is no space.
    """
    first = np.append(True, np.diff(heads.owners) > 0)[: len(heads)]
    owners = heads.owners[first]
    starts = operators.matrices[:, 4:]
    scale = np.maximum.reduce(np.abs(operators.matrices.T[:4])) * np.abs(operators.sizes)
    off = _farther(heads.places[first] - starts[owners])
    late = owners[off > 0.05 * scale[owners]].tolist()
    # a first glyph that was struck in its place before is left out too, and is no space
    spaces = [i for i in late if not _near(heads.places[heads.owners < i], starts[i], _TWICE * scale[i])]
    for owner in np.setdiff1d(np.arange(len(starts)), owners).tolist():
        if is_empty(int(operators.addresses[owner])):
            font = fonts[int(operators.fonts[owner])]
            if not (font.embedded or font.standard):
                return None  # a glyph that pdfium's stand-in for the font lacks
            spaces.append(owner)
        else:
            # what is struck twice to look bold is left out the second time
            if not _near(starts[:owner], starts[owner], _TWICE * scale[owner]):
                return None
    return np.array(sorted(spaces), dtype=np.int64)


def _near(places: Floats, place: Floats, reach: float) -> bool:
    """Whether one of the places is no farther from a place than that, across and along."""
    return bool((_farther(places - place) <= reach).any())


def _stands_on_end(heads: _Glyphs, operators: Operators) -> bool:
    """Whether glyphs of one operator go on at a right angle to it: vertical writing."""
    same, moved = heads.steps()
    a, b = operators.matrices[heads.owners[1:][same], :2].T
    dx, dy = moved[same].T
    return bool((np.abs(a * dy - b * dx) > np.abs(a * dx + b * dy) + 1e-3).any())


def _widths(
    textpage: int, heads: _Glyphs, joined: _Bools, operators: Operators, fonts: dict[int, _Font]
) -> Floats | None:
    """The glyphs' advances in ems; None where a glyph's character is a guess."""
    owners = heads.owners
    codes = np.where(heads.codes == _HYPHEN, ord("-"), heads.codes)
    by_font = operators.fonts[owners]
    keys, first, back = np.unique(by_font ^ (codes << 48), return_index=True, return_inverse=True)
    numbers = heads.numbers[first].tolist()
    if any(map(_char_unmapped, repeat(Handle(textpage)), numbers)):
        return None
    known = np.zeros((len(keys), 1), np.float32)
    run(_glyph_width, by_font[first].tolist(), codes[first].tolist(), repeat(1.0), rows(known))
    found = known[:, 0].astype(np.float64)[back]
    # two glyphs of a font may have one character (small capitals): where the width found is not how far the
    # next glyph stands, pdfium's own box is asked, which reaches an advance from the origin, or as far as ink
    a, b, c = operators.matrices[owners, :3].T
    scale = a * operators.sizes[owners]
    level = (np.abs(b) < 1e-6) & (np.abs(c) < 1e-6) & (scale > 1e-6)
    same, moved = heads.steps()
    apart = np.append(same & (np.abs(moved[:, 0] - (found * scale)[:-1]) > 0.06 * scale[:-1]), False)
    asked = np.flatnonzero(level & (joined | (found <= 0) | apart[: len(found)]))
    boxes = np.zeros((len(asked), 4), np.float32)
    run(_char_box, repeat(textpage), heads.numbers[asked].tolist(), rows(boxes))
    reach = (boxes[:, 2] - heads.places[asked, 0]) / scale[asked]
    own = np.array([fonts[font].embedded for font in by_font[asked].tolist()], dtype=bool)
    at = found[asked]
    wrong = joined[asked] | (at <= 0) | (at > reach + 0.02) | ((reach > at + 0.15) & own)
    found[asked] = np.where(wrong, reach, at)
    # pdfium's box does not lie along text that is turned: there a ligature reaches as far as the next glyph
    along = np.hypot(a, b) * operators.sizes[owners]
    turned = np.append(same & ~level[:-1] & joined[:-1] & (along[:-1] > 1e-6), False)[: len(found)]
    ahead = np.append(np.hypot(moved[:, 0], moved[:, 1]), 0.0)[: len(found)]
    found[turned] = ahead[turned] / along[turned]
    return found


def _boxes(
    operators: Operators, owners: Ints, places: Floats, advances: Floats, descents: Floats, frame: Frame
) -> Floats:
    """In text space a glyph's box is an advance wide, and from the font's descent one size high."""
    a, b, c, d = operators.matrices[owners, :4].T
    size = operators.sizes[owners]
    right, low = advances * size, descents * size
    high = low + size
    x, y = places.T
    xs = (c * low, c * high, a * right + c * low, a * right + c * high)
    ys = (d * low, d * high, b * right + d * low, b * right + d * high)
    corners = frame.box(
        x + np.minimum.reduce(xs),
        y + np.minimum.reduce(ys),
        x + np.maximum.reduce(xs),
        y + np.maximum.reduce(ys),
    )
    return np.stack(corners, axis=1)


def _directions(operators: Operators, frame: Frame) -> Ints:
    """The direction of every operator on the page as it is shown."""
    found = directions_of(*operators.matrices.T[:2])
    return np.where(found == SLANTED, SLANTED, (found - frame.turn) % 360)


def _font(font: int) -> _Font:
    name = ctypes.create_string_buffer(256)
    _font_name(font, ctypes.addressof(name), len(name))
    text = name.value.decode("utf-8", "replace")
    descent = FLOAT()
    _font_descent(font, _PER_EM, ctypes.addressof(descent))
    embedded = bool(_font_embedded(font))
    standard = None if embedded else _DESCENTS.get(text.split("-")[0])
    return _Font(
        text, (descent.value if standard is None else standard) / _PER_EM, embedded, standard is not None
    )
