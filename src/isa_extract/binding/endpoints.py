"""The endpoints that a sentence names, and what can be a value of each.

A value in months can be no response rate; a mean score is of no survival. Mentions that are told only to be
left out ('once deaths from COVID-19 had been censored') or to say of whom ('of the 43 responders') are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from isa_extract.binding.passages import Passage
from isa_extract.finding.quantity import Quantity

SURVIVAL = frozenset(("PFS", "PFS2", "OS", "EFS", "DFS", "RFS", "LFS", "TTP", "DOR", "TTNT"))
NO_RESULT = "NONE"
"""The code of what is measured but is no result: exposure, dose intensity, crossover, logistics."""
TIMES = SURVIVAL | {"TTR", "INFUSION_DURATION"}
_RESPONSES = frozenset(
    [
        "ORR",
        "CR",
        "sCR",
        "CR_OR_BETTER",
        "VGPR",
        "VGPR_OR_BETTER",
        "PR",
        "SD",
        "DCR",
        "CLINICAL_BENEFIT",
        "MRD_NEGATIVITY",
        "MRD_NEGATIVE_CR",
        "RENAL_RESPONSE",
        "RENAL_RESPONSE_COMPLETE",
    ]
)
_RESPONSES_WITHOUT_CODE = ("response-", "other-pcr", "other-mpr", "other-molecular")
HEADING = "heading"
FATAL = "fatal"
"""How an endpoint is told, where that matters: by a heading; as the cause of a death."""
OPEN = "open"
"""The rule's name of an outcome that no rule names (`outcomes.py`)."""
LICENSED = "licensed"
"""The rule's name of one that is told by the frame of its value (`licensed.py`)."""
_MEASURED = frozenset(
    [
        "ejection-fraction",
        "glycaemia",
        "tcm-score",
        "pain-score",
        "kps-improvement",
        "kidney",
        "lipids",
        "blood-pressure",
    ]
)
_TIMES_WITHOUT_CODE = ("time-", "survival-", "other-onset", "other-duration")
_SHARES_WITHOUT_CODE_ARE_NOT = ("time-", "other-onset", "other-duration")

