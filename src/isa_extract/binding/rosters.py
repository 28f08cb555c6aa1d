"""Who takes part in a study: its arms, what they receive, their roles and other names.

The arms are gathered from all sentences that speak of the study before any value is bound, so that 'the
control group' in its first sentence can mean the regimen named in its third.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from isa_extract.binding.passages import Passage
from isa_extract.finding.lexicons import drug_classes
from isa_extract.finding.match import Mention
from isa_extract.finding.regimens import RegimenMention
from isa_extract.records import Arm

Drugs = tuple[str, ...]


@dataclass(slots=True)
class Roster:
    """The arms of one study in order of introduction, and the other names they go by."""

    arms: list[Arm] = field(default_factory=list)
    aliases: dict[str, Arm] = field(default_factory=dict)

    def control(self) -> Arm | None:
        """The one control arm, or None."""
        return _only(a for a in self.arms if a.role == "control")

    def experimental(self) -> Arm | None:
        """The one experimental arm, or None."""
        return _only(a for a in self.arms if a.role == "experimental")

    def other(self, arm: Arm | None) -> Arm | None:
        """In a study of two arms, the other one."""
        if arm is None or len(self.arms) != 2 or arm not in self.arms:
            return None
        return next(a for a in self.arms if a != arm)

    def by_drugs(self, drugs: Iterable[str]) -> Arm | None:
        """The arm that gets exactly these drugs."""
        wanted = without_placebo(drugs)
        return next((a for a in self.arms if a.drugs and a.drugs == wanted), None)


def without_placebo(drugs: Iterable[str]) -> tuple[str, ...]:
    """Sorted INNs less placebo, which is no drug."""
    return tuple(sorted({d for d in drugs if drug_classes().get(d) != "placebo"}))


def _only(arms: Iterable[Arm]) -> Arm | None:
    found = list(arms)
    return found[0] if len(found) == 1 else None


# --------------------------------------------------------------------------------------- the whole roster


def roster(found: Sequence[Passage]) -> Roster:
    """The arms of a study, from the sentences that speak of it."""
    result = Roster()
    for passage in found:
        _add_defined_groups(passage, result)
        _add_with_or_without(passage, result)
    if len(result.arms) < 2:
        by_treatment, firm = _treatments(found, result)
        if firm < 2:
            _add_called_groups(found, result)
        if firm >= 2 or len(result.arms) < 2:
            result.arms += [a for a in by_treatment if result.by_drugs(a.drugs) is None]
    _add_placebo(found, result)
    _add_named_groups(found, result)
    _add_common_treatment(found, result)
    _give_roles(found, result)
    return result


# ------------------------------------------------------------------------------------ groups that are defined

_RECEIVES = re.compile(
    r"^\s*(?:患者|patients)?\s*(?:\([^()]*\))?\s*(?:\(?n\s*=\s*\d+\)?)?\s*(?:\d+\s*(?:例|人|名))?(?:患者)?(?:均)?\s*(?:则|仅|单纯|单独|另)?\s*"
    r"(?:接受|给予|采用|应用|使用|予以?|行|口服|静脉滴注|静滴|为|单用|单纯|在|服用|用|以|received|was given|were given|were treated with|treated with|got|receiving|:|,)",
    re.IGNORECASE,
)


def _add_defined_groups(passage: Passage, result: Roster) -> None:
    """'A组(58例)接受X、Y', '观察组在对照组基础上加用Z', 'group A received X'."""
    text = passage.text
    groups = [m for m in passage.of("arm-letter", "arm-role", "arm-named") if len(letters_of(m)) <= 1]
    for i, group in enumerate(groups):
        stop = groups[i + 1].start if i + 1 < len(groups) else len(text)
        if i + 1 < len(groups) and re.search(r"(?:在|于)\s*$", text[group.end : stop]):
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


def _define(result: Roster, group: Mention, drugs: set[str]) -> None:
    name = group_name(group)
    same = result.by_drugs(drugs)
    arm = (
        same
        if same is not None
        else Arm(name, without_placebo(drugs), group.code if group.kind == "arm-role" else "")
    )
    result.aliases[name] = arm
    if same is None:
        result.arms.append(arm)


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
    for before, more in zip(chain, chain[1:], strict=False):
        gap = text[before.end : more.start]
        if re.search(r"[;。]|或|\bor\b", gap):
            break
        if re.search(r"联合|加用|加|plus|\+|与|和|及|、|and|with|并", gap):
            drugs |= set(more.drugs)
    return drugs


_WITH_OR_WITHOUT = re.compile(
    r"\s*,?\s*(?:alone\s+)?(?:with or without|without,? (?:and|or) with,?|with,? (?:and|or) without,?|±|联合或不联合|加或不加|联合(?=[^,;。]{0,24}或不联合)|either alone or (?:with|combined with|in combination with|plus)|alone or (?:with|combined with|in combination with|plus))\s*(?:the\s+)?",
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
            key = f"{role} role" if role else group_name(m)
            called.setdefault(key, []).append((at + m.start, group_name(m), role))
    own = {k: v for k, v in called.items() if not str(k).endswith(" role") and len(v) >= 2}
    # a drug that one larger regimen among the groups contains is that group by another name
    for key in [k for k in own if isinstance(k, tuple)]:
        holding = [k for k in own if isinstance(k, tuple) and set(key) < set(k)]
        if len(holding) == 1 and len(own) > 2:
            own[holding[0]] += own.pop(key)
    roles = {
        p[2]: p[1]
        for k, v in called.items()
        if str(k).endswith(" role") and len(v) >= 2
        for p in sorted(v)[:1]
    }
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
            arm = Arm(next((p[1] for p in sorted(places) if _is_short_label(p[1])), first[1]), key)
            if result.by_drugs(key) is None:
                result.arms.append(arm)
        elif key not in result.aliases:
            arm = Arm(key, (), first[2])
            result.arms.append(arm)
            result.aliases[key] = arm


# ------------------------------------------------------------------------------------------ treatments by name


def _treatments(found: Sequence[Passage], result: Roster) -> tuple[list[Arm], int]:
    """Regimens that the study speaks of often and firmly enough to be its arms.

    Returns them in order of introduction, and how many of them the text calls groups or defines as labels.
    """
    scored: dict[Drugs, tuple[float, str, int]] = {}
    grouped: dict[Drugs, int] = {}
    for order, passage in enumerate(found):
        for place, drugs, label, weight in _candidates(passage):
            score, first, at = scored.get(drugs, (0.0, label, order * 10_000 + place))
            better = label if _is_short_label(label) and not _is_short_label(first) else first
            scored[drugs] = (score + weight, better, at)
        in_brackets = [
            r for r in passage.regimens if r.is_label and passage.text[r.start - 1 : r.start] == "("
        ]
        for r in passage.regimens:
            if r.grouped or (len(in_brackets) > 1 and r in in_brackets):
                grouped.setdefault(without_placebo(r.drugs), order * 10_000 + r.start)
    # the order of introduction is that of the groups: '在Rd的基础上加入卡非佐米,KRd组与Rd组'
    ranked = [
        (grouped.get(drugs, at) if len(grouped) > 1 else at, drugs, label, score)
        for drugs, (score, label, at) in scored.items()
    ]
    strong = [c for c in ranked if c[3] >= 2]
    if len(strong) < 2:
        strong = [c for c in ranked if c[3] >= 1]
    strong = _without_strays(strong)
    firm = set(grouped) | {
        without_placebo(r.drugs) for p in found for r in p.regimens if p.text[r.start - 1 : r.start] == "("
    }
    blinded = any("placebo" in _classes(r.drugs) for p in found for r in p.regimens)
    arms = [
        Arm(label, drugs)
        for _, drugs, label, _ in sorted(strong)
        if result.by_drugs(drugs) is None and not _is_part_only(drugs, strong, firm, blinded)
    ]
    return arms, sum(1 for a in arms if a.drugs in firm)


def _candidates(passage: Passage) -> Iterable[tuple[int, Drugs, str, float]]:
    """Treatments that the sentence may introduce as arms: place, drugs, label, how strongly it says so."""
    text = passage.text
    told = re.search(
        r"随机|randomi[sz]|assigned|allocated|比较|compar|versus|\bvs\b|对比|against|头对头|评估|评价|接受|考察|入组|received|gave|given|infused|回输|治疗|探讨|观察|用于|疗效|efficacy|safety",
        text,
    )
    background = passage.of("background")
    for r in passage.regimens:
        drugs = without_placebo(r.drugs)
        if not drugs or (background and background[0].start < r.start):
            continue
        weight = 0.0
        if _in_alternatives(text, r):
            weight = 0.1
        elif r.is_label:
            weight = 1.0 + (1.0 if r.grouped or text[r.start - 1 : r.start] == "(" else 0.0)
        elif r.grouped:
            weight = 2.0
        elif (
            (r.composed and told)
            or re.match(r"\s*(?:单药|单一疗法|单用|monotherapy|alone)", text[r.end :], re.IGNORECASE)
            or passage.sentence.kind == "title"
        ):
            weight = 1.0
        elif told or passage.quantities:
            weight = 0.6 if told else 0.4
        if re.search(
            r"(?:after|prior|previous(?:ly)?|既往|曾用|清淋|lymphodepletion|预处理)\W*(?:(?!received|assigned|randomi|given|接受)\w+\W+){0,3}$",
            text[: r.start],
        ):
            weight = min(weight, 0.1)
        if weight:
            yield r.start, drugs, r.label, weight


def _in_alternatives(text: str, r: RegimenMention) -> bool:
    """'(bicalutamide, nilutamide or flutamide)': drugs of which each patient gets one."""
    opening = text.rfind("(", max(0, r.start - 80), r.start)
    closing = text.find(")", r.end, r.end + 80)
    if opening < 0 or closing < 0 or ")" in text[opening : r.start]:
        return False
    return re.search(r"或|\bor\b", text[opening:closing]) is not None


def _is_short_label(label: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9+/-]{0,14}", label) is not None


def _without_strays(strong: list[tuple[int, Drugs, str, float]]) -> list[tuple[int, Drugs, str, float]]:
    """Of three and more, leave out those told of far less than the first two: slips, later treatment."""
    if len(strong) < 3:
        return strong
    second = sorted((c[3] for c in strong), reverse=True)[1]
    return [c for c in strong if c[3] >= second / 2]


def _is_part_only(
    drugs: Drugs, strong: Sequence[tuple[int, Drugs, str, float]], firm: set[Drugs], blinded: bool
) -> bool:
    """A drug or base regimen that a combination contains is what is tested or added to, not an arm of its own.

    Args:
        firm: what the text calls a group or defines in brackets.
        blinded: whether the study has a placebo group, so that a second arm is known.
    """
    bigger = [c for c in strong if set(drugs) < set(c[1])]
    if not bigger:
        return False
    if len(drugs) > 1:
        return drugs not in firm and next(c[3] for c in strong if c[1] == drugs) < 2
    if blinded and not any(c[1] in firm for c in bigger):
        return True
    others = [c for c in strong if c[1] != drugs and len(c[1]) > 1]
    own = next(c[3] for c in strong if c[1] == drugs)
    return len(others) >= 2 or own < 1.6


# --------------------------------------------------------------------------------- groups that are no regimens


def _add_placebo(found: Sequence[Passage], result: Roster) -> None:
    """The placebo group, where the study has one; it is the control."""
    mentions = [(p, r) for p in found for r in p.regimens if r.drugs and "placebo" in _classes(r.drugs)]
    if not mentions:
        return
    with_more = [r for _, r in mentions if without_placebo(r.drugs)]
    backbone = without_placebo(with_more[0].drugs) if with_more else _backbone(found)
    known = result.by_drugs(backbone) if backbone else None
    if len(result.arms) == 2 and not with_more and not any(r.grouped for _, r in mentions):
        control = next((a for a in result.arms if a.role == "control"), None)
        if control is not None:
            result.aliases["placebo"] = control
        return
    if known is None and len(result.arms) >= 2 and not with_more:
        # both arms are already named and the placebo only blinds one of them
        if all(a.drugs for a in result.arms) and not any(r.grouped for _, r in mentions):
            return
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


def _classes(drugs: Iterable[str]) -> set[str]:
    return {drug_classes().get(d, "") for d in drugs}


def group_name(m: Mention) -> str:
    """The name by which a group's other mentions find it: ``A组``, ``group A``, ``移植组``, ``control group``."""
    if m.kind == "arm-letter":
        letters = letters_of(m)
        if re.search("[\u4e00-\u9fff]", m.text):
            return f"{letters[0]}组"
        return f"{m.text.split()[0].lower().rstrip('s')} {letters[0]}"
    if m.kind == "arm-plain":
        return m.code
    name = re.sub(r"^the\s+", "", m.text.strip(), flags=re.IGNORECASE)
    if re.search("[\u4e00-\u9fff]", name):
        return name if re.search("[组臂]$", name) or m.kind == "arm-role" else name + "组"
    return name.lower()


