"""Coordinated values make a group: ``a vs b``, ``a、b、c``, ``从a提高到b``, ``分别为a和b``.

A group is what a sentence says in one breath; it then distributes over arms, endpoints, landmarks,
thresholds or subgroups. A value alone is a group of one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.passages import Passage
from isa_extract.finding.match import Mention
from isa_extract.finding.quantity import Quantity
from isa_extract.finding.subjects import predicate

# what may stand between two values of one group, once arms and brackets are taken out
_FILLER = re.compile(
    r"(?:\s|/|,|、|;(?=\s*(?:A\b)?)|:|和|与|及|以及|而|则|又|但|至|到|比|对|或|vs\.?|v\.?|versus|and|or|to|but|while|whereas|as against|as opposed to|against|as|"
    r"compared with|compared to|from|in|with|for|on|of|to|the|was|were|is|are|had|among|only|those|patients?|participants?|given|receiving|"
    r"group|groups|arms?|组|患者|中|者|为|是|有|达到?|仅|只有|约|在|的|分别|均|占|共|发生率|比例|较|高于|低于|长于|短于|优于|少于|多于|远|明显|显著|"
    r"提高|升高|增加|延长|降低|下降|减少|缩短|上升|提升|升|增|降|减|缩|就|即|rose|increased|improved|fell|decreased|that|than|about|respectively|"
    r"例|人|名|[(\[)\]]|(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=\s*[(\[])|m/s|m?g/(?:d?[Ll]|kg)|拉长|推迟|延后|缩至|\d+\s*(?:例|名|人|patients|men|women|participants)|n\s*=\s*\d+|treated|assigned|recipients|cohort|alone|only|approximately|nearly|约为|依次|=|%|个月|月|周|天|年|months?|weeks?|days?|years?|points?)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Quantities said in one breath, in order; ``parent`` is the value in whose bracket they stand."""

    members: tuple[Quantity, ...]
    parent: Quantity | None = None

    @property
    def start(self) -> int:
        """Folded offset where the first value with its belongings begins."""
        return self.members[0].outer_start

    @property
    def end(self) -> int:
        """Folded offset after the last value with its belongings."""
        return max(q.outer_end for q in self.members)

    @property
    def effect(self) -> bool:
        """Whether it holds effects between arms rather than values of arms."""
        return self.members[0].is_effect

    def __len__(self) -> int:
        return len(self.members)


def is_contrast(passage: Passage, group: Group) -> bool:
    """Whether the values are set against each other, so that they cannot all be of one arm."""
    return any(
        re.search(
            r"\b(?:versus|vs\.?|v\.?|against|as opposed to|compared with|compared to|than)(?=\W)|对|比(?!例)",
            passage.text[a.outer_end : b.outer_start],
        )
        for a, b in itertools.pairwise(group.members)
    )


def groups(passage: Passage, arms: Sequence[ArmMention]) -> list[Group]:
    """The groups of a sentence, in the order of their first values."""
    level: dict[Quantity | None, list[Quantity]] = {}
    nested = {q: parent_of(passage, q) for q in passage.quantities}
    for q in passage.quantities:
        level.setdefault(nested[q], []).append(q)
    made: list[Group] = []
    for parent, members in level.items():
        current: list[Quantity] = []
        inner = {n for n in nested if nested[n] is not parent}
        for q in members:
            if (
                current
                and _goes_on(passage, arms, current[-1], q, inner)
                and not _leaves_contrast(passage, [*current, q])
                and not _is_shared(passage, arms, current[0], q)
                and not _is_tested(passage, current, q)
                and _evenly(arms, [*current, q])
                and _evenly(passage.of("subgroup"), [*current, q])
            ):
                current.append(q)
            else:
                if current:
                    made.append(Group(tuple(current), parent))
                current = [q]
        if current:
            made.append(Group(tuple(current), parent))
    return sorted(made, key=lambda g: g.members[0].start)


