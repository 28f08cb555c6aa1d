"""Plain text becomes a ``Paper``: its characters as they are, its paragraphs by what the lines show.

A text may be written one paragraph to a line, or be what a PDF viewer copies: lines broken where the
page broke them, blank lines anywhere, running heads in mid-sentence. What is then still known of the
layout is each line's length: a line was ended on purpose if the next word would have fitted on it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unicodedata import east_asian_width

from isa_extract.errors import PaperError
from isa_extract.reading import continued, furniture, headings, sections, text_tables
from isa_extract.records import Block, BlockKind, Paper, Span, Table

_LINE = re.compile(r"[^\n\f]+")
_FIRST_TOKEN = re.compile(r"[!-~\u00a0-\u024f]+[，。、；：！？）]*|.[，。、；：！？）]*")
_LONG = 95.0  # ems; a longer line was broken by its author, not by a page
_WRAPPED_SHARE = 0.3  # of the lines that do not end a sentence, from which lines count as broken
_ROOM = 1.2  # ems to spare before a line counts as ended on purpose: widths are estimates


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the lines of a text have in common.

    Attributes:
        wrapped: lines are broken inside paragraphs.
        full: estimated width of a full line, in ems.
        blanks_part: a blank line between two lines means a new paragraph.
        trailing_space: a space at the line's end is how this text ends paragraphs.
    """

    wrapped: bool
    full: float
    blanks_part: bool
    trailing_space: bool


def read_text(path: Path, doc_id: str) -> Paper:
    """Read a UTF-8 text file.

    Raises:
        PaperError: if the file is not UTF-8 or holds no words.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PaperError(
            str(path), f"not UTF-8 text (byte {error.start})", "save it as UTF-8 and try again"
        ) from None
    if "\0" in text:
        raise PaperError(str(path), "not a text file (it holds NUL bytes)", "give a PDF or UTF-8 text")
    if not text.strip():
        raise PaperError(str(path), "no text in it", "give a file with text")
    blocks, tables = arrange(text)
    return Paper(
        doc_id=doc_id,
        source=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        blocks=blocks,
        tables=continued.joined(tables, text),
    )


def arrange(text: str) -> tuple[tuple[Block, ...], list[Table]]:
    """The blocks and tables of a text."""
    lines = _lines(text)
    tables, tabled = text_tables.find(text, lines)
    words = [text[line.start : line.end] for line in lines]
    gaps = _gaps(text, lines)
    running = furniture.running_lines(words, gaps)
    shape = _shape(text, lines, words, gaps, tabled | running)
    if not shape.wrapped:
        running = set()
    kept = [i for i in range(len(lines)) if i not in tabled and i not in running]
    blocks: list[Block] = []
    paragraph: list[int] = []

    def close(kind: BlockKind = "paragraph") -> None:
        if paragraph:
            blocks.append(Block(kind, tuple(lines[i] for i in paragraph)))
            paragraph.clear()

    for n, i in enumerate(kept):
        before = kept[n - 1] if n else None
        if before is not None and paragraph and not _parts(text, lines, words, shape, before, i):
            paragraph.append(i)
            continue
        close()
        kind = _kind(words, gaps, shape, kept, n, first=not blocks)
        paragraph.append(i)
        if kind != "paragraph":
            close(kind)
    close()
    texts = ["\n".join(text[s.start : s.end] for s in block.lines) for block in blocks]
    return sections.label(blocks, texts), tables


def _lines(text: str) -> list[Span]:
    """Every line that holds words, white space and marks of order at both ends left out."""
    spans = []
    for match in _LINE.finditer(text):
        words = match[0].strip(" \t\r\u3000\ufeff\u00a0\u200b\v")
        if words.strip():
            start = match.start() + match[0].index(words)
            spans.append(Span(start, start + len(words)))
    return spans


def _gaps(text: str, lines: Sequence[Span]) -> list[bool]:
    """Whether a blank line or form feed stands before line i; the file's edges count as blank."""
    gaps = [True]
    for a, b in pairwise(lines):
        between = text[a.end : b.start]
        gaps.append(between.count("\n") > 1 or "\f" in between)
    return [*gaps, True]


def width(text: str) -> float:
    """A line's width in ems, estimated as in a usual serif type."""
    total = 0.0
    for c in text:
        if east_asian_width(c) in "WF" or c in "“”‘’…—·":
            total += 1.0
        elif c.isupper() or c in "%&@mwMW":
            total += 0.7
        elif c in " .,:;'|!ijlt()[]":
            total += 0.3
        else:
            total += 0.5
    return total


