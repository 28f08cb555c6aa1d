"""Groups that a paper defines: 'A组接受X', 'group A received X', 'X plus Y (the X group)', letters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.given import (
    AS_BEFORE,
    RECEIVES,
    THE_SAME,
    clause_of,
    clause_start,
    joined,
    tells_a_result,
    the_above,
)
from isa_extract.binding.group_names import group_name, letters_of, names_of, without_group_word
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, is_cytotoxic, without_placebo
from isa_extract.binding.treatments import AS_PREFERRED, is_alternative
from isa_extract.finding.lexicons import drug_classes
from isa_extract.finding.match import Mention
from isa_extract.finding.regimens import RegimenMention
from isa_extract.records import Arm
from isa_extract.vocabulary import UNSPELT

_BY_CHOICE = ("TPC", "BSC")
_CHOICE = re.compile(r"choice|(?:医生|医师|研究者)所?(?:选择|决定|选定)", re.IGNORECASE)
"""What stands before it are examples of what its patients got."""


def add_defined_groups(passage: Passage, result: Roster) -> None:
    """'A组(58例)接受X、Y', '观察组在对照组基础上加用Z', 'group A received X'."""
    text = passage.text
    groups = [
        m
        for m in passage.of("arm-letter", "arm-role", "arm-named")
        if len(letters_of(m)) <= 1 and m.code not in _BY_CHOICE and not _CHOICE.search(m.text)
    ]
    listed = False
    told: re.Match[str] | None = None
    common = _given_meanwhile(passage, groups)
    for i, group in enumerate(groups):
        stop = groups[i + 1].start if i + 1 < len(groups) else len(text)
        if i + 1 < len(groups) and (
            re.search(r"(?:在|于|同|与|参照|as in|same as)\s*$", text[group.end : stop])
            or _ITS_REGIMEN.match(text, groups[i + 1].end)
            or _same_as(text, groups, i)
        ):
            stop = groups[i + 2].start if i + 2 < len(groups) else len(text)
        clause = clause_of(passage, group.end, stop)
        if _ALONE_THEN.search(text[: group.start]) and group_name(group) not in result.aliases:
            _define(result, group, _given_before(passage, group.start))
            continue
        if _behind_placebo(passage, group) and group_name(group) not in result.aliases:
            _define_blinded(passage, group, groups[i - 1] if i else None, result)
            continue
        bracketed = _bracketed_alias(passage, group)
        if bracketed is not None and group_name(group) not in result.aliases:
            again = THE_SAME.search(text[: bracketed.start])
            unspelt = not UNSPELT.isdisjoint(bracketed.drugs)
            same = _same_drugs(again, unspelt, result)
            if set(bracketed.drugs) <= set(same):
                same = ()  # 'or to the same Y schedule alone', of 'X with Y': what is the same is named
            # what 'chemotherapy' is may be left to the physician
            more = _UNSPELT_TOO.match(text, bracketed.end)
            whole = _given_before(passage, group.start) if not again else set()
            own = set(bracketed.drugs) - (UNSPELT if same else set())
            drugs = whole if whole >= set(bracketed.drugs) and not same else {*own, *same}
            _define(result, group, set() if more and not result.chemotherapy else drugs)
            continue
        if _CALLED_HERE.search(text[: group.start]) and group_name(group) not in result.aliases:
            _define(result, group, set())  # 'PD-1抑制剂联合化疗(以下称联合组)': of what has no INN
            continue
        begin, end, told = group.end, group.end + len(clause), None
        before, listed = listed, _listed(text, groups, i, listed)
        if listed:
            begin, end = (
                max(clause_start(text, group.start), groups[i - 1].end if before else 0),
                group.start,
            )
        elif group.kind != "arm-named" and (bracket := _BRACKET.match(clause)):
            end = begin + bracket.end()
        elif _NOTHING.match(clause):
            if group_name(group) not in result.aliases:
                _define(result, group, set())
            continue
        elif (
            not (told := RECEIVES.search(clause))
            and not _same_as(text, groups, i)
            and not AS_BEFORE.match(clause)
        ):
            continue
        chain = [r for r in passage.regimens if begin <= r.start and r.end <= end]
        if not listed and told and told[0].endswith(",") and not _GROUP_WORD.search(group.text):
            continue  # '多西他赛是对照药,该试验将患者分入…'
        if told and chain and chain[0].grouped and _NEXT.fullmatch(text[group.end : chain[0].start]):
            continue  # 'to the combination group, the X group, or the Y group'
        if not chain and (herbal := _HERBS_ON_TOP_OF.search(text[group.end : end])):
            known = result.aliases.get(herbal["name"])
            if known is not None and known.drugs and group_name(group) not in result.aliases:
                _define(result, group, set(known.drugs))
        if not chain or tells_a_result(passage, begin, chain[0].start):
            continue
        drugs = joined(text, chain) | common
        base = _ON_TOP_OF.search(text[min(begin, group.start) : end])
        for m in groups[i + 1 : i + 2]:
            known = result.aliases.get(group_name(m))
            if known is not None and (_ITS_REGIMEN.match(text, m.end) or _same_as(text, groups, i)):
                drugs |= set(known.drugs)
        if base:
            known = result.aliases.get(base["name"])
            if known is None and base["name"] in ("此", "上述", "前者"):
                # '以VRd为参照,四药组在此基础上加用X'
                ahead = [
                    r for r in passage.regimens if clause_start(text, group.start) <= r.start < group.start
                ]
                drugs |= set(result.arms[-1].drugs if result.arms else ahead[-1].drugs if ahead else ())
            drugs |= set(known.drugs) if known else set()
        drugs |= the_above(passage, group.start, clause)
        if group_name(group) not in result.aliases:
            unknown = (
                _names_a_class(passage, begin, end)
                or is_alternative(text, chain[0])
                or AS_PREFERRED.match(text, chain[0].end) is not None
            )
            _define(result, group, set() if unknown else drugs)


_CALLED_HERE = re.compile(
    r"\(\s*(?:以?下(?:统|简)?称(?:为)?|简称|统称为?|(?:hereafter|hereinafter|henceforth|below)(?:,)?(?:\s+(?:called|termed|referred to as))?|referred to as)\s*(?:the\s+)?$",
    re.IGNORECASE,
)


def _same_as(text: str, groups: Sequence[Mention], i: int) -> bool:
    """'D+O臂与D臂相同,再加X', 'group C was treated like group B, plus X'."""
    return (
        i + 1 < len(groups)
        and re.fullmatch(
            r"\s*(?:患者)?(?:的)?(?:治疗|方案|用药)?\s*(?:与|同)\s*|[^,;.]{0,30}\b(?:like|the same as|as in|as for)\s+(?:the\s+)?",
            text[groups[i].end : groups[i + 1].start],
        )
        is not None
        and re.match(r"(?:的)?(?:治疗|方案|用药)?(?:相同|一致|一样)?\s*,?|,", text[groups[i + 1].end :])
        is not None
    )


_NEXT = re.compile(r"\s*,\s*(?:to\s+|and\s+|or\s+)?the\s+")
_GROUP_WORD = re.compile(r"[组臂]|group|arm|cohort|队列", re.IGNORECASE)
_BRACKET = re.compile(r"\s?\((?=[A-Za-z\u4e00-\u9fff])(?!n\s*=)(?:[^()]|\([^()]*\)){4,80}\)")
"""What a group gets, in brackets behind its name: 'group E (elacestrant plus everolimus)'."""
_NOTHING = re.compile(
    r"\s*(?:患者)?(?:则|仅|只)?(?:不(?:用药|给药|作治疗|做治疗|予(?:任何)?(?:治疗|药物|维持)|接受(?:任何)?(?:维持|治疗))|停药观察|随访观察|仅?观察(?:等待)?(?=[,;。]|$))"
    r"|\s*(?:received|had|got|was given|were given) no (?:further |maintenance |additional |other |anticancer )*(?:treatment|therapy|maintenance|drug)",
    re.IGNORECASE,
)


def _listed(text: str, groups: Sequence[Mention], i: int, before: bool) -> bool:
    """Whether a group's drugs stand before its name: 'those given X made up the G group, and those given Z the H group'."""
    if _LISTED_AS.search(text[: groups[i].start]):
        return True
    between = text[groups[i - 1].end : groups[i].start] if i else ""
    return before and re.match(r"\s*[,;]?\s*(?:and|while|whereas)?\s*" + _THOSE, between) is not None


