"""Who a study's arms are, however the paper introduces them. All sentences are our own."""

import pytest

from isa_extract.binding.passages import passages
from isa_extract.binding.rosters import roster
from isa_extract.explain.account import paper_of
from isa_extract.finding.trials import acronyms


def arms(text: str) -> list[str]:
    found = passages(paper_of(text))[0]
    return ["+".join(a.drugs) or a.label for a in roster(found).arms]


STORIES = {
    "placebo listed beside the drug": (
        "Patients received osimertinib 80 mg daily or placebo. Response rates were 57% and 33% with osimertinib and placebo.",
        ["osimertinib", "placebo"],
    ),
    "drug plus chemotherapy": (
        "Nivolumab plus chemotherapy (XELOX or FOLFOX) was compared with chemotherapy alone. Median OS was 14.4 months with "
        "nivolumab plus chemotherapy and 11.1 months with chemotherapy.",
        ["chemotherapy+nivolumab", "chemotherapy"],
    ),
    "one or the other by choice": (
        "The trial compared trastuzumab deruxtecan with irinotecan or paclitaxel. The response rate was 51% with trastuzumab "
        "deruxtecan and 14% with irinotecan or paclitaxel.",
        ["trastuzumab deruxtecan", "irinotecan or paclitaxel"],
    ),
    "the physician's choice": (
        "Patients were randomised to olaparib or the physician's choice of chemotherapy. Median PFS was 7.4 months with "
        "olaparib and 3.6 months in the control group.",
        ["olaparib", "physician's choice of chemotherapy"],
    ),
    "a group called by a part": (
        "Patients were assigned to isatuximab plus bortezomib, lenalidomide, and dexamethasone (isatuximab group) or to "
        "bortezomib, lenalidomide, and dexamethasone alone (control group). PFS was 62.8% in the isatuximab group and "
        "44.6% in the control group.",
        [
            "bortezomib+dexamethasone+isatuximab+lenalidomide",
            "bortezomib+dexamethasone+lenalidomide",
        ],
    ),
    "the addition of": (
        "The addition of bevacizumab to capecitabine lengthened median OS to 10.8 months, from 7.5 months.",
        ["bevacizumab+capecitabine", "capecitabine"],
    ),
    "with either X or placebo": (
        "We randomised 596 patients to paclitaxel and cisplatin with either camrelizumab or placebo. Median OS was 15.3 months "
        "with camrelizumab and 12.0 months with placebo.",
        ["camrelizumab+cisplatin+paclitaxel", "cisplatin+paclitaxel"],
    ),
    "a single-arm trial": (
        "In this single-arm phase 2 study 97 patients received ciltacabtagene autoleucel. The response rate was 97%.",
        ["ciltacabtagene autoleucel"],
    ),
    "historical controls are no arm": (
        "In this single-arm study patients received teclistamab. ORR was 63%, against 30% in historical controls.",
        ["teclistamab"],
    ),
    "names of the paper's own": (
        "The response rate was 25% with FLOX and 31% with HART (P = 0.2). Median OS was 9 months with FLOX and 11 months with HART.",
        ["FLOX", "HART"],
    ),
    "groups of its own": (
        "The incidence of fever was 52% in the closure group and 23% in the no-closure group. Pain was rarer in the closure group.",
        ["closure group", "no-closure group"],
    ),
    "zh 在…基础上": (
        "研究以紫杉醇+顺铂为骨架，患者随机入卡瑞利珠单抗联合化疗组或安慰剂联合化疗组。中位OS卡瑞利珠单抗联合化疗组15.3个月，安慰剂联合化疗组12.0个月。",
        ["camrelizumab+cisplatin+paclitaxel", "cisplatin+paclitaxel"],
    ),
    "zh 同A组,另用": (
        "A组单用大剂量地塞米松；B组，地塞米松同A组，另用利妥昔单抗。A组ORR 62.5%，B组ORR 70.0%。A组感染10%，B组感染22%。",
        ["dexamethasone", "dexamethasone+rituximab"],
    ),
    "zh 医生选择": (
        "患者按2∶1接受德曲妥珠单抗或医生选择的化疗（TPC）。德曲妥珠单抗组和TPC组的中位PFS分别为10.1个月、5.4个月，TPC组ORR为16.3%。",
        ["trastuzumab deruxtecan", "TPC"],
    ),
    "zh 危险度分组不是治疗组": (
        "本研究为单臂试验，患者接受维奈克拉联合地西他滨。ELN预后不良组CR率60%，预后不良组OS 8个月。",
        ["decitabine+venetoclax"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), STORIES.values(), ids=STORIES)
def test_arms(text, expected):
    assert sorted(arms(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the presenter of AQUILA began", "AQUILA"),
        ("ECHO, also phase 3, recruited 598 patients", "ECHO"),
        ("In the third study, BMT CTN 1703, 431 recipients", "BMT CTN 1703"),
        ("ESCORT-1st (phase III, NCT03691090) randomised 596 patients", "ESCORT-1st"),
        ("a Three-Group Randomized Maintenance Phase (COLUMN)", "COLUMN"),
        ("EPCORE NHL-1 (NCT03625037) enrolled 157 patients", "EPCORE NHL-1"),
    ],
)
def test_trial_names_by_shape_and_place(text, name):
    assert name in acronyms([text], frozenset())


@pytest.mark.parametrize("text", ["in EGFR-mutated disease", "KRAS G12C was found", "PD-L1 by IHC (22C3)"])
def test_genes_and_tests_are_no_trials(text):
    assert acronyms([text], frozenset()) == ()
