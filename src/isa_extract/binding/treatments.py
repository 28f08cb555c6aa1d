"""Which of the treatments that a study names are its arms, by how often and how firmly it names them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, classes_of, without_placebo
from isa_extract.finding.regimens import RegimenMention
from isa_extract.records import Arm


def treatments(found: Sequence[Passage], result: Roster) -> tuple[list[Arm], int]:
    """Regimens that the study speaks of often and firmly enough to be its arms.

    Returns them in order of introduction, and how many of them the text calls groups or defines as labels.
    """
    scored: dict[Drugs, tuple[float, str, int]] = {}
    grouped: dict[Drugs, int] = {}
    for order, passage in enumerate(found):
        for place, drugs, label, weight in _candidates(passage):
            score, first, at = scored.get(drugs, (0.0, label, order * 10_000 + place))
            full = not is_short_label(first) or first in drugs  # a drug's whole name gives way to 'Isa组'
            better = label if is_short_label(label) and label not in drugs and full else first
            scored[drugs] = (score + weight, better, at)
        in_brackets = [
            r for r in passage.regimens if r.is_label and passage.text[r.start - 1 : r.start] == "("
        ]
        for r in passage.regimens:
            counted = r.is_label and re.match(
                r"\s*[,;]?\s*(?:\(?n ?= ?\d|\(?\d+\s*(?:例|人|名|patients))", passage.text[r.end :]
            )
            if r.grouped or counted or (len(in_brackets) > 1 and r in in_brackets):
                grouped.setdefault(without_placebo(r.drugs), order * 10_000 + r.start)
    likely = {d for d, (score, _, _) in scored.items() if score >= 2}
    if len(likely) < 2:
        likely = {d for d, (score, _, _) in scored.items() if score >= 1}
    assigned = _order_told(found, grouped, likely)
    ranked = [(assigned.get(drugs, at), drugs, label, score) for drugs, (score, label, at) in scored.items()]
    strong = [c for c in ranked if c[3] >= 2]
    if len(strong) < 2:
        strong = [c for c in ranked if c[3] >= 1] or _best(ranked)
    listed = _listed_as_groups(found) & {c[1] for c in strong}
    if len(listed) < 3:
        listed = set()
    strong = [c for c in strong if c[1] in listed] or _without_strays(
        strong, {d: at // 10_000 for d, (_, _, at) in scored.items()}
    )
    sized = _told_with_sizes(found)
    if len(sized & {c[1] for c in strong}) >= 2:
        strong = [c for c in strong if c[1] in sized]
    firm = set(grouped) | {
        without_placebo(r.drugs)
        for p in found
        for r in p.regimens
        if p.text[r.start - 1 : r.start] == "(" or (r.is_label and _set_beside(p.text, r))
    }
    alone = {without_placebo(r.drugs) for p in found for r in p.regimens if _ALONE.match(p.text, r.end)}
    blinded = any("placebo" in classes_of(r.drugs) for p in found for r in p.regimens)
    arms = [
        Arm(label, drugs)
        for _, drugs, label, _ in sorted(strong)
        if result.by_drugs(drugs) is None
        and (
            drugs in listed
            or (drugs in alone and not blinded)
            or not _is_part_only(drugs, strong, firm, blinded)
        )
    ]
    arms = _with_choices(found, arms, result)
    return arms, sum(1 for a in arms if a.drugs in firm)


def _order_told(found: Sequence[Passage], grouped: dict[Drugs, int], strong: set[Drugs]) -> dict[Drugs, int]:
    """The order of introduction: that of the first sentence that names two of them. Where one takes in the other, it
    is the first that calls both groups: '在Rd的基础上加入卡非佐米,KRd组与Rd组'."""
    nested = any(set(a) < set(b) for a, b in itertools.permutations(strong, 2))
    for order, passage in enumerate(found):
        here: dict[Drugs, int] = {}
        for r in passage.regimens:
            drugs = without_placebo(r.drugs)
            if (
                drugs in strong
                and (r.grouped or not nested)
                and not is_earlier_treatment(passage.text[: r.start])
                and not is_told_control(passage.text, r)
            ):
                here.setdefault(drugs, order * 10_000 + r.start)
        if len(here) > 1 and (not nested or all(d in grouped for d in here)):
            return here
    return {}


def _listed_as_groups(found: Sequence[Passage]) -> set[Drugs]:
    """Three regimens and more that one sentence calls groups: 'A组、B单药组和C组'."""
    for passage in found:
        called = {without_placebo(r.drugs) for r in passage.regimens if r.grouped} - {()}
        if len(called) >= 3:
            return called
    return set()


def _told_with_sizes(found: Sequence[Passage]) -> set[Drugs]:
    """The regimens of the first sentence that tells how many patients got each of two or more: '(Isa-VRd, n=265; VRd, n=181)'."""
    for passage in found:
        sized = {
            without_placebo(r.drugs)
            for r in passage.regimens
            if re.match(r"(?:组)?\s*[,(]?\s*n\s*=\s*\d", passage.text[r.end :])
        }
        if len(sized) >= 2:
            return sized
    return set()


_ALONE = re.compile(r"\s*(?:单药|单一疗法|单用|monotherapy|alone\b)", re.IGNORECASE)


def _with_choices(found: Sequence[Passage], arms: list[Arm], result: Roster) -> list[Arm]:
    """Of three and more: 'X versus A or B', and two of one class told as 'A or B', are one arm by choice."""
    if len(arms) < 3:
        return arms
    for passage in found:
        for i, (r, other) in enumerate(itertools.pairwise(passage.regimens)):
            gap = passage.text[r.end : other.start]
            if not re.fullmatch(r"(?:\s*\([^()]*\))?\s*,?\s*(?:or|或(?:者)?)\s*", gap):
                continue
            pair = [a for a in arms if a.drugs in (without_placebo(r.drugs), without_placebo(other.drugs))]
            if len(pair) != 2:
                continue
            alike = all(len(a.drugs) == 1 for a in pair) and classes_of(pair[0].drugs) == classes_of(
                pair[1].drugs
            )
            third = any(without_placebo(t.drugs) not in [a.drugs for a in pair] for t in passage.regimens[:i])
            if alike or (third and _AGAINST.search(passage.text[: r.start])):
                written = re.sub(r"\s*\([^()]*\)", "", passage.text[r.start : other.end])
                choice = Arm(written, (), "control")
                for a in pair:
                    result.choices[a.drugs] = choice
                return [choice if x == pair[0] else x for x in arms if x != pair[1]]
    return arms


_AGAINST = re.compile(
    r"(?:\b(?:with|versus|vs\.?|than|against)|对比|比较|与|和|较|比)\s*(?:the\s+)?$", re.IGNORECASE
)


def _best(ranked: list[tuple[int, Drugs, str, float]]) -> list[tuple[int, Drugs, str, float]]:
    """The treatment told of most, where none is told of firmly: the one drug of a single-arm study."""
    told = sorted((c for c in ranked if c[3] >= 0.5), key=lambda c: (-c[3], c[0]))
    return [c for c in told if c[3] >= told[0][3]][:2]


_SETTING = re.compile(
    r"(?:\b(?:with|on|in|for|versus|vs\.?|than|or|to|and|receiving|received|had|got|given)|或|比|对|较|和|与|、|接受|为)\s*(?:the\s+|those\s+)?$",
    re.IGNORECASE,
)


def _set_beside(text: str, r: RegimenMention) -> bool:
    """Whether a label stands where an arm stands: 'with Kd', '接受Isa-Kd或Kd', and not in 'X联合VCD'."""
    joined = re.search(r"(?:联合|加用|added to|combination with|plus|\+)\s*$", text[: r.start])
    joins = re.match(r"\s*(?:联合|\+|plus|combined|backbone|为基础|基础)", text[r.end :])
    return _SETTING.search(text[: r.start]) is not None and not joined and not joins


def _candidates(passage: Passage) -> Iterable[tuple[int, Drugs, str, float]]:
    """Treatments that the sentence may introduce as arms: place, drugs, label, how strongly it says so."""
    text = passage.text
    told = re.search(
        r"随机|randomi[sz]|assigned|allocated|比较|compar|versus|\bvs\b|对比|against|头对头|评估|评价|接受|考察|入组|received|gave|given|infused|回输|输注|治疗|探讨|观察|用于|疗效|efficacy|safety|\b(?:two|three|four) (?:arms|groups)\b|[两三四](?:臂|组)",
        text,
    )
    background = passage.of("background")
    if not passage.quantities and (_ADVICE.search(text) or _PLANNED.search(text)):
        return
    for r in passage.regimens:
        drugs = without_placebo(r.drugs)
        if not drugs or (background and background[0].start < r.start):
            continue
        weight = 0.0
        if is_alternative(text, r):
            weight = 0.1
        elif r.is_label:
            weight = 1.0 + (1.0 if r.grouped or text[r.start - 1 : r.start] == "(" else 0.0)
        elif r.grouped:
            weight = 2.0
        elif (
            (r.composed and told)
            or re.match(r"\s*(?:单药|单一疗法|单用|monotherapy|alone)", text[r.end :], re.IGNORECASE)
            or passage.sentence.kind == "title"
        ):
            weight = 1.0
        elif told or passage.quantities:
            weight = 0.6 if told else 0.4
        if is_earlier_treatment(text[: r.start]):
            weight = min(weight, 0.1)
        if _set_against(text, r) and not is_alternative(text, r):
            weight += 0.5
        if beside_a_value(passage, r.start, r.end):
            weight += 1.0
        if weight:
            yield r.start, drugs, r.label, weight


_ADVICE = re.compile(
    r"\b(?:in (?:our |daily |clinical )?practice|we (?:offer|prefer|recommend|favou?r|suggest|use)|our (?:choice|preference|approach))\b|推荐用?|建议(?:选|用)|优先(?:选|考虑)",
    re.IGNORECASE,
)
"""Words of those who advise; what they advise is no arm of the study before."""


_PLANNED = re.compile(
    r"的[^,;。]{0,10}(?:试验|研究)(?:拟|计划|预计|将)(?:入组|招募|纳入|于|在)?|的[^,;。]{0,10}(?:试验|研究)(?:正在进行|尚在进行|结果尚未公布)"
    r"|\b(?:trial|study) (?:of|testing|comparing|with) [^,;.]{4,80}? (?:plans|aims|is planned|is due|is expected|is set) to (?:enrol|recruit|report|randomi[sz]e|read out)"
    r"|\b(?:trial|study) (?:of|testing|comparing|with) [^,;.]{4,80}? is (?:now |still |currently )?(?:recruiting|enrolling|ongoing|under way)\b"
    r"|\bcomparison with [^.;]{1,80}\b(?:planned|under way|underway|ongoing|yet to be|awaited)\b",
    re.IGNORECASE,
)
"""A study to come has no values, and is not the study that is told of."""


def is_earlier_treatment(ahead: str) -> bool:
    """Whether the words before a drug say that patients had it before, or that it only prepares them."""
    return _EARLIER.search(ahead) is not None or _PREPARING.search(ahead) is not None


_PREPARING = re.compile(
    r"(?:清淋|预处理|桥接|清髓|lymphodepletion|lymphodepleting|conditioning|bridging)[^,;.。]{0,30}$",
    re.IGNORECASE,
)


_EARLIER = re.compile(
    r"(?:\b(?:unresponsive|refractory|resistant|intolerant|exposed) to|\bprogress\w* (?:on|during)|\bfailure (?:of|on|with)|\b(?:who |that )?(?:had|have|has) (?:also|already|previously|once|earlier) (?:received|had|taken|failed|been (?:given|treated with)))\s+(?:the\s+)?$"
    r"|(?:after|prior|previous(?:ly)?|既往|曾用|清淋|lymphodepletion|预处理)\W*(?:(?!received|assigned|randomi|given|接受)\w+\W+){0,3}$"
)


def beside_a_value(passage: Passage, start: int, end: int) -> bool:
    """Whether words stand right behind a value ('8.1 months with X') or right before it ('X: 8.1 months')."""
    for q in passage.quantities:
        if q.is_effect:
            continue
        if 0 <= start - q.outer_end <= 40 and _FROM_VALUE.fullmatch(passage.text[q.outer_end : start]):
            return True
        if 0 <= q.outer_start - end <= 12 and _UP_TO_VALUE.fullmatch(passage.text[end : q.outer_start]):
            return True
    return False


_FROM_VALUE = re.compile(
    r"\s*%?[)\]]?\s*(?:of\s+)?(?:the\s+)?(?:with|in|on|for|of|given)\s+(?:the\s+|patients\s+|those\s+|on\s+|given\s+)*",
    re.IGNORECASE,
)
_UP_TO_VALUE = re.compile(
    r"\s*(?:组|者)?(?:患者)?(?:的)?\s*(?:为|是|有|达|[:,(]|was|were|had)?\s*(?:\()?\s*", re.IGNORECASE
)


def _set_against(text: str, r: RegimenMention) -> bool:
    """'A versus B', 'compared A with B', 'to A or B', '接受A或B': both are arms, though named once."""
    if re.search(r"(?:choice of|either|such as|包括|如)\s+(?:\w+\s+or\s+)?$", text[: r.start], re.IGNORECASE):
        return False
    before = re.search(
        r"(?:versus|vs\.?|对比|或|\bor|比较(?:了)?|\bcompar\w+|randomi\w+ to|assigned to|against|接受|分为|分入|随机(?:至|到|接受))\s*(?:the\s+)?$",
        text[: r.start],
        re.IGNORECASE,
    )
    counted = re.search(
        r"\d+(?:\s*(?:patients|women|men|participants|people|例|名|人))?(?:患者)?\s*(?:had|got|received|were (?:given|on)|to|接受|采用|使用)\s*(?:the\s+)?$",
        text[: r.start],
        re.IGNORECASE,
    )
    after = re.match(
        r"\s*(?:versus|vs\.?|对比|或|\bor\b|\bwith\b(?= [A-Za-z])|\bagainst\b|(?:与|和)[^,;。]{1,24}(?:比较|对比|相比|随机|治疗|的(?:疗效|差异)))",
        text[r.end :],
        re.IGNORECASE,
    )
    return any(m is not None for m in (before, counted, after))


_CONTROL_BEHIND = re.compile(
    r"\s*(?:\([^()]*\))?\s*,?\s*(?:(?:was|is|serv\w+ as|act\w+ as|as|being)\s+(?:the\s+|an?\s+)?(?:active\s+|only\s+|sole\s+)?(?:comparator|control|reference)(?!led)\b"
    r"|(?:是|为|作为|充当)(?:(?:[^,;。()]|\([^()]*\)){0,40}?的)?(?:阳性|唯一)?(?:对照|参照)(?!组))",
    re.IGNORECASE,
)
_CONTROL_AHEAD = re.compile(
    r"(?:\b(?:comparator|control (?:drug|treatment|regimen|therapy))\s+(?:was|is|being)\s+(?:the\s+)?|对照(?:药物?|方案|治疗)(?:为|是|采用|选用))\s*$",
    re.IGNORECASE,
)


def is_told_control(text: str, r: RegimenMention) -> bool:
    """'Docetaxel was the comparator in …', '以多西他赛为对照', 'the comparator was docetaxel'."""
    return (
        _CONTROL_BEHIND.match(text, r.end) is not None or _CONTROL_AHEAD.search(text[: r.start]) is not None
    )


def is_alternative(text: str, r: RegimenMention) -> bool:
    """'(bicalutamide, nilutamide or flutamide)', 'choice of X, Y or Z': drugs of which each patient gets one."""
    if re.search(
        r"(?:choice of|one of|either of|选择的|选用)\s*(?:[^,;.。()]+,\s*|[^,;.。()]+\s(?:or|或)\s*){0,4}(?:[a-z-]+\s+){0,2}$",
        text[: r.start],
        re.IGNORECASE,
    ):
        return True
    if _AT_CHOICE.match(text, r.end) or (len(r.drugs) > 1 and AS_PREFERRED.match(text, r.end)):
        return True
    if re.match(
        r"(?:[^,;.。()]{0,40}|(?:、[^,;。()]{1,12}){1,5})(?:之间|两者|二者|等药中?|等方案中?)(?:由[^,;。]{1,8})?(?:任?选|择)(?:定|择|用|其一|一)?|[^,;.。()]{0,30}(?:任选其一|择一|二选一|任选一)",
        text[r.end :],
    ):
        return True
    opening = text.rfind("(", max(0, r.start - 80), r.start)
    closing = text.find(")", r.end, r.end + 80)
    if opening < 0 or closing < 0 or ")" in text[opening : r.start]:
        return False
    return re.search(r"或|\bor\b", text[opening:closing]) is not None


_AT_CHOICE = re.compile(
    r"(?:\s*(?:,|or|或|/|、)\s*[A-Za-z0-9+/ -]{2,40}?)?\s*(?:[,(]?\s*(?:at|by|according to|as per)\s+|\()(?:the\s+)?(?:local\s+|treating\s+)?(?:investigator|physician|doctor|clinician)(?:'s|s'|s)?\s+(?:choice|discretion|preference|judge?ment)"
    r"|(?:\s*(?:,|或|/|、)\s*[A-Za-z0-9+/ -]{2,40}?)?\s*(?:[,(]?\s*由|\()(?:主治|经治)?(?:医生|医师|研究者)(?:所|来)?(?:选择|决定|选定|自选)",
    re.IGNORECASE,
)
AS_PREFERRED = re.compile(
    r"(?:\s*,?\s*or\s[^;.()]{2,80}?)?\s*,?\s*(?:(?:just )?as|whichever|depending on what) (?:the|their|each|his|her)(?: own)? (?:treating |local )?(?:investigator|physician|doctor|clinician|centre|center|site)s?(?:s')? (?:preferred|chose|wished|decided|favou?red|saw fit|thought)",
    re.IGNORECASE,
)
"""Behind a treatment: ' or X and Y, as their physician preferred'."""


def is_short_label(label: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9+/-]{0,14}", label) is not None


def _without_strays(
    strong: list[tuple[int, Drugs, str, float]], first_told: dict[Drugs, int]
) -> list[tuple[int, Drugs, str, float]]:
    """Of three and more, leave out those told of far less than the first two: slips, later treatment.

    Args:
        first_told: the sentence in which each is first named. One that comes in after the sentence that
            introduces two arms must be told of nearly as much as they are.
    """
    if len(strong) < 3:
        return strong
    second = sorted((c[3] for c in strong), reverse=True)[1]
    introduced = sorted(first_told[c[1]] for c in strong)[1]
    return [c for c in strong if c[3] >= second * (0.5 if first_told[c[1]] <= introduced else 0.75)]


def _is_part_only(
    drugs: Drugs, strong: Sequence[tuple[int, Drugs, str, float]], firm: set[Drugs], blinded: bool
) -> bool:
    """A drug or base regimen that a combination contains is what is tested or added to, not an arm of its own.

    Args:
        firm: what the text calls a group or defines in brackets.
        blinded: whether the study has a placebo group, so that a second arm is known.
    """
    bigger = [c for c in strong if set(drugs) < set(c[1])]
    if not bigger:
        return False
    if len(drugs) > 1:
        return drugs not in firm and next(c[3] for c in strong if c[1] == drugs) < 2
    if blinded and not any(c[1] in firm for c in bigger):
        return True
    others = [c for c in strong if c[1] != drugs and len(c[1]) > 1]
    own = next(c[3] for c in strong if c[1] == drugs)
    return len(others) >= 2 or own < 1.6
