"""Endpoints told behind their values.

A verb of achieving joins them ('72.6%达到VGPR', '45% had a complete response'), or they are told once behind the
last of several values, or behind 'for', or right behind a number of patients.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.endpoints import FATAL, SURVIVAL, Endpoint, fits
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.finding.quantity import NUMBER_WORD
from isa_extract.finding.subjects import is_head, is_told_by, predicate

_ACHIEVED = re.compile(
    r"""\s*\)?\s*%?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:的)?(?:例)?(?:可评估)?(?:的)?(?:患者|病例|受试者|缓解者|应答者|者)?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?
    (?:(?:均|则|也|可|能|已|仅|同时|分别|至少)*
       (?:达到?了?|获得?了?|取得了?|实现了?|观察到了?|出现了?|发生了?|显示|为|有|经历了?|合并|伴|产生|表现为|报告|存在|见到|诱导|因|死于|进展为|治疗后发生|疗效达|评估为|转为|(?:经[^,;。、\d]{1,12}?)?(?:判定|评定|确认|证实|评价)(?:为|达到?))
       \s*(?:的|了|过|至少)*\s*(?:[一1]\s*(?:次|种|项|个))?\s*(?:≥)?(?:[\u4e00-\u9fff]{1,4}(?:部位|局部|处)(?:的)?)?
     |(?:patients?\s+|participants?\s+|men\s+|women\s+)?(?:of\s+(?:[^,.;()%]|\.\d){1,60}?,?\s+)?(?:(?:in|on|with|receiving|given)\s+(?:[^,.;()%]|\.\d){0,40}?,?\s+)?(?:\(\d+/\d+\)\s+)?
       (?:had|have|has|achiev\w+|attain\w+|reach\w+|experienc\w+|develop\w+|show\w+|obtain\w+|were|was|in|became|becoming|report\w+|with|having|went\ into|entered|discontinu\w+|stopp\w+|suffer\w+|remain\w+|stayed|still)
       \s+(?:an?\s+|the\s+|at\s+least\s+|one\s+(?=grade|adverse|serious|or\ more|of)|or\s+more\s+|only\s+|in\s+|to\s+have\s+|any\s+|some\s+|confirmed\s+|or\s+exceeded\s+)*)""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_WHOM = re.compile(
    r"\s*\)?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:(?:of|in|on|given|with)\s(?:[^,.;()%]|\.\d){1,60}?|patients?|women|men)?(?:,\s*respectively,?)?\s*"
    r"|\s*%?\s*\)?(?:的)?[^,;。、()\d%]{0,16}(?:患者|病例|受试者|者)(?:在|于|至)?\s*",
    re.I,
)
_BEGINS_WITH_VERB = re.compile(
    r"(?:patients? |participants? )?(?:were|was|became|become|being|remained|responded|relapsed|died|alive|discontinued|discontinuing|stopp|gave up|c(?:a|o)me off|withdrew|surviv|had not|have not|neither|(?:仍|尚|均)?(?:无(?:疾病)?进展|无事件|无病|无复发|存活|在世)|因|由于|死于|(?:a )?serious ones?"
    r"|(?:progression|relapse|recurrence|event|disease)[- ]free(?! surv))",
    re.I,
)
_SHARED = re.compile(
    r"""[^;。]*?(?:\band\b|\bversus\b|\bvs\b|compared\ with|\bbut\b|\bagainst\b)[^;。]*
    (?:^|\b(?:of|in|on|with|given|to)\s[^,.;()%]{1,60}?|[)\]]|patients?|women|men)\s*,?\s*
    (?:(?:had|have|achieved|attained|reached|experienced|developed|showed|were|was|remained|being)\s+
       (?:an?\s+|the\s+|at\s+least\s+(?:an?\s+|one\s+)?|one\ or\ more\s+|any\s+|still\s+|(?:an?\ )?grade\s+≥?\s*\d(?:\s*(?:-|or|and)\s*(?:\d|higher|worse|above))?\s+)*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SHARED_ZH = re.compile(
    r"(?:例?[)%]*\s*[、,和与及]\s*(?:而)?[^,;。、()%\d]{1,16}组?(?:有)?\s*(?:\d+\s*例(?=[^(\d])|(?:\d+\s*例)?\s*\(?[\d.]+%?(?:\s*\(\d+/\d+\))?))+[)%]*(?:的患者)?"
    r"(?:均|都|分别)?(?:经[^,;。、\d]{1,12}?)?(?:至少)?(?:获得|达到?|取得|实现|出现|发生|(?:判定|评定|评估|确认|证实|评价)(?:为|达到?)?|转为|疗效为)?(?:了)?"
)
"""'A组52例(82.5%)、B组43例(87.8%)、C组42例(95.5%)获得缓解': told once, behind the last."""


def shared_behind(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
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


def of_the_subject(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
    """'31 (52%) of 60 and 22 (41%) of 54, respectively, had a response': patients are the subject, told of by the verb."""
    first = group.members[0]
    if first.is_effect or first.family not in ("percent", "count") or passage.sentence.lang == "zh":
        return None
    counted = _COUNT_OF_SUBJECT.search(passage.text, max(0, group.start - _NEAR), group.start)
    verb = predicate(passage.text, counted.start("n") if counted else group.start, first.outer_end)
    if verb is None:
        return _of_the_same_verb(passage, group, found) if first.n and not first.N else None
    for e in found:
        if is_told_by(passage.text, verb, e.start, e.end) and fits(e, first):
            return _cause_of_death(passage, e, found)
    return None


_NEAR = 80  # characters
_COUNT_OF_SUBJECT = re.compile(
    rf"(?<![\w.,-])(?P<n>\d{{1,5}}|{NUMBER_WORD})\s(?:[\w-]+\s){{0,2}}(?:patients?|recipients?|participants?|women|men)\s"
    r"(?:(?:in|on|given|receiving|with)\s(?:the\s)?[^,;.()\d]{2,30}\s)?\(\s*$",
    re.IGNORECASE,
)
"""'22 warfarin recipients (10.4%) had', 'two patients in the warfarin group (5.7%) had': the share stands in the subject."""


def _of_the_same_verb(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
    """'134 (76%) had CRS and eight (5%) ICANS': the verb of the first is not said again."""
    if len(group) > 1 or not is_head(passage.text, group.start):
        return None
    e = next((e for e in found if e.start >= group.end), None)
    if (
        e is None
        or passage.text[group.end : e.start].strip(" )") not in ("", "of them", "of whom")
        or not fits(e, group.members[0])
    ):
        return None
    return e


_FACTOR_OF = re.compile(
    r"(?:factors?|predictors?|significan\w+|associated|related|因素|有关|相关|影响)\s*(?:for|of|with|to)?\s*$|(?:predicted|predictors? of|foretold|influenced|determined)(?: (?:shorter|longer|worse|poorer|better|inferior))?\s*$|(?:是|为|均为|与(?:较短的|较差的|更短的)?|影响)\s*(?:患者)?\s*$|(?:with|for) (?:shorter|worse|poorer|inferior|longer|better)\s*$",
    re.IGNORECASE,
)


def told_at_the_end(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
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


_INTERVAL_IN_BRACKETS = re.compile(r"\((?:95%\s*)?(?:CI|confidence interval|IQR|range)\b[^()]*\)", re.I)
_OF_IT = re.compile(r"\s*(?:of|from|because of|due to)\s+(?:it|this|these|them)\b", re.I)
_OF_CAUSE = re.compile(
    r"\s*(?:of|from|due to|because of|owing to)\s+(?:an?\s+|the\s+)?(?:[a-z]+\s)?", re.IGNORECASE
)


def achieved(passage: Passage, group: Group, after: int, found: Sequence[Endpoint]) -> Endpoint | None:
    end = _past_arm_words(passage, group)
    for e in found:
        if group.end <= e.start < after and fits(e, group.members[0]):
            gap = passage.text[end : e.start]
            grade = passage.between(end, e.start, "grade", "approx", "landmark")
            for m in reversed(grade):
                gap = gap[: m.start - end] + gap[m.end - end :]
            if grade:
                gap = re.sub(r"\s*(?:or|and|及|以上|或)\s*$", " ", gap)
            gap = _INTERVAL_IN_BRACKETS.sub(" ", gap)
            if passage.text[end - 1] == ")":
                gap = gap.removeprefix(", ")  # '123 of 240 (51%), and … 66 of 238 (28%), were MRD-negative'
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
            if named and not re.search(
                r"[。]" if among is None else r"[;。]", passage.text[named[-1].end : e.start]
            ):
                return replace(named[-1], how=FATAL)
        for o in found:
            if o.start >= e.end and o.code == "AE" and o.term:
                gap = passage.text[e.end : o.start]
                return replace(o, how=FATAL) if _OF_CAUSE.fullmatch(gap) else e
    return e


def _past_arm_words(passage: Passage, group: Group) -> int:
    match = re.match(r"\s*%?\)?", passage.text[group.end :])
    return group.end + (match.end() if match else 0)


_VERB_OR_LIST = re.compile(
    r"(?:发生|出现|报告|观察到|见|有|、|,|和|were|had|and)(?:了)?\s*$|^$|(?:[,:;(]\s*)$"
)


def counted_by_verb(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
    """'治疗组发生3例肺炎、2例皮疹,对照组发生1例肺炎': a count of people right before what befell them."""
    if len(group) != 1 or group.members[0].statistic != "count" or group.members[0].N:
        return None
    e = next((e for e in found if e.start >= group.end), None)
    if e is None or not fits(e, group.members[0]) or not _VERB_OR_LIST.search(passage.text[: group.start]):
        return None
    verb = r"的?|\s+(?:(?:had|achieved|attained|showed)\s+)?(?:an?\s+)?"
    if not re.fullmatch(verb, passage.text[group.end : e.start]):
        return None
    return _cause_of_death(passage, e, found)


def told_for(passage: Passage, group: Group, after: int, found: Sequence[Endpoint]) -> Endpoint | None:
    """'an HR of 0.67 (0.55-0.82) for PFS', 'the RR was 5.48 (3.24-9.27) for hypothyroidism, 12.6 (…) for …'."""
    if len(group) > 1:
        return None
    for e in found:
        if group.end <= e.start < after:
            right_behind = re.fullmatch(
                r"\s*(?:[;,]\s*[Pp]\s*[=<>]\s*[\d.]+\s*)?[)\]]?\s*for\s+(?:the\s+)?",
                passage.text[group.end : e.start],
            )
            return e if right_behind and fits(e, group.members[0]) else None
    return None


_AND_ITS = re.compile(
    r"\s*[)\]]?\s*and\s+(?:an?\s+|the\s+)?(?:\d+-?\s*(?:year|month)s?\s+|median\s+)?", re.IGNORECASE
)


def told_with(passage: Passage, group: Group, found: Sequence[Endpoint]) -> Endpoint | None:
    """'with an HR of 0.30 (0.23-0.41) and 3-year PFS of 60%': named with the value that goes on from it."""
    e = next((e for e in found if e.start >= group.end), None)
    if e is None or e.code not in SURVIVAL or not fits(e, group.members[0]):
        return None
    return e if _AND_ITS.fullmatch(passage.text[group.end : e.start]) else None


_INTERVAL_BEHIND = re.compile(
    r"^\s*%?\s*[(\[](?:95%\s*(?:CI|confidence interval)\W*)?\d[\d.]*\s*(?:-|–|to)\s*\d[\d.]*%?[)\]]", re.I
)


def right_behind(passage: Passage, group: Group, after: int, found: Sequence[Endpoint]) -> Endpoint | None:
    """'(21% complete)', '40% CR', '12% for pneumonia': right behind the value."""
    for e in found:
        if group.end <= e.start < after and fits(e, group.members[0]):
            gap = _INTERVAL_BEHIND.sub(" ", passage.text[group.end : e.start])
            if re.fullmatch(
                r"\s*%?\s*\)?\s*(?:的)?(?:[^,;。、()%\d]{1,12}组)?(?:的)?(?:患者)?\s*(?:达|for|in|of(?: these| all)?|with|had|an?|any|some)?\s*(?:grade\s*)?(?:≥?\s*\d\s*(?:-\s*\d)?)?\s*",
                gap if group.members[0].unit != "%" else _MIDDLE.sub("", gap),
            ):
                return _cause_of_death(passage, e, found)
            return None
    return None


_MIDDLE = re.compile(r"\b(?:mean|median) $")
"""'an 8.3% median increase in X'"""


def event_of_people(passage: Passage, group: Group, after: int, found: Sequence[Endpoint]) -> Endpoint | None:
    """'One patient, in the VCd group, died of …': a count of people names its event behind."""
    if group.members[0].statistic != "count" or group.members[0].N:
        return None
    for e in found:
        if group.end <= e.start < after and fits(e, group.members[0]):
            gap = passage.text[group.end : e.start]
            near = len(gap) < 60 and not re.search(r"[;。]", gap)
            return _cause_of_death(passage, e, found) if near else None
    return None
