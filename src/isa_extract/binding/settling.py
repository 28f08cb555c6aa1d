"""What is settled once all rows are known: whose p it is, what is compared, what is said twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.finding.quantity import p_text
from isa_extract.records import Finding


def with_effect_p(results: list[Finding], passage: Passage) -> list[Finding]:
    """A p stands on the effect's row where there is one, else on each arm row that it tests."""
    effects = [
        f for f in results if f.statistic in ("hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference")
    ]
    kept: list[Finding] = []
    for f in results:
        if (
            f not in effects
            and f.p_value
            and any(
                e.p_value == f.p_value and e.endpoint == f.endpoint and e.endpoint_term == f.endpoint_term
                for e in effects
            )
        ):
            f = replace(f, p_value="")
        kept.append(f)
    return kept


_FOR_EACH = re.compile(r"\s*(?:for (?:each|all|both)|in (?:each|all|both)|in every)\b", re.IGNORECASE)


def with_shared_p(results: list[Finding], passage: Passage, made: Sequence[Group]) -> list[Finding]:
    """One p for several groups ('p<0.001 for each comparison', 'P均<0.05'), or a list of p, one for each group."""
    shared: dict[int, str] = {}
    for m in passage.of("p"):
        if _FOR_EACH.match(passage.text, m.end) or re.match(r"[Pp]\s*值?\s*(?:均|都|各)", m.text):
            shared |= {q.start: p_text(m) for g in made if g.end <= m.start for q in g.members}
    for m in passage.of("p-list"):
        written = [w.replace(" ", "") for w in re.findall(r"[<>=]?\s*0?\.\d+", m.part("list"))]
        values = [w.lstrip("=") if w[0] != "." else "0" + w for w in written]
        earlier = [g for g in made if g.end <= m.start and not g.effect]
        if len(earlier) >= len(values) and len({len(g) for g in earlier[-len(values) :]}) == 1:
            for group, value in zip(earlier[-len(values) :], values, strict=True):
                shared |= {q.start: value for q in group.members}
        elif earlier and len(earlier[-1]) == len(values):
            shared |= {q.start: v for q, v in zip(earlier[-1].members, values, strict=True)}
    places = {
        passage.sentence.span(q.start, q.end): shared[q.start]
        for g in made
        for q in g.members
        if q.start in shared
    }
    return [replace(f, p_value=places[f.span]) if not f.p_value and f.span in places else f for f in results]


def set_against(findings: Sequence[Finding]) -> list[Finding]:
    """Keep a comparator only where the text sets the arm against it: the other arm's value of the same
    endpoint is told too, or the sentence compares with that arm."""
    told = {
        (id(f.study), f.endpoint, f.endpoint_term, f.statistic, f.grade, f.subgroup, f.arm) for f in findings
    }
    kept: list[Finding] = []
    for f in findings:
        if f.comparator is not None and f.statistic in ("rate", "median", "mean", "count"):
            other = (id(f.study), f.endpoint, f.endpoint_term, f.statistic, f.grade, f.subgroup, f.comparator)
            if other not in told and not f.compared:
                f = replace(f, comparator=None)
        kept.append(f)
    return kept


def once(findings: Sequence[Finding]) -> list[Finding]:
    """A fact said twice in the same terms is one row, at its first place."""
    seen: set[object] = set()
    kept: list[Finding] = []
    for f in findings:
        key: tuple[object, ...] = (
            id(f.study),
            f.endpoint,
            f.endpoint_term.lower(),
            f.statistic,
            f.value,
            f.unit,
            f.qualifier,
            f.arm.label if f.arm else f.span,
            f.timepoint,
            f.subgroup,
            f.grade,
            f.stage,
            f.threshold,
        )
        if f.qualifier in ("NR", "NE") or f.arm is None:
            key = (*key, f.span)
        if key not in seen:
            seen.add(key)
            kept.append(f)
    return kept
