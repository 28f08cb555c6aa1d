"""Groups told by the dose of the study's drug: '50 mg组', 'the 15-mg group', '150 to upadacitinib 30 mg'."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isa_extract.binding.group_names import group_name
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, without_placebo
from isa_extract.binding.treatments import treatments
from isa_extract.records import Arm

_LEVEL = re.compile(
    r"(?<![\d.])(?P<amount>\d+(?:\.\d+)?)[\s-]?(?P<unit>(?:mg|μg|IU)(?:/kg|/m\^?2)?)(?![A-Za-z0-9/])"
)
_ASSIGNED = re.compile(r"random|\bassign|\ballocat|随机|分为|分入", re.IGNORECASE)
_GIVES = re.compile(r"[\s,(]*(?:at\s+)?(?:a\s+dose\s+of\s+)?", re.IGNORECASE)
_OR = re.compile(
    r"(?:\s*\([^()]*\))?\s*(?:,|、|或|和|与|及|\bor\b|\band\b|\bversus\b)+\s*(?:or|and)?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Dose:
    """A dose level as one sentence tells it; ``drugs`` are those it is told of, ``called`` with a word for group."""

    level: str
    place: int
    drugs: Drugs
    label: str
    called: bool
    assigned: bool


def add_dose_groups(found: Sequence[Passage], result: Roster) -> None:
    """Arms told by two dose levels and more of one drug: called groups, or what patients are assigned to."""
    if len(result.arms) >= 2:
        return
    told = [d for order, passage in enumerate(found) for d in _doses(passage, order)]
    times = Counter(d.level for d in told)
    groups = {d.level for d in told if d.called or d.assigned}
    often = [n for n in dict.fromkeys(d.level for d in told) if times[n] >= 2 and n in groups]
    if len(often) < 2 or not any(d.called for d in told if d.level in often):
        return
    of_drugs = {d.drugs for d in told if d.drugs and d.level in often}
    if len(of_drugs) > 1:
        return  # doses of several drugs
    by_treatment, _ = treatments(found, result)
    lone = [a.drugs for a in by_treatment if len(a.drugs) == 1]
    drugs = next(iter(of_drugs), lone[0] if lone else ())
    result.arms = []
    for level in often:
        mentions = [d for d in told if d.level == level]
        label = next((d.label for d in mentions if d.drugs), mentions[0].label)
        arm = Arm(label, drugs, "experimental")
        result.arms.append(arm)
        result.aliases.update({d.label: arm for d in mentions})
        for written in (level, level.replace(" ", "-", 1), *(d.label for d in mentions)):
            result.written[written] = arm


def _doses(passage: Passage, order: int) -> Iterator[_Dose]:
    """The dose levels of a sentence that may be groups."""
    named = {m.start: m for m in passage.of("arm-dose")}
    before: tuple[int, Drugs, str] | None = None
    for match in _LEVEL.finditer(passage.text):
        level = f"{match['amount']} {match['unit']}"
        group = next((m for m in named.values() if m.start <= match.start() and match.end() <= m.end), None)
        drug = next(
            (
                r
                for r in passage.regimens
                if r.end <= match.start() and _GIVES.fullmatch(passage.text[r.end : match.start()])
            ),
            None,
        )
        drugs, name = (without_placebo(drug.drugs), drug.label) if drug is not None else ((), "")
        if drug is None and before is not None and _OR.fullmatch(passage.text[before[0] : match.start()]):
            drugs, name = before[1:]  # 'X 30 mg or 15 mg'
        called = group is not None and re.search(r"组|group|cohort|arm|队列", group.text) is not None
        label = f"{name} {level}" if drugs else group_name(group) if group is not None else level
        assigned = bool(drugs) and _ASSIGNED.search(passage.text) is not None
        yield _Dose(level, order * 10_000 + match.start(), drugs, label, called, assigned)
        before = (match.end(), drugs, name) if drugs else None
