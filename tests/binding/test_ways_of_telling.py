"""The many ways in which a paper says a value of one endpoint, and sentences whose numbers are no results.

Every sentence stands behind one that tells median PFS, so that an endpoint nobody recognises shows as PFS.
"""

from collections.abc import Callable, Iterable

import pytest

from isa_extract.records import Finding

FindingsOf = Callable[[str], list[Finding]]

_TRIAL = (
    "In the ORION trial (NCT02136134) patients with lymphoma were randomised to D-Vd (n=240) or Vd (n=238). "
    "Median PFS was 30.1 months with D-Vd and 20.2 months with Vd (HR 0.60). "
)
_STUDY = (
    "将478例患者随机分为试验组(信迪利单抗联合化疗,240例)和对照组(单纯化疗,238例)。"
    "试验组中位PFS为30.1个月,对照组为20.2个月(HR=0.60)。"
)
_BEFORE = {("PFS", "30.1"), ("PFS", "20.2"), ("PFS", "0.60")}


def told(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    found = {(f.endpoint, f.value or f.qualifier) for f in findings}
    assert found >= _BEFORE
    return found - _BEFORE


def pairs(expected: str) -> set[tuple[str, str]]:
    """'OS 72.0 61.5; CR 41.7': the codes with their values."""
    return {(code, v) for part in expected.split(";") for code, *values in [part.split()] for v in values}


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("PFS 61.2 40.3", "At 24 months, 61.2% of those on D-Vd had neither progressed nor died, compared with 40.3% on Vd."),
        ("PFS 0.56", "The HR for progression was 0.56 (95% CI 0.43-0.73) in favour of D-Vd."),
        ("RELAPSE 17.4 29.3", "The gain was due to fewer relapses: the 2-year cumulative incidence fell from 29.3% with Vd to 17.4% with D-Vd."),
        ("RELAPSE 17.4 29.3", "Of those transplanted, 17.4% in the D-Vd group and 29.3% in the Vd group had relapsed by 2 years."),
        ("ORR 71.0 52.0", "Response (71.0% v 52.0%) also favoured D-Vd over Vd."),
        ("AE 4", "Pneumonia caused the death of four patients on Vd."),
        ("DEATH 2", "Progression led to the death of 2 patients on Vd."),
        ("AE_DISCONTINUATION 6.1 11.2", "Side effects led to withdrawal in 6.1% of the Vd group and 11.2% of the D-Vd group."),
        ("OTHER 31.0 22.5", "Independence from red-cell transfusion was reached by 31.0% with D-Vd and 22.5% with Vd."),
        ("OTHER 88.5 61.0", "Independence, once gained, lasted a median of 88.5 weeks with D-Vd and 61.0 weeks with Vd."),
        ("OTHER 64.2 41.3", "A platelet response was noted in 64.2% with D-Vd and 41.3% with Vd."),
        ("LFS 2.41 1.66", "In a multivariable Cox model TP53 mutation (HR 2.41, 95% CI 1.30-4.46) and older age (HR 1.66, 95% CI 1.02-2.70) predicted leukaemia-free survival."),
        ("LFS 2.41 1.66", "MRD before transplant (HR, 2.41; 95% CI, 1.30-4.46) and a complex karyotype (HR, 1.66; 95% CI, 1.02-2.70) were independent predictors of shorter LFS."),
        ("PFS 56.0 13.8", "The D-Vd group had gone a median of 56.0 months without progression; the Vd group, 13.8 (11.1 to 18.2)."),
        ("PFS2 44.4 37.0", "The median time from randomisation to progression on the next line of therapy was 44.4 months with D-Vd and 37.0 months with Vd."),
        ("OS 72.0 61.5", "At 7 years 72.0% of patients in the D-Vd group were alive, as were 61.5% of those in the Vd group."),
        ("OS 72.0 61.5", "The proportion alive at 5 years was 72.0% with D-Vd and 61.5% with Vd."),
        ("OS 72.0 61.5", "The likelihood of surviving 5 years was 72.0% with D-Vd and 61.5% with Vd."),
        ("OS 48.6 39.2", "Death came after a median of 48.6 months with D-Vd and 39.2 months with Vd."),
        ("OS 0.72", "OS was the second endpoint. Its HR of 0.72 (95% CI 0.58-0.90) met the mark."),
        ("EFS 61.0 48.3", "Three-year freedom from events was 61.0% with D-Vd and 48.3% with Vd."),
        ("DFS 81.0 68.3", "At 3 years 81.0% of patients with D-Vd and 68.3% with Vd were alive and free of disease."),
        ("RFS 81.0 68.3", "At 3 years 81.0% of patients with D-Vd and 68.3% with Vd were alive without relapse."),
        ("RELAPSE 18.0 29.3", "The disease came back in 18.0% of patients with D-Vd and in 29.3% with Vd."),
        ("NRM 8.0 9.3", "Death without relapse occurred in 8.0% with D-Vd and 9.3% with Vd."),
        ("TTNT NR 28.8 0.45", "Next treatment was needed later: the median time to it was not reached with D-Vd and 28.8 months with Vd (HR 0.45)."),
        ("TTNT 22.0 29.4", "First subsequent therapy was started after a median of 22.0 months in the Vd group and 29.4 months in the D-Vd group."),
        ("TTNT 71.0 58.2", "At 24 months, 71.0% with D-Vd and 58.2% with Vd had not needed further treatment."),
        ("TTP 24.4 17.0", "The disease took a median of 24.4 months to progress with D-Vd and 17.0 months with Vd."),
        ("OTHER 17.0 24.4 0.64", "D-Vd prolonged the median time to PSA progression from 17.0 to 24.4 months (HR 0.64)."),
        ("TTR 1.4 2.1", "Patients responded after a median of 1.4 months with D-Vd and 2.1 months with Vd."),
        ("DOR 71.2 52.0", "At 12 months 71.2% of responses to D-Vd and 52.0% of responses to Vd were ongoing."),
        ("DOR 18.2 11.0", "Responses were more durable with D-Vd (median 18.2 vs 11.0 months)."),
        ("ORR 84.2; CR 41.7; PR 42.5", "With D-Vd 84.2% of patients responded, 41.7% completely and 42.5% partially."),
        ("ORR 63.0; CR_OR_BETTER 39.4", "D-Vd produced responses in 63.0% (151 of 240) with a CR or better in 39.4%."),
        ("ORR 2.1", "The odds of response were doubled with D-Vd (odds ratio 2.1, 95% CI 1.4-3.2)."),
        ("sCR 31.0 12.5", "The response was a stringent CR in 31.0% with D-Vd and 12.5% with Vd."),
        ("CR 41.7 22.3", "CMR rates at the end of treatment were 41.7% with D-Vd and 22.3% with Vd."),
        ("OTHER 64.1 42.3", "CRc rates were 64.1% with D-Vd and 42.3% with Vd."),
        ("DCR 91.1 78.5", "The tumour was kept under control in 91.1% with D-Vd and 78.5% with Vd."),
        ("CLINICAL_BENEFIT 61.1 48.5", "Clinical benefit (response or stable disease for 6 months) was seen in 61.1% with D-Vd and 48.5% with Vd."),
        ("MRD_NEGATIVITY 51.2 27.7", "In the D-Vd group 123 of 240 (51.2%), and in the Vd group 66 of 238 (27.7%), were MRD-negative."),
        ("TRM 2.1 3.4", "Toxic deaths occurred in 2.1% with D-Vd and 3.4% with Vd."),
        ("SAE 41.2 33.4", "Adverse events were serious in 41.2% with D-Vd and 33.4% with Vd."),
        ("AE_DISCONTINUATION 11.2 7.4", "Toxicity forced 11.2% of patients on D-Vd and 7.4% on Vd off treatment."),
        ("OTHER 24.1 12.3", "PSA fell by at least 50% in 24.1% with D-Vd and 12.3% with Vd."),
    ],
)  # fmt: skip
def test_english(expected: str, sentence: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_TRIAL + sentence)) == pairs(expected)


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("PFS 84.3 67.7", "预计有84.3%的试验组患者和67.7%的对照组患者在48个月时无进展存活。"),
        ("PFS 64.1 41.7", "24个月时试验组和对照组未发生疾病进展或死亡的患者比例分别为64.1%和41.7%。"),
        ("PFS2 44.4 37.0", "至第二次疾病进展的中位时间为44.4个月和37.0个月。"),
        ("OS 72.0 61.5", "7年时试验组72.0%的患者存活,对照组为61.5%。"),
        ("OS 72.0 61.5", "5年存活率试验组为72.0%,对照组为61.5%。"),
        ("OS 48.6 39.2", "试验组患者中位存活48.6个月,对照组39.2个月。"),
        ("OS 64.1 90.3", "到89.3个月的最终分析,两组中位OS依次为64.1个月和90.3个月。"),
        ("EFS 61.0 48.3", "3年时试验组61.0%的患者无事件存活,对照组48.3%。"),
        ("RFS 81.0 68.3", "3年时试验组81.0%的患者无复发存活,对照组为68.3%。"),
        ("RELAPSE 43 70", "试验组43例、对照组70例复发。"),
        ("RELAPSE 18.0 29.3", "试验组18.0%的患者复发,对照组29.3%。"),
        ("NRM 8.0 9.3", "未复发而死亡的患者试验组占8.0%,对照组占9.3%。"),
        ("TRM 2 3", "试验组2例、对照组3例死于治疗相关毒性。"),
        ("TTNT NR 28.8", "至下次治疗的中位时间试验组未达到,对照组为28.8个月。"),
        ("TTNT 29.4 22.0", "试验组中位29.4个月后开始下一线治疗,对照组为22.0个月。"),
        ("TTP 24.4 17.0", "试验组疾病进展的中位时间为24.4个月,对照组为17.0个月。"),
        ("OTHER 24.4 17.0", "试验组至PSA进展的中位时间为24.4个月,对照组为17.0个月。"),
        ("DOR 18.2 11.0", "缓解可维持中位18.2个月(试验组)和11.0个月(对照组)。"),
        ("DOR 18.2 11.0", "试验组的缓解更持久(中位18.2个月比11.0个月)。"),
        ("TTR 1.4 2.1", "首次缓解出现于中位1.4个月,对照组为2.1个月。"),
        ("ORR 84.2 63.0", "缓解见于试验组84.2%和对照组63.0%的患者。"),
        ("ORR 84.2 63.0", "试验组有84.2%的患者至少达到部分缓解,对照组为63.0%。"),
        ("VGPR_OR_BETTER 70.4 48.7", "试验组70.4%至少达到VGPR,对照组48.7%。"),
        ("DCR 91.1 78.5", "试验组91.1%的患者疾病得到控制,对照组为78.5%。"),
        ("CLINICAL_BENEFIT 61.1 48.5", "试验组61.1%的患者有临床获益,对照组为48.5%。"),
        ("MRD_NEGATIVITY 51.2 27.7", "未检出微小残留病者,试验组为51.2%,对照组为27.7%。"),
        ("AE 62.1 48.3", "试验组62.1%的患者至少发生1次3级及以上不良事件,对照组为48.3%。"),
        ("SAE 41.2 33.4", "试验组41.2%的患者报告了严重不良事件,对照组33.4%。"),
        ("AE_DISCONTINUATION 11.2 7.4", "不良事件迫使试验组11.2%和对照组7.4%的患者停药。"),
        ("OTHER 3 1", "试验组3例、对照组1例发生剂量限制性毒性。"),
        ("OTHER 64.1 42.3", "复合完全缓解率试验组为64.1%,对照组为42.3%。"),
    ],
)  # fmt: skip
def test_chinese(expected: str, sentence: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_STUDY + sentence)) == pairs(expected)


