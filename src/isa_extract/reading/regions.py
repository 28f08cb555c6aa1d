"""A table on the page, before it is cut into cells: its rows, its rules, the caption and notes around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from isa_extract.reading import headings
from isa_extract.reading import lines as lining
from isa_extract.reading.lines import Run
from isa_extract.records import Box

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


def is_caption(row: Sequence[Run]) -> bool:
    """Whether a row begins as the caption of a figure or table does."""
    # most rows are told by their first character
    return lining.initial(row) in headings.CAPTION_INITIALS and headings.is_caption(lining.line(row).text)


def is_table_caption(row: Sequence[Run]) -> bool:
    """Whether a row begins as the caption of a table does."""
    return is_caption(row) and headings.is_table_caption(lining.line(row).text)


def stand_in(region: Region) -> Run:
    """A run in the table's place, to find that place in the page's order."""
    first = min((c for run in region.runs for c in run.chars), key=lambda c: c.order)
    x0 = min([region.box.x0, *(run.x0 for run in region.runs)])
    x1 = max([region.box.x1, *(run.x1 for run in region.runs)])
    top = min(run.top for run in region.runs)
    return Run([first], x0, x1, top, region.box.bottom, top, first.size)


def segments(row: Sequence[Run], gap: float = 0.8) -> list[list[Run]]:
    """A row cut where more than ``gap`` ems lie between two runs (chars inside a run stay together)."""
    out: list[list[Run]] = []
    for run in sorted(row, key=lambda r: r.x0):
        if out and run.x0 - out[-1][-1].x1 <= gap * max(run.size, out[-1][-1].size):
            out[-1].append(run)
        else:
            out.append([run])
    return out


def add_surroundings(region: Region, found: Sequence[Run]) -> None:
    """Find the region's notes, and its caption unless it is known, among runs that are in no other table."""
    size = max(run.size for row in region.rows for run in row)
    inside = {id(r) for row in region.rows for r in row}
    outside = [r for r in found if id(r) not in inside]
    box = region.box
    over = [r for r in outside if r.x0 < box.x1 and r.x1 > box.x0]
    # a short caption at the margin may not reach over a centred table
    region.caption = (
        region.caption
        or _caption(over, box, size)
        or _caption([r for r in outside if r.x1 <= box.x0], box, size)
    )
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
        if is_table_caption(above[i]):
            caption = above[i:]  # and on: the caption in another language may stand above it
    return caption
