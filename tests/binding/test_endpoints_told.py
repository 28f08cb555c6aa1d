"""Which endpoint a value is of, told otherwise than by its name right before it: lists, parts, headings, causes."""

from collections.abc import Callable, Iterable

import pytest

from isa_extract.records import Finding

FindingsOf = Callable[[str], list[Finding]]

_TRIAL = "In the LOCUST trial (NCT02136134) 60 patients received D-Vd. "
_STUDY = "将120例患者分为治疗组和对照组各60例。"


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return sorted(
        (f.value or f.qualifier, f.endpoint, f.endpoint_term if f.endpoint == "AE" else "") for f in findings
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The 12-month PFS and OS were 77% and 89%.", [("77", "PFS"), ("89", "OS")]),
        (
            "The ORR was 67%; 12-month PFS and OS stood at 77% and 89%.",
            [("67", "ORR"), ("77", "PFS"), ("89", "OS")],
        ),
        ("Median PFS and OS were not reached.", [("NR", "OS"), ("NR", "PFS")]),
        (
            "PFS and OS at 2 years were 55% and 70%, medians for both being not reached.",
            [("55", "PFS"), ("70", "OS"), ("NR", "OS"), ("NR", "PFS")],
        ),
        (
            "The response rate was 63.0%, 39.4% achieving complete response.",
            [("39.4", "CR"), ("63.0", "ORR")],
        ),
        ("83% of 60 patients responded.", [("83", "ORR")]),
        ("Responses rose with the dose: 2/4 (50%) and 9/12 (75%).", [("50", "ORR"), ("75", "ORR")]),
        ("Of 61 MRD-evaluable patients, 56 (91.8%) were negative.", [("91.8", "MRD_NEGATIVITY")]),
        (
            "A negative MRD status was rare. Negative status for MRD together with a complete response was seen in 55%.",
            [("55", "MRD_NEGATIVE_CR")],
        ),
        (
            "MRD negativity that was sustained for at least 12 months was seen in 46.6%.",
            [("46.6", "MRD_NEGATIVITY_SUSTAINED")],
        ),
        ("At 18 months, 68% were alive and 61% relapse-free.", [("61", "RFS"), ("68", "OS")]),
        (
            "Treatment was discontinued definitively because of toxicity in 22.8%.",
            [("22.8", "AE_DISCONTINUATION")],
        ),
        ("Progression-free survival. At 2 years the rate was 61%.", [("61", "PFS")]),
        ("The ORR was 81%. We assumed a CR rate of 40% and aimed at 60%.", [("81", "ORR")]),
        ("The ORR was 81%. It rose in patients older than 75 years.", [("81", "ORR")]),
        ("The median follow-up was 19.3 months in one group and 20.8 months in the other.", []),
    ],
)
def test_english(sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf) -> None:
    assert [(v, e) for v, e, _ in told(findings_of(_TRIAL + sentence))] == sorted(expected)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Tumor lysis syndrome was seen in none.", [("0", "Tumor lysis syndrome")]),
        ("One died of sepsis.", [("1", "Sepsis")]),
        (
            "Pneumonia, seen in ten patients (6.4%), was fatal in one.",
            [("1", "Lung infection"), ("6.4", "Lung infection")],
        ),
        ("Infection other than pneumonia occurred in 61%.", [("61", "Infection")]),
        ("Events of grade 3 in at least 10% of patients were pneumonia (47%).", [("47", "Lung infection")]),
        ("Fewer than 3% had sepsis.", [("3", "Sepsis")]),
    ],
)
def test_english_events(sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf) -> None:
    assert [(v, term) for v, _, term in told(findings_of(_TRIAL + sentence))] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("治疗组中位PFS和中位OS均未达到。", [("NR", "OS"), ("NR", "PFS")]),
        (
            "治疗组PFS 9.9个月，对照组5.1个月，ORR分别为52.6%、16.3%；老年者两项指标依次为8.5个月和2.9个月、50.0%和16.7%。",
            [
                ("16.3", "ORR"),
                ("16.7", "ORR"),
                ("2.9", "PFS"),
                ("5.1", "PFS"),
                ("50.0", "ORR"),
                ("52.6", "ORR"),
                ("8.5", "PFS"),
                ("9.9", "PFS"),
            ],
        ),
        (
            "MRD阴性维持12个月以上者，两组分别为64.8%和29.7%。",
            [("29.7", "MRD_NEGATIVITY_SUSTAINED"), ("64.8", "MRD_NEGATIVITY_SUSTAINED")],
        ),
        ("治疗组MRD可评估者中56/61（91.8%）转阴。", [("91.8", "MRD_NEGATIVITY")]),
        ("两年时仍然存活的患者，治疗组占37.5%，对照组占16.9%。", [("16.9", "OS"), ("37.5", "OS")]),
        ("治疗组女性占54%。", []),
        ("治疗组中位PFS长达35.7个月。", [("35.7", "PFS")]),
        (
            "治疗组CR 5例、PR 33例，对照组依次为2例和21例。",
            [("2", "CR"), ("21", "PR"), ("33", "PR"), ("5", "CR")],
        ),
        ("肺炎治疗组7例、对照组5例。", [("5", "AE"), ("7", "AE")]),
        ("糖化血红蛋白变化治疗组为-0.62%，对照组为-0.18%。", [("-0.18", "OTHER"), ("-0.62", "OTHER")]),
        ("总有效率=有效例数/总例数×100%。", []),
        ("既往移植不足3个月者不得入组。", []),
    ],
)
def test_chinese(sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf) -> None:
    assert [(v, e) for v, e, _ in told(findings_of(_STUDY + sentence))] == expected