_THOSE = r"(?:those|the others|(?:people|patients|participants|women|men)) (?:who (?:got|received|had|took)|given|receiving|treated with|taking|on|with)\b"
_LISTED_AS = re.compile(
    r"(?:列|记|称|命名|设|定|归)(?:为|入|作)\s*$|,\s*即?为\s*$"
    r"|\b(?:made up|formed|constituted|comprised|became|served as|acted as|(?:were|was|are|is) (?:called|termed|named))\s+(?:the\s+)?$"
)
_ITS_REGIMEN = re.compile(
    r"(?:'s)?\s*(?:regimen|treatment|combination|therapy|drugs|schedule)?,?\s*(?:plus|\+|with the addition of)\s|(?:的)?(?:方案|用药|治疗)\s*(?:联合|加用?|\+)",
    re.IGNORECASE,
)
"""What stands behind a group whose regimen another group gets too: 'the Arm B regimen plus X', 'B组方案联合X'."""
_ON_TOP_OF = re.compile(
    r"(?:在|于)\s*(?P<name>[^,;。]{1,10}?组|此|上述|前者)(?:的)?(?:治疗|方案|用药)?(?:的)?(?:(?:基础|之)上|之外|以外)"
)


def _given_meanwhile(passage: Passage, groups: Sequence[Mention]) -> set[str]:
    """'患者接受X+Y化疗,试验组同时用Z,对照组用安慰剂': what all get, told before the groups."""
    if len(groups) != 2 or not any(_MEANWHILE.match(passage.text, g.end) for g in groups):
        return set()
    start = clause_start(passage.text, groups[0].start)
    given = _ALL_RECEIVE.search(passage.text[start : groups[0].start])
    ahead = [r for r in passage.regimens if given and start + given.end() <= r.start < groups[0].start]
    return joined(passage.text, ahead) if ahead else set()


