"""Papers put into a store: what each changes, in any order, twice, and changed; on SQLite and PostgreSQL."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import permutations
from shutil import copy2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers_of_rows import ICARIA, ISA_PD, PD, evidence, paper, row
from servers import KINDS, fresh_database
from sqlalchemy import select, text

from isa_extract.evidence.history import ledger
from isa_extract.evidence.store import known_papers, land, open_store, snapshot
from isa_extract.evidence.store import schema as s
from isa_extract.records import Arm, Study

IKEMA = Study(
    "NCT03275285", "IKEMA", "III", population="RRMM", arms=(Arm("Isa-Kd", ("x", "y")), Arm("Kd", ("x",)))
)


def put(store, *papers, batch=1):
    """What each of them changed, as change, paper, value, the other's paper and value."""
    return [
        (
            c.kind,
            p.name,
            c.told.row["value"],
            *((c.other.paper, c.other.row["value"]) if c.other else ("", "")),
        )
        for p in papers
        for c in land(store, p, batch=batch, who="test").changes
    ]


def table(store, revision=None):
    """The current facts, as text that shows all that matters."""
    with store.read() as connection:
        facts = snapshot(connection, revision).facts
    return [
        (f.id, c.followup, c.standing, [(p.lead.row["value"], p.papers) for p in c.positions])
        for f in facts
        for c in f.cuts
    ]


def who_says_what(store):
    """The ledger, without what counts transactions."""
    with store.read() as connection:
        entries = ledger(snapshot(connection))
    return [(e.fact.id, e.followup, e.paper, e.evidence_id, e.value, e.stands) for e in entries]


def test_a_first_paper_is_new(store):
    assert put(store, paper("a", row(value="11.5"), row(PD, value="6.47"))) == [
        ("new", "a", "11.5", "", ""),
        ("new", "a", "6.47", "", ""),
    ]


def test_a_contradiction_between_a_chinese_and_an_english_paper_is_told_with_both_places(store):
    zh_arm = Arm("艾沙妥昔单抗联合组", ISA_PD.drugs, "experimental")
    chinese = row(
        zh_arm,
        value="63",
        endpoint="ORR",
        statistic="rate",
        unit="%",
        lang="zh",
        page="3",
        sentence="ORR为63%。",
    )
    english = row(
        value="60.4", endpoint="ORR", statistic="rate", unit="%", page="7", sentence="The ORR was 60.4%."
    )
    put(store, paper("zh", chinese, study=replace(ICARIA, trial_name="")))
    (change,) = land(store, paper("en", english), batch=2, who="test").changes
    cells = change.cells()
    assert (cells["change"], cells["doc_id"], cells["page"], cells["sentence"]) == (
        "conflict",
        "en",
        "7",
        "The ORR was 60.4%.",
    )
    assert (cells["other_doc_id"], cells["other_page"], cells["other_sentence"]) == ("zh", "3", "ORR为63%。")
    assert "values apart" in cells["note"]


def test_a_rounding_confirms(store):
    put(store, paper("zh", row(value="11.53", lang="zh")))
    (change,) = land(store, paper("en", row(value="11.5")), batch=2, who="test").changes
    assert (change.kind, change.note) == ("confirmed", "one is the other's rounding")


def test_a_later_data_cut_is_an_update_and_an_earlier_one_is_new(store):
    middle = paper("b", row(value="11.5", followup="11.6 month"))
    later, earlier = row(value="11.1", followup="35.3 month"), row(value="12", followup="6 month")
    put(store, middle)
    assert put(store, paper("c", later)) == [("updated", "c", "11.1", "b", "11.5")]
    (change,) = land(store, paper("a", earlier), batch=3, who="test").changes
    assert (change.kind, change.note) == ("new", "an earlier data cut")


def test_a_paper_that_contradicts_itself(store):
    told = put(store, paper("a", row(value="60.4"), row(value="63"), places={1: "table"}))
    assert told == [("conflict", "a", "60.4", "a", "63")]


def test_what_a_new_version_no_longer_says_is_withdrawn(store):
    put(store, paper("a", row(value="11.5"), row(PD, value="6.47")))
    changed = paper("a", row(value="11.6"), row(PD, value="6.47"), version="2")
    assert put(store, changed) == [("new", "a", "11.6", "", ""), ("withdrawn", "a", "11.5", "a", "11.6")]


def test_newer_rules_that_read_the_same_change_nothing_and_add_no_rows(store):
    put(store, paper("a", row(value="11.5")))
    assert put(store, paper("a", row(value="11.5"), rules="rules-2")) == []
    with store.read() as connection:
        assert len(connection.execute(select(s.observation)).all()) == 1
        assert [k.binding_key for k in known_papers(connection)] == ["rules-2"]


def test_newer_rules_that_read_less_withdraw(store):
    put(store, paper("a", row(value="11.5"), row(PD, value="6.47")))
    newer = paper("a", row(PD, value="6.47"), rules="rules-2")
    (change,) = land(store, newer, batch=2, who="test").changes
    assert (change.kind, change.note) == ("withdrawn", "newer rules no longer read it")


