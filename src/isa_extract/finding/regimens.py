"""Where a sentence names a treatment: drugs joined as the sentence joins them, labels, groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from isa_extract.finding.lexicons import drug_classes
from isa_extract.finding.match import Mention
from isa_extract.finding.regimen_labels import Drugs, Regimens, not_regimens, squeezed
from isa_extract.vocabulary import UNSPELT

_LABEL = re.compile(
    r"(?<![A-Za-z0-9^+])(?:3 ?\+ ?7|7 ?\+ ?3)(?![0-9])|(?<![A-Za-z0-9^])[A-Za-z][A-Za-z0-9]*(?:\s?[-+/]\s?(?!(?:treated|assigned|allocated|based|containing)\b)[A-Za-z0-9]+)*(?![A-Za-z0-9])"
)


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

    def shifted(self, by: int) -> RegimenMention:
        """The same mention in a text that begins ``by`` characters earlier."""
        members = tuple(m.shifted(by) for m in self.members)
        return replace(self, start=self.start + by, end=self.end + by, members=members)


_GROUP_AFTER = re.compile(
    r"\s*\)?\s*(?:治疗|单药|方案|联合|维持|治疗方案)?\s*(?:\(?n\s*=\s*\d+\)?|\(\d+\s*例\))?\s*(?:(?:两|二|三|四)?组|臂|方案组)"
    r"|[- ](?:treated |treatment |based |containing |alone |monotherapy |maintenance |regimen |plus \w+ )*(?:groups?|arms?|cohorts?|recipients)\b",
    re.IGNORECASE,
)
_GROUP_BEFORE = re.compile(r"\b(?:[Gg]roups?|[Aa]rms?)\s+(?:[A-Z][A-Za-z+]{0,5}(?:, | and |, and | or ))*$")
_STRONG = re.compile(
    r"-|\s*(?:\+|联合(?:应用)?|联用|合用|加用|加上|加入|并用|并联合|序贯|加(?!量|重)|plus|combined with|in combination with|added to|together with|&)\s*\(?\s*",
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
    r"\s*\((?![^()]*\b(?:groups?|arms?|cohorts?)\s*\))(?:[^()]*\d[^()]*(?:mg|μg|g|周|次|daily|weekly|d1)[^()]*|AUC[^()]{1,12}|[A-Za-z -]{4,40})\)\s*"
)


def regimen_mentions(text: str, mentions: Sequence[Mention], regimens: Regimens) -> list[RegimenMention]:
    """The treatments that a sentence names, with drugs joined where the sentence joins them."""
    singles = sorted([*_singles(text, mentions, regimens), *_backbones(mentions)], key=lambda s: s.start)
    joined: list[RegimenMention] = []
    for single in singles:
        if joined and _belong_together(text, joined, single, regimens):
            last = joined.pop()
            drugs = tuple(sorted({*last.drugs, *single.drugs}))
            label = _joined_label(text[last.start : single.end]) if drugs != last.drugs else last.label
            loose = _WEAK.fullmatch(_between(text, last, single)) and (not last.composed or last.members)
            members = (*(last.members or (last,)), single) if loose else ()
            joined.append(RegimenMention(last.start, single.end, label, drugs, False, False, True, members))
        else:
            joined.append(single)
    joined = [
        part
        for r, after in zip(joined, [*joined[1:], None], strict=False)
        for part in _unless_choice(text, r, after)
    ]
    grouped = [
        bool(_GROUP_AFTER.match(text, r.end) or (r.is_label and _GROUP_BEFORE.search(text[: r.start])))
        for r in joined
    ]
    for i in range(len(joined) - 2, -1, -1):
        # 'the D-VRd, VRd and VCd groups', 'Isa-Kd和Kd两组': one word for several
        gap = text[joined[i].end : joined[i + 1].start]
        if grouped[i + 1] and _AND_THE.fullmatch(gap) and _BOTH_THE.search(text[: joined[i].start]):
            grouped[i] = True  # 'in both the X and the Y arm'
        if grouped[i + 1] and _WEAK.fullmatch(gap):
            grouped[i] = (
                re.match(
                    r"\s*(?:两|二|三|四)组|[- ]\w*\s*(?:groups|arms|cohorts)|组", text[joined[i + 1].end :]
                )
                is not None
                or grouped[i]
            )
    made = [
        RegimenMention(r.start, r.end, r.label, r.drugs, g, r.is_label, r.composed, r.members)
        for r, g in zip(joined, grouped, strict=True)
    ]
    regimens.chemotherapy_is_added_to |= any(
        not UNSPELT.isdisjoint(r.drugs)
        and any(d not in UNSPELT and drug_classes().get(d) != "placebo" for d in r.drugs)
        for r in made
    )
    return [r for r in made if not UNSPELT.issuperset(r.drugs) or _is_an_arm(text, r, regimens)]


_AND_THE = re.compile(r"\s+(?:and|or|nor)\s+(?:in\s+|with\s+)?the\s+")
_BOTH_THE = re.compile(r"\b(?:both|either|neither|in|of|between)\s+the\s+$")


def _unless_choice(text: str, r: RegimenMention, after: RegimenMention | None) -> Sequence[RegimenMention]:
    """'X, Y or Z': a list that ends with 'or' is of alternatives, and joins nothing."""
    last = r.members[-1] if r.members else r
    listed = len(r.members) > 1 and "," in text[r.members[-2].end : last.start]
    if (
        listed
        and after is not None
        and re.fullmatch(r"\s*,?\s*or\s+(?:\w+\s+)?|\s*或\s*", text[r.end : after.start])
    ):
        return r.members
    return (r,)


_BEFOREHAND = re.compile(
    r"(?:prior|previous(?:ly)?|induction|adjuvant|neoadjuvant|high-dose|salvage|after|following|first-line|second-line|"
    r"既往|曾接受|诱导|新辅助|辅助|后线|挽救|术后|术前|经)\s*(?:\w+\s+)?$",
    re.IGNORECASE,
)


def _backbones(mentions: Sequence[Mention]) -> Iterable[RegimenMention]:
    drugs = [m for m in mentions if m.kind == "drug"]
    for m in mentions:
        if m.kind == "arm-plain" and m.code in UNSPELT:
            if not any(d.start < m.end and m.start < d.end for d in drugs):
                yield RegimenMention(m.start, m.end, m.text, (m.code,))
        elif m.kind == "arm-named" and any(d.end == m.start for d in drugs):
            added = _ADDED_IN_NAME.fullmatch(m.text)
            if added:
                yield RegimenMention(m.start + 2, m.end - 1, added[1], (_BACKBONE_WORDS[added[1]],))


_BACKBONE_WORDS = {
    "化疗": "chemotherapy",
    "放化疗": "chemoradiotherapy",
    "放疗": "radiotherapy",
    "内分泌治疗": "endocrine therapy",
}
_ADDED_IN_NAME = re.compile(rf"联合({'|'.join(_BACKBONE_WORDS)})组")


def _is_an_arm(text: str, r: RegimenMention, regimens: Regimens) -> bool:
    """Bare 'chemotherapy' is a treatment group only beside one in which something is added to it."""
    if not regimens.chemotherapy_is_added_to or _BEFOREHAND.search(text[: r.start]):
        return False
    return (
        r.grouped
        or re.match(r"\s*(?:alone|only|单独|单用|\(|$|[,;.)。])", text[r.end :]) is not None
        or re.search(
            r"(?:\b(?:with|for|in|on|versus|vs\.?|than|or|and|to|over|against|单纯|单用)|或|比|对|较|和|与|、|于)\s*(?:the\s+)?$",
            text[: r.start],
        )
        is not None
    )


def _joined_label(written: str) -> str:
    """'Isa + VRd' is the label Isa-VRd; longer names stay as written."""
    if re.fullmatch(r"[A-Za-z0-9]{1,5}\s*\+\s*[A-Za-z0-9-]{2,7}", written):
        return re.sub(r"\s*\+\s*", "-", written)
    return written


def _singles(text: str, mentions: Sequence[Mention], regimens: Regimens) -> list[RegimenMention]:
    singles: list[RegimenMention] = []
    drugs = [m for m in mentions if m.kind == "drug"]
    for match in _LABEL.finditer(text):
        label = match[0]
        meaning = regimens.drugs_of(label)
        if not meaning or (len(label) == 1 and not _names_a_group(text, match.start(), match.end())):
            continue
        covered = any(d.start <= match.start() and match.end() <= d.end for d in drugs)
        if not covered or squeezed(label) in regimens.defined:
            name = _joined_label(squeezed(label))
            singles.append(RegimenMention(match.start(), match.end(), name, meaning, False, True))
    for d in drugs:
        if not any(s.start <= d.start < s.end or d.start <= s.start < d.end for s in singles):
            # 'Isa组', 'Dara group': a group goes by the short form that the paper uses
            short = text[d.start : d.end]
            own = re.fullmatch(r"[A-Z][A-Za-z]{1,4}", short) and _GROUP_AFTER.match(text, d.end)
            singles.append(RegimenMention(d.start, d.end, short if own else d.code, _ingredients(d.code)))
    return sorted(singles, key=lambda s: s.start)


_LETTERED_ELSE = re.compile(
    r"(?:hepatitis|vitamin|influenza|class|grade|stage|part|type|factor|phase|appendix|table|figure|step|period|cohort|immunoglobulin|肝炎|维生素|分级|级|型|期)\s*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\s(?!(?:was|had|were|gave|and|or|versus|vs|than|over|led|group|arm|alone|did|showed|in)\b)[a-z]"
)


def _names_a_group(text: str, start: int, end: int) -> bool:
    """Whether a lone capital stands for the group 'A': not 'A total of', 'hepatitis A', 'E.' of a name."""
    opening = re.search(r"(?:^|[.;:。]\s*)$", text[:start]) is not None
    return (
        not _LETTERED_ELSE.search(text[:start])
        and not re.match(r"[-.'](?=\S)", text[end:])
        and not (opening and _ARTICLE.match(text, end))
    )


def drugs_told(text: str, mentions: Sequence[Mention], regimens: Regimens) -> list[tuple[int, int, Drugs]]:
    """The drugs and known labels of a sentence, none joined yet: folded start and end, and their INNs."""
    return [(s.start, s.end, s.drugs) for s in _singles(text, mentions, regimens)]


def _ingredients(inn: str) -> Drugs:
    """A fixed combination is its ingredients (trifluridine/tipiracil), unless papers know it as one drug (S-1, UFT)."""
    return (inn,) if inn.startswith("tegafur/") else tuple(sorted(inn.split("/")))


def _belong_together(
    text: str, before: Sequence[RegimenMention], single: RegimenMention, regimens: Regimens
) -> bool:
    last = before[-1]
    gap = _between(text, last, single)
    if UNSPELT.issuperset(last.drugs) or UNSPELT.issuperset(single.drugs):
        return re.fullmatch(rf"{_STRONG.pattern}|\s*with\s*", gap, re.IGNORECASE) is not None
    if last.drugs == single.drugs and not single.is_label:
        # 'X(generic name)', but not 'X (X group)'
        return re.fullmatch(r"\s*\(\s*", gap) is not None and not (
            _GROUP_AFTER.match(text, single.end) or _GROUP_IN_BRACKET.match(text, single.end)
        )
    if _STRONG.fullmatch(gap):
        return True
    alike = (
        {drug_classes().get(d) for d in last.drugs}
        & {drug_classes().get(d) for d in single.drugs}
        & _EITHER_OR
    )
    if alike:
        return False
    if (
        single.is_label
        and not last.is_label
        and last.composed
        and not last.members
        and re.fullmatch(r"\s*(?:及|和|与|以及|and)\s*", gap)
        and re.match(
            r"\s*(?:方案|化疗)?(?:一线|二线|新辅助|用于)?(?:治疗|用于|in (?:patients|first|adv))",
            text[single.end :],
        )
    ):
        return True  # 'X联合Y及GEMOX治疗'
    if set(last.drugs) & set(single.drugs):
        return False  # 'X-Y, X-Z or …': two that have a drug in common
    if last.is_label or single.is_label or not _WEAK.fullmatch(gap) or _GROUP_AFTER.match(text, last.end):
        return False
    if re.fullmatch(r"\s*with\s*", gap, re.IGNORECASE):
        return not re.search(
            r"(?:compar\w*|against|versus|pitted|randomi\w+)\s[^,.;]{0,60}$", text[: last.start]
        )
    return True


_GROUP_IN_BRACKET = re.compile(r"[^()]{1,40}?(?:[组臂]|group|arm)\s*[,;)]")
"""'X(X联合化疗组)': the bracket holds the group's name."""


