"""The bench: every layout of our own sources reads as its source does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest
from bench.layout import CHOICES, Layout, every_choice, layouts, possible
from bench.manuscript import as_text, cited, manuscripts, written
from likeness import distance, likeness
from truth import expected, found, plain, running, source, told

from isa_extract.language.normal import fold
from isa_extract.pipeline.paper import tabulated
from isa_extract.reading import read
from isa_extract.records import Paper, Table

LAYOUTS = layouts()
AsRead = Callable[[Layout], Paper]
NOT_COMPARED = ["evidence_id", "doc_id", "page", "bbox", "char_start", "char_end", "sentence", "value_text"]
"""Columns that say where on a page a value stands, or quote the page."""
every_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=str)


def test_every_two_choices_meet() -> None:
    met = {
        pair
        for layout in LAYOUTS
        for pair in combinations([(name, getattr(layout, name)) for name in CHOICES], 2)
    }
    for a, b in combinations(CHOICES, 2):
        for x in CHOICES[a]:
            for y in CHOICES[b]:
                assert ((a, x), (b, y)) in met or not possible({a: x, b: y}) or _excluded({a: x, b: y})


def _excluded(pair: dict[str, str]) -> bool:
    """Whether two choices go together only if a third thing did that goes with neither."""
    return not any(all(getattr(layout, k) == v for k, v in pair.items()) for layout in every_choice())


def test_likeness() -> None:
    assert distance("kitten", "sitting") == 3
    assert distance("", "abc") == 3
    assert likeness("a b c", "abc") == 1
    assert likeness("abcd", "abce") == pytest.approx(0.75)


@every_layout
def test_text_is_the_source(layout: Layout, as_read: AsRead) -> None:
    paper = source(layout)
    want = "".join(piece.words for piece in expected(paper, layout))
    got = "".join(piece.words for piece in running(found(as_read(layout)), paper))
    assert likeness(got, want) >= 0.995


@every_layout
def test_paragraphs_headings_and_sections(layout: Layout, as_read: AsRead) -> None:
    """Every block whole, in its section: joined over columns and pages, parted where the source parts."""
    paper = source(layout)
    want, got = told(expected(paper, layout)), told(running(found(as_read(layout)), paper))
    if layout.body == "spaced":
        # where a full last line meets a column's end, white space says nothing
        whole = "".join(piece.words for piece in got if piece.section == "body")
        lost = [piece for piece in want - got if piece.words not in whole or piece.section != "body"]
        assert not lost
        assert len(want - got) <= 2
    else:
        assert got == want


@every_layout
def test_words_stand_apart_and_han_together(layout: Layout, as_read: AsRead) -> None:
    paper, manuscript = as_read(layout), source(layout)
    text = [fold(paper.text, block.lines, paper.superscripts).text for block in paper.blocks]
    assert not [t for t in text if re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", t)]
    got = Counter(word for t in text for word in re.findall(r"[A-Za-z][A-Za-z-]+", t))
    for part in manuscript.parts:
        if part.kind == "paragraph":
            for word in re.findall(r"[A-Za-z][A-Za-z-]+", plain_words(part.text)):
                assert got[word], word
    assert got["Isa-Kd"] >= 8
    assert not got["IsaKd"]


def plain_words(text: str) -> str:
    """The source's words with their spaces, citations out."""
    return written(text, "none")


@every_layout
def test_citations_are_citations(layout: Layout, as_read: AsRead) -> None:
    paper = as_read(layout)
    want = [
        numbers for part in source(layout).parts if part.kind == "paragraph" for numbers in cited(part.text)
    ]
    got = [
        citation.numbers
        for block in paper.blocks
        if block.section == "body" and block.kind == "paragraph"
        for citation in fold(paper.text, block.lines, paper.superscripts).citations
    ]
    assert got == want


