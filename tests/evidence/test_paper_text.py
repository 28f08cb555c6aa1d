"""A paper as read, packed and unpacked: equal in all parts, and never by pickle."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.evidence.store.paper_text import packed, unpacked
from isa_extract.records import Block, Cell, Page, Paper, Span, Table

TEXT = "Title\nORR 60.4%\n\ud800 总缓解率\f"
PAPER = Paper(
    doc_id="a",
    source="/papers/a.pdf",
    sha256="0" * 64,
    text=TEXT,
    pages=(Page(1, Span(0, len(TEXT)), 595.28, 841.89),),
    blocks=(Block("title", (Span(0, 5),), "front"), Block("paragraph", (Span(6, 15), Span(16, 22)))),
    tables=(Table(1, (Cell(0, 1, (Span(6, 9),), 2, 1, True),), (Span(0, 5),), (Span(16, 17),)),),
    superscripts=(Span(3, 4),),
    boxes=np.array([[i, 0.1, np.nan, 1e-7] for i in range(len(TEXT))], dtype=np.float32),
    notices=("page 2: image only",),
)


def same(one, other):
    boxes = (one.boxes is None and other.boxes is None) or np.array_equal(
        one.boxes, other.boxes, equal_nan=True
    )
    return one == other and boxes


def test_every_part_comes_back():
    assert all(
        getattr(PAPER, f.name) for f in fields(Paper) if f.name != "boxes"
    )  # none is left at its default
    back = unpacked(packed(PAPER), "a", "/papers/a.pdf")
    assert same(back, PAPER) and back.boxes.dtype == np.float32
    assert packed(back) == packed(PAPER)


def test_name_and_path_are_those_that_are_asked_for():
    back = unpacked(packed(PAPER), "b", "elsewhere")
    assert (back.doc_id, back.source) == ("b", "elsewhere")


@given(st.text(), st.integers(0, 3))
def test_any_text_comes_back(text, rows):
    boxes = None if not rows else np.full((len(text), 4), rows, dtype=np.float32)
    paper = replace(PAPER, text=text, boxes=boxes)
    assert same(unpacked(packed(paper), "a", "/papers/a.pdf"), paper)


@pytest.mark.parametrize(
    "data", [b"", b"\x80\x05cposix\nsystem\n", b"isa-paper 2\n", b"isa-paper 1\nnothing", packed(PAPER)[:-20]]
)
def test_other_bytes_are_refused(data):
    with pytest.raises(ValueError, match="paper"):
        unpacked(data, "a", "a")
