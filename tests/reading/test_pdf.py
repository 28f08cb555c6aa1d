"""PDFs set from known text: order, paragraphs, superscripts, running heads, hidden text, boxes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typeset import build, heading, paragraph

from isa_extract.reading import read
from isa_extract.records import Paper, Span

EN = [
    "In ENDEAVOR, 929 patients were randomly assigned to carfilzomib and dexamethasone or to bortezomib and "
    "dexamethasone.<super>12,13</super> Median progression-free survival was 18.7 months in the carfilzomib group and "
    "9.4 months in the bortezomib group (HR 0.53, 95% CI 0.44–0.65; p=0.0001). MRD was measured at 10<super>-5</super> "
    "and a platelet count of 50 × 10<super>9</super>/L was required, with doses of 20 mg/m<super>2</super>.",
    "Overall response was seen in 77% and 63%, complete response or better in 13% and 6%. Grade 3 or worse hypertension "
    "occurred in 9% and 3%. The difference was held to be of clinical weight by the authors.<super>14</super>",
    "ASPIRE added carfilzomib to lenalidomide and dexamethasone in 792 patients. Median progression-free survival was "
    "26.3 months against 17.6 months (HR 0.69, 0.57–0.83). After 67.1 months overall survival was 48.3 months.",
]
ZH = [
    "在一项多中心、开放、随机的III期临床研究ICARIA-MM(NCT02990338)中比较了isatuximab联用泊马度胺、地塞米松(Isa-Pd)与"
    "泊马度胺、地塞米松(Pd)治疗RRMM的疗效和安全性，共纳入307名患者<super>[18-20]</super>。结果显示，中位PFS期为11.5个月和"
    "6.5个月，HR=0.596，95%CI 0.44～0.81，P=0.001，MRD阴性率(灵敏度10<super>-5</super>)为5.2%。",
    "另一项302人参与的大型III期随机临床研究IKEMA(NCT03275285)比较了Isa-Kd与Kd在RRMM治疗中的疗效和安全性。Isa-Kd组有"
    "72.6%达到非常好的部分缓解(VGPR)，39.7%达到完全缓解(CR)，血小板计数≥50×10<super>9</super>/L者可入组。",
    "两组的发生首次反应的中位时间相差不大(32天 vs 33天)，但缓解持续时间及下一次治疗时间均显著优于对照组时长，严重不良反应的"
    "发生率较对照组也未明显增加，Isa-Kd组中最常见的AE是输液反应(45.8%)、腹泻(39.5%)、高血压(37.9%)和上呼吸道感染(37.3%)。",
]


def printed(source: str) -> str:
    """The source as it must read, white space left out."""
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    source = re.sub(r"(?<=10)<super>(-5|9)</super>", lambda m: m[1].translate(raised), source)
    source = source.replace("m<super>2</super>", "m²")
    return "".join(re.sub(r"</?super>", "", source).split())


def body(paper: Paper, words: Callable[..., str], kind: str = "paragraph") -> list[str]:
    return [words(paper, b.lines) for b in paper.blocks if b.section == "body" and b.kind == kind]


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_order_and_paragraphs(tmp_path: Path, words: Callable[..., str], columns: int, lang: str) -> None:
    source = [f"{i} {p}" for i, p in enumerate((EN if lang == "en" else ZH) * 7, 1001)]
    path = build(
        tmp_path / "a.pdf",
        [heading("1. Introduction", lang), *(paragraph(p, lang) for p in source)],
        columns=columns,
        head="Journal of Tests 2024; 3: 1–9",
        foot="www.tests.test",
        lang=lang,
    )
    paper = read(path, "a")
    assert len(paper.pages) > 1
    assert body(paper, words) == [printed(p) for p in source]
    assert body(paper, words, "heading") == ["1.Introduction"]


def test_full_width_opening_comes_first(tmp_path: Path, words: Callable[..., str]) -> None:
    opening = [
        paragraph("Triplets in relapsed myeloma", size=18, indent=0),
        paragraph("Abstract", indent=0, font="Times-Bold"),
        paragraph(EN[1], indent=0),
    ]
    story = [heading("Introduction"), *(paragraph(p) for p in EN * 4)]
    references = [
        f"{i}. Smith A, Jones B, et al. A trial of many things. Blood 20{i}; {i}: 12–19."
        for i in range(10, 14)
    ]
    story += [heading("References"), *(paragraph(r, size=8, indent=0) for r in references)]
    paper = read(build(tmp_path / "a.pdf", story, columns=2, full=opening), "a")
    assert [(b.kind, b.section) for b in paper.blocks[:4]] == [
        ("title", "front"),
        ("heading", "abstract"),
        ("paragraph", "abstract"),
        ("heading", "body"),
    ]
    assert body(paper, words) == [printed(p) for p in EN * 4]
    last = [words(paper, b.lines) for b in paper.blocks if b.kind == "reference"]
    assert last == [printed(r) for r in references]


def test_paragraphs_parted_by_space_not_by_indent(tmp_path: Path, words: Callable[..., str]) -> None:
    story = [paragraph(p, indent=0, after=7) for p in EN * 3]
    assert body(read(build(tmp_path / "a.pdf", story, columns=2), "a"), words) == [printed(p) for p in EN * 3]


def test_superscripts_are_told(tmp_path: Path) -> None:
    paper = read(build(tmp_path / "a.pdf", [paragraph(EN[0]), paragraph(ZH[0], "zh")]), "a")
    raised = [paper.text[s.start : s.end] for s in paper.superscripts]
    assert raised == ["12,13", "⁻⁵", "⁹", "²", "[18-20]", "⁻⁵"]
    assert "dexamethasone.12,13 Median" in paper.text.replace("\n", " ")
    assert "50 × 10⁹/L" in paper.text.replace("\n", " ")


def test_boxes_hold_their_characters(tmp_path: Path) -> None:
    import pdfplumber

    path = build(tmp_path / "a.pdf", [paragraph(p) for p in EN * 5], columns=2)
    paper = read(path, "a")
    assert paper.boxes is not None and paper.boxes.shape == (len(paper.text), 4)
    with pdfplumber.open(path) as pdf:
        for match in re.finditer(r"\d+\.\d+", paper.text):
            page, box = paper.page_at(match.start()), paper.box_of(Span(*match.span()))
            assert page is not None and box is not None
            crop = pdf.pages[page.number - 1].crop((box.x0, box.top, box.x1, box.bottom), strict=False)
            assert match[0] in crop.extract_text()


def test_text_is_lines_and_pages(tmp_path: Path) -> None:
    paper = read(build(tmp_path / "a.pdf", [paragraph(p) for p in EN * 20], columns=2), "a")
    pieces = paper.text.split("\f")
    assert len(pieces) == len(paper.pages)
    assert all(piece.endswith("\n") for piece in pieces)
    assert [p.span.end for p in paper.pages[:-1]] == [p.span.start for p in paper.pages[1:]]


def test_what_cannot_be_seen_is_not_read(tmp_path: Path) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont("Times-Roman", 10)
        text = canvas.beginText(100, 400)
        text.setTextRenderMode(3)
        text.textLine("invisible 11.1%")
        text.setTextRenderMode(0)
        canvas.drawText(text)
        canvas.setFillGray(1)
        canvas.drawString(100, 380, "white 22.2%")
        canvas.setFillGray(0)
        canvas.setFont("Times-Roman", 0.5)
        canvas.drawString(100, 360, "tiny 33.3%")
        canvas.setFont("Times-Roman", 40)
        canvas.saveState()
        canvas.rotate(40)
        canvas.drawString(200, 100, "WATERMARK 44.4%")
        canvas.restoreState()
        canvas.rect(90, 290, 200, 40, fill=1)
        canvas.setFillGray(1)
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(100, 300, "white on black 55.5%")
        canvas.setFillGray(0)

    paper = read(build(tmp_path / "a.pdf", [paragraph(EN[1])], draw=draw), "a")
    for gone in ("11.1%", "22.2%", "33.3%", "44.4%"):
        assert gone not in paper.text
    assert "55.5%" in paper.text


def test_watermark_on_every_page_is_in_no_block(tmp_path: Path, words: Callable[..., str]) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont("Times-Roman", 30)
        canvas.drawString(150, 422, "UNDER REVIEW")

    source = [f"In study {i}, {p}" for i, p in enumerate(EN * 16)]
    paper = read(build(tmp_path / "a.pdf", [paragraph(p) for p in source], draw=draw), "a")
    assert len(paper.pages) >= 3
    assert body(paper, words) == [printed(p) for p in source]


def test_scan_layer_is_read(tmp_path: Path) -> None:
    """Where all text is invisible it is a scan's OCR layer."""

    def draw(canvas: Any) -> None:
        text = canvas.beginText(100, 400)
        text.setFont("Times-Roman", 10)
        text.setTextRenderMode(3)
        text.textLine("Median PFS was 11.5 months in the isatuximab group of this trial.")
        canvas.drawText(text)

    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"))
    draw(canvas)
    canvas.save()
    assert "11.5 months" in read(tmp_path / "a.pdf", "a").text


def test_turned_page(tmp_path: Path, words: Callable[..., str]) -> None:
    import pikepdf

    build(tmp_path / "a.pdf", [paragraph(p) for p in EN])
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        pdf.pages[0].rotate(90, relative=True)
        pdf.save(tmp_path / "b.pdf")
    paper = read(tmp_path / "b.pdf", "b")
    assert printed(EN[0]) in "".join(paper.text.split())


def test_landscape(tmp_path: Path, words: Callable[..., str]) -> None:
    path = build(tmp_path / "a.pdf", [paragraph(p) for p in EN * 5], columns=2, page_size=(842, 595))
    assert body(read(path, "a"), words) == [printed(p) for p in EN * 5]
