"""Typeset the corpus: every source in `corpus/sources/` becomes a PDF beside this script.

    python corpus/typeset.py            build the PDFs and rewrite manifest.csv
    python corpus/typeset.py --check    typeset again in memory; exit 1 unless the bytes are
                                        those on disk and in manifest.csv

A source is TOML front matter between `+++` lines, then blocks parted by blank lines: `# ` and
`## ` headings, paragraphs, `[n]` references, and tables between `::: table` and `:::` lines.
Inline, `**bold**` and `^raised^`. Only the fonts in `corpus/fonts/` are used, and a character
that they lack is an error. Streams are left uncompressed, so that the bytes depend on this code
and on reportlab alone, not on the machine's zlib.
"""

import argparse
import csv
import hashlib
import io
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from galley import BOLD, REGULAR, Setter, Style, plain
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).resolve().parent
MANIFEST_COLUMNS = ["doc_id", "file", "sha256", "language", "licence", "split", "origin"]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, reference or table of a source."""

    kind: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Source:
    """One paper: its front matter and its blocks."""

    doc_id: str
    meta: dict
    blocks: tuple[Block, ...]


def table(lines: list[str]) -> Block:
    """Read the lines between `::: table` and `:::`."""
    rows = tuple(tuple(cell.strip() for cell in row.strip("|").split("|")) for row in lines if row[0] == "|")
    options = tuple(tuple(row.split(": ", 1)) for row in lines if row[0] != "|")
    return Block("table", "", rows, options)


def read(path: Path) -> Source:
    """Parse one source file."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    blocks = []
    for part in re.split(r"\n\s*\n", body.strip()):
        lines = part.splitlines()
        if lines[0] == "::: table":
            blocks.append(table(lines[1:-1]))
        elif found := re.match(r"(#+) ", part):
            blocks.append(Block(f"h{len(found[1])}", part[found.end() :]))
        elif part.startswith("["):
            blocks += [Block("reference", line) for line in lines]
        else:
            blocks.append(Block("p", part.replace("\n", "")))
    return Source(path.stem, tomllib.loads(front), tuple(blocks))


def sources() -> list[Source]:
    """Every paper of the corpus, by name."""
    return [read(path) for path in sorted((HERE / "sources").glob("*.md"))]


