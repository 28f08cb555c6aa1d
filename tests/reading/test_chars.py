"""Characters: the fast source and the reference see the same, or the fast one leaves the page alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pdfplumber
import pypdfium2 as pdfium
import pytest
from drawings import ALIKE, NOT_TAKEN
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from isa_extract.reading import chars_pdfium, chars_pdfminer
from isa_extract.reading.chars import Char, Drawn, PageMarks, clean, page_marks
from isa_extract.reading.pdf import read_pdf
from isa_extract.records import Box, Paper

CORPUS = sorted((Path(__file__).parents[2] / "corpus").glob("*.pdf"))


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def both(path: Path) -> Iterator[tuple[PageMarks, PageMarks | None]]:
    """Every page as the reference and as the fast source see it; None where that one does not take it."""
    document = pdfium.PdfDocument(path)
    with pdfplumber.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            fast: Drawn | None = None
            opened = document[number - 1]
            fast = chars_pdfium.drawn(opened, opened.get_textpage(), number)
            yield page_marks(chars_pdfminer.drawn(page)), None if fast is None else page_marks(fast)
    document.close()


def inked(chars: list[Char]) -> list[Char]:
    return [c for c in chars if c.text != " "]


def spaces(chars: list[Char]) -> list[bool]:
    """For every two characters of a line that follow each other: whether a space is drawn between them."""
    at = [i for i, c in enumerate(chars) if c.text != " "]
    return [j - i > 1 and abs(chars[i].baseline - chars[j].baseline) < 1 for i, j in pairwise(at)]


def numbers(chars: list[Char]) -> np.ndarray:
    return np.array([(c.x0, c.x1, c.top, c.bottom, *c.box) for c in chars]).reshape(-1, 8)


def corners(boxes: list[Box]) -> np.ndarray:
    return np.array(boxes, dtype=float).reshape(-1, 4)


def assert_alike(slow: PageMarks, fast: PageMarks) -> None:
    """The same characters in the same order, boxes within a point, baselines, sizes, fonts, rules."""
    assert np.allclose(
        (slow.width, slow.height, slow.depth), (fast.width, fast.height, fast.depth), atol=0.01
    )
    turned = [(a.chars, b.chars) for a, b in zip(slow.turned, fast.turned, strict=True)]
    for a, b in [(slow.chars, fast.chars), *turned]:
        ours, theirs = inked(a), inked(b)
        assert "".join(c.text for c in ours) == "".join(c.text for c in theirs)
        assert [c.text for c in ours] == [c.text for c in theirs]
        assert spaces(a) == spaces(b)
        assert np.abs(numbers(ours) - numbers(theirs)).max(initial=0) < 1
        assert np.allclose([c.baseline for c in ours], [c.baseline for c in theirs], atol=0.05)
        assert np.allclose([c.size for c in ours], [c.size for c in theirs], atol=0.01)
        fonts = {(x.font.split("+")[-1], y.font.split("+")[-1]) for x, y in zip(ours, theirs, strict=True)}
        # names may differ (a font's own and its dictionary's), which glyphs share one may not
        assert len({x for x, _ in fonts}) == len({y for _, y in fonts}) == len(fonts)
    for a_marks, b_marks in ((slow.rules, fast.rules), (slow.uprights, fast.uprights)):
        assert len(a_marks) == len(b_marks)
        assert np.abs(corners(a_marks) - corners(b_marks)).max(initial=0) < 0.05


def same(a: Paper, b: Paper) -> bool:
    parts = ("text", "blocks", "tables", "superscripts", "notices")
    return all(getattr(a, part) == getattr(b, part) for part in parts)


@pytest.mark.parametrize("path", CORPUS, ids=[path.stem for path in CORPUS])
def test_the_corpus_is_seen_alike(path: Path) -> None:
    for slow, fast in both(path):
        assert fast is not None
        assert_alike(slow, fast)


def test_the_review_is_seen_alike(shared: Path) -> None:
    for path in sorted((shared / "review").glob("*.pdf")):
        for slow, fast in both(path):
            assert fast is not None
            assert_alike(slow, fast)


@pytest.mark.parametrize("name", ALIKE)
def test_what_we_set_is_seen_alike(tmp_path: Path, name: str) -> None:
    ALIKE[name](tmp_path / "a.pdf")
    pages = list(both(tmp_path / "a.pdf"))
    assert any(slow.chars for slow, _ in pages)
    for slow, fast in pages:
        assert fast is not None
        assert_alike(slow, fast)


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_page_that_pdfium_is_not_sure_of_is_not_taken(tmp_path: Path, name: str) -> None:
    NOT_TAKEN[name](tmp_path / "a.pdf")
    slow, fast = next(both(tmp_path / "a.pdf"))
    assert fast is None
    assert slow.chars


def _papers() -> list[tuple[str, Callable[[Path], None]]]:
    return [
        (name, ALIKE[name]) for name in ("two columns", "chinese", "tables", "turned 90", "forms", "typst")
    ]


@pytest.mark.parametrize(("name", "make"), _papers(), ids=[name for name, _ in _papers()])
def test_a_paper_reads_alike_from_both(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    path = tmp_path / "a.pdf"
    make(path)
    fast, slow = (read_pdf(path, "a", 100, 60_000, reference=reference) for reference in (False, True))
    assert same(fast, slow)
    assert fast.boxes is not None and slow.boxes is not None
    assert np.nanmax(np.abs(fast.boxes - slow.boxes)) < 1


def test_pages_not_taken_come_from_the_reference(tmp_path: Path) -> None:
    """Page by page: one that pdfium is not sure of does not make the others slow, nor lose its place."""
    import pikepdf

    ALIKE["raised"](tmp_path / "a.pdf")
    NOT_TAKEN["drawn font"](tmp_path / "b.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf, pikepdf.open(tmp_path / "b.pdf") as other:
        pdf.pages.extend(other.pages)
        pdf.pages.append(pdf.pages[0])
        pdf.save(tmp_path / "c.pdf")
    paper = read_pdf(tmp_path / "c.pdf", "c", 100, 60_000)
    assert same(paper, read_pdf(tmp_path / "c.pdf", "c", 100, 60_000, reference=True))
    first, second, third = paper.text.split("\f")
    assert first.split() == third.split()
    assert second.strip() == "abab set in type"


def test_the_collector_is_as_it_was(tmp_path: Path) -> None:
    import gc

    ALIKE["raised"](tmp_path / "a.pdf")
    assert gc.isenabled()
    read_pdf(tmp_path / "a.pdf", "a", 100, 60_000)
    assert gc.isenabled()


def test_ink_of_a_separation_is_seen(tmp_path: Path) -> None:
    ALIKE["inks"](tmp_path / "a.pdf")
    paper = read_pdf(tmp_path / "a.pdf", "a", 100, 60_000)
    assert paper.text.split("\n")[:2] == ["full ink", "black"]


def test_text_struck_twice_is_read_once(tmp_path: Path) -> None:
    ALIKE["struck twice"](tmp_path / "a.pdf")
    for reference in (False, True):
        assert read_pdf(tmp_path / "a.pdf", "a", 100, 60_000, reference=reference).text.strip() == (
            "Bold by a second strike"
        )


@pytest.mark.parametrize(
    ("glyph", "text"),
    [
        ("a", "a"),
        ("ﬁ", "fi"),
        ("ﬃ", "ffi"),
        ("⽂", "文"),
        ("\uf0b3", "≥"),
        ("\u00ad", "-"),
        ("\ufffe", "-"),
        ("(cid:17)", "\ufffd"),
        ("\ud800", "\ufffd"),
        ("\u00a0", " "),
        ("\u3000", " "),
        ("  ", " "),
        ("\u200b", ""),
        ("\x03", ""),
        ("", ""),
        ("Ⅲ", "Ⅲ"),
        ("⁹", "⁹"),
        ("％", "％"),
    ],
)
def test_clean(glyph: str, text: str) -> None:
    assert clean(glyph) == text


_WORDS = st.text(st.sampled_from("abAB 12.,-()%fi"), min_size=1, max_size=14)
_PIECES = st.tuples(
    _WORDS, st.sampled_from([6, 10, 24]), st.sampled_from([0, 4, -2]), st.sampled_from([-3, 0, 3, 40])
)


@settings(max_examples=60)
@given(st.lists(st.lists(_PIECES, min_size=1, max_size=5), min_size=1, max_size=6))
def test_any_lines_are_seen_alike(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[tuple[str, int, int, int]]]
) -> None:
    """Lines of pieces in several sizes, raised and lowered, apart, touching and overlapping."""
    path = tmp_path_factory.mktemp("lines") / "a.pdf"
    canvas = Canvas(str(path))
    for i, line in enumerate(lines):
        x = 60.0
        for words, size, rise, gap in line:
            canvas.setFont("Times-Roman", size)
            canvas.drawString(x, 700 - 60 * i + rise, words)
            x += canvas.stringWidth(words, "Times-Roman", size) + gap
    canvas.save()
    for slow, fast in both(path):
        if fast is not None:
            assert_alike(slow, fast)
