"""What must be known of a PDF before it is parsed: password, damage, size, pages without text."""

from __future__ import annotations

import io
from contextlib import suppress

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from isa_extract.errors import PaperError


def openable(data: bytes, source: str, max_pages: int, max_chars: int) -> tuple[bytes, list[str]]:
    """The PDF's bytes, decrypted and repaired where that was needed, and notices on single pages.

    Raises:
        PaperError: if it wants a password, is beyond repair, too large, or has no text at all.
    """
    data = _plain(data, source)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise PaperError(source, f"damaged beyond repair ({error})", "fetch it again or re-save it") from None
    try:
        return data, _survey(document, source, max_pages, max_chars)
    finally:
        document.close()


def _plain(data: bytes, source: str) -> bytes:
    """The bytes re-saved where they are encrypted or damaged, else as they are."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if not len(pdf.pages):
                raise PaperError(source, "no pages in it", "fetch it again")
            if not pdf.is_encrypted and not pdf.get_warnings():
                return data
            out = io.BytesIO()
            # an owner's password only forbids copying and printing; the text is free to read
            pdf.save(out)
            return out.getvalue()
    except pikepdf.PasswordError:
        raise PaperError(source, "needs a password to open", "save a copy without the password") from None
    except pikepdf.PdfError as error:
        what = " ".join(str(error).split())[:120]
        raise PaperError(source, f"damaged beyond repair ({what})", "fetch it again or re-save it") from None


def _survey(document: pdfium.PdfDocument, source: str, max_pages: int, max_chars: int) -> list[str]:
    count = len(document)
    if count == 0:
        raise PaperError(source, "no pages in it", "fetch it again")
    if count > max_pages:
        raise PaperError(source, f"{count} pages, more than {max_pages}", "split it or raise the limit")
    images: list[int] = []
    with_text = 0
    for index in range(count):
        page = document[index]
        try:
            textpage = page.get_textpage()
            chars = textpage.count_chars()
            textpage.close()
            if chars > max_chars:
                raise PaperError(
                    source,
                    f"page {index + 1} has {chars} characters, more than {max_chars}",
                    "raise the limit",
                )
            if chars:
                with_text += 1
            elif _has_image(page):
                images.append(index + 1)
        finally:
            with suppress(pdfium.PdfiumError):
                page.close()
    if not with_text:
        reason = "no text in it: every page is an image" if images else "no text in it"
        raise PaperError(source, reason, "run OCR on it first")
    return [f"page {number}: image only" for number in images]


def _has_image(page: pdfium.PdfPage) -> bool:
    return any(obj.type == raw.FPDF_PAGEOBJ_IMAGE for obj in page.get_objects(max_depth=3))
