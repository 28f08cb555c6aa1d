"""A fresh store of each kind that is tested."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from isa_extract.evidence.store import Store, open_store

sys.path.insert(0, str(Path(__file__).parent))  # for `papers_of_rows` and `servers`

from servers import KINDS, fresh_database


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new store can be made."""
    if request.param == "sqlite":
        yield str(tmp_path / "evidence.db")
    else:
        yield from fresh_database()


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A new store, open."""
    with open_store(place, create=True) as opened:
        yield opened
