"""Effects between arms: which arm is in the numerator, and prognostic factors, which have no arm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.directions import oriented
from isa_extract.binding.endpoints import SURVIVAL, Endpoint
from isa_extract.binding.factors import factor_beside, factor_for
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.binding.readings import chain
from isa_extract.binding.view import Reading, View
from isa_extract.finding.quantity import Quantity
from isa_extract.records import Arm


@dataclass(frozen=True, slots=True)
class Told:
    """A value, whose it is and the code of its endpoint."""

    value: Quantity
    arm: Arm
    code: str


def effect_arms(view: View, before: Reading | None = None) -> Reading | None:
    """The experimental arm and its reference, for an effect; ``before`` is the reading of the effect before it.

    The reference is the last of the reading's arms; before it stands one arm for all effects of the group, or one for each.
    """
    study = view.study
    text = view.text
    behind = [a for a in view.arms if view.group.end <= a.start < view.right]
    ahead = [a for a in view.arms if a.end <= view.group.start]
    behind = [
        a
        for a in behind
        if "," not in text[view.group.end : a.start] and ";" not in text[view.group.end : a.start]
    ]
    here = [a for a in ahead if a.start >= view.left][-2:]
    told_for = bool(behind) and _FOR.fullmatch(text[view.group.end : behind[0].start]) is not None
    several = _one_for_each(view)
    if several is not None:
        return several
    for near in (behind[:2] if told_for else here, here if told_for else behind[:2], None, ahead[-2:]):
        if near is None:
            one = _of_several(view, before)
            if one is not None:
                return one
            continue
        distinct = list(dict.fromkeys(a.arm for a in near))
        if len(distinct) == 2 and len(near) == 2:
            first, second = near
            said = _is_said_for(text, first, second)
            if not said and (
                (_is_reference(text, first) and not second.reference)
                or (len(study.arms) == 2 and not second.reference and study.control() == first.arm)
            ):
                first, second = second, first
            pairwise = (
                len(study.arms) <= 2
                or said
                or second.reference
                or _is_reference(text, near[0])
                or re.search(
                    r"与|和|vs|versus|and|than|比|较|对|优于|劣于|低于|高于|\b(?:to|over|against|v)\b",
                    text[near[0].end : near[1].start],
                )
            )
            if pairwise:
                return Reading(
                    (first.arm, second.arm), "explicit", "the two arms named beside the effect", tuple(near)
                )
    if len(study.arms) == 2:
        tested, control = study.experimental(), study.control()
        if tested and control:
            return Reading((tested, control), "order", "the study's experimental arm against its control")
    return None


_FOR = re.compile(r"[%)\]\s]*\b(?:for|in|with)\s+(?:the\s+)?", re.IGNORECASE)


def _one_for_each(view: View) -> Reading | None:
    """'与C组相比,A组和B组的HR依次为0.87和0.56': as many arms listed as effects, each against the one reference."""
    k = len(view.group)
    listed = chain(view, view.before(), k, last=True) if k > 1 else []
    if not listed:
        return None
    rest = [a for a in view.arms if a.end <= view.group.start and a.arm not in {b.arm for b in listed}]
    against = next((a.arm for a in reversed(rest) if _is_reference(view.text, a)), view.study.control())
    if against is None or any(a.reference or a.arm == against for a in listed):
        return None
    arms = (*(a.arm for a in listed), against)
    return Reading(arms, "explicit", "as many arms as effects, each against the reference", tuple(listed))


_SAID_FOR = re.compile(
    r"\s*(?:groups?|arms?|dosing|therapy|treatment|组|臂)?\s*(?:relative to|versus|vs\.?|v\.?|over|compared (?:with|to)|against|相对于|对比)\s*(?:the\s+)?",
    re.IGNORECASE,
)
_AS_REFERENCE = re.compile(
    r"\s*(?:组|臂|groups?|arms?)?\s*(?:为|作为?|当作)(?:参照|对照|参考|基准)|\s*(?:groups?|arms?)?\s*(?:as|being|was|is) (?:the )?(?:reference|comparator)",
    re.IGNORECASE,
)


_MEASURED_AGAINST = re.compile(r"(?:组|臂)?(?:患者)?(?:相比|比较|相较)")
_LED_AS_REFERENCE = re.compile(r"(?:^|[,;、])对$")


def _is_said_for(text: str, first: ArmMention, second: ArmMention) -> bool:
    """'the HR for B relative to A', 'B组相对于A组的HR': the numerator is named first, whatever its role."""
    led = re.search(r"\bfor (?:the )?$", text[: first.start]) is not None
    between = text[first.end : second.start]
    return _SAID_FOR.fullmatch(between) is not None and (led or "相对于" in between)


def _is_reference(text: str, a: ArmMention) -> bool:
    measured = _MEASURED_AGAINST.match(text, a.end) is not None and text[: a.start].endswith(
        ("与", "和", "同")
    )
    measured = measured or _LED_AS_REFERENCE.search(text[: a.start]) is not None
    return a.reference or measured or _AS_REFERENCE.match(text, a.end) is not None


def _of_several(view: View, before: Reading | None) -> Reading | None:
    """Of three arms and more: 'neither was superior to A (HR for B 0.85; for C 0.72)', '以A组为参照,B组…(HR=0.44)',
    'B优于A(HR=0.38),与C相比…(HR=0.57)'. One arm stands beside the effect, the other was told before."""
    if len({*(a.label for a in view.study.arms), *(a.arm.label for a in view.arms)}) < 3:
        return None
    text, start = view.text, view.group.start
    clause = max(view.left, *(text.rfind(c, 0, start) + 1 for c in ";。"))
    beside = [a for a in view.arms if clause <= a.start and a.end <= start]
    behind = next((a for a in view.arms if view.group.end <= a.start < view.right), None)
    if behind is not None and _FOR.fullmatch(text[view.group.end : behind.start]):
        beside = [behind]
    free = {a.arm: a for a in beside if not _is_reference(text, a)}
    measured = {a.arm: a for a in beside if _is_reference(text, a)}
    if len(measured) == 1 and not free and before is not None:
        against = next(iter(measured.values()))
        if before.arms[0] not in (None, against.arm):
            return Reading(
                (before.arms[0], against.arm),
                "explicit",
                "the arm of the effect before, against this one",
                (against,),
            )
    if len(free) != 1 or measured:
        return None
    one = next(iter(free.values()))
    if before is not None and before.mentions:
        nearest = max(before.mentions, key=lambda a: a.start)
        joined = re.fullmatch(
            r"[)\]]?\s*(?:和|与|及|以及|、|and|or|, and)\s*(?:the\s+)?(?:to\s+)?", text[view.left : one.start]
        )
        if joined and nearest.arm == before.arms[-1] and before.arms[0] != one.arm:
            return Reading(
                (before.arms[0], one.arm), "explicit", "against this arm as against the one before", (one,)
            )
    standing = {a.arm: a for a in view.arms if a.end <= start and _is_reference(text, a) and a.arm != one.arm}
    if len(standing) == 1:
        reference = next(iter(standing.values()))
        return Reading(
            (one.arm, reference.arm),
            "explicit",
            "for the arm beside it, against the reference",
            (one, reference),
        )
    control = view.study.control()
    if (
        not standing
        and control is not None
        and control != one.arm
        and (one.arm.drugs or one.arm in view.study.arms)
    ):
        return Reading((one.arm, control), "explicit", "for the arm beside it, against the control", (one,))
    return None


_CLEAR = 0.1
"""An effect within so much of 1 says nothing of an order."""


def checked_by_effect(view: View, reading: Reading, endpoint: Endpoint, later: Sequence[Group]) -> Reading:
    """Turn an order of two that was only carried or taken from the introduction where the effect beside it
    speaks against it: 'median OS was 16.7 and 23.5 months (HR 0.61)', with the tested arm in the numerator."""
    tested, control = view.study.experimental(), view.study.control()
    effect = next((g for g in later if g.start >= view.group.end), None)
    if (
        len(view.group) != 2
        or view.group.effect
        or reading.everyone
        or reading.mentions
        or reading.binding not in ("carried", "order")
        or tested is None
        or control is None
        or set(reading.arms) != {tested, control}
        or effect is None
        or not effect.effect
    ):
        return reading
    q = effect.members[0]
    gap = view.text[view.group.end : effect.start]
    if (
        len(gap) > _BESIDE
        or re.search(
            "。" if view.group.members[0].depth and "(" not in gap and ")" not in gap else "[;。]", gap
        )
        or view.passage.between(view.group.end, effect.start, "endpoint")
    ):
        return reading
    way = _way_of_tested(q, endpoint, view.group.members)
    turned = oriented(view.group, tested, control, way)
    if turned and turned != reading.arms:
        return Reading(
            turned,
            "direction",
            f"{q.statistic.replace('_', ' ')} {q.value}: {tested.label} must be the {'higher' if way == 'up' else 'lower'} one",
        )
    return reading


def checked_by_values(
    view: View, reading: Reading | None, endpoint: Endpoint, pair: Sequence[Told]
) -> Reading | None:
    """The arm in the numerator, by the two values beside the effect: '69.2% with A and 61.4% with B (HR 0.74)' is
    A's. Kept as read where the effect has arms of its own ('HR for B versus A'), or the values do not say."""
    q = view.group.members[0]
    if len({t.arm for t in pair}) != 2 or len(view.group) != 1 or {t.code for t in pair} != {endpoint.code}:
        return reading
    end = max(t.value.outer_end for t in pair)
    gap = view.text[end : view.group.start]
    if end > view.group.start or len(gap) > _SAME_WORDS or re.search(r"[;。]", gap):
        return reading
    if reading is not None and (
        sum(a.start >= end for a in reading.mentions) > 1
        or any(
            a.start >= end and re.search(r"\bfor (?:the )?$", view.text[: a.start]) for a in reading.mentions
        )
        or not {t.arm for t in pair} >= set(reading.arms)
    ):
        return reading
    higher = _higher_in_numerator(q, endpoint, pair)
    if higher is None:
        return reading
    a, b = sorted(pair, key=lambda t: _size(t.value))
    arms = (b.arm, a.arm) if higher else (a.arm, b.arm)
    if _size(a.value) == _size(b.value) or (reading is not None and reading.arms == arms):
        return reading
    why = f"{q.statistic.replace('_', ' ')} {q.value}: {arms[0].label} has the {'higher' if higher else 'lower'} value"
    return Reading(arms, "direction", why)


