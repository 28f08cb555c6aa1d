"""Whose number it is in a sentence: without a preposition, set against another, over two events, in three arms."""

from __future__ import annotations

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.explain import paper_of

ZH = "ICARIA-MM研究(NCT02990338)中,Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。"
EN = "In ICARIA-MM (NCT02990338), median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd. "
DRUG = (
    "In the phase III PIER trial (NCT05556666), 400 patients received osimertinib or placebo. "
    "Median PFS was 38.9 months with osimertinib and 12.4 months with placebo. "
)
THREE_ZH = (
    "TRIPOD研究(NCT04445566,Ⅲ期)将900例患者随机分入德曲妥珠单抗(A组)、德曲妥珠单抗联合帕妥珠单抗(B组)"
    "或多西他赛联合曲妥珠单抗和帕妥珠单抗(C组)。A组、B组和C组的中位PFS分别为26.9、40.7和24.1个月。"
)
THREE_EN = (
    "In the phase III TRIPOD trial (NCT04445566), 900 patients were randomly assigned to trastuzumab deruxtecan "
    "(arm A), trastuzumab deruxtecan plus pertuzumab (arm B) or docetaxel, trastuzumab and pertuzumab (arm C). "
    "Median PFS was 26.9 months in arm A, 40.7 months in arm B and 24.1 months in arm C. "
)
LETTERED = (
    "In the phase III LUME trial (NCT04445566), 400 patients received elacestrant (group E) or exemestane. "
    "Median PFS was 8.2 months in group E and 5.1 months in group X. "
)
CELLS_EN = (
    "In CARTITUDE-4 (NCT04181827) 419 patients were assigned to cilta-cel or standard care. "
    "ORR was 84.6% with cilta-cel and 67.3% with standard care. "
)
CELLS_ZH = (
    "CARTITUDE-4研究(NCT04181827)将419例患者随机分入西达基奥仑赛组和标准治疗组。"
    "西达基奥仑赛组和标准治疗组的ORR分别为84.6%和67.3%。"
)
PAIRS_EN = "Convention: x / y = intervention / comparator. In IKEMA (NCT03275285) 302 patients received Kd or Isa-Kd. "
PAIRS_ZH = "各研究数据均以试验组/对照组列出。IKEMA研究(NCT03275285)将302例患者随机分为Kd组和Isa-Kd组。"

