"""What a table's value measures: which endpoint, which statistic, in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from isa_extract.binding.cells import CellValue
from isa_extract.binding.endpoints import SURVIVAL, TIMES, Endpoint, fits
from isa_extract.binding.labels import Label, first
from isa_extract.finding.quantity import Quantity

EFFECTS = frozenset(("hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference"))
_NO_TERM = re.compile(
    r"reduc|interrupt|leading|delay|dos[ei]|discontin|death|fatal|any|total|patients|events?|other|grade|serious|treatment|p.?value|median|overall|all\b",
    re.IGNORECASE,
)
_EVENTS = re.compile(
    r"(?:(?:no\.?|number|patients)\s*(?:of|with)\s*)?(?:an\s+)?(?:(?:PFS|OS|EFS|DFS|RFS)\s*)?events?\b.*|.*\bevents?\s*/\s*(?:patients|no|n|total)\b.*"
    r"|(?:(?:PFS|OS|EFS|DFS|RFS)\s*)?(?:事件|发生事件)(?:数|例数|发生数)?.*",
    re.IGNORECASE,
)
_HAZARD = re.compile(r"\bfor (?:death|disease progression|progression|relapse)|死亡|进展", re.IGNORECASE)
_NO_OUTCOME = re.compile(
    r"年龄|体重|身高|体质量|BMI|病程|性别|文化|吸烟|\bage\b|weight|height|body.mass|duration of disease|disease duration",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:治疗前后|两组|各组|三组|组间|患者)(?:患者)?(?:的)?(?P<term>(?!治疗|患者|两组)[^,。;:(\[表]{2,24}?)(?:的)?(?:水平|情况|变化)?(?:的)?(?:比较|对比)"
)
_ANY_EVENT = re.compile(
    r"(?:any|all|total|overall)(?: (?:adverse|treatment-related))?(?: (?:events?|AEs?|TE?R?AEs?))?(?:\s*,?\s*n\s*\(%\))?|总发生率|总不良反应(?:发生)?率?|合计|总计",
    re.IGNORECASE,
)
_ROUNDING = 0.6


@dataclass(frozen=True, slots=True)
class Measure:
    """A value's statistic and unit; events and denominator where they stand with it."""

    statistic: str
    unit: str = ""
    n: str = ""
    N: str = ""


def endpoint_of(
    column: Sequence[Label], words: Sequence[Label], heads: Sequence[Label], caption: Label
) -> Endpoint | None:
    """The endpoint that column, row, heading or caption name; None where none or more than one do.

    Args:
        column: the column's head, its own words first.
        words: the row's names, the one nearest to the values first; arms and studies left out.
        heads: the headings that the row stands under, the nearest first.
    """
    above, beside, over = _first_told(column), _first_told(words), _first_told(heads)
    if len(above) > 1 or len(beside) > 1:
        return None
    if column and column[0].statistic in EFFECTS and _HAZARD.search(column[0].text) and not beside:
        # 'HR for death' in a table of overall survival
        return caption.endpoints[0] if len(caption.endpoints) == 1 else next(iter(above), None)
    told = [e for e in (*above, *beside) if not _is_general(e)]
    if len({(e.code, e.term) for e in told}) > 1:
        return None
    general = [e for e in (*above, *beside, *over) if _is_general(e)]
    adverse = bool(general) or caption.is_adverse or any(x.is_adverse for x in (*column, *heads))
    if told:
        return told[0]
    plain = [
        w
        for w in words
        if not (w.subgroup or w.grade is not None or w.timepoint or w.statistic or w.kind or w.unit)
    ]
    plain = [
        w
        for w in plain
        if not w.endpoints
        and not w.is_adverse
        and not re.fullmatch(r"(?:中位(?:数|值)?|[Mm]edian|[Rr]ate|率).*", w.text)
    ]
    if plain and adverse and not beside:
        return Endpoint("AE") if _ANY_EVENT.fullmatch(plain[0].text) else _own_words(plain[0])
    if above or beside:
        return (*above, *beside)[0]
    if len(over) == 1 and not plain:
        return over[0]
    if plain or over:
        return None
    return caption.endpoints[0] if len(caption.endpoints) == 1 else None


