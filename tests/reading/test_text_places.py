"""Words, captions and notes that real pages set otherwise than the usual: geometry decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_table_places import WORDS, compiled

from isa_extract.reading import headings
from isa_extract.reading import lines as lining
from isa_extract.reading.chars import Char, Chars, is_bold
from isa_extract.records import Box, Paper


def line_of(text: str, space: float, quote: float = 0.44, size: float = 10.0) -> str:
    """A line set without space characters: white of ``space`` ems where the text has a space."""
    chars: list[Char] = []
    x = 0.0
    for char in text:
        if char == " ":
            x += space * size
            continue
        wide = quote if char in "“”‘’" else 1.0 if char >= "\u2e80" else 0.5
        box = Box(x, 0.0, x + wide * size, size)
        chars.append(Char(char, x, box.x1, 0.0, size, 8.0, size, "Serif", len(chars), box))
        x += wide * size
    return lining.line(lining.runs(Chars.of(chars))).text


@pytest.mark.parametrize("space", [0.25, 0.33, 0.44])
@pytest.mark.parametrize(
    "text",
    ["called “high risk” by most", "the patients’ own report", "told as ‘good’, ‘fair’ or ‘bad’"],
)
def test_narrow_quotes_keep_their_spaces(text: str, space: float) -> None:
    assert line_of(text, space) == text


@pytest.mark.parametrize("quote", [0.44, 1.0])
def test_quotes_stand_close_to_han(quote: float) -> None:
    assert line_of("定义为“高危”的患者", 0.25, quote) == "定义为“高危”的患者"


def kinds(paper: Paper) -> dict[str, str]:
    """Each block's kind by its words."""
    return {
        " ".join(paper.text[s.start : s.end] for s in block.lines).strip(): block.kind
        for block in paper.blocks
    }


@pytest.mark.parametrize(
    ("lang", "caption"), [("en", "Figure 1: Survival in both arms."), ("zh", "图1. 两组的中位随访。")]
)
def test_one_line_caption_in_the_size_of_the_text(tmp_path: Path, lang: str, caption: str) -> None:
    """Centred at a column's top, amid a paragraph that goes on below it."""
    half = WORDS[lang] * 6
    figure = f"#place(top, float: true)[#rect(width: 100%, height: 60pt)#align(center)[{caption}]]"
    paper = compiled(tmp_path, f"{half}\n{figure}\n{half}")
    found = kinds(paper)
    assert found[caption] == "caption"
    text = "".join("".join(words.split()) for words, kind in found.items() if kind == "paragraph")
    assert "".join(caption.split()) not in text


def test_sentence_that_begins_with_a_table_is_no_caption() -> None:
    assert headings.is_marked_caption("Table 2. Results")
    assert headings.is_marked_caption("表2：结果")
    assert not headings.is_marked_caption("Table 2 Results of both arms")
    assert not headings.is_marked_caption("图1 生存曲线")


def test_last_line_of_a_wide_caption(tmp_path: Path) -> None:
    """It ends before the gutter, and the text below has its size: the leading tells whose it is."""
    caption = "Figure 1: " + WORDS["en"].strip()[:-1] + " and so the reader is told."
    figure = f'#place(top, scope: "parent", float: true)[#rect(width: 100%, height: 60pt)\n#par(first-line-indent: 0em)[{caption}]]'
    paper = compiled(tmp_path, f"{figure}\n" + "\n\n".join([WORDS["en"]] * 8))
    (found,) = [block for block in paper.blocks if block.kind == "caption"]
    words = "".join("".join(paper.text[s.start : s.end].removesuffix("-") for s in found.lines).split())
    assert words.replace("-", "") == "".join(caption.split()).replace("-", "")


def test_numbered_note_little_smaller_than_the_text(tmp_path: Path) -> None:
    note = "Research done elsewhere by the first author."
    body = "\n\n".join([WORDS["en"]] * 13)
    foot = f'#place(bottom, scope: "parent", float: true)[#align(left)[#line(length: 80pt)#text(8.3pt)[#super[1]{note}]]]'
    paper = compiled(tmp_path, f"{body}\n{foot}")
    assert kinds(paper)[f"1{note}"] == "footnote"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1．资料与方法", True),
        ("2．3 疗效评价", True),
        ("2. Reverse design (section 4). This exception permits", False),
        ("3.1 Efficacy in older patients", True),
    ],
)
def test_numbered_headings(text: str, told: bool) -> None:
    assert headings.is_numbered_heading(text) is told


@pytest.mark.parametrize(
    ("font", "bold"), [("NimbusRomNo9L-Medi", True), ("Sample-Medium", False), ("ABC+SampleMediItal", True)]
)
def test_bold_by_name(font: str, bold: bool) -> None:
    assert is_bold(font) is bold


def test_caption_amid_a_numbered_list_of_references(tmp_path: Path) -> None:
    """Its second line is no reference."""
    entries = [
        f"[{n}] Ames A, Bird B. A trial of many patients who were followed for years. Sample 20{n + 9}; {n}: 1-9."
        for n in range(1, 9)
    ]
    caption = "Figure 1. Survival by treatment group in all patients who were ever randomised, with the numbers at risk below the axis"
    figure = f"#place(bottom, float: true)[#rect(width: 100%, height: 60pt)#par(first-line-indent: 0em)[{caption}]]"
    listed = "\n\n".join(
        f"#par(first-line-indent: 0em)[{entry.replace('[', chr(92) + '[').replace(']', chr(92) + ']')}]"
        for entry in entries
    )
    paper = compiled(tmp_path, f"{WORDS['en']}\n{figure}\n= References\n{listed}")
    found = kinds(paper)
    assert found[caption] == "caption"
    assert sum(kind == "reference" for kind in found.values()) == len(entries)
