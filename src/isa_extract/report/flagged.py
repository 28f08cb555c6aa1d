"""Flagged rows in plain words: what was checked, what the paper prints, why that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from isa_extract.report.rows import Row, StudyView
from isa_extract.report.words import flag_words
from isa_extract.vocabulary import FLAGS_OF_READING

_DIFFERENCES = ("risk_difference",)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One flag of one row."""

    row: Row
    study: StudyView
    title: str
    check: str
    printed: str
    why: str


def disagreements(studies: list[StudyView]) -> list[Disagreement]:
    """Every flag of every row that its figures earned, in the order of the table."""
    found = []
    for study in studies:
        for row in study.rows:
            for flag in (f for f in row.flags if f not in FLAGS_OF_READING):
                words = flag_words(flag)
                why = _WHY[flag](row, study) if flag in _WHY else ""
                found.append(Disagreement(row, study, words.title, words.check, _printed(row), why))
    return sorted(found, key=lambda one: one.row.number)


def _printed(row: Row) -> str:
    parts = [f"{row.statistic} {row.value}"]
    if row.counts:
        parts.append(f"{row.counts} patients")
    if row.interval:
        parts.append(f"{row['ci_level'] + '% ' if row['ci_level'] else ''}CI {row.interval}")
    if row.p:
        parts.append(row.p)
    return ", ".join(parts)


def _unreachable(row: Row, study: StudyView) -> str:
    value, whole, count = (_decimal(row[column]) for column in ("value", "N", "n"))
    if value is None or whole is None or whole <= 0:
        return "No whole number of patients gives this percentage."
    step = Decimal(1).scaleb(min(-1, int(value.as_tuple().exponent)))

    def share(of: Decimal) -> str:
        return f"{of} of {whole} is {(100 * of / whole).quantize(step, ROUND_HALF_UP)}%"

    if count is not None:
        return f"{share(count)}, but {row['value']}% is printed."
    low = Decimal(int(value * whole / 100))
    near = " and ".join(share(of) for of in (low, low + 1) if of <= whole)
    return f"{near}; no whole number of patients gives {row['value']}%."


def _excluded(row: Row, study: StudyView) -> str:
    value, low = row.number_of("value"), row.number_of("ci_low")
    side = "below" if value is not None and low is not None and value < low else "above"
    return f"{row['value']} lies {side} its own interval, {row.interval}. One of the three figures is wrong."


def _verdicts(row: Row, study: StudyView) -> str:
    null = 0.0 if row["statistic"] in _DIFFERENCES or row["unit"] == "%" else 1.0
    low, high = row.number_of("ci_low"), row.number_of("ci_high")
    if low is None or high is None:
        return f"The interval {row.interval} and {row.p} cannot both be right."
    if low <= null <= high:
        return f"The interval {row.interval} holds {null:g} (no effect), yet {row.p} claims an effect."
    return f"The interval {row.interval} leaves out {null:g} (no effect), yet {row.p} claims none."


def _stranger(row: Row, study: StudyView) -> str:
    arms = " and ".join(dict.fromkeys(a for t in study.trials for a in t["arms"].split(";") if a))
    told = f"Its arms are told as {arms}." if arms else "This paper names no such arm of it."
    return f"{row['arm'] or 'The arm'} is not an arm of {study.label}. {told}"


def _over(row: Row, study: StudyView) -> str:
    return f"{row['n']} events are more than {row['N']} patients."


def _parts(row: Row, study: StudyView) -> str:
    alike = [
        other
        for other in study.rows
        if (other["arm"], other["unit"], other["subgroup"]) == (row["arm"], row["unit"], row["subgroup"])
        and other["sentence"] == row["sentence"]
    ]
    told = "; ".join(f"{other.endpoint} {other.value}" for other in alike)
    return f"The sentence gives {told}: the parts are more than the whole."


_WHY = {
    "percent-unreachable": _unreachable,
    "ci-excludes-value": _excluded,
    "ci-p-disagree": _verdicts,
    "arm-not-in-trial": _stranger,
    "n-over-N": _over,
    "parts-over-whole": _parts,
}


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
