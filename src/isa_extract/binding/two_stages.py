"""Studies that randomise twice: the arms of one stage beside those of the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.passages import Passage
from isa_extract.binding.roles import control_of
from isa_extract.binding.study_arms import Roster, without_placebo
from isa_extract.binding.treatments import treatments
from isa_extract.records import Arm

SECOND = re.compile(
    r"\bsecond(?:ary)? randomi[sz]ation|\bre-?randomi[sz]|\brandomi[sz]ed again\b|\b(?:randomi[sz]ed|randomly assigned|allocated) a second time|"
    r"(?:第二次|二次|再次|重新|再)随机",
    re.IGNORECASE,
)


_OR_NOTHING = re.compile(
    r"(?:或|对比|与|和|\bor\b|\bversus\b|\bvs\.?|\bagainst\b)\s*(?:to\s+)?(?:单纯|仅|定期|only |no maintenance|active )?\s*(?P<none>观察|随访|observation|surveillance|no (?:further |maintenance )?(?:treatment|therapy|maintenance)|不(?:予)?维持)",
    re.IGNORECASE,
)


def add_second_stage(found: Sequence[Passage], result: Roster) -> None:
    """'再次随机,接受X维持或单纯观察': the X group and the observation group, beside the arms of the first stage."""
    regimens = [a for a in result.arms if a.drugs]
    for passage in found:
        again = SECOND.search(passage.text)
        if again is None:
            continue
        chain = [r for r in passage.regimens if r.start >= again.end() and without_placebo(r.drugs)]
        nothing = _OR_NOTHING.search(passage.text, chain[0].end) if chain else None
        if (
            nothing is None
            or len(chain) > 1
            or re.search(r"[;。]", passage.text[again.end() : nothing.start()])
        ):
            continue
        drugs = without_placebo(chain[0].drugs)
        first_stage = [a for a in regimens if a.drugs != drugs]
        if len(first_stage) != 2 or drugs in result.choices:
            return
        chinese = passage.sentence.lang == "zh"
        written = passage.text[chain[0].start : chain[0].end]
        named = "观察组" if chinese else "observation group"
        untreated = Arm(named, ())
        result.arms = first_stage
        result.choices[drugs] = Arm(f"{written}组" if chinese else f"{written} group", drugs)
        for name in (named, "随访组" if chinese else "observation arm"):
            result.aliases[name] = untreated
        if not chinese:
            result.written["observation"] = untreated
        return


def add_of_first_stage(found: Sequence[Passage], result: Roster) -> None:
    """Where patients are randomised twice, the two groups defined may be those of one stage alone: what else the
    paper calls groups, by a label in each case, were those of the other."""
    by_treatment, _ = treatments(found, result)
    grouped = {
        without_placebo(r.drugs)
        for p in found
        for r in p.regimens
        if r.grouped and r.is_label and p.quantities
    }
    others = [a for a in by_treatment if a.drugs in grouped and result.by_drugs(a.drugs) is None]
    if len(others) != 2:
        return
    titled = [without_placebo(r.drugs) for p in found if p.sentence.kind == "title" for r in p.regimens]
    if all(a.drugs in titled for a in others):  # 'A versus B': the tested one leads
        others.sort(key=lambda a: titled.index(a.drugs))
    pairs = others, list(result.arms)
    result.arms = [*others, *result.arms]
    for pair in pairs:
        control = control_of(found, pair)
        result.change({a: replace(a, role="control" if a == control else "experimental") for a in pair})
