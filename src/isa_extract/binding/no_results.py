"""Values that are no results: limits and baselines, what came before the study, shares of something else."""

from __future__ import annotations

import re

from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage

_SOMETHING_ELSE = re.compile(
    r"""[\s%)\]]*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:of\s+(?:(?!who\b|that\b|those\b)[^,.;()%]){1,50}?\s+)?
    (?:,\s*)?(?:had\s+(?:received|undergone|type|prior|previous|a\s+history|been)|received|underwent|required|needed|were\s+given|were\s+treated
      |crossed|proceeded|went\s+on|had\s+(?:already\s+)?(?:failed|previously)
      |(?:的)?(?:患者|进展者|病例)?(?:后来|随后|均|(?:疾病)?进展后|复发后|停药后)?(?:又|均|已)?(?:接受|既往|合并|使用了?|曾|为男性|为女性|行|改服|改用|换用|转用|交叉))""",
    re.VERBOSE | re.IGNORECASE,
)
_HISTORY = re.compile(
    r"[\s%)\]]*,?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:of\s(?:(?!who\b|that\b)[^,.;()%]){1,50}?\s+)?(?:had\s+(?:already\s+)?(?:previously|received|undergone|failed|prior|a\s+history)\b|(?:的患者)?既往(?:曾|有|接受))",
    re.IGNORECASE,
)
"""'50.6%, had previously failed a biologic': what came before the study is no result."""
_SHARE_OF_KIND = re.compile(
    r"\s*%?\s*(?:为|有|伴有?|存在|属于?|携带)(?!效|组|例)[\u4e00-\u9fff]|\s*%?(?:的患者)?对[^,;。\d%]{2,12}(?:耐药|难治|敏感|不耐受)"
)
_LIMIT = re.compile(
    r"\s*%?\s*(?:or (?:lower|higher|less|below|above|greater|more)\b(?!\s+of\b)|(?:分|岁)?以[下上](?:的)?(?:患者|者)|(?:作为|定为|为)(?:成功|界值|标准|阈值)|(?:两个|两|三个)?亚组)"
)


_LONG_ENOUGH = re.compile(
    r"\s*(?:months?|weeks?|years?|days?)\s+or\s+(?:more|longer|less|shorter|later|earlier)\b"
)
"""'those who had taken it for 12 months or more': of whom it is told."""


_FOLLOWED_FOR_TOO = re.compile(
    r"follow-?up[^.;。]{0,30}\b(?:was|were|of)\b[^;。]{0,60}\b(?:and|versus|vs)\s*$|随访(?:时间)?[^,;。]{0,10}为[^;。]{0,30}(?:和|与|,[^,;。]{0,8}组为?)\s*$",
    re.IGNORECASE,
)
"""'The median follow-up was 19.3 months in one group and 20.8 months in the other'."""


_AFTER_A_FOLLOWUP = re.compile(r"\b(?:after|at|with) (?:an? )?(?:median |mean )?$", re.IGNORECASE)
"""'19.6 months after a median follow-up of 19.4 months, and 16.8 months in …': the follow-up is told by the way."""
_ITS_RATIO = re.compile(
    r"\s*%?\s*(?:个?月|months?|年|years?|分|points?)?\s*(?:or (?:more|less|higher|lower)\s*)?\(\s*(?:a|s)?(?:HR|OR|RR)\b"
)


def _is_factor(passage: Passage, group: Group) -> bool:
    """'PFI<3个月(HR=1.75)', 'Ki-67 ≥30% (HR 1.74)': a limit with its ratio says of whom the ratio is told."""
    q = group.members[-1]
    limited = q.qualifier in ("<", "<=", ">", ">=")
    return not q.is_effect and limited and _ITS_RATIO.match(passage.text, q.end) is not None


def is_of_something_else(passage: Passage, group: Group) -> bool:
    """'22% underwent transplantation', '39%为高危': the clause tells a share of its own, of no endpoint."""
    first = group.members[0]
    if _SOMETHING_ELSE.match(passage.text, group.end) or _had_what_a_subset_has(passage, group):
        return True
    return first.family == "percent" and _SHARE_OF_KIND.match(passage.text, first.end) is not None


_HAD = re.compile(
    r"[\s%)\]]*(?:\([^()]*\)\s*)?(?:of\s+(?:the\s+|these\s+)?(?:patients|participants|men|women|them|tumou?rs)\s+)?(?:had|carried|harbou?red|were|was)\s+(?:an?\s+|the\s+)?",
    re.IGNORECASE,
)
_PROPERTY = re.compile(
    r"(?:refractory|resistant|exposed|naive|male|female|men|women|white|Asian|Black)\b", re.IGNORECASE
)


def _had_what_a_subset_has(passage: Passage, group: Group) -> bool:
    """'12% had del(17p) and 41% were refractory to lenalidomide': who took part, not what became of them."""
    had = _HAD.match(passage.text, group.members[-1].outer_end)
    if had is None or group.members[0].unit != "%":
        return False
    at = had.end()
    return _PROPERTY.match(passage.text, at) is not None or any(
        m.start == at and not re.match(r"respon", m.text, re.IGNORECASE) for m in passage.of("subgroup")
    )


