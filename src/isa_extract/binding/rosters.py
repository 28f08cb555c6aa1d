"""Who takes part in a study: its arms, what they receive, their roles and other names.

The arms are gathered from all sentences that speak of the study before any value is bound, so that 'the
control group' in its first sentence can mean the regimen named in its third.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.backbones import add_common_treatment, backbone_of
from isa_extract.binding.contrasts import contrasts
from isa_extract.binding.group_names import group_name, letters_of, names_of
from isa_extract.binding.passages import Passage
from isa_extract.binding.roles import give_roles
from isa_extract.binding.study_arms import Drugs, Roster, classes_of, without_placebo
from isa_extract.binding.treatments import beside_a_value, is_earlier_treatment, is_short_label, treatments
from isa_extract.finding.lexicons import drug_classes
from isa_extract.finding.match import Mention
from isa_extract.finding.regimen_labels import not_regimens
from isa_extract.finding.regimens import RegimenMention
from isa_extract.records import Arm
from isa_extract.vocabulary import UNSPELT

# --------------------------------------------------------------------------------------- the whole roster


def roster(found: Sequence[Passage], before: Passage | None = None) -> Roster:
    """The arms of a study, from the sentences that speak of it.

    Args:
        before: the sentence that leads up to the first of them; it may name the drug that the study tests.
    """
    result = Roster(chemotherapy=_chemotherapy(found))
    if result.chemotherapy:
        found = [
            replace(p, regimens=tuple(replace(r, drugs=result.spelt(r.drugs)) for r in p.regimens)) for p in found
        ]
    for passage in found:
        _add_groups_called_by_a_part(passage, result)
        _add_defined_groups(passage, result)
        _add_with_or_without(passage, result)
        if not result.arms:
            _add_additions(passage, result)
    _add_lettered(found, result)
    _add_dose_groups(found, result)
    if len(result.arms) < 2:
        by_treatment, firm = treatments(found, result)
        defined = len(result.arms)
        if firm < 2:
            _add_called_groups(found, result)
        if firm >= 2 or len(result.arms) == defined:
            result.arms += [a for a in by_treatment if result.by_drugs(a.drugs) is None]
    _add_placebo(found, result)
    _add_named_groups(found, result)
    _add_contrasted(found, result)
    if len(result.arms) == 2 and result.arms[0].drugs not in ((), result.arms[1].drugs) and any(_SINGLE_ARM.search(p.text) for p in found[:8]):
        result.arms = result.arms[:1]
    if not result.arms:
        _add_only_treatment(found, before, result)
    add_common_treatment(found, result)
    give_roles(found, result)
    for passage in found:
        _add_bracketed_labels(passage, found, result)
    return result


def _chemotherapy(found: Sequence[Passage]) -> Drugs:
    """What 'chemotherapy' stands for: 'platinum doublet (X and Y)', or the backbone to which a drug is added."""
    if not any(UNSPELT in r.drugs for p in found for r in p.regimens):
        return ()
    for passage in found:
        for r, spelt in itertools.pairwise(passage.regimens):
            gap = passage.text[r.end : spelt.start]
            alone = UNSPELT not in spelt.drugs and "placebo" not in classes_of(spelt.drugs)
            if r.drugs[-1:] and UNSPELT in r.drugs and alone and len(spelt.drugs) > 1 and re.fullmatch(r"\s*(?:治疗)?\s*\(\s*", gap) and not _is_by_choice(passage.text[spelt.start :]):
                return without_placebo(spelt.drugs)
    return backbone_of(found)


_LABEL = re.compile(r"\((?P<label>[A-Z][A-Za-z0-9+/-]{1,9})(?:组| group| arm)?\)")


def _add_bracketed_labels(passage: Passage, found: Sequence[Passage], result: Roster) -> None:
    """'医生选择的化疗(TPC)', '对照组把X换成安慰剂,其余不变(PBR)': a label that the paper gives a group and goes on to use."""
    groups = passage.of("arm-named", "arm-role", "arm-plain")
    for m, after in itertools.zip_longest(groups, groups[1:]):
        arm = result.aliases.get(group_name(m)) or (
            next((a for a in result.arms if a.role == m.code), None) if m.kind == "arm-role" else None
        )
        stop = after.start if after is not None else len(passage.text)
        clause = re.split(r"[;。]", passage.text[m.end : stop])[0]
        told = _LABEL.search(clause)
        if arm is None or told is None or told["label"] in not_regimens():
            continue
        if any(r.label == told["label"] for p in found for r in p.regimens):
            continue
        used = re.compile(rf"{re.escape(told['label'])}(?:组|\s?groups?\b|\s?arms?\b|\s*(?:是|为|只?有|was|had)?\s*\d)")
        if not any(used.search(p.text) for p in found):
            continue
        named = replace(arm, label=told["label"])
        result.arms = [named if a == arm else a for a in result.arms]
        result.aliases = {name: named if a == arm else a for name, a in result.aliases.items()}
        result.written[told["label"]] = named


_SINGLE_ARM = re.compile(r"\bsingle-(?:arm|group)\b|单臂|单组", re.IGNORECASE)


def _is_by_choice(bracket: str) -> bool:
    return re.search(r"\bor\b|或", bracket.split(")")[0]) is not None


# ------------------------------------------------------------------------------------ groups that are defined

_RECEIVES = re.compile(
    r"^\s*(?:患者|patients)?\s*(?:\([^()]*\))?\s*(?:\(?n\s*=\s*\d+\)?)?\s*(?:\d+\s*(?:例|人|名))?(?:患者)?(?:均)?\s*(?:则|仅|单纯|单独|另)?\s*"
    r"(?:于[^,;。]{0,14})?(?:接受|给予|采用|应用|使用|予以?|行|口服|静脉滴注|静滴|为|单用|单纯|在|服用|用|以|received|was given|were given|were treated with|treated with|got|receiving|:|,)",
    re.IGNORECASE,
)


def _add_defined_groups(passage: Passage, result: Roster) -> None:
    """'A组(58例)接受X、Y', '观察组在对照组基础上加用Z', 'group A received X'."""
    text = passage.text
    groups = [m for m in passage.of("arm-letter", "arm-role", "arm-named") if len(letters_of(m)) <= 1]
    for i, group in enumerate(groups):
        stop = groups[i + 1].start if i + 1 < len(groups) else len(text)
        if i + 1 < len(groups) and re.search(r"(?:在|于|同|与|参照|as in|same as)\s*$", text[group.end : stop]):
            stop = groups[i + 2].start if i + 2 < len(groups) else len(text)
        clause = re.split(r"[;。]", text[group.end : stop])[0]
        bracketed = _bracketed_alias(passage, group)
        if bracketed is not None and group_name(group) not in result.aliases:
            _define(result, group, set(bracketed.drugs))
            continue
        if not _RECEIVES.search(clause):
            continue
        chain = [r for r in passage.regimens if group.end <= r.start and r.end <= group.end + len(clause)]
        if not chain or passage.between(group.end, chain[0].start, "value", "endpoint", "direction"):
            continue
        drugs = _joined(text, chain)
        base = re.search(
            r"(?:在|于)\s*(?P<name>[^,;。]{1,10}?组|此|上述|前者)(?:的)?(?:治疗|方案|用药)?(?:的)?(?:基础|之)上",
            text[group.start : group.end + len(clause)],
        )
        if base:
            known = result.aliases.get(base["name"]) or (
                result.arms[-1] if base["name"] in ("此", "上述", "前者") and result.arms else None
            )
            drugs |= set(known.drugs) if known else set()
        if group_name(group) not in result.aliases:
            _define(result, group, drugs)


def _add_groups_called_by_a_part(passage: Passage, result: Roster) -> None:
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
            chinese = re.search("[\u4e00-\u9fff]", passage.text[part.start : part.end + 1])
            arm = Arm(f"{part.label}组" if chinese else f"{part.label} group", without_placebo(whole.drugs))
            if result.by_drugs(whole.drugs) is None:
                result.arms.append(arm)
            result.choices[own] = result.by_drugs(whole.drugs) or arm


def _add_lettered(found: Sequence[Passage], result: Roster) -> None:
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


def _add_dose_groups(found: Sequence[Passage], result: Roster) -> None:
    """Arms told by dose level: '50 mg组', 'the 5-mg/kg group', 'at 4 mg/kg'; all receive the study's drug."""
    if len(result.arms) >= 2:
        return
    counted: dict[str, list[int]] = {}
    called: set[str] = set()
    for order, passage in enumerate(found):
        for m in passage.of("arm-dose"):
            counted.setdefault(group_name(m), []).append(order * 10_000 + m.start)
            if re.search(r"组|group|cohort|arm|队列", m.text):
                called.add(group_name(m))
    often = {n: places for n, places in counted.items() if len(places) >= 2}
    if len(often) < 2 or not called & set(often):
        return
    by_treatment, _ = treatments(found, result)
    lone = [a for a in by_treatment if len(a.drugs) == 1]
    drugs = lone[0].drugs if lone else ()
    result.arms = []
    for name in sorted(often, key=lambda n: often[n][0]):
        arm = Arm(name, drugs, "experimental")
        result.aliases[name] = arm
        result.arms.append(arm)


