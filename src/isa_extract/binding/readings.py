"""Whose values: readings of a group compete, and the best supported one is kept.

Each reader below sees one way in which papers say whose a value is. A reader that sees nothing gives
None. What a sentence says outright comes before what is carried from the sentence before; a direction
word that only one order satisfies overrules an order that was merely carried or listed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.beside import (
    LINK,
    PREPOSITION,
    SET_AGAINST,
    bracket_after_difference,
)
from isa_extract.binding.directions import (
    checked_by_direction,
)
from isa_extract.binding.other_arm import moved, one_named, set_against
from isa_extract.binding.told_beside import told_beside
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
        if (m.start < q.start and q.start - m.end <= 14 and not _names_arms(view, m.end, q.start))
        or 0 <= m.start - view.group.end <= 14
    ]
    near += [m for m in view.passage.of("both") if _heads_clause(view, m)]
    near = [m for m in near if not re.search(r"[,;。]", text[min(m.end, q.end) : max(m.start, q.start)])]
    if not near:
        return None
    alike = _of_one_size(view, near[0].start)
    if alike:
        return Reading(alike, "explicit", f"'{near[0].text}': one value for each arm of that size", (), True)
    named = view.before() or _named_so(view, near[0])
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


_OF_ONE_SIZE = re.compile(r"[两二三]个?(?:(?P<one>单药)|(?P<two>双药|两药))(?:治疗)?组(?:患者)?$")


def _of_one_size(view: View, end: int) -> tuple[Arm, ...]:
    """'两个单药组均不足30%': the arms with so many drugs; empty where nothing of the kind stands before an offset."""
    told = _OF_ONE_SIZE.search(view.text[:end])
    fitting = [a for a in view.study.arms if told and len(a.drugs) == (1 if told["one"] else 2)]
    return tuple(fitting) if 2 <= len(fitting) < len(view.study.arms) else ()


def _names_arms(view: View, start: int, end: int) -> bool:
    return any(start <= a.start and a.end <= end for a in view.arms)


def _named_so(view: View, m: Mention) -> list[ArmMention]:
    """'90% in both groups A and B': the arms that the words for several name."""
    named: list[ArmMention] = []
    at = m.end
    for a in view.arms:
        if (
            a.start >= m.start
            and a.end > m.end
            and (a.start <= at + 1 or LINK.fullmatch(view.text[at : a.start]))
        ):
            named.append(a)
            at = a.end
    return named


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


_OVER_PATIENTS = re.compile(
    r"[^,;。:]{2,12}[与和及][^,;。:]{2,12}者(?:各为|分别为|各|分别)$|[两二三]个?亚组(?:患者)?的?[^,;。]{0,24}(?:为|是)$"
)
"""'初治与复发者各为100%和94.6%', '≥50%与<50%两个亚组的…为': the values go over kinds of patients, not over the arms."""


_GROUP = re.compile(
    r"(?P<latin>[A-Za-z][A-Za-z0-9+/-]{1,14})\s?[组臂](?![间织成合内分])|(?<=[,;。:])(?P<han>[\u4e00-\u9fff]{2,6})[组臂](?![间织成合内分])"
    r"|\b(?P<en>[A-Z][A-Za-z0-9+/-]{1,14}) (?:group|arm)\b"
)


def _group_nobody_knows(view: View) -> bool:
    """'甲组占15%,BAT组占3%', where no arm is known as BAT: what stands before the value is none of the arms known."""
    told = [(a.start, a.end) for a in view.arms]
    told += [
        (m.start, m.end)
        for m in view.passage.of("all-arms", "both", "subgroup", "whole", "study-new", "ordinal")
    ]
    groups = list(_GROUP.finditer(view.text, view.left, view.group.start))
    return bool(groups) and not any(
        start < groups[-1].end() and groups[-1].start() < end for start, end in told
    )


def continued(view: View) -> Reading | None:
    """No arm named: the order of the sentence before, else the order of introduction."""
    k = len(view.group)
    arms = view.study.arms
    if _group_nobody_knows(view):
        return None
    if k == 1:
        return _continued_single(view)
    if _OVER_PATIENTS.search(view.text[: view.group.start]):
        topic = view.order.topic
        return Reading((topic,) * k, "carried", "the one arm spoken of, over its patients") if topic else None
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
