"""Where the tables of a page are: horizontal rules of one extent with rows of cells between them.

The usual table of a medical journal has three rules and no upright (三线表); a ruled table has both.
What stands inside is cut into cells by ``grid``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from isa_extract.reading import columns, headings
from isa_extract.reading import lines as lining
from isa_extract.reading.chars import PageMarks
from isa_extract.reading.lines import Run
from isa_extract.records import Box

_SAME = 4.0  # points by which rules of one table may differ in extent
_NARROW = 80.0  # points; a shorter rule parts footnotes, not rows
_CAPTION_ROWS = 5
_NOTE_ROWS = 12


@dataclass(slots=True)
class Region:
    """A table on the page.

    Attributes:
        box: from its first rule to its last.
        rules: y of the rules that reach across it, its first and last among them.
        partial: shorter rules inside (under a heading that spans columns).
        uprights: upright rules inside.
        rows: rows of runs inside, top to bottom.
        caption: rows above it.
        notes: rows below it.
    """

    box: Box
    rules: list[float]
    partial: list[Box]
    uprights: list[Box]
    rows: list[list[Run]] = field(default_factory=list)
    caption: list[list[Run]] = field(default_factory=list)
    notes: list[list[Run]] = field(default_factory=list)

    @property
    def runs(self) -> list[Run]:
        """Every run of the table, caption and notes too."""
        return [run for row in (*self.caption, *self.rows, *self.notes) for run in row]


def stand_in(region: Region) -> Run:
    """A run in the table's place, to find that place in the page's order."""
    first = min((c for run in region.runs for c in run.chars), key=lambda c: c.order)
    x0 = min([region.box.x0, *(run.x0 for run in region.runs)])
    x1 = max([region.box.x1, *(run.x1 for run in region.runs)])
    top = min(run.top for run in region.runs)
    return Run([first], x0, x1, top, region.box.bottom, top, first.size)


def find(page: PageMarks, found: Sequence[Run]) -> list[Region]:
    """The tables of a page.

    Args:
        page: for its rules.
        found: the page's runs, running heads left out.
    """
    rules = _joined(page.rules)
    out: list[Region] = []
    taken: set[int] = set()
    for group in _extents(rules):
        x0, x1 = min(r.x0 for r in group), max(r.x1 for r in group)
        inside = [r for r in found if id(r) not in taken and r.x0 >= x0 - 6 and r.x1 <= x1 + 6]
        for chain in _chains(group, inside, x0, x1):
            region = _region(chain, x0, x1, rules, page, inside)
            around = [r for r in found if id(r) not in taken]
            _add_caption_and_notes(region, around)
            taken.update(id(r) for r in region.runs)
            out.append(region)
    return out


def _joined(rules: Sequence[Box]) -> list[Box]:
    """Rules drawn cell by cell, or twice, joined to whole ones."""
    out: list[Box] = []
    for rule in sorted(rules, key=lambda r: (round(r.top / 2), r.x0)):
        for i, other in enumerate(out[-12:], start=max(0, len(out) - 12)):
            if abs(other.top - rule.top) <= 2 and rule.x0 <= other.x1 + 1.5 and other.x0 <= rule.x1 + 1.5:
                out[i] = Box(
                    min(other.x0, rule.x0),
                    min(other.top, rule.top),
                    max(other.x1, rule.x1),
                    max(other.bottom, rule.bottom),
                )
                break
        else:
            out.append(rule)
    return out


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
        if rows and _tabular(rows, x0, x1):
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


def _tabular(rows: Sequence[Sequence[Run]], x0: float, x1: float) -> bool:
    """Whether the rows between two rules are rows of cells and not running text."""
    if columns.gutter([run for row in rows for run in row]) is not None:
        return False  # columns of running text, between the page's own rules
    full = 0
    for row in rows:
        if headings.is_caption(lining.line(row).text):
            return False
        pieces = segments(row)
        if len(pieces) == 1 and pieces[0][-1].x1 - pieces[0][0].x0 > 0.75 * (x1 - x0):
            full += 1
    return full <= 0.5 * len(rows)


def _has_cells(inside: Sequence[Run], top: float, bottom: float) -> bool:
    rows = lining.rows([r for r in inside if top - 1 <= r.baseline <= bottom + 1])
    several = sum(len(segments(row)) >= 2 for row in rows)
    return len(rows) >= 2 and several >= max(2, 0.4 * len(rows))


def segments(row: Sequence[Run], gap: float = 0.8) -> list[list[Run]]:
    """A row cut where more than ``gap`` ems lie between two runs (chars inside a run stay together)."""
    out: list[list[Run]] = []
    for run in sorted(row, key=lambda r: r.x0):
        if out and run.x0 - out[-1][-1].x1 <= gap * max(run.size, out[-1][-1].size):
            out[-1].append(run)
        else:
            out.append([run])
    return out


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


def _add_caption_and_notes(region: Region, found: Sequence[Run]) -> None:
    size = max(run.size for row in region.rows for run in row)
    inside = {id(r) for row in region.rows for r in row}
    outside = [r for r in found if id(r) not in inside]
    box = region.box
    over = [r for r in outside if r.x0 < box.x1 and r.x1 > box.x0]
    # a short caption at the margin may not reach over a centred table
    region.caption = _caption(over, box, size) or _caption([r for r in outside if r.x1 <= box.x0], box, size)
    below = lining.rows([r for r in over if box.bottom < r.baseline < box.bottom + _NOTE_ROWS * 2 * size])
    notes: list[list[Run]] = []
    for row in below:
        last = notes[-1][0].bottom if notes else box.bottom
        made = lining.line(row)
        if row[0].top - last > 0.9 * size or headings.is_caption(made.text):
            break
        begins = headings.is_table_note(made.text) or made.glyphs[0].sup
        if not notes and not begins:
            break
        if notes and abs(made.size - lining.line(notes[0]).size) > 0.5:
            break
        notes.append(row)
    region.notes = notes


def _caption(found: Sequence[Run], box: Box, size: float) -> list[list[Run]]:
    """The rows from the caption's first line down to the table."""
    above = lining.rows([r for r in found if box.top - _CAPTION_ROWS * 2 * size < r.baseline <= box.top])
    caption: list[list[Run]] = []
    for i in range(len(above) - 1, max(-1, len(above) - 1 - _CAPTION_ROWS), -1):
        later = above[i + 1][0].top if i + 1 < len(above) else box.top
        if later - above[i][0].bottom > 1.5 * size:
            break
        if headings.is_table_caption(lining.line(above[i]).text):
            caption = above[i:]  # and on: the caption in another language may stand above it
    return caption
