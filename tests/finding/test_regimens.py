"""Regimen labels are composed, not listed; what a sentence joins belongs together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.finding.match import find
from isa_extract.finding.regimen_labels import Regimens
from isa_extract.finding.regimens import definitions, regimen_mentions
from isa_extract.language.segment import Sentence

MakeSentence = Callable[[str], Sentence]

MYELOMA = ("bortezomib", "carfilzomib", "lenalidomide", "dexamethasone", "daratumumab", "isatuximab")


def drugs(label: str, *named: str) -> str | None:
    found = Regimens(named).drugs_of(label)
    return "+".join(found) if found else None


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("D-VRd DVRd Dara-RVd D-RVd VRd+Dara VRd-D", "bortezomib+daratumumab+dexamethasone+lenalidomide"),
        ("KdD D-Kd DKd DaraKd Dara-Kd", "carfilzomib+daratumumab+dexamethasone"),
        ("Isa-Kd IsaKd Kd+Isa", "carfilzomib+dexamethasone+isatuximab"),
        ("Isa-VRd Isa-RVd", "bortezomib+dexamethasone+isatuximab+lenalidomide"),
        ("Isa-Pd IsaPd", "dexamethasone+isatuximab+pomalidomide"),
        ("VRd RVd", "bortezomib+dexamethasone+lenalidomide"),
        ("DRd D-Rd", "daratumumab+dexamethasone+lenalidomide"),
        ("KRd", "carfilzomib+dexamethasone+lenalidomide"),
        ("Kd", "carfilzomib+dexamethasone"),
        ("PVd", "bortezomib+dexamethasone+pomalidomide"),
        ("XVd SVd", "bortezomib+dexamethasone+selinexor"),
        ("EPd", "dexamethasone+elotuzumab+pomalidomide"),
        ("D-VMP", "bortezomib+daratumumab+melphalan+prednisone"),
        ("R-CHOP", "cyclophosphamide+doxorubicin+prednisone+rituximab+vincristine"),
        ("Pola-R-CHP", "cyclophosphamide+doxorubicin+polatuzumab vedotin+prednisone+rituximab"),
        ("FOLFOX", "fluorouracil+leucovorin+oxaliplatin"),
    ],
)
def test_labels(labels: str, expected: str) -> None:
    for label in labels.split():
        assert drugs(label, *MYELOMA) == expected, label


def test_capitals_need_the_drugs_named() -> None:
    assert (
        drugs("VRD", "bortezomib", "lenalidomide", "dexamethasone") == "bortezomib+dexamethasone+lenalidomide"
    )
    assert drugs("KRD", *MYELOMA) == "carfilzomib+dexamethasone+lenalidomide"


@pytest.mark.parametrize(
    "label",
    [
        "MRD",
        "ORR",
        "PD",
        "PFS",
        "OS",
        "CR",
        "PR",
        "SD",
        "VGPR",
        "DOR",
        "AND",
        "DVT",
        "HR",
        "OR",
        "NR",
        "CAR-T",
        "PD-1",
        "ASCT",
        "R-ISS",
        "AE",
    ],
)
def test_no_regimens(label: str) -> None:
    assert drugs(label) is None
    assert drugs(label, *MYELOMA) is None


@pytest.mark.xfail(strict=True, reason="I stands for ixazomib even where the paper names isatuximab alone")
def test_a_letter_means_the_drug_named() -> None:
    assert (
        drugs("KdI", "isatuximab", "carfilzomib", "dexamethasone") == "carfilzomib+dexamethasone+isatuximab"
    )


@pytest.mark.xfail(
    strict=True, reason="D is daratumumab and X selinexor before the antibody's own name is looked up"
)
def test_a_conjugate_is_no_regimen() -> None:
    assert drugs("T-DXd") in (None, "trastuzumab deruxtecan")


def test_own_definitions_come_first() -> None:
    regimens = Regimens(["pomalidomide"])
    regimens.define("PD", ["pomalidomide", "dexamethasone"])
    regimens.define("PD", ["something else"])
    assert regimens.drugs_of("PD") == ("dexamethasone", "pomalidomide")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Isa-Kd组与Kd组相比", ["carfilzomib+dexamethasone+isatuximab", "carfilzomib+dexamethasone"]),
        ("达雷妥尤单抗联合硼替佐米和地塞米松", ["bortezomib+daratumumab+dexamethasone"]),
        ("isatuximab plus carfilzomib and dexamethasone", ["carfilzomib+dexamethasone+isatuximab"]),
        ("lenalidomide combined with dexamethasone", ["dexamethasone+lenalidomide"]),
        ("isatuximab (10 mg/kg) plus carfilzomib", ["carfilzomib+isatuximab"]),
        ("Isa-Pd versus Pd", ["dexamethasone+isatuximab+pomalidomide", "dexamethasone+pomalidomide"]),
        ("T-DXd组与T-DM1组", ["trastuzumab deruxtecan", "trastuzumab emtansine"]),
        ("奥希替尼与吉非替尼的比较", ["osimertinib", "gefitinib"]),
        ("MRD阴性率和ORR", []),
        ("PD的患者", []),
    ],
)
def test_in_a_sentence(sentence: MakeSentence, text: str, expected: list[str]) -> None:
    s = sentence(text)
    mentions = find(s)
    regimens = Regimens(m.code for m in mentions if m.kind == "drug")
    assert ["+".join(r.drugs) for r in regimen_mentions(s.text, mentions, regimens)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "泊马度胺联合地塞米松(Pd)",
        "pomalidomide plus dexamethasone (Pd) was",
        "泊马度胺、地塞米松（以下简称Pd组）",
    ],
)
def test_definitions(sentence: MakeSentence, text: str) -> None:
    s = sentence(text)
    named = regimen_mentions(s.text, find(s), Regimens())
    assert [told[:2] for told in definitions(s.text, named)] == [("Pd", ("dexamethasone", "pomalidomide"))]


def test_a_word_for_group_behind(sentence: MakeSentence) -> None:
    for text in ("Isa-Kd组", "the Isa-Kd group was", "Isa-Kd治疗组"):
        s = sentence(text)
        (r,) = regimen_mentions(s.text, find(s), Regimens())
        assert r.grouped and r.label == "Isa-Kd"


def test_a_definition_changes_what_holds_its_label_and_nothing_else() -> None:
    regimens = Regimens({"venetoclax", "azacitidine", "lenalidomide", "dexamethasone"})
    assert regimens.drugs_of("ZQ") is None
    assert regimens.drugs_of("Isa - ZQ") is None
    rd = regimens.drugs_of("Rd")
    regimens.define("ZQ", ["venetoclax", "azacitidine"])
    assert regimens.drugs_of("ZQ") == ("azacitidine", "venetoclax")
    assert regimens.drugs_of("Isa - ZQ") == ("azacitidine", "isatuximab", "venetoclax")
    assert regimens.drugs_of("Rd") == rd == ("dexamethasone", "lenalidomide")
