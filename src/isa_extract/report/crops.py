"""Small pictures of the places where values stand, cut from the PDF itself."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from isa_extract.records import Paper
from isa_extract.report.rows import Row

_SCALE: Final = 1.5
_BESIDE: Final = 110.0
_ABOVE: Final = 14.0
_BUDGET: Final = 1_500_000
"""Bytes of pictures in one page; rows after that have none."""


def crops(rows: Sequence[Row], papers: Sequence[Paper]) -> dict[int, str]:
    """A `data:` picture by row number, where the paper's file is still the one that was read."""
    pictures: dict[int, str] = {}
    spent = 0
    for paper in papers:
        mine = [row for row in rows if row["doc_id"] == paper.doc_id and _placed(row)]
        content = _content(paper) if mine else None
        if content is None:
            continue
        for number, png in _cut(content, mine):
            spent += len(png) * 4 // 3
            if spent > _BUDGET:
                return pictures
            pictures[number] = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    return pictures


def _placed(row: Row) -> bool:
    ends = row["bbox"].split()
    return (
        row["page"].isdecimal()
        and len(ends) == 4
        and all(end.replace(".", "", 1).isdecimal() for end in ends)
    )


def _content(paper: Paper) -> bytes | None:
    try:
        content = Path(paper.source).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == paper.sha256 else None


def _cut(content: bytes, rows: Sequence[Row]) -> list[tuple[int, bytes]]:
    import pypdfium2
    from PIL import Image, ImageDraw

    pictures: list[tuple[int, bytes]] = []
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return pictures
    try:
        pages: dict[int, Image.Image] = {}
        for row in rows:
            number = int(row["page"])
            if not 1 <= number <= len(document):
                continue
            if number not in pages:
                pages = {number: document[number - 1].render(scale=_SCALE, grayscale=True).to_pil()}
            x0, top, x1, bottom = (float(end) * _SCALE for end in row["bbox"].split())
            page = pages[number].copy()
            ImageDraw.Draw(page).rectangle((x0 - 2, top - 2, x1 + 2, bottom + 2), outline=0)
            region = (
                max(0, round(x0 - _BESIDE * _SCALE)),
                max(0, round(top - _ABOVE * _SCALE)),
                min(page.width, round(x1 + _BESIDE * _SCALE)),
                min(page.height, round(bottom + _ABOVE * _SCALE)),
            )
            out = io.BytesIO()
            page.crop(region).quantize(8).save(out, "PNG", optimize=True)
            pictures.append((row.number, out.getvalue()))
    finally:
        document.close()
    return pictures