def _between(text: str, last: RegimenMention, single: RegimenMention) -> str:
    """What stands between two names, doses left out."""
    gap = _DOSE.sub(" ", _DOSE_NOTE.sub(" ", text[last.end : single.start]))
    gloss = _GLOSS.search(gap)
    return gap[: gloss.start()] if gloss else gap


_GLOSS = re.compile(
    r"(?<=[加合用入])(?:第?[一二三四]代|新型|国产|口服|选择性)*(?:抗?[A-Z][A-Za-z0-9/-]{1,10})?(?:(?:小分子|双重?|酪氨酸激酶)?(?:抑制剂|拮抗剂|激动剂|单抗|单克隆抗体|抗体|双抗)|(?<=TKI))$"
    r"|(?<=\splus|.with|...to)\s+(?:the|an?)\s+(?:(?:oral|novel|selective|(?:first|second|third|next)-generation)\s+)*[A-Z][\w/-]{1,10}(?:\s+(?:tyrosine kinase|kinase))?(?:\s+(?:inhibitor|antibody|antagonist|agonist|degrader|conjugate))?\s*$"
)
"""The class of the drug that is added: 'X加三代TKI Y', 'X plus the BTK inhibitor Y'."""


def definitions(text: str, found: Sequence[RegimenMention]) -> Iterable[tuple[str, Drugs, bool]]:
    """Labels that the sentence defines: a regimen spelled out, then its label in brackets.

    Yields the label, the drugs, and whether the label is called a group's.
    """
    for regimen in found:
        if regimen.is_label or _LEFT_OUT.search(text[: regimen.start]):
            continue
        dosed = _DOSE.match(text, regimen.end)
        match = re.match(
            r"(?:[^,;。.()]{0,60}(?=\((?:[A-Za-z+-]{2,12}) (?:group|arm)\)))?(?:\s*(?:的)?(?:四联|三联|二联|双药|三药|四药|联合)?(?:治疗)?(?:方案)?组?|\s*(?:alone|only|regimen|therapy)?)\s*\)?\s*"
            r"[(\[]\s*(?:简称|以下简?称|hereafter|called)?\s*[\"']?(?P<label>[A-Za-z][A-Za-z0-9]*(?:\s?[-+/]\s?[A-Za-z0-9]+)*)"
            r"[\"']?\s*(?P<group>组|方案|group|arm|regimen)?\s*[,;)\]]",
            text[dosed.end() if dosed else regimen.end :],
        )
        if (
            match
            and squeezed(match["label"]) not in not_regimens()
            and not _ROLE_WORD.fullmatch(match["label"])
        ):
            yield squeezed(match["label"]), regimen.drugs, bool(match["group"])


_LEFT_OUT = re.compile(r"(?:without|except|minus|不含|未用|不加|未加用?)\s*(?:the\s+)?$", re.IGNORECASE)
_ROLE_WORD = re.compile(
    r"controls?|placebo|standard|experimental|comparator|intervention|treatment|combination|monotherapy|doublet|triplet|(?:high|low|higher|lower|full|reduced|standard|intermediate|medium|mid)-dose",
    re.IGNORECASE,
)
