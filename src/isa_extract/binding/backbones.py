"""What all arms of a study receive, so that it is part of each arm's regimen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, classes_of, without_placebo

_ON_TOP_ZH = re.compile(r"[^,;。]{0,16}(?:基础|背景)(?:治疗)?(?:之)?上")


_BACKBONE_AGAIN = re.compile(
    r"\b(?:all|both) (?:\d+ )?(?:patients|groups|arms|participants) (?:received|had|were given|got) (?:that|this|the same|the) (?:doublet|triplet|combination|backbone|regimen)\b",
    re.IGNORECASE,
)
_TO_ALL = re.compile(
    r"(?:均|都|皆|各)(?:联合|联用|给予|接受|加用|合用|予以?|同时接受|口服)\s*(?:标准)?\s*$|均(?:先)?(?:行|接受|给予|予以?)[^,;。()]{0,24}$"
    r"|(?:所有|全部|全体)(?:患者|病例|受试者|入组者)(?:均|都|先)*(?:行|接受|给予|予以?)(?:[^,;。()]|\([^()]*\)){0,30}$"
    r"|(?:each |both |all )?(?:on top of|in addition to|added to)\s*(?:ADT and |a background of |standard )?(?:(?:six|four|\d+) cycles of )?$"
    r"|\b(?:everyone|all(?: (?:patients|men|women|participants|of them))?|both (?:groups|arms)|patients in (?:both|all) (?:groups|arms))\s+(?:had|received|were given|got|also received|continued|took)\s+(?:standard |(?:up to )?(?:\w+|\d+) (?:cycles|courses|weeks|months) of )?\s*$",
    re.IGNORECASE,
)


_WITH = r"(?:on a background of|on top of|in combination with|combined with|in addition to|together with|added to|plus|both with|each with|with|联合|联用|合并|加)"
_BEHIND_PLACEBO = re.compile(
    rf"\s*(?:治疗)?\s*(?:\([^()]*\))?\s*,?\s*(?:均|都|各|both|each|all|given|administered)?\s*{_WITH}\s*(?:standard |the same |background )?",
    re.IGNORECASE,
)
_BEFORE_EITHER = re.compile(
    rf"\s*\)?(?:\s*\([^()]*\))?(?:\s+for\s[^.;()]{{1,40}}?)?\s*,?\s*{_WITH}\s*(?:either\s+)?(?:the\s+|an?\s+)?(?:[A-Za-z][\w-]*\s+){{0,3}}",
    re.IGNORECASE,
)
_OR = re.compile(
    r"(?:\s*,?\s*\d[\d.]*\s*(?:mg|μg|g)\S*(?:\s+(?:once |twice )?(?:daily|weekly|a day|every \w+ \w+))?)?(?:\s*\([^()]*\))?"
    r"\s*(?:,\s*)?(?:or|或者?)\s*(?:an?\s+|the\s+)?(?:matching\s+)?",
    re.IGNORECASE,
)


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
                and _BEHIND_PLACEBO.fullmatch(text[earlier[-1].end : r.start])
            )
            on_top = re.search(r"(?:在|于)[^,;。]{0,6}$", text[: r.start]) and _ON_TOP_ZH.match(text, r.end)
            to_all = _TO_ALL.search(text[: r.start])
            as_base = re.search(r"以$", text[: r.start]) and re.match(
                r"(?:方案|化疗)?(?:为|作为)(?:共同的?|统一的?)?(?:化疗|治疗)?(?:骨架|骨干|基础|背景|主干)",
                text[r.end :],
            )
            with_either = (
                len(later) > 1
                and "placebo" in classes_of(later[1].drugs)
                and _BEFORE_EITHER.fullmatch(text[r.end : later[0].start])
                and _OR.fullmatch(text[later[0].end : later[1].start])
            )
            in_both = re.match(r"[^.;]{0,60}?\bin (?:both|all) (?:groups|arms)", text[r.end :])
            if (
                after_placebo
                or as_base
                or with_either
                or on_top
                or to_all
                or (in_both and any("placebo" in classes_of(e.drugs) for e in earlier))
            ):
                return drugs
            base = _less_what_is_blinded(passage, i, found)
            if base:
                return base
    return ()


def _less_what_is_blinded(passage: Passage, i: int, found: Sequence[Passage]) -> Drugs:
    """'azacitidine with ivosidenib or placebo' of a study with an ivosidenib arm: azacitidine goes to both."""
    r = passage.regimens[i]
    blinded = passage.regimens[i + 1 : i + 2]
    if not r.composed or not blinded or "placebo" not in classes_of(blinded[0].drugs):
        return ()
    if not _OR.fullmatch(passage.text[r.end : blinded[0].start]):
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
    r"[^.;。]{0,30}(?:\b(?:random|assigned|allocated)[^.;。]{0,40}\b(?:additional|addition|add|plus|also|further)|(?:随机|分组|分别)[^;。]{0,10}(?:加用|联合|另加|再加))",
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
