"""Readings of a sentence that names one arm, or moves a figure, so that the other value is of the other arm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.beside import SET_AGAINST, right_behind
from isa_extract.binding.directions import direction, of_group_before, oriented, outside_brackets
from isa_extract.binding.groups import Group, is_contrast
from isa_extract.binding.view import Reading, View
from isa_extract.records import Arm


def set_against(view: View) -> Reading | None:
    """'Of those on A 51% responded, against 14%': the one value that is set against another's is the other arm's."""
    if len(view.group) != 1 or view.group.effect or any(a not in view.used for a in view.before()):
        return None
    following = next(
        (q for q in view.passage.quantities if q.outer_start == view.right and not q.is_effect), None
    )
    if (
        following is not None
        and not view.behind()
        and not view.before()
        and SET_AGAINST.search(view.text[view.group.end : view.right])
    ):
        stop = re.search(r"[;。]", view.text[following.outer_end :])
        end = following.outer_end + stop.start() if stop else len(view.text)
        beside = right_behind(replace(view, group=Group((following,)), left=view.group.end, right=end), 0)
        other = view.study.other(beside.arm) if beside else None
        if other is not None:
            return Reading((other,), "order", "the value behind is set against it, so it is of the other arm")
    if view.behind() or not view.last:
        return None
    other = view.study.other(view.last[-1])
    if other is not None and _set_against_others(view):
        return Reading((other,), "order", "of those against whom the arm right before is set")
    told = view.text[: view.group.members[0].label_start] if view.group.members[0].label_start >= 0 else ""
    ahead = told or view.text[: view.group.start]
    if other is None or not SET_AGAINST.search(ahead):
        return None
    return Reading((other,), "order", "set against the value before it, so of the other arm")


_OTHERS_BEHIND = re.compile(
    r"[^;。]{0,24}?(?:\b(?:than|against|versus|vs\.?|v\.?|compared (?:with|to)|as opposed to)|[高低多少长短优]于|而)\s*"
    r"(?:(?:in|with|among|on|for|of|under)\s+)?[^,;。()]{2,50}[(\[]"
)
"""'… (43%) than with the older backbone (': no arm that is known, and the value in a bracket of its own."""


def _set_against_others(view: View) -> bool:
    """'more common with A (43%) than with the older backbone (32%)': in a bracket behind others, as A's is behind A."""
    told = next((q for q in reversed(view.passage.quantities) if q.outer_end <= view.group.start), None)
    if told is None or not told.depth or view.passage.between(told.outer_end, view.group.start, "subgroup"):
        return False
    beside = [a for a in view.used if a.end <= told.outer_start]
    return (
        bool(beside)
        and re.fullmatch(
            r"\s*(?:组|臂|(?:groups?|arms?)\b)?\s*[(\[]\s*", view.text[beside[-1].end : told.outer_start]
        )
        is not None
        and _OTHERS_BEHIND.fullmatch(view.text, told.outer_end, view.group.members[0].outer_start) is not None
    )


def one_named(view: View) -> Reading | None:
    """Two values, one arm named, and a word that says which way: 'Isa-RVd组显著升高(60.5% vs 77.3%)'."""
    if len(view.group) != 2 or view.group.effect:
        return None
    ahead = [a for a in view.before() if not of_group_before(view, a)]
    anew = max((m.end for m in view.passage.between(view.left, view.group.start, "all-arms")), default=0)
    ahead = [
        a for a in ahead if a.start >= anew
    ]  # '56% of B crossed over, and both groups had a median of …'
    named = [a for a in (*ahead, *_said_of(view)) if not a.reference or len(ahead) == 1]
    distinct = list(dict.fromkeys(a.arm for a in named))
    if len(distinct) != 1:
        return None
    arm = distinct[0]
    other = view.study.other(arm)
    if other is None:
        return _against_the_unnamed(view, arm, named)
    if all(a.reference for a in named):
        arm, other = other, arm  # 'compared with B, the rate was higher (a vs b)' speaks of A
    way = direction(view, arm)
    turned = oriented(view.group, arm, other, way)
    if turned:
        return Reading(
            turned,
            "direction",
            f"only this order makes {arm.label} {'higher' if way == 'up' else 'lower'}",
            tuple(named),
        )
    if view.order_in_sentence and set(view.order_in_sentence) == {arm, other}:
        return Reading(view.order_in_sentence, "carried", "order of the group before", tuple(named))
    a, b = view.group.members
    if named[0].start < view.group.start and re.fullmatch(
        r"\W*(?:vs\.?|v\.?|versus|against|as against|compared with|as opposed to|比|对|对比)\W*",
        view.text[a.outer_end : b.outer_start],
    ):
        return Reading((arm, other), "order", "the named arm first, then the other", tuple(named))
    if named[0].start < view.group.start and not (
        view.order_in_sentence or is_contrast(view.passage, view.group)
    ):
        return Reading((arm, arm), "explicit", "both values are told of the one arm named", tuple(named))
    return None


