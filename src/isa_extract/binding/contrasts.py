"""Groups that a sentence sets beside each other without ever introducing them.

'The response rate was 25% with EC and 31% with ED', 'Alopecia (66% vs 20%) was more common with doxorubicin
than PLD': who the groups are is told by the frame alone, whatever they are called. Used where nothing else
tells a study's arms. English only; a Chinese paper says 组.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from isa_extract.binding.group_names import PEOPLE
from isa_extract.binding.hidden import VALUE, values_hidden
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import without_placebo
from isa_extract.records import Arm
from isa_extract.rules.sieve import Sieve

_BRACKETED = rf"(?:\s*[(\[][^()\[\]{VALUE}]*{VALUE}(?!\s*(?:v|vs|versus)\b)[^()\[\]]*[)\]])"
_STOP = (
    r"(?:there|the|an?|in|on|of|for|with|at|to|by|from|and|or|nor|but|than|versus|vs|v|compared|as|per|was|were|is|are|had|has|have|who|that|which|"
    r"those|these|this|patients?|women|men|participants?|subjects?|people|children|adults?|individuals|respectively|after|before|during|between|among|"
    r"both|either|neither|each|all|no|not|only|about|respective|while|whereas|did|experienced|achieved|occurred|showed|reported|group|groups|arms?|"
    r"cohorts?|median|mean|rates?|months?|years?|weeks?|days?|overall|progression|survival|response|grade|confidence|interval|hazard|ratio|"
    r"baseline|placebo-adjusted|results?|findings|conclusions?|methods|significant(?:ly)?|higher|lower|more|less|fewer|greater|longer|shorter|better|worse|first|second|third|treatment|therapy|it)\b(?!-)"
)
_TOKEN = rf"(?!{_STOP})[A-Za-z][\w.'/+-]*"
_NAME = rf"\b{_TOKEN}(?:(?:\s*\+\s*|\s+plus\s+|\s*/\s*|\s+)(?:{_TOKEN}|\d[\w.]*))*(?:\s+(?:therapy|treatment))?(?![\w-])"
_RECEIVING = (
    r"(?:(?:who\s+)?(?:were\s+|had\s+)?(?:randomly\s+)?(?:treated\s+with|receiving|received|given|assigned(?:\s+to)?|randomi[sz]ed\s+to|"
    r"allocated\s+to|on|taking|managed\s+with)(?:\s+receive)?)"
)
_TO = rf"(?:(?:with|for|in|on|after|under|among|by|of|from|to|between|comparing|favou?red|receiving|treated\s+with)\s+(?:the\s+)?(?:{PEOPLE}\s+)?(?:{_RECEIVING}\s+)?(?:the\s+)?)"
_GROUP = r"(?:\s+(?:groups?|arms?|cohorts?|one|patients?|recipients?))?"
_VERSUS = r"(?:,\s*)?\b(?:and|or|versus|vs\b\.?|v\b\.?|than|compared\s+(?:with|to)|as\s+against|against|whereas|while|but)(?!\w)"
_LIGHT = rf"(?:\s*(?:,|was|were|it|by|increased|decreased|fell|rose|only|the|rate|had|a|an|for|of|in|about|(?:{PEOPLE})|median|mean|{VALUE}))*"

_SAID_OF_IT = (
    r"(?:resulted\s+in|led\s+to|(?:was|were)\s+associated\s+with|produced|yielded|showed|demonstrated|had|gave|achieved|(?:significantly\s+)?(?:improved|"
    r"prolonged|increased|reduced|lowered))"
)

_COMPARABLE = (
    r"(?:superior|inferior|non-?inferior|similar|equal|equivalent|comparable|preferable|compared|relative)"
)
_BRACKET = r"(?:\s*\([^()]*\))"
_COUNTED = r"(?:\(\s*)?"  # the count before it is hidden: 'LS, n=10 (24%)'

_FRAMES = [
    # 51 (65%) of these events occurred with EC and 28 (35%) with ED
    rf"{VALUE}\s*of\s+(?:all\s+|the\s+|these\s+)+[^;.{VALUE}]{{1,50}}?\b(?:occurred|were\s+(?:seen|observed|found|reported|recorded))\s+{_TO}(?P<a>{_NAME}){_GROUP}\s*,?\s*{_VERSUS}\s*{VALUE}\s*(?:{PEOPLE}\s+)?{_TO}(?P<b>{_NAME})",
    # 25% with EC and 31% with ED; 44% and 34% with EC, and 24% and 14% with ED
    rf"{VALUE}\s*(?:{PEOPLE}\s+|of\s+)?{_TO}(?P<a>{_NAME}){_GROUP}{_BRACKET}?(?:\s+(?:had|were|was|did|experienced|reported|developed|died)\b[^;.(){VALUE}]{{0,80}}?)?\s*[,;]?\s*(?:as\s+)?{_VERSUS}{_LIGHT}\s*{VALUE}\s*(?:(?:,|and)\s*{VALUE}\s*)*(?:{PEOPLE}\s+|of\s+)*{_TO}(?P<b>{_NAME})",
    # with EC (25%) than with ED (31%); EC (25%) and ED (31%)
    rf"(?:{_TO}|^|[,:(]\s*|\b(?:the|{PEOPLE})\s+)(?:\d+\s+)?(?P<a>{_NAME}){_GROUP}{_BRACKETED}\s*[,;]?\s*{_VERSUS}\s*(?:(?:treatment|therapy|those|that)\s+)?{_TO}?(?:the\s+)?(?:\d+\s+)?(?P<b>{_NAME}){_GROUP}{_BRACKETED}",
    # 25% and 31% for EC and ED, respectively; better with EC than with ED (25% vs 31%)
    rf"{_TO}(?:either\s+)?(?P<a>{_NAME}){_GROUP}\s*,?\s*(?!or\s){_VERSUS}\s+{_TO}?(?:the\s+)?(?P<b>{_NAME})(?={_GROUP}\s*(?:$|[,.;(\[:]|{VALUE}|(?:was|were|had|respectively|{PEOPLE}|at|by|in|after)\b))",
    # 25% and 31% of patients receiving EC or ED
    rf"{_RECEIVING}\s+(?:the\s+)?(?P<a>{_NAME}){_GROUP}\s+or\s+(?:the\s+)?(?P<b>{_NAME})(?={_GROUP}\s*(?:$|[,.]))",
    # EC was superior to ED, with 25% versus 31%; EC and ED were comparable
    rf"(?:^(?:results\s+)?|[,;:]\s*|\bthe\s+)(?P<a>{_NAME}){_GROUP}\s+(?:was|were|is|had|showed|yielded|produced|gave|proved|did)\s[^,;.]{{0,60}}?\b(?:{_COMPARABLE}\s+(?:to|with)|than)\s+(?:the\s+)?(?P<b>{_NAME})(?={_GROUP}\s*(?:$|[,.;(\[:]|in\b|for\b|at\b|with\b))",
    rf"(?:^(?:results\s+)?|[,;:]\s*|\bthe\s+)(?P<a>{_NAME})\s+(?:and|or)\s+(?P<b>{_NAME}){_GROUP}\s+(?:was|were|had|showed|yielded|produced|gave|did)\b",
    # more CD patients (28%) stopped than GD patients (18%)
    rf"(?P<a>{_NAME})\s+(?:patients|recipients){_BRACKETED}[^,;.]{{0,60}}?\bthan\s+(?P<b>{_NAME})\s+(?:patients|recipients){_BRACKETED}",
    # patients treated with EC had a response rate of 25% versus 31% for ED
    rf"{_RECEIVING}\s+(?:the\s+)?(?P<a>{_NAME})\s[^,;.]{{0,60}}?{VALUE}\s*{_VERSUS}\s*{VALUE}\s*{_TO}(?P<b>{_NAME})",
    # (2.0%, denosumab; 1.4%, zoledronic acid)
    rf"\(\s*{VALUE}\s*,?\s*(?P<a>{_NAME})\s*[;,]\s*{VALUE}\s*,?\s*(?P<b>{_NAME})",
    # EC was associated with a response rate of 25% compared with 31% in patients treated with ED
    rf"(?:^(?:results\s+)?|[,;:]\s*|\bthe\s+)(?:use\s+of\s+)?(?P<a>{_NAME}){_GROUP}\s+{_SAID_OF_IT}\s[^,;.]{{0,80}}?{VALUE}\s*{_VERSUS}\s*(?:an?\s+(?:mean\s+|median\s+)?[a-z]+\s+of\s+)?{VALUE}\s*{_TO}(?P<b>{_NAME})",
    # EC resulted in better survival (25% v 31%) and more responses (12% v 14%) compared with ED
    rf"^(?:results\s+)?(?:{PEOPLE}\s+(?:with\s+(?=[^.]*\sthe\s[^.;]*\s(?:group|arm)\b)|{_RECEIVING}\s+))?(?:the\s+)?(?P<a>{_NAME}){_GROUP}\s+{_SAID_OF_IT}\s(?:[^;.()]|\((?:[^()]|\([^()]*\))*\)){{0,300}}?\s(?:compared\s+(?:with|to)|than|versus)\s+(?:the\s+)?(?P<b>{_NAME}){_GROUP}\s*\.?$",
    # compared with the ED arm, there was an improvement in survival for the EC arm (25% v 31%)
    rf"^(?:results\s+)?compared\s+(?:with|to)\s+(?:the\s+)?(?P<b>{_NAME}){_GROUP},\s[^;.]{{0,150}}?\s(?:for|with|in|on)\s+(?:the\s+)?(?P<a>{_NAME}){_GROUP}(?=\s*\({VALUE})",
    # the EC (47 patients) and ED (45 patients) arms had response rates of 25% and 31%
    rf"\b[Tt]he\s+(?P<a>{_NAME})(?:\s*\([^()]{{0,30}}\))?\s+and\s+(?:the\s+)?(?P<b>{_NAME})(?:\s*\([^()]{{0,30}}\))?\s+(?:arms|groups)\b",
    # EC, 25%; ED, 31%
    rf"[(:]\s*(?P<a>{_NAME})\s*[,:=]?\s*{_COUNTED}{VALUE}[^;]{{0,20}};\s*(?P<b>{_NAME})\s*[,:=]?\s*{_COUNTED}{VALUE}",
]
_WORDED = [
    # in the EC group, the rate was 25%, but in the ED group it was 31%
    rf"\bthe\s+(?P<a>{_NAME})\s+(?:groups?|arm)\b[^;.{VALUE}]{{0,80}}{VALUE}[^;.{VALUE}]{{0,80}}\bthe\s+(?P<b>{_NAME})\s+(?:groups?|arm)\b",
    rf"{VALUE}{_BRACKET}?\s+(?:in|of)\s+the\s+(?P<a>{_NAME})\s+(?:groups?|arm)\b[^;.{VALUE}]{{0,80}}\bthe\s+(?P<b>{_NAME})\s+(?:groups?|arm)\s*\(\s*{VALUE}",
]
_PAIR = rf"\(\s*[^();{VALUE}]{{0,30}}{VALUE}\s*(?:versus|vs\b\.?|v\b\.?)\s*{VALUE}"
_SUBJECT = rf"(?:^(?:results\s+)?|[,;:]\s+|\bthat\s+)(?:(?:however|moreover|overall|also)\s*,\s+)?(?:{PEOPLE}\s+{_RECEIVING}\s+)?(?:the\s+)?(?:addition\s+of\s+)?"
_CHANGED = r"(?:\w+ly\s+)?(?:improved|prolonged|increased|reduced|lowered|decreased|raised|shortened|slowed|enhanced)"
_LONE = [
    re.compile(frame, re.IGNORECASE)
    for frame in (
        # more frequent with EC (81% v 73%); more common in the group treated with EC: nausea (81% v 73%)
        rf"(?:more|less|higher|lower|greater|better|worse|longer|shorter|fewer|rarer|commoner|frequent(?:ly)?|common(?:ly)?)\s(?:[^;.,()¤]{{0,40}}?\s)?(?:with|in|on|for)\s+(?:the\s+)?(?:(?:{PEOPLE}|group)\s+)?(?:{_RECEIVING}\s+)?(?:the\s+)?(?P<a>{_NAME}){_GROUP}"
        rf"\s*(?:[:,]\s*[a-z][\w -]{{0,40}}?\s*)?{_PAIR}",
        # EC reduced the shivering threshold (36.3 v 36.6); EC patients had larger improvements (1.5 v 0.6)
        rf"{_SUBJECT}(?P<a>{_NAME}){_GROUP}\s+(?:{_CHANGED}|(?:had|experienced|showed|reported|achieved)\s[^;.(){VALUE}]{{0,30}}?\b(?:more|less|higher|lower|greater|better|worse|longer|shorter|fewer|larger|smaller))"
        rf"\s(?:[^;.()]|\(\d\)){{1,80}}?{_PAIR}",
        # the addition of EC to ED improved survival from 70% to 78%
        rf"{_SUBJECT}(?P<a>{_NAME})(?:\s+to\s+{_NAME})?{_GROUP}\s+{_CHANGED}\s[^;.()]{{1,80}}?\(?\s*from\s+{VALUE}\s*to\s+{VALUE}",
    )
]
"""'more frequent with EC (81% versus 73%)': one group is named, and the other is not."""
_CONTRASTS = [re.compile(frame, re.IGNORECASE) for frame in _FRAMES]
_OF_CALLED_GROUPS = [re.compile(frame, re.IGNORECASE) for frame in _WORDED]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two groups set against each other: their names as written, the drugs where the name is a regimen."""

    first: Arm
    second: Arm


