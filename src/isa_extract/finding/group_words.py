"""Names of groups that a paper makes itself: a word before 组, 'the closure group', 'the DCT/CDDP and VNR/CDDP arms'."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from isa_extract.finding.match import Mention
from isa_extract.language.segment import Sentence
from isa_extract.rules.rulebook import rulebook

_RULE = "group names of the paper"
_STOP = re.compile(
    '[\\s,;。、()\\[\\]:"与和及较比对在于为的各两三四该此每本由从至到将其等或是但而且则故仅仍使让\\d%<>≥≤=]'
)
_ZU = re.compile("组(?![织成学间内合分])")
_LONGEST = 12  # characters before 组
_NOUN = re.compile(r"[- ](?P<noun>groups?|arms?|cohorts?)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9][\w./'-]*|[+/&]")
_AND = re.compile(r"(?:,?\s+(?:and|or|versus|vs\.?)\s+(?:the\s+)?|\s*,\s*)$")
_OF_A_REGIMEN = re.compile(
    r"(?:\s|[+/&,-]|plus|and|with|alone|only|based|containing|treated|monotherapy|therapy|maintenance|regimen|combination|"
    r"\d[\d.]*\s*-?\s*(?:mg|μg|g)?(?:/(?:kg|m2|d))?)*",
    re.IGNORECASE,
)
_SUBSET = re.compile(
    r"(?:positive|negative|mutated|mutant|mutations?|wild-type|risk|eligible|ineligible|refractory|resistant|na[iï]ve|deficient|proficient|"
    r"high|low|expressing|amplified|stage|old|years?|aged?|unfit|frail|fit|responding|relapsed|untreated|survivors?|stratum)$",
    re.IGNORECASE,
)
_MOST_WORDS = 4
_REACH = 60  # characters


def with_group_names(
    told: Sequence[Sentence], found: Sequence[tuple[Mention, ...]]
) -> list[tuple[Mention, ...]]:
    """Add the paper's own group names to the mentions of its sentences, for the words that they are made of."""
    chinese = _chinese(told)
    result: list[tuple[Mention, ...]] = []
    for sentence, mentions, names in zip(told, found, chinese, strict=True):
        added = [m for m in names if not _is_told(m, mentions)]
        if sentence.lang == "en":
            added += _english(sentence.text, mentions)
        kept = [m for m in mentions if not any(_gives_way(m, a) for a in added)]
        result.append(tuple(sorted([*kept, *added], key=lambda m: (m.start, -m.end, m.kind))))
    return result


@cache
def _no_groups(lang: str) -> frozenset[str]:
    return frozenset(row["word"] for row in rulebook().lexicons["not_groups"] if row["lang"] == lang)


def _gives_way(m: Mention, name: Mention) -> bool:
    return (
        m.kind in ("arm-role", "arm-named", "arm-plain", "drug")
        and name.start <= m.start
        and m.end <= name.end
    )


# -------------------------------------------------------------------------------------------------- Chinese


def _chinese(told: Sequence[Sentence]) -> list[list[Mention]]:
    """A word before 组 that the paper uses twice or more, by sentence."""
    places = [[(match.end(), _before(s, match.start())) for match in _ZU.finditer(s.text)] for s in told]
    counts = Counter(name for here in places for _, names in here for name in names)
    labels = {name for name, n in Counter(_labels_called(told)).items() if n >= 2}
    return [
        [*_often(s, here, counts), *_labelled(s.text, labels)] for s, here in zip(told, places, strict=True)
    ]


_LABEL_ZU = re.compile(
    r"(?<![A-Za-z0-9+/-])(?P<label>[A-Z][A-Za-z0-9]*(?:[-+/][A-Za-z0-9]+)*)(?P<noun>[两二三四]?组|臂)(?![织成学间内合分])"
)
_LABEL = re.compile(r"(?<![A-Za-z0-9+/-])[A-Z][A-Za-z0-9]*(?:[-+/][A-Za-z0-9]+)*(?![A-Za-z0-9+/-])")
_MORE_LABELS = re.compile(r"(?:[A-Za-z0-9+/-]+\s*[、,和与及]\s*)+$")


def _labels_called(told: Sequence[Sentence]) -> Iterator[str]:
    """Labels with 组 right behind them: 'PG组'."""
    for sentence in told:
        for match in _LABEL_ZU.finditer(sentence.text):
            if len(match["label"]) > 1 or match["noun"] == "臂":
                yield match["label"]


