"""From passages to findings: sentence by sentence, with the state of the discourse going on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from isa_extract.binding import slots
from isa_extract.binding.arms import ArmMention, arm_mentions
from isa_extract.binding.describe import describe
from isa_extract.binding.endpoints import NO_RESULT, SURVIVAL, Endpoint, choose, endpoint_mentions
from isa_extract.binding.groups import Group, groups
from isa_extract.binding.passages import Passage, passages
from isa_extract.binding.readings import Order, Reading, View, read
from isa_extract.binding.rosters import Roster, roster
from isa_extract.binding.studies import Draft, assign
from isa_extract.binding.subsets import factor_for, passage_subgroup, subgroups_for
from isa_extract.binding.tables import TableReader
from isa_extract.finding.quantities import Quantity, p_text
from isa_extract.records import Arm, Finding, Paper, Study


@dataclass(slots=True)
class Discourse:
    """What is still being spoken of when a sentence ends; one per study."""

    order: Order = field(default_factory=Order)
    endpoint: Endpoint | None = None
    followup: str = ""
    subgroup: str = ""
    stage: str = ""
    threshold: str = ""
    landmarks: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    block: int = -1


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one paper says: its studies and its findings, in order."""

    studies: tuple[Study, ...]
    findings: tuple[Finding, ...]


def extract(paper: Paper) -> Extraction:
    """All studies and findings of a paper's running text."""
    found, regimens = passages(paper)
    drafts, speaking = assign(found)
    rosters = {id(d): roster([found[i] for i in d.passages]) for d in drafts}
    studies = {id(d): describe(d, [found[i] for i in d.passages], rosters[id(d)]) for d in drafts}
    states = {id(d): Discourse() for d in drafts}
    kept = _own_and_named(drafts, found)
    tables = TableReader(paper, regimens, [(studies[i], rosters[i]) for i in kept])
    studies.update(zip(kept, tables.studies, strict=True))
    findings: list[Finding] = []
    for passage, draft in zip(found, speaking, strict=True):
        if id(draft) not in kept or id(draft) not in studies:
            continue
        findings += bind(passage, studies[id(draft)], rosters[id(draft)], states[id(draft)])
    tabled, more = tables.findings()
    findings = _set_against(_once([*findings, *tabled]))
    told = [studies[id(d)] for d in drafts if d.named or any(f.study is studies[id(d)] for f in findings)]
    return Extraction((*told, *more), tuple(findings))


def _own_and_named(drafts: Sequence[Draft], found: Sequence[Passage]) -> set[int]:
    """The studies whose values count: in a review of named trials, what no study is named for is background."""
    named = [d for d in drafts if d.named]
    kept = {id(d) for d in named}
    for d in drafts:
        if d.named:
            continue
        own = any(
            re.search(
                r"结果\s*[:：]?|本研究|本组|results?\s*:|we (?:found|observed|enrolled)|in this (?:study|trial)",
                found[i].text,
                re.IGNORECASE,
            )
            for i in d.passages
        )
        values = sum(len(found[i].quantities) for i in d.passages)
        if not named or own or 2 * values > sum(len(p.quantities) for p in found):
            kept.add(id(d))
    return kept


def bind(passage: Passage, study: Study, arms: Roster, state: Discourse) -> Iterator[Finding]:
    """The findings of one sentence; moves the discourse on."""
    _enter(passage, state)
    if not passage.quantities:
        _leave(passage, state, [])
        return
    named = tuple(_with_former_and_latter(passage, arm_mentions(passage, arms), state.order))
    made = [g for g in groups(passage, named) if not _is_no_result(passage, g)]
    endpoints = endpoint_mentions(passage)
    order_here: tuple[Arm, ...] = ()
    readings: dict[int, Reading] = {}
    told: list[Endpoint] = []
    results: list[Finding] = []
    for i, group in enumerate(made):
        before = made[:i]
        left, right = _window(passage, group, before, made[i + 1 :])
        chosen = choose(
            passage,
            group,
            [b for b in before if b is not group.parent],
            _next_start(made, i, passage),
            endpoints,
            state.endpoint,
            told,
        )
        if not chosen or chosen[0].code == NO_RESULT:
            continue
        chosen = tuple(_as_related_death(passage, e, group, endpoints) for e in chosen)
        told += chosen
        view = View(passage, group, named, left, right, arms, state.order, order_here)
        reading = _whose(view, study, readings, made)
        if reading is not None:
            readings[group.members[0].start] = reading
            told_order = len(group) > 1 and not reading.everyone and all(reading.arms) and not group.effect
            moves = [m for m in passage.of("from-to") if 0 <= group.start - m.end <= 26]
            if (
                told_order
                and not moves
                and not reading.why.startswith("'")
                and len(set(reading.arms)) == len(group)
            ):
                order_here = tuple(a for a in reading.arms if a is not None)
        results += _findings(
            passage, study, arms, state, group, chosen, reading, left, right, made[i + 1 :], named
        )
        if chosen[0].code not in ("AE", "SAE", "AE_DISCONTINUATION") or not state.endpoint:
            state.endpoint = chosen[0]
    order_here = order_here or _order_of_singles(made, readings)
    if order_here:
        state.order = Order(order_here, None, passage.text)
    _leave(passage, state, made)
    yield from _with_effect_p(results, passage)


