"""The reading of what stands right beside a value: its arm before it, behind it, or in a bracket of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.group_names import PEOPLE
from isa_extract.binding.groups import Group
from isa_extract.binding.view import Reading, View
from isa_extract.finding.quantity import Quantity

_GIVEN = r"(?:(?:who\s+)?(?:were\s+|had\s+)?(?:given|receiving|received|treated\s+with|(?:randomly\s+)?assigned(?:\s+to)?|randomi[sz]ed\s+to|allocated\s+to|on|in|taking|with)(?:\s+receive)?)"
_TO_ARM = rf"(?:in|with|for|among|on|of|by|from|under|to|after|at|via|within|{_GIVEN})\s+(?:the\s+|all\s+|their\s+|its\s+|pooled\s+|combined\s+|{PEOPLE}\s+|{_GIVEN}\s+)*"
_STOPPED = r"(?:stopped|discontinued|gave up)\s+(?:the\s+)?"
_AFTER_VALUE = re.compile(
    rf"""\s*%?\s*\)?\]?\s*,?\s*(?:个月|months?)?\s*(?:per\s+(?:\d+\s)?(?:patient[- ]|person[- ])?(?:years?|annum)\s*)?
    (?:of\s+(?:the\s+|all\s+)?(?:\d+\s+)?)?(?:(?:evaluable|assessable|assessed|treated|tested|randomi[sz]ed|enrolled|eligible|matched)\s+)?(?:{PEOPLE}\s*)?
    (?:were\s+|was\s+)?(?:seen\s+|recorded\s+|observed\s+|reported\s+|documented\s+|noted\s+|found\s+|still\s+)?
    (?:{_STOPPED}|{_TO_ARM})?(?:{PEOPLE}\s+)?""",
    re.VERBOSE | re.IGNORECASE,
)
PREPOSITION = re.compile(
    rf"\b(?:{_STOPPED}|{_TO_ARM})$|\bof\s+(?:the\s+)?\d+\s+(?:treated\s+|evaluable\s+|assessable\s+)?$",
    re.IGNORECASE,
)
_OF_SO_MANY = re.compile(r"\bof\s+(?:the\s+|all\s+)?\d+\s+$", re.IGNORECASE)
_ALL_OF = re.compile(
    r"%?[)\]]?(?:[^,;。()]{0,16},?|[^,;。()]{0,60},)\s*(?:(?:均|皆|都|全部?|全数|只|仅)(?:仅)?(?:见于|发生(?:于|在)|出现(?:于|在)|来自|属于?|为|在)"
    r"|(?:all|both)(?: (?:of (?:them|these|which)|cases|deaths|events))?(?: (?:were|being|occurring|occurred|seen))? (?:in|on|with|from|under|after)(?: the)?"
    r"|[^;.()]{0,50}\b(?:while|whilst) (?:on|taking|receiving|under)(?: the)?)\s*",
    re.IGNORECASE,
)
LINK = re.compile(
    r"\s*(?:组|臂|groups?|arms?|cohorts?|患者|patients|的|和|与|及|、|,|/|and|, and|or|vs\.?|v\.?|versus|比|对|以及|than|compared (?:with|to)|the|in|with|for|on|between|相比|较|[()]|n ?= ?\d+|\d+例|单药|治疗|alone|monotherapy|recipients)*\s*",
    re.IGNORECASE,
)


def told_beside(view: View) -> Reading | None:
    """Each value has its arm right before or right behind it."""
    only = _all_of(view)
    if only is not None:
        return Reading((only.arm,), "explicit", "all of them in the arm told behind", (only,))
    listed = _end_of_list(view)
    if listed is not None:
        why = "the arm behind the list in which the value stands"
        return Reading((listed.arm,), "explicit", why, (listed,))
    led = _led_by(view) or _from_one_to_the_other(view) or _all_in_bracket(view) or _beside_bracket(view)
    if led is not None:
        return led
    own = [_counted_in(view, q) for q in view.group.members]
    behind = [a or right_behind(view, i) for i, a in enumerate(own)]
    ahead = [a or _right_before(view, i) for i, a in enumerate(own)]
    next_clause = len(behind) == 1 and behind[0] and "," in view.text[view.group.end : behind[0].start]
    if all(behind) and not (all(ahead) and (next_clause or not _preposition_leads(view, behind))):
        found = [a for a in behind if a]
        if len({id(a) for a in found}) == len(found):
            return Reading(
                tuple(a.arm for a in found), "explicit", "each value is followed by its arm", tuple(found)
            )
    if all(ahead):
        found = [a for a in ahead if a]
        if len(found) == 1 or len({a.arm for a in found}) == len(found):
            return Reading(
                tuple(a.arm for a in found), "explicit", "each value follows its arm", tuple(found)
            )
    if len(view.group) == 2 and ahead[1] is not None and not any((ahead[0], behind[0], behind[1])):
        last, (a, b) = ahead[1], view.group.members
        other = view.study.other(last.arm)
        if (
            other is not None
            and not re.search(r"[()]", view.text[last.end : b.outer_start])
            and view.text[: last.start].rstrip()[-1:] != "("
            and all(n.arm == other for n in view.before() if n.end <= a.outer_start)
        ):
            why = "the second value follows its arm, so the first is the other's"
            return Reading((other, last.arm), "explicit", why, (last,))
    if len(view.group) == 2 and behind[0] is not None and behind[1] is None:
        one, b = behind[0], view.group.members[1]
        other = view.study.other(one.arm)
        if other is not None and _VERSUS.fullmatch(view.text[one.end : b.outer_start]):
            why = "the first value is followed by its arm and set against the second"
            return Reading((one.arm, other), "explicit", why, (one,))
    if len(view.group) == 2 and behind[1] is not None and behind[0] is None:
        last, (a, b) = behind[1], view.group.members
        other = view.study.other(last.arm)
        if other is not None and _VERSUS.fullmatch(view.text[a.outer_end : b.outer_start]):
            why = "the second value is followed by its arm, so the first is the other's"
            return Reading((other, last.arm), "explicit", why, (last,))
    return None


def _counted_in(view: View, q: Quantity) -> ArmMention | None:
    """'20 Dara-VCD patients (20.9%)': the one arm between a count and its share."""
    within = [a for a in view.arms if q.outer_start <= a.start and a.end <= q.start]
    return within[0] if len({a.arm for a in within}) == 1 else None


def _all_of(view: View) -> ArmMention | None:
    """'甲状腺功能减退5例(11.4%),均见于A组', 'two deaths, both on B', 'one died, in a road accident, while on B'."""
    if len(view.group) != 1:
        return None
    found = next((a for a in view.arms if a.start >= view.group.end), None)
    if found is None or any(
        a.arm != found.arm and not re.search(r"[,;。]", view.text[found.end : a.start]) for a in view.behind()
    ):
        return None
    gap = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", view.text[view.group.end : found.start])
    aside = _ASIDE.fullmatch(gap) and _ASIDE_ENDS.match(view.text, found.end)
    return found if aside or _ALL_OF.fullmatch(gap) else None


def _end_of_list(view: View) -> ArmMention | None:
    """'neutropenia (22%), fatigue (9%) and rash (13%) with A, and neutropenia (29%) … (6%) with B': the arm is told
    once, behind the last of its list."""
    last = view.group.members[0]
    if len(view.group) != 1 or not last.depth or view.group.effect:
        return None
    text = view.text
    for q in view.passage.quantities:
        if q.start > last.start:
            if q.depth != last.depth or not _NEXT_ITEM.fullmatch(text, last.outer_end, q.outer_start):
                break
            if any(last.end <= a.start < q.start for a in view.arms):
                break
            last = q
    behind = next((a for a in view.arms if a.start >= last.outer_end), None)
    if behind is None or last is view.group.members[0] or behind.reference:
        return None
    return behind if _BEHIND_LIST.fullmatch(text, last.outer_end, behind.start) else None


_NEXT_ITEM = re.compile(
    r"\s*%?\s*\)\s*(?:,\s*and|,|and)\s+(?!(?:and|in|with|on|of|for|among|an?|the|under|to)\s)[a-z][a-z0-9 /-]{2,40}\(\s*",
    re.IGNORECASE,
)
_BEHIND_LIST = re.compile(
    rf"\s*%?\s*\)\s*(?:(?:occurred|were seen|were reported|were observed|{PEOPLE})\s+)?(?:on|in|with|for|among|under)\s+(?:the\s+|{PEOPLE}\s+|{_GIVEN}\s+)*",
    re.IGNORECASE,
)
_ASIDE = re.compile(rf"(?:\s+{PEOPLE})?,\s*(?:on|in|with|under|from)\s+(?:the\s+)?", re.IGNORECASE)
_ASIDE_ENDS = re.compile(r"(?:\s+(?:groups?|arms?))?\s*,", re.IGNORECASE)


def _all_in_bracket(view: View) -> Reading | None:
    """'reduced with A (7.1% and 11.0%) as compared with B (19.5% and 42.9%)': each arm has its values in a bracket."""
    before = view.before()
    if (
        len(view.group) < 2
        or len({a.arm for a in before}) != 1
        or not _opens_behind(view, before[-1], view.group.start)
    ):
        return None
    between = view.text[view.group.start : view.group.members[-1].start]
    if re.search(r"\)[^()]*\(|\b(?:v|vs|versus|than)\b|[比对]", between):
        return None
    own = before[-1]
    for q in view.passage.quantities:
        other = next((a for a in reversed(view.arms) if a.end <= q.outer_start), None)
        if (
            q.depth
            and other is not None
            and other.arm != own.arm
            and _opens_behind(view, other, q.outer_start)
        ):
            return Reading((own.arm,) * len(view.group), "explicit", "in the bracket behind its arm", (own,))
    return None


def _opens_behind(view: View, a: ArmMention, at: int) -> bool:
    return re.fullmatch(r"\s*(?:groups?|arms?|patients|组)?\s*[(\[]\s*", view.text[a.end : at]) is not None


_LEADS = re.compile(
    r"\s*(?:组|臂)?(?:患者)?(?:数据|结果|数值)?(?:在前|居前|列前|在先)"
    r"|\s*(?:groups?|arms?|patients)?(?: (?:figure|value|result))?(?: being| is| are)?(?: given| listed| named| shown)? first\b"
)


def _led_by(view: View) -> Reading | None:
    """'65.6%和54.2%,A组在前', '21% and 11% (B first)': the order is said behind the values."""
    if len(view.group) != 2:
        return None
    for a in view.arms:
        gap = view.text[view.group.end : a.start] if a.start >= view.group.end else ";"
        other = view.study.other(a.arm)
        if len(gap) <= 16 and not re.search(r"[;。]", gap) and _LEADS.match(view.text, a.end) and other:
            return Reading((a.arm, other), "explicit", f"{a.arm.label} is said to be first", (a,))
    return None


def _from_one_to_the_other(view: View) -> Reading | None:
    """'A lengthened the median from 2.0 months under B to 8.3 months': the second value is of the other arm."""
    q = view.group.members[0]
    arm = next((a for a in reversed(view.arms) if a.end <= q.outer_start), None)
    before = next((o for o in reversed(view.passage.quantities) if arm and o.outer_end <= arm.start), None)
    if len(view.group) != 1 or arm is None or before is None or before.unit != q.unit:
        return None
    other = view.study.other(arm.arm)
    begins = _AFTER_VALUE.fullmatch(view.text[before.outer_end : arm.start])
    ends = _TO.fullmatch(view.text[arm.end : q.outer_start])
    led = _FROM.search(view.text[: before.outer_start])
    if other is None or not (begins and ends and led) or right_behind(view, 0) is not None:
        return None
    return Reading((other,), "explicit", f"from {arm.arm.label} to the other", (arm,))


_FROM = re.compile(
    r"(?:\bfrom\s+(?:a\s+)?(?:median\s+)?(?:of\s+)?(?:only\s+|just\s+|about\s+)?|[从由自](?:仅)?)$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"(?:\s+(?:groups?|arms?|alone))?\s+to\s+(?:a\s+)?(?:median\s+)?(?:of\s+)?(?:\w+\s+)?", re.IGNORECASE
)


def _beside_bracket(view: View) -> Reading | None:
    """'68% (placebo, 3%)', '52%(安慰剂组5%)': what the bracket tells of the one arm, the value before it is of the other."""
    if len(view.group) != 1 or view.group.effect:
        return None
    arm = next((a for a in view.arms if a.start >= view.group.end), None)
    following = next((q for q in view.passage.quantities if q.outer_start >= view.group.end), None)
    if (
        arm is None
        or following is None
        or following.outer_start < arm.end
        or any(a not in view.used for a in view.before())
    ):
        return None
    other = view.study.other(arm.arm)
    opens = _OPENS.fullmatch(view.text[view.group.end : arm.start])
    if other is None or not opens or not _OF_IT.fullmatch(view.text[arm.end : following.outer_start]):
        return None
    if (
        not re.match(r"[^()]{0,40}\)", view.text[following.outer_end :])
        or following.unit != view.group.members[0].unit
    ):
        return None
    return Reading((other,), "explicit", f"the bracket behind it tells of {arm.arm.label}", (arm,))


_OPENS = re.compile(
    r"\s*%?\s*\(\s*(?:(?:versus|vs\.?|v\.?|compared with|against|in|with|for|on|而|比|对)\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_OF_IT = re.compile(r"\s*(?:groups?|arms?|组|臂)?\s*(?:[,:]|为|仅|only)?\s*(?:为|仅)?\s*", re.IGNORECASE)

_VERSUS = re.compile(
    r"\W*(?:months?|个月)?\W*(?:vs\.?|v\.?|versus|(?:as )?against|as opposed to|compared with|but|比|对|对比)\W*(?:(?:only|just|about)\s)?",
    re.IGNORECASE,
)


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
            gap = _less_the_endpoint(view, start, a.start)
            if _lacks(view, a) and _OF_THOSE.fullmatch(gap):
                return a
            if _AFTER_VALUE.fullmatch(gap) and (PREPOSITION.search(gap) or not gap.strip(" %)]")):
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
    if not behind or not _AFTER_VALUE.fullmatch(gap) or not PREPOSITION.search(gap):
        return None
    linked = len(behind) > 1 and LINK.fullmatch(text[behind[0].end : behind[1].start])
    return None if linked else behind[0]


_BELONGS = re.compile(r"(?:例|人)?(?:患者)?(?:均|都)?(?:属于?|来自|出自|归于?|(?:发生|出现)(?:于|在)|见于)")
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
        if re.fullmatch(r"[\s%]*(?:such)?\s*", view.text[start : m.start]):
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


def _preposition_leads(view: View, behind: Sequence[ArmMention | None]) -> bool:
    a = behind[0]
    if a is None:
        return False
    belongs = _BELONGS.fullmatch(view.text[view.group.members[0].outer_end : a.start])
    return _lacks(view, a) or bool(belongs) or PREPOSITION.search(view.text[: a.start]) is not None


def _right_before(view: View, i: int) -> ArmMention | None:
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
    r"(?:\b(?:against|versus|vs\.?|v\.?|compared (?:with|to)|as opposed to|rather than)|(?:对比|相比(?:于)?|而对照为))\s+(?:only |just |about |a |an |仅|约)*$",
    re.IGNORECASE,
)


def bracket_after_difference(view: View, q: Quantity) -> bool:
    """'较对照组多出8.7个月(17.6个月)': the bracket holds the reference arm's own value."""
    return (
        any(d.difference and d.end <= q.start <= d.end + 6 for d in view.passage.quantities) and q.depth > 0
    )
