"""The current table in every format: whole, typed, linked to its pages, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import jsonschema
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers_of_rows import ICARIA, ISA_PD, PD, evidence, paper, row

from isa_extract.errors import OutputError
from isa_extract.evidence.export import FORMATS, export
from isa_extract.evidence.export.analysis import log_ratio
from isa_extract.evidence.export.cells import csv_text, harmless
from isa_extract.evidence.export.tables import TABLE_COLUMNS
from isa_extract.evidence.store import Known

HR = {
    "endpoint": "PFS",
    "statistic": "hazard_ratio",
    "unit": "",
    "comparator": PD.label,
    "comparator_drugs": "+".join(PD.drugs),
}
ORR = {"endpoint": "ORR", "statistic": "rate", "unit": "%"}

TOLD = evidence(
    paper(
        "en",
        row(value="11.53", page="4", sentence="=cmd|' /C calc'!A0"),
        row(PD, value="6.47"),
        row(value="0.596", ci_low="0.44", ci_high="0.81", ci_level="95", **HR),
        row(value="60.4", n="93", N="154", **ORR),
        row(PD, value="35.3", N="153", **ORR),
    ),
    paper("zh", row(value="11.5", lang="zh"), row(PD, value="7.7", lang="zh", sentence="中位PFS为7.7个月")),
)
PAPERS = {
    name: Known(name, f"/papers/{name} one.pdf", "", "", "", {"title": f"On {name}", "doi": "10.1000/x"})
    for name in ("en", "zh")
}


def written(form, told=TOLD):
    return FORMATS[form](told, PAPERS)


def as_csv(form, told=TOLD):
    return list(csv.DictReader(io.StringIO(written(form, told).decode())))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_the_same_twice_and_can_be_empty(form):
    assert written(form) == written(form)
    FORMATS[form](evidence(), {})


def test_csv_has_a_row_for_each_value_with_its_standing():
    rows = as_csv("csv")
    assert tuple(rows[0]) == TABLE_COLUMNS
    told = {(r["arm"], r["endpoint"], r["statistic"], r["value"]): (r["standing"], r["papers"]) for r in rows}
    assert told["Isa-Pd", "PFS", "median", "11.53"] == ("confirmed", "en;zh")
    assert told["Pd", "PFS", "median", "6.47"] == ("conflict", "en")
    assert told["Pd", "PFS", "median", "7.7"] == ("conflict", "zh")


def test_conflicts_have_both_places():
    (only,) = as_csv("conflicts")
    assert (only["doc_id"], only["value"], only["other_doc_id"], only["other_value"]) == (
        "en",
        "6.47",
        "zh",
        "7.7",
    )
    assert only["other_sentence"] == "中位PFS为7.7个月"


def test_a_workbook_has_its_sheets_frozen_heads_filters_and_links():
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx")))
    assert book.sheetnames == ["evidence", "trials", "conflicts", "checks", "coverage"]
    for sheet in book:
        assert sheet.freeze_panes and sheet.auto_filter.ref, sheet.title
    sheet = book["evidence"]
    heads = [cell.value for cell in sheet[1]]
    first = next(line for line in sheet.iter_rows(min_row=2) if line[heads.index("value")].value == 11.53)
    page = first[heads.index("page")]
    assert page.value == '=HYPERLINK("file:///papers/en%20one.pdf#page=4",4)'
    sentence = first[heads.index("sentence")]
    assert (sentence.data_type, sentence.value) == ("s", "'=cmd|' /C calc'!A0")


def test_json_is_as_its_schema_says():
    told = json.loads(written("json"))
    schema = json.loads(written("json-schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema)
    confirmed = next(r for r in told["evidence"] if r["standing"] == "confirmed")
    assert [one["doc_id"] for one in confirmed["said_by"]] == ["en", "zh"]
    told["evidence"][0]["standing"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema)


def test_parquet_has_the_rows_of_csv_as_they_are():
    table = pd.read_parquet(io.BytesIO(written("parquet")))
    assert tuple(table.columns) == TABLE_COLUMNS
    assert table["value"].tolist() == [r["value"] for r in as_csv("csv")]
    assert any(cell.startswith("=cmd") for cell in table["sentence"])  # no spreadsheet: nothing to defuse


def test_metafor_has_events_totals_and_log_ratios():
    rows = as_csv("metafor")
    events = next(r for r in rows if r["endpoint"] == "ORR")
    assert [events[c] for c in ("arm", "comparator", "event.e", "n.e", "event.c", "n.c")] == [
        "Isa-Pd",
        "Pd",
        "93",
        "154",
        "54",
        "153",
    ]
    assert events["events_from"] == "percentage"
    ratio = next(r for r in rows if r["sm"] == "HR")
    assert float(ratio["TE"]) == pytest.approx(math.log(0.596), abs=1e-5)
    assert float(ratio["seTE"]) == pytest.approx((math.log(0.81) - math.log(0.44)) / (2 * 1.959964), abs=1e-5)


def test_disputed_facts_are_not_pooled():
    told = evidence(
        paper("a", row(value="0.5", ci_low="0.4", ci_high="0.6", **HR)), paper("b", row(value="0.7", **HR))
    )
    assert as_csv("metafor", told) == []


def test_revman_has_both_kinds_of_rows():
    by_kind = {bool(r["GIV Mean"]): r for r in as_csv("revman")}
    assert by_kind[False]["Experimental cases"] == "93" and by_kind[False]["Control N"] == "153"
    assert by_kind[True]["GIV SE"] and by_kind[True]["Study"] == "ICARIA-MM"
    assert by_kind[True]["Analysis name"] == "PFS (HR, generic inverse variance)"


@pytest.mark.parametrize(
    "cells",
    [
        ("0.5", "0.4", "", ""),
        ("0.5", "0.4", "NR", ""),
        ("0", "0", "1", ""),
        ("0.5", "0.6", "0.4", ""),
        ("0.5", "0.4", "0.6", "4"),
    ],
)
def test_no_standard_error_without_a_whole_interval(cells):
    assert log_ratio(*cells) is None


@given(st.floats(0.05, 5), st.floats(0.02, 2), st.sampled_from(["90", "95", "99"]))
def test_the_standard_error_gives_the_interval_back(ratio, error, level):
    from statistics import NormalDist

    z = NormalDist().inv_cdf(0.5 + float(level) / 200)
    low, high = (math.exp(math.log(ratio) + sign * z * error) for sign in (-1, 1))
    effect, found = log_ratio(f"{ratio:.12f}", f"{low:.12f}", f"{high:.12f}", level)
    assert (effect, found) == (pytest.approx(math.log(ratio), abs=1e-6), pytest.approx(error, rel=1e-4))


def test_ris_has_a_record_for_each_paper():
    records = written("ris").decode().split("ER  - \r\n")
    assert len(records) == 3 and not records[2].strip()
    assert (
        "TY  - JOUR\r\n" in records[0]
        and "TI  - On en\r\n" in records[0]
        and "DO  - 10.1000/x\r\n" in records[0]
    )
    assert "KW  - NCT02990338\r\n" in records[1]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-", "+", "-1-1", "=-1"]
)
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "-0.35", "+2", "-1e-5", "0.5", "a=b", "'=1", "未达到", "<0.001", ">=3"])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_no_cell_of_a_csv_begins_a_formula(cells):
    text = csv_text(("a", "b"), [{"a": cells[0], "b": cells[1]}])
    _, line = csv.reader(io.StringIO(text, newline=""))
    for cell, was in zip(line, cells, strict=True):
        told = was.replace("\r\n", "\n").replace("\r", "\n")
        assert cell.removeprefix("'") == told.removeprefix("'")
        assert not cell.startswith(("=", "@", "\t", "\r")) and (
            cell[:1] not in "+-" or not cell or float(cell) is not None
        )


def test_a_file_is_replaced_whole_or_left_alone(tmp_path, monkeypatch):
    out = tmp_path / "table.csv"
    export(TOLD, "csv", out, PAPERS)
    before = out.read_bytes()
    monkeypatch.setattr(
        Path, "replace", lambda *given: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(OutputError, match=r"table\.csv: cannot be written: No space left"):
        export(evidence(), "csv", out, PAPERS)
    assert out.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["table.csv"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        export(TOLD, "csv", tmp_path / "no" / "table.csv", PAPERS)


def test_studies_told_otherwise_are_shown_with_both_figures():
    from isa_extract.evidence.export.tables import study_rows

    told = [replace(ICARIA, n_enrolled=n, arms=(ISA_PD, PD)) for n in ("307", "306")]
    (only,) = study_rows(evidence(*(paper(name, study=s) for name, s in zip("ab", told, strict=True))))
    assert (only["n_enrolled"], only["arms"], only["papers"]) == ("307;306", "Isa-Pd;Pd", "a;b")
