"""The order that a paper says once for all its pairs: 'x / y = intervention / comparator', '试验组在前,下同'."""

from __future__ import annotations

import re
from collections.abc import Iterable

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster
from isa_extract.records import Arm

_SAYS_ONCE = re.compile(
    r"\bconvention\b|\bthroughout\b|\bunless\b|\b(?:all|each|every) (?:pairs?|comparisons?)\b|\bpairs? of (?:figures|values|numbers)\b|下同|全文|未注明|未另注|如无(?:特殊)?说明|均按|均以",
    re.IGNORECASE,
)
_TESTED = r"(?:the )?(?:intervention|experimental|investigational)(?: (?:arm|group))?|(?:试验|实验|研究|观察|干预)组"
_CONTROL = r"(?:the )?(?:comparator|control)(?: (?:arm|group))?|(?:对照|参照)组"
_THEN = r"\s*(?:/|:|versus|vs\.?|v\.?|against|(?:is |are )?(?:given |listed |shown )?(?:before|first(?:,| and)?(?: then)?)|,? then|对比|对|比|在前[,、]?|与|、)\s*"
_ORDER = re.compile(
    rf"(?P<tested>(?:{_TESTED}){_THEN}(?:{_CONTROL})|(?:{_TESTED})(?: (?:is |are )?(?:given |listed |shown )?first\b|(?:数据|数值|结果)?在前))"
    rf"|(?P<control>(?:{_CONTROL}){_THEN}(?:{_TESTED})|(?:{_CONTROL})(?: (?:is |are )?(?:given |listed |shown )?first\b|(?:数据|数值|结果)?在前))",
    re.IGNORECASE,
)


def tested_first(passages: Iterable[Passage]) -> bool | None:
    """Whether a paper's pairs have the tested arm first (or the control); None where it says nothing for all of them."""
    for passage in passages:
        if _SAYS_ONCE.search(passage.text) and (order := _ORDER.search(passage.text)):
            return order["tested"] is not None
    return None


def pairs_of(arms: Roster, tested: bool | None) -> tuple[Arm, ...]:
    """A study's two arms in that order; empty where the paper says none or they are not told apart."""
    first, second = arms.experimental(), arms.control()
    if tested is None or first is None or second is None or len(arms.arms) != 2:
        return ()
    return (first, second) if tested else (second, first)
