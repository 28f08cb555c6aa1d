"""From tables to findings: each value with the words of its row, its column, its heading and its caption."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from isa_extract.binding.casts import Cast, Casts, Told
from isa_extract.binding.cells import CellValue, cell_values, interval, is_value, p_value
from isa_extract.binding.endpoints import NO_RESULT, SURVIVAL, TIMES, Endpoint
from isa_extract.binding.grids import Entries, Entry, grids, row_text
from isa_extract.binding.labels import NO_LABEL, Label, Labels, first
from isa_extract.binding.measures import EFFECTS, Measure, both_events, endpoint_of, measure, measured
from isa_extract.binding.sheets import Column, Place, Sheet
from isa_extract.binding.study_arms import Roster
from isa_extract.finding.regimen_labels import Regimens
from isa_extract.records import Arm, Finding, Paper, Study

_NO_RESULTS = re.compile(
    r"基线|一般资料|临床(?:资料|特征)|剂量|给药|纳入标准|定义|评分标准|正在进行|检索|baseline|demographic|characteristics of (?:the )?(?:included )?patients|"
    r"dos(?:e|ing|age)|eligibility|ongoing|criteria|definition|search",
    re.IGNORECASE,
)
_FACTORS = re.compile(
    r"多因素|单因素|预后因素|危险因素|multivaria|univaria|prognostic|risk factors?|Cox", re.IGNORECASE
)
_NOT_REPORTED = re.compile(r"NR\s*[,:=为是]?\s*(?:not reported|未报[道告])", re.IGNORECASE)


@dataclass(slots=True)
class Item:
    """A finding on its way, with the column it stands in."""

    finding: Finding
    column: int
    effect: bool
    cast: Cast


class TableReader:
    """The tables of a paper, read once the studies of its running text are known.

    Args:
        known: the running text's studies with their rosters; tables may complete these.
    """

    def __init__(self, paper: Paper, regimens: Regimens, known: Sequence[tuple[Study, Roster]]) -> None:
        self.paper = paper
        self.entries = Entries(paper)
        self.tables = [(t, list(grids(t, self.entries))) for t in paper.tables]
        self.captions = {id(t): self.entries.entry(t.caption) for t, _ in self.tables}
        self.labels = Labels(regimens, self._texts())
        self.casts = Casts(known)
        self.sheets: list[Sheet] = []
        for table, found in self.tables:
            caption = self.labels.of(self.captions[id(table)])
            notes = Label(" ".join(self.entries.raw((line,)) for line in table.notes))
            if not _NO_RESULTS.search(caption.text):
                self.sheets += [Sheet(grid, caption, notes, self.labels, self.casts) for grid in found]
        each = [sheet.groups() for sheet in self.sheets]
        by_id = {id(cast): cast for cast in self.casts.all}
        for key in dict.fromkeys(key for told in each for key in told if key in by_id):
            by_id[key].complete(list(dict.fromkeys(g for told in each for g in told.get(key, ()))))
        for told in each:
            for key, groups in told.items():
                if key in by_id:
                    by_id[key].settle(list(dict.fromkeys(groups)))

    @property
    def studies(self) -> list[Study]:
        """The known studies, in the order given, with what the tables add."""
        return [c.study for c in self.casts.all if not c.new]

    def findings(self) -> tuple[list[Finding], list[Study]]:
        """What the tables report, and the studies that only they name."""
        found = [f for sheet in self.sheets for f in _Telling(sheet).findings()]
        told = {id(f.study) for f in found}
        return found, [c.study for c in self.casts.all if c.new and id(c.study) in told]

    def _texts(self) -> Iterator[Entry]:
        yield from self.captions.values()
        for _, found in self.tables:
            for grid in found:
                yield from (e for heads in grid.heads.values() for e in heads)
                for row in grid.rows:
                    yield from row.heads
                    yield from (e for e in row.cells.values() if not is_value(e.text))


class _Telling:
    """What one grid reports."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.no_nr = _NOT_REPORTED.search(f"{sheet.notes.text} {sheet.caption.text}") is not None

    def findings(self) -> Iterator[Finding]:
        """Every value with a study and an endpoint."""
        items: list[Item] = []
        block = row_start = 0  # where the items of the study last named begin, and those of the row above
        part = 0  # where those under the same heading begin
        over: object = None
        carried: Endpoint | None = None
        for place in self.sheet.places:
            if place.kind:
                self._go_with_rows_above(place, items, row_start, part)
                continue
            if place.opens:
                block = len(items)
            if over != (id(place.cast), tuple(place.heads)):
                over, part = (id(place.cast), tuple(place.heads)), len(items)
            row_start = len(items)
            carried = self._row(place, items, block, carried)
            items[row_start:] = _counts_joined(items[row_start:])
        yield from (item.finding for item in items)

    def _row(self, place: Place, items: list[Item], block: int, carried: Endpoint | None) -> Endpoint | None:
        start = len(items)
        for c in self.sheet.order:
            column, entry = self.sheet.columns[c], place.row.cells.get(c)
            if entry is None:
                continue
            if column.kind == "p" and (p := p_value(entry.text)):
                named = endpoint_of(column.labels, [], [], NO_LABEL)
                _test(items, start if place.opens else block, p, named)
            elif column.kind == "ci" and (bounds := interval(entry.text)) and len(items) > start:
                level = first((*column.labels, self.sheet.caption), "level")
                items[-1].finding = _with_interval(items[-1].finding, (*bounds[:2], bounds[2] or level))
            elif column.kind == "values" and not (place.kind or column.kind == "size"):
                items += self._cell(place, column, c, entry, _last(items[start:]), carried)
        return _last(items[start:]) or endpoint_of((), place.words, [], NO_LABEL) or carried

    def _cell(
        self,
        place: Place,
        column: Column,
        c: int,
        entry: Entry,
        before: Endpoint | None,
        above: Endpoint | None,
    ) -> Iterator[Item]:
        """The findings of one cell.

        Args:
            before: the endpoint of the value before it in the row, which a bare 'HR' column is of.
            above: the endpoint of the row above, which a bare 'HR' row is of.
        """
        cast = column.cast or place.cast or self.sheet.default
        if cast is None:
            return
        labels = [*column.labels, *place.words, *place.heads]
        group_words = {g.words.text for g in (*column.groups, *place.groups)}
        words = [w for w in place.words if w.text not in group_words]
        effect = next((lab.statistic for lab in labels if lab.statistic in EFFECTS), "")
        groups = column.groups or place.groups
        factor = (
            effect and not groups and _FACTORS.search(" ".join(x.text for x in (self.sheet.caption, *labels)))
        )
        endpoint = endpoint_of(column.labels, [] if factor else words, place.heads, self.sheet.caption)
        if endpoint is None and effect and not any(w.endpoints for w in labels):
            endpoint = above if first(words, "statistic") in EFFECTS else before
        if any(lab.is_before for lab in labels):
            return  # what was before treatment is no result
        if any(v.form == "mean" for v in cell_values(entry.text)):
            # what a column of means is of, its own head says before the caption does
            heads = [lab for lab in column.labels if lab.text not in group_words]
            own = endpoint_of(column.labels, words, place.heads, NO_LABEL)
            endpoint = own or measured(heads, [*words, *place.heads], self.sheet.caption) or endpoint
        both = both_events(words) if endpoint is None else ()
        if both:
            endpoint = both[0]
        if endpoint is None or endpoint.code == NO_RESULT:
            return
        if effect and endpoint.code not in TIMES and any(lab.is_either_ratio for lab in labels):
            effect = "odds_ratio"
        known = cast.pair()
        values = cell_values(
            entry.text, pair=not effect and (len(groups) == 2 or (not groups and len(known) == 2))
        )
        if self.no_nr and any(v.qualifier == "NR" for v in values):
            return
        arms = self._arms(cast, groups, len(values), bool(effect), entry.wide)
        if arms is None or (effect and len(values) != 1):
            return
        sizes = [g.size for g in groups] if len(groups) == len(values) else []
        for i, value in enumerate(values):
            made = measure(
                value,
                endpoint,
                effect,
                [*labels, self.sheet.caption],
                sizes[i] if sizes else "",
                column.shares,
            )
            if made is None:
                continue
            arm, comparator = arms[i]
            item = Item(
                self._finding(place, column, entry, value, made, endpoint, cast, arm, comparator),
                c,
                bool(effect),
                cast,
            )
            if factor:
                name = " ".join(x.text for x in (*reversed(place.heads), *words) if not x.endpoints)
                item.finding = replace(
                    item.finding, arm=None, comparator=None, subgroup=f"factor: {name}", binding=""
                )
            yield item
            for other in both[1:]:  # 'nausea and vomiting': two events, each with the value
                found = replace(item.finding, endpoint=other.code, endpoint_term=other.term)
                yield replace(item, finding=found)

    def _arms(
        self, cast: Cast, groups: Sequence[Told], k: int, effect: bool, wide: int
    ) -> list[tuple[Arm | None, Arm | None]] | None:
        """Arm and comparator of each of ``k`` values; None where they cannot be told apart."""
        arms = [cast.arm(g) for g in groups]
        if effect:
            pair = arms if len(arms) == 2 else cast.pair()
            if len(arms) == 1:
                return [(arms[0], cast.other(arms[0]))]
            return [(pair[0], pair[1])] if len(pair) == 2 else [(None, None)]
        if not arms and k == 2 and len(cast.pair()) == 2:
            arms = list(cast.pair())
        if len(arms) == k and wide == 1:
            others = list(reversed(arms)) if k == 2 else [cast.other(a) for a in arms]
            return list(zip(arms, others, strict=True))
        if k == 1 and not arms:
            single = [a for a in cast.roster.arms if a.role == "single"]
            return [(single[0] if len(single) == 1 else None, None)]
        return None

    def _finding(
        self, place: Place, column: Column, entry: Entry, value: CellValue, made: Measure, endpoint: Endpoint,
        cast: Cast, arm: Arm | None, comparator: Arm | None,
    ) -> Finding:  # fmt: skip
        labels = [*column.labels, *place.words, *place.heads]
        adverse = endpoint.code == "AE"
        grades = [lab.grade for lab in (*labels, self.sheet.caption) if lab.grade is not None]
        rated = made.statistic == "rate" and not adverse
        level = value.level or first([*labels, self.sheet.caption, self.sheet.notes], "level")
        ranged = (
            not value.level and any(lab.has_range for lab in labels) and not any(lab.level for lab in labels)
        )
        return Finding(
            study=cast.study,
            span=entry.span(value.start, value.end),
            sentence=row_text(place.row.cells, self.sheet.order),
            lang=self.sheet.lang,
            endpoint=endpoint.code,
            endpoint_term=endpoint.term,
            statistic=made.statistic,
            value=value.value,
            unit=made.unit,
            qualifier=value.qualifier,
            arm=arm,
            comparator=comparator,
            ci_low="" if ranged else value.low,
            ci_high="" if ranged else value.high,
            ci_level=level if value.low and not ranged else "",
            p_value=value.p,
            n=made.n,
            N=made.N,
            timepoint=first([*labels, self.sheet.caption], "timepoint")
            if rated and endpoint.code in SURVIVAL
            else first(labels[:1], "timepoint")
            if rated or made.statistic == "mean"
            else "",
            followup="" if adverse else place.followup or self.sheet.caption.followup,
            subgroup=place.subgroup
            or column.subgroup
            or first(labels, "subgroup")
            or (self.sheet.caption.subgroup if re.search("亚组|subgroup", self.sheet.caption.text) else ""),
            stage=first(labels, "stage"),
            threshold=first([*labels, self.sheet.caption], "threshold")
            if endpoint.code.startswith("MRD")
            else "",
            grade=grades[0] if adverse and grades else "",
            citations=cast.study.citations,
            binding="table",
            why="the table's row and column say so"
            if arm is not None
            else "neither row nor column names an arm",
        )

    def _go_with_rows_above(self, place: Place, items: list[Item], row_start: int, block: int) -> None:
        """A row of p values or intervals completes the rows above it."""
        for c, entry in place.row.cells.items():
            if place.kind == "p" and (p := p_value(entry.text)):
                by_columns = len({i.column for i in items[row_start:]}) > 1 and c in {i.column for i in items}
                self._tested_above(items, row_start, block, c if by_columns else None, p)
            elif place.kind == "ci" and (bounds := interval(entry.text)):
                for item in items[row_start:]:
                    if item.column == c:
                        item.finding = _with_interval(item.finding, (*bounds[:2], bounds[2] or place.level))

    def _tested_above(
        self, items: list[Item], row_start: int, block: int, column: int | None, p: str
    ) -> None:
        """Give a p value of a row of its own to the effect above it, else to the values it compares."""
        above = items[row_start:]
        if column is not None and len({i.finding.endpoint + i.finding.endpoint_term for i in above}) > 1:
            # each column is an endpoint (or a study), its groups stand in the rows
            above = [i for i in items[block:] if i.column == column]
        elif column is not None and len({id(i.cast) for i in above}) > 1:
            above = [i for i in above if i.column == column]
        for item in [i for i in above if i.effect] or above:
            item.finding = replace(item.finding, p_value=item.finding.p_value or p)


