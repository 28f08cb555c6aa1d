"""Two values and one arm named: the arm may be the one compared with, or told of the values before."""

from __future__ import annotations

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.explain import paper_of

ZH = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。"
EN = "In ICARIA-MM (NCT02990338), median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd. "


@pytest.mark.parametrize(
    "text",
    [
        ZH + "与Pd组相比，ORR显著升高（60.4% vs 35.3%）。",
        EN + "Compared with Pd, ORR was higher (60.4% vs 35.3%).",
        EN
        + "One-year OS was 71.9% in the Isa-Pd group versus 50.7% in the Pd group, and ORR was higher (60.4% v 35.3%).",
    ],
)
def test_the_arm_compared_with_is_not_the_one_spoken_of(text):
    told = {f.value: f.arm.label if f.arm else "" for f in extract(paper_of(text)).findings}
    assert (told["60.4"], told["35.3"]) == ("Isa-Pd", "Pd")


def test_a_lower_value_is_that_of_the_arm_spoken_of():
    text = EN + "Compared with Pd, the rate of fatigue was lower (15.3% vs 20.4%)."
    told = {f.value: f.arm.label if f.arm else "" for f in extract(paper_of(text)).findings}
    assert (told["15.3"], told["20.4"]) == ("Isa-Pd", "Pd")
