"""Outcomes that no rule has a name for, told by the clause they head.

'Free oestradiol decreased in 54% of the women', 'the incidence of seroma was 12%', '创面愈合面积分别为…': the
clause has a subject of its own, and what follows is a value of that, not of the endpoint spoken of before. They
come out as `OTHER` with the phrase as printed. Where a rule names an endpoint in the clause, the rule decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from isa_extract.binding.endpoints import LICENSED, OPEN, Endpoint, endpoint_mentions, fits
from isa_extract.binding.licensed import KINDS, licensed_outcomes
from isa_extract.binding.passages import Passage

_BEGIN = r"(?:^|(?<=[.;:,)]\ )|(?<=\band\ )|(?<=\bbut\ )|(?<=\bwhile\ )|(?<=\bwhereas\ )|(?<=\bthat\ ))"
_NOUNS = r"[A-Za-z][A-Za-z0-9'/+-]*(?:\ [A-Za-z0-9'/+-]+){0,8}?"
_HAPPENED = r"""(?:had\ |has\ |have\ )?
    (?:(?:was|were|being|been)\ (?:[a-z]+ly\ |also\ |much\ |more\ |less\ |no\ |as\ |most\ |only\ |first\ )*
       (?:observed|seen|found|detected|noted|reported|recorded|documented|identified|diagnosed|confirmed|common(?:er)?
         |frequent|higher|lower|greater|better|worse|similar|comparable|prevalent|rarer?|achieved|reduced|increased)
     |occurred|developed|decreased|increased|declined|fell(?!\ short)|rose|dropped|resolved|averaged)\b"""
_MEASURED = r"""(?:scores?|rates?|levels?|ratios?|index|counts?|volumes?|areas?|pressures?|losses|loss|intensity
    |incidence|prevalence|concentrations?|frequency|thickness|density|velocity|distance|fraction|capacity|clearance)"""
_ENGLISH = re.compile(
    rf"""{_BEGIN}(?P<event>{_NOUNS})(?:\s\(\s?[A-Za-z][\w-]{{0,12}}\s?\))?\s+{_HAPPENED}(?=[^.;]{{0,90}}?\d)
    |{_BEGIN}(?P<measure>(?:{_NOUNS}\ )?{_MEASURED}(?:\ (?:of|for)\ {_NOUNS})?)\s+(?:was|were|averaged|of|being)\b(?=[^.;]{{0,90}}?\d)
    |\b(?:[Mm]ean|[Mm]edian|[Aa]verage)\ (?P<change>(?:percentage\ )?(?:change|reduction|decrease|increase|decline|improvement)s?\ (?:from\ baseline\ )?in\ {_NOUNS})
       (?:\ (?:from|at|to|by|over|after|between|since)\ [^.;,%()]{{2,40}}?)?\ (?:was|were|averaged|of)\b(?=[^.;]{{0,90}}?\d)
    |\b(?P<of>(?:incidence|prevalence|frequency)\ of\ {_NOUNS})(?=\s*(?:\(|,|was|were|with|in|among|for|on)\b[^.;]{{0,60}}?\d)""",
    re.VERBOSE,
)
_DID = re.compile(
    r"""%\s*(?:\([^()]*\)\s*)?(?:of\ [^,.;()%]{1,50}?\ )?
    (?:reported|experienced|developed|showed|demonstrated|exhibited|achieved|attained|reached|maintained)\s+
    (?:an?\ |the\ |at\ least\ )?(?P<did>[a-z][^,.;()%]{3,60})""",
    re.VERBOSE,
)
_CHINESE = re.compile(
    r"""(?:^|(?<=[,;。:、)])|(?<=治疗后)|(?<=干预后)|(?<=术后)|(?<=治疗组)|(?<=观察组)|(?<=对照组)|(?<=试验组)|(?<=两组)|(?<=患者))\s*
    (?P<zh>[A-Za-z0-9+/\u4e00-\u9fff-]{1,18}?(?:率|评分|积分|总分|得分|变化(?:量|值|率|幅度)?|水平|浓度|含量|指数|比值|计数|次数|面积|体积|厚度|直径|速度))
    (?=(?:(?:治疗组|观察组|对照组|试验组|实验组|研究组|联合组|两组|[A-Z]组)(?:患者)?)?(?:中)?(?:均|也|则|仅|较高|更高|较低|更低)?(?:分别|依次)?(?:为|是|有|达|降至|降低至|升至|升高至|提高至|\()\s*[(\d约])""",
    re.VERBOSE,
)

_NO_OUTCOME = frozenset(
    [
        "patients",
        "participants",
        "men",
        "women",
        "subjects",
        "people",
        "individuals",
        "children",
        "adults",
        "group",
        "groups",
        "arm",
        "arms",
        "cohort",
        "cohorts",
        "rate",
        "rates",
        "figure",
        "figures",
        "difference",
        "differences",
        "gap",
        "benefit",
        "benefits",
        "effect",
        "effects",
        "result",
        "results",
        "value",
        "values",
        "median",
        "medians",
        "mean",
        "means",
        "it",
        "they",
        "this",
        "these",
        "that",
        "those",
        "there",
        "which",
        "who",
        "follow-up",
        "age",
        "trial",
        "trials",
        "study",
        "studies",
        "analysis",
        "analyses",
        "enrolment",
        "enrollment",
        "ratio",
        "ratios",
        "odds",
        "hazard",
        "hazards",
        "risk",
        "risks",
        "interval",
        "dose",
        "doses",
        "treatment",
        "therapy",
        "cases",
        "case",
        "one",
        "data",
        "estimate",
        "estimates",
        "response",
        "responses",
        "proportion",
        "proportions",
        "percentage",
        "percentages",
        "improvement",
        "improvements",
        "reduction",
        "adherence",
        "compliance",
        "both",
        "all",
        "none",
        "others",
        "level",
        "levels",
        "advantage",
        "rates.",
        "outcome",
        "outcomes",
        "endpoint",
        "endpoints",
        "characteristics",
        "tumours",
        "tumors",
        "samples",
        "specimens",
        "answer",
        "option",
        "regimen",
        "drug",
        "drugs",
        "price",
        "same",
        "latter",
        "former",
        "sites",
        "events",
        "event",
        "deaths",
        "power",
        "heterogeneity",
        "certainty",
        "size",
        "half",
        "third",
        "quarter",
        "number",
        "numbers",
        "what",
        "it's",
        "index",
    ]
)
_OPENS_A_CLAUSE = frozenset(
    ("once", "when", "if", "although", "though", "because", "since", "as", "unless", "hr")
)
_GENERIC = re.compile(
    r".{0,4}(?:发生率|比率|概率|缓解率|有效率|生存率|相关率|死亡率)|[^者]{0,3}(?:水平|指数|次数)"
)
_LEADING = re.compile(
    r"^(?:(?:and|but|while|whereas|RESULTS|FINDINGS|CONCLUSIONS?) )?(?:(?:However|Moreover|Overall|Likewise|Similarly|Finally|Again|Also|Only|Here|Then|In contrast|By contrast) )?"
    r"(?:(?:At|After|By|In|During|Within|Among|Over|On|For|With|From) .*? (?=the |mean |median ))?"
    r"(?:(?:the|a|an|any|some|mean|median|average|overall) )+|^(?:and|but|while|whereas) ",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"baseline|at entry|enrol|eligib|inclusion|randomi[sz]|assigned|screened|history|previously|aged|基线|入组|纳入|入选"
    r"|年龄|性别|既往|病程|标准|样本|体重|检出|阳性率|敏感|特异|符合|一致|使用|完成|脱落|失访|增长|风险|概率|治疗前|患病|构成",
    re.IGNORECASE,
)


def spoken_endpoints(passage: Passage) -> list[Endpoint]:
    """The endpoints of running text, in order: those that rules name, and open outcomes where none is named."""
    named = endpoint_mentions(passage)
    found = [*named, *_open_outcomes(passage, named)]
    found += _licensed(passage, found)
    return sorted(found, key=lambda e: e.start)


_RIGHT_BEHIND = re.compile(r"\s?(?:median |mean )?")
"""Before the phrase of 'an 8.3% median increase in X'."""


def _licensed(passage: Passage, found: Sequence[Endpoint]) -> list[Endpoint]:
    """Outcomes told by the frame of their value, for values before which nothing else is spoken of that they can be of."""
    if passage.sentence.lang != "en" or len(passage.text) > 2000:
        return []
    kept: list[Endpoint] = []
    for start, end in licensed_outcomes(passage):
        value = next((q for q in passage.quantities if q.start >= end and not q.is_effect), None)
        value = next(
            (q for q in passage.quantities if _RIGHT_BEHIND.fullmatch(passage.text, q.outer_end, start)),
            value,
        )
        if value is None or any(e.start < value.start and fits(e, value) for e in found):
            continue
        over = any(start < e.end and e.start < end for e in kept)
        phrase = passage.text[start:end]
        words = phrase.lower().split()
        generic = (words[-2] if len(words) > 1 and words[-1] in KINDS else words[-1]) in _NO_OUTCOME
        if not (over or generic):
            kept.append(Endpoint("OTHER", phrase, start, end, LICENSED, "", phrase))
    return kept


def _open_outcomes(passage: Passage, named: Sequence[Endpoint]) -> Iterator[Endpoint]:
    if not passage.quantities or len(passage.text) > 2000:
        return
    kept: list[tuple[int, int]] = []
    for start, end in _phrases(passage):
        if any(start < b and a < end for a, b in kept) or _ENTRY.search(passage.text[:end]):
            continue
        behind = passage.text[end - 1 : end + 1]
        first = next((q.start for q in passage.quantities if q.start >= end), None)
        told = [e for e in named if e.start < (end if first is None else max(first, end)) and e.end > start]
        if told or behind.strip() == "":
            continue
        kept.append((start, end))
        yield Endpoint("OTHER", passage.text[start:end], start, end, OPEN, "", passage.text[start:end])


def _phrases(passage: Passage) -> Iterator[tuple[int, int]]:
    """Folded start and end of every phrase that may be an outcome's name."""
    text = passage.text
    if passage.sentence.lang == "zh":
        for match in _CHINESE.finditer(text):
            if (
                len(match["zh"]) > 3
                and not _GENERIC.fullmatch(match["zh"])
                and not _names_an_arm(passage, *match.span("zh"))
            ):
                yield match.span("zh")
        return
    for match in _ENGLISH.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        phrase = text[start:end]
        lead = _LEADING.match(phrase)
        start += lead.end() if lead else 0
        end -= len(last[0]) if (last := _LOOSE_END.search(text, start, end)) else 0
        words = text[start:end].lower().split()
        if (
            words
            and words[-1] not in _NO_OUTCOME
            and words[0] not in _OPENS_A_CLAUSE
            and words[-2:] != ["cumulative", "incidence"]  # of what was spoken of before
            and not _names_an_arm(passage, start, end)
        ):
            yield start, end
    for match in _DID.finditer(text):
        if not match["did"].startswith("grade"):
            yield match.span("did")


_LOOSE_END = re.compile(r" (?:and|or|with|in|at|to)(?=$)")


def _names_an_arm(passage: Passage, start: int, end: int) -> bool:
    """Whether the phrase is of those who are treated, their treatment or a depth ('在10^-6水平'), and so no outcome."""
    inside = passage.between(
        start, end, "drug", "arm-role", "arm-letter", "arm-named", "arm-dose", "size", "subgroup"
    )
    if passage.between(start, end, "threshold"):
        return True
    return any(m.end == end or m.start == start for m in inside) or any(
        r.start < end and start < r.end for r in passage.regimens
    )
