"""Which of many patterns can match a text, and where, told by one pass for the words they cannot do without.

Running every pattern over every sentence, at every letter of it, is what costs the time of finding; most need a
word that the sentence has not, and begin with one of a few. From each pattern's parse tree come sets of strings:
a text with a match holds at least one of each set, and a match begins with one of another. All go into one
Aho-Corasick automaton.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import ahocorasick

Words = frozenset[str]
Sets = tuple[Words, ...]
Tree = Iterable[tuple[Any, Any]]
"""A pattern as the standard library's parser takes it apart: each item's kind, and what it is of."""
_MOST_WORDS = 64
_LONGEST = 16  # characters
_DIGITS: Words = frozenset("0123456789")  # folded text has no others
_NOTHING: Words = frozenset([""])
_MOST_BEGINNINGS = 400
_MOST_LETTERS = 5  # a pattern that may begin with more letters than these is as well tried at each
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


class _Told(NamedTuple):
    """What a part of a pattern says of its matches.

    ``exact`` is what it matches, if that is a small set; ``sets`` are those it cannot do without; ``begins`` is what
    it may begin with, the empty string where it may match nothing. None says that it may be anything.
    """

    exact: Words | None = None
    sets: Sets = ()
    begins: Words | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word in a text tells: for words of one length that tell the same, there is one."""

    length: int
    bits: int  # the sets that it is in
    first: tuple[int, ...]  # patterns whose most telling set it is in
    begun: tuple[int, ...]  # patterns that may begin with it
    begun_number: tuple[int, ...]  # and those that may not right behind a digit


class Sieve:
    """Finds the matches of many patterns in a text, trying few of them, and those where they can begin."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._patterns = patterns
        self._always: list[int] = []
        self._asked: list[int] = []  # of a pattern: a bit for each set of words it needs one of
        trees = [_parsed(pattern) for pattern in patterns]
        parts = [_of_sequence(tree) for tree in trees]
        self._begun = [_beginnings(part) for part in parts]
        told: dict[str, tuple[int, dict[int, None], dict[int, None]]] = {}
        bit = 1
        for i, begun in enumerate(self._begun):
            sets = _needed(parts[i])
            if not sets:
                self._always.append(i)
            asked = 0
            for place, words in enumerate(sets):
                if place and any(_is_everywhere(word) for word in words):
                    continue  # it keeps no text out
                asked |= bit
                for word in {_zeros(w) for w in words}:
                    bits, first, begins = told.get(word, (0, {}, {}))
                    told[word] = (bits | bit, {**first, i: None} if place == 0 else first, begins)
                bit <<= 1
            self._asked.append(asked)
            for word in {_zeros(w) for w in begun}:
                told.setdefault(word, (0, {}, {}))[2][i] = None
        apart = [_stands_apart(tree) for tree in trees]
        self._words: list[_Word] = []
        numbers: dict[_Word, int] = {}
        self._automaton: Any = ahocorasick.Automaton()
        for text, (bits, first, begins) in told.items():
            whole = tuple(i for i in begins if text[0] == "0" and apart[i])
            says = _Word(len(text), bits, tuple(first), tuple(i for i in begins if i not in whole), whole)
            if says not in numbers:
                numbers[says] = len(self._words)
                self._words.append(says)
            self._automaton.add_word(text, numbers[says])
        if told:
            self._automaton.make_automaton()

    def matches(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """All that ``finditer`` of each pattern in turn would find, with the pattern's index."""
        for i, starts in self._passing(text):
            pattern = self._patterns[i]
            if not self._begun[i]:
                for match in pattern.finditer(text):
                    yield i, match
                continue
            end = 0
            for start in starts[0] if len(starts) == 1 else sorted(set().union(*starts)):
                if start >= end and (found := pattern.match(text, start)) is not None:
                    end = found.end()
                    yield i, found

    def passing(self, text: str) -> list[int]:
        """Indexes, in order, of the patterns that may match."""
        return [i for i, _ in self._passing(text)]

    def _passing(self, text: str) -> list[tuple[int, list[list[int]]]]:
        """The patterns that may match, in order, and where the words stand that they may begin with."""
        places: dict[int, list[int]] = {}
        low = _zeros(lowered(text))
        if self._words:
            for last, number in self._automaton.iter(low):
                if number in places:
                    places[number].append(last)
                else:
                    places[number] = [last]
        words = [(self._words[number], lasts) for number, lasts in places.items()]
        told = 0
        for word, _ in words:
            told |= word.bits
        likely: dict[int, list[list[int]]] = {i: [] for i in self._always}
        for word, _ in words:
            for i in word.first:
                if self._asked[i] & told == self._asked[i]:
                    likely[i] = []
        for word, lasts in words:
            before = word.length - 1
            starts = [last - before for last in lasts] if before else lasts
            for i in word.begun:
                if i in likely:
                    likely[i].append(starts)
            if word.begun_number:
                starts = [start for start in starts if not start or low[start - 1] != "0"]
                for i in word.begun_number:
                    if i in likely:
                        likely[i].append(starts)
        return [(i, likely[i]) for i in sorted(likely)]


def _is_everywhere(word: str) -> bool:
    letter = word.strip()
    return not letter or (len(letter) == 1 and letter.isascii() and letter.isalpha())


_DIGIT = re.compile("[1-9]")


def _zeros(text: str) -> str:
    """With each digit as 0: which one it is tells a pattern from another too seldom."""
    return _DIGIT.sub("0", text)


