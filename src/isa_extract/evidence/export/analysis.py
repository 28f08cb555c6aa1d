"""For meta-analysis: comparisons of two arms, as R's ``meta`` and ``metafor`` take them, and RevMan.

Dichotomous outcomes need events and totals in both arms; ratios are pooled by their logarithm and its
standard error, which is taken from the interval: SE = (ln upper - ln lower) / (2 z), z = 1.96 at 95 %
(Cochrane Handbook for Systematic Reviews of Interventions, section 6.3.2). Only facts that nobody disputes, and
of each only its latest data cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, log
from statistics import NormalDist
from typing import Final

from isa_extract.checking.arithmetic import decimals, possible_roundings, printed_count, printed_number
from isa_extract.evidence.decisions import Claim
from isa_extract.evidence.export.tables import Rows
from isa_extract.evidence.facts import Evidence, Fact
from isa_extract.evidence.normal_forms import Slot

ANALYSIS_COLUMNS: Final = (
    *(
        "study",
        "trial_name",
        "endpoint",
        "endpoint_term",
        "statistic",
        "timepoint",
        "subgroup",
        "stage",
        "threshold",
    ),
    *("grade", "followup", "arm", "comparator", "event.e", "n.e", "event.c", "n.c", "TE", "seTE"),
    *("sm", "events_from", "doc_ids", "pages", "fact_ids"),
)
"""Events and totals in the names of ``meta`` (``metabin``), log ratios in those of ``metagen``; ``sm`` is the
summary measure that ``TE`` is on the log scale of. ``events_from`` is ``percentage`` where the events were not
printed and exactly one count of the printed total rounds to the printed percentage."""

REVMAN_COLUMNS: Final = (
    *(
        "Analysis group",
        "Analysis number",
        "Analysis name",
        "Subgroup",
        "Applicability",
        "Study",
        "Study year",
    ),
    *("GIV Mean", "GIV SE", "Experimental mean", "Experimental SD", "Experimental cases", "Experimental N"),
    *("Control mean", "Control SD", "Control cases", "Control N", "O-E", "Variance", "Weight", "Mean"),
    *("CI start", "CI end", "Footnotes"),
)
"""The columns of RevMan's own table of analysis data."""

_RATIOS: Final = {"hazard_ratio": "HR", "odds_ratio": "OR", "risk_ratio": "RR"}


def analysis_rows(evidence: Evidence) -> Rows:
    """A row for each comparison."""
    settled = [
        (fact, fact.latest.positions[0].lead)
        for fact in evidence.facts
        if fact.latest.standing not in ("conflict", "several")
    ]
    rows = [*_ratios(settled), *_events(evidence, settled)]
    order = ("study", "endpoint", "endpoint_term", "sm", "timepoint", "subgroup", "arm")
    return sorted(rows, key=lambda row: [row[name] for name in order])


def _ratios(settled: list[tuple[Fact, Claim]]) -> Iterator[dict[str, str]]:
    for fact, claim in settled:
        measure = _RATIOS.get(fact.slot.statistic)
        pooled = log_ratio(
            claim.row["value"], claim.row["ci_low"], claim.row["ci_high"], claim.row["ci_level"]
        )
        if measure and pooled and fact.slot.arm and fact.slot.comparator:
            effect, error = pooled
            told = {"sm": measure, "TE": f"{effect:.6g}", "seTE": f"{error:.6g}", "events_from": ""}
            yield _row(fact, [claim]) | told | {"comparator": claim.row["comparator"]}


def log_ratio(value: str, low: str, high: str, level: str) -> tuple[float, float] | None:
    """The logarithm of a ratio and its standard error; None where the interval is not printed whole."""
    told = [printed_number(cell) for cell in (value, low, high, level or "95")]
    if any(number is None or number <= 0 for number in told):
        return None
    ratio, lower, upper, percent = (float(number) for number in told if number is not None)
    if not lower < upper or not 50 < percent < 100:
        return None
    z = NormalDist().inv_cdf(0.5 + percent / 200)
    return log(ratio), (log(upper) - log(lower)) / (2 * z)


