"""Texts of other people's writing, marked up by these tests, keep their evidence (where ../shared is)."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from test_markup import facts

from isa_extract.reading.html import read_html
from isa_extract.reading.jats import read_jats
from isa_extract.reading.plain import read_text
from isa_extract.records import Block, Paper, Span, Table

CITATION = re.compile(r"(?<=\S)\[(\d[\d,，–~、 -]*)\]")


def marked(paper: Paper, lines: tuple[Span, ...]) -> str:
    """The lines joined as their author meant them, bracketed citations raised."""
    whole = "\n".join(paper.text[s.start : s.end] for s in lines)
    whole = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", whole)
    return CITATION.sub(r"<sup>[\1]</sup>", escape(whole))


def in_order(paper: Paper) -> list[Block | Table]:
    placed: list[tuple[int, Block | Table]] = [(b.lines[0].start, b) for b in paper.blocks]
    placed += [(t.cells[0].lines[0].start, t) for t in paper.tables]
    return [part for _, part in sorted(placed, key=lambda pair: pair[0])]


def table(paper: Paper, given: Table) -> str:
    width = 1 + max(cell.column for cell in given.cells)
    rows = {cell.row: [""] * width for cell in given.cells}
    heads = {cell.row for cell in given.cells if cell.header}
    for cell in given.cells:
        rows[cell.row][cell.column] = escape(" ".join(paper.text[s.start : s.end] for s in cell.lines))
    tags = {row: "th" if row in heads else "td" for row in rows}
    lines = ("".join(f"<{tags[r]}>{c}</{tags[r]}>" for c in cells) for r, cells in sorted(rows.items()))
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def as_jats(paper: Paper) -> str:
    title = body = references = ""
    for part in in_order(paper):
        if isinstance(part, Table):
            caption = marked(paper, part.caption)
            body += f"<table-wrap><caption><p>{caption}</p></caption>{table(paper, part)}</table-wrap>"
        elif part.kind == "title":
            title = marked(paper, part.lines)
        elif part.section == "references":
            references += f"<ref><mixed-citation>{marked(paper, part.lines)}</mixed-citation></ref>"
        elif part.section != "front":
            words = marked(paper, part.lines)
            body += f"<sec><title>{words}</title></sec>" if part.kind == "heading" else f"<p>{words}</p>"
    return (
        f"<article><front><article-meta><title-group><article-title>{title}</article-title></title-group></article-meta>"
        f"</front><body>{body}</body><back><ref-list>{references}</ref-list></back></article>"
    )


def as_page(paper: Paper) -> str:
    body = ""
    for part in in_order(paper):
        if isinstance(part, Table):
            body += f"<p>{marked(paper, part.caption)}</p>{table(paper, part)}"
        else:
            tag = {"title": "h1", "heading": "h2"}.get(part.kind, "p")
            body += f"<{tag}>{marked(paper, part.lines)}</{tag}>"
    return f'<html><head><meta charset="gb18030"></head><body>{body}</body></html>'


@pytest.mark.parametrize("name", ["en-02", "en-06", "en-13", "zh-02", "zh-12"])
def test_evidence_of_the_examples(shared: Path, tmp_path: Path, name: str) -> None:
    text = read_text(shared / "examples" / f"{name}.txt", "a")
    (tmp_path / "a.xml").write_text(as_jats(text), encoding="utf-8")
    (tmp_path / "a.html").write_text(as_page(text), encoding="gb18030")
    expected = facts(text)
    assert expected.total() >= 20
    assert facts(read_jats(tmp_path / "a.xml", "a")) == expected
    assert facts(read_html(tmp_path / "a.html", "a")) == expected
