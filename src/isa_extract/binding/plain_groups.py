"""Groups that are no regimens of their own: placebo, usual care, transplanted or not; and what is left when
nothing defines the arms: pairs that sentences set beside each other."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from isa_extract.binding.backbones import backbone_of, gap_less_doses
from isa_extract.binding.contrasts import Contrast, contrasts, lone_groups
from isa_extract.binding.group_names import group_name, names_of, without_group_word
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, classes_of, without_placebo
from isa_extract.binding.treatments import beside_a_value, is_earlier_treatment
from isa_extract.finding.match import Mention
from isa_extract.records import Arm
from isa_extract.vocabulary import UNSPELT


def add_placebo(found: Sequence[Passage], result: Roster) -> None:
    """The placebo group, where the study has one; it is the control."""
    mentions = [
        (p, r)
        for p in found
        for r in p.regimens
        if r.drugs and "placebo" in classes_of(r.drugs) and not _is_optional(p.text, r.start, r.end)
    ]
    if not mentions or "placebo" in result.aliases:
        return
    # '57% and 33% with X and placebo' lists two groups and joins nothing
    with_more = [
        r for _, r in mentions if without_placebo(r.drugs) and not (r.members and len(r.members) == 2)
    ]
    backbone = without_placebo(with_more[0].drugs) if with_more else backbone_of(found)
    known = result.by_drugs(backbone) if backbone else None
    if known is not None and len(result.arms) == 2 and not with_more:
        tested = next(a for a in result.arms if a != known)
        if tested.drugs and not set(tested.drugs) & set(backbone):
            # 'Y with either X or placebo': what is tested is given with the backbone, and the backbone is the control
            both = Arm(
                f"{tested.label} + {known.label}", tuple(sorted({*tested.drugs, *backbone})), "experimental"
            )
            control = replace(known, role="control")
            result.arms = [both, control]
            result.choices[tested.drugs] = both
            result.aliases["placebo"] = control
            return
    called = set(result.aliases.values())
    named_already = len(result.arms) >= 2 and all(a.drugs or a in called for a in result.arms)
    if known in called and len(result.arms) > 2 and called >= set(result.arms):
        result.change({known: replace(known, role="control")})  # one of the lettered groups is blinded
        result.aliases["placebo"] = next(a for a in result.arms if a.drugs == backbone)
        return
    if not with_more and not any(r.grouped for _, r in mentions):
        told = next((a for a in result.arms if a.role == "control"), None)
        if told is not None and (named_already or len(result.arms) == 2):
            result.aliases["placebo"] = told
            if backbone and not told.drugs:
                if known is not None and known not in result.aliases.values():
                    result.arms.remove(known)  # what both groups receive, told under its own name
                _give_to_all(result, backbone)
            return
        among_doses = len({a.drugs for a in result.arms}) == 1 and any(
            beside_a_value(p, r.start, r.end) for p, r in mentions
        )
        if (len(result.arms) == 2 or (known is None and named_already)) and not among_doses:
            return  # both arms have names, and the placebo only blinds one of them
    passage, first = next(((p, r) for p, r in mentions if r.grouped), mentions[0])
    chinese = re.search("[\u4e00-\u9fff]", passage.text[first.start : first.end])
    label = "安慰剂组" if chinese else "placebo"
    covering = [
        group_name(m)
        for p, r in mentions
        for m in p.of("arm-named")
        if m.start <= r.start and r.end <= m.end and "或" in m.text
    ]
    name = covering[0] if len(covering) > 1 else known.label if known in called and known else label
    control = Arm(name, backbone, "control")
    if known is not None:
        result.arms.remove(known)
        result.aliases = {n: control if arm == known else arm for n, arm in result.aliases.items()}
    # what is tested is given with what both groups receive
    _give_to_all(result, backbone, but=[a for a in result.arms if not a.drugs])
    result.arms = [
        a
        for i, a in enumerate(result.arms)
        if a.drugs not in [b.drugs for b in result.arms[:i]] or not a.drugs or not backbone
    ]
    result.arms.append(control)
    result.aliases["placebo"] = control
    for name in covering:
        result.aliases[name] = control


def _give_to_all(result: Roster, drugs: Drugs, but: Sequence[Arm] = ()) -> None:
    """Add what all groups receive to what each receives of its own."""
    result.change(
        {a: replace(a, drugs=without_placebo({*a.drugs, *drugs})) for a in result.arms if a not in but}
    )


def _is_optional(text: str, start: int, end: int) -> bool:
    """'EP,加或不加安慰剂', 'chemotherapy with or without placebo', 'with placebo or nothing' of pooled trials."""
    return (
        re.search(
            r"(?:加或不加|联合或不联合|含或不含|with or without|±)\s*(?:an?\s+)?$",
            text[:start],
            re.IGNORECASE,
        )
        is not None
        or re.match(r"\s*(?:or|或)\s*(?:nothing|no treatment|不加|无)", text[end:], re.IGNORECASE) is not None
    )


CONTROL_CARE = re.compile(
    r"choice|\bTPC\b|\bBSC\b|standard[- ](?:of[- ])?care|usual care|observation|monitoring|surveillance|supportive|watch|(?:医生|研究者|医师)选择|观察|支持治疗|标准治疗|空白|常规",
    re.IGNORECASE,
)
_UNSPELT_WORD = re.compile(r"\bchemotherapy\b|^化疗组?$|\b(?:endocrine therapy|radiotherapy)\b")
_BESIDE = re.compile(
    r"(?:\b(?:or|versus|vs\.?|against|than|with|to)|或|对比|与|和)\s*(?:the\s+)?$", re.IGNORECASE
)


def add_named_groups(found: Sequence[Passage], result: Roster) -> None:
    """Groups that are no regimens: transplanted or not, A and B, 'physician's choice', 'the control group'."""
    if len(result.arms) >= 2 and all(a.drugs or a.role for a in result.arms):
        return
    counted: dict[str, tuple[int, Mention]] = {}
    for passage in found:
        for m in passage.of("arm-letter", "arm-named", "arm-role", "arm-plain"):
            for name in names_of(m):
                times, first = counted.get(name, (0, m))
                counted[name] = (times + 1, first)
    if len({n for n, (_, m) in counted.items() if m.kind == "arm-letter"}) < 2:
        counted = {n: (t, m) for n, (t, m) in counted.items() if m.kind != "arm-letter"}
    fresh = {n: (t, m) for n, (t, m) in counted.items() if n not in result.aliases}
    letters = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-letter" and t >= 2}
    if len(result.arms) < 2 and len(letters) + len(result.arms) >= 2:
        _append(result, letters)
    if len(result.arms) >= 2:
        return
    named = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-named" and (t >= 2 or result.arms)}
    if not named:
        beside = {
            m.code
            for p in found
            for m in p.of("arm-plain")
            if result.arms and _BESIDE.search(p.text[: m.start])
        }
        named = {
            n: m
            for n, (t, m) in fresh.items()
            if m.kind == "arm-plain" and m.code not in UNSPELT and (t >= 2 or n in beside)
        }
    plain = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-plain" and t >= 2}
    roles = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-role" and (t >= 2 or result.arms)}
    if len(result.arms) == 1:
        # one treatment is known: the other group is the one that is no regimen
        control = [n for n, m in roles.items() if m.code == "control"]
        beside_values = Counter(
            without_group_word(name)
            for p in found
            for m in p.of("arm-named", "arm-plain")
            for name in names_of(m)
            if beside_a_value(p, m.start, m.end)
        )
        told = sorted(
            (
                n
                for n in {**named, **plain}
                if beside_values[without_group_word(n)] >= (1 if control and _UNSPELT_WORD.search(n) else 2)
                or (n in named and CONTROL_CARE.search(n))
            ),
            key=lambda n: -beside_values[without_group_word(n)],
        )
        named |= plain
        other = told[:1] or control[:1] or sorted(named, key=lambda n: -fresh[n][0])[:1]
        for name in other:
            _append(result, {name: fresh[name][1]}, "control")
            for alias in (*control, *(n for n in told if n not in other)):
                result.aliases.setdefault(alias, result.arms[-1])
    elif len(named) >= 2:
        _append(result, dict(sorted(named.items(), key=lambda item: -fresh[item[0]][0])[:2]))
    elif roles:
        codes: dict[str, str] = {}
        for n, m in roles.items():
            codes.setdefault(m.code, n)
        if len(codes) == 2:
            _append(result, {n: roles[n] for n in sorted(codes.values(), key=list(fresh).index)})