def contrasts(passage: Passage, called: bool = False) -> Iterator[Contrast]:
    """The pairs of groups that an English sentence with values sets beside each other.

    Args:
        called: also those that are told by being called groups, which says less of who takes part in the study.
    """
    if passage.sentence.lang != "en" or len(passage.quantities) < 2:
        return
    text, origin = values_hidden(passage)
    text = _QUOTES.sub(" ", text)
    for _, match in _sieve(called).matches(text):
        pair = [
            _group_of(passage, origin[match.start(name)], origin[match.end(name) - 1] + 1, called)
            for name in ("a", "b")
        ]
        if pair[0] and pair[1] and pair[0].label.lower() != pair[1].label.lower():
            yield Contrast(pair[0], pair[1])


@cache
def _sieve(called: bool) -> Sieve:
    return Sieve([*_CONTRASTS, *(_OF_CALLED_GROUPS if called else ())])


def lone_groups(passage: Passage) -> Iterator[Arm]:
    """The groups by whose value another is told of a group without a name; labels in capitals alone."""
    if passage.sentence.lang != "en" or len(passage.quantities) < 2:
        return
    text, origin = values_hidden(passage)
    for frame in _LONE:
        for match in frame.finditer(text):
            arm = _group_of(passage, origin[match.start("a")], origin[match.end("a") - 1] + 1)
            if arm is not None and (arm.drugs or _ABBREVIATED.fullmatch(arm.label)):
                yield arm


