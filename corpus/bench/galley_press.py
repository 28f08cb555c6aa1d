"""Sets a manuscript with our own galley on reportlab: what Typst does not do, journals' systems do.

Every character run is placed by itself, ligatures are characters of their own, a first letter may be three
lines high, dates may stand in a narrow column beside the text, and lines may be drawn from left to right
over all columns, as scans' text layers and some writers have them.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from galley import BOLD, REGULAR, Atom, Setter, Style
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.layout import Layout
from bench.manuscript import SOURCES, Manuscript, Part, pieces

FONTS = Path(__file__).resolve().parents[1] / "fonts"
_SIDE_COLUMN = 118.0


def typeset(paper: Manuscript, layout: Layout) -> bytes:
    """The paper as a PDF.

    Raises:
        ValueError: if the fonts lack a character of it.
    """
    _install_fonts()
    press = _Press(paper.numbered(layout.numbering), layout)
    data = press.print()
    for font, used in press.used.items():
        known = set(map(chr, pdfmetrics.getFont(font).face.charToGlyph))
        if used - known:
            raise ValueError(f"{paper.name}: no glyph for {sorted(used - known)} in {font}")
    return data


@cache
def _install_fonts() -> None:
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


@cache
def _words() -> dict[str, str]:
    listed = (SOURCES / "hyphens-en.words").read_text(encoding="utf-8").split()
    return {word.replace("-", ""): word for word in listed}


class _Press(Setter):
    TOP, BOTTOM, SIDE = 74.0, 66.0, 56.0

    def __init__(self, paper: Manuscript, layout: Layout) -> None:
        super().__init__({"language": paper.meta["language"], "ligatures": not paper.chinese})
        self.words = {**self.words, **_words()} if layout.hyphens == "yes" else {}
        self.paper, self.layout, self.meta = paper, layout, paper.meta
        self.high, self.wide = (A4[0], A4[1]) if layout.page == "landscape" else (A4[1], A4[0])
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, (self.wide, self.high), invariant=1)
        self.page = 300
        self.columns = self.column = 1
        self.gutter = float(layout.gutter)
        self.x0 = self.SIDE + (_SIDE_COLUMN if layout.extra == "side-column" else 0.0)
        self.full = self.wide - self.SIDE - self.x0
        self.ops: list[tuple[float, float, Callable[[], None]]] = []
        self.waiting: list[Part] = []
        self.standing: Callable[[], None] | None = None
        self.numbered_lines = 0
        size, leading = {"1": (10.5, 15.5), "2": (9.6, 14.2), "3": (8.4, 12.4)}[layout.columns]
        if self.english:
            leading -= 1.6
        spaced = layout.body == "spaced"
        indent = 0.0 if spaced else 1.2 if self.english else 2.0
        self.body = Style(size, leading, indent=indent, after=0.55 * leading if spaced else 0.0)
        self.small = Style(0.85 * size, 0.85 * leading)
        self.heads = {
            0: Style(size, leading, BOLD, "left", before=6, after=2),
            1: Style(size + 2, leading + 3, BOLD, "left", before=8, after=3),
            2: Style(size + 0.4, leading, BOLD, "left", before=5, after=2),
        }

    # ------------------------------------------------------------------------------------------ the page

    @property
    def width(self) -> float:
        return (self.full - (self.columns - 1) * self.gutter) / self.columns

    @property
    def left(self) -> float:
        return self.x0 + (self.column - 1) * (self.width + self.gutter)

    def note_op(self, y: float, x: float, op: Callable[[], None]) -> None:
        self.ops.append((y, x, op))

    def put_line(self, line: list[Atom], x: float, y: float, width: float, style: Style, last: bool) -> None:
        self.note_op(y, x, lambda: self.draw(line, x, y, width, style, last))

    def put_rule(self, x: float, y: float, width: float, thickness: float) -> None:
        def op() -> None:
            self.canvas.setLineWidth(thickness)
            self.canvas.line(x, y, x + width, y)

        self.note_op(y, x, op)

    def label(self, left: str, right: str, y: float) -> None:
        style = Style(7.6, 9, align="left")
        for words, at in ((left, 0.0), (right, 1.0)):
            line = self.atoms(words, style)
            room = self.wide - 2 * self.SIDE - sum(a.width + a.air for a in line)
            self.put_line(line, self.SIDE + at * room, y, self.full, style, True)

    def close_page(self) -> None:
        ops = self.ops
        if self.layout.extra == "by-rows":
            ops = sorted(ops, key=lambda op: (-round(op[0]), op[1]))
        for _, _, op in ops:
            op()
        self.ops = []
        self.canvas.showPage()

    def new_page(self) -> None:
        if self.page > 300:
            self.close_page()
        self.page, self.column = self.page + 1, 1
        self.floor = self.BOTTOM
        meta, odd = self.meta, self.page % 2 == 1
        if self.layout.heads != "none":
            if odd or self.layout.heads == "same":
                self.label(meta["journal"] + meta["issue"], meta["journal_other"], self.high - 46)
            else:
                self.label(meta["authors"].split(",")[0] + " et al", meta["title"], self.high - 46)
            self.put_rule(self.SIDE, self.high - 52, self.wide - 2 * self.SIDE, 0.5)
            foot = (meta["doi"], str(self.page)) if odd else (str(self.page), meta["journal"])
            self.label(*foot, 36)
        if self.layout.margin == "stamp":
            self.note_op(0, 0, self._stamp)
        elif self.layout.margin == "watermark":
            self.note_op(9999, 0, self._watermark)
        self.ceiling = self.y = self.high - self.TOP
        if self.standing is not None:
            self.note_op(0, 0, self.standing)
            self.standing = None
            self.new_page()
            return
        waiting, self.waiting = self.waiting, []
        for part in waiting:
            self.ceiling = self.y = self.table(part, self.x0, self.y, self.full) - 14

    def _stamp(self) -> None:
        self.canvas.saveState()
        self.canvas.translate(self.wide - 18, 140)
        self.canvas.rotate(90)
        self.canvas.setFont(REGULAR, 7)
        self.canvas.drawString(
            0, 0, "Downloaded from journals.example.org by Example Library on 12 June 2024"
        )
        self.canvas.restoreState()

    def _watermark(self) -> None:
        self.canvas.saveState()
        self.canvas.setFillGray(0.85)
        self.canvas.setFont(BOLD, 54)
        self.canvas.drawCentredString(self.wide / 2, self.high / 2, "UNDER REVIEW")
        self.canvas.restoreState()

    def advance(self) -> None:
        if self.column < self.columns:
            self.column, self.y = self.column + 1, self.ceiling
            self.floor = self.BOTTOM
        else:
            self.new_page()

    def print(self) -> bytes:
        """The whole paper."""
        self.new_page()
        self.front()
        first = True
        for part in self.paper.parts:
            if part.kind == "heading":
                style = self.heads[part.level]
                self.run(part.text, style, keep=2 * self.body.leading)
            elif part.kind == "paragraph":
                self.run(part.text, self.body, initial=first and self.layout.extra == "drop-cap")
                first = False
            elif part.kind == "reference":
                self.run(part.text, Style(self.small.size, self.small.leading, hang=1.6))
            elif part.kind == "table":
                self.place_table(part)
            else:
                self.place_figure(part)
        if self.waiting or self.standing is not None:
            self.new_page()
        self.close_page()
        self.canvas.save()
        return self.stream.getvalue()

    # ----------------------------------------------------------------------------------------- the text

    def marked(self, text: str) -> str:
        """The text with the layout's citations, in the galley's markup."""
        out = ""
        for piece, kind in pieces(text):
            if kind == "plain":
                out += piece
            elif kind == "power" or self.layout.citations == "raised":
                out += f"^{piece}^"
            else:
                out += f"[{piece.strip('[]')}]"
        return out

    def run(self, text: str, style: Style, keep: float = 0.0, initial: bool = False) -> None:
        """Run text into the columns; ``keep`` is the room that must follow its last line."""
        text = self.marked(text)
        big: str | None = None
        narrow = 0.0
        if initial:
            big, text = text[0], text[1:]
            narrow = pdfmetrics.stringWidth(big, REGULAR, 2.6 * style.size) + 3
            lines = self._beside(text, style, narrow)
        else:
            lines = self.lines(text, style, self.width)
        if self.y < self.ceiling:
            self.y -= style.before
        if keep and self.y - style.leading * len(lines) - keep < self.floor:
            self.advance()
        for number, line in enumerate(lines):
            if self.y - style.leading < self.floor:
                self.advance()
            self.y -= style.leading
            shift = style.size * (style.hang if number else style.indent)
            if big:
                shift = narrow if number < 2 else 0.0
                if number == 1:
                    face = Style(2.6 * style.size, style.leading, align="left")
                    self.put_line(self.atoms(big, face), self.left, self.y, 0.0, face, True)
            last = number == len(lines) - 1
            self.put_line(line, self.left + shift, self.y, self.width - shift, style, last)
            if self.layout.margin == "line-numbers":
                self.numbered_lines += 1
                face = Style(6.0, 8.0, align="left")
                atoms = self.atoms(str(self.numbered_lines), face)
                self.put_line(atoms, self.left - 20, self.y, 0.0, face, True)
        self.y -= style.after

    def _beside(self, text: str, style: Style, narrow: float) -> list[list[Atom]]:
        """Lines of which the first two leave room for a large first letter."""
        flush = Style(style.size, style.leading)
        short = self.lines(text, flush, self.width - narrow)
        words = "".join(a.text for line in short[:2] for a in line)
        rest, i = text, 0
        squeezed = words.replace(" ", "").replace("ﬁ", "fi").replace("ﬂ", "fl")
        while squeezed and i < len(rest):
            if rest[i] in "^*":
                i += 1
                continue
            if squeezed[0] == "-" != rest[i] and not rest[i].isspace():
                squeezed = squeezed[1:]  # a hyphen of the line's end
                continue
            squeezed = squeezed if rest[i].isspace() else squeezed[1:]
            i += 1
        return [*short[:2], *self.lines(rest[i:].lstrip(), flush, self.width)]

    def front(self) -> None:
        """Title, authors, abstracts; dates and correspondence at the foot of the first column."""
        meta, layout = self.meta, self.layout
        chinese = not self.english
        place = "centre" if chinese else "left"
        words = ("【摘要】", "【关键词】", "[Abstract]", "[Key words]")
        if not chinese:
            words = ("Abstract", "Keywords", "【摘要】", "【关键词】")
        self.run(meta["title"], Style(17, 24, BOLD, place, after=4))
        self.run(meta["authors"], Style(10.5, 17, align=place))
        self.run(meta["affiliations"], Style(7.8, 12, align=place, after=6))
        if layout.front == "column":
            self.start_columns()
        top = self.y
        slot = len(self.ops)
        size = self.body.size * 0.93
        text = Style(size, 1.4 * size, after=2)
        inset = 8.0 if layout.front == "box" else 0.0
        self.x0, self.full = self.x0 + inset, self.full - 2 * inset
        self.y -= inset
        self.run(f"**{words[0]}** {meta['abstract']}", text)
        self.run(f"**{words[1]}** {meta['keywords']}", text)
        self.run(meta["title_other"], Style(10.6, 15, BOLD, "left", before=5))
        if meta["authors_other"]:
            self.run(meta["authors_other"], Style(8.6, 13, align="left"))
        self.run(f"**{words[2]}** {meta['abstract_other']}", text)
        self.run(f"**{words[3]}** {meta['keywords_other']}", text)
        self.x0, self.full = self.x0 - inset, self.full + 2 * inset
        if layout.front == "box":
            x, y, w, h = self.x0, self.y - 6, self.full, top - self.y

            def ground() -> None:
                self.canvas.setFillGray(0.92)
                self.canvas.rect(x, y, w, h, stroke=0, fill=1)
                self.canvas.setFillGray(0)

            self.ops.insert(slot, (top, x, ground))
        self.y -= 14
        if layout.front != "column":
            self.start_columns()
        elif self.y < self.floor + 3 * self.body.leading:
            self.advance()

    def start_columns(self) -> None:
        """Go over to the layout's columns, the first with dates and correspondence at its foot."""
        meta = self.meta
        self.columns, self.column, self.ceiling = int(self.layout.columns), 1, self.y
        face = Style(7.2, 10.2, align="left")
        if self.layout.extra == "side-column":
            y = self.y
            for words in (meta["dates"], meta["note"], meta["doi"]):
                for line in self.lines(words, face, _SIDE_COLUMN - 16):
                    y -= face.leading
                    self.put_line(line, self.SIDE, y, 0.0, face, True)
                y -= 8
            return
        lines = [
            line for words in (meta["dates"], meta["note"]) for line in self.lines(words, face, self.width)
        ]
        self.floor = self.BOTTOM + face.leading * len(lines) + 12
        self.put_rule(self.left, self.floor - 6, 0.3 * self.width, 0.4)
        for number, line in enumerate(lines, 1):
            self.put_line(line, self.left, self.floor - 8 - face.leading * number, 0.0, face, True)

    # ---------------------------------------------------------------------------------------- the floats

    def place_table(self, part: Part) -> None:
        place = self.layout.table_place
        if place == "turned":
            self.turned_table(part)
        elif place == "across" and self.columns > 1:
            self.waiting.append(part)
        else:
            ops, self.ops = self.ops, []
            end = self.table(part, 0.0, 0.0, self.width)
            self.ops = ops
            if self.y + end - 12 < self.floor:
                self.advance()
            self.y = self.table(part, self.left, self.y - 8, self.width) - 12

    def table(self, part: Part, x: float, y: float, width: float) -> float:
        """Draw a table downwards from y; give the height where it ends."""
        narrow = width < 300
        size = self.body.size * (0.7 if narrow else 0.85)
        face, bold = Style(size, 1.35 * size, align="left"), Style(size, 1.35 * size, BOLD, "left")
        shares = [float(share) for share in part.option("widths").split()]
        edges = [x + width * sum(shares[:i]) / sum(shares) for i in range(len(shares) + 1)]
        for line in self.lines(part.option("caption"), bold, width):
            y -= bold.leading
            self.put_line(line, x, y, width, bold, True)
        y -= 5
        kind, tops = self.layout.table, [y]
        for number, row in enumerate(part.rows):
            style = face if number else bold
            cells = [
                self.lines(cell, style, b - a - 5) for cell, a, b in zip(row, edges, edges[1:], strict=False)
            ]
            depth = style.leading * max(map(len, cells)) + 4
            if kind == "shaded" and number % 2 == 0:
                self.note_op(y, x, self._ground(x, y - depth, width, depth, 0.75 if number == 0 else 0.92))
            for lines, a in zip(cells, edges, strict=False):
                for i, line in enumerate(lines, 1):
                    self.put_line(line, a + 2.5, y - style.leading * i + 1, 0.0, style, True)
            y -= depth
            tops.append(y)
        if kind == "three-line":
            for height, thick in ((tops[0], 1.0), (tops[1], 0.5), (tops[-1], 1.0)):
                self.put_rule(x, height, width, thick)
        elif kind == "ruled":
            for height in tops:
                self.put_rule(x, height, width, 0.5)
            top, bottom = tops[0], tops[-1]
            for edge in edges:
                self.note_op(top, edge, lambda e=edge: self.canvas.line(e, top, e, bottom))
        y -= 2
        for line in self.lines(part.option("note"), face, width):
            y -= face.leading
            self.put_line(line, x, y, width, face, True)
        return y

    def _ground(self, x: float, y: float, w: float, h: float, gray: float) -> Callable[[], None]:
        def op() -> None:
            self.canvas.setFillGray(gray)
            self.canvas.rect(x, y, w, h, stroke=0, fill=1)
            self.canvas.setFillGray(0)

        return op

    def turned_table(self, part: Part) -> None:
        """A table standing on end on the next page, which holds nothing else."""
        held, self.ops = self.ops, []
        self.table(part, 0.0, 0.0, self.high - self.TOP - self.BOTTOM)
        ops, self.ops = self.ops, held

        def page() -> None:
            self.canvas.saveState()
            self.canvas.translate(self.SIDE + 90, self.BOTTOM)
            self.canvas.rotate(90)
            for _, _, op in ops:
                op()
            self.canvas.restoreState()

        self.standing = page

    def place_figure(self, part: Part) -> None:
        """A survival plot in the column: axes, curves, ticks, numbers at risk, caption below."""
        face = Style(6.4, 8, align="left")
        small = self.small
        caption = self.lines(
            part.option("caption"), Style(small.size, small.leading, align="left"), self.width
        )
        high = 112.0
        need = high + 58 + small.leading * len(caption)
        if self.y - need < self.floor:
            self.advance()
        x, top = self.left + 34, self.y - 6
        base, wide = top - high, self.width - 44
        ticks = part.option("ticks").split()
        step = wide / (len(ticks) - 1)

        def plot() -> None:
            self.canvas.setLineWidth(0.6)
            self.canvas.line(x, top, x, base)
            self.canvas.line(x, base, x + wide, base)
            for fall in (0.35, 0.6):
                path = self.canvas.beginPath()
                path.moveTo(x, top - 8)
                for i in range(1, len(ticks)):
                    path.lineTo(x + i * step, top - 8 - fall * high * (1 - 0.8**i))
                self.canvas.drawPath(path)
            self.canvas.saveState()
            self.canvas.translate(x - 16, base + 4)
            self.canvas.rotate(90)
            self.canvas.setFont(REGULAR, 6.4)
            self.canvas.drawString(0, 0, part.option("y"))
            self.canvas.restoreState()

        self.note_op(top, x, plot)

        def lettering(words: str, at: float, y: float) -> None:
            self.put_line(self.atoms(words, face), at, y, 0.0, face, True)

        for i, tick in enumerate(ticks):
            lettering(tick, x + i * step - 2, base - 9)
        for share in (0, 50, 100):
            lettering(str(share), x - 13, base + share / 100 * (high - 8) - 2)
        lettering(part.option("x"), x + wide / 2 - 10, base - 18)
        for row, words in enumerate(part.all("rows")):
            name, *counts = words.split()
            lettering(name, x + wide - 26, top - 20 - row * 30)
            y = base - 30 - row * 9
            lettering(name, self.left, y)
            for i, count in enumerate(counts):
                lettering(count, x + i * step - 4, y)
        self.y = base - 48
        for line in caption:
            self.y -= small.leading
            self.put_line(line, self.left, self.y, 0.0, Style(small.size, small.leading, align="left"), True)
        self.y -= 12
