"""Where a paper says that it does not give a result, so that an omission is told from a miss.

'Overall survival data were immature' is such a place, '总生存尚未报道' another. Only words and an endpoint in
one clause that has no value of its own count.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from isa_extract.binding.apart import told_apart
from isa_extract.binding.endpoints import NO_RESULT, endpoint_mentions
from isa_extract.binding.passages import Passage, passages
from isa_extract.binding.studies import Draft, assign
from isa_extract.binding.trial_names import trial_names
from isa_extract.records import Paper, Study
from isa_extract.rules.rulebook import Rule, load_rules

_CLAUSE_ENDS: Final = re.compile(r"[;。;.](?!\d)|[,,](?!\d)(?:\s*(?:and|but|while|whereas|而|但|且))?")

Silence = tuple[Study, str, dict[str, str]]
"""The study, the endpoint, and the place as cells (``words``, ``sentence``, ``page``, ``char_start``, …)."""


def silences(paper: Paper, studies: Sequence[Study]) -> list[Silence]:
    """Each study and endpoint that the paper says it has no result of, once."""
    if not any(rule.pattern.search(paper.text) for rule in _rules()):
        return []  # the words are rare, finding all passages is not cheap
    found, _ = passages(paper)
    names = trial_names(found)
    found = told_apart(found, names)
    _, speaking = assign(found, names)
    told: dict[tuple[Study, str], Silence] = {}
    for passage, draft in zip(found, speaking, strict=True):
        study = _study_of(draft, studies)
        for start, end, words, endpoint in _in(passage) if study else ():
            assert study is not None
            span = passage.sentence.span(start, end)
            page = paper.page_at(span.start)
            cells = {
                "words": words,
                "sentence": passage.printed or passage.text,
                "page": str(page.number) if page else "",
                "char_start": str(span.start),
                "char_end": str(span.end),
            }
            told.setdefault((study, endpoint), (study, endpoint, cells))
    return list(told.values())


@cache
def _rules() -> tuple[Rule, ...]:
    home = files("isa_extract.rules")
    pieces = tomllib.loads((home / "patterns" / "pieces.toml").read_text(encoding="utf-8"))
    return tuple(load_rules("silences.toml", (home / "silences.toml").read_text(encoding="utf-8"), pieces))


def _study_of(draft: Draft, studies: Sequence[Study]) -> Study | None:
    """The study that a sentence speaks of, as it was described in the end."""
    for study in studies:
        if (study.trial_id, study.trial_name, study.place) == (draft.trial_id, draft.trial_name, draft.place):
            return study
    return studies[0] if len(studies) == 1 else None


def _in(passage: Passage) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, what is meant, and endpoint of each silence in a sentence."""
    for rule in _rules():
        if rule.lang not in ("any", passage.sentence.lang):
            continue
        for match in rule.pattern.finditer(passage.text):
            start, end = _clause(passage.text, match.start(), match.end())
            if any(start <= q.start < end for q in passage.quantities):
                continue
            for endpoint in endpoint_mentions(passage):
                if start <= endpoint.start < end and endpoint.code not in (NO_RESULT, "OTHER", "AE"):
                    yield match.start(), match.end(), rule.code, endpoint.code


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    before = [m.end() for m in _CLAUSE_ENDS.finditer(text, 0, start)]
    after = _CLAUSE_ENDS.search(text, end)
    return (before[-1] if before else 0), (after.start() if after else len(text))
