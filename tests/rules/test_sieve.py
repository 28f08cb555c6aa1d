"""The sieve may let too many patterns through, never too few."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.rules.rulebook import rulebook
from isa_extract.rules.sieve import Sieve, needed


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("overall survival", {"overall survival"}),
        ("hazard (?:ratio|rate)", {"hazard ratio", "hazard rate"}),
        ("(?<!un)able", {"able"}),
        ("a?b+cd", {"cd"}),
        ("[ab]x", {"ax", "bx"}),
        (r"\d+ ?%", {"%", " %"}),
        ("OS", {"os"}),
        ("x{2,3}y", {"x"}),
    ],
)
def test_the_words_a_pattern_cannot_do_without(pattern, words):
    assert needed(re.compile(pattern)) == words


@pytest.mark.parametrize("pattern", [".*", "a?", "(?:ab|c*)", r"\w+", "[^a]"])
def test_a_pattern_that_needs_no_word_is_always_tried(pattern):
    compiled = re.compile(pattern)
    assert needed(compiled) is None
    assert Sieve([compiled]).passing("") == [0]


def test_every_rule_passes_for_its_own_examples():
    rules = rulebook().rules
    sieve = Sieve([rule.pattern for rule in rules])
    for i, rule in enumerate(rules):
        for example in rule.examples:
            assert i in sieve.passing(example.lower()), rule.id


def test_every_rule_needs_some_word():
    """One that does not is tried on every sentence, and is what finding would wait for."""
    assert not [rule.id for rule in rulebook().rules if needed(rule.pattern) is None]


_PATTERNS = [
    "(?:a|bc)d?",
    "[xy]{1,3}z|q",
    "(?i:Ab)c",
    "m(?:n|o(?:p|q))",
    "(ab){2}|c+",
    r"\d\d?级|grade",
    "k(?=l)l?",
]


@given(st.data(), st.sampled_from(_PATTERNS))
def test_what_a_pattern_matches_holds_one_of_its_words(data, pattern):
    compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
    text = data.draw(st.from_regex(compiled))
    match = compiled.search(text)
    assert match and any(word in match[0].lower() for word in needed(compiled))
