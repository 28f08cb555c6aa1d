"""What pdfium knows of a page's objects: text operators with all that their glyphs share, and marks.

Thousands of calls a page go through ``ctypes`` here. They take plain addresses and write into arrays, and
``map`` runs them, so that no Python stands between one call and the next.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from isa_extract.reading.chars import sort_stroke
from isa_extract.records import Box

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_Matrix = tuple[float, ...]
_Point = tuple[float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_WHITE = 250  # of 255
_DEPTH = 12  # of forms in forms


def bound(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The library's function, taking addresses as numbers.

    Without types of arguments, they are passed on as they are: addresses as ``Handle`` objects, which takes
    half the time.
    """
    address: Any = ctypes.cast(function, ctypes.c_void_p).value
    # without letting go of the interpreter's lock, which would cost as much as most of the calls
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


class Handle(ctypes.c_void_p):
    """An address as an object. Functions that return it do so as it is, and not as a number."""


ADDRESS, INTEGER, FLOAT = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
NUMBER = ctypes.c_ssize_t  # an address that is returned, 0 for none
_page_count = bound(raw.FPDFPage_CountObjects, INTEGER, ADDRESS)
_page_object = bound(raw.FPDFPage_GetObject, Handle)
_form_count = bound(raw.FPDFFormObj_CountObjects, INTEGER, ADDRESS)
_form_object = bound(raw.FPDFFormObj_GetObject, Handle, ADDRESS, ctypes.c_ulong)
_type = bound(raw.FPDFPageObj_GetType, INTEGER)
_matrix = bound(raw.FPDFPageObj_GetMatrix, INTEGER)
_bounds = bound(raw.FPDFPageObj_GetBounds, INTEGER, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS)
_fill = bound(raw.FPDFPageObj_GetFillColor, INTEGER)
_text_font = bound(raw.FPDFTextObj_GetFont, NUMBER)
_text_size = bound(raw.FPDFTextObj_GetFontSize, INTEGER)
_text_mode = bound(raw.FPDFTextObj_GetTextRenderMode, INTEGER)
_path_count = bound(raw.FPDFPath_CountSegments, INTEGER, ADDRESS)
_path_mode = bound(raw.FPDFPath_GetDrawMode, INTEGER, ADDRESS, ADDRESS, ADDRESS)
_path_segment = bound(raw.FPDFPath_GetPathSegment, ADDRESS, ADDRESS, INTEGER)
_segment_point = bound(raw.FPDFPathSegment_GetPoint, INTEGER, ADDRESS, ADDRESS, ADDRESS)
_segment_type = bound(raw.FPDFPathSegment_GetType, INTEGER, ADDRESS)
_segment_close = bound(raw.FPDFPathSegment_GetClose, INTEGER, ADDRESS)


def address(handle: Any) -> int:
    """Of a pypdfium2 object, what the bound functions take."""
    return int(ctypes.cast(handle.raw, ctypes.c_void_p).value or 0)


def run(function: Callable[..., Any], *arguments: Iterable[Any]) -> None:
    """Call the function for each; what it writes is kept, what it returns is not."""
    deque(map(function, *arguments), 0)


def rows(array: Any, column: int = 0) -> range:
    """The addresses of a column's cells."""
    at, step = array.ctypes.data + column * array.itemsize, array.shape[1] * array.itemsize
    return range(at, at + len(array) * step, step)


def room(count: int, columns: int, kind: str) -> tuple[Any, list[list[Handle]]]:
    """An array of zeros that pdfium may write into, and the handles of each column's cells.

    It is the same one again and again, so what is written has to be copied from it: to make a handle takes
    as long as the call that wants it.
    """
    array, handles = _kept(1 << count.bit_length(), columns, kind)
    array[:count] = 0
    return array[:count], handles


@lru_cache
def _kept(count: int, columns: int, kind: str) -> tuple[Any, list[list[Handle]]]:
    array = np.zeros((count, columns), kind)
    return array, [list(map(Handle, rows(array, i))) for i in range(columns)]


