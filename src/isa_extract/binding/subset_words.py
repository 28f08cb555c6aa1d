"""Subsets of patients that are told by their frame alone, whatever they are called.

'In the receptor-positive cohort', 'patients with non-signet-ring histology', 'NPM1突变者': the lexicon of subgroups
knows the usual ones; what it does not know is taken as written where the words around it say that it is a
subset. An open frame never stands where the lexicon has found one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from isa_extract.binding.passages import Passage
from isa_extract.rules.sieve import Sieve

_PEOPLE = r"(?:patients|those|women|men|participants|people|individuals|subjects|adults|children|cases|tumou?rs|few)"
_WORD = r"(?!(?:was|were|is|are|had|has|have|who|whose|which|no|such|none|the|and|or|of|in|on|at|with|than|versus|vs|but|did|this|that|these|those|it|them)\b)[A-Za-z][\w/'+-]*"
_PHRASE = rf"{_WORD}(?: {_WORD}){{0,4}}"
_CALLED = r"(?:subgroup|subset|stratum|strata|cohort|population|subpopulation)"

# words that make the whole of a study, or no subset at all
_WHOLE = re.compile(
    r"\b(?:intention|intent|itt|mitt|treat|treated|safety|overall|entire|whole|full|matched|total|study|trial|evaluable|efficacy|protocol|per|"
    r"validation|training|treatment|control|experimental|placebo|combination|standard|same|other|each|either|both|all|original|present|current|"
    r"primary|first|second|third|randomi[sz]ed|analysis|analyzed|analysed|enrolled|available|data|samples?|assessable|measurable|this|that|any|"
    r"entered|least|more|less|one|two|three|real-world|retrospective|prospective|final|large[r]?|small(?:er)?|respective|newly|previously|untreated|"
    r"cancers?|carcinomas?|myeloma|lymphomas?|leuk(?:a)?emias?|melanoma|sarcoma|advanced|relapsed|refractory|metastatic|resectable|diagnosed|"
    r"progression|progressive|recurrence|responses?|events?|neutropenia|toxicit(?:y|ies)|grade|died|stable|group|groups?|arm|arms|median|months?|years?)\b",
    re.IGNORECASE,
)
_COHORT = re.compile(r"\b[Cc]ohort (?P<name>[A-Z]|\d{1,2})\b(?! \()")
_DISEASE = r"(?:tumou?rs?|disease|cancers?|leuk(?:a)?emias?|lymphomas?|myelomas?|samples?|biops(?:y|ies))"
_HOLDERS = rf"(?:{_PEOPLE}|carriers|the \d[\d.]*%(?: of (?:patients|them))?)"
# 'patients whose tumours carried an ESR1 mutation', 'in the 18% who carried a TKD mutation only', 'with a TET2 mutation'
_RELATIVE = re.compile(
    rf"\b{_HOLDERS} (?:whose {_DISEASE} (?:had|was|were|carried|harbou?red|expressed|showed|bore|tested)|who (?:carried|harbou?red)) (?!no such\b|(?:progressed|relapsed|recurred|spread|returned|resectable|unresectable)\b)(?:an? |the )?(?P<what>{_PHRASE})",
    re.IGNORECASE,
)
_GENE = re.compile(
    r"\b(?:[Ww]ith|[Ww]ithout|carrying|carried|[Cc]arriers of|harbou?ring|bearing|had|no) (?:an? |the )?(?P<all>(?!PD\b)[A-Z][A-Z0-9]{2,7}(?:-[A-Z0-9]{1,5})? (?:gene )?(?:mutation|rearrangement|amplification|fusion|deletion|alteration))s?\b"
)
# 'signature-negative men', 'intestinal-type tumours', 'TFH lymphomas', 'blastoid or pleomorphic disease'
_OF_KIND = re.compile(
    r"\b(?:[Ii]n|[Aa]mong|for|of) (?:the )?(?:\d+ )?(?:(?P<what>[\w/-]+-(?:positive|negative|type|mutated|mutant|amplified|rearranged|deficient|proficient)|[A-Z]{2,6}|[a-z]{4,}(?:oid|ic|ar|al|ous) or [a-z]{4,}) "
    r"(?:men|women|patients|subgroup|tumou?rs|disease|lymphomas?|histology|cases|phenotype)|(?P<other>other|remaining) (?:histological |molecular )?(?P<of>subtypes|subgroups|histologies))\b"
)
_FRAMES = [
    _RELATIVE,
    _OF_KIND,
    re.compile(
        rf"\b(?:in|among|for|within) (?:the |a )?(?:small |large )?(?P<what>{_PHRASE}) {_CALLED}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![A-Za-z])(?:in|among|for) (?:the )?(?:\d+ )?{_PEOPLE} (?:with(?:out)?|who had|harbou?ring|carrying|bearing) (?:an? |any |the )?(?P<what>{_PHRASE})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:^|[,;.:] ?|\bwhereas |\bwhile |\band )[Ii]n (?P<what>(?!the\b){_WORD}(?: {_WORD}){{0,2}}) (?:disease|tumou?rs|histology|a?etiology)\b"
    ),
    re.compile(
        rf"(?:^|[;.:] ?)(?:Patients|Those|Women|Men) with(?:out)? (?:an? |any |the )?(?P<what>{_PHRASE})(?= (?:did|had|fared|derived|gained|benefited|showed|achieved|reached|lived)\b)"
    ),
]
_PRIOR = re.compile(
    r"\b(?:previously (?:exposed to|treated with)|with (?:prior|previous) (?:exposure to|treatment with)|who had (?:previously )?received) (?:an? )?"
    r"(?P<what>[A-Z][\w-]+ inhibitors?|[a-z]+ (?:inhibitors?|antibod(?:y|ies)|inhibition|chemotherapy))"
)
_NUMERAL = re.compile(r"(?<![A-Za-z~-])(?P<n>I{1,3}|IV)\s?期(?=\s*(?::|者|患者))")
_SYSTEM = re.compile(r"R2?-ISS|ISS|FIGO|Ann Arbor")
_MUTATED = re.compile(
    r"\bmutated (?P<gene>[A-Z][A-Z0-9]{1,7}(?:-[A-Z0-9]+)?)\b|(?<![A-Za-z])(?P<gene2>[A-Z][A-Z0-9]{1,7})\s?(?:基因)?突变(?:型)?(?:的)?(?:患者|者|亚组)"
)
_EXPRESSED = re.compile(
    r"\b(?P<how>high|low) (?P<what>[A-Z][A-Z0-9-]{2,8})(?: expression)?\b|\b(?P<what2>[A-Z][A-Z0-9-]{2,8})[- ](?P<how2>high|low)\b"
)
_STAGES = re.compile(
    r"(?<![A-Za-z])(?P<low>I{1,3}|IV)(?P<a>[ABC])?(?:\s?(?:-|~|至|到)\s?| to | or |\s?或\s?)(?P<high>I{2,3}|IV)(?P<b>[ABC])?(?P<zh>\s?期)?"
)
_STAGED_BY = re.compile(r"(?P<system>R2?-ISS|ISS|FIGO|Ann Arbor)?\s*(?P<stage>stages? )?\Z")


_MORE = r"(?:more|higher|above|greater|over|longer)"
# 'with an ITD allelic ratio of 0.5 or more', 'a Ki-67 index below 30%'
_LEVEL = re.compile(
    rf"\b(?:[Ww]ith|[Ff]or|had|having) an? (?P<what>(?:[A-Za-z][\w-]* ){{0,3}}?(?:ratio|index|score|count|level|burden|fraction|frequency|interval|diameter))(?: of| at)? ?"
    rf"(?:(?P<op>≥|>=|≤|<=|>|<|at least|above|over|more than|below|under|less than) ?(?P<n>\d[\d.]*)(?P<unit> ?%)?|(?P<n2>\d[\d.]*)(?P<unit2> ?%)? (?:or|and) (?P<more>{_MORE}|less|lower|below|fewer))"
)
_SIGNS = {
    **dict.fromkeys(("≥", ">=", "at least"), ">="),
    **dict.fromkeys((">", "above", "over", "more than"), ">"),
    **dict.fromkeys(("<", "below", "under", "less than"), "<"),
    **dict.fromkeys(("≤", "<="), "<="),
}
# 'those who had taken the CDK4/6 inhibitor for 12 months or more'
_TAKEN = re.compile(
    rf"\b(?i:{_PEOPLE}) (?:who had |with )(?:previously |prior |previous )?(?:taken|received|been (?:on|given)|exposure to) (?:an? |the )?(?P<what>[\w/-]+ (?:inhibitor|antibody|inhibition|therapy|chemotherapy))s? for "
    rf"(?:(?P<op>at least|more than|less than|under|over) (?P<n>\d+) (?P<unit>month|year|week)s?|(?P<n2>\d+) (?P<unit2>month|year|week)s? or (?P<more>{_MORE}|less|shorter))\b"
)
_TRANSPLANTED = re.compile(
    r"\b(?:counted|measured|calculated|dated) from (?:the (?:day|date|time) of )?(?:allogeneic |autologous )?(?:stem[- ]cell )?transplantation\b",
    re.IGNORECASE,
)
# 'PFI<3个月时', 'PFI 3~6个月者', '检出IKZF1plus者'
_LEVEL_ZH = re.compile(
    r"(?<![A-Za-z])(?P<what>[A-Z][A-Za-z0-9-]{1,8}) ?(?:(?P<op>≥|>=|≤|<=|>|<) ?(?P<n>\d[\d.]*)|(?P<low>\d[\d.]*) ?[~-] ?(?P<high>\d[\d.]*)) ?(?P<unit>个月|%|周|年)?(?=时|者|的?患者|组)"
)
_DETECTED_ZH = re.compile(r"(?:检出|携带|存在|伴有?)(?P<what>[A-Za-z][\w-]{2,12})(?:的)?(?=者|患者)")
_PRIOR_ZH = re.compile(
    r"(?:没有|未曾?|从未)(?P<all>曾?(?:用过|接受过|使用过|应用过|曾用|曾接受)(?P<what>[^,;。、\d()的者]{2,10}?)(?:治疗)?)的?(?:患者|者)"
)
_CLASS_ZH = re.compile(
    r"(?:既往|此前|曾)(?:曾?)(?:用过|接受过?|使用过?|应用过?)(?P<what>[A-Za-z][A-Za-z0-9-]{1,7}(?:(?:或|和|及|、|/)[A-Za-z][A-Za-z0-9-]{1,7}){0,2})(?P<kind>抑制剂|单抗|抗体)(?:治疗)?的?(?:患者|者)"
)
_KINDS = {"抑制剂": "inhibitor", "单抗": "antibody", "抗体": "antibody"}
_MONTHS = {"个月": " months", "周": " weeks", "年": " years"}


def _level(m: re.Match[str], _: Passage) -> str:
    sign = _SIGNS[m["op"]] if m["op"] else ">=" if re.fullmatch(_MORE, m["more"]) else "<="
    unit = (m["unit"] or m["unit2"] or "").strip()
    return f"{m['what'].strip()}{sign}{m['n'] or m['n2']}{unit}"


def _taken(m: re.Match[str], _: Passage) -> str:
    sign = _SIGNS[m["op"]] if m["op"] else ">=" if re.fullmatch(_MORE, m["more"]) else "<="
    return f"prior {m['what']} {sign}{m['n'] or m['n2']} {m['unit'] or m['unit2']}s"


def _level_zh(m: re.Match[str], _: Passage) -> str:
    unit = _MONTHS.get(m["unit"] or "", m["unit"] or "")
    if m["low"]:
        return f"{m['what']} {m['low']}-{m['high']}{unit}"
    return f"{m['what']}{_SIGNS[m['op']]}{m['n']}{unit}"


def _stages(m: re.Match[str]) -> tuple[int, str]:
    """Where a range of stages begins, and what it is called; empty where it is none."""
    by = _STAGED_BY.search(m.string, max(0, m.start() - 18), m.start())
    if not m["zh"] and not (by and by["stage"]):
        return m.start(), ""
    code = f"{(by and by['system']) or 'stage'} {m['low'] + (m['a'] or '')}-{m['high'] + (m['b'] or '')}"
    return by.start("stage") if by and by["stage"] else m.start(), code


def _numeral(m: re.Match[str], _: Passage) -> str:
    system = _SYSTEM.findall(m.string[: m.start()])
    return f"{system[-1]} {m['n']}" if system and not _SYSTEM.match(m.string, max(0, m.start() - 6)) else ""


def _transplanted(m: re.Match[str], passage: Passage) -> str:
    """Those who were transplanted, unless they have been named so."""
    return (
        ""
        if re.search(r"transplant|HSCT", " ".join(s.code for s in passage.of("subgroup")))
        else "transplanted"
    )


def _prior_zh(m: re.Match[str], passage: Passage) -> str:
    drugs = passage.between(*m.span("what"), "drug")
    return f"prior {drugs[0].code}" if drugs else ""


def _class_zh(m: re.Match[str], _: Passage) -> str:
    return f"prior {re.sub('[或和及、]', '/', m['what'])} {_KINDS[m['kind']]}"


_Code = Callable[[re.Match[str], Passage], str]
# each with what it is called, empty for no subset
_TOLD_ZH: list[tuple[re.Pattern[str], _Code]] = [
    (_NUMERAL, _numeral),
    (_LEVEL_ZH, _level_zh),
    (_PRIOR_ZH, _prior_zh),
    (_CLASS_ZH, _class_zh),
    (_DETECTED_ZH, lambda m, _: m["what"]),
]
_TOLD_EN: list[tuple[re.Pattern[str], _Code]] = [
    (_TAKEN, _taken),
    (_PRIOR, lambda m, _: f"prior {m['what'].removesuffix('s')}"),
    (_EXPRESSED, lambda m, _: f"{m['what'] or m['what2']} {m['how'] or m['how2']}"),
    (_COHORT, lambda m, _: f"cohort {m['name']}"),
    (_LEVEL, _level),
    (_GENE, lambda m, _: m["all"].removesuffix("s")),
    (_TRANSPLANTED, _transplanted),
]


@cache
def _sieve(english: bool) -> tuple[Sieve, list[_Code | None]]:
    rows: list[tuple[re.Pattern[str], _Code | None]] = [
        (_MUTATED, lambda m, _: f"{m['gene'] or m['gene2']} mutation")
    ]
    rows += [*_TOLD_EN, *((frame, None) for frame in _FRAMES)] if english else _TOLD_ZH
    return Sieve([p for p, _ in rows]), [code for _, code in rows]


def cohort_named(text: str) -> re.Match[str] | None:
    """The first 'cohort A' of an English sentence."""
    return _COHORT.search(text)


def _span(m: re.Match[str]) -> tuple[int, int]:
    """Of what is named, without the words that may deny it."""
    return m.span("all" if "all" in m.groupdict() else 0)


def open_subsets(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Folded start, end and code of subsets that the lexicon does not know."""
    text = passage.text
    if "II" in text or "IV" in text:
        for m in _STAGES.finditer(text):
            start, told = _stages(m)
            if told:
                yield start, m.end(), told
    sieve, codes = _sieve(passage.sentence.lang == "en")
    for i, m in sieve.matches(text):
        code = codes[i]
        if code is not None:
            if told := code(m, passage):
                yield *_span(m), told
            continue
        if m.groupdict().get("other"):
            yield *m.span("other"), f"other {m['of']}"
            continue
        start, end = m.span("what")
        if _is_subset(passage, start, end):
            yield start, end, m["what"].lower() if not re.search("[A-Z]{2}", m["what"]) else m["what"]


def _is_subset(passage: Passage, start: int, end: int) -> bool:
    if _WHOLE.search(passage.text[start:end]):
        return False
    return not any(
        m.start < end and start < m.end
        for m in passage.of(
            "endpoint",
            "event",
            "drug",
            "arm-role",
            "arm-letter",
            "arm-named",
            "arm-plain",
            "arm-dose",
            "value",
            "grade",
        )
    ) and not any(r.start < end and start < r.end for r in passage.regimens)
