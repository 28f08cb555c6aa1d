"""Groups that a paper defines: 'A组接受X', 'group A received X', 'X plus Y (the X group)', letters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from isa_extract.binding.group_names import group_name, letters_of, names_of, without_group_word
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, without_placebo
from isa_extract.binding.treatments import is_alternative
from isa_extract.finding.lexicons import drug_classes
from isa_extract.finding.match import Mention
from isa_extract.finding.regimens import RegimenMention
from isa_extract.records import Arm

_RECEIVES = re.compile(
    r"^\s*(?:患者|patients)?\s*(?:\([^()]*\))?\s*(?:\(?n\s*=\s*\d+\)?)?\s*(?:\d+\s*(?:例|人|名))?(?:患者)?(?:均)?\s*(?:则|仅|只|单纯|单独|另)?\s*"
    r"(?:于[^,;。]{0,14})?(?:接受|给予|采用|应用|使用|加用|另加|联用|联合应用|予以?|行|口服|静脉滴注|静滴|为|单用|单纯|在|服用|用|以|received|was given|were given|were treated with|treated with|got|receiving|:|,)",
    re.IGNORECASE,
)


def add_defined_groups(passage: Passage, result: Roster) -> None:
    """'A组(58例)接受X、Y', '观察组在对照组基础上加用Z', 'group A received X'."""
    text = passage.text
    groups = [m for m in passage.of("arm-letter", "arm-role", "arm-named") if len(letters_of(m)) <= 1]
    for i, group in enumerate(groups):
        stop = groups[i + 1].start if i + 1 < len(groups) else len(text)
        if i + 1 < len(groups) and re.search(
            r"(?:在|于|同|与|参照|as in|same as)\s*$", text[group.end : stop]
        ):
            stop = groups[i + 2].start if i + 2 < len(groups) else len(text)
        clause = re.split(r"[;。]", text[group.end : stop])[0]
        if _ALONE_THEN.search(text[: group.start]) and group_name(group) not in result.aliases:
            _define(result, group, _given_before(passage, group.start))
            continue
        bracketed = _bracketed_alias(passage, group)
        if bracketed is not None and group_name(group) not in result.aliases:
            again = _THE_SAME.search(text[: bracketed.start])
            same = result.arms[-1].drugs if again and result.arms else ()
            # what 'chemotherapy' is may be left to the physician
            more = _UNSPELT_TOO.match(text, bracketed.end)
            whole = _given_before(passage, group.start) if not again else set()
            drugs = whole if whole >= set(bracketed.drugs) else {*bracketed.drugs, *same}
            _define(result, group, set() if more and not result.chemotherapy else drugs)
            continue
        begin, end = group.end, group.end + len(clause)
        if _LISTED_AS.search(text[: group.start]):
            begin, end = _clause_start(text, group.start), group.start
        elif not _RECEIVES.search(clause):
            continue
        chain = [r for r in passage.regimens if begin <= r.start and r.end <= end]
        if not chain or _tells_a_result(passage, begin, chain[0].start):
            continue
        drugs = _joined(text, chain)
        base = _ON_TOP_OF.search(text[min(begin, group.start) : end])
        if base:
            known = result.aliases.get(base["name"]) or (
                result.arms[-1] if base["name"] in ("此", "上述", "前者") and result.arms else None
            )
            drugs |= set(known.drugs) if known else set()
        if group_name(group) not in result.aliases:
            unknown = _names_a_class(passage, begin, end) or is_alternative(text, chain[0])
            _define(result, group, set() if unknown else drugs)


_LISTED_AS = re.compile(r"(?:列|记|称|命名|设|定|归)(?:为|入|作)\s*$|,\s*即?为\s*$")
_ON_TOP_OF = re.compile(
    r"(?:在|于)\s*(?P<name>[^,;。]{1,10}?组|此|上述|前者)(?:的)?(?:治疗|方案|用药)?(?:的)?(?:(?:基础|之)上|之外|以外)"
)
_CLASS = re.compile(
    r"抑制剂|拮抗剂|激动剂|阻断剂|\b(?:inhibitor|blocker|antagonist|agonist)s?\b", re.IGNORECASE
)


_GLOSS = re.compile(r"\s?\(?")


def _clause_start(text: str, end: int) -> int:
    return max((m.end() for m in re.finditer(r"[;。]", text[:end])), default=0)


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


_THE_SAME = re.compile(
    r"\bor\s+(?:together|combined|in combination)\s+with\s*$|(?:\bthe same|\bthis|\bthat|上述|同样|相同)(?:\s*(?:regimen|treatment|chemotherapy|combination|schedule|cycles|drugs|backbone|的?方案|的?治疗))?\s*(?:plus|with|and|combined with|基础上)?\s*(?:加用?|联合)?\s*$",
    re.IGNORECASE,
)


_ALONE_THEN = re.compile(r"(?:\beither |,\s*)alone\s*\(\s*(?:the\s+)?$", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:assigned|allocated|randomi[sz]ed|receive[ds]?|given|got)\b(?:[^,;.]{0,30}?\bto\b)?", re.IGNORECASE
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
    return _joined(passage.text, chain)


_CALLED = re.compile(r"\([^()]*(?:group|arm|cohort)\b[^()]*\)", re.IGNORECASE)
_LEFT_OPEN = re.compile(r"[;。]|\b(?:or|versus|vs|than|without|followed by|then)\b", re.IGNORECASE)


_UNSPELT_TOO = re.compile(r"\s*(?:联合|加用?|\+|plus|with)\s*(?:化疗|chemotherapy)", re.IGNORECASE)


def _tells_a_result(passage: Passage, start: int, end: int) -> bool:
    """Whether a result stands between two offsets; '+3、+4 d' is a schedule."""
    values = passage.between(start, end, "value")
    return bool(passage.between(start, end, "endpoint", "direction")) or any(
        v.code in ("%", "month") for v in values
    )


def add_groups_called_by_a_part(passage: Passage, result: Roster) -> None:
    """'isatuximab plus VRd (isatuximab group)': the group is called by a part of what it receives."""
    for whole, part in itertools.pairwise(passage.regimens):
        own = without_placebo(part.drugs)
        if (
            part.grouped
            and own
            and set(own) < set(whole.drugs)
            and re.fullmatch(r"[^,;。()]{0,24}\(\s*(?:the\s+)?", passage.text[whole.end : part.start])
            and own not in result.choices
        ):
            arm = _group_called(passage, part, whole.drugs)
            if result.by_drugs(whole.drugs) is None:
                result.arms.append(arm)
            result.choices[own] = result.by_drugs(whole.drugs) or arm


def _group_called(passage: Passage, part: RegimenMention, drugs: Iterable[str]) -> Arm:
    """The group that goes by the name of one of its drugs, as the paper writes it."""
    written = passage.text[part.start : part.end]
    chinese = re.search("[\u4e00-\u9fff]", passage.text[part.start : part.end + 1])
    return Arm(f"{written}组" if chinese else f"{part.label} group", without_placebo(drugs))


def add_same_with_more(passage: Passage, result: Roster) -> None:
    """'… (control group), or to the same cycles with isatuximab … (isatuximab group)': the drugs of the group before, and one."""
    for more, part in itertools.pairwise(passage.regimens):
        own = without_placebo(part.drugs)
        if (
            part.grouped
            and own == without_placebo(more.drugs)
            and result.arms
            and result.arms[-1].drugs
            and not set(own) & set(result.arms[-1].drugs)
            and own not in result.choices
            and _THE_SAME.search(passage.text[: more.start])
            and re.fullmatch(r"[^;。()]{0,80}\(\s*(?:the\s+)?", passage.text[more.end : part.start])
        ):
            arm = _group_called(passage, part, {*own, *result.arms[-1].drugs})
            result.arms.append(arm)
            result.choices[own] = arm


_EITHER = re.compile(
    r"\b(?:combined with|together with|with|plus|and)\s+either\s+(?:of\s+)?$|(?:联合|加用?)(?:以下药物之一)?\s*$",
    re.IGNORECASE,
)


def add_either_with_base(passage: Passage, result: Roster) -> None:
    """'X combined with either Y (Y group) or Z (Z group)': both groups get X."""
    text = passage.text
    for i, base in enumerate(passage.regimens[:-4]):
        first, called, second, also = passage.regimens[i + 1 : i + 5]
        pairs = ((first, called), (second, also))
        if (
            _EITHER.search(text[: first.start])
            and not re.search("[;。]", text[base.end : first.start])
            and all(
                c.grouped
                and c.drugs == t.drugs
                and re.fullmatch(r"[^;。()]{0,60}\(\s*(?:the\s+)?", text[t.end : c.start])
                for t, c in pairs
            )
        ):
            for t, c in pairs:
                own = without_placebo(t.drugs)
                arm = _group_called(passage, c, {*base.drugs, *own})
                result.arms.append(arm)
                result.choices[own] = arm
            return


def add_groups_named_for_a_drug(passage: Passage, result: Roster) -> None:
    """'地西他滨组54例:BuCy之前先给地西他滨', 'the nivolumab group received nivolumab plus ipilimumab': more than the name says."""
    for i, part in enumerate(passage.regimens):
        own = without_placebo(part.drugs)
        if not part.grouped or part.is_label or len(own) != 1 or own in result.choices:
            continue
        clause = re.split(r"[;。]", passage.text[part.end :])[0]
        told = _RECEIVES.search(re.sub(r"^(?:单药|治疗)?(?:组| group| arm)", "", clause))
        chain = [r for r in passage.regimens[i + 1 :] if r.end <= part.end + len(clause) and not r.grouped]
        if told is None or not chain or _tells_a_result(passage, part.end, chain[-1].end):
            continue
        whole = without_placebo(_joined(passage.text, chain))
        if set(own) < set(whole) and result.by_drugs(whole) is None:
            arm = _group_called(passage, part, whole)
            result.arms.append(arm)
            result.choices[own] = arm


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
    arm = (
        same if same is not None else Arm(without_group_word(name), without_placebo(drugs), _role_told(group))
    )
    result.aliases[name] = arm
    if same is None:
        result.arms.append(arm)


def _role_told(group: Mention) -> str:
    """The role that the group's name says; 'the triplet' may be either."""
    by_number = re.search(r"[两二双三四]药|doublet|triplet|quadruplet", group.text)
    return group.code if group.kind == "arm-role" and not by_number else ""


