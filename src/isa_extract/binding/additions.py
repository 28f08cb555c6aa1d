"""Studies told by what is added to what: 'the addition of X to Y', 'Y with or without X'."""

from __future__ import annotations

import itertools
import re

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, without_placebo
from isa_extract.records import Arm

_ADDITION = re.compile(r"\b(?:the )?(?:addition of|adding|add)\s+(?:\w+ )?$", re.IGNORECASE)


def add_additions(passage: Passage, before: Passage | None, result: Roster) -> None:
    """'the addition of X to Y lengthened …', 'Everyone had Y. Adding X to it …': X+Y is tested against Y."""
    added = [r for r in passage.regimens if _ADDITION.search(passage.text[: r.start])]
    pairs = [
        (more, base)
        for more, base in itertools.pairwise(passage.regimens)
        if more in added and _TO.fullmatch(passage.text[more.end : base.start])
    ]
    if before is not None and before.regimens:
        pairs += [(r, before.regimens[-1]) for r in added if _TO_IT.match(passage.text, r.end)]
    for more, base in pairs:
        whole = without_placebo({*more.drugs, *base.drugs})
        if without_placebo(base.drugs) and result.by_drugs(whole) is None:
            result.arms.append(Arm(f"{more.label} plus {base.label}", whole, "experimental"))
            if result.by_drugs(base.drugs) is None:
                result.arms.append(Arm(base.label, without_placebo(base.drugs), "control"))


_TO = re.compile(r"(?:\s*\([^()]*\))?\s*to\s+(?:the\s+)?(?:standard\s+)?")
_TO_IT = re.compile(
    r"(?:\s*\([^()]*\))?\s*to (?:it|this|that|them|these|the (?:combination|doublet|backbone|regimen))\b"
)


_WITH_OR_WITHOUT = re.compile(
    r"(?:\s+for\s[^,;.()]{1,40})?\s*,?\s*(?:(?:was|were) given\s+)?(?:alone\s+)?(?:with or without|without,? (?:and|or) with,?|with,? (?:and|or) without,?|±|联合或不联合|加或不加|联合(?=[^,;。]{0,24}或不联合)|either alone or (?:with|combined with|in combination with|plus)|alone or (?:with|combined with|in combination with|plus))\s*(?:the\s+)?",
    re.IGNORECASE,
)


def add_with_or_without(passage: Passage, result: Roster) -> None:
    """'A with or without B': B+A is tested against A alone."""
    for before, more in zip(passage.regimens, passage.regimens[1:], strict=False):
        if _WITH_OR_WITHOUT.fullmatch(passage.text[before.end : more.start]):
            base = without_placebo(before.drugs)
            full = without_placebo({*before.drugs, *more.drugs})
            if base and full != base and result.by_drugs(full) is None:
                result.arms += [Arm(f"{before.label} + {more.label}", full, "experimental")]
                if result.by_drugs(base) is None:
                    result.arms += [Arm(before.label, base, "control")]
