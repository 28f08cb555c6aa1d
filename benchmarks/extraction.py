"""What the extractor finds in a text of a corpus, and the words that it found it by.

Corpora mark words; a `Finding` has codes and one span, the number's. `surface` goes back to the words:

* the value: the number, the unit right behind it, and a count around it (`4 ( 3.8 % )`);
* the outcome: the nearest mention of the finding's endpoint in the sentence, with `median` or `mean`
  before it, and `rate` or an abbreviation in brackets behind it;
* the arm: the nearest words in the sentence that name the finding's arm, with `group` or `arm` behind
  them; else the arm's label, though the sentence does not have it so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from isa_extract.binding.endpoints import endpoint_mentions
from isa_extract.binding.passages import Passage, passages
from isa_extract.pipeline.paper import extract_with
from isa_extract.reading import Reader
from isa_extract.records import Arm, Finding, Paper, Span, Study

_UNIT = re.compile(r"\s*(?:%|percent\b|per cent\b|(?:month|year|week|day|hour|minute)s?\b)", re.IGNORECASE)
_BEHIND = re.compile(r"\s*\(\s*(?:n\s*=\s*)?\d+(?:\s*(?:/|of|out of)\s*\d+)?\s*\)")
_COUNT_BEFORE = re.compile(r"\d+(?:\s*/\s*\d+)?\s*\(\s*$")
_CLOSED = re.compile(r"\s*\)")
_BEFORE_OUTCOME = re.compile(r"\b(?:median|mean)\s+$", re.IGNORECASE)
_BEHIND_OUTCOME = re.compile(r"(?:\s+rates?\b)?(?:\s*\(\s*[A-Z][\w-]*\s*\))?")
_BEHIND_ARM = re.compile(r"\s+(?:group|arm)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Surface:
    """A finding in the words of its text; an arm that is not told is empty.

    ``span`` is the value's with its unit and the count around it, ``with_unit`` without the count.
    """

    outcome: str
    arm: str
    value: str
    span: Span
    with_unit: Span


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text and what was found in it."""

    text: str
    findings: tuple[Finding, ...]
    studies: tuple[Study, ...]
    surfaces: tuple[Surface, ...]


def read_all(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Reading]]:
    """Extract texts one by one, each as a paper of its own, by name."""
    with TemporaryDirectory() as folder, Reader() as reader:
        path = Path(folder) / "text.txt"
        for name, text in texts:
            path.write_bytes(text.encode("utf-8"))
            result = extract_with(reader, path, "text")
            surfaces = surfaces_of(result.paper, result.findings)
            yield name, Reading(result.paper.text, result.findings, result.studies, surfaces)


def surfaces_of(paper: Paper, findings: Sequence[Finding]) -> tuple[Surface, ...]:
    """Each finding in the words of the text."""
    if not findings:
        return ()
    found, _ = passages(paper)
    return tuple(_surface(paper.text, found, finding) for finding in findings)


def _surface(text: str, found: Sequence[Passage], finding: Finding) -> Surface:
    passage = next((one for one in found if _whole(one).holds(finding.span)), None)
    span = value_span(text, finding.span)
    outcome, arm = "", finding.arm.label if finding.arm else ""
    if passage is not None:
        if (place := _nearest(_endpoints(passage, finding), finding.span)) is not None:
            outcome = _grown(text, place, _BEFORE_OUTCOME, _BEHIND_OUTCOME)
        if finding.arm and (place := _nearest(_arms(passage, finding.arm), finding.span)) is not None:
            arm = _grown(text, place, None, _BEHIND_ARM)
    return Surface(outcome, arm, text[span.start : span.end], span, unit_span(text, finding.span))


def value_span(text: str, span: Span) -> Span:
    """A value with its unit and the count it is told with."""
    start, end = span.start, unit_span(text, span).end
    before, closed = _COUNT_BEFORE.search(text, 0, start), _CLOSED.match(text, end)
    if before and closed:
        return Span(before.start(), closed.end())
    if behind := _BEHIND.match(text, end):
        end = behind.end()
    return Span(start, end)


def unit_span(text: str, span: Span) -> Span:
    """A value with its unit, where that stands right behind it."""
    unit = _UNIT.match(text, span.end)
    return Span(span.start, unit.end() if unit else span.end)


def _whole(passage: Passage) -> Span:
    return passage.sentence.span(0, len(passage.text))


def _endpoints(passage: Passage, finding: Finding) -> Iterator[Span]:
    for one in endpoint_mentions(passage):
        if one.code == finding.endpoint and one.term.lower() == finding.endpoint_term.lower():
            yield passage.sentence.span(one.start, one.end)


def _arms(passage: Passage, arm: Arm) -> Iterator[Span]:
    label = arm.label.lower()
    for regimen in passage.regimens:
        if regimen.label.lower() == label or (arm.drugs and regimen.drugs == arm.drugs):
            yield passage.sentence.span(regimen.start, regimen.end)
    for mention in passage.of("arm-role", "arm-letter", "arm-named"):
        if mention.text.lower() == label or (mention.kind == "arm-role" and mention.code == arm.role):
            yield passage.sentence.span(mention.start, mention.end)
    for match in re.finditer(re.escape(label), passage.text.lower()) if label else ():
        yield passage.sentence.span(match.start(), match.end())


def _nearest(places: Iterable[Span], value: Span) -> Span | None:
    """The nearest to a value, those before it first where two are equally near."""

    def distance(place: Span) -> tuple[int, bool]:
        return max(value.start - place.end, place.start - value.end, 0), place.start > value.start

    return min(places, key=distance, default=None)


def _grown(text: str, place: Span, before: re.Pattern[str] | None, behind: re.Pattern[str]) -> str:
    start, end = place.start, place.end
    if before and (match := before.search(text, max(0, start - 20), start)):
        start = match.start()
    if match := behind.match(text, end):
        end = match.end()
    return text[start:end]
