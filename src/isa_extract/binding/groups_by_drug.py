"""Groups that go by the name of one of their drugs: 'isatuximab plus VRd (isatuximab group)', 'X with either Y (Y group) or Z (Z group)'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from isa_extract.binding.given import RECEIVES, THE_SAME, joined, tells_a_result, the_above
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster, without_placebo
from isa_extract.finding.regimens import RegimenMention
from isa_extract.records import Arm


def add_groups_called_by_a_part(passage: Passage, result: Roster) -> None:
    """'isatuximab plus VRd (isatuximab group)': the group is called by a part of what it receives."""
    for whole, part in itertools.pairwise(passage.regimens):
        own = without_placebo(part.drugs)
        if (
            part.grouped
            and own
            and set(own) < set(whole.drugs)
            and re.fullmatch(r"[^,;。()]{0,24}\(\s*(?:the\s+)?", passage.text[whole.end : part.start])
            and own not in result.choices
        ):
            arm = _group_called(passage, part, whole.drugs)
            if result.by_drugs(whole.drugs) is None:
                result.arms.append(arm)
            result.choices[own] = result.by_drugs(whole.drugs) or arm


def _group_called(passage: Passage, part: RegimenMention, drugs: Iterable[str]) -> Arm:
    """The group that goes by the name of one of its drugs, as the paper writes it."""
    written = passage.text[part.start : part.end]
    chinese = re.search("[\u4e00-\u9fff]", passage.text[part.start : part.end + 1])
    return Arm(f"{written}组" if chinese else f"{part.label} group", without_placebo(drugs))


def add_same_with_more(passage: Passage, result: Roster) -> None:
    """'… (control group), or to the same cycles with isatuximab … (isatuximab group)': the drugs of the group before, and one."""
    for more, part in itertools.pairwise(passage.regimens):
        own = without_placebo(part.drugs)
        if (
            part.grouped
            and own == without_placebo(more.drugs)
            and result.arms
            and result.arms[-1].drugs
            and not set(own) & set(result.arms[-1].drugs)
            and own not in result.choices
            and THE_SAME.search(passage.text[: more.start])
            and re.fullmatch(r"[^;。()]{0,80}\(\s*(?:the\s+)?", passage.text[more.end : part.start])
        ):
            arm = _group_called(passage, part, {*own, *result.arms[-1].drugs})
            result.arms.append(arm)
            result.choices[own] = arm


_EITHER = re.compile(
    r"\b(?:combined with|together with|with|plus|and)\s+either\s+(?:of\s+)?$|(?:联合|加用?)(?:以下药物之一)?\s*$",
    re.IGNORECASE,
)


def add_either_with_base(passage: Passage, result: Roster) -> None:
    """'X combined with either Y (Y group) or Z (Z group)': both groups get X."""
    text = passage.text
    for i, base in enumerate(passage.regimens[:-4]):
        first, called, second, also = passage.regimens[i + 1 : i + 5]
        pairs = ((first, called), (second, also))
        if (
            _EITHER.search(text[: first.start])
            and not re.search("[;。]", text[base.end : first.start])
            and all(
                c.grouped
                and c.drugs == t.drugs
                and re.fullmatch(r"[^;。()]{0,60}\(\s*(?:the\s+)?", text[t.end : c.start])
                for t, c in pairs
            )
        ):
            for t, c in pairs:
                own = without_placebo(t.drugs)
                arm = _group_called(passage, c, {*base.drugs, *own})
                result.arms.append(arm)
                result.choices[own] = arm
            return


def add_groups_named_for_a_drug(passage: Passage, result: Roster) -> None:
    """'地西他滨组54例:BuCy之前先给地西他滨', 'the nivolumab group received nivolumab plus ipilimumab': more than the name says."""
    for i, part in enumerate(passage.regimens):
        own = without_placebo(part.drugs)
        if not part.grouped or part.is_label or len(own) != 1 or own in result.choices:
            continue
        clause = re.split(r"[;。]", passage.text[part.end :])[0]
        told = RECEIVES.search(re.sub(r"^(?:单药|治疗)?(?:组| group| arm)", "", clause))
        chain = [r for r in passage.regimens[i + 1 :] if r.end <= part.end + len(clause) and not r.grouped]
        if told is None or not chain or tells_a_result(passage, part.end, chain[-1].end):
            continue
        whole = without_placebo(joined(passage.text, chain) | the_above(passage, part.start, clause))
        if set(own) < set(whole) and result.by_drugs(whole) is None:
            arm = _group_called(passage, part, whole)
            result.arms.append(arm)
            result.choices[own] = arm
