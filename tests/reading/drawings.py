"""PDFs for the tests of characters: every way of setting text that the two sources might see differently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name
from reportlab.pdfgen.canvas import Canvas
from typeset import build, heading, paragraph, ruled_table, three_line_table

TRIAL = (
    "In TRIAL, 929 patients were randomly assigned.<super>12,13</super> Median PFS was 18.7 months and 9.4 months "
    "(HR 0.53, 95% CI 0.44–0.65). MRD was measured at 10<super>-5</super>, platelets of 50 × 10<super>9</super>/L."
)
TRIAL_ZH = "在一项III期研究中，共纳入307名患者<super>[18-20]</super>，中位PFS为11.5个月和6.5个月(灵敏度10<super>-5</super>)，HR=0.596。"


def columns(path: Path, lang: str = "en") -> None:
    body = [paragraph(f"{i} {TRIAL if lang == 'en' else TRIAL_ZH}", lang) for i in range(1001, 1021)]
    build(path, [heading("1. Results", lang), *body], columns=2, head="Journal 2024; 3: 1–9", lang=lang)


def chinese(path: Path) -> None:
    columns(path, "zh")


def tables(path: Path) -> None:
    rows = [["Endpoint", "A", "B"], ["ORR", "77%", "63%"], ["PFS", "18.7", "9.4"]]
    build(path, [three_line_table(rows, [100, 80, 80]), ruled_table(rows, [100, 80, 80])])


def _changed(path: Path, change: Callable[[pikepdf.Pdf], None], **save: Any) -> None:
    columns(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path, **save)


def _turned(degrees: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        def change(pdf: pikepdf.Pdf) -> None:
            for page in pdf.pages:
                page.rotate(degrees, relative=True)

        _changed(path, change)

    return make


def cropped(path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.cropbox = Array([30, 40, 560, 800])

    _changed(path, change)


def off_origin(path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        for i, page in enumerate(pdf.pages):
            page.mediabox, page.cropbox = Array([-20, -30, 575, 812]), Array([0, 0, 500, 800])
            page.rotate(90 * i, relative=True)

    _changed(path, change)


def streams(path: Path) -> None:
    _changed(path, lambda pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)


def forms(path: Path) -> None:
    """The page is a form with a matrix of its own, drawn twice, once far too small to read."""

    def change(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.contents_coalesce()
            form = pikepdf.Stream(pdf, page.Contents.read_bytes())
            form.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842])))
            form.Matrix, form.Resources = Array([0.9, 0, 0, 0.9, 10, 20]), page.Resources
            page.Resources = Dictionary(XObject=Dictionary(F=form))
            page.Contents = pikepdf.Stream(pdf, b"q 1.05 0 0 1.05 3 4 cm /F Do Q q .1 0 0 .1 0 0 cm /F Do Q")

    _changed(path, change)


def _drawn(draw: Callable[[Canvas], None]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        canvas = Canvas(str(path))
        canvas.setFont("Times-Roman", 10)
        draw(canvas)
        canvas.save()

    return make


def _text(canvas: Canvas, y: float, *parts: tuple[str, Any]) -> None:
    text = canvas.beginText(60, y)
    for name, value in parts:
        getattr(text, name)(value)
    canvas.drawText(text)


def _raised(canvas: Canvas) -> None:
    _text(
        canvas,
        700,
        ("textOut", "value 10"),
        ("setRise", 4),
        ("textOut", "-5"),
        ("setRise", 0),
        ("textOut", " end"),
    )
    canvas.drawString(60, 680, "cited")
    canvas.setFont("Times-Roman", 6)
    canvas.drawString(83, 684, "12,13")


def _spaced(canvas: Canvas) -> None:
    _text(canvas, 700, ("setWordSpace", 5), ("textOut", "words set apart by the word space"))
    _text(canvas, 680, ("setHorizScale", 70), ("textOut", "narrow type by horizontal scaling"))
    canvas.drawString(60, 660, "two  spaces   three      six            twelve")
    canvas.drawString(60, 640, "trailing ")
    canvas.drawString(110, 640, " leading")
    canvas.drawString(200, 640, " ")
    canvas.drawString(210, 640, "behind a lone space")
    canvas.drawString(60, 620, "hyphen at the line's end: treat-")
    canvas.drawString(60, 608, "ment of patients")


def _matrices(canvas: Canvas) -> None:
    for x, y, a, b, c, d, text in (
        (60, 700, 1.5, 0, 0, 1.2, "scaled"),
        (60, 660, 1, 0, 0.3, 1, "slanted by matrix"),
        (300, 500, -1, 0, 0, -1, "upside down"),
        (40, 300, 0, 1, -1, 0, "Downloaded from the journal in 2024, upwards"),
        (560, 500, 0, -1, 1, 0, "turned the other way"),
        (300, 300, 0.77, 0.64, -0.64, 0.77, "WATERMARK"),
    ):
        canvas.saveState()
        canvas.transform(a, b, c, d, x, y)
        canvas.drawString(0, 0, text)
        canvas.restoreState()


def _unseen(canvas: Canvas) -> None:
    for mode in range(8):
        _text(canvas, 700 - 14 * mode, ("setTextRenderMode", mode), ("textOut", f"render mode {mode}"))
    _text(canvas, 500, ("setTextRenderMode", 0), ("textOut", "seen again"))
    canvas.rect(60, 440, 200, 20, fill=1)
    for colours, y, text in (
        ((1,), 446, "white on black"),
        ((1,), 420, "white on white"),
        ((0,), 400, "black"),
    ):
        canvas.setFillGray(*colours)
        canvas.drawString(70, y, text)
    canvas.setFillColorCMYK(0, 0, 0, 0)
    canvas.drawString(60, 380, "no ink")
    canvas.setFillColorCMYK(0, 0, 0, 1)
    canvas.drawString(60, 360, "all ink")
    canvas.setFont("Times-Roman", 0.6)
    canvas.drawString(60, 340, "tiny")


def _struck_twice(canvas: Canvas) -> None:
    for shift in (0, 0.2):
        canvas.drawString(60 + shift, 700, "Bold by a second strike")


def _layer(canvas: Canvas) -> None:
    _text(canvas, 700, ("setTextRenderMode", 3), ("textOut", "a scan's layer of text: 11.5 months"))


def _standard(canvas: Canvas) -> None:
    for i, name in enumerate(("Courier", "Helvetica-BoldOblique", "Times-BoldItalic")):
        canvas.setFont(name, 11)
        canvas.drawString(60, 700 - 20 * i, "abg 123 fffi")


def _marks(canvas: Canvas) -> None:
    canvas.drawString(60, 750, "marks")
    canvas.line(60, 700, 200, 700)
    canvas.line(60, 700, 60, 600)
    canvas.rect(60, 550, 100, 30)
    canvas.rect(200, 550, 100, 0.5, fill=1, stroke=0)
    canvas.setFillGray(0.8)
    canvas.rect(320, 550, 100, 30, fill=1, stroke=0)
    canvas.bezier(60, 500, 80, 540, 100, 540, 120, 500)
    several = canvas.beginPath()
    for y in (480, 470):
        several.moveTo(60, y)
        several.lineTo(200, y)
    several.rect(60, 450, 140, 10)
    canvas.drawPath(several)
    frame = canvas.beginPath()
    frame.moveTo(250, 480)
    for x, y in ((300, 480), (300, 450), (250, 450)):
        frame.lineTo(x, y)
    frame.close()
    canvas.drawPath(frame, fill=1, stroke=0)
    canvas.saveState()
    canvas.transform(0.5, 0, 0, 0.5, 100, 100)
    canvas.rect(100, 100, 200, 50)
    canvas.restoreState()


def raw(
    path: Path, content: bytes, font: Callable[[pikepdf.Pdf], Any] | None = None, **resources: Any
) -> None:
    """A page of this content; ``/F1`` is Helvetica, ``/F2`` the font given."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    helvetica = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    fonts = Dictionary(F1=pdf.make_indirect(helvetica))
    if font is not None:
        fonts.F2 = pdf.make_indirect(font(pdf))
    page.Resources = Dictionary(Font=fonts, **resources)
    page.Contents = pikepdf.Stream(pdf, content)
    pdf.save(path)


