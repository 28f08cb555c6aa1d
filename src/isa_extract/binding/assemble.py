"""From passages to findings: sentence by sentence, with the state of the discourse going on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from isa_extract.binding.apart import told_apart
from isa_extract.binding.arms import ArmMention, arm_mentions
from isa_extract.binding.choosing import choose
from isa_extract.binding.compose import findings_of
from isa_extract.binding.conventions import pairs_of, tested_first
from isa_extract.binding.describe import describe
from isa_extract.binding.discourse import (
    Discourse,
    enter,
    leave,
    speak_of,
    spoken_before,
    take_up,
    with_and_without,
    with_former_and_latter,
    with_the_other,
)
from isa_extract.binding.effects import Told, checked_by_effect, checked_by_values, effect_arms
from isa_extract.binding.endpoints import FATAL, NO_RESULT, Endpoint
from isa_extract.binding.groups import Group, groups
from isa_extract.binding.moved import moved
from isa_extract.binding.notes import Asked, Note
from isa_extract.binding.outcomes import spoken_endpoints
from isa_extract.binding.passages import Passage, passages
from isa_extract.binding.readings import read
from isa_extract.binding.rosters import roster
from isa_extract.binding.settling import once, set_against, with_effect_p, with_p_behind, with_shared_p
from isa_extract.binding.studies import Draft, assign
from isa_extract.binding.study_arms import Roster
from isa_extract.binding.tables import TableReader
from isa_extract.binding.told_beside import told_beside
from isa_extract.binding.trial_names import trial_names
from isa_extract.binding.view import Order, Reading, View
from isa_extract.language.detect import Language
from isa_extract.records import Arm, Finding, Paper, Study


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one paper says: its studies and its findings, in order."""

    studies: tuple[Study, ...]
    findings: tuple[Finding, ...]


def extract(paper: Paper, lang: Language | None = None, notes: dict[int, Note] | None = None) -> Extraction:
    """All studies and findings of a paper.

    Args:
        lang: of its running text, where that is not to be told by the text itself.
        notes: filled with what was seen on the way, by the number of the sentence, if one wants to look on.
    """
    found, regimens = passages(paper, lang)
    names = trial_names(found)
    found = told_apart(found, names)
    drafts, speaking = assign(found, names)
    rosters = _rosters(drafts, found)
    by_arms = moved(found, speaking, drafts, [rosters[id(d)] for d in drafts])
    if by_arms is not None:
        found = [replace(p, index=i) for i, (p, _) in enumerate(by_arms)]
        speaking = [d for _, d in by_arms]
        for d in drafts:
            d.passages = [i for i, whose in enumerate(speaking) if whose is d]
        drafts = [d for d in drafts if d.passages]
        rosters = _rosters(drafts, found)
    studies = {id(d): describe(d, [found[i] for i in d.passages], rosters[id(d)], paper.text) for d in drafts}
    states = {id(d): Discourse() for d in drafts}
    kept = _own_and_named(drafts, found)
    tables = TableReader(paper, regimens, [(studies[i], rosters[i]) for i in kept])
    studies.update(zip(kept, tables.studies, strict=True))
    findings: list[Finding] = []
    before: Discourse | None = None
    for passage, draft in zip(found, speaking, strict=True):
        note = Note(passage)
        if notes is not None:
            notes[passage.index] = note
        if id(draft) not in kept or id(draft) not in studies:
            continue
        state = states[id(draft)]
        take_up(passage, state, before)
        note.findings += bind(passage, studies[id(draft)], rosters[id(draft)], state, note)
        before = state
        if not passage.quantities and passage.of("p"):
            findings = with_p_behind(findings, passage, studies[id(draft)])
        findings += note.findings
    tabled, more = tables.findings()
    findings = set_against(once([*findings, *tabled]))
    told = [studies[id(d)] for d in drafts if d.named or any(f.study is studies[id(d)] for f in findings)]
    return Extraction((*told, *more), tuple(findings))


def _rosters(drafts: Sequence[Draft], found: Sequence[Passage]) -> dict[int, Roster]:
    """The arms of each study, by the identity of its draft."""
    said = tested_first(found)
    made: dict[int, Roster] = {}
    earlier: Roster | None = None
    for d in drafts:
        first = d.passages[0]
        # the clause of another trial in the same sentence does not lead up to this one
        leads_up = first > 0 and found[first - 1].sentence.origin[-1] < found[first].sentence.origin[0]
        within = first > 0 and found[first].trial and found[first - 1].printed == found[first].printed
        made[id(d)] = earlier = roster(
            [found[i] for i in d.passages], found[first - 1] if leads_up and not within else None, earlier
        )
        made[id(d)].pairs = pairs_of(made[id(d)], said)
    return made


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


