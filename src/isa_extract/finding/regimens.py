"""Drug regimens: what their labels stand for, and where a sentence names one.

Labels are composed, not listed: ``Isa-Kd`` is a drug's letters with a base regimen, ``DVRd`` a row of
letters. A paper's own definition, ``泊马度胺、地塞米松(Pd)``, comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from isa_extract.finding.lexicons import drug_classes
from isa_extract.finding.match import Mention
from isa_extract.rules.rulebook import rulebook

Drugs = tuple[str, ...]

_LABEL = re.compile(
    r"(?<![A-Za-z0-9^+])(?:3 ?\+ ?7|7 ?\+ ?3)(?![0-9])|(?<![A-Za-z0-9^])[A-Za-z][A-Za-z0-9]*(?:\s?[-+/]\s?[A-Za-z0-9]+)*(?![A-Za-z0-9])"
)
# abbreviations that spell like a regimen but never are one
_NOT_LABELS = frozenset(
    [
        "OS",
        "PFS",
        "ORR",
        "CR",
        "PR",
        "SD",
        "PD",
        "MRD",
        "VGPR",
        "HR",
        "OR",
        "RR",
        "CI",
        "AE",
        "SAE",
        "MM",
        "MDS",
        "AML",
        "ALL",
        "CLL",
        "CML",
        "DLBCL",
        "FL",
        "MCL",
        "ISS",
        "DCR",
        "DOR",
        "EFS",
        "DFS",
        "RFS",
        "TTP",
        "NR",
        "NE",
        "CRS",
        "ICANS",
        "ECOG",
        "IPI",
        "IRC",
        "BICR",
        "ITT",
        "FAS",
        "PP",
        "RD",
        "SE",
        "SEM",
        "IQR",
        "MTD",
        "DLT",
        "RP2D",
        "PK",
        "PD-1",
        "PD-L1",
        "CTLA-4",
        "EGFR",
        "ALK",
        "HER2",
        "KRAS",
        "TP53",
        "DTT",
        "VAS",
        "BMI",
        "CT",
        "MRI",
        "PET",
        "RECIST",
        "IMWG",
        "CTCAE",
        "ASH",
        "EHA",
        "ASCO",
        "ESMO",
        "FDA",
        "EMA",
        "NMPA",
        "NCT",
        "RCT",
        "CAR",
        "CAR-T",
        "Ig",
        "Id",
        "IgG",
        "IgA",
        "NK",
        "T",
        "B",
        "BCMA",
        "CD38",
        "CD19",
        "CD20",
        "del",
        "add",
        "RVD-free",
        "ID",
        "ED",
        "ER",
        "PgR",
        "TNM",
        "PS",
        "CP",
        "BP",
        "TB",
        "VTE",
        "DVT",
        "PE",
        "MI",
        "AST",
        "ALT",
        "LDH",
        "CRP",
        "GI",
        "CNS",
        "CSF",
        "SCT",
        "ASCT",
        "HSCT",
        "GVHD",
        "TRM",
        "NRM",
        "KM",
        "Cox",
        "VS",
        "vs",
        "In",
        "At",
        "By",
        "To",
        "Of",
        "On",
        "An",
        "As",
        "Is",
        "It",
        "Be",
        "We",
        "No",
        "Or",
        "So",
        "Up",
    ]
)
_MYELOMA = frozenset(
    "bortezomib carfilzomib ixazomib lenalidomide pomalidomide thalidomide dexamethasone daratumumab isatuximab "
    "elotuzumab selinexor melphalan cyclophosphamide prednisone panobinostat venetoclax belantamab+mafodotin "
    "doxorubicin bendamustine".replace("+mafodotin", " ").split()
) | {"belantamab mafodotin"}
# in a label that ends in d for dexamethasone, letters mean the myeloma drugs
_MYELOMA_LETTERS = {
    "V": "bortezomib",
    "B": "bortezomib",
    "K": "carfilzomib",
    "R": "lenalidomide",
    "P": "pomalidomide",
    "T": "thalidomide",
    "D": "daratumumab",
    "Dara": "daratumumab",
    "DARA": "daratumumab",
    "Isa": "isatuximab",
    "ISA": "isatuximab",
    "Ixa": "ixazomib",
    "I": "ixazomib",
    "E": "elotuzumab",
    "Elo": "elotuzumab",
    "EL": "elotuzumab",
    "X": "selinexor",
    "S": "selinexor",
    "Sel": "selinexor",
    "C": "cyclophosphamide",
    "Cy": "cyclophosphamide",
    "M": "melphalan",
    "Ven": "venetoclax",
    "Pano": "panobinostat",
    "Bela": "belantamab mafodotin",
    "Pom": "pomalidomide",
    "Len": "lenalidomide",
    "Bor": "bortezomib",
    "Car": "carfilzomib",
    "Cd": "cyclophosphamide",
    "d": "dexamethasone",
    "dex": "dexamethasone",
    "Dex": "dexamethasone",
}


@dataclass(frozen=True, slots=True)
class RegimenMention:
    """A treatment named in a sentence: folded offsets, its drugs, its label as written.

    ``grouped`` is true where a word for 'group' follows, ``composed`` where several names were joined;
    ``members`` are those names where only 'and' or a comma joins them, so that they may be two arms.
    """

    start: int
    end: int
    label: str
    drugs: Drugs
    grouped: bool = False
    is_label: bool = False
    composed: bool = False
    members: tuple[RegimenMention, ...] = ()


@cache
def _bases() -> dict[str, Drugs]:
    bases: dict[str, Drugs] = {}
    for row in rulebook().lexicons["regimens"]:
        drugs = tuple(sorted(row["drugs"].split("+")))
        for name in (row["label"], *row["names"].split(";")):
            if name.strip():
                bases.setdefault(name.strip().lstrip("~"), drugs)
    return bases


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(r["label"] for r in rulebook().lexicons["regimens"] if "ambiguous" in r["note"])


@cache
def _letters() -> dict[str, tuple[str, ...]]:
    letters: dict[str, list[str]] = {}
    for row in rulebook().lexicons["drugs"]:
        for token in row["letters"].split(";"):
            if token.strip():
                letters.setdefault(token.strip(), []).append(row["inn"])
    return {token: tuple(inns) for token, inns in letters.items()}


class Regimens:
    """What labels stand for in one paper: its own definitions, then the grammar.

    Args:
        named: INNs that the paper names anywhere; they settle what an ambiguous letter means.
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        self.named = frozenset(named)
        self.defined: dict[str, Drugs] = {}

    def define(self, label: str, drugs: Iterable[str]) -> None:
        """Record that the paper says ``label`` stands for ``drugs``; the first definition stays."""
        self.defined.setdefault(_squeezed(label), tuple(sorted(set(drugs))))

    def drugs_of(self, label: str) -> Drugs | None:
        """The drugs that a label stands for, sorted, or None if it is no regimen."""
        label = _squeezed(label)
        if label in self.defined:
            return self.defined[label]
        if label in _NOT_LABELS or len(label) < 2:
            return None
        return self._compose({"3+7": "7+3"}.get(label, label))

    def _compose(self, label: str) -> Drugs | None:
        if label in _bases() and not (label in _ambiguous() and not self._plausible(_bases()[label])):
            return _bases()[label]
        parts = [p for p in re.split(r"[-+/]", label) if p]
        if len(parts) > 1:
            return self._joined(parts)
        return self._spelled(label)

    def _plausible(self, drugs: Drugs) -> bool:
        return len(self.named & set(drugs)) >= max(1, len(drugs) - 1)

    def _joined(self, parts: Sequence[str]) -> Drugs | None:
        """``Isa-Kd``, ``D-VRd``, ``VRd+Dara``, ``pola-R-CHP``: every part must mean something."""
        found: set[str] = set()
        myeloma = any(re.search(r"[A-Z]d$|^d(?:ex)?$", p) for p in parts)
        bases = 0
        for size in (len(parts), len(parts) - 1, len(parts) - 2):
            tail = "-".join(parts[len(parts) - size :])
            if 0 < size < len(parts) and tail in _bases():
                head = self._joined_letters(parts[: len(parts) - size], myeloma)
                return tuple(sorted({*head, *_bases()[tail]})) if head else None
        for part in parts:
            drugs = self.defined.get(part) or _bases().get(part)
            if drugs and not (len(part) == 1):
                bases += 1
            else:
                drugs = self._letter(part, myeloma) or self._spelled(part)
            if not drugs:
                return None
            found |= set(drugs)
        return tuple(sorted(found)) if len(found) > 1 else None

    def _joined_letters(self, parts: Sequence[str], myeloma: bool) -> set[str]:
        found: set[str] = set()
        for part in parts:
            drugs = self._letter(part, myeloma) or self.defined.get(part)
            if not drugs:
                return set()
            found |= set(drugs)
        return found

    def _letter(self, token: str, myeloma: bool) -> Drugs | None:
        if myeloma and token in _MYELOMA_LETTERS:
            return (_MYELOMA_LETTERS[token],)
        candidates = _letters().get(token) or _letters().get(token.capitalize()) or ()
        named = [c for c in candidates if c in self.named]
        if len(named) == 1:
            return (named[0],)
        if len(candidates) == 1 and len(token) > 1:
            return (candidates[0],)
        return None

    def _spelled(self, label: str) -> Drugs | None:
        """``KRd``, ``KdD``, ``DVRd``, ``VRD``: letters in a row, dexamethasone among them."""
        if not re.search(r"[A-Z]", label) or len(label) > 9:
            return None
        text = label
        if not re.search(r"[A-Z]d", label):
            # VRD, KRD, DARA-VRD: an all-capital spelling, only for drugs that the paper names
            if not re.fullmatch(r"[A-Z]{3,5}", label) or not label.endswith("D") or not self.named & _MYELOMA:
                return None
            text = label[:-1] + "d"
        found: list[str] = []
        at = 0
        while at < len(text):
            for length in (4, 3, 2, 1):
                token = text[at : at + length]
                if len(token) == length and token in _MYELOMA_LETTERS and token != "Cd":
                    found.append(_MYELOMA_LETTERS[token])
                    at += length
                    break
            else:
                return None
        if "dexamethasone" not in found or len(set(found)) != len(found) or len(found) < 2:
            return None
        if text != label and not set(found) - {"dexamethasone"} <= self.named:
            return None
        return tuple(sorted(found))


