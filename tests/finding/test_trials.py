"""Registry ids in canonical form, acronyms by their shape, phases in Roman figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isa_extract.finding.match import find
from isa_extract.finding.trials import acronyms, canonical_id, phase
from isa_extract.language.segment import Sentence

MakeSentence = Callable[[str], Sentence]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("NCT02990338", "NCT02990338"),
        ("NCT 02990338", "NCT02990338"),
        ("ＮＣＴ０２９９０３３８", "NCT02990338"),
        ("ChiCTR2000029308", "ChiCTR2000029308"),
        ("ChiCTR-2000029308", "ChiCTR2000029308"),
        ("ChiCTR-TRC-10001234", "ChiCTR-TRC-10001234"),
        ("EudraCT number: 2017-001940-37", "2017-001940-37"),
        ("EudraCT 2017-001940-37", "2017-001940-37"),
        ("2017–001940–37", "2017-001940-37"),
        ("ISRCTN 12345678", "ISRCTN12345678"),
        ("UMIN000012345", "UMIN000012345"),
        ("CTR20191234", "CTR20191234"),
        ("nct02990338", "NCT02990338"),
    ],
)
def test_ids(sentence: MakeSentence, written: str, expected: str) -> None:
    for text in (f"该研究({written})纳入", f"The trial ({written}) enrolled"):
        (mention,) = [m for m in find(sentence(text)) if m.kind == "registry"]
        assert canonical_id(mention.part("id")) == expected


@pytest.mark.parametrize("text", ["NCT0299033", "NCT029903381", "123-456", "CRD42024509981"])
def test_no_ids(sentence: MakeSentence, text: str) -> None:
    assert not [m for m in find(sentence(f"the study ({text})")) if m.kind == "registry"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ICARIA-MM(NCT02990338)是一项", "ICARIA-MM"),
        ("在IKEMA研究中", "IKEMA"),
        ("In the CASSIOPEIA trial, patients", "CASSIOPEIA"),
        ("GMMG-HD7试验共纳入", "GMMG-HD7"),
        ("the DESTINY-Breast03 study", "DESTINY-Breast03"),
        ("KEYNOTE-024 trial", "KEYNOTE-024"),
        ("CheckMate 067 trial", "CheckMate 067"),
        ("MajesTEC-1 trial", "MajesTEC-1"),
        ("ASCENT (NCT02574455) compared", "ASCENT"),
        ("POLLUX是一项III期", "POLLUX"),
        pytest.param(
            "iFCG试验", "iFCG", marks=pytest.mark.xfail(strict=True, reason="the small first letter is cut")
        ),
    ],
)
def test_acronyms(text: str, name: str) -> None:
    assert acronyms([text], frozenset()) == (name,)


@pytest.mark.parametrize(
    "text", ["RCT研究", "the PFS study", "FDA试验", "the phase study", "NSCLC trials", "ASH研究"]
)
def test_no_acronyms(text: str) -> None:
    assert acronyms([text], frozenset()) == ()


def test_regimens_are_no_acronyms() -> None:
    assert acronyms(["VRD研究", "IKEMA研究"], frozenset({"VRD"})) == ("IKEMA",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一项I期研究", "I"),
        ("一项Ⅲ期研究", "III"),
        ("一项 III 期研究", "III"),
        ("一项3期临床试验", "III"),
        ("一项Ib期研究", "Ib"),
        ("一项I/II期研究", "I/II"),
        ("一项Ⅰb／Ⅱ期研究", "Ib/II"),
        ("A phase 3 trial", "III"),
        ("A Phase 1b trial", "Ib"),
        ("A phase 1/2 trial", "I/II"),
        ("A phase Ib/II trial", "Ib/II"),
        ("A phase II/III trial", "II/III"),
    ],
)
def test_phases(sentence: MakeSentence, text: str, expected: str) -> None:
    assert [phase(m) for m in find(sentence(text)) if m.kind == "phase"] == [expected]
