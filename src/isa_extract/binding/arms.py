"""Which arm of a study a word means: its regimen, its role, its letter, or a drug that only it contains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from isa_extract.binding.group_names import group_name, lettered
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, classes_of, without_placebo
from isa_extract.binding.treatments import is_alternative
from isa_extract.finding.lexicons import class_words
from isa_extract.finding.match import Mention
from isa_extract.finding.regimens import RegimenMention
from isa_extract.records import Arm
from isa_extract.vocabulary import UNSPELT


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


def arm_mentions(passage: Passage, study: Roster) -> list[ArmMention]:
    """The arms that a sentence names, in order, each resolved within its study."""
    found: list[ArmMention] = []
    for r in _taken_apart(passage.regimens, study):
        if is_alternative(passage.text, r) and study.by_drugs(r.drugs) is None:
            continue  # 'chemotherapy (XELOX or FOLFOX)'
        arm, firm = _of_maintenance(passage.text, r, study) or _of_regimen(r, study)
        if arm is not None:
            found.append(ArmMention(r.start, r.end, arm, firm=firm))
    for m in passage.of("arm-role", "arm-letter", "arm-named", "arm-plain", "arm-dose", "arm-class"):
        inside = [f for f in found if f.start < m.end and m.start < f.end]
        if inside and m.kind == "arm-named" and group_name(m) in study.aliases:
            found = [f for f in found if f not in inside]
        elif inside:
            continue
        if m.kind == "arm-letter":
            for name, start, end in _letter_places(passage.text, m):
                arm = study.aliases.get(name)
                if arm is not None:
                    found.append(ArmMention(start, end, arm))
            continue
        added = m.kind == "arm-plain" and _ADDED_TO.search(passage.text[: m.start]) is not None
        arm = _by_number_of_drugs("combination", study) if added else _of_words(m, study)
        if arm is not None:
            found.append(ArmMention(m.start, m.end, arm))
    lettered = [*_bare_letters(passage.text, study), *_other_letter(passage.text, study)]
    found += [f for f in lettered if not any(g.start < f.end and f.start < g.end for g in found)]
    for f in _as_written(passage.text, study):
        over = [g for g in found if g.start < f.end and f.start < g.end]
        if all(f.start <= g.start and g.end <= f.end for g in over):
            found = [*(g for g in found if g not in over), f]
    found.sort(key=lambda f: f.start)
    references = passage.of("reference")
    return [replace(f, reference=_is_reference(passage.text, f, references)) for f in found]


_ADDED_TO = re.compile(r"(?:^|[,;。)、和与])\s*联合$")
"""'联合化疗者11.4个月': those who got chemotherapy and something else."""
_BARE = re.compile(r"(?<![A-Za-z0-9-])[A-H](?![A-Za-z0-9-]|\.\w)")
_BEFORE_BARE = re.compile(
    r"(?:\b(?:in|for|of|with|on|versus|vs\.?|v|against|over|than|to|and|or|between)|[(,:;]|与|和|比|较|对|、)\s*$"
)
_BEHIND_BARE = re.compile(r"\s*(?:versus|vs\.?|v|against|over|compared with|与|和|比|较|对)\s")


def _bare_letters(text: str, study: Roster) -> Iterable[ArmMention]:
    """'C vs A', '5.6 months in A, 11.3 months in B': letters of groups without the word, in a study of lettered groups."""
    lettered = {
        name[-2 if name.endswith("组") else -1]: arm
        for name, arm in study.aliases.items()
        if _LETTERED.fullmatch(name)
    }
    if len(lettered) < 2:
        return
    for match in _BARE.finditer(text):
        arm = lettered.get(match[0])
        if arm is not None and (
            _BEFORE_BARE.search(text[: match.start()]) or _BEHIND_BARE.match(text, match.end())
        ):
            yield ArmMention(match.start(), match.end(), arm)


_LETTER = re.compile(r"\b(?:[Gg]roup|[Aa]rm|[Cc]ohort) [A-Z]\b|(?<![A-Za-z0-9-])[A-Z]组")


def _other_letter(text: str, study: Roster) -> Iterable[ArmMention]:
    """In a study of two arms of which one alone is known by a letter, any other letter is the other arm."""
    known = {name: arm for name, arm in study.aliases.items() if _LETTER.fullmatch(name)}
    other = study.other(next(iter(known.values()))) if len(known) == 1 else None
    if other is not None:
        for match in _LETTER.finditer(text):
            if match[0].casefold() not in {name.casefold() for name in known}:
                yield ArmMention(match.start(), match.end(), other)


_LETTERED = re.compile(r"(?:group|arm|cohort) [A-H]|[A-E]组")


def _as_written(text: str, study: Roster) -> Iterable[ArmMention]:
    """Arms that are known by a word of the paper alone."""
    low = text.lower()
    for word, arm in study.written.items():
        if word.lower() not in low:
            continue
        case = 0 if len(word) <= 3 and word.isupper() else re.IGNORECASE
        for match in re.finditer(rf"(?<![A-Za-z0-9.-]){re.escape(word)}(?![A-Za-z0-9-])", text, case):
            yield ArmMention(match.start(), match.end(), arm)


def _taken_apart(regimens: Iterable[RegimenMention], study: Roster) -> Iterable[RegimenMention]:
    """'X and Y' is one regimen, unless the study has X and Y as arms of their own."""
    for r in regimens:
        own = [_of_regimen(m, study)[0] for m in r.members]
        lists = study.by_drugs(r.drugs) is None or any(not without_placebo(m.drugs) for m in r.members)
        if r.members and lists and all(own) and len(set(map(id, own))) == len(own):
            yield from r.members
        else:
            yield r


def _letter_places(text: str, m: Mention) -> Iterable[tuple[str, int, int]]:
    """The groups of 'arm A', 'arms A, B and C', 'A、B组': the first takes in the word before, the last the one behind."""
    start, _, written = m.parts["letters"]
    places = list(re.finditer(r"[A-H甲乙丙丁]|(?<![A-Za-z0-9])[1-4](?![A-Za-z0-9])", written))
    for match in places:
        first, last = match is places[0], match is places[-1]
        yield (
            lettered(m, match[0]),
            m.start if first else start + match.start(),
            m.end if last else start + match.end(),
        )


_MAINTAINED = re.compile(r"\s*(?:单药)?维持(?:治疗)?[组臂]|[- ]maintenance (?:group|arm)", re.IGNORECASE)


def _of_maintenance(text: str, r: RegimenMention, study: Roster) -> tuple[Arm, bool] | None:
    """'达雷妥尤单抗维持组': a group of the second randomisation, where no arm is known to get just this."""
    told = _MAINTAINED.match(text, r.end)
    drugs = without_placebo(r.drugs)
    if told is None or not drugs or study.by_drugs(drugs) is not None:
        return None
    return Arm(text[r.start : told.end()].strip(), drugs), True


def _of_regimen(r: RegimenMention, study: Roster) -> tuple[Arm | None, bool]:
    drugs = without_placebo(r.drugs)
    if not drugs:
        return study.aliases.get("placebo"), True
    if sum(a.drugs == drugs for a in study.arms) > 1:
        return None, False  # arms told by dose: which of them, the drug alone does not say
    exact = study.by_drugs(drugs)
    if exact is None and UNSPELT.issuperset(drugs):
        control = study.control()
        return (
            (control, True)
            if control is not None and not control.drugs and control.label != "placebo"
            else (None, False)
        )
    if exact is None and drugs in study.choices:
        return study.choices[drugs], True
    if "placebo" in r.drugs and study.aliases.get("placebo") is not None:
        return study.aliases["placebo"], True
    if exact is not None and (
        len(drugs) > 1 or r.is_label or r.grouped or not any(set(drugs) < set(a.drugs) for a in study.arms)
    ):
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
    if study.arms and len(drugs) == 1 and not any(a.drugs for a in study.arms) and _is_of_classes(study):
        return Arm(r.label, drugs), False  # one drug of a class that a meta-analysis pools
    return None, False


def _is_of_classes(study: Roster) -> bool:
    return any(
        re.search(r"inhibitors|antagonists|agonists|antibodies|blockers|抑制剂|拮抗剂|激动剂|抗体", w)
        for w in study.written
    )


def _of_words(m: Mention, study: Roster) -> Arm | None:
    named = study.aliases.get(group_name(m))
    if named is not None:
        return named
    if m.kind == "arm-dose":
        return None  # a dose that is no group of this study
    if m.kind == "arm-class" and m.part("class2") == "without":
        return study.control()
    if m.kind == "arm-class":
        words = m.part("class", "class2", "class3")
        return _by_number_of_drugs(words, study) or _by_class(words, study)
    if m.kind == "arm-role":
        by_size = _by_number_of_drugs(m.text, study)
        if by_size is not None:
            return by_size
        if m.code == "control":
            return study.control() or study.aliases.get("placebo")
        return study.experimental()
    if re.match(r"安慰剂|placebo", m.part("name"), re.IGNORECASE):
        return study.aliases.get("placebo")
    by_size = _by_number_of_drugs(m.text, study)
    if by_size is not None:
        return by_size
    if re.search(r"chemotherapy|化疗", m.text):
        control = study.control()
        if control is not None and not control.drugs and control.label != "placebo":
            return control  # by choice, or told as such only here
    name = re.sub(r"^the\s+", "", m.text.strip(), flags=re.IGNORECASE)
    return Arm(name, ()) if m.kind == "arm-named" else None


def _by_class(words: str, study: Roster) -> Arm | None:
    """'the conjugate', 'the BTK inhibitor': the one arm with a drug of that class."""
    target = re.match(r"([A-Z][\w/-]*\d?) (?:inhibitor|TKI|antagonist)", words)
    named = [rf"\b{re.escape(target[1])}\b"] if target else []
    named += [row["classes"] for row in class_words() if row["word"] in words.lower()][:1]
    for classes in named:
        fitting = [a for a in study.arms if any(re.search(classes, c) for c in classes_of(a.drugs))]
        if len(fitting) == 1 and len(study.arms) > 1:
            return fitting[0]
    return None


def _by_number_of_drugs(words: str, study: Roster) -> Arm | None:
    """'the doublet', '三药组', '单药组': the one arm with so many drugs; 'the combination' has more than one."""
    if _OF_SEVERAL.search(words):
        several = [a for a in study.arms if len(a.drugs) > 1]
        if len(several) > 1:
            several = [a for a in several if a.role != "control"]
        return several[0] if len(several) == 1 and len(study.arms) > 1 else None
    for number, form in (
        (1, r"单药|monotherapy|single-agent"),
        (2, r"doublet|two-drug|dual|两药|二药|双药|双联"),
        (3, r"triplet|three-drug|triple|三药|三联"),
        (4, r"quadruplet|four-drug|四药|四联"),
    ):
        if re.search(form, words, re.IGNORECASE):
            arms = [a for a in study.arms if len(a.drugs) == number]
            return arms[0] if len(arms) == 1 and len(study.arms) > 1 else None
    return None


_OF_SEVERAL = re.compile(r"\bcombination\b|^联合(?:治疗|用药)?组$|^联合(?:治疗|用药)$", re.IGNORECASE)


def _is_reference(text: str, arm: ArmMention, references: Sequence[Mention]) -> bool:
    """Whether the arm stands behind 'than', '较', '与…相比': what another arm is measured against."""
    return any(
        r.end <= arm.start
        and re.fullmatch(
            r"\s*(?:the|单纯|单用|使用|接受|those (?:on|in|with)|that (?:of|in|with|for))?\s*(?:the\s*)?",
            text[r.end : arm.start],
            re.IGNORECASE,
        )
        for r in references
    )
