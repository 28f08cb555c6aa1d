"""A PDF becomes a ``Paper``: the steps of reading in their order. Runs in the guard's child."""

from __future__ import annotations

import hashlib
import io
import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pdfplumber

from isa_extract.errors import PaperError
from isa_extract.reading import columns, opening, paragraphs, running, sections, tables
from isa_extract.reading import lines as lining
from isa_extract.reading.chars import PageMarks, page_marks
from isa_extract.reading.compose import Composer
from isa_extract.reading.lines import Run
from isa_extract.records import Block, Page, Paper, Span

_TURNED = 40  # characters; fewer that stand on end are a stamp in the margin


def read_pdf(path: Path, doc_id: str, max_pages: int, max_chars: int) -> Paper:
    """Parse a PDF in this process.

    Raises:
        PaperError: with the reason, if it cannot be read.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    data, notices = opening.openable(data, str(path), max_pages, max_chars)
    pages = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            pages.append(page_marks(page))
            page.close()
    if not pages:
        raise PaperError(str(path), "no pages in it", "re-save the PDF with another program")
    text = Composer()
    spans = _compose(text, pages)
    whole = text.text()
    if not whole.strip():
        raise PaperError(str(path), "no text in it that can be seen", "run OCR on it first")
    found = paragraphs.blocks(text.placed)
    return Paper(
        doc_id=doc_id,
        source=str(path),
        sha256=sha256,
        text=whole,
        pages=tuple(spans),
        blocks=sections.label(found, [_words(whole, block) for block in found]),
        tables=tuple(text.tables),
        superscripts=tuple(text.superscripts),
        boxes=text.boxes(),
        notices=tuple(notices),
    )


def _words(text: str, block: Block) -> str:
    return "\n".join(text[line.start : line.end] for line in block.lines)


def _compose(text: Composer, pages: Sequence[PageMarks]) -> list[Page]:
    """Append every page in reading order."""
    runs = {page.number: lining.runs(page.chars) for page in pages}
    apart = running.watermarks(pages, runs)
    bodies = {n: [r for r in found if id(r) not in apart] for n, found in runs.items()}
    for body in bodies.values():
        # after the watermarks, which cross the text and are larger; before page numbers are looked for,
        # since a citation that stood alone in a row would pass for one
        lining.attach_small(body)
    apart |= running.heads_and_feet(pages, bodies)
    bodies = {n: [r for r in found if id(r) not in apart] for n, found in bodies.items()}
    found_tables = {page.number: tables.find(page, bodies[page.number]) for page in pages}
    for number, regions in found_tables.items():
        inside = {id(run) for region in regions for run in region.runs}
        bodies[number] = [r for r in bodies[number] if id(r) not in inside]
    gutters = {number: columns.gutters(body) for number, body in bodies.items()}
    known = _usual(list(gutters.values()))
    spans: list[Page] = []
    for page in pages:
        start, number = text.length, page.number
        heads = [r for r in runs[number] if id(r) in apart and r.baseline < page.depth / 2]
        feet = [r for r in runs[number] if id(r) in apart and r.baseline >= page.depth / 2]
        xs = gutters[number] or columns.confirmed(bodies[number], known)
        _add_rows(text, heads)
        _add_body(text, page, bodies[number], found_tables[number], xs)
        _add_rows(text, feet)
        for turned in page.turned:
            if len(turned) >= _TURNED:
                _add_rows(text, lining.runs(turned))
        if page is not pages[-1]:
            text.end("\f")
        spans.append(Page(number, Span(start, text.length), page.width, page.height))
    return spans


def _usual(gutters: Sequence[Sequence[float]]) -> Sequence[float]:
    """The gutters that most pages have."""
    common = Counter(tuple(10 * round(x / 10) for x in xs) for xs in gutters if xs)
    most = max(common, key=lambda key: (common[key], key), default=())
    return next((xs for xs in gutters if tuple(10 * round(x / 10) for x in xs) == most), ())


def _add_rows(text: Composer, found: Sequence[Run]) -> None:
    for row in lining.rows(found):
        text.add(lining.line(row))


def _add_body(
    text: Composer,
    page: PageMarks,
    body: Sequence[Run],
    regions: Sequence[tables.Region],
    xs: Sequence[float],
) -> None:
    # a table takes part in the page's order as one run, as wide as itself
    held = [(tables.stand_in(region), region) for region in regions]
    by_run = {id(run): region for run, region in held}
    rows = lining.rows([*body, *(run for run, _ in held)])
    for i, column in enumerate(columns.regions(rows, xs)):
        waiting: list[Run] = []
        key = page.number * 1000 + i
        for run in sorted(column.runs, key=lambda r: r.baseline):
            if id(run) not in by_run:
                waiting.append(run)
                continue
            lines = [lining.line(row) for row in lining.rows(waiting)]
            text.add_region(lines, page.number, page.depth, key)
            text.add_table(by_run[id(run)], page.number)
            waiting = []
        lines = [lining.line(row) for row in lining.rows(waiting)]
        text.add_region(lines, page.number, page.depth, key)
