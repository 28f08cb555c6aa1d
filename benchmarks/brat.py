"""Corpora in brat standoff form (`NAME.txt` with `NAME.ann`) and the mapping of their labels.

A mapping is a TOML file::

    name = "PICO-Corpus"
    marks = ["iv-bin-percent"]      # a folder with one of these labels is this corpus
    near = ["outcome-measure"]      # labels that are of no concern here; any other is told of

    [labels.iv-bin-percent]
    statistic = "rate"              # of the finding; or
    slot = "n"                      #   a number told with it: n or N
    study = "n_enrolled"            #   or a field of the study, compared as a number
    roles = ["experimental", "single"]  # the arm's role; left out: any arm, or none
    units = ["%"]                   # left out: any unit
    unit_in_span = true             # whether the corpus marks the unit too: `34.5 %`, not `34.5`

A finding that fits no label is no prediction: a corpus says nothing of what it has no label for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from isa_extract.vocabulary import ARM_ROLES, STATISTICS, UNITS

SLOTS = ("n", "N")
STUDY = ("n_enrolled",)
_ENTITY = re.compile(r"T\d+\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_CODES: dict[str, tuple[str, ...]] = {"statistic": STATISTICS, "slot": SLOTS, "study": STUDY}
_LISTS: dict[str, tuple[str, ...]] = {"roles": ARM_ROLES, "units": (*UNITS, "")}
_KEYS = {*_CODES, *_LISTS, "unit_in_span"}


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A labelled stretch of text; one in several parts counts from the first to the last."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    """What a label of a corpus means in our terms."""

    statistic: str = ""
    slot: str = ""
    study: str = ""
    roles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    unit_in_span: bool = False


@dataclass(frozen=True, slots=True)
class LabelMap:
    """A corpus: its name, what it is known by, its labels, and the labels that are left alone."""

    name: str
    marks: frozenset[str]
    near: frozenset[str]
    labels: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Document:
    """A text and its marks."""

    name: str
    text: str
    marks: tuple[Mark, ...]


def load_mapping(path: Path) -> LabelMap:
    """Read a mapping.

    Raises:
        ValueError: it is none, with the label and what is wrong with it.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    labels = {}
    for name, entry in table.get("labels", {}).items():
        reason = _fault(entry)
        if reason:
            raise ValueError(f"{path}: label {name}: {reason}")
        lists = {key: tuple(entry[key]) for key in _LISTS if key in entry}
        labels[name] = Label(**{**entry, **lists})
    if not labels:
        raise ValueError(f"{path}: no label ([labels.NAME]) in it")
    return LabelMap(
        name=str(table.get("name", path.stem)),
        marks=frozenset(table.get("marks", ())),
        near=frozenset(table.get("near", ())),
        labels=labels,
    )


def load_documents(folder: Path) -> list[Document]:
    """The texts of a folder, searched recursively, with their marks.

    Raises:
        ValueError: an annotation does not fit its text.
    """
    documents = []
    for ann in sorted(folder.rglob("*.ann")):
        path = ann.with_suffix(".txt")
        if not path.is_file():
            raise ValueError(f"{ann}: no text {path.name} beside it")
        text = path.read_bytes().decode("utf-8")
        marks = tuple(sorted(_marks(ann, text)))
        documents.append(Document(ann.relative_to(folder).with_suffix("").as_posix(), text, marks))
    return documents


def labels_of(folder: Path) -> frozenset[str]:
    """Every label that a folder's annotations use; empty where there are none."""
    found = (
        match[1]
        for ann in sorted(folder.rglob("*.ann"))
        for line in ann.read_text(encoding="utf-8").splitlines()
        if (match := _ENTITY.match(line))
    )
    return frozenset(found)


def _marks(ann: Path, text: str) -> Iterator[Mark]:
    for number, line in enumerate(ann.read_text(encoding="utf-8").splitlines(), start=1):
        match = _ENTITY.match(line)
        if match is None:
            if line.startswith("T"):
                raise ValueError(f"{ann}, line {number}: not an annotation of brat: {line[:60]!r}")
            continue
        parts = [tuple(map(int, part.split())) for part in match[2].split(";")]
        start, end = parts[0][0], parts[-1][1]
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{ann}, line {number}: {start} to {end} does not lie in the text")
        yield Mark(match[1], start, end)


def _fault(entry: object) -> str:
    if not isinstance(entry, dict):
        return "not a table"
    if unknown := sorted(entry.keys() - _KEYS):
        return f"unknown key {unknown[0]}"
    if sum(key in entry for key in _CODES) != 1:
        return "it wants one of statistic, slot, study"
    for key, known in _CODES.items():
        if key in entry and entry[key] not in known:
            return f"unknown {key} {entry[key]!r}"
    for key, known in _LISTS.items():
        if wrong := [word for word in entry.get(key, ()) if word not in known]:
            return f"unknown word in {key}: {wrong[0]!r}"
    return ""
