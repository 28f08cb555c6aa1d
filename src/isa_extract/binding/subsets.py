"""The subset of patients that a value is told of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.binding.subset_words import cohort_named, open_subsets
from isa_extract.finding.match import Mention

# what describes the whole study rather than a subset of its patients
_POPULATIONS = re.compile(
    r"^(?:NDMM|RRMM|transplant-(?:in)?eligible|treatment-naive|age>=18|previously treated)$"
)
_ROMAN_LIST = re.compile(
    r"(?P<system>R2?-ISS|ISS|Ann Arbor|FIGO|TNM|BCLC|Child-Pugh|ECOG|IPI)?\s*(?:分期|stage|评分)?\s*"
    r"(?P<list>(?:I{1,3}V?|IV|[A-C])(?:期|级)?(?:\s*(?:、|,|和|及|与|and|, and)\s*(?:I{1,3}V?|IV|[A-C])(?:期|级)?)+)\s*(?:期|级)?"
)


# '达CR者占39.4%': the response is what is counted there, and not whose
_OF_RESPONSE = frozenset(("CR or better", "responders"))
_IS_COUNTED = re.compile(r"\s*(?:分别|依次|各)?(?:占|为)?\s*\d[\d.]*\s*%")
_SHARE_OF = re.compile(
    r"\b(?:(?:proportion|percentage|share|number|fraction|rate)s?|that) of (?:the )?$", re.IGNORECASE
)
# '446例不超过80岁的患者按3:2分入A组或B组'
_ALLOTTED = re.compile(r"[^,;。()\d]{0,6}(?:按\s*\d+\s*:\s*\d+|随机|被?分(?:入|至|到|配))")
# '57例KMT2A重排的急性白血病口服revumenib': who took part in the trial
_COUNT_AHEAD = re.compile(r"\d\s*例[^,;。]{0,3}$")
_TREATED = re.compile(r"[^,;。()\d]{0,16}(?:口服|接受|服用|随机)")
_NEGATED = re.compile(
    r"(?:无|未曾?|从未|未发生|不伴有?|未伴有?|没有|未携带|不携带|未合并|\bwithout (?:an? )?|\bno )\s*$",
    re.IGNORECASE,
)
_NEGATIVE_CODE = re.compile(r"^(?:no|non|never|un)\b|-negative|^R?-?ISS|[<>]")


def _as_negated(passage: Passage, m: Mention) -> tuple[int, int, str]:
    """'无POD24者' is the rest of the patients, whether or not the lexicon has a row for them."""
    ahead = _NEGATED.search(passage.text[: m.start])
    if ahead is None or _NEGATIVE_CODE.search(m.code):
        return m.start, m.end, m.code
    return ahead.start(), m.end, _complement(m.code)


def _is_everyone(passage: Passage, m: Mention, told: Sequence[Mention]) -> bool:
    """What a mention says of all patients, of an arm or of a time, and not of a subset."""
    codes = {o.code for o in told}
    if _POPULATIONS.match(m.code):
        pooled = re.match(r"\s*(?:trials|studies|试验|研究)", passage.text[m.end :])
        return len({c for c in codes if _POPULATIONS.match(c)}) < 2 and not pooled
    if m.code in ("male", "female") and m.text.lower() in ("men", "women"):
        return not {"male", "female"} <= codes
    if m.code in _OF_RESPONSE and (
        _IS_COUNTED.match(passage.text, m.end) or _SHARE_OF.search(passage.text[: m.start])
    ):
        return True
    if _ALLOTTED.match(passage.text, m.end) and _COUNT_AHEAD.search(passage.text[: m.start]):
        return True
    if passage.trial and _TREATED.match(passage.text, m.end) and _COUNT_AHEAD.search(passage.text[: m.start]):
        return True
    if m.code in ("no ASCT", "post-ASCT", "ASCT"):
        of_arm = m.text.endswith("组") or re.match(
            r"组|\s*\d+\s*例\s*\([^()]{1,12}组\)", passage.text[m.end :]
        )
        return bool(of_arm) or any(o.start < m.end and m.start < o.end for o in passage.of("stage"))
    return False


def opening_cohort(passage: Passage) -> str:
    """'In cohort A, …' at the head of a sentence: the cohort goes on being spoken of."""
    named = cohort_named(passage.text) if passage.sentence.lang == "en" else None
    return f"cohort {named['name']}" if named and named.start() < 10 else ""


def subgroup_mentions(passage: Passage) -> list[tuple[int, int, str]]:
    """Subsets named in the sentence as folded start, end and code; stage lists taken apart."""
    told = passage.of("subgroup")
    found = [_as_negated(passage, m) for m in told if not _is_everyone(passage, m, told)]
    for match in _ROMAN_LIST.finditer(passage.text):
        system = match["system"] or ("stage" if "期" in match[0] else "")
        if not system:
            continue
        found = [f for f in found if f[1] <= match.start() or f[0] >= match.end()]
        start = match.start("list")
        for one in re.finditer(r"I{1,3}V?|IV|[A-C]", match["list"]):
            found.append((start + one.start(), start + one.end(), f"{system} {one[0]}"))
    for start, end, name in open_subsets(passage):
        ranged = name.startswith(("stage ", "ISS ", "R-ISS "))
        if ranged:
            found = [f for f in found if f[1] <= start or f[0] >= end]
        if all(f[1] <= start or f[0] >= end for f in found):
            ahead = None if ranged else _NEGATED.search(passage.text[:start])
            found.append((ahead.start(), end, _complement(name)) if ahead else (start, end, name))
    found += _rests(passage, sorted(found))
    return sorted(found)


_THE_SAME = re.compile(
    r"同一(?:人群|亚组|队列)|(?:该|此|这一|这部分|该部分)(?:亚组|人群|队列)(?!的?定义)|(?<=\bthe )last(?= with\b)|\b(?:the same|this|that) (?:population|subgroup|subset|stratum|cohort)\b",
    re.IGNORECASE,
)
# the complement of the subset named just before: 'those without it', '不伴者'
_WITHOUT = re.compile(
    r"(?:不|未|没有)(?:曾)?(?:伴|携带|合并|检出|接受|用|使用|达到?|获得?|发生|出现|突变)(?:有|过)?者|(?<![未没不])(?:用过|接受过|曾接受)者|无(?:此|该)?(?:异常|突变|扩增)?者|"
    r"\b(?:those|patients|women|men) (?:with none|who had (?:none|not)|who (?:did|were) not)\b|those without(?: it| them)?|\bwithout it\b|"
    r"\bnon-?carriers\b|\bno such (?:mutation|alteration|abnormality|change|disease|lesion)s?\b|\bfor (?:a )?shorter (?:time|period)\b|the (?:remainder|rest)(?: of (?:the )?patients)?\b|其余(?:患者|者)"
)
_OTHERS = re.compile(r"\b(?:in|for|among) (?P<all>the others)\b")
# 'below 60 years …, at 60 and above …'
_REST_OF_SCALE = re.compile(
    r"\b(?:(?:at|from|of) )?(?P<n>\d[\d.]*)(?: years| months|%)? (?:and|or) (?:above|over|older|more|higher|below|under|younger|less|lower)\b|\b(?:below|under|above|over) (?P<n2>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)


def _rests(passage: Passage, found: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The complements of subsets named before them: 'those without it', '无大血管侵犯者', 'below 0.5', 'the others'."""
    text = passage.text
    rest: list[tuple[int, int, str]] = []

    def earlier(start: int, end: int) -> str:
        """The subset named last before a place that names none itself."""
        if any(f[0] < end and start < f[1] for f in (*found, *rest)):
            return ""
        before = [f for f in (*found, *rest) if f[1] <= start]
        return max(before)[2] if before else ""

    for match in _WITHOUT.finditer(text):
        code = earlier(*match.span())
        if code and (code.startswith("no ") or not re.match("用过|接受过|曾接受", match[0])):
            rest.append((*match.span(), _complement(code)))
    for match in _OTHERS.finditer(text):
        if code := earlier(*match.span("all")):
            rest.append((*match.span("all"), f"other than {code}"))
    scales = {m[0].lstrip("<>=") for f in found for m in re.finditer(r"[<>]=?\d[\d.]*", f[2])}
    for match in _REST_OF_SCALE.finditer(text) if scales else ():
        if (match["n"] or match["n2"]) in scales and (code := earlier(*match.span())):
            rest.append((*match.span(), _complement(code)))
    for start, end, code in found:
        core = re.sub(r"(?:的)?(?:患者|者|人群|亚组)$", "", text[start:end])
        again = passage.sentence.lang == "zh" and len(core) > 2 and core in text[end:]
        if again and not _NEGATIVE_CODE.search(code):
            for match in re.finditer(
                rf"(?:无|不伴有?|未(?:合并|携带|伴有?))(?={re.escape(core)})", text[end:]
            ):
                at = end + match.start(), end + match.end() + len(core)
                if not any(f[0] < at[1] and at[0] < f[1] for f in found):
                    rest.append((*at, _complement(code)))
    return rest


