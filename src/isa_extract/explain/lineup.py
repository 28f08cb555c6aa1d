"""Each group of values with all who were asked whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isa_extract.binding.directions import checked_by_direction, direction
from isa_extract.binding.effects import effect_arms
from isa_extract.binding.groups import Group
from isa_extract.binding.notes import Asked, Note
from isa_extract.binding.readings import asked
from isa_extract.binding.view import Reading, View
from isa_extract.records import Arm, Finding


@dataclass(frozen=True, slots=True)
class Voice:
    """One reader: what it saw (nothing if ``whose`` is empty); ``decides`` marks the first that saw something."""

    reader: str
    whose: str = ""
    binding: str = ""
    why: str = ""
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Lineup:
    """A group of values; ``silent`` says why nobody was asked, ``turned`` what a direction word turned,
    ``outcome`` what its rows say where that is not what the readers said."""

    values: tuple[str, ...]
    endpoints: tuple[str, ...]
    parent: str = ""
    silent: str = ""
    voices: tuple[Voice, ...] = ()
    directions: str = ""
    turned: str = ""
    outcome: str = ""


def lineups(note: Note) -> Iterator[Lineup]:
    """The groups of a sentence in order."""
    text = note.passage.text
    for one in note.asked.values():
        values = tuple(text[q.start : q.end] for q in one.group.members)
        endpoints = tuple(dict.fromkeys(f"{e.code} {e.term}".strip() for e in one.chosen))
        parent = text[one.group.parent.start : one.group.parent.end] if one.group.parent else ""
        if one.view is None:
            yield Lineup(values, endpoints, parent, silent=_silence(one))
            continue
        heard = _heard(note, one, one.view)
        first = next((i for i, (_, reading) in enumerate(heard) if reading is not None), -1)
        voices = tuple(_voice(name, reading, i == first) for i, (name, reading) in enumerate(heard))
        yield Lineup(
            values,
            endpoints,
            parent,
            voices=voices,
            directions=_directions(one.view),
            turned=_turned(one.view, heard[first][1] if first >= 0 else None, one),
            outcome=_outcome(note, one),
        )


def _silence(one: Asked) -> str:
    if not one.result:
        return "no result: planned, background, or a difference told in passing"
    if one.chosen:
        return "no result: exposure, dose intensity or logistics"
    return "no endpoint is told for it"


def _heard(note: Note, one: Asked, view: View) -> Sequence[tuple[str, Reading | None]]:
    """The readers of this kind of group, in order, each with what it saw."""
    if one.group.effect:
        return [("effect_arms", effect_arms(view))]
    if one.group.parent is not None:
        owner = next((o for o in note.asked.values() if one.group.parent in o.group.members), None)
        if owner is not None and owner.reading is not None:
            return [("nested", one.reading)]
        return [("nested", None), *asked(view)]
    return list(asked(view))


def _voice(name: str, reading: Reading | None, decides: bool) -> Voice:
    if reading is None:
        return Voice(name)
    return Voice(name, _whose(reading), reading.binding, reading.why, decides)


def _whose(reading: Reading) -> str:
    labels = [a.label if a else "no arm" for a in reading.arms]
    return ("each of " if reading.everyone else "") + ", ".join(labels)


def _directions(view: View) -> str:
    """What the clause's direction words say of each arm of the study."""
    if view.group.effect or not view.passage.of("direction"):
        return ""
    arms: Sequence[Arm] = view.study.arms
    said = {arm.label: direction(view, arm) for arm in arms}
    words = ", ".join(f"'{m.text}'" for m in view.passage.of("direction"))
    told = "; ".join(
        f"of {name}: {'higher' if way == 'up' else 'lower'}" for name, way in said.items() if way
    )
    return f"{words} say {told}" if told else f"{words} say nothing of this group"


def _turned(view: View, first: Reading | None, one: Asked) -> str:
    if first is None or one.group.effect or one.group.parent is not None:
        return ""
    turned = checked_by_direction(view, first)
    return f"{_whose(turned)}: {turned.why}" if turned != first else ""


def _outcome(note: Note, one: Asked) -> str:
    """What the rows say, where the values go over something else than arms."""
    rows = _rows_of(note, one.group)
    said = one.reading.why if one.reading else ""
    others = dict.fromkeys(
        f"{f.arm.label if f.arm else 'no arm'}: {f.why}" for f in rows if f.why != said and (said or f.arm)
    )
    return "; ".join(others)


def _rows_of(note: Note, group: Group) -> list[Finding]:
    spans = {note.passage.sentence.span(q.start, q.end) for q in group.members}
    return [f for f in note.findings if f.span in spans]