def _against_the_unnamed(view: View, arm: Arm, named: Sequence[ArmMention]) -> Reading | None:
    """'more frequent with A (81% versus 73%)', where nothing tells what the others got: theirs has no arm."""
    if (
        view.study.arms != [arm]
        or any(a.reference for a in named)
        or not is_contrast(view.passage, view.group)
        or view.passage.of("background")
        or any(not _are_people_of(view, m.end, named[0]) for m in view.passage.of("subgroup"))
    ):
        return None
    way = direction(view, arm)
    first = oriented(view.group, arm, _UNNAMED, way)
    if first is None:
        return None
    told = tuple(None if a is _UNNAMED else a for a in first)
    why = (
        f"only this order makes {arm.label} {'higher' if way == 'up' else 'lower'}; the other arm has no name"
    )
    return Reading(told, "direction", why, tuple(named))


def _are_people_of(view: View, end: int, arm: ArmMention) -> bool:
    """'women in the intervention group' are its patients, no subset."""
    return re.fullmatch(r"\s*(?:in|of|from|on)\s+(?:the\s+)?", view.text[end : arm.start]) is not None


_UNNAMED = Arm("", ())


def _said_of(view: View) -> list[ArmMention]:
    """Arms behind the group of which the group is told: '(9% vs 3%)…更多见于Kd组', '9%和2%,均为D-Pd组占优'."""
    found = []
    for a in (b for b in view.arms if b.start >= view.group.end):
        gap = outside_brackets(view.text, view.group.end, a.start)
        both = re.search(
            r"(?:均|皆|都|\bboth\b|\ball\b|\beach\b|, (?:in favou?r of|favou?ring)\b)[^,]*$",
            gap,
            re.IGNORECASE,
        )
        if (a.start < view.right and "," not in gap) or (gap.count(",") <= 1 and both):
            found.append(a)
    return found


def moved(view: View) -> Reading | None:
    """'从a提高到b', 'rose from a to b': from the control arm to the experimental one."""
    if len(view.group) != 2 or not 1 <= len(view.study.arms) <= 2 or view.group.effect:
        return None
    start = view.group.start
    own = right_behind(view, 1)
    measured = all(q.statistic == "mean" for q in view.group.members)
    if (
        own is not None
        and (measured or len(view.passage.of("from-to")) > 1)
        and _FROM_TO.search(view.text, 0, start)
    ):
        return Reading((own.arm,) * 2, "explicit", "where one arm began and where it came to", (own,))
    for at in view.before()[-1:]:
        other = view.study.other(at.arm)
        alone = view.study.arms == [at.arm]
        if (other is not None or alone) and _MADE.fullmatch(view.text[at.end : start]):
            return Reading(
                (other, at.arm), "explicit", f"{at.arm.label} moved the figure to the second", (at,)
            )
        led = [
            m
            for m in view.passage.of("from-to")
            if m.start < at.start and not re.search(r"[,;。]", view.text[m.start : at.start])
        ]
        if led and other is not None and not re.search(r"[,;。]", view.text[at.end : start]):
            return Reading(
                (at.arm, other), "explicit", f"'{led[-1].text}' {at.arm.label} to the other", (at,)
            )
    if measured and _MOVED.fullmatch(
        view.text, view.group.members[0].outer_end, view.group.members[1].outer_start
    ):
        near = {a.arm: a for a in view.before() or view.arms}
        if len(near) != 1:
            return None
        ((arm, at),) = near.items()
        return Reading((arm,) * 2, "explicit", "where the one arm named began and where it came to", (at,))
    named = {a.arm for a in view.before()}
    if len(named) > 1 or named & {view.study.control()}:
        return None
    a, b = view.group.members
    if re.search(r"\bto\s+(?:only |just |about )?$", view.text[:start]) and re.fullmatch(
        r"\s*%?\s*(?:months?)?,?\s*from\s+", view.text[a.outer_end : b.outer_start]
    ):
        tested, control = view.study.experimental(), view.study.control()
        if control and tested:
            return Reading((tested, control), "direction", "'to … from …': from control to experimental")
    for m in view.passage.of("from-to"):
        if 0 <= start - m.end <= 26:
            control, tested = view.study.control(), view.study.experimental()
            if control and tested:
                return Reading((control, tested), "direction", f"'{m.text}…': from control to experimental")
    return None


_FROM_TO = re.compile(r"\bfrom\s+(?:a\s+)?(?:median\s+|mean\s+)?(?:of\s+)?$", re.IGNORECASE)
_MOVED = re.compile(r"\s*to\s+", re.IGNORECASE)
_MADE = re.compile(
    r"(?:组|方案|治疗|单药|\s)*(?:使|让|将|把|可使|能使)[^,;。]{1,24}(?:从|由)\s*(?:约|仅)?\s*"
    r"|\s+(?:to\s[^,;.]{2,40}?\s)?(?:\w+ly\s+)?(?:prolonged|extended|improved|raised|increased|lengthened|reduced|lowered|decreased|shortened|cut|brought)\s[^,;.]{1,60}\bfrom\s+(?:only |just |about )?",
    re.IGNORECASE,
)
