"""Times, stages, thresholds and p values as the contract writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.binding.endpoints import Endpoint
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import NUMBER_WORD, decimal, p_text

_UNITS = {
    "个月": "month",
    "月": "month",
    "年": "year",
    "周": "week",
    "天": "day",
    "日": "day",
    "d": "day",
    "y": "year",
    "wk": "week",
    "wks": "week",
}


def unit(written: str) -> str:
    """The unit code of a time word."""
    written = written.lower().strip()
    return _UNITS.get(written) or written.rstrip("s").replace("mo", "month").replace(
        "monthnth", "month"
    ).replace("yr", "year")


def followup(m: Mention) -> str:
    """A follow-up as the contract writes it: ``11.6 month``."""
    return f"{decimal(m.part('value', 'value2', 'value3', 'value4'))} {unit(m.part('unit', 'unit2', 'unit3', 'unit4'))}"


# in words as days are told of: 'sixty-day mortality'


def landmarks(m: Mention) -> list[str]:
    """The time points of a landmark mention: ``1、2年`` gives ``1 year`` and ``2 year``."""
    written = m.part("list", "list2", "list3", "list4", "list5")
    fallback = unit(m.part("unit", "unit2", "unit3", "unit4", "unit5"))
    found: list[str] = []
    for number, own in re.findall(
        rf"(\d+|[一二两三四五六七八十]|\b{NUMBER_WORD}\b)\s*-?(个月|年|周|天|months?|years?|weeks?)?",
        written.lower(),
    ):
        found.append(f"{decimal(number)} {unit(own) if own else fallback}")
    return found


_ORDINALS = {"一": "1", "二": "2", "三": "3"}


def stage_of(m: Mention) -> str:
    """The stage a mention names: ``part A``, ``stage 2``, ``induction``, ``maintenance``…"""
    if m.code:
        return m.code
    if "stage" in m.parts:
        return f"stage {_ORDINALS.get(m.part('stage'), m.part('stage'))}"
    return f"part {m.part('part').upper()}"


def threshold_for(passage: Passage, group: Group, endpoint: Endpoint, carried: str, i: int = 0) -> str:
    """The sensitivity that stands with an MRD result; listed ones go to the values in order.

    Args:
        i: which member of the group is asked for.
    """
    if not endpoint.code.startswith("MRD"):
        return ""
    told = passage.of("threshold")
    if not told:
        return carried if endpoint.code == "MRD_NEGATIVITY" else ""
    told = [m for m in told if not _EVALUABLE.search(passage.text[: m.start])]
    if not told:
        return ""
    ahead = [m for m in told if m.end <= group.start]
    if endpoint.code != "MRD_NEGATIVITY" and _named_anew(passage, group, endpoint, ahead):
        return ""
    own = bool(ahead) and not passage.between(ahead[-1].end, group.members[0].outer_start, "value")
    behind = [m for m in told if 0 <= m.start - group.end <= 14 or _reaches(passage, group, m)]
    if own:
        behind = [m for m in behind if not re.search(r"[,;、]", passage.text[group.end : m.start])]
    listed = [
        m for m in ahead if any(o is not m and abs(o.start - m.start) < 14 and o in ahead for o in told)
    ]
    if len(listed) == len(group) > 1 and not behind:
        return f"10^-{listed[i].part('power')}"
    if len(listed) > 1 and not behind:
        values = [
            q for q in passage.quantities if q.start >= listed[0].end and q.family == group.members[0].family
        ]
        order = next((n for n, q in enumerate(values) if q.start == group.members[i].start), len(listed))
        if order < len(listed):
            return f"10^-{listed[order].part('power')}"
    chosen = behind[0] if behind else (ahead[-1] if ahead else told[0])
    return f"10^-{chosen.part('power')}"


# '可评估MRD(流式,10-5)的133例中': how the patients were chosen, and not what the result is
_EVALUABLE = re.compile(r"(?:可评估\s?MRD|\bevaluable for MRD|\bMRD-evaluable)\s*\([^()]*$", re.IGNORECASE)


def _named_anew(passage: Passage, group: Group, endpoint: Endpoint, ahead: Sequence[Mention]) -> bool:
    """'MRD阴性率(10-5)为33%,MRD阴性且CR者为26%': another measure by its own name does not share the level."""
    if not ahead or endpoint.start < ahead[-1].end or endpoint.end > group.start:
        return False
    named = re.search(r"MRD|residual|残留", passage.text[endpoint.start : endpoint.end])
    return named is not None and bool(passage.between(ahead[-1].end, endpoint.start, "value"))


def _reaches(passage: Passage, group: Group, m: Mention) -> bool:
    """'became MRD-negative at 10^-5' tells the threshold behind the values, in the same clause."""
    return (
        m.start >= group.end
        and not passage.between(group.end, m.start, "value", "number")
        and not re.search(r"[;。]", passage.text[group.end : m.start])
    )


def p_for(passage: Passage, group: Group, following: int) -> tuple[str, ...]:
    """The p value of each member: right behind it, or behind the group for all of it.

    Args:
        following: the folded offset where the next group begins.
    """
    k = len(group)
    text = passage.text
    own: list[str] = []
    for i, q in enumerate(group.members):
        stop = group.members[i + 1].outer_start if i + 1 < k else following
        found = [m for m in passage.between(q.outer_end, stop, "p") if _adjacent(text[q.outer_end : m.start])]
        own.append(p_text(found[0]) if found else "")
    if k == 1 or all(own):
        return tuple(own)
    return (own[-1],) * k if own[-1] else tuple(own)


def _adjacent(gap: str) -> bool:
    gap = re.sub(r"[(\[][^()\[\]]*[)\]]", "", gap)
    gap = re.sub(r"(?:χ\^?2|[tTZFx]2?|χ2)\s*=\s*-?[\d.]+", "", gap)
    return re.search(r"\d|。", gap) is None and len(gap) < 100
