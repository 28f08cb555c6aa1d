"""The treatment of a study of one arm: the drug that it names, or the one that the study before it tests."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, classes_of, without_placebo
from isa_extract.binding.treatments import is_earlier_treatment
from isa_extract.finding.lexicons import class_words
from isa_extract.records import Arm


def add_only_treatment(found: Sequence[Passage], before: Passage | None, result: Roster) -> None:
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
            ((drugs, r),) = whole.items()
            result.arms.append(Arm(r.label, without_placebo(drugs)))
            return


def add_same_treatment(found: Sequence[Passage], earlier: Roster, result: Roster) -> None:
    """'A single-arm study with the same conjugate', '采用同一产品': what the study before tests, where no drug is named here."""
    if any(
        without_placebo(r.drugs) and not is_earlier_treatment(p.text[: r.start])
        for p in found
        for r in p.regimens
    ):
        return
    tested = earlier.arms[0] if len(earlier.arms) == 1 else earlier.experimental()
    told = next((m for p in found[:2] if (m := _SAME_TREATMENT.search(p.text))), None)
    if told is None or tested is None or not tested.drugs:
        return
    word = (told["word"] or "").lower()
    classes = next((row["classes"] for row in class_words() if row["word"] in word), "") if word else ""
    if not classes or any(re.search(classes, c) for c in classes_of(tested.drugs)):
        result.arms.append(Arm(tested.label, tested.drugs))


_SAME_TREATMENT = re.compile(
    r"\b(?:the same|this|that) (?:[\w-]+ )?(?P<word>conjugate|ADC|antibody|bispecific|drug|agent|product|compound|inhibitor|combination|regimen|treatment|doublet|triplet|CAR T(?:-cell)?(?: product| therapy)?)\b"
    r"|\b(?:study|trial|evaluation) of the (?P<of>conjugate|ADC|antibody|bispecific|drug|agent|product|combination|regimen|doublet|triplet)\b"
    r"|(?:同一|同样|相同|该|此)(?:款|种|个)?(?:双特异性|双)?(?:产品|药物?(?!物)|抗体|双抗|偶联药物|联合方案|方案|组合|CAR-T)",
    re.IGNORECASE,
)