def _size(q: Quantity) -> float:
    return float("inf") if q.qualifier in ("NR", "NE") else float(q.value)


def _higher_in_numerator(q: Quantity, endpoint: Endpoint, pair: Sequence[Told]) -> bool | None:
    """Whether the arm in the numerator has the higher value; None where the effect does not say.

    A hazard ratio below 1 goes with more time and more patients free of the event, but with fewer who have had it.
    """
    if q.statistic not in ("hazard_ratio", "odds_ratio", "risk_ratio") or abs(float(q.value) - 1) <= _CLEAR:
        return None
    less = float(q.value) < 1
    if q.statistic != "hazard_ratio":
        return not less if all(t.value.unit == "%" for t in pair) else None
    if _is_free_of_event(endpoint, [t.value for t in pair]):
        return less
    return None if endpoint.code == "OTHER" else not less


def _is_free_of_event(endpoint: Endpoint, values: Sequence[Quantity]) -> bool:
    """Whether the figures grow as the hazard falls: survival, and whatever is told as the time until an event."""
    return (
        endpoint.code in SURVIVAL
        or re.search(r"surviv|free|[PDREM]FS\b|生存", endpoint.term, re.IGNORECASE) is not None
        or all(q.family in ("time", "unreached") for q in values)
    )


_BESIDE = 40  # characters
_SAME_WORDS = (
    70  # characters, what the values are of included: '51% of those on A were alive at three years (HR 0.75'
)


