"""Endpoints told together: in a list over which values distribute, as a number of them, one value for several."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.endpoints import Endpoint, fits
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage

_IN_A_LIST = re.compile(
    r"\s*(?:率|的)?\s*(?:、|,|和|与|及|以及|and|, and)\s*(?:the\s+)?(?:中位|median\s+|\d+\s*-?\s*(?:年|个月|year|month)s?\s*)?(?:≥?\s*\d(?:\s*-\s*\d)?\s*级\s*)?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\([^()\d]*\)")
_COUNTED = re.compile(r"\s*(?:率)?(?:这)?[两二三四五](?:项|者|个指标|率)(?:的)?")
"""'≥CR、MRD阴性CR两项的发生率'."""
_COPULA = re.compile(
    r"""\s*(?:rates?|estimates?|values?|hazard\ ratios?|HRs?)?\s*(?:(?:at|after)\ [^,.;%]{1,20}?\s)?(?:were|was|stood\ at|reached|came\ to|amounted\ to|averaged|equalled|at|of|:|为|是|达到?)
    \s*(?:estimated\ (?:at|to\ be)|approximately|about|约|近)?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_OCCURRED = re.compile(
    r"\s*(?:(?:were|was)\s(?:seen|reported|recorded|observed|noted)|occurred|arose|developed)\s(?:in|by)\s*"
)
"""'Neutropenia, leukopenia and anaemia occurred in 57%, 15% and 4% of A': three or more names, and as many values."""
_IN_NUMBER = re.compile(
    r"""(?:(?:上述|这|该|此)?(?P<zh>[两二三四五])(?:项|个|者)(?:主要|疗效)?(?:指标|终点|结果|数值|率)?(?:的?发生率)?
    |(?:the|these|those)\ (?:same\ )?(?P<en>two|three|four|five)\ (?:end-?\ ?points|outcomes|measures|figures|rates|medians|estimates))
    [^,;。.\d]{0,24}?(?:依次|分别|相应|各)?(?:为|是|达|were|was|being|stood\ at|came\ to)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_ALL_OF_THEM = re.compile(
    r"""(?:(?:these|those|the\ (?:corresponding|respective|same|equivalent))\ (?:figures|values|results|estimates|numbers)(?:\ [a-z]+){0,5}?\ (?:were|being)\s*
    |(?:相应|对应)(?:的)?(?:数字|数值|数据|结果|指标)[^,;。.\d]{0,12}?(?:依次|分别)?(?:为|是)\s*)""",
    re.VERBOSE | re.IGNORECASE,
)
"""'for the reverse sequence these figures were 24.4% and 3.3 months': as many as were told before."""
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "two": 2, "three": 3, "four": 4, "five": 5}
_PARTICIPLE = re.compile(
    r"\s*%?\s*\)?\s*(?:of (?:the )?(?:patients|them|whom) )?(?:in|achieving|attaining|reaching|having|with|entering|showing|being|obtaining)\s+(?:an?\s+|at\s+least\s+(?:an?\s+)?)?",
    re.IGNORECASE,
)
_FOR_A_CAUSE = re.compile(r"因|由于|死于")
"""'不良事件22例(31.4%),6例(8.6%)因不良事件停药'."""
_BOTH_MEDIANS = re.compile(
    r"\bmedians? (?:for|of) (?:both|each)\b|\bboth medians\b|(?:两者|二者)(?:的)?中位(?:值|数|时间)?(?:均|都)|中位(?:值|数|时间)(?:均|都)",
    re.IGNORECASE,
)


def listed(passage: Passage, group: Group, preceding: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    """Endpoints in a list over which a group distributes: 'ORR和CR率分别为80%和40%'."""
    k = len(group)
    if k < 2 or len(preceding) < k:
        return ()
    last = preceding[-k:]
    text = passage.text
    if not all(_are_beside(passage, a, b) for a, b in itertools.pairwise(last)):
        return ()
    longer = len(preceding) > k and _are_beside(passage, preceding[-k - 1], last[0])
    distributed = _COUNTED.match(text, last[-1].end) or passage.between(
        last[0].start - 40 if last[0].start > 40 else 0, len(text), "distribute"
    )
    joined = text[last[-1].end : group.start]
    told_by_verb = _COPULA.fullmatch(joined) or (k > 2 and _OCCURRED.fullmatch(joined))
    if not distributed and (longer or not told_by_verb):
        return ()
    if all(fits(e, q) for e, q in zip(last, group.members, strict=True)):
        return tuple(last)
    return ()


def _are_beside(passage: Passage, a: Endpoint, b: Endpoint) -> bool:
    """Whether two names stand beside each other in a list, the grade of either apart: '恶心、2级及以上手足综合征'."""
    gap = passage.text[a.end : b.start]
    for m in reversed(passage.between(a.end, b.start, "grade")):
        gap = gap[: m.start - a.end] + gap[m.end - a.end :]
    return _IN_A_LIST.fullmatch(_BRACKETED.sub("", gap)) is not None


def named_before_in_number(passage: Passage, group: Group, told: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    """'三项指标依次为a和b、c和d、e和f': as many endpoints as are counted, in the order told before."""
    cue = next((m for m in reversed([*_IN_NUMBER.finditer(passage.text, 0, group.start)])), None)
    plain = None
    if cue is None:
        plain = next((m for m in reversed([*_ALL_OF_THEM.finditer(passage.text, 0, group.start)])), None)
    cue = cue or plain
    if cue is None or re.search(r"[;。]", passage.text[cue.end() : group.start]):
        return ()
    stop = re.search(r"[;。]", passage.text[group.end :])
    end = group.end + stop.start() if stop else len(passage.text)
    values = [q.start for q in passage.quantities if cue.end() <= q.start < end and not q.is_effect]
    distinct = len({(e.code, e.term) for e in told})
    k = distinct if plain else _NUMBERS[(cue["zh"] or cue["en"]).lower()]
    if plain and (k < 2 or len(values) != k):
        return ()
    names = list({(e.code, e.term): e for e in told}.values())[-k:]
    if len(names) < k or not values or len(values) % k:
        return ()
    each = len(values) // k
    chosen = [names[values.index(q.start) // each] for q in group.members if q.start in values]
    if len(chosen) == len(group) and all(fits(e, q) for e, q in zip(chosen, group.members, strict=True)):
        return tuple(replace(e, start=-1, end=-1, how="carried") for e in chosen)
    return ()


def last_achieves(
    passage: Passage, group: Group, after: int, found: Sequence[Endpoint], preceding: Sequence[Endpoint]
) -> tuple[Endpoint, ...]:
    """'the response rate was 63.0%, 39.4% achieving a complete response': the last value tells a part of the first."""
    if len(group) != 2 or group.effect or not preceding:
        return ()
    first, last = group.members
    of_last = next((e for e in found if group.end <= e.start < after and fits(e, last)), None)
    between = passage.text[first.outer_end : last.outer_start]
    at_once = of_last is not None and passage.text[group.end : of_last.start].strip("%) ") == ""
    # 'CR为12.0%;CPS≥1者43.8%缓解', 'the response rate was 60%, including 38% CR'
    apart = at_once and re.search(r";|\bincluding\b|\bof which\b", between) is not None
    if (
        of_last is None
        or not fits(preceding[-1], first)
        or (of_last.code, of_last.term) == (preceding[-1].code, preceding[-1].term)
        or not (apart or re.fullmatch(r"\s*%?\s*[)\]]?\s*[,:]\s*(?:with\s+)?", between))
        or not (
            apart
            or _PARTICIPLE.fullmatch(passage.text[group.end : of_last.start])
            or (at_once and _FOR_A_CAUSE.match(of_last.text))
        )
    ):
        return ()
    return (preceding[-1], of_last)


def one_value_for_several(
    passage: Passage, group: Group, preceding: Sequence[Endpoint], told: Sequence[Endpoint]
) -> Endpoint | None:
    """'中位PFS和OS均未达到', 'median PFS and OS were both not reached': a row for each of them, on one value."""
    if len(group) != 1 or group.members[0].family != "unreached":
        return None
    text = passage.text
    clause = re.split(r"[;。]", text[: group.start])[-1]
    if not preceding and _BOTH_MEDIANS.search(clause):
        pair = list({e.code: e for e in told if fits(e, group.members[0])}.values())[-2:]
        return replace(pair[1], start=-1, end=-1, also=(pair[0],), how="carried") if len(pair) == 2 else None
    if len(preceding) < 2:
        return None
    several = [preceding[-1]]
    for e in reversed(preceding[:-1]):
        gap = re.sub(r"\([^()]*\)", "", text[e.end : several[0].start])
        if not re.fullmatch(
            r"\s*(?:期|率)?\s*(?:、|,|和|与|及|以及|and|, and|nor|or)\s*(?:the\s+|median\s+|中位)*", gap
        ):
            break
        several.insert(0, e)
    gap = text[several[-1].end : group.members[0].end]
    if len(several) < 2 or not (
        re.match(r"\s*(?:期|率)?\s*(?:[^,;。]{0,6}组)?(?:均|都|皆|也都)", gap)
        or re.match(r"\s*(?:were|was|had|have|being|are)\b", gap)
    ):
        return None
    if not all(fits(e, group.members[0]) for e in several):
        return None
    return replace(several[-1], also=tuple(several[:-1]))
