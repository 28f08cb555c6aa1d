"""Time points, grades, subgroups, stages, thresholds and p values: what a value is told at."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from isa_extract.binding.endpoints import SURVIVAL, Endpoint
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import WORD_NUMBERS, decimal, p_text

_UNITS = {"个月": "month", "月": "month", "年": "year", "周": "week", "天": "day", "日": "day"}
_GRADES = {
    "I": "1",
    "II": "2",
    "III": "3",
    "IV": "4",
    "V": "5",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
}


def unit(written: str) -> str:
    """The unit code of a time word."""
    written = written.lower().strip()
    return _UNITS.get(written) or written.rstrip("s").replace("mo", "month").replace(
        "monthnth", "month"
    ).replace("yr", "year")


def followup(m: Mention) -> str:
    """A follow-up as the contract writes it: ``11.6 month``."""
    return f"{decimal(m.part('value', 'value2'))} {unit(m.part('unit', 'unit2'))}"


def landmarks(m: Mention) -> list[str]:
    """The time points of a landmark mention: ``1、2年`` gives ``1 year`` and ``2 year``."""
    written = m.part("list", "list2")
    fallback = unit(m.part("unit", "unit2"))
    found: list[str] = []
    for number, own in re.findall(
        r"(\d+|[一二两三四五六七八十]|\b(?:"
        + "|".join(w for w in WORD_NUMBERS if w.isascii())
        + r")\b)\s*-?(个月|年|周|天|months?|years?|weeks?)?",
        written.lower(),
    ):
        found.append(f"{WORD_NUMBERS.get(number, number)} {unit(own) if own else fallback}")
    return found


def grade(m: Mention) -> str:
    """A grade as the contract writes it: ``>=3``, ``3-4``, ``5``; empty for any grade."""
    low = m.part("low", "low2")
    if m.code == "any" or not low:
        return ""
    low = _GRADES.get(low, low)
    high = m.part("high", "high2")
    if high:
        return f"{low}-{_GRADES.get(high, high)}"
    if m.part("above") or m.part("op", "op2") in ("≥", ">=", "不低于", "至少"):
        return f">={low}"
    return {"≤": "<=", "<": "<", ">": ">"}.get(m.part("op"), "") + low


def grade_for(passage: Passage, group: Group, endpoint: Endpoint, left: int, right: int) -> str:
    """The grade told of an adverse event: beside its name, or at the head of the list it stands in."""
    if endpoint.code not in ("AE", "SAE", "INFECTION") or endpoint.code == "SAE":
        return ""
    if re.match(r"(?:fatal|致死|致命)", endpoint.text, re.IGNORECASE):
        return "5"
    grades = passage.of("grade")
    if not grades:
        return ""
    text = passage.text
    if endpoint.start >= 0:
        for m in grades:
            ahead = text[m.end : endpoint.start] if m.end <= endpoint.start else None
            if ahead is not None and re.fullmatch(
                r"\s*(?:的|treatment-related |treatment-emergent |any |or |)?[^,;。()\d]{0,22}", ahead
            ):
                return grade(m)
        for m in grades:
            behind = (
                text[endpoint.end : m.start]
                if endpoint.end <= m.start <= max(group.end + 40, endpoint.end + 30)
                else None
            )
            if behind is not None and re.fullmatch(
                r"\s*(?:\(|of|was|were|:|,|s)?\s*(?:of\s+)?(?:these\s+)?", behind
            ):
                return grade(m)
    told = [
        m
        for m in grades
        if re.fullmatch(
            r"\s*[)%\]]*\s*[,(]\s*(?:均|多|全部|大多|all|mostly|all of them)*\s*(?:为|是|were|was|of)?\s*",
            text[group.end : m.start] if m.start >= group.end else "-",
        )
    ]
    if told:
        return grade(told[0])
    inside = [
        m
        for m in grades
        if group.start - 20 <= m.start < group.end + 14
        and re.fullmatch(
            r"[\s(,:]*(?:者|患者|事件)?(?:的)?(?:发生率)?(?:分别)?(?:为|占|有|for|of)?\s*",
            text[m.end : group.start] if m.end <= group.start else text[group.end : m.start],
        )
    ]
    if inside:
        return grade(inside[-1])
    heading = [m for m in grades if endpoint.start >= 0 and m.end <= endpoint.start]
    if heading and _heads_list(passage, heading[-1].end, endpoint.start):
        return grade(heading[-1])
    return ""


_LIST_HEAD = re.compile(
    r"(?:包括|包含|主要(?:为|有|是)|多为|常见(?:的)?(?:为|是|有|的)?|依次为|分别为|为|有|如|例如|including|included|such as|were|was|most common(?:ly)?|:)",
    re.IGNORECASE,
)


def _heads_list(passage: Passage, start: int, end: int) -> bool:
    """Whether a grade told at ``start`` still holds for the event at ``end`` of the same list.

    Between them stand other events with their values in brackets, and words that open a list; anything
    else (another group, a new clause) ends it.
    """
    if passage.between(start, end, "grade") or re.search(r"[。;]", passage.text[start:end]):
        return False
    kept = list(passage.text[start:end])
    general = 0
    for m in passage.between(start, end, "event", "endpoint"):
        general += m.kind == "endpoint"
        kept[m.start - start : m.end - start] = " " * (m.end - m.start)
    words = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", "".join(kept))
    words = re.sub(r"\d[\d.]*\s*%?", " ", words)
    opened = _LIST_HEAD.search(words)
    if general > 1 or (general and not opened):
        return False  # a second 'AE' begins a list of its own
    if opened and passage.between(start, start + opened.start(), "value"):
        return False
    words = _LIST_HEAD.sub(" ", words)
    words = re.sub(
        r"(?:治疗相关|发生率|最|的|和|与|及|以及|、|,|and|or|vs\.?|v\.?|versus|对|比|血液学|非血液学|hematologic|adverse|events|the|most|common|in|of|with)",
        " ",
        words,
    )
    return len(words.split()) == 0 or (bool(opened) and len("".join(words.split())) <= 8)


def timepoint_for(
    passage: Passage, group: Group, endpoint: Endpoint, left: int, carried: Sequence[str]
) -> tuple[str, ...]:
    """The landmark of each member; empty texts where there is none."""
    k = len(group)
    none = ("",) * k
    if (group.members[0].unit != "%" and not group.effect) or group.members[0].statistic == "risk_reduction":
        return none
    if group.effect and endpoint.code in SURVIVAL and group.members[0].statistic != "risk_difference":
        return none
    ahead = [m for m in passage.of("landmark") if m.end <= group.start and m.start >= left - 1]
    behind = [m for m in passage.of("landmark") if group.end <= m.start <= group.end + 4]
    if endpoint.code not in SURVIVAL:
        ahead = [m for m in ahead if not re.search(r"[;。]", passage.text[m.end : group.start])]
    if ahead and endpoint.code not in ("AE", "SAE"):
        times = landmarks(ahead[-1])
        if len(times) == k and k > 1:
            return tuple(times)
        if len(ahead) == k and k > 1 and _are_listed(passage, ahead):
            return tuple(t for m in ahead for t in landmarks(m)[:1])
        return (times[0],) * k if len(times) == 1 else none
    if behind and endpoint.code in SURVIVAL:
        return (landmarks(behind[0])[0],) * k
    if endpoint.code in SURVIVAL and not group.effect:
        if len(carried) == k:
            return tuple(carried)
        if len(carried) == 1:
            return (carried[0],) * k
        # '随访时间12个月,OS分别为…': a whole number of months is the landmark too
        told_at = [m for m in passage.of("followup") if m.end <= group.start and "." not in m.part("value")]
        if told_at and not passage.of("landmark") and not re.search("中位|median", told_at[-1].text):
            return (followup(told_at[-1]),) * k
        earlier = [m for m in passage.of("landmark") if m.end <= group.start]
        if earlier:
            times = landmarks(earlier[-1])
            if len(times) == 1:
                return (times[0],) * k
            if len(times) == k:
                return tuple(times)
    return none


def _are_listed(passage: Passage, found: Sequence[Mention]) -> bool:
    return all(len(passage.text[a.end : b.start]) < 8 for a, b in itertools.pairwise(found))


def stage_of(m: Mention) -> str:
    """The stage a mention names: ``part A``, ``induction``, ``maintenance``…"""
    return m.code or f"part {m.part('part').upper()}"


def threshold_for(passage: Passage, group: Group, endpoint: Endpoint, carried: str, i: int = 0) -> str:
    """The sensitivity that stands with an MRD result; listed ones go to the values in order.

    Args:
        i: which member of the group is asked for.
    """
    if not endpoint.code.startswith("MRD"):
        return ""
    told = passage.of("threshold")
    if not told:
        return carried
    behind = [m for m in told if 0 <= m.start - group.end <= 14 or _reaches(passage, group, m)]
    ahead = [m for m in told if m.end <= group.start]
    listed = [
        m for m in ahead if any(o is not m and abs(o.start - m.start) < 14 and o in ahead for o in told)
    ]
    if len(listed) > 1:
        values = [
            q for q in passage.quantities if q.start >= listed[0].end and q.family == group.members[0].family
        ]
        order = next((n for n, q in enumerate(values) if q.start == group.members[i].start), len(listed))
        if order < len(listed):
            return f"10^-{listed[order].part('power')}"
    chosen = behind[0] if behind else (ahead[-1] if ahead else told[0])
    return f"10^-{chosen.part('power')}"


def _reaches(passage: Passage, group: Group, m: Mention) -> bool:
    """'became MRD-negative at 10^-5' tells the threshold behind the values, in the same clause."""
    return (
        m.start >= group.end
        and not passage.between(group.end, m.start, "value", "number")
        and not re.search(r"[;。]", passage.text[group.end : m.start])
    )


def p_for(passage: Passage, group: Group, following: int) -> tuple[str, ...]:
    """The p value of each member: right behind it, or behind the group for all of it.

    Args:
        following: the folded offset where the next group begins.
    """
    k = len(group)
    text = passage.text
    own: list[str] = []
    for i, q in enumerate(group.members):
        stop = group.members[i + 1].outer_start if i + 1 < k else following
        found = [m for m in passage.between(q.outer_end, stop, "p") if _adjacent(text[q.outer_end : m.start])]
        own.append(p_text(found[0]) if found else "")
    if k == 1 or all(own):
        return tuple(own)
    return (own[-1],) * k if own[-1] else tuple(own)


def _adjacent(gap: str) -> bool:
    gap = re.sub(r"[(\[][^()\[\]]*[)\]]", "", gap)
    gap = re.sub(r"(?:χ\^?2|[tTZFx]2?|χ2)\s*=\s*-?[\d.]+", "", gap)
    return re.search(r"\d|。", gap) is None and len(gap) < 60