def bind(passage: Passage, study: Study, arms: Roster, state: Discourse, note: Note) -> Iterator[Finding]:
    """The findings of one sentence; moves the discourse on, and notes what was seen."""
    note.study, note.roster, note.carried = study, arms, replace(state)
    enter(passage, state, arms)
    note.entered = replace(state)
    if not passage.quantities:
        leave(passage, state)
        return
    spoken = with_and_without(passage, arm_mentions(passage, arms), arms)
    spoken = with_former_and_latter(passage, spoken, state.order)
    named = tuple(with_the_other(passage, spoken, arms))
    every = groups(passage, named)
    made = [g for g in every if not _is_no_result(passage, g)]
    note.named = named
    note.asked = {g.members[0].start: Asked(g, result=g in made) for g in every}
    endpoints = spoken_endpoints(passage)
    order_here: tuple[Arm | None, ...] = ()
    one_by_one: tuple[Arm, ...] = ()
    told_in_motion = False
    readings: dict[int, Reading] = {}
    pair: tuple[Told, ...] = ()
    told: list[Endpoint] = []
    results: list[Finding] = []
    for i, group in enumerate(made):
        before = made[:i]
        left, right = _window(passage, group, before, made[i + 1 :])
        last = readings.get(made[i - 1].members[0].start) if i else None
        goes_on = _LIKEWISE.search(passage.text[left : group.start]) or _IN_TURN.search(
            passage.text[group.end : right]
        )
        in_motion = any(0 <= group.start - m.end <= 26 for m in passage.of("from-to"))
        view = View(
            passage,
            group,
            named,
            left,
            right,
            arms,
            state.order,
            one_by_one or (order_here if in_motion or goes_on or not told_in_motion else ()),
            last.arms if last else (),
            last.mentions if last else (),
        )
        chosen = choose(
            passage,
            group,
            before,
            _next_start(made, i, passage),
            endpoints,
            spoken_before(passage, state, group),
            told,
        )
        if not chosen or chosen[0].code == NO_RESULT:
            note.asked[group.members[0].start] = Asked(group, chosen)
            beside = told_beside(view) if not (chosen or group.effect or group.parent) else None
            if (
                beside is not None
            ):  # 'of 5% in A and 6% in B … had responded, the median was 10.8 and 6.4 months'
                readings[group.members[0].start] = beside
                here = _one_by_one(made[: i + 1], readings)
                both = tuple(a for a in beside.arms if a is not None)
                one_by_one = both if len(set(both)) > 1 else here if len(here) > 1 else one_by_one
            continue
        chosen = tuple(_as_related_death(passage, e, group, endpoints) for e in chosen)
        told += chosen
        reading = _whose(view, study, readings, made)
        if group.effect:
            reading = checked_by_values(view, reading, chosen[0], pair)
        elif reading is not None:
            reading = checked_by_effect(view, reading, chosen[0], made[i + 1 :])
        pair = _pair(pair, group, reading, chosen[0])
        note.asked[group.members[0].start] = Asked(group, chosen, view, reading)
        if reading is not None:
            readings[group.members[0].start] = reading
            told_order = len(group) > 1 and not reading.everyone and any(reading.arms) and not group.effect
            if (
                told_order
                and (not in_motion or reading.binding == "explicit")
                and not reading.why.startswith("'")
                and len(set(reading.arms)) == len(group)
            ):
                order_here = reading.arms
                told_in_motion = in_motion
                one_by_one = ()
            here = _one_by_one(made[: i + 1], readings)
            one_by_one = here if len(here) > 1 else one_by_one
        results += findings_of(
            passage, study, arms, state, group, chosen, reading, left, right, made[i + 1 :], named
        )
        speak_of(state, chosen[0], group.members[0].family)
    if told_in_motion:
        order_here = ()  # 'from B's x to A's y' goes against the usual order, and no further than its sentence
    stated = tuple(a for a in order_here if a is not None)
    if len(stated) < 2:
        stated = _order_of_singles(made, readings)
    topic = _topic(passage, named, made, readings, state.order.topic)
    state.order = Order(stated, passage.text, topic) if stated else replace(state.order, topic=topic)
    leave(passage, state)
    yield from with_effect_p(with_shared_p(results, passage, made), passage)


_KILLED = re.compile(r"(?:caused|led|resulted|brought)\b", re.IGNORECASE)
_IN_TURN = re.compile(r"\brespectively\b")
_LIKEWISE = re.compile(r"相应|同样顺序|\bcorresponding|\bin (?:the same|that) order", re.IGNORECASE)


def _as_related_death(passage: Passage, e: Endpoint, group: Group, found: Sequence[Endpoint]) -> Endpoint:
    """'five deaths (2%) in A, but none in B, were judged related to treatment': the cause is told at the end;
    'infections caused the death of five': it is the subject."""
    if e.code == "DEATH":
        for cause in found:
            if cause.term and 0 <= e.start - cause.end <= 1 and _KILLED.match(e.text):
                return replace(cause, how=FATAL)
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
        if len(g) == 1
        and g.members[0].unit
        and not g.effect
        and g.members[0].start in readings
        and g.parent is None
    ]
    distinct = tuple(dict.fromkeys(a for a in arms if a is not None))
    return distinct if len(distinct) > 1 else ()