def test_a_paper_that_joins_two_names_brings_their_conflict_to_light(store):
    named, registered = replace(IKEMA, trial_id=""), replace(IKEMA, trial_name="")
    arm = IKEMA.arms[0]
    put(store, paper("a", row(arm, named, value="20"), study=named))
    assert put(store, paper("b", row(arm, registered, value="25"), study=registered)) == [
        ("new", "b", "25", "", "")
    ]
    (change,) = land(store, paper("c", study=IKEMA), batch=3, who="test").changes
    assert change.kind == "conflict" and "c shows the studies to be one" in change.note


def test_one_paper_changed_changes_only_its_own(store):
    other = paper("b", row(IKEMA.arms[0], IKEMA, value="20"), study=IKEMA)
    put(store, paper("a", row(value="11.5")), other)
    before = table(store)
    put(store, paper("a", row(value="12.5"), version="2"))
    moved = [was for was in before if was not in table(store)]
    assert [facts[3] for facts in moved] == [[("11.5", ("a",))]]


def test_the_past_can_be_seen(store):
    first = land(store, paper("a", row(value="11.5")), batch=1, who="test").revision
    before = table(store)
    put(store, paper("a", row(value="12.5"), version="2"), paper("b", row(value="14")))
    assert table(store, first) == before != table(store)


def test_a_store_opened_again_says_the_same(place):
    with open_store(place, create=True) as store:
        put(store, paper("a", row(value="11.5")))
        before = table(store)
    with open_store(place, write=False) as store:
        assert table(store) == before


def test_rows_with_any_text_come_back_as_they_went_in(store):
    odd = "=1+1\t\ud800\x00 \u202e'\"; DROP TABLE paper; -- 未达到"
    put(store, paper("a", row(value="11.5", sentence=odd)))
    with store.read() as connection:
        (found,) = snapshot(connection).observations
    assert found.row["sentence"] == odd


# ------------------------------------------------------------------------------------ in whatever order


values = st.sampled_from(["11.5", "11.53", "11.6", "14", "NR"])
cuts = st.sampled_from(["", "11.6 month", "12 month", "35.3 month"])
who = st.sampled_from([ICARIA, replace(ICARIA, trial_id=""), replace(ICARIA, trial_name=""), IKEMA])


@st.composite
def some_papers(draw):
    made = []
    for name in "abc":
        study = draw(who)
        rows = []
        for _ in range(draw(st.integers(0, 3))):
            value = draw(values)
            arm = draw(st.sampled_from([study.arms[0], study.arms[1], None]))
            told = {"value": "", "qualifier": "NR"} if value == "NR" else {"value": value}
            rows.append(row(arm, study, **told, followup=draw(cuts)))
        places = {i: draw(st.sampled_from(["body", "table", "abstract"])) for i in range(len(rows))}
        made.append(paper(name, *rows, study=study, places=places))
    return made


@pytest.fixture(scope="module", params=KINDS)
def blank(request, tmp_path_factory):
    """Opens a store with nothing in it, again and again: making one anew would take longer than filling it."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("blank") / "evidence.db"
        with open_store(path, create=True):
            pass

        @contextmanager
        def opened():
            with open_store(copy2(path, path.with_name("copy.db"))) as store:
                connection = store.engine.raw_connection()
                connection.driver_connection.execute(
                    "PRAGMA synchronous = OFF"
                )  # no power cut is tested here
                connection.close()
                yield store

        yield opened
    else:
        for place in fresh_database():
            with open_store(place, create=True) as store:

                @contextmanager
                def emptied():
                    with store.write() as connection:
                        names = ", ".join(f'"{name}"' for name in s.metadata.tables)
                        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
                    yield store

                yield emptied


@settings(max_examples=8)
@given(some_papers())
def test_three_papers_in_any_order_give_the_same_table_and_ledger(blank, papers):
    expected = None
    for order in permutations(papers):
        with blank() as store:
            put(store, *order)
            again = put(store, *order)
            told = table(store), who_says_what(store)
        assert again == []
        assert expected in (None, told)
        expected = told
    assert expected[0] == [
        (f.id, c.followup, c.standing, [(p.lead.row["value"], p.papers) for p in c.positions])
        for f in evidence(*papers).facts
        for c in f.cuts
    ]


@settings(max_examples=15)
@given(some_papers(), st.data())
def test_what_is_loaded_for_a_paper_is_enough(blank, papers, data):
    """The facts of a paper's studies, from what keys lead to, are those of the whole store."""
    from isa_extract.evidence.studies import keys_of

    with blank() as store:
        put(store, *papers)
        chosen = data.draw(st.sampled_from(papers)).statements.tellings
        keys = frozenset(key for t in chosen for key in keys_of(t))
        with store.read() as connection:
            near, whole = snapshot(connection, near=keys), snapshot(connection)
    studies = {near.studies[t.key].key for t in chosen}
    assert [f for f in near.facts if f.study.key in studies] == [
        f for f in whole.facts if f.study.key in studies
    ]
