"""What stands beside a value and has no life of its own: its interval, its n/N, its denominator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import Interval, Quantity, decimal

BARE_INTERVAL = re.compile(
    r"""\s*(?P<open>[,;(\[]|\(\s*\[)\s*
    (?P<low>\d+(?:\.\d+)?|NR|NE)\s*%?\s*(?P<between>-|~|至|\bto\b|;|,)\s*
    (?P<high>\d+(?:\.\d+)?|NR|NE|NA|not\ (?:yet\ )?(?:reached|estimable|evaluable|calculable|available)|未达到|不可(?:评估|估计))\s*%?\s*(?:months?|个?月)?\s*(?=[)\],;.。]|$)""",
    re.VERBOSE,
)


def with_interval(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
    for m in mentions:
        if m.kind == "interval" and m.start >= q.end:
            gap = text[q.outer_end if m.start >= q.outer_end else q.end : m.start]
            if re.fullmatch(
                r"\s*(?:[(\[,;:]\s*)*(?:n\s*=\s*\d+\s*[,;]\s*|\d+(?:/| of )\d+\s*[,;)]\s*[(,]?\s*)?|\s*(?:without|free of)\s[a-z]+\s\(\s*|\s*%?\s*reduction\s*[;,]\s*",
                gap,
            ):
                interval = Interval(_bound(m.part("low")), _bound(m.part("high")), m.part("level"))
                return replace(q, interval=interval, outer_end=max(q.outer_end, m.end))
            break
    match = BARE_INTERVAL.match(text, _unit_end(mentions, q))
    if match and (q.unit or q.is_effect or q.qualifier in ("NR", "NE")):
        clear = match["between"] not in ",;" or match["open"] in "(["
        if (
            clear
            and inside(q.value, match["low"], match["high"])
            and not _is_note(text, match)
            and not _is_range_of_days(q, match)
        ):
            level = ""
            return replace(
                q,
                interval=Interval(_bound(match["low"]), _bound(match["high"]), level),
                outer_end=max(q.outer_end, closed(text, match)),
            )
    return q


def closed(text: str, match: re.Match[str]) -> int:
    """The end of an unlabelled interval, its closing bracket included."""
    bracketed = match["open"].strip()[-1] in "([" and text[match.end() : match.end() + 1] in (")", "]")
    return match.end() + bracketed


def _unit_end(mentions: Sequence[Mention], q: Quantity) -> int:
    return next(
        (
            m.end
            for m in mentions
            if m.kind in ("value", "unreached", "difference") and m.start <= q.start < m.end
        ),
        q.end,
    )


def _is_note(text: str, match: re.Match[str]) -> bool:
    return re.search(r"(?:IQR|range|范围)\W*$", text[: match.start("low")]) is not None


def _is_range_of_days(q: Quantity, match: re.Match[str]) -> bool:
    """'16(12~27) d': whole days or hours with an unlabelled pair are a range, as of engraftment or onset."""
    return q.unit in ("day", "hour") and "." not in q.value + match["low"] + match["high"]


def _bound(written: str) -> str:
    if re.match(r"-?\s?\.?\d", written):
        return decimal(written)
    return "NE" if re.match(r"NE|NA|not e|不可|未评|not av", written, re.IGNORECASE) else "NR"


def inside(value: str, low: str, high: str) -> bool:
    """Whether an unlabelled pair can be the value's interval: it must hold the value."""
    try:
        above = not low[0].isdigit() or value == "" or float(low) <= float(value)
        below = not high[0].isdigit() or value == "" or float(value) <= float(high)
    except ValueError:
        return False
    return above and below and (low != high)


def with_fraction(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
    """A percentage with the patients it counts: '28/50 (56%)', '56% (28/50)', '28例(56%)', '56% of the 50 patients'."""
    if q.unit != "%" or q.n:
        return q
    for m in mentions:
        if (
            m.kind == "events"
            and 0 <= q.start - m.end <= 8
            and re.fullmatch(r"\s*[(\[](?:约|占|发生率|比例|为|[<>≤≥~])*|,?占", text[m.end : q.start])
        ):
            counted = replace(q, n=decimal(m.part("n")), outer_start=m.start)
            of = re.match(r"\s*[)\]]\s*(?:of|out of|/)\s*(\d{1,5})(?![\d.%])", text[q.outer_end :])
            if of:
                return replace(counted, N=of[1], outer_end=q.outer_end + of.end())
            behind = _fraction_behind(text, mentions, q)
            if behind and decimal(behind.part("n")) == counted.n:
                return replace(counted, N=decimal(behind.part("N")), outer_end=max(q.outer_end, behind.end))
            return replace(counted, N=_group_counted_in(text, mentions, counted))
        if m.kind == "fraction" and "value" not in m.parts and m.end <= q.start:
            gap = text[m.end : q.start]
            if re.fullmatch(r"\s*[(,:=\[]?\s*", gap):
                return _with(q, m)
    behind = _fraction_behind(text, mentions, q)
    if behind is None and (told := _COUNT_OF_ARM.search(text, max(0, q.start - 70), q.start)):
        return replace(q, n=told[1])
    return _with(q, behind) if behind else _with_denominator(text, mentions, q)


_COUNT_OF_ARM = re.compile(
    r"(?<![\d.,/%-])(?<!week )(?<!day )(?<!month )(?<!year )(?<!grade )(?<!cycle )(?<!stage )(?<!part )(?<!phase )(?<!at )(?<!of )(?<!of the )(\d{1,4}) (?:patients |participants |women |men )?"
    r"(?:on|in|given|with|receiving|treated with|assigned to) (?!\d)[^,;.()\d%]{2,40} \(\Z"
)
"""'stopped in 29 patients on KPd (13.8%) and 19 on Pd (9.1%)': the arm stands between the count and its share."""


def _with(q: Quantity, m: Mention) -> Quantity:
    return replace(
        q,
        n=decimal(m.part("n")),
        N=decimal(m.part("N")),
        outer_start=min(q.outer_start, m.start),
        outer_end=max(q.outer_end, m.end),
    )


def _fraction_behind(text: str, mentions: Sequence[Mention], q: Quantity) -> Mention | None:
    for m in mentions:
        if m.kind != "fraction" or "value" in m.parts or m.start < q.end:
            continue
        start = q.outer_end if m.start >= q.outer_end else q.end
        gap = text[start : m.start]
        if re.fullmatch(r"\s*%?\s*[(,;:\[]\s*(?:n/N\s*=\s*)?", gap) or re.fullmatch(
            r"\s*(?:的)?(?:患者|patients)?\s*[(\[]\s*", gap
        ):
            return m
        return None
    return None


def _is_share(n: int, of: int, percent: str) -> bool:
    places = len(percent.partition(".")[2])
    return 0 <= n <= of and of > 0 and abs(100 * n / of - float(percent)) <= 0.51 * 10**-places


def _group_counted_in(text: str, mentions: Sequence[Mention], q: Quantity) -> str:
    """The N of '50例中28例(56.0%)' and 'Of the 43 responders, 41 (95.3%)', where it gives the percentage."""
    for m in mentions:
        if m.kind not in ("size", "word-count") or m.end > q.outer_start:
            continue
        gap = text[m.end : q.outer_start]
        opened = re.search(r"\b(?:of|among)\s+(?:the\s+)?$", text[: m.start], re.IGNORECASE)
        within = re.match(r"(?:[^,;。.()\d]|\([^()]*\)){0,30}(?:中|里|内),?\s*(?:有|仅|共|发生|出现)*$", gap)
        among = opened and re.fullmatch(r"[^,;.()\d]{0,60},?\s*", gap)
        if (within or among) and _is_share(int(q.n), int(decimal(m.part("size"))), q.value):
            return decimal(m.part("size"))
    of = re.search(r"\b(?:[Oo]f|[Aa]mong) (?:the )?(\d{1,5}) [^,;.()\d]{3,50}, $", text[: q.outer_start])
    return of[1] if of and _is_share(int(q.n), int(of[1]), q.value) else ""


def with_loose_fractions(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
    """An n/N a few words away belongs where it gives the percentage, and is no count of its own.

    'all patients (50/50) showed an ORR of 100%', '11 of the 13 patients with such disease (84.6%)',
    '26.4% of the D-Rd group (97 of 368)'. The words between stay outside: they may name an arm.
    """
    counts = [q for q in found if q.statistic == "count" and q.N]
    result: list[Quantity] = []
    used: set[int] = set()
    for q in found:
        if q.unit == "%" and not q.n:
            for c in counts:
                ahead = text[c.outer_end : q.start] if c.outer_end <= q.start else None
                behind = text[q.outer_end : c.outer_start] if q.outer_end <= c.outer_start else None
                near = (
                    ahead is not None
                    and (
                        (len(ahead) <= 24 and not re.search(r"[,;。]", ahead))
                        or re.fullmatch(r"[^,;.()%]{3,60}\(\s*", ahead)
                    )
                ) or (
                    behind is not None
                    and re.fullmatch(r"\s*(?:of|in|with|among)\s[^,;.()\d]{2,50}\(\s*", behind)
                )
                if near and c.start not in used and _is_share(int(c.n), int(c.N), q.value):
                    used.add(c.start)
                    q = replace(q, n=c.n, N=c.N)
                    break
        result.append(q)
    return [q for q in result if q.start not in used]


def _with_denominator(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
    """The N of '22例可评估的患者中ORR达到93%', 'of 46 evaluable patients, 97.8% …' and '84% of the 302 patients'."""
    behind = re.match(
        r"\s*of (?:the |all )?(\d{2,5}) (?:(?:evaluable|treated|infused|enrolled|randomi[sz]ed)\b|(?:[a-z-]+ )?(?:patients|participants|women|men|subjects|people|adults|children|infants)\b)",
        text[q.outer_end :],
    )
    if behind:
        return replace(q, N=behind[1])
    for m in mentions:
        if m.kind == "size" and m.end <= q.start and "n=" not in m.text.lower().replace(" ", ""):
            gap = text[m.end : q.start]
            if re.search(r"\d|[;。:]", gap) or len(gap) > 60:
                continue
            before = text[: m.start]
            chinese = re.match(
                r"\s*(?:可评估|可评价|接受|完成|患者|受试者|[^,]{0,14}?患者)[^,]{0,16}?(?:中|里)?,?", gap
            ) and "," not in gap.removesuffix(",")
            english = (
                re.search(r"\b(?:of|among|in)\s+(?:the\s+)?(?:first\s+)?$", before, re.IGNORECASE)
                and gap.count(",") <= 1
            )
            if (chinese and re.search(r"可评|中", gap)) or english:
                return replace(q, N=decimal(m.part("size")))
    return q
