"""What is done to a typeset paper afterwards: turned, locked, turned into pictures."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2

from bench import galley_press, typst_press
from bench.layout import Layout
from bench.manuscript import Manuscript

_PRESSES: dict[str, Callable[[Manuscript, Layout], bytes]] = {
    "typst": typst_press.typeset,
    "galley": galley_press.typeset,
}


def made(paper: Manuscript, layout: Layout) -> bytes:
    """The paper in the layout, as a PDF."""
    data = _PRESSES[layout.engine](paper, layout)
    if layout.page.startswith("rotate-"):
        data = flagged(data, int(layout.page[-3:].strip("-")))
    elif layout.page == "turned-90":
        data = turned(data)
    return locked(data) if layout.locked == "yes" else data


def flagged(data: bytes, degrees: int) -> bytes:
    """Every page with a /Rotate flag: seen so, the text stands on end."""
    return _changed(data, lambda pdf: [page.rotate(degrees, relative=True) for page in pdf.pages])


def turned(data: bytes) -> bytes:
    """Every page drawn on end and flagged so that it is seen upright."""

    def turn(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            x0, y0, x1, y1 = (float(v) for v in page.mediabox)
            page.contents_add(f"q 0 1 -1 0 {y1 - y0} 0 cm\n".encode(), prepend=True)
            page.contents_add(b"\nQ")
            page.mediabox = [0, 0, y1 - y0, x1 - x0]
            page.rotate(90, relative=True)

    return _changed(data, turn)


def locked(data: bytes) -> bytes:
    """Encrypted with an owner's password only, as publishers do: it opens without one."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="publisher", user="", R=4))
    return out.getvalue()


def pictured(data: bytes, dots_per_inch: int = 200) -> bytes:
    """The pages as pictures, without any text: a scan."""
    document = pypdfium2.PdfDocument(data)
    pictures = [page.render(scale=dots_per_inch / 72, grayscale=True).to_pil() for page in document]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dots_per_inch)
    document.close()
    return out.getvalue()


def _changed(data: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()
