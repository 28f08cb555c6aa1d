"""Who a study is: registry ids in canonical form, acronyms, phases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from isa_extract.finding.match import Mention
from isa_extract.finding.regimen_labels import not_regimens
from isa_extract.rules.sieve import Sieve

# the first line says where a name can begin at all: trying its shapes at every letter cost more than all else
_NAME = (
    r"(?<![A-Za-z0-9-])(?=[A-Z][A-Za-z]*[A-Z]|[a-z]{2,}[A-Z])"
    r"(?>(?:[A-Z][A-Za-z]*[A-Z][A-Za-z]*|[A-Z]{3,}|[A-Z]{2,}-\d{2,4}|[a-z]{2,}[A-Z]{1,4}[a-z]*|[A-Z][a-z]+[A-Z][A-Za-z]*)"
    r"(?:[- ]?[A-Z]{0,3}\d{1,4}(?:[a-z]|[A-Z]{0,2})(?![A-Za-z])|-[A-Z][A-Za-z]*\d{0,3}|-\d{1,3}(?:st|nd|rd)?|\s\d{3}[A-Z]?|\s(?:NHL|MM|DLBCL|AML|CLL|FL|MCL)-\d)*)"
)
# cooperative groups number their trials: BMT CTN 1703, SWOG S1826, NRG-GY018, IFM 2017-03
_NUMBERED = r"(?:[A-Z]{2,6}[- ])?[A-Z]{2,7}[- ][A-Z]{0,3}\d{3,5}(?:-\d{2})?"
_NAME_FORMS = [
    # NAME(NCT…), NAME试验, NAME trial, NAME是一项…
    rf"(?P<name>(?:{_NAME}/)?{_NAME})\s*(?:\([^()]*?(?:NCT|ChiCTR|ISRCTN|EudraCT|UMIN|jRCT|CTR20|20\d\d-\d{{6}})|(?:\s*)(?:研究|试验|实验|临床|队列研究)(?!者|组))",
    rf"(?P<name>{_NAME})\s*(?:trials?|study|studies)\b",
    rf"(?P<name>{_NAME}),? (?:an?|another|the) (?:[\w-]+ ){{0,5}}(?:phase|trial|study)\b",
    rf"(?P<name>{_NAME}) (?:pitted|compared|enrolled|enroled|randomi[sz]ed|tested|took|set|asked|met|showed|evaluated|assigned|recruited|included|treated|investigated|examined|offered|added|put|gave|reported|explored|confirmed|established)\b",
    rf"(?:[Pp]resenting|[Rr]esults (?:of|from)|[Dd]ata from|[Ff]indings of|\b[Ii]n) (?P<name>{_NAME})(?=,? (?:in|at|an?|another|which|the)\b|,)",
    rf"(?P<name>{_NAME})(?:,? (?:also|a|an|the|our))* (?:(?:large|pivotal|open-label|double-blind|multicent(?:er|re)|international)[, ]+)*(?:phase|randomi[sz]ed|single-arm|clinical trial|Randomi[sz]ed)\b",
    rf"(?P<name>{_NAME}) \((?:a |an )?(?:phase|randomi[sz]ed|n ?=)",
    rf"\b(?:presenters?|authors?|investigators?|reports?|updates?|analys[ei]s|readouts?|results|data|findings) (?:of|from|for|in) (?:the )?(?P<name>{_NAME})\b",
    rf"\b(?:study|studies|trials?|one|first|second|third|fourth|last|next), (?P<name>{_NAME}|{_NUMBERED})(?=,| \()",
    rf"(?P<name>{_NUMBERED})\s*(?:trial|study|,|\(|研究|试验|是|为)",
    rf"\((?P<name>{_NAME})[,;]? (?:ClinicalTrials|NCT|EudraCT|ChiCTR|ISRCTN)",
    # '(ASCEND, NCT…; CITRUS, NCT…)', '2.4 CITRUS.' that heads a paragraph
    rf"[;,、]\s*(?:and\s+)?(?P<name>{_NAME})[,;:]?\s+(?:NCT|EudraCT|ChiCTR|ISRCTN)",
    rf"^\s*\d{{1,2}}(?:\.\d{{1,2}})+\.?\s+(?P<name>{_NAME})(?=[.:。]?\s*$|[.:。]\s)",
    rf"\((?P<name>{_NAME})\)$",
    rf"\((?P<name>{_NAME})\)(?=[:,]? [^.]{{0,80}}(?:trial|study))",
    rf"^\W*(?P<name>{_NAME})\s*[:：]",
    # a shape that nothing but a trial has: KEYNOTE-189, DESTINY-Breast06, MonumenTAL-1
    r"(?<![A-Za-z0-9-])(?P<name>(?:[A-Z]{5,}|[A-Z][A-Za-z]*[a-z][A-Z]{2,}[A-Za-z]*)-[A-Z]?[a-z]*\d{1,3})(?![A-Za-z0-9-])",
    rf"(?P<name>{_NAME})\s*(?:是|为|系)(?:一(?:项|个)|多中心|随机|双盲|开放|国际|单臂|全球|大型|I)",
    rf"(?:研究|试验|实验|trial|study)\s*[\"'(]?(?P<name>{_NAME})\s*[\"')]?\s*(?=\(|,|中|是|共|比较|评估|为)",
    rf"(?:\b[Ii]n|\b[Tt]he|\b[Uu]nlike|^|[.;] )\s*(?P<name>{_NAME})\s*(?=\((?:NCT|n ?=)|,? (?:enrol|randomi|compared|tested|assigned|evaluated|asked|showed|met|included))",
]
_NO_NAMES = frozenset(
    [
        "RCT",
        "RRMM",
        "NDMM",
        "MM",
        "PFS",
        "OS",
        "ORR",
        "MRD",
        "CAR",
        "CAR-T",
        "CTCAE",
        "RECIST",
        "IMWG",
        "FDA",
        "EMA",
        "NMPA",
        "DLBCL",
        "AML",
        "ALL",
        "CLL",
        "CML",
        "NSCLC",
        "SCLC",
        "HCC",
        "TNBC",
        "EGFR",
        "ALK",
        "HER2",
        "PD-1",
        "PD-L1",
        "CD38",
        "CD19",
        "BCMA",
        "CD20",
        "ASCT",
        "HSCT",
        "GVHD",
        "CRS",
        "ICANS",
        "ITT",
        "PP",
        "IRC",
        "BICR",
        "AE",
        "SAE",
        "TEAE",
        "TRAE",
        "ECOG",
        "ISS",
        "R-ISS",
        "IPI",
        "VGPR",
        "DOR",
        "EFS",
        "DFS",
        "CNS",
        "PK",
        "PROSPERO",
        "PRISMA",
        "ASH",
        "EHA",
        "ASCO",
        "ESMO",
        "CI",
        "HR",
        "II",
        "III",
        "IV",
        "Ib",
        "IIb",
        "IIIb",
        "PIs",
        "IMiDs",
        "PubMed",
        "RevMan",
        "DOI",
        "NGF",
        "NGS",
        "MFC",
        "NGS",
        "CT",
        "MRI",
        "PET-CT",
        "LDH",
        "IgG",
        "Cox",
        "COX",
        "BTK",
        "BCL2",
        "TKI",
        "ADC",
        "ADCs",
        "RR",
        "OR",
        "CENTRAL",
        "GRADE",
        "MeSH",
        "CNKI",
        "Embase",
        "EMBASE",
        "MEDLINE",
        "CBM",
        "VIP",
        "UK",
        "US",
        "USA",
        "EU",
        "WHO",
    ]
)


def canonical_id(written: str) -> str:
    """A registry id in canonical form: ``NCT 0299 …`` and ``ChiCTR-2000029308`` without their marks.

    The old Chinese form ``ChiCTR-TRC-10001234`` keeps its type, as the registry prints it.
    """
    squeezed = re.sub(r"\s+", "", written)
    squeezed = re.sub(r"^EudraCT(?:number|No\.?|编号)?:?", "", squeezed, flags=re.IGNORECASE)
    if match := re.fullmatch(r"NCT-?(\d{8})", squeezed, re.IGNORECASE):
        return "NCT" + match[1]
    if match := re.fullmatch(r"ChiCTR-?(\d+)", squeezed, re.IGNORECASE):
        return "ChiCTR" + match[1]
    return squeezed


def acronyms(texts: Iterable[str], regimen_labels: frozenset[str]) -> tuple[str, ...]:
    """Trial names of a paper, told by their shape and what stands beside them; longest first."""
    found: dict[str, None] = {}
    texts = list(texts)
    for text in texts:
        for _, match in _name_forms().matches(text):
            name = match["name"].strip()
            if _is_name(name) and name not in regimen_labels:
                found.setdefault(name, None)
    if found:
        found = {name: None for name in found if not (_is_gene(name, texts) or _is_measure(name, texts))}
    # 'TKI ARCHER 1050' is ARCHER 1050 with an abbreviation before it
    whole = [n for n in found if not (n.split()[0] in _NO_NAMES and n.split(" ", 1)[-1] in found)]
    return tuple(sorted(whole, key=lambda n: (-len(n), n)))


_ALTERED = r"(?:mutat|mutant|co-?mutat|wild-?type|alter(?:ed|ation)|amplif|rearrang|fusion|delet|(?:over)?express|variant|突变|基因|扩增|重排|融合|缺失|野生|变异|共突变)"
_IS_ALTERED = re.compile(_ALTERED, re.IGNORECASE)
_GENE = re.compile(r"[A-Z][A-Z0-9]{2,5}\d?[A-Z]?")


def _is_gene(name: str, texts: Sequence[str]) -> bool:
    """'a co-mutation in STK11', 'KEAP1突变': a word that the paper calls mutated or expressed is no trial."""
    if not _GENE.fullmatch(name):
        return False
    texts = [text for text in texts if name in text and _IS_ALTERED.search(text)]
    if not texts:
        return False
    told = re.compile(
        rf"(?<![A-Za-z0-9-]){re.escape(name)}[- ]?(?:or [A-Z0-9]+ )?{_ALTERED}|{_ALTERED}\w*(?: (?:in|of|for|the)){{1,2}} (?:[A-Z0-9]+(?:,| or| and)? ){{0,3}}{re.escape(name)}(?![A-Za-z0-9-])",
        re.IGNORECASE,
    )
    return any(told.search(text) for text in texts)


_MEASURE = r"(?:survival|mortality|incidence|rate|response|remission|time|score|index|interval|negativity)"


def _is_measure(name: str, texts: Sequence[str]) -> bool:
    """'leukemia-free survival (LFS; 56% vs 53%)': the initials of the words for what is measured are no trial."""
    if not name.isalpha() or not name.isupper() or len(name) > 6:
        return False
    told = re.compile(
        rf"(?P<words>(?:[\w-]+,? ){{0,6}}{_MEASURE})\s*[(\[]\s*{re.escape(name)}\s*[,;)\]]", re.IGNORECASE
    )
    initials = (
        "".join(word[0] for word in re.split(r"[\s,-]+", match["words"]) if word).upper()
        for text in texts
        if f"({name}" in text or f"[{name}" in text
        for match in told.finditer(text)
    )
    return any(re.search(".*".join(name) + "$", letters) for letters in initials)


@cache
def _name_forms() -> Sieve:
    return Sieve([re.compile(form) for form in _NAME_FORMS])


def _is_name(name: str) -> bool:
    if re.match(r"Mc[A-Z]|DerSimonian|PROSPERO\b", name):
        return False  # names of statisticians, and of the registry of reviews
    if re.match(
        r"(?:TP53|STK11|KEAP1|BRCA[12]?|PIK3CA|IDH[12]|NPM1|FLT3(?!-)|SF3B1|RUNX1|SMARCA4|CDKN2A|NRAS|BRAF|PTEN|VEGFR|EGFR|FGFR|PDGFR|CTLA|HLA|SARS|COVID|CYFRA|PIVKA|[KHN]RAS|NKG|TRAIL|ECOG|ERBB|CDK)\b",
        name,
    ):
        return False  # targets, receptors and markers have the shape of trial names
    return (
        name not in _NO_NAMES
        and name not in not_regimens()
        and len(name) >= 3
        and not re.match(r"(?:NCT|ChiCTR|CTR|ISRCTN|UMIN)\d", name)
    )


_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def phase(mention: Mention) -> str:
    """The phase in Roman figures: ``I``, ``Ib``, ``I/II``, ``III``…"""
    low, high = mention.part("low", "low2"), mention.part("high", "high2")
    written = _ROMAN.get(low, low.upper()) + mention.part("sub", "sub2")
    if high:
        written += "/" + _ROMAN.get(high, high.upper()) + mention.part("highsub", "highsub2")
    return written
