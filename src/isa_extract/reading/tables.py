"""Where the tables of a page are: horizontal rules of one extent with rows of cells between them.

The usual table of a medical journal has three rules and no upright (三线表); a ruled table has both.
Tables without such rules, shaded or bare, are told by their captions (``captioned``). What stands inside
is cut into cells by ``grid``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from isa_extract.reading import captioned, columns
from isa_extract.reading import lines as lining
from isa_extract.reading.chars import PageMarks
from isa_extract.reading.lines import Run
from isa_extract.reading.regions import (
    Region,
    add_surroundings,
    caption_sides,
    is_caption,
    is_table_caption,
    joined_rules,
    segments,
    stand_in,
)
from isa_extract.records import Box

_SAME = 4.0  # points by which rules of one table may differ in extent
_NARROW = 80.0  # points; a shorter rule parts footnotes, not rows


def find(page: PageMarks, found: Sequence[Run]) -> list[Region]:
    """The tables of a page that is read by itself; arguments as ``ruled``."""
    out = ruled(page, found)
    surround(out, found, caption_below=captions_below([(out, found)]))
    rest = outside(found, out)
    return out + bare(page, rest, columns.gutters(rest))


def ruled(page: PageMarks, found: Sequence[Run]) -> list[Region]:
    """The tables of a page that rules show, their captions and notes not yet found.

    Args:
        page: for its rules.
        found: the page's runs, running heads left out.
    """
    rules = joined_rules(page.rules)
    out: list[Region] = []
    taken: set[int] = set()
    for group in _extents(rules):
        x0, x1 = min(r.x0 for r in group), max(r.x1 for r in group)
        inside = [r for r in found if id(r) not in taken and r.x0 >= x0 - 6 and r.x1 <= x1 + 6]
        for chain in _chains(group, inside, x0, x1):
            region = _region(chain, x0, x1, rules, page, inside)
            taken.update(id(r) for r in region.runs)
            out.append(region)
    return out


def surround(regions: Sequence[Region], found: Sequence[Run], *, caption_below: bool) -> None:
    """Find the captions and notes of a page's tables.

    Args:
        found: the page's runs.
        caption_below: whether captions stand under their tables.
    """
    for region in regions:
        add_surroundings(region, outside(found, regions), caption_below=caption_below)


def captions_below(pages: Iterable[tuple[Sequence[Region], Sequence[Run]]]) -> bool:
    """Whether a paper's captions stand under its tables, told by those with a caption on one side only.

    Args:
        pages: the tables of each page, and its runs.
    """
    above = below = 0
    for regions, found in pages:
        rest = outside(found, regions)
        for region in regions:
            over, under = caption_sides(region, rest)
            above += over and not under
            below += under and not over
    return below > above


def bare(page: PageMarks, found: Sequence[Run], gutters: Sequence[float]) -> list[Region]:
    """The tables of a page that only their captions and their gaps show.

    Args:
        found: the page's runs that are in no table yet.
        gutters: between the page's columns, from left to right.
    """
    return captioned.find(found, page.rules, gutters)


def outside(found: Sequence[Run], regions: Sequence[Region]) -> list[Run]:
    """The runs that are in none of the tables."""
    inside = {id(run) for region in regions for run in region.runs}
    return [run for run in found if id(run) not in inside]


def _extents(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules by common extent, each group top to bottom, wide groups first."""
    groups: list[list[Box]] = []
    for rule in rules:
        if rule.x1 - rule.x0 < _NARROW:
            continue
        for group in groups:
            if abs(group[0].x0 - rule.x0) <= _SAME and abs(group[0].x1 - rule.x1) <= _SAME:
                group.append(rule)
                break
        else:
            groups.append([rule])
    for group in groups:
        group.sort(key=lambda r: r.top)
    return sorted((g for g in groups if len(g) >= 2), key=lambda g: g[0].x0 - g[0].x1)


def _chains(group: Sequence[Box], inside: Sequence[Run], x0: float, x1: float) -> list[list[float]]:
    """The stretches of rules between which there is nothing but rows of cells."""
    chains: list[list[float]] = []
    current: list[float] = []
    for upper, lower in pairwise(group):
        rows = lining.rows([r for r in inside if upper.top - 1 <= r.baseline <= lower.top + 1])
        if not rows and lower.top - upper.top < 4:
            continue  # a double rule
        if rows and _tabular(rows, x0, x1, captioned=bool(current) or _captioned(inside, upper.top)):
            current = current or [upper.top]
            current.append(lower.top)
        else:
            chains.append(current)
            current = []
    chains.append(_to_page_end(current, inside) if current else current)
    return [chain for chain in chains if len(chain) >= 2 and _has_cells(inside, chain[0], chain[-1])]


def _to_page_end(chain: list[float], inside: Sequence[Run]) -> list[float]:
    """The rules of a table that goes on overleaf, its last row standing for the missing last rule."""
    head = lining.rows([r for r in inside if chain[0] - 1 <= r.baseline <= chain[-1] + 1])
    if len(chain) > 2 or len(head) > 3:
        return chain
    size = max(run.size for row in head for run in row)
    end = chain[-1]
    several = len(segments(head[-1]))
    for row in lining.rows([r for r in inside if r.baseline > chain[-1] + 1]):
        if row[0].top - end > 2 * size or not 2 <= len(segments(row)) <= several + 1:
            break
        end = max(run.bottom for run in row)
    return [*chain, end] if end > chain[-1] else chain


def _captioned(inside: Sequence[Run], top: float) -> bool:
    """Whether a table's caption stands right above a rule."""
    above = lining.rows([r for r in inside if top - 80 < r.baseline <= top])
    return any(is_table_caption(row) for row in above[-3:])


def _tabular(rows: Sequence[Sequence[Run]], x0: float, x1: float, *, captioned: bool) -> bool:
    """Whether the rows between two rules are rows of cells and not running text."""
    if not captioned and columns.gutter([run for row in rows for run in row]) is not None:
        return False  # columns of running text, between the page's own rules
    full = 0
    for row in rows:
        if is_caption(row):
            return False
        pieces = segments(row)
        if len(pieces) == 1 and pieces[0][-1].x1 - pieces[0][0].x0 > 0.75 * (x1 - x0):
            full += 1
    return full <= 0.5 * len(rows)


def _has_cells(inside: Sequence[Run], top: float, bottom: float) -> bool:
    rows = lining.rows([r for r in inside if top - 1 <= r.baseline <= bottom + 1])
    several = sum(len(segments(row)) >= 2 for row in rows)
    return len(rows) >= 2 and several >= max(2, 0.4 * len(rows))


def _region(
    chain: list[float], x0: float, x1: float, rules: Sequence[Box], page: PageMarks, inside: Sequence[Run]
) -> Region:
    top, bottom = chain[0], chain[-1]
    partial = [
        r
        for r in rules
        if top + 2 < r.top < bottom - 2 and r.x0 >= x0 - 2 and r.x1 <= x1 + 2 and r.x1 - r.x0 < x1 - x0 - 8
    ]
    uprights = [
        u for u in page.uprights if x0 - 3 <= u.x0 <= x1 + 3 and u.bottom > top + 2 and u.top < bottom - 2
    ]
    rows = lining.rows([r for r in inside if top - 1 <= r.baseline <= bottom + 1])
    return Region(Box(x0, top, x1, bottom), list(chain), partial, uprights, rows)


__all__ = [
    "Region",
    "bare",
    "captions_below",
    "find",
    "outside",
    "ruled",
    "stand_in",
    "surround",
]
