"""Bad input ends as one line that names the paper, and never takes the run with it."""

from __future__ import annotations

import os
import pickle
import zlib
from pathlib import Path

import pikepdf
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from typeset import build, paragraph

from isa_extract.errors import PaperError
from isa_extract.reading import Limits, Reader, ocr, read
from isa_extract.reading.files import read_with

WORDS = "Median progression-free survival was 11.5 months with isatuximab. " * 5


def good(path: Path) -> Path:
    return build(path, [paragraph(WORDS)])


def refusal(path: Path, limits: Limits | None = None) -> PaperError:
    with pytest.raises(PaperError) as caught:
        read(path, "x", limits)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    assert caught.value.remedy
    return caught.value


def hand_made(objects: list[bytes]) -> bytes:
    """A PDF of the objects, the first its catalogue, with a right cross-reference table."""
    out, at = bytearray(b"%PDF-1.4\n"), []
    for i, body in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % a for a in at)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html>Sign in</html>", "not a PDF"),
        ("a.pdf", os.urandom(5000).replace(b"%", b""), "not a PDF"),
        ("a.pdf", b"%PDF-1.7\n", "damaged"),
        ("a.pdf", b"%PDF-1.7\n" + bytes(3000), "damaged"),
        ("a.docx", b"PK", "nor .txt but .docx"),
        ("a", b"x", "no suffix"),
    ],
)
def test_not_a_paper(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert reason in refusal(path).reason


def test_not_there_and_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.pdf").reason == "no such file"
    assert "folder" in refusal(tmp_path).reason


def test_passwords(tmp_path: Path) -> None:
    with pikepdf.open(good(tmp_path / "a.pdf")) as pdf:
        pdf.save(
            tmp_path / "owner.pdf",
            encryption=pikepdf.Encryption(owner="o", user="", R=3, aes=False, metadata=False),
        )
        pdf.save(tmp_path / "user.pdf", encryption=pikepdf.Encryption(owner="o", user="u", R=6))
    assert "11.5 months" in read(tmp_path / "owner.pdf", "a").text
    assert "password" in refusal(tmp_path / "user.pdf").reason


def test_repaired(tmp_path: Path) -> None:
    data = good(tmp_path / "a.pdf").read_bytes()
    broken = {
        "xref": data.replace(b"startxref\n", b"startxref\n9"),
        "tail": data[: data.rindex(b"xref") - 5],
        "junk": b"junk from a mail gateway\r\n" + data,
    }
    for name, some in broken.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(some)
        assert "11.5 months" in read(path, name).text


@pytest.mark.parametrize("tenths", range(1, 10))
def test_truncated(tmp_path: Path, tenths: int) -> None:
    data = good(tmp_path / "a.pdf").read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(data[: len(data) * tenths // 10])
    try:
        assert "progression" in read(path, "cut").text
    except PaperError as error:
        assert "\n" not in str(error)


@pytest.mark.skipif(ocr.available(), reason="the extra 'ocr' is installed: test_ocr.py")
def test_images_only(tmp_path: Path) -> None:
    image = ImageReader(_picture(tmp_path))
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.drawImage(image, 0, 0, 500, 700)
    canvas.save()
    error = refusal(tmp_path / "scan.pdf")
    assert "image" in error.reason and "isa-extract[ocr]" in error.remedy
    canvas = Canvas(str(tmp_path / "mixed.pdf"))
    canvas.drawString(60, 700, "Median PFS was 11.5 months.")
    canvas.showPage()
    canvas.drawImage(image, 0, 0, 500, 700)
    canvas.save()
    paper = read(tmp_path / "mixed.pdf", "m")
    assert paper.notices == ("page 2: image only (install isa-extract[ocr] to read it)",)
    assert "11.5 months" in paper.text


def _picture(folder: Path) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (8).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(b"".join(b"\0" + bytes(range(8)) for _ in range(8)))
    path = folder / "p.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return str(path)


def test_limits(tmp_path: Path) -> None:
    path = build(tmp_path / "a.pdf", [paragraph(WORDS) for _ in range(60)])
    assert "pages, more than 1" in refusal(path, Limits(pages=1)).reason
    assert "characters, more than 50" in refusal(path, Limits(page_chars=50)).reason
    assert "characters, more than 60" in refusal(path, Limits(text_chars=60)).reason
    assert "MB, more than" in refusal(path, Limits(file_bytes=10)).reason
    assert "not read within 0.05 s" in refusal(path, Limits(seconds=0.05)).reason


def test_memory(tmp_path: Path) -> None:
    """A stream that unpacks to a gigabyte ends at the child's limit."""
    inner = zlib.compress(b"0 0 m " * 60_000_000, 9)
    pages = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 700]/Contents 4 0 R>>",
        stream(inner, b"/Filter/FlateDecode"),
    ]
    path = tmp_path / "bomb.pdf"
    path.write_bytes(hand_made(pages))
    refusal(path, Limits(memory_bytes=600_000_000, seconds=20))


def test_forms_that_call_each_other(tmp_path: Path) -> None:
    """Twenty-five levels, each drawing the next ten times."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 700]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        stream(b"/F Do"),
    ]
    for i in range(25):
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % (6 + i)
        objects.append(stream(b"/F Do " * 10, form))
    objects.append(stream(b"0 0 m", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"))
    path = tmp_path / "forms.pdf"
    path.write_bytes(hand_made(objects))
    refusal(path, Limits(seconds=3))


def test_page_tree_that_bites_its_tail(tmp_path: Path) -> None:
    path = tmp_path / "cycle.pdf"
    path.write_bytes(hand_made([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]))
    refusal(path, Limits(seconds=20))


def test_one_reader_goes_on_after_a_bad_paper(tmp_path: Path) -> None:
    paths = [good(tmp_path / "a.pdf"), tmp_path / "bad.pdf", good(tmp_path / "b.pdf")]
    paths[1].write_bytes(b"%PDF-1.7\n" + bytes(3000))
    with Reader() as reader:
        assert read_with(reader, paths[0], "a").text
        with pytest.raises(PaperError):
            read_with(reader, paths[1], "bad")
        paper = read_with(reader, paths[2], "b")
    assert pickle.loads(pickle.dumps(paper)) == paper
