"""One sentence with what is found in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.finding.lexicons import chinese_terms
from isa_extract.language.normal import fold
from isa_extract.language.segment import Sentence, split
from isa_extract.records import Span

MakeSentence = Callable[[str], Sentence]


@pytest.fixture(scope="session")
def sentence() -> MakeSentence:
    """The only sentence of a text."""

    def one(text: str) -> Sentence:
        (found,) = split(fold(text, [Span(0, len(text))]), words=chinese_terms())
        return found

    return one