def _define(result: Roster, group: Mention, drugs: set[str]) -> None:
    name = group_name(group)
    same = result.by_drugs(drugs)
    arm = (
        same
        if same is not None
        else Arm(name, without_placebo(drugs), _role_told(group))
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
            r"(?:[^,;。()]|\([^()]*\)){0,24}\(\s*(?:以下)?(?:简)?称?(?:为)?",
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
        gap = text[before.end : more.start]
        if re.search(r"[;。]|或|\bor\b", gap):
            break
        if re.search(r"联合|加用|加|另|plus|\+|与|和|及|、|and|with|并", gap):
            drugs |= set(more.drugs)
    return drugs


_ADDITION = re.compile(r"\b(?:the )?(?:addition of|adding|add)\s+(?:\w+ )?$", re.IGNORECASE)


def _add_additions(passage: Passage, result: Roster) -> None:
    """'the addition of X to Y lengthened …': X+Y is tested against Y."""
    for more, base in itertools.pairwise(passage.regimens):
        whole = without_placebo({*more.drugs, *base.drugs})
        if (
            _ADDITION.search(passage.text[: more.start])
            and re.fullmatch(r"(?:\s*\([^()]*\))?\s*to\s+(?:the\s+)?(?:standard\s+)?", passage.text[more.end : base.start])
            and without_placebo(base.drugs)
            and result.by_drugs(whole) is None
        ):
            result.arms.append(Arm(f"{more.label} plus {base.label}", whole, "experimental"))
            if result.by_drugs(base.drugs) is None:
                result.arms.append(Arm(base.label, without_placebo(base.drugs), "control"))


_WITH_OR_WITHOUT = re.compile(
    r"\s*,?\s*(?:(?:was|were) given\s+)?(?:alone\s+)?(?:with or without|without,? (?:and|or) with,?|with,? (?:and|or) without,?|±|联合或不联合|加或不加|联合(?=[^,;。]{0,24}或不联合)|either alone or (?:with|combined with|in combination with|plus)|alone or (?:with|combined with|in combination with|plus))\s*(?:the\s+)?",
    re.IGNORECASE,
)


def _add_with_or_without(passage: Passage, result: Roster) -> None:
    """'A with or without B': B+A is tested against A alone."""
    for before, more in zip(passage.regimens, passage.regimens[1:], strict=False):
        if _WITH_OR_WITHOUT.fullmatch(passage.text[before.end : more.start]):
            base = without_placebo(before.drugs)
            full = without_placebo({*before.drugs, *more.drugs})
            if base and full != base and result.by_drugs(full) is None:
                result.arms += [Arm(f"{before.label} + {more.label}", full, "experimental")]
                if result.by_drugs(base) is None:
                    result.arms += [Arm(before.label, base, "control")]


# ---------------------------------------------------------------------------------------- groups that are called so


def _add_called_groups(found: Sequence[Passage], result: Roster) -> None:
    """What the text calls a group, time and again: 'Isa-Kd组', 'the LEN group', '免疫化疗组', 'placebo group'.

    Names of one group are put together: words for a role where others name the groups, a drug that one
    regimen contains. Fewer than two groups decide nothing here.
    """
    called: dict[Drugs | str, list[tuple[int, str, str]]] = {}
    for order, passage in enumerate(found):
        at = order * 10_000
        for r in passage.regimens:
            drugs = without_placebo(r.drugs)
            if r.grouped and drugs:
                called.setdefault(drugs, []).append((at + r.start, r.label, ""))
            elif r.grouped:
                called.setdefault("placebo", []).append((at + r.start, "placebo", "control"))
        for m in passage.of("arm-role", "arm-named"):
            role = m.code if m.kind == "arm-role" else ""
            name = f"{role} role" if role else group_name(m)
            called.setdefault(name, []).append(
                (at + m.start, re.sub(r"^the\s+", "", m.text, flags=re.IGNORECASE), role)
            )
    own = {k: v for k, v in called.items() if not str(k).endswith(" role") and len(v) >= 2}
    # a drug that one larger regimen among the groups contains is that group by another name
    for drugs in [k for k in own if isinstance(k, tuple)]:
        holding = [k for k in own if isinstance(k, tuple) and set(drugs) < set(k)]
        if len(holding) == 1 and len(own) > 2:
            own[holding[0]] += own.pop(drugs)
    # 'the PARP inhibitor group' of a meta-analysis takes in olaparib, told of one of its trials
    for drugs in [k for k in own if isinstance(k, tuple) and len(k) == 1]:
        if any(isinstance(k, str) and c and c.lower() in k for k in own for c in classes_of(drugs)):
            del own[drugs]
    roles = {
        p[2]: p[1]
        for k, v in called.items()
        if str(k).endswith(" role") and len(v) >= 2
        for p in sorted(v, key=lambda place: (_says_little(place[1]), place))[:1]
    }
    if len(own) == 1 and any(isinstance(name, str) and _CONTROL_CARE.search(name) for name in own):
        return  # 'physician's choice' and 'the control group' are one; what is tested has a name elsewhere
    if len(own) == 1 and "control" in roles and "placebo" not in own:
        own[roles["control"]] = called["control role"]
    elif not own and len(roles) == 2:
        own = {roles[r]: called[f"{r} role"] for r in roles}
    if len(own) < 2:
        return
    most = sorted((len(v) for v in own.values()), reverse=True)[1]
    for key, places in sorted(own.items(), key=lambda item: min(item[1])):
        if len(places) * 3 < most:
            continue
        if key == "placebo":
            continue  # told of, with what both groups receive, by _add_placebo
        first = min(places)
        if isinstance(key, tuple):
            arm = Arm(next((p[1] for p in sorted(places) if is_short_label(p[1])), first[1]), key)
            if result.by_drugs(key) is None:
                result.arms.append(arm)
        elif key not in result.aliases:
            label = _without_group_word(first[1]) if first[1].isascii() else key
            arm = Arm(label, (), first[2])
            result.arms.append(arm)
            result.aliases[key] = arm


# ------------------------------------------------------------------------------------------ treatments by name


# --------------------------------------------------------------------------------- groups that are no regimens


def _add_placebo(found: Sequence[Passage], result: Roster) -> None:
    """The placebo group, where the study has one; it is the control."""
    mentions = [(p, r) for p in found for r in p.regimens if r.drugs and "placebo" in classes_of(r.drugs)]
    if not mentions:
        return
    # '57% and 33% with X and placebo' lists two groups and joins nothing
    with_more = [r for _, r in mentions if without_placebo(r.drugs) and not (r.members and len(r.members) == 2)]
    backbone = without_placebo(with_more[0].drugs) if with_more else backbone_of(found)
    known = result.by_drugs(backbone) if backbone else None
    if len(result.arms) == 2 and not with_more and not any(r.grouped for _, r in mentions):
        control = next((a for a in result.arms if a.role == "control"), None)
        if control is not None:
            result.aliases["placebo"] = control
        return
    named_already = len(result.arms) >= 2 and all(a.drugs for a in result.arms)
    if known is None and named_already and not with_more and not any(r.grouped for _, r in mentions):
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
    control = Arm(covering[0] if len(covering) > 1 else label, backbone, "control")
    if known is not None:
        result.arms.remove(known)
    # what is tested is given with what both groups receive
    fuller = {
        a: replace(a, drugs=tuple(sorted({*a.drugs, *backbone}))) if a.drugs else a for a in result.arms
    }
    result.arms = [fuller[a] for a in result.arms]
    result.aliases = {name: fuller.get(arm, arm) for name, arm in result.aliases.items()}
    result.arms = [
        a
        for i, a in enumerate(result.arms)
        if a.drugs not in [b.drugs for b in result.arms[:i]] or not a.drugs
    ]
    result.arms.append(control)
    result.aliases["placebo"] = control
    for name in covering:
        result.aliases[name] = control


_CONTROL_CARE = re.compile(
    r"choice|standard (?:of )?care|usual care|observation|monitoring|surveillance|supportive|watch|(?:医生|研究者|医师)选择|观察|支持治疗|标准治疗|空白|常规",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"(?:\b(?:or|versus|vs\.?|against|than|with|to)|或|对比|与|和)\s*(?:the\s+)?$", re.IGNORECASE)


def _add_named_groups(found: Sequence[Passage], result: Roster) -> None:
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
            m.code for p in found for m in p.of("arm-plain") if result.arms and _BESIDE.search(p.text[: m.start])
        }
        named = {
            n: m
            for n, (t, m) in fresh.items()
            if m.kind == "arm-plain" and m.code != UNSPELT and (t >= 2 or n in beside)
        }
    plain = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-plain" and t >= 2}
    roles = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-role" and (t >= 2 or result.arms)}
    if len(result.arms) == 1:
        # one treatment is known: the other group is the one that is no regimen
        control = [n for n, m in roles.items() if m.code == "control"]
        beside_values = Counter(
            name
            for p in found
            for m in p.of("arm-named", "arm-plain")
            for name in names_of(m)
            if beside_a_value(p, m.start, m.end)
        )
        told = sorted(
            (n for n in {**named, **plain} if beside_values[n] >= 2 or (n in named and _CONTROL_CARE.search(n))),
            key=lambda n: -beside_values[n],
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


def _add_only_treatment(found: Sequence[Passage], before: Passage | None, result: Roster) -> None:
    """The one drug that a single-arm study names where it is introduced, or that leads up to it."""
    for passages in (found[:1], [before] if before is not None else [], found[:3]):
        named = {
            r.drugs: r
            for p in reversed(passages)
            for r in p.regimens
            if without_placebo(r.drugs) and not is_earlier_treatment(p.text[: r.start])
        }
        whole = {d: r for d, r in named.items() if not any(set(d) < set(other) for other in named)}
        if len(whole) == 1:
            (drugs, r), = whole.items()
            result.arms.append(Arm(r.label, without_placebo(drugs)))
            return


def _add_contrasted(found: Sequence[Passage], result: Roster) -> None:
    """Where nothing else tells two arms: groups that sentences with values set beside each other."""
    if len(result.arms) >= 2:
        return
    told: Counter[tuple[str, str]] = Counter()
    pairs: dict[tuple[str, str], tuple[Arm, Arm]] = {}
    for passage in found:
        for pair in [(c.first, c.second) for c in contrasts(passage)] + _worded_pairs(passage):
            key = tuple(sorted(a.label.lower() for a in pair))
            told[key[0], key[1]] += 1
            pairs.setdefault((key[0], key[1]), pair)
    if not told:
        return
    best = max(told, key=lambda k: told[k])
    if result.arms and not any(a.label == b.label or (a.drugs and a.drugs == b.drugs) for a in result.arms for b in pairs[best]):
        return  # what is set against each other there are no groups of this study
    told_so = []
    for arm in pairs[best]:
        known = result.by_drugs(arm.drugs) if arm.drugs else result.aliases.get(arm.label.lower())
        told_so.append(known or arm)
        if not arm.drugs:
            result.written[arm.label] = known or arm
    result.arms = [*told_so, *(a for a in result.arms if a not in told_so)]


def _worded_pairs(passage: Passage) -> list[tuple[Arm, Arm]]:
    """Two groups called so in one sentence that has values: 'arm A … arm B', 'the SL group … the LAG group'."""
    if len(passage.quantities) < 2:
        return []
    named: dict[str, Arm] = {}
    for m in passage.of("arm-letter", "arm-named", "arm-role", "arm-dose"):
        for name in names_of(m):
            label = name if m.kind == "arm-letter" else re.sub(r"^the\s+", "", m.text, flags=re.IGNORECASE)
            named.setdefault(name, Arm(label, (), m.code if m.kind == "arm-role" else ""))
    for r in passage.regimens:
        drugs = without_placebo(r.drugs)
        if r.grouped:
            named.setdefault("+".join(drugs) or "placebo", Arm(r.label if drugs else "placebo", drugs))
    found = list(named.values())
    return [(found[0], found[1])] if len(found) == 2 else []


def _without_group_word(name: str) -> str:
    """'standard-care group' is named for the care; 'control group' for the group."""
    told = re.match(r"(?:the )?(standard[- ](?:of[- ])?care|usual[- ]care|conventional therapy)[- ](?:group|arm|cohort)$", name)
    return told[1] if told else name


def _says_little(name: str) -> bool:
    return re.search(r"control|comparator|reference|older|对照|参照", name) is not None


def _append(result: Roster, groups: dict[str, Mention], role: str = "") -> None:
    for name, m in groups.items():
        arm = Arm(
            m.text if m.kind == "arm-plain" else _without_group_word(name), (), role or (m.code if m.kind == "arm-role" else "")
        )
        result.aliases[name] = arm
        result.arms.append(arm)


# ----------------------------------------------------------------------------------------- backbone and roles