def letters_of(m: Mention) -> list[str]:
    """The single letters (or figures) of 'A、B和C组'; empty for other groups."""
    written = m.part("letters")
    return re.findall(r"[A-E甲乙丙丁1-4]", re.sub(r"and", "", written)) if written else []


def names_of(m: Mention) -> list[str]:
    """All group names of a mention that may list several letters."""
    if m.kind != "arm-letter":
        return [group_name(m)]
    chinese = re.search("[\u4e00-\u9fff]", m.text)
    head = "" if chinese else m.text.split()[0].lower().rstrip("s") + " "
    return [f"{x}组" if chinese else f"{head}{x}" for x in letters_of(m)]


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
        named = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-plain" and t >= 2}
    roles = {n: m for n, (t, m) in fresh.items() if m.kind == "arm-role" and (t >= 2 or result.arms)}
    if len(result.arms) == 1:
        # one treatment is known: the other group is the one that is no regimen
        control = [n for n, m in roles.items() if m.code == "control"]
        other = control[:1] or sorted(named, key=lambda n: -fresh[n][0])[:1]
        for name in other:
            _append(result, {name: fresh[name][1]}, "control")
            for alias in control:
                result.aliases.setdefault(alias, result.arms[-1])
    elif len(named) >= 2:
        _append(result, dict(sorted(named.items(), key=lambda item: -fresh[item[0]][0])[:2]))
    elif roles:
        codes: dict[str, str] = {}
        for n, m in roles.items():
            codes.setdefault(m.code, n)
        if len(codes) == 2:
            _append(result, {n: roles[n] for n in sorted(codes.values(), key=list(fresh).index)})


