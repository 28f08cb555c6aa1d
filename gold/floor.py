"""The scores below which no gold set may fall: `floor.toml`, which only rises."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping

from sets import Result

from isa_extract.scoring.compare import LEVELS

Floors = dict[str, dict[str, float]]

NAMES = (*LEVELS, "trials", "trials_row")
_STEPS = 1000
_SLACK = 1e-9
_HEAD = """\
# F1 that each gold set has reached, by level, rounded down. Written by `python gold/gate.py --raise`.
# It only rises: the gate fails on a score below it, and on a floor lower than the last commit's.
"""


def today(result: Result) -> dict[str, float]:
    """The F1 of one set by level."""
    scores = {name: result.score.level(name).f1 for name in LEVELS}
    if result.trials is not None:
        scores |= {"trials": result.trials.study.f1, "trials_row": result.trials.row.f1}
    return scores


def load(text: str) -> Floors:
    """The floors of a `floor.toml`.

    Raises:
        ValueError: it is no such file.
    """
    floors: Floors = {}
    for name, levels in tomllib.loads(text).items():
        if not isinstance(levels, dict):
            raise ValueError(f"{name} is not a table of levels")
        for level, floor in levels.items():
            if level not in NAMES or not isinstance(floor, int | float) or not 0 <= floor <= 1:
                raise ValueError(f"[{name}] {level} = {floor}: not a level and an F1 between 0 and 1")
        floors[name] = {level: float(floor) for level, floor in levels.items()}
    return floors


def dump(floors: Mapping[str, Mapping[str, float]]) -> str:
    """The text of `floor.toml`."""
    parts = [_HEAD]
    for name in sorted(floors):
        header = f'["{name}"]' if "/" in name else f"[{name}]"
        lines = [f"{level} = {floors[name][level]:.3f}" for level in NAMES if level in floors[name]]
        parts.append("\n".join((header, *lines)) + "\n")
    return "\n".join(parts)


def below(scores: Mapping[str, float], floor: Mapping[str, float]) -> list[str]:
    """The levels at which a set fell below its floor."""
    return [level for level in NAMES if level in floor and scores.get(level, 0.0) < floor[level] - _SLACK]


def lowered(before: Floors, now: Floors) -> list[str]:
    """Where a floor is lower than it was, or gone."""
    return [
        f"floor.toml: [{name}] {level} is {_shown(now.get(name, {}).get(level))}, "
        f"and was {floor:.3f} in the last commit"
        for name, levels in before.items()
        for level, floor in levels.items()
        if now.get(name, {}).get(level, -1.0) < floor - _SLACK
    ]


def raised(floors: Floors, before: Floors, scores: Mapping[str, Mapping[str, float]]) -> Floors:
    """The highest of the floors there are and today's scores, rounded down."""
    names = {*floors, *before, *scores}
    down = {
        name: {level: math.floor(f1 * _STEPS + _SLACK) / _STEPS for level, f1 in levels.items()}
        for name, levels in scores.items()
    }
    return {
        name: {
            level: max(one[name][level] for one in (floors, before, down) if level in one.get(name, {}))
            for level in NAMES
            if any(level in one.get(name, {}) for one in (floors, before, down))
        }
        for name in names
    }


def _shown(floor: float | None) -> str:
    return "gone" if floor is None else f"{floor:.3f}"