_AND_WITH = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:with|to|versus|vs\.?|against|or|与|和|对比|或)\s*(?:the\s+)?", re.IGNORECASE
)
_COMPARES = re.compile(
    r"\bcompar(?:ed|es|ing|ison)\b|randomi[sz]ed|\bversus\b|\bvs\b|\bpitted\b|\bagainst\b|比较|对比|随机",
    re.IGNORECASE,
)


_POOLED = re.compile(r"meta-analys|systematic review|pooled|meta分析|系统评价|荟萃", re.IGNORECASE)
_CLASS_GROUP = re.compile(
    r"\b(?P<en>[A-Z][\w-]*(?:/[A-Z][\w-]*)* (?:inhibitor|antagonist|agonist|antibod|blocker)(?:s|ies|y)?)\b"
    r"|(?P<zh>[A-Z][A-Za-z0-9-]*(?:/[A-Z][A-Za-z0-9-]*)*(?:抑制剂|拮抗剂|激动剂|抗体|单抗))"
)


def add_pooled_class(found: Sequence[Passage], result: Roster) -> None:
    """A meta-analysis of a class of drugs: 'PARP inhibitors' against placebo, or against the control group."""
    if not any(_POOLED.search(p.text) for p in found[:3]):
        return
    forms: Counter[str] = Counter()
    sentences: Counter[str] = Counter()
    for passage in found:
        here = [m["en"] or m["zh"] for m in _CLASS_GROUP.finditer(passage.text)]
        forms.update(here)
        sentences.update({_singular(form) for form in here})
    often = [name for name, n in sentences.most_common(2) if n >= 4]
    groups = [m for p in found for m in p.of("arm-named") if _CLASS_GROUP.search(m.text)]
    if len(often) != 1 or len(groups) > 1:
        return  # 'the PARP inhibitor group' has a name of its own
    against = Counter(
        "placebo" for p in found for r in p.regimens if r.drugs and not without_placebo(r.drugs)
    ) + Counter(group_name(m) for p in found for m in p.of("arm-role") if m.code == "control")
    if not against:
        return
    label = max((f for f in forms if _singular(f) == often[0]), key=len)
    tested, control = Arm(label, (), "experimental"), Arm(against.most_common(1)[0][0], (), "control")
    result.arms = [tested, control]
    result.aliases |= {control.label: control, **{group_name(m): tested for m in groups}}
    result.written.update({f: tested for f in forms if _singular(f) == often[0]})