def _as_related_death(passage: Passage, e: Endpoint, group: Group, found: Sequence[Endpoint]) -> Endpoint:
    """'five deaths (2%) in A, but none in B, were judged related to treatment': the cause is told at the end."""
    if e.code == "DEATH":
        for later in found:
            if (
                later.code == "TRM"
                and later.start >= group.end
                and not re.search(r"[;。]", passage.text[group.end : later.start])
            ):
                return later
    return e


def _order_of_singles(made: Sequence[Group], readings: dict[int, Reading]) -> tuple[Arm, ...]:
    """'KRd组中位PFS达26.3个月,较对照组…(17.6个月)' sets an order as well as a pair does."""
    arms = [
        readings[g.members[0].start].arms[0]
        for g in made
        if len(g) == 1 and not g.effect and g.members[0].start in readings and g.parent is None
    ]
    distinct = tuple(dict.fromkeys(a for a in arms if a is not None))
    return distinct if len(distinct) > 1 else ()


def _with_former_and_latter(passage: Passage, named: list[ArmMention], order: Order) -> list[ArmMention]:
    """Add 'the former' and 'the latter' as mentions of the two arms last named, or last set in order."""
    added: list[ArmMention] = []
    for m in passage.of("ordinal"):
        earlier = list(dict.fromkeys(a.arm for a in named if a.end <= m.start))
        pair = tuple(earlier[-2:]) if len(earlier) >= 2 else order.arms
        subsets = [s for s in passage.between(0, m.start, "subgroup")]
        if len(pair) == 2 and len(subsets) < 2:
            added.append(ArmMention(m.start, m.end, pair[int(m.code) - 1]))
    return sorted([*named, *added], key=lambda a: a.start)


def _next_start(made: Sequence[Group], i: int, passage: Passage) -> int:
    return made[i + 1].start if i + 1 < len(made) else len(passage.text)


def _window(
    passage: Passage, group: Group, before: Sequence[Group], later: Sequence[Group]
) -> tuple[int, int]:
    """From the end of the group before to the start of the next, or the clause's end."""
    left = max((b.end for b in before if b.end <= group.start and b.parent is group.parent), default=0)
    right = min((b.start for b in later if b.start >= group.end), default=len(passage.text))
    stop = re.search(r"[;。]", passage.text[group.end : right])
    return left, group.end + stop.start() if stop else right


def _is_no_result(passage: Passage, group: Group) -> bool:
    """Planned and background figures, and differences told in passing."""
    first = group.members[0]
    if first.difference and not (first.interval and first.statistic == "risk_difference"):
        return True
    if passage.sentence.section == "front":
        return True
    for m in passage.of("plan", "background"):
        reach = "[,;。]" if m.kind == "plan" else "[;。]"
        if m.start < first.start and not re.search(reach, passage.text[m.end : first.start]):
            return True
    return False


def _enter(passage: Passage, state: Discourse) -> None:
    state.subsets = ()
    if passage.sentence.block != state.block:
        state.block = passage.sentence.block
        state.followup = state.subgroup = state.stage = ""
        state.landmarks = ()
    parts = [m for m in passage.of("stage") if not m.code]
    if parts:
        # a part of a trial is spoken of until the next one; '低于A部分的…' later in the sentence does not move on
        state.stage = slots.stage_of(parts[0])
    told = passage_subgroup(passage.of("subgroup"), passage.text)
    if told:
        state.subgroup = told
    if passage.of("whole"):
        state.subgroup = ""
    thresholds = passage.of("threshold")
    if thresholds:
        state.threshold = f"10^-{thresholds[0].part('power')}"


