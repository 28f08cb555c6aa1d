"""What all tests share: the children that work papers through (slow to start), and properties that nothing times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, settings

from isa_extract.pipeline import Workers, batch

# a property is not a timed test: a busy machine must not fail it
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def crew() -> Iterator[Workers]:
    """Two children for the whole run."""
    with Workers(2) as crew:
        yield crew


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, crew: Workers) -> Workers:
    """Makes batches in this process use the children that already run."""
    monkeypatch.setattr(batch, "Workers", lambda count, limits=None: nullcontext(crew))
    return crew
