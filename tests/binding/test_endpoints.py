"""Which endpoint a value is of: families of wordings, with the nearest that mean something else."""

from collections.abc import Callable, Iterable

import pytest

from isa_extract.records import Finding

FindingsOf = Callable[[str], list[Finding]]

_TRIAL = "In the CASTOR trial (NCT02136134) patients received D-Vd or Vd. "
_STUDY = "将120例患者分为治疗组和对照组各60例。"


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return sorted((f.value, f.endpoint) for f in findings)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Survival followed: 19.2 months with D-Vd, 14.7 months with Vd.", [("14.7", "OS"), ("19.2", "OS")]),
        ("Survival data remain immature (36-month rates 84% versus 74%).", [("74", "OS"), ("84", "OS")]),
        ("The hazard ratio for death was 0.59 (95% CI 0.39 to 0.88).", [("0.59", "OS")]),
        ("Death from cardiovascular causes: HR 0.92 (95% CI 0.70 to 1.21).", [("0.92", "DEATH")]),
        ("At 12 months 74% of the D-Vd group were alive and progression-free.", [("74", "PFS")]),
        (
            "At two years 38% of those given D-Vd and 46% of those given Vd were alive.",
            [("38", "OS"), ("46", "OS")],
        ),
        ("GVHD-free, relapse-free survival was 52.7% with D-Vd.", [("52.7", "OTHER")]),
        ("In the D-Vd group 11 deaths (2.8%) were ascribed to treatment.", [("2.8", "TRM")]),
        ("The ORR was 80% with D-Vd. Allogeneic transplantation followed in 22%.", [("80", "ORR")]),
        ("Thyroid uptake was observed in 12% of the D-Vd group.", [("12", "OTHER")]),
        ("MRD by flow cytometry was negative in 51.4% of the D-Vd group.", [("51.4", "MRD_NEGATIVITY")]),
        ("The mean (±SD) age was 62.7±11.0 years.", []),
        ("Hospitalization for heart failure occurred in 4.0% of the D-Vd group.", [("4.0", "OTHER")]),
    ],
)
def test_english(sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf) -> None:
    assert told(findings_of(_TRIAL + sentence)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("治疗组血小板减少55%，对照组35%。", [("35", "AE"), ("55", "AE")]),
        (
            "治疗后治疗组中医证候积分为(7.86±2.73)分，对照组为(11.95±3.08)分。",
            [("11.95", "OTHER"), ("7.86", "OTHER")],
        ),
        ("治疗组中位OS31.4个月。", [("31.4", "OS")]),
        ("治疗组ORR为71.0%。39%为高危细胞遗传学。", [("71.0", "ORR")]),
        ("2年无GVHD无复发生存率治疗组为58.4%。", [("58.4", "OTHER")]),
    ],
)
def test_chinese(sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf) -> None:
    assert told(findings_of(_STUDY + sentence)) == expected
