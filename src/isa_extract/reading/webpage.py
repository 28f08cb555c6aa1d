"""A web page's bytes become a tree in which only the article is left."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from isa_extract.errors import PaperError
from isa_extract.reading.inline import Element, name

_HEAD_REACH = 4096  # bytes in which a page must name its encoding; browsers look at 1024
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|^\s*<\?xml[^>]*?encoding=["']([\w.:-]+)""", re.I
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# as browsers take these names (WHATWG Encoding Standard): each means its superset
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "utf-16": "utf-8", "utf-16le": "utf-8",
    "utf-16be": "utf-8", "utf8": "utf-8", "big5": "big5hkscs",
}  # fmt: skip
_TAG = re.compile(r"<(?:!doctype\s+html|/?[a-z][a-z0-9]*[\s>/])", re.IGNORECASE)

_NEVER_TEXT = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video",
    "button", "select", "textarea", "input", "form", "nav", "aside", "dialog", "menu", "head",
)  # fmt: skip
_ROLES = {
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "complementary",
    "dialog",
    "alertdialog",
    "alert",
    "menu",
}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader-text|d-none|hidden|noprint)(?:\s|$)"
)
_CONTAINERS = {"div", "section", "header", "footer", "ul", "ol", "dl", "figure", "p", "span", "table"}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FURNITURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|cookies?|gdpr|shar(?:e|ing)|social|addthis|adverts?"
    r"|advertisement|ads?|sidebar|popup|modal|tooltip|login|sign-?in|subscribe|newsletter|toolbar|pagination"
    r"|altmetrics?|toc|site-header|site-footer|page-footer|footer)(?:$|[\s_-])"
    r"|(?:^|\s)(?:related|recommend(?:ed|ations?)|similar|cited-?by|usa-banner|skip|promo|permalink)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_ID = re.compile(
    r"^(?:nav|navbar|navigation|menu|breadcrumbs?|cookies?|sidebar|footer|modal|toolbar|login|popup)(?:$|[_-])",
    re.IGNORECASE,
)
_FURNITURE_SHARE = 0.3  # of the page's text; what holds more is the paper, whatever it is called
_LINK_SHARE = 0.8  # of a list's text that is in links to elsewhere, from which it is a menu
_ARTICLE_SHARE = 0.5  # of the page's text, from which an <article> or <main> is the paper


def decoded(data: bytes, source: str) -> tuple[str, list[str]]:
    """The page's characters, and a notice where its encoding was not as it says.

    Raises:
        PaperError: if it is no text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), []
    if b"\0" in data:
        raise PaperError(source, "not an HTML page (it holds NUL bytes)", "save the page again, as UTF-8")
    match = _CHARSET.search(data[:_HEAD_REACH])
    declared = (match[1] or match[2]).decode("ascii", "replace").lower() if match else ""
    told = _MEANT.get(declared, declared)
    for encoding in (told, "utf-8", "gb18030"):
        try:
            text = data.decode(encoding) if encoding else None
        except (UnicodeDecodeError, LookupError):
            continue
        if text is not None:
            wrong = declared and encoding != told
            return text, [f"declares {declared}, read as {encoding}"] if wrong else []
    try:
        lost = data.decode(told or "utf-8", "replace")
    except LookupError:
        lost = data.decode("utf-8", "replace")
    return lost, [f"{lost.count(chr(0xFFFD))} character(s) not in the page's encoding"]


def parse_html(text: str, source: str) -> Element:
    """The tree of a page.

    Raises:
        PaperError: if it is no HTML or nested too deeply.
    """
    if not _TAG.search(text):
        raise PaperError(source, "not an HTML page (no tags in it)", "if it is plain text, rename it to .txt")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    for entry in parser.error_log:
        # libxml2 leaves out what is deeper and goes on as if nothing were
        if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            what = "nested more than 256 deep" if "depth" in entry.message else "too long"
            raise PaperError(source, f"elements {what}", "save the page again, or give the PDF")
    if root is None:
        raise PaperError(source, "no text in it", "save the page again once it has loaded")
    return root


def article_of(root: Element) -> Element:
    """The element that holds the paper, cleared of all that is not its text (the tree is changed)."""
    _drop(root, [e for e in root.iter() if name(e) in _NEVER_TEXT or _is_hidden(e)])
    lengths = text_lengths(root)
    whole = max(1, lengths[root])
    _drop(root, [e for e in root.iter() if _is_furniture(e) and lengths[e] <= _FURNITURE_SHARE * whole])
    _drop(root, [e for e in root.iter() if name(e) in ("ul", "ol") and _is_menu(e)])
    lengths = text_lengths(root)
    whole = lengths[root]
    chosen = root
    for element in root.iter():
        marked = name(element) in ("article", "main") or element.get("role") in ("main", "article")
        if (marked or element.get("itemprop") == "articleBody") and lengths[
            element
        ] >= _ARTICLE_SHARE * whole:
            titled = any(name(e) == "h1" for e in element.iter())
            if titled or not any(name(e) == "h1" for e in chosen.iter()):
                chosen = element
    return chosen


def text_lengths(root: Element) -> dict[Element, int]:
    """Characters of text inside each element, white space not counted."""
    lengths: dict[Element, int] = {}
    for element in reversed(list(root.iter())):
        own = len("".join((element.text or "").split())) if name(element) else 0
        inner = sum(lengths[child] + len("".join((child.tail or "").split())) for child in element)
        lengths[element] = own + inner
    return lengths


def _drop(root: Element, elements: list[Element]) -> None:
    """Take the elements out; what follows them stays."""
    for element in elements:
        parent = element.getparent()
        if parent is None or element is root or name(element) in ("html", "body"):
            continue
        before = element.getprevious()
        if element.tail:
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
        parent.remove(element)


def _is_hidden(element: Element) -> bool:
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or _HIDDEN_STYLE.search(element.get("style") or "") is not None
        or _HIDDEN_CLASS.search(element.get("class") or "") is not None
    )


def _is_furniture(element: Element) -> bool:
    tag = name(element)
    if (element.get("role") or "").lower() in _ROLES:
        return True
    if tag in ("header", "footer") and not any(name(e) == "h1" for e in element.iter()):
        return tag == "footer" or not any(name(a) in ("article", "main") for a in element.iterancestors())
    if tag not in _CONTAINERS or any(name(e) in ("h1", "td") for e in element.iter("{*}h1", "{*}td")):
        return False
    named = _CAMEL.sub("-", element.get("class") or "")
    return bool(
        _FURNITURE_CLASS.search(named) or _FURNITURE_ID.search(_CAMEL.sub("-", element.get("id") or ""))
    )


def _is_menu(element: Element) -> bool:
    """A list whose words are all links, none of them to the page's own references."""
    linked = sum(len("".join(_text(a).split())) for a in element.iter() if name(a) == "a")
    whole = len("".join(_text(element).split()))
    return whole > 0 and linked >= _LINK_SHARE * whole


def _text(element: Element) -> str:
    return "".join(_texts(element))


def _texts(element: Element) -> Iterator[str]:
    return (str(text) for text in element.itertext())
