"""XML and web pages that are broken, wrong or made to harm: each ends with its own reason, in its limits."""

from __future__ import annotations

from pathlib import Path

import markup_papers
import pytest

from isa_extract.errors import PaperError
from isa_extract.reading import Limits, Reader, find_papers, read
from isa_extract.reading.files import read_with
from isa_extract.reading.html import read_html
from isa_extract.reading.jats import read_jats

GOOD = "<article><front><article-meta/></front><body><p>ORR was 60%.</p></body></article>"
PAGE = "<html><head><meta charset='utf-8'></head><body><h1>T</h1><p>ORR was 60%.</p></body></html>"


@pytest.fixture(scope="module")
def reader() -> Reader:
    """One guarded child for all: none of these files may end it."""
    with Reader() as reader:
        yield reader  # type: ignore[misc]


def laughs(levels: int) -> bytes:
    declared = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, levels))
    return (
        f'<!DOCTYPE article [<!ENTITY a0 "lol">{declared}]>{GOOD.replace("60%", f"&a{levels - 1};")}'.encode()
    )


def outside(secret: str) -> bytes:
    return f'<!DOCTYPE article [<!ENTITY x SYSTEM "{secret}">]>{GOOD.replace("60%", "&x;")}'.encode()


def nested(tag: str, levels: int) -> bytes:
    return f"<article><body>{f'<{tag}>' * levels}x{f'</{tag}>' * levels}</body></article>".encode()


XML: dict[str, tuple[bytes, str]] = {
    "billion laughs": (laughs(10), "unfold without end"),
    "a million laughs": (laughs(7), "unfold without end"),
    "quadratic blow-up": (
        b'<!DOCTYPE article [<!ENTITY q "' + b"x" * 100_000 + b'">]><article><body><p>' + b"&q;" * 10_000 + b"</p></body></article>",
        "unfold without end",
    ),
    "quadratic blow-up in small": (
        b'<!DOCTYPE article [<!ENTITY q "' + b"x" * 20_000 + b'">]><article><body><p>' + b"&q;" * 100 + b"</p></body></article>",
        "unfold without end",
    ),
    "an entity of itself": (
        b'<!DOCTYPE article [<!ENTITY a "&b;"><!ENTITY b "&a;">]><article><body><p>&a;</p></body></article>',
        "unfold without end",
    ),
    "a file outside": (outside("file:///etc/passwd"), "in another file"),
    "an address outside": (outside("http://127.0.0.1:9/x"), "in another file"),
    "100,000 levels": (nested("sec", 100_000), "nested more than 256 deep"),
    "300 inline levels": (nested("italic", 300), "nested more than 256 deep"),
    "a text of 11 MB": (b"<article><body><p>" + b"x" * 11_000_000 + b"</p></body></article>", "too long"),
    "6 million characters": (
        b"<article><body>" + (b"<p>" + b"x" * 1_000_000 + b"</p>") * 6 + b"</body></article>",
        "more than 5,000,000 characters",
    ),
    "latin-1 as UTF-8": (b"<?xml version='1.0' encoding='UTF-8'?>" + GOOD.replace("ORR", "Réponse").encode("latin-1"), "not in the encoding"),
    "GB18030 undeclared": (GOOD.replace("ORR", "总缓解率").encode("gb18030"), "not in the encoding"),
    "an encoding that is none": (b"<?xml version='1.0' encoding='klingon'?>" + GOOD.encode(), "not in the encoding"),
    "an unknown entity": (GOOD.replace("60", "&nosuchthing;").encode(), "not declared (&nosuchthing;)"),
    "text": (b"Median PFS was 11.5 months.", "not XML"),
    "zeros": (bytes(2000), "not XML"),
    "a zip": (b"PK\x03\x04" + bytes(200), "not XML"),
    "tags crossed": (b"<article><body><p>ORR <b>60%</p></b></body></article>", "not well-formed"),
    "two roots": ((GOOD + GOOD).encode(), "not well-formed"),
    "another root": (b"<rss><channel><title>News</title></channel></rss>", "its root is <rss>"),
    "DocBook": (b'<article xmlns="http://docbook.org/ns/docbook"><para>x</para></article>', "its root is <article>"),
    "an empty set": (b'<pmc-articleset><Reply id="1" error="not found"/></pmc-articleset>', "no article in it"),
    "two articles": (f"<pmc-articleset>{GOOD}{GOOD}</pmc-articleset>".encode(), "more than one article"),
    "nothing said": (b"<article><front><article-meta/></front><body> <p/> </body></article>", "no text"),
    "a title alone": (b"<article><front><article-meta><title-group><article-title>T</article-title></title-group></article-meta></front></article>", "no text"),
    "a page": (PAGE.encode(), "HTML page that is named .xml"),
    "a page with a document type": (b"<!-- saved -->\n<!DOCTYPE html>" + PAGE.encode(), "HTML page that is named .xml"),
    "XHTML": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "HTML page that is named .xml"),
    "a PDF": (b"%PDF-1.7\n", "PDF that is named .xml"),
    "empty": (b"", "empty"),
}  # fmt: skip

