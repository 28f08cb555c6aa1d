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
    (?P<high>\d+(?:\.\d+)?|NR|NE|NA)\s*%?\s*(?:months?|个?月)?\s*(?=[)\],;.。]|$)""",
    re.VERBOSE,
)


def with_interval(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
    for m in mentions:
        if m.kind == "interval" and m.start >= q.end:
            gap = text[q.outer_end if m.start >= q.outer_end else q.end : m.start]
            if re.fullmatch(r"\s*(?:[(\[,;:]\s*)*(?:n\s*=\s*\d+\s*[,;]\s*|\d+/\d+\s*[,;)]\s*[(,]?\s*)?", gap):
                interval = Interval(_bound(m.part("low")), _bound(m.part("high")), m.part("level"))
                return replace(q, interval=interval, outer_end=max(q.outer_end, m.end))
            break
    match = BARE_INTERVAL.match(text, _unit_end(mentions, q))
    if match and (q.unit or q.is_effect or q.qualifier in ("NR", "NE")):
        clear = match["between"] not in ",;" or match["open"] in "(["
        if clear and inside(q.value, match["low"], match["high"]) and not _is_note(text, match):
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
        (m.end for m in mentions if m.kind in ("value", "unreached") and m.start <= q.start < m.end), q.end
    )


def _is_note(text: str, match: re.Match[str]) -> bool:
    return re.search(r"(?:IQR|range|范围)\W*$", text[: match.start("low")]) is not None


def _bound(written: str) -> str:
    if re.match(r"\d", written) or written.startswith("."):
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
    if q.unit != "%" or q.n:
        return q
    for m in mentions:
        if (
            m.kind == "events"
            and 0 <= q.start - m.end <= 3
            and re.fullmatch(r"\s*\((?:约|占)?", text[m.end : q.start])
        ):
            end = q.outer_end
            of = re.match(r"\s*\)\s*(?:of|out of|/)\s*(\d{1,5})(?![\d.%])", text[q.outer_end :])
            total = of[1] if of else ""
            return replace(
                q,
                n=decimal(m.part("n")),
                N=total,
                outer_start=m.start,
                outer_end=end + (of.end() if of else 0),
            )
        if m.kind == "fraction" and "value" not in m.parts:
            before = re.fullmatch(r"\s*[(,:=\[]?\s*", text[m.end : q.start]) if m.end <= q.start else None
            after = (
                re.fullmatch(r"\s*[(,;:\[]\s*(?:n/N\s*=\s*)?", text[q.outer_end : m.start])
                or re.fullmatch(r"\s*(?:的)?(?:患者|patients)?\s*[(\[]\s*", text[q.outer_end : m.start])
                if m.start >= q.outer_end
                else None
            )
            if before or after:
                return replace(
                    q,
                    n=decimal(m.part("n")),
                    N=decimal(m.part("N")),
                    outer_start=min(q.outer_start, m.start),
                    outer_end=max(q.outer_end, m.end),
                )
    return _with_denominator(text, mentions, q)


def with_loose_fractions(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
    """'所有患者(50/50)显示ORR为100%': an n/N a few words before belongs where it gives the percentage."""
    counts = {q.start: q for q in found if q.statistic == "count" and q.N}
    result: list[Quantity] = []
    used: set[int] = set()
    for q in found:
        near = [c for c in counts.values() if c.start not in used and 0 <= q.start - c.outer_end <= 24]
        if (
            q.unit == "%"
            and not q.n
            and near
            and not re.search(r"[,;。]", text[near[-1].outer_end : q.start])
        ):
            c = near[-1]
            places = len(q.value.partition(".")[2])
            if int(c.N) and abs(100 * int(c.n) / int(c.N) - float(q.value)) <= 0.51 * 10**-places:
                used.add(c.start)
                q = replace(q, n=c.n, N=c.N)
        result.append(q)
    return [q for q in result if q.start not in used]


def _with_denominator(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
    """The N of '22例可评估的患者中ORR达到93%' and 'of 46 evaluable patients, 97.8% …'."""
    for m in mentions:
        if m.kind == "size" and m.end <= q.start and "n=" not in m.text.lower().replace(" ", ""):
            gap = text[m.end : q.start]
            if re.search(r"\d|[;。:]", gap) or len(gap) > 60:
                continue
            before = text[: m.start]
            chinese = (
                re.match(
                    r"\s*(?:可评估|可评价|接受|完成|患者|受试者|[^,]{0,14}?患者)[^,]{0,16}?(?:中|里)?", gap
                )
                and "," not in gap
            )
            english = (
                re.search(r"\b(?:of|among|in)\s+(?:the\s+)?(?:first\s+)?$", before, re.IGNORECASE)
                and gap.count(",") <= 1
            )
            if (chinese and re.search(r"可评|中", gap)) or english:
                return replace(q, N=decimal(m.part("size")))
    return q
