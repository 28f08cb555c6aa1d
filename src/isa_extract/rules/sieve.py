"""Which of many patterns can match a text at all, told by one pass for the words they cannot do without.

Running every pattern over every sentence is what costs the time of finding; most need a word that the
sentence has not. From each pattern's parse tree comes a set of strings of which every match holds at least
one; all sets go into one Aho-Corasick automaton.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import ahocorasick

Words = frozenset[str]
_MOST_WORDS = 64
_LONGEST = 16  # characters
_DIGITS: Words = frozenset("0123456789")  # folded text has no others
_NOTHING: Words = frozenset([""])


class Sieve:
    """Sorts out, for a text, the patterns that may match it."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always: list[int] = []
        by_word: dict[str, list[int]] = {}
        for i, pattern in enumerate(patterns):
            words = needed(pattern)
            if words is None:
                self._always.append(i)
            for word in words or ():
                by_word.setdefault(word, []).append(i)
        self._automaton: Any = ahocorasick.Automaton()
        for word, indexes in by_word.items():
            self._automaton.add_word(word, tuple(indexes))
        if by_word:
            self._automaton.make_automaton()

    def passing(self, lowered: str) -> list[int]:
        """Indexes, in order, of the patterns that may match.

        Args:
            lowered: the text in lower case.
        """
        kept = set(self._always)
        if len(self._automaton):
            for found in {indexes for _, indexes in self._automaton.iter(lowered)}:
                kept.update(found)
        return sorted(kept)


def needed(pattern: re.Pattern[str]) -> Words | None:
    """Strings in lower case of which every match of the pattern holds one; None where there are none such."""
    exact, best = _of_sequence(parser.parse(pattern.pattern, pattern.flags))
    return _better([exact, best])


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> tuple[Words | None, Words | None]:
    """What a sequence matches exactly, if that is a small set, and what it cannot do without."""
    run: Words = _NOTHING
    whole: Words | None = _NOTHING
    candidates: list[Words | None] = []
    for item in items:
        exact, best = _of_item(*item)
        longer = _product(run, exact)
        if longer is None:
            whole = None
            candidates += [run, best]
            # what the item matches exactly may still begin a new run
            run = exact if exact is not None else _NOTHING
        else:
            run = longer
    candidates.append(run)
    return (run if whole is not None else None), _better(candidates)


def _product(run: Words, exact: Words | None) -> Words | None:
    if exact is None or len(run) * len(exact) > _MOST_WORDS:
        return None
    made = frozenset(a + b for a in run for b in exact)
    return made if max(map(len, made), default=0) <= _LONGEST else None


def _better(candidates: Iterable[Words | None]) -> Words | None:
    """The set whose shortest word is longest; the smaller of two."""
    usable = [c for c in candidates if c and "" not in c]
    return min(usable, key=lambda c: (-min(map(len, c)), len(c), sorted(c)), default=None)


def _of_item(kind: Any, value: Any) -> tuple[Words | None, Words | None]:
    if kind is op.LITERAL:
        return frozenset([chr(value).lower()]), None
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
        exact, best = _of_sequence(inner)
        if least == most == 1:
            return exact, best
        if least == 0:
            return (exact | _NOTHING if exact is not None and most == 1 else None), None
        return None, _better([exact, best])
    if kind in (op.ASSERT, op.ASSERT_NOT, op.AT):
        return _NOTHING, None
    return None, None


def _of_set(members: Sequence[tuple[Any, Any]]) -> tuple[Words | None, Words | None]:
    found: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            found.add(chr(value).lower())
        elif kind is op.RANGE and value[1] - value[0] < 26:
            found.update(chr(c).lower() for c in range(value[0], value[1] + 1))
        elif kind is op.CATEGORY and value is op.CATEGORY_DIGIT:
            found |= _DIGITS
        else:
            return None, None
    return frozenset(found), None


def _of_branch(branches: Sequence[tuple[Words | None, Words | None]]) -> tuple[Words | None, Words | None]:
    exact: set[str] | None = set()
    best: set[str] | None = set()
    for branch_exact, branch_best in branches:
        exact = exact | branch_exact if exact is not None and branch_exact is not None else None
        words = _better([branch_exact, branch_best])
        best = best | words if best is not None and words is not None else None
    whole = frozenset(exact) if exact is not None and len(exact) <= _MOST_WORDS else None
    return whole, frozenset(best) if best else None
