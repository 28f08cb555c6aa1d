"""A sentence with all that was found in it: the unit that binding works on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from isa_extract.finding.group_words import with_group_names
from isa_extract.finding.initials import labels_of_initials, spells_others
from isa_extract.finding.lexicons import chinese_terms
from isa_extract.finding.match import Mention, find
from isa_extract.finding.quantities import quantities
from isa_extract.finding.quantity import Quantity
from isa_extract.finding.regimen_labels import Regimens
from isa_extract.finding.regimens import RegimenMention, definitions, drugs_told, regimen_mentions
from isa_extract.finding.shared_stems import labels_of_shared_stems
from isa_extract.language.detect import Language
from isa_extract.language.segment import Sentence, sentences
from isa_extract.records import Paper

TOLD = ("abstract", "body", "")
"""Sections whose sentences can report results; reference lists and back matter cannot."""


@dataclass(frozen=True)  # no slots: what is asked of a passage time and again is kept with it
class Passage:
    """One sentence, its mentions, its quantities, and the treatments it names.

    Where a sentence tells of several trials there is a passage for each (``apart``), and ``trial`` is the name
    or id of the one it is of; ``printed`` is the whole sentence all the same.
    """

    index: int
    sentence: Sentence
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    regimens: tuple[RegimenMention, ...]
    printed: str = ""
    trial: str = ""

    @property
    def text(self) -> str:
        """The folded text."""
        return self.sentence.text

    @cached_property
    def _by_kind(self) -> dict[str, list[Mention]]:
        by_kind: dict[str, list[Mention]] = {}
        for m in self.mentions:
            by_kind.setdefault(m.kind, []).append(m)
        return by_kind

    def of(self, *kinds: str) -> list[Mention]:
        """The mentions of these kinds, by start."""
        told = [kind for kind in kinds if kind in self._by_kind]
        if len(told) > 1:
            return [m for m in self.mentions if m.kind in kinds]
        return [*self._by_kind[told[0]]] if told else []

    def between(self, start: int, end: int, *kinds: str) -> list[Mention]:
        """The mentions of these kinds that lie wholly between two folded offsets."""
        return [m for m in self.of(*kinds) if start <= m.start and m.end <= end]

    def cut(self, kept: Sequence[tuple[int, int]], trial: str) -> Passage:
        """The passage with nothing but these folded ranges, in order and apart, and what lies wholly in one."""
        ranges: list[tuple[int, int, int]] = []
        length = 0
        for start, end in kept:
            ranges.append((start, end, length - start))
            length += end - start

        def within(start: int, end: int) -> list[tuple[int, int, int]]:
            return [(by, a + by, b + by) for a, b, by in ranges if a <= start and end <= b]

        return replace(
            self,
            sentence=self.sentence.cut(kept),
            mentions=tuple(m.shifted(by) for m in self.mentions for by, _, _ in within(m.start, m.end)),
            quantities=tuple(q.shifted(*at) for q in self.quantities for at in within(q.start, q.end)),
            regimens=tuple(r.shifted(by) for r in self.regimens for by, _, _ in within(r.start, r.end)),
            trial=trial,
        )


def passages(paper: Paper, lang: Language | None = None) -> tuple[list[Passage], Regimens]:
    """The sentences that can tell of a trial, and what the paper's regimen labels stand for.

    ``lang`` is the language of all its running text, where it is not to be told by the text.
    """
    told = [
        s
        for s in sentences(paper, chinese_terms(), lang)
        if s.kind == "title" or (s.section in TOLD and s.kind not in ("reference", "footnote"))
    ]
    found = [find(s) for s in told]
    found = with_group_names(told, _with_full_names(found))
    found = _with_observation(told, found)
    regimens = Regimens({m.code for mentions in found for m in mentions if m.kind == "drug"})
    first_read: list[tuple[tuple[int, bool], list[RegimenMention]]] = []
    for sentence, mentions in zip(told, found, strict=True):
        named_here = drugs_told(sentence.text, mentions, regimens)
        for label, drugs in labels_of_shared_stems(sentence.text, named_here):
            regimens.define(label, drugs)
        for at, label, drugs in labels_of_initials(sentence.text, named_here):
            if not any(
                m.start <= at < m.end for m in mentions if m.kind in ("endpoint", "event", "subgroup")
            ):
                regimens.define(label, drugs)
        named = regimen_mentions(sentence.text, mentions, regimens)
        first_read.append((regimens.state, named))
        for label, drugs, grouped in definitions(sentence.text, named):
            composed = regimens.drugs_of(label)
            spelt = {m.text.lower() for m in mentions if m.kind == "drug"}
            if label.lower() in spelt and not (grouped and label.isupper()):
                continue
            # the chain may take in more than the label says ('将X加入Y和Z(YZ)'), or less ('X 1.3 mg与Y(XY)')
            agree = composed and (set(composed) <= set(drugs) or set(composed) >= set(drugs))
            if composed and not agree:
                continue  # 'the same chemotherapy without X (CHOP group)'
            base = regimens.drugs_of(label.split("-", 1)[1]) if composed is None and "-" in label else None
            if base:
                regimens.define(label, {*base, *drugs})  # 'BR with acalabrutinib (A-BR)'
                continue
            if len(drugs) == 1 and not composed and spells_others(label, drugs):
                continue  # 'X with rituximab (XR group)': a drug of it is not known
            if agree or len(drugs) > 1 or grouped:
                regimens.define(label, composed if agree and composed else drugs)
    made: list[Passage] = []
    ratio: Mention | None = None
    for i, (s, m) in enumerate(zip(told, found, strict=True)):
        if s.paragraph_start:
            ratio = None
        state, named = first_read[i]
        treatments = tuple(named if state == regimens.state else regimen_mentions(s.text, m, regimens))
        m = tuple(x for x in m if not _is_a_regimen(x, treatments) and not _is_missing(s.text, x))
        made.append(Passage(i, s, m, quantities(s, m, ratio), treatments, s.printed(paper.text)))
        ratios = [x for x in m if x.kind == "statistic" and x.code != "risk_difference"]
        ratio = ratios[-1] if ratios else ratio
    return made, regimens


_NO = re.compile(
    r"(?:\b(?:absence|lack) of|\bno|\bwithout|无|没有|缺乏|缺少|未设(?:立|置)?)\s*(?:an?\s+|the\s+)?$",
    re.IGNORECASE,
)


def _is_missing(text: str, group: Mention) -> bool:
    """'in the absence of a control group', '未设对照组'."""
    return (
        group.kind == "arm-role" and group.code == "control" and _NO.search(text[: group.start]) is not None
    )


def _is_a_regimen(group: Mention, named: Sequence[RegimenMention]) -> bool:
    """'D-VRd group', 'X联合化疗组', 'arm L' of luspatercept: words for a group that are a regimen's own name, or its end."""
    if group.kind == "arm-letter":
        return group.text.isascii() and any(
            r.is_label and group.start <= r.start and r.end <= group.end for r in named
        )
    return group.kind == "arm-named" and any(
        (r.is_label or r.composed) and r.start <= group.start < r.end and group.end <= r.end + len(" groups")
        for r in named
    )