def _one_by_one(made: Sequence[Group], readings: dict[int, Reading]) -> tuple[Arm, ...]:
    """The arms of the values just told one by one, each beside its own: '90.7% in BR and 84.7% in ZR responded, and
    72.5% and 54.9% …' goes on in that order. Empty where the last value was not told so."""
    run: list[Arm] = []
    for g in reversed([g for g in made if not g.effect and g.parent is None]):
        reading = readings.get(g.members[0].start)
        if reading is None or len(g) > 1 or reading.everyone or not reading.mentions:
            break
        arm = reading.arms[0]
        if arm is None or arm in run:
            break
        run.insert(0, arm)
    return tuple(run)


def _pair(
    before: tuple[Told, ...], group: Group, reading: Reading | None, endpoint: Endpoint
) -> tuple[Told, ...]:
    """The last two values of two arms, as an effect behind them may compare them."""
    if group.effect or group.parent is not None:
        return before
    if reading is None or reading.everyone or len(reading.arms) != len(group):
        return ()
    here = tuple(
        Told(q, a, endpoint.code) for q, a in zip(group.members, reading.arms, strict=True) if a is not None
    )
    both = (*before, *here)[-2:] if len(here) == 1 else here
    apart = len(both) == 2 and both[0].arm != both[1].arm and both[0].code == both[1].code
    return both if apart else here


def _topic(
    passage: Passage,
    named: Sequence[ArmMention],
    made: Sequence[Group],
    readings: dict[int, Reading],
    before: Arm | None,
) -> Arm | None:
    """The one arm that the sentence speaks of, or goes on to speak of."""
    told = {a.arm for a in named}
    if not told:
        pairs = any(len(g) > 1 and not g.effect and g.parent is None for g in made)
        return None if pairs or passage.of("whole", "all-arms") else before
    bound = {a for g in made if g.members[0].start in readings for a in readings[g.members[0].start].arms}
    return next(iter(told)) if len(told) == 1 and bound == told else None


def _next_start(made: Sequence[Group], i: int, passage: Passage) -> int:
    return made[i + 1].start if i + 1 < len(made) else len(passage.text)


def _window(
    passage: Passage, group: Group, before: Sequence[Group], later: Sequence[Group]
) -> tuple[int, int]:
    """From the end of the group before to the start of the next, or the clause's end."""
    left = max((b.end for b in before if b.end <= group.start and b.parent is group.parent), default=0)
    right = min(
        (b.start for b in later if b.start >= group.end and not _of_a_part(passage, group, b)),
        default=len(passage.text),
    )
    stop = re.search(r"[;。]", passage.text[group.end : right])
    return left, group.end + stop.start() if stop else right


def _of_a_part(passage: Passage, whole: Group, part: Group) -> bool:
    """'20.6 months (14.9 months with liver metastases) in A': what the bracket right behind a value tells of a subset."""
    if part.effect or part.members[0].depth <= whole.members[-1].depth or len(whole) != len(part):
        return False
    gap = passage.text[whole.end : part.start]
    closing = passage.text.find(")", part.members[-1].end)
    return (
        re.fullmatch(r"\s*%?\s*\([^()]*", gap) is not None
        and closing >= 0
        and bool(passage.between(whole.end, closing, "subgroup"))
    )


_MEASURED_BY = re.compile(
    r"(?:超过?|高于|优于|低于|好于)[^,;。]{0,8}$|\b(?:than|exceed\w*|above|against)\s[^,.;]{0,16}$"
)
"""'远超预设的历史对照14%,中位PFS为17.9个月': what the study's own figure is measured by, and no further."""


def _is_no_result(passage: Passage, group: Group) -> bool:
    """Planned and background figures, and differences told in passing."""
    first = group.members[0]
    if first.difference and not (first.interval and first.statistic == "risk_difference"):
        return True
    if passage.sentence.section == "front":
        return True
    for m in passage.of("plan", "background"):
        beside = m.kind == "background" and _MEASURED_BY.search(passage.text, 0, m.start)
        reach = "[,;。]" if m.kind == "plan" or beside else "[;。]"
        if m.code == "behind":
            if m.start >= group.end and not re.search(r"[;。]", passage.text[group.end : m.start]):
                return True
        elif m.start < first.start and not re.search(reach, passage.text[m.end : first.start]):
            return True
    return False


def _whose(view: View, study: Study, readings: dict[int, Reading], made: Sequence[Group]) -> Reading | None:
    group = view.group
    if group.effect:
        effects = [g for g in made if g.effect and g.start < group.start and g.members[0].start in readings]
        return effect_arms(view, readings[effects[-1].members[0].start] if effects else None)
    if group.parent is not None:
        owner = next((g for g in made if group.parent in g.members), None)
        reading = readings.get(owner.members[0].start) if owner else None
        if reading and owner and group.parent is not None:
            arm = reading.arms[0] if reading.everyone else reading.arms[owner.members.index(group.parent)]
            return Reading((arm,) * len(group), reading.binding, "of the value in whose bracket it stands")
    whole = next((g for g in made if _of_a_part(view.passage, g, group)), None)
    said = readings.get(whole.members[0].start) if whole is not None else None
    if (
        whole is not None
        and said is not None
        and not said.everyone
        and not any(whole.end <= a.start < group.start for a in view.arms)
    ):
        return replace(said, why="of a part of the value in whose bracket it stands", mentions=())
    return read(view)