def _labelled(text: str, labels: set[str]) -> Iterator[Mention]:
    """'PG组', and each of 'SPG、DDGP、PG三组'; what is a regimen's own label goes by that."""
    for match in _LABEL_ZU.finditer(text):
        if match["label"] not in labels:
            continue
        noun = match["noun"][-1]
        yield _label_mention(text, match.start(), match.end(), match["label"] + noun)
        listed = _MORE_LABELS.search(text, 0, match.start())
        for more in _LABEL.finditer(text, listed.start(), match.start()) if listed else ():
            if more[0] in labels:
                yield _label_mention(text, more.start(), more.end(), more[0] + noun)


def _label_mention(text: str, start: int, end: int, name: str) -> Mention:
    return Mention("arm-named", start, end, text[start:end], name, rule=_RULE)


def _before(sentence: Sentence, end: int) -> list[str]:
    """What the name before 组 may be, from short to long."""
    names: list[str] = []
    for start in range(end - 1, max(-1, end - _LONGEST - 1), -1):
        if _STOP.match(sentence.text[start]):
            break
        name = sentence.text[start:end]
        if start in sentence.starts and name not in _no_groups("zh") and not re.search("[A-Za-z0-9]", name):
            names.append(name)
    return names


def _often(
    sentence: Sentence, here: Sequence[tuple[int, list[str]]], counts: Counter[str]
) -> Iterator[Mention]:
    for end, names in here:
        # the longest name said at least twice; what hangs before it by chance is said once
        often = [n for n in names if counts[n] >= 2]
        if often:
            start = end - 1 - len(often[-1])
            yield Mention("arm-named", start, end, sentence.text[start:end], rule=_RULE)


def _is_told(name: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether the words are a drug's or a lettered group's, or part of a longer group's name."""
    return any(
        (m.kind in ("drug", "arm-letter") and m.start < name.end - 1 and name.start < m.end)
        or (m.kind in ("arm-role", "arm-named") and m.start <= name.start and m.end >= name.end)
        for m in mentions
    )


# -------------------------------------------------------------------------------------------------- English


def _english(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """'the closure group', 'SL arm'; both of 'the DCT/CDDP and VNR/CDDP arms'."""
    added: list[Mention] = []
    for match in _NOUN.finditer(text):
        first = _name_start(text, match.start())
        if first is None:
            continue
        added += _unless_known(text, first, match.end(), match.start(), mentions)
        joint = _AND.search(re.sub(r"\([^()]*\)\s*$", lambda m: " " * len(m[0]), text[:first]))
        if match["noun"].endswith("s") and joint:
            end = len(text[: joint.start()].rstrip())
            bracket = re.search(r"\s*\([^()]*\)$", text[:end])
            end = bracket.start() if bracket else end
            other = _name_start(text, end)
            if other is not None:
                added += _unless_known(text, other, end, end, mentions)
    return added


def _name_start(text: str, end: int) -> int | None:
    """Where the name that ends at ``end`` begins; None if there is no name."""
    floor = max(0, end - _REACH)
    start: int | None = None
    at, words = end, 0
    for token in reversed(list(_TOKEN.finditer(text, floor, end))):
        if text[token.end() : at].strip() or words == _MOST_WORDS:
            break
        if token[0] not in "+/&":
            if token[0].lower() in _no_groups("en") or not re.search("[A-Za-z]", token[0]):
                break
            start, words = token.start(), words + 1
        at = token.start()
    return start


def _unless_known(
    text: str, start: int, end: int, name_end: int, mentions: Sequence[Mention]
) -> list[Mention]:
    known = [m for m in mentions if m.start < end and start < m.end]
    if any(
        m.kind
        in ("arm-role", "arm-letter", "arm-dose", "arm-named", "subgroup", "endpoint", "event", "all-arms")
        for m in known
    ):
        return []
    left = text[start:name_end]
    if _SUBSET.search(left):
        return []
    drugs = [m for m in known if m.kind == "drug"]
    for m in drugs:
        left = left.replace(m.text, " ")
    if drugs and _OF_A_REGIMEN.fullmatch(left):
        return []  # a regimen, and known as one
    return [Mention("arm-named", start, end, text[start:end], rule=_RULE)]
