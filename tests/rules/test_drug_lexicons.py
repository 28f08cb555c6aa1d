"""The drug and regimen lexicons: shape, uniqueness, and spot checks of names in both languages.

In both files a name that starts with ``~`` is a short form (``~dara``, ``~CVD``): it is a
true name of the drug or regimen, but too short or too common elsewhere to be taken without
a supporting context.  A regimen whose note starts with ``ambiguous`` needs context for its
label too; its unmarked names (``LenDex``) do not.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

LEXICONS = Path(__file__).resolve().parents[2] / "src" / "isa_extract" / "rules" / "lexicons"
DRUG_COLUMNS = ["inn", "zh", "names", "class", "letters"]
REGIMEN_COLUMNS = ["label", "drugs", "names", "note"]
SHORT_FORM = "~"
FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff00-\uffef\u2018\u2019\u201c\u201d\u00a0\u200b\ufeff]")


def read(name: str) -> tuple[list[str], list[dict[str, str]]]:
    with (LEXICONS / name).open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        rows = list(reader)
    return list(reader.fieldnames or []), rows


def split(cell: str) -> list[str]:
    return cell.split(";") if cell else []


DRUG_HEADER, DRUGS = read("drugs.csv")
REGIMEN_HEADER, REGIMENS = read("regimens.csv")
INNS = {row["inn"] for row in DRUGS}


def drug_names(row: dict[str, str]) -> list[str]:
    names = [name.removeprefix(SHORT_FORM) for name in split(row["names"])]
    return [row["inn"], *split(row["zh"]), *names]


def regimen_names(row: dict[str, str]) -> list[str]:
    return [row["label"], *(name.removeprefix(SHORT_FORM) for name in split(row["names"]))]


OWNERS: dict[str, set[str]] = defaultdict(set)
for _row in DRUGS:
    for _name in drug_names(_row):
        OWNERS[_name.casefold()].add(_row["inn"])

REGIMEN_OF: dict[str, set[str]] = defaultdict(set)
for _row in REGIMENS:
    for _name in regimen_names(_row):
        REGIMEN_OF[_name].add(_row["label"])


def test_headers() -> None:
    assert DRUG_HEADER == DRUG_COLUMNS
    assert REGIMEN_HEADER == REGIMEN_COLUMNS


def test_enough_drugs_and_unique_inns() -> None:
    assert len(DRUGS) >= 550
    assert len(INNS) == len(DRUGS)
    assert all(row["inn"] and row["inn"] == row["inn"].lower() for row in DRUGS)


def test_every_drug_has_a_class() -> None:
    assert [row["inn"] for row in DRUGS if not row["class"]] == []


def test_no_name_belongs_to_two_drugs() -> None:
    assert {name: owners for name, owners in OWNERS.items() if len(owners) > 1} == {}


def test_no_name_is_given_twice_for_one_drug() -> None:
    for row in DRUGS:
        folded = [name.casefold() for name in drug_names(row)]
        assert len(folded) == len(set(folded)), row["inn"]


def test_no_name_is_a_single_character() -> None:
    assert [name for name in OWNERS if len(name) < 2] == []


def test_chinese_names_are_chinese_and_english_names_are_not() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for row in DRUGS:
        assert all(chinese.search(name) for name in split(row["zh"])), row["inn"]
        assert not chinese.search(row["inn"] + row["names"] + row["letters"]), row["inn"]


@pytest.mark.parametrize("rows", [DRUGS, REGIMENS], ids=["drugs", "regimens"])
def test_cells_are_clean(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for column, cell in row.items():
            assert cell is not None, row
            assert not FULL_WIDTH.search(cell), (column, cell)
            assert "\n" not in cell, (column, cell)
            assert "  " not in cell, (column, cell)
            if column == "note":  # running text: its semicolons do not separate alternatives
                assert cell == cell.strip()
                continue
            for part in split(cell):
                assert part, (column, cell)
                assert part == part.strip(), (column, cell)
                assert part.removeprefix(SHORT_FORM), (column, cell)


def test_short_form_mark_stays_in_names() -> None:
    for row in DRUGS:
        assert SHORT_FORM not in row["inn"] + row["zh"] + row["class"] + row["letters"]
    for row in REGIMENS:
        assert SHORT_FORM not in row["label"] + row["drugs"] + row["note"]


def test_regimen_drugs_are_known_and_sorted() -> None:
    for row in REGIMENS:
        drugs = row["drugs"].split("+")
        assert drugs == sorted(set(drugs)), row["label"]
        assert set(drugs) <= INNS, (row["label"], set(drugs) - INNS)


def test_regimen_labels_and_names_are_unique() -> None:
    labels = [row["label"] for row in REGIMENS]
    assert len(labels) == len(set(labels))
    assert {name: owners for name, owners in REGIMEN_OF.items() if len(owners) > 1} == {}


@pytest.mark.parametrize("label", ["TP", "DP", "EP", "BR", "PD", "R2", "TC", "Kd"])
def test_ambiguous_acronyms_are_noted(label: str) -> None:
    (owner,) = REGIMEN_OF[label]
    (row,) = [row for row in REGIMENS if row["label"] == owner]
    assert row["note"].startswith("ambiguous")


@pytest.mark.parametrize(
    ("name", "inn"),
    [
        ("伊莎妥昔单抗", "isatuximab"),
        ("艾沙妥昔单抗", "isatuximab"),
        ("达雷妥尤单抗", "daratumumab"),
        ("万珂", "bortezomib"),
        ("卡非佐米", "carfilzomib"),
        ("伊沙佐咪", "ixazomib"),
        ("来那度胺", "lenalidomide"),
        ("泊马度胺", "pomalidomide"),
        ("塞利尼索", "selinexor"),
        ("马法兰", "melphalan"),
        ("西达基奥仑赛", "ciltacabtagene autoleucel"),
        ("伊基奥仑赛", "equecabtagene autoleucel"),
        ("泽沃基奥仑赛", "zevorcabtagene autoleucel"),
        ("瑞基奥仑赛", "relmacabtagene autoleucel"),
        ("阿基仑赛", "axicabtagene ciloleucel"),
        ("奥妥珠单抗", "obinutuzumab"),
        ("维泊妥珠单抗", "polatuzumab vedotin"),
        ("西达本胺", "tucidinostat"),
        ("奥布替尼", "orelabrutinib"),
        ("维奈克拉", "venetoclax"),
        ("三氧化二砷", "arsenic trioxide"),
        ("全反式维甲酸", "tretinoin"),
        ("高三尖杉酯碱", "homoharringtonine"),
        ("信迪利单抗", "sintilimab"),
        ("卡瑞利珠单抗", "camrelizumab"),
        ("瑞利珠单抗", "ravulizumab"),
        ("依沃西单抗", "ivonescimab"),
        ("卡度尼利单抗", "cadonilimab"),
        ("维迪西妥单抗", "disitamab vedotin"),
        ("芦康沙妥珠单抗", "sacituzumab tirumotecan"),
        ("德曲妥珠单抗", "trastuzumab deruxtecan"),
        ("恩美曲妥珠单抗", "trastuzumab emtansine"),
        ("吡咯替尼", "pyrotinib"),
        ("阿美替尼", "aumolertinib"),
        ("伏美替尼", "furmonertinib"),
        ("替吉奥", "tegafur/gimeracil/oteracil"),
        ("白蛋白结合型紫杉醇", "nab-paclitaxel"),
        ("罗沙司他", "roxadustat"),
        ("沙库巴曲缬沙坦", "sacubitril/valsartan"),
        ("参芪扶正注射液", "shenqi fuzheng injection"),
        ("安慰剂", "placebo"),
    ],
)
def test_chinese_spot_checks(name: str, inn: str) -> None:
    assert OWNERS[name] == {inn}


@pytest.mark.parametrize(
    ("name", "inn"),
    [
        ("SAR650984", "isatuximab"),
        ("isatuximabl", "isatuximab"),
        ("isatuxima", "isatuximab"),
        ("isa", "isatuximab"),
        ("dara", "daratumumab"),
        ("Darzalex", "daratumumab"),
        ("Velcade", "bortezomib"),
        ("PS-341", "bortezomib"),
        ("dex", "dexamethasone"),
        ("CC-5013", "lenalidomide"),
        ("KPT-330", "selinexor"),
        ("BMS-986393", "arlocabtagene autoleucel"),
        ("cilta-cel", "ciltacabtagene autoleucel"),
        ("ide-cel", "idecabtagene vicleucel"),
        ("axi-cel", "axicabtagene ciloleucel"),
        ("belamaf", "belantamab mafodotin"),
        ("GA101", "obinutuzumab"),
        ("MabThera", "rituximab"),
        ("ABT-199", "venetoclax"),
        ("ATRA", "tretinoin"),
        ("Ara-C", "cytarabine"),
        ("omacetaxine", "homoharringtonine"),
        ("CPX-351", "daunorubicin and cytarabine liposome"),
        ("cyclosporine", "ciclosporin"),
        ("chidamide", "tucidinostat"),
        ("Keytruda", "pembrolizumab"),
        ("IBI308", "sintilimab"),
        ("AK112", "ivonescimab"),
        ("T-DXd", "trastuzumab deruxtecan"),
        ("DS-8201", "trastuzumab deruxtecan"),
        ("T-DM1", "trastuzumab emtansine"),
        ("RC48", "disitamab vedotin"),
        ("SKB264", "sacituzumab tirumotecan"),
        ("almonertinib", "aumolertinib"),
        ("alflutinib", "furmonertinib"),
        ("AZD9291", "osimertinib"),
        ("TAS-102", "trifluridine/tipiracil"),
        ("S-1", "tegafur/gimeracil/oteracil"),
        ("5-FU", "fluorouracil"),
        ("G-CSF", "filgrastim"),
        ("LCZ696", "sacubitril/valsartan"),
    ],
)
def test_english_spot_checks(name: str, inn: str) -> None:
    assert OWNERS[name.casefold()] == {inn}


@pytest.mark.parametrize(
    ("name", "label", "drugs"),
    [
        ("RVd", "VRd", "bortezomib+dexamethasone+lenalidomide"),
        ("KdD", "DKd", "carfilzomib+daratumumab+dexamethasone"),
        ("CyBorD", "VCd", "bortezomib+cyclophosphamide+dexamethasone"),
        ("Isa-Pd", "IsaPd", "dexamethasone+isatuximab+pomalidomide"),
        ("RCHOP", "R-CHOP", "cyclophosphamide+doxorubicin+prednisone+rituximab+vincristine"),
        ("XELOX", "CAPOX", "capecitabine+oxaliplatin"),
        ("mFOLFOX6", "mFOLFOX6", "fluorouracil+leucovorin+oxaliplatin"),
        ("7+3", "DA", "cytarabine+daunorubicin"),
        ("Ven-Aza", "VEN-AZA", "azacitidine+venetoclax"),
        ("TCHP", "TCbHP", "carboplatin+docetaxel+pertuzumab+trastuzumab"),
    ],
)
def test_regimen_spot_checks(name: str, label: str, drugs: str) -> None:
    assert REGIMEN_OF[name] == {label}
    (row,) = [row for row in REGIMENS if row["label"] == label]
    assert row["drugs"] == drugs