_OPPOSITES = [
    (this, re.compile(rf"{'(?<![<>=])' if this[0] in '<>' else '(?<![A-Za-z])'}{this}(?![A-Za-z=])"), that)
    for pair in (
        ("high", "low"),
        ("positive", "negative"),
        (">=", "<"),
        (">", "<="),
        ("eligible", "ineligible"),
    )
    for this, that in (pair, pair[::-1])
]


def _complement(code: str) -> str:
    """The rest of the patients: ``no 1q21 gain``, ``TROP2 low``, ``age<65``."""
    for this, pattern, that in _OPPOSITES:
        if pattern.search(code):
            return code.replace(this, that)
    return code.removeprefix("no ") if code.startswith("no ") else f"no {code}"


def subgroups_for(
    passage: Passage,
    group: Group,
    left: int,
    inherited: str,
    arms_named: int,
    before: Sequence[str] = (),
    last: str = "",
) -> tuple[str, ...]:
    """The subset of each member: listed like the values, or the one last named before the group.

    Args:
        before: the subsets of the group before in the sentence, which hold on where this group names none.
        last: the subset of the last value told, for 'in the same population'.
    """
    k = len(group)
    named = [m for m in subgroup_mentions(passage) if not _is_only_condition(passage, m)]
    if group.effect and (own := _of_listed_effects(passage, group, named)):
        return own
    if last:
        named = sorted([*named, *((m.start(), m.end(), last) for m in _THE_SAME.finditer(passage.text))])
    ahead = [m for m in named if m[1] <= group.start and not _is_of_value_before(passage, m)]
    near = [m for m in ahead if m[0] >= left]
    if k == 2 and len(ahead) > 1 and not near and (m := _FORMER.search(passage.text[left : group.start])):
        pair = (ahead[-2][2], ahead[-1][2])
        return pair if m[1] else pair[::-1]
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
    if not near or _TOLD_OF_VALUE.search(passage.text[: near[-1][0]]):
        behind = [
            m
            for m in named
            if m[0] >= group.end
            and re.fullmatch(
                r"\s*%?\)?\s*(?:of|in|for|among|with|those with|patients with|in those with|in patients with|for those|tumou?rs|women|men|disease|the|an?\b|carriers|"
                r"whose \w+|who|had|was|were|carried|harbou?r(?:ed|ing)|carrying|cohort|those|patients|\s)*",
                passage.text[max(group.end, group.members[-1].outer_end) : m[0]],
            )
        ]
        if behind and k > 1 and len(inside) == k - 1 and arms_named != k:
            return (*(m[2] for m in inside), behind[0][2])
        if not behind and k > 1 and len(inside) == k - 1 and arms_named < k:
            return (inherited, *(m[2] for m in inside))
        if behind and not inside and (k == 1 or behind[0][2] not in before):
            return (behind[0][2],) * k
    if ahead:
        nearest = ahead[-1]
        if not _ended(passage, nearest, group, left):
            beside = [
                m
                for m in ahead
                if m[0] < nearest[0]
                and re.fullmatch(r"\s*(?:或|or|和/或)\s*", passage.text[m[1] : nearest[0]])
            ]
            code = f"{beside[-1][2]} or {nearest[2]}" if beside else nearest[2]
            return (code,) * k
    return (inherited,) * k


