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
        ("overall survival", [{"overall survival"}]),
        ("hazard (?:ratio|rate)", [{"hazard ratio", "hazard rate"}]),
        ("(?<!un)able", [{"able"}]),
        ("a?b+cd", [{"cd"}, {"b"}]),
        ("[ab]x", [{"ax", "bx"}]),
        (r"\d+ ?%", [{"%", " %"}, set("0123456789")]),
        ("OS", [{"os"}]),
        ("x{2,3}y", [{"x"}, {"y"}]),
        ("[xy]+(?= died)", [{" died"}, {"x", "y"}]),
    ],
)
def test_the_words_a_pattern_cannot_do_without(pattern, words):
    assert needed(re.compile(pattern)) == words


@pytest.mark.parametrize("pattern", [".*", "a?", "(?:ab|c*)", r"\w+", "[^a]"])
def test_a_pattern_that_needs_no_word_is_always_tried(pattern):
    compiled = re.compile(pattern)
    assert needed(compiled) == []
    assert Sieve([compiled]).passing("") == [0]


def test_every_rule_passes_for_its_own_examples():
    rules = rulebook().rules
    sieve = Sieve([rule.pattern for rule in rules])
    for i, rule in enumerate(rules):
        for example in rule.examples:
            assert i in sieve.passing(example.lower()), rule.id


def test_every_rule_needs_some_word():
    """One that does not is tried on every sentence, and is what finding would wait for."""
    assert not [rule.id for rule in rulebook().rules if not needed(rule.pattern)]


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
def test_what_a_pattern_matches_holds_a_word_of_each_set(data, pattern):
    compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
    text = data.draw(st.from_regex(compiled))
    assert compiled.search(text)
    assert all(any(word in text.lower() for word in words) for words in needed(compiled))
    assert Sieve([compiled]).passing(text.lower()) == [0]


@pytest.mark.parametrize(
    "pattern",
    [
        *_PATTERNS,
        "(?:very |most )*(?:high|low)",
        r"(?<!no )change(?:s|d)?|(?=new)new\w+",
        r"(?:(?<=was )|(?<=of ))\s?\d+",
        r"[A-Za-z]{2,4}(?:mab|nib)",
        r"\d+(?:\.\d+)?\s?%|\.\d+",
        "(?:x|y)?(?:ab|ba)+?",
        "i[sz]",
    ],
)
@given(st.data())
def test_matches_are_those_of_each_pattern_tried_alone(pattern, data):
    compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
    pieces = st.one_of(
        st.from_regex(compiled),
        st.sampled_from(
            ["very most high lows", "was 12.5%", "of 3 %", "ABab", "abababa", "İΣας", "xx", "no changes"]
        ),
        st.text(max_size=6),
    )
    text = "".join(data.draw(st.lists(pieces, max_size=5)))
    other = re.compile("ab|h")
    found = [(i, m.span()) for i, m in Sieve([compiled, other]).matches(text)]
    assert found == [(i, m.span()) for i, p in enumerate((compiled, other)) for m in p.finditer(text)]


def test_rules_find_in_each_others_examples_what_they_find_alone():
    rules = rulebook().rules
    sieve = Sieve([rule.pattern for rule in rules])
    text = ". ".join(example for rule in rules for example in rule.examples[:1])
    found = [(i, m.span()) for i, m in sieve.matches(text)]
    assert found == [(i, m.span()) for i, rule in enumerate(rules) for m in rule.pattern.finditer(text)]
