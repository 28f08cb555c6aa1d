"""What an update changed, as one self-contained page: conflicts first, both sentences side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from isa_extract.pages import environment, printable
from isa_extract.report import words

_HEADINGS: Final = (
    ("conflict", "In conflict", "At the same data cut, figures that cannot both be right."),
    ("updated", "Updated", "Known at an earlier data cut; this is a later one."),
    ("withdrawn", "Withdrawn", "Said before, and no longer."),
    ("confirmed", "Confirmed", "Another paper says the same, perhaps rounded otherwise."),
    ("new", "New", "Nobody said it before."),
)


def render_changes(
    changes: Sequence[Mapping[str, str]], papers: Sequence[str], failures: Sequence[tuple[str, str, str]]
) -> str:
    """The page as HTML.

    Args:
        changes: rows of ``changes.csv``.
        papers: names of the papers that went in.
        failures: source, reason and remedy of each that could not be read.
    """
    templates = environment("isa_extract.report")
    templates.tests["chinese"] = words.has_han
    groups = [
        (kind, title, about, [_line(row) for row in changes if row["change"] == kind])
        for kind, title, about in _HEADINGS
    ]
    page = templates.get_template("changes.html").render(
        groups=[group for group in groups if group[3]], papers=papers, failures=failures, changes=len(changes)
    )
    return printable(page)


def _line(row: Mapping[str, str]) -> dict[str, str]:
    """What is told of, in words, and both sides."""
    statistic = "" if row["statistic"] in ("rate", "median") else words.statistic_name(row["statistic"])
    what = [row["endpoint_term"] or words.endpoint_name(row["endpoint"]), statistic]
    what += [f"grade {row['grade']}" if row["grade"] else "", row["timepoint"], row["subgroup"], row["stage"]]
    return {
        "study": row["trial_name"] or row["trial_id"] or row["study"],
        "arm": " vs ".join(filter(None, (row["arm"], row["comparator"] if statistic else ""))),
        "what": ", ".join(filter(None, what)),
        "note": row["note"],
        **_side(row, ""),
        **_side(row, "other_"),
    }


def _side(row: Mapping[str, str], side: str) -> dict[str, str]:
    def cell(name: str) -> str:
        return row[side + name]

    sign = "" if cell("qualifier") in ("=", "NR", "NE") else cell("qualifier")
    value = cell("value") or {"NR": "not reached", "NE": "not evaluable"}.get(cell("qualifier"), "")
    unit = cell("unit") if cell("unit") == "%" else f" {cell('unit')}" if cell("unit") else ""
    interval = f" ({cell('ci_low')} to {cell('ci_high')})" if cell("ci_low") or cell("ci_high") else ""
    return {
        f"{side}value": f"{sign}{value}{unit if cell('value') else ''}{interval}",
        f"{side}followup": cell("followup"),
        f"{side}place": cell("doc_id") + (f", page {cell('page')}" if cell("page") else ""),
        f"{side}sentence": cell("sentence"),
    }