def _append(result: Roster, groups: dict[str, Mention], role: str = "") -> None:
    for name, m in groups.items():
        arm = Arm(
            m.text if m.kind == "arm-plain" else name, (), role or (m.code if m.kind == "arm-role" else "")
        )
        result.aliases[name] = arm
        result.arms.append(arm)


# ----------------------------------------------------------------------------------------- backbone and roles

_ON_TOP_ZH = re.compile(r"[^,;。]{0,16}(?:基础|背景)(?:治疗)?(?:之)?上")
_TO_ALL = re.compile(
    r"(?:均|都|皆|各)(?:联合|联用|给予|接受|加用|合用|予以?|同时接受|口服)\s*(?:标准)?\s*$"
    r"|(?:each |both |all )?(?:on top of|in addition to|added to)\s*(?:ADT and |a background of |standard )?(?:(?:six|four|\d+) cycles of )?$"
    r"|(?:everyone|all (?:patients|men|women|participants)|both (?:groups|arms)|patients in both (?:groups|arms))\s+(?:had|received|were given|got|also received)\s*$",
    re.IGNORECASE,
)


def _backbone(found: Sequence[Passage]) -> Drugs:
    """What both groups receive: 'X或安慰剂,均联合Y', '在Y基础上', 'with Y in both groups', 'placebo, plus Y'."""
    for passage in found[:8]:
        text = passage.text
        for i, r in enumerate(passage.regimens):
            drugs = without_placebo(r.drugs)
            if not drugs:
                continue
            earlier = passage.regimens[:i]
            after_placebo = (
                bool(earlier)
                and "placebo" in _classes(earlier[-1].drugs)
                and re.fullmatch(
                    r"\s*(?:治疗)?\s*(?:\([^()]*\))?\s*[,，]?\s*(?:均|都|各|both|each|all)?\s*(?:联合|联用|加|合并|plus|with|in combination with|combined with|both with|each with)\s*",
                    text[earlier[-1].end : r.start],
                )
            )
            on_top = re.search(r"(?:在|于)[^,;。]{0,6}$", text[: r.start]) and _ON_TOP_ZH.match(text, r.end)
            to_all = _TO_ALL.search(text[: r.start])
            in_both = re.match(r"[^.;]{0,60}?\bin (?:both|all) (?:groups|arms)", text[r.end :])
            if (
                after_placebo
                or on_top
                or to_all
                or (in_both and any("placebo" in _classes(e.drugs) for e in earlier))
            ):
                return drugs
    return ()


