"""A store of a few papers, and a browser that has no JavaScript."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from isa_extract.evidence.store import land, open_store

sys.path.insert(0, str(Path(__file__).parent))  # for `browsing`
sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))  # for `papers_of_rows` and `servers`

from browsing import CHINESE, ENGLISH, LATER, Browser, browser_of
from servers import KINDS, fresh_database


def filled(place: str) -> str:
    """A store with papers that agree, contradict each other, and bring a later data cut."""
    with open_store(place, create=True) as store:
        for one in (ENGLISH, CHINESE, LATER):
            land(store, one, batch=1, who="test")
    return place


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Such a store, of each kind that is tested."""
    if request.param == "sqlite":
        yield filled(str(tmp_path / "evidence.db"))
    else:
        for url in fresh_database():
            yield filled(url)


@pytest.fixture
def browser(place: str) -> Browser:
    """It, being reviewed."""
    return browser_of(place)


@pytest.fixture
def file_browser(tmp_path: Path) -> Browser:
    """One that is a file, for what can befall files only."""
    return browser_of(filled(str(tmp_path / "evidence.db")))
