"""Files that a reader of papers must survive, made anew for each run of the tests."""

from __future__ import annotations

import io
import os
import random
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
from typeset import build, paragraph

WORDS = (
    "In ICARIA-MM, 307 patients were randomly assigned to isatuximab plus pomalidomide and dexamethasone "
    "(Isa-Pd) or to pomalidomide and dexamethasone (Pd). Median progression-free survival was 11.5 months in "
    "the Isa-Pd group and 6.5 months in the Pd group (HR 0.596, 95% CI 0.44-0.81). "
)
READ = "read"
"""The file is read, wholly or in part."""
EITHER = "read|"
"""The file may be read, or refused with a reason that fits what follows."""

Make = Callable[[Path], None]


def good(path: Path) -> Path:
    """A sound paper of one page."""
    return build(path, [paragraph(WORDS * 3)])


def _bytes(data: bytes) -> Make:
    return lambda path: path.write_bytes(data) and None


def _sound() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return good(Path(folder, "a.pdf")).read_bytes()


def hand_made(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of the objects, the first its catalogue, with a right cross-reference table."""
    out, at = bytearray(b"%PDF-1.5\n"), []
    for i, body in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % a for a in at)
    told = (len(objects) + 1, trailer, start)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % told)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data)


_TEXT = b"BT /F 10 Tf 60 700 Td (Median PFS was 11.5 months with isatuximab in this trial.) Tj ET"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"


def one_page(
    content: bytes = stream(_TEXT),
    box: bytes = b"[0 0 500 800]",
    font: bytes = _FONT,
    page: bytes = b"/Contents 4 0 R",
    more: tuple[bytes, ...] = (),
    catalogue: bytes = b"",
    resources: bytes = b"",
) -> bytes:
    """A PDF of one page: objects 4 its content, 5 its font, 6 and on what else is given."""
    return hand_made(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox%s%s/Resources<</Font<</F 5 0 R>>%s>>>>"
            % (box, page, resources),
            content,
            font,
            *more,
        ]
    )


def _plain_kinds() -> Iterator[tuple[str, str, bytes]]:
    noise = random.Random(7).randbytes(9000)
    sound = _sound()
    yield "empty.pdf", "the file is empty", b""
    yield "junk.pdf", "not a PDF", noise.replace(b"%", b"")
    yield "junk-with-header.pdf", "damaged|no pages|no text", b"%PDF-1.7\n" + noise
    yield "header-only.pdf", "damaged|no pages", b"%PDF-1.7\n"
    yield "zeros.pdf", "damaged|no pages", b"%PDF-1.7\n" + bytes(5000)
    yield "picture.pdf", "not a PDF", b"\x89PNG\r\n\x1a\n" + noise
    yield "web-page.pdf", "not a PDF", b"<html><body>Sign in to read</body></html>"
    yield "word.pdf", "not a PDF", b"PK\x03\x04" + noise
    yield "a-pdf.txt", "a PDF that is named .txt", sound
    yield "noise.txt", "UTF-8|no text|not text", b"\xff\x00\xfe" + noise
    yield "nothing.txt", "empty|no text", b" \n \n"
    for tenth in range(1, 10):
        yield f"cut-at-{tenth}0.pdf", EITHER + "damaged|no pages|no text", sound[: len(sound) * tenth // 10]
    yield "cut-at-99.pdf", READ, sound[:-30]
    yield "xref-astray.pdf", READ, sound.replace(b"startxref\n", b"startxref\n9")
    yield "xref-junk.pdf", READ, sound.replace(b" 00000 n", b" 0x000 n")
    yield "mail-junk.pdf", READ, b"Content-Type: application/pdf\r\n\r\n" + sound
    root = sound.replace(b"/Root", b"/Rood")
    yield "no-root.pdf", EITHER + "damaged|no pages", root
    yield (
        "page-tree-cycle.pdf",
        "damaged|no pages|nested",
        hand_made([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
    )
    deep = [b"<</Type/Catalog/Pages 2 0 R>>"]
    deep += [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (i + 3) for i in range(6000)]
    deep += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"]
    yield "page-tree-deep.pdf", EITHER + "damaged|no pages|no text|nested|died", hand_made(deep)
    yield "pages-that-lie.pdf", EITHER + "damaged|no pages", one_page().replace(b"/Count 1", b"/Count -7")
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 500 800]/Resources<</XObject<</F %d 0 R>>>>"
    drawn = {"content": stream(b"/F Do " + _TEXT), "resources": b"/XObject<</F 6 0 R>>"}
    yield (
        "form-draws-itself.pdf",
        EITHER + "nested|damaged",
        one_page(more=(stream(b"/F Do", form % 6),), **drawn),
    )
    yield (
        "forms-draw-each-other.pdf",
        EITHER + "nested|damaged",
        one_page(more=(stream(b"/F Do", form % 7), stream(b"/F Do", form % 6)), **drawn),
    )
    levels = tuple(stream(b"/F Do " * 10, form % (7 + i)) for i in range(25))
    yield (
        "forms-exponential.pdf",
        "not read within|nested|died",
        one_page(more=(*levels, stream(b"0 0 m", form % 99)), **drawn),
    )
    inner = _squeezed(b"0 0 m ", 600_000_000)
    yield (
        "zip-bomb.pdf",
        "needs more|not read within|damaged|died|no text",
        one_page(stream(inner, b"/Filter/FlateDecode")),
    )
    twice = zlib.compress(inner, 9)
    yield (
        "zip-bomb-twice.pdf",
        "needs more|not read within|damaged|died|no text",
        one_page(stream(twice, b"/Filter[/FlateDecode/FlateDecode]")),
    )
    yield (
        "filters-without-end.pdf",
        EITHER + "damaged|no text",
        one_page(stream(zlib.compress(_TEXT), b"/Filter[" + b"/FlateDecode" * 3000 + b"]")),
    )
    yield "filter-unknown.pdf", EITHER + "no text|damaged", one_page(stream(_TEXT, b"/Filter/Rot13"))
    yield (
        "predictor.pdf",
        EITHER + "no text|damaged|needs more",
        one_page(
            stream(
                zlib.compress(_TEXT),
                b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32>>",
            )
        ),
    )
    kids = b"".join(b"%d 0 R " % (i + 3) for i in range(10_000))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 800]/Contents %d 0 R/Resources<</Font<</F %d 0 R>>>>>>"
    )
    yield (
        "pages-10000.pdf",
        "10000 pages, more than",
        hand_made(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Kids[%s]/Count 10000>>" % kids,
                *[page % (10_003, 10_004)] * 10_000,
                stream(_TEXT),
                _FONT,
            ]
        ),
    )
    many = b"BT /F 4 Tf 9 TL 20 790 Td " + b"(word word word word ) Tj T* " * 10_000 + b" ET"
    yield "characters-200000.pdf", "characters, more than", one_page(stream(many))
    boxes = b"\n".join(b"%d %d 3 3 re f" % (i % 490, i // 490) for i in range(100_000))
    yield (
        "rectangles-100000.pdf",
        EITHER + "not read within|needs more|marks",
        one_page(stream(boxes + b"\n" + _TEXT)),
    )
    for name, box in {
        "huge": b"[0 0 1000000000 1000000000]",
        "negative": b"[500 800 -500 -800]",
        "zero": b"[0 0 0 0]",
        "nan": b"[nan inf -inf 1e999]",
        "words": b"[/a (b) null true]",
        "short": b"[0 0]",
        "far": b"[-1e15 -1e15 1e15 1e15]",
    }.items():
        yield f"box-{name}.pdf", EITHER + "damaged|no text|size", one_page(box=box)
    yield "rotate-37.pdf", READ, one_page(page=b"/Contents 4 0 R/Rotate 37")
    yield "rotate-huge.pdf", READ, one_page(page=b"/Contents 4 0 R/Rotate 99999999990")
    composite = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    child = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    yield "font-without-unicode.pdf", "which characters", one_page(font=composite, more=(child,))
    widths = b"[" + b"99999999 -5 0 1e30 " * 64 + b"]"
    lying = b"<</Type/Font/Subtype/TrueType/BaseFont/Arial/FirstChar 0/LastChar 255/Widths %s>>" % widths
    yield "font-lies-on-widths.pdf", EITHER + "no text|damaged", one_page(font=lying)
    yield (
        "font-missing.pdf",
        EITHER + "no text|damaged",
        one_page(page=b"/Contents 4 0 R/X 1").replace(b"/Font<</F 5 0 R>>", b""),
    )
    yield (
        "font-of-itself.pdf",
        EITHER + "no text|damaged|nested",
        one_page(
            font=b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding 5 0 R/DescendantFonts[5 0 R]/ToUnicode 5 0 R>>"
        ),
    )
    cmap = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange"
    yield (
        "unicode-map-endless.pdf",
        EITHER + "no text|damaged|needs more|not read within",
        one_page(font=_FONT[:-2] + b"/ToUnicode 6 0 R>>", more=(stream(cmap),)),
    )
    yield "no-contents.pdf", "no text", one_page(page=b"")
    yield "contents-of-itself.pdf", EITHER + "no text|damaged|nested", one_page(b"[4 0 R 4 0 R]")
    yield (
        "contents-many.pdf",
        EITHER + "characters, more than|not read within|needs more",
        one_page(page=b"/Contents[" + b"4 0 R " * 20_000 + b"]"),
    )
    yield "unbalanced.pdf", READ, one_page(stream(b"q " * 50_000 + _TEXT + b" Q" * 99_000))
    yield (
        "operators-endless.pdf",
        EITHER + "not read within|needs more",
        one_page(stream(b"1 0 0 1 0 0 cm " * 400_000 + _TEXT)),
    )
    yield (
        "operands-endless.pdf",
        EITHER + "needs more|not read within|no text",
        one_page(stream(b"[" * 20_000 + b"1 " * 900_000 + _TEXT)),
    )
    yield (
        "inline-image-open.pdf",
        EITHER + "no text|damaged",
        one_page(stream(_TEXT + b" BI /W 9 /H 9 /BPC 8 /CS /G ID " + noise)),
    )
    yield (
        "length-huge.pdf",
        EITHER + "no text|damaged",
        one_page().replace(b"/Length 87", b"/Length 99999999999"),
    )
    yield "length-negative.pdf", EITHER + "no text|damaged", one_page().replace(b"/Length 87", b"/Length -95")
    yield (
        "length-of-itself.pdf",
        EITHER + "no text|damaged",
        one_page(b"<</Length 4 0 R>>stream\n" + _TEXT + b"\nendstream"),
    )
    picture = b"/Type/XObject/Subtype/Image/Width 50000/Height 50000/ColorSpace/DeviceGray/BitsPerComponent 8"
    yield (
        "image-50000.pdf",
        "image|needs more|not read within|no text|died",
        one_page(
            stream(b"q 500 0 0 800 0 0 cm /I Do Q"),
            resources=b"/XObject<</I 6 0 R>>",
            more=(stream(_squeezed(b"\xff", 50_000 * 50_000 // 50), picture + b"/Filter/FlateDecode"),),
        ),
    )
    yield "object-stream-of-itself.pdf", EITHER + "damaged|no pages", _object_stream()
    yield "xref-loop.pdf", EITHER + "damaged", _xref_loop()
    yield (
        "javascript.pdf",
        READ,
        one_page(
            catalogue=b"/OpenAction<</S/JavaScript/JS(while(true){})>>/AA<</WC<</S/Launch/F(/bin/sh)>>>>"
        ),
    )
    yield (
        "handler-unknown.pdf",
        EITHER + "password|damaged|security|encrypt",
        hand_made(
            [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", b"<</Filter/Foo/V 9/R 9>>"],
            b"/Encrypt 3 0 R/ID[<00><00>]",
        ),
    )


def _squeezed(unit: bytes, size: int) -> bytes:
    """About ``size`` bytes of the unit, deflated, never whole in memory."""
    squeeze = zlib.compressobj(1)
    block = unit * (1_000_000 // len(unit))
    return b"".join(squeeze.compress(block) for _ in range(size // len(block))) + squeeze.flush()


def _object_stream() -> bytes:
    body = stream(b"2 0 <</Type/Pages/Kids[]/Count 0>>", b"/Type/ObjStm/N 1/First 4/Extends 2 0 R")
    head = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    second = len(head)
    out = head + b"2 0 obj\n" + body + b"\nendobj\n"
    at = len(out)
    # objects 1 at its offset, 2 inside object stream 2, 3 this table
    rows = bytes([0, 0, 0, 255, 1, 0, 9, 0, 2, 0, 2, 0, 1, at >> 8, at & 255, 0])
    table = b"/Type/XRef/W[1 2 1]/Size 4/Root 1 0 R"
    assert second < 65536
    return out + b"3 0 obj\n" + stream(rows, table) + b"\nendobj\nstartxref\n%d\n%%%%EOF" % at


def _xref_loop() -> bytes:
    sound = one_page()
    at = sound.rindex(b"xref\n0 ")
    return sound.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % at)


_ENTITIES = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 12}">' for i in range(1, 12))
_JATS = "<article><front><article-meta><title-group><article-title>A</article-title></title-group></article-meta></front><body><p>%s</p></body></article>"


def _markup_kinds() -> Iterator[tuple[str, str, bytes]]:
    bomb = f'<?xml version="1.0"?><!DOCTYPE article [<!ENTITY e0 "isatuximab">{_ENTITIES}]>'
    yield "entity-bomb.xml", EITHER + ".", (bomb + _JATS % (WORDS + "&e11;")).encode()
    reach = '<?xml version="1.0"?><!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "entity-from-file.xml", EITHER + ".", (reach + _JATS % (WORDS + "&x;")).encode()
    far = '<?xml version="1.0"?><!DOCTYPE article SYSTEM "http://127.0.0.1:9/article.dtd">'
    yield "dtd-from-network.xml", EITHER + ".", (far + _JATS % WORDS).encode()
    yield "nested.xml", EITHER + ".", (_JATS % ("<sec>" * 60_000)).encode()
    yield "nested.html", EITHER + ".", b"<html><body>" + b"<div>" * 100_000 + WORDS.encode()
    yield "cut.xml", EITHER + ".", (_JATS % WORDS).encode()[:150]
    yield "junk.xml", EITHER + ".", random.Random(3).randbytes(4000)
    yield "script.html", EITHER + ".", f"<html><body><script>while(1);</script><p>{WORDS}</p>".encode()


def _owner(path: Path) -> None:
    with pikepdf.open(io.BytesIO(_sound())) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="", R=3, aes=False, metadata=False))


def _user(path: Path) -> None:
    with pikepdf.open(io.BytesIO(_sound())) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u", R=6))


def _embedded(path: Path) -> None:
    with pikepdf.open(io.BytesIO(_sound())) as pdf:
        for name in ("../../escaped.txt", "/tmp/escaped.txt", "x.exe"):
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, b"MZ" * 500, filename=name)
        pdf.save(path)


def _unreadable(path: Path) -> None:
    good(path)
    path.chmod(0)


def kinds() -> dict[str, tuple[str, Make]]:
    """File name → what becomes of it (a pattern for the reason, or ``READ``), and what makes it."""
    out: dict[str, tuple[str, Make]] = {}
    for name, outcome, data in (*_plain_kinds(), *_markup_kinds()):
        out[name] = (outcome, _bytes(data))
    out["password-owner.pdf"] = (READ, _owner)
    out["password-user.pdf"] = ("needs a password", _user)
    out["embedded-files.pdf"] = (READ, _embedded)
    out["pipe.pdf"] = ("not a regular file", os.mkfifo)
    out["link-to-nothing.pdf"] = ("no such file", lambda path: path.symlink_to("nowhere.pdf"))
    out["link-to-itself.pdf"] = ("no such file|cannot be opened", lambda path: path.symlink_to(path.name))
    out["link-to-device.pdf"] = ("not a regular file", lambda path: path.symlink_to("/dev/zero"))
    if os.geteuid() != 0:  # root reads everything
        out["unreadable.pdf"] = ("cannot be opened", _unreadable)
    return out
