"""The reading of an arm told beside each value, or in a set place near it: behind a list, in a bracket, 'from … to'."""

from __future__ import annotations

import re

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.beside import (
    AFTER_VALUE,
    GIVEN,
    counted_in,
    preposition_leads,
    right_before,
    right_behind,
)
from isa_extract.binding.group_names import PEOPLE
from isa_extract.binding.view import Reading, View

_ALL_OF = re.compile(
    r"%?[)\]]?(?:[^,;。()]{0,16},?|[^,;。()]{0,60},)\s*(?:(?:均|皆|都|全部?|全数|只|仅)(?:仅)?(?:见于|发生(?:于|在)|出现(?:于|在)|来自|属于?|为|在)"
    r"|(?:all|both)(?: (?:of (?:them|these|which)|cases|deaths|events))?(?: (?:were|being|occurring|occurred|seen))? (?:in|on|with|from|under|after)(?: the)?"
    r"|[^;.()]{0,50}\b(?:while|whilst) (?:on|taking|receiving|under)(?: the)?)\s*",
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
    own = [counted_in(view, q) for q in view.group.members]
    behind = [a or right_behind(view, i) for i, a in enumerate(own)]
    ahead = [a or right_before(view, i) for i, a in enumerate(own)]
    next_clause = len(behind) == 1 and behind[0] and "," in view.text[view.group.end : behind[0].start]
    if all(behind) and not (all(ahead) and (next_clause or not preposition_leads(view, behind))):
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
    rf"\s*%?\s*\)\s*(?:(?:occurred|were seen|were reported|were observed|{PEOPLE})\s+)?(?:on|in|with|for|among|under)\s+(?:the\s+|{PEOPLE}\s+|{GIVEN}\s+)*",
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
    begins = AFTER_VALUE.fullmatch(view.text[before.outer_end : arm.start])
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