def _is_shared(passage: Passage, arms: Sequence[ArmMention], q: Quantity, following: Quantity) -> bool:
    """'A、B两组均为90%,C组为75%': the first value is of several arms, and another arm leads the next."""
    return any(0 <= q.start - m.end <= 4 and m.text[0] in "均都" for m in passage.of("both")) and any(
        q.outer_end <= a.start and a.end <= following.outer_start for a in arms
    )


def _is_tested(passage: Passage, members: Sequence[Quantity], q: Quantity) -> bool:
    """'38% and 31% (P = 0.17) and 36% and 25% (P = 0.05)': a p behind two values tests them against each other."""
    return (
        len(members) == 2
        and bool(passage.between(members[-1].outer_end, q.outer_start, "p"))
        and not passage.between(members[0].outer_end, members[-1].outer_start, "p")
    )


def _leaves_contrast(passage: Passage, members: Sequence[Quantity]) -> bool:
    """'40% v 30%, and 6% of those on A stopped': what follows a pair set against each other is told for itself."""
    gap = passage.text[members[-2].outer_end : members[-1].outer_start]
    before = Group(tuple(members[:-1]))
    return len(before) > 1 and re.search(r",\s*and\b", gap) is not None and is_contrast(passage, before)


def _evenly(arms: Sequence[ArmMention | Mention], members: Sequence[Quantity]) -> bool:
    """Arms stand between all values of a group or between none: 'ERd组68%、41%,Rd组57%、27%' is two groups;
    so do subgroups: '伴扩增者50%和79%,不伴者41%和56%' is two as well."""
    named = {
        any(a.outer_end <= m.start and m.end <= b.outer_start for m in arms)
        for a, b in itertools.pairwise(members)
    }
    return len(named) <= 1


def parent_of(passage: Passage, q: Quantity) -> Quantity | None:
    """The percentage in whose bracket a percentage with an endpoint of its own stands."""
    if q.unit != "%" or not q.depth or q.is_effect:
        return None
    opening = _opening_bracket(passage.text, q.start)
    own = passage.between(opening, _closing_bracket(passage.text, q.start), "endpoint", "event", "grade")
    if not own:
        return None
    for candidate in reversed(passage.quantities):
        if candidate.end <= opening and candidate.unit == "%" and candidate.depth < q.depth:
            gap = passage.text[candidate.outer_end : opening]
            if re.fullmatch(r"\s*(?:%|of patients|的?患者)?\s*,?\s*", gap):
                return candidate
            return None
    return None


def _opening_bracket(text: str, at: int) -> int:
    depth = 0
    for i in range(at - 1, -1, -1):
        if text[i] in ")]":
            depth += 1
        elif text[i] in "([":
            if not depth:
                return i
            depth -= 1
    return 0


def _closing_bracket(text: str, at: int) -> int:
    depth = 0
    for i in range(at, len(text)):
        if text[i] in "([":
            depth += 1
        elif text[i] in ")]":
            if not depth:
                return i
            depth -= 1
    return len(text)


def _goes_on(
    passage: Passage, arms: Sequence[ArmMention], a: Quantity, b: Quantity, others: set[Quantity]
) -> bool:
    """Whether ``b`` is said in the same breath as ``a``."""
    if a.is_effect != b.is_effect or (a.is_effect and a.statistic != b.statistic):
        return False
    if a.difference or b.difference:
        return False
    same_family = a.family == b.family or (
        "unreached" in (a.family, b.family) and {a.family, b.family} <= {"unreached", "time"}
    )
    if not same_family:
        return _distributes_over_endpoints(passage, a, b)
    if a.unit and b.unit and a.unit != b.unit:
        return False
    start, end = a.outer_end, b.outer_start
    if start > end or a.depth != b.depth:
        return False
    nested = [
        (_opening_bracket(passage.text, q.start), _closing_bracket(passage.text, q.start)) for q in others
    ]
    between = passage.between(start, end, "endpoint", "event", "statistic", "risk-reduction", "landmark")
    if any(not any(x <= m.start < y for x, y in nested) for m in between):
        return False
    listed = [m for m in arms if start <= m.start and m.end <= end]
    if a.is_effect and listed:
        return False  # 'the HR was 0.10 for B and 0.19 for C'
    if len(listed) > 1 or passage.between(start, end, "distribute"):
        return False  # a list of arms, or 'respectively' ahead of b, begins a new group
    if "," in passage.text[start:end] and (_names_its_own(passage, b) or _begins_a_clause(passage, a, b)):
        return False
    gap = _emptied(passage, arms, start, end, others)
    return _FILLER.fullmatch(gap) is not None and gap.count(";") <= 1


