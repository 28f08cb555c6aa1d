"""The review that the project began with: its PDF and its text must read alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest

from isa_extract.reading import read
from isa_extract.records import Paper, Span

STARTS = ["1.引言", "多发性骨髓瘤(multiple", "CD38是一种", "2.药代动力学", "该药呈", "3.相关临床研究", "3.1.Isatuximab", "在一项I期",
          "在一项多中心", "另一项302人", "3.2.Isatuximab", "目前关于治疗", "GMMG-HD7", "GMMG-CONCEPT", "4.小结与展望", "多发性骨髓瘤的治疗"]  # fmt: skip


@pytest.fixture(scope="module", params=["pdf", "txt"])
def paper(request: pytest.FixtureRequest, shared: Path) -> Paper:
    return read(shared / "review" / f"isatuximab-review-zh.{request.param}", "review")


def test_paragraphs(paper: Paper, words: Callable[[Paper, tuple[Span, ...]], str]) -> None:
    body = [words(paper, b.lines) for b in paper.blocks if b.section == "body"]
    assert len(body) == len(STARTS)
    for block, start in zip(body, STARTS, strict=True):
        assert block.startswith(start)


def test_running_text_is_the_same(shared: Path, words: Callable[[Paper, tuple[Span, ...]], str]) -> None:
    folder = shared / "review"
    pdf, txt = (read(folder / f"isatuximab-review-zh.{suffix}", "a") for suffix in ("pdf", "txt"))
    both = [[words(p, b.lines) for b in p.blocks if b.section == "body"] for p in (pdf, txt)]
    assert both[0] == both[1]
    whole = "".join(txt.text.split())
    assert "".join(both[0]) == whole[whole.index("1.引言") :]


def test_every_number_stands_in_its_box(shared: Path) -> None:
    path = shared / "review" / "isatuximab-review-zh.pdf"
    paper = read(path, "a")
    with pdfplumber.open(path) as pdf:
        for match in re.finditer(r"\d+\.\d+%?", paper.text):
            span = Span(*match.span())
            page, box = paper.page_at(span.start), paper.box_of(span)
            assert page is not None and box is not None
            crop = pdf.pages[page.number - 1].crop((box.x0, box.top, box.x1, box.bottom))
            assert match[0] in crop.extract_text()
