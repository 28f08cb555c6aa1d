"""Values that are differences: between groups, of a group over time, of a risk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import Quantity

_MEAN_CHANGE = re.compile(
    r"""较(?:基线|治疗前|用药前|干预前)(?:的)?平均(?:[^。;]|\([^()]*\)){0,80}?(?:下降|降低|减少|升高|增加|改善)(?:了|约)*
    (?:\s*\d+(?:\.\d+)?\s*%?\s*[、和与及])*\s*$
    |\bmean\b(?:[^.;]|\.\d){2,60}?\b(?:fell|fallen|decreased|declined|dropped|risen|rose|increased|improved)\ by
    (?:(?:[^.;]|\.\d){0,120}?\b(?:and|versus|vs|against)(?:\ only)?(?:\ by)?)?\s*(?:about\s*)?$
    |\bmean\ (?:absolute\ )?(?:increase|decrease|change|reduction|decline)s?(?:\ in\ [^.;()\d]{2,60}?)?\ of\s*$
    |\b(?:increas|decreas|declin|improv|reduc|fall|fell|ris|rose|drop)[a-z]*\ from\ baseline\ (?:by|of)\s*(?:about\s*)?$""",
    re.VERBOSE,
)
"""'UACR较基线平均下降52.4%', 'the mean UPCR had fallen by 45.7%': a change in time, no difference of groups."""


_CHANGE_BEHIND = re.compile(
    r"\s*%\s*(?:mean |median )?(?:increase|decrease|decline|improvement|reduction|fall|rise) (?:in [^.;,()\d]{2,40} )?from baseline\b|\s*%\s*(?:mean|median) (?:increase|decrease|decline|improvement|reduction|fall|rise)\b"
)
"""'a 7% increase from baseline'."""


def is_mean_change(text: str, q: Quantity) -> bool:
    """Whether a percentage is how far the mean of one group moved."""
    return _MEAN_CHANGE.search(text, 0, q.start) is not None or _CHANGE_BEHIND.match(text, q.end) is not None


def is_reduction(text: str, q: Quantity) -> bool:
    """Whether a percentage is a reduction of risk: '32% reduction in the risk', 'the risk was 32% lower'."""
    after = text[q.end :]
    if re.match(
        r"\s*(?:%|per ?cent)?\s*(?:relative )?(?:reduction in|difference in|lower|decrease in|reduced|less) (?:the )?(?:relative )?(?:risk|hazard|likelihood)",
        after,
    ):
        return True
    if re.match(r"\s*%\s*less likely\b", after):
        return True  # 'death was thus 34% less likely'
    if text[: q.start].rstrip().endswith("(") and re.match(r"\s*%\s*(?:relative )?reduction\s*[;,)]", after):
        return True  # '64% with A, 18% with B (67% reduction; 95% CI 49-79%)'
    if re.match(r"\s*%\s*(?:lower|less|reduced)(?=\s*(?:with|in|for|[;,.()]))", after):
        return (
            re.search(r"\b(?:risk|hazard)s? (?:of|was|for)\b", text[max(0, q.start - 120) : q.start])
            is not None
        )
    return False


def is_difference(text: str, mentions: Sequence[Mention], q: Quantity) -> bool:
    """Whether a value tells how far two groups are apart: '延长7.6个月', '5 months longer'."""
    for m in mentions:
        if (
            m.kind == "difference-cue"
            and 0 <= q.start - m.end <= 2
            and not _is_no_difference(text, mentions, m)
        ):
            return True
    return (
        re.match(
            r"\s*(?:%|months?|percentage points?)?\s*(?:-month )?(?:longer|shorter|higher|lower|more than|fewer|difference|improvement|gain|benefit|advantage|apart)\b",
            text[q.end :],
        )
        is not None
        and "%" not in text[q.end : q.end + 2]
    )


def _is_no_difference(text: str, mentions: Sequence[Mention], cue: Mention) -> bool:
    """'血小板减少16.2%' ends an event's name; 'was reached by 75% at one depth and by 65% at the other' goes on."""
    in_a_name = any(m.kind in ("event", "endpoint") and m.start < cue.start < m.end for m in mentions)
    goes_on = cue.text.startswith("by") and re.search(
        r"\b(?:reached|achieved|attained|experienced|reported|obtained|derived|gained|met|maintained|suffered|felt|shown|seen|noted|had) by\b",
        text[: cue.start],
    )
    return in_a_name or bool(goes_on)