HTML: dict[str, tuple[bytes, str]] = {
    "100,000 levels": (b"<div>" * 100_000 + b"x", "nested more than 256 deep"),
    "text": (b"Median PFS was 11.5 months.", "not an HTML page"),
    "zeros": (b"<p>" + bytes(2000), "NUL"),
    "nothing said": (b"<html><body><script>var x</script><img></body></html>", "no text"),
    "a menu": (b"<html><body><nav>Home</nav></body></html>", "no text"),
    "JATS": (
        GOOD.replace("<article>", "<!DOCTYPE article><article>").encode(),
        "JATS XML that is named .html",
    ),
    "JATS without a document type": (GOOD.encode(), "JATS XML that is named .html"),
    "a PDF": (b"%PDF-1.7\n", "PDF that is named .html"),
    "6 million characters": ((b"<p>" + b"x " * 500_000 + b"</p>") * 6, "more than 5,000,000 characters"),
    "empty": (b"", "empty"),
}


@pytest.mark.parametrize(("suffix", "kind"), [(".xml", k) for k in XML] + [(".html", k) for k in HTML])
def test_refused_with_its_reason(tmp_path: Path, reader: Reader, suffix: str, kind: str) -> None:
    data, reason = (XML if suffix == ".xml" else HTML)[kind]
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    with pytest.raises(PaperError) as caught:
        read_with(reader, path, "a")
    assert reason in caught.value.reason
    assert caught.value.remedy and str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_the_child_outlives_them(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.xml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_with(reader, path, "a").text == "ORR was 60%.\n"


@pytest.mark.parametrize("tenths", range(1, 10))
def test_truncated(tmp_path: Path, tenths: int) -> None:
    """Cut XML is refused, since nobody knows what is missing; a cut page is read as far as it goes."""
    for text, suffix, door in (
        (markup_papers.ENGLISH_JATS, ".xml", read_jats),
        (markup_papers.ENGLISH_HTML, ".html", read_html),
    ):
        path = tmp_path / f"a{suffix}"
        path.write_bytes(text.encode()[: len(text.encode()) * tenths // 10])
        if suffix == ".xml":
            with pytest.raises(PaperError, match=r"broken off|not well-formed"):
                door(path, "a")
        elif tenths > 4:
            assert "11.5 months" in door(path, "a").text


def test_limits_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(PaperError, match=r"not read within 0\.01 s"):
        read(path, "a", Limits(seconds=0.01))
    with pytest.raises(PaperError, match="MB, more than"):
        read(path, "a", Limits(file_bytes=10))


def test_nothing_outside_is_looked_at(tmp_path: Path) -> None:
    """Neither a parameter entity, nor an inclusion, nor a DTD brings in another file."""
    secret = tmp_path / "secret.txt"
    secret.write_text("<!ENTITY own 'SECRET'>", encoding="utf-8")
    uri = secret.as_uri()
    for n, start in enumerate(
        (
            f'<!DOCTYPE article SYSTEM "{uri}">',
            f'<!DOCTYPE article [<!ENTITY % p SYSTEM "{uri}"> %p;]>',
        )
    ):
        path = tmp_path / f"{n}.xml"
        included = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{uri}" parse="text"/>'
        path.write_text(start + GOOD.replace("60%", "60%" + included), encoding="utf-8")
        assert read_jats(path, "a").text == "ORR was 60%.\n"
        path.write_text(start + GOOD.replace("60%", "&own;"), encoding="utf-8")
        with pytest.raises(PaperError, match="not declared"):
            read_jats(path, "a")


CHINESE = "<html><head>{}</head><body><h1>标题</h1><p>中位PFS为11.5个月，≥3级。</p></body></html>"


@pytest.mark.parametrize(
    ("head", "encoding", "notices"),
    [
        ('<meta charset="utf-8">', "utf-8", ()),
        ("", "utf-8", ()),
        ("", "utf-8-sig", ()),
        ("", "utf-16", ()),
        ("", "gb18030", ()),
        ('<meta charset="gb2312">', "gb18030", ()),
        ("<meta http-equiv='Content-Type' content='text/html; charset=GBK'>", "gb18030", ()),
        ('<meta charset="big5">', "big5", ()),
        ('<meta charset="utf-8">', "gb18030", ("declares utf-8, read as gb18030",)),
        ('<meta charset="gb2312">', "utf-8", ()),
        ('<meta charset="klingon">', "utf-8", ("declares klingon, read as utf-8",)),
    ],
)
def test_encodings_of_pages(tmp_path: Path, head: str, encoding: str, notices: tuple[str, ...]) -> None:
    page = CHINESE.format(head)
    if encoding == "big5":
        page = (
            page.replace("标题", "標題")
            .replace("为", "為")
            .replace("个", "個")
            .replace("级", "級")
            .replace("≥", "≧")
        )
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(encoding))
    paper = read_html(path, "a")
    assert "中位PFS" in paper.text and "11.5" in paper.text and "月" in paper.text
    if head != '<meta charset="gb2312">' or encoding != "utf-8":
        assert paper.notices == notices


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "utf-8-sig", "big5hkscs"])
def test_encodings_of_xml(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xml"
    name = {"utf-8-sig": "utf-8", "big5hkscs": "big5-hkscs"}.get(encoding, encoding)
    path.write_bytes(f'<?xml version="1.0" encoding="{name}"?>{GOOD.replace("ORR", "中位")}'.encode(encoding))
    assert read_jats(path, "a").text == "中位 was 60%.\n"


def test_papers_of_all_kinds_are_found(tmp_path: Path) -> None:
    """Not the pieces that a browser saves beside a page; twins keep their suffixes."""
    for name in ("a.pdf", "a.xml", "b.NXML", "c.htm", "d.html", "d_files/ad.html", "e_files/f.html", "g.svg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    folder = tmp_path.name
    assert [doc for _, doc in find_papers([tmp_path])] == [f"{folder}/a.pdf", f"{folder}/a.xml", *"bcdf"]


@pytest.mark.growth
@pytest.mark.parametrize("form", ["paragraphs", "inline", "cells", "breaks", "open tags"])
def test_time_grows_with_length_alone(tmp_path: Path, form: str) -> None:
    import time

    def seconds(n: int) -> float:
        inner = {
            "paragraphs": "<p>ORR was 60%.</p>" * n,
            "inline": "<p>" + "<i>a</i> " * n + "</p>",
            "cells": "<table>"
            + '<tr><td rowspan="9">1</td><td colspan="50">2</td></tr>' * (n // 4)
            + "</table>",
            "breaks": "<p>" + "a<br/><br/>" * n + "</p>",
            "open tags": "<div><p>x</p></div>" * n,
        }[form]
        path = tmp_path / "a.html"
        path.write_text(f"<html><body><h1>T</h1><p>Text.</p>{inner}</body></html>", encoding="utf-8")
        times = []
        for _ in range(3):
            start = time.perf_counter()
            read_html(path, "a")
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds(16_000) < 10 * seconds(4_000)
