"""The arm whose patients get one treatment or another by choice, where the paper gives it a label of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.group_names import group_name
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster
from isa_extract.records import Arm
from isa_extract.vocabulary import UNSPELT

_CHOICE = re.compile(r"choice|(?:医生|医师|研究者)所?(?:选择|决定|选定)", re.IGNORECASE)
_CALLED = re.compile(
    r"[^;。()]{0,140}\(\s*(?:hereafter |以下?简?称为?)?(?P<label>[A-Z][A-Za-z]{0,5}C|[A-Z][A-Za-z]{1,5}(?=组| group| arm| chemotherapy|化疗))"
    r"(?P<chemo> chemotherapy|化疗)?(?:组| group| arm)?\s*\)"
)
"""From the words for a choice over what may be chosen to the label: ' of X, Y or Z (IC chemotherapy)'."""


def add_chosen(found: Sequence[Passage], result: Roster) -> Sequence[Passage]:
    """'the investigator's choice of X, Y or Z (IC chemotherapy)': an arm, and the passages less its label and drugs.

    A label that spells like a regimen ('PC') is none here.
    """
    for passage in found:
        beside = _called_beside_a_noun(passage)
        if beside is not None:
            label, start, end = beside
            result.arms.append(Arm(label, (), "control"))
            result.written[label] = result.arms[-1]
            result.aliases[f"{label}组"] = result.arms[-1]
            return [
                replace(
                    p,
                    regimens=tuple(
                        r
                        for r in p.regimens
                        if r.label != label and not (p is passage and start <= r.start and r.end <= end)
                    ),
                )
                for p in found
            ]
        for m in passage.of("arm-named"):
            told = _CALLED.match(passage.text, m.end) if _CHOICE.search(m.text) else None
            if told is None or _is_a_drug(passage, told):
                continue
            label = told["label"] + (told["chemo"] or "")
            arm = Arm(label, (), "control")
            result.arms.append(arm)
            result.aliases[group_name(m)] = arm
            result.written |= {label: arm, told["label"]: arm}
            start, end = told.start("label"), told.end()
            return [
                replace(
                    p,
                    regimens=tuple(
                        r
                        for r in p.regimens
                        if r.label != told["label"]
                        and not UNSPELT.issuperset(r.drugs)
                        and not (p is passage and m.end <= r.start and r.end <= end and r.start < start)
                    ),
                )
                for p in found
            ]
    return found


_NOUN = re.compile(
    r"(?:\b(?:chemo-?immunotherapy|immunochemotherapy|chemotherapy|standard (?:therapy|treatment|care))|化学?免疫(?:化疗|治疗)|免疫化疗|标准(?:治疗|方案))\s*\((?P<inside>[^()]*)\)",
    re.IGNORECASE,
)


def _called_beside_a_noun(passage: Passage) -> tuple[str, int, int] | None:
    """'chemoimmunotherapy (A or B; CIT)', '化学免疫治疗(CIT,年轻者用A,其余用B)': the label, and where its regimens stand."""
    for match in _NOUN.finditer(passage.text):
        start, end = match.span("inside")
        chosen = [r for r in passage.regimens if start <= r.start and r.end <= end]
        parts = re.split(r"\s*[,;]\s*", match["inside"])
        label = next((p for p in (parts[-1], parts[0]) if re.fullmatch(r"[A-Z][A-Za-z]{1,4}", p)), "")
        if label and len({r.drugs for r in chosen if r.label != label}) > 1:
            return label, start, end
    return None


def _is_a_drug(passage: Passage, told: re.Match[str]) -> bool:
    """'choice of X or pegylated liposomal doxorubicin (PLD)': the label is that of the drug before it."""
    ahead = [r for r in passage.regimens if r.end <= told.start("label")]
    named = [r for r in passage.regimens if r.start == told.start("label")]
    return bool(ahead and named) and named[0].drugs == ahead[-1].drugs