def test_one_unit_for_all(findings_of: FindingsOf) -> None:
    """A unit told once holds for the values set beside it, not for a number that is something else."""
    text = _TRIAL + "Median PFS was 7.5 months with D-Vd, 14.2 with a second course and 7.7 after a third."
    assert [v for v, _, _ in told(findings_of(text))] == ["14.2", "7.5", "7.7"]


_TWO = "In the ELEV-RR trial (NCT02477696) 533 patients received acalabrutinib or ibrutinib. "


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Death was thus 34% less likely with acalabrutinib (HR 0.66, 95% CI 0.51-0.86).", [("0.66", "OS"), ("34", "OS")]),
        ("Minimal residual disease (MRD) in blood was below 10^-4 in 76% of patients given acalabrutinib but in 35% of those given ibrutinib.", [("35", "MRD_NEGATIVITY"), ("76", "MRD_NEGATIVITY")]),
        ("Relapse at 2 years reached 47% with acalabrutinib and 29% with ibrutinib, while in MRD-negative patients the rates were 21% and 19%.", [("19", "RELAPSE"), ("21", "RELAPSE"), ("29", "RELAPSE"), ("47", "RELAPSE")]),
        ("Fewer patients needed rescue treatment on acalabrutinib (27 [21%]) than on ibrutinib (29 [45%]).", [("21", "OTHER"), ("45", "OTHER")]),
        ("A total of 48 (37%) of 130 patients given acalabrutinib and four (6%) of 64 given ibrutinib had a durable response.", [("37", "OTHER"), ("6", "OTHER")]),
        ("20 patients (2.6%) stopped the drug for a related adverse event.", [("2.6", "AE_DISCONTINUATION")]),
        ("Two years on, 59.8% of the ibrutinib group and 67.8% of the acalabrutinib group were free of events (HR 0.68, 0.56-0.82).", [("0.68", "EFS"), ("59.8", "EFS"), ("67.8", "EFS")]),
        ("Median PFS was 38.4 months with either drug.", [("38.4", "PFS"), ("38.4", "PFS")]),
        ("Median PFS was 12.5 months with acalabrutinib and 6.3 months with ibrutinib; HR 0.45 (0.38-0.54), after 29.1 months.", [("0.45", "PFS"), ("12.5", "PFS"), ("6.3", "PFS")]),
    ],
)  # fmt: skip
def test_told_by_what_happened(
    sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf
) -> None:
    assert [(v, e) for v, e, _ in told(findings_of(_TWO + sentence))] == expected
