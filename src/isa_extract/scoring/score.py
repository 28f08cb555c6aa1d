"""The scores of an evidence table against a gold table.

What is counted, at each level of `compare.LEVELS` on its own:

* `tp` is the number of pairs in the best one-to-one assignment (`matching`), paper by paper.
* `gold` is every required gold row. A paper without evidence counts with all its rows missed.
* `predicted` is every evidence row, less those that an OPTIONAL gold row takes once the required ones
  have taken theirs. An OPTIONAL row that nobody takes is no miss.
* A paper that the gold table does not name is taken to hold no results: its rows are spurious. A gold
  table cannot say otherwise that a paper reports nothing, and an extractor must not be able to hide
  rows under another name. `only_gold_papers` leaves such papers out; either way they are told of.
* Precision is 0 where nothing was predicted though there was something to find; where there was nothing
  to find, recall is 1, and precision and F1 are 1 if nothing was predicted and else 0.

The intervals are the 2.5th and 97.5th percentile of F1 over 2000 draws of papers with replacement,
from a fixed seed. Papers, not rows, are drawn: rows of one paper stand and fall together. With one
paper there is no interval.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from isa_extract.scoring.compare import HEADLINE, LEVELS, Fact, depth, fact, same_trial, wrong_slots
from isa_extract.scoring.gold import Table
from isa_extract.scoring.matching import Pair, matches

DRAWS: Final = 2000
SEED: Final = 1746

Kind = Literal["correct", "wrong", "missed", "spurious", "optional"]


@dataclass(frozen=True, slots=True)
class Level:
    """Counts and what follows from them."""

    tp: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        return self.tp / self.predicted if self.predicted else float(not self.gold)

    @property
    def recall(self) -> float:
        return self.tp / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        both = self.predicted + self.gold
        return 2 * self.tp / both if both else 1.0

    def __add__(self, other: Level) -> Level:
        return Level(self.tp + other.tp, self.predicted + other.predicted, self.gold + other.gold)


NOTHING: Final = Level(0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """A gold row and what stands beside it, or a found row that nothing stands beside.

    Attributes:
        kind: `correct` in every level; `wrong` where the pair differs in `wrong`; `missed`; `spurious`;
            `optional` for a pair, or a gold row alone, that does not count.
        depth: how many levels the pair agrees at; 0 without a pair.
        wrong: what differs: `value`, `unit`, `statistic`, `endpoint`, `trial`, `arm`, slots.
    """

    doc_id: str
    kind: Kind
    gold: Fact | None
    found: Fact | None
    depth: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PaperScore:
    """One paper. `pairs` and `levels` are by level; `found` are the rows that count as predicted at the
    arm level, `gold` the required rows."""

    doc_id: str
    language: str
    levels: Mapping[str, Level]
    pairs: Mapping[str, Sequence[Pair]]
    gold: Sequence[Fact]
    found: Sequence[Fact]
    verdicts: Sequence[Verdict]


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """All papers.

    Attributes:
        papers: by doc_id.
        columns: the columns that were compared.
        without_evidence: papers of the gold table that the evidence does not have.
        outside: rows of papers that the gold table does not have, by paper.
        outside_counted: whether those count as spurious.
    """

    papers: Sequence[PaperScore]
    columns: frozenset[str]
    without_evidence: Sequence[str]
    outside: Mapping[str, int]
    outside_counted: bool

    def level(self, name: str) -> Level:
        """The counts of one level over all papers."""
        return sum((paper.levels[name] for paper in self.papers), NOTHING)

    def interval(self, name: str) -> tuple[float, float] | None:
        """The bootstrap 95 % interval of one level's F1."""
        return bootstrap([paper.levels[name] for paper in self.papers])

    def pairs(self, name: str) -> list[Pair]:
        """The pairs of one level over all papers."""
        return [pair for paper in self.papers for pair in paper.pairs[name]]

    @property
    def verdicts(self) -> list[Verdict]:
        """Every row with what became of it, paper by paper, in reading order."""
        return [verdict for paper in self.papers for verdict in paper.verdicts]


def score(gold: Table, evidence: Table, *, only_gold_papers: bool = False, symmetric: bool = False) -> Score:
    """Score `evidence` against `gold`.

    Args:
        gold: what is true.
        evidence: what was found.
        only_gold_papers: leave out the papers that `gold` does not name, instead of taking them to hold
            no results.
        symmetric: heed OPTIONAL in `evidence` too, for two gold tables.
    """
    wanted, found = _by_paper(gold), _by_paper(evidence)
    outside = {doc: len(found[doc]) for doc in sorted(found) if doc not in wanted}
    papers = sorted(wanted if only_gold_papers else {*wanted, *found})
    return Score(
        papers=[
            _paper(doc, wanted.get(doc, []), found.get(doc, []), gold.columns, symmetric) for doc in papers
        ],
        columns=gold.columns,
        without_evidence=[doc for doc in sorted(wanted) if doc not in found],
        outside=outside,
        outside_counted=not only_gold_papers,
    )


