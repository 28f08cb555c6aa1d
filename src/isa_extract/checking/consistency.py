"""Rows against each other and against their study: parts and wholes, arms that the trial does not have.

Rows are set side by side only when study, arm, subgroup, stage, time point, follow-up and denominator are
the same. The row flagged is the part, for the whole is told more often and by more rows. Where a whole is
told more than once (two assessors, two cuts that the text does not name) a part must exceed all of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from isa_extract.checking.arithmetic import clearly_above, printed_number
from isa_extract.checking.categories import over_sum
from isa_extract.records import Arm, Finding

_DISEASE_CONTROL: Final = ("DCR", "CLINICAL_BENEFIT")
_RESPONSE: Final = ("ORR", *_DISEASE_CONTROL)

WHOLES: Final[dict[str, tuple[str, ...]]] = {
    "sCR": ("CR_OR_BETTER", "VGPR_OR_BETTER", *_RESPONSE),
    "CR": ("CR_OR_BETTER", "VGPR_OR_BETTER", *_RESPONSE),
    "CR_OR_BETTER": ("VGPR_OR_BETTER", *_RESPONSE),
    "VGPR": ("VGPR_OR_BETTER", *_RESPONSE),
    "VGPR_OR_BETTER": _RESPONSE,
    "PR": _RESPONSE,
    "ORR": _DISEASE_CONTROL,
    "MRD_NEGATIVE_CR": ("CR_OR_BETTER", "VGPR_OR_BETTER", *_RESPONSE, "MRD_NEGATIVITY"),
    "MRD_NEGATIVITY_SUSTAINED": ("MRD_NEGATIVITY",),
    "RENAL_RESPONSE_COMPLETE": ("RENAL_RESPONSE",),
}
"""For a response, those that every patient who has it also has.