def _singular(form: str) -> str:
    return re.sub(r"(?:ies|y|s)$", "", form)


def add_compared(found: Sequence[Passage], result: Roster) -> None:
    """'This trial compared A with B', '随机接受A或B': two treatments that are named once."""
    if len(result.arms) >= 2:
        return
    for passage in found[:_INTRODUCTION]:
        if passage.sentence.kind == "heading" or not _COMPARES.search(passage.text):
            continue
        for a, b in itertools.pairwise(passage.regimens):
            pair = [Arm(r.label, without_placebo(r.drugs)) for r in (a, b)]
            earlier = is_earlier_treatment(passage.text[: a.start])
            if (
                all(x.drugs for x in pair)
                and pair[0].drugs != pair[1].drugs
                and not earlier
                and _AND_WITH.fullmatch(re.sub(r"[\s,]+", " ", gap_less_doses(passage.text, a.end, b.start)))
            ):
                known = [result.by_drugs(x.drugs) or x for x in pair]
                result.arms = [*known, *(x for x in result.arms if x not in known)]
                return


_INTRODUCTION = 4  # sentences


def set_against_each_other(found: Sequence[Passage], result: Roster) -> tuple[Arm, Arm] | None:
    """The two groups that two sentences with values and more set against each other, and no others as often."""
    told, pairs = _contrasted(found, _named_contrasts)
    often = [k for k, n in told.most_common(2) if n >= 2]
    if len(often) != 1:
        return None
    a, b = pairs[often[0]]
    return (result.by_drugs(a.drugs) or a, result.by_drugs(b.drugs) or b)


def _named_contrasts(passage: Passage) -> Iterable[Contrast]:
    """Pairs of which both have a name of their own."""
    return (c for c in contrasts(passage) if not (says_little(c.first.label) or says_little(c.second.label)))


def _contrasted(
    found: Sequence[Passage], telling: Callable[[Passage], Iterable[Contrast]]
) -> tuple[Counter[tuple[str, str]], dict[tuple[str, str], tuple[Arm, Arm]]]:
    """How many sentences set each pair of groups beside each other, and the pairs as first told."""
    told: Counter[tuple[str, str]] = Counter()
    pairs: dict[tuple[str, str], tuple[Arm, Arm]] = {}
    for passage in found:
        here = {}
        for c in telling(passage):
            first, second = sorted("+".join(a.drugs) or a.label.lower() for a in (c.first, c.second))
            here[first, second] = (c.first, c.second)
        told.update(here.keys())
        for key, pair in here.items():
            pairs.setdefault(key, pair)
    return told, pairs


