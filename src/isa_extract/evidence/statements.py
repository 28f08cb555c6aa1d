"""What one paper says, in the form in which it is kept: its studies, its values, its words of silence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

import pandas as pd

from isa_extract.evidence.normal_forms import bare
from isa_extract.evidence.table import trials_table
from isa_extract.records import Arm, Finding, Paper, Span, Study
from isa_extract.vocabulary import UNSPELT

_DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s\"<>()，。；]+")
_FRONT: Final = 8000  # characters; a DOI behind them is some reference's


@dataclass(frozen=True, slots=True)
class Telling:
    """A study as one paper tells of it.

    Attributes:
        paper: the paper's name in the store.
        ref: known by this within the paper, whatever the offsets: see ``ref_of``.
        cells: its row of the trials table.
        arms: as the paper tells them.
    """

    paper: str
    ref: str
    cells: Mapping[str, str]
    arms: tuple[Arm, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Known by this among all tellings."""
        return self.paper, self.ref


@dataclass(frozen=True, slots=True)
class Observation:
    """A value read at a place of a paper's version by a rulebook.

    Attributes:
        paper: the paper's name in the store.
        sha256: of the version's bytes.
        telling: ``ref`` of the study that it is told of.
        place: ``title``, ``abstract``, ``body``, ``table``, ``caption``, ``back`` or ``front``; empty where the layout
            does not tell.
        row: its row of the evidence table.
        revision: of the store, at which it came in; 0 while it has not.
        rulebook: fingerprint of the rules that read it.
    """

    paper: str
    sha256: str
    telling: str
    place: str
    row: Mapping[str, str]
    revision: int = 0
    rulebook: str = ""

    @property
    def evidence_id(self) -> str:
        """Of its row."""
        return self.row["evidence_id"]


@dataclass(frozen=True, slots=True)
class Silence:
    """Words that an endpoint is not reported, or not mature yet: an omission that the paper owns to.

    ``arm`` is the row's arm where the words name one; ``cells`` hold ``sentence``, ``page``, ``char_start``
    and ``char_end`` of them.
    """

    paper: str
    telling: str
    endpoint: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Statements:
    """All that one reading of a paper says."""

    tellings: tuple[Telling, ...]
    observations: tuple[Observation, ...]
    silences: tuple[Silence, ...] = ()


def statements(
    paper: Paper,
    studies: Sequence[Study],
    findings: Sequence[Finding],
    evidence: pd.DataFrame,
    silences: Sequence[tuple[Study, str, Mapping[str, str]]] = (),
    rulebook: str = "",
) -> Statements:
    """What a paper that has been read and bound says; ``evidence`` has the row of each finding."""
    known = list(dict.fromkeys([*studies, *(f.study for f in findings), *(s for s, _, _ in silences)]))
    refs: dict[Study, str] = {}
    for study in known:
        ref = ref_of(study)
        twins = sum(other == ref or other.startswith(ref + "#") for other in refs.values())
        refs[study] = f"{ref}#{twins + 1}" if twins else ref
    trials = trials_table(paper, known).to_dict("records")
    tellings = [
        Telling(paper.doc_id, refs[study], _texts(cells), tuple(map(_spelt, study.arms)))
        for study, cells in zip(known, trials, strict=True)
    ]
    rows = evidence.to_dict("records")
    observations = [
        Observation(
            paper.doc_id, paper.sha256, refs[f.study], place_of(paper, f.span), _texts(row), rulebook=rulebook
        )
        for f, row in zip(findings, rows, strict=True)
    ]
    silent = [Silence(paper.doc_id, refs[study], endpoint, cells) for study, endpoint, cells in silences]
    return Statements(tuple(tellings), tuple(observations), tuple(silent))


def ref_of(study: Study) -> str:
    """A study within its paper, by who it is and not by where it is told of."""
    arms = sorted(f"{bare(a.label)}={'+'.join(a.drugs)}" for a in study.arms)
    told = [study.trial_id, bare(study.trial_name), study.phase, study.population, *arms]
    return sha256("\x1f".join(told).encode()).hexdigest()[:12]


def place_of(paper: Paper, span: Span) -> str:
    """The part of a paper that a span begins in."""
    at = Span(span.start, span.start + 1)
    for table in paper.tables:
        if any(line.overlaps(at) for cell in table.cells for line in cell.lines):
            return "table"
    for block in paper.blocks:
        if any(line.overlaps(at) for line in block.lines):
            return block.kind if block.kind in ("title", "caption") else block.section
    return ""


def about(paper: Paper) -> dict[str, str]:
    """Title and DOI as the paper prints them; what is not found is not there."""
    found = {}
    title = next((b for b in paper.blocks if b.kind == "title"), None)
    if title is not None:
        found["title"] = " ".join(" ".join(paper.text[s.start : s.end] for s in title.lines).split())
    doi = _DOI.search(paper.text, 0, _FRONT)
    if doi is not None:
        found["doi"] = doi[0].rstrip(".,;")
    return found


def _spelt(arm: Arm) -> Arm:
    """An arm whose regimen is not all spelt out is known by its label, not by its drugs."""
    return replace(arm, drugs=()) if not UNSPELT.isdisjoint(arm.drugs) else arm


def _texts(row: Mapping[object, object]) -> dict[str, str]:
    return {str(name): str(cell) for name, cell in row.items()}
