"""What there is to tell of a sentence, in words: the terminal and the page show the same account.

All places are the paper's: half-open offsets into ``Paper.text``, as ``char_start`` and ``char_end``.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isa_extract.binding.discourse import Discourse
from isa_extract.binding.notes import Note
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster
from isa_extract.explain.families import family
from isa_extract.explain.lineup import Lineup, lineups
from isa_extract.records import Arm, Block, Finding, Paper, Span

_ALIASES = 16
"""Other names of an arm that are shown."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the sentence of one colour; ``told`` says of which mentions it is part."""

    text: str
    family: str = ""
    told: str = ""
    value: bool = False


@dataclass(frozen=True, slots=True)
class ArmTold:
    """An arm of the study spoken of, with the other names that it goes by."""

    label: str
    drugs: str
    role: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """One thing that goes on from sentence to sentence: as it came, and after the sentence's own opening."""

    name: str
    carried: str
    here: str


@dataclass(frozen=True, slots=True)
class Row:
    """A finding of the sentence; ``fate`` is empty if it is a row of the table, else what became of it."""

    finding: Finding
    written: str
    fate: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """All that is told of one sentence; ``study`` is empty where it is background."""

    lang: str
    span: Span
    where: str
    pieces: tuple[Piece, ...]
    mentions: tuple[tuple[str, ...], ...]
    quantities: tuple[tuple[str, ...], ...]
    study: str
    arms: tuple[ArmTold, ...]
    named: tuple[tuple[str, str], ...]
    states: tuple[State, ...]
    groups: tuple[Lineup, ...]
    rows: tuple[Row, ...]


MENTION = ("kind", "text", "code", "at", "rule")
QUANTITY = ("quantity", "value", "unit", "statistic", "interval", "n/N", "at")
"""Headings of the two tables of an account; a mention's first cell is its family, which has no heading."""


def paper_of(text: str) -> Paper:
    """A paper that is one paragraph of running text."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    block = Block("paragraph", (Span(0, len(text)),))
    return Paper(doc_id="sentence", source="", sha256=digest, text=text, blocks=(block,))


def account(paper: Paper, note: Note, findings: Sequence[Finding]) -> Account:
    """What is told of the sentence that the note is about.

    Args:
        findings: of the whole paper, checked.
    """
    passage = note.passage
    span = span_of(passage)
    own = {f.span for f in note.findings}
    rows = tuple(_rows(paper, note, [f for f in findings if f.span in own]))
    return Account(
        lang=passage.sentence.lang,
        span=span,
        where=_where(paper, passage),
        pieces=tuple(_pieces(passage)),
        mentions=tuple(_mentions(passage)),
        quantities=tuple(_quantities(passage)),
        study=_study(note),
        arms=tuple(_arms(note.roster)) if note.roster else (),
        named=tuple((passage.text[a.start : a.end], a.arm.label) for a in note.named),
        states=tuple(_states(note.carried, note.entered)) if note.carried and note.entered else (),
        groups=tuple(lineups(note)),
        rows=rows,
    )


def span_of(passage: Passage) -> Span:
    """The sentence's place in the paper."""
    return passage.sentence.span(0, len(passage.text))


def _where(paper: Paper, passage: Passage) -> str:
    sentence = passage.sentence
    page = paper.page_at(sentence.origin[0])
    return ", ".join(filter(None, (f"page {page.number}" if page else "", sentence.section, sentence.kind)))


def _place(passage: Passage, start: int, end: int) -> str:
    span = passage.sentence.span(start, end)
    return f"{span.start}–{span.end}"


def _pieces(passage: Passage) -> Iterator[Piece]:
    """The sentence cut wherever a mention or a value begins or ends; the shortest mention gives the colour."""
    values = [(q.start, q.end) for q in passage.quantities]
    edges = {0, len(passage.text), *(e for v in values for e in v)}
    edges |= {e for m in passage.mentions for e in (m.start, m.end)}
    cuts = sorted(edges)
    for start, end in itertools.pairwise(cuts):
        over = [m for m in passage.mentions if m.start <= start and end <= m.end]
        over.sort(key=lambda m: m.end - m.start)
        told = "\n".join(f"{m.kind}: {m.code or m.text} ({m.rule})" for m in over)
        value = any(a <= start and end <= b for a, b in values)
        yield Piece(passage.text[start:end], family(over[0].kind) if over else "", told, value)


def _mentions(passage: Passage) -> Iterator[tuple[str, ...]]:
    for m in sorted(passage.mentions, key=lambda m: (m.kind, m.start)):
        yield (family(m.kind), m.kind, m.text, m.code, _place(passage, m.start, m.end), m.rule)


def _quantities(passage: Passage) -> Iterator[tuple[str, ...]]:
    for q in passage.quantities:
        sign = "" if q.qualifier == "=" else q.qualifier
        level = f" ({q.interval.level}%)" if q.interval and q.interval.level else ""
        yield (
            passage.text[q.start : q.end],
            sign + q.value,
            q.unit,
            q.statistic,
            f"{q.interval.low}–{q.interval.high}{level}" if q.interval else "",
            "/".join(part for part in (q.n, q.N) if part),
            _place(passage, q.start, q.end),
        )


def _study(note: Note) -> str:
    if note.study is None:
        return ""
    s = note.study
    phase = f"phase {s.phase}" if s.phase else ""
    told = (s.trial_name, s.trial_id, phase, s.population, " ".join(s.design))
    return ", ".join(filter(None, told)) or "a study without a name"


def _arms(roster: Roster) -> Iterator[ArmTold]:
    for arm in roster.arms:
        names = dict.fromkeys(
            name
            for book in (roster.aliases, roster.written)
            for name, of in book.items()
            if of == arm and name != arm.label
        )
        yield ArmTold(arm.label, " + ".join(arm.drugs), arm.role, tuple(names)[:_ALIASES])


def _states(carried: Discourse, here: Discourse) -> Iterator[State]:
    for name, before, after in zip(_NAMES, _told(carried), _told(here), strict=True):
        if before or after:
            yield State(name, before, after)


_NAMES = (
    "order of arms", "topic", "endpoint", "follow-up", "subgroup", "stage", "threshold", "grade", "landmark"
)  # fmt: skip


def _told(state: Discourse) -> tuple[str, ...]:
    e, order = state.endpoint, state.order
    return (
        ", ".join(label(a) for a in order.arms),
        label(order.topic) if order.topic else "",
        f"{e.code} {e.term}".strip() if e else "",
        state.followup,
        state.subgroup,
        state.stage,
        state.threshold,
        state.severity,
        " of ".join(filter(None, state.landmark)),
    )


def label(arm: Arm | None) -> str:
    """An arm in a word; 'no arm' for none."""
    return arm.label if arm else "no arm"


def _rows(paper: Paper, note: Note, kept: Sequence[Finding]) -> Iterator[Row]:
    for f in kept:
        yield Row(f, paper.text[f.span.start : f.span.end])
    there = {(f.span, f.arm, f.endpoint, f.endpoint_term) for f in kept}
    for f in note.findings:
        if (f.span, f.arm, f.endpoint, f.endpoint_term) not in there:
            written = paper.text[f.span.start : f.span.end]
            yield Row(f, written, "no row of its own: the paper said the same before")