def _leave(passage: Passage, state: Discourse, made: Sequence[Group]) -> None:
    follow = passage.of("followup")
    if follow:
        state.followup = slots.followup(follow[-1])
    elif passage.of("data-cut"):
        state.followup = ""


def _whose(view: View, study: Study, readings: dict[int, Reading], made: Sequence[Group]) -> Reading | None:
    group = view.group
    if group.effect:
        return _effect_arms(view)
    if group.parent is not None:
        owner = next((g for g in made if group.parent in g.members), None)
        reading = readings.get(owner.members[0].start) if owner else None
        if reading and owner and group.parent is not None:
            arm = reading.arms[0] if reading.everyone else reading.arms[owner.members.index(group.parent)]
            return Reading((arm,) * len(group), reading.binding, "of the value in whose bracket it stands")
    return read(view)


def _effect_arms(view: View) -> Reading | None:
    """The experimental arm and its reference, for an effect."""
    study = view.study
    text = view.text
    behind = [a for a in view.arms if view.group.end <= a.start < view.right]
    ahead = [a for a in view.arms if a.end <= view.group.start]
    behind = [
        a
        for a in behind
        if "," not in text[view.group.end : a.start] and ";" not in text[view.group.end : a.start]
    ]
    for near in ([a for a in ahead if a.start >= view.left][-2:], behind[:2], ahead[-2:]):
        distinct = list(dict.fromkeys(a.arm for a in near))
        if len(distinct) == 2 and len(near) == 2:
            first, second = near
            if (first.reference and not second.reference) or (
                len(study.arms) == 2 and not second.reference and study.control() == first.arm
            ):
                first, second = second, first
            pairwise = (
                len(study.arms) <= 2
                or second.reference
                or re.search(r"与|和|vs|versus|and|than|比", text[near[0].end : near[1].start])
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


def _findings(
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
    factor = _factor(passage, group, left, named)
    arm_count = len({a.arm for a in named if left <= a.start < right})
    subsets = subgroups_for(passage, group, left, state.subgroup, arm_count, state.subsets)
    state.subsets = subsets
    over_subsets = len(set(subsets)) > 1
    over_endpoints = len({(e.code, e.term) for e in chosen}) > 1
    merely_carried = reading is None or (reading.binding in ("carried", "order") and not reading.mentions)
    if not group.effect and (
        (over_subsets and merely_carried) or (over_endpoints and arm_count < len(group))
    ):
        reading = _one_for_all(passage, arms, named, group)
    times = slots.timepoint_for(passage, group, chosen[0], left, state.landmarks)
    if any(times) and len(group) > 1:
        state.landmarks = times if len(set(times)) > 1 else times[:1]
        if len(set(times)) > 1 and not group.effect and not _arms_fit(passage, group, named, left):
            reading = _one_for_all(passage, arms, named, group)
    if (
        reading is None
        and not group.effect
        and len(arms.arms) == 1
        and not passage.between(0, group.start, "whole")
    ):
        reading = _one_for_all(passage, arms, named, group)
    following = min((b.start for b in later if b.start >= group.end), default=len(passage.text))
    ps = slots.p_for(passage, group, following)
    made: list[Finding] = []
    for i, q in enumerate(group.members):
        endpoint = chosen[i]
        whose: Sequence[Arm | None]
        if factor or reading is None:
            whose = (None,)
        elif group.effect:
            whose = (reading.arms[0],)
        elif reading.everyone:
            whose = reading.arms
        else:
            whose = (reading.arms[i] if i < len(reading.arms) else None,)
        for arm in whose:
            comparator = (
                reading.arms[1]
                if group.effect and reading and not factor
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
                    arm=None if factor else arm,
                    comparator=None if factor else comparator,
                    ci_low=q.interval.low if q.interval else "",
                    ci_high=q.interval.high if q.interval else "",
                    ci_level=q.interval.level if q.interval else "",
                    p_value=ps[i],
                    n=q.n,
                    N=q.N or _denominator_of_the_whole(passage, q),
                    timepoint=times[i],
                    followup=_followup(passage, q, endpoint, state),
                    subgroup=factor or subsets[i],
                    stage=_stage(passage, group, state),
                    threshold=slots.threshold_for(passage, group, endpoint, state.threshold),
                    grade=slots.grade_for(passage, group, endpoint, left, right),
                    citations=_citations(passage, q),
                    binding=reading.binding if reading and arm is not None and not factor else "",
                    compared=_is_compared(passage, q, named, comparator),
                    why=reading.why
                    if reading
                    else "nothing in the sentence or before it says whose the value is",
                )
            )
    return made


def _denominator_of_the_whole(passage: Passage, q: Quantity) -> str:
    """'46例…总缓解率为97.8%,其中CR率为35.6%': the part shares the denominator of its whole."""
    if q.unit != "%" or q.n or not re.search(r"[,;]\s*其中[^,;。]{0,20}$", passage.text[: q.outer_start]):
        return ""
    whole = [o for o in passage.quantities if o.end <= q.start and o.unit == "%"]
    return whole[-1].N if whole else ""


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
    """When a group distributes over something else, all of it is of one arm, if one is told."""
    free = [a for a in named if a.end <= group.start and not a.reference]
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


def _factor(passage: Passage, group: Group, left: int, named: Sequence[ArmMention]) -> str:
    if not group.effect or group.members[0].family != "ratio":
        return ""
    cue = [
        m for m in passage.of("factor-cue") if m.start < group.start or "因素" in m.text or "factor" in m.text
    ]
    if not cue:
        return ""
    clause = passage.text.rfind(";", 0, group.start) + 1
    beside = [a for a in named if max(left, clause) <= a.start and a.end <= group.start]
    if len({a.arm for a in beside}) == 2:
        return ""  # a treatment group's own effect in the model, both groups named
    return factor_for(passage, group, left)


def _comparator(arms: Roster, arm: Arm | None, group: Group, whose: Sequence[Arm | None]) -> Arm | None:
    return arms.other(arm) if arm is not None else None


def _statistic(passage: Passage, q: Quantity, endpoint: Endpoint) -> str:
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


def _stage(passage: Passage, group: Group, state: Discourse) -> str:
    told = [m for m in passage.of("stage") if m.end <= group.start]
    if told and (told[-1].code or re.fullmatch(r"[^,;。]{0,12}", passage.text[told[-1].end : group.start])):
        return slots.stage_of(told[-1])
    return state.stage


def _citations(passage: Passage, q: Quantity) -> tuple[int, ...]:
    """The reference numbers right behind the value, else those that end the sentence."""
    sentence = passage.sentence
    near = [c for c in sentence.citations if q.end <= c.at <= q.outer_end + 6]
    chosen = near[:1] or [c for c in sentence.citations if c.at >= q.end][:1] or list(sentence.citations[-1:])
    return tuple(n for c in chosen for n in c.numbers)


def _with_effect_p(results: list[Finding], passage: Passage) -> list[Finding]:
    """A p stands on the effect's row where there is one, else on each arm row that it tests."""
    effects = [
        f for f in results if f.statistic in ("hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference")
    ]
    kept: list[Finding] = []
    for f in results:
        if (
            f not in effects
            and f.p_value
            and any(
                e.p_value == f.p_value and e.endpoint == f.endpoint and e.endpoint_term == f.endpoint_term
                for e in effects
            )
        ):
            f = replace(f, p_value="")
        kept.append(f)
    return kept


def _set_against(findings: Sequence[Finding]) -> list[Finding]:
    """Keep a comparator only where the text sets the arm against it: the other arm's value of the same
    endpoint is told too, or the sentence compares with that arm."""
    told = {
        (id(f.study), f.endpoint, f.endpoint_term, f.statistic, f.grade, f.subgroup, f.arm) for f in findings
    }
    kept: list[Finding] = []
    for f in findings:
        if f.comparator is not None and f.statistic in ("rate", "median", "mean", "count"):
            other = (id(f.study), f.endpoint, f.endpoint_term, f.statistic, f.grade, f.subgroup, f.comparator)
            if other not in told and not f.compared:
                f = replace(f, comparator=None)
        kept.append(f)
    return kept


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """A fact said twice in the same terms is one row, at its first place."""
    seen: set[object] = set()
    kept: list[Finding] = []
    for f in findings:
        key = (
            id(f.study),
            f.endpoint,
            f.endpoint_term.lower(),
            f.statistic,
            f.value,
            f.unit,
            f.qualifier,
            f.arm.label if f.arm else f.span,
            f.timepoint,
            f.subgroup,
            f.grade,
            f.stage,
            f.threshold,
        )
        if f.qualifier in ("NR", "NE") or f.arm is None:
            key = (*key, f.span)
        if key not in seen:
            seen.add(key)
            kept.append(f)
    return kept


__all__ = ["SURVIVAL", "Extraction", "bind", "extract", "p_text"]