class Press(Setter):
    """Makes up the pages of one paper."""

    SIDE, TOP, BOTTOM, GUTTER = 54.0, 66.0, 58.0, 20.0

    def __init__(self, source: Source) -> None:
        super().__init__(source.meta)
        self.source, self.meta = source, source.meta
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, A4, pageCompression=0, invariant=1, lang=self.meta["language"])
        self.canvas.setTitle(plain(self.meta["title"]))
        self.canvas.setAuthor(plain(self.meta["authors"]))
        self.page, self.column, self.columns = self.meta["first_page"] - 1, 0, 1
        self.full = A4[0] - 2 * self.SIDE
        self.floats: list[Block] = []
        body, leading = (9.0, 11.7) if self.english else (9.6, 15.4)
        self.body = Style(body, leading, indent=1.2 if self.english else 2.0)
        self.small = Style(body - 1.6, leading - 2.4 if self.english else leading - 4.0)
        self.cell = Style(body - 1.6, leading - 2.4 if self.english else leading - 4.4, align="left")
        self.styles = {
            "p": self.body,
            "reference": Style(body - 1.6, self.small.leading, hang=2.0, align="left"),
            "h1": Style(body + 2.2, leading + 3.0, BOLD, "left", before=7.0, after=3.0),
            "h2": Style(body + 0.4, leading + 1.0, BOLD, "left", before=4.0, after=1.5),
        }

    @property
    def width(self) -> float:
        """Width of the running column."""
        return (self.full - (self.columns - 1) * self.GUTTER) / self.columns

    @property
    def left(self) -> float:
        """Left edge of the running column."""
        return self.SIDE + self.column * (self.width + self.GUTTER)

    def label(self, text: str, y: float, size: float = 7.6) -> None:
        """A line of three parts, left, middle and right, parted by `|`."""
        style = Style(size, size, align="left")
        for part, where in zip(text.format(page=self.page).split("|"), (0.0, 0.5, 1.0), strict=True):
            if part.strip():
                line = self.atoms(part.strip(), style)
                room = self.full - sum(atom.width + atom.air for atom in line)
                self.draw(line, self.SIDE + where * room, y, self.full, style, True)

    def rule(self, x: float, y: float, width: float, thickness: float) -> None:
        """A horizontal rule."""
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x, y, x + width, y)

    def new_page(self) -> None:
        """Finish the page and open the next with its running head, foot and floated tables."""
        if self.page >= self.meta["first_page"]:
            self.canvas.showPage()
        self.page, self.column = self.page + 1, 0
        self.floor = self.BOTTOM
        side = "odd" if self.page % 2 else "even"
        self.label(self.meta.get(f"head_{side}", "||"), A4[1] - 44)
        self.rule(self.SIDE, A4[1] - 50, self.full, 0.5)
        self.label(self.meta.get(f"foot_{side}", "||"), 34)
        self.ceiling = self.y = A4[1] - self.TOP
        waiting, self.floats = self.floats, []
        for block in waiting:
            self.y = self.ceiling = self.set_table(block, self.SIDE, self.y, self.full) - 16

    def advance(self) -> None:
        """Go on at the head of the next column."""
        if self.column + 1 < self.columns:
            self.column, self.y = self.column + 1, self.ceiling
        else:
            self.new_page()

    def put(self, text: str, style: Style, keep: float = 0.0) -> None:
        """Run text into the columns; `keep` is the room that must follow its last line."""
        lines = self.lines(text, style, self.width)
        self.y -= style.before if self.y < self.ceiling else 0.0
        if keep and self.y - style.leading * len(lines) - keep < self.floor:
            self.advance()
        for number, line in enumerate(lines):
            if self.y - style.leading < self.floor:
                self.advance()
            self.y -= style.leading
            shift = style.size * (style.hang if number else style.indent)
            self.draw(line, self.left + shift, self.y, self.width - shift, style, number == len(lines) - 1)
        self.y -= style.after

    def put_front(self) -> None:
        """Title, authors, abstracts and the first page's footnote."""
        meta = self.meta
        big, chinese = 17.0, not self.english
        place = "centre" if chinese else "left"
        if meta.get("kicker"):
            self.put(meta["kicker"], Style(9.5, 16, BOLD, "left"))
        self.put(meta["title"], Style(big, 25 if chinese else 22, BOLD, place, before=2.0, after=4.0))
        self.put(meta["authors"], Style(11.0 if chinese else 10.0, 18, align=place))
        self.put(meta["affiliations"], Style(8.0, 12.5, align=place, after=6.0))
        note = Style(7.2, 10.4)
        for key in ("abstract", "keywords", "title_en", "authors_en", "abstract_en", "keywords_en"):
            if key == "title_en" and key in meta:
                self.put(meta[key], Style(10.6, 15, BOLD, "centre", before=6.0, after=1.0))
            elif key == "authors_en" and key in meta:
                self.put(meta[key], Style(8.4, 13, align="centre", after=2.0))
            elif key in meta:
                self.put(meta[key], Style(8.6, 13.2 if chinese else 11.4, after=1.5))
        self.y -= 8
        if chinese:
            self.rule(self.SIDE, self.y + 4, self.full, 0.4)
        lines = self.lines(meta["note"], note, self.full)
        self.floor = self.BOTTOM + note.leading * len(lines) + 10
        self.rule(self.SIDE, self.floor - 7, 120, 0.4)
        for number, line in enumerate(lines, 1):
            y = self.floor - 8 - note.leading * number
            self.draw(line, self.SIDE, y, self.full, note, number == len(lines))
        self.ceiling = self.y

    def set_table(self, block: Block, x: float, y: float, width: float, dry: bool = False) -> float:
        """Draw a three-line table downwards from `y`; give the height where it ends."""
        options = dict(block.options)
        shares = [float(share) for share in options["widths"].split()]
        edges = [width * sum(shares[:i]) / sum(shares) for i in range(len(shares) + 1)]
        style, pad = self.cell, 3.0
        for name in ("caption", "caption_en"):
            head = Style(style.size + 0.6, style.leading + 1, BOLD, "left" if self.english else "centre")
            for line in self.lines(options[name], head, width) if name in options else []:
                y -= head.leading
                if not dry:
                    self.draw(line, x, y, width, head, True)
        y -= 5
        rules = [(y, 1.0)]
        for number, row in enumerate(block.rows):
            face = style if number else Style(style.size, style.leading, BOLD, "left")
            cells = [
                self.lines(cell, face, right - left - 2 * pad)
                for cell, left, right in zip(row, edges, edges[1:], strict=False)
            ]
            for lines, left in zip(cells, edges, strict=False):
                for depth, line in enumerate(lines if not dry else [], 1):
                    self.draw(line, x + left + pad, y - 0.9 * face.leading * depth - 1, 0.0, face, True)
            y -= 0.9 * face.leading * max(len(lines) for lines in cells) + 5
            if number == 0:
                rules.append((y, 0.5))
        rules.append((y, 1.0))
        if not dry:
            for height, thickness in rules:
                self.rule(x, height, width, thickness)
        for line in self.lines(options.get("note", ""), style, width):
            y -= style.leading
            if not dry:
                self.draw(line, x, y, width, style, True)
        return y

    def put_table(self, block: Block) -> None:
        """A table in the column, or kept for the head of the next page."""
        if dict(block.options).get("span") == "full" and self.columns > 1:
            self.floats.append(block)
            return
        self.y -= 4
        if self.set_table(block, self.left, self.y, self.width, dry=True) < self.floor:
            self.advance()
        self.y = self.set_table(block, self.left, self.y, self.width) - 10

    def print(self) -> bytes:
        """The whole paper as a PDF."""
        self.new_page()
        self.put_front()
        self.columns = self.meta["columns"]
        for block in self.source.blocks:
            style = self.styles.get(block.kind, self.body)
            if block.kind == "table":
                self.put_table(block)
            else:
                self.put(block.text, style, keep=2 * self.body.leading if block.kind[0] == "h" else 0.0)
        if self.floats:
            self.new_page()
        self.canvas.save()
        return self.stream.getvalue()


