"""What is counted, and what is told beside the levels."""

from __future__ import annotations

import time

import pytest

from isa_extract.scoring.change import agree, change
from isa_extract.scoring.measures import (
    FAMILIES,
    apart_accuracy,
    breakdowns,
    by_binding,
    flags,
    slot_accuracy,
    wrong_arm,
)
from isa_extract.scoring.score import Level, bootstrap, score
from isa_extract.vocabulary import ENDPOINTS

PD = {"arm": "Pd", "arm_drugs": "dexamethasone+pomalidomide"}


def test_precision_recall_and_f1():
    level = Level(tp=3, predicted=4, gold=6)
    assert (level.precision, level.recall, level.f1) == (0.75, 0.5, 0.6)
    assert (Level(0, 0, 2).precision, Level(0, 0, 2).f1) == (0, 0)
    assert (Level(0, 3, 0).recall, Level(0, 3, 0).precision, Level(0, 3, 0).f1) == (1, 0, 0)
    assert Level(0, 0, 0).f1 == 1


def test_the_best_assignment_is_taken_and_not_the_first_fit(table, row):
    # the first found row fits both gold rows to the statistic, the second fits only the first
    gold = table(
        [row(statistic="median", char_start="1", char_end="2"), row(statistic="median", endpoint="OS")]
    )
    found = table([row(), row(endpoint="OS", p_value="0.5")])
    assert score(gold, found).level("endpoint") == Level(2, 2, 2)
    assert score(gold, found).level("slots") == Level(1, 2, 2)


def test_spans_break_ties_and_nothing_else(table, row):
    gold = table([row(char_start="10", char_end="14"), row(char_start="90", char_end="94", endpoint="OS")])
    found = table([row(char_start="90", char_end="94"), row(char_start="10", char_end="14", endpoint="OS")])
    result = score(gold, found)
    assert result.level("slots").tp == 2
    assert [verdict.kind for verdict in result.verdicts] == ["correct", "correct"]
    near, far = row(ci_low="1"), row(ci_low="1", char_start="70", char_end="74")
    (pair,) = score(table([row()]), table([far, near])).pairs("arm")
    assert pair[1].row.span == (10, 14)


def test_optional_rows_are_neutral(table, row):
    optional = row(value="3", note="OPTIONAL: a range")
    gold = table([row(), optional])
    for found in ([row()], [row(), row(value="3")]):
        assert score(gold, table(found)).level("slots") == Level(1, 1, 1)
    assert score(gold, table([row(value="3")])).level("slots") == Level(0, 0, 1)
    # matched only as far as the value: spurious from there on
    result = score(gold, table([row(), row(value="3", endpoint="OS")]))
    assert result.level("statistic") == Level(1, 1, 1)
    assert result.level("arm") == Level(1, 2, 1)
    assert [verdict.kind for verdict in result.verdicts] == ["correct", "optional", "spurious"]


def test_an_optional_row_takes_nothing_that_a_required_one_could_have(table, row):
    gold = table([row(note="optional, and on the very span"), row(char_start="90", char_end="94")])
    assert score(gold, table([row()])).level("slots") == Level(1, 1, 1)


def test_a_note_in_evidence_excuses_nothing(table, row):
    found = table([row(), row(value="3", note="OPTIONAL")])
    assert score(table([row()]), found).level("value") == Level(1, 2, 1)


def test_a_paper_without_evidence_is_all_missed(table, row):
    result = score(table([row(), row(doc_id="two"), row(doc_id="two", value="3")]), table([row()]))
    assert result.level("arm") == Level(1, 1, 3)
    assert result.without_evidence == ["two"]
    assert [verdict.kind for verdict in result.verdicts] == ["correct", "missed", "missed"]


def test_rows_of_a_paper_that_gold_does_not_name_are_spurious_unless_left_out(table, row):
    gold, found = table([row()]), table([row(), row(doc_id="two")])
    counted, left_out = score(gold, found), score(gold, found, only_gold_papers=True)
    assert counted.level("arm") == Level(1, 2, 1)
    assert left_out.level("arm") == Level(1, 1, 1)
    assert counted.outside == left_out.outside == {"two": 1}


def test_a_row_is_never_matched_with_another_paper(table, row):
    assert score(table([row()]), table([row(doc_id="two")])).level("value") == Level(0, 1, 1)


def test_a_wrong_arm_is_counted_and_an_empty_one_apart(table, row):
    gold = table([row(value=str(value)) for value in range(4)])
    found = [row(value="0"), row(value="1", **PD), row(value="2", arm="", arm_drugs=""), row(value="9", **PD)]
    result = wrong_arm(score(gold, table(found)))
    assert (result.pairs, result.wrong, result.blank) == (3, 1, 1)
    assert result.rate == pytest.approx(1 / 3)


def test_slots_are_judged_where_they_are_stated(table, row):
    gold = table([row(p_value="0.5", followup="3 month"), row(value="3"), row(value="4")])
    found = table([row(p_value="0.5", followup="4 month"), row(value="3", p_value="0.1"), row(value="4")])
    accuracy = slot_accuracy(score(gold, found))
    assert (accuracy["p_value"].stated, accuracy["p_value"].right, accuracy["p_value"].accuracy) == (
        2,
        1,
        0.5,
    )
    assert accuracy["n"].accuracy is None
    assert apart_accuracy(score(gold, found))["followup"].right == 0