def _bracketed_alias(passage: Passage, group: Mention) -> RegimenMention | None:
    """The regimen behind which a group's name stands in brackets: '每2周接受雷莫西尤单抗10 mg/kg(联合组)'."""
    near = [r for r in passage.regimens if r.end <= group.start and without_placebo(r.drugs)]
    if (
        near
        and re.fullmatch(
            r"(?:[^,;。()]|\([^()]*\)){0,40}\((?:[^()]{0,60}[;,]\s*)?\s*(?:以?下)?(?:简)?称?(?:为)?",
            passage.text[near[-1].end : group.start],
        )
        and "placebo"
        not in {
            drug_classes().get(d)
            for r in passage.regimens
            if near[-1].end <= r.start < group.start
            for d in r.drugs
        }
    ):
        return near[-1]
    return None


def _joined(text: str, chain: Sequence[RegimenMention]) -> set[str]:
    """The drugs of treatments told one after the other as given together."""
    drugs = set(chain[0].drugs)
    for before, more in itertools.pairwise(chain):
        gap = re.sub(r"\d[\d.]*\s*(?:或|or)\s*\d[\d.]*|\([^()]*\)", "", text[before.end : more.start])
        if re.search(r"[;。]|或|\bor\b", gap):
            break
        if re.search(
            r"联合|加用|加|另|先给|plus|\+|与|和|及|、|and|with|并|,\s*(?:第[^,;。]{1,8})?(?:静脉滴注|静脉注射|静脉输注|静滴|口服|皮下注射|肌内注射)\s*$",
            gap,
        ):
            drugs |= set(more.drugs)
    return drugs


