"""Groups that a sentence names in brackets right behind what each receives, by words that are no regimen: 'X 240 mg plus Y 200 mg
(high-dose group), X plus Y 100 mg (low-dose group), or Z (Z group)', 'X plus Y (combination), Y plus placebo (Y alone) and X monotherapy'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from isa_extract.binding.backbones import gap_less_doses, joined_to
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, classes_of
from isa_extract.records import Arm

_NAME = re.compile(
    r"\(\s*(?:the\s+)?(?P<name>(?:(?P<dose>(?:high|higher|low|lower|full|reduced|standard|intermediate|medium|mid)[- ]dose)"
    r"|(?P<word>combination|monotherapy|doublet|triplet|quadruplet)|(?P<alone>[A-Za-z][\w-]{3,}(?: [a-z]+)? alone)|[A-Za-z][\w+/-]*(?: [A-Za-z][\w+-]*){0,2}))"
    r"(?P<group>[- ](?:groups?|arms?|cohorts?))?\s*(?:[,;:]?\s*n\s*=\s*\d+|[,;]\s*\d+ patients)?\s*\)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[- ](?:groups?|arms?|cohorts?)$", re.IGNORECASE)
_NUMBER_OF_ARMS = re.compile(r"\b(?:three|four|3|4) (?:\w+ )?(?:arms|groups)\s*:", re.IGNORECASE)
_LAST = re.compile(r"\s*,?\s*(?:and|or)\s+", re.IGNORECASE)
_ALONE = re.compile(r"\s*(?:monotherapy|alone|only)\b", re.IGNORECASE)
_INTRODUCTION = 8  # sentences


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    drugs: Drugs
    blinded: bool
    by_words: bool


def add_bracketed_groups(found: Sequence[Passage], result: Roster) -> None:
    """The arms of a study are the groups of the first sentence that names each in brackets behind what it receives."""
    for passage in found[:_INTRODUCTION]:
        if passage.sentence.lang != "en":
            continue
        groups = _named_in_brackets(passage)
        if len(groups) >= 2 and any(g.by_words for g in groups):
            result.arms = [Arm(g.name, g.drugs, "control" if g.blinded else "") for g in groups]
            result.aliases, result.written = {}, {}
            result.choices.clear()
            for group, arm in zip(groups, result.arms, strict=True):
                _name(result, group.name, arm)
                if group.blinded:
                    result.aliases.setdefault("placebo", arm)
            return


def _named_in_brackets(passage: Passage) -> list[_Group]:
    """The groups, if each bracket of the sentence that may name one stands behind drugs; else none."""
    text = passage.text
    places = [
        m
        for m in _NAME.finditer(text)
        if m["group"] or _GROUP.search(m["name"]) or m["dose"] or m["word"] or m["alone"]
    ]
    groups: list[_Group] = []
    for i, place in enumerate(places):
        since = places[i - 1].end() if i else 0
        ahead = [n for n, r in enumerate(passage.regimens) if since <= r.start and r.end <= place.start()]
        if not ahead or gap_less_doses(text, passage.regimens[ahead[-1]].end, place.start()).strip(" ,"):
            return []
        drugs = joined_to(passage, ahead[-1], since)
        told = {d for n in ahead for d in passage.regimens[n].drugs}
        if not drugs:
            return []
        groups.append(
            _Group(
                _GROUP.sub("", place["name"]),
                drugs,
                "placebo" in classes_of(told),
                bool(place["dose"] or place["word"] or place["alone"]),
            )
        )
    last = next((r for r in passage.regimens if places and r.start >= places[-1].end()), None)
    if last is not None and last.drugs and _LAST.fullmatch(text[places[-1].end() : last.start]):
        alone = _ALONE.match(text, last.end)
        if alone or _NUMBER_OF_ARMS.search(text[: places[0].start()]):
            groups.append(_Group(last.label + (alone[0] if alone else ""), last.drugs, False, False))
    same = any(
        a.drugs == b.drugs and not (_by_dose(a) and _by_dose(b)) for a, b in itertools.combinations(groups, 2)
    )
    return [] if same else groups


def _by_dose(group: _Group) -> bool:
    return group.name.lower().endswith(("-dose", " dose"))


def _name(result: Roster, name: str, arm: Arm) -> None:
    """The other names that a group goes by: 'the high-dose group', 'the low dose', 'monotherapy'."""
    low = name.lower()
    own = {low, low.replace("-", " ")} if low.endswith(("-dose", " dose")) else {low}
    if low.endswith(" monotherapy"):
        own.add("monotherapy")
    for noun in ("group", "arm", "cohort"):
        for n in own:
            result.aliases.setdefault(f"{n} {noun}", arm)
    for n in own:
        result.aliases.setdefault(n, arm)
        result.written.setdefault(n, arm)
