"""What the pictures show, and where they show nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from isa_extract.report.forest import LEFT, RIGHT, forests
from isa_extract.report.panels import panels
from isa_extract.report.rows import evidence_rows, studies_by_paper

Made = Callable[..., Any]


@pytest.fixture
def studies(evidence_of: Made, trials_of: Made) -> Made:
    def made(*rows: dict[str, str], trials: tuple[dict[str, str], ...] = ({},)) -> Any:
        return studies_by_paper(evidence_rows(evidence_of(*rows)), trials_of(*trials))["paper"]

    return made


def test_a_forest_only_where_hazard_ratios_are(page: Made, hazard: dict[str, str]) -> None:
    assert not page({}, {"statistic": "median", "unit": "month"}).all("figure", data_plot="hazard_ratio")
    two = page(hazard, {"doc_id": "another"})
    forest = two.all("figure", data_plot="hazard_ratio")
    assert len(forest) == 1
    assert forest[0].inside(two.all("section", id="paper-1")[0])
    assert all(
        word in forest[0].text for word in ("TRIAL-1", "A vs B", "PFS", "0.60 (0.44 to 0.81)", "0.0007")
    )


def test_a_ratio_that_is_no_positive_number_is_not_drawn(studies: Made, hazard: dict[str, str]) -> None:
    odd = [hazard | {"value": value} for value in ("", "0", "-1", "nan", "inf", "1e999", "x")]
    assert forests(studies(*odd)) == []


def test_marks_stand_where_the_figures_say(studies: Made, hazard: dict[str, str]) -> None:
    rows = [
        hazard | {"value": "0.5", "ci_low": "0.2", "ci_high": "0.8"},
        hazard | {"value": "1", "ci_low": "0.5", "ci_high": "2"},
        hazard | {"value": "2", "ci_low": "", "ci_high": ""},
        hazard | {"value": "0.7", "ci_low": "0.4", "ci_high": "NR"},
        hazard | {"value": "9", "ci_low": "0.000001", "ci_high": "1000000"},
    ]
    plot = forests(studies(*rows))[0]
    clear, holds, bare, unreached, wide = plot.lines[1:]
    assert [line.mark for line in plot.lines[1:]] == ["clear", "open", "bare", "open", "open"]
    assert holds.x == plot.one and clear.x < plot.one < bare.x
    assert plot.one - clear.x == pytest.approx(bare.x - plot.one, abs=0.2)
    assert (bare.low, bare.high) == (bare.x, bare.x)
    assert unreached.cut == "high" and unreached.high == RIGHT
    assert wide.cut == "low high" and (wide.low, wide.high) == (LEFT, RIGHT)


def test_factors_come_after_effects_of_arms(studies: Made, hazard: dict[str, str]) -> None:
    rows = [hazard | {"subgroup": "factor: LDH", "arm": "", "comparator": ""}, hazard | {"endpoint": "OS"}]
    assert [line.label for line in forests(studies(*rows))[0].lines] == [
        "TRIAL-1",
        "OS, A vs B",
        "PFS, factor: LDH",
    ]


def test_arms_of_one_endpoint_share_a_line(studies: Made) -> None:
    rows = [
        {"arm": "A", "arm_role": "experimental", "value": "60"},
        {"arm": "B", "arm_role": "control", "value": "35"},
        {"arm": "A", "value": "70", "subgroup": "age>=75"},
        {"arm": "", "value": "10"},
    ]
    plot = panels(studies(*rows, trials=({"arms": "B;A"},)))[0]
    heading, both, older = plot.lines
    assert not heading.dots and heading.label == "TRIAL-1"
    assert [(dot.arm, dot.said, dot.mark) for dot in both.dots] == [("A", "60", 0), ("B", "35", 1)]
    assert both.linked and both.dots[0].x > both.dots[1].x
    assert older.label == "ORR, age≥75" and not older.linked


def test_a_time_not_reached_stands_at_the_end_of_the_axis(studies: Made) -> None:
    rows = [
        {"endpoint": "OS", "statistic": "median", "unit": "month", "value": "", "qualifier": "NR"},
        {"endpoint": "OS", "statistic": "median", "unit": "month", "value": "21", "arm": "B"},
    ]
    (plot,) = panels(studies(*rows))
    first, second = plot.lines[1].dots
    assert first.beyond and first.said == "not reached" and not second.beyond
    assert first.x > second.x


def test_two_data_cuts_are_told_apart(studies: Made, hazard: dict[str, str]) -> None:
    cuts = [hazard | {"followup": "11.6 month"}, hazard | {"followup": "35 month"}]
    labels = [line.full for line in forests(studies(*cuts))[0].lines[1:]]
    assert labels == ["PFS, A vs B, follow-up 11.6 months", "PFS, A vs B, follow-up 35 months"]


def test_the_grid_has_a_dot_where_something_is_reported(page: Made) -> None:
    document = page(
        {"trial_name": "ONE", "endpoint": "OS"},
        {"trial_name": "ONE", "endpoint": "OS"},
        {"trial_name": "TWO", "endpoint": "ORR"},
        trials=[{"trial_name": "ONE"}, {"trial_name": "TWO"}, {"trial_name": "SILENT"}],
    )
    grid = document.all("table", class_="grid")[0]
    assert [h.text for h in document.under(grid, "th", scope="col")] == ["ORR", "OS"]
    told = {
        document.under(line, "th")[0].text: [cell.text for cell in document.under(line, "td")]
        for line in document.under(grid, "tr")[1:]
    }
    assert told == {
        "ONE": ["not found", "2"],
        "TWO": ["1", "not found"],
        "SILENT": ["not found", "not found"],
    }


def test_phases_under_one_id_are_two_studies(studies: Made) -> None:
    both = (
        {"trial_name": "", "trial_id": "NCT1", "phase": "I"},
        {"trial_name": "", "trial_id": "NCT1", "phase": "II"},
    )
    one, two = studies({**both[1]}, trials=both)
    assert (one.label, len(one.rows)) == ("NCT1 (phase I)", 0)
    assert (two.label, len(two.rows)) == ("NCT1 (phase II)", 1)
