"""Tables in PDFs: every cell in its place, its text in no block, its value in its box."""

from __future__ import annotations

from pathlib import Path

from typeset import build, paragraph, ruled_table, three_line_table

from isa_extract.reading import read
from isa_extract.records import Paper, Table

RUNNING = (
    "Median progression-free survival was longer with isatuximab in all groups that had been defined. " * 4
)


def grid(paper: Paper, table: Table) -> dict[tuple[int, int], str]:
    return {(c.row, c.column): "|".join(paper.text[s.start : s.end] for s in c.lines) for c in table.cells}


def expected(rows: list[list[str]]) -> dict[tuple[int, int], str]:
    return {(r, c): v.replace("\n", "|") for r, row in enumerate(rows) for c, v in enumerate(row) if v}


def words_of(paper: Paper, spans: tuple) -> str:  # type: ignore[type-arg]
    return " ".join(paper.text[s.start : s.end] for s in spans)


def check_apart(paper: Paper) -> None:
    in_blocks = [s for b in paper.blocks for s in b.lines]
    cells = [s for t in paper.tables for c in t.cells for s in c.lines]
    assert not any(a.overlaps(b) for a in cells for b in in_blocks)


EFFICACY = [
    ["Endpoint", "Isa-Kd (n=179)", "Kd (n=123)", "HR (95% CI)"],
    ["Median PFS, months", "35.7", "19.2", "0.58 (0.42-0.79)"],
    ["VGPR or better, n (%)", "130 (72.6)", "69 (56.1)", ""],
    ["MRD negativity, n (%)", "53 (29.6)", "16 (13.0)", ""],
]


def test_three_line_table(tmp_path: Path) -> None:
    story = [
        paragraph(RUNNING),
        paragraph("Table 1. Efficacy in IKEMA", size=9, indent=0),
        three_line_table(EFFICACY, [130, 100, 100, 120]),
        paragraph("Notes: PFS, progression-free survival.", size=8, indent=0),
        paragraph(RUNNING),
    ]
    paper = read(build(tmp_path / "a.pdf", story), "a")
    (table,) = paper.tables
    assert grid(paper, table) == expected(EFFICACY)
    assert {c.row for c in table.cells if c.header} == {0}
    assert words_of(paper, table.caption) == "Table 1. Efficacy in IKEMA"
    assert words_of(paper, table.notes) == "Notes: PFS, progression-free survival."
    assert [b.kind for b in paper.blocks] == ["paragraph", "paragraph"]
    check_apart(paper)


def test_spanning_heads_and_lines_in_cells(tmp_path: Path) -> None:
    rows = [
        ["Adverse event", "Isa-Kd (n=177)", "", "Kd (n=122)", ""],
        ["", "All", "Grade 3", "All", "Grade 3"],
        ["Infusion\nreaction", "81 (45.8)", "1 (0.6)", "4 (3.3)", "0"],
        ["Hypertension", "67 (37.9)", "36 (20.3)", "38 (31.1)", "24 (19.7)"],
    ]
    table = three_line_table(rows, [90, 60, 60, 60, 60], head=2, spans=[((1, 0), (2, 0)), ((3, 0), (4, 0))])
    paper = read(build(tmp_path / "a.pdf", [paragraph("Table 2. Safety", size=9, indent=0), table]), "a")
    (found,) = paper.tables
    assert grid(paper, found) == expected(rows)
    assert {(c.row, c.column): c.columns for c in found.cells if c.columns > 1} == {(0, 1): 2, (0, 3): 2}
    assert {c.row for c in found.cells if c.header} == {0, 1}


def test_chinese_table_in_a_column(tmp_path: Path) -> None:
    rows = [
        ["组别", "例数", "ORR[例(%)]", "中位PFS(月)"],
        ["Isa-Kd", "179", "155(86.6)", "未达到"],
        ["Kd", "123", "102(82.9)", "19.15"],
    ]
    running = (
        "两组的发生首次反应的中位时间相差不大，但缓解持续时间均显著优于对照组时长，严重不良反应的发生率也未明显增加。"
        * 2
    )
    story = [
        *(paragraph(running, "zh") for _ in range(6)),
        paragraph("表1 两组疗效比较", "zh", indent=0, size=9),
        three_line_table(rows, [60, 40, 70, 60], lang="zh"),
        paragraph("注：PFS为无进展生存期", "zh", indent=0, size=8),
        *(paragraph(running, "zh") for _ in range(9)),
    ]
    paper = read(build(tmp_path / "a.pdf", story, columns=2, lang="zh"), "a")
    (table,) = paper.tables
    assert grid(paper, table) == expected(rows)
    assert words_of(paper, table.caption) == "表1 两组疗效比较"
    assert words_of(paper, table.notes) == "注：PFS为无进展生存期"
    assert ["".join(words_of(paper, b.lines).split()) for b in paper.blocks] == [running] * 15


def test_ruled_table_with_spans(tmp_path: Path) -> None:
    rows = [
        ["Regimen", "Response", "", "OS"],
        ["", "ORR", "CR", ""],
        ["Isa-Pd", "60%", "5%", "24.6"],
        ["Pd", "35%", "2%", "17.7"],
    ]
    table = ruled_table(rows, [80, 50, 50, 50], spans=[((1, 0), (2, 0)), ((0, 0), (0, 1)), ((3, 0), (3, 1))])
    paper = read(build(tmp_path / "a.pdf", [paragraph(RUNNING), table, paragraph(RUNNING)]), "a")
    (found,) = paper.tables
    assert grid(paper, found) == expected(rows)
    spans = {(c.row, c.column): (c.rows, c.columns) for c in found.cells if c.rows > 1 or c.columns > 1}
    assert spans == {(0, 0): (2, 1), (0, 1): (1, 2), (0, 3): (2, 1)}
    check_apart(paper)


def test_rules_that_are_no_table(tmp_path: Path) -> None:
    """A rule under the running head and one over the foot enclose text, not cells."""

    def draw(canvas: object) -> None:
        canvas.line(60, 790, 535, 790)  # type: ignore[attr-defined]
        canvas.line(60, 50, 535, 50)  # type: ignore[attr-defined]

    paper = read(
        build(tmp_path / "a.pdf", [paragraph(RUNNING) for _ in range(12)], draw=draw, columns=2), "a"
    )
    assert paper.tables == ()
    assert [b.kind for b in paper.blocks] == ["paragraph"] * 12


def test_table_over_both_columns(tmp_path: Path) -> None:
    story = [paragraph(RUNNING) for _ in range(12)]
    full = [
        paragraph("Table 1. Efficacy in IKEMA", size=9, indent=0),
        three_line_table(EFFICACY, [130, 100, 100, 120]),
    ]
    paper = read(build(tmp_path / "a.pdf", story, columns=2, full=full), "a")
    (table,) = paper.tables
    assert grid(paper, table) == expected(EFFICACY)
    assert ["".join(words_of(paper, b.lines).split()) for b in paper.blocks] == [
        "".join(RUNNING.split())
    ] * 12


def test_heading_of_a_continued_table_is_no_running_head(tmp_path: Path) -> None:
    rows = [["Drug", "ORR", "PFS"], *([f"Drug {i}", f"{i}%", f"{i}.5"] for i in range(60))]
    table = three_line_table(rows, [100, 80, 80])
    table.repeatRows = 1
    paper = read(build(tmp_path / "a.pdf", [table], head="Journal of Tests"), "a")
    assert len(paper.pages) == 2
    (whole,) = paper.tables
    assert grid(paper, whole) == expected(rows)