_FOR_WHOM = re.compile(
    r"[\s)\]]*(?:for|in|among|with) (?:the |those with |patients with |men with |women with )?(?P<whom>(?!the\b)[A-Za-z][\w/+-]*(?: [\w/+-]+){0,4}?)"
    r"(?: (?:disease|tumou?rs?|patients|subgroup|histology))?\s*(?:\([^()]*\))?\s*(?=[,;.]|\band\b|\bbut\b|$)"
)
_NOBODY = re.compile(
    r"\b(?:follow|months?|years?|survival|response|progression|death|favou?r|groups?|arms?|both)\b", re.I
)


def _of_listed_effects(
    passage: Passage, group: Group, named: Sequence[tuple[int, int, str]]
) -> tuple[str, ...]:
    """'HRs were 0.74 (0.55-0.99) for X disease, 0.58 (…) for Y and 0.44 (…) for Z': in a list each effect names its
    subset behind it, whatever that is called."""
    told: dict[int, re.Match[str]] = {}
    for q in passage.quantities:
        if q.is_effect and (whom := _FOR_WHOM.match(passage.text, q.outer_end)):
            told[q.start] = whom
    codes = {at: _whom(passage, w, named) for at, w in told.items()}
    own = tuple(codes.get(q.start, "") for q in group.members)
    return own if len(codes) > 1 and all(codes.values()) and all(own) else ()


