"""Measured values that have no unit of ours: '129 mm Hg versus 137 mm Hg', '0.8 v 1.4', 'from 172 to 220 g'.

A number in a laboratory unit, or with none, may be anything: a dose, a limit, a size. Where one is set against
another of its kind it is a result of two groups. English only; what is measured is for binding to say.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import Quantity, decimal

_UNIT = (
    r"(?:mm\s?Hg|[mµμn]?mol/[Ll]|mEq/[Ll]|[mµμnp]?g/(?:d?[Ll]|m[Ll]|g|mmol)|m?I?U/[md]?[Ll]|m[Ll]/(?:min(?:/1\.73\s?m2)?|kg/min|min/kg)|[Ll]/min(?:/m2)?"
    r"|beats?(?:/|\sper\s)min(?:ute)?|bpm|mm2?|cm[23]?|m[Ll]|k?g(?:/m2)?|met(?:er|re)s?|m(?:illi)?s(?:ec(?:ond)?s?)?|sec(?:ond)?s?|min(?:ute)?s?"
    r"|points?|units?|watts?|degrees?\s[CF]|°\s?[CF]|kcal|dB|cells/\S{2,8}|/(?:mm3|µL|μL))(?![\w/])"
)
_MEASURED = re.compile(rf"\s?-?\s?(?P<unit>{_UNIT})")
_FROM = re.compile(r"\bfrom\s+(?:an?\s+)?(?:(?:mean|median)\s+)?(?:of\s+)?$", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_OF_GROUP = re.compile(r"(?:groups?|arms?)\s$", re.IGNORECASE)
_SPREAD = r"(?:\s*(?:[(\[]\s*(?:(?:SD|SE|SEM|IQR|range)\b)?[\s,:]*[\d.]+(?:\s*(?:[,;-]|to)\s*[\d.]+)?\s*[)\]]|(?:±|\+/-)\s*[\d.]+))?"
_SPREADS = re.compile(_SPREAD)
_TO_GROUP = r"(?:\s(?:in|with|for|on|among|after|under)\s(?:[^.;,()\d]|(?<=group\s)\d|(?<=arm\s)\d){2,60}?)?"
_AGAINST = re.compile(
    rf"{_SPREAD}{_TO_GROUP}\s*,?\s*(?:\b(?:versus|vs\.?|v\.?|compared\s+(?:with|to)|as\s+against|against|than)(?!\w))\s*(?:by\s|only\s|a\smean\sof\s)?",
    re.IGNORECASE,
)
_TO = re.compile(rf"{_SPREAD}\s*to\s+", re.IGNORECASE)
_AND = re.compile(rf"{_SPREAD}(?P<first>{_TO_GROUP})\s*,?\s*and\s+(?:by\s|only\s)?", re.IGNORECASE)
_GROUP_BEHIND = re.compile(r"\s*(?:in|with|for|on|among|after|under)\s", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"[^.;()]{0,60}\brespectively\b", re.IGNORECASE)
_NO_VALUE = re.compile(
    r"(?:[<>≤≥=]|\b(?:at least|up to|dose[sd]?(?: of| at)?|(?:HR|OR|RR|P|CI|ratio|hazards?|odds|AUC)\s?[,:=of]{0,2}|every|from|per|than|to|of or|exceeding|grade|day|days|week|and|between|cycle|cycles))\s*$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*(?:[,;()\[\]]|$|\.(?:\s|$)|(?:in|with|for|on|among|after|under|respectively)\b)", re.IGNORECASE
)


def measured_pairs(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> Iterator[Quantity]:
    """Two numbers set against each other that are measured in the same unit, or both written with decimals."""
    known = {q.start for q in found if q.statistic == "mean" and not q.unit}
    taken = [(q.outer_start, q.outer_end) for q in found if q.start not in known]
    taken += [(m.start, m.end) for m in mentions if m.kind in ("p", "interval", "range", "size", "fraction")]
    starts = {
        m.start + (n.start() if m.kind == "dose" else 0)
        for m in mentions
        if m.kind in ("number", "dose") and not _OF_GROUP.search(text, max(0, m.start - 8), m.start)
        for n in _NUMBER.finditer(m.text)  # a dose may be '172 to 220 g'
    }
    free: list[re.Match[str]] = []
    for i in sorted(starts | known):
        m = _NUMBER.match(text, i)
        if m and not any(a <= i < b for a, b in taken) and (not free or i >= _past_spread(text, free[-1])):
            free.append(m)
    for a, b in itertools.pairwise(free):
        gap_start, unit_a = _with_unit(text, a)
        end_b, unit_b = _with_unit(text, b)
        gap = text[gap_start : b.start()]
        ahead = text[max(0, a.start() - 24) : a.start()]
        moved = _FROM.search(ahead) and _TO.fullmatch(gap)
        if len(gap) > 90 or not gap or (_NO_VALUE.search(ahead) and not moved):
            continue
        same = unit_b and unit_a in ("", unit_b) and (moved or unit_b != "g")
        decimals = not (unit_a or unit_b) and "." in a[0] and "." in b[0] and _ENDS.match(text, end_b)
        if not (same or decimals):
            continue
        listed = _AND.fullmatch(gap)
        both = listed and (
            (listed["first"] and _GROUP_BEHIND.match(text, end_b))
            or (not listed["first"] and _RESPECTIVELY.match(text, end_b))
        )
        if _AGAINST.fullmatch(gap) or both or moved:
            for m, end in ((a, gap_start), (b, end_b)):
                if m.start() not in known:
                    yield Quantity(
                        m.start(),
                        m.end(),
                        decimal(m[0]),
                        statistic="mean",
                        outer_start=m.start(),
                        outer_end=end,
                    )


def with_lab_unit(text: str, q: Quantity) -> Quantity:
    """'0.17 ± 0.26 mm': the unit behind a mean belongs to it, though the table has none for it."""
    told = _MEASURED.match(text, q.outer_end) if q.statistic == "mean" and not q.unit else None
    return replace(q, outer_end=told.end()) if told else q


_OTHER_CHANGE = re.compile(
    r"%?\s*(?:in|with|for|on|among|after|under)\s[^.;()\d%]{2,60}?(?:,\s*)?\s(?:and|versus|vs\.?|compared\s+(?:with|to)|whereas|while|but)\s(?:it\s)?"
    r"(?:(?:was|were)\s)?(?:(?:in|de)creased|reduced|rose|fell|declined|dropped|improved|lowered|raised)?\s?(?:by\s)?",
    re.IGNORECASE,
)


def changes_of_groups(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """'was reduced by 41% with A and by 27% with B': how far each group moved, and no difference between them."""
    result = list(found)
    for i, (a, b) in enumerate(itertools.pairwise(found)):
        if (
            a.unit == b.unit == "%"
            and (a.difference or a.statistic == "risk_difference")
            and a.interval is None
            and _OTHER_CHANGE.fullmatch(text, a.outer_end, b.outer_start)
            and _GROUP_BEHIND.match(text.replace("%", " "), b.outer_end)
        ):
            result[i] = replace(result[i], statistic="mean", difference=False)
            result[i + 1] = replace(b, statistic="mean", difference=False)
    return result


def _with_unit(text: str, m: re.Match[str]) -> tuple[int, str]:
    """Where a number with its unit ends, and the unit without blanks; empty where it has none."""
    told = _MEASURED.match(text, m.end()) or _MEASURED.match(text, _past_spread(text, m))
    return (told.end(), re.sub(r"\s", "", told["unit"]).lower().rstrip("s")) if told else (m.end(), "")


def _past_spread(text: str, m: re.Match[str]) -> int:
    """Where a number with its deviation or range ends: '154 (29)', '217 (139, 335)'."""
    spread = _SPREADS.match(text, m.end())
    return spread.end() if spread else m.end()