_ABBREVIATED = re.compile(r"[A-Za-z]?[A-Z][A-Z0-9+/-]+(?: (?:therapy|treatment|testing))?")


_QUOTES = re.compile('["\u201c\u201d]')
_NO_GROUP = re.compile(
    r"investigator|review|panel|committee|assess|central(?:ly)?\b|radiolog|patholog|observer|^(?:its|their|his|her|this|that|these|those|such|our)\b|^(?:[\w-]+ )?(?:patients?|participants?|recipients?|women|men|people|subjects?|adults?|individuals|persons|survivors|candidates)$|\b(?:in|de)creases?\b|\bboth\b|\bdays?\b|\byears?\b",
    re.IGNORECASE,
)
"""Who judges ('according to the investigator'), and other words of a sentence that are no groups."""
_UNSAID = frozenset(
    [
        "control",
        "controls",
        "treatment",
        "combination",
        "standard",
        "other",
        "others",
        "former",
        "latter",
        "doublet",
        "triplet",
        "quadruplet",
    ]
)


def _group_of(passage: Passage, start: int, end: int, called: bool = False) -> Arm | None:
    """The group that a stretch names; None if it names something else that is known."""
    written = re.sub(r"[- ]treated$", "", _QUOTES.sub("", passage.text[start:end]).strip(" ,."))
    if _NO_GROUP.search(written):
        return None
    inside = [r for r in passage.regimens if start <= r.start and r.end <= end]
    if any(
        m.start < end and start < m.end
        for m in passage.of("endpoint", "event", "statistic", "subgroup", "registry")
    ):
        return None
    core = re.sub(r"\s+(?:therapy|treatment)$", "", written)
    if len(inside) == 1 and inside[0].end - inside[0].start >= len(core) - 1:
        return Arm(inside[0].label, without_placebo(inside[0].drugs))
    bare = written.lower() in _UNSAID and not (
        called and re.match(r"\s+(?:groups|arms)\b", passage.text[end:])
    )
    if (inside and "placebo" in written.lower()) or bare:
        return None
    if len(written) < 2 and not written.isupper():
        return None
    return Arm(written, ())
