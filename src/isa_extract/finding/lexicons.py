"""Lexicon lookups over folded text: drugs, adverse events, subgroups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import ahocorasick

from isa_extract.language.segment import Sentence
from isa_extract.rules.rulebook import rulebook
from isa_extract.rules.sieve import Sieve, lowered

_HAN = re.compile("[\u4e00-\u9fff]")
_SHORT_LATIN = 4
_SHORT_HAN = 2
"""Chinese terms up to this length must begin and end where jieba's words do (周 is not in 周期)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A lexicon row as one of its written forms names it.

    ``short`` is the form as written where it is an abbreviation that is a word or another abbreviation
    too ('GO', 'ipi'): it counts only in its own case, and only in a paper that names the drug in full.
    """

    kind: str
    code: str
    name: str
    short: str = ""


@cache
def drug_classes() -> dict[str, str]:
    """The class of each drug by INN."""
    return {row["inn"]: row["class"] for row in rulebook().lexicons["drugs"]}


@cache
def class_words() -> tuple[Mapping[str, str], ...]:
    """What a word for a kind of drug ('the conjugate') says of its class, the most telling word first."""
    return rulebook().lexicons["class_words"]


@cache
def chinese_terms() -> tuple[str, ...]:
    """Every Chinese form in the lexicons, for jieba's dictionary."""
    forms = {entry.name for entry in _entries() if not entry.name.isascii()}
    return tuple(sorted(forms))


def lookup(sentence: Sentence) -> Iterator[tuple[int, int, Entry]]:
    """Every lexicon form in the sentence as folded start, end and row, overlaps included."""
    text = lowered(sentence.text)
    for last, (length, entry) in _automaton().iter(text):
        start, end = last + 1 - length, last + 1
        if entry.short and not _in_own_case(sentence.text[start:end], entry.short):
            continue
        if entry.name.isascii():
            if _is_word_character(text, start - 1) and _is_word_character(text, start):
                continue
            if entry.kind == "drug" and length <= _SHORT_LATIN and re.match(r"-\d", text[end:]):
                continue  # EV-302 is a trial
            for plural in ("", "s", "es"):
                stop = end + len(plural)
                if text[end:stop] == plural and not (
                    _is_word_character(text, stop) and _is_word_character(text, end - 1)
                ):
                    yield start, stop, entry
                    break
        elif length > _SHORT_HAN or not _HAN.match(text[start]) or _on_token_edges(sentence, start, end):
            yield start, end, entry


def _in_own_case(written: str, short: str) -> bool:
    return written == short or (short.islower() and written == short.capitalize())


def subgroups(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    """Subsets of patients named in the sentence: folded start, end and code."""
    codes, sieve = _subgroup_patterns()
    for index, match in sieve.matches(sentence.text):
        if match.end() == match.start():
            continue
        parts = {name: value or "" for name, value in match.groupdict().items()}
        yield match.start(), match.end(), _fill(codes[index], parts)


def _fill(code: str, parts: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: parts.get(m[1], ""), code)


def _on_token_edges(sentence: Sentence, start: int, end: int) -> bool:
    return start in sentence.starts and end in sentence.ends


def _is_word_character(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and text[at].isalnum()


@cache
def _entries() -> tuple[Entry, ...]:
    found: list[Entry] = []
    lexicons = rulebook().lexicons
    for row in lexicons["drugs"]:
        names = [row["inn"], *row["zh"].split(";"), *row["names"].split(";")]
        found += [
            Entry("drug", row["inn"], _plain(n.lstrip("~")), n.strip("~ ") if n.startswith("~") else "")
            for n in names
            if n.strip("~ ")
        ]
    for row in lexicons["adverse_events"]:
        # the CTCAE term itself is no form: 'Fall', 'Aspiration' are ordinary words
        names = [*row["zh"].split(";"), *row["en"].split(";")]
        found += [Entry("event", row["term"], _plain(n)) for n in names if n.strip()]
    return tuple(found)


def _plain(name: str) -> str:
    return lowered(name.strip())


@cache
def _automaton() -> Any:
    automaton = ahocorasick.Automaton()
    for entry in _entries():
        automaton.add_word(entry.name, (len(entry.name), entry))
    automaton.make_automaton()
    return automaton


@cache
def _subgroup_patterns() -> tuple[tuple[str, ...], Sieve]:
    """The codes of the subgroups, and what they are told by, in the same order."""
    patterns: list[tuple[str, re.Pattern[str]]] = []
    for row in rulebook().lexicons.get("subgroups", ()):
        for column in ("en", "zh"):
            patterns += [
                (row["code"], re.compile(p.strip(), re.IGNORECASE))
                for p in row[column].split(";")
                if p.strip()
            ]
    return tuple(code for code, _ in patterns), Sieve([pattern for _, pattern in patterns])