def _squeezed(label: str) -> str:
    return re.sub(r"\s*([-+/])\s*", r"\1", label.strip())


_GROUP_AFTER = re.compile(
    r"\s*\)?\s*(?:治疗|单药|方案|联合|维持|治疗方案)?\s*(?:\(?n\s*=\s*\d+\)?|\(\d+\s*例\))?\s*(?:(?:两|二|三|四)?组|臂|方案组)"
    r"|[- ](?:treated |treatment |based |containing |alone |monotherapy |maintenance |regimen |plus \w+ )*(?:groups?|arms?|cohorts?|recipients)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\s*(?:\+|联合(?:应用)?|联用|合用|加用|加上|加入|并用|并联合|序贯|plus|combined with|in combination with|added to|together with|&)\s*\(?\s*",
    re.IGNORECASE,
)
_WEAK = re.compile(r"\s*(?:、|,|和|与|及|以及|and|, and|with|/)\s*", re.IGNORECASE)
_DOSE = re.compile(
    r"\s*\d[\d.]*\s*(?:-\s*\d[\d.]*\s*)?(?:mg|μg|g|IU|AUC)(?:/(?:kg|m\^?2|d|次|日))*(?:\s*×\s*\d+\s*d)?(?:\s*(?:once |twice )?(?:daily|weekly|每日\d*次?|每周\d*次?|/d))?\s*"
)
# drugs of one of these classes are alternatives to each other, so 'and' lists them
_EITHER_OR = frozenset(
    [
        "antibody-drug conjugate",
        "CAR-T",
        "PD-1 inhibitor",
        "PD-L1 inhibitor",
        "multikinase inhibitor",
        "EGFR TKI",
        "ALK TKI",
        "BCR-ABL TKI",
        "BTK inhibitor",
        "JAK inhibitor",
        "CDK4/6 inhibitor",
        "PARP inhibitor",
        "AR inhibitor",
        "FLT3 inhibitor",
        "KRAS G12C inhibitor",
        "HER2 TKI",
        "FGFR inhibitor",
        "VEGFR TKI",
        "MET inhibitor",
        "ROS1/NTRK TKI",
        "BCMAxCD3 bispecific",
        "CD20xCD3 bispecific",
        "anti-CD38 antibody",
        "proteasome inhibitor",
        "anticoagulant",
        "antiplatelet",
        "statin",
        "SGLT2 inhibitor",
        "DPP-4 inhibitor",
        "GLP-1 receptor agonist",
        "aromatase inhibitor",
        "SERD",
        "TPO receptor agonist",
        "complement inhibitor",
    ]
)
_DOSE_NOTE = re.compile(
    r"\s*\((?:[^()]*\d[^()]*(?:mg|μg|g|周|次|daily|weekly|d1)[^()]*|[A-Za-z -]{4,40})\)\s*"
)


