"""Which endpoint a group of values is of.

Before the value by default; behind it where a verb of achieving joins them ('72.6%达到VGPR', '45% had a
complete response') or once behind several values; carried from the sentence before where the sentence names
none. What does not fit is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.endpoints import FATAL, HEADING, SURVIVAL, Endpoint, fits
from isa_extract.binding.groups import Group
from isa_extract.binding.listing import (
    last_achieves,
    named_before_in_number,
    one_value_for_several,
)
from isa_extract.binding.listing import (
    listed as listed_before,
)
from isa_extract.binding.passages import Passage
from isa_extract.finding.quantity import bracket_depths

_ACHIEVED = re.compile(
    r"""\s*\)?\s*%?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:的)?(?:例)?(?:可评估)?(?:的)?(?:患者|病例|受试者|者)?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?
    (?:(?:均|则|也|可|能|已|仅|同时|分别|至少)*
       (?:达到?了?|获得?了?|取得了?|实现了?|观察到了?|出现了?|发生了?|显示|为|有|经历了?|合并|伴|产生|表现为|诱导|因|死于|进展为|治疗后发生|疗效达|评估为|转为)
       \s*(?:的|了|至少)?\s*(?:≥)?
     |(?:patients?\s+|participants?\s+|men\s+|women\s+)?(?:of\s+(?:[^,.;()%]|\.\d){1,60}?,?\s+)?(?:(?:in|on|with|receiving|given)\s+(?:[^,.;()%]|\.\d){0,40}?,?\s+)?
       (?:had|have|has|achiev\w+|attain\w+|reach\w+|experienc\w+|develop\w+|show\w+|obtain\w+|were|was|in|became|becoming|report\w+|with|having|went\ into|entered|discontinu\w+|stopp\w+|suffer\w+|remain\w+|stayed|still)
       \s+(?:an?\s+|the\s+|at\s+least\s+|only\s+|in\s+|to\s+have\s+|any\s+|some\s+|confirmed\s+|or\s+exceeded\s+)*)""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_WHOM = re.compile(
    r"\s*\)?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:(?:of|in|on|given|with)\s(?:[^,.;()%]|\.\d){1,60}?|patients?|women|men)?\s*",
    re.I,
)
_BEGINS_WITH_VERB = re.compile(
    r"(?:patients? |participants? )?(?:were|was|became|become|being|remained|responded|relapsed|died|alive|discontinued|discontinuing|stopp|(?:a )?serious ones?"
    r"|(?:progression|relapse|recurrence|event|disease)[- ]free(?! surv))",
    re.I,
)
_SHARED = re.compile(
    r"""[^;。]*?(?:\band\b|\bversus\b|\bvs\b|compared\ with|\bbut\b|\bagainst\b)[^;。]*
    (?:^|\b(?:of|in|on|with|given|to)\s[^,.;()%]{1,60}?|[)\]]|patients?|women|men)\s*,?\s*
    (?:(?:had|have|achieved|attained|reached|experienced|developed|showed|were|was|remained|being)\s+(?:an?\s+|the\s+|at\s+least\s+(?:an?\s+)?|still\s+)*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SHARED_ZH = re.compile(
    r"(?:[)%]*\s*[、,和与及]\s*(?:而)?[^,;。、()%\d]{1,16}组?(?:有)?\s*(?:\d+\s*例)?\s*\(?[\d.]+%?(?:\s*\(\d+/\d+\))?)+[)%]*(?:的患者)?"
    r"(?:均|都|分别)?(?:获得|达到?|取得|实现|出现|发生)?(?:了)?"
)
"""'A组52例(82.5%)、B组43例(87.8%)、C组42例(95.5%)获得缓解': told once, behind the last."""
_SOMETHING_ELSE = re.compile(
    r"""[\s%)\]]*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:of\s+(?:(?!who\b|that\b|those\b)[^,.;()%]){1,50}?\s+)?
    (?:,\s*)?(?:had\s+(?:received|undergone|type|prior|previous|a\s+history|been)|received|underwent|required|were\s+given|were\s+treated
      |crossed|proceeded|went\s+on|had\s+(?:already\s+)?(?:failed|previously)
      |(?:的)?(?:患者|进展者|病例)?(?:后来|随后|均)?(?:接受|既往|合并|使用了?|曾|为男性|为女性|行|改服|改用|换用|转用|交叉))""",
    re.VERBOSE | re.IGNORECASE,
)
_HISTORY = re.compile(
    r"[\s%)\]]*,?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:of\s[^,.;()%]{1,50}?\s+)?(?:had\s+(?:already\s+)?(?:previously|received|undergone|failed|prior|a\s+history)\b|(?:的患者)?既往(?:曾|有|接受))",
    re.IGNORECASE,
)
"""'50.6%, had previously failed a biologic': what came before the study is no result."""
_SHARE_OF_KIND = re.compile(r"\s*%?\s*(?:为|有|伴有?|存在|属于?|携带)(?!效|组|例)[\u4e00-\u9fff]")
_LIMIT = re.compile(
    r"\s*%?\s*(?:or (?:lower|higher|less|below|above|greater)\b|以[下上](?:的)?(?:患者|者)|(?:作为|定为|为)(?:成功|界值|标准|阈值)|(?:两个|两|三个)?亚组)"
)


_FOLLOWED_FOR_TOO = re.compile(
    r"follow-?up[^.;。]{0,30}\b(?:was|were|of)\b[^;。]{0,60}\b(?:and|versus|vs)\s*$|随访(?:时间)?[^,;。]{0,10}为[^;。]{0,30}(?:和|与|,[^,;。]{0,8}组为?)\s*$",
    re.IGNORECASE,
)
"""'The median follow-up was 19.3 months in one group and 20.8 months in the other'."""


def choose(
    passage: Passage,
    group: Group,
    before: Sequence[Group],
    after: int,
    found: Sequence[Endpoint],
    carried: Sequence[Endpoint],
    told: Sequence[Endpoint] = (),
) -> tuple[Endpoint, ...]:
    """The endpoint of each member of a group; empty where none can be told.

    Args:
        before: the groups of the sentence that come earlier.
        after: the folded offset where the next group begins (or the sentence ends).
        found: the sentence's endpoints.
        carried: the endpoint last spoken of before the sentence, and the last whose values are times.
        told: the endpoints of the sentence's earlier values, one for each, in order.
    """
    first = group.members[0]
    if _is_limit_or_baseline(passage, group) or (first.unit == "%" and _HISTORY.match(passage.text, group.end)):
        return ()
    if first.statistic == "count" and first.value == "0":
        right_behind = [e for e in found if 0 <= e.start - first.end <= 16 and fits(e, first)]
        if right_behind and not re.search(r"[,;。]|\.\s", passage.text[first.end : right_behind[0].start]):
            return (_more_exactly(passage, right_behind[0], found),) * len(group)
    counted = _counted_by_verb(passage, group, found)
    if counted is not None:
        return (counted,)
    told_for = _told_for(passage, group, after, found) if group.effect else None
    if told_for is not None:
        return (told_for,) * len(group)
    factor = _told_at_the_end(passage, group, found) if group.effect else None
    if factor is not None:
        return (factor,) * len(group)
    left = max((g.end for g in before if g.end <= group.start), default=0)
    if group.parent is not None:
        left = max(left, group.parent.outer_end)  # what stands in the value's bracket names its own endpoint
    preceding = [e for e in found if left <= e.start and e.end <= first.start]
    listed = (
        named_before_in_number(passage, group, told)
        or listed_before(passage, group, preceding)
        or last_achieves(passage, group, after, found, preceding)
    )
    if listed:
        return listed
    shares = one_value_for_several(passage, group, preceding, told)
    if shares is not None:
        return (shares,)
    achieved = _achieved(passage, group, after, found)
    if achieved is not None and not (preceding and _is_told_before(passage, group, preceding[-1])):
        return (achieved,) * len(group)
    fitting = [e for e in preceding if fits(e, first)]
    if fitting:
        return (_as_survival(_main(passage, fitting, group), group),) * len(group)
    shared = _shared_behind(passage, group, found)
    if shared is not None and not preceding:
        return (shared,) * len(group)
    behind = _behind(passage, group, after, found) or _event_of_people(passage, group, after, found)
    if behind is not None:
        return (behind,) * len(group)
    again = tuple(told[-len(group) :])
    if (
        len(group) > 1
        and len({(e.code, e.term) for e in again}) == len(group)
        and all(fits(e, q) for e, q in zip(again, group.members, strict=True))
    ):
        return again  # '观察组ORR、DCR分别为a、b,对照组分别为c、d'
    if group.parent is None and _is_of_something_else(passage, group):
        return ()
    nested = any(_PART.fullmatch(e.text) for e in found if group.end <= e.start < after)
    earlier = _outside_brackets(passage, group, [e for e in found if e.end <= first.start and fits(e, first) and not (nested and _PART.fullmatch(e.text))])
    if before and earlier and not _starts_clause_of_its_own(passage, group, before[-1]):
        return (_as_survival(replace(earlier[-1], how="carried"), group),) * len(group)
    spoken = next((e for e in carried if fits(e, first)), None)
    if spoken is not None and _may_carry(passage, group, spoken):
        return (_as_survival(replace(spoken, start=-1, end=-1, how="carried"), group),) * len(group)
    return ()


def _more_exactly(passage: Passage, e: Endpoint, found: Sequence[Endpoint]) -> Endpoint:
    """'Neurotoxicity: 18%, with no grade 4 event': the event is the one spoken of."""
    if e.code == "AE" and not e.term and re.fullmatch(r"events?", e.text, re.IGNORECASE):
        named = [o for o in found if o.end <= e.start and o.code == "AE"]
        if named and named[-1].term and not re.search(r"[;。]", passage.text[named[-1].end : e.start]):
            return named[-1]
    return e


def _is_of_something_else(passage: Passage, group: Group) -> bool:
    """'22% underwent transplantation', '39%为高危': the clause tells a share of its own, of no endpoint."""
    first = group.members[0]
    if _SOMETHING_ELSE.match(passage.text, group.end):
        return True
    return first.family == "percent" and _SHARE_OF_KIND.match(passage.text, first.end) is not None


def _is_limit_or_baseline(passage: Passage, group: Group) -> bool:
    """'an ejection fraction of 40% or lower', '≥50%与<50%两个亚组', '治疗前': a limit or a baseline, no result."""
    if group.members[0].statistic == "mean":
        clause = re.split(r"[;。]", passage.text[: group.start])[-1]
        if re.search(
            r"治疗前|干预前|(?<!较)(?<!自)(?<!与)基线(?!后)|at baseline|before treatment", clause
        ) and not re.search(
            r"(?:治疗|干预)(?:\s*\d+\s*(?:周|个月|月|天|d|个?疗程|个?周期))?后|after", clause
        ):
            return True
    if group.members[0].family == "time":
        follow = _FOLLOWED_FOR_TOO.search(passage.text[: group.start])
        if follow and not passage.between(follow.start(), group.start, "endpoint"):
            return True
    if _is_level_of_a_marker(passage, group):
        return True
    return group.members[0].family in ("percent", "count") and bool(
        _LIMIT.match(passage.text, group.members[-1].end)
    )


_MARKER = re.compile(r"PD-?L1|expression|\b(?:TPS|CPS|TC|IC)\b|blasts?|Ki-?67|表达|原始细胞|阳性率|肿瘤负荷", re.IGNORECASE)


def _is_level_of_a_marker(passage: Passage, group: Group) -> bool:
    """'HR 0.43 (0.34-0.54) at ≥50%, 0.63 at 1% to 49%', '原始细胞≥50%者': whom the effect or the value is told of."""
    first = group.members[0]
    if first.unit != "%" or first.qualifier not in ("<", "<=", ">", ">=") or not _MARKER.search(passage.text):
        return False
    ahead = re.search(r"\b(?:at|in|with|for|of)\s*$|表达$|细胞$|(?:below|above|over|under|≥|<|>|≤|>=|<=)\s*$", passage.text[: first.start])
    effects = any(q.is_effect for q in passage.quantities)
    return bool(ahead) and (effects or re.match(r"\s*%?\s*(?:者|的患者|组|expression|tumou?rs)", passage.text[first.end :]) is not None)


def _as_survival(e: Endpoint, group: Group) -> Endpoint:
    """A hazard ratio of deaths of whatever cause is overall survival's."""
    plain = re.fullmatch(r"(?:all-cause )?(?:deaths?|died|mortality)|(?:全因)?(?:死亡|病死)率?", e.text, re.I)
    if e.code == "DEATH" and group.members[0].statistic == "hazard_ratio" and plain:
        return replace(e, code="OS")
    return e