def _events(evidence: Evidence, settled: list[tuple[Fact, Claim]]) -> Iterator[dict[str, str]]:
    """Pairs of an experimental and a control arm with events and totals of the same outcome."""
    by_outcome: defaultdict[tuple[str, Slot], list[tuple[Fact, Claim]]] = defaultdict(list)
    for fact, claim in settled:
        if fact.slot.statistic in ("rate", "count") and fact.slot.arm:
            by_outcome[fact.study.key, replace(fact.slot, arm="", statistic="", unit="")].append(
                (fact, claim)
            )
    for told in by_outcome.values():
        sides: defaultdict[str, dict[str, tuple[Fact, Claim]]] = defaultdict(dict)
        for fact, claim in sorted(told, key=lambda one: one[0].slot.statistic == "count"):
            if counted(claim) is not None:
                sides[claim.row["arm_role"]].setdefault(fact.slot.arm, (fact, claim))
        if len(sides["control"]) != 1:
            continue
        ((_, control),) = sides["control"].values()
        for fact, claim in sides["experimental"].values():
            mine, other = counted(claim), counted(control)
            if mine is None or other is None or claim.row["followup"] != control.row["followup"]:
                continue
            (events, total, how), (events_c, total_c, how_c) = mine, other
            yield _row(fact, [claim, control]) | {
                "event.e": str(events),
                "n.e": str(total),
                "event.c": str(events_c),
                "n.c": str(total_c),
                "comparator": control.row["arm"],
                "sm": "RR",
                "events_from": how or how_c,
            }


def counted(claim: Claim) -> tuple[int, int, str] | None:
    """Events, patients, and whether the events had to be reckoned from the percentage."""
    row = claim.row
    total = printed_count(row["N"])
    if not total or row["qualifier"] != "=":
        return None
    if row["statistic"] == "count":
        events = printed_count(row["n"] or row["value"])
        return (events, total, "") if events is not None and events <= total else None
    events = printed_count(row["n"])
    if events is not None:
        return (events, total, "") if events <= total else None
    value = printed_number(row["value"])
    if (
        value is None
        or row["unit"] != "%"
        or (row["timepoint"] and row["endpoint"] in ("PFS", "OS", "EFS", "DOR"))
    ):
        return None  # a rate read off a curve is no count of these patients
    fitting = _counts(value, total)
    return (fitting[0], total, "percentage") if len(fitting) == 1 else None


def _counts(percentage: Decimal, total: int) -> list[int]:
    places = decimals(percentage)
    wanted = int(Fraction(percentage) * 10**places)
    near = Fraction(percentage) * total / 100
    reach = Fraction(total, 100 * 10**places) + 1
    some = range(max(0, floor(near - reach)), min(total, ceil(near + reach)) + 1)
    return [c for c in some if wanted in possible_roundings(Fraction(100 * c, total), places)]


def _row(fact: Fact, claims: list[Claim]) -> dict[str, str]:
    row = claims[0].row
    told = {name: row.get(name, "") for name in ANALYSIS_COLUMNS}
    return told | {
        "study": fact.study.key,
        "trial_name": fact.study.trial_name,
        "doc_ids": ";".join(dict.fromkeys(c.paper for c in claims)),
        "pages": ";".join(c.row["page"] for c in claims),
        "fact_ids": fact.id,
    }


def revman_rows(evidence: Evidence) -> Rows:
    """The same comparisons as RevMan's analyses: one for each outcome and measure, numbered in order."""
    numbers: dict[str, int] = {}
    rows = []
    for told in analysis_rows(evidence):
        pooled = bool(told["TE"])
        kind = f"{told['sm']}, generic inverse variance" if pooled else "dichotomous"
        what = " ".join(filter(None, (told["endpoint"], told["endpoint_term"], told["timepoint"])))
        grade = f" grade {told['grade']}" if told["grade"] else ""
        name = f"{what}{grade} ({kind})"
        number = numbers.setdefault(name, len(numbers) + 1)
        rows.append(
            dict.fromkeys(REVMAN_COLUMNS, "")
            | {
                "Analysis group": "1",
                "Analysis number": str(number),
                "Analysis name": name,
                "Subgroup": told["subgroup"],
                "Applicability": "STUDY",
                "Study": told["trial_name"] or told["study"],
                "GIV Mean": told["TE"],
                "GIV SE": told["seTE"],
                "Experimental cases": told["event.e"],
                "Experimental N": told["n.e"],
                "Control cases": told["event.c"],
                "Control N": told["n.c"],
                "Footnotes": f"{told['arm']} vs {told['comparator']}; {told['doc_ids']} p. {told['pages']}",
            }
        )
    return sorted(rows, key=lambda row: (int(row["Analysis number"]), row["Subgroup"], row["Study"]))
