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

from isa_extract.binding.additions import add_additions, add_with_or_without
from isa_extract.binding.backbones import add_common_treatment, backbone_of, complete_by_title
from isa_extract.binding.bracketed_groups import add_bracketed_groups
from isa_extract.binding.chosen import add_chosen
from isa_extract.binding.defined_groups import add_defined_groups, add_lettered
from isa_extract.binding.dose_groups import (
    add_dose_groups,
    add_lettered_doses,
    add_scheduled_groups,
    give_cohorts_their_regimen,
)
from isa_extract.binding.group_names import group_name, without_group_word
from isa_extract.binding.groups_by_drug import (
    add_either_with_base,
    add_groups_called_by_a_part,
    add_groups_named_for_a_drug,
    add_same_with_more,
)
from isa_extract.binding.listed_groups import add_listed_groups
from isa_extract.binding.lone_treatment import add_only_treatment, add_same_treatment, add_set_against
from isa_extract.binding.passages import Passage
from isa_extract.binding.plain_control import add_plain_control
from isa_extract.binding.plain_groups import (
    CONTROL_CARE,
    add_compared,
    add_contrasted,
    add_named_groups,
    add_placebo,
    add_pooled_class,
    says_little,
    set_against_each_other,
    take_contrasted,
)
from isa_extract.binding.roles import give_roles
from isa_extract.binding.study_arms import Drugs, Roster, classes_of, is_cytotoxic, without_placebo
from isa_extract.binding.treatments import is_short_label, treatments
from isa_extract.binding.two_stages import SECOND, add_of_first_stage, add_second_stage
from isa_extract.finding.regimen_labels import not_regimens
from isa_extract.records import Arm
from isa_extract.vocabulary import UNSPELT


def roster(found: Sequence[Passage], before: Passage | None = None, earlier: Roster | None = None) -> Roster:
    """The arms of a study, from the sentences that speak of it.

    Args:
        before: the sentence that leads up to the first of them; it may name the drug that the study tests.
        earlier: who takes part in the study told of before, for 'the same two regimens'.
    """
    result = Roster(chemotherapy=_chemotherapy(found))
    if earlier is not None and _has_the_same(found, earlier):
        return replace(
            earlier,
            arms=sorted(earlier.arms, key=lambda a: a.role == "control"),
            aliases={**earlier.aliases},
            choices={**earlier.choices},
            written={**earlier.written},
            pairs=(),
        )
    if result.chemotherapy:
        found = [
            replace(p, regimens=tuple(replace(r, drugs=result.spelt(r.drugs)) for r in p.regimens))
            for p in found
        ]
    found = add_chosen(found, result)
    for i, passage in enumerate(found):
        add_groups_called_by_a_part(passage, result)
        add_groups_named_for_a_drug(passage, result)
        add_defined_groups(passage, result)
        add_same_with_more(passage, result)
        if not result.arms:
            add_either_with_base(passage, result)
        add_with_or_without(passage, result)
        if not result.arms:
            add_additions(passage, found[i - 1] if i else None, result)
    _prefer_labels(found, result)
    add_bracketed_groups(found, result)
    if len(result.arms) < 3:
        add_listed_groups(found, result)
    if not result.arms:
        add_pooled_class(found, result)
    add_lettered(found, result)
    give_cohorts_their_regimen(found, result)
    add_dose_groups(found, before, result)
    add_scheduled_groups(found, result)
    against: tuple[Arm, Arm] | None = None
    if len(result.arms) == 2 and any(SECOND.search(p.text) for p in found):
        add_of_first_stage(found, result)
    if len(result.arms) < 2:
        by_treatment, firm = treatments(found, result)
        if firm >= 2 and len(result.arms) == 1 and _LONE_LETTER.fullmatch(result.arms[0].label):
            result.arms.clear()  # 'del(17p)患者进入单臂的C组': a cohort beside the two that are compared
            result.aliases.clear()
        against = _set_against(found, result, by_treatment, firm)
        defined = len(result.arms)
        if against is not None:
            take_contrasted(against, result)
        elif firm < 2:
            _add_called_groups(found, result)
        if against is None and (firm >= 2 or len(result.arms) == defined):
            result.arms += [
                a for a in by_treatment if result.by_drugs(a.drugs) is None and a.drugs not in result.choices
            ]
    if against is None:
        add_placebo(found, result)
    add_named_groups(found, result)
    add_compared(found, result)
    if not result.arms:
        add_set_against(found, result)
    if not result.arms and earlier is not None:
        add_same_treatment(found, earlier, result)
    told_single = any(_SINGLE_ARM.search(p.text) for p in found[:1])
    if not result.arms and (len(found) > 1 or before is not None or told_single):
        add_only_treatment(found, before, result)
    add_contrasted(found, result)
    add_plain_control(found, result)
    if (
        len(result.arms) >= 2
        and not result.aliases
        and result.arms[0].drugs not in ((), result.arms[1].drugs)
        and any(_SINGLE_ARM.search(p.text) for p in found[:8])
        and not _are_called_groups(found, result.arms[:2])
    ):
        result.arms = result.arms[:1]
    for name, arm in result.aliases.items():
        if arm.label == without_group_word(name) != name:
            result.written.setdefault(arm.label, arm)  # 'TPC组', and 'TPC' alone
    result.arms = list(dict.fromkeys(result.arms))
    add_lettered_doses(found, result)
    add_common_treatment(found, result)
    complete_by_title(found, result)
    add_second_stage(found, result)
    give_roles(found, result)
    _name_control_as_results_do(found, result)
    for passage in found:
        _add_bracketed_labels(passage, found, result)
    _add_full_names(found, result)
    return result


