"""HTML, as journals and PubMed Central show a paper in a browser, becomes a ``Paper``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from isa_extract.errors import PaperError
from isa_extract.reading import headings
from isa_extract.reading.inline import Element, Inline, Piece, clean, lines_of, name, one_line, words
from isa_extract.reading.markup import paper
from isa_extract.reading.markup_tables import cells_of, rows_of
from isa_extract.reading.parts import GridPart, Part
from isa_extract.reading.webpage import article_of, decoded, parse_html, text_lengths
from isa_extract.records import Paper

_HEADINGS = {f"h{i}": i for i in range(1, 7)}
_LINES = {
    "p",
    "li",
    "dt",
    "dd",
    "div",
    "tr",
    "caption",
    "figcaption",
    "blockquote",
    "pre",
    "summary",
    *_HEADINGS,
}
_BLOCKS = _LINES | {
    "html", "body", "article", "main", "section", "header", "footer", "figure", "table", "ul", "ol", "dl",
    "address", "details", "hr", "center", "fieldset", "hgroup",
}  # fmt: skip
_CITED = re.compile(
    r"#(?:.{0,80}?[^a-z])?(?:ref|refs|references?|bib|bibr|cite?|citation|cr|rf|b|r)[-_.]?\d", re.IGNORECASE
)
_REFERENCES = re.compile(
    r"(?:^|[\s_-])(?:references|(?:reference|ref|citation)-?list|bibliography)(?:$|[\s_-])", re.IGNORECASE
)
_ABSTRACT = re.compile(r"(?:^|[\s_-])abstracts?(?:$|[\s_-]|\d)", re.IGNORECASE)
_TABLE_WRAP = re.compile(r"(?:^|[\s_-])(?:tables?|tbl|tw|t\d+)(?:$|[\s_-]|\d|wrap)", re.IGNORECASE)
_BUTTON = re.compile(
    r"open in (?:a )?new (?:tab|window)|view (?:large|full)\w*(?: \w+){0,3}|download (?:figure|image|table|as)[\w ]*",
    re.IGNORECASE,
)
_ABOUT_TABLE = 1500  # characters of caption and notes round a table
_MOST_REFERENCES = 0.8  # of the page's text; what is called 'references' and holds more is the page
_MOST_ABSTRACT = 0.5


def read_html(path: Path, doc_id: str) -> Paper:
    """Read a saved web page.

    Raises:
        PaperError: if it is no HTML, is JATS, or holds no text.
    """
    data = path.read_bytes()
    source = str(path)
    text, notices = decoded(data, source)
    root = parse_html(text, source)
    if any(name(e) in ("article-meta", "pmc-articleset") for e in root.iter()):
        raise PaperError(source, "JATS XML that is named .html", "rename it to .xml")
    named = next((e.get("content") or "" for e in root.iter("meta") if _is_title(e)), "")
    parts = list(_Walk(article_of(root)).parts())
    return paper(_from_title(parts, named), doc_id, source, data, notices)


def _is_title(meta: Element) -> bool:
    return (meta.get("name") or "").lower() in ("citation_title", "dc.title")


def _from_title(parts: Sequence[Part | GridPart], named: str) -> list[Part | GridPart]:
    """The parts from the paper's title on; another first heading than the paper's is the site's."""
    tops = [i for i, p in enumerate(parts) if isinstance(p, Part) and p.kind == "heading" and p.level == 1]
    called = headings.squeezed(clean(named)).lower()
    same = [i for i in tops if headings.squeezed(words(one_line(parts[i].pieces))).lower() == called]  # type: ignore[union-attr]
    if not tops and not called:
        return list(parts)
    if not tops:
        return [Part("title", ((clean(named), False),)), *parts]
    at = (same or tops)[0]
    title = parts[at]
    assert isinstance(title, Part)
    return [Part("title", title.pieces), *parts[at + 1 :]]