_MEANWHILE = re.compile(r"\s*(?:患者)?(?:\(\d+\s*例\))?(?:同时|另|再)(?:用|加|给|接受|联合|予|静滴|口服)")
_ALL_RECEIVE = re.compile(r"(?:患者|例|者)(?:均|都|一律)?(?:接受|给予|予|用|采用)")
_HERBS_ON_TOP_OF = re.compile(
    r"(?:在|于)\s*(?P<name>[^,;。]{1,10}?组)(?:的)?(?:治疗|方案|用药)?(?:的)?(?:(?:基础|之)上|之外|以外),?(?:同时)?(?:加服|加用|加|联合|联用|配合|口服|予以?|给予|服用)"
    r"(?:中药)?(?:自拟)?[^,;。()]{0,10}?(?:方|汤|饮|散|丸|颗粒|中药|针刺|艾灸|电针|穴位[^,;。()]{2,4})(?=加减|口服|治疗|[,;。(]|$)"
)
"""A herbal formula or needles on top of what the other group gets; they have no INN."""
_CLASS = re.compile(
    r"抑制剂|拮抗剂|激动剂|阻断剂|\b(?:inhibitor|blocker|antagonist|agonist)s?\b", re.IGNORECASE
)


_GLOSS = re.compile(r"\s?\(?")


def _names_a_class(passage: Passage, start: int, end: int) -> bool:
    """Whether a class stands there for a drug that is not named: 'PD-1抑制剂加EP', not 'BTK抑制剂泽布替尼'."""
    for match in _CLASS.finditer(passage.text, start, end):
        if not any(
            _GLOSS.fullmatch(passage.text[match.end() : m.start]) for m in passage.of("drug")
        ) and not any(
            m.end < match.start() and re.fullmatch(r"\s*\([^()]*", passage.text[m.end : match.start()])
            for m in passage.of("drug")
        ):
            return True
    return False


_ALONE_THEN = re.compile(r"(?:\beither |,\s*)alone\s*\(\s*(?:the\s+)?$", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:assigned|allocated|randomi[sz]ed|randomi[sz]ation|receive[ds]?|given|got)\b(?:[^,;.]{0,30}?\bto\b)?",
    re.IGNORECASE,
)


def _given_before(passage: Passage, end: int) -> set[str]:
    """What a clause says was given, from its verb on: 'assigned to X every 3 weeks with Y, either alone (…'."""
    verbs = [m.end() for m in _VERB.finditer(passage.text, 0, end)]
    if not verbs:
        return set()
    # what stands before the bracket of another group is that group's
    start = max([verbs[-1], *(m.end() for m in _CALLED.finditer(passage.text, 0, end))])
    chain = [r for r in passage.regimens if start <= r.start and r.end <= end]
    if not chain or any(
        _LEFT_OPEN.search(passage.text[a.end : b.start]) for a, b in itertools.pairwise(chain)
    ):
        return set()
    return joined(passage.text, chain)


_CALLED = re.compile(r"\([^()]*(?:group|arm|cohort)\b[^()]*\)", re.IGNORECASE)
_LEFT_OPEN = re.compile(r"[;。]|\b(?:or|versus|vs|than|without|followed by|then)\b", re.IGNORECASE)


_UNSPELT_TOO = re.compile(r"\s*(?:联合|加用?|\+|plus|with)\s*(?:化疗|chemotherapy)", re.IGNORECASE)


def add_lettered(found: Sequence[Passage], result: Roster) -> None:
    """Groups that a paper calls by letters throughout: A组, group B. What is defined so far keeps its drugs."""
    counted: dict[str, list[int]] = {}
    for order, passage in enumerate(found):
        for m in passage.of("arm-letter"):
            for name in names_of(m):
                counted.setdefault(name, []).append(order * 10_000 + m.start)
    often = {name: places for name, places in counted.items() if len(places) >= 2}
    if len(often) < 2 or sum(map(len, often.values())) < 5:
        return
    arms: list[Arm] = []
    for name in sorted(often, key=lambda n: often[n][0]):
        known = result.aliases.get(name)
        arm = replace(known, label=name) if known is not None else Arm(name, ())
        arms.append(arm)
        result.aliases[name] = arm
    result.arms = arms


