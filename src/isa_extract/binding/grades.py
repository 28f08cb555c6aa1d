"""The grade at which an adverse event is told: beside its name or its value, at the head or the end of a list.

Grades are those of CTCAE v5.0 (1 mild to 5 death); a paper gives one (``3``), a range (``3-4``) or a bound
(``>=3``). 'Any grade' is no grade. 'Of that severity' is the grade told last.
"""

from __future__ import annotations

import re

from isa_extract.binding.endpoints import FATAL, Endpoint
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.finding.match import Mention

_NUMERALS = {
    "I": "1",
    "II": "2",
    "III": "3",
    "IV": "4",
    "V": "5",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
}


def grade(m: Mention) -> str:
    """A grade as the contract writes it: ``>=3``, ``3-4``, ``5``; empty for any grade and for 'that grade'."""
    low = m.part("low", "low2").upper()
    if m.code in ("any", "same") or not low:
        return ""
    low = _NUMERALS.get(low, low)
    high = m.part("high", "high2").upper()
    if high:
        return f"{low}-{_NUMERALS.get(high, high)}"
    if m.part("above") or m.part("op", "op2", "op3").strip() in ("≥", ">=", "不低于", "至少", "at least"):
        return f">={low}"
    return {"≤": "<=", "<": "<", ">": ">"}.get(m.part("op"), "") + low


def last_grade(passage: Passage, carried: str, before: int | None = None) -> str:
    """The grade told last before an offset of the sentence, else the one carried from earlier sentences."""
    told = [g for m in passage.of("grade") if (before is None or m.end <= before) and (g := grade(m))]
    return told[-1] if told else carried


# between a grade and the value it is told with: '3级者为39.7%', 'of grade 3 or 4 in 3.1%', '≥3级3例(2.6%)'
_TO_VALUE = re.compile(
    r"[\s(,:]*(?:者|患者|事件|不良事件|AE|发生率|的|分别|依次|为|占|有|仅|只|共|约|达|是|in|for|of|was|were|only|just|about|"
    r"[^\s,;。:()\d]{1,6}组|\d+\s*例?|例|名|\(|\s)*",
    re.IGNORECASE,
)
_TO_NAME = re.compile(
    r"\s*(?:的|treatment-related |treatment-emergent |any |or |)?[^,;。()\d]{0,22}", re.IGNORECASE
)
_FROM_NAME = re.compile(
    r"\s*(?:(?:was|were) (?:by far )?the (?:most \w+|commonest|main|chief|predominant) [^,;.()\d]{0,44}?)?(?:of|was|were|:|,|s|events?|均|都|多|大多|全部|主要|为|是)*\s*\(?\s*(?:likewise\s+|of\s+|these\s+|events\s+)*",
    re.IGNORECASE,
)
_FROM_VALUE = re.compile(
    r"\s*[)%\]]+\s*(?:of|for)\s*|[\s)%\]]*[^,;.()\d]{0,80}?\b(?:had|having|with) (?:it|them|one|ones|these|this|such an? event) (?:at|of|that was)\s*|"
    r"\s*[)%\]]*\s*(?:was|were) (?:it|they|these|this|the event|the events) (?:of|at)\s*|\s*[)%\]]*\s*(?:[,(]\s*)?(?:(?:均|多|全部|大多|all|mostly|all of them)*\s*(?:为|是|达到?|were|was)\s*(?:of)?|\b(?:was|were)?\s*ones?\s+of|"
    r"(?<=[(,])\s*(?:均|多|全部|大多)*|(?<=[(,] )(?:all|mostly)?|(?<=[(,])(?:all|mostly)?)\s*",
    re.IGNORECASE,
)
_FATAL = re.compile(
    r"\b(?:fatal(?:ly)?|killed|lethal|proved fatal)\b[^,;.]*$|(?:致死|致命|死于)[^,;。]*$|因[^,;。]*(?:死亡|死去)的?(?:者|患者)?(?:有|为|共)?\s*\d*例?\(?$",
    re.IGNORECASE,
)


def grade_for(passage: Passage, group: Group, endpoint: Endpoint, left: int, told: str, carried: str) -> str:
    """The grade of a group of values of an adverse event; empty where none is told.

    Args:
        told: the grade of the group before in the sentence, which 'of whom' parts share.
        carried: the grade told last in earlier sentences, for 'of that severity'.
    """
    if endpoint.code not in ("AE", "INFECTION"):
        return ""
    told_fatal = re.search(r"fatal|致死|致命|to death|导致死亡", endpoint.text, re.IGNORECASE) is not None
    if told_fatal or endpoint.how == FATAL or _is_fatal(passage, group, left):
        return "5"
    if told == "5" and group.members[0].value == "0" and endpoint.start < group.start:
        return told  # '2例死于肺部感染,另一组无'
    if group.effect and told and _IN_BRACKET.fullmatch(passage.text, left, group.start):
        return told  # '≥3级者为8%和5%(OR=1.52)'
    found = _grade_mention(passage, group, endpoint, left)
    if found is not None:
        return last_grade(passage, carried, found.start) if found.code == "same" else grade(found)
    if re.search(r"其中[^,;。\d]{0,16}$|, including [^,;.\d]{0,40}$", passage.text[left : group.start]):
        return told
    if re.search(
        r"(?:equivalents?|corresponding (?:figures|rates|values)|相应)[^,;。.\d]{0,40}$",
        passage.text[left : group.start],
    ):
        return told
    if endpoint.start >= 0 and told and _same_figures_for(passage, left, group.start):
        return told
    if _OF_THESE.match(passage.text, group.end) or _COMMONEST_OF_THESE.match(passage.text, 0, group.start):
        return carried
    return ""