The IMWG categories (Kumar et al. 2016, Lancet Oncol 17:e328): sCR ⊂ CR or better ⊂ VGPR or better ⊂ ORR;
an exact category (CR, VGPR, PR) is in its 'or better' and all above. Overall response is in disease
control and clinical benefit, which add stable or minimal response.
"""

WHOLES_AT_LANDMARK: Final[dict[str, tuple[str, ...]]] = {
    "PFS": ("PFS2", "OS"),
    "PFS2": ("OS",),
    "EFS": ("OS",),
    "DFS": ("OS",),
    "RFS": ("OS",),
    "LFS": ("OS",),
}
"""Who is alive and free of the event at a time is alive at that time."""

_MRD: Final = ("MRD_NEGATIVE_CR", "MRD_NEGATIVITY", "MRD_NEGATIVITY_SUSTAINED")
_RELATED: Final = re.compile(r"相关|\brelated\b|-related|emergent", re.IGNORECASE)
_GRADE: Final = re.compile(r"(>=|<=|[<>≥≤])?\s*([1-5])(?:\s*[-~/]\s*([1-5]))?")
_TIME: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(month|year)s?")
_ALIAS: Final = re.compile(
    r"组|臂|队列|患者|对照|[三四两]药|\b(?:arm|group|cohort|part|patients?|(?:doub|trip|quadrup)let|control|comparator|"
    r"experimental|intervention|treatment|regimens?|choice|standard)s?\b|^[A-Z0-9]?$",
    re.IGNORECASE,
)
_LATER_STAGES: Final = re.compile(r"maintenance|consolidation|post-transplant|continu|crossover|conditioning")
_PLACEBO: Final = re.compile(r"placebo|安慰剂|observation", re.IGNORECASE)


# ------------------------------------------------------------------------------------ parts and wholes


def parts_over_whole(findings: Sequence[Finding]) -> frozenset[int]:
    """``parts-over-whole``: the places of the rows that exceed what they are a part of."""
    alike: defaultdict[Hashable, dict[int, Finding]] = defaultdict(dict)
    for i, f in enumerate(findings):
        if f.qualifier == "=" and f.statistic in ("rate", "count") and printed_number(f.value) is not None:
            alike[_setting(f)][i] = f
    found: set[int] = set()
    for rows in alike.values():
        found |= over_sum(rows)
        told: defaultdict[str, dict[tuple[str, ...], list[Finding]]] = defaultdict(dict)
        for row in rows.values():
            told[_event(row)].setdefault((row.grade, row.threshold), []).append(row)
        found |= {i for i, row in rows.items() if _exceeds_a_whole(row, told)}
    return frozenset(found)


def _setting(f: Finding) -> Hashable:
    arm = (f.arm.label, f.arm.drugs) if f.arm else None
    times = (in_months(f.timepoint), in_months(f.followup))
    return (f.study, arm, f.subgroup.casefold(), f.stage.casefold(), times, f.N, f.statistic, f.unit)


def in_months(time: str) -> Fraction | str:
    """``1 year`` and ``12 month`` are one landmark; what is neither stays as it is written."""
    match = _TIME.fullmatch(time.strip())
    return Fraction(match[1]) * (12 if match[2] == "year" else 1) if match else time.strip()


def grades(text: str) -> frozenset[int] | None:
    """The CTCAE grades that ``>=3``, ``3-4`` … cover; all of them where none is told, None if unread."""
    if not text:
        return frozenset(range(1, 6))
    match = _GRADE.fullmatch(text.strip())
    if match is None:
        return None
    sign, first, last = match[1] or "", int(match[2]), int(match[3] or match[2])
    low = first + (sign == ">") if sign else first
    if sign in ("<", "<=", "≤"):
        return frozenset(range(1, first + (sign != "<")))
    return frozenset(range(low, 6 if sign else last + 1))


def is_part(part: Finding, whole: Finding) -> bool:
    """Whether every patient counted in ``part`` must be counted in ``whole``, the setting being the same."""
    if part.endpoint == whole.endpoint == "AE":
        return _is_graver(part, whole)
    if part.timepoint and whole.endpoint in WHOLES_AT_LANDMARK.get(part.endpoint, ()):
        return True
    if whole.endpoint in _MRD and part.threshold != whole.threshold:
        return False
    return whole.endpoint in WHOLES.get(part.endpoint, ())


def _is_graver(part: Finding, whole: Finding) -> bool:
    """The same adverse event at fewer grades. Counts may be of events, so only rates are set side by side."""
    if part.statistic != "rate" or part.endpoint_term.casefold() != whole.endpoint_term.casefold():
        return False
    some, all_ = grades(part.grade), grades(whole.grade)
    if some is None or all_ is None or not some < all_:
        return False
    of_one_kind = bool(_RELATED.search(part.sentence)) == bool(_RELATED.search(whole.sentence))
    return bool(part.endpoint_term) or of_one_kind


def _event(f: Finding) -> str:
    """What is counted, apart from grade and threshold."""
    return f"AE {f.endpoint_term.casefold()}" if f.endpoint == "AE" else f.endpoint


def _exceeds_a_whole(part: Finding, told: Mapping[str, Mapping[tuple[str, ...], Sequence[Finding]]]) -> bool:
    """Whether the part exceeds every telling of something that it is a part of.

    A row without an arm may be of any: it is compared only where one value each is told.
    """
    own = told[_event(part)][part.grade, part.threshold]
    if part.arm is None and len({row.value for row in own}) > 1:
        return False
    events = (_event(part), *WHOLES.get(part.endpoint, ()), *WHOLES_AT_LANDMARK.get(part.endpoint, ()))
    for event in events:
        for tellings in told.get(event, {}).values():
            wholes = [Decimal(row.value) for row in tellings if is_part(part, row)]
            if part.arm is None and len(set(wholes)) > 1:
                continue
            if wholes and all(clearly_above(Decimal(part.value), whole) for whole in wholes):
                return True
    return False


# ------------------------------------------------------------------------------------------------ arms


def is_regimen_label(arm: Arm) -> bool:
    """Whether the arm is called by its regimen (``Isa-Kd``), not by a name within its trial (``A组``)."""
    return bool(arm.drugs) and not _ALIAS.search(arm.label.strip())


def _without_placebo(drugs: Iterable[str]) -> frozenset[str]:
    return frozenset(drug for drug in drugs if not _PLACEBO.search(drug))


def foreign_regimen(finding: Finding, arm: Arm) -> bool:
    """``arm-not-in-trial``: a regimen that the finding's study does not have.

    Only where all arms of the study are known: two or more, or one that is its single arm, each with
    its drugs or placebo. A lone drug that an arm contains stands for that arm, and in a later stage an
    arm may get part of its drugs.
    """
    arms = finding.study.arms
    complete = len(arms) >= 2 or any(a.role == "single" for a in arms)
    known = [_without_placebo(a.drugs) for a in arms if a.drugs]
    if not complete or not known or any(not a.drugs and not _PLACEBO.search(a.label) for a in arms):
        return False
    drugs = _without_placebo(arm.drugs)
    if not drugs or not is_regimen_label(arm) or drugs in known:
        return False
    stands_for_more = len(drugs) == 1 or bool(_LATER_STAGES.search(finding.stage))
    return not (stands_for_more and any(drugs < other for other in known))
