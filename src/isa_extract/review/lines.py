"""The facts of a store as a reviewer looks through them: a line each, its states, the filters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from isa_extract.evidence.across import remarks
from isa_extract.evidence.facts import Evidence, Fact
from isa_extract.evidence.history import Revision
from isa_extract.evidence.normal_forms import CONTRASTS
from isa_extract.report.rows import Row, endpoint_rank
from isa_extract.report.words import endpoint_name
from isa_extract.vocabulary import EVIDENCE_COLUMNS

STATES: Final[Mapping[str, str]] = {
    "conflict": "in conflict",
    "new": "new",
    "confirmed": "confirmed",
    "updated": "updated",
    "withdrawn": "withdrawn",
    "flagged": "flagged",
    "decided": "decided",
}
"""State and how the page calls it. New, confirmed, updated and withdrawn are what the ledger said of a fact
last; in conflict, flagged (a row's flag, or a check across rows) and decided are as it stands."""

NO_ARM: Final = "no arm named"


@dataclass(frozen=True, slots=True)
class Line:
    """A fact in the list.

    Attributes:
        id: the fact's.
        study: the study's key; `study_name` is what people call it.
        arms: labels of its arm and, of a contrast, of the comparator.
        endpoint: a code; `row` has it in words.
        row: the telling that stands for it, at the latest data cut.
        states: of ``STATES``.
        values: those of the latest cut, in words.
        fact: None where no paper says it any more.
        checks: what checks across rows say of it.
        note: what the ledger said of it last.
    """

    id: str
    study: str
    study_name: str
    arms: tuple[str, ...]
    endpoint: str
    row: Row
    states: tuple[str, ...]
    values: tuple[str, ...]
    fact: Fact | None
    checks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reviewer wants to see; an empty one lets everything through."""

    study: str = ""
    arm: str = ""
    endpoint: str = ""
    state: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Filters:
        """Those of a query string or form."""
        return cls(*(told.get(name, "") for name in cls.__slots__))

    def query(self) -> dict[str, str]:
        """Those that are set, as a query string has them."""
        return {name: told for name in self.__slots__ if (told := getattr(self, name))}

    def let_through(self, line: Line) -> bool:
        """Whether a line is to be seen."""
        return (
            self.study in ("", line.study)
            and (not self.arm or self.arm in line.arms)
            and self.endpoint in ("", line.endpoint)
            and (not self.state or self.state in line.states)
        )


def lines(evidence: Evidence, told: Iterable[Revision]) -> list[Line]:
    """A line for each fact, conflicts first; those that nobody says any more last.

    Args:
        evidence: what stands.
        told: the revisions that led to it, oldest first.
    """
    ledger = _Ledger(told)
    labels, names = _labels(evidence), study_names(evidence)
    checks: defaultdict[str, list[str]] = defaultdict(list)
    for remark in remarks(evidence):
        for claim in remark.rows:
            checks[claim.observation.evidence_id].append(remark.words)
    found = [_line(fact, ledger, labels, names, checks) for fact in evidence.facts]
    standing = {line.id for line in found}
    found.sort(key=lambda line: "conflict" not in line.states)
    return found + [line for line in ledger.withdrawn() if line.id not in standing]


def study_names(evidence: Evidence) -> dict[str, str]:
    """What each study is called, by key; those of one name by their phase or key too."""
    studies = {study.key: study for study in evidence.studies.values()}
    shared = Counter(study.label for study in studies.values())
    names = {key: study.label for key, study in studies.items()}
    for key, study in studies.items():
        if shared[study.label] > 1:
            alike = [s.phase for s in studies.values() if s.label == study.label]
            told = f"phase {study.phase}" if study.phase and alike.count(study.phase) == 1 else key
            names[key] = f"{study.label} ({told})"
    return names


def choices(found: Iterable[Line]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: value and label."""
    found = list(found)
    studies = {line.study: line.study_name for line in found}
    arms = {arm for line in found for arm in line.arms}
    endpoints = sorted({line.endpoint for line in found}, key=lambda code: (endpoint_rank(code), code))
    present = {state for line in found for state in line.states}
    return {
        "study": sorted(studies.items(), key=lambda one: one[1].casefold()),
        "arm": [(arm, arm) for arm in sorted(arms, key=lambda arm: (arm != NO_ARM, arm.casefold()))],
        "endpoint": [(code, endpoint_name(code)) for code in endpoints],
        "state": [(state, words) for state, words in STATES.items() if state in present],
    }


def _labels(evidence: Evidence) -> dict[tuple[str, str], str]:
    """One label for each arm of each study, the same as the grid of coverage has."""
    labels: dict[tuple[str, str], str] = {}
    for fact in evidence.facts:
        for _, _, claim in fact.claims():
            for side, label in zip(_sides(fact), (claim.row["arm"], claim.row["comparator"]), strict=False):
                labels.setdefault((fact.study.key, side), label)
    return labels


def _sides(fact: Fact) -> tuple[str, ...]:
    slot = fact.slot
    return (slot.arm, slot.comparator) if slot.statistic in CONTRASTS else (slot.arm,)


def _line(
    fact: Fact,
    ledger: _Ledger,
    labels: Mapping[tuple[str, str], str],
    names: Mapping[str, str],
    checks: Mapping[str, list[str]],
) -> Line:
    told = [claim for _, _, claim in fact.claims()]
    ids = [claim.observation.evidence_id for claim in told]
    remarked = tuple(dict.fromkeys(words for one in ids for words in checks.get(one, ())))
    kinds, note = ledger.last(fact.id, ids)
    if "conflict" in kinds and not any(cut.standing == "conflict" for cut in fact.cuts):
        note = ""  # it has been settled since
    kinds = kinds - {"conflict"} or ({"confirmed"} if fact.latest.standing == "confirmed" else {"new"})
    if any(cut.standing == "conflict" for cut in fact.cuts):
        kinds = {*kinds - {"new"}, "conflict"}
    if remarked or any(claim.row["flags"] for claim in told):
        kinds = {*kinds, "flagged"}
    if any(claim.decision for claim in told):
        kinds = {*kinds - {"new"}, "decided"}
    rows = [Row(0, position.lead.row) for position in fact.latest.positions]
    sides = (labels[fact.study.key, side] or NO_ARM for side in _sides(fact))
    return Line(
        id=fact.id,
        study=fact.study.key,
        study_name=names[fact.study.key],
        arms=tuple(dict.fromkeys(sides)),
        endpoint=fact.slot.endpoint,
        row=rows[0],
        states=tuple(state for state in STATES if state in kinds),
        values=tuple(dict.fromkeys(said(row) for row in rows)),
        fact=fact,
        checks=remarked,
        note=note,
    )


def said(row: Row) -> str:
    """A value with its interval."""
    return row.value + (f" ({row.interval})" if row.interval else "")


class _Ledger:
    """What the revisions said of each fact and row, the last word first."""

    def __init__(self, told: Iterable[Revision]) -> None:
        self._of_fact: dict[str, tuple[int, list[dict[str, str]]]] = {}
        self._of_row: dict[str, tuple[int, list[dict[str, str]]]] = {}
        for revision in told:
            for change in revision.changes:
                for place, key in ((self._of_fact, change["fact_id"]), (self._of_row, change["evidence_id"])):
                    if key not in place or place[key][0] != revision.id:
                        place[key] = (revision.id, [])
                    place[key][1].append(change)

    def last(self, fact_id: str, rows: Iterable[str]) -> tuple[set[str], str]:
        """The kinds that the last revision which spoke of a fact gave it, and its note.

        Asked by the rows too: a fact has another id when its study gets another key.
        """
        spoke = [self._of_fact.get(fact_id), *(self._of_row.get(row) for row in rows)]
        told = [one for one in spoke if one is not None]
        number = max((at for at, _ in told), default=0)
        changes = [change for at, some in told if at == number for change in some]
        return {change["change"] for change in changes}, next((c["note"] for c in changes if c["note"]), "")

    def withdrawn(self) -> Iterator[Line]:
        """Facts of which the last word is that a paper no longer says them."""
        for fact_id, (_, changes) in sorted(self._of_fact.items()):
            cells = changes[-1]
            if cells["change"] != "withdrawn":
                continue
            row = Row(
                0, dict.fromkeys(EVIDENCE_COLUMNS, "") | {k: cells.get(k, "") for k in EVIDENCE_COLUMNS}
            )
            yield Line(
                id=fact_id,
                study=cells["study"],
                study_name=cells["trial_name"] or cells["trial_id"].replace(";", " ") or cells["study"],
                arms=tuple(filter(None, (row["arm"], row["comparator"]))) or (NO_ARM,),
                endpoint=row["endpoint"],
                row=row,
                states=("withdrawn",),
                values=(said(row),),
                fact=None,
                note=cells["note"],
            )
