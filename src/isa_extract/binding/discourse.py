"""What is still being spoken of when a sentence ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from isa_extract.binding import slots
from isa_extract.binding.arms import ArmMention
from isa_extract.binding.endpoints import SURVIVAL, TIMES, Endpoint, announced, endpoint_mentions
from isa_extract.binding.grades import last_grade
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster
from isa_extract.binding.subsets import opening_cohort, passage_subgroup
from isa_extract.binding.view import Order


@dataclass(slots=True)
class Discourse:
    """What is still being spoken of when a sentence ends; one per study.

    ``grade`` is that of the group of values before in the sentence, ``severity`` the one last told at all;
    ``lasting`` is the endpoint last told whose values are times, for a hazard ratio or months after response rates;
    ``share`` the one last told in per cent, for percentages after a median;
    ``landmark`` the time point told last with the endpoint it was told of; ``visit`` when the responses of the
    paragraph were seen, told at the head of a sentence; ``subset`` is that of the last value;
    ``named`` is what the sentence before named with no value of it ('OS was the primary endpoint. Its median was …');
    ``pd_l1_score`` whether its CPS has been named as a score of PD-L1; ``model`` whether the paragraph tells what a
    model of prognostic factors found.
    """

    order: Order = field(default_factory=Order)
    endpoint: Endpoint | None = None
    lasting: Endpoint | None = None
    share: Endpoint | None = None
    named: Endpoint | None = None
    followup: str = ""
    subgroup: str = ""
    stage: str = ""
    part: str = ""
    threshold: str = ""
    grade: str = ""
    severity: str = ""
    landmarks: tuple[str, ...] = ()
    landmark: tuple[str, str] = ("", "")
    visit: str = ""
    subsets: tuple[str, ...] = ()
    subset: str = ""
    block: int = -1
    pd_l1_score: bool = False
    model: bool = False


def with_former_and_latter(passage: Passage, named: list[ArmMention], order: Order) -> list[ArmMention]:
    """Add 'the former' and 'the latter' as mentions of the two arms last named, or last set in order."""
    added: list[ArmMention] = []
    for m in passage.of("ordinal"):
        earlier = list(dict.fromkeys(a.arm for a in named if a.end <= m.start))
        pair = tuple(earlier[-2:]) if len(earlier) >= 2 else order.arms
        subsets = passage.between(0, m.start, "subgroup")
        if len(pair) == 2 and len(subsets) < (2 if len(earlier) >= 2 else 1):
            added.append(ArmMention(m.start, m.end, pair[int(m.code) - 1]))
    return sorted([*named, *added], key=lambda a: a.start)


_OTHER = re.compile(
    r"(?<=\bthe )(?:other|opposite|alternative) (?:(?:treatment|study|dose) )?(?:group|arm|cohort)\b|(?<=\bof the )(?:rest|others|remainder)\b"
    r"|(?<=\bin the )others\b|(?<=\bamong the )others\b|\bcounterparts\b|(?<![每任])另一(?:组|方案组?)(?!患者的?另)",
    re.IGNORECASE,
)


def with_the_other(passage: Passage, named: list[ArmMention], study: Roster) -> list[ArmMention]:
    """In a study of two arms, 'the other arm' and '另一组' are the one that was not named before it in the sentence."""
    told = list(named)
    for m in _OTHER.finditer(passage.text) if len(study.arms) == 2 else ():
        earlier = [a.arm for a in told if a.end <= m.start()]
        other = study.other(earlier[-1]) if earlier else None
        told = [a for a in told if a.end <= m.start() or m.end() <= a.start]
        if other is not None:
            told.append(ArmMention(m.start(), m.end(), other))
            told.sort(key=lambda a: a.start)
    return told


_WITHOUT = re.compile(
    r"\b(?:without|in the absence of)\s+(?:the\s+)?(?:addition\s+of\s+)?$|(?:不|未)(?:再)?(?:加用?|用|含|联合|使用|接受)$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?P<with>with|on|under|given|receiving) it\b(?! (?:was|is|has|had)\b)|\b(?P<without>without(?: it)?(?=\s*(?:[,.;)]|$|[\d(])|(?: it)\b)|(?:had|did|were|have) not(?=\s*(?:[,.;()]|$))|(?:不|未)(?:加用|联合|使用|接受|应用|用)者)",
    re.IGNORECASE,
)


def with_and_without(passage: Passage, named: list[ArmMention], study: Roster) -> list[ArmMention]:
    """In a study of two arms, 'without B' means the arm that lacks it, and so does 'without' alone behind an arm;
    'with it' is the arm whose drug was named last."""
    if len(study.arms) != 2:
        return named
    text = passage.text
    added = [*_with_the_drug(text, named, study), *_with_the_addition(text, named, study)]
    named = sorted([*named, *added], key=lambda a: a.start)
    told: list[ArmMention] = []
    for a in named:
        led = _WITHOUT.search(text[: a.start])
        other = study.other(a.arm)
        if led and other is not None and set(other.drugs) < set(a.arm.drugs):
            told.append(ArmMention(led.start(), a.end, other))
        else:
            told.append(a)
    added = []
    for match in _ALONE.finditer(text):
        earlier = [a for a in named if a.end <= match.start()]
        if not earlier or any(t.start < match.end() and match.start() < t.end for t in told):
            continue
        arm = earlier[-1].arm
        other = study.other(arm)
        if match["with"]:
            added.append(ArmMention(match.start() + len(match["with"]) + 1, match.end(), arm))
        elif other is not None and set(other.drugs) < set(arm.drugs):
            added.append(ArmMention(match.start(), match.end(), other))
    return sorted([*told, *added], key=lambda a: a.start)


_THE_DRUG = re.compile(
    r"(?<=\bwith )the drug\b|(?<=\bon )the drug\b|(?<=\bgiven )the drug\b|\bactive (?:treatment|drug)\b|(?<![未停])用药(?:者|组)",
    re.IGNORECASE,
)


def _with_the_drug(text: str, named: list[ArmMention], study: Roster) -> list[ArmMention]:
    """'63% with the drug and 2% without it': the arm with drugs, where the other one has none."""
    treated = [a for a in study.arms if a.drugs]
    if len(treated) != 1 or len(treated[0].drugs) != 1:
        return []
    return [
        ArmMention(m.start(), m.end(), treated[0])
        for m in _THE_DRUG.finditer(text)
        if not any(a.start < m.end() and m.start() < a.end for a in named)
    ]


_ADDED = re.compile(r"(?:加用|加入|联用)[^,;。\d]{0,8}后(?=[^,;。\d]{0,8}\d)")


def _with_the_addition(text: str, named: list[ArmMention], study: Roster) -> list[ArmMention]:
    """'Kd组为85%,加用单抗后升至93%': the arm that has all the other has, and more."""
    more = next((a for a in study.arms for b in study.arms if set(b.drugs) < set(a.drugs)), None)
    return [
        ArmMention(m.start(), m.end(), more)
        for m in _ADDED.finditer(text)
        if more is not None and not any(a.start < m.end() and m.start() < a.end for a in named)
    ]


_TAKES_UP = re.compile(
    r"\b(?:corresponding|equivalent|same (?:end-?\s?point|outcome|measure|landmark))|相应的?(?:数字|数值|数据|结果|比例|率)|对应的?(?:数字|数值|结果|率)|同一(?:终点|指标)",
    re.IGNORECASE,
)


def take_up(passage: Passage, state: Discourse, before: Discourse | None) -> None:
    """'The corresponding figures in IMROZ were …': a study may go on with what was told of the one before."""
    state.pd_l1_score = state.pd_l1_score or (before is not None and before.pd_l1_score)
    if state.endpoint is None and before is not None and _TAKES_UP.search(passage.text):
        state.endpoint, state.lasting, state.share = before.endpoint, before.lasting, before.share


def speak_of(state: Discourse, told: Endpoint, family: str = "") -> None:
    """What a value was told of is what the discourse goes on with; adverse events displace nothing."""
    if told.code not in ("AE", "SAE", "AE_DISCONTINUATION") or not state.endpoint:
        state.endpoint = told
        if family == "percent":
            state.share = told
    if told.code in SURVIVAL:
        state.lasting = told


def spoken_before(passage: Passage, state: Discourse, group: Group) -> list[Endpoint]:
    """The endpoints that a value may be of where its sentence names none, likeliest first.

    After a median and its ratio, percentages with no time of their own are of the share told last: 'DOR was 20.1
    months. Patients with X did better (65% versus 26%)'.
    """
    told = [state.endpoint, state.lasting]
    timed = state.endpoint is not None and state.endpoint.code in TIMES
    if timed and group.members[0].unit == "%" and not group.effect and not passage.of("landmark"):
        told.insert(0, state.share)
    return [e for e in told if e is not None]


_LABEL = re.compile(r"\s*[:.,;(-]|\s*[\u4e00-\u9fff]")
# a model that weighs several factors: what follows in the paragraph is of them
_MODEL = re.compile(r"[多单]因素|Cox|multivaria|univaria", re.IGNORECASE)
# what a study's CPS is a score of, told once: 'PD-L1 CPS>=5', then 'CPS<5'
_PD_L1_SCORE = re.compile(
    r"PD-?L1\s?(?:表达)?\s?(?:联合阳性(?:评分|分数)|combined positive score)?\s?\(?CPS", re.IGNORECASE
)


_ITS = re.compile(
    r"\b(?:its|their)\s+(?:[a-z]+ )?(?:medians?|HRs?|hazard ratios?|rates?|estimates?)\b|\bthe median (?:was|being|reached)\b"
    r"|其(?:中位|合并|HR|风险比|率|值)|(?:合并|汇总)(?:的)?HR",
    re.IGNORECASE,
)


def _named_without_value(passage: Passage) -> Endpoint | None:
    """The one survival endpoint or response that a sentence without values speaks of."""
    told = {e.code: e for e in endpoint_mentions(passage) if e.code in SURVIVAL or e.code in ("ORR", "CR")}
    return replace(next(iter(told.values())), start=-1, end=-1) if len(told) == 1 else None


def _goes_on_with_named(passage: Passage) -> bool:
    """'The effect on DFS held across subgroups. HRs were 0.74 for …': its values name no endpoint of their own."""
    if not passage.quantities:
        return False
    first = passage.quantities[0]
    bare = first.is_effect and not passage.between(0, first.start, "endpoint", "event")
    return bare or _ITS.search(passage.text) is not None


def enter(passage: Passage, state: Discourse, arms: Roster) -> None:
    """What a new sentence, paragraph or subset changes before anything is bound."""
    if state.named is not None and _goes_on_with_named(passage):
        speak_of(state, state.named)
    state.subsets = ()
    state.grade = ""
    if passage.sentence.block != state.block:
        state.block = passage.sentence.block
        state.order = replace(state.order, topic=None)
        state.followup = state.subgroup = ""
        state.stage = state.part
        state.landmarks = ()
        state.landmark = ("", "")
        state.visit = ""
        state.model = False
    labels = {a.label for a in arms.arms}
    parts = [m for m in passage.of("stage") if not m.code and m.text not in labels]
    if parts:
        # a part of a trial is spoken of until the next one; '低于A部分的…' later in the sentence does not move on
        state.stage = slots.stage_of(parts[0])
        if parts[0].start <= 3 and (
            passage.sentence.kind == "heading" or _LABEL.match(passage.text, parts[0].end)
        ):
            state.part = (
                state.stage
            )  # a heading, or what a paragraph opens with: 'Part 2: efficacy', 'In part B, …'
        elif state.stage != state.part:
            state.part = (
                ""  # 'Part 1 went smoothly.' and 'the follow-up in part 2' are of their own paragraph
            )
    phases = [m for m in passage.of("stage") if m.code]
    if passage.sentence.kind == "heading" and (phases or not re.match("part|stage", state.part)):
        state.part = slots.stage_of(phases[0]) if phases else ""  # of all its paragraphs
    if phases and not passage.quantities and len(passage.text) < 60 and not re.search("[,;]", passage.text):
        state.stage = slots.stage_of(phases[0])  # run in before its paragraph: 'Safety during maintenance.'
    state.pd_l1_score = state.pd_l1_score or _PD_L1_SCORE.search(passage.text) is not None
    told = passage_subgroup(passage.of("subgroup"), passage.text) or opening_cohort(passage)
    if told:
        state.subgroup = told
    if passage.of("whole"):
        state.subgroup = ""
    state.model = state.model or any(_MODEL.match(m.text) for m in passage.of("factor-cue"))
    thresholds = passage.of("threshold")
    if thresholds:
        state.threshold = f"10^-{thresholds[0].part('power')}"


def leave(passage: Passage, state: Discourse) -> None:
    """What the sentence leaves to those after it."""
    state.severity = last_grade(passage, state.severity)
    state.named = None if passage.quantities else _named_without_value(passage)
    state.endpoint = announced(passage) or state.endpoint
    named = passage.of("subgroup")
    if named and not state.subsets:
        state.subset = named[-1].code  # 'CPS≥5者约占60%,为主要分析人群。在这一人群中…'
    follow = passage.of("followup")
    if follow:
        state.followup = slots.followup(follow[-1])
    elif passage.of("data-cut"):
        state.followup = ""
