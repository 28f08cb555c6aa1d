"""What a prognostic factor is called: the words before the bracket in which its hazard ratio stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.endpoints import SURVIVAL
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.binding.subsets import subgroup_mentions

_OUTCOMES = frozenset(("RELAPSE", "NRM", "TRM", "DEATH", "GRFS"))
_SAYS_NOTHING = frozenset(
    [
        "not",
        "no",
        "neither",
        "neutral",
        "significant",
        "not significant",
        "unfavourable",
        "unfavorable",
        "adverse",
        "protective",
        "independent",
        "irrelevant",
        "否",
        "则否",
        "仅有",
    ]
)
_LED_IN = re.compile(
    r"^\s*(?:whereas|while|but|also|likewise|nor)\b\s*|^\s*(?:而|其中)?影响[A-Za-z ]{2,8}的(?:仅有|有)|一项\s*$"
)


# 'only frailty retained significance (HR 2.46)', 'a clearance below 40 mL/min did not (HR 1.20)'
_HELD = re.compile(
    r"^(?:only|just)\s+|\s+(?:(?:did|does) not|retained|kept|lost|held|carried|conferred|doubled|failed|worsened|shortened)\b.*$",
    re.IGNORECASE,
)
_OF_ARMS = re.compile(
    r"\b(?:longer|shorter|improv\w+|better|worse|lower|higher|fewer|more|less|differ\w+|reduc\w+|favou?r\w*|benefit\w*|superior|inferior|advantage)\b|延长|缩短|降低|改善|优于|劣于|差异|获益",
    re.IGNORECASE,
)
# 'X was the strongest predictor of relapse (HR 3.2)', 'X是OS的独立危险因素(HR=2.9)': the factor is the subject
_PREDICATE = re.compile(
    r"\b(?:predictors?|associated with|risk factors?|prognostic|correlated with|linked to|predicted)\b|(?:危险|保护|预后|影响|预测|不良)因素",
    re.IGNORECASE,
)
_COPULA = re.compile(
    r"\s*(?:\b(?:was|were|is|remained|proved|independently|emerged as)\b|是|为|均为|仍为|与(?=[^,;。]{0,20}相关))",
    re.IGNORECASE,
)
_THREE = {"two": "2", "three": "3", "four": "4"}
_OR_MORE = re.compile(
    r" of (?P<n>\d+(?:\.\d+)?|two|three|four)(?P<unit>%| ?[a-zA-Zμ/]+)? or (?:more|higher|above|greater)\b"
)
_WORD_OR_MORE = re.compile(r"\b(?P<n>two|three|four) or more\b", re.IGNORECASE)


_WHEN = {
    "诱导后": "after induction",
    "移植前": "before transplant",
    "移植后": "after transplant",
    "治疗前": "at baseline",
    "治疗后": "after treatment",
    "基线": "at baseline",
    "": "",
}
_WHAT = {
    "阳性": "positive",
    "阴性": "negative",
    "高危": "high risk",
    "低危": "low risk",
    "突变": "mutation",
    "应答": "response",
    "升高": "elevated",
}
_MEASURED = re.compile(
    rf"(?P<when>{'|'.join(_WHEN)})(?P<marker>[A-Za-z][\w/+-]*)\s?(?P<what>{'|'.join(_WHAT)})"
)


def _in_english(words: str) -> str:
    """'诱导后MRD阳性' as ``MRD positive after induction``; other words as they are."""
    match = _MEASURED.fullmatch(words)
    return f"{match['marker']} {_WHAT[match['what']]} {_WHEN[match['when']]}".strip() if match else words


def _subject(clause: str) -> str:
    """What stands before the verb of the clause an HR ends."""
    verbs = list(_COPULA.finditer(clause))
    if not verbs:
        return ""
    pieces = re.split(
        r"[,;:。]|提示|显示|表明|分析中|\b(?:that|model|analysis)\b", clause[: verbs[0].start()]
    )
    return pieces[-1].strip()


def _opening(text: str, group: Group, left: int) -> int:
    """Where the bracket of an effect opens; below 0 where it stands in none."""
    label = group.members[0].label_start
    opening = text.rfind("(", left, label if label > 0 else group.start)
    return opening if opening >= 0 else text.rfind("[", left, group.start)


def factor_beside(passage: Passage, group: Group, left: int, named: Sequence[ArmMention]) -> str:
    """The factor right before an effect's bracket in a paragraph that tells of a model: 'Frailty (HR 1.83) and ISS
    stage III (HR 1.64) worked against the patient'. Empty where the clause names an arm or an outcome."""
    text = passage.text
    opening = _opening(text, group, left)
    clause = max(left, *(text.rfind(c, 0, opening) + 1 for c in ",;。"))
    if (
        opening < 0
        or any(clause <= a.start < group.start for a in named)
        or passage.between(clause, group.start, "endpoint")
        or _OF_ARMS.search(text[clause:opening])
    ):
        return ""
    return factor_for(passage, group, left)


def _subject_of_endpoint(passage: Passage, opening: int) -> tuple[int, str]:
    """'髓外病变是PFS(HR=1.86)和OS(HR=1.93)的危险因素': the factor and where its clause begins, where an outcome stands
    right before the bracket."""
    text = passage.text
    outcomes = [e for e in passage.of("endpoint") if e.code in SURVIVAL or e.code in _OUTCOMES]
    if not any(e.end <= opening and not text[e.end : opening].strip() for e in outcomes):
        return -1, ""
    start = max(text.rfind(c, 0, opening) for c in ";。") + 1
    return start, _subject(re.sub(r"\([^()]*\)", "", text[start:opening]))


def factor_for(passage: Passage, group: Group, left: int) -> str:
    """The name of a prognostic factor that an HR in brackets is of: the words right before the bracket."""
    text = passage.text
    opening = _opening(text, group, left)
    if opening < 0:
        return ""
    left = min(left, max(text.rfind(c, 0, opening) for c in ",;。)") + 1)
    pieces = re.split(
        r"[,;:。)]|、|和|以及|及(?!以)|与|\band\b|提示|显示|表明|分析|showed that|showed|identified|were|was|是|为",
        text[left:opening],
    )
    told = [p for piece in pieces if (p := _LED_IN.sub("", piece).strip()) and p not in _SAYS_NOTHING]
    words = _HELD.sub("", _HELD.sub("", told[-1])) if told else ""
    start, subject = _subject_of_endpoint(passage, opening)
    if subject:
        left, words = start, subject
    elif _PREDICATE.search(words):
        words = _subject(text[left:opening]) or words
    words = _in_english(words)
    words = _OR_MORE.sub(lambda m: ">=" + _THREE.get(m["n"].lower(), m["n"]) + (m["unit"] or ""), words)
    words = _WORD_OR_MORE.sub(lambda m: ">=" + _THREE[m["n"].lower()], words)
    named = [m for m in subgroup_mentions(passage) if left <= m[0] and m[1] <= opening]
    if passage.sentence.lang == "zh" and not named:
        named = [(m.start, m.end, m.code.lower()) for m in passage.between(left, opening, "event")]
    if named and len(words) <= named[-1][1] - named[-1][0] + 8:
        return f"factor: {named[-1][2]}"
    return f"factor: {words}" if words else ""