@every_layout
def test_what_is_no_running_text_stands_apart(layout: Layout, as_read: AsRead) -> None:
    paper, manuscript = as_read(layout), source(layout)
    pieces = found(paper)
    inside = "".join(
        p.words for p in pieces if p.kind not in ("caption", "footnote") and p.section != "front"
    )
    meta = manuscript.meta
    for words in (meta["dates"], meta["note"], meta["journal_other"], "Downloaded from", "UNDER REVIEW"):
        assert plain(words) not in inside
    captions = "".join(p.words for p in pieces if p.kind == "caption")
    captions += "".join(plain(paper.text[s.start : s.end]) for table in paper.tables for s in table.caption)
    for part in manuscript.parts:
        if part.kind == "figure":
            assert plain(part.option("caption")) in captions
            for row in part.all("rows"):
                assert plain(row) not in "".join(p.words for p in pieces)


@every_layout
def test_tables_have_the_source_s_cells(layout: Layout, as_read: AsRead) -> None:
    assert_cells(as_read(layout), layout)


def assert_cells(paper: Paper, layout: Layout) -> None:
    """Every table once, each cell in its row and column, the headings told from the rows."""
    want = [
        [list(map(plain, row)) for row in part.rows] for part in source(layout).parts if part.kind == "table"
    ]
    got = [_grid(paper, table) for table in paper.tables]
    assert got == want
    for table in paper.tables:
        assert {cell.row for cell in table.cells if cell.header} == {0}
        assert all(cell.rows == cell.columns == 1 for cell in table.cells)
        assert table.caption
        assert table.notes


def _grid(paper: Paper, table: Table) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        words = fold(paper.text, cell.lines, paper.superscripts).text
        rows.setdefault(cell.row, []).append(plain(words))
    return [rows[i] for i in sorted(rows)]


@pytest.fixture(scope="module")
def from_text(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], pd.DataFrame]:
    """The evidence of each source as plain text, by language and numbering."""
    folder = tmp_path_factory.mktemp("text")
    out = {}
    for manuscript in manuscripts():
        for numbering in CHOICES["numbering"]:
            path = folder / f"{manuscript.name}-{numbering}.txt"
            path.write_text(as_text(manuscript.numbered(numbering)), encoding="utf-8")
            out[manuscript.meta["language"], numbering] = tabulated(read(path, "bench")).evidence
    return out


def comparable(evidence: pd.DataFrame) -> Counter[tuple[str, ...]]:
    """The rows as a multiset, those of tables among them."""
    rows = evidence.drop(columns=NOT_COMPARED)
    return Counter(tuple(row) for row in rows.itertuples(index=False))


@every_layout
def test_evidence_is_the_source_s(
    layout: Layout, as_read: AsRead, from_text: dict[tuple[str, str], pd.DataFrame]
) -> None:
    want = comparable(from_text[layout.language, layout.numbering])
    got = comparable(tabulated(as_read(layout)).evidence)
    assert sum(want.values()) >= 20
    assert got - want == Counter()
    assert want - got == Counter()


@pytest.mark.parametrize("language", CHOICES["language"])
def test_results_are_told_once_and_not_by_references(
    language: str, as_read: AsRead, from_text: dict[tuple[str, str], pd.DataFrame]
) -> None:
    """A title in the reference list and both abstracts repeat the main result: it is one fact."""
    for rows in (tabulated(as_read(Layout(language=language))).evidence, from_text[language, "arabic"]):
        told_here = rows[(rows["endpoint"] == "PFS") & (rows["statistic"] == "median")]
        main = told_here[told_here["value"].isin(["35.7", "34.1"]) & (told_here["binding"] != "table")]
        assert len(main) == 1
        assert not rows["sentence"].str.contains("Sample Lancet").any()


@pytest.mark.growth
@pytest.mark.parametrize("layout", every_choice(), ids=str)
def test_wider_sweep(layout: Layout, as_read: AsRead) -> None:
    paper = source(layout)
    assert_cells(as_read(layout), layout)
    want = "".join(piece.words for piece in expected(paper, layout))
    got = "".join(piece.words for piece in running(found(as_read(layout)), paper))
    assert likeness(got, want) >= 0.995