CASES = {
    # beside the value, with no preposition between
    "en bare": (EN + "ORR: 35.3% Pd, 60.4% Isa-Pd.", "35.3 Pd; 60.4 Isa-Pd"),
    "en bare, versus": (EN + "ORR was 60.4% Isa-Pd vs 35.3% Pd.", "60.4 Isa-Pd; 35.3 Pd"),
    "zh a count and its people": (ZH + "1例Isa-Pd组患者因肺部感染死亡。", "1 Isa-Pd"),
    # set against another value
    "en first named, second set against it": (
        EN + "ORR was 35.3% with Pd against 60.4%.",
        "35.3 Pd; 60.4 Isa-Pd",
    ),
    "en once a drug was added": (
        EN + "Fatal adverse events: 5.5% with Pd, but 11.0% once isatuximab was added.",
        "5.5 Pd; 11.0 Isa-Pd",
    ),
    "en compared with so many others": (
        EN
        + "In the elderly, nine (19%) of 48 patients on Pd had an objective response, compared with 20 (41%) of 49 "
        "who were given all three drugs.",
        "19 Pd; 41 Isa-Pd",
    ),
    "en in favour of": (EN + "ORR was 35.3% against 60.4%, favouring Isa-Pd.", "35.3 Pd; 60.4 Isa-Pd"),
    "zh once the antibody was added": (ZH + "Pd组1年PFS率为85%,加用单抗后升至93%。", "85 Pd; 93 Isa-Pd"),
    "en a pair, then one for itself": (
        EN
        + "Neutropenia of grade 3 in 84.9% v 70.1%, and 7.2% of the Isa-Pd group stopped treatment because of an "
        "adverse event.",
        "84.9 Isa-Pd; 70.1 Pd; 7.2 Isa-Pd",
    ),
    # behind the value's own words
    "en who had died": (
        EN + "In all, 71 patients (31.3%) had died in the Isa-Pd group and 84 (37.3%) in the Pd group.",
        "31.3 Isa-Pd; 37.3 Pd",
    ),
    "en none in the other": (
        EN
        + "Seven patients died of treatment-related causes, all of them in the Isa-Pd group; there were no such "
        "deaths under Pd.",
        "7 Isa-Pd; 0 Pd",
    ),
    # over two events
    "en one arm behind two events": (
        EN
        + "Neutropenia and infection of grade 3 or higher were seen in 85% and 43% of Isa-Pd recipients; on Pd the "
        "corresponding rates were 70% and 30%.",
        "85 Isa-Pd; 43 Isa-Pd; 70 Pd; 30 Pd",
    ),
    # by what the arm is
    "en with the drug and without": (
        DRUG + "A response was recorded in 80% with the drug and in only 12% without it.",
        "80 osimertinib; 12 placebo",
    ),
    "en those infused": (
        CELLS_EN
        + "Among 176 patients infused as planned, cytokine release syndrome was seen in 134 (76.1%).",
        "76.1 ciltacabtagene autoleucel",
    ),
    "zh those infused": (CELLS_ZH + "输注者CRS发生率为76.1%。", "76.1 ciltacabtagene autoleucel"),
    "en another letter": (
        LETTERED + "Nausea occurred in 30% of group X and in 41% of group E.",
        "30 exemestane; 41 group E",
    ),
    # an order said once
    "en convention": (PAIRS_EN + "ORR 60.4% / 35.3%.", "60.4 Isa-Kd; 35.3 Kd"),
    "zh convention": (PAIRS_ZH + "ORR为60.4%/35.3%。", "60.4 Isa-Kd; 35.3 Kd"),
    # effects
    "en effects listed": (
        THREE_EN
        + "Compared with arm C, the HRs for PFS with arms A and B were 0.87 (95% CI 0.7-1.1) and 0.56 (95% CI "
        "0.44-0.71), respectively.",
        "0.87 arm A v arm C; 0.56 arm B v arm C",
    ),
    "zh effects listed": (
        THREE_ZH + "与C组相比,A组和B组PFS的HR依次为0.87(95%CI 0.7~1.1)和0.56(95%CI 0.44~0.71)。",
        "0.87 A组 v C组; 0.56 B组 v C组",
    ),
    "en effects, each for its pair": (
        THREE_EN
        + "For PFS the HR was 0.56 (95% CI 0.44-0.71) for B v C and 0.87 (95% CI 0.7-1.1) for A v C.",
        "0.56 arm B v arm C; 0.87 arm A v arm C",
    ),
    "zh effects against one and another": (
        THREE_ZH + "B组对C组PFS的HR=0.56(95%CI 0.44~0.71),对A组HR=0.64(95%CI 0.5~0.9)。",
        "0.56 B组 v C组; 0.64 B组 v A组",
    ),
    "en gain in two subgroups": (
        THREE_EN
        + "The gain of B over C was larger with HR-positive disease (HR 0.44, 0.30-0.65) than with HR-negative "
        "disease (HR 0.68, 0.51-0.91).",
        "0.44 arm B v arm C; 0.68 arm B v arm C",
    ),
    "zh an arm's effect, then factors": (
        ZH + "对PFS而言,与Pd相比,Isa-Pd的HR为0.596(95%CI 0.44~0.81);年龄≥75岁(HR=1.50,95%CI 1.1~2.0)和"
        "高危细胞遗传学(HR=1.80,95%CI 1.2~2.4)均提示预后不良。",
        "0.596 Isa-Pd v Pd; 1.50 -; 1.80 -",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_whose_number(name):
    text, told = CASES[name]
    found = {}
    for f in extract(paper_of(text)).findings:
        against = f" v {f.comparator.label}" if f.statistic == "hazard_ratio" and f.comparator else ""
        found[f.value] = (f.arm.label if f.arm else "-") + against
    expected = dict(part.split(" ", 1) for part in told.split("; "))
    assert {value: found.get(value) for value in expected} == expected


def test_a_latter_of_two_subgroups_is_no_arm():
    text = (
        EN
        + "The hazard ratios for OS were 0.52 in ISS I and 0.79 in ISS III, with medians of 34.0 vs 27.0 months in the latter."
    )
    told = {f.value: f.arm.label if f.arm else "" for f in extract(paper_of(text)).findings}
    assert (told["34.0"], told["27.0"]) == ("Isa-Pd", "Pd")