_ADDITION = re.compile(r"\b(?:the )?(?:addition of|adding|add)\s+(?:\w+ )?$", re.IGNORECASE)


def add_additions(passage: Passage, result: Roster) -> None:
    """'the addition of X to Y lengthened …': X+Y is tested against Y."""
    for more, base in itertools.pairwise(passage.regimens):
        whole = without_placebo({*more.drugs, *base.drugs})
        if (
            _ADDITION.search(passage.text[: more.start])
            and re.fullmatch(
                r"(?:\s*\([^()]*\))?\s*to\s+(?:the\s+)?(?:standard\s+)?", passage.text[more.end : base.start]
            )
            and without_placebo(base.drugs)
            and result.by_drugs(whole) is None
        ):
            result.arms.append(Arm(f"{more.label} plus {base.label}", whole, "experimental"))
            if result.by_drugs(base.drugs) is None:
                result.arms.append(Arm(base.label, without_placebo(base.drugs), "control"))


_WITH_OR_WITHOUT = re.compile(
    r"(?:\s+for\s[^,;.()]{1,40})?\s*,?\s*(?:(?:was|were) given\s+)?(?:alone\s+)?(?:with or without|without,? (?:and|or) with,?|with,? (?:and|or) without,?|±|联合或不联合|加或不加|联合(?=[^,;。]{0,24}或不联合)|either alone or (?:with|combined with|in combination with|plus)|alone or (?:with|combined with|in combination with|plus))\s*(?:the\s+)?",
    re.IGNORECASE,
)


def add_with_or_without(passage: Passage, result: Roster) -> None:
    """'A with or without B': B+A is tested against A alone."""
    for before, more in zip(passage.regimens, passage.regimens[1:], strict=False):
        if _WITH_OR_WITHOUT.fullmatch(passage.text[before.end : more.start]):
            base = without_placebo(before.drugs)
            full = without_placebo({*before.drugs, *more.drugs})
            if base and full != base and result.by_drugs(full) is None:
                result.arms += [Arm(f"{before.label} + {more.label}", full, "experimental")]
                if result.by_drugs(base) is None:
                    result.arms += [Arm(before.label, base, "control")]
