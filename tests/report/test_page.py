"""The page holds every row, is the same twice, and lets nothing that a paper says become markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from isa_extract.errors import OutputError
from isa_extract.records import Paper
from isa_extract.report import render_report, write_report
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS

Made = Callable[..., Any]
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>]]>--></style>&amp;{{ 7*7 }}"""


def test_every_row_is_there_with_its_value_and_sentence(page: Made) -> None:
    rows = [
        {"value": f"{i}.5", "value_text": f"{i}.5", "sentence": f"In row {i}, {i}.5%."} for i in range(40)
    ]
    document = page(*rows)
    shown = document.all("tbody", class_="row")
    assert len(shown) == 40
    for i, row in enumerate(shown):
        assert row.attributes["data-id"] == f"id{i}"
        assert f"{i}.5%" in row.text and f"In row {i}," in row.text
        assert [mark.text for mark in document.under(row, "mark")] == [f"{i}.5"]
    assert "40 of 40 rows" in document.all("output")[0].text


def test_hostile_text_stays_text(evidence_of: Made, trials_of: Made, page: Made) -> None:
    free = [column for column in EVIDENCE_COLUMNS if column not in ("doc_id", "trial_name")]
    told = page(
        dict.fromkeys(free, HOSTILE) | {"value_text": "1"},
        dict.fromkeys(free, HOSTILE) | {"statistic": "hazard_ratio", "value": "0.5", "ci_low": HOSTILE},
        dict.fromkeys(free, HOSTILE) | {"statistic": "rate", "value": "5", "unit": "%"},
        {"trial_name": HOSTILE, "doc_id": HOSTILE},
        trials=[dict.fromkeys(TRIAL_COLUMNS, HOSTILE)],
        papers=[Paper(HOSTILE, HOSTILE, "", "text", notices=(HOSTILE,))],
        run={
            "version": HOSTILE,
            "rulebook": HOSTILE,
            "failures": [{"source": HOSTILE, "reason": HOSTILE}, HOSTILE],
        },
    )
    clean = page({})
    assert len(told.all("script")) == len(clean.all("script")) == 2
    assert not told.all("img")
    assert not [name for e in told.elements for name in e.attributes if name.startswith("on")]
    assert told.all("style")[0].text == clean.all("style")[0].text
    for tag in ("td", "blockquote", "li", "option", "title"):
        assert any(HOSTILE in element.text for element in told.all(tag)), tag


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\x0c", "\uffff"])
def test_characters_that_no_page_may_hold_are_left_out(
    character: str, evidence_of: Made, trials_of: Made
) -> None:
    evidence = evidence_of({"sentence": f"ORR{character} was 50%."})
    html = render_report([], evidence, trials_of({}), {})
    assert character not in html
    html.encode("utf-8")


def test_the_same_input_gives_the_same_bytes(
    tmp_path: Path, evidence_of: Made, trials_of: Made, hazard: dict[str, str]
) -> None:
    for name in ("one", "two"):
        write_report(tmp_path / name, [], evidence_of(hazard, {}), trials_of({}), {"rulebook": "abc"})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_file_that_cannot_be_written_is_one_line_and_leaves_nothing(
    tmp_path: Path, evidence_of: Made, trials_of: Made
) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OutputError, match=r"report\.html: cannot be written"):
        write_report(tmp_path / "report.html", [], evidence_of({}), trials_of({}), {})
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_nothing_comes_from_elsewhere(page: Made, hazard: dict[str, str]) -> None:
    document = page(hazard, {})
    for element in document.elements:
        for name in ("src", "href", "action", "srcset"):
            assert element.attributes.get(name, "#").startswith(("#", "data:")), element
    assert not re.search(r"url\(|@import|https?:", document.all("style")[0].text)
    assert "default-src 'none'" in document.all("meta")[2].attributes["content"]


def test_every_link_leads_somewhere_and_no_id_is_twice(page: Made, hazard: dict[str, str]) -> None:
    document = page(hazard, {"flags": "n-over-N"}, {"trial_name": "OTHER"}, run={"failures": ["x"]})
    ids = [e.attributes["id"] for e in document.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = {e.attributes["href"].removeprefix("#") for e in document.all("a")}
    labels = {e.attributes["aria-labelledby"] for e in document.elements if "aria-labelledby" in e.attributes}
    assert links | labels <= set(ids)
    assert {"evidence", "flagged", "failures", "paper-1", "row-1"} <= links


def test_empty_tables_make_a_page(page: Made) -> None:
    empty = render_report([], pd.DataFrame(), pd.DataFrame(), {})
    assert "No value was found" in empty and "<svg" not in empty
    document = page(trials=[], papers=[Paper("lone", "lone.txt", "", "")])
    assert "No study was found in this paper" in document.all("section", class_="paper")[0].text


def test_empty_cells_may_be_missing_values(evidence_of: Made, trials_of: Made) -> None:
    evidence = evidence_of({"subgroup": ""}).replace("", None)
    html = render_report([], evidence, trials_of({}), {})
    assert not re.search(r"\b(nan|None|NaN)\b", html.split("</style>")[1].split("<script>")[0])


def test_failures_are_told_with_reason_and_remedy(page: Made) -> None:
    failures = [{"source": "scan.pdf", "reason": "encrypted", "remedy": "save it without a password"}]
    section = page({}, run={"failures": failures}).all("section", id="failures")[0]
    assert all(word in section.text for word in failures[0].values())
    assert not page({}).all("section", id="failures")


def test_filters_offer_what_the_rows_hold(page: Made) -> None:
    document = page(
        {"arm": "A", "comparator": "B"}, {"arm": "", "endpoint": "OS"}, {"arm": "B", "flags": "n-over-N"}
    )
    options = {
        select.attributes["name"]: {o.text: o.attributes["value"] for o in document.under(select, "option")}
        for select in document.all("select")
    }
    assert set(options) == {"study", "arm", "endpoint", "flag"}
    rows = document.all("tbody", class_="row")

    def kept(name: str, label: str) -> list[int]:
        wanted = options[name][label]
        return [i for i, row in enumerate(rows) if wanted in row.attributes[f"data-{name}"].split()]

    assert kept("arm", "A") == [0] and kept("arm", "B") == [0, 2] and kept("arm", "no arm") == [1]
    assert kept("endpoint", "OS") == [1] and kept("flag", "flagged") == [2]
    assert kept("flag", "More events than patients") == [2]


def test_chinese_is_marked_as_chinese(page: Made) -> None:
    document = page({"arm": "观察组", "sentence": "观察组ORR为50%。", "lang": "zh"})
    assert document.all("html")[0].attributes["lang"] == "en"
    assert document.all("blockquote")[0].attributes["lang"] == "zh"
    for element in document.elements:
        if element.tag in ("span", "option", "tspan") and element.text == "观察组":
            assert element.attributes.get("lang") == "zh"
    assert document.all("span", lang="zh")
