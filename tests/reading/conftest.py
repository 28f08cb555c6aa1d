"""Makes the tests' own typesetter importable, and the shared papers where they are there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from isa_extract.records import Paper, Span

sys.path.insert(0, str(Path(__file__).parent))

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the review and the examples; the test is skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared here")
    return SHARED


@pytest.fixture(scope="session")
def words() -> Callable[[Paper, tuple[Span, ...]], str]:
    """Text under spans, all white space left out."""

    def squeezed(paper: Paper, spans: tuple[Span, ...]) -> str:
        return "".join("".join(paper.text[s.start : s.end] for s in spans).split())

    return squeezed