def _shape(
    text: str, lines: Sequence[Span], words: Sequence[str], gaps: Sequence[bool], apart: set[int]
) -> _Shape:
    candidates = [i for i in range(len(lines)) if i not in apart and width(words[i]) <= _LONG]
    widths = sorted(width(words[i]) for i in candidates)
    if len(widths) < 2:
        return _Shape(False, _LONG, False, False)
    full = widths[min(len(widths) - 1, int(0.9 * len(widths)))]
    broad = [i for i in candidates if width(words[i]) >= 0.75 * full]
    unended = [i for i in broad if not headings.ends_sentence(words[i])]
    wrapped = len(unended) >= 2 and len(unended) >= _WRAPPED_SHARE * len(candidates)
    # a blank line inside a sentence shows that blank lines part nothing
    before_blank = [i for i in broad if gaps[i + 1] and i + 1 < len(lines) and i + 1 not in apart]
    in_sentence = [i for i in before_blank if not headings.ends_sentence(words[i])]
    blanks = sum(gaps[1:-1])
    parts = blanks > 0 and len(in_sentence) <= 0.25 * max(1, len(before_blank))
    spaced = [i for i in candidates if lines[i].end < len(text) and text[lines[i].end] in " \u3000"]
    ended = [i for i in spaced if headings.ends_sentence(words[i])]
    trailing = 0 < len(spaced) <= 0.6 * len(candidates) and len(ended) >= 5
    return _Shape(wrapped, full, parts, trailing)


def _parts(
    text: str, lines: Sequence[Span], words: Sequence[str], shape: _Shape, before: int, here: int
) -> bool:
    """Whether a new paragraph begins between two lines of running text."""
    a, b = words[before], words[here]
    if not shape.wrapped or width(a) > _LONG:
        return True
    if headings.is_caption(b) and headings.ends_sentence(a):
        return True
    if headings.is_named_heading(b) or headings.is_abstract_lead(b):
        return True
    if not headings.ends_sentence(a):
        # only a heading's own look may end a paragraph that does not end a sentence
        return _closes_short_list(words, shape, lines, text, before, here)
    if headings.is_numbered_heading(b) and width(b) < 0.8 * shape.full:
        return True
    blank = text.count("\n", lines[before].end, lines[here].start) > 1
    adjacent = here == before + 1
    if shape.blanks_part:
        # across a running head the blank line is the page's, so only the line's length counts
        return blank and (adjacent or _room(words, before, here, shape))
    if _indented(text, lines[here]):
        return True
    spaced = _spaced(text, lines[before]) and not (before and _spaced(text, lines[before - 1]))
    if shape.trailing_space and spaced:
        return True
    return _room(words, before, here, shape)


def _spaced(text: str, line: Span) -> bool:
    return line.end < len(text) and text[line.end] == " "


def _room(words: Sequence[str], before: int, here: int, shape: _Shape) -> bool:
    """Whether the next line's first word would have fitted at the end of this one."""
    token = _FIRST_TOKEN.match(words[here])
    # an abstract is often set narrower than the body, so full is what the lines around reach
    around = words[max(0, before - 4) : here + 5]
    full = min(shape.full, max(width(line) for line in around))
    return width(words[before]) + width(token[0] if token else "") + _ROOM <= full


def _indented(text: str, line: Span) -> bool:
    begin = text.rfind("\n", 0, line.start) + 1
    return width(text[begin : line.start].replace("\f", "")) >= 1.0 or "\u3000" in text[begin : line.start]


def _closes_short_list(
    words: Sequence[str], shape: _Shape, lines: Sequence[Span], text: str, before: int, here: int
) -> bool:
    """Whether a line that ends no sentence (an address, keywords, a licence) still stands alone."""
    a, b = words[before], words[here]
    if text.count("\n", lines[before].end, lines[here].start) <= 1 or width(a) > 0.7 * shape.full:
        return False
    if re.search(r"[-,，、;；:：(（\u2010]$", a) or re.match(r"[a-z，。、；：）)]", b):
        return False
    if headings.is_numbered_heading(b) or headings.is_front_lead(b):
        return _room(words, before, here, shape)
    return shape.blanks_part and here == before + 1


def _kind(
    words: Sequence[str],
    gaps: Sequence[bool],
    shape: _Shape,
    kept: Sequence[int],
    n: int,
    *,
    first: bool,
) -> BlockKind:
    i = kept[n]
    line = words[i]
    numbered = headings.is_numbered_heading(line)
    if numbered and headings.is_bare_numbered(line) and shape.wrapped:
        numbered = width(line) <= 0.7 * shape.full
    if headings.is_named_heading(line) or numbered:
        return "heading"
    if headings.is_keywords_lead(line):
        return "paragraph"
    if headings.is_caption(line):
        return "caption" if not shape.wrapped else "paragraph"
    if headings.ends_sentence(line) or re.search(r"[,，;；、:：]$|[-\u2010]$", line):
        return "paragraph"
    short = width(line) <= (0.75 * shape.full if shape.wrapped else 45.0) or (first and shape.blanks_part)
    following = kept[n + 1] if n + 1 < len(kept) else None
    if following is None or not short:
        named = first and following is not None and width(line) <= _LONG and not shape.wrapped
        return "title" if named else "paragraph"
    if shape.wrapped and (re.match(r"[a-z，。、；：）)]", words[following]) or not gaps[i + 1]):
        return "paragraph"
    if first:
        return "title"
    if shape.wrapped and not (shape.blanks_part and gaps[i] and gaps[i + 1]):
        return "paragraph"
    return "heading" if gaps[i] or not shape.wrapped else "paragraph"
