"""Which section each part of a marked-up paper stands in, and which paragraphs are headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from isa_extract.reading import headings
from isa_extract.reading.inline import Piece, lines_of, one_line, words
from isa_extract.reading.parts import GridPart, Part
from isa_extract.records import BlockKind

_TOP = 2  # level of a heading that only its words tell
_LONGEST_HEADING = 60  # characters of a paragraph that may be a heading
_BODY_LENGTH = 80  # characters from which a paragraph before any heading is running text
_OPEN = ("", "body")
_AFTER = re.compile(
    r"(?:similar|related|recommended|other)\s+(?:articles?|content|reading|papers?)|cited\s+by|associated\s+data|"
    r"permalink|actions|resources|share|cite|collections|metrics|article\s+(?:information|metrics)|"
    r"supplement(?:al|ary)\s+\w+|rights\s+and\s+permissions|about\s+this\s+article|footnotes|相关文章|推荐阅读|施引文献",
    re.IGNORECASE,
)


def paragraphs(part: Part | GridPart) -> Iterator[Part | GridPart]:
    """A part; a paragraph that blank lines part becomes several, one that reads as a heading a heading."""
    if isinstance(part, GridPart) or part.kind != "paragraph" or part.section == "references":
        yield part
        return
    stretches: list[list[Piece]] = [[]]
    lines = lines_of(part.pieces)
    for before, line in pairwise([[], *lines]):
        if not line:
            stretches.append([])
        elif stretches[-1] and before:
            stretches[-1] += [("\n", False), *line]
        else:
            stretches[-1] += line
    for stretch in stretches:
        said = words(one_line(stretch))
        if not said:
            continue
        numbered = headings.is_numbered_heading(said) and len(said) <= _LONGEST_HEADING
        if not part.section and (headings.is_named_heading(said) or numbered):
            level = _TOP + said.partition(" ")[0].strip(".").count(".")
            yield Part("heading", tuple(stretch), part.section, level)
        else:
            yield Part("paragraph", tuple(stretch), part.section)


def sectioned(parts: Sequence[Part | GridPart], in_body: bool = False) -> list[Part | GridPart]:
    """The parts with the sections filled in that the markup leaves open.

    A heading's section reaches to the next heading of its level or above; so a stray 'References' in a
    side column takes nothing with it.
    """
    told = list(_sectioned(parts, in_body))
    if in_body or any(isinstance(p, Part) and p.section in ("abstract", "body") for p in told):
        return told
    # nothing showed where the front ends: a few lines under a title
    return [
        replace(p, section="body")
        if isinstance(p, Part) and (p.kind, p.section) == ("paragraph", "front")
        else p
        for p in told
    ]


def _sectioned(parts: Sequence[Part | GridPart], in_body: bool) -> Iterator[Part | GridPart]:
    open_heads: list[tuple[int, str]] = []
    in_body = in_body or not any(isinstance(p, Part) and p.kind in ("title", "heading") for p in parts)
    for part in parts:
        if isinstance(part, GridPart):
            yield part
            continue
        said = words(one_line(part.pieces))
        section = part.section
        if part.kind == "title":
            section = section or "front"
        elif part.kind == "heading" and not section:
            while open_heads and open_heads[-1][0] >= part.level:
                open_heads.pop()
            over = open_heads[-1][1] if open_heads else "body"
            section = _by_words(said) or over
            open_heads.append((part.level, section))
            in_body = in_body or section in _OPEN
        elif not section:
            section = open_heads[-1][1] if open_heads else "body"
            if section in _OPEN:
                section, in_body = _alone(said, bool(open_heads), in_body)
        elif section == "abstract" and headings.is_keywords_lead(said):
            section = "front"
        kind: BlockKind = part.kind
        if section == "references" and kind == "paragraph":
            kind = "reference"
        yield Part(kind, part.pieces, section, part.level)


def _by_words(said: str) -> str:
    """The section that a heading's words open, if they do."""
    if headings.is_references_heading(said):
        return "references"
    if headings.is_back_lead(said) or _AFTER.fullmatch(said):
        return "back"
    if headings.is_keywords_lead(said):
        return "front"
    return "abstract" if headings.is_abstract_lead(said) and not headings.is_numbered(said) else ""


def _alone(said: str, headed: bool, in_body: bool) -> tuple[str, bool]:
    """The section of a paragraph that no heading but the body's own stands over, and whether the body began."""
    if headings.is_abstract_lead(said):
        return "abstract", in_body
    if headings.is_keywords_lead(said) or (not in_body and headings.is_front_lead(said)):
        return "front", in_body
    if in_body and headings.is_back_lead(said):
        return "back", in_body
    if headed or in_body or (len(said.encode()) >= 2 * _BODY_LENGTH and headings.ends_sentence(said)):
        return "body", True
    return "front", in_body
