"""Results told in unusual words, endpoints told elsewhere than before their value, and values that are no results."""

from collections.abc import Callable, Iterable

import pytest

from isa_extract.records import Finding

FindingsOf = Callable[[str], list[Finding]]

_ONE = "In the LOCUST trial (NCT02136134) 60 patients received D-Vd. "
_TWO = "In the LOCUST trial (NCT02136134) 160 patients were randomised to D-Vd (n=80) or Vd (n=80). "
_ZH = "将120例患者随机分为治疗组和对照组各60例。结果:"


def told(findings: Iterable[Finding]) -> list[str]:
    return sorted(
        f"{f.value or f.qualifier} {f.endpoint_term if f.endpoint == 'AE' and f.endpoint_term else f.endpoint}"
        for f in findings
    )


def listed(expected: str) -> list[str]:
    return sorted(row for row in expected.split("|") if row)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A response was seen in 44 of 60 patients (73%), complete in 20 (33%).", "73 ORR|33 CR"),
        ("Best responses were complete in 33%, partial in 40%.", "33 CR|40 PR"),
        ("33% had a complete and 40% a partial response.", "33 CR|40 PR"),
        ("Forty-four patients responded (73%), 20 of them completely.", "73 ORR|20 CR"),
        ("Of 60 evaluable patients, 12 had CR, 26 PR, 15 SD and 7 PD.", "12 CR|26 PR|15 SD|7 PD"),
        ("There were 12 complete and 26 partial responses.", "12 CR|26 PR"),
        ("Patients lived for a median of 31.5 months.", "31.5 OS"),
        ("Of 60 patients 38 (63%) responded, for a median of 7.4 months.", "63 ORR|7.4 DOR"),
        ("The ORR was 63%. They lasted for a median of 11.4 months.", "63 ORR|11.4 DOR"),
        ("Responses came early, at a median of 1.8 months.", "1.8 TTR"),
        ("At 24 months 61% remained alive and progression-free.", "61 PFS"),
        ("Three patients had pneumonitis, fatal in one.", "3 Pneumonitis|1 Pneumonitis"),
        ("Myositis was seen in two patients (3%); one patient died of it.", "3 Myositis|1 Myositis"),
        ("One patient taking 15 mg died.", "1 DEATH"),
        ("There were two treatment-related deaths.", "2 TRM"),
        ("No myocarditis occurred.", "0 Myocarditis"),
        ("A rise in lipase was noted in 6%.", "6 Lipase increased"),
        ("The mean (SD) FACT-G score at 12 weeks was 78.2 (11.4).", "78.2 OTHER"),
        ("OS (median, months): 31.5. The ORR was 63%.", "31.5 OS|63 ORR"),
    ],
)
def test_results_in_english(sentence: str, expected: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_ONE + sentence)) == listed(expected)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The ORR was 85% and 63%; in older patients the HR was 0.52 (0.31-0.88).", "85 ORR|63 ORR"),
        (
            "Median PFS was 16.7 and 7.1 months; the ORR was 85% and 63%. In the old the HR was 0.52 (0.31-0.88).",
            "16.7 PFS|7.1 PFS|85 ORR|63 ORR|0.52 PFS",
        ),
        ("Weighting gave an HR of 0.67 (95% CI, 0.55-0.82) for PFS.", "0.67 PFS"),
        ("The hazard ratio was 0.43 for PFS and 0.63 for overall survival.", "0.43 PFS|0.63 OS"),
        ("PFS and OS hazard ratios were 0.43 and 0.63.", "0.43 PFS|0.63 OS"),
        (
            "The RR was 1.48 (95% CI, 1.10-1.99) for anaemia and 2.10 (95% CI, 1.22-3.62) for rash.",
            "1.48 Anemia|2.10 Rash",
        ),
        ("PFS was prolonged to 16.7 months from 7.1 months.", "16.7 PFS|7.1 PFS"),
        ("Median PFS was 16.7 months with D-Vd, 7.1 without.", "16.7 PFS|7.1 PFS"),
        (
            "The ORR was 85% and the median PFS 16.7 months; with Vd these figures were 63% and 7.1 months.",
            "85 ORR|16.7 PFS|63 ORR|7.1 PFS",
        ),
        ("Neuropathy was noted in 31 patients (39%) on D-Vd and none on Vd.", "39 Peripheral|0 Peripheral"),
        ("Sepsis killed two patients on D-Vd and one on Vd.", "2 Sepsis|1 Sepsis"),
        ("Serious events aside, 60 (75%) had an adverse event and 34 (42%) a serious one.", "75 AE|42 SAE"),
        ("An adverse event ended treatment in 8% and 12%.", "8 AE_DISCONTINUATION|12 AE_DISCONTINUATION"),
        (
            "The EFS HR was 0.43 (0.34-0.54) at ≥50% and 0.75 (0.63-0.90) below 1% of PD-L1.",
            "0.43 EFS|0.75 EFS",
        ),
    ],
)
def test_contrasts_in_english(sentence: str, expected: str, findings_of: FindingsOf) -> None:
    found = told(findings_of(_TWO + sentence))
    wanted = listed(expected)
    assert len(found) == len(wanted)
    assert all(a.startswith(b) for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("治疗组38例(63.3%)、对照组25例(41.7%)获得缓解。", "63.3 ORR|41.7 ORR"),
        ("治疗组38例(63.3%)有效,对照组25例(41.7%)有效。", "63.3 ORR|41.7 ORR"),
        (
            "治疗组CR 5例、PR 32例、SD 11例、PD 4例,对照组依次为2、22、17、11例。",
            "5 CR|32 PR|11 SD|4 PD|2 CR|22 PR|17 SD|11 PD",
        ),
        ("24个月时治疗组尚有45.0%的患者无进展,对照组仅28.3%。", "45.0 PFS|28.3 PFS"),
        ("治疗组存活41例(68.3%),对照组存活30例(50.0%)。", "68.3 OS|50.0 OS"),
        ("治疗组中位生存14.2个月,对照组10.1个月,死亡风险比为0.71。", "14.2 OS|10.1 OS|0.71 OS"),
        ("治疗组12个月OS率为54.8%,24个月为26.1%。", "54.8 OS|26.1 OS"),
        ("复发或死亡风险降低了38%。", "38 RFS"),
        ("治疗组发生3例肺炎、2例皮疹,对照组发生1例肺炎。", "3 Lung infection|2 Rash|1 Lung infection"),
        ("治疗组贫血8例(13.3%),其中2例为4级。", "13.3 Anemia|2 Anemia"),
        ("治疗组肺炎8例(13.3%),其中2例死亡。", "13.3 Lung infection|2 Lung infection"),
        ("治疗组未发生1例严重不良反应。", "0 SAE"),
        ("HBV-DNA转阴率治疗组为70.0%,对照组为48.3%。", "70.0 OTHER|48.3 OTHER"),
        ("8.9%的治疗组患者因不良事件停药。", "8.9 AE_DISCONTINUATION"),
    ],
)
def test_results_in_chinese(sentence: str, expected: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_ZH + sentence)) == listed(expected)


