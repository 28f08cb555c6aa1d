"""Tables set by two producers from one source each: rows of cells, a cell ``(text, columns it spans)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typst

from isa_extract.records import Paper, Table

FONTS = Path(__file__).parents[2] / "corpus" / "fonts"
Cell = str | tuple[str, int]
Grid = dict[tuple[int, int], tuple[str, int]]


@dataclass(frozen=True)
class Sheet:
    """A caption, rows of headings, rows of the body, column widths in points."""

    caption: str
    head: Sequence[Sequence[Cell]]
    body: Sequence[Sequence[Cell]]
    widths: Sequence[int]

    @property
    def cells(self) -> Grid:
        """Row and column of every filled cell, its text without white space, the columns it spans."""
        found: Grid = {}
        for r, row in enumerate([*self.head, *self.body]):
            column = 0
            for cell in row:
                text, wide = cell if isinstance(cell, tuple) else (cell, 1)
                if text:
                    found[r, column] = ("".join(text.split()), wide)
                column += wide
        return found


def read_back(paper: Paper, table: Table) -> Grid:
    """The same of a table that was read."""
    return {
        (c.row, c.column): ("".join("".join(paper.text[s.start : s.end] for s in c.lines).split()), c.columns)
        for c in table.cells
    }


def _quoted(text: str) -> str:
    indent = (len(text) - len(text.lstrip())) * 4
    lines = "#linebreak()".join(f'#"{line}"' for line in text.strip().split("\n"))
    return f"#h({indent}pt){lines}" if indent else lines


def _table(sheet: Sheet, kind: str) -> str:
    columns, head = len(sheet.widths), len(sheet.head)
    cells: list[str] = []
    rules: list[str] = []
    for r, row in enumerate([*sheet.head, *sheet.body]):
        at = 0
        for cell in row:
            text, wide = cell if isinstance(cell, tuple) else (cell, 1)
            side = "center" if wide > 1 or at else "left"
            colour = "#set text(fill: white);" if kind == "shaded" and r < head else ""
            cells.append(f"table.cell(colspan: {wide}, align: {side})[{colour}{_quoted(text)}]")
            if wide > 1 and r < head - 1:
                rules.append(f"table.hline(y: {r + 1}, start: {at}, end: {at + wide}, stroke: .4pt)")
            at += wide
        cells += ["[]"] * (columns - at)
    last = head + len(sheet.body)
    look = {
        "three-line": "stroke: none",
        "ruled": "stroke: .5pt",
        "bare": "stroke: none",
        "shaded": f'stroke: none, fill: (x, y) => if y < {head} {{ rgb("#31659c") }} '
        'else if calc.odd(y) { rgb("#e8eef5") }',
    }[kind]
    lines = (
        [*rules, *(f"table.hline(y: {y}, stroke: .8pt)" for y in (0, head, last))]
        if kind == "three-line"
        else []
    )
    widths = ", ".join(f"{w}pt" for w in sheet.widths)
    return f"#table(columns: ({widths}), inset: 3pt, {look}, {', '.join([*cells, *lines])})"


def typeset(
    path: Path, sheets: Sequence[Sheet], kind: str, prose: str = "", columns: int = 1, turned: bool = False,
    break_after: bool = False,
) -> Path:  # fmt: skip
    """A PDF of the prose and the tables below it (on top of both columns, where there are two)."""
    set_tables = [f"#block[{_quoted(s.caption)}]\n#block[{_table(s, kind)}]" for s in sheets]
    tables = ("#pagebreak()\n" if break_after else "\n").join(set_tables)
    if turned:
        width = sum(sheets[0].widths) + 20
        tables = (
            f"#pagebreak()\n#rotate(-90deg, reflow: true)[#block(width: {width}pt)[{tables}]]\n#pagebreak()"
        )
    body = "\n\n".join(_quoted(p) for p in prose.split("\n") if p)
    if columns == 2:
        tables = f'#place(top, scope: "parent", float: true)[{tables}]'
        body = f"{tables}\n{body}"
    else:
        body = f"{body}\n\n{tables}\n\n{body}"
    source = path.with_suffix(".typ")
    source.write_text(
        f"#set page(width: 595pt, height: 842pt, margin: 42pt, columns: {columns})\n"
        '#set text(font: ("Libertinus Serif", "Noto Serif CJK SC"), size: 9pt)\n'
        f"#set par(justify: true)\n{body}\n",
        encoding="utf-8",
    )
    typst.compile(str(source), output=str(path), font_paths=[str(FONTS)], ignore_system_fonts=True)
    return path
