"""Puts papers into a store in a child that is killed at some moment, and looks at what is left.

    python killing.py STORE ROUNDS SEED

One process forks all children: starting Python anew a hundred times would take longer than the test.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from papers_of_rows import ICARIA, PD, paper, row
from sqlalchemy import text

from isa_extract.evidence.history import ledger, revisions
from isa_extract.evidence.store import known_papers, land, open_store, snapshot

PAPERS = [
    paper(
        name,
        row(value=value, followup=cut),
        row(PD, value=str(6 + i)),
        row(value="60.4", endpoint="ORR", statistic="rate", unit="%"),
    )
    for i, (name, value, cut) in enumerate(
        [("a", "11.5", ""), ("b", "11.53", ""), ("c", "14", ""), ("d", "11.1", "35 month")]
    )
]
assert all(p.statements.tellings[0].cells["trial_id"] == ICARIA.trial_id for p in PAPERS)


def update(place: str) -> None:
    """What an update does once papers have been worked through: those not known go in, in order."""
    with open_store(place, create=True) as store, store.update_lock("killing", 60):
        with store.read() as connection:
            known = {k.name for k in known_papers(connection)}
        for one in PAPERS:
            if one.name not in known:
                land(store, one, batch=1, who="test")


def state(place: str) -> str:
    """All that the store says, ids and times apart."""
    with open_store(place, write=False) as store, store.read() as connection:
        entries = [(e.fact.id, e.followup, e.paper, e.value, e.stands) for e in ledger(snapshot(connection))]
        said = [(r.paper, r.changes) for r in revisions(connection)]
    return json.dumps([entries, said])


def look(place: str) -> int:
    """How many papers are in; each with all of its rows and changes, or not there at all."""
    with open_store(place, create=True) as store, store.read() as connection:
        if store.path is not None:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        names = [k.name for k in known_papers(connection)]
        assert names == [p.name for p in PAPERS[: len(names)]], names
        rows = [o.paper for o in snapshot(connection).observations]
        assert all(rows.count(name) == 3 for name in names) and len(rows) == 3 * len(names), rows
        told = list(revisions(connection))
        assert [r.paper for r in told] == names and all(r.changes for r in told)
    return len(names)


def fresh(place: str, number: int) -> str:
    """A place for a store that nobody used."""
    if "://" not in place:
        return f"{place}.{number}"
    from sqlalchemy import create_engine, make_url

    admin = create_engine(make_url(place).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    name = f"{make_url(place).database}_{number}"
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return make_url(place).set(database=name).render_as_string(hide_password=False)


def drop(place: str, base: str) -> None:
    """Remove what a round left."""
    if "://" not in place:
        for path in Path(place).parent.glob(Path(place).name + "*"):
            path.unlink()
        return
    from sqlalchemy import create_engine, make_url

    admin = create_engine(make_url(base).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{make_url(place).database}" WITH (FORCE)'))
    admin.dispose()


def killed(place: str, after: float) -> None:
    """An update in a child that is killed after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            update(place)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main(base: str, rounds: int, seed: int) -> None:
    """Kill, look, finish, compare; prints how many papers were in at each kill."""
    chance = random.Random(seed)
    whole = fresh(base, 0)
    update(whole)  # the first pays for imports
    expected = state(whole)
    drop(whole, base)
    timed = fresh(base, 0)
    began = time.perf_counter()
    killed(timed, 0)
    child = os.fork()
    if child == 0:
        update(timed)
        os._exit(0)
    os.waitpid(child, 0)
    span = time.perf_counter() - began
    drop(timed, base)
    seen = []
    for number in range(1, rounds + 1):
        place = fresh(base, number)
        killed(place, chance.uniform(0, 1.05 * span))
        seen.append(look(place))
        update(place)
        assert look(place) == len(PAPERS)
        assert state(place) == expected
        drop(place, base)
        # the machine may be slower or faster now than when the span was measured
        if seen[-2:] == [0, 0]:
            span *= 1.6
        elif seen[-2:] == [len(PAPERS)] * 2:
            span *= 0.7
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
