"""The layouts of the bench: what may vary from journal to journal, and enough combinations of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import combinations, product

CHOICES: dict[str, tuple[str, ...]] = {
    "language": ("zh", "en"),
    "engine": ("typst", "galley"),
    "columns": ("1", "2", "3"),
    "heads": ("none", "same", "alternating"),
    "citations": ("raised", "bracket"),
    "hyphens": ("yes", "no"),
    "numbering": ("arabic", "han", "none"),
    "table": ("three-line", "ruled", "shaded", "borderless"),
    "table_place": ("across", "column", "turned"),
    "front": ("across", "column", "box"),
    "gutter": ("15", "24"),
    "page": ("portrait", "landscape", "rotate-90", "rotate-270", "turned-90"),
    "margin": ("clean", "line-numbers", "stamp", "watermark"),
    "body": ("indented", "spaced"),
    "extra": ("none", "full-width", "drop-cap", "side-column", "by-rows"),
    "locked": ("no", "yes"),
}
"""Each feature and its choices.

``heads``: the same running head on every page, or odd and even pages' own with the authors.
``front``: title and abstracts across the columns, in the first column, or the abstract in a shaded box.
``page``: ``rotate-…`` is a page flag that sets the text on end; ``turned-90`` is set on end and turned back.
``margin``: numbers before the lines, 'Downloaded from' upwards in the margin, or a word behind the text.
``extra``: full-width digits, a large first letter, dates in a narrow column beside the text, or lines drawn
from left to right over all columns.
``locked``: encrypted with an owner's password only.
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to set a paper; fields as ``CHOICES``."""

    language: str = "zh"
    engine: str = "typst"
    columns: str = "2"
    heads: str = "alternating"
    citations: str = "raised"
    hyphens: str = "yes"
    numbering: str = "arabic"
    table: str = "three-line"
    table_place: str = "across"
    front: str = "across"
    gutter: str = "24"
    page: str = "portrait"
    margin: str = "clean"
    body: str = "indented"
    extra: str = "none"
    locked: str = "no"

    def __str__(self) -> str:
        usual = Layout()
        told = [self.language, self.engine, f"{self.columns}col"]
        for field in fields(self)[3:]:
            value = getattr(self, field.name)
            if value != getattr(usual, field.name):
                told.append(f"{field.name}={value}")
        return " ".join(told)


def possible(chosen: dict[str, str]) -> bool:
    """Whether the choices go together; choices not yet made rule nothing out."""
    get = chosen.get
    if get("extra") in ("drop-cap", "side-column", "by-rows") and get("engine") == "typst":
        return False  # galley sets these
    if get("extra") == "full-width" and get("engine") == "galley":
        return False  # it would break such numbers at a line's end
    if get("extra") == "drop-cap" and get("language") == "zh":
        return False
    if get("extra") == "full-width" and get("language") == "en":
        return False
    if get("extra") == "side-column" and get("columns", "1") != "1":
        return False
    if get("extra") == "by-rows" and get("columns", "2") == "1":
        return False
    if get("margin") == "line-numbers" and (get("columns", "1") != "1" or get("extra") == "side-column"):
        return False  # preprints are set in one column
    if get("numbering") == "han" and get("language") == "en":
        return False
    if get("columns") == "3" and get("table_place") == "column":
        return False  # too narrow for six columns of cells
    return not (get("front") == "column" and get("columns") == "1")


def layouts() -> list[Layout]:
    """Few layouts in which every two choices that go together meet at least once.

    Greedy and deterministic: each layout begins with a pair not yet met and takes the choices that meet
    most of the others.
    """
    names = list(CHOICES)
    open_pairs = {
        pair
        for a, b in combinations(names, 2)
        for pair in (((a, x), (b, y)) for x, y in product(CHOICES[a], CHOICES[b]))
        if _completed(dict(pair)) is not None
    }
    used: Counter[tuple[str, str]] = Counter()
    out: list[Layout] = []
    while open_pairs:
        chosen = dict(min(open_pairs))
        for name in sorted(names, key=lambda n: -len(CHOICES[n])):
            if name in chosen:
                continue
            allowed = [v for v in CHOICES[name] if _completed({**chosen, name: v}) is not None]
            chosen[name] = max(
                allowed, key=lambda v: (_gain({**chosen, name: v}, name, open_pairs), -used[name, v], v)
            )
        open_pairs -= _pairs(chosen)
        used.update(chosen.items())
        out.append(Layout(**chosen))
    return out


def every_choice() -> list[Layout]:
    """The usual layout of each language with one choice changed at a time, for a wider sweep."""
    out: list[Layout] = []
    for language, engine, columns in product(("zh", "en"), ("typst", "galley"), ("1", "2", "3")):
        for name, values in CHOICES.items():
            for value in values:
                chosen = {"language": language, "engine": engine, "columns": columns, name: value}
                if (full := _completed(chosen)) is not None and Layout(**full) not in out:
                    out.append(Layout(**full))
    return out


def _completed(chosen: dict[str, str]) -> dict[str, str] | None:
    """The choices filled up with usual ones that go with them; None if nothing does."""
    full = dict(chosen)
    for name, values in CHOICES.items():
        if name in full:
            continue
        usual = getattr(Layout(), name)
        for value in sorted(values, key=lambda v: v != usual):
            if possible({**full, name: value}):
                full[name] = value
                break
        else:
            return None
    return full if possible(full) else None


Pair = tuple[tuple[str, str], tuple[str, str]]


def _pairs(chosen: dict[str, str]) -> set[Pair]:
    ordered: Sequence[tuple[str, str]] = [(name, chosen[name]) for name in CHOICES if name in chosen]
    return set(combinations(ordered, 2))


def _gain(chosen: dict[str, str], name: str, open_pairs: set[Pair]) -> int:
    return sum(pair in open_pairs for pair in _pairs(chosen) if name in (pair[0][0], pair[1][0]))
