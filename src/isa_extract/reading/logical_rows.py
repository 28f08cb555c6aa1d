"""Which lines of a table make up one row: by rules, by leading, by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from isa_extract.reading.cells import Piece, middle
from isa_extract.reading.regions import Region

_GOES_ON = re.compile(r"\s*[a-z(（\[,，、;；&±/＋+]|\s*(?:联合|或|及|和|与)")
_BEGINS_FIGURE = re.compile(r"\s*[<>≤≥~]?\s*[-−]?\d|\s*(?:NR|NE|NA|未达到|未报[告道]|[—–-]\s*$)")
_OVERLAP = 0.95  # of the size; lines closer than this stand beside each other, not below
_WIDER = 1.25  # times the leading inside a cell; a wider step begins a row


def of_head(region: Region, rows: Sequence[Sequence[Piece]], head: int) -> list[int]:
    """The first physical row of each row of headings."""
    if head <= 1:
        return [0][:head]
    cuts = sorted({round(p.top) for p in region.partial})
    starts = [0]
    for i in range(1, head):
        above, here = middle(region.rows[i - 1]), middle(region.rows[i])
        ruled = any(above < y < here for y in cuts)
        spans_end = (
            not cuts and any(p.columns > 1 for p in rows[i - 1]) and not any(p.columns > 1 for p in rows[i])
        )
        if ruled or spans_end:
            starts.append(i)
    return starts


def of_body(region: Region, rows: Sequence[Sequence[Piece]], head: int, columns: int) -> list[int]:
    """The first physical row of each row of the body: a line that only goes on is no row of its own."""
    count = len(rows)
    if head >= count:
        return []
    size = median([run.size for row in region.rows[head:] for run in row])
    at = [middle(row) for row in region.rows]
    steps = {i: at[i] - at[i - 1] for i in range(head + 1, count)}
    apart = [step for step in steps.values() if step >= _OVERLAP * size]
    leading = min(apart, default=0.0)
    two_leadings = bool(apart) and max(apart) > _WIDER * leading
    starts = [head]
    for i in range(head + 1, count):
        if any(at[i - 1] < y < at[i] for y in region.rules):
            starts.append(i)
            continue
        if steps[i] < _OVERLAP * size:
            continue
        close = two_leadings and steps[i] <= _WIDER * leading
        if (two_leadings and not close) or not _goes_on(rows[starts[-1] : i], rows[i], close, columns):
            starts.append(i)
    return starts


def _goes_on(above: Sequence[Sequence[Piece]], row: Sequence[Piece], close: bool, columns: int) -> bool:
    """Whether a line only goes on with the row above it.

    Args:
        above: the lines of that row so far.
        close: whether the table has two leadings and the line stands close under the one above.
    """
    here = {p.column: p for p in row}
    there = {p.column for line in above for p in line}
    figures = _figures(row)
    before = _figures(above[0])
    if 0 not in here:
        if close or all(_GOES_ON.match(p.line.text) for p in row):
            return True
        if any(c in there and p.line.text[0] in "(（[" for c, p in here.items()):
            return True  # the interval of the value above
        # an arm of its own, below the study's name: it has the figures that the line above has
        if figures and columns > 3 and len(here) == columns - 1:
            return False
        return not figures or len(figures) < max(2, 0.5 * len(before)) or columns <= 3
    label = here[0].line.text
    if len(there) == 1 and len(here) == 1:
        return close and _GOES_ON.match(label) is not None
    wraps = _GOES_ON.match(label) is not None and len(there) > 1
    if len(here) == 1:
        return (wraps and label[:1] not in "+＋") or (close and len(there) > 1 and columns > 1)
    # a label in small letters with as many figures as the line above is a row ('w/o prior therapy')
    if wraps and (not figures or (close and len(figures) < max(2, len(before)))):
        return True
    # words in every column, wrapped: a row of figures begins with its own label
    return close and not figures and len(there) > 1


def _figures(row: Sequence[Piece]) -> list[int]:
    """The columns, the first left out, whose cells begin with a figure."""
    return [p.column for p in row if p.column and _BEGINS_FIGURE.match(p.line.text)]


__all__ = ["of_body", "of_head"]
