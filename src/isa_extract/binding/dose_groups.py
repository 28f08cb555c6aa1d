"""Groups told by the dose of the study's drug: '50 mg组', 'the 15-mg group', '150 to upadacitinib 30 mg'."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from isa_extract.binding.backbones import backbone_of
from isa_extract.binding.group_names import group_name, without_group_word
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, classes_of, without_placebo
from isa_extract.binding.treatments import beside_a_value, treatments
from isa_extract.finding.initials import are_initials
from isa_extract.records import Arm

_LEVEL = re.compile(
    r"(?<![\d.])(?P<amount>\d+(?:\.\d+)?)[\s-]?(?P<unit>(?:mg|μg|IU)(?:/kg|/m\^?2)?)(?![A-Za-z0-9/])"
)
_ASSIGNED = re.compile(r"random|\bassign|\ballocat|随机|分为|分入", re.IGNORECASE)
_GIVES = re.compile(r"[\s,(]*(?:at\s+)?(?:a\s+dose\s+of\s+)?", re.IGNORECASE)
_STEPS = re.compile(
    r"(?:\s*\([^()]*\))?\s*(?:(?:was|were|is)\s+)?(?:given|administered|dosed|escalated|tested|started|taken|received)?(?:\s*,?\s*(?:by mouth|orally|intravenously|subcutaneously|"
    r"(?:once|twice|three times)?[- ]?(?:daily|weekly|a day|a week)|every [\w ]{1,12}(?:days|weeks)))*\s*(?:at|in|from|through|over)\s+(?:(?:escalating|increasing|ascending|one of|two|three|four|five|doses?|dose levels?|of|to)\s+)*"
    r"|(?:治疗)?(?:的)?(?:口服|静脉输注|皮下注射)?(?:剂量|爬坡|递增|起始)?(?:水平|组)?(?:依次|分别|由低到高)?(?:为|设为|设|按|从|,)?\s*",
    re.IGNORECASE,
)
_ESCALATED = re.compile(
    r"\bescalat|\bdose[- ](?:finding|ranging|limiting)|\bascending|递增|爬坡|剂量限制", re.IGNORECASE
)
_LISTED = re.compile(r"(?<![\d.])(?:\d+(?:\.\d+)?\s*(?:,|、|/|和|或|与|及|\band\b|\bor\b|\bto\b|\s)+\s*)+$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OR = re.compile(
    r"(?:\s*\([^()]*\))?\s*(?:,|、|或|和|与|及|\bor\b|\band\b|\bversus\b)+\s*(?:or|and)?\s*", re.IGNORECASE
)


_DOSES_TESTED = re.compile(
    r"\b(?:two|three|four|different|both) (?:\w+ )?(?:doses|dose levels|dosages|dosing levels) of\b|\b(?:at|to) (?:one of )?(?:two|three|four) (?:\w+ )?(?:doses|dose levels)\b"
    r"|[两二三四2-4](?:个|种|档)(?:固定)?剂量(?:水平)?|不同剂量",
    re.IGNORECASE,
)


_SCHEDULED = re.compile(
    r"(?:\d+|once|twice|two|three|four|six|eight|twelve|bi|tri)?[- ]?(?:week|fortnight|month|dai)ly|every[- ].+|q\d*[wmd]|每.*",
    re.IGNORECASE,
)
_DOSED = re.compile(r"(?P<letters>[A-Z][A-Za-z]{0,3})-?(?P<amount>\d+(?:\.\d+)?)")


def add_scheduled_groups(found: Sequence[Passage], result: Roster) -> None:
    """Groups told apart by schedule alone: 'the 8-weekly group', 每周1次组. All receive the one regimen of the study.

    Where only one of two schedules is ever called a group, the other is named after it.
    """
    if any(a.drugs for a in result.arms):
        return
    named: dict[str, str] = {}
    for p in found:
        for m in p.of("arm-named"):
            name = group_name(m)
            if _SCHEDULED.fullmatch(re.sub(r"组$|[- ](?:group|arm|cohort)$", "", name)):
                named.setdefault(name, without_group_word(name))
    if not named:
        named = _listed_cohorts(found)
    drugs = _only_regimen(found) if named else ()
    if not drugs:
        return
    if len(named) == 1:
        (name,) = named
        for p in found:
            told = list(dict.fromkeys(m[0].replace(" ", "-") for m in _OFTEN.finditer(p.text)))
            others = [t for t in told if t not in name]
            if len(told) == 2 and len(others) == 1:
                other = others[0] + ("组" if name.endswith("组") else " group")
                named[other] = without_group_word(other)
                break
    if len(named) < 2:
        return
    for p in found:
        here = [group_name(m) for m in p.of("arm-named")]
        if len(named.keys() & set(here)) >= 2:
            # 'QW组、Q2W组、TCR组': what is listed with them is a group too
            named.update({name: without_group_word(name) for name in here if name not in named})
            break
    known = {a.label: a for a in result.arms}
    for name, label in named.items():
        if label not in known:
            result.arms.append(Arm(label, ()))
            result.aliases[name] = result.arms[-1]
    result.change({a: replace(a, drugs=drugs) for a in result.arms})


_COHORT = re.compile(r"\bcohort$|队列组?$")


def _listed_cohorts(found: Sequence[Passage]) -> dict[str, str]:
    """Three cohorts and more that one sentence lists: 'a naive cohort (X weekly), a biweekly cohort and an exposed cohort'."""
    for p in found:
        here = {n: without_group_word(n) for m in p.of("arm-named") if _COHORT.search(n := group_name(m))}
        if len(here) >= 3:
            return here
    return {}


_COHORTS = re.compile(r"(?:cohort|part) [A-H1-4]|队列[A-E1-4]", re.IGNORECASE)


def give_cohorts_their_regimen(found: Sequence[Passage], result: Roster) -> None:
    """Cohorts called by letters, of a study that tells of one regimen: they differ in their patients, and all receive it."""
    if len(result.arms) >= 2 and all(not a.drugs and _COHORTS.fullmatch(a.label) for a in result.arms):
        drugs = _only_regimen(found)
        result.change({a: replace(a, drugs=drugs) for a in result.arms})


_OFTEN = re.compile(r"每周\d次|每\d周1次|\b(?:once|twice|three times)[- ](?:weekly|daily|monthly)")


def add_lettered_doses(found: Sequence[Passage], result: Roster) -> None:
    """Groups labelled by a drug's initial and its dose: 'S40组', 'D100'. What all receive is the control's."""
    dosed = {a: m for a in result.arms if not a.drugs and (m := _DOSED.fullmatch(a.label.removesuffix("组")))}
    if len(dosed) < 2:
        return
    doses = [d for order, p in enumerate(found) for d in _doses(p, order) if len(d.drugs) == 1]
    meant = {
        a: next(
            (
                d
                for d in doses
                if d.level.split()[0] == m["amount"] and are_initials(m["letters"].lower(), d.drugs)
            ),
            None,
        )
        for a, m in dosed.items()
    }
    if len({d.drugs if d else () for d in meant.values()}) != 1:
        return
    common = next((a.drugs for a in result.arms if a.role == "control"), ())
    for a, d in meant.items():
        if d is not None:
            arm = replace(a, drugs=without_placebo({*d.drugs, *common}))
            result.change({a: arm})
            result.written.setdefault(d.level, arm)
            result.aliases.setdefault(f"{d.level}组", arm)
            result.aliases.setdefault(d.level, arm)


def _only_regimen(found: Sequence[Passage]) -> Drugs:
    """The one regimen of a study all of whose groups get the same: the largest told of that takes in the others."""
    told = {without_placebo(r.drugs) for p in found[:10] for r in p.regimens} - {()}
    if any("placebo" in classes_of(r.drugs) for p in found for r in p.regimens):
        return ()
    whole = [d for d in told if all(set(other) <= set(d) for other in told)]
    base = backbone_of(found) if len(told) == 2 and not whole else ()
    if base in told:
        return without_placebo(
            {d for drugs in told for d in drugs}
        )  # 'X weekly against X fortnightly, both with Y'
    return whole[0] if whole else ()


@dataclass(frozen=True, slots=True)
class _Dose:
    """A dose level as one sentence tells it; ``drugs`` are those it is told of, ``called`` with a word for group."""

    level: str
    place: int
    drugs: Drugs
    label: str
    called: bool
    assigned: bool


def add_dose_groups(found: Sequence[Passage], before: Passage | None, result: Roster) -> None:
    """Arms told by two dose levels and more of one drug: called groups, what patients are assigned to, or told of
    beside values: '56% of patients on 10 mg and 43% of those on 5 mg'.

    Args:
        before: the sentence that leads up to the study; it may name the drug.
    """
    beside = bool(result.arms) and all(_COHORTS.fullmatch(a.label) for a in result.arms)
    if len(result.arms) >= 2 and not beside:
        return
    escalated = any(_ESCALATED.search(p.text) for p in found)
    told = [d for order, passage in enumerate(found) for d in _doses(passage, order, escalated)]
    steps = _steps(told) if escalated else ()
    if steps:
        told = [d for d in told if d.drugs in ((), steps)]
    elif beside:
        return
    times = Counter(d.level for d in told)
    groups = {d.level for d in told if d.called or d.assigned}
    often = [n for n in dict.fromkeys(d.level for d in told) if times[n] >= 2 and n in groups]
    beside_values = _doses_beside_values(found) if not escalated else []
    if len(often) < 2 and not beside_values:
        return
    by_treatment, _ = treatments(found, result)
    if len(by_treatment) >= 2:
        beside_values = []
    if len(often) < 2 and beside_values and not result.arms:
        often = beside_values
        told = [d for d in told if d.level in often]
    if len(often) < 2 or not (
        steps
        or often == beside_values
        or any(d.called for d in told if d.level in often)
        or (all(times[n] >= 3 for n in often) and any(_DOSES_TESTED.search(p.text) for p in found))
    ):
        return
    of_drugs = {d.drugs for d in told if d.drugs and d.level in often}
    if len(of_drugs) > 1:
        return  # doses of several drugs
    lone = [a.drugs for a in by_treatment if len(a.drugs) == 1]
    drugs = next(iter(of_drugs), lone[0] if len(lone) == 1 or (lone and not beside_values) else ())
    if not drugs and before is not None:
        led = {without_placebo(r.drugs) for r in before.regimens} - {()}
        drugs = next(iter(led)) if len(led) == 1 else ()
    whole = _only_regimen(found)
    drugs = whole if set(drugs) < set(whole) else drugs
    cohorts = result.arms if beside else []
    result.arms = []
    for level in often:
        mentions = [d for d in told if d.level == level]
        label = level if steps else next((d.label for d in mentions if d.drugs), mentions[0].label)
        arm = Arm(label, drugs, "experimental")
        result.arms.append(arm)
        result.aliases.update({d.label: arm for d in mentions})
        for written in (level, level.replace(" ", "-", 1), *(d.label for d in mentions)):
            result.written[written] = arm
    if beside:
        result.arms = cohorts  # the doses of a first part go by their names alone
        return
    if len(result.arms) == 2:
        lower, higher = sorted(result.arms, key=lambda a: _amount(often[result.arms.index(a)]))
        result.written.update(dict.fromkeys(_LOWER, lower) | dict.fromkeys(_HIGHER, higher))


def _is_at(passage: Passage, start: int) -> bool:
    """'20% at 0.1 mg'."""
    return any(
        q.outer_end < start
        and re.fullmatch(r"\s*%?\)?\s*at\s+(?:the\s+)?", passage.text[q.outer_end : start])
        for q in passage.quantities
    )


def _doses_beside_values(found: Sequence[Passage]) -> list[str]:
    """The dose levels of the first sentence that has a value right beside each of two or more."""
    for p in found:
        levels = [
            (f"{m['amount']} {m['unit']}", m["unit"])
            for m in _LEVEL.finditer(p.text)
            if len(p.quantities) > 1 and (beside_a_value(p, m.start(), m.end()) or _is_at(p, m.start()))
        ]
        told = list(dict.fromkeys(level for level, _ in levels))
        if len(told) > 1 and len({unit for _, unit in levels}) == 1:
            return told
    return []


_LOWER = (
    "the lower dose",
    "at the lower",
    "the low dose",
    "low-dose group",
    "低剂量组",
    "低剂量",
    "较低剂量",
)
_HIGHER = (
    "the higher dose",
    "at the higher",
    "the high dose",
    "high-dose group",
    "高剂量组",
    "高剂量",
    "较高剂量",
)


def _amount(level: str) -> float:
    return float(level.split()[0])


def _steps(told: Sequence[_Dose]) -> Drugs:
    """The one drug of which three doses and more were tried one after the other."""
    levels: dict[Drugs, set[str]] = {}
    for d in told:
        if d.drugs:
            levels.setdefault(d.drugs, set()).add(d.level)
    tried = [drugs for drugs, own in levels.items() if len(own) >= 3]
    return tried[0] if len(tried) == 1 else ()


def _doses(passage: Passage, order: int, escalated: bool = False) -> Iterator[_Dose]:
    """The dose levels of a sentence that may be groups."""
    named = {m.start: m for m in passage.of("arm-dose")}
    before: tuple[int, Drugs, str] | None = None
    for match in _LEVEL.finditer(passage.text):
        level = f"{match['amount']} {match['unit']}"
        listed = _LISTED.search(passage.text, 0, match.start())
        first = listed.start() if listed else match.start()
        group = next((m for m in named.values() if m.start <= match.start() and match.end() <= m.end), None)
        drug = next(
            (
                r
                for r in passage.regimens
                if r.end <= first
                and (
                    _GIVES.fullmatch(gap := passage.text[r.end : first])
                    or (escalated and _STEPS.fullmatch(gap))
                )
            ),
            None,
        )
        drugs, name = (without_placebo(drug.drugs), drug.label) if drug is not None else ((), "")
        if drug is None and before is not None and _OR.fullmatch(passage.text[before[0] : match.start()]):
            drugs, name = before[1:]  # 'X 30 mg or 15 mg'
        called = group is not None and re.search(r"组|group|cohort|arm|队列", group.text) is not None
        label = f"{name} {level}" if drugs else group_name(group) if group is not None else level
        assigned = bool(drugs) and (escalated or _ASSIGNED.search(passage.text) is not None)
        for number in _NUMBER.finditer(passage.text, first, match.start()) if drugs else ():
            one = f"{number[0]} {match['unit']}"  # '0.1, 0.2 or 0.4 mg'
            yield _Dose(one, order * 10_000 + number.start(), drugs, f"{name} {one}", called, assigned)
        yield _Dose(level, order * 10_000 + match.start(), drugs, label, called, assigned)
        before = (match.end(), drugs, name) if drugs else None