def _shared_behind(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
    """'38% of those given VA and 46% of those given IA were alive': told once, behind the last of them."""
    first = group.members[0]
    if group.effect or (first.depth and not first.n):
        return None
    e = next((e for e in found if e.start >= group.end), None)
    if e is None or not fits(e, first):
        return None
    others = [
        q for q in passage.quantities if group.end <= q.start and q.end <= e.start and q.depth == first.depth
    ]
    if not others or any(q.unit != first.unit or q.is_effect for q in others):
        return None
    gap = passage.text[group.end : e.start]
    if _SHARED_ZH.fullmatch(gap):
        return e
    if re.search(r"[;。:]|, (?:with|which|who)", gap) or not _SHARED.fullmatch(gap):
        return None
    last = passage.text[others[-1].outer_end : e.start]
    if _ACHIEVED.fullmatch(last) or _BEGINS_WITH_VERB.match(e.text):
        return e
    return None


def _outside_brackets(passage: Passage, group: Group, found: Sequence[Endpoint]) -> list[Endpoint]:
    """What a bracket told of one value is not carried to values outside it."""
    if not any(e.start >= 0 for e in found):
        return list(found)
    depths = bracket_depths(passage.text)
    return [e for e in found if e.start < 0 or depths[e.start] <= group.members[0].depth] or list(found)


_FACTOR_OF = re.compile(
    r"(?:factors?|predictors?|significan\w+|associated|related|因素|有关|相关|影响)\s*(?:for|of|with|to)?\s*$|(?:是|为|均为|与(?:较短的|较差的|更短的)?|影响)\s*(?:患者)?\s*$|(?:with|for) (?:shorter|worse|poorer|inferior|longer|better)\s*$",
    re.IGNORECASE,
)


def _told_at_the_end(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
    """Prognostic factors name their endpoint once, behind them: 'A (HR …) and B (HR …) were risk factors for PFS'."""
    if not passage.of("factor-cue") and not re.search(
        r"有关|相关|影响|associated with", passage.text[group.end :]
    ):
        return None
    for e in found:
        if e.start >= group.end and e.code in SURVIVAL | {"RELAPSE", "NRM", "TRM", "DEATH"}:
            gap = passage.text[group.end : e.start]
            if re.search(r"[;。]", _without_bracketed(gap)):
                return None
            if _FACTOR_OF.search(passage.text[: e.start]):
                return e
            return None
    return None


def _without_bracketed(text: str) -> str:
    text = re.sub(r"^[^()]*\)", "", text)
    return re.sub(r"\([^()]*\)", "", text)


_PART = re.compile(r"(?:and )?(?:complete(?:ly)?|partial)", re.I)
"""A part of the responses told before it: '67.7%, complete in 29.1%, and in 44.4% of the others, complete in 12.5%'."""
_INTERVAL_IN_BRACKETS = re.compile(r"\((?:95%\s*)?(?:CI|confidence interval|IQR|range)\b[^()]*\)", re.I)
_OF_IT = re.compile(r"\s*(?:of|from|because of|due to)\s+(?:it|this|these|them)\b", re.I)
_OF_CAUSE = re.compile(
    r"\s*(?:of|from|due to|because of|owing to)\s+(?:an?\s+|the\s+)?(?:[a-z]+\s)?", re.IGNORECASE
)


def _achieved(passage: Passage, group: Group, after: int, found: Sequence[Endpoint]) -> Endpoint | None:
    end = _past_arm_words(passage, group)
    for e in found:
        if group.end <= e.start < after and fits(e, group.members[0]):
            gap = passage.text[end : e.start]
            grade = passage.between(end, e.start, "grade", "approx")
            for m in reversed(grade):
                gap = gap[: m.start - end] + gap[m.end - end :]
            if grade:
                gap = re.sub(r"\s*(?:or|and|及|以上|或)\s*$", " ", gap)
            gap = _INTERVAL_IN_BRACKETS.sub(" ", gap)
            if _ACHIEVED.fullmatch(gap) or (_BEGINS_WITH_VERB.match(e.text) and _OF_WHOM.fullmatch(gap)):
                return replace(e, how=FATAL) if "死于" in gap else _cause_of_death(passage, e, found)
            return None
    return None


def _cause_of_death(passage: Passage, e: Endpoint, found: Sequence[Endpoint]) -> Endpoint:
    """'one died of sepsis' tells of a fatal sepsis, not of death itself; so do 'two died of it' and '其中2例死亡'."""
    if e.code == "DEATH":
        among = re.search(r"其中(?:有)?\s*\d+\s*例$", passage.text[: e.start])
        if among or _OF_IT.match(passage.text, e.end):
            named = [o for o in found if o.end <= e.start and o.code == "AE" and o.term]
            if named and not re.search(r"[。]" if among is None else r"[;。]", passage.text[named[-1].end : e.start]):
                return replace(named[-1], how=FATAL)
        for o in found:
            if o.start >= e.end and o.code == "AE" and o.term:
                gap = passage.text[e.end : o.start]
                return replace(o, how=FATAL) if _OF_CAUSE.fullmatch(gap) else e
    return e


def _past_arm_words(passage: Passage, group: Group) -> int:
    match = re.match(r"\s*%?\)?", passage.text[group.end :])
    return group.end + (match.end() if match else 0)


_VERB_OR_LIST = re.compile(r"(?:发生|出现|报告|观察到|见|有|、|,|和)(?:了)?$")


def _counted_by_verb(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
    """'治疗组发生3例肺炎、2例皮疹,对照组发生1例肺炎': a count of people right before what befell them."""
    if len(group) != 1 or group.members[0].statistic != "count" or group.members[0].N:
        return None
    e = next((e for e in found if e.start >= group.end), None)
    if e is None or not fits(e, group.members[0]) or not _VERB_OR_LIST.search(passage.text[: group.start]):
        return None
    return e if re.fullmatch(r"的?", passage.text[group.end : e.start]) else None


def _told_for(passage: Passage, group: Group, after: int, found: Sequence[Endpoint]) -> Endpoint | None:
    """'an HR of 0.67 (0.55-0.82) for PFS', 'the RR was 5.48 (3.24-9.27) for hypothyroidism, 12.6 (…) for …'."""
    if len(group) > 1:
        return None
    for e in found:
        if group.end <= e.start < after:
            right_behind = re.fullmatch(r"\s*(?:[;,]\s*[Pp]\s*[=<>]\s*[\d.]+\s*)?[)\]]?\s*for\s+(?:the\s+)?", passage.text[group.end : e.start])
            return e if right_behind and fits(e, group.members[0]) else None
    return None


def _is_told_before(passage: Passage, group: Group, e: Endpoint) -> bool:
    """Whether the endpoint stands right before the value, so that what follows begins something new."""
    return (
        re.fullmatch(
            r"\s*(?:率|的发生率|发生率)?\s*(?:分别)?\s*(?:为|达到?|是|was|were|of|:|=|\()\s*(?:约|仅)?\s*",
            passage.text[e.end : group.start],
        )
        is not None
    )


def _behind(passage: Passage, group: Group, after: int, found: Sequence[Endpoint]) -> Endpoint | None:
    """'(21% complete)', '40% CR', '12% for pneumonia': right behind the value."""
    for e in found:
        if group.end <= e.start < after and fits(e, group.members[0]):
            gap = passage.text[group.end : e.start]
            if re.fullmatch(
                r"\s*%?\)?\s*(?:的)?(?:[^,;。、()%\d]{1,12}组)?(?:的)?(?:患者)?\s*(?:达|for|in|of|with|had|an?)?\s*(?:grade\s*)?(?:≥?\s*\d\s*(?:-\s*\d)?)?\s*",
                gap,
            ):
                return e
            return None
    return None


def _event_of_people(
    passage: Passage, group: Group, after: int, found: Sequence[Endpoint]
) -> Endpoint | None:
    """'One patient, in the VCd group, died of …': a count of people names its event behind."""
    if group.members[0].statistic != "count" or group.members[0].N:
        return None
    for e in found:
        if group.end <= e.start < after and fits(e, group.members[0]):
            gap = passage.text[group.end : e.start]
            near = len(gap) < 60 and not re.search(r"[;。]", gap)
            return _cause_of_death(passage, e, found) if near else None
    return None


def _main(passage: Passage, fitting: Sequence[Endpoint], group: Group) -> Endpoint:
    """The last one before the value, unless it only explains an earlier one ('AEs, largely X, affected')."""
    last = fitting[-1]
    if (
        len(fitting) > 1
        and last.code == "AE"
        and not last.term
        and re.search(r"toxicit|side effect|毒性|副作用", last.text)
    ):
        named = fitting[-2]
        if named.term and not re.search(r"[.;。,]", passage.text[named.end : last.start]):
            return named  # 'pneumonitis remains its signature toxicity: 15%'
    if len(fitting) > 1 and last.code == "AE" and last.term:
        gap = passage.text[fitting[-2].end : last.start]
        if re.search(
            r",\s*(?:largely|mainly|mostly|chiefly|predominantly|including|principally|主要为|多为|以)\s*$",
            gap,
        ) and re.match(r"\s*,", passage.text[last.end :]):
            return fitting[-2]
    return last


def _starts_clause_of_its_own(passage: Passage, group: Group, before: Group) -> bool:
    """A value of a new clause that names something unknown takes no endpoint from the clause before."""
    gap = passage.text[before.end : group.start]
    return re.search(r"[。]", gap) is not None


def _may_carry(passage: Passage, group: Group, carried: Endpoint) -> bool:
    """From one sentence to the next an endpoint is carried only by what clearly goes on with it."""
    if group.effect or carried.how == HEADING:
        return True
    if passage.sentence.paragraph_start:
        return False
    ahead = passage.text[: group.start]
    if re.search(r"(?<![前后])者$", ahead) and group.members[0].n:
        return False  # '未匹配者135例(47.0%)' tells a share of its own
    return bool(
        passage.between(
            0, group.start, "all-arms", "data-cut", "ordinal", "median", "landmark", "followup", "whole"
        )
        or re.search(
            r"相应|corresponding|equivalent|same comparison|rates?\b|比例|者分别|组分别|medians?|比率|estimate",
            ahead,
        )
        or len(group) > 1
    )
