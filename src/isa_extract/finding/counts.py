"""Counts of patients: n/N with no percentage, 'CR 5例', 'one patient died of sepsis'."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import CONNECTOR, Quantity, decimal, without_brackets


def n_of_N(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
    """n/N with no percentage beside it."""
    counts: list[Quantity] = []
    for m in mentions:
        if m.kind != "fraction" or "value" in m.parts:
            continue
        beside = any(
            (m.end <= q.start and re.fullmatch(r"\s*[(,;:=\[]?\s*(?:例)?\s*", text[m.end : q.start]))
            or (
                q.outer_end <= m.start
                and re.fullmatch(r"\s*[(,;:\[]?\s*(?:n/N\s*=\s*)?", text[q.outer_end : m.start])
            )
            for q in found
            if q.unit == "%"
        )
        if not beside and int(decimal(m.part("n"))) <= int(decimal(m.part("N"))):
            start, end, written = m.parts["n"]
            counts.append(
                Quantity(
                    start,
                    end,
                    decimal(written),
                    statistic="count",
                    n=decimal(written),
                    N=decimal(m.part("N")),
                    outer_start=m.start,
                    outer_end=m.end,
                )
            )
    return counts


_SEEN_IN = re.compile(
    r"\s*(?:of (?:any grade|grade [^,.;]{1,14})\s*)?(?:,[^,.;\d]{1,30},\s*)?(?:(?:was|were|is) (?:seen|observed|noted|reported|recorded|found|diagnosed)"
    r"|occurred|developed|arose)\s+in\s+(?:only |just )?",
    re.IGNORECASE,
)
_OF_GROUP = re.compile(
    r"\s*(?:者|患者)?\s*(?:,?[^,;。:\d]{0,10}组|两组|三组)?\s*(?:均|各|都)?(?:共|仅|有|为|发生|出现)*\s*"
)


_PEOPLE_AFTER = re.compile(
    r"\s*(?:患者|patients?|men|women|participants?|cases?|of them)?\s*(?:\([^()\d]{1,40}\)|,[^,.;\d]{1,40},|(?:in|given|on|receiving|assigned to|treated with) [^,.;\d]{1,40}?)?\s*"
    r"(?:had |have |has |was |were |经[^,;。\d]{0,10})*(?:died|死于|死亡|因|发生|出现|experienced|developed|discontinued|判定与治疗相关)",
    re.IGNORECASE,
)


def people(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
    """Counts of patients beside an event or response: 'CR 5例', '治疗相关死亡2例', 'one patient died of sepsis'."""
    counts: list[Quantity] = []
    terms = [m for m in mentions if m.kind in ("endpoint", "event")]
    for m in mentions:
        if (m.kind == "size" and "n" not in m.text.lower().split("=")[0]) or m.kind == "word-count":
            start, end, written = m.parts["size"]
        else:
            continue
        if any(q.outer_start <= start < q.outer_end for q in found):
            continue
        after_term = any(
            t.end <= start
            and (
                _OF_GROUP.fullmatch(without_brackets(text[t.end : start]))
                or _SEEN_IN.fullmatch(text[t.end : start])
            )
            for t in terms
        )
        list_of = bool(counts) and CONNECTOR.fullmatch(text[counts[-1].outer_end : start]) is not None
        before_event = _PEOPLE_AFTER.match(text, m.end) is not None and any(
            0 <= t.start - m.end < 60 for t in terms
        )
        if (after_term or list_of or before_event) and not re.match(r"\s*(?:可评估|中)", text[m.end :]):
            counts.append(
                Quantity(
                    start, end, decimal(written), statistic="count", outer_start=m.start, outer_end=m.end
                )
            )
    return counts
