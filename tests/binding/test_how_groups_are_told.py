"""The shapes in which papers tell their groups: letters, doses, initials, classes, what all receive. Our own sentences."""

import pytest

from isa_extract.binding.passages import passages
from isa_extract.binding.rosters import roster
from isa_extract.explain.account import paper_of


def arms(text: str) -> list[tuple[str, str]]:
    found = passages(paper_of(text))[0]
    return [(a.label, "+".join(a.drugs)) for a in roster(found).arms]


def drugs(text: str) -> list[str]:
    return [told or label for label, told in arms(text)]


STORIES = {
    "initials of two drugs, far from the label": (
        "Patients were assigned to zanubrutinib (160 mg twice daily) with eight doses of obinutuzumab (ZO group) or to bendamustine "
        "and obinutuzumab (BO group). ORR was 84% with ZO and 90% with BO.",
        ["obinutuzumab+zanubrutinib", "bendamustine+obinutuzumab"],
    ),
    "a label with a drug that nobody knows keeps no drugs": (
        "Patients were assigned to qwertarol with rituximab (QR group) or to rituximab alone (R-mono group). PFS was 20.1 months in "
        "the QR group and 12.3 months in the R-mono group.",
        ["QR", "rituximab"],
    ),
    "one letter more than the label": (
        "比较在利妥昔单抗联合来那度胺(R2)基础上加用泽布替尼(ZR2)的疗效。ZR2组ORR为88.0%,R2组为71.0%。",
        ["lenalidomide+rituximab+zanubrutinib", "lenalidomide+rituximab"],
    ),
    "the whole chain before a label with its size": (
        "Prophylaxis consisted of antithymocyte globulin with ciclosporin and methotrexate (ATG, n = 80); later patients had "
        "cyclophosphamide followed by tacrolimus and mycophenolate mofetil (PTCy, n = 90). NRM was 18.1% with ATG and 11.5% with PTCy.",
        [
            "antithymocyte globulin+ciclosporin+methotrexate",
            "cyclophosphamide+mycophenolate mofetil+tacrolimus",
        ],
    ),
    "dose levels that patients are assigned to": (
        "The responders were randomised: 150 to upadacitinib 30 mg and 148 to upadacitinib 15 mg. Remission was met by 52.0% in the 30-mg "
        "group and 42.6% in the 15-mg group. Discontinuation was 6.0% with 30 mg and 4.1% with 15 mg.",
        ["upadacitinib", "upadacitinib"],
    ),
    "groups listed by their letters with a word behind": (
        "以培门冬酶、吉西他滨和奥沙利铂治疗,列为PG组;另有患者在PG组用药之外加用信迪利单抗,列为SPG组。PG组ORR为82.5%,SPG组为95.5%。",
        ["gemcitabine+oxaliplatin+pegaspargase", "gemcitabine+oxaliplatin+pegaspargase+sintilimab"],
    ),
    "on the basis of it, told behind": (
        "64例仅用紫杉醇,为单药组;74例在此基础上静脉滴注贝伐珠单抗,为联合组。联合组ORR为35.1%,单药组为18.8%。",
        ["paclitaxel", "bevacizumab+paclitaxel"],
    ),
    "a class of drugs is no drug": (
        "联合组接受PD-1抑制剂加依托泊苷和顺铂,化疗组接受依托泊苷和顺铂。联合组ORR为67.6%,化疗组为58.2%。",
        ["联合组", "cisplatin+etoposide"],
    ),
    "two groups set against each other in sentence after sentence": (
        "Median PFS was 8.2 months with chemoimmunotherapy and 5.1 months with chemotherapy alone. Responses were seen in 61% with "
        "chemoimmunotherapy and 44% with chemotherapy alone.",
        ["chemoimmunotherapy", "chemotherapy alone"],
    ),
    "what all receive, before the drug or placebo": (
        "Patients took lenalidomide and rituximab for up to twelve cycles, together with either tafasitamab (12 mg/kg) or a placebo. "
        "Median PFS was 22.4 months with tafasitamab and 13.9 months with placebo.",
        ["lenalidomide+rituximab+tafasitamab", "lenalidomide+rituximab"],
    ),
    "what all receive, behind it": (
        "494 patients were randomised to dostarlimab 500 mg or placebo, each in combination with carboplatin (AUC 5) and paclitaxel "
        "(175 mg/m²). PFS was 11.8 months in the dostarlimab arm and 7.9 months in the placebo arm.",
        ["carboplatin+dostarlimab+paclitaxel", "carboplatin+paclitaxel"],
    ),
    "either of two, with a common partner": (
        "Adults were assigned to ramucirumab, combined with either irinotecan (irinotecan group) or paclitaxel (paclitaxel group). OS was "
        "9.1 months in the irinotecan group and 9.6 months in the paclitaxel group.",
        ["irinotecan+ramucirumab", "paclitaxel+ramucirumab"],
    ),
    "the same, with one drug more": (
        "Adults were assigned to bortezomib, cyclophosphamide, and dexamethasone (control group), or to the same cycles with isatuximab "
        "10 mg/kg (isatuximab group). CR was 18% in the control group and 52% in the isatuximab group.",
        ["bortezomib+cyclophosphamide+dexamethasone", "bortezomib+cyclophosphamide+dexamethasone+isatuximab"],
    ),
    "both groups before the operation": (
        "两组均在术前、术后各行4个周期CapeOX化疗。试验组加用替雷利珠单抗200 mg,对照组仅行化疗。试验组pCR率为21.2%,对照组为8.1%。",
        ["capecitabine+oxaliplatin+tislelizumab", "capecitabine+oxaliplatin"],
    ),
    "letters in brackets behind doses": (
        "They were assigned to rituximab with bendamustine (90 mg/m² on days 1 and 2; arm A), to the same plus acalabrutinib 100 mg twice "
        "daily (arm B), or to rituximab and acalabrutinib alone (arm C). ORR was 91% in arm A, 95% in arm B and 87% in arm C. PFS was "
        "44.1 months in arm A and 52.9 months in arm C.",
        ["bendamustine+rituximab", "acalabrutinib+bendamustine+rituximab", "acalabrutinib+rituximab"],
    ),
    "one of several by the physician's choice": (
        "Patients were randomised to ciltacabtagene autoleucel or to standard care, which meant PVd or DPd at the investigator's choice. "
        "PFS was not reached with ciltacabtagene autoleucel and 11.8 months with standard care.",
        ["ciltacabtagene autoleucel", "standard care"],
    ),
    "no control group": (
        "In this phase 2 study 123 patients received elranatamab. ORR was 61.0%. In the absence of a control group no effect can be told.",
        ["elranatamab"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), STORIES.values(), ids=STORIES.keys())
def test_drugs_of_the_arms(text: str, expected: list[str]) -> None:
    assert drugs(text) == expected


def test_labels_of_dose_groups_are_the_doses() -> None:
    text = STORIES["dose levels that patients are assigned to"][0]
    assert [label for label, _ in arms(text)] == ["upadacitinib 30 mg", "upadacitinib 15 mg"]


def test_a_class_pooled_by_a_meta_analysis_is_its_arm() -> None:
    text = (
        "PARP inhibitors as maintenance: systematic review and meta-analysis. PARP inhibitors prolonged PFS compared with placebo "
        "(HR 0.44). OS did not differ between PARP inhibitors and placebo (HR 0.93). Nausea was more frequent with PARP inhibitors "
        "than with placebo (RR 1.9). Stopping was more frequent with PARP inhibitors (RR 2.5)."
    )
    assert [label for label, _ in arms(text)] == ["PARP inhibitors", "placebo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "随机服用阿思尼布(40 mg)或博舒替尼(500 mg)。博舒替尼组停药占21.1%,阿思尼布组占5.8%。",
            ["asciminib", "bosutinib"],
        ),
        ("在Rd的基础上加入卡非佐米。KRd组ORR为87.1%,Rd组为66.7%。", ["KRd", "Rd"]),
    ],
)
def test_the_order_of_introduction(text: str, expected: list[str]) -> None:
    assert [label for label, _ in arms(text)] == expected
