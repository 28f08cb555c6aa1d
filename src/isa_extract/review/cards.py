"""What papers say of one fact, as cards that stand side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, select

from isa_extract.evidence.decisions import FIXED, Claim
from isa_extract.evidence.facts import Cut, Fact
from isa_extract.evidence.statements import Observation
from isa_extract.evidence.store.paper_text import unpacked
from isa_extract.evidence.store.schema import paper_text
from isa_extract.records import Paper
from isa_extract.report.quote import Quote, quote
from isa_extract.report.rows import Row
from isa_extract.report.words import BINDING_WORDS, FlagWords, flag_words
from isa_extract.review.lines import said
from isa_extract.vocabulary import EVIDENCE_COLUMNS

CORRECTABLE: Final = tuple(name for name in EVIDENCE_COLUMNS if name not in FIXED)
"""The columns that a correction may set, in the contract's order."""

FIRST: Final = ("value", "unit", "qualifier", "ci_low", "ci_high", "p_value", "n", "N", "followup")
"""Those that a form shows at once; the others are behind a fold."""

_PLACES: Final = {"": "", "back": "end matter", "front": "front matter"}

PaperOf = Callable[[Observation], Paper | None]
"""The text of an observation's paper, if it is kept."""


@dataclass(frozen=True, slots=True)
class Card:
    """An observation beside the others.

    Attributes:
        row: as it stands, corrected cells among them.
        claim: it.
        quote: its sentence with the value picked out.
        read: the value as it was read, where a person corrected it.
        newer: what a newer reading says, where it disagrees with the decision.
        stands: whether it is one of the values of the table; else a decision has set it aside.
    """

    row: Row
    claim: Claim
    quote: Quote
    read: str = ""
    newer: str = ""
    stands: bool = True

    @property
    def id(self) -> str:
        """The ``evidence_id``."""
        return self.claim.observation.evidence_id

    @property
    def where(self) -> str:
        """The part of the paper."""
        place = self.claim.observation.place
        return _PLACES.get(place, place)

    @property
    def flags(self) -> list[FlagWords]:
        """In words."""
        return [flag_words(flag) for flag in self.row.flags]

    @property
    def binding(self) -> str:
        """How its arm was found, in words."""
        return BINDING_WORDS.get(self.row["binding"], "")

    @property
    def seen(self) -> str:
        """A fingerprint of what is shown: a decision is about this and nothing that came later."""
        return fingerprint(self.claim)


@dataclass(frozen=True, slots=True)
class CutView:
    """A data cut: its cards in columns, one for each value."""

    cut: Cut
    latest: bool
    columns: tuple[tuple[str, tuple[Card, ...]], ...]


def fingerprint(claim: Claim) -> str:
    """Of a row as it stands, and of the decision that it stands by."""
    told = [f"{name}={claim.row[name]}" for name in EVIDENCE_COLUMNS]
    told.append(str(claim.decision.id if claim.decision else 0))
    return sha256("\x1f".join(told).encode("utf-8", "replace")).hexdigest()[:16]


def cuts(fact: Fact, paper_of: PaperOf) -> list[CutView]:
    """The cuts of a fact, the latest first."""
    views = []
    for cut in reversed(fact.cuts):
        columns = [
            (said(Row(0, p.lead.row)), tuple(_card(claim, paper_of) for claim in p.claims))
            for p in cut.positions
        ]
        if cut.aside:
            columns.append(("set aside", tuple(_card(claim, paper_of, False) for claim in cut.aside)))
        views.append(CutView(cut, cut is fact.latest, tuple(columns)))
    return views


def _card(claim: Claim, paper_of: PaperOf, stands: bool = True) -> Card:
    row, read = Row(0, claim.row), Row(0, claim.observation.row)
    quoted = quote(row, None)
    if not quoted.sure:
        quoted = quote(row, paper_of(claim.observation))
    changed = claim.decision is not None and any(claim.row[name] != read[name] for name in CORRECTABLE)
    newer = Row(0, claim.newer.row) if claim.newer else None
    return Card(
        row,
        claim,
        quoted,
        read=f"{read.arms or 'no arm'}, {read.endpoint}: {said(read)}" if changed else "",
        newer=f"{newer.arms or 'no arm'}, {newer.endpoint}: {said(newer)}" if newer else "",
        stands=stands,
    )


def no_text(observation: Observation) -> None:
    """For lists: papers are not unpacked for a glance."""


def kept_text(connection: Connection) -> PaperOf:
    """Looks papers up in the store."""

    def paper_of(observation: Observation) -> Paper | None:
        query = select(paper_text.c.data).where(paper_text.c.sha256 == observation.sha256)
        data = connection.scalar(query)
        try:
            return unpacked(data, observation.paper, "") if data is not None else None
        except ValueError:  # kept by another version: the sentence alone is shown
            return None

    return paper_of