def measured(column: Sequence[Label], words: Sequence[Label], caption: Label) -> Endpoint | None:
    """What a mean is of, where no lexicon knows it: the one head or row name that is left, else the caption.

    Args:
        column: the column's head, its own words first.
        words: the row's names; arms and studies left out.
    """
    left = [
        name
        for lab in (*column, *words)
        if (name := re.sub(r"\s*[,(\[].*$|[*†‡]", "", lab.text).strip())
        and not (lab.kind or lab.is_before or lab.is_after or lab.is_spread or lab.timepoint or lab.is_whole)
        and re.search(r"[A-Za-z\u4e00-\u9fff]{2}", name)
    ]
    names = list(dict.fromkeys(left))
    if not names and (told := _COMPARED.search(caption.text)):
        names = [told["term"]]
    if len(names) != 1 or _NO_OUTCOME.search(names[0]):
        return None
    return Endpoint("OTHER", names[0])


def both_events(words: Sequence[Label]) -> tuple[Endpoint, ...]:
    """The two adverse events that a row's name joins; empty where it names anything else."""
    named = [lab.endpoints for lab in words if lab.endpoints]
    if len(named) != 1 or len(named[0]) != 2 or any(not e.term for e in named[0]):
        return ()
    a, b = sorted(named[0], key=lambda e: e.start)
    text = next(lab.text for lab in words if lab.endpoints)
    return (a, b) if re.fullmatch(r"\s*(?:[/、,]|和|及|与|and)?\s*", text[a.end : b.start]) else ()


def _first_told(labels: Sequence[Label]) -> tuple[Endpoint, ...]:
    return next((lab.endpoints for lab in labels if lab.endpoints), ())


def _is_general(e: Endpoint) -> bool:
    return e.code == "AE" and not e.term


def _own_words(label: Label) -> Endpoint | None:
    """An adverse event that no lexicon holds, by its English name as written."""
    name = re.sub(r"\s*\(.*|\s*,?\s*n\s*\(?%\)?$|[*†‡]", "", label.text).strip(" ,")
    if re.fullmatch(r"[A-Za-z][a-z]+(?:[ -][a-z]+){0,4}", name) and not _NO_TERM.search(name):
        return Endpoint("AE", name[0].upper() + name[1:])
    return None


def measure(
    value: CellValue,
    endpoint: Endpoint,
    effect: str,
    labels: Sequence[Label],
    size: str,
    shares: bool = False,
) -> Measure | None:
    """Statistic and unit of a value, or None where the table does not tell them.

    Args:
        effect: the ratio that row or column announce, or empty.
        labels: all words that hold for the value, the nearest first, the caption last.
        size: the group's size where its heading gives it.
        shares: whether the column's other values are counts with percentages.
    """
    if endpoint.code in SURVIVAL and not effect and any(_EVENTS.fullmatch(lab.text) for lab in labels[:-1]):
        return None  # how many had an event is told to count them, and is no rate of the endpoint
    if effect:
        if value.form != "number" or value.unit not in ("", "%"):
            return None
        is_reference = float(value.value) == 1 and not value.low
        return (
            None
            if is_reference or (effect != "risk_difference" and value.unit)
            else Measure(effect, value.unit)
        )
    if value.form == "unreached":
        return Measure("median") if endpoint.code in TIMES else None
    unit = value.unit or first(labels, "unit")
    if value.form == "mean":
        return Measure("mean", unit)
    if value.form == "share":
        sure = any(lab.is_share or lab.unit == "%" for lab in labels) or _agrees(value, size)
        if (
            not sure
            or endpoint.code in TIMES - {"PFS", "OS", "EFS", "DFS", "RFS", "LFS"}
            or float(value.value) > 100
        ):
            return None
        return Measure("rate", "%", value.n, value.N or size)
    if value.form == "fraction":
        return (
            Measure("count", "", value.n, value.N)
            if endpoint.code not in TIMES and int(value.n) <= int(value.N)
            else None
        )
    near = [lab for lab in labels[:-1] if lab.unit or lab.is_count]
    if not value.unit and near and near[0].is_count and not near[0].is_share and near[0].unit != "%":
        return Measure("count") if endpoint.code not in TIMES and value.value.isdigit() else None
    bare = not value.unit and value.value.isdigit() and not first(labels[:-1], "unit").strip("%")
    if bare and (shares or any(lab.is_share for lab in labels)):
        return Measure("count") if endpoint.code not in TIMES else None
    if not unit or (unit == "%" and float(value.value) > 100):
        return None
    if not fits(endpoint, Quantity(0, 1, value.value, unit)):
        return None
    if unit == "%":
        return Measure("rate", "%")
    return Measure("mean" if first(labels[:-1], "statistic") == "mean" else "median", unit)


def _agrees(value: CellValue, size: str) -> bool:
    """Whether count, percentage and group size fit together."""
    whole = value.N or size
    return (
        bool(whole)
        and int(whole) > 0
        and abs(100 * int(value.n) / int(whole) - float(value.value)) <= _ROUNDING
    )
