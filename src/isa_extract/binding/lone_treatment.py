"""The treatment of a study of one arm: the drug that it names, or the one that the study before it tests."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, classes_of, without_placebo
from isa_extract.binding.treatments import is_earlier_treatment, is_told_control
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
        if len(whole) == 2 and (both := _one_after_the_other(passages)):
            result.arms.append(both)
            return


def _one_after_the_other(passages: Sequence[Passage]) -> Arm | None:
    """'先服X 3个周期,再联合Y', 'X for three cycles and then X plus Y': one treatment of both."""
    for p in passages:
        for a, b in itertools.pairwise(p.regimens):
            drugs = without_placebo({*a.drugs, *b.drugs})
            if _THEN_ADDED.fullmatch(p.text[a.end : b.start]) and len(drugs) == 2:
                return Arm(f"{a.label} + {b.label}", drugs)
    return None


_THEN_ADDED = re.compile(
    r"[^;。]{0,24},?\s*(?:再|然后|随后|继而|后)(?:加用|联合|加服|加)\s*"
    r"|[^;.]{0,60}?\b(?:lead-in|run-in|first|alone)\b[^;.]{0,40}?\b(?:then|before|followed by)\s+(?:the addition of|adding|combined with|with)\s+",
    re.IGNORECASE,
)


def add_set_against(found: Sequence[Passage], result: Roster) -> None:
    """'X的AENEAS同样以Y为对照', 'in INSPIRE, X again beat Y': the two treatments of a study told in a sentence."""
    for p in found[:2]:
        told = [r for r in p.regimens if without_placebo(r.drugs)]
        if len(told) == len(p.regimens) == len({r.drugs for r in told}) == 2:
            tested, control = told
            gap = p.text[tested.end : control.start]
            if is_told_control(p.text, tested):
                tested, control = control, tested
            elif not is_told_control(p.text, control) and not _OUTDID.search(gap):
                continue
            if not is_earlier_treatment(p.text[: tested.start]):
                result.arms += [
                    Arm(tested.label, without_placebo(tested.drugs), "experimental"),
                    Arm(control.label, without_placebo(control.drugs), "control"),
                ]
                return


_OUTDID = re.compile(
    r"(?:优于|胜过|胜于|不劣于|不逊于|打败|击败|超过)(?:了)?$|\b(?:beat|bested|outperformed|outdid|surpassed|(?:was|were|proved) (?:superior|non-?inferior) to|did better than)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


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
