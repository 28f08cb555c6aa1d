"""A sentence with all that was found in it: the unit that binding works on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from isa_extract.finding.lexicons import chinese_terms
from isa_extract.finding.match import Mention, find
from isa_extract.finding.quantities import quantities
from isa_extract.finding.quantity import Quantity
from isa_extract.finding.regimen_labels import Regimens
from isa_extract.finding.regimens import RegimenMention, definitions, regimen_mentions
from isa_extract.language.segment import Sentence, sentences
from isa_extract.records import Paper

TOLD = ("abstract", "body", "")
"""Sections whose sentences can report results; reference lists and back matter cannot."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, its mentions, its quantities, and the treatments it names."""

    index: int
    sentence: Sentence
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    regimens: tuple[RegimenMention, ...]
    printed: str = ""

    @property
    def text(self) -> str:
        """The folded text."""
        return self.sentence.text

    def of(self, *kinds: str) -> list[Mention]:
        """The mentions of these kinds, by start."""
        return [m for m in self.mentions if m.kind in kinds]

    def between(self, start: int, end: int, *kinds: str) -> list[Mention]:
        """The mentions of these kinds that lie wholly between two folded offsets."""
        return [m for m in self.mentions if m.kind in kinds and start <= m.start and m.end <= end]


def passages(paper: Paper) -> tuple[list[Passage], Regimens]:
    """The sentences that can tell of a trial, and what the paper's regimen labels stand for."""
    told = [
        s
        for s in sentences(paper, chinese_terms())
        if s.kind == "title" or (s.section in TOLD and s.kind not in ("reference", "footnote"))
    ]
    found = [find(s) for s in told]
    found = _with_group_names(told, _with_full_names(found))
    regimens = Regimens({m.code for mentions in found for m in mentions if m.kind == "drug"})
    for sentence, mentions in zip(told, found, strict=True):
        named = regimen_mentions(sentence.text, mentions, regimens)
        for label, drugs, grouped in definitions(sentence.text, named):
            composed = regimens.drugs_of(label)
            spelt = {m.text.lower() for m in mentions if m.kind == "drug"}
            if label.lower() in spelt and not (grouped and label.isupper()):
                continue
            # the chain may take in more than the label says ('将X加入Y和Z(YZ)'), or less ('X 1.3 mg与Y(XY)')
            agree = composed and (set(composed) <= set(drugs) or set(composed) >= set(drugs))
            if agree or len(drugs) > 1 or grouped:
                regimens.define(label, composed if agree and composed else drugs)
    made: list[Passage] = []
    ratio: Mention | None = None
    for i, (s, m) in enumerate(zip(told, found, strict=True)):
        if s.paragraph_start:
            ratio = None
        made.append(
            Passage(
                i,
                s,
                m,
                quantities(s, m, ratio),
                tuple(regimen_mentions(s.text, m, regimens)),
                s.printed(paper.text),
            )
        )
        ratios = [x for x in m if x.kind == "statistic" and x.code != "risk_difference"]
        ratio = ratios[-1] if ratios else ratio
    return made, regimens


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


_GROUP_STOP = re.compile(
    '[\\s,;。、()\\[\\]:"与和及较比对在于为的各两三四该此每本由从至到将其等或是\\d%<>≥≤=]'
)
_NO_GROUPS = frozenset(
    [
        "一",
        "两",
        "三",
        "四",
        "五",
        "各",
        "亚",
        "全",
        "分",
        "每",
        "同",
        "本",
        "该",
        "入",
        "小",
        "多",
        "年龄",
        "患者",
        "病例",
        "研究者",
        "课题",
        "专家",
        "随机分",
        "全分析",
        "数据",
        "协作",
        "两个",
        "试验分",
        "工作",
        "分析",
        "安全性",
        "基因",
        "此",
        "另一",
        "老年",
        "青年",
        "人群",
        "高危",
        "低危",
        "中危",
        "阳性",
        "阴性",
        "整",
        "合并",
    ]
)


def _with_group_names(
    told: Sequence[Sentence], found: Sequence[tuple[Mention, ...]]
) -> list[tuple[Mention, ...]]:
    """Add the group names of the paper's own making: a word before 组 that the paper uses twice or more."""
    counts: Counter[str] = Counter()
    places: list[list[tuple[int, list[str]]]] = []
    for sentence in told:
        here: list[tuple[int, list[str]]] = []
        for match in re.finditer("组(?![织成学间内合分])", sentence.text):
            names: list[str] = []
            for start in range(match.start() - 1, max(-1, match.start() - 13), -1):
                if _GROUP_STOP.match(sentence.text[start]):
                    break
                name = sentence.text[start : match.start()]
                if start in sentence.starts and name not in _NO_GROUPS and not re.search("[A-Za-z0-9]", name):
                    names.append(name)
            counts.update(names)
            here.append((match.end(), names))
        places.append(here)
    result: list[tuple[Mention, ...]] = []
    for sentence, mentions, here in zip(told, found, places, strict=True):
        added: list[Mention] = []
        for end, names in here:
            # the longest name said at least twice; what hangs before it by chance is said once
            often = [n for n in names if counts[n] >= 2]
            if not often:
                continue
            name = often[-1]
            start = end - 1 - len(name)
            taken = [
                m
                for m in mentions
                if m.kind in ("drug", "arm-letter") and m.start < end - 1 and start < m.end
            ]
            longer = [
                m
                for m in mentions
                if m.kind in ("arm-role", "arm-named") and m.start <= start and m.end >= end
            ]
            if not taken and not longer:
                added.append(
                    Mention(
                        "arm-named", start, end, sentence.text[start:end], rule="group names of the paper"
                    )
                )
        kept = [
            m
            for m in mentions
            if not (
                m.kind in ("arm-role", "arm-named")
                and any(a.start <= m.start and m.end <= a.end for a in added)
            )
        ]
        result.append(tuple(sorted([*kept, *added], key=lambda m: (m.start, -m.end, m.kind))))
    return result


def labels(found: Sequence[Passage]) -> frozenset[str]:
    """Every regimen label that the paper uses."""
    return frozenset(r.label for p in found for r in p.regimens if r.is_label)
