"""Which part of the paper a block stands in: front, abstract, body, references, back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.reading import headings
from isa_extract.records import Block

_NUMBERED_REFERENCE = re.compile(r"\s*(?:[\[［(（]\s*(\d{1,3})\s*[\]］)）]|(\d{1,3})[.．、]?\s+(?=\S))")
_REFERENCE_SIGNS = re.compile(
    r"et\s+al|等[.．,，]|\[[JMDCSPRNZ](?:/OL)?\]|(?:19|20)\d\d\s*[,;，；]\s*\d+|\d+\s*\(\d+\)\s*[:：]|doi|DOI"
    r"|(?:19|20)\d\d\s*[;；]|\((?:19|20)\d\d\)"
)
_MIN_BODY = 80  # a paragraph this long after the keywords is running text, not an address
_FRONT_REACH = 25  # blocks; an abstract that begins later is not the paper's front matter


def label(blocks: Sequence[Block], texts: Sequence[str]) -> tuple[Block, ...]:
    """The blocks with their sections (and the kind ``reference``) filled in.

    Args:
        blocks: in reading order, every section still at its default.
        texts: each block's words.
    """
    first_abstract = _first(texts[:_FRONT_REACH], headings.is_abstract_lead)
    state = "front" if first_abstract is not None or _opens_with_front(blocks, texts) else "body"
    out: list[Block] = []
    body_seen = False
    for block, text in zip(blocks, texts, strict=True):
        headlike = block.kind in ("heading", "title")
        section = state
        if block.kind == "title":
            section = "front"
        elif headings.is_references_heading(text):
            state = section = "references"
        elif headings.is_abstract_lead(text) and not _numbered(text):
            # the second language's abstract may stand at the very end, after the references
            state = section = "abstract"
        elif headings.is_keywords_lead(text):
            section = "front"
            state = "body" if body_seen and state != "abstract" else "front"
        elif headings.is_back_lead(text) and state != "references" and (headlike or body_seen):
            section = "back"
            state = "back" if headlike else state
        elif headings.is_back_lead(text) and state == "references" and headlike:
            state = section = "back"
        elif headlike and (headings.is_numbered(text) or headings.is_body_heading(text)):
            if state == "abstract" and not headings.is_numbered(text) and not _is_introduction(text):
                section = "abstract"  # 'Methods', 'Results' inside a structured abstract
            elif state != "references" or headings.is_numbered_heading(text):
                state = section = "body"
                body_seen = True
        elif headings.is_front_lead(text) and not body_seen:
            section = "front"
            if state == "abstract":
                state = "front"
        elif block.kind == "paragraph" and state == "front" and _reads_as_body(text):
            # no heading told where the body begins
            if first_abstract is None or _past(texts, first_abstract, len(out)):
                state = section = "body"
                body_seen = True
        elif headlike and state == "back" and not headings.is_back_lead(text):
            state = section = "body"
        kind = block.kind
        if section == "references" and kind == "paragraph":
            kind = "reference"
        out.append(replace(block, section=section, kind=kind))
    return _unheaded_references(tuple(out), texts)


def _first(texts: Sequence[str], test: object) -> int | None:
    assert callable(test)
    return next((i for i, text in enumerate(texts) if test(text)), None)


def _opens_with_front(blocks: Sequence[Block], texts: Sequence[str]) -> bool:
    """Whether front matter stands before a first body heading, though no abstract does."""
    for block, text in zip(blocks[:_FRONT_REACH], texts, strict=False):
        if headings.is_keywords_lead(text) or headings.is_front_lead(text):
            return True
        if block.kind == "heading" and (headings.is_numbered(text) or headings.is_body_heading(text)):
            return False
        if block.kind == "paragraph" and _reads_as_body(text):
            return False
    return False


def _reads_as_body(text: str) -> bool:
    han = len(re.findall(rf"[{headings.HAN}]", text))
    return len(text) + han >= 2 * _MIN_BODY and bool(re.search(r"[。.!?！？;；]", text))


def _past(texts: Sequence[str], abstract: int, here: int) -> bool:
    """Whether the abstract's own words already lie behind (its heading alone does not count)."""
    return here > abstract and any(_reads_as_body(text) for text in texts[abstract:here])


def _numbered(text: str) -> bool:
    return headings.is_numbered(text)


def _is_introduction(text: str) -> bool:
    return bool(re.search(r"引\s*言|前\s*言|概\s*述|绪论|introduction", text, re.IGNORECASE))


def _unheaded_references(blocks: tuple[Block, ...], texts: Sequence[str]) -> tuple[Block, ...]:
    """Mark a reference list that has no heading: a closing run of numbered entries with years."""
    end = len(blocks)
    start = end
    expected: int | None = None
    for i in range(end - 1, -1, -1):
        if blocks[i].section in ("references", "abstract", "back"):
            return blocks
        match = _NUMBERED_REFERENCE.match(texts[i])
        number = int(match[1] or match[2]) if match else None
        if number is None or not _REFERENCE_SIGNS.search(texts[i]) or (expected and number != expected - 1):
            break
        expected, start = number, i
    if end - start < 3 or expected != 1:
        return blocks
    tail = [replace(b, section="references", kind="reference") for b in blocks[start:]]
    return (*blocks[:start], *tail)