class _Walk:
    """Goes through the element that holds the paper."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.inline = Inline(lambda e: False, _LINES, _cites)
        self.lengths = text_lengths(root)
        self.whole = max(1, self.lengths[root])
        self.holding: set[Element] = set()
        self.tables: dict[Element, int] = {}  # how many data tables each element holds
        for element in root.iter():
            if name(element) in _BLOCKS:
                self._mark(element)
            if name(element) == "table" and _is_data(element):
                for holder in (element, *element.iterancestors()):
                    self.tables[holder] = self.tables.get(holder, 0) + 1

    def _mark(self, element: Element | None) -> None:
        while element is not None and element not in self.holding:
            self.holding.add(element)
            element = element.getparent()

    def parts(self) -> Iterator[Part | GridPart]:
        """The parts of the paper, captions and notes with their tables."""
        yield from _with_captions(list(self.flow(self.root, "")))

    def flow(self, element: Element, section: str) -> Iterator[Part | GridPart]:
        """An element's children in order."""
        held: list[Piece] = [(clean(element.text), False)]
        for child in element:
            if child in self.holding:
                yield from _told(held, section)
                held = []
                yield from self.block(child, section)
            else:
                held += self.inline.of(child)
            held.append((clean(child.tail), False))
        yield from _told(held, section, bold=_is_bold(element))

    def block(self, element: Element, section: str) -> Iterator[Part | GridPart]:
        """One element that stands by itself, or holds some that do."""
        tag = name(element)
        section = section or self._section(element)
        if tag in _HEADINGS:
            pieces = one_line(self.inline.inside(element))
            if words(pieces):
                yield Part("heading", tuple(pieces), section, _HEADINGS[tag])
        elif tag == "table" and _is_data(element):
            caption = [c for c in element if name(c) == "caption"]
            lines = [tuple(x) for c in caption for x in lines_of(self.inline.inside(c)) if x]
            yield GridPart((cells_of(element, self.inline),), tuple(lines))
        elif self.tables.get(element) == 1 and self._wraps_table(element):
            yield _gathered(list(self.flow(element, section)))
        elif tag == "figcaption":
            yield Part("caption", tuple(one_line(self.inline.inside(element))), section)
        elif tag == "caption":
            yield from _told(list(self.inline.inside(element)), section)
        else:
            yield from self.flow(element, section)

    def _section(self, element: Element) -> str:
        """The section that an element's name gives all inside it."""
        if name(element) not in ("section", "div", "ol", "ul", "article"):
            return ""
        called = " ".join(element.get(a) or "" for a in ("class", "id", "role", "data-title"))
        share = self.lengths[element] / self.whole
        if _REFERENCES.search(called) and share <= _MOST_REFERENCES:
            return "references"
        if _ABSTRACT.search(called) and share <= _MOST_ABSTRACT:
            return "abstract"
        return ""

    def _wraps_table(self, element: Element) -> bool:
        """Whether an element is a table with its caption and notes and nothing else."""
        tag = name(element)
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if tag != "figure" and not (tag in ("div", "section") and _TABLE_WRAP.search(named)):
            return False
        if any(name(e) in ("h1", "h2") for e in element.iter()):
            return False
        inside = sum(self.lengths[e] for e in element.iter() if name(e) == "table" and _is_data(e))
        return self.lengths[element] - inside <= _ABOUT_TABLE


def _told(held: Sequence[Piece], section: str, *, bold: bool = False) -> Iterator[Part]:
    said = words(one_line(held))
    if not said or _BUTTON.fullmatch(said):
        return
    if bold and len(said) <= 60 and not headings.ends_sentence(said):
        yield Part("heading", tuple(held), section, 4)
    else:
        yield Part("caption" if headings.is_caption(said) else "paragraph", tuple(held), section)


def _is_bold(element: Element) -> bool:
    """Whether a paragraph is set in bold throughout, as headings are that are not marked as such."""
    if name(element) not in ("p", "div") or (element.text or "").strip():
        return False
    children = list(element)
    return bool(children) and all(
        name(c) in ("b", "strong", "br") and not (c.tail or "").strip() for c in children
    )


def _is_data(table: Element) -> bool:
    """Whether a table holds data: two rows and columns at least, no other table, no headings inside."""
    rows = rows_of(table)
    wide = max((sum(name(c) in ("td", "th") for c in row) for row in rows), default=0)
    inner = any(e is not table and name(e) in ("table", *_HEADINGS) for e in table.iter())
    return len(rows) >= 2 and wide >= 2 and not inner


def _gathered(parts: Sequence[Part | GridPart]) -> GridPart:
    """One table with what stands above it as caption and what stands below as notes."""
    at = next(i for i, part in enumerate(parts) if isinstance(part, GridPart))
    grid = parts[at]
    assert isinstance(grid, GridPart)
    above = [tuple(one_line(p.pieces)) for p in parts[:at] if isinstance(p, Part)]
    below = [tuple(one_line(p.pieces)) for p in parts[at + 1 :] if isinstance(p, Part)]
    return GridPart(grid.tables, (*above, *grid.caption), (*grid.notes, *below))


def _with_captions(parts: Sequence[Part | GridPart]) -> list[Part | GridPart]:
    """Paragraphs right above a table that read as its caption, and below as its notes, go with it."""
    out: list[Part | GridPart] = []
    for part in parts:
        last = out[-1] if out else None
        if isinstance(part, GridPart) and not part.caption:
            said = [words(one_line(p.pieces)) if isinstance(p, Part) else "" for p in out[-2:]]
            taken = 1 if said[-1:] and headings.is_table_caption(said[-1]) else 0
            if not taken and len(said) == 2 and headings.is_table_caption(said[0]) and len(said[0]) < 12:
                taken = 2  # 'Table 1' and its words on lines of their own
            above = [tuple(one_line(p.pieces)) for p in out[len(out) - taken :] if isinstance(p, Part)]
            del out[len(out) - taken :]
            out.append(GridPart(part.tables, tuple(above), part.notes))
        elif (
            isinstance(part, Part)
            and part.kind == "paragraph"
            and isinstance(last, GridPart)
            and headings.is_table_note(words(one_line(part.pieces)))
        ):
            out[-1] = GridPart(last.tables, last.caption, (*last.notes, tuple(one_line(part.pieces))))
        else:
            out.append(part)
    return out


def _cites(element: Element) -> bool:
    if name(element) != "a":
        return False
    if element.get("role") == "doc-biblioref" or "bibr" in (element.get("class") or ""):
        return True
    _, mark, fragment = (element.get("href") or "").partition("#")
    return bool(mark) and _CITED.search("#" + fragment) is not None
