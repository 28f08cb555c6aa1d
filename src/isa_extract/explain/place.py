"""Which sentences are asked about: all of a text, those at a place of a paper, or those that hold some words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from isa_extract.binding.assemble import extract
from isa_extract.binding.notes import Note
from isa_extract.binding.passages import Passage
from isa_extract.checking import check
from isa_extract.checking.scans import mark_scanned
from isa_extract.errors import PaperError
from isa_extract.explain.account import Account, Row, account, paper_of, span_of
from isa_extract.language.detect import Language
from isa_extract.records import Paper, Span

MOST = 12
"""Sentences that are told of at once."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Accounts of sentences, rows of tables at the place, and remarks, each a line."""

    title: str
    accounts: tuple[Account, ...]
    tabled: tuple[Row, ...] = ()
    remarks: tuple[str, ...] = ()
    told: Language | None = None


def of_text(text: str, lang: Language | None = None) -> Explanation:
    """A text that stands alone, as a paper of one paragraph; ``lang`` overrules the detected language."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # no lone surrogates, as in a paper
    made = _explained(paper_of(text), lang, None)
    remarks = () if made.accounts else ("no sentence in it",)
    return Explanation("A sentence", made.accounts, remarks=remarks, told=lang)


def of_place(paper: Paper, place: Span, lang: Language | None = None) -> Explanation:
    """What stands at a place of a paper: offsets into its text, as ``char_start`` and ``char_end``.

    Raises:
        PaperError: if the place is not in the text.
    """
    if place.end > len(paper.text):
        reason = f"{place.start}-{place.end} is not in its text of {len(paper.text)} characters"
        raise PaperError(paper.source, reason, "--at takes char_start-char_end of this paper's rows")
    return _explained(paper, lang, [place])


def of_words(paper: Paper, words: str, lang: Language | None = None) -> Explanation:
    """The sentences that hold the words; white space and line ends do not count.

    Raises:
        PaperError: if the text does not hold them.
    """
    pattern = r"\s*".join(map(re.escape, "".join(words.split())))
    places = [Span(*m.span()) for m in re.finditer(pattern, paper.text)] if pattern else []
    if not places:
        raise PaperError(
            paper.source, f"its text does not hold {words!r}", "look it up in texts/ of a run, as it was read"
        )
    return _explained(paper, lang, places)


def _explained(paper: Paper, lang: Language | None, places: Sequence[Span] | None) -> Explanation:
    notes: dict[int, Note] = {}
    findings = mark_scanned(check(extract(paper, lang, notes).findings), paper)
    met = [i for i, note in notes.items() if places is None or _is_at(note.passage, places)]
    cells = _cells_at(paper, places or ())
    tabled = tuple(Row(f, paper.text[f.span.start : f.span.end]) for f in findings if _meets(f.span, cells))
    remarks = [f"… and {len(met) - MOST} more sentences"] if places is not None and len(met) > MOST else []
    if not met and places:
        remarks.append(_elsewhere(paper, places[0], bool(tabled)))
    shown = met if places is None else met[:MOST]
    accounts = tuple(account(paper, notes[i], findings) for i in shown)
    return Explanation(paper.doc_id, accounts, tabled, tuple(remarks), lang)


def _meets(span: Span, places: Sequence[Span]) -> bool:
    """Whether one of the places, sorted and apart, shares a character with the span; an empty one has one."""
    i = bisect_right(places, span.start, key=lambda p: max(p.end, p.start + 1))
    return i < len(places) and places[i].start < span.end


def _is_at(passage: Passage, places: Sequence[Span]) -> bool:
    """Whether the sentence is at one of the places; what stands between its lines (a table) is no part of it."""
    whole = span_of(passage)
    return _meets(whole, places) and any(
        _meets(Span(max(line.start, whole.start), min(line.end, whole.end)), places)
        for line in passage.sentence.lines
        if line.overlaps(whole)
    )


def _cells_at(paper: Paper, places: Sequence[Span]) -> list[Span]:
    """The lines of table cells at the places."""
    cells = [line for table in paper.tables for cell in table.cells for line in cell.lines]
    return sorted(line for line in cells if _meets(line, places))


def _elsewhere(paper: Paper, place: Span, rows: bool) -> str:
    """What stands at a place that is in no sentence read for results."""
    for block in paper.blocks:
        if any(_meets(line, [place]) for line in block.lines):
            where = f"{block.kind} of section '{block.section}'" if block.section else block.kind
            return f"a {where}: not read for results"
    if _cells_at(paper, [place]):
        return "a table cell" + ("" if rows else " that gave no row")
    return "a running head, page number or other matter that belongs to no paragraph"