_PER = re.compile(r"\bper (?:an? )?(?:additional |extra )?\Z|每(?:增加|增长|升高|延长)?\Z")
"""'age per 10 years (HR 1.31)': the step of a factor."""
_REACHED = re.compile(
    r"[降升增减提][低高加少]?(?:至|到)\s*\(?\s*\Z|\b(?:at baseline|before treatment) to\s*\Z"
)
"""'由治疗前的38.6降至17.2': the second is what was reached."""
_CURVES = re.compile(r"曲线[^,;。]{0,12}\Z|\bcurves\b[^,.;]{0,40}\Z", re.IGNORECASE)
_PART = re.compile(
    r"\s*(?:之)?后?(?:才|方|始|开始|逐渐|便|即)*(?:分开|分离|拉开|交叉)|\s*(?:[,.;]|$|and\b|with\b|in favou?r)"
)


def _is_when_curves_part(passage: Passage, group: Group) -> bool:
    """'两条曲线在6个月后才分开', 'the curves separated after 6 months': no median of anybody."""
    ahead = _CURVES.search(passage.text, 0, group.start)
    if ahead is None or not _PART.match(passage.text, group.end):
        return False
    return "曲线" in ahead[0] or re.search(r"separat|diverg|part|split|cross", ahead[0]) is not None


def is_limit_or_baseline(passage: Passage, group: Group) -> bool:
    """'an ejection fraction of 40% or lower', '≥50%与<50%两个亚组', '治疗前': a limit or a baseline, no result."""
    if group.members[0].statistic == "mean":
        clause = re.split(r"[;。]", passage.text[: group.start])[-1]
        if (
            not _REACHED.search(passage.text, 0, group.start)
            and re.search(
                r"(?<!较)(?<!比)(?:治疗前|干预前)|(?<!较)(?<!自)(?<!与)基线(?!后)|at baseline|before treatment",
                clause,
            )
            and not re.search(
                r"(?:治疗|干预)(?:\s*\d+\s*(?:周|个月|月|天|d|个?疗程|个?周期))?后|after", clause
            )
        ):
            return True
    if group.members[0].family == "time":
        follow = _FOLLOWED_FOR_TOO.search(passage.text[: group.start])
        beside = follow and _AFTER_A_FOLLOWUP.search(passage.text[: follow.start()])
        if follow and not beside and not passage.between(follow.start(), group.start, "endpoint"):
            return True
    if _is_factor(passage, group) or _PER.search(passage.text, 0, group.start):
        return True
    if group.members[0].family == "time" and _is_when_curves_part(passage, group):
        return True
    if _is_level_of_a_marker(passage, group) or _is_depth(passage, group):
        return True
    if group.members[0].unit == "%" and _AT_ENTRY.search(passage.text[: group.start]):
        return True
    if group.members[0].unit == "%" and _HISTORY.match(passage.text, group.end):
        return True
    if group.members[0].family == "time" and _LONG_ENOUGH.match(passage.text, group.members[-1].end):
        return True
    return group.members[0].family in ("percent", "count") and bool(
        _LIMIT.match(passage.text, group.members[-1].end)
    )


_AT_ENTRY = re.compile(
    r"(?:入组|基线|入选)时(?:[^。;后率]|\([^()]*\))*$"
    r"|(?:^|(?<=[.;] ))At (?:baseline|entry|enrolment),?(?: (?!rose|fell|fallen|risen|increased|decreased|declined|after|week|month|from\b)[^\s.;]+(?:\.\d+)?)*\s*$"
)
"""'入组时高血压占35.0%': who took part."""
_DEFINED = re.compile(r"(?:定义为|是指|指的是|\bdefined as\b)[^。;]*$", re.IGNORECASE)


_REDUCED_BY = re.compile(
    r"\b(?:an? |the )?(?:\S+ )?(?:reduction|decline|decrease|fall|improvement|increase)s? of (?:at least|more than|≥|>=|>)\s*$",
    re.IGNORECASE,
)


def _is_depth(passage: Passage, group: Group) -> bool:
    """'UACR降幅≥50%者', '定义为eGFR持续下降≥40%': how much of a change is meant, not how often it was seen."""
    q = group.members[-1]
    if q.unit != "%" or q.qualifier not in ("<", "<=", ">", ">="):
        return False
    if _REDUCED_BY.search(passage.text[: q.start]):
        return True
    return re.match(r"\s*%?\s*(?:者|的(?:患者|比例|受试者))", passage.text[q.end :]) is not None or (
        _DEFINED.search(passage.text[: group.start]) is not None
    )


_MARKER = re.compile(
    r"PD-?L1|expression|\b(?:TPS|CPS|TC|IC)\b|blasts?|Ki-?67|表达|原始细胞|阳性率|肿瘤负荷", re.IGNORECASE
)


def _is_level_of_a_marker(passage: Passage, group: Group) -> bool:
    """'HR 0.43 (0.34-0.54) at ≥50%, 0.63 at 1% to 49%', '原始细胞≥50%者': whom the effect or the value is told of."""
    first = group.members[0]
    if first.unit != "%" or first.qualifier not in ("<", "<=", ">", ">=") or not _MARKER.search(passage.text):
        return False
    ahead = re.search(
        r"\b(?:at|in|with|for|of)\s*$|表达$|细胞$|(?:below|above|over|under|≥|<|>|≤|>=|<=)\s*$",
        passage.text[: first.start],
    )
    effects = any(q.is_effect for q in passage.quantities)
    return bool(ahead) and (
        effects
        or re.match(r"\s*%?\s*(?:者|的患者|组|expression|tumou?rs)", passage.text[first.end :]) is not None
    )
