"""Every page of a PDF with its marks: by the fast source, or by the reference where that one is not sure."""

from __future__ import annotations

import gc
import io
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pypdfium2 as pdfium

from isa_extract.errors import PaperError
from isa_extract.reading import chars_pdfium, opening
from isa_extract.reading.chars import Drawn, PageMarks, page_marks


def read_pages(
    data: bytes, source: str, max_pages: int, max_chars: int, *, reference: bool = False
) -> tuple[bytes, list[PageMarks], list[int]]:
    """The PDF's bytes as they were read, its pages, and the numbers of those that are only an image.

    Args:
        max_pages: of the document.
        max_chars: on a page.
        reference: take every page from the reference (tests hold the sources against each other).

    Raises:
        PaperError: if it wants a password, is beyond repair, too large, or has neither text nor images.
    """
    data, document = opening.opened(data, source, max_pages)
    pages: list[PageMarks] = []
    scans: list[int] = []
    with_text = 0
    with ExitStack() as stack:
        stack.callback(document.close)
        slow = _Reference(data, source, stack)
        for number, (page, textpage) in enumerate(_opened_pages(document), 1):
            chars = textpage.count_chars()
            if chars > max_chars:
                reason = f"page {number} has {chars} characters, more than {max_chars}"
                raise PaperError(source, reason, "raise the limit")
            with_text += chars > 0
            if opening.is_scan(page, chars):
                scans.append(number)
            fast = None if reference else chars_pdfium.drawn(page, textpage, number)
            pages.append(page_marks(slow.drawn(number) if fast is None else fast))
    if not with_text and not scans:
        raise PaperError(source, "no text in it", "run OCR on it first")
    return data, pages, scans


def _opened_pages(document: pdfium.PdfDocument) -> Iterator[tuple[pdfium.PdfPage, pdfium.PdfTextPage]]:
    """Page after page, each kept open until the next is: pdfium forgets the fonts that no open page has."""
    last: pdfium.PdfPage | None = None
    for index in range(len(document)):
        page = document[index]
        if last is not None:
            _close(last)
        last = page
        textpage = page.get_textpage()
        try:
            yield page, textpage
        finally:
            _close(textpage)


def _close(item: pdfium.PdfPage | pdfium.PdfTextPage) -> None:
    with suppress(pdfium.PdfiumError):
        item.close()


class _Reference:
    """The reference, opened when first a page is asked of it: its imports alone take a tenth of a second."""

    def __init__(self, data: bytes, source: str, stack: ExitStack) -> None:
        self._data, self._source, self._stack = data, source, stack
        self._page: Callable[[int], Drawn] | None = None

    def drawn(self, number: int) -> Drawn:
        """What it finds on the page of this number."""
        if self._page is None:
            self._page = self._opened()
        return self._page(number)

    def _opened(self) -> Callable[[int], Drawn]:
        import pdfplumber

        from isa_extract.reading import chars_pdfminer

        logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
        pages = self._stack.enter_context(pdfplumber.open(io.BytesIO(self._data))).pages

        def drawn(number: int) -> Drawn:
            if number > len(pages):
                raise PaperError(
                    self._source, f"page {number} is damaged", "re-save the PDF with another program"
                )
            try:
                return chars_pdfminer.drawn(pages[number - 1])
            finally:
                pages[number - 1].close()
                gc.collect(0)  # pdfminer leaves cycles behind, and the collector may be off

        return drawn
