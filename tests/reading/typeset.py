"""Small PDFs for the tests of reading, set by reportlab from source texts that the tests know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

WIDTH, HEIGHT = A4
LATIN, CHINESE = "Times-Roman", "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def style(lang: str, size: float = 10, indent: float = 20, **more: Any) -> ParagraphStyle:
    """A paragraph style of the language; justified, first line set in."""
    return ParagraphStyle(
        "p",
        fontName=more.pop("font", CHINESE if lang == "zh" else LATIN),
        fontSize=size,
        leading=size * 1.45,
        firstLineIndent=indent,
        alignment=TA_JUSTIFY,
        wordWrap="CJK" if lang == "zh" else None,
        spaceAfter=more.pop("after", 0),
        **more,
    )


def paragraph(text: str, lang: str = "en", **more: Any) -> Paragraph:
    return Paragraph(text, style(lang, **more))


def heading(text: str, lang: str = "en") -> Paragraph:
    font = CHINESE if lang == "zh" else "Times-Bold"
    return Paragraph(text, style(lang, size=12, indent=0, font=font, spaceBefore=8, after=4))


def three_line_table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    head: int = 1,
    spans: Sequence[tuple[tuple[int, int], tuple[int, int]]] = (),
    lang: str = "en",
    size: float = 8.5,
) -> Table:
    """A table with a rule above, under its heading and below (三线表); short rules under spanners."""
    font = CHINESE if lang == "zh" else LATIN
    commands: list[Any] = [
        ("FONT", (0, 0), (-1, -1), font, size, size * 1.3),
        ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
        ("LINEBELOW", (0, head - 1), (-1, head - 1), 0.5, "black"),
        ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    for first, last in spans:
        commands += [("SPAN", first, last), ("ALIGN", first, last, "CENTER")]
        if last[1] < head - 1 and first[0] > 0:
            commands.append(("LINEBELOW", first, last, 0.4, "black"))
    return Table([list(row) for row in rows], colWidths=list(widths), style=TableStyle(commands))


def ruled_table(
    rows: Sequence[Sequence[str]], widths: Sequence[float], spans: Any = (), lang: str = "en"
) -> Table:
    """A table with every cell in a frame."""
    font = CHINESE if lang == "zh" else LATIN
    commands: list[Any] = [("FONT", (0, 0), (-1, -1), font, 8.5), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
    commands += [("SPAN", first, last) for first, last in spans]
    return Table([list(row) for row in rows], colWidths=list(widths), style=TableStyle(commands))


def build(
    path: Path,
    story: Sequence[Flowable],
    columns: int = 1,
    full: Sequence[Flowable] = (),
    full_height: float = 120,
    head: str = "",
    foot: str = "",
    lang: str = "en",
    draw: Any = None,
    page_size: tuple[float, float] = A4,
) -> Path:
    """Set the story in columns under a full-width opening, with running heads and page numbers."""
    font = CHINESE if lang == "zh" else LATIN
    width, height = page_size

    def edges(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(font, 8)
        if head:
            canvas.drawString(60, height - 40, head)
        if foot:
            canvas.drawString(60, 30, foot)
        canvas.drawCentredString(width / 2, 30, str(canvas.getPageNumber()))
        if draw is not None:
            draw(canvas)
        canvas.restoreState()

    gap = 24.0
    column = (width - 120 - gap * (columns - 1)) / columns

    def frames(top: float) -> list[Frame]:
        return [
            Frame(60 + i * (column + gap), 60, column, top - 60, 0, 0, 0, 0, id=f"c{i}")
            for i in range(columns)
        ]

    opening = Frame(60, height - 60 - full_height, width - 120, full_height, 0, 0, 0, 0, id="full")
    first = [opening, *frames(height - 66 - full_height)] if full else frames(height - 60)
    document = BaseDocTemplate(
        str(path),
        pagesize=page_size,
        pageTemplates=[
            PageTemplate(id="first", frames=first, onPage=edges),
            PageTemplate(id="later", frames=frames(height - 60), onPage=edges),
        ],
    )
    flow: list[Flowable] = [NextPageTemplate("later"), *full, *([FrameBreak()] if full else []), *story]
    document.build(flow)
    return path


__all__ = ["Spacer", "build", "heading", "paragraph", "ruled_table", "three_line_table"]