def add_contrasted(found: Sequence[Passage], result: Roster) -> None:
    """Where nothing else tells two arms: groups that sentences with values set beside each other."""
    if len(result.arms) >= 2:
        return
    told, pairs = _contrasted(found, lambda p: (*contrasts(p, called=True), *_worded_pairs(p)))
    if not told:
        _add_lone(found, result)
        return
    best = max(told, key=lambda k: told[k])
    if result.arms and _is_taken_apart(result.arms[0], pairs[best]):
        result.arms.clear()
    if result.arms and not any(
        a.label == b.label or (a.drugs and a.drugs == b.drugs) for a in result.arms for b in pairs[best]
    ):
        return  # what is set against each other there are no groups of this study
    first, second = pairs[best]
    called = _as_called(found, first), _as_called(found, second)
    take_contrasted(called if first not in called and second not in called else pairs[best], result)


def _as_called(found: Sequence[Passage], arm: Arm) -> Arm:
    """'closure' as the paper calls it: 'closure group'."""
    forms = (
        {f"{arm.label} {word}" for word in ("group", "arm", "cohort")}
        if not (arm.drugs or arm.label.endswith("alone"))
        else set()
    )
    called = next((n for p in found for m in p.of("arm-named") if (n := group_name(m)) in forms), "")
    return replace(arm, label=called) if called else arm


def _is_taken_apart(arm: Arm, pair: Sequence[Arm]) -> bool:
    """'with FEC 100 than with FEC 75', 'in fulvestrant and anastrozole-treated patients': two arms, not one."""
    names = [b.label.lower() for b in pair]
    one = arm.label.lower()
    return one not in names and (
        all(n.startswith(one) for n in names) or (all(n in one for n in names) and " and " in one)
    )


def take_contrasted(pair: tuple[Arm, Arm], result: Roster) -> None:
    """Make the arms of the study two groups that its sentences set against each other."""
    told_so = []
    for arm in pair:
        known = result.by_drugs(arm.drugs) if arm.drugs else result.aliases.get(arm.label.lower())
        told_so.append(known or arm)
        if not arm.drugs:
            result.written[arm.label] = known or arm
    result.arms = [*told_so, *(a for a in result.arms if a not in told_so)]


def _worded_pairs(passage: Passage) -> list[Contrast]:
    """Two groups called so in one sentence that has values: 'arm A … arm B', 'the SL group … the LAG group'."""
    found = _worded_groups(passage)
    return [Contrast(found[0], found[1])] if len(found) == 2 else []


_BOTH = re.compile(r"\s+and\s+|和|与")
"""Between a treatment and a word for a group: 'in both the X and the standard-care arm', 'X和对照组均为…'."""


def _worded_groups(passage: Passage) -> list[Arm]:
    """What one sentence with values calls a group."""
    if len(passage.quantities) < 2:
        return []
    named: dict[str, Arm] = {}
    for m in passage.of("arm-letter", "arm-named", "arm-role", "arm-dose"):
        for name in names_of(m):
            label = name if m.kind == "arm-letter" else re.sub(r"^the\s+", "", m.text, flags=re.IGNORECASE)
            named.setdefault(name, Arm(label, (), m.code if m.kind == "arm-role" else ""))
    groups = [m.start for m in passage.of("arm-named", "arm-role")]
    for r in passage.regimens:
        drugs = without_placebo(r.drugs)
        if r.grouped or any(_BOTH.fullmatch(passage.text[r.end : start]) for start in groups):
            named.setdefault("+".join(drugs) or "placebo", Arm(r.label if drugs else "placebo", drugs))
    return list(named.values())


def _add_lone(found: Sequence[Passage], result: Roster) -> None:
    """The one group that has a name where its values are set against those of 'the other'."""
    told = {
        a for p in found for a in (*lone_groups(p), *(_worded_groups(p) if p.sentence.lang == "en" else ()))
    }
    arm = next(iter(told), None)
    if arm is not None and len(told) == 1 and not (result.arms or says_little(arm.label)):
        result.arms.append(arm)
        result.written[arm.label] = arm


def says_little(name: str) -> bool:
    return re.search(r"control|comparator|reference|older|对照|参照", name) is not None


def _append(result: Roster, groups: dict[str, Mention], role: str = "") -> None:
    for name, m in groups.items():
        arm = Arm(
            m.text if m.kind == "arm-plain" else without_group_word(name),
            (),
            role or (m.code if m.kind == "arm-role" else ""),
        )
        result.aliases[name] = arm
        result.arms.append(arm)
