"""Short forms of drug names count only in their own case, and only where the paper names the drug in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from isa_extract.binding.passages import passages
from isa_extract.reading import read


def drugs(tmp_path: Path, text: str) -> set[str]:
    (tmp_path / "paper.txt").write_text(text, encoding="utf-8")
    found, _ = passages(read(tmp_path / "paper.txt", "paper"))
    return {m.code for p in found for m in p.of("drug")}


@pytest.mark.parametrize(
    "text",
    [
        "Patients with an IPI of 3 to 5 were randomised to R-CHOP.",
        "We go on to let the reader judge; the cape of the doc was no help.",
        "IPI评分3~5分的患者随机分组。",
    ],
)
def test_an_abbreviation_alone_is_no_drug(tmp_path: Path, text: str) -> None:
    assert not drugs(tmp_path, text) & {"ipilimumab", "gemtuzumab ozogamicin", "letrozole", "capecitabine"}


def test_an_abbreviation_counts_where_the_drug_is_named(tmp_path: Path) -> None:
    text = "Gemtuzumab ozogamicin was added to chemotherapy. The GO group had fewer relapses."
    assert "gemtuzumab ozogamicin" in drugs(tmp_path, text)
    assert len([1 for p in passages(read(tmp_path / "paper.txt", "p"))[0] for m in p.of("drug")]) == 2
