"""What is settled once all rows are known: whose p it is, what is compared, what is said twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from isa_extract.binding.groups import Group
from isa_extract.binding.outcomes import spoken_endpoints
from isa_extract.binding.passages import Passage
from isa_extract.finding.quantity import p_text
from isa_extract.records import Arm, Finding, Span, Study


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
    results = [
        replace(f, p_value=places[f.span]) if not f.p_value and f.span in places else f for f in results
    ]
    if passage.of("p-list"):
        results = _with_p_of_the_other(results, places)
    return _with_p_of_both(_with_named_p(results, passage), passage, made)


def _with_p_of_the_other(results: list[Finding], places: dict[Span, str]) -> list[Finding]:
    """'对照组恶心、乏力分别为x和y,试验组为v和w,P值分别为…': each p compares a value of one arm with the other's."""
    listed = {(_asked(f), f.timepoint): f for f in results if f.span in places and f.arm is not None}
    return [
        replace(f, p_value=other.p_value)
        if not f.p_value and (other := listed.get((_asked(f), f.timepoint))) and f.arm == other.comparator
        else f
        for f in results
    ]


_COMPARED = re.compile(r"差异|相比|比较|相近|相似|相当|differ|compar|similar|significan", re.IGNORECASE)


def _with_named_p(results: list[Finding], passage: Passage) -> list[Finding]:
    """'ORR差异有统计学意义(P=0.015),DCR差异无统计学意义(P=0.138)': a p behind the name of what it tests."""
    told: dict[str, str] = {}
    for m in passage.of("p"):
        named = [e for e in passage.of("endpoint") if e.end <= m.start]
        if not named or re.search(r"[,;。]", passage.text[named[-1].end : m.start].split("(")[0]):
            continue
        between = any(named[-1].end <= q.start < m.start for q in passage.quantities)
        if not between and _COMPARED.search(passage.text[named[-1].end : m.start]):
            told[named[-1].code] = p_text(m)
    if not told:
        return results
    return [
        replace(f, p_value=told[f.endpoint])
        if f.endpoint in told and f.arm is not None and f.statistic in _OF_ARMS
        else f
        for f in results
    ]


def _with_p_of_both(results: list[Finding], passage: Passage, made: Sequence[Group]) -> list[Finding]:
    """'54% in the decitabine group and 59% in the 3+7 group (p=0.49)': the p behind the last arm tests them all."""
    places = {passage.sentence.span(q.start, q.end): q for g in made for q in g.members}
    kept = list(results)
    for i, f in enumerate(results):
        last = places.get(f.span)
        if not f.p_value or f.arm is None or f.statistic not in _OF_ARMS or last is None:
            continue
        arms = {f.arm}
        for j in range(i - 1, -1, -1):
            e = kept[j]
            first = places.get(e.span)
            same = _asked(e) == _asked(f) and e.timepoint == f.timepoint
            if first is None or not same or e.p_value or e.arm is None or e.arm in arms:
                break
            if re.search(r"[;。]", passage.text[first.end : last.start]):
                break
            arms.add(e.arm)
            kept[j] = replace(e, p_value=f.p_value)
    return kept


_TESTS = re.compile(
    r"(?:两|三|四|各|二)?组(?:间)?[^,;。]{0,16}(?:比较|相比|差异)|差异[^;。]{0,6}统计学|\bdiffer(?:s|ed|ence)|\bcompar(?:ed|ison)|\blog-?rank\b|\bbetween (?:the )?(?:groups|arms)\b",
    re.IGNORECASE,
)


def with_p_behind(findings: Sequence[Finding], passage: Passage, study: Study) -> list[Finding]:
    """'治疗组为83%,对照组为61%。两组比较,P=0.022。': a p in a sentence of its own tests what was told just before.

    Only where the sentence has one p, no value, and says that it compares; the rows are those of the sentence before
    with the endpoint it names, else those of what was told last, one for each of two arms or more.
    """
    told = passage.of("p")
    if len(told) != 1 or not findings or findings[-1].study is not study or not _TESTS.search(passage.text):
        return list(findings)
    last = findings[-1]
    before = [f for f in findings if f.study is study and f.sentence == last.sentence]
    named = {(e.code, e.term) for e in spoken_endpoints(passage)}
    tested = [
        f for f in before if ((f.endpoint, f.endpoint_term) in named if named else _asked(f) == _asked(last))
    ]
    arms = [f.arm for f in tested if f.statistic in _OF_ARMS and f.arm is not None]
    if (
        len(arms) != len(tested)
        or len(set(arms)) != len(arms)
        or len(arms) < 2
        or any(f.p_value for f in tested)
    ):
        return list(findings)
    return [replace(f, p_value=p_text(told[0])) if f in tested else f for f in findings]


_OF_ARMS = ("rate", "median", "mean", "count")


