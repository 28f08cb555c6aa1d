"""Which endpoint a group of values is of.

Before the value by default; behind it where a verb of achieving joins them ('72.6%达到VGPR', '45% had a
complete response') or once behind several values; carried from the sentence before where the sentence names
none. What does not fit is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from isa_extract.binding.endpoints import HEADING, SURVIVAL, Endpoint, fits
from isa_extract.binding.groups import Group, is_contrast
from isa_extract.binding.listing import (
    last_achieves,
    named_before_in_number,
    one_value_for_several,
)
from isa_extract.binding.listing import (
    listed as listed_before,
)
from isa_extract.binding.no_results import is_limit_or_baseline, is_of_something_else
from isa_extract.binding.passages import Passage
from isa_extract.binding.told_behind import (
    achieved,
    counted_by_verb,
    event_of_people,
    of_the_subject,
    right_behind,
    shared_behind,
    told_at_the_end,
    told_for,
    told_with,
)
from isa_extract.finding.quantity import bracket_depths


def choose(
    passage: Passage,
    group: Group,
    before: Sequence[Group],
    after: int,
    found: Sequence[Endpoint],
    carried: Sequence[Endpoint],
    told: Sequence[Endpoint] = (),
) -> tuple[Endpoint, ...]:
    """The endpoint of each member of a group; empty where none can be told.

    Args:
        before: the groups of the sentence that come earlier.
        after: the folded offset where the next group begins (or the sentence ends).
        found: the sentence's endpoints.
        carried: the endpoint last spoken of before the sentence, and the last whose values are times.
        told: the endpoints of the sentence's earlier values, one for each, in order.
    """
    first = group.members[0]
    if is_limit_or_baseline(passage, group):
        return ()
    if first.statistic == "hazard_ratio":
        in_model = bool(passage.of("factor-cue"))
        found = [e for e in found if not (in_model and _is_factor_event(passage, e))]
        found = [e for e in found if not _says_of_whom(e, first.start, found)]
    if first.statistic == "count" and first.value == "0":
        none_of = [e for e in found if 0 <= e.start - first.end <= 16 and fits(e, first)]
        if none_of and not re.search(r"[,;。]|\.\s", passage.text[first.end : none_of[0].start]):
            return (_more_exactly(passage, none_of[0], found),) * len(group)
    outright = counted_by_verb(passage, group, found) or of_the_subject(passage, group, found)
    if group.effect:
        outright = told_for(passage, group, after, found) or told_at_the_end(passage, group, found)
    if outright is not None:
        return (outright,) * len(group)
    left = max((g.end for g in before if g.end <= group.start), default=0)
    if group.parent is not None:
        left = max(left, group.parent.outer_end)  # what stands in the value's bracket names its own endpoint
    preceding = [e for e in found if left <= e.start and e.end <= first.start]
    listed = (
        named_before_in_number(passage, group, told)
        or listed_before(passage, group, preceding)
        or last_achieves(passage, group, after, found, preceding)
    )
    if listed:
        return listed
    shares = one_value_for_several(passage, group, preceding, told)
    if shares is not None:
        return (shares,)
    reached = achieved(passage, group, after, found)
    if reached is not None and not (preceding and _is_told_before(passage, group, preceding[-1])):
        return (reached,) * len(group)
    if preceding and (
        _PART.fullmatch(preceding[-1].text)
        or _adverb_behind(passage, group, found)
        or _told_behind_in_turn(passage, group, before, told)
    ):
        other = right_behind(passage, group, after, found)  # '33% had a complete and 40% a partial response'
        if other is not None:
            return (other,) * len(group)
    fitting = _outside_brackets(passage, group, [e for e in preceding if fits(e, first)])
    if fitting:
        return (_as_survival(_same_event(_main(passage, fitting, group), group, told), group),) * len(group)
    shared = shared_behind(passage, group, found)
    if shared is not None and not preceding:
        return (shared,) * len(group)
    behind = right_behind(passage, group, after, found) or event_of_people(passage, group, after, found)
    in_turn = _IN_TURN.search(passage.text, 0, group.start) is not None
    if behind is not None and not in_turn:
        return (behind,) * len(group)
    again = _told_in_turn(group, after, found, told)
    if (
        len(group) > 1
        and not is_contrast(passage, group)
        and len({(e.code, e.term) for e in again}) == len(group)
        and all(fits(e, q) for e, q in zip(again, group.members, strict=True))
    ):
        return again  # '观察组ORR、DCR分别为a、b,对照组分别为c、d'
    if behind is not None:
        return (behind,) * len(group)
    if group.parent is None and is_of_something_else(passage, group):
        return ()
    nested = any(_PART.fullmatch(e.text) for e in found if group.end <= e.start < after)
    earlier = _outside_brackets(
        passage,
        group,
        [
            e
            for e in found
            if e.end <= first.start and fits(e, first) and not (nested and _PART.fullmatch(e.text))
        ],
    )
    if before and earlier and not _starts_clause_of_its_own(passage, group, before[-1]):
        return (_as_survival(replace(_main(passage, earlier, group), how="carried"), group),) * len(group)
    spoken = next((e for e in carried if fits(e, first)), None)
    if spoken is not None and _may_carry(passage, group, spoken):
        return (_as_survival(replace(spoken, start=-1, end=-1, how="carried"), group),) * len(group)
    joined = told_with(passage, group, found) if group.effect else None
    return (joined,) * len(group) if joined else ()


def _is_factor_event(passage: Passage, e: Endpoint) -> bool:
    """'伴有腹水(HR=1.52)', 'CA-125 response (HR 0.60)', 'raised LDH did not (HR 1.71)': a factor, with its ratio behind."""
    return e.code in ("AE", "OTHER") and bool(
        re.match(
            r"\s*(?:者|患者)?(?:\s+(?:did not|was not|had none|did|was))?\s*\(\s*(?:(?:aHR|HR|hazard ratio)\b|\d+\.\d+(?=\s*[,;(\[]))",
            passage.text[e.end :],
        )
    )


def _told_in_turn(
    group: Group, after: int, found: Sequence[Endpoint], told: Sequence[Endpoint]
) -> tuple[Endpoint, ...]:
    """'CR 11例, PR 14例, 总有效率86%;对照组依次为6例、10例,总有效率66%': those told before what is told again behind."""
    again = next((e for e in found if group.end <= e.start <= after), None)
    k = len(group)
    if again is not None and len(told) > k and again.code == told[-1].code:
        return tuple(told[-k - 1 : -1])
    return tuple(told[-k:])


def _says_of_whom(e: Endpoint, ratio: int, found: Sequence[Endpoint]) -> bool:
    """'the HR for death was 0.68 in patients with neuropathy and 0.90 in those without': an event of the subset."""
    return (
        e.code == "AE"
        and bool(e.term)
        and "host" not in e.term
        and any(o.code in SURVIVAL | {"RELAPSE", "NRM", "TRM", "DEATH"} and o.end <= ratio for o in found)
    )


def _more_exactly(passage: Passage, e: Endpoint, found: Sequence[Endpoint]) -> Endpoint:
    """'Neurotoxicity: 18%, with no grade 4 event', 'no such deaths': the event is the one spoken of."""
    if re.search(r"\bsuch $", passage.text[: e.start]):
        return next((o for o in reversed(found) if o.end <= e.start), e)
    if e.code == "AE" and not e.term and re.fullmatch(r"events?", e.text, re.IGNORECASE):
        named = [o for o in found if o.end <= e.start and o.code == "AE"]
        only_one = len({o.term for o in named if o.term}) == 1
        apart = named and re.search(r"[。]" if only_one else r"[;。]", passage.text[named[-1].end : e.start])
        if named and named[-1].term and not apart:
            return named[-1]
    return e


def _as_survival(e: Endpoint, group: Group) -> Endpoint:
    """An effect on deaths of whatever cause is on overall survival."""
    plain = re.fullmatch(r"(?:all-cause )?(?:deaths?|died|mortality)|(?:全因)?(?:死亡|病死)率?", e.text, re.I)
    if e.code == "DEATH" and group.members[0].statistic in ("hazard_ratio", "risk_reduction") and plain:
        return replace(e, code="OS")
    return e


def _same_event(e: Endpoint, group: Group, told: Sequence[Endpoint]) -> Endpoint:
    """'alive and disease-free (HR for recurrence or death 0.24)': the event of the survival told just before."""
    of_event = e.code in ("PFS", "RFS") and re.search(r"or death|或死亡", e.text)
    if group.effect and of_event and told and told[-1].code in SURVIVAL - {"OS", "DOR", "TTNT", "TTP"}:
        return replace(e, code=told[-1].code)
    return e


def _outside_brackets(passage: Passage, group: Group, found: Sequence[Endpoint]) -> list[Endpoint]:
    """What a bracket told of one value is not carried to values outside it."""
    if not any(e.start >= 0 for e in found):
        return list(found)
    depths = bracket_depths(passage.text)
    return [e for e in found if e.start < 0 or depths[e.start] <= group.members[0].depth] or list(found)


_PART = re.compile(r"(?:and )?(?:complete|partial)(?:ly)?", re.I)
"""A part of the responses told before it: '67.7%, complete in 29.1%, and in 44.4% of the others, complete in 12.5%'."""


def _adverb_behind(passage: Passage, group: Group, found: Sequence[Endpoint]) -> bool:
    """'84% responded, 42% completely and 43% partially'."""
    e = next((e for e in found if e.start >= group.end), None)
    return e is not None and e.text.lower() in ("completely", "partially")


_AND = re.compile(r"[^;。]{0,60}\b(?:and|but|while|whereas)\s+(?:about |only |just )?", re.IGNORECASE)


def _told_behind_in_turn(
    passage: Passage, group: Group, before: Sequence[Group], told: Sequence[Endpoint]
) -> bool:
    """'39% had a complete response and 52% any response': the value before has its endpoint behind it, and so has
    the next, whose verb is not said again."""
    if not (before and told and group.parent is None) or told[-1].start < before[-1].end:
        return False
    return _AND.fullmatch(passage.text, told[-1].end, group.start) is not None


def _is_told_before(passage: Passage, group: Group, e: Endpoint) -> bool:
    """Whether the endpoint stands right before the value, so that what follows begins something new."""
    return (
        re.fullmatch(
            r"\s*(?:率|的发生率|发生率)?\s*(?:分别)?\s*(?:为|达到?|是|was|were|of|in|:|=|\()\s*(?:约|仅)?\s*",
            passage.text[e.end : group.start],
        )
        is not None
    )


def _main(passage: Passage, fitting: Sequence[Endpoint], group: Group) -> Endpoint:
    """The last one before the value, unless it only explains an earlier one ('AEs, largely X, affected')."""
    last = fitting[-1]
    if (
        len(fitting) > 1
        and last.code == "AE"
        and not last.term
        and re.search(r"toxicit|side effect|毒性|副作用", last.text)
    ):
        named = fitting[-2]
        if named.term and not re.search(r"[.;。,]", passage.text[named.end : last.start]):
            return named  # 'pneumonitis remains its signature toxicity: 15%'
    if len(fitting) > 1 and last.code == "AE" and not last.term:
        named = fitting[-2]
        if named.term and _WAS_THE_MOST.fullmatch(passage.text[named.end : last.start]):
            return named
    if len(fitting) > 1 and last.code == "AE" and last.term:
        gap = passage.text[fitting[-2].end : last.start]
        if re.search(
            r",\s*(?:largely|mainly|mostly|chiefly|predominantly|including|principally|主要为|多为|以)\s*$",
            gap,
        ) and re.match(r"\s*,", passage.text[last.end :]):
            return fitting[-2]
    return last


_WAS_THE_MOST = re.compile(
    r"\s+(?:was|were|being|remained)\s+(?:by far\s+)?(?:the\s+)?(?:most|more|commonest|main|leading|chief|only)\s+(?:[a-z-]+\s+){0,4}(?:of\s+)?(?:the\s+)?(?:grade\s.{1,8}\s)?|\s*(?:\([^()]{1,10}\))?(?:仍|也|均)?(?:是|为)[^,;。\d]{0,8}(?:最|较|主要|突出|明显|首要)[^,;。\d]{0,10}?的?(?:[^,;。]{0,6}级)?",
    re.IGNORECASE,
)
"""'Neutropenia was the most frequent haematological event of grade 3 or 4': the event is named by its subject."""


def _starts_clause_of_its_own(passage: Passage, group: Group, before: Group) -> bool:
    """A value of a new clause that names something unknown takes no endpoint from the clause before."""
    gap = passage.text[before.end : group.start]
    return re.search(r"[。]", gap) is not None


_IN_TURN = re.compile(r"组(?:患者)?(?:分别|依次|相应)(?:地)?(?:为|是|有)?\s*$")
"""'对照组依次为6例、10例、11例': of what was told of the group before, one after the other."""
_OF_ENTRY = re.compile(
    r"男(?:性)?\s*\d+\s*例|女(?:性)?\s*\d+\s*例|年龄|基线(?:特征|资料)|\b(?:median|mean) age\b|\b[Aa]t (?:baseline|entry)\b"
)
"""Who took part: a share told there is of no endpoint spoken of before."""


def _may_carry(passage: Passage, group: Group, carried: Endpoint) -> bool:
    """From one sentence to the next an endpoint is carried only by what clearly goes on with it."""
    if group.effect or carried.how == HEADING:
        return True
    if passage.sentence.paragraph_start:
        return False
    ahead = passage.text[: group.start]
    if re.search(r"(?<![前后])者$", ahead) and group.members[0].n:
        return False  # '未匹配者135例(47.0%)' tells a share of its own
    if group.members[0].unit == "%" and _OF_ENTRY.search(ahead):
        return False
    return bool(
        passage.between(
            0, group.start, "all-arms", "data-cut", "ordinal", "median", "landmark", "followup", "whole"
        )
        or re.search(
            r"\bit:\s*$|相应|corresponding|equivalent|same comparison|rates?\b|比例|者分别|组分别|medians?|比率|estimate",
            ahead,
        )
        or len(group) > 1
    )
