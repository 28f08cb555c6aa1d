"""Which found row is set against which gold row: one to one, within a paper, at best.

At each level on its own the assignment has as many pairs as can be had at that level. Rows that a
curator marked OPTIONAL never take the place of another: pairs of two required rows come first, and
what an OPTIONAL row takes is taken from what is left. Among assignments with equally many pairs, the
one whose pairs agree in more is kept, and among those the one whose spans lie on each other. All
weights are whole numbers, so that nothing hangs on rounding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from isa_extract.scoring.compare import HEADLINE, LEVELS, SLOTS, Fact, depth, wrong_slots

Pair = tuple[Fact, Fact]
Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Every gold row of one paper against every found one.

    Attributes:
        depths: how many levels each gold row (down) and found row (across) agree at.
        spans: 2 where the spans are equal, 1 where they overlap, else 0.
        likeness: agreement beyond the level, the first tie-breaker.
        required: how many of the two are required rows, and not OPTIONAL.
    """

    gold: tuple[Fact, ...]
    found: tuple[Fact, ...]
    depths: Whole
    spans: Whole
    likeness: Whole
    required: Whole

    def at(self, level: str) -> list[Pair]:
        """The pairs of one level."""
        eligible = self.depths > LEVELS.index(level)
        return self._ranked(eligible, eligible)

    def side_by_side(self) -> list[Pair]:
        """One assignment to read by: first as many pairs right to the arm as there can be, then whatever
        pairs agree in the value or, failing that, lie on the same span. An OPTIONAL row stands beside
        a row only where the two agree to the arm."""
        right = self.depths >= HEADLINE
        near = (self.depths > 0) | (self.spans > 0)
        return self._ranked(right | (near & (self.required == 2)), right)

    def _ranked(self, eligible: Truth, right: Truth) -> list[Pair]:
        """Most right pairs of two required rows, then most required rows that an OPTIONAL one excuses."""
        two, one = (right & (self.required == count) for count in (2, 1))
        return self._best(eligible, two, one, self.likeness, self.spans)

    def _best(self, eligible: Truth, *wishes: Truth | Whole) -> list[Pair]:
        """The assignment that fulfils most of the first wish, then most of the second, and so on."""
        if not eligible.any():
            return []
        most_pairs = min(eligible.shape)
        weight = np.zeros(eligible.shape, dtype=np.int64)
        for wish in reversed(wishes):
            weight += wish.astype(np.int64) * (int(weight.max()) * most_pairs + 1)
        chosen = linear_sum_assignment(np.where(eligible, weight, 0), maximize=True)
        return [(self.gold[i], self.found[j]) for i, j in zip(*chosen, strict=True) if eligible[i, j]]


def matches(
    gold: Sequence[Fact], found: Sequence[Fact], columns: Collection[str], *, optional_found: bool = False
) -> Matches:
    """Compare the rows of one paper, in an order of their own, so that the tables' order is nothing.

    OPTIONAL is heeded in `found` only on request.
    """
    gold, found = sorted(gold, key=_order), sorted(found, key=_order)
    depths, likeness = np.zeros((2, len(gold), len(found)), dtype=np.int64)
    by_value: dict[object, list[int]] = defaultdict(list)
    for j, b in enumerate(found):
        by_value[b.value].append(j)
    for i, a in enumerate(gold):
        for j in by_value[a.value]:
            depths[i, j] = level = depth(a, found[j], columns)
            alike = len(SLOTS) - len(wrong_slots(a, found[j], columns))
            likeness[i, j] = level * (len(SLOTS) + 1) + alike
    optional = np.array([a.row.optional for a in gold], dtype=np.bool_)
    optional_too = np.array([optional_found and b.row.optional for b in found], dtype=np.bool_)
    required = 2 - optional[:, None].astype(np.int64) - optional_too
    return Matches(tuple(gold), tuple(found), depths, _overlaps(gold, found), likeness, required)


def _order(one: Fact) -> tuple[tuple[int, int], list[tuple[str, str]]]:
    return one.row.span or (0, 0), sorted(one.row.cells.items())


def _overlaps(gold: Sequence[Fact], found: Sequence[Fact]) -> Whole:
    """2 where two spans are equal, 1 where they overlap; a row without a span overlaps none."""
    nowhere = (-1, -1)
    a, b = (
        np.array([one.row.span or nowhere for one in facts], dtype=np.int64).reshape(-1, 2)
        for facts in (gold, found)
    )
    overlap = (a[:, None, 0] < b[:, 1]) & (b[:, 0] < a[:, None, 1])
    equal = overlap & (a[:, None] == b).all(axis=2)
    return np.where(equal, 2, np.where(overlap, 1, 0))