def _with_observation(
    told: Sequence[Sentence], found: Sequence[tuple[Mention, ...]]
) -> list[tuple[Mention, ...]]:
    """观察组 is the tested group beside a 对照组; where there is none, or beside maintenance, it is only observed."""
    paired = any(m.kind == "arm-role" and "对照" in m.text for mentions in found for m in mentions)
    return [
        mentions
        if paired and "维持" not in sentence.text
        else tuple(
            replace(m, kind="arm-named", code="") if m.kind == "arm-role" and m.text.startswith("观察") else m
            for m in mentions
        )
        for sentence, mentions in zip(told, found, strict=True)
    ]


def _with_full_names(found: Sequence[tuple[Mention, ...]]) -> list[tuple[Mention, ...]]:
    """Leave out drugs told only by an abbreviation that has other meanings: IPI is no ipilimumab."""
    short = "drugs: ~"
    full = {
        m.code for mentions in found for m in mentions if m.kind == "drug" and not m.rule.startswith(short)
    }
    return [
        tuple(m for m in mentions if m.kind != "drug" or m.code in full or not m.rule.startswith(short))
        for mentions in found
    ]


def labels(found: Sequence[Passage]) -> frozenset[str]:
    """Every regimen label that the paper uses."""
    return frozenset(r.label for p in found for r in p.regimens if r.is_label)