def test_a_wrong_slot_is_named(table, row):
    (verdict,) = score(table([row(p_value="0.5")]), table([row(p_value="0.1", grade=">=3")])).verdicts
    assert (verdict.kind, verdict.wrong, verdict.depth) == ("wrong", ("p_value", "grade"), 4)


def test_a_wrong_value_on_the_same_span_is_told_as_one_row(table, row):
    result = score(table([row(value="11.5")]), table([row(value="115")]))
    (verdict,) = result.verdicts
    assert (verdict.kind, verdict.wrong, verdict.depth) == ("wrong", ("value",), 0)
    assert result.level("value") == Level(0, 1, 1)


def test_flags_expected_and_set(table, row):
    gold = table(
        [row(expected_flag="n-over-N"), row(value="3", expected_flag="ci-p-disagree"), row(value="4")]
    )
    found = table([row(flags="n-over-N"), row(value="3"), row(value="4", flags="ci-p-disagree;n-over-N")])
    result = flags(score(gold, found))
    assert (result.expected, result.earned, result.unexpected) == (2, 1, 2)


def test_breakdowns_add_up_and_every_endpoint_has_a_family(table, row):
    assert sorted(code for codes in FAMILIES.values() for code in codes) == sorted(ENDPOINTS)
    gold = table([row(lang="zh"), row(doc_id="two", endpoint="ORR", lang="en"), row(doc_id="two", value="3")])
    found = [
        row(binding="order"),
        row(doc_id="two", endpoint="OS", binding="carried"),
        row(doc_id="two", value="4"),
    ]
    result = score(gold, table(found))
    groups = breakdowns(result)
    for group in groups.values():
        assert sum(group.values(), Level(0, 0, 0)) == result.level("arm")
    assert groups["language"] == {"en": Level(0, 2, 2), "zh": Level(1, 1, 1)}
    assert groups["endpoint_family"] == {"response": Level(0, 0, 1), "time to event": Level(1, 3, 2)}
    assert by_binding(result) == {"carried": Level(0, 1, 0), "none": Level(0, 1, 0), "order": Level(1, 1, 0)}


def test_the_interval_is_by_paper_and_always_the_same():
    assert bootstrap([Level(5, 10, 10)]) is None
    assert bootstrap([Level(5, 10, 10)] * 4) == (0.5, 0.5)
    spread = bootstrap([Level(0, 10, 10), Level(10, 10, 10), Level(5, 10, 10)])
    assert spread == bootstrap([Level(0, 10, 10), Level(10, 10, 10), Level(5, 10, 10)])
    assert spread[0] == 0 < 0.5 < spread[1] == 1


def test_gained_and_lost_row_by_row(table, row):
    gold = table(
        [row(value=str(value), char_start=str(9 * value), char_end=str(9 * value + 1)) for value in range(4)]
    )
    rows = [dict(one.cells) for one in gold.rows]
    old = [rows[0], rows[1] | PD, row(value="77", char_start="500", char_end="501")]
    new = [rows[1], rows[2] | {"p_value": "0.5"}, row(value="88", char_start="500", char_end="501")]
    result = change(score(gold, table(old)), score(gold, table(new)))
    assert [(step.new.gold.row["value"], step.old.depth, step.new.depth) for step in result.gained] == [
        ("1", 3, 5),
        ("2", 0, 4),
    ]
    assert [(step.new.gold.row["value"], step.old.depth, step.new.depth) for step in result.lost] == [
        ("0", 5, 0)
    ]
    assert [verdict.found.row["value"] for verdict in result.spurious_new] == ["88"]
    assert [verdict.found.row["value"] for verdict in result.spurious_gone] == ["77"]


def test_two_readers_heed_each_others_optional_rows_and_shared_columns(table, row):
    first = table([row(), row(value="3", note="OPTIONAL: perhaps")])
    second = table(
        [row(grade="5"), row(value="4", note="OPTIONAL: perhaps")], columns=first.columns - {"grade"}
    )
    assert agree(first, second).level("slots") == Level(1, 1, 1)
    assert agree(second, first).level("slots") == Level(1, 1, 1)


def test_an_optional_row_of_both_readers_excuses_a_required_one_rather_than_the_other(table, row):
    first = table([row(note="OPTIONAL"), row(char_start="30", char_end="34")])
    assert agree(first, table([row(note="OPTIONAL")])).level("slots") == Level(0, 0, 0)


@pytest.mark.growth
def test_a_thousand_rows_of_one_paper_are_scored_in_seconds(table, row):
    rows = [
        row(value=str(place % 100), char_start=str(place), char_end=str(place + 1)) for place in range(1000)
    ]
    begun = time.perf_counter()
    assert score(table(rows), table(rows)).level("slots").f1 == 1
    assert time.perf_counter() - begun < 30
