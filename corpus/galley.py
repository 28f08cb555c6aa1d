"""Lines of type: cuts marked-up text into atoms, breaks lines, justifies and draws them.

Chinese breaks between any two characters but for the punctuation that may not begin or end a
line; English at spaces and at the hyphenation points listed in `sources/hyphens-en.words`.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).resolve().parent
REGULAR, BOLD = "NotoSerifSC-subset-Regular", "NotoSerifSC-subset-Bold"
MARKUP = re.compile(r"\*\*(.+?)\*\*|\^(.+?)\^")
HAN = re.compile(r"[⺀-鿿＀-￯　-〿①-⑳Ⅰ-Ⅻ“”‘’—…～]")
ATOM = re.compile(rf"{HAN.pattern}|\s+|\(?[^\s({HAN.pattern[1:-1]}]+|\(")
NOT_FIRST = set("，。、；：？！）】》％～”’…,.;:?!)]%")
NOT_LAST = set("（【《“‘([")
LIGATURES = (("fi", "ﬁ"), ("fl", "ﬂ"))
PUNCTUATION = set("，。、；：？！（）【】《》“”‘’—…～,.;:?!()[]")
AIR = 0.16  # em between a Chinese and a Latin character


@dataclass(frozen=True)
class Atom:
    """The smallest piece that a line is never broken inside, or one space."""

    text: str
    font: str
    size: float
    rise: float
    air: float = 0.0  # fixed room before it

    @property
    def width(self) -> float:
        """Advance of the drawn text."""
        return pdfmetrics.stringWidth(self.text, self.font, self.size)

    @property
    def space(self) -> bool:
        """Whether this is a gap that can stretch, and vanishes at a line's ends."""
        return self.text.isspace()

    @property
    def han(self) -> bool:
        """Whether this is one Chinese character or full-width sign."""
        return bool(HAN.match(self.text))


@dataclass(frozen=True)
class Style:
    """How a block is set."""

    size: float
    leading: float
    font: str = REGULAR
    align: str = "justify"  # or left, centre
    indent: float = 0.0  # of the first line, in em
    hang: float = 0.0  # of the other lines, in em
    before: float = 0.0
    after: float = 0.0


def plain(text: str) -> str:
    """Text without its markup: what a reader of the page sees."""
    return MARKUP.sub(lambda found: found[1] or found[2], text)


@cache
def hyphens() -> dict[str, str]:
    """English words with the places where they may be broken."""
    words = (HERE / "sources" / "hyphens-en.words").read_text(encoding="utf-8").split()
    return {word.replace("-", ""): word for word in words}