def regimen_mentions(text: str, mentions: Sequence[Mention], regimens: Regimens) -> list[RegimenMention]:
    """The treatments that a sentence names, with drugs joined where the sentence joins them."""
    singles = _singles(text, mentions, regimens)
    joined: list[RegimenMention] = []
    for single in singles:
        if joined and _belong_together(text, joined, single, regimens):
            last = joined.pop()
            drugs = tuple(sorted({*last.drugs, *single.drugs}))
            label = text[last.start : single.end] if drugs != last.drugs else last.label
            loose = _WEAK.fullmatch(_between(text, last, single)) and (not last.composed or last.members)
            members = (*(last.members or (last,)), single) if loose else ()
            joined.append(RegimenMention(last.start, single.end, label, drugs, False, False, True, members))
        else:
            joined.append(single)
    grouped = [bool(_GROUP_AFTER.match(text, r.end)) for r in joined]
    for i in range(len(joined) - 2, -1, -1):
        # 'the D-VRd, VRd and VCd groups', 'Isa-Kd和Kd两组': one word for several
        if grouped[i + 1] and _WEAK.fullmatch(text[joined[i].end : joined[i + 1].start]):
            grouped[i] = (
                re.match(
                    r"\s*(?:两|二|三|四)组|[- ]\w*\s*(?:groups|arms|cohorts)|组", text[joined[i + 1].end :]
                )
                is not None
                or grouped[i]
            )
    return [
        RegimenMention(r.start, r.end, r.label, r.drugs, g, r.is_label, r.composed, r.members)
        for r, g in zip(joined, grouped, strict=True)
    ]