_ACHIEVES = re.compile(
    r"\s*[)\]]?\s*(?:的?患者)?(?:达到?了?|获得了?|实现了?|取得了?|achiev\w+|attain\w+|reach\w+|had)\s*(?:an? |the )?",
    re.IGNORECASE,
)


_HAS_A_PART = re.compile(r"\)? completely\b|[^.;\d]{0,60}, (?:and )?complete in \d", re.IGNORECASE)


def _names_its_own(passage: Passage, q: Quantity) -> bool:
    """'46例缓解(57.5%),32例(40.0%)达到CR': the second value names its endpoint behind it; so does the third of
    'responses in 68%, complete in 29%, and in 44% of the others, complete in 13%', whose part stands behind."""
    if _HAS_A_PART.match(passage.text, q.outer_end):
        return True
    return any(
        0 <= e.start - q.outer_end <= 16 and _ACHIEVES.fullmatch(passage.text[q.outer_end : e.start])
        for e in passage.of("endpoint")
    )


def _begins_a_clause(passage: Passage, a: Quantity, b: Quantity) -> bool:
    """'in 61 (39%) and 19 (12%), and 38 (24%) and eight (5%), respectively, gave up treatment': a subject of its own."""
    if passage.sentence.lang == "zh" or b.family not in ("percent", "count"):
        return False
    if not re.search("[a-z]", passage.text[a.outer_end : b.outer_start]):
        return False  # a list goes on: '57.8%, 72.4%, and 63.9% of patients were alive'
    verb = predicate(passage.text, b.outer_start, b.outer_end)
    if verb is None:
        return False
    list_ended = re.search(r"\b(?:and|versus|vs\.?|against|with)\s+$", passage.text[: a.outer_start])
    return list_ended is not None or predicate(passage.text, a.outer_start, a.outer_end) != verb


def _emptied(
    passage: Passage, arms: Sequence[ArmMention], start: int, end: int, others: set[Quantity]
) -> str:
    """The text between two values less arms, subgroups, cues, and brackets with values of their own."""
    text = passage.text
    cut = [(a.start, a.end) for a in arms if start <= a.start and a.end <= end]
    cut += [(r.start, r.end) for r in passage.regimens if start <= r.start and r.end <= end]
    cut += [
        (m.start, m.end)
        for m in passage.between(
            start,
            end,
            "approx",
            "bound",
            "both",
            "distribute",
            "direction",
            "subgroup",
            "reference",
            "p",
            "range",
            "statistic-of-test",
            "interval",
            "arm-letter",
            "arm-role",
            "arm-named",
            "ordinal",
            "size",
        )
    ]
    inner = [q for q in others if start <= q.start < end]
    if inner:
        opening = _opening_bracket(text, inner[0].start)
        cut.append((max(start, opening), min(end, _closing_bracket(text, inner[-1].start) + 1)))
    kept = bytearray(b"\1" * (end - start))
    for x, y in cut:
        low, high = max(x, start) - start, min(y, end) - start
        kept[low:high] = bytes(max(0, high - low))
    return "".join(itertools.compress(text[start:end], kept))


def _distributes_over_endpoints(passage: Passage, a: Quantity, b: Quantity) -> bool:
    """'median PFS and 3-year OS rate were 24.9 months and 72.0%, respectively'."""
    text = passage.text
    if not re.fullmatch(r"\s*(?:和|与|及|、|,|and|, and)\s*", text[a.outer_end : b.outer_start]):
        return False
    return bool(passage.of("distribute")) and len(passage.between(0, a.start, "endpoint", "event")) >= 2
