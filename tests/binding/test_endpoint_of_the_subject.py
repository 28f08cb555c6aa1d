"""Patients as the subject of their clause: what is told of them stands in the predicate, behind all their numbers."""

from collections.abc import Callable, Iterable

import pytest

from isa_extract.finding.subjects import predicate
from isa_extract.records import Finding

FindingsOf = Callable[[str], list[Finding]]

_TRIAL = "In the LOCUST trial (NCT02136134) 60 patients received D-Vd. "
_STUDY = "将120例患者分为治疗组和对照组各60例。"


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return sorted((f.value or f.qualifier, f.endpoint) for f in findings)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Of the tested, 31 (52%) of 60 and 22 (41%) of 54, respectively, had no measurable residual disease.",
            [("41", "MRD_NEGATIVITY"), ("52", "MRD_NEGATIVITY")],
        ),
        (
            "44 of 90 patients with bulky tumours and 12 of 60 without them achieved a complete response.",
            [("12", "CR"), ("44", "CR")],
        ),
        ("By 15 months, 51% were free of progression and 57% were alive.", [("51", "PFS"), ("57", "OS")]),
        (
            "60 patients responded (60%), 38 (38%) with a complete and 22 (22%) with a partial response, while the "
            "disease was stable in 16 (16%) and progressed in nine (9%).",
            [("16", "SD"), ("22", "PR"), ("38", "CR"), ("60", "ORR"), ("9", "PD")],
        ),
        ("Of 120 patients, 80 (67%) responded, 30 (25%) of them completely.", [("25", "CR"), ("67", "ORR")]),
        (
            "Nausea developed in 39% and 12%, and 24% and 5%, respectively, gave up treatment because of an adverse event.",
            [("12", "AE"), ("24", "AE_DISCONTINUATION"), ("39", "AE"), ("5", "AE_DISCONTINUATION")],
        ),
        ("Two (3%) died of complications ascribed to the treatment.", [("3", "TRM")]),
    ],
)
def test_what_is_told_of_patients(
    sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf
) -> None:
    assert told(findings_of(_TRIAL + sentence)) == sorted(expected)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The response rate was 60%, including 38% CR.", [("38", "CR"), ("60", "ORR")]),
        ("Response and complete response rates were 76% and 54%.", [("54", "CR"), ("76", "ORR")]),
        (
            "MRD-neg CR was 26%; flow MRD below 10-4 was recorded in 44%.",
            [("26", "MRD_NEGATIVE_CR"), ("44", "MRD_NEGATIVITY")],
        ),
        ("65% remained negative for at least a year.", [("65", "MRD_NEGATIVITY_SUSTAINED")]),
        ("The rate of clinical benefit at 24 weeks was 42%.", [("42", "CLINICAL_BENEFIT")]),
        ("Adverse events made 16% of the patients stop treatment.", [("16", "AE_DISCONTINUATION")]),
        ("The interval to first chemotherapy was 9.1 months.", [("9.1", "OTHER")]),
        ("Responses came quickly (median 1.9 months).", [("1.9", "TTR")]),
        (
            "In Cox regression for OS, raised lactate dehydrogenase (HR 1.64, 1.25-2.15) was tested.",
            [("1.64", "OS")],
        ),
        ("Median OS (information fraction 61%) was 13.6 months.", [("13.6", "OS")]),
    ],
)
def test_names_told_otherwise(
    sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf
) -> None:
    assert told(findings_of(_TRIAL + sentence)) == sorted(expected)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Treatment-related deaths numbered four and one.", [("1", "TRM"), ("4", "TRM")]),
        ("Cytokine release syndrome, though common (72%), reached grade 3 in only one patient.", ["1", "72"]),
        ("Tumour lysis syndrome turned up in four pts on D-Vd.", ["4"]),
        ("Pneumonia was seen in 58%; no event was of grade 3 or higher.", ["0", "58"]),
        (
            "The ORR was 92% and 90% (difference -1.9 percentage points, 95% CI -7.5 to 3.7).",
            ["-1.9", "90", "92"],
        ),
        (
            "The HR for death was 0.55, and in the 18% who carried a mutation, 1.04 (0.60-1.81).",
            ["0.55", "1.04"],
        ),
        ("The ORR was 92% and 77%, an absolute gain of 15 percentage points (7.8-22.2).", ["15", "77", "92"]),
    ],
)
def test_values(sentence: str, expected: list[str | tuple[str, str]], findings_of: FindingsOf) -> None:
    found = {value for value, _ in told(findings_of(_TRIAL + sentence))}
    assert found == {e if isinstance(e, str) else e[0] for e in expected}


@pytest.mark.parametrize(
    "sentence",
    [
        "In all, 41% of the patients had hepatitis B and 24% hepatitis C.",
        "452 deaths were needed.",
        "It has a median overall survival of 13.6 months in its registration trial.",
    ],
)
def test_no_results(sentence: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_TRIAL + sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("CRS是最突出的不良反应,发生率63%,但≥3级者仅4%。", [("4", "AE"), ("63", "AE")]),
        ("治疗组93例(44.7%)、对照组74例(35.9%)经研究者判定为CR。", [("35.9", "CR"), ("44.7", "CR")]),
        ("CR及以上疗效在两组中分别占21.8%和73.1%。", [("21.8", "CR_OR_BETTER"), ("73.1", "CR_OR_BETTER")]),
        ("两组男性分别占51.8%和53.1%。", []),
        (
            "阴性状态维持1年以上者,治疗组占64.8%,对照组占29.7%。",
            [("29.7", "MRD_NEGATIVITY_SUSTAINED"), ("64.8", "MRD_NEGATIVITY_SUSTAINED")],
        ),
        (
            "治疗组CR 11例,PR 14例,SD 4例,总有效率86%;对照组依次为6例、10例、9例,总有效率66%。",
            [("10", "PR"), ("11", "CR"), ("14", "PR"), ("4", "SD"), ("6", "CR"), ("66", "ORR"), ("86", "ORR"), ("9", "SD")],
        ),
        (
            "CR率为60%,远超预设的历史对照14%,中位PFS为17.9个月。",
            [("17.9", "PFS"), ("60", "CR")],
        ),
        ("因不良事件停药的,治疗组3例,对照组1例。", [("1", "AE_DISCONTINUATION"), ("3", "AE_DISCONTINUATION")]),
    ],
)  # fmt: skip
def test_chinese(sentence: str, expected: list[tuple[str, str]], findings_of: FindingsOf) -> None:
    assert told(findings_of(_STUDY + sentence)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The response was seen in 40% and had lasted", "40%"),
        ("Nausea (40%) and vomiting were common", "40%"),
        ("40% of those who had a response", "40%"),
        ("40% in one group favoured it and were", "40%"),
        ("40%. Others had", "40%"),
        ("similar (74%, 72% and 65%) and so was nausea", "72%"),
    ],
)
def test_no_subject(text: str, number: str) -> None:
    start = text.index(number)
    assert predicate(text, start, start + len(number)) is None


def test_the_verb_behind_a_long_subject() -> None:
    text = "31 (52%) of 60 and 22 (41%) of 54 patients given placebo had a response"
    verb = predicate(text, 0, 7)
    assert verb is not None
    assert text[slice(*verb)] == "had"