_THE_SAME_ARMS = re.compile(
    r"\bthe same (?:two |three |pair of )?(?:regimens|arms|treatments|combinations|comparison|groups|drugs|pair|randomi[sz]ation)\b|\b(?:the|these) same two\b"
    r"|(?:相同|同样|同一|一样)的?(?:这)?(?:[两二三]|2|3)?(?:种|个|组|对)?(?:治疗)?(?:方案|治疗|比较|对比|用药|分组)",
    re.IGNORECASE,
)


def _has_the_same(found: Sequence[Passage], earlier: Roster) -> bool:
    """'CEPHEUS ran the same two regimens': who takes part is told of the study before, and no other drug is named here."""
    known = [set(a.drugs) for a in earlier.arms]
    here = [set(without_placebo(r.drugs)) for p in found for r in p.regimens]
    return (
        len(known) >= 2
        and all(known)
        and any(_THE_SAME_ARMS.search(p.text) for p in found[:2])
        and all(any(drugs <= arm for arm in known) for drugs in here)
    )


def _prefer_labels(found: Sequence[Passage], result: Roster) -> None:
    """'来那度胺联合或不联合Isa维持' in a study whose text speaks of the groups RVd and Isa-RVd: these are its arms."""
    if len(result.arms) != 2 or result.aliases or result.choices:
        return
    grouped = Counter(
        without_placebo(r.drugs) for p in found for r in p.regimens if r.grouped and r.is_label and r.drugs
    )
    told = {a.drugs for a in result.arms}
    if len(grouped) >= 2 and not told & set(grouped):
        result.arms = []


def _set_against(
    found: Sequence[Passage], result: Roster, by_treatment: Sequence[Arm], firm: int
) -> tuple[Arm, Arm] | None:
    """Two groups set against each other time and again, where the treatments told are not just these and more."""
    pair = set_against_each_other(found, result)
    if pair is None or any("placebo" in a.label.lower() for a in pair):
        return None
    if firm == 2 == len(by_treatment) and all(_OF_SO_MANY.fullmatch(a.label) for a in pair):
        return None  # 'the triplet' and 'the doublet' of which the regimens are told
    among = [any(a.drugs and a.drugs == b.drugs for b in by_treatment) for a in pair]
    return None if all(among) else pair


_OF_SO_MANY = re.compile(
    r"(?:doublet|triplet|quadruplet|combination|monotherapy)(?: (?:group|arm))?", re.IGNORECASE
)


def _chemotherapy(found: Sequence[Passage]) -> Drugs:
    """What 'chemotherapy' stands for: 'platinum doublet (X and Y)', or the backbone to which a drug is added."""
    if all(UNSPELT.isdisjoint(r.drugs) for p in found for r in p.regimens):
        return ()
    for passage in found:
        for r in passage.regimens:
            if is_cytotoxic(r.drugs) and _CALLED_CHEMOTHERAPY.match(passage.text, r.end):
                return without_placebo(r.drugs)
        for r, spelt in itertools.pairwise(passage.regimens):
            gap = passage.text[r.end : spelt.start]
            alone = UNSPELT.isdisjoint(spelt.drugs) and "placebo" not in classes_of(spelt.drugs)
            if (
                not UNSPELT.isdisjoint(r.drugs)
                and alone
                and len(spelt.drugs) > 1
                and re.fullmatch(r"\s*(?:治疗)?\s*\(\s*", gap)
                and not _is_by_choice(passage.text[spelt.start :])
            ):
                return without_placebo(spelt.drugs)
    return backbone_of(found)


