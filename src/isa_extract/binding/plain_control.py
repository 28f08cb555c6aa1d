"""A study of one regimen that is set against treatment without a name: 'those assigned to X lived 16.5 months, those assigned to
chemotherapy 12.8', '35% responded to X and 5% to chemotherapy'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from isa_extract.binding.group_names import group_name
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, without_placebo
from isa_extract.binding.treatments import is_earlier_treatment
from isa_extract.finding.match import Mention
from isa_extract.records import Arm

_ASSIGNED = re.compile(
    r"\b(?:assigned|allocated|randomi[sz]ed)(?: to)?(?: receive)?\s*(?:the\s+)?$", re.IGNORECASE
)
_TO = re.compile(
    r"\s*%?\s*(?:[(\[][^()\[\]]*[)\]])?\s*(?:months?\s+)?(?:to|on|with)\s+(?:the\s+)?", re.IGNORECASE
)
_THAN = re.compile(
    r"\b(?:compared with|as against|against|versus|vs\.?|v|and|but|than)\s+(?:a median of\s+|in\s+)?$",
    re.IGNORECASE,
)


def add_plain_control(found: Sequence[Passage], result: Roster) -> None:
    """Beside the one regimen that a study tests, chemotherapy (or another word of that kind) is its control."""
    pair = _both_assigned(found)
    if pair is not None:
        tested, control = pair
        parts = [a for a in result.arms if a.drugs and set(a.drugs) <= set(tested.drugs)]
        if len(result.arms) == len(parts):  # a drug of a combination is not its control
            result.change(dict.fromkeys(parts, tested))
            result.choices |= {a.drugs: tested for a in parts if a.drugs != tested.drugs}
            result.arms = [tested]
            _append(result, control)
        return
    if len(result.arms) == 1 and result.arms[0].drugs:
        told = next((m for p in found for m in p.of("arm-plain") if _is_set_against(p, m)), None)
        if told is not None:
            _append(result, told)


def _append(result: Roster, control: Mention) -> None:
    arm = Arm(re.sub(r"^the\s+", "", control.text, flags=re.IGNORECASE), (), "control")
    result.arms.append(arm)
    result.aliases[group_name(control)] = arm


def _both_assigned(found: Sequence[Passage]) -> tuple[Arm, Mention] | None:
    """'those assigned to X …, those assigned to chemotherapy …'."""
    for p in found[:8]:
        tested = [r for r in p.regimens if without_placebo(r.drugs) and _ASSIGNED.search(p.text[: r.start])]
        plain = [m for m in p.of("arm-plain") if _ASSIGNED.search(p.text[: m.start])]
        if len(tested) == 1 and len(plain) == 1 and tested[0].end < plain[0].start:
            return Arm(tested[0].label, without_placebo(tested[0].drugs), "experimental"), plain[0]
    return None


def _is_set_against(p: Passage, m: Mention) -> bool:
    """'… and 5% to single-agent chemotherapy': its value stands behind another, with 'and' or 'compared with' between."""
    if is_earlier_treatment(p.text[: m.start]):
        return False
    for before, q in itertools.pairwise(p.quantities):
        if (
            not q.is_effect
            and not before.is_effect
            and q.outer_end <= m.start
            and _TO.fullmatch(p.text[q.outer_end : m.start])
            and _THAN.search(p.text[before.outer_end : q.outer_start])
        ):
            return True
    return False