def _add_common_treatment(found: Sequence[Passage], result: Roster) -> None:
    """'两组均予XELOX方案': what all arms receive, for arms whose drugs are not told otherwise."""
    if len(result.arms) != 2 or any(a.drugs for a in result.arms):
        return
    for passage in found[:10]:
        for r in passage.regimens:
            drugs = without_placebo(r.drugs)
            if drugs and re.search(
                r"(?:两组|2组|both (?:groups|arms))(?:患者|patients)?\s*(?:均|都|all|each)?\s*(?:给予|予以?|接受|采用|received|were given)\s*(?:标准)?\s*$",
                passage.text[: r.start],
            ):
                fuller = {a: replace(a, drugs=drugs) for a in result.arms}
                result.arms = [fuller[a] for a in result.arms]
                result.aliases = {name: fuller.get(arm, arm) for name, arm in result.aliases.items()}
                return


def _give_roles(found: Sequence[Passage], result: Roster) -> None:
    """Experimental and control: by the words that say so, by what is added to what, by order."""
    arms = result.arms
    if len(arms) == 1:
        result.arms = [replace(arms[0], role="single")]
    elif len(arms) == 2:
        control = _control(found, arms)
        if not control.drugs and arms[0] == control:
            # 'compared with placebo, X …' names the reference first; the tested arm still leads
            arms = [arms[1], arms[0]]
            result.arms = arms
        result.arms = [replace(x, role="control" if x == control else "experimental") for x in arms]
    renamed = dict(zip(arms, result.arms, strict=True))
    result.aliases = {name: renamed.get(arm, arm) for name, arm in result.aliases.items()}


