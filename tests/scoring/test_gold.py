"""Valid tables load; each kind of fault is named by file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_extract import vocabulary
from isa_extract.errors import TableError
from isa_extract.scoring.gold import COMPARED, InvalidTable, load_evidence, load_gold, load_trials

EXAMPLES = Path(__file__).parents[3] / "shared" / "examples"


def reasons(call, *arguments, **named) -> tuple[str, ...]:
    with pytest.raises(InvalidTable) as caught:
        call(*arguments, **named)
    assert all("\n" not in reason for reason in caught.value.reasons)
    return caught.value.reasons


def test_the_vocabulary_has_no_word_twice_and_covers_what_is_compared():
    for words in (
        vocabulary.EVIDENCE_COLUMNS,
        vocabulary.TRIAL_COLUMNS,
        vocabulary.ENDPOINTS,
        vocabulary.FLAGS,
    ):
        assert len(set(words)) == len(words)
    assert set(COMPARED) <= set(vocabulary.EVIDENCE_COLUMNS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_every_cell_is_text(tmp_path, row, write, encoding):
    path = write(tmp_path / "gold.csv", [row(value="0.50", n="007", trial_name="NA")])
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    (only,) = load_gold(path).rows
    assert (only["value"], only["n"], only["trial_name"], only.line) == ("0.50", "007", "NA", 2)


def test_gold_may_leave_columns_out_and_evidence_may_leave_out_the_same(tmp_path, row, write):
    gold = load_gold(write(tmp_path / "gold.csv", [row()], drop=["grade", "trial_name"]))
    assert gold.rows[0]["grade"] == ""
    load_evidence([write(tmp_path / "evidence.csv", [row()], drop=["grade", "trial_name"])], gold)


def test_a_line_is_the_line_that_the_record_begins_on(tmp_path, row, write):
    rows = [row(note="two\nlines", value="1"), row(value="2\u2028"), row(value="x")]
    path = write(tmp_path / "gold.csv", rows)
    assert reasons(load_gold, path) == (f"{path}, line 5, column value: not a decimal number: 'x'",)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("endpoint", "PSF", "unknown endpoint 'PSF', perhaps 'PFS'"),
        ("endpoint", "", "empty"),
        ("statistic", "hr", "unknown statistic 'hr'"),
        ("unit", "months", "unknown unit 'months', perhaps 'month'"),
        ("qualifier", "≥", "unknown qualifier '≥'"),
        ("value", "1,234", "not a decimal number: '1,234'"),
        ("value", "１.５", "not a decimal number: '１.５'"),
        ("value", "nan", "not a decimal number: 'nan'"),
        ("value", "", "empty, and the qualifier is neither NR nor NE"),
        ("ci_low", "0.4-0.6", "not a decimal number: '0.4-0.6'"),
        ("p_value", "P<0.05", "not a p value: 'P<0.05'"),
        ("n", "12.5", "not a whole number: '12.5'"),
        ("N", "-3", "not a whole number: '-3'"),
        ("char_start", "ten", "not a whole number: 'ten'"),
        ("char_end", "10", "10 does not lie after char_start 10"),
        ("char_end", "", "empty, while the other offset is given"),
        ("expected_flag", "wrong", "unknown flag 'wrong'"),
        ("lang", "cn", "unknown language 'cn'"),
        ("binding", "guess", "unknown binding 'guess'"),
        ("bbox", "1 2 3", "not four numbers 'x0 top x1 bottom': '1 2 3'"),
        ("doc_id", "", "empty"),
    ],
)
def test_a_bad_cell_is_named(tmp_path, row, write, column, cell, reason):
    path = write(tmp_path / "gold.csv", [row(value="7"), row(**{column: cell})])
    assert reasons(load_gold, path) == (f"{path}, line 3, column {column}: {reason}",)


def test_a_value_beside_not_reached_is_refused(tmp_path, row, write):
    path = write(tmp_path / "gold.csv", [row(qualifier="NR")])
    assert reasons(load_gold, path) == (
        f"{path}, line 2, column value: must be empty where the qualifier is NR",
    )


def test_every_fault_is_told_and_the_message_is_one_line(tmp_path, row, write):
    path = write(tmp_path / "gold.csv", [row(unit="mo", value="x"), row(endpoint="PFSS")])
    with pytest.raises(TableError) as caught:
        load_gold(path)
    assert str(caught.value) == f"{path}, line 2, column value: not a decimal number: 'x' (and 2 more)"


def test_offsets_are_held_against_the_text(tmp_path, row, write):
    path = write(tmp_path / "gold.csv", [row()])
    load_gold(path, {"one": "中位PFS为 月是11.5 个月"[:10].ljust(10) + "11.5"})
    assert reasons(load_gold, path, {"one": "short"}) == (
        f"{path}, line 2, column char_end: 14 lies outside the text of 5 characters",
    )
    assert reasons(load_gold, path, {"one": "x" * 20}) == (
        f"{path}, line 2, column value_text: '11.5', but the text has 'xxxx' there",
    )


def test_a_row_may_not_stand_twice(tmp_path, row, write):
    path = write(tmp_path / "gold.csv", [row(), row(value="7"), row(note="again")])
    assert reasons(load_gold, path) == (f"{path}, line 4, column doc_id: the same row as line 2",)
    gold = load_gold(write(tmp_path / "gold2.csv", [row()]))
    first, second = (write(tmp_path / name, [row()]) for name in ("a.csv", "b.csv"))
    assert reasons(load_evidence, [first, second], gold) == (
        f"{second}, line 2, column doc_id: the same row as {first}, line 2",
    )


def test_one_value_told_of_two_arms_is_two_rows(tmp_path, row, write):
    load_gold(write(tmp_path / "gold.csv", [row(), row(arm="Pd", arm_drugs="dexamethasone+pomalidomide")]))


def test_an_evidence_id_may_not_stand_twice(tmp_path, row, write):
    path = write(tmp_path / "e.csv", [row(evidence_id="a"), row(evidence_id="a", value="7")])
    gold = load_gold(write(tmp_path / "gold.csv", [row()]))
    assert reasons(load_evidence, [path], gold) == (f"{path}, line 3, column evidence_id: the id of line 2",)


@pytest.mark.parametrize("column", ["doc_id", "endpoint", "statistic", "value", "unit", "arm"])
def test_a_missing_column_is_named_in_either_table(tmp_path, row, write, column):
    path = write(tmp_path / "t.csv", [row()], drop=[column])
    gold = load_gold(write(tmp_path / "gold.csv", [row()]))
    expected = (f"{path}, line 1, column {column}: missing",)
    assert reasons(load_gold, path) == expected
    assert reasons(load_evidence, [path], gold) == expected


def test_evidence_must_have_a_slot_that_gold_has(tmp_path, row, write):
    path = write(tmp_path / "e.csv", [row()], drop=["p_value"])
    gold = load_gold(write(tmp_path / "gold.csv", [row()]))
    assert reasons(load_evidence, [path], gold) == (f"{path}, line 1, column p_value: missing",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ", line 1: no header row"),
        (b"\xff\xfe", ": not UTF-8 at byte 0"),
        (b"doc_id,doc_id\n", ", line 1, column doc_id: the header has it twice"),
        (b'doc_id\n"one', ", line 2: not a CSV record (unexpected end of data)"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, content, reason):
    path = tmp_path / "gold.csv"
    path.write_bytes(content)
    assert reasons(load_gold, path)[0] == f"{path}{reason}"


def test_a_ragged_line_and_a_file_that_is_not_there(tmp_path, row, write):
    path = write(tmp_path / "gold.csv", [row()])
    path.write_text(path.read_text("utf-8") + "one,two\n", "utf-8")
    (reason,) = reasons(load_gold, path)
    assert reason.startswith(f"{path}, line 3, column trial_name: 2 cells where the header has ")
    absent = tmp_path / "absent.csv"
    assert reasons(load_gold, absent) == (f"{absent}: cannot be read (No such file or directory)",)


def test_a_column_of_nobodys_is_not_read_and_told_of(tmp_path, row, write):
    table = load_gold(write(tmp_path / "gold.csv", [row(time_point="12 month")]))
    assert table.notices == (
        f"{tmp_path / 'gold.csv'}: column 'time_point' is none of the contract's and is not read",
    )


def test_trials_need_the_columns_that_gold_has(tmp_path):
    gold, found = tmp_path / "gold.csv", tmp_path / "trials.csv"
    gold.write_text("doc_id,trial_id,n_enrolled\none,NCT1,12\n", "utf-8")
    found.write_text("doc_id,trial_id\none,NCT1\n", "utf-8")
    assert reasons(load_trials, found, load_trials(gold)) == (f"{found}, line 1, column n_enrolled: missing",)


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the shared examples are not here")
def test_the_shared_gold_table_is_valid_against_its_texts():
    texts = {path.stem: path.read_text("utf-8") for path in EXAMPLES.glob("*.txt")}
    assert len(load_gold(EXAMPLES / "gold.csv", texts).rows) == 319
