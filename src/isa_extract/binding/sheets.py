"""One grid of a table understood: what each column holds, whose each row is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from isa_extract.binding.casts import Cast, Casts, Told, groups_in
from isa_extract.binding.cells import cell_values, interval, is_value
from isa_extract.binding.grids import Entry, Grid, Row
from isa_extract.binding.labels import Label, Labels, first
from isa_extract.language.detect import Language, detect


@dataclass(slots=True)
class Column:
    """A column: its head, what kind of cells it holds, whose they are."""

    labels: tuple[Label, ...]
    kind: str
    groups: tuple[Told, ...] = ()
    cast: Cast | None = None
    subgroup: str = ""
    shares: bool = False


@dataclass(slots=True)
class Place:
    """A row with all the words that hold for it."""

    row: Row
    words: list[Label] = field(default_factory=list)
    heads: list[Label] = field(default_factory=list)
    groups: tuple[Told, ...] = ()
    cast: Cast | None = None
    followup: str = ""
    opens: bool = True
    kind: str = ""
    level: str = ""
    subgroup: str = ""


class Sheet:
    """One grid with its columns and rows understood."""

    def __init__(self, grid: Grid, caption: Label, notes: Label, labels: Labels, casts: Casts) -> None:
        self.grid, self.caption, self.notes = grid, caption, notes
        self.labels, self.casts = labels, casts
        self.columns = {c: self._column(c) for c in grid.columns}
        self.order = sorted(self.columns)
        self.lang: Language = detect(
            " ".join(e.text for row in grid.rows for e in row.cells.values()) + caption.text
        )
        if self.lang == "en" and re.search("[\u4e00-\u9fff]{4}", caption.text):
            self.lang = "zh"
        self.default = self.casts.named_in([caption]) or self.casts.only
        self._tell_subsets()
        self.places = list(self._places())

    def _column(self, c: int) -> Column:
        labels = tuple(self.labels.of(e) for e in reversed(self.grid.heads.get(c, ())))
        cells = [row.cells[c].text for row in self.grid.rows if c in row.cells]
        valued = sum(map(is_value, cells))
        kind = labels[0].kind if labels else ""
        # the first column names the rows, were it by figures ('<65', '≥65')
        names = c == self.grid.columns[0] and len(self.grid.columns) > 1
        if names and not kind and not any(x.endpoints or x.unit or x.statistic for x in labels[:1]):
            kind, valued = "words", 0
        if cells and valued * 2 > len(cells):
            kind = kind if kind in ("p", "ci", "size", "test", "phase", "followup") else "values"
            grouped = kind == "size" and any(groups_in(lab, self.labels) for lab in labels[1:])
            if grouped or (kind == "ci" and not any(interval(t) for t in cells)):
                kind = "values"
        else:
            kind = kind if kind in ("arm", "control", "study", "id", "phase") else "words"
        column = Column(labels, kind)
        read = [v for text in cells for v in cell_values(text)]
        column.shares = sum(v.form == "share" for v in read) * 2 > len(read)
        if kind == "values":
            named = [groups_in(lab, self.labels) for lab in labels]
            column.groups = next((g for g in named if g), ())
            column.cast = self.casts.named_in(labels)
        return column

    def _tell_subsets(self) -> None:
        """Columns of patients are no arms: 'All patients', 'DLBCL (n=139)', or subsets of a study's one arm."""
        valued = [c for c in self.columns.values() if c.kind == "values"]
        single = self.default is not None and [a.role for a in self.default.roster.arms] == ["single"]
        whole = any(lab.is_whole and not lab.endpoints for c in valued for lab in c.labels[-1:])
        if not (single or whole):
            return
        for column in valued:
            if len(column.groups) == 1 and not column.groups[0].is_arm and not column.labels[-1].kind:
                known = column.labels[-1].subgroup
                column.subgroup, column.groups = known or column.groups[0].label, ()

    def _places(self) -> Iterator[Place]:
        wordy = [
            c
            for c in self.order
            if self.columns[c].kind not in ("values", "p", "ci", "size", "test", "followup")
        ]
        has_study = any(self.columns[c].kind in ("study", "id") for c in wordy)
        if has_study:
            wordy = [c for c in wordy if not any(x.is_aside for x in self.columns[c].labels[:1])]
        last: dict[int, Entry] = {}
        for row in self.grid.rows:
            filled = [c for c in wordy if c in row.cells]
            opening = not wordy or min(filled, default=max(wordy) + 1) == wordy[0]
            for c in wordy:
                if c in row.cells:
                    last[c] = row.cells[c]
                elif filled and min(filled) < c:
                    last.pop(c, None)
            read = {c: self.labels.of(last.get(c)) for c in wordy}
            if self._is_attribute(row, read):
                continue
            place = Place(row, heads=[self.labels.of(h) for h in reversed(row.heads)], opens=opening)
            aside = [read[c] for c in filled if read[c].kind in ("p", "ci", "size", "test")]
            if aside:
                place.kind, place.level = aside[0].kind, aside[0].level
                yield place
                continue
            place.groups = self._groups_of_row(read)
            arms = {c for c in wordy if self.columns[c].kind in ("arm", "control")}
            ids = {c for c in wordy if self.columns[c].kind in ("study", "id", "phase")}
            place.cast = self._study_of_row(read, ids, has_study, place.heads)
            place.words = [read[c] for c in reversed(wordy) if read[c].text and c not in arms | ids]
            place.subgroup = self._subset_of_row(wordy, read, place)
            for c, column in self.columns.items():
                if column.kind == "followup" and c in row.cells and (unit := first(column.labels, "unit")):
                    values = cell_values(row.cells[c].text)
                    place.followup = (
                        f"{values[0].value} {unit}" if len(values) == 1 and values[0].value else ""
                    )
            yield place

    def _is_attribute(self, row: Row, read: dict[int, Label]) -> bool:
        """A row such as 'Regimen | Isa-Pd vs Pd | Isa-Kd vs Kd' tells of the columns; taken up there."""
        kinds = {lab.kind for lab in read.values()} & {"arm", "control", "study", "id", "phase"}
        valued = [c for c in row.cells if self.columns[c].kind == "values"]
        if not kinds or not valued or any(is_value(row.cells[c].text) for c in valued):
            return False
        for c in valued:
            column, label = self.columns[c], self.labels.of(row.cells[c])
            column.labels = (*column.labels, label)
            if kinds & {"arm", "control"}:
                column.groups = (
                    *column.groups,
                    *groups_in(label, self.labels, True, "control" if "control" in kinds else ""),
                )
            if kinds & {"study", "id"}:
                column.cast = self.casts.of_cells(column.labels)
        return True

    def _groups_of_row(self, read: dict[int, Label]) -> tuple[Told, ...]:
        found: list[Told] = []
        for c, label in read.items():
            kind = self.columns[c].kind
            if kind in ("arm", "control"):
                head = self.columns[c].labels[0].text if self.columns[c].labels else ""
                role = (
                    "control"
                    if kind == "control"
                    else "experimental"
                    if re.search(r"[Ee]xperimental|试验组|实验组", head)
                    else ""
                )
                found += groups_in(label, self.labels, True, role)
        if not found:
            for c, label in read.items():
                if self.columns[c].kind == "words" and not label.endpoints and not label.is_adverse:
                    found += groups_in(label, self.labels)
        return tuple(dict.fromkeys(found))

    def _subset_of_row(self, wordy: Sequence[int], read: dict[int, Label], place: Place) -> str:
        """The subset in a table of subsets; its own words where no lexicon knows it."""
        head = self.columns[wordy[0]].labels if wordy else ()
        if not any(re.search(r"[Ss]ubgroup|亚组", x.text) for x in head):
            return ""
        label = read[wordy[0]]
        over = place.heads[0].text if place.heads else ""
        known = label.subgroup or (self.labels.text(f"{over} {label.text}").subgroup if over else "")
        return known or (
            "" if label.is_whole or label.endpoints or not label.text else f"{over} {label.text}".strip()
        )

    def _study_of_row(
        self, read: dict[int, Label], ids: set[int], has_study: bool, heads: Sequence[Label]
    ) -> Cast | None:
        if has_study:
            cells = [read[c] for c in sorted(ids) if read[c].text]
            if any(self.columns[c].kind != "phase" and read[c].text for c in ids):
                return self.casts.of_cells(cells)
        named = self.casts.named_in([lab for lab in read.values() if not lab.endpoints])
        return named or self.casts.named_in(heads)

    def groups(self) -> dict[int, list[Told]]:
        """The groups that this table names, by the id of their study's cast."""
        found: dict[int, list[Told]] = {}
        for place in self.places:
            found.setdefault(id(place.cast or self.default), []).extend(place.groups)
        alone = self.default if not any(p.cast for p in self.places) else None
        for column in self.columns.values():
            found.setdefault(id(column.cast or alone), []).extend(column.groups)
        return found
