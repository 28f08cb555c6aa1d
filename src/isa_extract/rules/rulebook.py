"""Loads the rulebook, refuses a rule whose own examples speak against it, and fingerprints it.

A pattern rule is a TOML table in ``patterns/*.toml``::

    [[rule]]
    id = "pfs-words"            # unique
    kind = "endpoint"           # what a match is a mention of
    code = "PFS"                # its normal form, may be empty
    lang = "en"                 # zh, en or any
    pattern = "progression[- ]?free survival"
    examples = ["median progression-free survival was"]
    nonexamples = ["progression of disease"]
    why = "where it says something that the pattern does not"

``$name`` in a pattern stands for a piece of ``pieces.toml``. Patterns see folded text. ``case = true``
makes a rule mind upper and lower case; ``rank`` (0) lets a rule win over longer ones where they overlap.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from isa_extract.errors import RuleError

_HOME = files("isa_extract.rules")
_LANGUAGES = ("zh", "en", "any")
_FIELDS = {"id", "kind", "code", "lang", "pattern", "examples", "nonexamples", "why", "case", "rank"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One surface pattern; see the module's text for the fields."""

    id: str
    kind: str
    code: str
    lang: str
    pattern: re.Pattern[str]
    rank: int
    examples: tuple[str, ...]
    nonexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All patterns, and the rows of each lexicon by file stem."""

    rules: tuple[Rule, ...]
    lexicons: Mapping[str, tuple[Mapping[str, str], ...]]
    fingerprint: str


@cache
def rulebook() -> Rulebook:
    """The rulebook that ships with the package.

    Raises:
        RuleError: a row is malformed, or an example does not match (a nonexample does).
    """
    digest = hashlib.sha256()
    sources: dict[str, str] = {}
    for folder, ending in (("patterns", ".toml"), ("lexicons", ".csv")):
        for entry in sorted(_HOME.joinpath(folder).iterdir(), key=lambda e: e.name):
            if entry.name.endswith(ending):
                sources[entry.name] = _read(entry)
                digest.update(entry.name.encode() + b"\0" + sources[entry.name].encode() + b"\0")
    pieces = tomllib.loads(sources["pieces.toml"])
    rules = [
        rule
        for name, text in sources.items()
        if name.endswith(".toml") and name != "pieces.toml"
        for rule in load_rules(name, text, pieces)
    ]
    _refuse_twins(rules)
    lexicons = {
        name.removesuffix(".csv"): tuple(csv.DictReader(text.splitlines()))
        for name, text in sources.items()
        if name.endswith(".csv")
    }
    return Rulebook(tuple(rules), lexicons, digest.hexdigest()[:16])


def load_rules(name: str, text: str, pieces: Mapping[str, str]) -> Iterator[Rule]:
    """The rules of one TOML file, each proved against its own examples."""
    try:
        rows = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: not valid TOML: {error}") from error
    for row in rows:
        yield _rule(name, row, pieces)


def _rule(name: str, row: Mapping[str, Any], pieces: Mapping[str, str]) -> Rule:
    where = f"{name}: rule {row.get('id', '?')}"
    if unknown := set(row) - _FIELDS:
        raise RuleError(f"{where}: unknown field {', '.join(sorted(unknown))}")
    for needed in ("id", "kind", "lang", "pattern", "examples"):
        if not row.get(needed):
            raise RuleError(f"{where}: has no {needed}")
    if row["lang"] not in _LANGUAGES:
        raise RuleError(f"{where}: lang is {row['lang']!r}, not one of {', '.join(_LANGUAGES)}")
    try:
        pattern = re.compile(expand(row["pattern"], pieces), 0 if row.get("case") else re.IGNORECASE)
    except (re.error, KeyError) as error:
        raise RuleError(f"{where}: the pattern does not compile: {error}") from error
    for example in row["examples"]:
        if not pattern.search(example):
            raise RuleError(f"{where}: does not match its example {example!r}")
    for example in row.get("nonexamples", ()):
        if pattern.search(example):
            raise RuleError(f"{where}: matches its nonexample {example!r}")
    return Rule(
        row["id"],
        row["kind"],
        row.get("code", ""),
        row["lang"],
        pattern,
        row.get("rank", 0),
        tuple(row["examples"]),
        tuple(row.get("nonexamples", ())),
    )


def expand(pattern: str, pieces: Mapping[str, str]) -> str:
    """Put the shared pieces into a pattern; pieces may use pieces. The longest piece name wins."""
    names = "|".join(sorted(map(re.escape, pieces), key=len, reverse=True))
    for _ in range(5):
        grown = re.sub(rf"\$({names})", lambda m: pieces[m[1]], pattern)
        if grown == pattern:
            return grown
        pattern = grown
    raise RuleError(f"pieces refer to each other in a circle: {pattern[:60]}")


def _refuse_twins(rules: list[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f"two rules are called {rule.id}")
        seen.add(rule.id)


def _read(entry: Traversable) -> str:
    return entry.read_text(encoding="utf-8")
