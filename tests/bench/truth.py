"""What must be read from a typeset source, and what was read, in the same words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bench.layout import Layout
from bench.manuscript import Manuscript, manuscripts, written

from isa_extract.language.normal import fold
from isa_extract.records import Paper, Span

SOURCES = {paper.meta["language"]: paper for paper in manuscripts()}


def source(layout: Layout) -> Manuscript:
    """The source of the layout's language."""
    return SOURCES[layout.language]


@dataclass(frozen=True, slots=True)
class Piece:
    """A block: section, kind, folded words without white space."""

    section: str
    kind: str
    words: str


def plain(text: str) -> str:
    """Text as the rules see it, white space left out."""
    folded = fold(text, [Span(0, len(text))]).text
    return "".join(unicodedata.normalize("NFKC", folded).split())


def expected(paper: Manuscript, layout: Layout) -> list[Piece]:
    """The running text in reading order: no captions, tables, notes, dates."""
    meta = paper.meta
    labels = ("【摘要】", "【关键词】", "[Abstract]", "[Key words]")
    if not paper.chinese:
        labels = ("Abstract", "Keywords", "【摘要】", "【关键词】")
    out = [
        Piece("front", "title", meta["title"]),
        Piece("front", "paragraph", meta["authors"]),
        Piece("front", "paragraph", meta["affiliations"]),
        Piece("abstract", "paragraph", f"{labels[0]} {meta['abstract']}"),
        Piece("front", "paragraph", f"{labels[1]} {meta['keywords']}"),
        Piece("front", "paragraph", meta["title_other"]),
        Piece("front", "paragraph", meta["authors_other"]),
        Piece("abstract", "paragraph", f"{labels[2]} {meta['abstract_other']}"),
        Piece("front", "paragraph", f"{labels[3]} {meta['keywords_other']}"),
    ]
    state = "body"
    for part in paper.numbered(layout.numbering).parts:
        if part.kind == "heading" and part.level == 0:
            state = "references" if part.text in ("参考文献", "References") else "back"
        if part.kind in ("heading", "paragraph", "reference"):
            out.append(Piece(state, part.kind, written(part.text, "bracket")))
    return [Piece(p.section, p.kind, plain(p.words)) for p in out if p.words]


def found(paper: Paper) -> list[Piece]:
    """The blocks as read."""
    out = []
    for block in paper.blocks:
        words = "".join(fold(paper.text, block.lines, paper.superscripts).text.split())
        out.append(Piece(block.section, block.kind, unicodedata.normalize("NFKC", words)))
    return out


def told(pieces: list[Piece]) -> set[Piece]:
    """The pieces with what matters of them: in the front matter, only which is the title."""
    return {
        Piece(p.section, p.kind if p.kind == "title" or p.section != "front" else "", p.words) for p in pieces
    }


def running(pieces: list[Piece], source: Manuscript) -> list[Piece]:
    """The blocks of running text; dates and correspondence, wherever they stand apart, left out."""
    apart = plain(source.meta["dates"]) + plain(source.meta["note"]) + plain(source.meta["doi"])
    return [
        p
        for p in pieces
        if p.kind not in ("caption", "footnote") and not (p.section == "front" and p.words in apart)
    ]
