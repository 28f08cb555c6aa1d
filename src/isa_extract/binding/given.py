"""What a clause says that a group is given."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import without_placebo
from isa_extract.finding.regimens import RegimenMention

RECEIVES = re.compile(
    r"^\s*(?:患者|patients)?\s*(?:\([^()]*\))?\s*(?:\(?n\s*=\s*\d+\)?)?\s*(?:\d+\s*(?:例|人|名))?(?:患者)?(?:均)?\s*(?:则|仅|只|先|单纯|单独|另|同时)?\s*"
    r"(?:[于自][^,;。]{0,14}?起?)?(?:每\d*[周日天月](?:\d次)?)?(?:静脉|皮下)?(?:输注|注射|接受|给予|采用|应用|使用|加用|另加|联用|联合应用|予以?|行|口服|静脉滴注|静滴|为|单用|单纯|在|服用|用|以|received|was given|were given|were treated with|treated with|got|receiving|:|,(?!\s*(?:whereas|while|but|and|as|than|versus|compared|against|or)\b|\s*(?:而|与|和|较|比|或)))",
    re.IGNORECASE,
)

AS_BEFORE = re.compile(
    r"\s*(?:患者)?(?:的)?[^,;。]{2,16}?(?:的)?(?:用法|用量|剂量|用药|给药|方案)[^,;。]{0,8}?(?:同|相同|一致|不变|一样)[^,;。]{0,8},[^;。]{0,16}?(?:加|联合|联用|另|再)"
    r"|\s*(?:also\s+)?(?:received|had|got|was given|were given)\s+[\w -]{3,40}?\s+(?:identically|(?:at|in|on|by|with) the same \w+|as (?:above|before)),?\s+(?:together with|plus|with|and|combined with)\b",
    re.IGNORECASE,
)
"""'联合组X用法相同,并加服Y', 'the combination group received X at the same dose, plus Y': a drug as told before, and more."""

THE_SAME = re.compile(
    r"\bor\s+(?:together|combined|in combination)\s+with\s*$|(?:\bthe same|\bthis|\bthat|上述|同样|相同)(?:\s*(?:regimen|treatment|chemotherapy|combination|schedule|cycles|drugs|backbone|的?方案|的?治疗))?\s*(?:plus|with|and|combined with|基础上)?\s*(?:加用?|联合)?\s*$"
    r"|(?:上述|同样|相同|同一)的?(?P<chemo>化疗|方案|治疗)[^,;。()]{0,16}(?:加用?|联合|合用|同用)\s*$",
    re.IGNORECASE,
)


def tells_a_result(passage: Passage, start: int, end: int) -> bool:
    """Whether a result stands between two offsets; '+3、+4 d' is a schedule."""
    values = passage.between(start, end, "value")
    return bool(passage.between(start, end, "endpoint", "direction")) or any(
        v.code in ("%", "month") for v in values
    )


_DOSE = re.compile(r"\s*\(?\s*(?:AUC|\d[\d., ]*\s*(?:mg|g|μg|IU|U)(?![A-Za-z]))")
_DOSED_ITEM = re.compile(r"\s*\(?\s*(?:AUC|\d[\d., ]*\s*(?:mg|g|μg|IU|U)(?![A-Za-z]))[^;。]*;\s*(?:and\s+)?")


def clause_of(passage: Passage, start: int, stop: int) -> str:
    """What is told up to a semicolon or full stop; a list of drugs with their doses goes on behind a semicolon."""
    end = start
    for part in re.split(r"(?<=[;。])", passage.text[start:stop]):
        first = next((r for r in passage.regimens if r.start >= end), None)
        if end > start and not (
            first is not None
            and not first.grouped
            and passage.text[end - 1] == ";"
            and _DOSE.match(passage.text, first.end)
            and re.fullmatch(r"\s*(?:and\s+)?", passage.text[end : first.start])
        ):
            break
        end += len(part)
    return re.sub(r"[;。]$", "", passage.text[start:end])


_THE_ABOVE = re.compile(
    r"(?:再|然后|随后|继而|后)(?:行|予|给予|接受|用|采用|应用)(?:上述|该|此|同一|相同|同样|原)的?(?:预处理|化疗|治疗)?(?:方案|预处理|治疗|化疗)"
    r"|\b(?:then|before|followed by|ahead of)\s+(?:receiv\w+\s+)?(?:the\s+)?(?:same|above|above-mentioned|said)\s+(?:regimen|conditioning|chemotherapy|treatment|combination)",
    re.IGNORECASE,
)
"""'先予X,再行上述方案': a drug of its own, and then what the clause before tells of."""


def the_above(passage: Passage, start: int, clause: str) -> set[str]:
    """What the clause before ``start`` tells of, where a group's own clause says that it gets that too."""
    if not _THE_ABOVE.search(clause):
        return set()
    ahead = [r for r in passage.regimens if r.end <= start]
    since = clause_start(passage.text, ahead[-1].end) if ahead else 0
    return {d for r in ahead if r.start >= since for d in without_placebo(r.drugs)}


def clause_start(text: str, end: int) -> int:
    """Where the clause that ends at ``end`` begins."""
    return max((m.end() for m in re.finditer(r"[;。]", text[:end])), default=0)


def joined(text: str, chain: Sequence[RegimenMention]) -> set[str]:
    """The drugs of treatments told one after the other as given together."""
    drugs = set(chain[0].drugs)
    for before, more in itertools.pairwise(chain):
        gap = re.sub(r"\d[\d.]*\s*(?:或|or)\s*\d[\d.]*|\([^()]*\)", "", text[before.end : more.start])
        if _DOSED_ITEM.fullmatch(gap) and _DOSE.match(text, more.end):
            drugs |= set(more.drugs)  # 'X 130 mg/m2, day 1; Y 1000 mg/m2'
            continue
        if re.search(r"[;。]|或|\bor\b", gap):
            break
        if re.search(
            r"联合|联用|合用|加用|加|另|先给|plus|\+|与|和|及|、|and|with|并|,\s*(?:第[^,;。]{1,8})?(?:静脉滴注|静脉注射|静脉输注|静滴|口服|皮下注射|肌内注射)\s*$",
            gap,
        ):
            drugs |= set(more.drugs)
    return drugs
