"""The page of what an update changed."""

from __future__ import annotations

from isa_extract.evidence.merge import CHANGE_COLUMNS
from isa_extract.report.changes import render_changes


def change(kind, **cells):
    return dict.fromkeys(CHANGE_COLUMNS, "") | {
        "change": kind,
        "trial_name": "ICARIA-MM",
        "arm": "Isa-Pd",
        "endpoint": "ORR",
        "statistic": "rate",
        "qualifier": "=",
        "unit": "%",
        "value": "63",
        "doc_id": "en",
        "page": "7",
        "sentence": "The ORR was 63%.",
        **cells,
    }


def test_a_conflict_shows_both_sentences_and_places():
    other = {
        "other_value": "60.4",
        "other_unit": "%",
        "other_qualifier": "=",
        "other_doc_id": "zh",
        "other_page": "3",
    }
    page = render_changes(
        [change("conflict", **other, other_sentence="ORR为60.4%。", note="values apart")], ["en"], []
    )
    for told in (
        "In conflict",
        "The ORR was 63%.",
        "ORR为60.4%。",
        "en, page 7",
        "zh, page 3",
        "values apart",
        "63%",
        "60.4%",
    ):
        assert told in page
    assert '<span lang="zh">ORR为60.4%。</span>' in page


def test_conflicts_come_first_and_what_is_not_there_has_no_heading():
    page = render_changes([change("new"), change("conflict")], ["en"], [])
    assert page.index("In conflict</h2>") < page.index("New</h2>")
    assert "Withdrawn" not in page


def test_text_of_papers_is_no_markup():
    page = render_changes(
        [change("new", sentence="<script>alert(1)</script>\x00")], ["<b>"], [("a.pdf", "<i>", "")]
    )
    assert "<script>alert" not in page and "<b>" not in page and "<i>" not in page and "\x00" not in page


def test_values_are_told_in_words():
    page = render_changes(
        [change("new", value="", qualifier="NR", endpoint="OS", statistic="median", unit="month")], ["en"], []
    )
    assert "not reached" in page
    page = render_changes([change("new", qualifier="<", value="5", ci_low="1", ci_high="9")], ["en"], [])
    assert "&lt;5% (1 to 9)" in page
