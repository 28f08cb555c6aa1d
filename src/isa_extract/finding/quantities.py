"""Values with what belongs to them: unit, interval, events and denominator.

A quantity is one reported number (or 'not reached', or a zero in words) of a sentence. What stands
beside it without a life of its own (its interval, its n/N) is taken in here; p values, which may test
several quantities at once, are handed out later, where the groups are known.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from isa_extract.finding.belongings import (
    BARE_INTERVAL,
    closed,
    inside,
    with_fraction,
    with_interval,
    with_loose_fractions,
)
from isa_extract.finding.counts import n_of_N, numbered, people, response_counts
from isa_extract.finding.differences import is_difference, is_mean_change, is_reduction
from isa_extract.finding.match import Mention
from isa_extract.finding.measured import changes_of_groups, measured_pairs, with_lab_unit
from isa_extract.finding.quantity import CONNECTOR, Quantity, bracket_depths, decimal, made, without_brackets
from isa_extract.language.segment import Sentence

_LATE_UNITS = {"月": "month", "周": "week", "天": "day", "d": "day", "年": "year", "小时": "hour"}
_RANGE = re.compile(r"\s*(?:-|~|to|至)\s*", re.IGNORECASE)
_FROM = re.compile(r"\s*,?\s*from\s*", re.IGNORECASE)
_HEAD_UNIT = re.compile(
    r"\((?:[^(),;]{1,20},\s*)?(?P<unit>months?|个?月|years?|年|weeks?|周|days?|天|%)(?:,[^(),;]{1,20})?\)\s*(?:[:,为]|was|were)\s*",
    re.IGNORECASE,
)
"""The unit told once at the head: 'OS (median, months): camrelizumab 15.3, placebo 12.0'."""
_MEANS = re.compile(
    r"\bmeans?\b[^.;()]{0,24}\((?:SD|SE|SEM|standard deviation|standard error)\)|均(?:数|值)\s*\(标准差\)",
    re.I,
)
_SPREAD = re.compile(r"\s*\(\s*\d+(?:\.\d+)?\s*\)")
_CONTRAST = re.compile(
    r"\s*(?:vs\.?|v\.?|versus|和|与|比|对|and|,?\s*(?:as )?(?:compared (?:with|to)|against|opposed to))\s*",
    re.IGNORECASE,
)
_CONTRAST_ENDS = re.compile(
    r"\s*(?:[),;。.]|$|\((?:HR|hazard|OR|odds|RR|95|99|[Pp]\b)|(?:on|with|in|for|under|among|given)\s+[a-zA-Z])"
)
_STATISTIC_TO_VALUE = re.compile(
    r"""[\s=:,值为是约均都各暂]*(?:\((?:95%\s*)?(?:CI|置信区间)?\)\s*[=:]?\s*)?
    (?:(?:for|of|in|with|on|favou?ring)\s[^.;\d]{1,60}?)?
    (?:(?:was|is|were|being|of|=|for|at|,|:|estimated|about|approximately|的|为|是)\s*)*[(\[]?\s*""",
    re.VERBOSE | re.IGNORECASE,
)


def quantities(
    sentence: Sentence, mentions: Sequence[Mention], carried: Mention | None = None
) -> tuple[Quantity, ...]:
    """The quantities of a sentence, in order.

    Args:
        carried: the ratio's label last told before the sentence, for 'the OS estimate was 0.77 (0.68-0.87)'.
    """
    text = sentence.text
    depths = bracket_depths(text)
    found = _plain_values(text, mentions)
    found += _ratios(text, mentions, found, carried)
    found.sort(key=lambda q: q.start)
    found = _share_units(text, mentions, found, depths)
    if sentence.lang == "en":
        found = [with_lab_unit(text, q) for q in found]
        found += measured_pairs(text, mentions, found)
        found.sort(key=lambda q: q.start)
    found += n_of_N(text, mentions, found)
    found += numbered(text, mentions, found)
    found += people(text, mentions, found)
    found += response_counts(text, mentions, found)
    found.sort(key=lambda q: q.start)
    found = [with_interval(text, mentions, q) for q in found]
    found = [with_fraction(text, mentions, q) for q in found]
    found = with_loose_fractions(text, mentions, found)
    found = _labelled(text, mentions, found)
    if sentence.lang == "en":
        found = changes_of_groups(text, found)
    found = [_qualified(text, mentions, q) for q in found]
    found = [q for q in found if not _is_bound_of_other(q, found)]
    found = _without_ranges(text, mentions, found)
    named = [m for m in mentions if m.kind == "endpoint"]  # '脾脏体积缩小≥35%者'
    found = [q for q in found if not any(m.start < q.start and q.end < m.end for m in named)]
    return tuple(replace(q, depth=depths[q.start]) for q in found)


def _plain_values(text: str, mentions: Sequence[Mention]) -> list[Quantity]:
    found: list[Quantity] = []
    terms = [m for m in mentions if m.kind in ("endpoint", "event")]
    means = _MEANS.search(text)
    for m in mentions:
        spread = _SPREAD.match(text, m.end) if means and means.end() <= m.start else None
        if m.kind == "number" and spread:
            found.append(replace(made(m, "", statistic="mean"), outer_end=spread.end()))
        elif m.kind == "value" and ("sd" in m.parts or "score" in m.parts):
            found.append(made(m, _measured_unit(m.part("measured")), statistic="mean"))
        elif m.kind == "value":
            change = "mean" if m.part("value").startswith("-") else ""
            found.append(made(m, m.code, statistic=change))
        elif m.kind == "share":
            if _is_share_of_term(text, m, terms, mentions):
                first = made(m, "%")
                found.append(replace(first, outer_end=first.end + 1))
                found += [
                    Quantity(start, end, decimal(written), "%", outer_start=start, outer_end=end + 1)
                    for start, end, written in (m.parts[k] for k in ("second", "third") if k in m.parts)
                ]
        elif m.kind == "difference":
            found.append(replace(made(m, "%"), difference=True))
        elif m.kind == "fraction" and "value" in m.parts:
            found.append(replace(made(m, "%"), n=decimal(m.part("n")), N=decimal(m.part("N"))))
        elif m.kind == "unreached":
            start, end, _ = m.parts["value"]
            found.append(Quantity(start, end, "", "", m.code, outer_start=m.start, outer_end=m.end))
        elif m.kind == "zero" and (m.code != "of-event" or _is_none_of(text, m, terms)):
            start, end, _ = m.parts["value"]
            found.append(Quantity(start, end, "0", "", "=", "count", outer_start=m.start, outer_end=m.end))
    return found


_NONE_HAPPENED = re.compile(
    r"(?:\s*(?:events?|cases?))?\s*(?:of\s+(?:any\s+)?grade\s+[^,.;]{1,14}(?=\s*[,.;])|)\s*(?:(?:was|were|had|has)\s+(?:been\s+)?(?:seen|observed|noted|reported|recorded|found|documented)"
    r"|occurred|developed|arose|emerged|(?:at|with|on)\s+\d|in\s+(?:the|either|any|both|that|this|cohort|group|patients)\b)|\s*(?:发生|病例|者)?\s*(?:[,;。)]|$)",
    re.IGNORECASE,
)


def _is_none_of(text: str, m: Mention, terms: Sequence[Mention]) -> bool:
    """'No fall occurred', '未发生肺炎。': a zero in words right before what did not happen."""
    named = next((t for t in terms if t.start >= m.end), None)
    return (
        named is not None
        and re.fullmatch(
            r"\s*(?:(?:new|further|other|unexpected|such|cases? of)\s+)?", text[m.end : named.start]
        )
        is not None
        and _NONE_HAPPENED.match(text, named.end) is not None
    )


_OF_EACH_GROUP = re.compile(
    r"的?(?:患者|者|比例)?,(?:在)?(?:[两三各]组|各臂|两臂)(?:患者)?(?:中)?(?:依次|分别|各)?(?:约)?"
)
"""'获得完全缓解的,在两组分别占72%和38%'."""
_OF_GROUP = re.compile(
    r"(?:前者|后者|[组臂](?:患者)?|(?<=[,;])\s*[A-Z][A-Za-z0-9+-]{1,14}\s?)(?:中|内)?(?:则|仅|只|各)?$"
)


def _is_share_of_term(text: str, m: Mention, terms: Sequence[Mention], mentions: Sequence[Mention]) -> bool:
    """'达到CR的占40%', '存活的患者,前者占37.5%', '3级者只占0.6%' are values; '男性占54%' is the share of a baseline."""
    told = [t for t in terms if t.end <= m.start]
    if any(
        re.fullmatch(r"(?:\([^()]*\)|[^,;。\d]){0,14}(?:\d+\s*例,?)?", text[t.end : m.start])
        or _OF_EACH_GROUP.fullmatch(text[t.end : m.start])
        for t in told
    ):
        return True
    if not told:
        return False
    graded = any(
        g.kind == "grade" and re.fullmatch(r"者?(?:只|仅|也只|则)?", text[g.end : m.start])
        for g in mentions
        if g.end <= m.start
    )
    of_group = _OF_GROUP.search(text[: m.start]) and not re.search(r"[;。]", text[told[-1].end : m.start])
    return graded or bool(of_group)


def _measured_unit(written: str) -> str:
    """The unit of a mean; scores and laboratory units have none in the table."""
    plain = written.lower().removeprefix("个").rstrip("s")
    units = {"%", "month", "week", "day", "hour", "year"}
    return plain if plain in units else {**_LATE_UNITS, "小时": "hour", "h": "hour"}.get(plain, "")


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
            listed = bool(ratios) and (
                CONNECTOR.fullmatch(text[ratios[-1].outer_end : m.start]) is not None
                or _is_for_another(text, ratios[-1], m)
            )
            after = BARE_INTERVAL.match(text, m.end)
            has_interval = bool(after) or any(
                n.kind == "interval" and 0 <= n.start - m.end <= 3 for n in mentions
            )
            own = not any(q.outer_start <= m.start < q.outer_end for q in ratios)
            if own and (
                direct or (has_interval and not _in_interval(text, m, ratios)) or (listed and "." in m.text)
            ):
                if not direct and "." not in m.text:
                    continue
                if label is carried and not BARE_INTERVAL.match(text, m.end):
                    continue
                q = replace(made(m, "", statistic=label.code), label_start=label.start if direct else -1)
                if after and inside(q.value, after["low"], after["high"]):
                    q = replace(q, outer_end=closed(text, after))
                ratios.append(q)
    return ratios


_FOR = r"\s*(?:\([^()]*\)\s*)?for\s"


def _is_for_another(text: str, before: Quantity, m: Mention) -> bool:
    """'the hazard ratio was 0.43 for progression-free survival and 0.63 for overall survival'."""
    gap = text[before.outer_end : m.start]
    return bool(
        re.fullmatch(_FOR + r"[^,.;()\d]{2,50}?,?\s*(?:and|but|,)\s*", gap, re.IGNORECASE)
        and re.match(_FOR, text[m.end :], re.IGNORECASE)
    )


def _in_interval(text: str, m: Mention, ratios: Sequence[Quantity]) -> bool:
    return any(q.start <= m.start < q.outer_end for q in ratios)


def _share_units(
    text: str, mentions: Sequence[Mention], found: list[Quantity], depths: Sequence[int]
) -> list[Quantity]:
    """Give a unit written once to the numbers coordinated with its value (20.1比13.8个月; 8%对0)."""
    names = [m for m in mentions if m.kind.startswith("arm-")]  # '7.2% in arm 1 to 16.5% in arm 2'
    numbers = [
        m
        for m in mentions
        if m.kind == "number" and not any(a.start <= m.start and m.end <= a.end for a in names)
    ]
    taken = {q.start for q in found}
    result = list(found)
    for head in _HEAD_UNIT.finditer(text):
        stop = re.search(r"[;。]|\.\s", text[head.end() :])
        end = head.end() + stop.start() if stop else len(text)
        unit = head["unit"].lower().removeprefix("个")
        for m in numbers:
            if head.end() <= m.start < end and m.start not in taken and not depths[m.start]:
                result.append(made(m, _LATE_UNITS.get(unit, unit.rstrip("s"))))
                taken.add(m.start)
    for m in numbers:
        # the unit behind the interval: '11.6(95%CI 7.3~18.4)个月'
        late = re.match(
            r"\s*\([^()]*\)\s*(?:个)?(?P<unit>月|months?|周|weeks?|天|days?|d|年|years?|hours?|小时|%)",
            text[m.end :],
        )
        if late and m.start not in taken:
            q = made(m, _LATE_UNITS.get(late["unit"], late["unit"].rstrip("s")))
            result.append(replace(q, outer_end=m.end + late.end()))
            taken.add(m.start)
    for m in reversed(numbers):
        if m.start in taken:
            continue
        reached = (q for q in result if q.start >= m.end and q.qualifier not in ("NR", "NE"))
        after = min(reached, key=lambda q: q.start, default=None)
        if after is not None and after.unit and not after.difference:
            gap = without_brackets(text[m.end : after.start])
            if CONNECTOR.fullmatch(gap) or _FROM.fullmatch(gap):
                result.append(replace(made(m, after.unit)))
                taken.add(m.start)
    for m in numbers:
        if m.start in taken:
            continue
        before = max((q for q in result if q.end <= m.start), key=lambda q: q.end, default=None)
        paired = before is not None and before.unit and _CONTRAST.fullmatch(text[before.outer_end : m.start])
        if (before is not None and paired and _CONTRAST_ENDS.match(text, m.end)) or (
            before is not None
            and before.unit
            and (("." in m.text and "." in before.value) or m.text == "0")
            and _goes_on_without_unit(text, before, m)
        ):
            result.append(made(m, before.unit))
            taken.add(m.start)
    return sorted(result, key=lambda q: q.start)


_WITH = r"(?:with|without|in|for|on|under|after|among|given)"
_OF_ANOTHER = re.compile(
    rf"""\s*{_WITH}\s[^,.;()\d%]{{2,50}}?(?:,|;)?\s*(?:and|but|versus|vs\.?|against|compared\ with)?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_ELLIPTIC = re.compile(r"[^.;:%\d()]{0,60}(?:\([^()]*\))?;\s*[^,;:.()\d%]{2,50},\s*")
"""'went 56.0 months without progression (95% CI …); the placebo group, 13.8 (11.1 to 18.2).'"""
_OF_ANOTHER_ZH = re.compile(
    r"\s*(?:\([^()]*\))?\s*[,、;]\s*(?:而)?[^,;。、\d%()]{1,16}(?:组|者)(?:患者)?(?:则)?(?:为|是|仅)*\s*"
)


def _goes_on_without_unit(text: str, before: Quantity, m: Mention) -> bool:
    """'7.5 months with A, 14.2 with B and 7.7 after C', 'A组7.5个月,B组14.2,C组7.7': one unit for all."""
    gap = text[before.outer_end : m.start]
    if _ELLIPTIC.fullmatch(gap):
        return re.match(r"\s*(?:\([^()]*\)\s*)?[.;,](?:\s|$)", text[m.end :]) is not None
    if _OF_ANOTHER.fullmatch(gap):
        return (
            re.match(rf"\s*(?:\([^()]*\)\s*)?{_WITH}(?=[\s),;.])", text[m.end :], re.IGNORECASE) is not None
        )
    return (
        _OF_ANOTHER_ZH.fullmatch(gap) is not None
        and re.match(r"\s*(?:\([^()]*\)\s*)?(?:[,;。)]|$)", text[m.end :]) is not None
    )


def _labelled(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
    """Risk reductions and risk differences among the percentages."""
    result: list[Quantity] = []
    for q in found:
        if q.unit == "%" and not q.statistic and is_mean_change(text, q):
            q = replace(q, statistic="mean", difference=False)
        elif q.statistic == "mean" and q.value.startswith("-") and is_difference(text, mentions, q):
            q = replace(q, difference=True)
        elif q.unit == "%" and not q.statistic:
            before = [m for m in mentions if m.end <= q.start and m.kind in ("risk-reduction", "statistic")]
            last = max(before, key=lambda m: m.end, default=None)
            near = (
                last
                if last
                and re.fullmatch(
                    r"(?:\s*of\s[A-Za-z ,/-]{3,60}?)?[\s=:,为是约of近了达\-]*(?:(?:about|approximately|by|of|was)\s*){0,2}(?:[\[(]\s*)?",
                    text[last.end : q.start],
                )
                else None
            )
            if near is not None and near.kind == "risk-reduction":
                q = replace(q, statistic="risk_reduction", label_start=near.start)
            elif near is not None and near.code == "risk_difference":
                q = replace(q, statistic="risk_difference", label_start=near.start)
            elif is_reduction(text, q):
                q = replace(q, statistic="risk_reduction")
            elif q.difference or is_difference(text, mentions, q):
                q = replace(q, statistic="risk_difference", difference=True)
        elif q.family == "time" and is_difference(text, mentions, q):
            q = replace(q, difference=True)
        result.append(q)
    return result


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
        o is not q and o.outer_start <= q.start and q.end <= o.outer_end and q.start != o.start for o in found
    )


def _without_ranges(text: str, mentions: Sequence[Mention], found: list[Quantity]) -> list[Quantity]:
    """'5%~10%' is a range between studies, no result of either end."""
    moves = {m.start for m in mentions if m.kind == "from-to"}
    dropped: set[int] = set()
    for a, b in itertools.pairwise(found):
        rising = (
            a.value and b.value and float(a.value) < float(b.value)
        )  # '78% to 61%' sets two values side by side
        is_range = (
            rising
            and a.statistic != "mean"
            and a.unit == b.unit
            and a.unit
            and _RANGE.fullmatch(text[a.outer_end : b.start])
        )
        if is_range and not any(start < a.start and a.start - start < 30 for start in moves):
            dropped |= {a.start, b.start}
    return [q for q in found if q.start not in dropped]
