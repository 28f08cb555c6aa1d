"""What holds for any tables, and a second scorer, slow and plain, that has to agree."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from isa_extract.scoring.compare import LEVELS
from isa_extract.scoring.report import as_json
from isa_extract.scoring.score import Level, score

ARMS = {"Isa-Pd": "dexamethasone+isatuximab+pomalidomide", "Pd": "dexamethasone+pomalidomide"}


@st.composite
def rows(draw, most=6, optional=False):
    """Rows so alike that many could be set against many."""
    made = []
    for place in range(draw(st.integers(0, most))):
        arm = draw(st.sampled_from(["Isa-Pd", "Pd", ""]))
        cells = {
            "doc_id": draw(st.sampled_from(["one", "two"])),
            "trial_id": draw(st.sampled_from(["NCT1", "NCT2"])),
            "arm": arm,
            "arm_drugs": ARMS.get(arm, ""),
            "endpoint": draw(st.sampled_from(["PFS", "AE"])),
            "statistic": draw(st.sampled_from(["rate", "median"])),
            "value": draw(st.sampled_from(["1", "2", "3"])),
            "unit": draw(st.sampled_from(["%", "month"])),
            "p_value": draw(st.sampled_from(["", "0.5"])),
            "char_start": str(10 * place),
            "char_end": str(10 * place + 1),
        }
        if optional and draw(st.booleans()):
            cells["note"] = "OPTIONAL: either way"
        made.append(cells)
    return made


def levels(gold, found, **named) -> list[Level]:
    result = score(gold, found, **named)
    return [result.level(name) for name in LEVELS]


@given(rows())
def test_gold_against_itself_is_1(table, row, made):
    gold = table([row(**cells) for cells in made])
    assert all(level.precision == level.recall == level.f1 == 1 for level in levels(gold, gold))


@given(rows(optional=True), rows())
def test_levels_only_fall(table, row, gold, found):
    scored = levels(*(table([row(**cells) for cells in made]) for made in (gold, found)))
    for lower, higher in pairwise(scored):
        assert higher.tp <= lower.tp
        assert higher.precision <= lower.precision
        assert higher.recall <= lower.recall
        assert higher.f1 <= lower.f1


@given(rows(optional=True), rows(), st.sampled_from(["one", "two", "elsewhere"]))
def test_a_spurious_row_never_raises_precision(table, row, gold, found, doc_id):
    gold = table([row(**cells) for cells in gold])
    found = [row(**cells) for cells in found]
    spurious = row(doc_id=doc_id, value="99", char_start="5", char_end="6")
    for before, after in zip(
        levels(gold, table(found)), levels(gold, table([*found, spurious])), strict=True
    ):
        assert after.precision <= before.precision
        assert after.recall == before.recall


@given(rows(), rows(), st.data())
def test_dropping_rows_never_raises_recall(table, row, gold, found, data):
    gold = table([row(**cells) for cells in gold])
    found = [row(**cells) for cells in found]
    kept = [one for one in found if data.draw(st.booleans())]
    for before, after in zip(levels(gold, table(found)), levels(gold, table(kept)), strict=True):
        assert after.tp <= before.tp
        assert after.recall <= before.recall


@given(rows(optional=True), rows(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(table, row, gold, found, random):
    gold, found = ([row(**cells) for cells in made] for made in (gold, found))
    before = as_json(score(table(gold), table(found)))
    random.shuffle(gold)
    random.shuffle(found)
    assert as_json(score(table(gold), table(found))) == before


@given(st.lists(st.integers(1, 500), min_size=2, max_size=2, unique=True), rows())
def test_swapped_arms_lower_the_arm_level_and_not_the_value_level(table, row, values, others):
    others = [row(**cells) for cells in others]
    arms = [{"arm": arm, "arm_drugs": drugs} for arm, drugs in ARMS.items()]
    pair = [row(endpoint="OS", value=str(value), **arm) for value, arm in zip(values, arms, strict=True)]
    swapped = [
        row(endpoint="OS", value=str(value), **arm) for value, arm in zip(values[::-1], arms, strict=True)
    ]
    right = levels(table([*others, *pair]), table([*others, *pair]))
    wrong = levels(table([*others, *pair]), table([*others, *swapped]))
    assert wrong[:3] == right[:3]
    assert wrong[3].f1 < right[3].f1
    assert wrong[4].f1 < right[4].f1


@given(rows(optional=True), rows(optional=True))
def test_two_readers_agree_the_same_whichever_comes_first(table, row, a, b):
    a, b = (table([row(**cells) for cells in made]) for made in (a, b))
    for one, other in zip(levels(a, b, symmetric=True), levels(b, a, symmetric=True), strict=True):
        assert (one.tp, one.predicted, one.gold) == (other.tp, other.gold, other.predicted)
        assert one.f1 == other.f1


KEYS = (
    ("doc_id", "value", "unit"),
    ("statistic",),
    ("endpoint",),
    ("trial_id", "arm_drugs", "arm"),
    ("p_value",),
)


def said(cells, level):
    return tuple(cells[name] for names in KEYS[: level + 1] for name in names)


@given(rows(), rows())
def test_without_optional_rows_the_score_is_a_count_of_equal_keys(table, row, gold, found):
    scored = levels(*(table([row(**cells) for cells in made]) for made in (gold, found)))
    for place, level in enumerate(scored):
        common = Counter(said(cells, place) for cells in gold) & Counter(
            said(cells, place) for cells in found
        )
        assert level == Level(common.total(), len(found), len(gold))


@given(rows(most=4, optional=True), rows(most=4))
def test_the_best_of_all_assignments_is_found(table, row, gold, found):
    scored = levels(*(table([row(**cells) for cells in made]) for made in (gold, found)))
    required = sum("note" not in cells for cells in gold)
    for place, level in enumerate(scored):
        best = (0, 0)
        size = max(len(gold), len(found))
        for order in permutations(range(size), len(found)):
            pairs = [(gold[i], cells) for i, cells in zip(order, found, strict=True) if i < len(gold)]
            same = [a for a, b in pairs if said(a, place) == said(b, place)]
            tp = sum("note" not in a for a in same)
            best = max(best, (tp, len(same) - tp))
        assert level == Level(best[0], len(found) - best[1], required)
