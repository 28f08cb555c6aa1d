"""The score as one self-contained page: every row beside its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from isa_extract.pages import environment, write_whole
from isa_extract.scoring.compare import LEVELS
from isa_extract.scoring.gold import Row
from isa_extract.scoring.report import cells, saying
from isa_extract.scoring.score import Score, Verdict

_AROUND: Final = 90
_STOPS: Final = "。！？\n\f"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with the value picked out; all in `before` where its place is not certain."""

    before: str
    value: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page."""

    kind: str
    said: str
    differences: tuple[tuple[str, str, str], ...]
    quote: Quote


def write_page(path: Path, score: Score, texts: Mapping[str, str] | None = None) -> None:
    """Write the page, whole or not at all.

    Raises:
        OutputError: if the file cannot be written.
    """
    write_whole(path, render(score, texts))


def render(score: Score, texts: Mapping[str, str] | None = None) -> str:
    """The page as HTML. `texts`, by doc_id, gives missed rows their surroundings."""
    levels = [(name, score.level(name), score.interval(name)) for name in LEVELS]
    papers = [
        (paper.doc_id, [_line(verdict, (texts or {}).get(paper.doc_id, "")) for verdict in paper.verdicts])
        for paper in score.papers
    ]
    return (
        environment("isa_extract.scoring", ".").get_template("page.html").render(levels=levels, papers=papers)
    )


def _line(verdict: Verdict, text: str) -> Line:
    one = verdict.gold or verdict.found
    assert one is not None
    differences: tuple[tuple[str, str, str], ...] = ()
    if verdict.gold and verdict.found:
        differences = tuple(
            (name, cells(verdict.gold, name), cells(verdict.found, name)) for name in verdict.wrong
        )
    rows = [side.row for side in (verdict.found, verdict.gold) if side is not None]
    return Line(verdict.kind, saying(one), differences, _quote(rows, text))


def _quote(rows: list[Row], text: str) -> Quote:
    """The row's sentence, or else what surrounds its span in the text."""
    for row in rows:
        if row["sentence"]:
            before, value, after = row["sentence"].partition(row["value_text"] or "\0")
            return Quote(before, value, after) if row["value_text"] not in after else Quote(row["sentence"])
    for row in rows:
        if row.span and row.span[1] <= len(text):
            start, end = row.span
            before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
            cut = max(before.rfind(stop) for stop in _STOPS) + 1
            stops = [place for stop in _STOPS if (place := after.find(stop)) >= 0]
            return Quote(before[cut:], text[start:end], after[: min(stops) + 1] if stops else after)
    return Quote("")
