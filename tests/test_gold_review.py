"""The review that the project began with, all the way: its PDF and its text against the hand-made gold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pdfplumber
import pytest

from isa_extract.checking import check
from isa_extract.pipeline.paper import PaperResult, extract_paper
from isa_extract.scoring.gold import load_evidence, load_gold, load_trials
from isa_extract.scoring.score import score
from isa_extract.scoring.trials import COLUMNS

ROOT = Path(__file__).resolve().parents[1]
REVIEW = ROOT.parent / "shared" / "review"
GOLD = ROOT / "gold" / "review"
NAME = "isatuximab-review-zh"
ENOUGH = 0.97

pytestmark = pytest.mark.skipif(
    not REVIEW.is_dir(),
    reason="the review is not part of the project: ../shared/review is not here (see README)",
)


@pytest.fixture(scope="module", params=["pdf", "txt"])
def result(request: pytest.FixtureRequest) -> PaperResult:
    return extract_paper(REVIEW / f"{NAME}.{request.param}", NAME)


def test_evidence(result: PaperResult, tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    result.evidence.to_csv(path, index=False)
    gold = load_gold(GOLD / "evidence.csv")
    found = score(gold, load_evidence([path], gold))
    misses = [f"{v.kind} {v.wrong}" for v in found.verdicts if v.kind != "correct"]
    assert found.level("arm").gold > 60
    assert found.level("arm").f1 >= ENOUGH, misses


LISTS = ("arms", "design", "citations")


def cells(rows: Iterable[Mapping[str, str]], column: str) -> Counter[object]:
    """What a column states, study by study; the order inside a list says nothing."""
    key = ("trial_id", "trial_name", "phase")
    return Counter(
        (*(row[k] for k in key), frozenset(row[column].split(";")) if column in LISTS else row[column])
        for row in rows
    )


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "dose"])
def test_trials(result: PaperResult, column: str) -> None:
    gold = load_trials(GOLD / "trials.csv").rows
    found = result.trials.to_dict("records")
    assert len(gold) == len(found) == 8
    assert cells((row.cells for row in gold), column) == cells(found, column)


@pytest.mark.parametrize(
    "study",
    [
        ("NCT01084252", "I"),
        ("NCT01084252", "II"),
        ("NCT02513186", "Ib"),
    ],
)
def test_doses(result: PaperResult, study: tuple[str, str]) -> None:
    figures = re.compile(r"\d+(?:\.\d+)?")
    (wanted,) = [r for r in load_trials(GOLD / "trials.csv").rows if (r["trial_id"], r["phase"]) == study]
    (found,) = [r for r in result.trials.to_dict("records") if (r["trial_id"], r["phase"]) == study]
    assert set(figures.findall(wanted["dose"])) <= set(figures.findall(found["dose"]))


def test_flags(result: PaperResult) -> None:
    """The review's own slips, and nothing else, are flagged."""
    gold = load_gold(GOLD / "evidence.csv")
    wanted = Counter((r["endpoint"], r["value"], r["expected_flag"]) for r in gold.rows if r["expected_flag"])
    flagged = [f for f in check(result.findings) if f.flags]
    assert sum(wanted.values()) >= 2
    assert Counter((f.endpoint, f.value, ";".join(f.flags)) for f in flagged) == wanted


def test_places(result: PaperResult) -> None:
    text = result.paper.text
    for row in result.evidence.to_dict("records"):
        written = text[int(row["char_start"]) : int(row["char_end"])]
        assert written == row["value_text"] != ""
        assert "".join(written.split()) in "".join(row["sentence"].split())


def test_boxes(result: PaperResult) -> None:
    if not result.paper.pages:
        assert set(result.evidence["bbox"]) == set(result.evidence["page"]) == {""}
        return
    with pdfplumber.open(result.paper.source) as pdf:
        for row in result.evidence.to_dict("records"):
            x0, top, x1, bottom = map(float, row["bbox"].split())
            page = pdf.pages[int(row["page"]) - 1]
            crop = page.crop(
                (
                    max(0, x0 - 0.5),
                    max(0, top - 0.5),
                    min(page.width, x1 + 0.5),
                    min(page.height, bottom + 0.5),
                )
            )
            inside = "".join((crop.extract_text() or "").split())
            assert "".join(row["value_text"].split()) in inside, row["sentence"]


def test_the_same_twice(result: PaperResult) -> None:
    again = extract_paper(Path(result.paper.source), NAME)
    assert again.evidence.to_csv() == result.evidence.to_csv()
    assert again.trials.to_csv() == result.trials.to_csv()
