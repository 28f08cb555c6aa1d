"""How fast each step is on a paper of the corpus, without what is paid once at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_extract.finding.lexicons import chinese_terms
from isa_extract.language.segment import sentences
from isa_extract.pipeline.paper import tabulated
from isa_extract.reading import Reader
from isa_extract.reading.files import read_with

CORPUS = Path(__file__).parents[1] / "corpus"

papers = pytest.mark.parametrize("name", ["egfr-lung-en", "lbcl-immuno-zh"])


@pytest.fixture(scope="session")
def reader():
    with Reader() as reader:
        yield reader


@papers
def test_read(benchmark, reader, name):
    path = CORPUS / f"{name}.pdf"
    paper = benchmark.pedantic(read_with, (reader, path, name), rounds=5, warmup_rounds=1)
    assert paper.blocks


@papers
def test_segment(benchmark, reader, name):
    paper = read_with(reader, CORPUS / f"{name}.pdf", name)
    words = chinese_terms()
    found = benchmark.pedantic(lambda: list(sentences(paper, words)), rounds=5, warmup_rounds=1)
    assert len(found) > 20


@papers
def test_find_bind_check_tabulate(benchmark, reader, name):
    paper = read_with(reader, CORPUS / f"{name}.pdf", name)
    result = benchmark.pedantic(tabulated, (paper,), rounds=5, warmup_rounds=1)
    assert len(result.evidence) > 20
