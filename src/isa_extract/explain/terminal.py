"""An explanation in the terminal, by Rich; without colour where NO_COLOR is set or the output is no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from isa_extract.explain.account import MENTION, QUANTITY, Account, Row
from isa_extract.explain.families import STYLES
from isa_extract.explain.lineup import Lineup
from isa_extract.explain.place import Explanation

PLACED = ("timepoint", "followup", "subgroup", "stage", "threshold", "grade", "p_value", "n", "N")
"""Columns that a finding's line names where they are filled."""


def show(console: Console, explanation: Explanation) -> None:
    """Print the whole of it."""
    for one in explanation.accounts:
        _show(console, one, "as told" if explanation.told else "as detected")
    if explanation.tabled:
        console.print("rows of a table here", style="bold")
        _print_rows(console, explanation.tabled)
    for remark in explanation.remarks:
        console.print(remark, style="yellow", markup=False, highlight=False)


def _show(console: Console, one: Account, told: str) -> None:
    console.print(Text(f"{one.lang} ({told})  ", style="dim") + _marked(one), soft_wrap=True)
    place = f"{one.span.start}–{one.span.end}"
    console.print(Text(f"{place}  {one.where}", style="dim"))
    console.print()
    if one.mentions:
        console.print(_mentions(one))
        console.print()
    if one.quantities:
        console.print(_grid(QUANTITY, one.quantities))
        console.print()
    _show_study(console, one)
    for number, lineup in enumerate(one.groups, 1):
        _show_lineup(console, number, lineup)
    if not one.rows:
        console.print("no finding: no value with an endpoint", style="yellow")
    _print_rows(console, one.rows)
    console.print()


def _marked(one: Account) -> Text:
    shown = Text()
    for piece in one.pieces:
        colour = STYLES.get(piece.family, "")
        shown.append(piece.text, f"{colour} bold underline".strip() if piece.value else colour)
    return shown


def _mentions(one: Account) -> Table:
    grid = _grid(MENTION, ())
    for family, kind, text, code, at, rule in one.mentions:
        cells = (Text(kind, style=STYLES[family]), Text(text), Text(code))
        grid.add_row(*cells, Text(at, style="dim"), Text(rule, style="dim"))
    return grid


def _grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    return grid


def _show_study(console: Console, one: Account) -> None:
    if not one.study:
        console.print("background: no study here whose values count", style="yellow")
        console.print()
        return
    console.print(Text.assemble(("study  ", "bold"), one.study))
    for arm in one.arms:
        also = f"  also {', '.join(arm.names)}" if arm.names else ""
        role = f"  {arm.role}" if arm.role else ""
        console.print(Text.assemble("  ", (arm.label, "bright_green"), f"  {arm.drugs}{role}", (also, "dim")))
    if not one.arms:
        console.print(Text("  no arm is known", style="red"))
    if one.named:
        told = ", ".join(f"{text} → {label}" if text != label else label for text, label in one.named)
        console.print(Text.assemble(("named here  ", "bold"), told))
    for state in one.states:
        here = "" if state.here == state.carried else f" → {state.here or 'nothing'}"
        console.print(Text.assemble((f"{state.name}  ", "bold"), state.carried or "nothing", here))
    console.print()


def _show_lineup(console: Console, number: int, one: Lineup) -> None:
    title = Text.assemble((f"group {number}  ", "bold"), (" · ".join(one.values), "bold underline"))
    title.append("  " + ", ".join(one.endpoints), style="bright_cyan")
    if one.parent:
        title.append(f"  in the bracket of {one.parent}", style="dim")
    console.print(title)
    if one.silent:
        console.print(Text(f"  {one.silent}", style="yellow"))
    for voice in one.voices:
        if not voice.whose:
            console.print(Text(f"    {voice.reader:<12} –", style="dim"))
            continue
        style = "bold green" if voice.decides else ""
        sign = "▸" if voice.decides else " "
        line = Text(f"  {sign} {voice.reader:<12} ", style=style)
        line.append(voice.whose, style=style).append(f"  {voice.binding}: {voice.why}", style="italic")
        console.print(line)
    if one.voices and not any(voice.decides for voice in one.voices):
        console.print(Text("  no reader sees whose it is", style="red"))
    for name, said in (("direction", one.directions), ("turned", one.turned), ("in the end", one.outcome)):
        if said:
            console.print(Text.assemble("    ", (f"{name:<12} ", "bright_magenta"), said))
    console.print()


def _print_rows(console: Console, rows: Iterable[Row]) -> None:
    for row in rows:
        console.print(_row(row))


def _row(row: Row) -> Text:
    finding = row.finding
    term = f" {finding.endpoint_term}" if finding.endpoint_term else ""
    shown = Text.assemble(
        (row.written, "bold underline"),
        "  ",
        (finding.endpoint + term, "bright_cyan"),
        f" {finding.statistic}  ",
        (finding.arm.label if finding.arm else "no arm", "bright_green" if finding.arm else "red"),
    )
    if finding.comparator:
        shown.append(f" against {finding.comparator.label}", style="bright_green")
    if finding.ci_low or finding.ci_high:
        shown.append(f"  interval {finding.ci_low}–{finding.ci_high}")
    for name in PLACED:
        if cell := getattr(finding, name):
            shown.append(f"  {name.replace('_value', '')} {cell}")
    told = finding.study.trial_name or finding.study.trial_id
    shown.append(f"  [{told}]" if told else "  [no study named]", style="dim")
    shown.append(f"\n    {finding.binding or 'unbound'}: {finding.why}", style="italic")
    if finding.flags:
        shown.append(f"\n    flags: {', '.join(finding.flags)}", style="red")
    if row.fate:
        shown.append(f"\n    {row.fate}", style="yellow")
    return shown
