"""A PDF becomes a ``Paper``: the steps of reading in their order. Runs in the guard's child."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from isa_extract.errors import PaperError
from isa_extract.reading import beside, columns, continued, ocr, paragraphs, running, sections, tables
from isa_extract.reading import lines as lining
from isa_extract.reading.chars import PageMarks
from isa_extract.reading.compose import Composer
from isa_extract.reading.lines import Run
from isa_extract.reading.pages import read_pages
from isa_extract.records import Block, Page, Paper, Span

_TURNED = 40  # characters; fewer that stand on end are a stamp in the margin


@contextmanager
def _collector_off() -> Iterator[None]:
    """Python's collector of cycles is off: a paper is a million objects and no cycle, and it looks through
    all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_off()
def read_pdf(
    path: Path,
    doc_id: str,
    max_pages: int,
    max_chars: int,
    max_scans: int = 0,
    begin_scan: Callable[[], None] = lambda: None,
    *,
    reference: bool = False,
) -> Paper:
    """Parse a PDF in this process.

    Args:
        max_scans: pages that are read by OCR, at most.
        begin_scan: called before each of them.
        reference: take characters from the slow source, which the fast one is held against.

    Raises:
        PaperError: with the reason, if it cannot be read.
    """
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    data, pages, images = read_pages(data, str(path), max_pages, max_chars, reference=reference)
    garbled = [page.number for page in pages if _is_garbled(page)]
    scans, notices = _scans(data, sorted({*images, *garbled}), max_scans, begin_scan)
    if len(images) == len(pages) and not ocr.available():
        raise PaperError(
            str(path), "no text in it: every page is an image", f"install {ocr.EXTRA} to read it"
        )
    text = Composer()
    spans = _compose(text, [scans.get(page.number, page) for page in pages])
    spans = [replace(span, scanned=span.number in scans) for span in spans]
    whole = text.text()
    if len(garbled) == len(pages) and not scans:
        reason = "its fonts do not tell which characters they show"
        raise PaperError(str(path), reason, f"install {ocr.EXTRA} to read what can be seen")
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
        tables=continued.joined(text.tables, whole),
        superscripts=tuple(text.superscripts),
        boxes=text.boxes(),
        notices=tuple(notices),
    )


def _scans(
    data: bytes, images: Sequence[int], most: int, begin: Callable[[], None]
) -> tuple[dict[int, PageMarks], list[str]]:
    """The pages that are only an image, read by OCR if it is installed, and what there is to say of them."""
    if not images:
        return {}, []
    if not ocr.available():
        return {}, [f"page {number}: image only (install {ocr.EXTRA} to read it)" for number in images]
    scans = ocr.read_pages(data, images[:most], begin)
    notices = [
        f"page {n}: image only, " + ("read by OCR" if page.chars else "OCR found no text in it")
        for n, page in scans.items()
    ]
    return scans, notices + [f"page {n}: image only, not read: more than {most} such" for n in images[most:]]


def _is_garbled(page: PageMarks) -> bool:
    """Whether most of a page's characters are unknown, since its fonts have no Unicode map."""
    inked = "".join(page.chars.texts()).replace(" ", "")
    return inked.count("\ufffd") > 0.5 * len(inked)


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
        lining.lower_initials(body)
        lining.attach_small(body)
    apart |= running.line_numbers(list(bodies.values()))
    bodies = {n: [r for r in found if id(r) not in apart] for n, found in bodies.items()}
    apart |= running.heads_and_feet(pages, bodies)
    bodies = {n: [r for r in found if id(r) not in apart] for n, found in bodies.items()}
    size = running.body_size([run for body in bodies.values() for run in body])
    found_tables = _tables(pages, bodies)
    bodies = {n: tables.outside(body, found_tables[n]) for n, body in bodies.items()}
    letters: dict[int, list[Run]] = {}
    sides: dict[int, list[Run]] = {}
    for number, body in bodies.items():
        drawn = beside.lettering(body, size)
        letters[number] = [r for r in body if id(r) in drawn]
        body = [r for r in body if id(r) not in drawn]
        sides[number] = beside.side_column(body, size) if number == pages[0].number else []
        aside = {id(r) for r in sides[number]}
        bodies[number] = [r for r in body if id(r) not in aside]
    gutters = {number: columns.gutters(body) for number, body in bodies.items()}
    known = _usual(list(gutters.values()))
    spans: list[Page] = []
    for page in pages:
        start, number = text.length, page.number
        heads = [r for r in runs[number] if id(r) in apart and r.baseline < page.depth / 2]
        feet = [r for r in runs[number] if id(r) in apart and r.baseline >= page.depth / 2]
        xs = columns.completed(bodies[number], gutters[number], known)
        _add_rows(text, heads)
        _add_body(text, page, bodies[number], found_tables[number], xs)
        text.add_region(_lines(sides[number]), page.number, page.depth, page.number * 1000 + 999, aside=True)
        _add_rows(text, letters[number])
        _add_rows(text, feet)
        for turned in page.turned:
            if len(turned.chars) >= _TURNED:
                _add_turned(text, turned)
        if page is not pages[-1]:
            text.end("\f")
        spans.append(Page(number, Span(start, text.length), page.width, page.height))
    return spans


def _tables(pages: Sequence[PageMarks], bodies: dict[int, list[Run]]) -> dict[int, list[tables.Region]]:
    """Every page's tables: those that rules show; then columns, and the tables that keep to them."""
    found = {page.number: tables.ruled(page, bodies[page.number]) for page in pages}
    below = tables.captions_below((found[n], bodies[n]) for n in found if found[n])
    for n, regions in found.items():
        tables.surround(regions, bodies[n], caption_below=below)
    rest = {n: tables.outside(body, found[n]) for n, body in bodies.items()}
    gutters = {n: columns.gutters(body) for n, body in rest.items()}
    known = _usual(list(gutters.values()))
    for page in pages:
        body = rest[page.number]
        xs = columns.completed(body, gutters[page.number], known)
        found[page.number] += tables.bare(page, body, xs)
    return found


def _usual(gutters: Sequence[Sequence[float]]) -> Sequence[float]:
    """The gutters that most pages have."""
    common = Counter(tuple(10 * round(x / 10) for x in xs) for xs in gutters if xs)
    most = max(common, key=lambda key: (common[key], len(key), key), default=())
    return next((xs for xs in gutters if tuple(10 * round(x / 10) for x in xs) == most), ())


def _add_rows(text: Composer, found: Sequence[Run]) -> None:
    for row in lining.rows(found):
        text.add(lining.line(row))


def _add_turned(text: Composer, page: PageMarks) -> None:
    """What stands on its side: tables in their order, then all the rest line by line."""
    found = lining.runs(page.chars)
    lining.attach_small(found)
    regions = tables.find(page, found)
    for region in regions:
        text.add_table(region, page.number)
    _add_rows(text, tables.outside(found, regions))


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
            text.add_region(_lines(waiting), page.number, page.depth, key)
            text.add_table(by_run[id(run)], page.number)
            waiting = []
        text.add_region(_lines(waiting), page.number, page.depth, key)


def _lines(found: Sequence[Run]) -> list[lining.Line]:
    return [lining.line(row) for row in lining.rows(found)]
