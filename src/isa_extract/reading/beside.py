"""What stands on a page beside its running text: the lettering of figures, narrow side columns.

Told by geometry alone, before columns are looked for, since a plot's numbers would hide a gutter and a
side column would look like one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.reading import headings
from isa_extract.reading import lines as lining
from isa_extract.reading.lines import Run

_SMALL = 0.94  # of the text's size; lettering is smaller
_NEAR = 4.2  # ems between two pieces of lettering of one figure
_MIN_NUMBERS = 5  # numbers that stand alone before a cluster is a plot
_MIN_PIECES = 3  # the same where a figure's caption follows
_NUMBER = re.compile(r"[-−–+<>≥≤]?\s?[\d.,%·()（）/ ]+$")
_STEP = 18.0  # ems between two numbers of an axis
_HIGHEST = 45  # ems; no plot is higher
_MAX_WORDS = 44  # characters (Han count twice) of one piece of lettering
_MAX_SIDE = 0.4  # of the text's width; a wider column is a column of the text
_PROSE = 30  # characters (Han count twice) from which a run is a line of text


def lettering(found: Sequence[Run], body: float) -> set[int]:
    """The ids of runs that letter a figure: axis numbers, names of curves, numbers at risk.

    Args:
        found: the page's runs, running heads and tables left out.
        body: the size of the paper's text in points.
    """
    rows = lining.rows(found)
    prose = [run for run in found if _width(run.text) >= _PROSE]
    pieces = [
        run
        for row in rows
        for i, run in enumerate(row)
        if _alone(row, i) and _may_letter(run, body) and not any(_goes_on(p, run) for p in prose)
    ]
    captions = [
        run
        for row in rows
        for i, run in enumerate(row)
        if (i == 0 or _alone(row, i, after=False)) and _is_figure_caption(run.text)
    ]
    out: set[int] = set()
    for cluster in _clusters(pieces):
        numbers = sum(bool(_NUMBER.match(run.text.strip())) for run in cluster)
        plot = numbers >= _MIN_NUMBERS and numbers >= 0.3 * len(cluster)
        captioned = len(cluster) >= _MIN_PIECES and any(_below(cluster, c, body) for c in captions)
        if plot or captioned:
            out.update(id(run) for run in cluster)
            out.update(id(run) for run in _above(cluster, pieces, found))
    return out


def _above(cluster: Sequence[Run], pieces: Sequence[Run], found: Sequence[Run]) -> list[Run]:
    """The pieces over a plot's axis, up to the text above: numbers of the other axis, names of curves."""
    size = max(run.size for run in cluster)
    left, right = min(run.x0 for run in cluster), max(run.x1 for run in cluster)
    top = min(run.top for run in cluster)
    short = {id(run) for run in pieces}
    floor = max(
        (
            run.baseline
            for run in found
            if id(run) not in short and run.baseline < top and run.x0 < right and run.x1 > left
        ),
        default=top - _HIGHEST * size,
    )
    return [
        run
        for run in pieces
        if max(floor, top - _HIGHEST * size) < run.top < top
        and left - 3 * size <= run.x0
        and run.x1 <= right + 3 * size
    ]


def _alone(row: Sequence[Run], i: int, *, after: bool = True) -> bool:
    """Whether the i-th run of a row has room on both sides, so that it is no part of a line of text."""
    gap = 0.9 * row[i].size
    left = i == 0 or row[i].x0 - row[i - 1].x1 > gap
    right = not after or i + 1 == len(row) or row[i + 1].x0 - row[i].x1 > gap
    return left and right


def _may_letter(run: Run, body: float) -> bool:
    text = run.text.strip()
    if run.size > _SMALL * body or _width(text) > _MAX_WORDS or run.sup:
        return False
    if headings.is_caption(text) or text.startswith(("[", "［")):
        return False
    return not headings.ends_sentence(text) or bool(_NUMBER.match(text))


def _width(text: str) -> int:
    return len(text) + len(re.findall(f"[{headings.HAN}]", text))


def _goes_on(prose: Run, run: Run) -> bool:
    """Whether a run is the short last line of a paragraph in small type, its first, or a piece of its line."""
    if run is prose or abs(run.size - prose.size) > 0.06 * run.size:
        return False
    down = run.baseline - prose.baseline
    if abs(down) < 0.3 * run.size:
        return max(run.x0 - prose.x1, prose.x0 - run.x1) < 2.5 * run.size
    near = abs(down) <= 1.9 * run.size and run.x0 < prose.x1 and prose.x0 < run.x1
    # the lettering ends right above its caption
    return near and (down > 0 or not _is_figure_caption(prose.text))


def _is_figure_caption(text: str) -> bool:
    return headings.is_caption(text) and not headings.is_table_caption(text)


def _clusters(pieces: Sequence[Run]) -> list[list[Run]]:
    """Pieces that stand near each other."""
    out: list[list[Run]] = []
    for run in pieces:
        near = [cluster for cluster in out if any(_near(run, other) for other in cluster)]
        joined = [run]
        for cluster in near:
            joined += cluster
            out.remove(cluster)
        out.append(joined)
    return out


def _near(a: Run, b: Run) -> bool:
    reach = _NEAR * max(a.size, b.size)
    across = max(a.x0 - b.x1, b.x0 - a.x1)
    down = max(a.top - b.bottom, b.top - a.bottom)
    if abs(a.baseline - b.baseline) < 0.3 * a.size and _NUMBER.match(b.text.strip()):
        return across <= _STEP * a.size  # along an axis, or a row of numbers at risk
    return across <= 2 * reach and down <= reach


def _below(cluster: Sequence[Run], caption: Run, body: float) -> bool:
    """Whether the caption stands right under the cluster."""
    bottom = max(run.bottom for run in cluster)
    over = min(run.x0 for run in cluster) < caption.x1 and max(run.x1 for run in cluster) > caption.x0
    return over and -0.5 * body <= caption.top - bottom <= 4 * body


def side_column(found: Sequence[Run], body: float) -> list[Run]:
    """The runs of a narrow column beside the text: dates, citation, licence.

    Args:
        found: the first page's runs, running heads, tables and lettering left out.
        body: the size of the paper's text in points.
    """
    text = [run for run in found if run.size >= _SMALL * body]
    if len(text) < 5:
        return []
    lefts, rights = sorted(r.x0 for r in text), sorted((r.x1 for r in text), reverse=True)
    few = len(text) // 50
    left, right = lefts[few], rights[few]
    room = 0.8 * body
    out = [
        run for run in found if run.size < _SMALL * body and (run.x1 < left - room or run.x0 > right + room)
    ]
    if len(lining.rows(out)) < 3:
        return []  # a stray mark is no column
    wide = max(max(r.x1 for r in side) - min(r.x0 for r in side) for side in _sides(out, left))
    return out if wide <= _MAX_SIDE * (right - left) else []


def _sides(found: Sequence[Run], left: float) -> list[list[Run]]:
    sides = ([r for r in found if r.x1 < left], [r for r in found if r.x1 >= left])
    return [side for side in sides if side]
