"""The ledger of what came in, and the moments that --as-of can name."""

from __future__ import annotations

from itertools import permutations

import pytest
from papers_of_rows import PD, evidence, paper, row

from isa_extract.errors import StoreError
from isa_extract.evidence.deciding import decide_row
from isa_extract.evidence.history import ledger, revision_at, revisions
from isa_extract.evidence.store import land, snapshot

PAPERS = (
    paper("a", row(value="11.5", followup="11.6 month"), row(PD, value="6.47")),
    paper("b", row(value="11.53"), row(PD, value="7")),
    paper("c", row(value="11.1", followup="35 month")),
)


def history(store, **asked):
    with store.read() as connection:
        return list(revisions(connection, **asked))


def test_every_paper_and_decision_is_a_revision_with_what_it_said(store):
    for batch, one in enumerate(PAPERS, 1):
        land(store, one, batch=batch, who="test")
    with store.read() as connection:
        told = snapshot(connection).observations[0].evidence_id
    decide_row(store, "accept", told, who="Ann", why="seen")
    found = history(store)
    assert [(r.kind, r.paper, r.who) for r in found] == [
        *(("paper", name, "test") for name in "abc"),
        ("decision", "", "Ann"),
    ]
    kinds = [[change["change"] for change in r.changes] for r in found]
    assert kinds == [["new", "new"], ["confirmed", "conflict"], ["updated"], []]
    assert found[3].decision.why == "seen"
    assert [r.id for r in history(store, since=2)] == [r.id for r in found[2:]]
    of_fact = history(store, fact_id=found[0].changes[0]["fact_id"])
    assert [r.paper for r in of_fact] == ["a", "b", "c"]


def test_times_rise_even_when_the_clock_is_set_back(store, monkeypatch):
    from datetime import UTC, datetime

    from isa_extract.evidence.store import landing

    class Clock:
        times = iter([datetime(2026, 5, 2, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)])

        @classmethod
        def now(cls, zone):
            return next(cls.times)

    monkeypatch.setattr(landing, "datetime", Clock)
    for one in PAPERS[:2]:
        land(store, one, batch=1, who="test")
    assert [r.at[:10] for r in history(store)] == ["2026-05-02", "2026-05-02"]
    assert revision_at(store, "2026-05-02") == history(store)[-1].id


def test_as_of_takes_a_revision_a_day_or_a_time(store):
    ids = [land(store, one, batch=1, who="test").revision for one in PAPERS]
    first = history(store)[0].at
    assert revision_at(store, str(ids[1])) == ids[1]
    assert revision_at(store, first) == ids[0]
    assert revision_at(store, first[:10]) == ids[2]
    assert revision_at(store, "9999-01-01T00:00+08:00") == ids[2]
    for wrong, says in (
        ("0", "nothing in it yet"),
        ("1999-01-01", "nothing in it yet"),
        ("yesterday", "neither a revision"),
    ):
        with pytest.raises(StoreError, match=says):
            revision_at(store, wrong)


def test_the_ledger_is_the_same_in_whatever_order_papers_came():
    told = {
        tuple((e.fact.id, e.paper, e.value, e.stands) for e in ledger(evidence(*order)))
        for order in permutations(PAPERS)
    }
    assert len(told) == 1
    (only,) = told
    assert sorted((paper, value, stands) for _, paper, value, stands in only) == [
        ("a", "11.5", "superseded"),
        ("a", "6.47", "disputed"),
        ("b", "11.53", "superseded"),
        ("b", "7", "disputed"),
        ("c", "11.1", "current"),
    ]
