"""The papers of our own writing: their bytes, their fonts, and their gold tables."""

import csv
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[1]
CORPUS, GOLD = ROOT / "corpus", ROOT / "gold" / "corpus"
PAPERS = ["egfr-lung-en", "isa-retold-zh", "lbcl-immuno-zh"]
ENDPOINTS = set(
    re.findall(
        r"\w+",
        """ORR CR sCR CR_OR_BETTER VGPR VGPR_OR_BETTER PR SD PD DCR CLINICAL_BENEFIT MRD_NEGATIVITY
        MRD_NEGATIVE_CR MRD_NEGATIVITY_SUSTAINED RENAL_RESPONSE_COMPLETE RENAL_RESPONSE PFS PFS2 OS EFS DFS
        RFS LFS TTP DOR TTR TTNT NRM TRM RELAPSE DEATH AE SAE AE_DISCONTINUATION INFUSION_DURATION OTHER""",
    )
)
EFFECTS = {"hazard_ratio", "odds_ratio", "risk_ratio", "risk_reduction", "risk_difference"}
STATISTICS = EFFECTS | {"rate", "median", "mean", "count"}
FLAGS = {
    "percent-unreachable",
    "ci-excludes-value",
    "ci-p-disagree",
    "arm-not-in-trial",
    "n-over-N",
    "parts-over-whole",
}


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EVIDENCE, TRIALS, MANIFEST = (
    rows(GOLD / "evidence.csv"),
    rows(GOLD / "trials.csv"),
    rows(CORPUS / "manifest.csv"),
)


def named(row: dict[str, str]) -> str:
    """A short name of a gold row for test reports."""
    return f"{row['doc_id']}:{row['trial_name']}:{row['endpoint']}:{row['value_text']}"


