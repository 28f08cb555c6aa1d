"""Where tables stand: inside a column, beside each other, on their side, over their captions."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst
from sheets import FONTS, Sheet, read_back

from isa_extract.reading import read
from isa_extract.records import Paper

WORDS = {
    "en": "The follow-up differed among the studies, and crossover was allowed in most of them, so that figures "
    "of different trials should be set side by side with care and never without their intervals. " * 3,
    "zh": "各研究的中位随访时间不同,多数研究中患者可接受后线治疗,因此比较不同研究的数据时需比较患者的基因和病史。"
    * 5,
}
SMALL = {
    "en": Sheet(
        "Table 1. Results of two trials",
        [["Trial", "N", "ORR, %", "PFS, months"]],
        [["ALPHA", "120", "81.2", "14.6"], ["BETA", "98", "70.4", "11.3"], ["GAMMA", "77", "66.2", "9.8"]],
        [55, 30, 50, 70],
    ),
    "zh": Sheet(
        "表1 两项试验的结果",
        [["研究", "例数", "ORR/%", "中位PFS/月"]],
        [
            ["MAPLE", "120", "81.2", "14.6"],
            ["CEDAR", "98", "70.4", "11.3"],
            ["ASPEN", "77", "66.2", "9.8"],
        ],
        [55, 30, 50, 70],
    ),
}


def compiled(path: Path, body: str, columns: int = 2) -> Paper:
    """The paper set from typst markup, as read."""
    source = path / "a.typ"
    source.write_text(
        f"#set page(width: 595pt, height: 842pt, margin: 42pt, columns: {columns})\n"
        '#set text(font: ("Libertinus Serif", "Noto Serif CJK SC"), size: 9pt)\n'
        f"#set par(justify: true, first-line-indent: 1em)\n{body}\n",
        encoding="utf-8",
    )
    typst.compile(str(source), output=str(path / "a.pdf"), font_paths=[str(FONTS)], ignore_system_fonts=True)
    return read(path / "a.pdf", "a")


def bare(sheet: Sheet, rules: bool = False, size: float = 8) -> str:
    """A table as typst markup, three rules or none."""
    cells = ", ".join(f"[{cell}]" for row in [*sheet.head, *sheet.body] for cell in row)
    lines = f", table.hline(y: 0), table.hline(y: 1), table.hline(y: {1 + len(sheet.body)})" if rules else ""
    widths = ", ".join(f"{w}pt" for w in sheet.widths)
    return (
        f"#text({size}pt)[#table(columns: ({widths}), align: left, inset: 3pt, stroke: none, {cells}{lines})]"
    )


def squeezed(paper: Paper) -> str:
    """The running text without white space or hyphens at line ends."""
    blocks = (
        "".join(paper.text[s.start : s.end].removesuffix("-") for s in block.lines) for block in paper.blocks
    )
    return "".join("".join(blocks).split())


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bare_table_in_a_column_takes_nothing_of_the_next(tmp_path: Path, lang: str, side: str) -> None:
    sheet, text = SMALL[lang], "\n\n".join([WORDS[lang]] * 3)
    table = f"#block[#text(8pt)[{sheet.caption}]]\n{bare(sheet)}"
    order = (table, text, "#colbreak()", text) if side == "left" else (text, "#colbreak()", table, text)
    paper = compiled(tmp_path, "\n\n".join(order))
    (found,) = paper.tables
    assert read_back(paper, found) == sheet.cells
    assert squeezed(paper).replace("-", "") == ("".join(WORDS[lang].split()) * 6).replace("-", "")


def test_bare_tables_side_by_side(tmp_path: Path) -> None:
    text = "\n\n".join([WORDS["en"]] * 3)
    first = SMALL["en"]
    second = Sheet(
        "Table 2. Another two", first.head, [["DELTA", "40", "51.0", "6.1"], *first.body[1:]], first.widths
    )
    columns = [f"#block[#text(8pt)[{s.caption}]]\n{bare(s)}\n\n{text}" for s in (first, second)]
    paper = compiled(tmp_path, "\n#colbreak()\n".join(columns))
    assert [read_back(paper, table) for table in paper.tables] == [first.cells, second.cells]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bare_table_over_both_columns_under_a_short_caption(tmp_path: Path, lang: str) -> None:
    """The caption stands in the left column, the table goes on over the gutter."""
    sheet = Sheet(
        SMALL[lang].caption,
        [[*SMALL[lang].head[0], "CR, %", "OS, months", "HR", "P"]],
        [[*row, "20.1", "33.0", "0.71", "0.02"] for row in SMALL[lang].body],
        [70, 60, 70, 80, 60, 80, 45, 40],
    )
    table = f"#block[#text(8pt)[{sheet.caption}]]\n{bare(sheet)}"
    body = f'#place(top, scope: "parent", float: true)[{table}]\n' + "\n\n".join([WORDS[lang]] * 8)
    paper = compiled(tmp_path, body)
    (found,) = paper.tables
    assert read_back(paper, found) == sheet.cells


@pytest.mark.parametrize("rules", [True, False])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_table_on_its_side_amid_upright_text(tmp_path: Path, lang: str, rules: bool) -> None:
    sheet = SMALL[lang]
    table = f"#rotate(-90deg, reflow: true)[#block(width: 260pt)[{sheet.caption}\n{bare(sheet, rules)}]]"
    paper = compiled(tmp_path, f"{WORDS[lang]}\n\n{table}\n\n{WORDS[lang]}", columns=1)
    (found,) = paper.tables
    assert read_back(paper, found) == sheet.cells
    assert found.caption
    for cell in found.cells:
        for line in cell.lines:
            box = paper.box_of(line)
            assert box is not None
            if line.end - line.start > 2:
                assert box.bottom - box.top > box.x1 - box.x0  # on the page the words stand on end


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_captions_below(tmp_path: Path, lang: str) -> None:
    """One table alone tells that captions stand below; then each of two stacked ones has its own."""
    label, text = ("Table {}. Trial {}", WORDS["en"]) if lang == "en" else ("表{} 研究{}", WORDS["zh"])
    captions = [label.format(n, n) for n in (1, 2, 3)]
    set_tables = [f"{bare(SMALL[lang], rules=True)}\n#align(center)[#text(8pt)[{c}]]" for c in captions]
    body = f"{text}\n\n{set_tables[0]}\n\n{text}\n\n#v(6pt)\n{set_tables[1]}\n{set_tables[2]}\n\n{text}\n\n"
    paper = compiled(tmp_path, body)
    told = ["".join(paper.text[s.start : s.end] for s in table.caption) for table in paper.tables]
    assert told == captions
    assert all(read_back(paper, table) == SMALL[lang].cells for table in paper.tables)


def test_note_stands_off_from_a_table_without_rules(tmp_path: Path) -> None:
    note = "ORR, objective response rate; PFS, progression-free survival."
    table = f"#block[#text(8pt)[{SMALL['en'].caption}]]\n{bare(SMALL['en'])}#v(2pt)#text(8pt)[{note}]"
    paper = compiled(tmp_path, "\n\n".join([WORDS["en"], table, WORDS["en"]]))
    (found,) = paper.tables
    assert "".join(paper.text[s.start : s.end] for s in found.notes) == note


def test_heads_that_meet(tmp_path: Path) -> None:
    """A head too long for its column runs into the next one, which begins where its cells do."""
    sheet = Sheet(
        "Table 1. Results",
        [["Trial", "Participants", "ORR, %", "PFS, months"]],
        [["ALPHA", "120", "81.2", "14.6"], ["BETA", "98", "70.4", "11.3"], ["GAMMA", "77", "66.2", "9.8"]],
        [60, 40, 60, 70],
    )
    table = f"{sheet.caption}\n#[#set text(hyphenate: false)\n{bare(sheet, rules=True)}]"
    paper = compiled(tmp_path, "\n\n".join([WORDS["en"], table, WORDS["en"]]), columns=1)
    (found,) = paper.tables
    assert read_back(paper, found) == sheet.cells


def test_rows_whose_labels_begin_small(tmp_path: Path) -> None:
    """'without prior therapy' has figures of its own in a table with two leadings."""
    sheet = Sheet(
        "Table 1. Subgroups",
        [["Group", "Arm A", "Arm B", "HR"]],
        [
            ["without surgery", "20.1", "12.4", "0.61"],
            ["without transplant", "18.3", "11.0", "0.64"],
            ["without therapy", "24.9", "14.2", "0.55"],
            ["All", "22.0", "13.1", "0.60"],
        ],
        [130, 60, 60, 60],
    )
    table = bare(sheet, rules=True).replace("inset: 3pt", "inset: 2pt, row-gutter: (0pt, 0pt, 0pt, 5pt)")
    paper = compiled(tmp_path, f"{WORDS['en']}\n\n{sheet.caption}\n{table}\n\n{WORDS['en']}", columns=1)
    (found,) = paper.tables
    assert read_back(paper, found) == sheet.cells


def test_rows_of_figures_over_the_first_rule_are_no_heading(tmp_path: Path) -> None:
    rows = [["Consistent", "36 (75%)"], ["Inconsistent", "12 (25%)"], ["Total", "48"]]
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    table = f"#table(columns: (120pt, 80pt), stroke: none, inset: 3pt, table.hline(y: 0), table.hline(y: 2), {cells}, table.hline(y: 3))"
    paper = compiled(tmp_path, f"{WORDS['en']}\n\nTable 3. Sums\n{table}\n\n{WORDS['en']}", columns=1)
    (found,) = paper.tables
    assert [[c for (r, _), (c, _) in read_back(paper, found).items() if r == i] for i in range(3)] == [
        ["".join(cell.split()) for cell in row] for row in rows
    ]
