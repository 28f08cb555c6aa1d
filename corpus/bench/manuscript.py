"""A source text of the bench: its parts, and what a reader of the typeset page must find.

A source is TOML front matter between ``+++`` lines, then parts parted by blank lines: ``# `` and ``## ``
headings (``#- `` for those that are never numbered), paragraphs, ``[n]`` references, and ``::: table`` or
``::: figure`` up to ``:::``. Inline, ``^raised^``: a power after ``10`` or a unit, else a citation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

SOURCES = Path(__file__).resolve().parent / "sources"
Kind = Literal["heading", "paragraph", "reference", "table", "figure"]
Inline = Literal["plain", "power", "citation"]

_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_HAN_NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, paragraph, reference, table or figure, inline marks still in its text.

    ``level`` is a heading's (1, 2; 0 for one that is never numbered); ``options`` are a float's lines
    ``name: words``; ``rows`` a table's cells.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    options: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def option(self, name: str) -> str:
        """The option's words; empty without it."""
        return next((words for key, words in self.options if key == name), "")

    def all(self, name: str) -> list[str]:
        """The words of every option of that name."""
        return [words for key, words in self.options if key == name]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One source: front matter and parts."""

    name: str
    meta: dict[str, str]
    parts: tuple[Part, ...]

    @property
    def chinese(self) -> bool:
        """Whether the paper's own language is Chinese."""
        return self.meta["language"] == "zh"

    def numbered(self, numbering: str) -> Manuscript:
        """The same with headings numbered: ``arabic`` (1, 1.1), ``han`` (一、, （一）) or ``none``."""
        first = second = 0
        parts: list[Part] = []
        for part in self.parts:
            if part.kind == "heading" and part.level == 1:
                first, second = first + 1, 0
                marks = {"arabic": f"{first} ", "han": f"{_HAN_NUMBERS[first - 1]}、", "none": ""}
                part = replace(part, text=marks[numbering] + part.text)
            elif part.kind == "heading" and part.level == 2:
                second += 1
                marks = {
                    "arabic": f"{first}.{second} ",
                    "han": f"（{_HAN_NUMBERS[second - 1]}）",
                    "none": "",
                }
                part = replace(part, text=marks[numbering] + part.text)
            parts.append(part)
        return replace(self, parts=tuple(parts))


def read(path: Path) -> Manuscript:
    """Parse one source file."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    parts: list[Part] = []
    for piece in re.split(r"\n\s*\n", body.strip()):
        lines = piece.splitlines()
        if lines[0].startswith(":::"):
            rows = tuple(
                tuple(cell.strip() for cell in row.strip("|").split("|")) for row in lines if row[0] == "|"
            )
            pairs = [line.split(": ", 1) for line in lines[1:-1] if line[0] != "|"]
            kind: Kind = "table" if "table" in lines[0] else "figure"
            parts.append(Part(kind, options=tuple((name, words) for name, words in pairs), rows=rows))
        elif found := re.match(r"(#+)(-?) ", piece):
            parts.append(Part("heading", piece[found.end() :].strip(), 0 if found[2] else len(found[1])))
        elif piece.startswith("["):
            parts += [Part("reference", line) for line in lines]
        else:
            parts.append(Part("paragraph", piece.replace("\n", "")))
    return Manuscript(path.stem, tomllib.loads(front), tuple(parts))


def manuscripts() -> list[Manuscript]:
    """Every source of the bench, by name."""
    return [read(path) for path in sorted(SOURCES.glob("*.md"))]


def pieces(text: str) -> Iterator[tuple[str, Inline]]:
    """The text cut at its raised stretches, each told as power or citation."""
    at = 0
    for found in re.finditer(r"\^(.+?)\^", text):
        yield text[at : found.start()], "plain"
        power = re.search(r"(?:10|m)$", text[: found.start()])
        yield found[1], "power" if power else "citation"
        at = found.end()
    yield text[at:], "plain"


def written(text: str, citations: str) -> str:
    """The text as a plain text file has it.

    Args:
        citations: ``bracket`` keeps them as ``[1]``; ``none`` leaves them out.
    """
    out = ""
    for piece, inline in pieces(text):
        if inline == "power":
            out += piece.translate(_POWERS)
        elif inline == "plain":
            out += piece
        elif citations == "bracket":
            out += f"[{piece.strip('[]')}]"
    return out


def cited(text: str) -> list[tuple[int, ...]]:
    """The reference numbers of each citation."""
    out = []
    for piece, inline in pieces(text):
        if inline == "citation":
            numbers: list[int] = []
            for part in piece.strip("[]").split(","):
                ends = [int(n) for n in re.findall(r"\d+", part)]
                numbers += range(ends[0], ends[-1] + 1)
            out.append(tuple(numbers))
    return out


def as_text(paper: Manuscript) -> str:
    """The source as a plain text: a paragraph to a line, tables with tabs, citations in brackets."""
    meta, chinese = paper.meta, paper.chinese
    words = (
        ("摘要", "关键词", "Abstract", "Keywords") if chinese else ("Abstract", "Keywords", "摘要", "关键词")
    )
    lines = [meta["title"], meta["authors"], meta["affiliations"]]
    lines += [f"{words[0]}：{meta['abstract']}", f"{words[1]}：{meta['keywords']}"]
    lines += [f"{words[2]}: {meta['abstract_other']}", f"{words[3]}: {meta['keywords_other']}"]
    for part in paper.parts:
        if part.kind == "table":
            table = [part.option("caption"), *("\t".join(row) for row in part.rows), part.option("note")]
            lines.append("\n".join(table))
        elif part.kind == "figure":
            lines.append(part.option("caption"))
        else:
            lines.append(written(part.text, "bracket"))
    return "\n\n".join(filter(None, lines)) + "\n"
