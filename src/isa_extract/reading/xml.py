"""XML parsed with entities, DTDs and the network off. Runs in the guard's child."""

from __future__ import annotations

import html
import re
from html.entities import html5

from lxml import etree  # type: ignore[import-untyped]

from isa_extract.errors import PaperError
from isa_extract.reading.inline import Element

_MOST_EXPANDED = 1_000_000  # characters that all entity references of a paper may unfold to
_DEEPEST = 8  # entities within entities
_REFERENCE = re.compile(r"&([A-Za-z_][\w.:-]*);")
_MARKUP = re.compile(r"<[^<>]*>")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+[\w:.-]+(?=\s*[\[>])")
_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?")
_UNREAD_DTD = b' SYSTEM "unread.dtd"'
"""With a DTD that is not loaded, an entity that the file does not declare is no error to libxml2."""

_SPOILT = "fetch it again or give the PDF"


def parse_xml(data: bytes, source: str) -> Element:
    """The root element; references to entities stay in the tree, none is followed.

    Raises:
        PaperError: if it is not well-formed, not in the encoding it declares, or larger than XML may be.
    """
    try:
        return _root(data)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_UNDECLARED_ENTITY:
            try:
                return _root(_with_unread_dtd(data))
            except etree.XMLSyntaxError as second:
                error = second
        raise _refusal(error, source) from None


def _root(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, parser)


def _with_unread_dtd(data: bytes) -> bytes:
    doctype = _DOCTYPE.search(data)
    if doctype:
        return data[: doctype.end()] + _UNREAD_DTD + data[doctype.end() :]
    if b"<!DOCTYPE" in data:
        return data
    declaration = _DECLARATION.match(data)
    at = declaration.end() if declaration else 0
    return data[:at] + b"<!DOCTYPE article" + _UNREAD_DTD + b">" + data[at:]


def _refusal(error: etree.XMLSyntaxError, source: str) -> PaperError:
    kinds = etree.ErrorTypes
    line = f"line {error.lineno}"
    said = " ".join(str(error.msg).split())[:160]
    if error.code == kinds.ERR_RESOURCE_LIMIT or "use XML_PARSE_HUGE" in said:
        if "depth" in said:
            return PaperError(source, "elements nested more than 256 deep", _SPOILT)
        if "amplification" in said:
            return PaperError(source, "entities that unfold without end", "do not trust it; " + _SPOILT)
        return PaperError(source, f"a text, name or attribute that is too long ({line})", _SPOILT)
    if error.code == kinds.ERR_ENTITY_LOOP:
        return PaperError(source, "entities that unfold without end", "do not trust it; " + _SPOILT)
    if error.code in (kinds.ERR_INVALID_ENCODING, kinds.ERR_UNSUPPORTED_ENCODING, kinds.ERR_INVALID_CHAR):
        return PaperError(source, f"not in the encoding that it declares ({said})", "save it as UTF-8")
    if error.code in (kinds.ERR_UNDECLARED_ENTITY, kinds.WAR_UNDECLARED_ENTITY):
        return PaperError(source, f"an entity that is not declared ({said})", "write the character itself")
    if error.code in (kinds.ERR_TAG_NOT_FINISHED, kinds.ERR_GT_REQUIRED):
        return PaperError(source, f"broken off or not closed ({said})", _SPOILT)
    if error.code == kinds.ERR_DOCUMENT_EMPTY:
        return PaperError(source, "not XML (it does not begin with a tag)", _SPOILT)
    return PaperError(source, f"not well-formed XML ({said})", _SPOILT)


class Entities:
    """What the entity references of one document stand for.

    Characters by their ISO and HTML names are known; entities that the file itself declares are unfolded
    within limits, their markup left out; those in other files are refused.
    """

    def __init__(self, root: Element, source: str) -> None:
        self.source = source
        self.own: dict[str, str | None] = {}
        self._told: dict[str, str] = {}
        self._spent = 0
        dtd = root.getroottree().docinfo.internalDTD
        for declared in dtd.iterentities() if dtd is not None else ():
            self.own.setdefault(declared.name, declared.content)

    def __call__(self, name: str) -> str:
        """The text behind ``&name;``.

        Raises:
            PaperError: if it is in another file, unknown, or more than a paper can be.
        """
        if name not in self._told:
            self._told[name] = self._unfolded(name, 0)
        text = self._told[name]
        self._spend(len(text))
        return text

    def _spend(self, count: int) -> None:
        self._spent += count
        if self._spent > _MOST_EXPANDED:
            raise PaperError(self.source, "entities that unfold without end", "do not trust it; " + _SPOILT)

    def _unfolded(self, name: str, depth: int) -> str:
        if name not in self.own:
            if f"{name};" not in html5:
                raise PaperError(
                    self.source, f"an entity that is not declared (&{name};)", "write the character itself"
                )
            return html5[f"{name};"]
        content = self.own[name]
        if content is None:
            raise PaperError(
                self.source, f"a part of it is in another file (entity &{name};)", "save it as one file"
            )
        if depth > _DEEPEST:
            raise PaperError(self.source, "entities that unfold without end", "do not trust it; " + _SPOILT)
        parts: list[str] = []
        at = 0
        for match in _REFERENCE.finditer(content):
            parts.append(html.unescape(_MARKUP.sub("", content[at : match.start()])))
            parts.append(self._unfolded(match[1], depth + 1))
            self._spend(len(parts[-1]))
            at = match.end()
        parts.append(html.unescape(_MARKUP.sub("", content[at:])))
        return "".join(parts)
