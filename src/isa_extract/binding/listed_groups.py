"""Three groups and more that one sentence lists, of which not all are regimens: '联合组、X组和Y单药组', 'X+Y (XY group), X alone
(group X), …'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isa_extract.binding.group_names import group_name, letters_of
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Drugs, Roster, without_placebo
from isa_extract.records import Arm


@dataclass(frozen=True, slots=True)
class _Listed:
    """A group in a list: where its words stand, its drugs, the names it goes by."""

    start: int
    end: int
    label: str
    drugs: Drugs
    named: str = ""
    written: str = ""
    role: str = ""


def add_listed_groups(found: Sequence[Passage], result: Roster) -> None:
    """The arms of a study are the groups of the first list of three that tells of a group that is no regimen."""
    for passage in found[:_INTRODUCTION]:
        listed = _in_brackets(passage, found) or _by_name(passage, found[:_INTRODUCTION])
        if len(listed) < 3 or len({g.drugs or g.label for g in listed}) < len(listed):
            continue
        arms = [
            Arm(g.label, g.drugs or (known.drugs if (known := result.aliases.get(g.named)) else ()), g.role)
            for g in listed
        ]
        result.arms = arms
        result.aliases = {g.named: a for g, a in zip(listed, arms, strict=True) if g.named}
        result.written = {g.written: a for g, a in zip(listed, arms, strict=True) if g.written}
        result.choices.clear()
        return


_INTRODUCTION = 8  # sentences
_JOINT = re.compile(
    r"\s*(?:\([^()]*\)|单药|alone|monotherapy)?\s*(?:组|臂|groups?|arms?)?\s*(?:\([^()]*\))?\s*"
)
_BETWEEN = re.compile(r"\s*(?:、|;|,?\s*(?:和|与|或|及|以及|and|or|versus)|,)\s*(?:to\s+)?(?:the\s+|an?\s+)?")


def _by_name(passage: Passage, told: Sequence[Passage]) -> list[_Listed]:
    """'分入联合组、X组和Y单药组', 'to the combination group, the X group, or the Y group'."""
    groups = sorted((*_regimen_groups(passage), *_word_groups(passage)), key=lambda g: g.start)
    run: list[_Listed] = []
    for g in groups:
        gap = passage.text[run[-1].end : g.start] if run else ""
        if run and not _BETWEEN.fullmatch(gap):
            if len(run) >= 3:
                break
            run = []
        run.append(g)
    if len(run) < 3 or all(g.drugs for g in run) or sum(1 for g in run if g.drugs) < 2:
        return []
    return [_with_combination(g, run, told) for g in run]


def _regimen_groups(passage: Passage) -> Iterable[_Listed]:
    for r in passage.regimens:
        drugs = without_placebo(r.drugs)
        if r.grouped and drugs:
            joint = _JOINT.match(passage.text, r.end)
            yield _Listed(r.start, joint.end() if joint else r.end, r.label, drugs)


def _word_groups(passage: Passage) -> Iterable[_Listed]:
    for m in passage.of("arm-role", "arm-named"):
        if not any((r.start < m.end and m.start < r.end) or m.start == r.end for r in passage.regimens):
            name = group_name(m)
            start = m.start + (4 if m.text.lower().startswith("the ") else 0)
            role = "control" if m.kind == "arm-role" and m.code == "control" else ""
            joint = re.compile(r"\s*(?:\([^()]*\))?\s*").match(passage.text, m.end)
            yield _Listed(start, joint.end() if joint else m.end, name, (), name, role=role)


_COMBINATION = re.compile(r"联合组|联合治疗组|联用组|combination(?: therapy)? (?:group|arm)|combination")


def _with_combination(group: _Listed, run: Sequence[_Listed], told: Sequence[Passage]) -> _Listed:
    """'The combination group' gets the one regimen of several drugs told so far that is of no other group."""
    if group.drugs or not _COMBINATION.fullmatch(group.label):
        return group
    known = {g.drugs for g in run}
    several = {d for p in told for r in p.regimens if len(d := without_placebo(r.drugs)) > 1} - known
    drugs = next(iter(several)) if len(several) == 1 else ()
    return _Listed(group.start, group.end, group.label, drugs, group.named, role=group.role)


_LABELLED = re.compile(
    r"\(\s*(?P<label>[A-Z][A-Za-z0-9]*(?:[-+/][A-Za-z0-9]+)*)(?P<group>\s?(?:组|臂|group|arm))?\s*(?:[,;:](?P<more>[^()]*))?\)"
)


def _in_brackets(passage: Passage, found: Sequence[Passage]) -> list[_Listed]:
    """'X联合Y(XY组)、X单药(X组)、单纯化疗(Chemo,A加B)': three labels in brackets, each behind what the group gets."""
    listed = []
    for m in _LABELLED.finditer(passage.text):
        ahead = [r for r in passage.regimens if m.start() - _NEAR <= r.end <= m.start()]
        ahead = [r for r in ahead if _WORDS.fullmatch(passage.text[r.end : m.start()])]
        plain = [p for p in passage.of("arm-plain") if p.end == m.start()]
        inside = [r for r in passage.regimens if m.start("more") <= r.start and r.end <= m.end("more")]
        label, single = m["label"], len(m["label"]) == 1
        if single and not m["group"]:
            continue
        own = next((r for r in passage.regimens if r.start == m.start("label") and r.is_label), None)
        if plain and not ahead:
            drugs: Drugs = without_placebo(inside[0].drugs) if len(inside) == 1 else ()
        elif ahead and without_placebo(ahead[-1].drugs):
            drugs = without_placebo(ahead[-1].drugs)
        else:
            continue
        if own is None and not single and not _is_used(label, passage, m.end(), found):
            continue
        letter = next((g for g in passage.of("arm-letter") if m.start() < g.start < m.end()), None)
        named = group_name(letter) if letter is not None and letters_of(letter) else ""
        listed.append(
            _Listed(
                m.start(), m.end(), named or (own.label if own else label), drugs, named,
                "" if own or named else label,
            )
        )  # fmt: skip
    if len(listed) < 3 or not any(g.named or g.written for g in listed):
        return []
    return listed


_NEAR = 24  # letters between a treatment and the bracket with its label
_WORDS = re.compile(r"\s*(?:单药|单用|治疗|方案|维持|alone|monotherapy|only|regimen|therapy)*\s*")


def _is_used(label: str, passage: Passage, end: int, found: Sequence[Passage]) -> bool:
    """Whether the text goes on to use a label that it gives."""
    word = re.compile(rf"(?<![A-Za-z0-9+-]){re.escape(label)}(?![A-Za-z0-9+-])")
    return word.search(passage.text, end) is not None or any(
        word.search(p.text) for p in found if p.index > passage.index
    )
