"""Values with what belongs to them: unit, interval, events and denominator.

A quantity is one reported number (or 'not reached', or a zero in words) of a sentence. What stands
beside it without a life of its own (its interval, its n/N) is taken in here; p values, which may test
several quantities at once, are handed out later, where the groups are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from isa_extract.finding.match import Mention
from isa_extract.language.segment import Sentence

WORD_NUMBERS = {
    word: n
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"none": 0, "no": 0, "两": 2, **{w: n for n, w in enumerate("零一二三四五六七八九十")}}

_LATE_UNITS = {"月": "month", "周": "week", "天": "day", "d": "day", "年": "year"}
_CONNECTOR = re.compile(
    r"\s*(?:vs\.?|v\.?|versus|和|与|及|、|,|and|, and|or|to|至|到|比|对|/|-|~|;|compared with|以及)\s*",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|~|to|至)\s*", re.IGNORECASE)
_CONTRAST = re.compile(r"\s*(?:vs\.?|v\.?|versus|和|与|比|对|and)\s*", re.IGNORECASE)
_BARE_INTERVAL = re.compile(
    r"""\s*(?P<open>[,;(\[]|\(\s*\[)\s*
    (?P<low>\d+(?:\.\d+)?|NR|NE)\s*%?\s*(?P<between>-|~|至|\bto\b|;|,)\s*
    (?P<high>\d+(?:\.\d+)?|NR|NE|NA)\s*%?\s*(?:months?|个?月)?\s*(?=[)\],;.。]|$)""",
    re.VERBOSE,
)
_STATISTIC_TO_VALUE = re.compile(
    r"""[\s=:,值为是约]*(?:\((?:95%\s*)?(?:CI|置信区间)?\)\s*[=:]?\s*)?
    (?:(?:for|of|in|with|on|favou?ring)\s[^.;\d]{1,60}?)?
    (?:(?:was|is|were|being|of|=|for|at|,|:|estimated|about|approximately|的|为|是)\s*)*[(\[]?\s*""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval as printed: bounds as decimals (``high`` may be NR or NE), level in per cent."""

    low: str
    high: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value of a sentence. All offsets are folded.

    ``start``/``end`` bound the value as written; ``outer_start``/``outer_end`` take in what belongs to
    it. ``statistic`` is set where the wording alone tells (hazard_ratio, risk_reduction, count…).
    """

    start: int
    end: int
    value: str
    unit: str = ""
    qualifier: str = "="
    statistic: str = ""
    interval: Interval | None = None
    n: str = ""
    N: str = ""
    outer_start: int = -1
    outer_end: int = -1
    depth: int = 0
    label_start: int = -1
    p: str = ""
    difference: bool = False

    @property
    def is_effect(self) -> bool:
        """Whether it compares two arms in one number."""
        return self.statistic in (
            "hazard_ratio",
            "odds_ratio",
            "risk_ratio",
            "risk_reduction",
            "risk_difference",
        )

    @property
    def family(self) -> str:
        """What it can be a value of: percent, time, ratio, count, unreached."""
        if self.statistic in ("hazard_ratio", "odds_ratio", "risk_ratio"):
            return "ratio"
        if self.qualifier in ("NR", "NE"):
            return "unreached"
        if self.unit == "%":
            return "percent"
        return "time" if self.unit else "count"


def quantities(
    sentence: Sentence, mentions: Sequence[Mention], carried: Mention | None = None
) -> tuple[Quantity, ...]:
    """The quantities of a sentence, in order.

    Args:
        carried: the ratio's label last told before the sentence, for 'the OS estimate was 0.77 (0.68-0.87)'.
    """
    text = sentence.text
    depths = bracket_depths(text)
    found = _plain_values(mentions)
    found += _ratios(text, mentions, found, carried)
    found.sort(key=lambda q: q.start)
    found = _share_units(text, mentions, found)
    found += _counts(text, mentions, found)
    found += _people(text, mentions, found)
    found.sort(key=lambda q: q.start)
    found = [_with_interval(text, mentions, q) for q in found]
    found = [_with_fraction(text, mentions, q) for q in found]
    found = _with_loose_fractions(text, mentions, found)
    found = _labelled(text, mentions, found)
    found = [_qualified(text, mentions, q) for q in found]
    found = [q for q in found if not _is_bound_of_other(q, found)]
    found = _without_ranges(text, mentions, found)
    return tuple(replace(q, depth=depths[q.start]) for q in found)


def bracket_depths(text: str) -> list[int]:
    """How many brackets are open at each character; a bracket closed twice counts once."""
    depths: list[int] = []
    depth = 0
    for char in text:
        if char in ")]":
            depth = max(0, depth - 1)
        depths.append(depth)
        if char in "([":
            depth += 1
    return depths


def decimal(written: str) -> str:
    """A number as a plain decimal: no thousands separators, a leading zero, word numbers as digits."""
    written = written.strip().lower()
    if written in WORD_NUMBERS:
        return str(WORD_NUMBERS[written])
    plain = written.replace(",", "").replace(" ", "")
    return "0" + plain if plain.startswith(".") else plain


def p_text(mention: Mention) -> str:
    """A p value as the contract writes it: ``0.0007``, ``<0.0001``."""
    sign = {"=": "", "≤": "<=", "≥": ">="}.get(mention.part("op"), mention.part("op"))
    return sign + decimal(mention.part("p"))


def _made(m: Mention, unit: str, **more: str) -> Quantity:
    start, end, written = m.parts["value"]
    return Quantity(
        start, end, decimal(written), unit, outer_start=min(m.start, start), outer_end=max(m.end, end), **more
    )


def _plain_values(mentions: Sequence[Mention]) -> list[Quantity]:
    found: list[Quantity] = []
    for m in mentions:
        if m.kind == "value":
            found.append(_made(m, m.code))
        elif m.kind == "difference":
            found.append(replace(_made(m, "%"), difference=True))
        elif m.kind == "fraction" and "value" in m.parts:
            found.append(replace(_made(m, "%"), n=decimal(m.part("n")), N=decimal(m.part("N"))))
        elif m.kind == "unreached":
            start, end, _ = m.parts["value"]
            found.append(Quantity(start, end, "", "", m.code, outer_start=m.start, outer_end=m.end))
        elif m.kind == "zero":
            start, end, _ = m.parts["value"]
            found.append(Quantity(start, end, "0", "", "=", "count", outer_start=m.start, outer_end=m.end))
    return found


def _ratios(
    text: str, mentions: Sequence[Mention], found: Sequence[Quantity], carried: Mention | None
) -> list[Quantity]:
    """Bare numbers that a ratio's label governs, and bare numbers with an interval after one."""
    ratios: list[Quantity] = []
    label = carried
    for m in mentions:
        if m.kind == "statistic" and m.code != "risk_difference":
            label = m
        elif m.kind == "number" and label is not None:
            gap = text[label.end : m.start] if label is not carried else "-"
            direct = _STATISTIC_TO_VALUE.fullmatch(gap) and not any(
                label.end <= q.start < m.start for q in (*found, *ratios)
            )
            listed = ratios and _CONNECTOR.fullmatch(text[ratios[-1].outer_end : m.start])
            after = _BARE_INTERVAL.match(text, m.end)
            has_interval = bool(after) or any(
                n.kind == "interval" and 0 <= n.start - m.end <= 3 for n in mentions
            )
            own = not any(q.outer_start <= m.start < q.outer_end for q in ratios)
            if own and (
                direct or (has_interval and not _in_interval(text, m, ratios)) or (listed and "." in m.text)
            ):
                if not direct and "." not in m.text:
                    continue
                if label is carried and not _BARE_INTERVAL.match(text, m.end):
                    continue
                q = replace(_made(m, "", statistic=label.code), label_start=label.start if direct else -1)
                if after and _inside(q.value, after["low"], after["high"]):
                    q = replace(q, outer_end=_closed(text, after))
                ratios.append(q)
    return ratios


def _in_interval(text: str, m: Mention, ratios: Sequence[Quantity]) -> bool:
    return any(q.start <= m.start < q.outer_end for q in ratios)


def _share_units(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
    """Give a unit written once to the numbers coordinated with its value (20.1比13.8个月; 8%对0)."""
    numbers = [m for m in mentions if m.kind == "number"]
    taken = {q.start for q in found}
    result = list(found)
    for m in numbers:
        # the unit behind the interval: '11.6(95%CI 7.3~18.4)个月'
        late = re.match(
            r"\s*\([^()]*\)\s*(?:个)?(?P<unit>月|months?|周|weeks?|天|days?|d|年|years?|%)", text[m.end :]
        )
        if late and m.start not in taken:
            result.append(_made(m, _LATE_UNITS.get(late["unit"], late["unit"].rstrip("s"))))
            taken.add(m.start)
    for m in reversed(numbers):
        if m.start in taken:
            continue
        after = min((q for q in result if q.start >= m.end), key=lambda q: q.start, default=None)
        if after is not None and after.unit and not after.difference:
            gap = _without_brackets(text[m.end : after.start])
            if _CONNECTOR.fullmatch(gap):
                result.append(replace(_made(m, after.unit)))
                taken.add(m.start)
    for m in numbers:
        if m.start in taken:
            continue
        before = max((q for q in result if q.end <= m.start), key=lambda q: q.end, default=None)
        if before is not None and before.unit and _CONTRAST.fullmatch(text[before.outer_end : m.start]):
            if re.match(r"\s*(?:[),;。.]|$)", text[m.end :]):
                result.append(_made(m, before.unit))
                taken.add(m.start)
    return sorted(result, key=lambda q: q.start)


def _without_brackets(gap: str) -> str:
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*", " ", gap)


def _counts(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
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


_OF_GROUP = re.compile(
    r"\s*(?:者|患者)?\s*(?:[^,;。:\d]{0,10}组|两组|三组)?\s*(?:均|各|都)?(?:共|仅|有|为|发生|出现)*\s*"
)
_PEOPLE_AFTER = re.compile(
    r"\s*(?:患者|patients?|men|women|participants?|cases?|of them)?\s*(?:\([^()\d]{1,40}\)|,[^,.;\d]{1,40},|(?:in|given|on|receiving|assigned to|treated with) [^,.;\d]{1,40}?)?\s*"
    r"(?:had |have |has |was |were |经[^,;。\d]{0,10})*(?:died|死于|死亡|因|发生|出现|experienced|developed|discontinued|判定与治疗相关)",
    re.IGNORECASE,
)


def _people(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
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
            t.end <= start and _OF_GROUP.fullmatch(_without_brackets(text[t.end : start])) for t in terms
        )
        list_of = bool(counts) and _CONNECTOR.fullmatch(text[counts[-1].outer_end : start]) is not None
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


def _with_interval(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
    for m in mentions:
        if m.kind == "interval" and m.start >= q.end:
            gap = text[q.outer_end if m.start >= q.outer_end else q.end : m.start]
            if re.fullmatch(r"\s*(?:[(\[,;:]\s*)*(?:n\s*=\s*\d+\s*[,;]\s*|\d+/\d+\s*[,;)]\s*[(,]?\s*)?", gap):
                interval = Interval(_bound(m.part("low")), _bound(m.part("high")), m.part("level"))
                return replace(q, interval=interval, outer_end=max(q.outer_end, m.end))
            break
    match = _BARE_INTERVAL.match(text, _unit_end(mentions, q))
    if match and (q.unit or q.is_effect or q.qualifier in ("NR", "NE")):
        clear = match["between"] not in ",;" or match["open"] in "(["
        if clear and _inside(q.value, match["low"], match["high"]) and not _is_note(text, match):
            level = ""
            return replace(
                q,
                interval=Interval(_bound(match["low"]), _bound(match["high"]), level),
                outer_end=max(q.outer_end, _closed(text, match)),
            )
    return q


def _closed(text: str, match: re.Match[str]) -> int:
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


def _inside(value: str, low: str, high: str) -> bool:
    """Whether an unlabelled pair can be the value's interval: it must hold the value."""
    try:
        above = not low[0].isdigit() or value == "" or float(low) <= float(value)
        below = not high[0].isdigit() or value == "" or float(value) <= float(high)
    except ValueError:
        return False
    return above and below and (low != high)


def _with_fraction(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
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


def _with_loose_fractions(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
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


def _labelled(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
    """Risk reductions and risk differences among the percentages."""
    result: list[Quantity] = []
    for q in found:
        if q.unit == "%" and not q.statistic:
            before = [m for m in mentions if m.end <= q.start and m.kind in ("risk-reduction", "statistic")]
            near = (
                before[-1]
                if before
                and re.fullmatch(
                    r"[\s=:,为是约of近了达\-]*(?:about|approximately|by|of|was)?\s*(?:[\[(]\s*)?",
                    text[before[-1].end : q.start],
                )
                else None
            )
            if near is not None and near.kind == "risk-reduction":
                q = replace(q, statistic="risk_reduction", label_start=near.start)
            elif near is not None and near.code == "risk_difference":
                q = replace(q, statistic="risk_difference", label_start=near.start)
            elif _reduction_follows(text, mentions, q):
                q = replace(q, statistic="risk_reduction")
            elif q.difference or _is_told_difference(text, mentions, q):
                q = replace(q, statistic="risk_difference", difference=True)
        elif q.family == "time" and _is_told_difference(text, mentions, q):
            q = replace(q, difference=True)
        result.append(q)
    return result


def _reduction_follows(text: str, mentions: Sequence[Mention], q: Quantity) -> bool:
    after = text[q.end :]
    if re.match(
        r"\s*%?\s*(?:relative )?(?:reduction in|lower|decrease in|reduced|less) (?:the )?(?:relative )?(?:risk|hazard|likelihood)",
        after,
    ):
        return True
    if re.match(r"\s*%\s*(?:lower|less|reduced)(?=\s*(?:with|in|for|[;,.()]))", after):
        return (
            re.search(r"\b(?:risk|hazard)s? (?:of|was|for)\b", text[max(0, q.start - 120) : q.start])
            is not None
        )
    return False


def _is_told_difference(text: str, mentions: Sequence[Mention], q: Quantity) -> bool:
    for m in mentions:
        if m.kind == "difference-cue" and 0 <= q.start - m.end <= 2:
            return True
    return (
        re.match(
            r"\s*(?:%|months?|percentage points?)?\s*(?:-month )?(?:longer|shorter|higher|lower|more than|fewer|difference|improvement|gain|benefit|advantage)\b",
            text[q.end :],
        )
        is not None
        and "%" not in text[q.end : q.end + 2]
    )


def _qualified(text: str, mentions: Sequence[Mention], q: Quantity) -> Quantity:
    if q.qualifier != "=":
        return q
    for m in mentions:
        if m.kind == "bound" and re.fullmatch(r"\s*", text[m.end : q.start] if m.end <= q.start else "x"):
            return replace(q, qualifier=m.code)
        if m.kind == "approx":
            ahead = m.end <= q.start and not text[m.end : q.start].strip()
            behind = m.text in ("左右", "上下") and re.fullmatch(
                r"\s*%?(?:个?月|年|周|天)?\s*", text[q.end : m.start] if m.start >= q.end else "x"
            )
            if ahead or behind:
                return replace(q, qualifier="~")
    return q


def _is_bound_of_other(q: Quantity, found: Iterable[Quantity]) -> bool:
    return any(
        o is not q and o.outer_start <= q.start and q.end <= o.outer_end and not (q.start == o.start)
        for o in found
    )


def _without_ranges(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
    """'5%~10%' is a range between studies, no result of either end."""
    moves = {m.start for m in mentions if m.kind == "from-to"}
    dropped: set[int] = set()
    for a, b in zip(found, found[1:], strict=False):
        if a.unit == b.unit and a.unit and _RANGE.fullmatch(text[a.outer_end : b.start]):
            if not any(start < a.start and a.start - start < 30 for start in moves):
                dropped |= {a.start, b.start}
    return [q for q in found if q.start not in dropped]