def _way_of_tested(q: Quantity, endpoint: Endpoint, values: Sequence[Quantity]) -> str:
    """Whether the tested arm has the higher figure (``up``) or the lower one; empty where the effect does not say."""
    if q.statistic not in ("hazard_ratio", "odds_ratio", "risk_ratio") or abs(float(q.value) - 1) <= _CLEAR:
        return ""
    less = float(q.value) < 1
    if q.statistic == "hazard_ratio" and _is_free_of_event(endpoint, values):
        return "up" if less else "down"
    return "down" if less else "up"


def factor(
    passage: Passage,
    group: Group,
    left: int,
    named: Sequence[ArmMention],
    reading: Reading | None,
    in_model: bool = False,
) -> str:
    """The prognostic factor an effect is of, as ``factor: …``; empty for an effect between arms.

    Args:
        in_model: whether the paragraph has been telling of a model of such factors.
    """
    if not group.effect or group.members[0].family != "ratio":
        return ""
    cue = [
        m for m in passage.of("factor-cue") if m.start < group.start or re.search("因素|预后|factor", m.text)
    ]
    if not cue:
        return factor_beside(passage, group, left, named) if in_model else ""
    clause = passage.text.rfind(";", 0, group.start) + 1
    beside = [a for a in named if max(left, clause) <= a.start and a.end <= group.start]
    told = reading.mentions if reading is not None else ()
    if len({a.arm for a in (*beside, *(told if beside and beside[-1] in told else ()))}) == 2:
        return ""  # a treatment group's own effect in the model, both groups named
    return factor_for(passage, group, left)