_IN_BRACKET = re.compile(r"[\s%]*[(,;\[]\s*(?:a?(?:HR|OR|RR)\s*[=:,]?\s*)?")
# '…(37.4%) and lymphopenia (25.2%) were the most frequent of these', where grades were told in the sentence before
_OF_THESE = re.compile(
    r"[^;。]{0,200}?\b(?:most (?:common|frequent)|commonest|main ones) (?:of|among) (?:these|them)\b",
    re.IGNORECASE,
)
_COMMONEST_OF_THESE = re.compile(
    r"(?:The )?(?:most (?:common|frequent)|commonest|main|chief|leading)(?: ones)? (?:of|among) (?:these|them)\b[^.;]*\Z"
    r"|(?:这些|上述|此类)(?:不良)?(?:事件|反应|毒性)?中[^;。\d]{0,4}(?:最|较)(?:为)?(?:常见|多见)[^;。]*\Z",
    re.IGNORECASE,
)
_GRADE_LIST = re.compile(
    r"(?P<list>[0-5](?:\s*[、,]\s*[0-5])*\s*(?:、|和|与|及)\s*[0-5])\s*级|\bgrades? (?P<list2>[0-5](?:, [0-5])*,? and (?:grade )?[0-5])\b",
    re.IGNORECASE,
)


def listed_grades(passage: Passage, group: Group, left: int) -> tuple[str, ...]:
    """The grades of '1、2、3级CRS依次见于31.8%、15.3%和2.5%', as many as there are values; else none."""
    if len(group) < 2 or not passage.of("grade"):
        return ()
    for m in _GRADE_LIST.finditer(passage.text, left, group.start):
        listed = tuple(re.findall(r"\d", m["list"] or m["list2"]))
        if len(listed) == len(group) and re.fullmatch(
            r"(?:[^,;。\d]|\([^()]*\)){0,60}", passage.text[m.end() : group.start]
        ):
            return listed
    return ()


def _same_figures_for(passage: Passage, left: int, right: int) -> bool:
    """'the equivalents for leucopenia were 25% and 7%, and for lymphopenia 18% and 5%' goes on."""
    return (
        re.match(r"[\s)%,]*and for [^,;.\d]{3,40}$", passage.text[left:right]) is not None
        and re.search(r"\b(?:equivalents|corresponding (?:figures|rates))\b", passage.text[:left]) is not None
    )


_IS_OF = re.compile(
    r"[\s%)\]]*(?:例|人|患者)*(?:均|都)?(?:为|是|达到?)\s*|[\s%)\]]*(?:was|were)\s+(?:of\s+)?"
)
"""Between a value and the grade said of it: '1例为5级,对照组无', '1~2级者…,另有3例(2.1%)达3级'."""


def _grade_mention(passage: Passage, group: Group, endpoint: Endpoint, left: int) -> Mention | None:
    grades = passage.of("grade")
    if not grades:
        return None
    text = passage.text
    named = endpoint.start >= 0 and endpoint.end <= group.start
    since = endpoint.end if named else left
    for m in reversed(grades):
        if since <= m.start and m.end <= group.start and _TO_VALUE.fullmatch(text[m.end : group.start]):
            return m
    if group.members[0].value == "0":  # '无5级事件', 'none of grade 4'
        for m in grades:
            if m.start >= group.end and re.fullmatch(
                r"\s*(?:(?:events?|cases?|episodes?) )?(?:(?:was|were) )?(?:of )?", text[group.end : m.start]
            ):
                return m
    for m in grades:
        if m.start >= group.end and _IS_OF.fullmatch(text[group.end : m.start]):
            return m
    free = [m for m in grades if m.end <= group.start or not _leads_another(passage, m, group)]
    if endpoint.start >= 0:
        for m in reversed(free):
            if endpoint.start <= m.start and m.end <= endpoint.end:
                return m  # '5级不良事件' as one name
            if m.end <= endpoint.start and _TO_NAME.fullmatch(text[m.end : endpoint.start]):
                return m
        for m in free:
            near = endpoint.end <= m.start <= max(group.end + 40, endpoint.end + 30)
            if near and _FROM_NAME.fullmatch(text[endpoint.end : m.start]):
                return m
    for m in free:
        if m.start >= group.end and (
            _FROM_VALUE.fullmatch(text[group.end : m.start]) or _ends_list(passage, group, m)
        ):
            return m
    heading = [m for m in grades if endpoint.start >= 0 and m.end <= endpoint.start]
    if heading and _heads_list(passage, heading[-1].end, endpoint.start):
        return heading[-1]
    return None


