"""Outcomes that no rule has a name for, told by a clause whose value is plainly a result.

'Time to first flare was 4.4 months (95% CI 3.1-6.9) on A and 5.2 months on B', 'a higher diagnostic yield with A
(89% v 66%)', 'were more likely to have decided (82% v 61%)': the sentence gives the value to one group and another
to a second, or an interval of its own; so what is measured is an outcome, whatever it is called. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from isa_extract.binding.hidden import VALUE, values_hidden
from isa_extract.binding.passages import Passage
from isa_extract.finding.quantity import Quantity

_BEGIN = r"(?:^|(?<=[.;:,]\ )|(?<=\band\ )|(?<=\bbut\ )|(?<=\bwhile\ )|(?<=\bwhereas\ )|(?<=\bthat\ ))(?:(?:RESULTS|FINDINGS|CONCLUSIONS?)\ )?(?:(?:Although|While|Whereas)\ )?"
_WORD = rf"(?:[A-Za-z0-9][\w'/%+.-]*(?<![.])|[<>=≥≤]+(?:\s?(?:or\s?)?=\s?)?{VALUE}?)"
_NOUNS = rf"{_WORD}(?:\ {_WORD}|\ ?\(\ ?[A-Za-z][\w-]{{1,12}}\ ?\)){{0,13}}?"
_DIFFERS = r"""(?:(?:higher|lower|greater|more|less|fewer|better|worse|shorter|longer|larger|smaller|faster|slower|increased|decreased
    |reduced|improved|prolonged|superior|similar)|(?:differences?|reductions?|increases?|decreases?|improvements?|declines?|gains?)\ (?:in|of))"""
_SUBJECT = re.compile(
    rf"""{_BEGIN}(?P<np>{_NOUNS})\s+
    (?:was|were|is|are|being|averaged|reached|remained|occurred|differed|fell|rose|dropped|declined|increased|decreased|improved
      |did\ not\ differ)\b(?=[^;{VALUE}]{{0,110}}?{VALUE})""",
    re.VERBOSE,
)
_KIND = r"(?:(?:risks?|chances?|rates?|incidence|likelihood|probability|time|proportions?|numbers?|frequency|degree|amount|levels?)\ (?:of|for|to|in)\ )"
_OBJECT = re.compile(
    rf"""\b{_DIFFERS}\ (?:the\ |an?\ |mean\ |median\ )*(?P<np>{_KIND}?{_NOUNS})(?=\s*
    (?:,?\s*(?:with|for|in|on|to|after|among|at|than|compared|under|versus|vs)\b[^;{VALUE}(]{{0,120}}?)?\(\s*[^(){VALUE};]{{0,30}}{VALUE})""",
    re.VERBOSE,
)
_LIKELY = re.compile(
    rf"\b(?:more|less|equally|as)\ likely\ to\ (?P<np>(?:have\ |be\ )?{_NOUNS})(?=\s*(?:than\b[^;{VALUE}(]{{0,60}})?\(\s*{VALUE})",
    re.VERBOSE,
)
_OF_VALUE = re.compile(
    rf"""(?:(?<=[;:(]\ )|(?<=[;:(])|\b(?:an?|the|median|mean|average|had|with|in)\ )(?:(?:median|mean|average)\ )?
    (?P<np>[A-Za-z][\w'/-]*(?:\ {_WORD}){{0,7}}?)\ of\ (?:about\ |only\ )?{VALUE}""",
    re.VERBOSE,
)
_SHOWN = re.compile(
    rf"\b(?:showed|revealed|demonstrated|found|detected)\ (?:the\ |an?\ )*(?:presence\ of\ )?(?P<np>{_NOUNS})\ in\ (?:about\ |only\ )?{VALUE}"
)
_CHANGE = re.compile(
    rf"{VALUE}\s(?P<np>(?:(?:median|mean)\s)?(?:increase|decrease|decline|reduction|rise|fall|improvement)s?\ in\ {_NOUNS})(?=\s*(?:\(|,|(?:at|by|after|compared|versus|vs|with|in|on)\b))"
)
_NEXT = re.compile(
    rf"\)\s*(?:,\s*)?(?:and\ )?(?:the\ )?(?P<np>[A-Za-z]{_NOUNS})\s*\(\s*[^(){VALUE};]{{0,30}}{VALUE}",
    re.VERBOSE,
)

_NOT_MEASURED = frozenset(
    (
        "better",
        "comparison",
        "comparisons",
        "corresponding",
        "cost",
        "costs",
        "counterparts",
        "courses",
        "curve",
        "curves",
        "cycle",
        "cycles",
        "days",
        "each",
        "equivalents",
        "ethnicity",
        "exposure",
        "gaps",
        "gender",
        "he",
        "into",
        "landmark",
        "likely",
        "majority",
        "margin",
        "minority",
        "months",
        "pattern",
        "picture",
        "plateau",
        "prices",
        "probability",
        "prognosis",
        "proportional",
        "race",
        "respectively",
        "sample",
        "sensitivity",
        "sex",
        "share",
        "shares",
        "she",
        "specificity",
        "story",
        "treatment-related",
        "treatments",
        "trend",
        "visits",
        "we",
        "weeks",
        "with",
        "worse",
        "years",
    )
)
_NOT_IN_OUTCOME = re.compile(
    r"""\b(?:which|whose|had|has|have\ been|there|they|it|we|our|randomi[sz]\w*|assigned|enrol\w*|follow(?:ed)?-?up|doses?|dosage|dosing|cycles?|courses
    |exposure|completed?|completion|received|receipt|compliance|adherence|baseline|ages?|aged|male|female|smok\w+|crossover|crossed|screened
    |intensity|withdr[ae]w\w*|sample|power|prior|previous(?:ly)?|histor\w+|sensitivity|specificity|transplantation|weights?\ of|prevalence|versus|vs
    |than|compared|p|hazards?|odds|(?-i:HR|OR|RR|CI)|who\ (?:were|had)|duration\ of\ (?:treatment|therapy)|median\ time\ on|time\ (?:on|from)|difference\ between)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:However|Moreover|Overall|Likewise|Similarly|Finally|Also|Here|Then|In contrast|By contrast),? )?"
    r"(?:(?:the|a|an|any|some|mean|median|average|but|and|no|significant(?:ly)?|statistically|more|less|their) )*",
    re.IGNORECASE,
)
_ADVERBIAL = frozenset(
    (
        "in",
        "at",
        "after",
        "by",
        "during",
        "within",
        "among",
        "over",
        "on",
        "for",
        "with",
        "from",
        "as",
        "once",
        "when",
        "if",
        "although",
        "though",
        "because",
        "since",
        "unless",
        "one",
        "two",
        "three",
        "four",
        "five",
        "ten",
        "here",
        "what",
        "how",
        "to",
        "of",
        "corresponding",
        "same",
        "only",
    )
)
_TAIL = re.compile(
    r"(?:\s+(?:with|for|in|on|of|to|after|among|at|between|also|significantly|and|the|both|by|from|under|per|a|an|was|were))+$|\s*\([^()]*$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:versus|vs|v|than|compared\s+(?:with|to)|as\s+against|against|as\s+opposed\s+to|whereas|while|but)(?!\w)",
    re.IGNORECASE,
)
_TO_GROUP = re.compile(
    r"\s*%?\s*\)?\s*(?:\([^()]*\)\s*)?(?:of\s+)?(?:the\s+)?(?:patients|women|men|participants|subjects|those|children)?\s*(?:in|with|for|on|of|among|after|receiving|given|under)\s",
    re.IGNORECASE,
)
_GROUP_NEXT = re.compile(
    r"[^;.()\d]{0,20}\s*(?:\([^()]*\)\s*)?;\s*(?:and\s+)?(?:in\s+|for\s+)?(?:the\s+)?[A-Za-z][^;.()]{1,50}?\s*[,:=]?\s*"
)
_GROUP_AHEAD = re.compile(r":\s*(?:in\s+|for\s+)?(?:the\s+)?[A-Za-z][^;:.()]{1,50}?[,:=]?\s*$")
"""'were: standard care, 12.1 (3.1) min; early care, 8.2 (2.9) min': each value behind the name of its group."""
_FAR = 130  # characters from one value to the one it is set against


_TIMED = re.compile(
    r"\s(?:at|after|during|within|by|on|in)\s(?:the\s)?(?:follow-up|end|week|month|day|hospital|discharge|\d|one|two|three|six|twelve).*$",
    re.IGNORECASE,
)
_AT_ENTRY = re.compile(
    r"(?<!compared with )(?<!compared to )(?<!from )(?<!versus )(?<!relative to )(?<!adjusted for )\bbaseline|\bat entry|\bbefore (?:treatment|therapy|randomi)|\beligib|\binclusion|\bhistory of|\bpreviously|\baged\b|\bdemographic",
    re.IGNORECASE,
)


def licensed_outcomes(passage: Passage) -> Iterator[tuple[int, int]]:
    """Folded start and end of the phrases that the sentence gives a result of."""
    licensed = [q.start for q in passage.quantities if _is_result(passage, q)]
    if not licensed:
        return
    text, origin = values_hidden(passage)
    for frame in (_SUBJECT, _LIKELY, _OBJECT, _OF_VALUE, _SHOWN, _NEXT, _CHANGE):
        for match in frame.finditer(text):
            first = match.start() if frame is _CHANGE else text.find(VALUE, match.end("np"))
            if first < 0 or origin[first] not in licensed:
                continue
            end = origin[match.end("np") - 1] + 1
            end = next((q.outer_end for q in passage.quantities if q.start == end - 1), end)
            place = _trimmed(passage, origin[match.start("np")], end)
            if place is not None and not _AT_ENTRY.search(passage.text, 0, place[1]):
                yield place


def _is_result(passage: Passage, q: Quantity) -> bool:
    """Whether a value is set against one of another group, or has an interval of its own."""
    if q.is_effect or q.difference:
        return False
    if q.interval is not None:
        return True
    others = [
        o for o in passage.quantities if o.start >= q.outer_end and not o.is_effect and o.family == q.family
    ]
    if not others:
        return False
    gap = passage.text[q.outer_end : others[0].outer_start]
    if _GROUP_NEXT.fullmatch(gap) and _GROUP_AHEAD.search(passage.text, 0, q.outer_start):
        return True
    if len(gap) > _FAR or re.search(r";|(?<!\bvs)(?<!\bv)\.\s", gap):
        return False
    behind = passage.text[others[0].outer_end :]
    if q.statistic == others[0].statistic == "mean" and gap.strip() == "to":
        return True  # '(15 ± 3 to 19 ± 3 mL/kg/min)'
    return bool(
        _AGAINST.search(gap)
        or (_TO_GROUP.match(gap) and _TO_GROUP.match(behind))
        or (
            re.fullmatch(r"\s*(?:and|,)\s*", gap)
            and (
                re.match(r"[^.;]{0,70}\brespectively", behind)
                or passage.between(others[0].end, others[0].outer_end + 16, "p")
            )
        )
    )


def _trimmed(passage: Passage, start: int, end: int) -> tuple[int, int] | None:
    """The phrase less its articles and the group it is told of; None if it names no outcome."""
    lead = _LEAD.match(passage.text, start, end)
    start = lead.end() if lead else start
    arms = [r.start for r in passage.regimens]
    arms += [m.start for m in passage.of("drug", "arm-role", "arm-letter", "arm-named", "arm-dose", "size")]
    end = min([end, *(a for a in arms if start <= a < end)])
    tail = _TAIL.search(passage.text, start, end)
    while tail is not None and tail.end() == end:
        end = tail.start()
        tail = _TAIL.search(passage.text, start, end)
    if timed := _TIMED.search(passage.text, start, end):
        end = timed.start()
    phrase = passage.text[start:end]
    words = phrase.lower().split()
    if not words or words[0] in _ADVERBIAL or not (len(words) > 1 or re.search("[A-Z0-9]", phrase[1:])):
        return None  # 'the gap', 'tallies': one plain word is as likely to mean what was spoken of before
    if (
        len(words) > 1
        and words[-1] in KINDS
        and words[-2] not in _SAYS_NO_KIND
        and not _TIME.search(words[-2])
    ):
        words = words[:-1]  # 'patency rate', 'infarct size'
    if len(phrase) < 3 or words[-1] in _NOT_MEASURED or _NOT_IN_OUTCOME.search(phrase):
        return None
    head = re.split(r"\s(?:of|for|in|with|at|to|who|from|on)\s", phrase.lower())[0].split()
    if not head or head[-1] in _NO_HEAD or passage.between(start, end, "subgroup", "threshold"):
        return None
    return start, end


KINDS = frozenset(("rate", "rates", "level", "levels", "index", "ratio", "size", "response", "number"))
_SAYS_NO_KIND = frozenset(
    ("event", "response", "overall", "median", "mean", "actuarial", "crude", "cumulative", "estimated", "sample",
     "group", "effect", "hazard", "odds", "risk", "respective", "observed", "pooled", "total", "other", "similar", "same")
)  # fmt: skip
_TIME = re.compile(r"\d|year|month|week|\bday|hour")
_NO_HEAD = frozenset(
    (
        "addition",
        "adults",
        "age",
        "analysis",
        "arm",
        "arms",
        "benefit",
        "children",
        "cohort",
        "cohorts",
        "difference",
        "dose",
        "doses",
        "effect",
        "follow-up",
        "group",
        "groups",
        "hazard",
        "individuals",
        "interval",
        "it",
        "men",
        "odds",
        "participants",
        "patients",
        "people",
        "study",
        "subjects",
        "that",
        "therapy",
        "there",
        "these",
        "they",
        "this",
        "those",
        "treatment",
        "trial",
        "use",
        "women",
    )
)
