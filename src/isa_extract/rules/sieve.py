"""Which of many patterns can match a text at all, told by one pass for the words they cannot do without.

Running every pattern over every sentence is what costs the time of finding; most need a word that the
sentence has not. From each pattern's parse tree come sets of strings; a text with a match holds at least one of
each set. All go into one Aho-Corasick automaton.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import ahocorasick

Words = frozenset[str]
Sets = tuple[Words, ...]
_MOST_WORDS = 64
_LONGEST = 16  # characters
_DIGITS: Words = frozenset("0123456789")  # folded text has no others
_NOTHING: Words = frozenset([""])
_COMMON: Words = frozenset(
    [
        "was",
        "were",
        "had",
        "has",
        "have",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "with",
        "and",
        "the",
        "than",
        "by",
    ]
)


class Sieve:
    """Sorts out, for a text, the patterns that may match it."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always: list[int] = []
        self._asked: dict[int, int] = {}  # of a pattern: a bit for each set of words it needs one of
        by_word: dict[str, tuple[list[int], int]] = {}
        bit = 1
        for i, pattern in enumerate(patterns):
            sets = needed(pattern)
            if not sets:
                self._always.append(i)
            self._asked[i] = 0
            for place, words in enumerate(sets):
                self._asked[i] |= bit
                for word in words:
                    firsts, bits = by_word.get(word, ([], 0))
                    by_word[word] = ([*firsts, i] if place == 0 else firsts, bits | bit)
                bit <<= 1
        self._automaton: Any = ahocorasick.Automaton()
        for word, (firsts, bits) in by_word.items():
            self._automaton.add_word(word, (tuple(firsts), bits))
        if by_word:
            self._automaton.make_automaton()

    def passing(self, lowered: str) -> list[int]:
        """Indexes, in order, of the patterns that may match.

        Args:
            lowered: the text in lower case.
        """
        kept = set(self._always)
        if len(self._automaton):
            told, likely = 0, set()
            for firsts, bits in {found for _, found in self._automaton.iter(lowered)}:
                told |= bits
                likely.update(firsts)
            kept.update(i for i in likely if self._asked[i] & told == self._asked[i])
        return sorted(kept)


def needed(pattern: re.Pattern[str]) -> list[Words]:
    """Sets of strings in lower case; a text that the pattern matches holds one of each. The most telling set first."""
    exact, sets = _of_sequence(parser.parse(pattern.pattern, pattern.flags))
    kept: list[Words] = []
    for words in sorted({c for c in (*sets, exact) if c and "" not in c}, key=_telling):
        # 'ratio' already asks for 'io'
        if not any(all(any(w in longer for w in words) for longer in k) for k in kept):
            kept.append(words)
    return kept


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> tuple[Words | None, Sets]:
    """What a sequence matches exactly, if that is a small set, and the sets it cannot do without."""
    run: Words = _NOTHING
    whole = True
    sets: Sets = ()
    for item in items:
        exact, inner = _of_item(*item)
        longer = _product(run, exact)
        sets += inner
        if longer is None:
            whole = False
            sets += (run,)
            # what the item matches exactly may still begin a new run
            run = exact if exact is not None else _NOTHING
        else:
            run = longer
    return (run if whole else None), (*sets, run)


def _product(run: Words, exact: Words | None) -> Words | None:
    if exact is None or len(run) * len(exact) > _MOST_WORDS:
        return None
    made = frozenset(a + b for a in run for b in exact)
    return made if max(map(len, made), default=0) <= _LONGEST else None


def _telling(words: Words) -> tuple[int, int, list[str]]:
    """The set whose shortest word is longest comes first; the smaller of two."""
    return (-min(map(_length, words)), len(words), sorted(words))


def _length(word: str) -> int:
    """Of a word that nearly every sentence holds, one."""
    return 1 if word.strip() in _COMMON else len(word)


def _best(exact: Words | None, sets: Sets) -> Words | None:
    return min((c for c in (*sets, exact) if c and "" not in c), key=_telling, default=None)


def _of_item(kind: Any, value: Any) -> tuple[Words | None, Sets]:
    if kind is op.LITERAL:
        return frozenset([chr(value).lower()]), ()
    if kind is op.IN:
        return _of_set(value)
    if kind is op.BRANCH:
        return _of_branch([_of_sequence(branch) for branch in value[1]])
    if kind is op.SUBPATTERN:
        return _of_sequence(value[3])
    if kind is op.ATOMIC_GROUP:
        return _of_sequence(value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, inner = value
        exact, sets = _of_sequence(inner)
        if least == most == 1:
            return exact, sets
        if least == 0:
            return (exact | _NOTHING if exact is not None and most == 1 else None), ()
        return None, sets if exact is None else (*sets, exact)
    if kind is op.ASSERT:  # what must stand beside the match stands in the text too
        exact, sets = _of_sequence(value[1])
        return _NOTHING, sets if exact is None else (*sets, exact)
    if kind in (op.ASSERT_NOT, op.AT):
        return _NOTHING, ()
    return None, ()


def _of_set(members: Sequence[tuple[Any, Any]]) -> tuple[Words | None, Sets]:
    found: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            found.add(chr(value).lower())
        elif kind is op.RANGE and value[1] - value[0] < 26:
            found.update(chr(c).lower() for c in range(value[0], value[1] + 1))
        elif kind is op.CATEGORY and value is op.CATEGORY_DIGIT:
            found |= _DIGITS
        else:
            return None, ()
    return frozenset(found), ()


def _of_branch(branches: Sequence[tuple[Words | None, Sets]]) -> tuple[Words | None, Sets]:
    exact: set[str] | None = set()
    best: set[str] | None = set()
    for branch_exact, sets in branches:
        exact = exact | branch_exact if exact is not None and branch_exact is not None else None
        words = _best(branch_exact, sets)
        best = best | words if best is not None and words is not None else None
    whole = frozenset(exact) if exact is not None and len(exact) <= _MOST_WORDS else None
    return whole, (frozenset(best),) if best else ()
