"""Pages that are pictures: read where OCR is installed, told of where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.finish import made, pictured
from bench.layout import Layout
from likeness import likeness
from truth import expected, found, running, source

from isa_extract.errors import PaperError
from isa_extract.reading import ocr, read


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    layout = Layout(language="zh")
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    path.write_bytes(pictured(made(source(layout), layout)))
    return path


@pytest.mark.skipif(ocr.available(), reason="OCR is installed")
def test_without_ocr_the_reason_is_told(scan: Path) -> None:
    with pytest.raises(PaperError, match="every page is an image"):
        read(scan, "scan")


@pytest.mark.skipif(not ocr.available(), reason="OCR is not installed")
def test_with_ocr_the_text_is_nearly_the_source(scan: Path) -> None:
    layout = Layout(language="zh")
    want = "".join(piece.words for piece in expected(source(layout), layout))
    got = "".join(piece.words for piece in running(found(read(scan, "scan")), source(layout)))
    assert likeness(got, want) >= 0.95
