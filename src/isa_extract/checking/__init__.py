"""Do a paper's own figures agree? Findings go in, the same findings with flags come out.

A flag says that what is printed cannot all be right; it never changes a value. The flags are those of
``vocabulary.FLAGS``. They are meant to be rare: where the print, the words or the binding leave a way for
the figures to agree, none is given. ``arithmetic`` looks at one row, ``consistency`` at rows together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from isa_extract.checking.arithmetic import (
    count_exceeds_denominator,
    interval_contradicts_p,
    interval_excludes_estimate,
    percentage_unreachable,
)
from isa_extract.checking.consistency import foreign_regimen, parts_over_whole
from isa_extract.records import Arm, Finding

_ON_ONE_ROW = (
    ("ci-excludes-value", interval_excludes_estimate),
    ("ci-p-disagree", interval_contradicts_p),
    ("n-over-N", count_exceeds_denominator),
    ("percent-unreachable", percentage_unreachable),
)


def check(findings: Sequence[Finding], mentioned: Sequence[Sequence[Arm]] = ()) -> tuple[Finding, ...]:
    """The findings in the same order, each with the flags it earns added to those it has.

    Args:
        findings: of one paper; rows are set against each other only within the same study.
        mentioned: for each finding, the regimens that its own words name for it as the paper writes
            them, also those the study does not have (binding may have put another in their place);
            empty when nobody kept them.

    Raises:
        ValueError: if ``mentioned`` is neither empty nor as long as ``findings``.
    """
    if mentioned and len(mentioned) != len(findings):
        raise ValueError(f"{len(findings)} findings, but regimens mentioned for {len(mentioned)}")
    too_large = parts_over_whole(findings)
    flagged: list[Finding] = []
    for i, finding in enumerate(findings):
        earned = {flag for flag, fails in _ON_ONE_ROW if fails(finding)}
        if i in too_large:
            earned.add("parts-over-whole")
        named = mentioned[i] if mentioned else ()
        if any(foreign_regimen(finding, arm) for arm in (finding.arm, *named) if arm is not None):
            earned.add("arm-not-in-trial")
        flagged.append(replace(finding, flags=tuple(sorted(earned.union(finding.flags)))))
    return tuple(flagged)


__all__ = ["check"]
