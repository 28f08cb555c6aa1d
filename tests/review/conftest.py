"""A store of a few papers, and a browser that has no JavaScript."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from isa_extract.evidence.store import land, open_store

sys.path.insert(0, str(Path(__file__).parent))  # for `browsing`
sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))  # for `papers_of_rows`

from browsing import CHINESE, ENGLISH, LATER, Browser, browser_of


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A store with papers that agree, contradict each other, and bring a later data cut."""
    place = str(tmp_path / "evidence.db")
    with open_store(place, create=True) as store:
        for one in (ENGLISH, CHINESE, LATER):
            land(store, one, batch=1, who="test")
    return place


@pytest.fixture
def browser(place: str) -> Browser:
    """It, being reviewed."""
    return browser_of(place)