# one arm set over another in so many words
_SET_OVER = re.compile(
    r"(?:低|高|优|多|少|长|短)于|\b(?:lower|higher|longer|shorter|better|worse) (?:\w+ ){0,3}than\b"
)


def set_against(findings: Sequence[Finding]) -> list[Finding]:
    """Give an arm's row its comparator only where the text sets the arm against another.

    In a study of two arms the other arm's value of the same endpoint must be told too (in one sentence as
    many values of it, be they of other grades), or the sentence must compare with that arm. Where more arms are known, the arms that the paper tells the endpoint of must be
    two, both in the same sentence, or an effect between the two must stand there: three groups side by side
    are compared with none of them, there or wherever two of them are told of. Arms of two randomisations are
    compared within each.
    """
    told: dict[object, set[Arm]] = {}
    beside: dict[object, set[Arm]] = {}
    nearby: dict[object, list[Arm]] = {}
    for f in findings:
        if f.arm is not None and f.statistic in _OF_ARMS:
            told.setdefault(_asked(f), set()).add(f.arm)
            beside.setdefault((f.sentence, _asked(f)), set()).add(f.arm)
            nearby.setdefault((f.sentence, f.endpoint, f.endpoint_term), []).append(f.arm)
    contrasted = {
        (f.sentence, f.endpoint, frozenset((f.arm, f.comparator)))
        for f in findings
        if f.statistic not in _OF_ARMS and f.arm and f.comparator
    }
    # arms of a study that are told one and the same thing of, three or more at a time
    threes = {
        (id(f.study), f.arm)
        for f in findings
        if f.arm is not None and f.statistic in _OF_ARMS and len(told[_asked(f)]) > 2
    }
    partners = _partners(beside)
    kept: list[Finding] = []
    for f in findings:
        arm = f.arm
        if arm is not None and f.statistic in _OF_ARMS:
            around = nearby[(f.sentence, f.endpoint, f.endpoint_term)]
            answered = f.comparator in told[_asked(f)] or (
                f.comparator in around and around.count(f.comparator) == around.count(arm)
            )
            if f.comparator is not None and not answered and not f.compared:
                f = replace(f, comparator=None)
            together = beside[(f.sentence, _asked(f))]
            pairwise = (f.sentence, f.endpoint, frozenset(together)) in contrasted
            pairwise = pairwise or (len(together) == 2 and _SET_OVER.search(f.sentence) is not None)
            side_by_side = (id(f.study), f.arm) in threes and not (pairwise or f.compared)
            partner = partners.get((id(f.study), arm))
            if partner is not None and partner in together:
                f = replace(f, comparator=partner)
            elif side_by_side:
                f = replace(f, comparator=None)
            elif f.comparator is None and len(together) == 2 and (pairwise or together == told[_asked(f)]):
                f = replace(f, comparator=next(a for a in together if a != f.arm))
        kept.append(f)
    return kept


def _partners(beside: Mapping[object, set[Arm]]) -> dict[tuple[int, Arm], Arm]:
    """The other arm of each, where a study's arms fall into pairs that are told apart: two randomisations, one after
    the other. Empty for a study of one pair, and where any arm is told beside others as well (but for one time in four).
    """
    told: dict[int, dict[Arm, Counter[Arm | None]]] = {}
    for key, arms in beside.items():
        if len(arms) > 1:
            study: int = key[1][0]  # type: ignore[index]
            for arm in arms:
                other = next(a for a in arms if a != arm) if len(arms) == 2 else None
                told.setdefault(study, {}).setdefault(arm, Counter())[other] += 1
    partners: dict[tuple[int, Arm], Arm] = {}
    for study, around in told.items():
        most = {a: others.most_common(1)[0] for a, others in around.items()}
        pairs = {
            (study, a): b
            for a, (b, n) in most.items()
            if b is not None and most[b][0] == a and 4 * n >= 3 * around[a].total()
        }
        if len(pairs) == len(most) > 2:
            partners |= pairs
    return partners


def _asked(f: Finding) -> object:
    """What a row answers, whatever the arm: two arms with one answer each are set against each other."""
    kind = "share" if f.statistic in ("rate", "count") else f.statistic
    return (id(f.study), f.endpoint, f.endpoint_term, kind, f.grade, f.subgroup)


def _differ(a: str, b: str) -> bool:
    return bool(a and b) and a != b


def once(findings: Sequence[Finding]) -> list[Finding]:
    """A fact said twice in the same terms is one row, at its first place; two data cuts are two rows, and so are two
    values that agree by chance and have intervals of their own."""
    seen: dict[object, list[Finding]] = {}
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
        told = seen.setdefault(key, [])
        if all(_differ(f.followup, e.followup) or _differ(f.ci_low, e.ci_low) for e in told):
            kept.append(f)
        told.append(f)
    return kept
