"""One sentence under the lamp: what each rule saw in it and how each value was bound."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from isa_extract.binding.assemble import extract
from isa_extract.binding.passages import Passage, passages
from isa_extract.finding.match import Mention, find
from isa_extract.finding.quantities import quantities
from isa_extract.finding.quantity import Quantity
from isa_extract.language.detect import Language
from isa_extract.records import Block, Finding, Paper, Span

_COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
_PLACED = ("timepoint", "followup", "subgroup", "stage", "threshold", "grade", "p_value", "n", "N")


def show_sentence(console: Console, text: str, lang: Language | None = None) -> None:
    """Print the sentence's mentions by kind, its quantities, and each finding with its reason.

    ``lang`` overrules the detected language for the mentions; the findings are those of a paper that
    holds nothing but the sentence.
    """
    paper = paper_of(text)
    found = [_in_language(p, lang) for p in passages(paper)[0]]
    if not found:
        console.print("no sentence in it", style="red")
        return
    for passage in found:
        _show_passage(console, passage, lang)
    findings = extract(paper).findings
    if not findings:
        console.print("no finding: no value with an endpoint", style="yellow")
    for finding in findings:
        console.print(_finding(paper, finding))


def paper_of(text: str) -> Paper:
    """A paper that is one paragraph of running text."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    block = Block("paragraph", (Span(0, len(text)),))
    return Paper(doc_id="sentence", source="", sha256=digest, text=text, blocks=(block,))


def _in_language(passage: Passage, lang: Language | None) -> Passage:
    if lang is None or lang == passage.sentence.lang:
        return passage
    sentence = replace(passage.sentence, lang=lang)
    mentions = find(sentence)
    return replace(passage, sentence=sentence, mentions=mentions, quantities=quantities(sentence, mentions))


def _show_passage(console: Console, passage: Passage, lang: Language | None) -> None:
    colours = _colours(passage.mentions)
    shown = Text(passage.text)
    for m in passage.mentions:
        shown.stylize(colours[m.kind], m.start, m.end)
    for q in passage.quantities:
        shown.stylize("bold underline", q.start, q.end)
    told = "as told" if lang else "as detected"
    console.print(Text(f"{passage.sentence.lang} ({told})  ", style="dim") + shown, soft_wrap=True)
    console.print(_mentions(passage.mentions, colours))
    if passage.quantities:
        console.print(_quantities(passage.text, passage.quantities))
    console.print()


def _colours(mentions: Sequence[Mention]) -> dict[str, str]:
    kinds = sorted({m.kind for m in mentions})
    return {kind: _COLOURS[i % len(_COLOURS)] for i, kind in enumerate(kinds)}


def _grid(*headings: str) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    return grid


def _mentions(mentions: Sequence[Mention], colours: dict[str, str]) -> Table:
    grid = _grid("kind", "text", "code", "at", "rule")
    for m in sorted(mentions, key=lambda m: (m.kind, m.start)):
        place = Text(f"{m.start}–{m.end}", style="dim")
        grid.add_row(
            Text(m.kind, style=colours[m.kind]), Text(m.text), Text(m.code), place, Text(m.rule, style="dim")
        )
    return grid


def _quantities(text: str, found: Sequence[Quantity]) -> Table:
    grid = _grid("quantity", "value", "unit", "statistic", "interval", "n/N")
    for q in found:
        sign = "" if q.qualifier == "=" else q.qualifier
        level = f" ({q.interval.level}%)" if q.interval and q.interval.level else ""
        interval = f"{q.interval.low}–{q.interval.high}{level}" if q.interval else ""
        share = "/".join(part for part in (q.n, q.N) if part)
        row = (text[q.start : q.end], sign + q.value, q.unit, q.statistic, interval, share)
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def _finding(paper: Paper, finding: Finding) -> Text:
    written = paper.text[finding.span.start : finding.span.end]
    term = f" {finding.endpoint_term}" if finding.endpoint_term else ""
    shown = Text.assemble(
        (written, "bold underline"),
        "  ",
        (finding.endpoint + term, "cyan"),
        f" {finding.statistic}  ",
        (finding.arm.label if finding.arm else "no arm", "green" if finding.arm else "red"),
    )
    if finding.comparator:
        shown.append(f" against {finding.comparator.label}", style="green")
    if finding.ci_low or finding.ci_high:
        shown.append(f"  interval {finding.ci_low}–{finding.ci_high}")
    for name in _PLACED:
        if cell := getattr(finding, name):
            shown.append(f"  {name.replace('_value', '')} {cell}")
    told = finding.study.trial_name or finding.study.trial_id
    shown.append(f"  [{told}]" if told else "  [no study named]", style="dim")
    shown.append(f"\n    {finding.binding or 'unbound'}: {finding.why}", style="italic")
    if finding.flags:
        shown.append(f"\n    flags: {', '.join(finding.flags)}", style="red")
    return shown
