"""Labels made of drugs' initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isa_extract.finding.initials import are_initials, labels_of_initials, spells_others


@pytest.mark.parametrize(
    ("letters", "inns"),
    [
        ("zr", ["zanubrutinib", "rituximab"]),
        ("br", ["rituximab", "bendamustine"]),
        ("evp", ["enfortumab vedotin", "pembrolizumab"]),
        ("clbo", ["obinutuzumab", "chlorambucil"]),
        ("vena", ["venetoclax", "azacitidine"]),
        ("sg", ["sacituzumab govitecan"]),
    ],
)
def test_initials(letters: str, inns: list[str]) -> None:
    assert are_initials(letters, inns)


@pytest.mark.parametrize(
    ("letters", "inns"),
    [
        ("zr", ["rituximab"]),
        ("br", ["bendamustine", "rituximab", "venetoclax"]),
        ("dpd", ["pomalidomide", "dexamethasone"]),
    ],
)
def test_no_initials(letters: str, inns: list[str]) -> None:
    assert not are_initials(letters, inns)


@given(
    st.lists(
        st.sampled_from(["azacitidine", "venetoclax", "gilteritinib", "rituximab"]), unique=True, min_size=1
    ),
    st.randoms(),
)
def test_first_letters_in_any_order(inns: list[str], random: object) -> None:
    assert are_initials("".join(inn[0] for inn in reversed(inns)), inns)


def test_a_label_that_the_drugs_do_not_account_for() -> None:
    assert spells_others("ZR", ["rituximab"])
    assert not spells_others("SG", ["sacituzumab govitecan"])
    assert not spells_others("Isa", ["isatuximab"])


def test_labels_of_initials() -> None:
    text = "oral venetoclax plus azacitidine (VA group) or gilteritinib"
    told = [(5, 15, ("venetoclax",)), (21, 32, ("azacitidine",)), (47, 59, ("gilteritinib",))]
    assert list(labels_of_initials(text, told)) == [(34, "VA", ("azacitidine", "venetoclax"))]
    assert not list(
        labels_of_initials("venetoclax and azacitidine, whatever else was given to them (VA)", told[:2])
    )
