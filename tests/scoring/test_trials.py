"""Studies found, and the columns of each."""

from __future__ import annotations

from isa_extract.scoring.gold import Row, Table
from isa_extract.scoring.score import Level
from isa_extract.scoring.trials import score_trials
from isa_extract.vocabulary import TRIAL_COLUMNS

IKEMA = {
    "doc_id": "one",
    "trial_id": "NCT03275285",
    "trial_name": "IKEMA",
    "phase": "III",
    "design": "randomised",
    "n_enrolled": "302",
    "arms": "Isa-Kd;Kd",
    "dose": "10 mg/kg, QW",
}
PHASE_ONE = {"doc_id": "one", "trial_id": "NCT01084252", "phase": "I", "arms": "Isa"}
PHASE_TWO = PHASE_ONE | {"phase": "II"}


def trials(*rows: dict[str, str]) -> Table:
    made = (Row("trials.csv", line, row) for line, row in enumerate(rows, start=2))
    return Table(frozenset(TRIAL_COLUMNS), tuple(made))


def test_a_table_against_itself_is_1():
    gold = trials(IKEMA, PHASE_ONE, PHASE_TWO)
    result = score_trials(gold, gold)
    assert result.study == result.row == Level(3, 3, 3)
    assert result.faults == ()


def test_two_phases_under_one_id_are_told_apart_by_what_else_agrees():
    result = score_trials(trials(PHASE_ONE, PHASE_TWO), trials(PHASE_TWO, PHASE_ONE))
    assert result.columns["phase"].accuracy == 1


def test_lists_are_sets_and_quoted_text_is_loose():
    found = IKEMA | {"arms": "Kd;Isa-Kd", "dose": "10 mg/kg QW"}
    assert score_trials(trials(IKEMA), trials(found)).row == Level(1, 1, 1)


def test_a_wrong_column_is_named():
    result = score_trials(trials(IKEMA), trials(IKEMA | {"n_enrolled": "179"}))
    assert (result.study, result.row) == (Level(1, 1, 1), Level(0, 1, 1))
    assert result.faults == ("one: IKEMA NCT03275285 III: n_enrolled: expected '302', found '179'",)
    assert result.columns["n_enrolled"].accuracy == 0


def test_a_study_goes_by_its_name_and_then_by_its_arms():
    assert score_trials(trials(IKEMA), trials(IKEMA | {"trial_id": ""})).study.tp == 1
    assert score_trials(trials(IKEMA), trials(IKEMA | {"trial_id": "NCT1"})).study.tp == 0
    unnamed = {"doc_id": "one", "phase": "Ib", "arms": "Isa-VCd"}
    assert score_trials(trials(unnamed), trials(unnamed | {"phase": ""})).study.tp == 1
    assert score_trials(trials(unnamed), trials(unnamed | {"arms": "Isa-VRd"})).study.tp == 0


def test_missed_and_spurious_studies_are_listed():
    result = score_trials(trials(IKEMA), trials(PHASE_ONE))
    assert result.faults == ("one: missed IKEMA NCT03275285 III", "one: spurious NCT01084252 I")
