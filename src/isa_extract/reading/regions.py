"""A table on the page, before it is cut into cells: its rows, its rules, the caption and notes around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from isa_extract.reading import headings
from isa_extract.reading import lines as lining
from isa_extract.reading.lines import Run
from isa_extract.records import Box

_CAPTION_ROWS = 5
_NOTE_ROWS = 12
_SHORT = 4.0  # ems by which a caption's last line ends before the others, at least


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


def joined_rules(rules: Sequence[Box]) -> list[Box]:
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


def is_caption(row: Sequence[Run]) -> bool:
    """Whether a row begins as the caption of a figure or table does."""
    # most rows are told by their first character
    return lining.initial(row) in headings.CAPTION_INITIALS and headings.is_caption(lining.line(row).text)


def is_table_caption(row: Sequence[Run]) -> bool:
    """Whether a row begins as the caption of a table does."""
    return is_caption(row) and headings.is_table_caption(lining.line(row).text)


def stand_in(region: Region) -> Run:
    """A run in the table's place, to find that place in the page's order."""
    first = min(region.runs, key=lambda run: run.first)
    x0 = min([region.box.x0, *(run.x0 for run in region.runs)])
    x1 = max([region.box.x1, *(run.x1 for run in region.runs)])
    top = min(run.top for run in region.runs)
    return replace(
        first, last=first.first, x0=x0, x1=x1, top=top, bottom=region.box.bottom, baseline=top, sup=False
    )


def segments(row: Sequence[Run], gap: float = 0.8) -> list[list[Run]]:
    """A row cut where more than ``gap`` ems lie between two runs (chars inside a run stay together)."""
    out: list[list[Run]] = []
    for run in sorted(row, key=lambda r: r.x0):
        if out and run.x0 - out[-1][-1].x1 <= gap * max(run.size, out[-1][-1].size):
            out[-1].append(run)
        else:
            out.append([run])
    return out


def caption_sides(region: Region, found: Sequence[Run]) -> tuple[bool, bool]:
    """Whether a table's caption stands right above the region, and right below.

    Args:
        found: the page's runs that are in no table.
    """
    under = _under(region, found)
    return bool(_above(region, found)), bool(under) and is_table_caption(under[0])


def add_surroundings(region: Region, found: Sequence[Run], *, caption_below: bool = False) -> None:
    """Find the region's notes, and its caption unless it is known, among runs that are in no other table."""
    size = _size(region)
    under = _under(region, found)
    if caption_below:
        at = next((i for i, row in enumerate(under) if is_table_caption(row)), None)
        if at is not None:
            region.notes = under[:at]
            region.caption = _whole_caption(under[at:])
        return
    region.caption = region.caption or _above(region, found)
    last = region.box.bottom
    for row in under:
        made = lining.line(row)
        # what says that it is a note may stand further off: below shading, or a row without a rule
        named = not region.notes and headings.is_table_note(made.text)
        if row[0].top - last > (1.8 if named else 0.9) * size or headings.is_caption(made.text):
            break
        if not region.notes and not (named or made.begins_raised):
            break
        if region.notes and abs(made.size - lining.line(region.notes[0]).size) > 0.5:
            break
        region.notes.append(row)
        last = row[0].bottom


def _size(region: Region) -> float:
    return max(run.size for row in region.rows for run in row)


def _outside(region: Region, found: Sequence[Run]) -> list[Run]:
    inside = {id(r) for row in region.rows for r in row}
    return [r for r in found if id(r) not in inside]


def _under(region: Region, found: Sequence[Run]) -> list[list[Run]]:
    """The rows below, as far as they follow each other."""
    box, size = region.box, _size(region)
    below = [
        r
        for r in _outside(region, found)
        if r.x0 < box.x1 and r.x1 > box.x0 and box.bottom < r.baseline < box.bottom + _NOTE_ROWS * 2 * size
    ]
    # a caption or note may stand off a little; its lines follow each other closely
    return _together(lining.rows(below), 2.0 * size, box.bottom + size)


def _together(rows: Sequence[list[Run]], room: float, last: float | None = None) -> list[list[Run]]:
    """The rows up to the first that stands further below the one before it."""
    out: list[list[Run]] = []
    for row in rows:
        if last is not None and row[0].top - last > room:
            break
        out.append(row)
        last = row[0].bottom
    return out


def _whole_caption(rows: Sequence[list[Run]]) -> list[list[Run]]:
    """The rows that a caption has: of its size, close under each other, up to one that ends short."""
    size = lining.line(rows[0]).size
    right = max(run.x1 for row in rows for run in row)
    out = [rows[0]]
    for row in rows[1:]:
        last = out[-1]
        ended = right - last[-1].x1 > _SHORT * size
        step = row[0].baseline - last[0].baseline
        wider = len(out) > 1 and step > 1.2 * (out[1][0].baseline - out[0][0].baseline)
        if ended or wider or step > 2.2 * size or abs(lining.line(row).size - size) > 0.3:
            break
        out.append(row)
    return out


def _above(region: Region, found: Sequence[Run]) -> list[list[Run]]:
    box, size = region.box, _size(region)
    outside = _outside(region, found)
    # a short caption at the margin may not reach over a centred table
    return _caption([r for r in outside if r.x0 < box.x1 and r.x1 > box.x0], box, size) or _caption(
        [r for r in outside if r.x1 <= box.x0], box, size
    )


def _caption(found: Sequence[Run], box: Box, size: float) -> list[list[Run]]:
    """The rows from the caption's first line down to the table."""
    above = lining.rows([r for r in found if box.top - _CAPTION_ROWS * 2 * size < r.baseline <= box.top])
    caption: list[list[Run]] = []
    for i in range(len(above) - 1, max(-1, len(above) - 1 - _CAPTION_ROWS), -1):
        later = above[i + 1][0].top if i + 1 < len(above) else box.top
        if later - above[i][0].bottom > 1.5 * size:
            break
        if is_table_caption(above[i]):
            caption = above[i:]  # and on: the caption in another language may stand above it
    return caption
