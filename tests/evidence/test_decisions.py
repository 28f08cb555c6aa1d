"""What people decide stays, whatever rules and papers do; can be seen, and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers_of_rows import ICARIA, ISA_PD, PD, paper, row

from isa_extract.evidence.deciding import DecisionError, decide_row, decide_studies, take_back
from isa_extract.evidence.export.tables import conflict_rows, evidence_rows
from isa_extract.evidence.store import land, snapshot

ANN = {"who": "Ann", "why": "read in the paper"}


def put(store, *papers):
    return [c for p in papers for c in land(store, p, batch=1, who="test").changes]


def now(store, revision=None):
    with store.read() as connection:
        return snapshot(connection, revision)


def told(store, revision=None):
    """Of each row of the table: value, standing, decision, note."""
    return [
        (r["value"], r["standing"], r["decision"].partition(" by")[0], r["note"])
        for r in evidence_rows(now(store, revision))
    ]


def row_id(store, value):
    return next(o.evidence_id for o in now(store).observations if o.row["value"] == value)


@pytest.fixture
def disputed(store):
    """Two papers that contradict each other."""
    put(store, paper("a", row(value="11.5")), paper("b", row(value="14")))
    assert [standing for _, standing, *_ in told(store)] == ["conflict", "conflict"]
    return store


def test_accepting_one_side_settles_a_conflict(disputed):
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    assert told(disputed) == [("11.5", "decided", "1 accept", "")]
    assert conflict_rows(now(disputed)) == []


def test_rejecting_one_side_leaves_the_other(disputed):
    decide_row(disputed, "reject", row_id(disputed, "14"), **ANN)
    assert told(disputed) == [("11.5", "reported", "", "")]


def test_a_correction_changes_the_table_and_not_the_observation(disputed):
    decide_row(disputed, "correct", row_id(disputed, "14"), change={"value": "11.4"}, **ANN)
    assert ("11.4", "decided", "1 correct", "") in told(disputed)
    assert {o.row["value"] for o in now(disputed).observations} == {"11.5", "14"}


def test_as_of_before_a_decision_shows_the_old_state(disputed):
    before = told(disputed)
    revision = decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN).revision
    assert told(disputed, revision - 1) == before != told(disputed, revision)


def test_a_decision_can_be_taken_back_and_that_too(disputed):
    before = told(disputed)
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    decided = told(disputed)
    take_back(disputed, 1, **ANN)
    assert told(disputed) == before
    take_back(disputed, 2, **ANN)
    assert told(disputed) == decided


def test_a_decision_survives_newer_rules_that_read_the_same(disputed):
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    put(disputed, paper("a", row(value="11.5"), row(PD, value="6.5"), rules="rules-2"))
    assert told(disputed)[0] == ("11.5", "decided", "1 accept", "")


def test_a_newer_reading_that_disagrees_is_shown_beside_the_decision(disputed):
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    put(disputed, paper("a", row(value="11.7"), rules="rules-2"))
    note = "a newer reading disagrees with the decision: Isa-Pd PFS 11.7month"
    assert told(disputed) == [("11.5", "decided", "1 accept", note)]


def test_a_newer_reading_that_gives_the_value_to_another_arm_is_shown(disputed):
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    put(disputed, paper("a", row(PD, value="11.5"), rules="rules-2"))
    (only,) = told(disputed)
    assert only == (
        "11.5",
        "decided",
        "1 accept",
        "a newer reading disagrees with the decision: Pd PFS 11.5month",
    )


def test_a_correction_that_newer_rules_make_too(disputed):
    decide_row(disputed, "correct", row_id(disputed, "14"), change={"value": "11.4"}, **ANN)
    put(disputed, paper("b", row(value="11.4"), rules="rules-2"))
    assert ("11.4", "decided", "1 correct", "newer rules read it so too") in told(disputed)


def test_a_decided_row_that_nobody_reads_any_more_stays(disputed):
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    put(disputed, paper("a", rules="rules-2"))
    assert told(disputed) == [
        ("11.5", "decided", "1 accept", "no longer read in the paper; a person decided it")
    ]


def test_a_decision_survives_a_new_version_in_which_all_places_moved(disputed):
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    moved = row(value="11.5", char_start="900", char_end="904")
    put(disputed, paper("a", row(PD, value="6.5"), moved, version="2"))
    assert told(disputed)[0] == ("11.5", "decided", "1 accept", "")


def test_a_rejected_row_stays_rejected_and_another_reading_of_its_place_is_shown(disputed):
    decide_row(disputed, "reject", row_id(disputed, "14"), **ANN)
    put(disputed, paper("b", row(value="14"), row(PD, value="6"), rules="rules-2"))
    assert [value for value, *_ in told(disputed)] == ["11.5", "6"]
    put(disputed, paper("b", row(value="11.5"), rules="rules-3"))
    assert told(disputed)[0][1] == "confirmed"


def test_a_paper_that_comes_later_may_dispute_a_decision(disputed):
    decide_row(disputed, "accept", row_id(disputed, "11.5"), **ANN)
    (change,) = put(disputed, paper("c", row(value="20")))
    assert (change.kind, change.told.row["value"], change.other.row["value"]) == ("conflict", "20", "11.5")
    assert {(value, standing) for value, standing, *_ in told(disputed)} == {
        ("11.5", "conflict"),
        ("20", "conflict"),
    }


def test_studies_are_merged_and_told_apart_by_a_person(store):
    other = replace(ICARIA, trial_id="NCT00000001", trial_name="ICARIA-2", population="NDMM")
    put(store, paper("a", row(value="11.5")), paper("b", row(ISA_PD, other, value="14"), study=other))
    assert [s for _, s, *_ in told(store)] == ["reported", "reported"]
    landed = decide_studies(store, "same", "NCT02990338", "icaria-2", **ANN)
    assert [c.kind for c in landed.changes] == ["conflict"]
    assert [s for _, s, *_ in told(store)] == ["conflict", "conflict"]
    take_back(store, 1, **ANN)
    assert [s for _, s, *_ in told(store)] == ["reported", "reported"]


def test_one_acronym_may_be_two_trials(store):
    bare = replace(ICARIA, trial_id="")
    put(
        store,
        paper("a", row(ISA_PD, bare, value="11.5"), study=bare),
        paper("b", row(ISA_PD, bare, value="14"), study=bare),
    )
    assert [s for _, s, *_ in told(store)] == ["conflict", "conflict"]
    decide_studies(store, "different", "a:ICARIA-MM", "b:ICARIA-MM", **ANN)
    assert [s for _, s, *_ in told(store)] == ["reported", "reported"]


def test_a_decision_brings_up_no_conflict_that_was_known(store):
    """Once a row is decided, all studies of its paper are looked at: so they must be beforehand."""
    other = replace(ICARIA, trial_id="NCT03275285", trial_name="IKEMA")
    put(store, paper("a", row(value="11.5"), more=((other, row(study=other, value="35.7")),)))
    put(store, paper("b", row(value="14")))
    landed = decide_row(store, "accept", row_id(store, "35.7"), **ANN)
    assert landed.changes == take_back(store, 1, **ANN).changes == ()


def test_a_decision_on_one_paper_is_seen_from_another_of_the_same_study(disputed):
    """What is loaded for a paper must have the decisions on all rows of its studies."""
    decide_row(disputed, "reject", row_id(disputed, "14"), **ANN)
    (change,) = put(disputed, paper("c", row(value="14")))
    assert (change.kind, change.other.row["value"]) == ("conflict", "11.5")


@pytest.mark.parametrize(
    ("action", "change", "says"),
    [
        ("accept", {"value": "12"}, "a correction says what is right"),
        ("correct", {}, "a correction says what is right"),
        ("correct", {"value": "twelve"}, "not a number"),
        ("correct", {"endpoint": "PFSS"}, "not one of"),
        ("correct", {"sentence": "x"}, "not a column that can be corrected"),
        ("correct", {"colour": "x"}, "not a column that can be corrected"),
        ("correct", {"value": ""}, "a value is a number"),
        ("bless", {}, "no such decision"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(disputed, action, change, says):
    with pytest.raises(DecisionError, match=says):
        decide_row(disputed, action, row_id(disputed, "14"), change=change, **ANN)
    assert now(disputed).decisions == ()


def test_a_decision_needs_a_row_a_name_and_a_reason(disputed):
    with pytest.raises(DecisionError, match="no such row"):
        decide_row(disputed, "accept", "feedfeed", **ANN)
    with pytest.raises(DecisionError, match="needs a name"):
        decide_row(disputed, "accept", row_id(disputed, "14"), who=" ", why="x")
    with pytest.raises(DecisionError, match="needs a reason"):
        decide_row(disputed, "accept", row_id(disputed, "14"), who="x", why="")
    with pytest.raises(DecisionError, match="no paper tells of such a study"):
        decide_studies(disputed, "same", "ICARIA-MM", "NOSUCH", **ANN)
    with pytest.raises(DecisionError, match="no decision that holds"):
        take_back(disputed, 7, **ANN)
