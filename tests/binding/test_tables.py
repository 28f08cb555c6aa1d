"""Tables become findings: every orientation, both languages, and what must be left out."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from isa_extract.binding.assemble import Extraction, extract
from isa_extract.binding.cells import cell_values, interval, p_value
from isa_extract.reading import read
from isa_extract.records import Block, Cell, Paper, Span, Table

Row = tuple[str, ...]


def paper(
    prose: str, rows: list[list[str | tuple[str, int]]], caption: str = "", notes: str = "", heads: int = 1
) -> Paper:
    """A paper of one paragraph and one table; a cell may be ``(text, columns it spans)``, lines parted by ``\\n``."""
    text = ""

    def put(words: str) -> tuple[Span, ...]:
        nonlocal text
        lines = []
        for line in words.split("\n"):
            lines.append(Span(len(text), len(text) + len(line)))
            text += line + "\n"
        return tuple(lines)

    blocks = tuple(Block("paragraph", put(p)) for p in prose.split("\n") if p)
    said = put(caption) if caption else ()
    cells = []
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            words, wide = cell if isinstance(cell, tuple) else (cell, 1)
            if words:
                cells.append(Cell(r, column, put(words), columns=wide, header=r < heads))
            column += wide
    noted = put(notes) if notes else ()
    return Paper("p", "p.txt", "0", text, blocks=blocks, tables=(Table(1, tuple(cells), said, noted),))


def rows(extraction: Extraction) -> list[Row]:
    """Study, arm, endpoint (with its term), statistic, value or NR/NE, unit."""
    return [
        (
            f.study.trial_name or f.study.trial_id,
            f.arm.label if f.arm else "",
            f.endpoint_term or f.endpoint,
            f.statistic,
            f.value or f.qualifier,
            f.unit,
        )
        for f in extraction.findings
        if f.binding == "table" or f.subgroup.startswith("factor")
    ]


def told(p: Paper) -> list[Row]:
    found = extract(p)
    for f in found.findings:
        assert p.text[f.span.start : f.span.end].strip(), f
    return rows(found)


ICARIA = "ICARIA-MM (NCT02990338) is a phase III trial of 307 patients in an Isa-Pd group and a Pd group."
ICARIA_ZH = "ICARIA-MM(NCT02990338)是一项Ⅲ期试验,307例患者随机接受Isa-Pd或Pd治疗。"
TWO = ICARIA + "\nIKEMA (NCT03275285) is a phase III trial of 302 patients in an Isa-Kd group and a Kd group."


# ------------------------------------------------------------------------------------------- orientations


def test_arms_in_columns_events_in_rows():
    p = paper(
        ICARIA,
        [
            ["Event, n (%)", "Isa-Pd (n=152)", "Pd (n=149)"],
            ["Neutropenia", "71 (46.7)", "50 (33.6)"],
            ["Diarrhea", "39 (25.7)", "29 (19.5)"],
            ["Pneumonia", "—", "26 (17.4)"],
        ],
        "Table 2. Adverse events of any grade",
    )
    found = extract(p).findings
    assert rows(extract(p)) == [
        ("ICARIA-MM", "Isa-Pd", "Neutrophil count decreased", "rate", "46.7", "%"),
        ("ICARIA-MM", "Pd", "Neutrophil count decreased", "rate", "33.6", "%"),
        ("ICARIA-MM", "Isa-Pd", "Diarrhea", "rate", "25.7", "%"),
        ("ICARIA-MM", "Pd", "Diarrhea", "rate", "19.5", "%"),
        ("ICARIA-MM", "Pd", "Lung infection", "rate", "17.4", "%"),
    ]
    assert [(f.n, f.N) for f in found[:2]] == [("71", "152"), ("50", "149")]
    assert found[0].comparator is not None and found[0].comparator.label == "Pd"
    assert found[0].sentence == "Neutropenia | 71 (46.7) | 50 (33.6)"
    assert p.text[found[0].span.start : found[0].span.end] == "46.7"


def test_grades_beneath_spanning_arms():
    p = paper(
        ICARIA_ZH,
        [
            ["不良反应", ("Isa-Pd组(152例)", 2), ("Pd组(149例)", 2)],
            ["", "任何级别", "≥3级", "任何级别", "≥3级"],
            ["中性粒细胞减少", "46.7", "45.4", "33.6", "32.2"],
            ["腹泻", "25.7", "2.0", "19.5", "0.7"],
        ],
        "表2 主要不良反应[%]",
        heads=2,
    )
    found = [f for f in extract(p).findings if f.binding == "table"]
    assert [(f.arm.label if f.arm else "", f.value, f.grade) for f in found] == [
        ("Isa-Pd", "46.7", ""),
        ("Isa-Pd", "45.4", ">=3"),
        ("Pd", "33.6", ""),
        ("Pd", "32.2", ">=3"),
        ("Isa-Pd", "25.7", ""),
        ("Isa-Pd", "2.0", ">=3"),
        ("Pd", "19.5", ""),
        ("Pd", "0.7", ">=3"),
    ]
    assert {f.lang for f in found} == {"zh"}


def test_studies_in_rows_pairs_in_cells():
    p = paper(
        TWO,
        [
            ["Trial", "Regimens", "N", "Median PFS, months", "HR (95% CI)", "P value", "ORR, %"],
            ["ICARIA-MM", "Isa-Pd vs Pd", "307", "11.5 vs 6.5", "0.60 (0.44–0.81)", "0.001", "60 vs 35"],
            ["IKEMA", "Isa-Kd vs Kd", "302", "NR vs 19.2", "0.53 (0.32–0.89)", "<0.001", "87/83"],
        ],
    )
    assert told(p) == [
        ("ICARIA-MM", "Isa-Pd", "PFS", "median", "11.5", "month"),
        ("ICARIA-MM", "Pd", "PFS", "median", "6.5", "month"),
        ("ICARIA-MM", "Isa-Pd", "PFS", "hazard_ratio", "0.60", ""),
        ("ICARIA-MM", "Isa-Pd", "ORR", "rate", "60", "%"),
        ("ICARIA-MM", "Pd", "ORR", "rate", "35", "%"),
        ("IKEMA", "Isa-Kd", "PFS", "median", "NR", ""),
        ("IKEMA", "Kd", "PFS", "median", "19.2", "month"),
        ("IKEMA", "Isa-Kd", "PFS", "hazard_ratio", "0.53", ""),
        ("IKEMA", "Isa-Kd", "ORR", "rate", "87", "%"),
        ("IKEMA", "Kd", "ORR", "rate", "83", "%"),
    ]
    found = [f for f in extract(p).findings if f.statistic == "hazard_ratio"]
    assert [(f.ci_low, f.ci_high, f.ci_level, f.p_value) for f in found] == [
        ("0.44", "0.81", "95", "0.001"),
        ("0.32", "0.89", "95", "<0.001"),
    ]
    assert all(f.comparator is not None and f.comparator.role == "control" for f in found)
    assert not any(f.p_value for f in extract(p).findings if f.statistic != "hazard_ratio")


@pytest.mark.parametrize("stacked", [True, False])
def test_arms_in_rows_of_their_own_and_blank_study_cells(stacked):
    head = ["研究", "方案", "例数", "ORR/%", "中位PFS/月(95%CI)"]
    first = ["ICARIA-MM", "Isa-Pd", "154", "60.4", "11.5(8.9~13.9)"]
    second = ["", "Pd", "153", "35.3", "6.5(4.5~8.3)"]
    both = [f"{a}\n{b}" if b else a for a, b in zip(first, second, strict=True)]
    p = paper(ICARIA_ZH, [head, both] if stacked else [head, first, second], "表1 主要结果")
    assert told(p) == [
        ("ICARIA-MM", "Isa-Pd", "ORR", "rate", "60.4", "%"),
        ("ICARIA-MM", "Isa-Pd", "PFS", "median", "11.5", "month"),
        ("ICARIA-MM", "Pd", "ORR", "rate", "35.3", "%"),
        ("ICARIA-MM", "Pd", "PFS", "median", "6.5", "month"),
    ]


def test_studies_in_columns_with_a_row_of_regimens():
    p = paper(
        TWO,
        [
            ["", "ICARIA-MM", "IKEMA"],
            ["Regimen", "Isa-Pd vs Pd", "Isa-Kd vs Kd"],
            ["Median PFS, months", "11.5 vs 6.5", "NR vs 19.2"],
            ["HR (95% CI)", "0.60 (0.44–0.81)", "0.53 (0.32–0.89)"],
            ["P value", "0.001", "0.0007"],
        ],
    )
    assert told(p) == [
        ("ICARIA-MM", "Isa-Pd", "PFS", "median", "11.5", "month"),
        ("ICARIA-MM", "Pd", "PFS", "median", "6.5", "month"),
        ("IKEMA", "Isa-Kd", "PFS", "median", "NR", ""),
        ("IKEMA", "Kd", "PFS", "median", "19.2", "month"),
        ("ICARIA-MM", "Isa-Pd", "PFS", "hazard_ratio", "0.60", ""),
        ("IKEMA", "Isa-Kd", "PFS", "hazard_ratio", "0.53", ""),
    ]
    effects = [f for f in extract(p).findings if f.statistic == "hazard_ratio"]
    assert [f.p_value for f in effects] == ["0.001", "0.0007"]


def test_endpoints_as_headings_of_rows():
    p = paper(
        ICARIA,
        [
            ["", "Isa-Pd (n=154)", "Pd (n=153)"],
            ["Progression-free survival"],
            ["Median (95% CI), months", "11.5 (8.9–13.9)", "6.5 (4.5–8.3)"],
            ["12-month rate, %", "47.6", "31.4"],
            ["HR (95% CI)", ("0.60 (0.44–0.81)", 2)],
            ["P value", ("0.001", 2)],
            ["Overall response rate, n (%)", "93 (60.4)", "54 (35.3)"],
        ],
    )
    found = extract(p).findings
    assert told(p) == [
        ("ICARIA-MM", "Isa-Pd", "PFS", "median", "11.5", "month"),
        ("ICARIA-MM", "Pd", "PFS", "median", "6.5", "month"),
        ("ICARIA-MM", "Isa-Pd", "PFS", "rate", "47.6", "%"),
        ("ICARIA-MM", "Pd", "PFS", "rate", "31.4", "%"),
        ("ICARIA-MM", "Isa-Pd", "PFS", "hazard_ratio", "0.60", ""),
        ("ICARIA-MM", "Isa-Pd", "ORR", "rate", "60.4", "%"),
        ("ICARIA-MM", "Pd", "ORR", "rate", "35.3", "%"),
    ]
    assert found[2].timepoint == "12 month"
    assert [f.p_value for f in found] == ["", "", "", "", "0.001", "", ""]
    assert (found[0].ci_low, found[0].ci_high, found[0].ci_level) == ("8.9", "13.9", "95")


def test_endpoint_above_its_arms():
    p = paper(
        TWO,
        [
            ["Trial", ("Median PFS (months)", 2), "HR", "95% CI", "P"],
            ["", "Experimental", "Control", "", "", ""],
            ["ICARIA-MM", "11.5", "6.5", "0.60", "0.44–0.81", "0.001"],
        ],
        heads=2,
    )
    found = extract(p).findings
    assert [(f.arm.label if f.arm else "", f.value, f.statistic) for f in found] == [
        ("Isa-Pd", "11.5", "median"),
        ("Pd", "6.5", "median"),
        ("Isa-Pd", "0.60", "hazard_ratio"),
    ]
    assert (found[2].ci_low, found[2].ci_high, found[2].ci_level, found[2].p_value) == (
        "0.44",
        "0.81",
        "95",
        "0.001",
    )


def test_groups_without_drugs_p_on_both_rows():
    p = paper(
        "方法:将120例患者随机分为观察组和对照组,各60例。观察组接受卡瑞利珠单抗联合化疗,对照组接受化疗。结果:见表。",
        [
            ["组别", "例数", "CR", "ORR[例(%)]", "DCR[例(%)]"],
            ["观察组", "60", "5", "36(60.0)", "52(86.7)"],
            ["对照组", "60", "2", "24(40.0)", "43(71.7)"],
            ["χ²值", "", "", "4.800", "4.089"],
            ["P值", "", "", "0.028", "0.043"],
        ],
        "表2 两组近期疗效比较",
    )
    found = [f for f in extract(p).findings if f.binding == "table"]
    assert [(f.endpoint, f.value, f.n, f.arm.role if f.arm else "") for f in found] == [
        ("ORR", "60.0", "36", "experimental"),
        ("DCR", "86.7", "52", "experimental"),
        ("ORR", "40.0", "24", "control"),
        ("DCR", "71.7", "43", "control"),
    ]
    assert [f.p_value for f in found] == ["0.028", "0.043", "0.028", "0.043"]


def test_subsets_in_rows():
    p = paper(
        ICARIA,
        [
            ["Subgroup", ("Median PFS, months", 2), "HR (95% CI)"],
            ["", "Isa-Pd", "Pd", ""],
            ["All patients", "11.5", "6.5", "0.60 (0.44–0.81)"],
            ["Age"],
            ["≥75 years", "11.4", "4.5", "0.48 (0.24–0.95)"],
        ],
        "Table 4. Subgroup analyses",
        heads=2,
    )
    found = extract(p).findings
    assert [(f.arm.label if f.arm else "", f.value, f.subgroup) for f in found] == [
        ("Isa-Pd", "11.5", ""),
        ("Pd", "6.5", ""),
        ("Isa-Pd", "0.60", ""),
        ("Isa-Pd", "11.4", "age>=75"),
        ("Pd", "4.5", "age>=75"),
        ("Isa-Pd", "0.48", "age>=75"),
    ]


def test_three_arms_of_which_one_contains_the_others():
    p = paper(
        "CHECK-9 (NCT01111111) is a phase III trial of nivolumab plus ipilimumab, nivolumab, or ipilimumab.",
        [
            ["", "Nivolumab plus ipilimumab (n=314)", "Nivolumab (n=316)", "Ipilimumab (n=315)"],
            ["ORR, n (%)", "183 (58)", "142 (45)", "60 (19)"],
        ],
    )
    found = extract(p).findings
    assert [(f.arm.drugs if f.arm else (), f.value, f.N) for f in found] == [
        (("ipilimumab", "nivolumab"), "58", "314"),
        (("nivolumab",), "45", "316"),
        (("ipilimumab",), "19", "315"),
    ]
    assert not any(f.comparator for f in found)


def test_counts_and_percentages_in_columns_of_their_own():
    p = paper(
        ICARIA,
        [
            ["Response", ("Isa-Pd (n=154)", 2), ("Pd (n=153)", 2)],
            ["", "n", "%", "n", "%"],
            ["ORR", "93", "60.4", "54", "35.3"],
        ],
        heads=2,
    )
    found = extract(p).findings
    assert [(f.arm.label if f.arm else "", f.statistic, f.value, f.n) for f in found] == [
        ("Isa-Pd", "rate", "60.4", "93"),
        ("Pd", "rate", "35.3", "54"),
    ]


# --------------------------------------------------------------------------------------- what is left out


def test_an_unknown_arm_is_empty_and_an_unknown_study_has_no_row():
    rows_ = [["Population", "ORR, %"], ["All patients", "60.4"], ["Age ≥75 years", "53.1"]]
    found = [f for f in extract(paper(ICARIA, rows_)).findings if f.binding == "table"]
    assert [(f.arm, f.value, f.subgroup) for f in found] == [(None, "60.4", ""), (None, "53.1", "age>=75")]
    assert told(paper(TWO, rows_)) == []


def test_unknown_endpoints_and_units_are_left_out():
    p = paper(
        ICARIA,
        [
            ["", "Isa-Pd", "Pd"],
            ["Median age, years", "68", "66"],
            ["Overall survival", "24.6", "17.7"],
            ["Quality of sleep, %", "20", "30"],
            ["Median PFS, months", "NA", "—"],
        ],
    )
    assert told(p) == []


def test_baseline_tables_are_no_results():
    p = paper(
        ICARIA, [["", "Isa-Pd", "Pd"], ["Neutropenia, %", "3", "4"]], "Table 1. Baseline characteristics"
    )
    assert told(p) == []


def test_nr_may_mean_not_reported():
    rows_ = [["Trial", "Median OS, months"], ["ICARIA-MM", "NR vs 17.7"]]
    assert len(told(paper(ICARIA, rows_, notes="NR, not reached."))) == 2
    assert told(paper(ICARIA, rows_, notes="NR, not reported.")) == []


def test_a_prognostic_factor_has_no_arm():
    p = paper(
        ICARIA,
        [
            ["Factor", "HR", "95% CI", "P"],
            ["Age ≥75 years", "1.52", "1.10–2.11", "0.012"],
            ["del(17p)", "1.00", "", ""],
        ],
        "Table 3. Multivariable analysis of overall survival",
    )
    (found,) = (f for f in extract(p).findings if f.endpoint == "OS")
    assert (found.arm, found.value, found.p_value) == (None, "1.52", "0.012")
    assert found.subgroup.startswith("factor:")


# ------------------------------------------------------------------------------------------ whose they are


def test_a_study_that_only_the_table_names():
    p = paper(
        TWO,
        [
            ["Study", "Experimental arm", "Control arm", "Median PFS, months"],
            ["ICARIA-MM", "Isa-Pd", "Pd", "11.5 vs 6.5"],
            ["APOLLO (NCT03180736)", "DPd", "Pd", "12.4 vs 6.9"],
            ["Moreau 2019", "Isa-Kd", "Kd", "9.9 vs 8.8"],
        ],
    )
    found = extract(p)
    assert told(p)[2:] == [
        ("APOLLO", "DPd", "PFS", "median", "12.4", "month"),
        ("APOLLO", "Pd", "PFS", "median", "6.9", "month"),
        ("Moreau 2019", "Isa-Kd", "PFS", "median", "9.9", "month"),
        ("Moreau 2019", "Kd", "PFS", "median", "8.8", "month"),
    ]
    apollo = next(s for s in found.studies if s.trial_name == "APOLLO")
    assert apollo.trial_id == "NCT03180736"
    assert [a.role for a in apollo.arms] == ["experimental", "control"]


def test_a_fact_told_in_text_and_table_is_one_row():
    p = paper(
        ICARIA + " Median PFS was 11.5 months with Isa-Pd versus 6.5 months with Pd.",
        [["Trial", "Regimens", "Median PFS, months"], ["ICARIA-MM", "Isa-Pd vs Pd", "11.5 vs 6.5"]],
    )
    assert len(extract(p).findings) == 2
    assert told(p) == []


def test_plain_text_table(tmp_path):
    file = tmp_path / "t.txt"
    file.write_text(
        "FRUTIGA (NCT03223376), a randomised phase 3 trial, compared fruquintinib plus paclitaxel with placebo plus "
        "paclitaxel in 703 patients.\n\nTable 3. Selected adverse events, any grade, n (%)\n\n"
        "                              Fruquintinib +        Placebo +\n"
        "                              paclitaxel (n=350)    paclitaxel (n=349)\n"
        "Alopecia                      126 (36·0)            119 (34·1)\n"
        "Diarrhoea                      88 (25·1)             52 (14·9)\n"
        "Epistaxis                      41 (11·7)              5 (1·4)\n",
        encoding="utf-8",
    )
    p = read(file, "t")
    found = [f for f in extract(p).findings if f.binding == "table"]
    assert [(f.endpoint_term, f.value, f.n, f.N) for f in found[:2]] == [
        ("Alopecia", "36.0", "126", "350"),
        ("Alopecia", "34.1", "119", "349"),
    ]
    assert [f.arm.drugs for f in found[:2] if f.arm] == [("fruquintinib", "paclitaxel"), ("paclitaxel",)]
    assert p.text[found[0].span.start : found[0].span.end] == "36·0"
    assert len(found) == 6


# ---------------------------------------------------------------------------------------------- cell forms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.4", [("number", "12.4", "", "", "")]),
        ("126 (36.0)", [("share", "36.0", "126", "", "")]),
        ("126(36.0%)", [("share", "36.0", "126", "", "")]),
        ("36.0 (126/350)", [("share", "36.0", "126", "350", "")]),
        ("126/350 (36.0%)", [("share", "36.0", "126", "350", "")]),
        ("45/62", [("fraction", "45", "45", "62", "")]),
        ("12.4 vs 6.9", [("number", "12.4", "", "", ""), ("number", "6.9", "", "", "")]),
        ("12.4(8.3~19.3)", [("number", "12.4", "", "", "8.3")]),
        ("NE(12.6~NE)", [("unreached", "", "", "", "12.6")]),
        ("未达到 对 6.9", [("unreached", "", "", "", ""), ("number", "6.9", "", "", "")]),
        ("—", []),
        ("-", []),
        ("NA", []),
        ("Isa-Pd", []),
        ("12.4 (see text)", []),
    ],
)
def test_cell_forms(text, expected):
    assert [(v.form, v.value, v.n, v.N, v.low) for v in cell_values(text)] == expected


def test_cells_of_bounds_and_p_values():
    assert interval("0.47-0.85") == ("0.47", "0.85", "")
    assert interval("(95%CI 3.1~NE)") == ("3.1", "NE", "95")
    assert interval("12.4") is None
    assert [p_value(t) for t in ("<0.001", "0.03", "P=0.0010", "NS", "—", "4.8")] == [
        "<0.001",
        "0.03",
        "0.0010",
        "",
        "",
        "",
    ]


# ----------------------------------------------------------------------------------------- hostile tables


@pytest.mark.parametrize(
    "cells",
    [
        (),
        (Cell(0, 0, ()),),
        (Cell(0, 0, (Span(0, 3),)),),
        (
            Cell(5, 900_000_000, (Span(0, 3),), rows=10**9, columns=10**9, header=True),
            Cell(9, 3, (Span(4, 6),)),
        ),
        (
            Cell(0, 0, (Span(0, 0),), header=True),
            Cell(0, 0, (Span(0, 3),)),
            Cell(1, 7, (Span(2, 4),), columns=0),
        ),
    ],
)
def test_hostile_tables_give_nothing_and_no_error(cells):
    assert told(Paper("p", "p", "0", "PFS 12.4 months\n", tables=(Table(1, cells),))) == []


def test_ragged_rows():
    p = paper(
        ICARIA, [["Trial", "Regimen"], ["ICARIA-MM"], ["Pd", "12", "13", "14"], ["", "", "", "", "9"], []]
    )
    assert told(p) == []


def _seconds(n: int, row: Callable[[int], list[str | tuple[str, int]]]) -> float:
    p = paper(ICARIA, [["Event, n (%)", "Isa-Pd (n=152)", "Pd (n=149)", "x", "P"], *map(row, range(n))])
    begin = time.perf_counter()
    extract(p)
    return time.perf_counter() - begin


@pytest.mark.growth
@pytest.mark.parametrize(
    "row",
    [
        lambda i: ["Neutropenia", "12 (3.4)", "8 (2.1)", "5", "0.03"],
        lambda i: ["", "12 (3.4)", "8 (2.1)", "5", "0.03"],
        lambda i: [f"TRIAL-{i}", "12 (3.4)", "8 (2.1)", f"{i}", "0.03"],
        lambda i: [*[""] * i, "12 (3.4)"],
    ],
    ids=["same", "blank", "new", "stairs"],
)
def test_thousands_of_cells_stay_linear(row):
    _seconds(10, row)
    assert _seconds(800, row) < 8 * max(_seconds(200, row), 0.1)
