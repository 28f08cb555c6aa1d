"""Patients as the subject of an English clause: '31 (52%) of 60 and 22 (41%) of 54, respectively, had …'.

What befell them stands in the predicate, behind all the numbers of the subject.
"""

from __future__ import annotations

import re

_HEAD = re.compile(
    r"(?:^|[.;:,]\s|(?:^|[.;:,]\s)(?:RESULTS\s)?[Ii]n\sthe\s[^,;.()\d]{2,40}\s(?:group|arm)\s|\b(?:and|but|while|whereas|that|although|though|when|if)\s)\s*(?:(?:only|just|about|approximately|nearly|some|another|also|then|an estimated|estimated|around|roughly|the (?:remaining|other))\s+)*$",
    re.IGNORECASE,
)
"""What may stand before a subject: nothing, the end of a clause, or a word that opens one."""
_VERB = re.compile(
    r"""\b(?P<verb>had|have|has|were|was|are|became|remained|stayed|achieved|attained|reached|obtained|developed|experienced
    |suffered|reported|died|survived|lived|responded|relapsed|progressed|recurred|discontinued|stopped|gave\ up|withdrew|abandoned
    |came\ off|left|quit|halted|entered|went|converted|turned|cleared|showed|needed|required|underwent|received|crossed
    |completed|proceeded|did)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_BROKEN = re.compile(
    r"[.;:](?=\s|$)|\b(?:where|no|so|nor|neither|who|whom|which|that|while|whereas|although|though|because|if|when|as did|can|could|may|might|will|would|led|fell|rose|gave|made|is|does)\b"
    r"|\b(?!(?:treated|assigned|allocated|randomi[sz]ed|given|infused|tested|evaluated|assessed|aged|enrolled|exposed|based|combined|mutated|unmutated|registered|transplanted|operated|screened|included|observed|followed|relapsed|advanced|compared|combined|red|bed|need|reduced|untreated|pretreated|united|observed|estimated)\b)[a-z]{2,}ed\b",
    re.IGNORECASE,
)
"""What the stretch between a subject's number and its verb does not hold: another verb, another clause."""
_NOUN_PHRASE = re.compile(
    r"""[\s%)\]]*(?:of\s+(?:the\s+|these\s+|those\s+)?\d{1,5}\b\s*|of\s+(?:them|these|those|whom)\b\s*)?(?:[a-z-]+\s+){0,3}?
    (?:(?:patients?|pts?|participants?|recipients?|responders?|remitters|people|individuals|subjects|men|women|controls?|adults|cases|others|children)\b)?
    (?:\s*,?\s*\b(?:of|in|on|with|without|given|receiving|taking|assigned|allocated|randomi[sz]ed|treated|after|at|from|for|under|aged|by|and|versus|vs|v|against|compared|as|but|respectively|treatment)\b.*)?\s*,?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LONGEST = 260
"""Characters of a subject at most."""
_TO_OBJECT = re.compile(
    r"""\s*(?:(?:an?|the|at\s+least|only|just|in|to\s+have|any|some|confirmed|been|being|still|also|subsequently|then|eventually|ongoing|further|either|each
    |grades?\s+\d(?:\s*(?:-|to|or|and)\s*(?:\d|higher|worse|more|above|greater))*|severe|serious|fatal|full|diagnosed\ with|of|from|into|taking|receiving|experienced|had|developed|achieved|attained|reached|undergone|suffered|alive(?:,?\s+and)?|or\s+higher|or\s+worse|≥\s*\d
    |(?!prior|previous)[a-z-]{2,12}(?:al|ous|ic|ent|ar|ary))\s+)*""",
    re.VERBOSE | re.IGNORECASE,
)
"""Between the verb and what it is about."""


def predicate(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the verb of a clause stands whose subject is the number at ``start``-``end`` (folded offsets).

    None where the number is no subject. Values that go on with it ('and 22 (41%) of 54') belong to the subject.
    """
    if not is_head(text, start):
        return None
    # brackets are blanked, so that offsets stay
    ahead = _BRACKETED.sub(lambda m: " " * len(m[0]), text[end : end + _LONGEST])
    verb = _VERB.search(ahead)
    if verb is None:
        return None
    between = ahead[: verb.start()]
    if _closes_outside(text[start:end] + between):
        return None
    if _BROKEN.search(between) or not _NOUN_PHRASE.fullmatch(between):
        return None
    return end + verb.start(), end + verb.end()


def is_head(text: str, start: int) -> bool:
    """Whether a clause begins at ``start``."""
    return _HEAD.search(text[max(0, start - 60) : start]) is not None


def is_told_by(text: str, verb: tuple[int, int], start: int, end: int) -> bool:
    """Whether a term at ``start``-``end`` is the predicate's: it holds the verb, or is what the verb is about."""
    if start <= verb[0] < end:
        return True
    return start >= verb[1] and _TO_OBJECT.fullmatch(text, verb[1], start) is not None


def _closes_outside(text: str) -> bool:
    """Whether a bracket is closed that was opened before."""
    depth = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if depth < 0:
            return True
    return False