_CALLED_CHEMOTHERAPY = re.compile(
    r"\s*(?:单药)?\s*\((?:以?下?简?称?)(?:单纯|单用)?化疗组?[,)]|\s*\(\s*(?:the )?chemotherapy(?:[- ](?:alone|only))?(?: group| arm)?[,;)]",
    re.IGNORECASE,
)
"""'单用卡铂和培美曲塞(化疗组)': what the chemotherapy of the study is."""


def _name_control_as_results_do(found: Sequence[Passage], result: Roster) -> None:
    """'Controls received A or B by choice; … 48.6% with standard care': a control group that has no regimen goes by
    the name that says most of those it has beside values."""
    control = result.control()
    if control is None or control.drugs or "placebo" in control.label.lower() or len(result.arms) != 2:
        return
    little = says_little(control.label)
    others = {without_group_word(a.label) for a in result.arms} | {*result.aliases, *result.written}
    used: Counter[str] = Counter()
    for passage in found:
        if passage.quantities:
            for m in passage.of("arm-role", "arm-named"):
                name = group_name(m)
                own = result.aliases.get(name) == control and not says_little(name)
                if own or (little and name not in others and CONTROL_CARE.search(name)):
                    used[name] += 1
    if not used:
        return
    name, times = used.most_common(1)[0]
    if times == sum(n for other, n in used.items() if control.label in (other, without_group_word(other))):
        return
    named = replace(control, label=without_group_word(name))
    result.change({control: named})
    result.aliases.update(dict.fromkeys(used, named))


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
        used = re.compile(
            rf"{re.escape(told['label'])}(?:组|\s?groups?\b|\s?arms?\b|\s*(?:是|为|只?有|was|had)?\s*\d)"
        )
        if not any(used.search(p.text) for p in found):
            continue
        named = replace(arm, label=told["label"])
        result.change({arm: named})
        result.written[told["label"]] = named


_GIVEN = r"\b(?:given|receiving|received|treated with|taking|assigned to) "


def _add_full_names(found: Sequence[Passage], result: Roster) -> None:
    """'R-chemo' and 'the R-chemo group' are one arm; so are 'the QRX group' and 'patients receiving QRX'."""
    by_label = {a.label.lower(): a for a in result.arms if not a.drugs}
    for label, group in by_label.items():
        bare = re.sub(r" (?:groups?|arms?)$", "", label)
        if bare != label and any(re.search(_GIVEN + re.escape(bare) + r"\b", p.text, re.I) for p in found):
            result.written.setdefault(bare, group)
    for passage in found if by_label else ():
        for m in passage.of("arm-named"):
            name = group_name(m)
            arm = by_label.get(re.sub(r"[- ](?:group|arm|cohort)s?$|[组臂]$", "", name).lower())
            if arm is not None:
                result.aliases.setdefault(name, arm)


_SINGLE_ARM = re.compile(
    r"\bsingle-(?:arm|group)\b(?! (?:data|studies|trials|evidence|results))|单臂(?!的?[A-E]组|研究均|试验均|数据)|单组(?!率)",
    re.IGNORECASE,
)


def _are_called_groups(found: Sequence[Passage], arms: Sequence[Arm]) -> bool:
    """Whether sentences with values call each of these treatments a group."""
    called = {without_placebo(r.drugs) for p in found for r in p.regimens if r.grouped and p.quantities}
    return all(a.drugs in called for a in arms)


_LONE_LETTER = re.compile(r"[A-E甲乙丙丁]组|(?:group|arm|cohort) [A-H1-4]")


def _is_by_choice(bracket: str) -> bool:
    return re.search(r"\bor\b|或", bracket.split(")")[0]) is not None


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
        for p in sorted(v, key=lambda place: (says_little(place[1]), place))[:1]
    }
    if len(own) == 1 and any(isinstance(name, str) and CONTROL_CARE.search(name) for name in own):
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
            continue  # told of, with what both groups receive, by add_placebo
        first = min(places)
        if isinstance(key, tuple):
            arm = Arm(next((p[1] for p in sorted(places) if is_short_label(p[1])), first[1]), key)
            if result.by_drugs(key) is None:
                result.arms.append(arm)
        elif key not in result.aliases:
            label = without_group_word(first[1] if first[1].isascii() else key)
            arm = Arm(label, (), first[2])
            result.arms.append(arm)
            result.aliases[key] = arm
