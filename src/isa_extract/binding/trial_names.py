"""Where a sentence names a trial, points to one, or only compares with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from isa_extract.binding.passages import Passage, labels
from isa_extract.finding.trials import acronyms, canonical_id

_COMPARED = re.compile(
    r"(?:与|和|同|较|不同于|类似于|与之不同的?|相比于?|\b(?:unlike|like|except for|than|as in|"
    r"(?:(?:similar|comparable|compared|in contrast|contrast|consistent|agrees?|in line) (?:to|with)|than|as|confirm\w*|"
    r"echo\w*|repeat\w*|mirror\w*)(?: (?:those|that|the (?:results|findings|data|figures|rates?)))?"
    r"(?: (?:seen|reported|found|observed))?(?: (?:of|in|from|by|for))?))\s*(?:the\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What tells of which trial something is: its name with what stands in brackets behind it, or 'the former'.

    ``key`` is the trial's name or id; ``alone`` is true where the words do nothing but point to it.
    """

    start: int
    end: int
    key: str
    alone: bool = False


@dataclass(slots=True)
class Told:
    """The trials last told of, for words that point back to them.

    ``pair`` are the two last told together in a sentence or alone in a paragraph; ``apart`` is true right after
    a sentence that tells of them one by one, and names no other two things.
    """

    pair: tuple[str, ...] = ()
    apart: bool = False
    block: int = -1
    here: list[str] = field(default_factory=list)

    def hear(self, passage: Passage, anchors: Sequence[Anchor], several: bool) -> None:
        """Go on past a sentence."""
        if passage.sentence.block != self.block:
            self.block, self.here = passage.sentence.block, []
        keys = list(dict.fromkeys(a.key for a in anchors))
        self.here += [k for k in keys if k not in self.here]
        if len(keys) == 2:
            self.pair = tuple(keys)
        elif len(keys) > 2 or not set(keys) <= set(self.pair) or passage.sentence.kind == "heading":
            self.pair = tuple(self.here) if len(self.here) == 2 else ()
        self.apart = several and (not passage.quantities or len({r.drugs for r in passage.regimens}) < 2)


def trial_names(found: Sequence[Passage]) -> tuple[str, ...]:
    """The names of all trials that a paper tells of, longest first."""
    return acronyms((p.text for p in found), labels(found))


def names_in(passage: Passage, names: Sequence[str]) -> list[tuple[int, str]]:
    """Trial names in the sentence that may take over, as (folded start, name), first first."""
    found: list[tuple[int, str]] = []
    ends: set[int] = set()
    for start, end, name in sorted(_written(passage, names)):
        listed = re.search(r"(?:和|与|同)\s*$", passage.text[:start])
        joined = listed and any(not passage.text[e : listed.start()].strip() for e in ends if e <= start)
        opposed = re.match(r"\s*(?:相比|不同|相似|类似|一致|相仿|比较)", passage.text[end:])
        valued = _VALUED.match(passage.text, end)
        measured = valued and any(q.outer_start == valued.end() for q in passage.quantities)
        if (joined and not opposed) or measured or not is_compared(passage, start):
            found.append((start, name))
            bracket = _bracket(passage.text, end)
            ends |= {end, bracket}
    return found


# 'X的48.3%' is that of X, though the sentence only compares with it
_VALUED = re.compile(r"(?:试验|研究)?中?的\s*|'s ")


def is_compared(passage: Passage, start: int) -> bool:
    """Whether the words before 'start' set something else against what stands there: 'unlike', 'than in'."""
    return _COMPARED.search(passage.text[:start]) is not None


def anchors_in(passage: Passage, names: Sequence[str], told: Told) -> list[Anchor]:
    """The names of trials in a sentence, or their ids if it has no names, and what points back to trials."""
    text = passage.text
    found: list[Anchor] = []
    for start, name in names_in(passage, names):
        end = start + len(name)
        bracket = _bracket(text, end)
        if any(end < q.start < bracket for q in passage.quantities):
            bracket = end
        found.append(Anchor(start, bracket, name))
    if not found:
        found = [
            Anchor(m.start, m.end, canonical_id(m.part("id")))
            for m in passage.of("registry")
            if not is_compared(passage, m.start)
        ]
    return sorted([*found, *_pointers(passage, found, told)], key=lambda a: a.start)


def _written(passage: Passage, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    taken: list[tuple[int, int]] = []
    for name in names:
        for start in places_of(name, passage.text):
            end = start + len(name)
            if not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                yield start, end, name


_GOES_ON = re.compile(r"[A-Za-z0-9]|-\d")
_NAME_CHARACTER = re.compile("[A-Za-z0-9-]")


def places_of(name: str, text: str) -> Iterator[int]:
    """Where a text has a trial's name, and not as a part of a longer one."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        part = _GOES_ON.match(text, end) or (at and _NAME_CHARACTER.match(text, at - 1))
        if not part:
            yield at
        at = text.find(name, at + 1 if part else end)


def _bracket(text: str, end: int) -> int:
    """Past the bracket that opens right behind a name, if one does: 'A试验(NCT…;X)'."""
    opening = re.compile(r"(?:\s*(?:试验|研究|trial|study))?\s*\(").match(text, end)
    depth = 0
    for i in range(opening.end() - 1 if opening else len(text), len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if not depth:
            return i + 1
    return end


_ORDINAL = re.compile(
    r"(?P<one>\bthe first(?: (?:trial|study)\b)?|第一项(?:研究|试验)?|前一(?:项)?(?:研究|试验))|"
    r"(?P<two>\bthe second(?: (?:trial|study)\b)?|第二项(?:研究|试验)?|后一(?:项)?(?:研究|试验))",
    re.IGNORECASE,
)
_HEAD = 12  # folded characters from the sentence's start to a word that points back past it
_BOTH = re.compile(
    r"(?:上述|这|以上|该|此)?(?:两|2)(?:项|个)(?:研究|试验)|\b(?:the|these) two (?:trials|studies)\b|\bboth (?:trials|studies)\b",
    re.IGNORECASE,
)


def _pointers(passage: Passage, named: Sequence[Anchor], told: Told) -> Iterator[Anchor]:
    text = passage.text
    ordinals = list(_ORDINAL.finditer(text))
    of_trials = any(re.search(r"trial|study|研究|试验", m[0], re.IGNORECASE) for m in ordinals)
    for m in ordinals if of_trials and len(told.pair) == 2 else ():
        if re.search(r"trial|study|项|研究|试验", m[0]) or re.match(r"\s*(?:[,.;)]|$)", text[m.end() :]):
            yield Anchor(m.start(), m.end(), told.pair[0 if m["one"] else 1], alone=True)
    for ordinal in passage.of("ordinal"):
        keys = list(dict.fromkeys(a.key for a in named if a.end <= ordinal.start))
        since = max((a.end for a in named if a.end <= ordinal.start), default=0)
        drugs = {r.drugs for r in passage.regimens if since <= r.start < ordinal.start}
        heads = ordinal.start < _HEAD and told.apart
        pair = tuple(keys) if keys else told.pair if heads else ()
        if (
            len(pair) == 2
            and len(drugs) < 2
            and not passage.between(since, ordinal.start, "arm-role", "arm-named")
        ):
            yield Anchor(ordinal.start, ordinal.end, pair[int(ordinal.code) - 1], alone=True)
    if not named and len(told.pair) == 2 and passage.of("distribute"):
        for m in list(_BOTH.finditer(text))[:1]:
            middle = (m.start() + m.end()) // 2
            yield Anchor(m.start(), middle, told.pair[0], alone=True)
            yield Anchor(middle, m.end(), told.pair[1], alone=True)