_SET_ASIDE_AHEAD = re.compile(
    r"(?:censoring|excluding|exclusion of|adjust(?:ed|ing|ment) for|irrespective of|regardless of|except for|other than|apart from|besides|stratified by|(?:same|similar|opposite) (?:direction|way|trend|pattern) (?:as|to)(?: that of)?|in (?:line|keeping|parallel) with|parallel(?:led|ing)|mirror(?:ed|ing)|不包括|剔除|排除|校正|删失)[\w\s]{0,24}$",
    re.IGNORECASE,
)
_SET_ASIDE_BEHIND = re.compile(
    r"\s*(?:deaths?\s*)?(?:from [A-Za-z0-9 -]{2,30}? )?(?:(?:had been|has been|have been|were|was|being|are)\s+)(?:censored|excluded|ignored|left out|counted out)|(?:死亡)?(?:者)?(?:被|予以|作)?(?:删失|剔除)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as a group has it: code, term (adverse events and others), its place in the sentence.

    ``also`` are others that the same value is told of ('中位PFS和OS均未达到').
    """

    code: str
    term: str = ""
    start: int = -1
    end: int = -1
    rule: str = ""
    how: str = ""
    text: str = ""
    also: tuple[Endpoint, ...] = ()


def endpoint_mentions(passage: Passage) -> list[Endpoint]:
    """The endpoints that a sentence names, in order."""
    found: list[Endpoint] = []
    for m in passage.of("endpoint", "event"):
        if m.kind == "event":
            found.append(Endpoint("AE", m.code, m.start, m.end, m.rule, "", m.text))
        else:
            term = m.text if m.code == "OTHER" else ""
            found.append(Endpoint(m.code, term, m.start, m.end, m.rule, "", m.text))
    return [
        e
        for e in found
        if not (
            _is_repeated_by_abbreviation(passage, e, found)
            or _is_set_aside(passage, e)
            or _is_population(passage, e)
            or _is_cause_without_death(e, found)
            or _is_score(passage, e)
            or _is_explained(passage, e, found)
        )
    ]


_EXPLANATION = re.compile(
    r"\s*\((?:[^()%]|\(\w+\))*?(?:\bor\b|\bplus\b|defined as|或|\+|定义)(?:[^()%]|\(\w+\))*\)(?=\s*(?:was|were|had|occurred|in\b|at\b|rates?|分别|率|为))"
)
_SCALE = re.compile(r"(?:程度)?(?:评分|指数|量表)|\s+(?:scores?|index|indices|scale)\b", re.IGNORECASE)
_HEADING_WORDS = re.compile(
    r"[\s\d.,:;()、。-]+|rates?|(?:of|and|the|in|by|on|with)\b|analys[ie]s|results?|outcomes?|data|median|比较|情况|分析|结果|中位|两组|率|期|的",
    re.IGNORECASE,
)


def announced(passage: Passage) -> Endpoint | None:
    """The endpoint of a heading ('Progression-free survival.', '2.2 中医证候积分'), of which the next values are."""
    if passage.quantities or len(passage.text) > 60:
        return None
    named = endpoint_mentions(passage)
    if len({(e.code, e.term) for e in named}) != 1:
        return None
    rest = list(passage.text)
    for e in named:
        rest[e.start : e.end] = " " * (e.end - e.start)
    if _HEADING_WORDS.sub("", "".join(rest)):
        return None
    return replace(named[0], start=-1, end=-1, how=HEADING)


def _is_set_aside(passage: Passage, e: Endpoint) -> bool:
    """'once deaths from COVID-19 had been censored', 'after adjustment for relapse': told only to be left out."""
    return bool(
        _SET_ASIDE_AHEAD.search(passage.text[: e.start]) or _SET_ASIDE_BEHIND.match(passage.text, e.end)
    )


_OF_MRD_NEGATIVE = re.compile(
    r"(?:%|\bof|\bamong|\bin|\bfor|\bwith)\s+(?:the\s+)?(?:\d+\s+)?$|\b(?:of|in|among) the \d+ (?:patients )?who $",
    re.IGNORECASE,
)
_NEGATIVE_PEOPLE = re.compile(
    r"(?:were |was )?MRD[- ]negative(?=\s+(?:and \d[\d.]*% of (?:the )?MRD|patients (?:and|were|had|remained)|\())",
    re.IGNORECASE,
)
"""'93.5% of MRD-negative and 64.8% of MRD-positive patients were progression-free': of whom it is told."""


def _is_population(passage: Passage, e: Endpoint) -> bool:
    """'of the 43 responders' are those of whom something is told, not what is told."""
    if _OF_MRD_NEGATIVE.search(passage.text[: e.start]) and _NEGATIVE_PEOPLE.match(passage.text, e.start):
        return True
    return e.text.lower() == "responders" and bool(
        re.search(
            r"\b(?:of|among|in|for|the|all|transplanted|non)[\s-]+(?:the\s+)?(?:\d+\s+)?$|(?:^|\s)(?:\d+|[a-z]+teen|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\s+$",
            passage.text[: e.start],
            re.IGNORECASE,
        )
    )


def _is_explained(passage: Passage, e: Endpoint, found: Sequence[Endpoint]) -> bool:
    """'Clinical benefit (response or stable disease for 6 months) was seen in 61%': a bracket that says what is meant."""
    for o in found:
        bracket = _EXPLANATION.match(passage.text, o.end) if o.end <= e.start else None
        if bracket and bracket.start() < e.start and e.end < bracket.end():
            return True
    return False


def _is_score(passage: Passage, e: Endpoint) -> bool:
    """'虚弱评分为0者', 'a frailty index': a scale, no event."""
    return bool(e.term) and e.code == "AE" and bool(_SCALE.match(passage.text, e.end))


def _is_cause_without_death(e: Endpoint, found: Sequence[Endpoint]) -> bool:
    """'were judged related to treatment' is said of events as well as of deaths."""
    return (
        e.code == "TRM"
        and re.match(r"judged|considered|deemed|thought|felt|were|was|判|认为|经研究者", e.text, re.I)
        is not None
        and not any(o.code in ("DEATH", "NRM", "TRM") and o.end <= e.start for o in found)
    )


def _is_repeated_by_abbreviation(passage: Passage, e: Endpoint, found: Sequence[Endpoint]) -> bool:
    """'VGPR' in 'very good partial response (VGPR)' is not told a second time."""
    return any(
        o.code == e.code and o.end < e.start and re.fullmatch(r"\s*\(\s*", passage.text[o.end : e.start])
        for o in found
    )


def is_response(endpoint: Endpoint) -> bool:
    """Whether it tells of a response, which is seen at a visit; MRD and stable disease are."""
    return endpoint.code in _RESPONSES or endpoint.rule.startswith(_RESPONSES_WITHOUT_CODE)


def fits(endpoint: Endpoint, q: Quantity) -> bool:
    """Whether a quantity can be a value of the endpoint at all."""
    code = endpoint.code
    if code == NO_RESULT:
        return not q.is_effect
    if q.statistic == "hazard_ratio" and is_response(endpoint):
        return False  # a hazard is of an event in time; a share of responders has an odds ratio
    if q.family == "time" or q.family == "unreached":
        return code in TIMES or (
            code == "OTHER"
            and (
                endpoint.rule.startswith(_TIMES_WITHOUT_CODE)
                or endpoint.rule == LICENSED
                or _is_open_time(endpoint)
            )
        )
    if endpoint.rule.startswith(_SHARES_WITHOUT_CODE_ARE_NOT):
        return q.family == "ratio"
    if q.statistic == "mean":
        return code == "OTHER"
    if endpoint.rule in _MEASURED and q.qualifier in ("<", "<=", ">", ">="):
        return False  # 'an ejection fraction below 45%' is who may take part
    if q.family == "percent":
        return code not in ("TTR", "INFUSION_DURATION")
    if q.family == "count":
        return code not in TIMES and (endpoint.rule != OPEN or bool(q.N))
    return True


def _is_open_time(endpoint: Endpoint) -> bool:
    return endpoint.rule == OPEN and re.search(r"\btime\b|duration|时间", endpoint.term) is not None
