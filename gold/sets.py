"""The gold sets of the project, and what the extractor finds in their papers.

A set is a gold table, perhaps one of trials beside it, and papers. Scoring knows nothing of the
extractor (rooms import only to their left), so that whatever runs both lives here, outside `src/`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from isa_extract.errors import PaperError
from isa_extract.pipeline.paper import extract_with
from isa_extract.reading import Reader
from isa_extract.scoring.gold import (
    COMPARED,
    Row,
    Table,
    join,
    load_evidence,
    load_gold,
    load_trials,
    texts_beside,
)
from isa_extract.scoring.score import Score, score
from isa_extract.scoring.trials import TrialsScore, score_trials
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS

SPAN = ("char_start", "char_end")


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A gold table and its papers.

    Attributes:
        name: as in `floor.toml`; `/` in it is a folder under `last/`.
        spans: whether the gold table's offsets are offsets into the papers as they are read.
        own: whether the papers are part of the project, so that they cannot be missing.
    """

    name: str
    gold: Path
    papers: tuple[Path, ...]
    trials: Path | None = None
    spans: bool = True
    own: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What the extractor found: two tables as files would have them, and papers that failed."""

    evidence: Sequence[Mapping[str, str]]
    trials: Sequence[Mapping[str, str]]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A gold set scored."""

    truth: Table
    found: Found
    score: Score
    trials: TrialsScore | None


def gold_sets(root: Path) -> list[GoldSet]:
    """Every gold set that the project knows of, whether its papers are here or not."""
    gold, shared = root / "gold", root.parent / "shared"
    review, examples = shared / "review", shared / "examples"
    retold = gold / "review"
    sets = [
        GoldSet(
            "review", retold / "evidence.csv", _here(review.glob("*.txt")), _if_here(retold / "trials.csv")
        ),
        GoldSet(
            "review-pdf",
            retold / "evidence.csv",
            _here(review.glob("*.pdf")),
            _if_here(retold / "trials.csv"),
            spans=False,
        ),
        GoldSet(
            "corpus",
            gold / "corpus" / "evidence.csv",
            _here((root / "corpus").glob("*.pdf")),
            _if_here(gold / "corpus" / "trials.csv"),
            spans=False,
            own=True,
        ),
        GoldSet("examples", examples / "gold.csv", _here(examples.glob("*.txt"))),
    ]
    batches = sorted(path.parent for path in (gold / "dev").glob("*/gold.csv"))
    return sets + [batch(folder, f"dev/{folder.name}") for folder in batches]


def batch(folder: Path, name: str) -> GoldSet:
    """A folder of texts with `gold.csv`, perhaps `trials.csv`, beside them."""
    trials = _if_here(folder / "trials.csv")
    return GoldSet(name, folder / "gold.csv", _here(folder.glob("*.txt")), trials, own=True)


def run(one: GoldSet) -> Result:
    """Extract and score one set.

    Raises:
        InvalidTable: the gold table, or the extractor's, is not valid.
    """
    truth = load_gold(one.gold, texts_beside(one.gold))
    found = find(one.papers)
    shown = as_evidence(found.evidence, truth, spans=one.spans)
    return Result(
        truth=truth,
        found=found,
        score=score(truth, shown),
        trials=_score_trials(one.trials, found.trials) if one.trials else None,
    )


def find(papers: Iterable[Path]) -> Found:
    """Read and extract papers; one that cannot be read is a failure and holds no rows."""
    evidence: list[Mapping[str, str]] = []
    trials: list[Mapping[str, str]] = []
    failures: list[str] = []
    with Reader() as reader:
        for path in papers:
            try:
                result = extract_with(reader, path, path.stem)
            except PaperError as error:
                failures.append(str(error))
                continue
            evidence += _rows(result.evidence)
            trials += _rows(result.trials)
    return Found(evidence, trials, tuple(failures))


def as_evidence(rows: Sequence[Mapping[str, str]], truth: Table, *, spans: bool = True) -> Table:
    """Found rows as a table to be scored, checked as one that a user hands in.

    Raises:
        InvalidTable: they are not valid.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "evidence.csv"
        write_csv(path, rows, EVIDENCE_COLUMNS)
        table = load_evidence([path], truth)
    return table if spans else _without_spans(table)


def compact(rows: Iterable[Mapping[str, str]], *, spans: bool) -> list[dict[str, str]]:
    """The compared columns alone, sorted: facts and places, no sentence of a paper."""
    columns = compact_columns(spans=spans)
    kept = [{name: row.get(name, "") for name in columns} for row in rows]
    return sorted(kept, key=lambda row: [_sortable(name, row[name]) for name in columns])


def compact_columns(*, spans: bool) -> tuple[str, ...]:
    """The columns of `gold/last/`."""
    return ("doc_id", *SPAN, *COMPARED[1:]) if spans else COMPARED


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Write a table, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(path)


def _score_trials(gold: Path, rows: Sequence[Mapping[str, str]]) -> TrialsScore:
    truth = load_trials(gold)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trials.csv"
        write_csv(path, rows, TRIAL_COLUMNS)
        return score_trials(truth, join([load_trials(path, truth)]))


def _without_spans(table: Table) -> Table:
    rows = (
        Row(row.file, row.line, {name: cell for name, cell in row.cells.items() if name not in SPAN})
        for row in table.rows
    )
    return Table(table.columns - frozenset(SPAN), tuple(rows), table.notices)


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def _sortable(name: str, cell: str) -> tuple[int, str]:
    return (int(cell), "") if name in SPAN and cell else (0, cell)


def _here(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(paths))


def _if_here(path: Path) -> Path | None:
    return path if path.is_file() else None
