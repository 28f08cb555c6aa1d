"""Families of wordings that papers nobody had tuned to were found to use: for results, and for what is no result."""

from collections.abc import Callable, Iterable

import pytest

from isa_extract.records import Finding

FindingsOf = Callable[[str], list[Finding]]

_TWO = "In the LOCUST trial (NCT02136134) 160 patients were randomised to D-Vd (n=80) or Vd (n=80). "
_ZH = "将120例患者随机分为治疗组和对照组各60例。结果:"


def told(findings: Iterable[Finding]) -> list[str]:
    return sorted(
        f"{f.value or f.qualifier} {f.endpoint_term if f.endpoint == 'AE' and f.endpoint_term else f.endpoint}"
        + (" mean" if f.statistic == "mean" else "")
        for f in findings
    )


def listed(expected: str) -> list[str]:
    return sorted(row for row in expected.split("|") if row)


_STOP = "AE_DISCONTINUATION"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Adverse events caused 9.1% of the D-Vd group and 4.2% of the Vd group to give up treatment.",
            f"9.1 {_STOP}|4.2 {_STOP}",
        ),
        ("Withdrawal of bortezomib because of neuropathy was needed in 12% and 9%.", f"12 {_STOP}|9 {_STOP}"),
        (
            "Discontinuation of all study drugs owing to toxicity occurred in 7% and 10%.",
            f"7 {_STOP}|10 {_STOP}",
        ),
        (
            "Six patients (7.5%) on D-Vd and four (5.0%) on Vd came off treatment because of side effects.",
            f"7.5 {_STOP}|5.0 {_STOP}",
        ),
        ("Five patients (8%) discontinued because of progression.", ""),
        ("Two patients died of causes judged to be related to daratumumab.", "2 TRM"),
        ("There were three treatment-related deaths in the D-Vd group, one in the Vd group.", "3 TRM|1 TRM"),
        (
            "Median PFS was 16.7 months as against 7.1 (HR 0.39, 95% CI 0.28-0.53).",
            "16.7 PFS|7.1 PFS|0.39 PFS",
        ),
        ("Remission lasted 22.4 months, compared with 11.0 on Vd.", "22.4 DOR|11.0 DOR"),
        ("PFS was longer, at a median of 16.7 months as opposed to 7.1 months.", "16.7 PFS|7.1 PFS"),
        (
            "Pneumonia was recorded in seven and 12 patients, respectively.",
            "7 Lung infection|12 Lung infection",
        ),
        ("Median follow-up for all patients was 22.4 months. Median PFS was 9.8 months.", "9.8 PFS"),
        ("At a data maturity of 41%, median OS was not reached.", "NR OS"),
        ("MRD was undetectable (below 10^-5) in 42% and 21%.", "42 MRD_NEGATIVITY|21 MRD_NEGATIVITY"),
        ("Median PFS2 followed the same pattern as OS (31.0 vs 24.2 months).", "31.0 PFS2|24.2 PFS2"),
        ("Overall, 88% of MRD-negative and 61% of MRD-positive patients were alive.", "88 OS|61 OS"),
        ("Thrombocytopenia was the commonest event of grade 3 or 4 (45%).", "45 Platelet count decreased"),
        ("A Ki-67 of 30% or more (HR 1.74, 95% CI 1.37-2.21) was an independent predictor of OS.", "1.74 OS"),
        (
            "OS was longer (HR 0.69, 95% CI 0.54-0.89). By stage, the hazard ratios were 0.52 (0.31-0.88) and 0.79 (0.60-1.04).",
            "0.69 OS|0.52 OS|0.79 OS",
        ),
        (
            "CR was reached by 62% and 41%, the odds being higher with D-Vd (odds ratio 1.75, 95% CI 1.10-2.79).",
            "62 CR|41 CR|1.75 CR",
        ),
        (
            "Mean change in haemoglobin from baseline to week 12 was -1.2 g/dL with D-Vd and -0.4 g/dL with Vd.",
            "-1.2 OTHER mean|-0.4 OTHER mean",
        ),
        ("Of those in need of blood, 48% and 21% became transfusion independent.", "48 OTHER|21 OTHER"),
        (
            "The ORR was 63% and 41%. At baseline, mean age was 64 years and 38% were in pain.",
            "63 ORR|41 ORR",
        ),
        ("The PFS rate was 38% in period 1, 48% in period 2.", "38 PFS|48 PFS"),
    ],
)
def test_in_english(sentence: str, expected: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_TWO + sentence)) == listed(expected)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("导致停药的AE两组分别为5.0%和3.3%。", f"5.0 {_STOP}|3.3 {_STOP}"),
        ("治疗组4例(6.7%)因皮疹停药。", f"6.7 {_STOP}"),
        ("治疗组不良事件22例(36.7%),6例(10.0%)因不良事件停药。", f"36.7 AE|10.0 {_STOP}"),
        ("对照组3例因疾病进展停药。", ""),
        ("治疗组1例死于移植相关并发症。", "1 TRM"),
        ("MRD阴性治疗组30例,占50.0%。", "50.0 MRD_NEGATIVITY"),
        ("两组ORR分别为63.3%和41.7%,两组均无患者达到sCR。", "63.3 ORR|41.7 ORR|0 sCR"),
        ("第24周治疗组尿蛋白较基线平均下降45.2%,对照组下降20.1%。", "45.2 OTHER mean|20.1 OTHER mean"),
        ("中性粒细胞恢复至0.5×10^9/L的中位时间两组分别为11天和14天。", "11 OTHER|14 OTHER"),
        ("两组年龄、性别、高血压比例差异均无统计学意义,其中ECOG 1分者治疗组占35.0%。", ""),
        ("多因素分析显示,肺炎(HR=2.10,95%CI 1.20~3.60)是OS的独立危险因素。", "2.10 OS"),
        ("治疗组中位PFS 9.8个月,对照组6.1个月,死亡风险亦降低30%。", "9.8 PFS|6.1 PFS|30 OS"),
        ("3例(5.0%)出现注射部位瘀斑。", "5.0 Bruising"),
        ("OS数据成熟度为41%,两组中位OS均未达到。", "NR OS"),
        ("CR或VGPR率两组分别为63.3%和41.7%。", "63.3 VGPR_OR_BETTER|41.7 VGPR_OR_BETTER"),
        ("入组时高血压占35.0%。治疗后ORR为63.3%。", "63.3 ORR"),
    ],
)
def test_in_chinese(sentence: str, expected: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_ZH + sentence)) == listed(expected)
