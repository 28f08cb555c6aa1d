"""A group, its endpoint and its reading become findings with all their slots."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.binding import slots
from isa_extract.binding.arms import ArmMention
from isa_extract.binding.beside import SET_AGAINST, arm_behind
from isa_extract.binding.discourse import Discourse
from isa_extract.binding.effects import factor
from isa_extract.binding.endpoints import SURVIVAL, Endpoint, is_response
from isa_extract.binding.grades import grade_for, listed_grades
from isa_extract.binding.groups import Group, is_contrast
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster
from isa_extract.binding.subsets import subgroups_for
from isa_extract.binding.timepoints import timepoint_for
from isa_extract.binding.view import Reading
from isa_extract.finding.quantity import Quantity
from isa_extract.records import Arm, Finding, Study

_SAFETY = frozenset(("AE", "SAE", "AE_DISCONTINUATION", "TRM"))


def findings_of(
    passage: Passage,
    study: Study,
    arms: Roster,
    state: Discourse,
    group: Group,
    chosen: Sequence[Endpoint],
    reading: Reading | None,
    left: int,
    right: int,
    later: Sequence[Group],
    named: Sequence[ArmMention],
) -> list[Finding]:
    prognostic = factor(passage, group, left, named, reading, state.model)
    arm_count = len({a.arm for a in named if left <= a.start < right})
    safety_of_all = chosen[0].code in _SAFETY and state.subgroup.startswith("cohort ")
    told_before = "" if safety_of_all else state.subgroup
    subsets = subgroups_for(passage, group, left, told_before, arm_count, state.subsets, state.subset)
    if state.pd_l1_score:
        subsets = tuple(f"PD-L1 {s}" if s.startswith("CPS") else s for s in subsets)
    subsets = tuple("" if _is_no_subset(s, arms, e) else s for s, e in zip(subsets, chosen, strict=True))
    state.subsets = subsets
    state.subset = next((s for s in reversed(subsets) if s), "")
    over_subsets = len(set(subsets)) > 1
    over_endpoints = len({(e.code, e.term) for e in chosen}) > 1
    merely_carried = reading is None or (reading.binding in ("carried", "order") and not reading.mentions)
    if not group.effect and over_endpoints:
        clause = max(left, passage.text.rfind(";", 0, group.start))
        told = len({a.arm for a in named if clause <= a.start < right})
        if told < len(group) or arm_behind(passage.text, group, named):
            reading = _one_for_all(passage, arms, named, group)
    elif not group.effect and over_subsets and merely_carried:
        reading = _one_for_all(passage, arms, named, group)
    times = timepoint_for(passage, group, chosen, left, state.landmarks, state.landmark)
    if is_response(chosen[0]) and not chosen[0].code.startswith("MRD"):
        times = _at_visit(passage, group, chosen[0], times, state)
    if any(times) and not group.effect:
        state.landmark = (times[-1], f"AE {chosen[-1].term}" if chosen[-1].code == "AE" else chosen[-1].code)
    if any(times) and len(group) > 1:
        state.landmarks = times if len(set(times)) > 1 else times[:1]
        if len(set(times)) > 1 and not group.effect and not _arms_fit(passage, group, named, left):
            reading = _one_for_all(passage, arms, named, group)
    if (
        reading is None
        and not group.effect
        and len(arms.arms) == 1
        and not is_contrast(passage, group)
        and not _is_set_against(passage, group, named)
        and not passage.between(0, group.start, "whole")
    ):
        reading = _one_for_all(passage, arms, named, group)
    thresholds = [slots.threshold_for(passage, group, e, state.threshold, i) for i, e in enumerate(chosen)]
    over_thresholds = len(set(thresholds)) > 1 and not over_endpoints and not group.effect
    if over_thresholds and not _arms_fit(passage, group, named, left):
        reading = _one_for_all(passage, arms, named, group)
    following = min((b.start for b in later if b.start >= group.end), default=len(passage.text))
    ps = slots.p_for(passage, group, following)
    grades = [grade_for(passage, group, e, left, state.grade, state.severity) for e in chosen]
    if chosen[0].code == "AE" and (listed := listed_grades(passage, group, left)):
        grades = list(listed)
    state.grade = grades[-1]
    made: list[Finding] = []
    rows = [(i, q, e) for i, q in enumerate(group.members) for e in (*chosen[i].also, chosen[i])]
    for i, q, endpoint in rows:
        whose: Sequence[Arm | None]
        if prognostic or reading is None:
            whose = (None,)
        elif group.effect:
            whose = (reading.arms[i if len(reading.arms) > 2 else 0],)
        elif reading.everyone:
            whose = reading.arms
        else:
            whose = (reading.arms[i] if i < len(reading.arms) else None,)
        for arm in whose:
            comparator = (
                reading.arms[-1]
                if group.effect and reading and not prognostic
                else _comparator(arms, arm, group, whose)
            )
            made.append(
                Finding(
                    study=study,
                    span=passage.sentence.span(q.start, q.end),
                    sentence=passage.printed,
                    lang=passage.sentence.lang,
                    endpoint=endpoint.code,
                    endpoint_term=endpoint.term,
                    statistic=_statistic(passage, q, endpoint),
                    value=q.value,
                    unit=q.unit if q.qualifier not in ("NR", "NE") else "",
                    qualifier=q.qualifier,
                    arm=None if prognostic else arm,
                    comparator=None if prognostic else comparator,
                    ci_low=q.interval.low if q.interval else "",
                    ci_high=q.interval.high if q.interval else "",
                    ci_level=q.interval.level if q.interval else "",
                    p_value=ps[i],
                    n=q.n,
                    N=q.N or _denominator_of_the_whole(passage, q),
                    timepoint=times[i],
                    followup=_followup(passage, q, endpoint, state),
                    subgroup=prognostic or subsets[i],
                    stage=_stage(passage, group, endpoint, state, arms),
                    threshold=thresholds[i],
                    grade=grades[i],
                    citations=_citations(passage, q),
                    binding=reading.binding if reading and arm is not None and not prognostic else "",
                    compared=_is_compared(passage, q, named, comparator),
                    why=reading.why
                    if reading
                    else "nothing in the sentence or before it says whose the value is",
                )
            )
    return made


_AT_THE_HEAD = 14  # characters
_SUBJECT = 30  # characters


def _at_visit(
    passage: Passage, group: Group, endpoint: Endpoint, times: tuple[str, ...], state: Discourse
) -> tuple[str, ...]:
    """'At six months 92% had responded. Complete responses (56% vs 24%) …': one visit for the paragraph's responses."""
    same_kind = endpoint.code != "OTHER" or (state.share is not None and state.share.rule == endpoint.rule)
    told = passage.of("landmark")
    if told and any(times):
        if not any(q.unit == "%" and q.end <= group.start for q in passage.quantities):
            state.visit = times[0] if told[0].start < _AT_THE_HEAD and len(set(times)) == 1 else ""
    elif state.visit and same_kind and not told and not _opens_with_a_subset(passage):
        return tuple(state.visit if q.unit == "%" or q.is_effect else "" for q in group.members)
    return times


