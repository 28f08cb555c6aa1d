"""What all arms of a study receive, so that it is part of each arm's regimen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, classes_of, without_placebo
from isa_extract.binding.treatments import is_earlier_treatment
from isa_extract.finding.regimens import RegimenMention

_ON_TOP_ZH = re.compile(r"[^,;。]{0,16}(?:基础|背景)(?:治疗)?(?:之)?上")


_PEOPLE = r"(?:patient|participant|subject|person|individual|man|men|woman|women|child|children)"
_BACKBONE_AGAIN = re.compile(
    r"\b(?:all|both) (?:\d+ )?(?:patients|groups|arms|participants) (?:received|had|were given|got) (?:that|this|the same|the) (?:doublet|triplet|combination|backbone|regimen)\b",
    re.IGNORECASE,
)
_TO_ALL = re.compile(
    r"(?:均|都|皆|各)(?:联合|联用|给予|接受|加用|合用|予以?|同时接受|口服)\s*(?:标准)?\s*$|均(?:先)?(?:行|接受|给予|予以?)[^,;。()]{0,24}$"
    r"|(?:所有|全部|全体)(?:患者|病例|受试者|入组者)(?:均|都|先)*(?:行|接受|给予|予以?)(?:[^,;。()]|\([^()]*\)){0,30}$"
    r"|(?:each |both |all )?(?:on top of|in addition to|added to)\s*(?:ADT and |a background of |standard )?(?:(?:six|four|\d+) cycles of )?$"
    r"|\b(?:once )?again,? (?:with|on top of|added to|on a background of)\s*$"
    r"|\b(?:both|each|all)(?: given| combined| in combination| together)? with\s*$"
    rf"|\b(?:everyone|everybody|all(?: {_PEOPLE}s?| of them)?|(?:every|each) {_PEOPLE}|(?:patients in )?(?:both|all) (?:groups|arms))\s+(?:also |additionally )?(?:had|received|(?:was|were)(?: also)? (?:given|treated with)|got|continued(?: on| to receive)?|took|stayed on|remained on)\s+(?:standard |(?:up to )?(?:\w+|\d+) (?:cycles|courses|weeks|months) of )?\s*$",
    re.IGNORECASE,
)


_WITH = r"(?:on a background of|on top of|in combination with|combined with|in addition to|together with|added to|plus|both with|each with|with|联合|联用|合并|加)"
_BEHIND_PLACEBO = re.compile(
    rf"\s*(?:治疗)?\s*(?:\([^()]*\))?\s*,?\s*(?:均|都|各|both|each|all|given|administered|in either case|in both (?:groups|arms))?\s*{_WITH}\s*(?:standard |the same |background )?",
    re.IGNORECASE,
)
_BEFORE_EITHER = re.compile(
    rf"\s*\)?(?:\s*\([^()]*\))?(?:\s+for\s[^.;()]{{1,40}}?)?\s*,?\s*(?:{_WITH}|to which)\s*(?:either\s+)?(?:the\s+|an?\s+)?(?:[A-Za-z][\w-]*\s+){{0,3}}",
    re.IGNORECASE,
)
_OR = re.compile(
    r"(?:\s*,)*\s*(?:or|或者?)\s*(?:,?\s*(?:in|for) (?:the )?(?:control|comparator|other|second|placebo|reference)s?(?: (?:group|arm))?,\s*|,?\s*\(?对照组?\)?\s*,?\s*)?"
    r"(?:with\s+)?(?:an?\s+|the\s+)?(?:matching\s+|matched\s+|匹配的?)?",
    re.IGNORECASE,
)
_SCHEDULE = re.compile(
    r"\([^()]*\)|\d[\d.,]*(?:\s*(?:-|to)\s*\d[\d.,]*)?\s*(?:mg|μg|g|IU)(?![A-Za-z])(?:/(?:kg|m\^?2|day|d|[次日]))*"
    r"|\b(?:once|twice|three times|thrice)[- ](?:(?:a|per|each|every) )?(?:daily|weekly|day|week)\b|\b(?:daily|weekly|a day|per day|orally|by mouth|intravenously|subcutaneously)\b"
    r"|\b(?:every|on days?|for(?: up to)?) [\w -]{1,25}(?:weeks?|days?|cycles?|months?|years?)\b(?: of (?:each|every) (?:\S+ )?cycle)?"
    r"|每[日天周月\d一二三四]+[周日天]?[\d一二两三]*次|口服|静脉(?:滴注|输注|注射)?|皮下注射",
    re.IGNORECASE,
)
"""How much of a drug is given, how, when: what may stand between the names of drugs that are given together."""
_AND = re.compile(r"\s*,?\s*(?:and|plus|with|,|、|和|与|及|联合|\+)\s*", re.IGNORECASE)
_NO_BACKBONE = re.compile(r"[^,;.。]{0,30}(?:premedic|prophyla|before|预处理|预防)", re.IGNORECASE)


def gap_less_doses(text: str, start: int, end: int) -> str:
    """What stands between two treatments, less doses and schedules."""
    return re.sub(r"\s+", " ", _SCHEDULE.sub(" ", text[start:end]))


def _gap(passage: Passage, before: RegimenMention, after: RegimenMention) -> str:
    return gap_less_doses(passage.text, before.end, after.start)


def joined_to(passage: Passage, i: int, since: int = 0) -> Drugs:
    """The drugs of a treatment, and of those before it (not before ``since``) to which 'and' joins it."""
    drugs = set(passage.regimens[i].drugs)
    for before, after in itertools.pairwise(reversed(passage.regimens[: i + 1])):
        if after.start < since or not _AND.fullmatch(_gap(passage, after, before)):
            break
        drugs |= set(after.drugs)
    return without_placebo(drugs)


def backbone_of(found: Sequence[Passage]) -> Drugs:
    """What both groups receive: 'X或安慰剂,均联合Y', '在Y基础上', 'Y with either X or placebo', 'placebo, plus Y'."""
    told: Drugs = ()
    for passage in found[:8]:
        text = passage.text
        if told and _BACKBONE_AGAIN.search(text):
            return told
        told = next((without_placebo(r.drugs) for r in reversed(passage.regimens) if len(r.drugs) > 1), told)
        for i, r in enumerate(passage.regimens):
            drugs = without_placebo(r.drugs)
            if not drugs:
                continue
            earlier, later = passage.regimens[:i], passage.regimens[i + 1 :]
            after_placebo = (
                bool(earlier)
                and "placebo" in classes_of(earlier[-1].drugs)
                and _is_behind_placebo(passage, earlier, r)
            )
            on_top = re.search(r"(?:在|于)[^,;。]{0,6}$", text[: r.start]) and _ON_TOP_ZH.match(text, r.end)
            to_all = _TO_ALL.search(text[: r.start]) and not _NO_BACKBONE.match(text, r.end)
            as_base = re.search(r"以$", text[: r.start]) and re.match(
                r"(?:方案|化疗)?(?:为|作为)(?:共同的?|统一的?)?(?:化疗|治疗)?(?:骨架|骨干|基础|背景|主干)",
                text[r.end :],
            )
            with_either = (
                len(later) > 1
                and "placebo" in classes_of(later[1].drugs)
                and (
                    _BEFORE_EITHER.fullmatch(_gap(passage, r, later[0]))
                    or (
                        _TO_ADD.fullmatch(_gap(passage, r, later[0]))
                        and not is_earlier_treatment(text[: r.start])
                    )
                )
                and _OR.fullmatch(_gap(passage, later[0], later[1]))
            )
            if with_either:
                return joined_to(passage, i)
            in_both = re.match(r"[^.;]{0,60}?\bin (?:both|all) (?:groups|arms)", text[r.end :])
            if (
                after_placebo
                or as_base
                or on_top
                or to_all
                or (in_both and any("placebo" in classes_of(e.drugs) for e in earlier))
            ):
                return drugs
            base = _less_what_is_blinded(passage, i, found)
            if base:
                return base
    return ()


def _is_behind_placebo(passage: Passage, earlier: Sequence[RegimenMention], r: RegimenMention) -> bool:
    """'placebo, plus Y', 'added X or placebo to Y', 'X或安慰剂均与Y同用'."""
    gap = _gap(passage, earlier[-1], r)
    if _BEHIND_PLACEBO.fullmatch(gap):
        return True
    if _TO_BASE.fullmatch(gap) and len(earlier) > 1:
        return _ADDED.search(passage.text[: earlier[-2].start]) is not None
    return _AND_ZH.fullmatch(gap) is not None and _USED_WITH.match(passage.text, r.end) is not None


_TO_BASE = re.compile(
    r"\s*(?:,?\s*(?:respectively|each),?\s*)?to\s+(?:the\s+)?(?:standard\s+|intensive\s+|induction\s+)*",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\b(?:add(?:ed|s|ing)?|addition of)\s+(?:either\s+|the\s+)?$", re.IGNORECASE)
_TO_ADD = re.compile(
    r"[^.;]{0,80}\b(?:and|we|they|the \w+|who)\s+(?:then\s+)?add(?:ed|s|ing)\s+(?:either\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
"""From what all get to what is tested: 'X to 267 patients … and added ', 'To X the investigators added '."""
_AND_ZH = re.compile(r"\s*(?:均|都|各|皆)?(?:与|同|和)\s*(?:标准)?")
_USED_WITH = re.compile(
    r"(?:方案|化疗)?(?:\([^()]*\))?(?:方案|化疗)?(?:同用|联用|合用|并用|联合|同时(?:使用|应用|给药))"
)


def _less_what_is_blinded(passage: Passage, i: int, found: Sequence[Passage]) -> Drugs:
    """'azacitidine with ivosidenib or placebo' of a study with an ivosidenib arm: azacitidine goes to both."""
    r = passage.regimens[i]
    blinded = passage.regimens[i + 1 : i + 2]
    if not r.composed or not blinded or "placebo" not in classes_of(blinded[0].drugs):
        return ()
    if not _OR.fullmatch(_gap(passage, r, blinded[0])):
        return ()
    for p in found:
        for alone in p.regimens:
            if alone.grouped and len(alone.drugs) == 1 and set(alone.drugs) < set(r.drugs):
                return tuple(d for d in without_placebo(r.drugs) if d not in alone.drugs)
    return ()


_IN_ALL = re.compile(
    r"(?:\s*\d[\d.]*\s*(?:mg|μg|g)\S*)?(?:\s*\([^()]*\))?\s+in\s+(?:all\s+|both\s+|the\s+)?(?:all|both|two|three|four|\d)\s+(?:\w+\s+)?(?:cohorts|groups|arms)\b",
    re.IGNORECASE,
)
_ALL_RECEIVED = re.compile(
    r"\b(?:all(?: (?:patients|participants|women|men))?|everyone) (?:also )?(?:received|got|had|were given)\s*(?:\w+ (?:cycles|courses) of )?$"
    r"|(?:所有|全部|全体)(?:患者|病例|受试者)(?:均|都)?(?:接受|给予|予以?|使用|用)\s*$",
    re.IGNORECASE,
)
_AND_MORE = re.compile(
    r"[^.;。]{0,30}(?:\b(?:random|assigned|allocated)[^.;。]{0,40}\b(?:additional|addition|add|plus|also|further)|[^.。]{0,60}\b(?:group|arm)s? (?:had|got|received|took|was given|were given)\b[^.。;]{0,60}\b(?:as well|in addition|besides|too)\b|(?:随机|分组|分别)[^;。]{0,10}(?:加用|联合|另加|再加))",
    re.IGNORECASE,
)
_COMBINED = re.compile(r"\b(?:combined|together|given) with\s*$|\bplus\s*$", re.IGNORECASE)


def add_common_treatment(found: Sequence[Passage], result: Roster) -> None:
    """'两组均予XELOX方案': what all arms receive, beside what each receives of its own."""
    if len(result.arms) < 2:
        return
    for passage in found[:10]:
        for r in passage.regimens:
            drugs = without_placebo(r.drugs)
            if drugs and re.search(
                r"(?:两组|2组|三组|各组|both (?:groups|arms))(?:患者|patients)?\s*(?:均|都|皆|各|all|each)?(?:在|于)?[^,;:。组0-9]{0,10}(?:、[^,;:。组0-9]{1,6})?(?:均|各|先)?(?:给予|予以?|接受|采用|合用|联合|加用|行|口服|received|were given)\s*(?:\d+个?(?:周期|疗程)(?:的)?)?(?:标准|常规)?\s*$",
                passage.text[: r.start],
            ):
                told = True
            elif drugs and _IN_ALL.match(passage.text, r.end):
                told = _COMBINED.search(passage.text[: r.start]) is not None
            elif drugs and _ALL_RECEIVED.search(passage.text[: r.start]):
                told = _AND_MORE.match(passage.text, r.end) is not None and not any(
                    set(drugs) & set(a.drugs) for a in result.arms
                )
            else:
                told = False
            if told:
                result.change({a: replace(a, drugs=without_placebo({*a.drugs, *drugs})) for a in result.arms})
                return


def complete_by_title(found: Sequence[Passage], result: Roster) -> None:
    """'X plus Y in cancer: a randomised trial' of a study whose arms are X and placebo, or X and Y: they are X+Y and Y.

    Two such regimens in the title decide nothing.
    """
    if not 1 <= len(result.arms) <= 2:
        return
    tested = result.arms[0]
    other = result.arms[1] if len(result.arms) == 2 else None
    if other is not None and other == result.aliases.get("placebo") and not other.drugs:
        part = _blinded_part(found, tested.drugs)
        whole = tested.drugs if part else _entitled(found, tested.drugs)
        rest = tuple(d for d in whole if d not in (part or tested.drugs))
        if rest:
            result.change({tested: replace(tested, drugs=whole), other: replace(other, drugs=rest)})
        return
    whole = _entitled(found, tested.drugs)
    if whole and (other is None or set(whole) - set(tested.drugs) == set(other.drugs)):
        arm = replace(tested, drugs=whole)
        result.change({tested: arm})
        result.choices[tested.drugs] = arm


def _entitled(found: Sequence[Passage], part: Drugs) -> Drugs:
    """The one regimen of the title that has these drugs and more."""
    told = {
        without_placebo(r.drugs)
        for p in found[:1]
        if p.sentence.kind == "title"
        for r in p.regimens
        if set(part) < set(r.drugs)
    }
    return next(iter(told)) if part and len(told) == 1 else ()


def _blinded_part(found: Sequence[Passage], whole: Drugs) -> Drugs:
    """Which drugs of a regimen a placebo stands for: those of the one group called by a part of it, or told as 'X or placebo'."""
    told = set()
    for p in found:
        for i, r in enumerate(p.regimens):
            drugs = without_placebo(r.drugs)
            blinds = (
                i + 1 < len(p.regimens)
                and p.regimens[i + 1].drugs
                and not without_placebo(p.regimens[i + 1].drugs)
            )
            if (
                drugs
                and set(drugs) < set(whole)
                and (r.grouped or (blinds and _OR.fullmatch(_gap(p, r, p.regimens[i + 1]))))
            ):
                told.add(drugs)
    return next(iter(told)) if len(told) == 1 else ()
