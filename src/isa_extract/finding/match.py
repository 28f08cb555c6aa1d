"""The one engine: rules and lexicons become mentions of a sentence.

Mentions carry folded offsets of their sentence, because what stands between two of them is read there;
``Sentence.span`` leads back to the paper's text and is asked once, when a finding is put together.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from isa_extract.finding.lexicons import lookup, subgroups
from isa_extract.language.segment import Sentence
from isa_extract.rules.rulebook import Rule, rulebook
from isa_extract.rules.sieve import Sieve


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a sentence that means something.

    ``start`` and ``end`` are folded offsets; ``code`` is the normal form; ``parts`` are a pattern's
    named groups as (start, end, text); ``rule`` names the rule or lexicon it came from.
    """

    kind: str
    start: int
    end: int
    text: str
    code: str = ""
    parts: dict[str, tuple[int, int, str]] = field(default_factory=dict, compare=False)
    rule: str = ""
    rank: int = 0

    def part(self, *names: str) -> str:
        """The text of the first of the named groups that matched; empty if none did."""
        return next((self.parts[n][2] for n in names if n in self.parts), "")

    def shifted(self, by: int) -> Mention:
        """The same mention in a text that begins ``by`` characters earlier."""
        parts = {name: (start + by, end + by, text) for name, (start, end, text) in self.parts.items()}
        return replace(self, start=self.start + by, end=self.end + by, parts=parts)


# Within a layer no two mentions overlap: the higher rank wins, then the longer, then the earlier.
_NUMBERS = (
    "interval p p-list statistic-of-test fraction events registry noise dose threshold size word-count range value "
    "difference number unreached zero share followup landmark grade phase"
)
_LAYERS = {
    **dict.fromkeys(_NUMBERS.split(), "number"),
    **dict.fromkeys(("endpoint", "event", "statistic"), "term"),
    **dict.fromkeys(
        ("drug", "arm-role", "arm-letter", "arm-named", "arm-plain", "arm-dose", "arm-class"), "arm"
    ),
    **dict.fromkeys(("subgroup",), "subgroup"),
}


def find(sentence: Sentence) -> tuple[Mention, ...]:
    """All mentions of a sentence, by start; none overlaps another of its own layer."""
    layers: dict[str, list[Mention]] = {}
    for mention in _matches(sentence):
        layers.setdefault(_LAYERS.get(mention.kind, mention.kind), []).append(mention)
    kept = [m for layer in layers.values() for m in longest(layer)]
    return tuple(sorted(kept, key=lambda m: (m.start, -m.end, m.kind)))


def longest(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Those that stand when the better of two overlapping ones is kept."""
    starts: list[int] = []
    ends: list[int] = []  # of the same ones, which do not overlap, so both are sorted alike
    for m in sorted(mentions, key=lambda m: (-m.rank, m.start - m.end, m.start)):
        at = bisect_left(starts, m.end)
        if at == 0 or ends[at - 1] <= m.start:
            starts.insert(at, m.start)
            ends.insert(at, m.end)
            yield m


def _matches(sentence: Sentence) -> Iterator[Mention]:
    text = sentence.text
    rules, sieve = _rules_for(sentence.lang)
    for index, match in sieve.matches(text):
        if match.start() == match.end():
            continue
        rule = rules[index]
        parts = {
            name: (match.start(name), match.end(name), value)
            for name, value in match.groupdict().items()
            if value is not None
        }
        yield Mention(
            rule.kind, match.start(), match.end(), match[0], _code(rule, match), parts, rule.id, rule.rank
        )
    for start, end, entry in lookup(sentence):
        yield Mention(
            entry.kind,
            start,
            end,
            text[start:end],
            entry.code,
            rule=f"{entry.kind}s: {'~' if entry.short else ''}{entry.name}",
        )
    for start, end, code in subgroups(sentence):
        yield Mention("subgroup", start, end, text[start:end], code, rule="subgroups")


def _code(rule: Rule, match: re.Match[str]) -> str:
    """The rule's code; a drug that no lexicon lists goes by its name as written."""
    return rule.code or (match[0].lower() if rule.kind == "drug" else "")


@cache
def _rules_for(lang: str) -> tuple[tuple[Rule, ...], Sieve]:
    # both languages' rules see every sentence of a Chinese paper, where the two mix
    rules = tuple(r for r in rulebook().rules if lang == "zh" or r.lang in ("any", lang))
    return rules, Sieve([r.pattern for r in rules])