@pytest.mark.parametrize(
    "text",
    [
        _TWO + "Before matching, patients on Vd more often had visceral metastases (78% v 70%).",
        _TWO + "In the pivotal trials median PFS was 9.9 and 5.5 months.",
        _TWO + "Older regimens seldom exceeded a response rate of 55%.",
        _TWO + "Early death rates above 10% have been usual.",
        _TWO + "The trial was stopped at a target toxicity rate below 30%.",
        _TWO + "With 430 deaths the trial could detect a hazard ratio of 0.75.",
        _TWO + "Heterogeneity was considered substantial when I² exceeded 50%.",
        _TWO + "Half of them, 50.6%, had previously failed a biologic.",
        _TWO + "No difference in overall survival was seen.",
        _ZH + "以对照组中位PFS 5.5个月、治疗组9.0个月估算样本量。",
        _ZH + "中位总生存期长期徘徊于10个月左右。",
        _ZH + "中位随访延至33.6个月。",
        _ZH + "NPM1与IDH1/2突变者见于两组。",
    ],
)
def test_what_is_no_result(text: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(text)) == []


def test_a_study_may_go_on_with_the_endpoint_of_the_one_before(findings_of: FindingsOf) -> None:
    text = (
        "In the LOCUST trial (NCT02136134) PFS at 48 months was 84% with D-Vd and 68% with Vd. "
        "The corresponding 60-month figures in the CRICKET trial (NCT02136135) were 63% with D-Vd and 45% with Vd."
    )
    assert told(findings_of(text)) == ["45 PFS", "63 PFS", "68 PFS", "84 PFS"]


def test_two_data_cuts_are_two_rows(findings_of: FindingsOf) -> None:
    text = (
        _ONE + "After a median follow-up of 12.0 months, median PFS was 16.7 months. "
        "After a median follow-up of 24.0 months, median PFS was 16.7 months."
    )
    assert told(findings_of(text)) == ["16.7 PFS", "16.7 PFS"]
