"""Rows that were right and are not any more, and the reasons written down for them in `losses.toml`.

An entry speaks for one loss against one commit: it has to be new since the last commit. An old entry is
history, and does not excuse that the same row is lost again.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from isa_extract.scoring.change import Change, Step
from isa_extract.scoring.compare import HEADLINE, Fact
from isa_extract.scoring.gold import COMPARED
from isa_extract.scoring.report import saying

_NEEDED = ("date", "set", "row", "reason")


@dataclass(frozen=True, slots=True)
class Loss:
    """One entry of `losses.toml`."""

    date: str
    set: str
    row: str
    reason: str


def key(one: Fact) -> str:
    """A gold row's name: where and what, for people, and a digest of all that is compared."""
    row = one.row
    told = "\x1f".join(row[name] for name in (*COMPARED, "char_start"))
    place = f":{row['char_start']}" if row["char_start"] else ""
    return f"{row['doc_id']}{place} {saying(one)} #{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def load(text: str) -> list[Loss]:
    """The entries of a `losses.toml`.

    Raises:
        ValueError: an entry lacks something, or gives no reason.
    """
    losses = []
    for number, entry in enumerate(tomllib.loads(text).get("loss", []), start=1):
        for name in _NEEDED:
            if not str(entry.get(name, "")).strip():
                raise ValueError(f"entry {number} has no {name}")
        date.fromisoformat(str(entry["date"]))
        losses.append(Loss(*(str(entry[name]).strip() for name in _NEEDED)))
    return losses


def right_rows_lost(change: Change) -> list[Step]:
    """Gold rows that were right to the arm, or in every slot, and are right in fewer levels now."""
    return [step for step in change.lost if step.old.depth >= HEADLINE]


def unexplained(
    name: str, steps: Iterable[Step], entries: Iterable[Loss], before: Iterable[Loss]
) -> list[str]:
    """The keys of lost rows of a set for which there is no entry newer than the last commit."""
    old = set(before)
    told = {entry.row for entry in entries if entry.set == name and entry not in old}
    keys = [key(step.new.gold) for step in steps if step.new.gold]
    return [one for one in keys if one not in told]


def draft(name: str, row: str, today: date) -> str:
    """An entry to be completed by hand."""
    quoted = row.replace("\\", "\\\\").replace('"', '\\"')
    return f'[[loss]]\ndate = "{today.isoformat()}"\nset = "{name}"\nrow = "{quoted}"\nreason = ""\n'
