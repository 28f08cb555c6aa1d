"""Whose values: readings of a group compete, and the best supported one is kept.

Each reader below sees one way in which papers say whose a value is. A reader that sees nothing gives
None. What a sentence says outright comes before what is carried from the sentence before; a direction
word that only one order satisfies overrules an order that was merely carried or listed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.beside import (
    LINK,
    PREPOSITION,
    SET_AGAINST,
    bracket_after_difference,
    right_behind,
    told_beside,
)
from isa_extract.binding.directions import (
    checked_by_direction,
    direction,
    of_group_before,
    oriented,
    outside_brackets,
)
from isa_extract.binding.groups import Group, is_contrast
from isa_extract.binding.view import Reading, View
from isa_extract.finding.match import Mention
from isa_extract.records import Arm


def asked(view: View) -> Iterator[tuple[str, Reading | None]]:
    """Each reader's name and what it sees, in the order in which they are asked; none is asked before its turn."""
    for reader in (
        shared,
        told_beside,
        moved,
        listed,
        compared,
        set_against,
        named_behind,
        one_named,
        continued,
    ):
        yield reader.__name__, reader(view)


def read(view: View) -> Reading | None:
    """The reading to keep, or None where nothing decides."""
    first = next((reading for _, reading in asked(view) if reading is not None), None)
    return checked_by_direction(view, first) if first is not None else None


# ------------------------------------------------------------------------------- what the sentence says


def shared(view: View) -> Reading | None:
    """'均为10%左右', 'not reached in either group': one value for all arms."""
    if len(view.group) != 1 or view.group.effect or len(view.study.arms) < 2:
        return None
    q = view.group.members[0]
    text = view.text
    if (
        q.statistic == "count"
        and len(view.study.arms) == 2
        and q.value == "0"
        and not view.before()
        and not view.behind()
        and q.qualifier == "="
    ):
        return Reading(tuple(view.study.arms), "explicit", "none in any arm", (), True)
    near = [
        m
        for m in view.passage.of("both")
        if (m.start < q.start and q.start - m.end <= 14) or 0 <= m.start - view.group.end <= 14
    ]
    near += [m for m in view.passage.of("both") if _heads_clause(view, m)]
    near = [m for m in near if not re.search(r"[,;。]", text[min(m.end, q.end) : max(m.start, q.start)])]
    if not near:
        return None
    named = view.before()
    if (
        re.search("[\u4e00-\u9fff]", near[0].text)
        and not view.passage.between(view.left, q.end, "all-arms")
        and "组" not in near[0].text
        and len({a.arm for a in named}) < 2
    ):
        return None
    distinct = tuple(dict.fromkeys(a.arm for a in named))
    arms = distinct if len(distinct) >= 2 else tuple(view.study.arms)
    return Reading(arms, "explicit", f"'{near[0].text}': one value for every arm", tuple(named), True)


def _heads_clause(view: View, m: Mention) -> bool:
    """'Both groups had a median time to response of 1.1 months': all groups are the subject, and no other value stands between."""
    return (
        m.text[0].isupper()
        and (m.start == 0 or view.text[m.start - 2] in ".;:")
        and not view.passage.between(m.end, view.group.start, "value")
        and m.end <= view.group.start <= m.end + 60
        and not view.before()
    )


def listed(view: View) -> Reading | None:
    """As many arms listed together as there are values, before the group or behind it."""
    k = len(view.group)
    if k < 2:
        return None
    before = chain(view, view.before(), k, last=True)
    behind = chain(view, view.behind(), k, last=False)
    if before:
        return Reading(
            tuple(a.arm for a in before), "order", "as many arms as values, in the order named", tuple(before)
        )
    if behind:
        return Reading(
            tuple(a.arm for a in behind), "order", "the arms named after the values, in order", tuple(behind)
        )
    return None


def chain(view: View, arms: Sequence[ArmMention], k: int, last: bool) -> list[ArmMention]:
    """``k`` distinct arms that are linked by nothing but 'and', 'versus' and the like."""
    windows = range(len(arms) - k, -1, -1) if last else range(len(arms) - k + 1)
    for i in windows:
        window = list(arms[i : i + k])
        if len({a.arm for a in window}) == k and all(
            LINK.fullmatch(view.text[a.end : b.start]) for a, b in itertools.pairwise(window)
        ):
            return window
    return []


def compared(view: View) -> Reading | None:
    """'A … 高于 B (a vs b)', 'compared with B, A …': as many distinct arms as values, apart."""
    k = len(view.group)
    distinct = list({a.arm: a for a in reversed(view.before())}.values())[::-1]
    distinct.sort(key=lambda a: a.start)
    if k < 2 or len(distinct) != k:
        return None
    leading = distinct[0]
    if leading.reference and k == 2:
        # 'compared with B, A was longer (a vs b)': the subject's value comes first unless directions say otherwise
        distinct = distinct[::-1]
    return Reading(
        tuple(a.arm for a in distinct),
        "order",
        "the arms in the order the sentence compares them",
        tuple(distinct),
    )


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
    told = view.text[: view.group.members[0].label_start] if view.group.members[0].label_start >= 0 else ""
    ahead = told or view.text[: view.group.start]
    if other is None or not SET_AGAINST.search(ahead):
        return None
    return Reading((other,), "order", "set against the value before it, so of the other arm")


