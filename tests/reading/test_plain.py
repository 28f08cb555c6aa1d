"""Plain text: what is a paragraph, a heading, a running head, a table."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from isa_extract.errors import PaperError
from isa_extract.reading import read
from isa_extract.reading.plain import arrange
from isa_extract.records import Block


def shown(text: str) -> list[tuple[str, str, str]]:
    """Blocks as kind, section and words, lines joined by a bar."""
    blocks, _ = arrange(text)
    return [(b.kind, b.section, "|".join(text[s.start : s.end] for s in b.lines)) for b in blocks]


def of(text: str, needle: str) -> Block:
    blocks, _ = arrange(text)
    at = text.index(needle)
    return next(b for b in blocks if any(s.start <= at < s.end for s in b.lines))


def in_a_block(text: str, needle: str) -> bool:
    blocks, _ = arrange(text)
    at = text.index(needle)
    return any(s.start <= at < s.end for b in blocks for s in b.lines)


def test_one_line_is_one_paragraph() -> None:
    text = (
        "一项系统评价\n\n一、塞利尼索\n中位PFS为13.93个月。ORR为76.4%。\n二、伊沙佐米\n中位PFS为20.6个月。\n"
    )
    assert shown(text) == [
        ("title", "front", "一项系统评价"),
        ("heading", "body", "一、塞利尼索"),
        ("paragraph", "body", "中位PFS为13.93个月。ORR为76.4%。"),
        ("heading", "body", "二、伊沙佐米"),
        ("paragraph", "body", "中位PFS为20.6个月。"),
    ]


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffORR为 76.4%。\r\n第二段。\r\n".encode())
    paper = read(path, "a")
    assert paper.text == "ORR为 76.4%。\r\n第二段。\r\n"
    assert [paper.text[s.start : s.end] for b in paper.blocks for s in b.lines] == [
        "ORR为 76.4%。",
        "第二段。",
    ]
    assert paper.pages == () and paper.boxes is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("中位".encode("gb18030"), "not UTF-8"),
        (b"a\0b", "NUL"),
        (b" \n\t\n", "no text"),
        (b"", "empty"),
        (b"%PDF-1.4 ...", "named .txt"),
    ],
)
def test_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(PaperError, match=reason) as caught:
        read(path, "a")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "starts", "outside"),
    [
        (
            "zh-02.txt",
            ["3.1.", "卡非佐米(carf", "3.2.", "III 期 ASPIRE", "3.3.", "III 期 CANDOR"],
            ["刘佳宁", "DOI: 10.99999"],
        ),
        (
            "en-02.txt",
            [
                "Daratumumab comb",
                "Four randomised",
                "CASTOR (NCT",
                "In POLLUX",
                "CANDOR (NCT",
                "Finally,",
                "Panel:",
            ],
            ["e271", "e272", "e273", "                 Review"],
        ),
    ],
)
def test_imitated_pdf(shared: Path, name: str, starts: list[str], outside: list[str]) -> None:
    text = (shared / "examples" / name).read_text(encoding="utf-8")
    blocks, _ = arrange(text)
    firsts = [text[b.lines[0].start : b.lines[0].end] for b in blocks]
    assert len(firsts) == len(starts)
    for first, start in zip(firsts, starts, strict=True):
        assert first.startswith(start)
    for needle in outside:
        stripped = needle.strip()
        at = text.index(needle) + needle.index(stripped)
        assert not any(s.start <= at < s.end for b in blocks for s in b.lines), needle


def test_paragraph_runs_on_over_a_page_foot(shared: Path) -> None:
    text = (shared / "examples" / "zh-02.txt").read_text(encoding="utf-8")
    assert of(text, "KRd 组的中位 PFS 达") is not None
    assert of(text, "KRd 组的中位 PFS 达").lines == of(text, "26.3 个月，较对照组").lines


def test_sections_of_a_paper() -> None:
    text = "\n".join(
        [
            "多发性骨髓瘤治疗进展",
            "张三，李四",
            "【摘要】 目的 探讨疗效。结果 ORR为86.6%。",
            "【关键词】 多发性骨髓瘤；单抗",
            "1. 引言",
            "多发性骨髓瘤是一种血液肿瘤。",
            "2. 结果",
            "中位PFS为11.5个月。",
            "利益冲突 所有作者均声明不存在利益冲突。",
            "参考文献",
            "[1] Smith A, et al. Blood, 2020, 135(1): 1-9.",
            "[2] Jones B, et al. Lancet, 2021, 397: 2361.",
            "Abstract",
            "ORR was 86.6%.",
        ]
    )
    assert [(kind, section) for kind, section, _ in shown(text)] == [
        ("title", "front"),
        ("heading", "front"),
        ("paragraph", "abstract"),
        ("paragraph", "front"),
        ("heading", "body"),
        ("paragraph", "body"),
        ("heading", "body"),
        ("paragraph", "body"),
        ("paragraph", "back"),
        ("heading", "references"),
        ("reference", "references"),
        ("reference", "references"),
        ("heading", "abstract"),
        ("paragraph", "abstract"),
    ]


def test_references_without_a_heading() -> None:
    entries = [f"[{i}] Smith A, et al. Blood, 2020, 135({i}): 1-9." for i in (1, 2, 3)]
    sections = [section for _, section, _ in shown("\n".join(["中位PFS为11.5个月。", *entries]))]
    assert sections == ["body", "references", "references", "references"]


@pytest.mark.parametrize(
    "table",
    [
        "组别\t例数\tORR(%)\nIsa-Kd\t179\t86.6\nKd\t123\t82.9\n",
        "| 组别 | 例数 | ORR(%) |\n|---|---|---|\n| Isa-Kd | 179 | 86.6 |\n| Kd | 123 | 82.9 |\n",
        "组别     例数   ORR(%)\nIsa-Kd   179    86.6\nKd       123    82.9\n",
    ],
)
def test_tables(table: str) -> None:
    text = f"疗效见表1。\n\n表1 两组疗效比较\n{table}\n两组的ORR均较高。\n"
    blocks, tables = arrange(text)
    cells = {(c.row, c.column): "".join(text[s.start : s.end] for s in c.lines) for c in tables[0].cells}
    rows = [["组别", "例数", "ORR(%)"], ["Isa-Kd", "179", "86.6"], ["Kd", "123", "82.9"]]
    assert cells == {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row)}
    assert [text[s.start : s.end] for s in tables[0].caption] == ["表1 两组疗效比较"]
    assert [b.kind for b in blocks] == ["paragraph", "paragraph"]


@example("1\f1\t1\f1\t1")
@given(st.text(alphabet="。.,， \n\t\f|123abAB中位第 -[]\u3000", max_size=400))
def test_spans_are_in_order_and_inside(text: str) -> None:
    blocks, tables = arrange(text)
    spans = [s for b in blocks for s in b.lines]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all("\n" not in text[s.start : s.end] for s in spans)
    cells = [s for t in tables for c in t.cells for s in c.lines]
    assert not any(a.overlaps(b) for a in cells for b in spans)
