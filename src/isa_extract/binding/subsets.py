"""The subset of patients a value is told of, and prognostic factors."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.finding.match import Mention

# what describes the whole study rather than a subset of its patients
_POPULATIONS = re.compile(
    r"^(?:NDMM|RRMM|transplant-(?:in)?eligible|treatment-naive|age>=18|previously treated)$"
)
_ROMAN_LIST = re.compile(
    r"(?P<system>R2?-ISS|ISS|Ann Arbor|FIGO|TNM|BCLC|Child-Pugh|ECOG|IPI)?\s*(?:分期|stage|评分)?\s*"
    r"(?P<list>(?:I{1,3}V?|IV|[A-C])(?:期|级)?(?:\s*(?:、|,|和|及|与|and|, and)\s*(?:I{1,3}V?|IV|[A-C])(?:期|级)?)+)\s*(?:期|级)?"
)


def subgroup_mentions(passage: Passage) -> list[tuple[int, int, str]]:
    """Subsets named in the sentence as folded start, end and code; stage lists taken apart."""
    found = [(m.start, m.end, m.code) for m in passage.of("subgroup") if not _POPULATIONS.match(m.code)]
    for match in _ROMAN_LIST.finditer(passage.text):
        system = match["system"] or ("stage" if "期" in match[0] else "")
        if not system:
            continue
        found = [f for f in found if f[1] <= match.start() or f[0] >= match.end()]
        start = match.start("list")
        for one in re.finditer(r"I{1,3}V?|IV|[A-C]", match["list"]):
            found.append((start + one.start(), start + one.end(), f"{system} {one[0]}"))
    for match in _WITHOUT.finditer(passage.text):
        earlier = [f for f in sorted(found) if f[1] <= match.start()]
        if earlier and all(f[1] <= match.start() or f[0] >= match.end() for f in found):
            code = earlier[-1][2]
            found.append(
                (
                    match.start(),
                    match.end(),
                    code.removeprefix("no ") if code.startswith("no ") else f"no {code}",
                )
            )
    return sorted(found)


# the complement of the subset named just before: 'those without it', '不伴者'
_WITHOUT = re.compile(
    r"(?:不|未)(?:伴|携带|合并)(?:有)?者|无(?:此|该)?(?:异常|突变|扩增)?者|those without(?: it| them)?|patients without(?= it\b)"
)


def subgroups_for(
    passage: Passage, group: Group, left: int, inherited: str, arms_named: int, before: Sequence[str] = ()
) -> tuple[str, ...]:
    """The subset of each member: listed like the values, or the one last named before the group.

    Args:
        before: the subsets of the group before in the sentence, which hold on where this group names none.
    """
    k = len(group)
    named = [m for m in subgroup_mentions(passage) if not _is_only_condition(passage, m)]
    ahead = [m for m in named if m[1] <= group.start]
    near = [m for m in ahead if m[0] >= left]
    if k > 1 and len(near) >= k and arms_named != k and _listed(passage, near[-k:]):
        return tuple(m[2] for m in near[-k:])
    if k > 1 and len(near) == k == len({m[2] for m in near}) and arms_named < k:
        return tuple(m[2] for m in near)
    if not near and len(before) == k and len(set(before)) == k and k > 1 and arms_named < k:
        return tuple(before)
    inside = [
        m for m in named if group.members[0].outer_start <= m[0] and m[1] <= group.members[-1].outer_end
    ]
    if k > 1 and len(inside) == k - 1 and near and arms_named != k:
        return (near[-1][2], *(m[2] for m in inside))
    if k == 1:
        behind = [
            m
            for m in named
            if m[0] >= group.end
            and re.fullmatch(
                r"\s*%?\)?\s*(?:of|in|for|among|with|those with|patients with|in those with|in patients with|for those|the|\s)*",
                passage.text[group.end : m[0]],
            )
        ]
        if behind and not near:
            return (behind[0][2],)
    if ahead:
        last = ahead[-1]
        if not _ended(passage, last, group, left):
            beside = [
                m
                for m in ahead
                if m[0] < last[0] and re.fullmatch(r"\s*(?:或|or|和/或)\s*", passage.text[m[1] : last[0]])
            ]
            code = f"{beside[-1][2]} or {last[2]}" if beside else last[2]
            return (code,) * k
    return (inherited,) * k


def _listed(passage: Passage, found: Sequence[tuple[int, int, str]]) -> bool:
    return all(
        re.fullmatch(
            r"\s*(?:患者|者|期|级|组|patients)?\s*(?:、|,|和|与|及|and|, and|versus|vs\.?|比|/)\s*(?:in |the |those )?\s*",
            passage.text[a[1] : b[0]],
        )
        for a, b in itertools.pairwise(found)
    )


def _is_only_condition(passage: Passage, m: tuple[int, int, str]) -> bool:
    """Named as something that is measured or excluded, not as who is counted."""
    return re.match(r"\s*(?:占|的发生率)", passage.text[m[1] :]) is not None


def _ended(passage: Passage, m: tuple[int, int, str], group: Group, left: int) -> bool:
    """A subset no longer holds once the whole is spoken of again, or after a full clause with its own values."""
    between = passage.text[m[1] : group.start]
    if passage.between(m[1], group.start, "whole"):
        return True
    if m[0] < left and re.search(r";", between):
        return True
    inside_bracket = between.count(")") > between.count("(")
    return inside_bracket and m[0] < left


def factor_for(passage: Passage, group: Group, left: int) -> str:
    """The name of a prognostic factor that an HR in brackets is of: the words right before the bracket."""
    text = passage.text
    opening = text.rfind(
        "(", left, group.members[0].label_start if group.members[0].label_start > 0 else group.start
    )
    if opening < 0:
        opening = text.rfind("[", left, group.start)
    if opening < 0:
        return ""
    words = re.split(
        r"[,;:。)]|、|和|以及|及(?!以)|与|\band\b|提示|显示|表明|分析|showed that|showed|identified|were|was|是|为",
        text[left:opening],
    )[-1].strip()
    named = [m for m in subgroup_mentions(passage) if left <= m[0] and m[1] <= opening]
    if named and len(words) <= named[-1][1] - named[-1][0] + 8:
        return f"factor: {named[-1][2]}"
    return f"factor: {words}" if words else ""


def passage_subgroup(m: Sequence[Mention], text: str) -> str:
    """A subset that a whole passage is about: '在肾功能损害亚组研究中'."""
    for mention in m:
        if _POPULATIONS.match(mention.code):
            continue
        whole = text[mention.start : mention.end + 10]
        if re.match(r".*?(?:亚组|subgroup)(?:分析|研究|中|的)", whole) and text[mention.end :][:1] != "(":
            return mention.code
    return ""
