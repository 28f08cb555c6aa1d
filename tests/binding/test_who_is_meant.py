"""Who is meant by a word for a group, and who takes part where the paper says it late or by the way. All sentences are our own."""

from collections.abc import Callable

import pytest

from isa_extract.records import Finding

STORIES = {
    "the combination is the arm of two drugs": (
        "The phase 3 LUMINOS-4 trial (NCT05550001) randomly assigned 612 patients to sunitinib or to pembrolizumab plus lenvatinib. Median "
        "overall survival was 38.2 months with the combination, whereas patients on sunitinib lived a median of 31.5 months. Grade 3 or "
        "higher events occurred in 77% of patients given the combination.",
        {"38.2": "lenvatinib+pembrolizumab", "31.5": "sunitinib", "77": "lenvatinib+pembrolizumab"},
    ),
    "either of two combinations may be the combination": (
        "DUAL-C (NCT02470014; phase 3) randomised 500 patients to encorafenib plus cetuximab or to binimetinib plus cetuximab, and a third "
        "group to encorafenib plus binimetinib. Median PFS was 4.2 months with encorafenib plus cetuximab, 3.9 months with binimetinib plus "
        "cetuximab and 1.5 months with encorafenib plus binimetinib. Diarrhoea occurred in 38% of those given the combination.",
        {"38": ""},
    ),
    "the monotherapy group gets the placebo": (
        "Patients were randomly assigned to nivolumab (480 mg every 4 weeks) with either cabozantinib 40 mg daily (combination group; n=300) "
        "or matching placebo (monotherapy group; n=300; NCT03141100). Median progression-free survival was 16.6 months in the combination "
        "group and 8.3 months in the monotherapy group. Deaths occurred in 20% of patients assigned to cabozantinib and 25% of those "
        "assigned to placebo.",
        {
            "16.6": "cabozantinib+nivolumab",
            "8.3": "nivolumab",
            "20": "cabozantinib+nivolumab",
            "25": "nivolumab",
        },
    ),
    "以下称联合组": (
        "KEYSTONE-301(NCT04440011)为III期试验,520例患者随机接受替雷利珠单抗联合化疗(XELOX或FOLFOX,以下称联合组)或单纯化疗。"
        "联合组和化疗组中位PFS分别为9.7个月和5.5个月(HR=0.50,95%CI 0.40~0.62)。",
        {"9.7": "联合组", "0.50": "联合组"},
    ),
    "controls are the chemotherapy arm": (
        "ADALPH (NCT03450000) asked whether osimertinib can replace platinum-based chemotherapy. The 2-year disease-free survival rate was "
        "88.0% in the osimertinib arm and 60.0% in the chemotherapy arm. Diarrhea occurred in 46% of those given osimertinib and in 12% of "
        "controls.",
        {"60.0": "chemotherapy", "12": "chemotherapy"},
    ),
    "a gene is no trial": (
        "In a single-arm phase 2 study of divarasib (NCT05110011) the objective response rate was 53.4%. Among tumors with a co-mutation in "
        "KEAP1, 6 of 15 (40%) responded. In KEAP1, as in others, grade 3 events were reported in 25.9% of patients.",
        {"53.4": "divarasib", "40": "divarasib", "25.9": "divarasib"},
    ),
    "the comparator is told first": (
        "Sorafenib was the comparator in HIMAL (NCT04660012; phase 3), which assigned twice as many patients to durvalumab plus tremelimumab "
        "as to sorafenib. Median overall survival rose from 13.8 months to 16.4 months, HR 0.78 (95% CI, 0.65-0.93).",
        {"13.8": "sorafenib", "16.4": "durvalumab+tremelimumab", "0.78": "durvalumab+tremelimumab"},
    ),
    "以……为对照": (
        "III期CHOICE-9试验(NCT03500013)以多西他赛为对照,入组453例,2∶1随机接受舒格利单抗或多西他赛。中位PFS由3.8个月延长至5.5个月"
        "(HR=0.58,95%CI 0.45~0.76)。ORR为32%对9%。",
        {"3.8": "docetaxel", "5.5": "sugemalimab", "0.58": "sugemalimab", "32": "sugemalimab"},
    ),
    "old chemotherapy named first is the control": (
        "CONTRA (NCT03500014; phase 3) randomised 340 patients 1:2 to paclitaxel or pembrolizumab. Median survival was 8.3 months with "
        "paclitaxel against 9.1 months with pembrolizumab. The HR for death was 0.82 (95% CI 0.66-1.03).",
        {"0.82": "pembrolizumab"},
    ),
    "but not where the title has it lead": (
        "Docetaxel versus nimotuzumab with radiotherapy: a randomised trial\n\nWe randomly assigned 362 adults to docetaxel or nimotuzumab. "
        "Disease-free survival at 2 years was 51.8% in the docetaxel group and 40.6% in the nimotuzumab group (hazard ratio 0.67, 95% CI "
        "0.50-0.90).",
        {"51.8": "docetaxel", "0.67": "docetaxel"},
    ),
    "from one arm to the other": (
        "In TRANS-5 (NCT03390011; 340 patients) lisocabtagene maraleucel lengthened median event-free survival from 2.4 months (95% CI "
        "2.2-4.9) under standard care to 29.5 months. Two-year overall survival was 68.0% with lisocabtagene maraleucel and 60.0% with "
        "standard care.",
        {"2.4": "standard care", "29.5": "lisocabtagene maraleucel"},
    ),
    "numbered arms with the same chemotherapy": (
        "GYNE-218 (NCT00260011) allocated 1,500 women to carboplatin and docetaxel with placebo (arm 1), to the same chemotherapy with "
        "bevacizumab during cycles 2-6 (arm 2), or to chemotherapy with bevacizumab followed by bevacizumab alone up to cycle 22 (arm 3). "
        "Median PFS was 10.1, 11.0 and 14.4 months, respectively.",
        {
            "10.1": "carboplatin+docetaxel",
            "11.0": "bevacizumab+carboplatin+docetaxel",
            "14.4": "bevacizumab+carboplatin+docetaxel",
        },
    ),
    "a choice with a label that spells like a regimen": (
        "MIRAGE (NCT04200011), a phase 3 trial, enrolled 450 patients. Sacituzumab govitecan was set against the physician's choice of "
        "eribulin, vinorelbine or capecitabine (PC chemotherapy). Median PFS was 5.5 months v 4.0 months. Objective responses were seen in "
        "21% given sacituzumab govitecan and in 14% given PC chemotherapy.",
        {"5.5": "sacituzumab govitecan", "4.0": "PC chemotherapy", "14": "PC chemotherapy"},
    ),
    "chemoimmunotherapy by age": (
        "CLL-X13 (NCT02950011), a phase 3 trial, randomised 920 patients to chemoimmunotherapy (FCR or bendamustine plus rituximab by age; "
        "CIT), venetoclax-rituximab, venetoclax-obinutuzumab or venetoclax-obinutuzumab-ibrutinib. Undetectable MRD was reached in 52.0% "
        "with CIT, 57.0% with venetoclax-rituximab, 86.5% with venetoclax-obinutuzumab and 92.2% with venetoclax-obinutuzumab-ibrutinib.",
        {"52.0": "CIT", "57.0": "rituximab+venetoclax", "86.5": "obinutuzumab+venetoclax"},
    ),
    "the same conjugate": (
        "MIRAX (NCT04200013), a phase 3 trial, compared mirvetuximab soravtansine with paclitaxel in 400 women. Median PFS was 5.6 months "
        "with mirvetuximab soravtansine and 4.0 months with paclitaxel. The single-arm phase 2 SOLAYA study (NCT04290011) had earlier shown, "
        "with the same conjugate after bevacizumab, a response rate of 32.4%.",
        {"32.4": "mirvetuximab soravtansine"},
    ),
    "another conjugate is another drug": (
        "MIRAX (NCT04200013), a phase 3 trial, compared osimertinib with gefitinib in 400 women. Median PFS was 18.6 months with osimertinib "
        "and 10.0 months with gefitinib. The single-arm phase 2 SOLAYA study (NCT04290011) had earlier shown, with the same conjugate, a "
        "response rate of 32.4%.",
        {"32.4": ""},
    ),
    "doses told beside their values": (
        "Lenalidomide is given at 10 mg rather than 5 mg. The three-arm MDX-004 study (NCT00170011) tested both doses. The response rate was "
        "56.1% in patients on 10 mg, 42.6% in those on 5 mg and 5.9% in those on placebo.",
        {"56.1": "10 mg", "42.6": "5 mg", "5.9": "placebo"},
    ),
    "doses with one unit": (
        "DOSE-2研究(NCT04980012)为I期剂量递增试验,奥布替尼按50、100、150 mg三个剂量给药,共入组36例。ORR在50 mg组为40%,100 mg组为55%,"
        "150 mg组为60%。",
        {"40": "50 mg", "55": "100 mg", "60": "150 mg"},
    ),
    "added to what all get": (
        "The phase 3 QUANTA trial (NCT02660011) added quizartinib (40 mg on days 8-21) or placebo to cytarabine and daunorubicin in 539 "
        "patients. Median survival was 31.9 months with quizartinib and 15.1 months with placebo.",
        {"31.9": "cytarabine+daunorubicin+quizartinib", "15.1": "cytarabine+daunorubicin"},
    ),
    "均与……同用": (
        "KEYBTC-66(NCT04000011)中1 069例患者按1∶1分组,度伐利尤单抗或安慰剂均与GC方案(吉西他滨联合顺铂)同用。安慰剂组中位OS为10.9个月,"
        "度伐利尤单抗组为12.7个月。",
        {"10.9": "cisplatin+gemcitabine", "12.7": "cisplatin+durvalumab+gemcitabine"},
    ),
    "再行上述方案": (
        "IA方案为伊达比星12 mg/m2第1~3天、阿糖胞苷100 mg/m2第1~7天;试验组(45例)先予阿扎胞苷75 mg/m2×5 d,再接受上述方案,"
        "对照组(45例)仅用IA方案。试验组CR率为80.0%,对照组为62.2%。",
        {"80.0": "azacitidine+cytarabine+idarubicin", "62.2": "cytarabine+idarubicin"},
    ),
    "a bracket with the other arm": (
        "HOPE-9研究(NCT02590012,III期)中,280例患者随机接受瑞派替尼或安慰剂。瑞派替尼组中位PFS为6.3个月,安慰剂组为1.0个月。"
        "脱发发生率为52%(安慰剂组5%)。",
        {"52": "ripretinib", "5": "安慰剂组"},
    ),
    "one value of two groups of three": (
        "TRI-4 (NCT02470013) randomised 600 patients to group A (daratumumab plus lenalidomide), group B (carfilzomib plus lenalidomide) or "
        "group C (lenalidomide alone). The response rate was 91% in both groups A and B and 75% in group C.",
        {"75": "lenalidomide"},
    ),
    "both the one and the other arm": (
        "MELBA (NCT03570012), a phase 3 trial, showed a median overall survival of 11.0 months in the regorafenib and 12.0 months in the "
        "placebo arm, and a response rate of 4% in both the regorafenib and the placebo arm.",
        {"11.0": "regorafenib", "12.0": "placebo"},
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_who_is_meant(story: str, by_value: Callable[[str], dict[str, list[Finding]]]) -> None:
    text, expected = STORIES[story]
    found = by_value(text)
    for value, expected_arm in expected.items():
        arm = found[value][0].arm
        names = (arm.label, "+".join(arm.drugs)) if arm else ("",)
        assert expected_arm in names, value


def test_one_value_of_two_groups_is_of_each_of_them(
    by_value: Callable[[str], dict[str, list[Finding]]],
) -> None:
    found = by_value(
        "三臂III期试验TRI-3(NCT02470012)将600例患者随机分为A组(达雷妥尤单抗联合来那度胺)、B组(卡非佐米联合来那度胺)和C组(来那度胺)。"
        "A、B两组ORR均为90%,C组为75%。"
    )
    assert sorted(f.arm.label for f in found["90"] if f.arm) == ["A组", "B组"]
    assert [f.arm.label for f in found["75"] if f.arm] == ["C组"]