class Setter:
    """Breaks text into lines and draws them; remembers every character by font."""

    def __init__(self, meta: dict) -> None:
        self.english = meta["language"] == "en"
        self.ligatures = bool(meta.get("ligatures"))
        self.used: dict[str, set[str]] = {REGULAR: set(), BOLD: set()}
        self.words = hyphens()
        self.canvas: Canvas | None = None

    def atom(self, text: str, font: str, size: float, rise: float, air: float = 0.0) -> Atom:
        """One atom, with ligatures where the paper has them."""
        for pair, ligature in LIGATURES if self.ligatures else ():
            text = text.replace(pair, ligature)
        self.used[font].update(text.strip("\n"))
        return Atom(text, font, size, rise, air)

    def atoms(self, text: str, style: Style) -> list[Atom]:
        """Cut marked-up text into atoms."""
        atoms: list[Atom] = []
        for piece in re.split(r"(\*\*.+?\*\*|\^.+?\^)", text):
            raised = piece.startswith("^")
            font = BOLD if piece.startswith("**") else style.font
            size, rise = (style.size * 0.66, style.size * 0.34) if raised else (style.size, 0.0)
            for bit in [plain(piece)] if raised else ATOM.findall(plain(piece)):
                before = atoms[-1] if atoms else None
                meets = before and not before.space and not bit.isspace() and not raised
                tight = before and {bit[0], before.text[-1]} & PUNCTUATION
                airy = meets and not tight and bool(HAN.match(bit)) != before.han
                atoms.append(self.atom(bit, font, size, rise, style.size * AIR if airy else 0.0))
        return atoms

    def breakable(self, left: Atom, right: Atom) -> bool:
        """Whether a line may end between two atoms."""
        if left.space or right.space:
            return not right.space
        if right.rise or right.text[0] in NOT_FIRST or left.text[-1] in NOT_LAST:
            return False
        if right.text[0] == "(" and not right.han:  # 83%(84/101) may break, del(17p) may not
            return left.han or (not self.english and bool(re.search(r"[\d%]$|\w{4}$", left.text)))
        return left.han or right.han

    def split(self, atom: Atom, room: float) -> tuple[Atom, Atom] | None:
        """An English word broken at its last hyphen that fits into `room`."""
        text = atom.text.replace("ﬁ", "fi").replace("ﬂ", "fl")
        found = re.match(r"(\W*)([A-Za-z]+(?:-[A-Za-z]+)*)", text)
        if not self.english or atom.rise or not found:
            return None
        word, at = found[2], found.start(2)
        if "-" in word:  # a compound breaks at its own hyphens only
            cuts = [(at + i + 1, "") for i, letter in enumerate(word) if letter == "-"]
        else:
            marked = self.words.get(word.lower(), word)
            cuts = [(at + i - marked[:i].count("-"), "-") for i, sign in enumerate(marked) if sign == "-"]
        for cut, sign in reversed(cuts):
            head = self.atom(text[:cut] + sign, atom.font, atom.size, atom.rise)
            if head.width <= room:
                return head, self.atom(text[cut:], atom.font, atom.size, atom.rise)
        return None

    def lines(self, text: str, style: Style, width: float) -> list[list[Atom]]:
        """Break text into lines no wider than `width`, as full as they can be."""
        rest, lines = self.atoms(text, style), []
        while rest:
            room = width - style.size * (style.hang if lines else style.indent)
            taken, used, last = 0, 0.0, 0
            while taken < len(rest):
                step = rest[taken].width + (rest[taken].air if taken else 0.0)
                if not rest[taken].space and used + step > room + 0.01:
                    break
                used, taken = used + step, taken + 1
                if taken < len(rest) and self.breakable(rest[taken - 1], rest[taken]):
                    last = taken
            if taken == len(rest):
                last = taken
            elif last == taken and (halves := self.split(rest[taken], room - used)):
                rest[taken : taken + 1] = halves
                last = taken + 1
            cut = last or max(taken, 1)
            line, rest = rest[:cut], rest[cut:]
            while line and line[-1].space:
                line.pop()
            lines.append(line)
        return lines

    def draw(self, line: list[Atom], x: float, y: float, width: float, style: Style, last: bool) -> None:
        """Put one line on the page with its baseline at `y`."""
        natural = sum(atom.width for atom in line) + sum(atom.air for atom in line[1:])
        gaps = [i for i in range(1, len(line)) if line[i - 1].space or self.loose(line[i - 1], line[i])]
        extra = (width - natural) / len(gaps) if style.align == "justify" and not last and gaps else 0.0
        if style.align == "centre":
            x += (width - natural) / 2
        run, start, previous = "", x, None
        text = self.canvas.beginText()
        for index, atom in enumerate(line):
            shift = (atom.air if index else 0.0) + (extra if index in gaps else 0.0)
            alike = previous and (previous.font, previous.size, previous.rise) == (
                atom.font,
                atom.size,
                atom.rise,
            )
            if run and not (alike and shift == 0.0):
                self.show(text, run, start, y, previous)
                run = ""
            x += shift
            if not run:
                start = x
            run, previous, x = run + atom.text, atom, x + atom.width
        self.show(text, run, start, y, previous)
        self.canvas.drawText(text)

    @staticmethod
    def loose(left: Atom, right: Atom) -> bool:
        """Whether justification may open a gap between two atoms."""
        return (left.han or right.han) and not right.rise and not right.space

    @staticmethod
    def show(text, run: str, x: float, y: float, atom: Atom) -> None:
        """Write one run of characters of one font."""
        text.setTextOrigin(x, y + atom.rise)
        text.setFont(atom.font, atom.size)
        text.textOut(run)
