"""The landmark at which a rate is told: 'at 12 months', '1年OS率', 'by day 100', 'at the same time'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from isa_extract.binding.endpoints import SURVIVAL, Endpoint, is_response
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.binding.slots import followup, landmarks
from isa_extract.finding.match import Mention

# what is estimated at a landmark: a rate of it without a time of its own shares the time told last
CUMULATIVE = SURVIVAL | {"RELAPSE", "NRM", "TRM", "GRFS"}
_EVENTS = frozenset(("AE", "SAE", "AE_DISCONTINUATION", "INFECTION"))
# hazards are compared over the whole time
_TIMELESS = frozenset(("risk_reduction", "hazard_ratio"))
_RATE_EFFECTS = frozenset(("risk_difference", "risk_ratio", "odds_ratio"))


def timepoint_for(
    passage: Passage,
    group: Group,
    chosen: Sequence[Endpoint],
    left: int,
    carried: Sequence[str],
    last: tuple[str, str] = ("", ""),
) -> tuple[str, ...]:
    """The landmark of each member; empty texts where there is none.

    Args:
        carried: the landmarks of the last group that had several values.
        last: the landmark told last and the endpoint code it was told of.
    """
    k = len(group)
    none = ("",) * k
    endpoint = chosen[0]
    first = group.members[0]
    if len({q.family for q in group.members}) > 1 and "percent" in {q.family for q in group.members}:
        return tuple(
            _on_name(passage, e) if q.unit == "%" else "" for q, e in zip(group.members, chosen, strict=True)
        )
    measured = first.family == "count" and first.statistic != "count" and endpoint.code == "OTHER"
    counted = measured or (first.statistic == "count" and endpoint.code not in _EVENTS)
    if (first.unit != "%" and not group.effect and not counted) or first.statistic in _TIMELESS:
        return none
    if group.effect and endpoint.code in CUMULATIVE and first.statistic not in _RATE_EFFECTS:
        return none
    same = [
        m for m in passage.of("landmark") if m.code == "same" and left - 1 <= m.start and m.end <= group.start
    ]
    if same and last[0]:
        return (last[0],) * k
    told = [m for m in passage.of("landmark") if m.code != "same"]
    if endpoint.code in _EVENTS:
        return (_of_event(passage, group, endpoint, told, left, last),) * k
    ahead = [m for m in told if m.end <= group.start and m.start >= left - 1]
    if endpoint.code not in SURVIVAL:
        ahead = [m for m in ahead if not re.search(r"[;。]", passage.text[m.end : group.start])]
    behind = _behind(passage, group, told)
    seen_until = endpoint.code == "OTHER" and is_response(endpoint)
    if (
        behind
        and (endpoint.code in CUMULATIVE or endpoint.code == "DEATH" or measured or seen_until)
        and (not ahead or behind.start <= group.end + 4)
    ):
        return (landmarks(behind)[0],) * k
    if ahead:
        times = landmarks(ahead[-1])
        if len(times) == k and k > 1:
            return tuple(times)
        if len(ahead) == k and k > 1 and _are_listed(passage, ahead):
            return tuple(t for m in ahead for t in landmarks(m)[:1])
        return (times[0],) * k if len(times) == 1 else none
    if endpoint.code in SURVIVAL and not counted:
        return _carried(passage, group, carried, last)
    if endpoint.code in CUMULATIVE:
        before = [m for m in told if m.end <= group.start]
        return (last[0],) * k if before and last[0] and last[1] in CUMULATIVE else none
    of_clause = _of_clause(passage, group, told)
    return (of_clause or (_of_measures(passage, group, told, last) if measured else ""),) * k


def _of_measures(passage: Passage, group: Group, told: Sequence[Mention], last: tuple[str, str]) -> str:
    """Scores and levels told one after the other in a sentence are of one visit, unless it goes back to the baseline."""
    before = [m for m in told if m.end <= group.start]
    if not before or last[1] != "OTHER":
        return ""
    gap = passage.text[before[-1].end : group.start]
    return "" if re.search(r"治疗前|基线时|\bat baseline\b", gap) else last[0]


def _on_name(passage: Passage, endpoint: Endpoint) -> str:
    """'median PFS and 3-year OS rate were 24.9 months and 72.0%': the time stands before the name."""
    for m in passage.of("landmark"):
        if m.code != "same" and m.start <= endpoint.start and endpoint.start - m.end <= 4:
            return landmarks(m)[0]
    return ""


def _of_event(
    passage: Passage,
    group: Group,
    endpoint: Endpoint,
    told: Sequence[Mention],
    left: int,
    last: tuple[str, str],
) -> str:
    """An event has a landmark where its cumulative incidence is told: '2年慢性GVHD发生率', 'by day 100'."""
    text = passage.text
    if endpoint.start >= 0 and endpoint.end <= group.start:
        for m in reversed(told):
            if left - 1 <= m.start and m.end <= endpoint.start and _is_bare(text[m.end : endpoint.start]):
                return landmarks(m)[0]
            if endpoint.end <= m.start and m.end <= group.start and _is_bare(text[endpoint.end : m.start]):
                return landmarks(m)[0]
    behind = _behind(passage, group, told)
    if behind is not None and behind.start <= group.end + 2:
        return landmarks(behind)[0]
    same_event = last[1].startswith("AE") and last[1] == f"AE {endpoint.term}"
    goes_on = (
        re.search(r"\bthat of\b[^,;.]*$", text[left : group.start]) is not None and last[1] in CUMULATIVE
    )
    return last[0] if (same_event or goes_on) and any(m.end <= group.start for m in told) else ""


def _is_bare(gap: str) -> bool:
    return re.fullmatch(r"(?:[^,;。.()]|\([^()]*\)|(?<=grade)s?){0,24}", gap) is not None


def _behind(passage: Passage, group: Group, told: Sequence[Mention]) -> Mention | None:
    """'65.4% and 62.7% at 1 year', '62.7% of the darolutamide group were alive at 4 years'."""
    for m in told:
        if m.start < group.end:
            continue
        gap = re.sub(r",? respectively,?", "", passage.text[group.end : m.start])
        joined = re.match(r"(?:at|by|through|within|during)\b", m.text, re.IGNORECASE)
        if m.start <= group.end + 4 and not re.match(r"\s*[,;、]", gap):
            return m
        if joined and re.fullmatch(r"[\s%)]*(?:[^,;.()。\d]|(?<=[A-Za-z-])\d+|\([^()]*\)){0,90}", gap):
            return m
        return None
    return None


def _carried(
    passage: Passage, group: Group, carried: Sequence[str], last: tuple[str, str]
) -> tuple[str, ...]:
    k = len(group)
    if group.effect:
        told = [m for m in passage.of("landmark") if m.code != "same" and m.end <= group.start]
        bracketed = group.members[0].depth > 0 and told and last[0]
        return (last[0],) * k if bracketed else ("",) * k
    if len(carried) == k:
        return tuple(carried)
    if len(carried) == 1:
        return (carried[0],) * k
    # '随访时间12个月,OS分别为…': a whole number of months is the landmark too
    told_at = [m for m in passage.of("followup") if m.end <= group.start and "." not in m.part("value")]
    if told_at and not passage.of("landmark") and not re.search("中位|median", told_at[-1].text):
        return (followup(told_at[-1]),) * k
    earlier = [m for m in passage.of("landmark") if m.end <= group.start and m.code != "same"]
    if earlier:
        times = landmarks(earlier[-1])
        if len(times) == 1:
            return (times[0],) * k
        if len(times) == k:
            return tuple(times)
    return ("",) * k


def _of_clause(passage: Passage, group: Group, told: Sequence[Mention]) -> str:
    """The time of a response told at the head of its clause: '治疗3个月时,CR 5例、PR 33例', '…by month 3 by 82.7%, CR by 63.5%'."""
    for m in reversed(told):
        if m.end > group.start:
            continue
        between = passage.text[m.end : group.start]
        heads_sentence = re.match(
            r"[^,;。:\d]{0,12}$", passage.text[: m.start].rpartition(":")[2]
        ) and re.match(r"\s*,", between)
        if re.search(r"最佳|\bbest\b", between) or (re.search(r"[;。]", between) and not heads_sentence):
            return ""
        first = next(iter(passage.between(m.end, group.start, "endpoint", "event")), None)
        return "" if first is not None and first.code in CUMULATIVE else landmarks(m)[0]
    return ""


def _are_listed(passage: Passage, found: Sequence[Mention]) -> bool:
    return all(len(passage.text[a.end : b.start]) < 8 for a, b in itertools.pairwise(found))