_NOT_WHOM = (
    "endpoint",
    "event",
    "drug",
    "arm-role",
    "arm-named",
    "arm-plain",
    "arm-letter",
    "arm-dose",
    "value",
)


def _whom(passage: Passage, told: re.Match[str], named: Sequence[tuple[int, int, str]]) -> str:
    """What a phrase behind an effect calls its subset; empty for an arm, an outcome or a time."""
    start, end = told.span("whom")
    lexical = [m for m in named if start <= m[0] and m[1] >= end]
    if lexical and (lexical[0][0] == start or re.search(r"\bwith\s+$", passage.text[start : lexical[0][0]])):
        return lexical[0][2]
    treated = any(r.start < end and start < r.end for r in passage.regimens) or len(told["whom"]) == 1
    if treated or _NOBODY.search(told["whom"]) or passage.between(start, end, *_NOT_WHOM):
        return ""
    return told["whom"]


# 'in arm A the former did worse (31% against 56%)', where two subsets have been named
_FORMER = re.compile(r"(前者|the former)|后者|the latter")


def _is_of_value_before(passage: Passage, m: tuple[int, int, str]) -> bool:
    """'93% of responders were in remission; median PFS was…': said right behind a value, it is of that value alone."""
    return re.search(r"\d\s*%\s*(?:\([^()]*\)\s*)?of (?:the )?(?:\d+ )?$", passage.text[: m[0]]) is not None


def _listed(passage: Passage, found: Sequence[tuple[int, int, str]]) -> bool:
    return all(
        re.fullmatch(
            r"\s*(?:患者|者|期|级|组|patients)?\s*(?:\([^()]*\))?\s*(?:、|,|和|与|及|and|, and|versus|vs\.?|比|/)\s*(?:in |the |those )?\s*",
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
    for whole in passage.between(m[1], group.start, "whole"):
        gap = passage.text[m[1] : whole.start]
        if group.members[0].depth or gap.count("(") <= gap.count(")"):
            return True  # and not '淋巴结阳性(占全部患者的81%)的患者'
    told = re.sub(r"\([^()]*$", "", re.sub(r"\([^()]*\)", "", between)) if group.members[0].depth else between
    if m[0] < left and re.search(r";(?![^;,。]{0,12}(?:也|亦|同样))", told):
        return True
    if re.search(r"[;。]", between) and _TOLD_OF_VALUE.search(passage.text[: m[0]]):
        return True
    if m[0] < left and _EFFECT_OF_ITS_OWN.match(between):
        return True
    if m[0] < left and _told_inside(passage, m, group):
        return True
    inside_bracket = between.count(")") > between.count("(")
    return inside_bracket and m[0] < left


# 'and 0.50 (0.28-0.88) in carriers of a 1q21 gain, …; 33.5% …'
_TOLD_OF_VALUE = re.compile(
    r"[\d)%\]] (?:in|for|among) (?:the |an? |those |patients |women |men |carriers |of |with |\d+ )*$"
)
# 'age over 60 (HR 1.9, 1.2-3.0), as was …': what the bracket tells of has been told when it closes
_EFFECT_OF_ITS_OWN = re.compile(
    r"\s*[(\[](?:a?HR|OR|RR|hazard|odds|risk)(?:[^()\[\]]|\([^()]*\)|\[[^\[\]]*\])*[)\]]", re.IGNORECASE
)


def _told_inside(passage: Passage, m: tuple[int, int, str], group: Group) -> bool:
    """'中位PFS 24.1个月,高危者仅13.2个月,2年OS率76.4%': a subset put in within one measure ends with it."""
    values = passage.between(m[1], group.start, "value")
    if not values or not passage.between(0, m[0], "endpoint") or not passage.between(0, m[0], "value"):
        return False
    named_inside = passage.between(m[1], values[0].start, "endpoint")
    named_after = passage.between(values[0].end, group.start, "endpoint")
    clause_of_own = "," in passage.text[values[0].end : named_after[0].start] if named_after else False
    return not named_inside and clause_of_own


def passage_subgroup(m: Sequence[Mention], text: str) -> str:
    """A subset that a whole passage is about: '在肾功能损害亚组研究中'."""
    for mention in m:
        if _POPULATIONS.match(mention.code):
            continue
        whole = text[mention.start : mention.end + 10]
        if (
            re.match(r".*?(?:亚组|subgroup)(?:分析|研究|中|的(?=患者|病例|人群|分析|结果|数据|疗效))", whole)
            and text[mention.end :][:1] != "("
        ):
            return mention.code
    return ""