def _last(items: Sequence[Item]) -> Endpoint | None:
    return Endpoint(items[-1].finding.endpoint, items[-1].finding.endpoint_term) if items else None


def _with_interval(f: Finding, bounds: tuple[str, str, str]) -> Finding:
    return f if f.ci_low else replace(f, ci_low=bounds[0], ci_high=bounds[1], ci_level=bounds[2])


def _test(items: list[Item], start: int, p: str, endpoint: Endpoint | None) -> None:
    """Give a p value to the effect it tests, else to the groups' values."""
    tested = items[start:]
    if not tested:
        return
    last = tested[-1].finding
    code, term = (endpoint.code, endpoint.term) if endpoint else (last.endpoint, last.endpoint_term)
    tested = [i for i in tested if (i.finding.endpoint, i.finding.endpoint_term) == (code, term)]
    for item in [i for i in tested if i.effect][-1:] or tested:
        item.finding = replace(item.finding, p_value=item.finding.p_value or p)


def _counts_joined(items: list[Item]) -> list[Item]:
    """A column of counts beside one of percentages is one fact."""
    kept: list[Item] = []
    for item in items:
        f = item.finding
        before = next((k for k in reversed(kept) if _is_count_of(k.finding, f)), None)
        if before is not None and f.statistic == "rate" and not f.n:
            item.finding = replace(f, n=before.finding.value, N=before.finding.N)
            kept[kept.index(before)] = item
        else:
            kept.append(item)
    return kept


def _is_count_of(before: Finding, f: Finding) -> bool:
    return before.statistic == "count" and (
        before.endpoint, before.endpoint_term, before.arm, before.grade, before.subgroup
    ) == (f.endpoint, f.endpoint_term, f.arm, f.grade, f.subgroup)  # fmt: skip
