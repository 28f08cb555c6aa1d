"""Pages that are only an image read as the pages that they were made from; skipped without the extra ``ocr``."""

from __future__ import annotations

import difflib
import io
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from isa_extract.pipeline.paper import PaperResult, tabulated
from isa_extract.reading import Limits, Reader, ink, ocr
from isa_extract.reading.files import read_with
from isa_extract.reading.pdf import read_pdf
from isa_extract.records import Paper, Span

pytestmark = pytest.mark.skipif(not ocr.available(), reason="the extra 'ocr' is not installed")
CORPUS = Path(__file__).parents[2] / "corpus"
REVIEW, TABLED = CORPUS / "isa-retold-zh.pdf", CORPUS / "egfr-lung-en.pdf"


def scan(
    source: Path, target: Path, dpi: int, pages: tuple[int, ...], turn: int = 0, lean: float = 0
) -> Path:
    """A PDF with nothing but images of the pages, turned clockwise."""
    document = pdfium.PdfDocument(source)
    canvas = Canvas(str(target), invariant=True)
    for index in pages:
        image = document[index].render(scale=dpi / 72, grayscale=True).to_pil()
        image = image.rotate(-turn, expand=True)
        image = image.rotate(-lean, fillcolor=255, resample=3)
        held = io.BytesIO()
        image.save(held, "PNG")
        size = (image.width * 72 / dpi, image.height * 72 / dpi)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(held), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return target


def text_of(paper: Paper, page: int | None = None) -> str:
    """The text, or a page's, white space left out."""
    span = paper.pages[page].span if page is not None else Span(0, len(paper.text))
    return "".join(paper.text[span.start : span.end].split())


def likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def rows(result: PaperResult) -> Counter[tuple[str, ...]]:
    columns = ["trial_name", "arm", "endpoint", "statistic", "value", "unit", "ci_low", "ci_high"]
    return Counter(tuple(row) for row in result.evidence[columns].to_numpy())


def read(path: Path) -> Paper:
    return read_pdf(path, path.stem, 2000, 60_000, 100)


@pytest.fixture(scope="module")
def born() -> Paper:
    return read(REVIEW)


@pytest.fixture(scope="module")
def offline() -> Any:
    """No connection can be made."""

    def refuse(*args: object, **more: object) -> None:
        raise OSError("the network was asked for")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory, offline: Any) -> Paper:
    path = tmp_path_factory.mktemp("scans") / "isa-retold-zh.pdf"
    return read(scan(REVIEW, path, 300, (0, 1, 2)))


def test_a_scan_gives_the_text_and_the_evidence_of_its_source(born: Paper, scanned: Paper) -> None:
    assert len(scanned.pages) == len(born.pages)
    assert likeness(text_of(born), text_of(scanned)) > 0.99
    expected, found = rows(tabulated(born)), rows(tabulated(scanned))
    same = sum((expected & found).values())
    assert 2 * same / (expected.total() + found.total()) > 0.97


def test_every_row_of_a_scan_says_so(born: Paper, scanned: Paper) -> None:
    assert [page.scanned for page in scanned.pages] == [True] * len(scanned.pages)
    assert scanned.notices[0] == "page 1: image only, read by OCR"
    flags = tabulated(scanned).evidence["flags"]
    assert len(flags) and all("read-by-ocr" in given.split(";") for given in flags)
    assert not any("read-by-ocr" in given for given in tabulated(born).evidence["flags"])


def test_boxes_lie_where_the_source_has_them(born: Paper, scanned: Paper) -> None:
    """Of figures that stand in both only once: middles within two points and a half."""
    seen = 0
    for finding in tabulated(born).findings:
        value = born.text[finding.span.start : finding.span.end]
        if born.text.count(value) != 1 or scanned.text.count(value) != 1:
            continue
        start = scanned.text.index(value)
        here, there = born.box_of(finding.span), scanned.box_of(Span(start, start + len(value)))
        assert here is not None and there is not None
        assert abs((here.x0 + here.x1) / 2 - (there.x0 + there.x1) / 2) < 3
        assert abs((here.top + here.bottom) / 2 - (there.top + there.bottom) / 2) < 3
        seen += 1
    assert seen > 10


@pytest.mark.parametrize(("turn", "lean"), [(90, 0.0), (180, 0.0), (270, 0.0), (0, 2.0)])
def test_turned_and_leaning_scans(tmp_path: Path, offline: Any, turn: int, lean: float) -> None:
    upright = read(TABLED)
    paper = read(scan(TABLED, tmp_path / "a.pdf", 150, (1,), turn, lean))
    # by characters: the order of columns is the layout's affair
    source, found = Counter(text_of(upright, 1).replace("–", "-")), Counter(text_of(paper).replace("–", "-"))
    assert (source & found).total() > 0.97 * source.total()
    assert len(paper.tables) == len([table for table in upright.tables if table.page == 2])
    value = paper.text.index("36.7")
    box, page = paper.box_of(Span(value, value + 4)), paper.pages[0]
    assert box is not None and 0 <= box.x0 < box.x1 <= page.width and 0 <= box.top < box.bottom <= page.height
    if turn in (90, 270):
        assert box.bottom - box.top > box.x1 - box.x0  # it stands on end there


def test_the_same_page_reads_alike(tmp_path: Path) -> None:
    path = scan(REVIEW, tmp_path / "a.pdf", 100, (2,))
    first, again = read(path), read(path)
    assert first == again and np.array_equal(first.boxes, again.boxes, equal_nan=True)


def test_within_the_guard_s_limits(tmp_path: Path) -> None:
    path = scan(REVIEW, tmp_path / "a.pdf", 100, (0, 2))
    more: list[float] = []
    with Reader(Limits(scans=1, scan_seconds=300)) as reader:
        paper = read_with(reader, path, "a", more.append)
    assert more == [300]
    assert paper.notices[1] == "page 2: image only, not read: more than 1 such"
    assert paper.text.strip()


def test_ink_tells_raised_figures() -> None:
    """In '72%5' with a small 5 above the line: the 5, and not the ring of the per cent sign."""
    em, base = 40.0, 100.0
    pieces = [(0, 73, 20, 100), (22, 73, 42, 100), (45, 73, 55, 86), (45, 73, 76, 100), (78, 62, 90, 82)]
    own = np.array(pieces, dtype=float)
    middles = (10.0, 32.0, 60.0, 84.0)
    assert ink.raised("72%5", middles, own, base, em) == [False, False, False, True]
