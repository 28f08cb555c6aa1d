"""Which arm is tested and which is the control."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, is_cytotoxic, without_placebo
from isa_extract.binding.treatments import is_told_control
from isa_extract.records import Arm


def give_roles(found: Sequence[Passage], result: Roster) -> None:
    """Experimental and control: by the words that say so, by what is added to what, by order."""
    arms = result.arms
    if len(arms) == 1:
        result.change({arms[0]: replace(arms[0], role="single")})
    elif len(arms) == 2:
        control = control_of(found, arms)
        if arms[0] == control and (not control.drugs or control == result.aliases.get("placebo")):
            # 'compared with placebo, X …' names the reference first; the tested arm still leads
            arms = [arms[1], arms[0]]
            result.arms = arms
        result.change({x: replace(x, role="control" if x == control else "experimental") for x in arms})


_UNTREATED = re.compile(
    r"^(?:未|非|无|no[- ]|non|TPC\b|BSC\b|单纯|standard|conventional|usual|best supportive|physician|investigator)|安慰剂|placebo|观察等待|空白|observation|^(?:[a-z-]+-based )?chemotherapy$|^化疗组?$|对照|control",
    re.IGNORECASE,
)


def control_of(found: Sequence[Passage], arms: Sequence[Arm]) -> Arm:
    """Which of two arms is the control: by what is said of them, by what is added to what; else the second."""
    a, b = arms
    for arm, other in ((a, b), (b, a)):
        if arm.role == "control" or other.role == "experimental":
            return arm
    told = _told_control(found, arms)
    if told is not None:
        return told
    for arm, other in ((a, b), (b, a)):
        if arm.drugs and set(arm.drugs) < set(other.drugs):
            return arm  # what is added is tested
    if a.drugs and b.drugs:
        titled = [x for drugs in _in_title(found) for x in (a, b) if x.drugs == drugs]
        if titled:
            return b if titled[0] == a else a  # 'B versus A in …': what is tested leads
        if is_cytotoxic(a.drugs) and not is_cytotoxic(b.drugs):
            return a
    negative = [x for x in arms if _UNTREATED.search(x.label)]
    return negative[0] if len(negative) == 1 else b


def _in_title(found: Sequence[Passage]) -> list[tuple[str, ...]]:
    return [without_placebo(r.drugs) for p in found[:1] if p.sentence.kind == "title" for r in p.regimens]


def _told_control(found: Sequence[Passage], arms: Sequence[Arm]) -> Arm | None:
    """'(Vd,对照组)', 'Vd (control)', 'Vd was the comparator'."""
    for passage in found:
        for r in passage.regimens:
            arm = next((a for a in arms if a.drugs and a.drugs == without_placebo(r.drugs)), None)
            if arm is not None and is_told_control(passage.text, r):
                return arm
        for m in passage.of("arm-role"):
            near = [
                r
                for r in passage.regimens
                if r.end <= m.start
                and re.fullmatch(
                    r"\s*[(,]\s*(?:以下称|即|作为|as)?\s*(?:the\s*)?", passage.text[r.end : m.start]
                )
            ]
            if near:
                arm = next((a for a in arms if a.drugs == without_placebo(near[-1].drugs)), None)
                if arm is not None:
                    return arm if m.code == "control" else next(a for a in arms if a != arm)
    return None
