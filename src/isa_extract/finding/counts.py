"""Counts of patients: n/N with no percentage, 'CR 5例', 'one patient died of sepsis'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import CONNECTOR, NUMBER_WORD, Quantity, decimal, without_brackets
from isa_extract.finding.subjects import is_told_by, predicate


def n_of_N(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
    """n/N with no percentage beside it."""
    counts: list[Quantity] = []
    for m in mentions:
        if m.kind != "fraction" or "value" in m.parts:
            continue
        beside = any(
            (m.end <= q.start and re.fullmatch(r"\s*[(,;:=\[]?\s*(?:例)?\s*", text[m.end : q.start]))
            or (
                q.outer_end <= m.start
                and re.fullmatch(r"\s*[(,;:\[]?\s*(?:n/N\s*=\s*)?", text[q.outer_end : m.start])
            )
            for q in found
            if q.unit == "%"
        )
        if not beside and int(decimal(m.part("n"))) <= int(decimal(m.part("N"))):
            start, end, written = m.parts["n"]
            counts.append(
                Quantity(
                    start,
                    end,
                    decimal(written),
                    statistic="count",
                    n=decimal(written),
                    N=decimal(m.part("N")),
                    outer_start=m.start,
                    outer_end=m.end,
                )
            )
    return counts


_SEEN_IN = re.compile(
    r"\s*(?:of (?:any grade|grade [^,.;]{1,14})\s*)?(?:,[^,.;\d]{1,30},\s*)?(?:(?:was|were|is) (?:seen|observed|noted|reported|recorded|found|diagnosed|documented|confirmed|detected|identified|encountered)"
    r"|occurred|developed|arose|appeared|emerged|turned up|came up|followed|(?:reached|was of|were of|rose to) (?:grade \d(?: or (?:\d|higher|worse|above))?))\s+in\s+(?:only |just )?|\s+(?:affected|killed)\s+(?:only |just )?|,?\s+fatal\s+in\s+(?:only |just )?|[^;。]{0,60}?\b(?:was|were|proved)\s+fatal\s+in\s+",
    re.IGNORECASE,
)
_OF_GROUP = re.compile(
    r"\s*(?:的患者(?=,)|者|患者|的(?=,))?\s*(?:,?[^,;。:、()例%]{0,14}组|两组|三组)?\s*(?:均|各|都|分别|依次)?(?:共|仅|有|为|发生|出现)*\s*"
)
_NEXT_GROUP = re.compile(
    r"\s*[,、;和与]?\s*(?:而)?[^,;。、:()例%]{0,14}组(?:患者)?(?:则|仅|只|为|有|共|各|发生|出现)*\s*"
)
"""Between a count and that of the next group: '治疗组7例、对照组5例'."""
_GROUP_IN_ORDER = re.compile(r"组(?:患者)?(?:分别|依次|相应)(?:为|有|是)?\s*$")
_BEFORE_AND = re.compile(
    rf"(?P<list>(?:\b(?:\d{{1,4}}|{NUMBER_WORD}),\s+){{0,3}}\b(?:\d{{1,4}}|{NUMBER_WORD})),?\s+(?:and|(?P<against>versus|vs?\.?))\s+$",
    re.IGNORECASE,
)
"""The first of 'death occurred in 34 and 44 patients', 'recorded in five, 14, and 16 patients'."""
_BEFORE_AND_ZH = re.compile(
    r"(?:各|分别|依次|各自)(?:有|发生|出现|为|见)*\s*(?P<list>(?:\d{1,4}(?:\s*例)?\s*、\s*)*\d{1,4})(?:\s*例)?\s*[和与及、]\s*$"
)
"""The first of '终点事件在三组各发生11、23和19例'."""
_IN_OTHER_GROUP = re.compile(
    rf"""\s*(?:patients?|participants?|men|women)?\s*(?:(?:had|have)\ )?(?:died|relapsed|discontinued|withdrew|responded)?\s*
    (?:(?:in|on|with|given|receiving|treated\ with|assigned\ to|of)\s[^,.;\d]{{2,50}}?)?\s?,?\s+(?:and|versus|vs\.?|compared\ with)\s+
    (?P<second>\d{{1,4}}|\b{NUMBER_WORD})
    (?:\s+(?:(?:patients?|men|women)\s+)?(?=(?:in|on|with|given|receiving|assigned\ to|of\ the)\s)|(?=,?\s+respectively))""",
    re.VERBOSE | re.IGNORECASE,
)
"""The second of '102 men had died in one group and 143 in the other'."""


_PEOPLE_AFTER = re.compile(
    r"\s*(?:\d{2}岁(?:的)?(?:男|女)(?:性)?(?:患者)?)?(?:于[^,;。、]{1,14}?(?=发生|出现|死于|死亡|因))?(?:患者|[A-Za-z0-9+\u4e00-\u9fff-]{1,10}组患者|responders|patients?|men|women|participants?|cases?|of them)?\s*(?:\([^()\d]{1,40}\)|,[^,.;]{1,40},|(?:in|given|on|taking|receiving|assigned to|treated with) (?:[^,.;\d]|\d+(?:\.\d+)?[ -](?:mg|weekly|week|month|day|year)){1,60}?)?\s*"
    r"(?:had |have |has |was |were |经[^,;。\d]{0,10})*(?:died|relapsed|死于|死亡|缓解|进展为|因|发生|出现|experienced|developed|diagnosed with|discontinued|stopped|withdrew|判定与治疗相关)",
    re.IGNORECASE,
)


_FAR = 200  # characters between a number of people and what befell them
_NEAR = 60  # characters; a count is told by what stands right before it
_LISTED_EVENT = re.compile(r"例[^,;。、\d()]{1,10}[、,和]$")
_NOT_ONE = re.compile(r"(?:未发生|未出现|未见|无|没有|未观察到)(?:任何)?$")
_VERB_AHEAD = re.compile(r"(?:发生|出现|报告|观察到|见到?|各有|仅有|有)(?:了)?$")
_AMONG_THEM = re.compile(
    r"(?:其中(?:[^,;。、\d]{0,10}组)?|[前后]者(?:中)?(?:则|各|仅)?|[;,][^,;。、\d]{1,10}组(?:中)?)(?:有)?$"
)
_THERE_WERE = re.compile(r"\bthere (?:was|were) (?:only |just )?$", re.IGNORECASE)
_DEATHS = re.compile(r"deaths?$", re.IGNORECASE)
_REACHED = re.compile(r"\s*(?:患者)?(?:为|达到?了?|获得?了?|取得了?)\s*")
"""Between a count and a response: '2例为CR'."""
_OF_DEATHS = re.compile(
    r"\s*(?:,|\(|(?:in|on|with|among|during|after|was|were|had|occurred)\b)", re.IGNORECASE
)
_LISTED_AHEAD = re.compile(
    r"(?:组|者)(?:患者)?(?:则)?(?:分别|依次|相应)(?:地)?(?:为|是|有)?\s*(?P<list>(?:\d{1,4}\s*[、,和与]\s*)+)$"
)
"""The bare numbers of '对照组依次为2、22、17、11例', as many as were counted before."""
_OF_A_SHARE = re.compile(
    r"\s*(?:patients?|participants?|men|women|患者)?\s*(?:(?:in|on|with|given|receiving|of|from|assigned to)\s[^,.;()]{2,50}?"
    r"|(?:达到?|获得|取得|出现|发生)?[^,;。、()\d]{1,10})\s*\(\s*\d+(?:\.\d+)?\s*%|\s*,?占\s*\d+(?:\.\d+)?\s*%",
    re.IGNORECASE,
)
"""'83 patients in the upadacitinib group (26.0%)', '2例缓解(50%)': the number belongs to the percentage."""
_OPENED = re.compile(r"\s*\(\s*")
_ITS_SHARE = re.compile(r"\s*[,,]\s*\d+(?:\.\d+)?\s*%")
_ENROLLED = re.compile(r"(?:选取|选择|纳入|入选|入组|收治|收集|招募)[^。;]*(?:患者|病例|者)$")
_HAD = re.compile(
    r"\s*(?:patients?|participants?|men|women)?\s*(?:had|developed|experienced|suffered)\s+(?:an?\s+)?(?:grade\s\d\s+)?",
    re.IGNORECASE,
)


_NOT_COUNTED = re.compile(
    r"\s*(?:可评估|中|[^,;。\d]{0,24}(?:患者|者)[^,;。\d]{0,6}(?:再次|重新|第二次|进一步)随机|[^,.;\d]{0,60}\b(?:were|was|underwent) (?:then |again )?(?:re-?|second )randomi[sz])"
)
"""Behind a number of people that says of how many something is told, or who went on: '886例达到PR的患者再次随机'."""
_AND_OTHER_GROUPS = re.compile(
    r"(?:\s*[、,和与及]\s*(?:而)?[^,;。、()%\d]{0,14}组(?:患者)?(?:有|则|仅)?\s*\d{1,4}\s*例)+(?:患者)?(?:因|均|都)?(?:发生|出现|死于|经历|获得|达到)?(?:了)?\s*"
)


_BELONGS = re.compile(
    r"(?:患者)?(?:均|都)?(?:属于?|来自|出自|归于?|(?:发生|出现)(?:于|在)|见于)\s*[^,;。、()%\d]{1,16}组"
)
"""'其中7例属于对照组,1例属于试验组': of what was told before."""


def _shared_behind(text: str, m: Mention, terms: Sequence[Mention]) -> bool:
    """The 43 of '试验组43例、对照组70例复发': what befell them is told once, behind the last group."""
    others = _AND_OTHER_GROUPS.match(text, m.end)
    return others is not None and any(others.end() - 4 <= t.start <= others.end() for t in terms)


def people(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
    """Counts of patients beside an event or response: 'CR 5例', '治疗相关死亡2例', 'one patient died of sepsis'."""
    counts: list[Quantity] = []
    terms = [m for m in mentions if m.kind in ("endpoint", "event")]
    for m in mentions:
        if not ((m.kind == "size" and "n" not in m.text.lower().split("=")[0]) or m.kind == "word-count"):
            continue
        start, end, written = m.parts["size"]
        if any(q.outer_start <= start < q.outer_end for q in found) or _OF_A_SHARE.match(text, m.end):
            continue
        if _NOT_ONE.search(text, max(0, start - _NEAR), start):
            continue
        after_term = _is_after_term(text, m, start, terms)
        before_event = _is_before_event(text, mentions, m, terms)
        listed = _goes_on(text, m, start, counts, found)
        belongs = _BELONGS.match(text, m.end) and any(start - _FAR <= t.end <= start for t in terms)
        if not (after_term or listed) and (earlier := _listed_before(text, start, terms, before_event)):
            after_term = True
            counts += earlier
        ahead = _listed_ahead(text, start, counts, terms)
        counts += ahead
        if _ENROLLED.search(text, max(0, start - 120), start) and not before_event:
            continue
        shared = _shared_behind(text, m, terms)
        told = after_term or listed or before_event or shared or belongs or bool(ahead)
        if told and not _NOT_COUNTED.match(text, m.end):
            stop = end if _DEATHS.search(m.text) else m.end
            counts.append(replace(_count(start, end, written), outer_start=m.start, outer_end=stop))
            other = _IN_OTHER_GROUP.match(text, m.end)
            if other:
                counts.append(_count(*other.span("second"), other["second"]))
    return list({c.start: c for c in counts}.values())


def _is_after_term(text: str, m: Mention, start: int, terms: Sequence[Mention]) -> bool:
    """'肺炎治疗组7例', 'pneumonia was seen in six patients', 'fatal infection in seven patients'."""
    for t in terms:
        if not start - _FAR <= t.end <= start:
            continue
        gap = text[t.end : start]
        if (
            _OF_GROUP.fullmatch(without_brackets(gap))
            or _SEEN_IN.fullmatch(gap)
            or _SEEN_IN.fullmatch(without_brackets(gap))
        ):
            return True
        if _DEATHS.search(t.text) and re.fullmatch(r"\s+of\s+(?:only\s+)?", gap):
            return True  # 'to have caused the death of one patient'
        if _OPENED.fullmatch(gap) and not _ITS_SHARE.match(text, m.end):
            return True
        if (
            m.kind == "word-count"
            and not m.part("size").isdigit()
            and re.fullmatch(r"\s+in\s+(?:only |just )?", gap)
        ):
            return True
    return False


def _is_before_event(text: str, mentions: Sequence[Mention], m: Mention, terms: Sequence[Mention]) -> bool:
    """'one patient taking 15 mg died', 'two patients had pneumonia', '发生2例治疗相关死亡', '其中1例为3级'."""
    happened = _PEOPLE_AFTER.match(text, m.end)
    later = [t for t in terms if m.end <= t.start <= m.end + _FAR]
    if happened and any(t.start - m.end < max(60, happened.end() - m.end + 12) for t in later):
        return True
    if any(_HAD.fullmatch(text[m.end : t.start]) for t in later):
        return True
    verb = predicate(text, m.start, m.end) if later else None
    if verb is not None and any(is_told_by(text, verb, t.start, t.end) for t in later):
        return True
    if any(t.code in _RESPONSES and _REACHED.fullmatch(text[m.end : t.start]) for t in later):
        return True
    if m.rule == "word-count-of-deaths-en" and any(t.start - m.end <= 1 for t in later):
        return True
    if _DEATHS.search(m.text) and _OF_DEATHS.match(text, m.end):
        return True
    if _VERB_AHEAD.search(text, max(0, m.start - _NEAR), m.start) and any(
        re.fullmatch(r"\s*(?:的|为)?", text[m.end : t.start])
        and not re.match(r"患者|病史|者|史", text[t.end :])
        for t in later
    ):
        return True
    if _LISTED_EVENT.search(text, max(0, m.start - _NEAR), m.start) and any(t.start == m.end for t in later):
        return True  # '发生3例肺炎、2例皮疹'
    among = _AMONG_THEM.search(text, max(0, m.start - _NEAR), m.start) and any(
        t.end <= m.start for t in terms
    )
    return bool(among) and _is_graded_or_fatal(text, mentions, m)


def _is_graded_or_fatal(text: str, mentions: Sequence[Mention], m: Mention) -> bool:
    """'其中1例为3级', '其中2例死亡': of the event told before."""
    return re.match(r"(?:患者)?死亡", text[m.end :]) is not None or any(
        g.kind == "grade"
        and g.start >= m.end
        and re.fullmatch(r"(?:患者)?(?:为|是|达到?)?\s*", text[m.end : g.start])
        for g in mentions
    )


def _goes_on(
    text: str, m: Mention, start: int, counts: Sequence[Quantity], found: Sequence[Quantity]
) -> bool:
    """Whether a number goes on with the counts before it: '治疗组7例、对照组5例', 'in seven patients and two'."""
    zeros = [q for q in found if q.statistic == "count" and q.value == "0" and q.end <= start]
    if m.rule.startswith("word-count-and-en"):
        last = max((q.end for q in (*counts, *zeros)), default=-1)
        return last >= 0 and not re.search(r"[.;%]", text[last:start])
    if not counts:
        return False
    gaps = [without_brackets(text[c.outer_end : start]) for c in counts[-2:]]
    return (
        CONNECTOR.fullmatch(text[counts[-1].outer_end : start]) is not None
        or any(_NEXT_GROUP.fullmatch(gap) for gap in gaps)
        or (len(counts) > 1 and _GROUP_IN_ORDER.search(text, max(0, start - 24), start) is not None)
        or _THERE_WERE.search(text, max(0, start - _NEAR), start) is not None
    )


def _listed_before(text: str, start: int, terms: Sequence[Mention], told_behind: bool) -> list[Quantity]:
    """The 34 of 'death occurred in 34 and 44 patients'; the 11 and 23 of '在三组各发生11、23和19例'; the 18 of
    '两组各有18例和25例死亡', told behind."""
    pair = _BEFORE_AND.search(text, max(0, start - 48), start)
    told = pair and any(
        t.end <= pair.start()
        and (
            _SEEN_IN.fullmatch(text[t.end : pair.start()])
            or (pair["against"] and text[t.end : pair.start()].strip() == "in")
        )
        for t in terms
    )
    if not told:
        pair = _BEFORE_AND_ZH.search(text, max(0, start - 48), start)
        told = pair and (
            told_behind
            or any(
                t.end <= pair.start() and not re.search(r"[,;。\d]", text[t.end : pair.start()])
                for t in terms
            )
        )
    if pair is None or not told:
        return []
    at = pair.start("list")
    numbers = re.finditer(rf"\d+|\b{NUMBER_WORD}\b", pair["list"], re.IGNORECASE)
    return [_count(at + n.start(), at + n.end(), n[0]) for n in numbers]


def _listed_ahead(
    text: str, start: int, counts: Sequence[Quantity], terms: Sequence[Mention]
) -> list[Quantity]:
    """The 2, 22 and 17 of '对照组依次为2、22、17、11例', where as many were counted or named before."""
    ahead = _LISTED_AHEAD.search(text, max(0, start - _NEAR), start)
    if ahead is None:
        return []
    at = ahead.start("list")
    told = [_count(at + n.start(), at + n.end(), n[0]) for n in re.finditer(r"\d+", ahead["list"])]
    named = len(
        [t for t in terms if t.end <= ahead.start() and not re.search(r"[;。]", text[t.end : ahead.start()])]
    )
    return told if max(len(counts), named) > len(told) else []


_NUMBERED = re.compile(
    rf"""\s*(?:\(n\)\s*)?(?:(?:were|was)\s+)?(?:numbered|totall?ed|:)\s*
    (?P<list>(?:\d{{1,3}}|\b{NUMBER_WORD})(?:,\s+(?:\d{{1,3}}|{NUMBER_WORD}))*,?\s+(?:and|versus|vs\.?)\s+(?:\d{{1,3}}|{NUMBER_WORD}))
    \b(?!\.\d|\s*[%(\[/]|\s+of\b|\s*(?:months?|years?|weeks?|days?))
    |(?:[^.;()\d%]|(?<=\w)\d){{0,90}}\(\s*(?P<pair>\d{{1,4}}\s+(?:versus|vs\.?|v\.?)\s+\d{{1,4}})\s*[,;)]""",
    re.VERBOSE | re.IGNORECASE,
)
"""'complete responses numbered 3, 7 and 13', 'treatment-related deaths: one, three and five', 'serious events with A (3 vs 0)'."""


def numbered(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
    """Bare numbers listed behind what they count, one for each group."""
    counts: list[Quantity] = []
    for t in mentions:
        match = _NUMBERED.match(text, t.end) if t.kind in ("endpoint", "event") else None
        if match is None or any(q.outer_start < match.end() and match.start() < q.outer_end for q in found):
            continue
        part = "list" if match["list"] else "pair"
        at = match.start(part)
        for n in re.finditer(rf"\d+|\b{NUMBER_WORD}\b", match[part], re.IGNORECASE):
            counts.append(_count(at + n.start(), at + n.end(), n[0]))
    return counts


_RESPONSES = frozenset(["ORR", "CR", "sCR", "CR_OR_BETTER", "VGPR", "VGPR_OR_BETTER", "PR", "SD", "PD"])
_BEFORE_BARE = re.compile(r"(?:\A|[,:;(]\s*|\b(?:and|were|whom|with|had)\s+)$", re.IGNORECASE)


def response_counts(text: str, mentions: Sequence[Mention], found: Sequence[Quantity]) -> list[Quantity]:
    """'12 had CR, 26 PR, 15 SD and 7 PD', '12 complete and 26 partial responses': bare numbers before responses."""
    counts: list[Quantity] = []
    for m in mentions:
        if (
            m.kind != "number"
            or not m.text.isdigit()
            or not _BEFORE_BARE.search(text, max(0, m.start - _NEAR), m.start)
        ):
            continue
        named = next((t for t in mentions if t.kind == "endpoint" and t.start >= m.end), None)
        if (
            named is None
            or named.code not in _RESPONSES
            or any(q.outer_start <= m.start < q.outer_end for q in found)
        ):
            continue
        if re.fullmatch(r"\s+(?:(?:had|achieved|attained|showed)\s+)?(?:an?\s+)?", text[m.end : named.start]):
            counts.append(_count(m.start, m.end, m.text))
    return counts


def _count(start: int, end: int, written: str) -> Quantity:
    return Quantity(start, end, decimal(written), statistic="count", outer_start=start, outer_end=end)
