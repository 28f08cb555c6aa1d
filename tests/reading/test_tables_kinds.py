"""Every kind of table, in both languages: found once, all its cells right."""

from __future__ import annotations

from pathlib import Path

import pytest
from sheets import Sheet, read_back, typeset

from isa_extract.reading import read

PROSE = {
    "en": "Median follow-up differed among the studies, and crossover was allowed in most of them, which must be kept "
    "in mind when figures of different trials are set side by side. " * 4,
    "zh": "各研究的中位随访时间不同,多数研究中患者可接受后线治疗,因此比较不同研究的数据时需考虑患者的基因和病史。"
    * 6,
}
SHEETS = {
    "en groups": Sheet(
        "Table 2. Efficacy outcomes (intention-to-treat population)",
        [["Outcome", "Amivantamab plus lazertinib (n = 205)", "Osimertinib (n = 207)"]],
        [
            ["Progression-free survival"],
            ["  Median, months (95% CI)", "23.4 (19.8–27.1)", "16.2 (14.1–18.6)"],
            ["  Hazard ratio (95% CI)", ("0.69 (0.55–0.87)", 2)],
            ["  12-month rate, %", "72.8", "64.1"],
            ["Response"],
            ["  Objective response, n (%)", "176 (85.9)", "174 (84.1)"],
        ],
        [180, 120, 100],
    ),
    "en spanned": Sheet(
        "Table 3. Adverse events",
        [
            ["Event", ("Trastuzumab deruxtecan", 2), ("Emtansine", 2)],
            ["", "Any", "Grade 3", "Any", "Grade 3"],
        ],
        [
            ["Nausea", "107 (75.9)", "9 (6.4)", "43 (30.1)", "1 (0.7)"],
            ["Fatigue", "69 (48.9)", "8 (5.7)", "46 (32.2)", "—"],
            ["Neutropenia", "60 (42.6)", "27 (19.1)", "16 (11.2)", "0"],
        ],
        [100, 70, 70, 70, 70],
    ),
    "en long cells": Sheet(
        "Table 1. Randomised trials of daratumumab combinations",
        [["Trial", "Population", "Regimens", "N", "ORR, %", "HR (95% CI)"]],
        [
            [
                "POLLUX",
                "One prior line or\nmore, no refractory\ndisease",
                "DRd vs Rd",
                "569",
                "92.9 vs 76.4",
                "0.44 (0.35–0.55)",
            ],
            ["CASTOR", "One prior line or\nmore", "DVd vs Vd", "498", "84.6 vs 63.2", "0.31 (0.25–0.40)"],
            ["CANDOR", "One to three prior\nlines", "KdD vs Kd", "466", "NR", "0.59 (0.45–0.78)"],
        ],
        [60, 95, 60, 35, 75, 90],
    ),
    "zh arms in rows": Sheet(
        "表2 靶向治疗研究的主要结果",
        [["研究", "方案", "例数", "ORR/%", "中位PFS/月", "HR(95%CI)"]],
        [
            ["ALPINE", "A组", "327", "83.5", "未达到", "0.65(0.49~0.86)"],
            ["", "B组", "325", "74.2", "34.2", ""],
            ["ELEVATE", "A组", "268", "81.0", "38.4", "1.00(0.79~1.27)"],
            ["", "B组", "265", "77.0", "—", ""],
        ],
        [60, 60, 50, 60, 70, 100],
    ),
    "zh tests": Sheet(
        "表1 两组患者疗效比较[例(%)]",
        [["组别", "例数", "CR", "PR", "ORR"]],
        [
            ["A组", "48", "3(6.25)", "23(47.92)", "26(54.17)"],
            ["B组", "48", "1(2.08)", "15(31.25)", "16(33.33)"],
            ["P值", "", "", "", "0.040"],
        ],
        [50, 50, 70, 70, 70],
    ),
}


@pytest.mark.parametrize("kind", ["three-line", "ruled", "shaded", "bare"])
@pytest.mark.parametrize("name", SHEETS)
def test_every_cell(tmp_path: Path, name: str, kind: str) -> None:
    sheet = SHEETS[name]
    paper = read(typeset(tmp_path / "a.pdf", [sheet], kind, PROSE[name[:2]]), "a")
    (table,) = paper.tables
    assert read_back(paper, table) == sheet.cells
    for cell in table.cells:
        for line in cell.lines:
            assert paper.box_of(line) is not None
    in_blocks = [s for b in paper.blocks for s in b.lines]
    assert not any(s.overlaps(t) for c in table.cells for s in c.lines for t in in_blocks)


