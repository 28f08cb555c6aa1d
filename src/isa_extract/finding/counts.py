"""Counts of patients: n/N with no percentage, 'CR 5例', 'one patient died of sepsis'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import CONNECTOR, WORD_NUMBERS, Quantity, decimal, without_brackets


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
    r"|occurred|developed|arose)\s+in\s+(?:only |just )?|[^;。]{0,60}?\b(?:was|were|proved)\s+fatal\s+in\s+",
    re.IGNORECASE,
)
_OF_GROUP = re.compile(
    r"\s*(?:者|患者)?\s*(?:,?[^,;。:\d]{0,10}组|两组|三组)?\s*(?:均|各|都|分别|依次)?(?:共|仅|有|为|发生|出现)*\s*"
)
_NEXT_GROUP = re.compile(
    r"\s*[,、;和与]?\s*(?:而)?[^,;。、:\d()]{0,10}组(?:患者)?(?:则|仅|只|为|有|共|各|发生|出现)*\s*"
)
"""Between a count and that of the next group: '治疗组7例、对照组5例'."""
_GROUP_IN_ORDER = re.compile(r"组(?:患者)?(?:分别|依次|相应)(?:为|有|是)?\s*$")
_BEFORE_AND = re.compile(
    rf"(?P<first>\b(?:\d{{1,4}}|{'|'.join(WORD_NUMBERS)}))\s+(?:and|versus|vs\.?)\s+$", re.IGNORECASE
)
"""The first of 'death occurred in 34 and 44 patients'."""
_IN_OTHER_GROUP = re.compile(
    rf"""\s*(?:patients?|participants?|men|women)?\s*(?:(?:had|have)\ )?(?:died|relapsed|discontinued|withdrew|responded)?\s*
    (?:in|on|with|given|receiving|assigned\ to)\s[^,.;\d]{{2,50}}?,?\s+(?:and|versus|vs\.?|compared\ with)\s+
    (?P<second>\d{{1,4}}|\b(?:{"|".join(WORD_NUMBERS)}))\s+(?:(?:patients?|men|women)\s+)?(?=(?:in|on|with|given|receiving|assigned\ to|of\ the)\s)""",
    re.VERBOSE | re.IGNORECASE,
)
"""The second of '102 men had died in one group and 143 in the other'."""


_PEOPLE_AFTER = re.compile(
    r"\s*(?:患者|responders|patients?|men|women|participants?|cases?|of them)?\s*(?:\([^()\d]{1,40}\)|,[^,.;\d]{1,40},|(?:in|given|on|receiving|assigned to|treated with) [^,.;\d]{1,60}?)?\s*"
    r"(?:had |have |has |was |were |经[^,;。\d]{0,10})*(?:died|relapsed|死于|死亡|缓解|进展为|因|发生|出现|experienced|developed|discontinued|判定与治疗相关)",
    re.IGNORECASE,
)


_ENROLLED = re.compile(r"(?:选取|选择|纳入|入选|收治|收集|招募)[^。;]*(?:患者|病例)$")
_HAD = re.compile(
    r"\s*(?:patients?|participants?|men|women)?\s*(?:had|developed|experienced|suffered)\s+(?:an?\s+)?(?:grade\s\d\s+)?",
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
        list_of = bool(counts) and (
            CONNECTOR.fullmatch(text[counts[-1].outer_end : start]) is not None
            or _NEXT_GROUP.fullmatch(text[counts[-1].outer_end : start]) is not None
        )
        list_of |= len(counts) > 1 and _GROUP_IN_ORDER.search(text, max(0, start - 24), start) is not None
        pair = _BEFORE_AND.search(text, max(0, start - 24), start)
        if pair and not (after_term or list_of):
            after_term = any(
                t.end <= pair.start() and _SEEN_IN.fullmatch(text[t.end : pair.start()]) for t in terms
            )
            if after_term:
                counts.append(_count(*pair.span("first"), pair["first"]))
        happened = _PEOPLE_AFTER.match(text, m.end)
        before_event = happened is not None and any(
            0 <= t.start - m.end < max(60, happened.end() - m.end + 12) for t in terms
        )
        before_event |= any(_HAD.fullmatch(text[m.end : t.start]) for t in terms if m.end <= t.start)
        enrolled = _ENROLLED.search(text, max(0, start - 120), start) is not None and not before_event
        if enrolled:
            continue
        if (after_term or list_of or before_event) and not re.match(r"\s*(?:可评估|中)", text[m.end :]):
            counts.append(replace(_count(start, end, written), outer_start=m.start, outer_end=m.end))
            other = _IN_OTHER_GROUP.match(text, m.end)
            if other:
                counts.append(_count(*other.span("second"), other["second"]))
    return list({c.start: c for c in counts}.values())


def _count(start: int, end: int, written: str) -> Quantity:
    return Quantity(start, end, decimal(written), statistic="count", outer_start=start, outer_end=end)
