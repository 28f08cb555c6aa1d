"""What stands right beside a value: an arm before it, behind it, or with its count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.group_names import PEOPLE
from isa_extract.binding.groups import Group
from isa_extract.binding.view import View
from isa_extract.finding.quantity import Quantity

GIVEN = r"(?:(?:who\s+)?(?:were\s+|had\s+)?(?:given|receiving|received|treated\s+with|(?:randomly\s+)?assigned(?:\s+to)?|randomi[sz]ed\s+to|allocated\s+to|on|in|taking|with)(?:\s+receive)?)"
_TO_ARM = rf"(?:in|with|for|among|on|of|by|from|under|to|after|at|via|within|{GIVEN})\s+(?:the\s+|all\s+|their\s+|its\s+|pooled\s+|combined\s+|{PEOPLE}\s+|{GIVEN}\s+)*"
_STOPPED = r"(?:stopped|discontinued|gave up)\s+(?:the\s+)?"
AFTER_VALUE = re.compile(
    rf"""\s*%?\s*\)?\]?\s*,?\s*(?:个月|months?)?\s*(?:per\s+(?:\d+\s)?(?:patient[- ]|person[- ])?(?:years?|annum)\s*)?
    (?:of\s+(?:the\s+|all\s+)?(?:\d+\s+)?)?(?:(?:evaluable|assessable|assessed|treated|tested|randomi[sz]ed|enrolled|eligible|matched)\s+)?(?:{PEOPLE}\s*)?
    (?:were\s+|was\s+)?(?:occurred\s+|seen\s+|recorded\s+|observed\s+|reported\s+|documented\s+|noted\s+|found\s+|still\s+)?
    (?:{_STOPPED}|{_TO_ARM})?(?:{PEOPLE}\s+)?""",
    re.VERBOSE | re.IGNORECASE,
)
PREPOSITION = re.compile(
    rf"\b(?:{_STOPPED}|{_TO_ARM})$|\bof\s+(?:the\s+)?\d+\s+(?:treated\s+|evaluable\s+|assessable\s+)?$",
    re.IGNORECASE,
)
_OF_SO_MANY = re.compile(r"\bof\s+(?:the\s+|all\s+)?\d+\s+$", re.IGNORECASE)
LINK = re.compile(
    r"\s*(?:组|臂|groups?|arms?|cohorts?|患者|patients|的|和|与|及|、|,|/|and|, and|or|vs\.?|v\.?|versus|比|对|以及|than|compared (?:with|to)|the|in|with|for|on|between|相比|较|[()]|n ?= ?\d+|\d+例|单药|治疗|alone|monotherapy|recipients)*\s*",
    re.IGNORECASE,
)


def counted_in(view: View, q: Quantity) -> ArmMention | None:
    """'20 Dara-VCD patients (20.9%)': the one arm between a count and its share."""
    within = [a for a in view.arms if q.outer_start <= a.start and a.end <= q.start]
    return within[0] if len({a.arm for a in within}) == 1 else None


def _gap_after(view: View, i: int) -> tuple[int, int]:
    members = view.group.members
    start = members[i].outer_end
    stop = members[i + 1].outer_start if i + 1 < len(members) else view.right
    return start, max(start, stop)


def right_behind(view: View, i: int) -> ArmMention | None:
    start, stop = _gap_after(view, i)
    start = _past_nested(view, start, stop)
    q = view.group.members[i]
    within = [a for a in view.arms if q.end <= a.start and a.end <= q.outer_end]
    if len(within) == 1 and not q.unit and _PEOPLE_BEHIND.match(view.text, within[0].end):
        return within[0]  # 'two placebo recipients died'
    for a in view.arms:
        if start <= a.start and a.end <= stop:
            if view.text[start : a.start].strip() == "(" and _CLOSED.match(view.text, a.end):
                return a  # '10.9个月(A组)和9.7个月(B组)'
            gap = view.text[start : a.start].strip(" %)")
            if gap == "的" or _BELONGS.fullmatch(gap):
                return a
            if (
                q.depth
                and _COMMA.fullmatch(view.text[start : a.start])
                and _ITEM_ENDS.match(view.text, a.end)
            ):
                return a  # '(2.0%, A; 1.4%, B)'
            gap = _QUOTES.sub("", _less_the_endpoint(view, start, a.start))
            if _lacks(view, a) and _OF_THOSE.fullmatch(gap):
                return a
            if AFTER_VALUE.fullmatch(gap) and (PREPOSITION.search(gap) or not gap.strip(" %)]")):
                # 'x in A and y in B' has one arm behind each; 'x and y in A and B' has two behind the last
                if i + 1 == len(view.group.members) and len(view.group) > 1 and _two_linked(view, a, stop):
                    return None
                if not gap.strip(" %") and not re.match(r"\s*\(", gap):
                    people = not view.group.members[i].unit and _PEOPLE_BEHIND.match(view.text, a.end)
                    bare = view.group.members[i].unit and _BARE_ENDS.match(view.text, a.end)
                    told = people or bare or _OF_SO_MANY.search(view.text[: a.start]) or _lacks(view, a)
                    return a if told else None
                return a
            return None
    return None


def arm_behind(text: str, group: Group, named: Sequence[ArmMention]) -> ArmMention | None:
    """'rash and diarrhoea in 45% and 38% of those on A': the one arm right behind the last value."""
    behind = [a for a in named if a.start >= group.end]
    gap = text[group.end : behind[0].start] if behind else ""
    if not behind or not AFTER_VALUE.fullmatch(gap) or not PREPOSITION.search(gap):
        return None
    linked = len(behind) > 1 and LINK.fullmatch(text[behind[0].end : behind[1].start])
    return None if linked else behind[0]


_BELONGS = re.compile(r"(?:例|人)?(?:患者)?(?:均|都)?(?:属于?|来自|出自|归于?|(?:发生|出现)(?:于|在)|见于)")
_QUOTES = re.compile('["\u201c\u201d] ?')
_COMMA = re.compile(r"\s*%?\s*(?:months?)?\s*,\s*(?:in |with |for |on )?(?:the )?")
_ITEM_ENDS = re.compile(r"(?:\s+(?:groups?|arms?))?\s*[;)]")
_CLOSED = re.compile(r"\s*(?:组|臂|groups?|arms?)?\s*\)", re.IGNORECASE)
_PEOPLE_BEHIND = re.compile(
    rf"(?:[- ]treated)?\s+(?:recipients|{PEOPLE})\b|组?的?(?:患者|受试者)", re.IGNORECASE
)
_BARE_ENDS = re.compile(
    r"(?:\s+(?:groups?|arms?))?(?:\s*(?:[,;)]|$|\.(?:\s|$))|\s+(?:vs|v|versus|and|against|but)\b)",
    re.IGNORECASE,
)
"""What ends '59.8% Kd' in 'SAE 59.8% Kd, 70.1% Isa-Kd', where nothing joins a value to its arm."""


_OF_THOSE = re.compile(
    rf"\s*%?\)?\s*(?:(?:of|among|in|for)\s+)?(?:{PEOPLE}\s+)?(?:who\s+|that\s+)?", re.IGNORECASE
)


def _lacks(view: View, a: ArmMention) -> bool:
    """'7.6 months without': the word for the arm is itself what joins it to the value."""
    return (
        re.match(r"without|(?:had|did|were|have) not|[不未]", view.text[a.start :], re.IGNORECASE) is not None
    )


def _less_the_endpoint(view: View, start: int, end: int) -> str:
    """The text between a value and an arm, less an endpoint right behind the value: '22% response rate in A'."""
    for m in view.passage.between(start, end, "endpoint", "event"):
        if re.fullmatch(r"[\s%)]*(?:such|of\s+(?:these|all|the))?\s*", view.text[start : m.start]):
            return " " + re.sub(r"^\s*(?:rates?|率)?", "", view.text[m.end : end])
    return view.text[start:end]


def _past_nested(view: View, start: int, stop: int) -> int:
    """Behind a bracket that holds nothing but more about the value."""
    match = re.match(r"\s*%?\s*(?:months?|个月)?\s*[(\[][^()\[\]]*[)\]]", view.text[start:stop])
    if match and not any(a.start < start + match.end() and a.start >= start for a in view.arms):
        return start + match.end()
    return start


def _two_linked(view: View, a: ArmMention, stop: int) -> bool:
    later = [b for b in view.arms if b.start >= a.end and b.end <= stop]
    return (
        bool(later)
        and later[0].arm != a.arm
        and LINK.fullmatch(view.text[a.end : later[0].start]) is not None
        and not later[0].reference
    )


def preposition_leads(view: View, behind: Sequence[ArmMention | None]) -> bool:
    a = behind[0]
    if a is None:
        return False
    belongs = _BELONGS.fullmatch(view.text[view.group.members[0].outer_end : a.start])
    return _lacks(view, a) or bool(belongs) or PREPOSITION.search(view.text[: a.start]) is not None


def right_before(view: View, i: int) -> ArmMention | None:
    q = view.group.members[i]
    floor = view.left if i == 0 else view.group.members[i - 1].outer_end
    inside = [a for a in view.arms if floor <= a.start and a.end <= q.outer_start]
    if not inside:
        return None
    if i > 0:
        return inside[-1] if len({a.arm for a in inside}) == 1 else None
    nearest = inside[-1]
    gap = view.text[nearest.end : q.outer_start]
    if nearest in view.used and (SET_AGAINST.search(gap) or _of_others(view, q)):
        return None  # '9 (19%) of 48 on B responded, compared with 20 (41%) of 49': B is told of the 19%
    if len(view.group) == 1 and view.passage.between(nearest.end, q.outer_start, "all-arms"):
        return None  # 'B 15%, and 7.8 months when both groups were taken together'
    adjacent = (
        re.fullmatch(
            r"\s*(?:组|groups?|arm|patients|recipients)?(?:患者)?(?:的|中|仅|为|[(:,])?\s*(?:仅)?(?:为)?\s*[(\[]?\s*|\s(?:(?!(?:in|of|for|with|at|by)\b)[a-z-]+\s){1,2}\(\s*",
            gap,
        )
        is not None
    )
    if len(view.group) == 1:
        if nearest.reference and not adjacent:
            free = [a for a in inside if not a.reference]
            return (
                free[-1]
                if free and not bracket_after_difference(view, q)
                else (nearest if bracket_after_difference(view, q) else None)
            )
        return nearest
    linked = len(inside) > 1 and LINK.fullmatch(view.text[inside[-2].end : nearest.start]) is not None
    if any(m.start == nearest.start for m in view.passage.of("ordinal")):
        linked = False  # 'A与B相比,前一组为28.6%,后一组为9.1%'
    return None if linked and not adjacent else nearest


_OTHERS = re.compile(
    rf"\s*%?\s*\)?\s*(?:\([^()]*\)\s*)?{_TO_ARM}(?!(?:patients|participants|cases|grades?|them|these|those|which|whom|stage|day|week|month|year|cycle|median|follow)\b|\d)(?=[A-Za-z])",
    re.IGNORECASE,
)


def _of_others(view: View, q: Quantity) -> bool:
    """'12.2% of the A group and 13.3% of the transplant patients': words of its own tell whose the second value is."""
    return _OTHERS.match(view.text, q.outer_end) is not None


SET_AGAINST = re.compile(
    r"(?:\b(?:against|versus|vs\.?|v\.?|compared (?:with|to)|as opposed to|rather than)|(?:对比|相比(?:于)?|而对照为))\s+(?:only |just |about |an? |mean |median |(?:increase|decrease|reduction|decline|change|rate)s? (?:of )?|仅|约)*$",
    re.IGNORECASE,
)


def bracket_after_difference(view: View, q: Quantity) -> bool:
    """'较对照组多出8.7个月(17.6个月)': the bracket holds the reference arm's own value."""
    return (
        any(d.difference and d.end <= q.start <= d.end + 6 for d in view.passage.quantities) and q.depth > 0
    )
