"""JATS XML, the form in which PubMed Central gives papers, becomes a ``Paper``.

The Journal Article Tag Suite (ANSI/NISO Z39.96) names what a PDF only shows: sections, captions, tables,
citations. Every tag set of it is read (archiving, publishing, authoring) and its forerunner, the NLM DTD.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from isa_extract.errors import PaperError
from isa_extract.reading.inline import (
    BREAK,
    Element,
    Inline,
    Piece,
    clean,
    lines_of,
    name,
    one_line,
    spaced,
    words,
)
from isa_extract.reading.markup import paper
from isa_extract.reading.markup_tables import cells_of
from isa_extract.reading.parts import GridPart, Part
from isa_extract.reading.xml import Entities, parse_xml
from isa_extract.records import Paper

_NO_TEXT = {
    "graphic", "inline-graphic", "media", "object-id", "alt-text", "long-desc", "permissions", "private-char",
    "processing-meta", "sec-meta", "fn", "index-term",
}  # fmt: skip
_APART = {
    "p", "title", "list", "list-item", "def-item", "disp-quote", "disp-formula", "verse-line", "sec", "fn",
    "attrib", "tr", "subtitle",
}  # fmt: skip
_FLOATS = {
    "fig", "fig-group", "table-wrap", "table-wrap-group", "boxed-text", "supplementary-material", "fn",
    "chem-struct-wrap",
}  # fmt: skip
_BLOCKS = _FLOATS | {
    "sec", "p", "title", "list", "list-item", "def-list", "def-item", "disp-quote", "speech", "statement",
    "verse-group", "preformat", "fn-group", "ref-list", "ref", "ack", "app", "app-group", "glossary", "notes",
    "bio", "array", "table", "floats-group",
}  # fmt: skip
_BACK = {"ack", "fn-group", "glossary", "notes", "bio", "sec"}
_OF_EXHIBITS = {"caption", "table", "table-wrap-foot", "alternatives", "array"}
_NOTE_LINKS = {"fn", "table-fn", "author-notes", "corresp", "aff"}
_PICTURES = {"inline-graphic", "private-char"}


def read_jats(path: Path, doc_id: str) -> Paper:
    """Read a JATS file with one article in it.

    Raises:
        PaperError: if it is not XML, not JATS, or holds no text or several articles.
    """
    data = path.read_bytes()
    source = str(path)
    root = parse_xml(data, source)
    article = _article(root, source)
    walk = _Walk(Entities(root, source))
    parts = list(walk.article(article))
    return paper(parts, doc_id, source, data, _notices(article, walk), in_body=True)


def _article(root: Element, source: str) -> Element:
    """The one article in the file, whatever it is wrapped in."""
    if name(root) == "html":
        raise PaperError(source, "an HTML page that is named .xml", "rename it to .html")
    found: list[Element] = []
    for element in root.iter():
        if name(element) == "article" and {name(c) for c in element} & {"front", "body"}:
            if len(found) == 1:
                raise PaperError(
                    source, "more than one article in it", "save each article as a file of its own"
                )
            found.append(element)
    if not found and name(root) == "pmc-articleset":
        raise PaperError(
            source, "PubMed Central's answer has no article in it", "check the id and fetch it again"
        )
    if not found:
        raise PaperError(
            source, f"XML, but no JATS article: its root is <{name(root)[:60]}>", "give the PDF or UTF-8 text"
        )
    return found[0]


def _notices(article: Element, walk: _Walk) -> list[str]:
    notices = list(walk.notices)
    body = next((child for child in article if name(child) == "body"), None)
    if body is None or not words(list(walk.inline.inside(body))):
        notices.append("no full text in the file: only what stands before it was read")
    others = sum(name(child) in ("sub-article", "response") for child in article)
    if others:
        notices.append(f"{others} sub-article(s) or response(s) not read")
    pictures = sum(
        name(e) in _PICTURES and not any(name(a) == "alternatives" for a in e.iterancestors())
        for e in article.iter()
    )
    if pictures:
        notices.append(f"{pictures} character(s) or formula(s) set as pictures not read")
    return notices


class _Walk:
    """Goes through one article; ``notices`` are the tables that could not be read."""

    def __init__(self, entities: Entities) -> None:
        self.entities = entities
        self.notices: list[str] = []
        self.inline = Inline(lambda e: name(e) in _NO_TEXT, _APART, _cites, entities, _notes)
        self.holding: set[Element] = set()

    def article(self, article: Element) -> Iterator[Part | GridPart]:
        """The parts of an article, in order."""
        for element in article.iter():
            if name(element) in _BLOCKS:
                while element is not None and element not in self.holding:
                    self.holding.add(element)
                    element = element.getparent()
        for child in article:
            if name(child) == "front":
                yield from self._front(child)
            elif name(child) in ("body", "floats-group"):
                yield from self.flow(child, "")
            elif name(child) == "back":
                yield from self._back(child)

    def _front(self, front: Element) -> Iterator[Part | GridPart]:
        for meta in (m for m in front if name(m) == "article-meta"):
            for child in meta:
                tag = name(child)
                if tag == "title-group":
                    yield from self._titles(child)
                elif tag in ("contrib-group", "aff"):
                    yield Part("paragraph", ((spaced(child), False),), "front")
                elif tag in ("abstract", "trans-abstract"):
                    yield from self.flow(child, "abstract")
                elif tag == "kwd-group":
                    yield from self._keywords(child)
                elif tag in ("author-notes", "funding-group"):
                    yield Part("footnote", ((spaced(child), False),), "back")

    def _titles(self, group: Element) -> Iterator[Part]:
        for element in group.iter():
            tag = name(element)
            if tag in ("article-title", "trans-title"):
                subtitle = "trans-subtitle" if tag == "trans-title" else "subtitle"
                pieces = list(self.inline.inside(element))
                parent = element.getparent()
                for under in (c for c in (parent if parent is not None else ()) if name(c) == subtitle):
                    pieces += [(": ", False), *self.inline.inside(under)]
                if tag == "article-title":
                    yield Part("title", tuple(one_line(pieces)))
                else:
                    yield Part("heading", tuple(one_line(pieces)), "front")

    def _keywords(self, group: Element) -> Iterator[Part]:
        head = [spaced(c).rstrip(":：") for c in group if name(c) in ("title", "label")]
        told = [words(one_line(self.inline.inside(c))) for c in group if name(c) not in ("title", "label")]
        if any(told):
            said = (f"{head[0]}: " if head else "") + "; ".join(filter(None, told))
            yield Part("paragraph", ((said, False),), "front")

    def _back(self, back: Element) -> Iterator[Part | GridPart]:
        for child in back:
            tag = name(child)
            if tag in ("app-group", "app"):
                yield from self.flow(child, "")
            elif tag == "ref-list":
                yield from self.block(child, "references")
            elif tag:
                yield from self.block(child, "back")

    def flow(self, element: Element, section: str, lead: tuple[Piece, ...] = ()) -> Iterator[Part | GridPart]:
        """An element's children in order; what floats beside a paragraph comes after it."""
        held: list[Piece] = [*lead, (clean(element.text), False)]
        floats: list[Element] = []
        for child in element:
            if name(child) in _FLOATS and name(element) == "p":
                floats.append(child)
            elif child in self.holding:
                if name(child) == "p" and held[: len(lead)] == list(lead) and not words(held[len(lead) :]):
                    yield from self.flow(child, section, lead)
                else:
                    yield Part("paragraph", tuple(held), section)
                    yield from self.block(child, section)
                held, lead = [], ()
            elif name(child) != "label":
                held += self.inline.of(child)
            held.append((clean(child.tail), False))
        yield Part("paragraph", tuple(held), section)
        for beside in floats:
            yield from self.block(beside, section)

    def block(self, element: Element, section: str) -> Iterator[Part | GridPart]:
        """One element that stands by itself."""
        tag = name(element)
        if tag == "title":
            pieces = one_line([*_label(element.getparent(), self.inline), *self.inline.inside(element)])
            yield Part("heading", tuple(pieces), section, _depth(element))
        elif tag == "fig":
            yield from (Part("caption", tuple(line), section) for line in self._caption(element))
            yield from self._within(element, section)
        elif tag in ("table-wrap", "array", "table"):
            yield from self._tables(element, section)
        elif tag == "fn":
            yield Part("footnote", tuple(self._noted(element)), section or "back")
        elif tag == "ref":
            yield Part("reference", tuple(self._reference(element)), "references")
        elif tag == "ref-list":
            yield from self.flow(element, "references")
        elif tag == "def-item":
            yield Part("paragraph", tuple(one_line(self.inline.inside(element))), section)
        elif tag == "list-item":
            lead = _label(element, self.inline)
            yield from self.flow(element, section, tuple(lead))
        elif tag in ("supplementary-material", *_BACK - {"sec"}):
            yield from self.flow(element, section or "back")
        else:
            yield from self.flow(element, section)

    def _caption(self, element: Element) -> list[list[Piece]]:
        """Label and title on one line, the paragraphs of the caption on lines of their own."""
        lines: list[list[Piece]] = []
        for child in element:
            if name(child) == "caption":
                lines += [line for line in lines_of(self.inline.inside(child)) if line]
        label = _label(element, self.inline)
        return [[*label, *lines[0]], *lines[1:]] if lines else [label] if label else []

    def _tables(self, wrap: Element, section: str) -> Iterator[Part | GridPart]:
        bodies = [wrap] if name(wrap) == "table" else _outermost(wrap, "table")
        told = [cells for table in bodies if (cells := cells_of(table, self.inline))]
        caption = self._caption(wrap)
        notes = [
            line
            for foot in wrap
            if name(foot) == "table-wrap-foot"
            for child in foot
            for line in ([one_line(self._noted(child))] if name(child) == "fn" else self._lines(child))
        ]
        if told:
            yield GridPart(tuple(told), tuple(map(tuple, caption)), tuple(map(tuple, notes)))
            yield from self._within(wrap, section)
            return
        yield from (Part("caption", tuple(line), section) for line in caption)
        yield from (Part("footnote", tuple(line), section) for line in notes)
        yield from self._within(wrap, section)
        if name(wrap) == "table-wrap":
            called = words(_label(wrap, self.inline)) or "a table"
            self.notices.append(f"{called}: only an image or in a form that is not read")

    def _within(self, element: Element, section: str) -> Iterator[Part | GridPart]:
        """What a figure or table holds beside its caption and cells: figures of its own, paragraphs."""
        for child in element:
            if child in self.holding and name(child) not in _OF_EXHIBITS:
                yield from self.block(child, section)

    def _lines(self, element: Element) -> list[list[Piece]]:
        return [line for line in lines_of(self.inline.inside(element)) if line]

    def _noted(self, fn: Element) -> list[Piece]:
        """A footnote: its mark and its paragraphs."""
        pieces: list[Piece] = _label(fn, self.inline)
        for child in fn:
            if name(child) != "label":
                pieces += [BREAK, *self.inline.inside(child)]
        return one_line(pieces)

    def _reference(self, ref: Element) -> list[Piece]:
        pieces = _label(ref, self.inline)
        for child in ref:
            if name(child) == "mixed-citation" or name(child) == "citation":
                pieces += [*one_line(self.inline.inside(child)), (" ", False)]
            elif name(child) != "label":
                pieces.append((spaced(child) + " ", False))
        return pieces


def _label(element: Element | None, inline: Inline) -> list[Piece]:
    """The element's number or mark, with a space behind it."""
    for child in element if element is not None else ():
        if name(child) == "label" and (held := one_line(inline.inside(child))):
            return [*held, (" ", False)]
    return []


def _depth(element: Element) -> int:
    """How deep a title's section is nested, from 1."""
    return max(1, sum(name(above) in ("sec", "boxed-text", "app") for above in element.iterancestors()))


def _outermost(element: Element, tag: str) -> Iterator[Element]:
    for child in element:
        if name(child) == tag:
            yield child
        elif name(child):
            yield from _outermost(child, tag)


def _notes(element: Element) -> bool:
    return name(element) == "xref" and element.get("ref-type") in _NOTE_LINKS


def _cites(element: Element) -> bool:
    return name(element) == "xref" and element.get("ref-type") == "bibr"