def kerned(path: Path) -> None:
    raw(
        path,
        b"BT /F1 10 Tf 60 700 Td [(Tab)-3000(stop)-3000(here)-250(word)-120(kern)50(ed)] TJ ET "
        b"BT /F1 10 Tf 60 680 Td [-200(in)-200(dent )-2000(far )-500(x )300(back)] TJ ET "
        b"BT 10 0 0 10 60 600 Tm /F1 1 Tf (unit font) Tj 6 0 0 6 110 604 Tm (12) Tj ET "
        b"BT 10 0 0 -10 60 580 Tm (mirrored) Tj ET BT /F1 -10 Tf 200 560 Td (negative) Tj ET "
        b"BT /F1 10 Tf 60 540 Td (pad   )Tj ( x) Tj ET",
    )


def inks(path: Path) -> None:
    """Black as a separation: full ink is a tint of 1, which is white in a grey."""
    tint = Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0, 0, 0, 1]), N=1
    )
    space = Array([Name.Separation, Name.Black, Name.DeviceCMYK, tint])
    content = (
        b"/S cs 1 scn BT /F1 10 Tf 60 700 Td (full ink) Tj ET 0 scn BT /F1 10 Tf 60 680 Td (no ink) Tj ET "
        b"0 scn 60 600 100 40 re f 1 scn 200 600 100 40 re f 0 g BT /F1 10 Tf 60 660 Td (black) Tj ET"
    )
    raw(path, content, ColorSpace=Dictionary(S=space))