def _opens_with_a_subset(passage: Passage) -> bool:
    """'Of patients with t(11;14), 48% achieved a CR', '高危者CR率为…': it tells its own time, or none."""
    return bool(passage.between(0, _SUBJECT, "subgroup"))


def _is_set_against(passage: Passage, group: Group, named: Sequence[ArmMention]) -> bool:
    """'89% in this group, compared with 45% with A': of what A is compared with."""
    after = next((q for q in passage.quantities if q.outer_start >= group.end and not q.is_effect), None)
    return (
        after is not None
        and SET_AGAINST.search(passage.text, group.end, after.outer_start) is not None
        and not any(a.end <= group.start for a in named)
        and any(after.outer_end <= a.start for a in named)
    )


def _is_no_subset(told: str, arms: Roster, endpoint: Endpoint) -> bool:
    """A cohort that is an arm of this study; responders, for how long or how soon a response came."""
    if told.startswith("cohort ") and any(a.label.casefold() == told.casefold() for a in arms.arms):
        return True
    if told == "MRD-negative" and endpoint.code == "MRD_NEGATIVITY":
        return True  # '取得CR者中MRD转阴者A组49例(79.0%)'
    return told == "responders" and endpoint.code in ("DOR", "TTR")


def _denominator_of_the_whole(passage: Passage, q: Quantity) -> str:
    """'46例…总缓解率为97.8%,其中CR率为35.6%': the part shares the denominator of its whole."""
    if q.unit != "%" or q.n or not re.search(r"[,;]\s*其中[^,;。]{0,20}$", passage.text[: q.outer_start]):
        return ""
    whole = [o for o in passage.quantities if o.end <= q.start and o.unit == "%"]
    return whole[-1].N if whole and not whole[-1].n else ""


def _is_compared(passage: Passage, q: Quantity, named: Sequence[ArmMention], comparator: Arm | None) -> bool:
    """'72.6%达到VGPR,39.7%达到CR,…均明显优于对照组': behind the value the arm is measured against the other."""
    for a in named:
        if a.reference and a.arm == comparator and a.start >= q.end:
            gap = passage.text[q.end : a.start]
            if (not re.search(r"[;。]", gap) and re.search(r"均|都|both|all|each", gap)) or gap.count(
                ","
            ) == 0:
                return True
    return False