def _define(result: Roster, group: Mention, drugs: set[str]) -> None:
    name = group_name(group)
    same = result.by_drugs(drugs)
    if same is not None and same in result.aliases.values():
        same = None  # two groups of one regimen, told apart by something else
    initials = _INITIALS.fullmatch(group.text) if group.kind == "arm-named" else None
    label = initials[1] if initials else without_group_word(name)
    arm = same if same is not None else Arm(label, without_placebo(drugs), _role_told(group))
    result.aliases[name] = arm
    if same is None:
        result.arms.append(arm)
    if initials:
        result.written[initials[1]] = arm  # 'R group', and 'with R'


_INITIALS = re.compile(r"(?:the )?([A-Z](?:[A-Z0-9+/-]{0,5})) (?:group|arm|cohort)")


def _role_told(group: Mention) -> str:
    """The role that the group's name says; 'the triplet' may be either."""
    by_number = re.search(r"[两二双三四]药|doublet|triplet|quadruplet", group.text)
    return group.code if group.kind == "arm-role" and not by_number else ""


def _bracketed_alias(passage: Passage, group: Mention) -> RegimenMention | None:
    """The regimen behind which a group's name stands in brackets: '每2周接受雷莫西尤单抗10 mg/kg(联合组)'."""
    near = [r for r in passage.regimens if r.end <= group.start and without_placebo(r.drugs)]
    opening = passage.text.rfind("(", 0, group.start)
    outside = [r for r in near if r.end <= opening]
    if len(outside) < len(near) and outside and _ALTERNATIVES.fullmatch(passage.text[opening : group.start]):
        near = outside  # 'X联合化疗(XELOX或FOLFOX,以下称联合组)': what the bracket tells is a part of it
    goes_on = near[-1] if near else None
    if (
        goes_on is not None
        and len(near) > 1
        and set(goes_on.drugs) < set(near[-2].drugs)
        and _GOES_ON.fullmatch(passage.text[near[-2].end : goes_on.start])
    ):
        near = near[:-1]  # 'chemotherapy with X followed by X alone (arm 3)'
    if (
        near
        and goes_on is not None
        and re.fullmatch(
            r"(?:[^,;。()]|\([^()]*\)){0,40}\((?:[^()]{0,60}[;,]\s*)?\s*(?:以?下)?(?:简)?称?(?:为)?",
            passage.text[goes_on.end : group.start],
        )
        and "placebo"
        not in {
            drug_classes().get(d)
            for r in passage.regimens
            if goes_on.end <= r.start < group.start
            for d in r.drugs
        }
    ):
        return near[-1]
    return None


_ALTERNATIVES = re.compile(r"\((?=[^()]*(?:或|\bor\b))[^()]*")
_GOES_ON = re.compile(
    r"[^,;()。]{0,40}(?:\bfollowed by|\bthen|序贯|继以|之后(?:以|用)?)\s*(?:maintenance\s+)?"
)


def _same_drugs(again: re.Match[str] | None, unspelt: bool, result: Roster) -> Drugs:
    """What 'the same' is: of chemotherapy, what the first group gets where that is nothing else; else what the last gets."""
    if not result.arms:
        return ()
    first = result.arms[0].drugs
    if unspelt or (again and again["chemo"] == "化疗"):
        return first if is_cytotoxic(first) else ()
    return result.arms[-1].drugs if again else ()


def _behind_placebo(passage: Passage, group: Mention) -> bool:
    """'or matching placebo (monotherapy group)': the bracket names the group that gets the placebo."""
    ahead = [r for r in passage.regimens if r.end <= group.start]
    return (
        bool(ahead)
        and bool(ahead[-1].drugs)
        and not without_placebo(ahead[-1].drugs)
        and re.fullmatch(r"\s*\(\s*(?:the\s+|以?下?简?称?为?)?", passage.text[ahead[-1].end : group.start])
        is not None
    )


def _define_blinded(passage: Passage, group: Mention, other: Mention | None, result: Roster) -> None:
    """'Y with either X (combination group) or placebo (monotherapy group)': the group gets what the other gets, less X."""
    tested = result.aliases.get(group_name(other)) if other is not None else None
    before = [r for r in passage.regimens if other is not None and r.end <= other.start]
    own = set(before[-1].drugs) if before else set()
    rest = set(tested.drugs) - own if tested is not None and own <= set(tested.drugs) else set()
    _define(result, group, rest)
    control = result.aliases[group_name(group)]
    named = replace(control, role="control")
    result.change({control: named})
    result.aliases["placebo"] = named
