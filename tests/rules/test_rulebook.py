"""The rulebook as it ships: every row proves itself, a wrong row is refused, and no pattern runs away."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from isa_extract.errors import RuleError
from isa_extract.rules import rulebook as loader
from isa_extract.rules.rulebook import Rule, Rulebook, expand, load_rules, rulebook

RULES = {rule.id: rule for rule in rulebook().rules}
SHIPPED = Path(loader.__file__).parent

ROW = {
    "id": '"word"',
    "kind": '"endpoint"',
    "code": '"OS"',
    "lang": '"en"',
    "pattern": "'surviv(?:al|ed)'",
    "examples": '["overall survival"]',
    "nonexamples": '["revival"]',
}


def toml(**changes: str | None) -> str:
    """A file of one good rule, with fields changed, or left out where the change is None."""
    fields = {**ROW, **changes}
    return "[[rule]]\n" + "".join(
        f"{name} = {value}\n" for name, value in fields.items() if value is not None
    )


def load(text: str, pieces: dict[str, str] | None = None) -> list[Rule]:
    return list(load_rules("mine.toml", text, pieces or {}))


# ------------------------------------------------------------------------------------------ rows as they ship


@pytest.mark.parametrize("name", RULES)
def test_examples(name: str) -> None:
    rule = RULES[name]
    assert rule.examples
    for example in rule.examples:
        match = rule.pattern.search(example)
        assert match and match.end() > match.start(), example
    for example in rule.nonexamples:
        assert not rule.pattern.search(example), example
    assert rule.lang in ("zh", "en", "any")


def test_pieces_are_all_put_in() -> None:
    for rule in RULES.values():
        assert not any(
            f"${piece}" in rule.pattern.pattern for piece in ("number", "edge", "end", "dash", "time")
        )


@pytest.mark.parametrize(
    ("lexicon", "columns"),
    [
        ("drugs", ["inn", "zh", "names", "class", "letters"]),
        ("regimens", ["label", "drugs", "names", "note"]),
        ("adverse_events", ["term", "en", "zh"]),
        ("subgroups", ["code", "en", "zh"]),
    ],
)
def test_lexicon_columns(lexicon: str, columns: list[str]) -> None:
    rows = rulebook().lexicons[lexicon]
    assert len(rows) > 100
    for row in rows:
        assert set(columns) <= set(row)
        assert None not in row and None not in row.values(), row
        assert row[columns[0]].strip()


# --------------------------------------------------------------------------------------------- what is refused


def test_a_good_row_loads() -> None:
    (rule,) = load(toml(rank="7", why='"because"'))
    assert (rule.id, rule.kind, rule.code, rule.lang, rule.rank) == ("word", "endpoint", "OS", "en", 7)
    assert rule.pattern.search("SURVIVAL")


def test_case_is_minded_on_request() -> None:
    (rule,) = load(toml(case="true"))
    assert not rule.pattern.search("SURVIVAL")


REFUSED = {
    "unknown field": (toml(colour='"red"'), "unknown field colour"),
    "no pattern": (toml(pattern=None), "has no pattern"),
    "no kind": (toml(kind=None), "has no kind"),
    "no language": (toml(lang=None), "has no lang"),
    "no id": (toml(id=None), "has no id"),
    "no examples": (toml(examples=None), "has no examples"),
    "empty examples": (toml(examples="[]"), "has no examples"),
    "example that does not match": (toml(examples='["overall survival", "death"]'), "'death'"),
    "nonexample that matches": (toml(nonexamples='["revival", "she survived"]'), "'she survived'"),
    "broken pattern": (toml(pattern="'surviv(al'"), "does not compile"),
    "unknown piece": (toml(pattern="'surviv$nosuch'"), "'overall survival'"),
    "examples that are one text": (toml(examples='"survival"'), "example"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(RuleError, match=r"mine\.toml") as caught:
        load(text, {"edge": "(?<![a-z])"})
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[[rule]\nid = ", id="no TOML"),
        pytest.param(toml(lang='"fr"'), id="a language that no paper has"),
    ],
)
def test_should_be_refused(text: str) -> None:
    with pytest.raises(RuleError):
        load(text)


def test_pieces_may_use_pieces() -> None:
    assert expand("a$outer", {"outer": "b$inner", "inner": "c"}) == "abc"


def test_the_longest_piece_name_wins() -> None:
    assert expand("$number $num", {"num": "n", "number": "N"}) == "N n"


@pytest.mark.parametrize("pieces", [{"a": "x$a"}, {"a": "$b", "b": "y$a"}])
def test_circular_pieces(pieces: dict[str, str]) -> None:
    with pytest.raises(RuleError, match="circle"):
        expand("$a", pieces)


@pytest.fixture
def reloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Rulebook]:
    """Loads a copy of the shipped rulebook after text was added to one of its files."""
    home = tmp_path / "rules"
    for folder in ("patterns", "lexicons"):
        shutil.copytree(SHIPPED / folder, home / folder)
    monkeypatch.setattr(loader, "_HOME", home)

    def load_with(name: str, more: str) -> Rulebook:
        path = home / name
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
        return loader.rulebook.__wrapped__()

    return load_with


def test_twin_ids(reloaded: Callable[[str, str], Rulebook]) -> None:
    with pytest.raises(RuleError, match="pfs"):
        reloaded("patterns/values.toml", "\n" + toml(id='"pfs"'))


def test_fingerprint(reloaded: Callable[[str, str], Rulebook]) -> None:
    same = reloaded("patterns/values.toml", "")
    assert same.fingerprint == rulebook().fingerprint
    more = reloaded("patterns/values.toml", "\n" + toml())
    assert len(more.rules) == len(same.rules) + 1
    drug = reloaded("lexicons/drugs.csv", "newdrugmab,,,antibody,\n")
    assert drug.lexicons["drugs"][-1]["inn"] == "newdrugmab"
    assert len({same.fingerprint, more.fingerprint, drug.fingerprint}) == 3


# ----------------------------------------------------------------------------------------------------- growth

HOSTILE = ("7", "a", "(", "[", "ä", "的", " ", "1 ", "12,", "%")
SMALL, LARGE = 2_000, 20_000
GROWTH = 40.0
"""A text ten times as long may take forty times as long: linear is 10, quadratic 100."""
FLOOR = 30e-6
"""Seconds below which a measurement is noise."""


def seconds(rule: Rule, unit: str, length: int) -> float:
    """Processor time of this thread to find all matches in a text of one unit repeated."""
    text = (unit * length)[:length]
    start = time.thread_time()
    for _ in rule.pattern.finditer(text):
        pass
    return max(time.thread_time() - start, FLOOR)


def growth(rule: Rule, unit: str) -> float:
    """How much longer a text ten times as long takes, as the best of several tries."""
    small, large = SMALL, LARGE
    base = min(seconds(rule, unit, small) for _ in range(3))
    if base > 0.03:  # already slow: look at smaller texts instead of waiting for the large one
        small, large = SMALL // 10, SMALL
        base, top = min(seconds(rule, unit, small) for _ in range(5)), base
        return top / base
    best = seconds(rule, unit, large) / base
    for _ in range(4):
        if best <= GROWTH:
            break
        base = min(base, *(seconds(rule, unit, small) for _ in range(3)))
        best = min(best, seconds(rule, unit, large) / base)
    return best


@pytest.mark.growth
@pytest.mark.parametrize("name", RULES)
def test_time_is_linear(name: str) -> None:
    grown = {unit: growth(RULES[name], unit) for unit in HOSTILE}
    assert not {unit: round(g, 1) for unit, g in grown.items() if g > GROWTH}
