"""Running text out of marked-up elements: white space, line breaks, superscripts, formulas, citations.

JATS and HTML share these: an inline element puts no space inside a word or number, so that
``10<sup>-5</sup>`` and ``CO<sub>2</sub>`` stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from isa_extract.reading.formulas import FORMULA, formula, tex

Element: TypeAlias = etree._Element
Piece = tuple[str, bool]
"""Characters and whether they are set as superscript."""

BREAK: Piece = ("\n", False)
"""A line's end that the paper's author set; all other white space is a single space."""

_SPACE = re.compile(r"\s+")
# figure, thin and narrow no-break space; a usual no-break space also joins a number to the next word
_THOUSANDS = re.compile(r"(?<=\d)[\u2007\u2009\u202f](?=\d{3}(?!\d))")
_NUMBERS = re.compile(r"[\s\d,;，、~～‐-―−-]*\d[\s\d,;，、~～‐-―−-]*")
# numeric references to C1 controls mean the characters that Windows has there
_C1 = {i: bytes([i]).decode("cp1252", "ignore") or " " for i in range(0x80, 0xA0)}
_LONGEST_MARK = 3  # characters: 'a', '*', 'a,b'
_RAISED = {"sup"}
_BREAKS = {"br", "break"}
_SILENT = {"rt", "rp"}  # how a character is spoken


def name(element: Element) -> str:
    """The element's local name in lower case; empty for a comment, an instruction or an entity."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def clean(text: str | None) -> str:
    """Text with every stretch of white space as one space, thousands that thin spaces part as one number."""
    return _SPACE.sub(" ", _THOUSANDS.sub("", text)).translate(_C1) if text else ""


class Inline:
    """Reads the inline content of elements.

    Args:
        skips: whether an element is no text at all.
        apart: names of elements that stand on lines of their own (paragraphs, list items).
        cites: whether an element links to the reference list.
        notes: whether an element links to a note; a short mark that does is a superscript.
        entity: what stands behind an entity reference, by its name.
    """

    def __init__(
        self,
        skips: Callable[[Element], bool],
        apart: Iterable[str],
        cites: Callable[[Element], bool],
        entity: Callable[[str], str] = lambda _: "",
        notes: Callable[[Element], bool] = lambda _: False,
    ) -> None:
        self.skips = skips
        self.apart = frozenset(apart)
        self.cites = cites
        self.notes = notes
        self.entity = entity

    def inside(self, element: Element, raised: bool = False) -> Iterator[Piece]:
        """What stands between the element's tags."""
        if element.text and name(element):
            yield clean(element.text), raised
        for child in element:
            yield from self.of(child, raised)
            if child.tail:
                yield clean(child.tail), raised

    def of(self, element: Element, raised: bool = False) -> Iterator[Piece]:
        """The element itself, without what follows it."""
        tag = name(element)
        if not tag:
            if element.tag is etree.Entity:
                yield clean(self.entity(element.name)), raised
        elif tag in _BREAKS:
            yield BREAK
        elif tag == FORMULA:
            yield from formula(element, raised, self.entity)
        elif tag == "tex-math":
            yield from tex(element.text or "", raised)
        elif tag == "alternatives":
            chosen = _chosen(element)
            if chosen is not None:
                yield from self.of(chosen, raised)
        elif self.skips(element) or tag in _SILENT:
            return
        elif tag in _RAISED:
            yield from self.inside(element, True)
        elif tag in self.apart:
            yield BREAK
            yield from self.inside(element, raised)
            yield BREAK
        elif not raised and self.cites(element):
            held = list(self.inside(element))
            # a bare number that leads to the reference list is a citation, however its journal sets it
            number = _NUMBERS.fullmatch("".join(text for text, _ in held)) is not None
            yield from ((text, up or number) for text, up in held)
        elif not raised and self.notes(element):
            held = list(self.inside(element))
            mark = len("".join(text for text, _ in held).strip()) <= _LONGEST_MARK
            yield from ((text, up or mark) for text, up in held)
        else:
            yield from self.inside(element, raised)


def _chosen(alternatives: Element) -> Element | None:
    """Of several renderings of one thing, the one that can be read best."""
    by_name = {name(child): child for child in reversed(alternatives)}
    for wanted in (FORMULA, "table", "textual-form", "tex-math"):
        if wanted in by_name:
            return by_name[wanted]
    return next((c for c in alternatives if name(c) not in ("graphic", "inline-graphic", "media", "")), None)


def lines_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces cut at the breaks; lines without words are empty lists."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece == BREAK:
            lines.append([])
        elif piece[0]:
            lines[-1].append(piece)
    return [line if any(text.strip() for text, _ in line) else [] for line in lines]


def one_line(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with a space in place of every break."""
    return [(" ", False) if piece == BREAK else piece for piece in pieces]


def words(pieces: Sequence[Piece]) -> str:
    """The pieces as plain text on one line."""
    return _SPACE.sub(" ", "".join(text for text, _ in pieces)).strip()


def spaced(element: Element) -> str:
    """All text of an element whose children are fields (names, parts of a citation), a space between."""
    return _SPACE.sub(" ", " ".join(str(text) for text in element.itertext() if str(text).strip())).strip()