def lowered(text: str) -> str:
    """Lower case, character for character: offsets stay."""
    low = text.lower()
    if len(low) == len(text) and "Σ" not in text:  # whose small form depends on where it stands
        return low
    return "".join(c.lower()[0] for c in text)


def _parsed(pattern: re.Pattern[str]) -> Tree:
    tree: Tree = parser.parse(pattern.pattern, pattern.flags)
    return tree


def needed(pattern: re.Pattern[str]) -> list[Words]:
    """Sets of strings in lower case; a text that the pattern matches holds one of each. The most telling set first."""
    return _needed(_of_sequence(_parsed(pattern)))


def _needed(told: _Told) -> list[Words]:
    kept: list[Words] = []
    for words in sorted({c for c in (*told.sets, told.exact) if c and "" not in c}, key=_telling):
        # 'ratio' already asks for 'io'
        if not any(all(any(w in longer for w in words) for longer in k) for k in kept):
            kept.append(words)
    return kept


def _of_sequence(items: Tree) -> _Told:
    run: Words = _NOTHING
    whole = True
    sets: Sets = ()
    begins: Words | None = frozenset()
    open_: Words | None = _NOTHING  # beginnings that go on with the next item
    for item in items:
        told = _of_item(*item)
        longer = _product(run, told.exact)
        sets += told.sets
        if longer is None:
            whole = False
            sets += (run,)
            # what the item matches exactly may still begin a new run
            run = told.exact if told.exact is not None else _NOTHING
        else:
            run = longer
        if open_ is not None and begins is not None:
            more = _product(open_, told.exact)
            if more is not None:
                open_ = more
            elif told.begins is None:
                begins, open_ = (None if "" in open_ else begins | open_), None
            else:
                begins |= {(a + b)[:_LONGEST] for a in open_ for b in told.begins - _NOTHING}
                open_ = open_ if "" in told.begins else None
    if begins is not None:
        begins = _few(begins | (open_ or frozenset()))
    return _Told(run if whole else None, (*sets, run), begins)


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


def _of_item(kind: Any, value: Any) -> _Told:
    if kind is op.LITERAL:
        return _exactly(frozenset([chr(value).lower()]))
    if kind is op.IN:
        return _exactly(_of_set(value))
    if kind is op.BRANCH:
        return _of_branch([_of_sequence(branch) for branch in value[1]])
    if kind is op.SUBPATTERN:
        return _of_sequence(value[3])
    if kind is op.ATOMIC_GROUP:
        return _of_sequence(value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, inner = value
        told = _of_sequence(inner)
        if least == most == 1:
            return told
        if least == 0:
            exact = told.exact | _NOTHING if told.exact is not None and most == 1 else None
            return _Told(exact, (), None if told.begins is None else told.begins | _NOTHING)
        return _Told(None, told.sets if told.exact is None else (*told.sets, told.exact), told.begins)
    if kind is op.ASSERT:  # what must stand beside the match stands in the text too
        told = _of_sequence(value[1])
        return _Told(_NOTHING, told.sets if told.exact is None else (*told.sets, told.exact), _NOTHING)
    if kind in (op.ASSERT_NOT, op.AT):
        return _exactly(_NOTHING)
    return _Told()


def _exactly(words: Words | None) -> _Told:
    return _Told(words, (), words)


def _of_set(members: Sequence[tuple[Any, Any]]) -> Words | None:
    found: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            found.add(chr(value).lower())
        elif kind is op.RANGE and value[1] - value[0] < 26:
            found.update(chr(c).lower() for c in range(value[0], value[1] + 1))
        elif kind is op.CATEGORY and value is op.CATEGORY_DIGIT:
            found |= _DIGITS
        else:
            return None
    return frozenset(found)


def _of_branch(branches: Sequence[_Told]) -> _Told:
    exact: set[str] | None = set()
    best: set[str] | None = set()
    begins: set[str] | None = set()
    for told in branches:
        exact = exact | told.exact if exact is not None and told.exact is not None else None
        words = _best(told.exact, told.sets)
        best = best | words if best is not None and words is not None else None
        begins = begins | told.begins if begins is not None and told.begins is not None else None
    whole = frozenset(exact) if exact is not None and len(exact) <= _MOST_WORDS else None
    first = _few(frozenset(begins)) if begins is not None else None
    return _Told(whole, (frozenset(best),) if best else (), first)


def _beginnings(told: _Told) -> Words:
    """Strings in lower case with one of which every match begins; empty where that says too little."""
    if told.begins is None or "" in told.begins:
        return frozenset()
    letters = sum(word.isascii() and word.isalpha() for word in told.begins if len(word) == 1)
    return told.begins if letters <= _MOST_LETTERS else frozenset()


def _stands_apart(items: Tree) -> bool:
    """Whether nothing that it matches begins right behind a digit: '(?<![\\d.])' comes first."""
    for kind, value in items:
        if kind is op.ASSERT_NOT and value[0] < 0:
            behind = list(value[1])
            one_of = behind[0][1] if len(behind) == 1 and behind[0][0] is op.IN else ()
            if (op.CATEGORY, op.CATEGORY_DIGIT) in one_of and (op.NEGATE, None) not in one_of:
                return True
            continue
        if kind is op.SUBPATTERN:
            return _stands_apart(value[3])
        return kind is op.BRANCH and all(_stands_apart(branch) for branch in value[1])
    return False


def _few(words: Words) -> Words | None:
    """The words cut short until there are no more than a few hundred."""
    for length in range(_LONGEST, 0, -1):
        words = frozenset(word[:length] for word in words)
        if len(words) <= _MOST_BEGINNINGS:
            return words
    return None
