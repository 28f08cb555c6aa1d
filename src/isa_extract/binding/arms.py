"""Who is who in a study: its arms, their drugs and roles, and which arm a word means.

The arms of a study are gathered from all its sentences before any value is bound, so that 'the control
group' in its first sentence can mean the regimen named in its third.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from isa_extract.binding.passages import Passage
from isa_extract.finding.lexicons import drug_classes
from isa_extract.finding.match import Mention
from isa_extract.finding.regimens import RegimenMention, Regimens
from isa_extract.records import Arm


@dataclass(frozen=True, slots=True)
class ArmMention:
    """An arm named in a sentence: folded offsets, the arm it means, whether it is only compared with.

    ``firm`` is true where the words leave no doubt that a group is meant (a label, a word for 'group').
    """

    start: int
    end: int
    arm: Arm
    reference: bool = False
    firm: bool = True


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


# ------------------------------------------------------------------------------------------ the roster


def roster(found: Sequence[Passage], regimens: Regimens) -> Roster:
    """The arms of a study, from the sentences that speak of it."""
    result = Roster()
    for passage in found:
        _add_defined_groups(passage, result)
    scored: dict[tuple[str, ...], tuple[float, str, int]] = {}
    for order, passage in enumerate(found):
        for place, (drugs, label, weight) in _candidates(passage):
            score, first_label, at = scored.get(drugs, (0.0, label, order * 1000 + place))
            better = label if _is_short_label(label) and not _is_short_label(first_label) else first_label
            scored[drugs] = (score + weight, better, at)
    grouped: dict[tuple[str, ...], int] = {}
    for order, passage in enumerate(found):
        for r in passage.regimens:
            if r.grouped:
                grouped.setdefault(without_placebo(r.drugs), order * 1000 + r.start)
    # the order of introduction is that of the groups: '在Rd的基础上加入卡非佐米,KRd组与Rd组'
    at_group = {drugs: grouped.get(drugs, at) if len(grouped) > 1 else at for drugs, (_, _, at) in scored.items()}
    scored = {drugs: (score, label, at_group[drugs]) for drugs, (score, label, _) in scored.items()}
    chosen = sorted((at, drugs, label, score) for drugs, (score, label, at) in scored.items())
    strong = [c for c in chosen if c[3] >= 2]
    if len(strong) < 2:
        strong = [c for c in chosen if c[3] >= 1]
    strong = _without_strays(strong)
    for _, drugs, label, _ in strong:
        if result.by_drugs(drugs) is None and not _is_part_only(drugs, strong):
            result.arms.append(Arm(label, without_placebo(drugs)))
    _add_placebo_arms(found, result)
    _add_named_groups(found, result)
    _give_roles(found, result)
    return result


def _without_strays(strong: list[tuple[int, tuple[str, ...], str, float]]) -> list[tuple[int, tuple[str, ...], str, float]]:
    """Of three and more, leave out those told of far less than the first two: slips, later treatment."""
    if len(strong) < 3:
        return strong
    second = sorted((c[3] for c in strong), reverse=True)[1]
    return [c for c in strong if c[3] >= second / 2]


def _is_short_label(label: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9+/-]{0,14}", label) is not None


def _candidates(passage: Passage) -> Iterable[tuple[int, tuple[tuple[str, ...], str, float]]]:
    """Treatments that the sentence may introduce as arms, each with its place: drugs, label, how strongly."""
    text = passage.text
    randomised = re.search(r"随机|randomi[sz]|assigned|比较|compar|versus|\bvs\b|对比|against|头对头|或|试验|评估|评价|接受|考察", text)
    background = passage.of("background")
    for r in passage.regimens:
        if background and background[0].start < r.start:
            continue
        drugs = without_placebo(r.drugs)
        if not drugs:
            continue
        weight = 0.0
        if r.is_label:
            weight = 1.0 + (1.0 if r.grouped or text[r.start - 1 : r.start] == "(" else 0.0)
        elif r.grouped:
            weight = 2.0
        elif r.composed and randomised:
            weight = 1.0
        elif re.search(r"(?:单药|单一疗法|单用)", text[r.end : r.end + 8]) or re.match(r"\s*(?:monotherapy|alone)", text[r.end :]):
            weight = 1.0
        elif randomised or passage.quantities:
            weight = 0.6 if randomised else 0.4
        if weight:
            yield r.start, (drugs, r.label, weight)


def _is_part_only(drugs: tuple[str, ...], strong: Sequence[tuple[int, tuple[str, ...], str, float]]) -> bool:
    """A lone drug that every combination contains is what is tested, not an arm of its own."""
    bigger = [c for c in strong if set(drugs) < set(c[1])]
    if len(drugs) != 1 or not bigger:
        return False
    others = [c for c in strong if c[1] != drugs and len(c[1]) > 1]
    own = next(c[3] for c in strong if c[1] == drugs)
    return len(others) >= 2 or own < 1.6


def _chain_after(passage: Passage, start: int, end: int) -> tuple[RegimenMention, ...]:
    return tuple(r for r in passage.regimens if start <= r.start and r.end <= end)


_RECEIVES = re.compile(
    r"^\s*(?:患者)?\s*(?:\([^()]*\))?\s*(?:患者)?(?:均)?\s*(?:则)?(?:接受|给予|采用|应用|使用|予以?|行|口服|静脉滴注|为|单用|单纯|在|仅|服用|用|以|received|was given|were given|treated with|got|:|,)",
    re.IGNORECASE,
)


def _add_defined_groups(passage: Passage, result: Roster) -> None:
    """'A组(58例)接受X、Y', '观察组在对照组基础上加用Z', 'group A received X'."""
    text = passage.text
    groups = [m for m in passage.of("arm-letter", "arm-role", "arm-named") if m.text]
    groups = [g for g in groups if len(_letters_of(g)) <= 1]
    for i, group in enumerate(groups):
        stop = groups[i + 1].start if i + 1 < len(groups) else len(text)
        on_top = re.match(r"[^;。]{0,24}?在\s*$", text[group.end : stop])
        if on_top and i + 1 < len(groups):
            stop = groups[i + 2].start if i + 2 < len(groups) else len(text)
        clause = re.split(r"[;。]", text[group.end : stop])[0]
        if not _RECEIVES.search(clause) and not re.match(r"\s*(?:\([^()]*\))?\s*(?:接受|给予|采用)", clause):
            continue
        chain = _chain_after(passage, group.end, group.end + len(clause))
        if not chain or passage.between(group.end, chain[0].start, "value", "endpoint"):
            continue
        drugs = set(chain[0].drugs)
        for more in chain[1:]:
            if re.search(r"联合|加用|加|plus|\+|与|和|及|、|and|with|并", text[chain[0].end : more.start]) and not re.search(
                r"[;。]|或|\bor\b", text[chain[0].end : more.start]
            ):
                drugs |= set(more.drugs)
        base = re.search(r"(?:在|于)([^,;。]{1,10}?组)(?:的)?(?:治疗|方案)?(?:的)?基础上", text[group.start : group.end + len(clause)])
        if base:
            known = result.aliases.get(base[1])
            drugs |= set(known.drugs) if known else set()
        name = _group_name(group)
        if name not in result.aliases:
            role = group.code if group.kind == "arm-role" else ""
            same = result.by_drugs(drugs)
            arm = same if same is not None else Arm(name, without_placebo(drugs), role)
            result.aliases[name] = arm
            if same is None:
                result.arms.append(arm)


def _group_name(m: Mention) -> str:
    if m.kind == "arm-letter":
        letters = _letters_of(m)
        return f"{letters[0]}组" if re.search("[\u4e00-\u9fff]", m.text) else re.sub(r"^(\w)", lambda x: x[1].lower(), m.text)
    return re.sub(r"^the\s+", "", m.text.strip(), flags=re.IGNORECASE)


def _letters_of(m: Mention) -> list[str]:
    written = m.part("letters")
    return re.findall(r"[A-E甲乙丙丁1-4]", re.sub(r"and", "", written)) if written else []


def _add_placebo_arms(found: Sequence[Passage], result: Roster) -> None:
    """'X或安慰剂，均联合Y': the arms are X+Y and Y with placebo."""
    for passage in found:
        text = passage.text
        for i, placebo in enumerate(passage.regimens):
            if placebo.drugs and without_placebo(placebo.drugs) == () and i:
                tested = passage.regimens[i - 1]
                gap = text[tested.end : placebo.start]
                if not re.search(r"或|\bor\b|versus|vs|与|对比|和|比较|compared", gap) or re.search(r"[。;]", gap):
                    continue
                after = text[placebo.end :]
                backbone: set[str] = set()
                joined = re.match(r"\s*(?:治疗)?[,，]?\s*(?:\([^()]*\))?\s*(?:均|都|各|both|each|all|,)?\s*(?:联合|联用|加|合并|plus|with|in combination with|combined with|on top of|added to|in addition to)\s*", after)
                if joined and i + 1 < len(passage.regimens) and passage.regimens[i + 1].start - placebo.end < joined.end() + 20:
                    backbone = set(passage.regimens[i + 1].drugs)
                label = text[placebo.start : placebo.end]
                label = label + "组" if re.search("[\u4e00-\u9fff]", label) else label
                control = Arm(label, without_placebo(backbone), "control")
                full = without_placebo({*tested.drugs, *backbone})
                known = result.by_drugs(full)
                arms = [a for a in result.arms if a.drugs not in (without_placebo(tested.drugs), control.drugs) or a == known]
                if known is None:
                    known = Arm(tested.label, full, "experimental")
                    arms.insert(0, known)
                arms.append(control)
                result.arms = arms
                result.aliases["placebo"] = control
                return
            if len(placebo.drugs) > 1 and without_placebo(placebo.drugs) != placebo.drugs:
                same = result.by_drugs(placebo.drugs)
                if same is not None:
                    result.aliases["placebo"] = same
        if "placebo" not in result.aliases and any(
            not without_placebo(r.drugs) and r.grouped for r in passage.regimens
        ):
            control = Arm(next(r.label for r in passage.regimens if not without_placebo(r.drugs)), (), "control")
            if re.search("[\u4e00-\u9fff]", text):
                control = replace(control, label="安慰剂组")
            result.aliases["placebo"] = control
            result.arms.append(control)


def _add_named_groups(found: Sequence[Passage], result: Roster) -> None:
    """Groups that are no regimens: transplanted or not, A and B, observed or not."""
    if len(result.arms) >= 2 and not any(m for p in found for m in p.of("arm-letter")):
        if all(a.drugs for a in result.arms):
            return
    counted: dict[str, tuple[int, Mention]] = {}
    for passage in found:
        for m in passage.of("arm-letter", "arm-named", "arm-role"):
            for name in _names_of(m):
                times, first = counted.get(name, (0, m))
                counted[name] = (times + 1, first)
    strong = {n: m for n, (times, m) in counted.items() if times >= 2 and n not in result.aliases}
    letters = {n: m for n, m in strong.items() if m.kind == "arm-letter"}
    roles = {n: m for n, m in strong.items() if m.kind == "arm-role"}
    if len(result.arms) < 2 or letters:
        for name, m in {**letters, **(roles if not letters and not result.arms else {})}.items():
            arm = Arm(name, (), m.code if m.kind == "arm-role" else "")
            result.aliases[name] = arm
            result.arms.append(arm)
    if not result.arms:
        for name, m in strong.items():
            if m.kind == "arm-named":
                arm = Arm(name if name.endswith("组") else name, ())
                result.aliases[name] = arm
                result.arms.append(arm)


def _names_of(m: Mention) -> list[str]:
    if m.kind == "arm-letter":
        chinese = re.search("[\u4e00-\u9fff]", m.text)
        return [f"{x}组" if chinese else f"group {x}" for x in _letters_of(m)]
    return [_group_name(m)]


def _give_roles(found: Sequence[Passage], result: Roster) -> None:
    """Experimental and control: by the words that say so, by what is added to what, by order."""
    arms = result.arms
    if len(arms) == 1:
        result.arms = [replace(arms[0], role=arms[0].role or "single")]
    elif len(arms) == 2:
        a, b = arms
        if not (a.role and b.role):
            control = next((x for x in arms if x.role == "control"), None)
            tested = next((x for x in arms if x.role == "experimental"), None)
            if control is None and tested is not None:
                control = next(x for x in arms if x != tested)
            if control is None:
                control = _told_control(found, arms)
            if control is None and a.drugs and b.drugs:
                if set(a.drugs) < set(b.drugs):
                    control = a
                elif set(b.drugs) < set(a.drugs):
                    control = b
            if control is None:
                negative = [x for x in arms if re.match(r"未|非|无|no[- ]|non", x.label)]
                control = negative[0] if len(negative) == 1 else b
            result.arms = [replace(x, role="control" if x == control else "experimental") for x in arms]
    renamed = {old: new for old, new in zip(arms, result.arms, strict=True)}
    result.aliases = {name: renamed.get(arm, arm) for name, arm in result.aliases.items()}


def _told_control(found: Sequence[Passage], arms: Sequence[Arm]) -> Arm | None:
    """'(Vd,对照组)', 'Vd (control)', '以Vd为对照'."""
    for passage in found:
        for m in passage.of("arm-role"):
            near = [r for r in passage.regimens if r.end <= m.start and re.fullmatch(r"\s*[(,]\s*(?:以下称|即|as)?\s*(?:the\s*)?", passage.text[r.end : m.start])]
            if near:
                arm = next((a for a in arms if a.drugs == without_placebo(near[-1].drugs)), None)
                if arm is not None:
                    return arm if m.code == "control" else next(a for a in arms if a != arm)
    return None


# -------------------------------------------------------------------------------------- arms in a sentence


def arm_mentions(passage: Passage, study: Roster) -> list[ArmMention]:
    """The arms that a sentence names, in order, each resolved within its study."""
    found: list[ArmMention] = []
    for r in passage.regimens:
        arm, firm = _of_regimen(r, study)
        if arm is not None:
            found.append(ArmMention(r.start, r.end, arm, firm=firm))
    for m in passage.of("arm-role", "arm-letter", "arm-named"):
        inside = [f for f in found if f.start < m.end and m.start < f.end]
        if inside and m.kind == "arm-named" and _group_name(m) in study.aliases:
            found = [f for f in found if f not in inside]
        elif inside:
            continue
        if m.kind == "arm-letter":
            for name, start, end in _letter_places(passage.text, m):
                arm = study.aliases.get(name)
                if arm is not None:
                    found.append(ArmMention(start, end, arm))
            continue
        arm = _of_words(m, study)
        if arm is not None:
            found.append(ArmMention(m.start, m.end, arm))
    found.sort(key=lambda f: f.start)
    references = passage.of("reference")
    return [replace(f, reference=_is_reference(passage.text, f, references)) for f in found]


def _letter_places(text: str, m: Mention) -> Iterable[tuple[str, int, int]]:
    chinese = re.search("[\u4e00-\u9fff]", m.text)
    start, _, written = m.parts["letters"]
    for match in re.finditer(r"[A-E甲乙丙丁]|(?<!\w)[1-4](?!\w)", written):
        yield (f"{match[0]}组" if chinese else f"group {match[0]}"), start + match.start(), start + match.end()


def _of_regimen(r: RegimenMention, study: Roster) -> tuple[Arm | None, bool]:
    drugs = without_placebo(r.drugs)
    if not drugs:
        return study.aliases.get("placebo"), True
    exact = study.by_drugs(drugs)
    if "placebo" in r.drugs and study.aliases.get("placebo") is not None:
        return study.aliases["placebo"], True
    if exact is not None and (len(drugs) > 1 or r.is_label or r.grouped or not any(
        set(drugs) < set(a.drugs) for a in study.arms
    )):
        return exact, r.is_label or r.grouped or len(exact.drugs) == 1 or r.composed
    if r.grouped or len(study.arms) == 2:
        # 'the daratumumab group': the only arm that contains it
        holding = [a for a in study.arms if set(drugs) <= set(a.drugs)]
        if len(holding) == 1 and (r.grouped or exact is None):
            return holding[0], r.grouped
    if exact is not None:
        return exact, r.grouped
    # a part of an arm's regimen ('标准剂量的VRd' in an Isa-VRd study) is no arm of its own
    if any(set(drugs) < set(a.drugs) for a in study.arms) and not r.grouped:
        return None, False
    if r.is_label or r.grouped:
        return Arm(r.label, drugs), True
    return None, False


def _of_words(m: Mention, study: Roster) -> Arm | None:
    named = study.aliases.get(_group_name(m))
    if named is not None:
        return named
    if m.kind == "arm-role":
        if m.code == "control":
            return study.control() or study.aliases.get("placebo")
        return study.experimental()
    if re.match(r"安慰剂|placebo", m.part("name"), re.IGNORECASE):
        return study.aliases.get("placebo")
    name = _group_name(m)
    return Arm(name, ()) if m.kind == "arm-named" else None


def _is_reference(text: str, arm: ArmMention, references: Sequence[Mention]) -> bool:
    """Whether the arm stands behind 'than', '较', '与…相比': what another arm is measured against."""
    return any(
        r.end <= arm.start and re.fullmatch(r"\s*(?:the|单纯|单用|使用|接受|those (?:on|in|with)|that (?:of|in|with|for))?\s*(?:the\s*)?", text[r.end : arm.start], re.IGNORECASE)
        for r in references
    )