def _singles(text: str, mentions: Sequence[Mention], regimens: Regimens) -> list[RegimenMention]:
    singles: list[RegimenMention] = []
    drugs = [m for m in mentions if m.kind == "drug"]
    for match in _LABEL.finditer(text):
        covered = next((d for d in drugs if d.start <= match.start() and match.end() <= d.end), None)
        label = match[0]
        if covered is not None and _squeezed(label) not in regimens.defined:
            continue
        meaning = regimens.drugs_of(label)
        if meaning:
            singles.append(RegimenMention(match.start(), match.end(), _squeezed(label), meaning, False, True))
    for d in drugs:
        if not any(s.start <= d.start < s.end or d.start <= s.start < d.end for s in singles):
            singles.append(RegimenMention(d.start, d.end, d.code, (d.code,)))
    return sorted(singles, key=lambda s: s.start)


def _belong_together(
    text: str, before: Sequence[RegimenMention], single: RegimenMention, regimens: Regimens
) -> bool:
    last = before[-1]
    gap = _between(text, last, single)
    if last.drugs == single.drugs and not single.is_label:
        return re.fullmatch(r"\s*\(\s*", gap) is not None  # 'X(generic name)'
    if _STRONG.fullmatch(gap):
        return True
    alike = (
        {drug_classes().get(d) for d in last.drugs}
        & {drug_classes().get(d) for d in single.drugs}
        & _EITHER_OR
    )
    if alike:
        return False
    if last.is_label or single.is_label or not _WEAK.fullmatch(gap) or _GROUP_AFTER.match(text, last.end):
        return False
    if re.fullmatch(r"\s*with\s*", gap, re.IGNORECASE):
        return not re.search(
            r"(?:compar\w*|against|versus|pitted|randomi\w+)\s[^,.;]{0,60}$", text[: last.start]
        )
    return True


def _between(text: str, last: RegimenMention, single: RegimenMention) -> str:
    """What stands between two names, doses left out."""
    gap = _DOSE_NOTE.sub(" ", text[last.end : single.start])
    return _DOSE.sub(" ", gap)


def definitions(text: str, found: Sequence[RegimenMention]) -> Iterable[tuple[str, Drugs, bool]]:
    """Labels that the sentence defines: a regimen spelled out, then its label in brackets.

    Yields the label, the drugs, and whether the label is called a group's.
    """
    for regimen in found:
        if regimen.is_label:
            continue
        match = re.match(
            r"(?:[^,;。.()]{0,60}(?=\((?:[A-Za-z+-]{2,12}) (?:group|arm)\)))?(?:\s*(?:的)?(?:四联|三联|二联|双药|三药|四药|联合)?(?:治疗)?(?:方案)?|\s*(?:alone|only|regimen|therapy)?)\s*\)?\s*"
            r"[(\[]\s*(?:简称|以下简?称|hereafter|called)?\s*[\"']?(?P<label>[A-Za-z][A-Za-z0-9]*(?:\s?[-+/]\s?[A-Za-z0-9]+)*)"
            r"[\"']?\s*(?P<group>组|方案|group|arm|regimen)?\s*[,;)\]]",
            text[regimen.end :],
        )
        if match and _squeezed(match["label"]) not in _NOT_LABELS:
            yield _squeezed(match["label"]), regimen.drugs, bool(match["group"])