@pytest.fixture(scope="module")
def typeset() -> ModuleType:
    """The typesetting script as a module, its fonts installed."""
    # under a name of its own: tests/reading has a typeset too
    spec = importlib.util.spec_from_file_location("corpus_typeset", CORPUS / "typeset.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(CORPUS))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(CORPUS))
    module.install_fonts()
    return module


@pytest.fixture(scope="module")
def texts(typeset: ModuleType) -> dict[str, str]:
    """Every source without its markup."""
    return {
        path.stem: typeset.plain(path.read_text(encoding="utf-8"))
        for path in (CORPUS / "sources").glob("*.md")
    }


def squeezed(text: str) -> str:
    """Text without the accidents of a page: spaces, hyphens at line ends, ligatures."""
    return re.sub(r"[\s\-\ufffe\u0002]", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def pages() -> dict[str, list[str]]:
    """The text of each page of each PDF, squeezed."""
    found = {}
    for paper in PAPERS:
        document = pypdfium2.PdfDocument(CORPUS / f"{paper}.pdf")
        found[paper] = [squeezed(page.get_textpage().get_text_range()) for page in document]
        document.close()
    return found


def test_manifest_names_every_paper() -> None:
    assert [row["doc_id"] for row in MANIFEST] == PAPERS
    assert sorted(path.stem for path in CORPUS.glob("*.pdf")) == PAPERS
    assert sorted(path.stem for path in (CORPUS / "sources").glob("*.md")) == PAPERS


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["doc_id"])
def test_manifest_row(row: dict[str, str]) -> None:
    data = (CORPUS / row["file"]).read_bytes()
    assert data.startswith(b"%PDF-")
    assert hashlib.sha256(data).hexdigest() == row["sha256"]
    assert row["language"] in {"zh", "en"}
    assert (row["licence"], row["split"]) == ("CC-BY-4.0", "dev")
    assert row["origin"]


def test_typesetting_reproduces_the_bytes(typeset: ModuleType) -> None:
    for source in typeset.sources():
        built = typeset.typeset(source)
        assert built == (CORPUS / f"{source.doc_id}.pdf").read_bytes(), source.doc_id


def test_check_notices_a_changed_source(tmp_path: Path) -> None:
    copy = tmp_path / "corpus"
    shutil.copytree(CORPUS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-B", str(copy / "typeset.py"), "--check"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    source = copy / "sources" / "isa-retold-zh.md"
    source.write_text(source.read_text(encoding="utf-8").replace("17.7", "17.8"), encoding="utf-8")
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 1
    assert found.stderr.splitlines() == ["differs: isa-retold-zh.pdf", "differs: manifest.csv"]


def test_a_missing_glyph_is_an_error(typeset: ModuleType) -> None:
    source = typeset.sources()[1]
    broken = typeset.Source(source.doc_id, source.meta, (*source.blocks, typeset.Block("p", "龘")))
    with pytest.raises(SystemExit, match="龘"):
        typeset.typeset(broken)


def test_fonts_are_small_and_licensed() -> None:
    fonts = sorted((CORPUS / "fonts").glob("*.ttf"))
    assert len(fonts) == 2
    assert all(font.stat().st_size < 400 * 1024 for font in fonts)
    assert "SIL OPEN FONT LICENSE" in (CORPUS / "fonts" / "OFL").read_text(encoding="utf-8")


def test_every_character_of_a_paper_can_be_read_back(
    typeset: ModuleType, texts: dict[str, str], pages: dict[str, list[str]]
) -> None:
    for source in typeset.sources():
        read = set("".join(pages[source.doc_id]))
        written = set(squeezed("".join(typeset.plain(block.text) for block in source.blocks)))
        assert written <= read, written - read


@pytest.mark.parametrize("row", EVIDENCE, ids=named)
def test_gold_row_is_written_in_its_paper(
    row: dict[str, str], texts: dict[str, str], pages: dict[str, list[str]]
) -> None:
    assert row["value_text"] in row["sentence"]
    assert row["sentence"] in texts[row["doc_id"]]
    assert squeezed(row["value_text"]) in pages[row["doc_id"]][int(row["page"]) - 1]
    for slot in ("ci_low", "ci_high"):
        assert row[slot] in row["sentence"]
    assert row["p_value"].lstrip("<") in row["sentence"]


@pytest.mark.parametrize("row", EVIDENCE, ids=named)
def test_gold_row_keeps_to_the_contract(row: dict[str, str]) -> None:
    assert row["endpoint"] in ENDPOINTS
    assert row["statistic"] in STATISTICS
    assert row["unit"] in {"%", "month", "year", "week", "day", "hour", ""}
    assert row["qualifier"] in {"=", "<", "<=", ">", ">=", "~", "NR", "NE"}
    assert row["phase"] in {"I", "Ib", "II", "III", ""}
    assert row["expected_flag"] in FLAGS | {""}
    assert row["lang"] == row["doc_id"][-2:]
    assert (row["value"] == "") == (row["qualifier"] in {"NR", "NE"})
    if row["value"]:
        assert Decimal(row["value"]) >= 0
    if re.fullmatch(r"[\d.]+", row["value_text"]):
        assert row["value"] == row["value_text"]
    if row["unit"] == "%":
        assert Decimal(row["value"]) <= 100
    for drugs in (row["arm_drugs"], row["comparator_drugs"]):
        names = drugs.split("+")
        assert names == sorted(names)
        assert drugs == drugs.lower()
    if row["n"] and row["N"]:
        assert int(row["n"]) <= int(row["N"])
    if row["statistic"] in EFFECTS:
        assert bool(row["comparator"]) != row["subgroup"].startswith("factor: ")
    assert bool(row["ci_low"]) == bool(row["ci_high"])


def test_gold_rows_are_distinct() -> None:
    told = [tuple(value for key, value in row.items() if key not in {"page", "note"}) for row in EVIDENCE]
    assert len(set(told)) == len(told)
    assert {row["doc_id"] for row in EVIDENCE} == set(PAPERS)


def test_trials_are_those_of_the_evidence(texts: dict[str, str]) -> None:
    keys = ("doc_id", "trial_id", "trial_name", "phase")
    told = [tuple(row[key] for key in keys) for row in TRIALS]
    assert len(set(told)) == len(told)
    assert set(told) == {tuple(row[key] for key in keys) for row in EVIDENCE}
    assert sum(row["doc_id"] == "isa-retold-zh" for row in TRIALS) == 8
    for row in TRIALS:
        for slot in ("trial_id", "trial_name", "n_enrolled", "dose"):
            assert row[slot] in texts[row["doc_id"]], row


def test_arms_are_those_of_the_trials() -> None:
    arms = {
        tuple(row[key] for key in ("doc_id", "trial_id", "phase", "trial_name")): row["arms"]
        for row in TRIALS
    }
    for row in EVIDENCE:
        known = arms[tuple(row[key] for key in ("doc_id", "trial_id", "phase", "trial_name"))].split(";")
        assert row["arm"] in {*known, ""}
        assert row["comparator"] in {*known, ""}
