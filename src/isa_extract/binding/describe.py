"""A study's own particulars: design, population, size, dose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.binding.passages import Passage
from isa_extract.binding.studies import Draft
from isa_extract.binding.study_arms import Roster
from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import decimal
from isa_extract.records import Study

_SCHEDULE = re.compile(
    r"(?:(?:首周期|每|连续|静脉|口服|皮下|以|达到或超过|≥)[^,;。()\d]{0,8}\s*)*\d[\d.]*\s*(?:-\s*\d[\d.]*\s*)?(?:mg|μg|g|AUC|IU)[^;。()]*?"
    r"(?=[;。()]|,(?!\s*(?:共|每|然后|此后|之后|后|连续|第|随后|then|every|followed|on day|once|twice|weekly|for))|$|的?固定|的?方案|时(?:[,的]|\s*[A-Z]))"
)


def describe(draft: Draft, found: Sequence[Passage], arms: Roster, text: str) -> Study:
    """The study with what its sentences tell of it; ``text`` is the paper's."""
    return Study(
        trial_id=draft.trial_id,
        trial_name=draft.trial_name,
        phase=draft.phase,
        design=_design(found),
        population=_population(found),
        n_enrolled=_enrolled(found),
        arms=tuple(arms.arms),
        dose=_dose(found, text),
        citations=draft.citations,
        place=draft.place,
    )


def _design(found: Sequence[Passage]) -> tuple[str, ...]:
    """What the study's first sentences call it, in the order in which they do."""
    return tuple(dict.fromkeys(m.code for p in found[:6] for m in p.of("design")))


def _population(found: Sequence[Passage]) -> str:
    for p in found:
        told = p.of("population")
        if told:
            code = told[0].code
            suffixes = [m.code for m in p.of("population-suffix")]
            if code == "NDMM" and suffixes:
                return f"NDMM-{suffixes[0]}"
            return code
    return ""


def _enrolled(found: Sequence[Passage]) -> str:
    for p in found:
        plans = p.of("plan")
        for m in p.of("enrolled"):
            if any(plan.start <= m.start + 2 and m.start - plan.end < 12 for plan in plans):
                continue
            size = m.part("size", "size2", "size3", "size4", "size5")
            if size and re.search(r"可评估|evaluable", p.text[m.start : m.end + 6]) is None:
                return decimal(size)
    return ""


def _dose(found: Sequence[Passage], text: str) -> str:
    """The dose and schedule first told, as written: '每周以20 mg/kg静脉输注,共4次', 'Isa (10 mg/kg) 250 mL'."""
    for p in found:
        doses = [m for m in p.of("dose") if re.search(r"\d\s*(?:mg|μg|g|IU|AUC|Gy)", m.text)]
        doses = [m for m in doses if not re.search(r"/\s*(?:d?L|mmol|min)", m.text)]
        if doses:
            start, end = _schedule(p, doses[0])
            span = p.sentence.span(start, end)
            return re.sub(r"\s+", " ", text[span.start : span.end]).strip(" ,，")
    return ""


def _schedule(p: Passage, dose: Mention) -> tuple[int, int]:
    """The folded range of a dose with what belongs to it: its schedule, or the drug in whose bracket it stands."""
    drug = next((r for r in p.regimens if re.fullmatch(r"\s*\(\s*", p.text[r.end : dose.start])), None)
    if drug is not None:
        closing = re.compile(r"\s*\)").match(p.text, dose.end)
        end = closing.end() if closing else dose.end
        more = next((m for m in p.of("dose") if not p.text[end : m.start].strip() and m.start >= end), None)
        return drug.start, more.end if more else end
    match = _SCHEDULE.search(p.text, max(0, dose.start - 24))
    return (
        match.span()
        if match and match.start() <= dose.start and match.end() >= dose.end
        else (dose.start, dose.end)
    )
