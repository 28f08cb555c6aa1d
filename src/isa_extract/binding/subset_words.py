"""Subsets of patients that are told by their frame alone, whatever they are called.

'In the receptor-positive cohort', 'patients with non-signet-ring histology', 'NPM1突变者': the lexicon of subgroups
knows the usual ones; what it does not know is taken as written where the words around it say that it is a
subset. An open frame never stands where the lexicon has found one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from isa_extract.binding.passages import Passage

_PEOPLE = r"(?:patients|those|women|men|participants|people|individuals|subjects|adults|children|cases|tumou?rs|few)"
_WORD = r"(?!(?:was|were|is|are|had|has|have|who|which|the|and|or|of|in|on|at|with|than|versus|vs|but|did|this|that|these|those)\b)[A-Za-z][\w/'+-]*"
_PHRASE = rf"{_WORD}(?: {_WORD}){{0,4}}"
_CALLED = r"(?:subgroup|subset|stratum|strata|cohort|population|subpopulation)"

# words that make the whole of a study, or no subset at all
_WHOLE = re.compile(
    r"\b(?:intention|intent|itt|mitt|treat|treated|safety|overall|entire|whole|full|matched|total|study|trial|evaluable|efficacy|protocol|per|"
    r"validation|training|treatment|control|experimental|placebo|combination|standard|same|other|each|either|both|all|original|present|current|"
    r"primary|first|second|third|randomi[sz]ed|analysis|analyzed|analysed|enrolled|available|data|samples?|assessable|measurable|this|that|any|"
    r"least|more|less|one|two|three|real-world|retrospective|prospective|final|large[r]?|small(?:er)?|respective|newly|previously|untreated|"
    r"cancers?|carcinomas?|myeloma|lymphomas?|leuk(?:a)?emias?|melanoma|sarcoma|advanced|relapsed|refractory|metastatic|resectable|diagnosed|"
    r"progression|progressive|recurrence|responses?|events?|neutropenia|toxicit(?:y|ies)|grade|died|stable|group|groups?|arm|arms|median|months?|years?)\b",
    re.IGNORECASE,
)
_COHORT = re.compile(r"\b[Cc]ohort (?P<name>[A-Z]|\d{1,2})\b(?! \()")
_FRAMES = [
    re.compile(
        rf"\b(?:in|among|for|within) (?:the |a )?(?:small |large )?(?P<what>{_PHRASE}) {_CALLED}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![A-Za-z])(?:in|among|for) (?:the )?(?:\d+ )?{_PEOPLE} (?:with|who had|harbou?ring|carrying|bearing) (?:an? |the )?(?P<what>{_PHRASE})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:^|[,;.:] ?|\bwhereas |\bwhile |\band )[Ii]n (?P<what>(?!the\b){_WORD}(?: {_WORD}){{0,2}}) (?:disease|tumou?rs|histology|a?etiology)\b"
    ),
    re.compile(
        rf"(?:^|[;.:] ?)(?:Patients|Those|Women|Men) with (?:an? |the )?(?P<what>{_PHRASE})(?= (?:did|had|fared|derived|gained|benefited|showed|achieved|reached|lived)\b)"
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
    r"(?P<system>R2?-ISS|ISS|FIGO|Ann Arbor)?\s*(?:stages? )?(?P<low>I{1,3}|IV)(?P<a>[ABC])?\s?(?:-|~|至|到| to )\s?(?P<high>I{2,3}|IV)(?P<b>[ABC])?(?P<zh>\s?期)?"
)


def open_subsets(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Folded start, end and code of subsets that the lexicon does not know."""
    text = passage.text
    for m in _STAGES.finditer(text):
        if m["zh"] or "stage" in m[0]:
            a, b = m["low"] + (m["a"] or ""), m["high"] + (m["b"] or "")
            yield m.start(), m.end(), f"{m['system'] or 'stage'} {a}-{b}"
    for m in _MUTATED.finditer(text):
        yield m.start(), m.end(), f"{m['gene'] or m['gene2']} mutation"
    for m in _NUMERAL.finditer(text):
        system = _SYSTEM.findall(text[: m.start()])
        if system and not _SYSTEM.match(text, max(0, m.start() - 6)):
            yield m.start(), m.end(), f"{system[-1]} {m['n']}"
    if passage.sentence.lang != "en":
        return
    for m in _PRIOR.finditer(text):
        yield m.start(), m.end(), f"prior {m['what'].removesuffix('s')}"
    for m in _EXPRESSED.finditer(text):
        yield m.start(), m.end(), f"{m['what'] or m['what2']} {m['how'] or m['how2']}"
    for m in _COHORT.finditer(text):
        yield m.start(), m.end(), f"cohort {m['name']}"
    for frame in _FRAMES:
        for m in frame.finditer(text):
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