def _is_fatal(passage: Passage, group: Group, left: int) -> bool:
    """'fatally in three (0.8%)', 'and killed 2.7%', '因感染死亡的有6例(5.1%)'."""
    return (
        _FATAL.search(passage.text[left : group.start]) is not None
        or re.match(
            r"[\s)%\]]*(?:[^,;.()\d]{0,60}?\b)?died (?:of|from) |例?(?:患者|[^,;。\d]{1,10}患者)?(?:死于|因[^,;。]{1,14}死亡)",
            passage.text[group.end :],
        )
        is not None
    )


def _leads_another(passage: Passage, m: Mention, group: Group) -> bool:
    """Whether a grade behind the group is told of the next value: '30.2%, 3级者1.9%'."""
    following = next((q for q in passage.quantities if q.start >= m.end), None)
    return (
        following is not None
        and following not in group.members
        and _TO_VALUE.fullmatch(passage.text[m.end : following.outer_start]) is not None
    )


def _ends_list(passage: Passage, group: Group, m: Mention) -> bool:
    """'Neutropenia (RR 1.48) and pneumonia (RR 1.61) of grade ≥3': told once behind the last of a list."""
    if not re.search(r"\bof\s*$", passage.text[: m.start]) and not m.text.lower().startswith("of "):
        return False
    kept = list(passage.text[group.end : m.start])
    for e in passage.between(group.end, m.start, "event"):
        kept[e.start - group.end : e.end - group.end] = " " * (e.end - e.start)
    words = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", "".join(kept).lstrip(")] "))
    return bool(passage.between(group.end, m.start, "event")) and not re.sub(
        r",|\band\b|\bof\b|\)|\s", "", words
    )


_LIST_HEAD = re.compile(
    r"(?:包括|包含|主要(?:为|有|是)|多为|常见(?:的)?(?:为|是|有|的)?|依次为|分别为|为|有|如|例如|including|included|such as|were|was|most common(?:ly)?|:)",
    re.IGNORECASE,
)


# '≥3级不良事件A组43例、B组16例,最多的是…', 'in 54 (67%) and 35 (44%), the commonest being …'
_MOST_COMMON = re.compile(
    r"[,:(]\s*(?:and |with )?(?:of which )?(?:the )?(?:most (?:common|frequent)(?:ly)?|commonest|chief|main|predominant)(?: (?:of these|ones?|events?))?(?: being| were| was|:)\s*|"
    r"[,:(](?:其中)?(?:最多的|最常见的?|常见的|居首的?|主要|多)(?:依次)?(?:是|为)\s*|,(?:其中|均|都)?以(?=[^,;。()]{2,12}(?:\([^()]*\))?(?:[、和及][^,;。()]{2,12}(?:\([^()]*\))?)*(?:最为?|居|较为?)(?:常见|多见?|首))",
    re.IGNORECASE,
)


def _heads_list(passage: Passage, start: int, end: int) -> bool:
    """Whether a grade told at ``start`` still holds for the event at ``end`` of the same list.

    Between them stand other events with their values in brackets, and words that open a list; anything
    else (another group, a new clause) ends it.
    """
    if passage.between(start, end, "grade") or re.search(r"[。;]", passage.text[start:end]):
        return False
    singled = [m for m in _MOST_COMMON.finditer(passage.text, start) if m.end() <= end]
    if singled:  # its own values have been told
        start = singled[-1].end()
    kept = list(passage.text[start:end])
    general = 0
    for m in passage.between(start, end, "event", "endpoint"):
        general += m.kind == "endpoint"
        kept[m.start - start : m.end - start] = " " * (m.end - m.start)
    words = re.sub(r"\[[^()\[\]]*\]", " ", "".join(kept))
    words = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", words)
    words = re.sub(r"\d[\d.]*\s*%?", " ", words)
    opened = _LIST_HEAD.search(words) if not singled else None
    if general > 1 or (general and not opened):
        return False  # a second 'AE' begins a list of its own
    if opened and passage.between(start, start + opened.start(), "value"):
        return False
    if general and _has_own_value(passage, start, end):
        return False
    words = _LIST_HEAD.sub(" ", words)
    words = re.sub(
        r"(?:治疗相关|发生率|最|的|和|与|及|以及|、|,|and|or|vs\.?|v\.?|versus|对|比|血液学|非血液学|hematologic|adverse|其次|最常见|最多见?|events|the|most|common|in|of|with)",
        " ",
        words,
    )
    return len(words.split()) == 0 or (bool(opened) and len("".join(words.split())) <= 8)


def _has_own_value(passage: Passage, start: int, end: int) -> bool:
    """'3~4级AE两组为77.3%与81.5%,心房颤动…': the general event has values, so what follows is another event."""
    general = passage.between(start, end, "endpoint")
    first = passage.between(start, end, "event")
    stop = first[0].start if first else end
    return bool(general) and any(general[0].end <= q.start < stop and not q.depth for q in passage.quantities)