def install_fonts() -> None:
    """Make the committed fonts known to reportlab."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(HERE / "fonts" / f"{name}.ttf")))


def characters() -> dict[str, set[str]]:
    """The characters that the sources (the bench's too) need of each font, measured without the fonts."""
    used: dict[str, set[str]] = {REGULAR: set(), BOLD: set()}
    for path in sorted([*(HERE / "sources").glob("*.md"), *(HERE / "bench" / "sources").glob("*.md")]):
        text = path.read_text(encoding="utf-8")
        used[REGULAR].update(text)
        bold = re.findall(r"^(?:#+-? |title\w* = |kicker = |caption\w*: )(.*)$", text, re.M)
        bold += re.findall(r"^::: table\n(?:[^|].*\n)*(\|.*)", text, re.M)
        used[BOLD].update(*bold, *re.findall(r"\*\*(.+?)\*\*", text))
    return {font: {sign for sign in signs if sign.isprintable()} for font, signs in used.items()}


def lacking(press: Press) -> dict[str, list[str]]:
    """Characters that a paper draws and its fonts do not have."""
    known = {font: set(map(chr, pdfmetrics.getFont(font).face.charToGlyph)) for font in press.used}
    return {font: sorted(signs - known[font]) for font, signs in press.used.items() if signs - known[font]}


def typeset(source: Source) -> bytes:
    """One paper as a PDF; SystemExit names the characters that no font has."""
    press = Press(source)
    data = press.print()
    if missing := lacking(press):
        raise SystemExit(f"{source.doc_id}: no glyph for {missing}; run corpus/fonts/subset.py")
    return data


def manifest(built: dict[str, bytes], papers: list[Source]) -> str:
    """The text of manifest.csv."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(MANIFEST_COLUMNS)
    for paper in papers:
        name, meta = f"{paper.doc_id}.pdf", paper.meta
        digest = hashlib.sha256(built[name]).hexdigest()
        writer.writerow(
            [paper.doc_id, name, digest, meta["language"], meta["licence"], meta["split"], meta["origin"]]
        )
    return out.getvalue()


def main(argv: list[str] | None = None) -> int:
    """Build the corpus, or check it."""
    parser = argparse.ArgumentParser(description="Typeset the corpus.")
    parser.add_argument("--check", action="store_true", help="compare with the files on disk, write nothing")
    arguments = parser.parse_args(argv)
    install_fonts()
    papers = sources()
    built = {f"{paper.doc_id}.pdf": typeset(paper) for paper in papers}
    built["manifest.csv"] = manifest(built, papers).encode()
    found = {name: (HERE / name).read_bytes() for name in built if (HERE / name).exists()}
    stale = [name for name, data in built.items() if found.get(name) != data]
    for name in stale:
        if not arguments.check:
            (HERE / name).write_bytes(built[name])
        print(f"{'differs' if arguments.check else 'written'}: {name}", file=sys.stderr)
    return 1 if arguments.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
