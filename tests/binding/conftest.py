"""What is found in a story of a test: the way from a text to its findings that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.reading import read
from isa_extract.records import Finding


@pytest.fixture
def findings_of(tmp_path: Path) -> Callable[[str], list[Finding]]:
    """The findings of a text file."""

    def found(text: str) -> list[Finding]:
        path = tmp_path / "story.txt"
        path.write_text(text, encoding="utf-8")
        return list(extract(read(path, "story")).findings)

    return found


@pytest.fixture
def by_value(findings_of: Callable[[str], list[Finding]]) -> Callable[[str], dict[str, list[Finding]]]:
    """The findings of a text by their value."""

    def found(text: str) -> dict[str, list[Finding]]:
        values: dict[str, list[Finding]] = {}
        for f in findings_of(text):
            values.setdefault(f.value, []).append(f)
        return values

    return found


@pytest.fixture
def slot_of() -> Callable[[Finding, str], str]:
    """A slot of a finding in words; the comparator by its label."""

    def slot(f: Finding, name: str) -> str:
        if name == "comparator":
            return f.comparator.label if f.comparator else ""
        return str(getattr(f, name))

    return slot