@pytest.mark.parametrize("kind", ["three-line", "bare"])
@pytest.mark.parametrize("layout", ["two columns", "turned"])
@pytest.mark.parametrize("name", ["en spanned", "zh arms in rows"])
def test_across_columns_and_turned(tmp_path: Path, name: str, layout: str, kind: str) -> None:
    sheet, columns = SHEETS[name], 2 if layout == "two columns" else 1
    pdf = typeset(
        tmp_path / "a.pdf", [sheet], kind, "\n".join([PROSE[name[:2]]] * 6), columns, layout == "turned"
    )
    paper = read(pdf, "a")
    (table,) = paper.tables
    assert read_back(paper, table) == sheet.cells


def test_two_tables_stacked(tmp_path: Path) -> None:
    first, second = SHEETS["en spanned"], SHEETS["en groups"]
    paper = read(typeset(tmp_path / "a.pdf", [first, second], "bare", PROSE["en"]), "a")
    assert [read_back(paper, t) for t in paper.tables] == [first.cells, second.cells]


@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize("caption", ["表2(续)", "续表2 结果", "Table 2 (continued)"])
def test_continued_table(tmp_path: Path, caption: str, repeated: bool) -> None:
    head = [["Drug", "n", "ORR, %", "PFS, months"]]
    rows = [[f"Drug {c}", f"{n}0", f"{n}1.5", f"{n}.7"] for n, c in enumerate("ABCDEFGH", start=2)]
    whole = Sheet("Table 2. Results" if "Table" in caption else "表2 结果", head, rows, [100, 60, 80, 90])
    first = Sheet(whole.caption, head, rows[:4], whole.widths)
    rest = Sheet(caption, head if repeated else [], rows[4:], whole.widths)
    kind = "bare" if not repeated else "three-line"
    paper = read(typeset(tmp_path / "a.pdf", [first, rest], kind, PROSE["en"], break_after=True), "a")
    (table,) = paper.tables
    assert read_back(paper, table) == whole.cells
    assert {c.row for c in table.cells if c.header} == {0}


def test_running_text_under_a_caption_is_no_table(tmp_path: Path) -> None:
    """A caption alone, in a column of two."""
    story = "\n".join(
        [PROSE["en"]] * 3 + ["Table 1. Outcomes are given in the supplement"] + [PROSE["en"]] * 3
    )
    assert read(typeset(tmp_path / "a.pdf", [], "bare", story, 2), "a").tables == ()


@pytest.mark.parametrize("style", ["tab", "bar", "space"])
@pytest.mark.parametrize("name", ["en groups", "en spanned", "zh tests"])
def test_plain_text(tmp_path: Path, name: str, style: str) -> None:
    sheet = SHEETS[name]
    rows = []
    for row in [*sheet.head, *sheet.body]:
        line: list[str] = []
        for cell in row:
            text, wide = cell if isinstance(cell, tuple) else (cell, 1)
            line += [text.strip(), *[""] * (wide - 1)]
        rows.append(line + [""] * (len(sheet.widths) - len(line)))
    if style == "tab":
        lines = ["\t".join(row).rstrip() for row in rows]
    elif style == "bar":
        lines = [f"| {' | '.join(row)} |" for row in rows]
        lines.insert(len(sheet.head), "|" + "---|" * len(sheet.widths))
    else:
        lines = [
            "".join(f"{text}{' ' * (40 - len(text.encode('gbk')))}" for text in row).rstrip() for row in rows
        ]
    file = tmp_path / "a.txt"
    note = "Note: NR, not reached."
    file.write_text(
        "\n".join([PROSE[name[:2]], "", sheet.caption, *lines, note, "", PROSE[name[:2]]]), "utf-8"
    )
    paper = read(file, "a")
    (table,) = paper.tables
    body = {k: (text, 1 if k[0] >= len(sheet.head) else wide) for k, (text, wide) in sheet.cells.items()}
    assert read_back(paper, table) == body
    assert [paper.text[s.start : s.end] for s in (*table.caption, *table.notes)] == [sheet.caption, note]