@dataclass(frozen=True, slots=True)
class Frame:
    """From the page's user space to points from its top left corner, turned as it is shown."""

    media: tuple[float, float, float, float]
    turn: int
    width: float
    height: float

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Frame:
        """The page's frame; its media box must be its own, for pdfium does not tell inherited ones."""
        box = page.get_mediabox(fallback_ok=False) or page.get_bbox()
        x0, x1 = sorted((box[0], box[2]))
        y0, y1 = sorted((box[1], box[3]))
        turn = page.get_rotation() % 360
        wide, high = (y1 - y0, x1 - x0) if turn in (90, 270) else (x1 - x0, y1 - y0)
        return cls((x0, y0, x1, y1), turn, round(wide, 4), round(high, 4))

    def point(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Where a point (numbers or arrays) stands on the page."""
        x0, y0, x1, y1 = self.media
        if self.turn == 90:
            return y, x - 2 * x0
        if self.turn == 180:
            return x1 - x + x0, y - 2 * y0
        if self.turn == 270:
            return y1 - y + y0, x1 - x - x0
        return x, y1 - y0 - y

    def box(self, x0: Any, y0: Any, x1: Any, y1: Any) -> tuple[Any, Any, Any, Any]:
        """Where boxes stand on the page: x0, top, x1, bottom."""
        (ax, ay), (bx, by) = self.point(x0, y0), self.point(x1, y1)
        if self.turn == 90:
            return ax, ay, bx, by
        if self.turn == 180:
            return bx, ay, ax, by
        if self.turn == 270:
            return bx, by, ax, ay
        return ax, by, bx, ay


@dataclass(frozen=True, slots=True)
class Operators:
    """The page's text operators in content order, an array row each.

    Attributes:
        addresses: of pdfium's objects.
        matrices: (n, 6) from text space to the page's user space.
        fonts: addresses.
        white: filled with white, or with nothing.
    """

    addresses: Ints
    matrices: Floats
    sizes: Floats
    fonts: Ints
    modes: Ints
    white: npt.NDArray[np.bool_]


def page_objects(page: pdfium.PdfPage, frame: Frame) -> tuple[Operators, list[Box], list[Box]]:
    """The page's text operators; its strokes and grounds as ``sort_stroke`` tells them."""
    texts: list[Handle] = []
    outer: list[tuple[_Matrix, int]] = []
    marks: tuple[list[Box], list[Box]] = ([], [])
    _walk(Handle(address(page)), _page_count, _page_object, _SAME, frame, texts, outer, marks, 0)
    return _operators(texts, outer), *marks


def _walk(
    owner: Handle,
    count: Callable[[Handle], int],
    child: Callable[[Handle, int], Handle],
    above: _Matrix,
    frame: Frame,
    texts: list[Handle],
    outer: list[tuple[_Matrix, int]],
    marks: tuple[list[Box], list[Box]],
    depth: int,
) -> None:
    """Note what a page, or a form on it, draws; ``above`` is the matrix that it is drawn with.

    Args:
        outer: that matrix, and how many text operators in turn are drawn with it.
    """
    noted = len(texts)
    items = list(map(child, repeat(owner), range(count(owner))))
    for item, kind in zip(items, map(_type, items), strict=True):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            texts.append(item)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _note_path(item, _product(_own_matrix(item), above), frame, marks)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            matrix = _product(_own_matrix(item), above)
            marks[1].append(_extent([_apply(matrix, x, y) for x in (0.0, 1.0) for y in (0.0, 1.0)], frame))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            outer.append((above, len(texts) - noted))
            matrix = _product(_own_matrix(item), above)
            _walk(item, _form_count, _form_object, matrix, frame, texts, outer, marks, depth + 1)
            noted = len(texts)
    outer.append((above, len(texts) - noted))


def _operators(texts: list[Handle], outer: list[tuple[_Matrix, int]]) -> Operators:
    count = len(texts)
    matrices, cells = room(count, 6, "f4")
    run(_matrix, texts, cells[0])
    sizes, cells = room(count, 1, "f4")
    run(_text_size, texts, cells[0])
    colours, cells = room(count, 4, "u4")
    filled = np.fromiter(map(_fill, texts, *cells), bool, count)
    white = (colours[:, 3] == 0) | (np.minimum.reduce(colours.T[:3]) >= _WHITE)
    a, b, c, d, e, f = matrices.astype(np.float64).T
    g, h, i, j, k, o = np.repeat([matrix for matrix, _ in outer], [times for _, times in outer], axis=0).T
    return Operators(
        np.array([text.value for text in texts], dtype=np.int64),
        np.stack(
            [
                a * g + b * i,
                a * h + b * j,
                c * g + d * i,
                c * h + d * j,
                e * g + f * i + k,
                e * h + f * j + o,
            ],
            axis=1,
        ),
        sizes[:, 0].astype(np.float64),
        np.fromiter(map(_text_font, texts), np.int64, count),
        np.fromiter(map(_text_mode, texts), np.int64, count),
        filled & white,
    )


def is_empty(item: int) -> bool:
    """Whether an object is no wider than nothing, as a lone space is."""
    edges = np.zeros(4, np.float32)
    at = edges.ctypes.data
    _bounds(item, at, at + 4, at + 8, at + 12)
    return bool(edges[2] - edges[0] < 1e-3)


def _own_matrix(item: Handle) -> _Matrix:
    numbers = (FLOAT * 6)()
    _matrix(item, ctypes.byref(numbers))
    return tuple(numbers)


def _product(m: _Matrix, n: _Matrix) -> _Matrix:
    """The matrix that does first m, then n."""
    if n == _SAME:
        return m
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + o


def _apply(m: _Matrix, x: float, y: float) -> _Point:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _extent(points: list[_Point], frame: Frame) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(*frame.box(min(xs), min(ys), max(xs), max(ys)))


def _note_path(item: Handle, matrix: _Matrix, frame: Frame, marks: tuple[list[Box], list[Box]]) -> None:
    """Add a path's parts, each by the ends of its segments."""
    modes = (INTEGER * 2)()
    at = ctypes.addressof(modes)
    _path_mode(item, at, at + 4)
    fill, stroke = modes
    if not fill and not stroke:
        return
    ground = bool(fill) and not _is_white(item)
    for points, straight, closed in _parts(item):
        ends = [_apply(matrix, x, y) for x, y in points]
        if len(ends) > 4 and _near(ends[0], ends[-1]):
            closed = True
            ends.pop()
        if len(ends) > 1:
            rectangle = straight and closed and len(ends) == 4 and _is_upright(ends)
            sort_stroke(
                _extent(ends, frame),
                rectangle=rectangle,
                stroked=bool(stroke),
                ground=ground,
                strokes=marks[0],
                grounds=marks[1],
            )


def _is_white(item: Handle) -> bool:
    parts = (ctypes.c_uint * 4)()
    known = _fill(item, *(ctypes.byref(parts, at) for at in (0, 4, 8, 12)))
    return bool(known) and (parts[3] == 0 or min(parts[:3]) >= _WHITE)


def _parts(item: Handle) -> Iterator[tuple[list[_Point], bool, bool]]:
    """The subpaths: where their segments end, whether all are straight, whether it is closed."""
    segments = list(map(_path_segment, repeat(item), range(_path_count(item))))
    ends = np.zeros((len(segments), 2), np.float32)
    run(_segment_point, segments, rows(ends), rows(ends, 1))
    points: list[_Point] = []
    straight, closed, controls = True, False, 0
    steps = zip(segments, map(_segment_type, segments), ends.tolist(), strict=True)
    for segment, kind, (x, y) in steps:
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if points:
                yield points, straight, closed
            points, straight, closed = [], True, False
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            straight = False
            controls += 1
            if controls % 3:
                continue  # the third of three points is where the curve ends
        points.append((x, y))
        closed = closed or bool(_segment_close(segment))
    if points:
        yield points, straight, closed


def _near(a: _Point, b: _Point) -> bool:
    return abs(a[0] - b[0]) < 1e-3 and abs(a[1] - b[1]) < 1e-3


def _is_upright(ends: list[_Point]) -> bool:
    """Whether four corners are a rectangle's, its sides level."""
    (a, b), (c, d), (e, f), (g, h) = ends

    def same(*pairs: _Point) -> bool:
        return all(abs(p - q) < 1e-3 for p, q in pairs)

    return same((a, c), (d, f), (e, g), (h, b)) or same((b, d), (c, e), (f, h), (g, a))
