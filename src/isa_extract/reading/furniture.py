"""Running heads and feet of plain text: lines that belong to the page, not to the paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from isa_extract.reading import headings

_VARYING = re.compile(r"\b[eES]?\d+\b|\d+")
_MAX_HEAD = 110  # characters; longer lines are text


def signature(text: str) -> str:
    """What stays the same of a running head from page to page: its words, in no order, no numbers."""
    words = _VARYING.sub(" ", text).split()
    return " ".join(sorted(words)).lower()


def running_lines(lines: Sequence[str], gaps: Sequence[bool]) -> set[int]:
    """Indices of lines that are running heads, feet or page numbers.

    Args:
        lines: the lines that are not blank, stripped.
        gaps: whether a blank line (or the file's edge) stands before line i; one longer than lines.
    """
    found: set[int] = set()
    for i, line in enumerate(lines):
        alone = gaps[i] and gaps[i + 1]
        if headings.is_running_line(line) or (alone and headings.is_page_number(line)):
            found.add(i)
    repeats = Counter(signature(line) for line in lines if len(line) <= _MAX_HEAD)
    for i, line in enumerate(lines):
        key = signature(line)
        if len(line) > _MAX_HEAD or repeats[key] < 2 or not key or _reads_as_text(line):
            continue
        beside_edge = gaps[i] or gaps[i + 1] or i - 1 in found or i + 1 in found
        stays = i == 0 and len(line) >= 12  # the title, which a running head repeats
        if beside_edge and not stays and not headings.is_named_heading(line):
            found.add(i)
    for i, line in enumerate(lines):
        # a page number or an author's running line stands beside a foot without a blank line
        if i not in found and headings.is_page_number(line) and {i - 1, i + 1} & found:
            found.add(i)
    return found


def _reads_as_text(line: str) -> bool:
    return (
        headings.ends_sentence(line)
        or headings.is_numbered_heading(line)
        or bool(re.search(r"[，,;；:：]$|[-\u2010]$", line))
    )
