"""What must be known of a PDF before it is parsed: password, damage, number of pages; which are scans."""

from __future__ import annotations

import io
import re

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from isa_extract.errors import PaperError

_ADDRESS = re.compile(r"stream <[^>]*>:?\s*")
_STAMP = 300  # characters; a publisher's or library's stamp on a scan has no more
_MOST = 0.6  # of the page's area


def opened(data: bytes, source: str, max_pages: int) -> tuple[bytes, pdfium.PdfDocument]:
    """The PDF's bytes, decrypted and repaired where that was needed, and the document, to be closed.

    Raises:
        PaperError: if it wants a password, is beyond repair or has too many pages.
    """
    data = _plain(data, source)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise PaperError(source, f"damaged beyond repair ({error})", "fetch it again or re-save it") from None
    count = len(document)
    if 0 < count <= max_pages:
        return data, document
    document.close()
    if count == 0:
        raise PaperError(source, "no pages in it", "fetch it again")
    raise PaperError(source, f"{count} pages, more than {max_pages}", "split it or raise the limit")


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
        # the library names the stream by its address, which is another each time
        what = " ".join(_ADDRESS.sub("", str(error)).split())[:120]
        raise PaperError(source, f"damaged beyond repair ({what})", "fetch it again or re-save it") from None


def is_scan(page: pdfium.PdfPage, chars: int) -> bool:
    """Whether the page's text is in its image: it has no text, or no more than a stamp on a large image."""
    if chars > _STAMP:
        return False
    objects = list(page.get_objects(max_depth=3))
    images = [obj for obj in objects if obj.type == raw.FPDF_PAGEOBJ_IMAGE]
    if not chars or not images:
        return bool(images)
    texts = [obj for obj in objects if obj.type == raw.FPDF_PAGEOBJ_TEXT]
    if any(raw.FPDFTextObj_GetTextRenderMode(obj) == raw.FPDF_TEXTRENDERMODE_INVISIBLE for obj in texts):
        return False  # a scan that has been through OCR: its layer is its text
    width, height = page.get_size()
    areas = [(right - left) * (top - bottom) for left, bottom, right, top in map(_bounds, images)]
    return bool(max(areas) > _MOST * width * height)


def _bounds(image: pdfium.PdfObject) -> tuple[float, float, float, float]:
    left, bottom, right, top = image.get_bounds()
    return left, bottom, right, top
