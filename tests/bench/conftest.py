"""The bench's papers: their sources, and each layout typeset and read once in the run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isa_extract.reading import Reader
from isa_extract.reading.files import read_with
from isa_extract.records import Paper

sys.path += [str(Path(__file__).parents[2] / "corpus"), str(Path(__file__).parent)]

from bench.finish import made
from bench.layout import Layout
from truth import source


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """One child that parses every paper."""
    with Reader() as reader:
        yield reader


@pytest.fixture(scope="session")
def as_read(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Layout], Paper]:
    """The paper of a layout as it is read; typeset and read at the first asking."""
    folder = tmp_path_factory.mktemp("bench")
    known: dict[Layout, Paper] = {}

    def get(layout: Layout) -> Paper:
        if layout not in known:
            path = folder / f"{len(known)}.pdf"
            path.write_bytes(made(source(layout), layout))
            known[layout] = read_with(reader, path, "bench")
        return known[layout]

    return get
