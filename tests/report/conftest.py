"""The page as a program reads it, and tables of rows made up for a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pandas as pd
import pytest

from isa_extract.evidence.table import TEXT
from isa_extract.records import Paper
from isa_extract.report import render_report
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS

_VOID = {"meta", "input", "img", "br", "link", "hr"}


@dataclass
class Element:
    """An element, the text under it and where it stands."""

    tag: str
    attributes: dict[str, str]
    within: list[Element]
    text: str = ""

    def inside(self, other: Element) -> bool:
        return any(one is other for one in self.within)


@dataclass
class Document(HTMLParser):
    """All elements of a page, in order; an element left open or closed twice is an error."""

    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self.open))
        self.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        last = self.open.pop()
        assert last.tag == tag, f"</{tag}> closes <{last.tag}>"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag whose attributes hold the words given (`class_` stands for class)."""
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(
                word in element.attributes.get(name.rstrip("_").replace("_", "-"), "").split()
                for name, word in attributes.items()
            )
        ]

    def under(self, parent: Element, tag: str, **attributes: str) -> list[Element]:
        return [element for element in self.all(tag, **attributes) if element.inside(parent)]


def parsed(page: str) -> Document:
    document = Document()
    document.feed(page)
    document.close()
    assert not document.open, f"left open: {[element.tag for element in document.open]}"
    return document


def evidence_of(*rows: Mapping[str, str]) -> pd.DataFrame:
    """An evidence table of rows that tell only what matters to the test."""
    usual = {
        "doc_id": "paper", "trial_name": "TRIAL-1", "arm": "A", "endpoint": "ORR", "statistic": "rate",
        "value": "50", "unit": "%", "qualifier": "=", "value_text": "50", "sentence": "ORR was 50%.",
        "lang": "en",
    }  # fmt: skip
    cells = [
        {**dict.fromkeys(EVIDENCE_COLUMNS, ""), **usual, "evidence_id": f"id{i}", **row}
        for i, row in enumerate(rows)
    ]
    return pd.DataFrame(cells, columns=list(EVIDENCE_COLUMNS), dtype=TEXT)


def trials_of(*rows: Mapping[str, str]) -> pd.DataFrame:
    cells = [
        {**dict.fromkeys(TRIAL_COLUMNS, ""), "doc_id": "paper", "trial_name": "TRIAL-1", **row}
        for row in rows
    ]
    return pd.DataFrame(cells, columns=list(TRIAL_COLUMNS), dtype=TEXT)


HAZARD = {
    "endpoint": "PFS", "statistic": "hazard_ratio", "value": "0.60", "unit": "", "value_text": "0.60",
    "comparator": "B", "ci_low": "0.44", "ci_high": "0.81", "ci_level": "95", "p_value": "0.0007",
    "sentence": "HR 0.60 (95% CI 0.44-0.81; P=0.0007)",
}  # fmt: skip


@pytest.fixture(name="hazard")
def _hazard() -> dict[str, str]:
    """The cells of a hazard ratio that are not as in every row."""
    return dict(HAZARD)


@pytest.fixture(name="evidence_of")
def _evidence_of() -> Callable[..., pd.DataFrame]:
    return evidence_of


@pytest.fixture(name="trials_of")
def _trials_of() -> Callable[..., pd.DataFrame]:
    return trials_of


@pytest.fixture
def page() -> Callable[..., Document]:
    """Renders rows (and trials, papers, run) and reads the page back."""

    def made(
        *rows: Mapping[str, str],
        trials: Sequence[Mapping[str, str]] = ({},),
        papers: Sequence[Paper] = (),
        run: Mapping[str, object] | None = None,
    ) -> Document:
        return parsed(render_report(papers, evidence_of(*rows), trials_of(*trials), run or {}))

    return made