_TYPST = """#set page(columns: 2, height: 400pt)
#set text(font: "New Computer Modern", size: 10pt)
= Efficacy and first findings
The first effective office figures (fi ff ffi fl)#super[12,13] were 10#super[-5], $x^2 + alpha_1 <= 3/4$.
#lorem(90)
#table(columns: 3, [a], [b], [c], [1], [2], [3])
#pagebreak()
#rotate(90deg, reflow: true)[A table's text turned on its side, long enough to be more than a stamp]
"""


def typst_set(path: Path) -> None:
    typst.compile(_TYPST.encode(), output=str(path))


def without_unicode(path: Path) -> None:
    """Composite fonts that do not say which characters their glyphs are."""
    typst_set(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]
        pdf.save(path)


def drawn_font(path: Path) -> None:
    """A Type 3 font: its glyphs are little drawings."""

    def font(pdf: pikepdf.Pdf) -> Any:
        glyphs = [
            pikepdf.Stream(pdf, code) for code in (b"900 0 0 0 750 750 d1 0 0 750 750 re f", b"800 0 d0")
        ]
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 750, 750]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=Dictionary(a=pdf.make_indirect(glyphs[0]), b=pdf.make_indirect(glyphs[1])),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a, Name.b])),
            FirstChar=97,
            LastChar=98,
            Widths=Array([900, 800]),
            Resources=Dictionary(),
        )

    raw(path, b"BT /F2 10 Tf 60 700 Td (abab) Tj /F1 10 Tf ( set in type) Tj ET", font)


def _composite(encoding: str, cmap: str = "") -> Callable[[pikepdf.Pdf], Any]:
    def font(pdf: pikepdf.Pdf) -> Any:
        name = Name("/NobodysFont")
        info = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array([0, -200, 1000, 800]),
            ItalicAngle=0,
            Ascent=800,
            Descent=-200,
            CapHeight=700,
            StemV=80,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=info,
            FontDescriptor=descriptor,
        )
        made = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name(encoding),
            DescendantFonts=Array([descendant]),
        )
        if cmap:
            made.ToUnicode = pdf.make_indirect(pikepdf.Stream(pdf, cmap.encode()))
        return made

    return font


_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{count} beginbfchar
{chars}
endbfchar
endcmap end end"""


def _mapped(text: str) -> str:
    return _CMAP.format(count=len(text), chars="\n".join(f"<{ord(c):04X}> <{ord(c):04X}>" for c in text))


def _shown(text: str) -> bytes:
    return b"BT /F2 10 Tf 60 700 Td <" + text.encode("utf-16-be").hex().encode() + b"> Tj ET"


def vertical(path: Path) -> None:
    raw(path, _shown("vertical"), _composite("/Identity-V", _mapped("vertical")))


def hebrew(path: Path) -> None:
    raw(path, _shown("שלום abc"), _composite("/Identity-H", _mapped("שלום abc")))


def nowhere_to_be_had(path: Path) -> None:
    """One glyph an operator, of a font that is neither in the file nor known to any reader."""
    glyphs = " ".join(f"<{ord(c):04X}> Tj" for c in "疗效")
    raw(path, f"BT /F2 10 Tf 60 700 Td {glyphs} ET".encode(), _composite("/Identity-H", _mapped("疗效")))


ALIKE: dict[str, Callable[[Path], None]] = {
    "two columns": columns,
    "chinese": chinese,
    "tables": tables,
    "turned 90": _turned(90),
    "turned 180": _turned(180),
    "turned 270": _turned(270),
    "cropped": cropped,
    "off the origin": off_origin,
    "object streams": streams,
    "forms": forms,
    "raised": _drawn(_raised),
    "spaced": _drawn(_spaced),
    "matrices": _drawn(_matrices),
    "unseen": _drawn(_unseen),
    "struck twice": _drawn(_struck_twice),
    "layer of a scan": _drawn(_layer),
    "standard fonts": _drawn(_standard),
    "marks": _drawn(_marks),
    "kerned": kerned,
    "inks": inks,
    "typst": typst_set,
}
"""By name, PDFs in which both sources see the same."""

NOT_TAKEN: dict[str, Callable[[Path], None]] = {
    "without unicode": without_unicode,
    "drawn font": drawn_font,
    "vertical": vertical,
    "hebrew": hebrew,
    "no such font": nowhere_to_be_had,
}
"""By name, PDFs of one page or more of which the fast source must not take the first."""