@pytest.mark.parametrize(
    "sentence",
    [
        "A total of 12% had del(17p) and 41% were refractory to lenalidomide.",
        "The median time since diagnosis was 4.3 years with D-Vd and 4.1 years with Vd.",
        "Treatment lasted a median of 14.1 months with D-Vd and 9.2 months with Vd.",
        "Follow-up was shorter in the Vd group (median 25.1 months) than in the D-Vd group (26.3 months).",
        "At data cutoff, 32% of the D-Vd group and 18% of the Vd group were still on treatment.",
        "The median interval from leukapheresis to infusion was 34 days.",
        "Disease progression was the reason for stopping treatment in 42% with D-Vd and 58% with Vd.",
        "The difference in median PFS was 9.9 months.",
        "Growth factors were given to 44% of the D-Vd group and 37% of the Vd group.",
        "Transplantation was performed in 71% of the D-Vd group and 69% of the Vd group.",
        "Such patients used to live a median of 8.6 months.",
        "We assumed a median PFS of 14 months with Vd and 21 months with D-Vd.",
        "A phase 3 trial with a target HR of 0.70 is to follow.",
        "Doxorubicin is the usual substitute, although 2-year survival of only 55% has been reported with it.",
        "Five-year survival is below 50% and the response rate is about 20%.",
    ],
)
def test_no_results_in_english(sentence: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_TRIAL + sentence)) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "患者既往中位接受过2线(1~9线)治疗,41%对来那度胺耐药。",
        "自诊断至入组的中位时间为4.3年和4.1年。",
        "试验组31%、对照组22%的患者需要减量。",
        "中位随访28.4个月,41%的患者仍在接受治疗。",
        "该病5年生存率不足50%,化疗有效率仅约20%。",
        "数据截止时试验组32%、对照组18%的患者仍在治疗。",
        "第二阶段中,286例达到部分缓解及以上的患者再次随机,接受维持治疗或观察。",
        "假设对照组中位PFS为14个月,试验组为21个月。",
        "国外一组小样本报道采用类似方案,2年复发率为24%。",
        "该病一旦复发,标准化疗的中位PFS不过4个月。",
        "因疾病进展终止治疗者试验组占42%,对照组占58%。",
    ],
)
def test_no_results_in_chinese(sentence: str, findings_of: FindingsOf) -> None:
    assert told(findings_of(_STUDY + sentence)) == set()