def named_behind(view: View) -> Reading | None:
    """'61.2% of whom were free of progression at 2 years with A': one arm at the end of the value's own words."""
    q = view.group.members[0]
    if len(view.group) != 1 or view.group.effect or view.before() or (q.depth and not q.n):
        return None
    behind = view.behind()
    if len({a.arm for a in behind}) != 1 or behind[0].reference:
        return None
    gap = view.text[view.group.end : behind[0].start]
    gap = _ONE_OR_OTHER.sub("", gap)
    if re.search(
        r"[,;。(]|\b(?:but|whereas|while|than|or|not)\b|\band\s+\w+\s+(?:the\s+)?$", gap
    ) or not PREPOSITION.search(gap):
        return None
    return Reading((behind[0].arm,), "explicit", "the one arm named behind the value", (behind[0],))


_ONE_OR_OTHER = re.compile(r"\b(?:stage|grade|class|type|tier|line)s?\s+\w+\s+or\s+\w+", re.IGNORECASE)
"""'of the patients with stage II or IIIA disease in A'"""


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
        r"\W*(?:vs\.?|v\.?|versus|比|对)\W*", view.text[a.outer_end : b.outer_start]
    ):
        return Reading((arm, other), "order", "the named arm first, then the other", tuple(named))
    if named[0].start < view.group.start and not view.order_in_sentence:
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
    return re.fullmatch(r"\s*(?:in|of|from|on)\s+", view.text[end : arm.start]) is not None


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
    if len(view.group) != 2 or len(view.study.arms) != 2 or view.group.effect:
        return None
    start = view.group.start
    own = right_behind(view, 1)
    if own is not None and len(view.passage.of("from-to")) > 1 and _FROM_TO.search(view.text, 0, start):
        return Reading((own.arm,) * 2, "explicit", "where one arm began and where it came to", (own,))
    for at in view.before()[-1:]:
        other = view.study.other(at.arm)
        if other is not None and _MADE.fullmatch(view.text[at.end : start]):
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
_MADE = re.compile(
    r"(?:组|方案|治疗|单药|\s)*(?:使|让|将|把|可使|能使)[^,;。]{1,24}(?:从|由)\s*(?:约|仅)?\s*"
    r"|\s+(?:prolonged|extended|improved|raised|increased|lengthened|reduced|lowered|cut|brought)\s[^,;.]{1,60}\bfrom\s+(?:only |just |about )?",
    re.IGNORECASE,
)


_OVER_PATIENTS = re.compile(r"[^,;。:]{2,12}[与和及][^,;。:]{2,12}者(?:各为|分别为|各|分别)$")
"""'初治与复发者各为100%和94.6%': the values go over two kinds of patients, not over the arms."""


def continued(view: View) -> Reading | None:
    """No arm named: the order of the sentence before, else the order of introduction."""
    k = len(view.group)
    arms = view.study.arms
    if k == 1:
        return _continued_single(view)
    if _OVER_PATIENTS.search(view.text[: view.group.start]):
        return None
    if view.order_in_sentence and len(view.order_in_sentence) == k:
        return Reading(view.order_in_sentence, "carried", "order of the group before, in the same sentence")
    if view.study.pairs and k == 2:
        return Reading(view.study.pairs, "order", "the order that the paper says its pairs are in")
    if view.order.arms and len(view.order.arms) == k and set(view.order.arms) <= set(arms):
        return Reading(view.order.arms, "carried", f"order carried from: {view.order.said[:60]}")
    if len(arms) == k:
        return Reading(tuple(arms), "order", "the order in which the arms were introduced")
    if len(arms) == 1 and arms[0].role == "single" and not view.arms:
        return Reading((arms[0],) * k, "single", "the study's only arm")
    return None


def _continued_single(view: View) -> Reading | None:
    q = view.group.members[0]
    sentence_arms = [a for a in view.arms if a.end <= q.outer_start]
    if len(view.study.arms) > 1 and view.passage.between(0, q.start, "whole"):
        return None
    free = [a for a in sentence_arms if not a.reference]
    if bracket_after_difference(view, q) and sentence_arms:
        return Reading(
            (sentence_arms[-1].arm,),
            "explicit",
            "the bracket gives the compared arm's value",
            (sentence_arms[-1],),
        )
    if free and len(view.study.arms) >= 1:
        return Reading((free[-1].arm,), "carried", "the arm this sentence speaks of", (free[-1],))
    following = next((o for o in view.passage.quantities if o.outer_start >= view.group.end), None)
    if following is not None and SET_AGAINST.search(view.text[view.group.end : following.outer_start]):
        return None  # '89% …, compared with 45% with A': what A is compared with
    if len(view.study.arms) == 1 and view.study.arms[0].role == "single":
        return Reading((view.study.arms[0],), "single", "the study's only arm")
    if view.order.topic is not None and not sentence_arms:
        return Reading((view.order.topic,), "carried", "the one arm that the sentence before speaks of")
    return None