def _one_for_all(passage: Passage, arms: Roster, named: Sequence[ArmMention], group: Group) -> Reading | None:
    """When a group distributes over something else, all of it is of one arm, if one is told: '44% and 34% with A, and
    24% and 14% with B' at two and three years."""
    behind = arm_behind(passage.text, group, named)
    if behind is not None:
        why = "one arm, told behind the last; the values go over something else"
        return Reading((behind.arm,) * len(group), "explicit", why, (behind,))
    free = [a for a in named if a.end <= group.start and not a.reference]
    distinct = tuple(dict.fromkeys(a.arm for a in free))
    if len(distinct) > 1 and not any(a.start > passage.text.rfind(";", 0, group.start) for a in free):
        turns, over = divmod(len(group), len(distinct))
        why = "the arms in turn, in the order named"
        return Reading(distinct * turns, "carried", why) if turns > 1 and not over else None
    if free:
        return Reading(
            (free[-1].arm,) * len(group),
            "explicit",
            "one arm; the values go over something else",
            (free[-1],),
        )
    if len(arms.arms) == 1 and arms.arms[0].role == "single":
        return Reading((arms.arms[0],) * len(group), "single", "the study's only arm")
    return None


def _arms_fit(passage: Passage, group: Group, named: Sequence[ArmMention], left: int) -> bool:
    return len({a.arm for a in named if left <= a.start and a.end <= group.end}) >= len(group)


def _comparator(arms: Roster, arm: Arm | None, group: Group, whose: Sequence[Arm | None]) -> Arm | None:
    return arms.other(arm) if arm is not None else None


def _statistic(passage: Passage, q: Quantity, endpoint: Endpoint) -> str:
    if q.statistic == "mean" and not q.unit:
        told = [m.kind for m in passage.of("mean", "median") if m.end <= q.start]
        return told[-1] if told else "mean"
    if q.statistic:
        return q.statistic
    if q.family in ("time", "unreached"):
        means = passage.of("mean")
        ahead = [m for m in means if 0 <= q.start - m.end <= 40]
        return (
            "mean"
            if ahead and not [m for m in passage.of("median") if m.end > ahead[-1].end and m.end <= q.start]
            else "median"
        )
    return "rate" if q.unit == "%" else "count"


def _followup(passage: Passage, q: Quantity, endpoint: Endpoint, state: Discourse) -> str:
    here = passage.of("followup")
    ahead = [m for m in here if m.end <= q.start]
    if ahead:
        return slots.followup(ahead[-1])
    if endpoint.code in ("AE", "SAE", "AE_DISCONTINUATION", "TRM"):
        return ""
    if passage.of("data-cut"):
        return slots.followup(here[0]) if here else ""
    return state.followup


def _stage(passage: Passage, group: Group, endpoint: Endpoint, state: Discourse, arms: Roster) -> str:
    """The part of the trial or of the treatment a value is told of.

    A phase of treatment ('after induction') is when a response or an event was seen; survival is not told of
    one. It holds to the end of its clause, and said at the head of a sentence, of the whole sentence.
    """
    labels = {a.label for a in arms.arms}
    here = [m for m in passage.of("stage") if m.code or m.text not in labels]
    told = [m for m in here if m.end <= group.start]
    if told and (m := told[-1]):
        gap = passage.text[m.end : group.start]
        heads = m.start < 30 and not re.search(r"[,;。]", passage.text[: m.start])
        timed = any(m.start < t.end and t.start < m.end + 2 for t in passage.of("landmark"))
        compared = group.effect and not heads and re.search(r"[,;。]", gap.split("(")[0]) is not None
        if (
            m.code
            and endpoint.code not in SURVIVAL
            and not (compared or timed)
            and (heads or not re.search(r"[;。]", gap))
        ):
            return slots.stage_of(m)
        if not m.code and re.fullmatch(r"[^,;。]{0,12}", gap):
            return slots.stage_of(m)
    return state.stage


def _citations(passage: Passage, q: Quantity) -> tuple[int, ...]:
    """The reference numbers right behind the value, else those that end the sentence."""
    sentence = passage.sentence
    near = [c for c in sentence.citations if q.end <= c.at <= q.outer_end + 6]
    chosen = near[:1] or [c for c in sentence.citations if c.at >= q.end][:1] or list(sentence.citations[-1:])
    return tuple(n for c in chosen for n in c.numbers)