def bootstrap(levels: Sequence[Level]) -> tuple[float, float] | None:
    """The 2.5th and 97.5th percentile of F1 when papers are drawn anew; None for fewer than two."""
    if len(levels) < 2:
        return None
    counts = np.array([[level.tp, level.predicted + level.gold] for level in levels], dtype=float)
    draws = np.random.default_rng(SEED).multinomial(len(levels), [1 / len(levels)] * len(levels), size=DRAWS)
    tp, both = (draws @ counts).T
    f1 = np.where(both > 0, 2 * tp / np.maximum(both, 1), 1.0)
    low, high = np.percentile(f1, [2.5, 97.5])
    return float(low), float(high)


def breakdown(score: Score, group: Callable[[PaperScore, Fact], str]) -> dict[str, Level]:
    """The arm level by a group that each row, gold or found, belongs to by itself."""
    tp: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for paper in score.papers:
        gold.update(group(paper, one) for one in paper.gold)
        predicted.update(group(paper, one) for one in paper.found)
        tp.update(group(paper, found) for _, found in paper.pairs["arm"])
    return {name: Level(tp[name], predicted[name], gold[name]) for name in sorted({*gold, *predicted})}


def _by_paper(table: Table) -> dict[str, list[Fact]]:
    papers: dict[str, list[Fact]] = defaultdict(list)
    for row in table.rows:
        papers[row["doc_id"]].append(fact(row))
    return dict(papers)


def _paper(
    doc_id: str, gold: list[Fact], found: list[Fact], columns: frozenset[str], symmetric: bool
) -> PaperScore:
    def counts(one: Fact) -> bool:
        return not one.row.optional

    def counts_found(one: Fact) -> bool:
        return not (symmetric and one.row.optional)

    table = matches(gold, found, columns, optional_found=symmetric)
    levels, pairs = {}, {}
    for name in LEVELS:
        assigned = table.at(name)
        taken_found = {id(b) for a, b in assigned if not counts(a)}
        taken_gold = {id(a) for a, b in assigned if not counts_found(b)}
        kept_gold = [a for a in table.gold if counts(a) and id(a) not in taken_gold]
        kept_found = [b for b in table.found if counts_found(b) and id(b) not in taken_found]
        pairs[name] = [(a, b) for a, b in assigned if counts(a) and counts_found(b)]
        levels[name] = Level(len(pairs[name]), len(kept_found), len(kept_gold))
        if name == LEVELS[HEADLINE - 1]:
            counted = kept_gold, kept_found
    beside = table.side_by_side()
    verdicts = _verdicts(doc_id, table.gold, table.found, beside, columns, counts_found)
    return PaperScore(doc_id, _language(gold, found), levels, pairs, *counted, verdicts)


def _verdicts(
    doc_id: str,
    gold: Iterable[Fact],
    found: Iterable[Fact],
    beside: list[Pair],
    columns: frozenset[str],
    counts_found: Callable[[Fact], bool],
) -> list[Verdict]:
    partner = {id(a): b for a, b in beside}
    placed = {id(b) for _, b in beside}
    verdicts = []
    for a in gold:
        b = partner.get(id(a))
        level = depth(a, b, columns) if b else 0
        wrong = differences(a, b, columns) if b else ()
        kind: Kind = "missed" if b is None else "wrong" if wrong else "correct"
        if a.row.optional or (b and not counts_found(b)):
            kind = "optional"
        verdicts.append(Verdict(doc_id, kind, a, b, level, wrong))
    for b in found:
        if id(b) not in placed:
            kind = "spurious" if counts_found(b) else "optional"
            verdicts.append(Verdict(doc_id, kind, None, b, 0, ()))
    return sorted(verdicts, key=_place)


def differences(gold: Fact, found: Fact, columns: frozenset[str]) -> tuple[str, ...]:
    """Everything, of what the levels look at, in which a pair differs."""
    differ = {
        "value": gold.value[0] != found.value[0],
        "unit": gold.value[1] != found.value[1],
        "statistic": gold.statistic != found.statistic,
        "endpoint": gold.endpoint != found.endpoint,
        "trial": not same_trial(gold, found, columns),
        "arm": not gold.arm.same(found.arm),
    }
    return (*(name for name, is_so in differ.items() if is_so), *wrong_slots(gold, found, columns))


def _place(verdict: Verdict) -> tuple[int, int]:
    rows = [one.row.span for one in (verdict.gold, verdict.found) if one is not None]
    return next((span for span in rows if span), (0, 0))


def _language(gold: list[Fact], found: list[Fact]) -> str:
    """The language of most rows of a paper that state one, the gold table's before the evidence's."""
    for rows in (gold, found):
        stated = Counter(one.row["lang"] for one in rows if one.row["lang"])
        if stated:
            return min(stated, key=lambda language: (-stated[language], language))
    return "not stated"