_UNTREATED = re.compile(
    r"^(?:未|非|无|no[- ]|non|单纯|standard|conventional|usual|best supportive|physician|investigator)|安慰剂|placebo|观察等待|空白|observation|^(?:[a-z-]+-based )?chemotherapy$|^化疗组?$|对照|control",
    re.IGNORECASE,
)


def _control(found: Sequence[Passage], arms: Sequence[Arm]) -> Arm:
    a, b = arms
    for arm, other in ((a, b), (b, a)):
        if arm.role == "control" or other.role == "experimental":
            return arm
    told = _told_control(found, arms)
    if told is not None:
        return told
    if a.drugs and b.drugs and set(a.drugs) < set(b.drugs):
        return a
    negative = [x for x in arms if _UNTREATED.search(x.label)]
    return negative[0] if len(negative) == 1 else b


def _told_control(found: Sequence[Passage], arms: Sequence[Arm]) -> Arm | None:
    """'(Vd,对照组)', 'Vd (control)'."""
    for passage in found:
        for m in passage.of("arm-role"):
            near = [
                r
                for r in passage.regimens
                if r.end <= m.start
                and re.fullmatch(
                    r"\s*[(,]\s*(?:以下称|即|作为|as)?\s*(?:the\s*)?", passage.text[r.end : m.start]
                )
            ]
            if near:
                arm = next((a for a in arms if a.drugs == without_placebo(near[-1].drugs)), None)
                if arm is not None:
                    return arm if m.code == "control" else next(a for a in arms if a != arm)
    return None
