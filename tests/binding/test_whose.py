"""Whose number is it? One paragraph each, with every value that it reports and whose that is.

A line of ``told`` is ``ENDPOINT statistic value ARM/COMPARATOR``: an adverse event stands behind ``AE:``, an
arm is the short name of ``REGIMENS`` or its label as written, ``-`` is none. Annotated by `annotation.md`,
before any output was looked at; what is not right yet is marked with the reason.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from isa_extract.binding.assemble import extract
from isa_extract.reading import read
from isa_extract.records import Arm

REGIMENS = {
    "isa-kd": "carfilzomib+dexamethasone+isatuximab",
    "kd": "carfilzomib+dexamethasone",
    "isa-pd": "dexamethasone+isatuximab+pomalidomide",
    "pd": "dexamethasone+pomalidomide",
    "d-rd": "daratumumab+dexamethasone+lenalidomide",
    "rd": "dexamethasone+lenalidomide",
    "d-vrd": "bortezomib+daratumumab+dexamethasone+lenalidomide",
    "vrd": "bortezomib+dexamethasone+lenalidomide",
    "d-vd": "bortezomib+daratumumab+dexamethasone",
    "vd": "bortezomib+dexamethasone",
    "krd": "carfilzomib+dexamethasone+lenalidomide",
    "tec": "teclistamab",
    "osi": "osimertinib",
    "gef": "gefitinib",
    "pem": "pembrolizumab",
    "carbo-pem": "carboplatin+pemetrexed",
    "carbo-pem-osi": "carboplatin+osimertinib+pemetrexed",
    "carbo-pem-pembro": "carboplatin+pembrolizumab+pemetrexed",
    "t-dxd": "trastuzumab deruxtecan",
    "t-dm1": "trastuzumab emtansine",
    "ibr": "ibrutinib",
    "zan": "zanubrutinib",
    "aza": "azacitidine",
    "ven-aza": "azacitidine+venetoclax",
    "pen": "penpulimab",
    "apa": "apatinib",
    "cam-apa": "apatinib+camrelizumab",
    "cam": "camrelizumab",
    "tislelizumab": "tislelizumab",
    "fulv": "fulvestrant",
    "palbo-fulv": "fulvestrant+palbociclib",
    "sor": "sorafenib",
    "len": "lenvatinib",
    "ato-bev": "atezolizumab+bevacizumab",
}


class Story(NamedTuple):
    """A paragraph, what it tells, and why it is not read right yet."""

    text: str
    told: str
    wrong: str = ""


STORIES = {
    # ------------------------------------------------------------------------------------- control first
    "zh control first": Story(
        "ICARIA-MM(NCT02990338)是一项III期随机对照试验，将患者随机分为Isa-Pd组和Pd组。结果显示，Pd组中位PFS为6.5个月，Isa-Pd组为11.5个月。",
        "PFS median 6.5 pd/isa-pd; PFS median 11.5 isa-pd/pd",
    ),
    "en control first": Story(
        "In the phase III IKEMA trial (NCT03275285), patients were randomised to Isa-Kd or Kd. "
        "The overall response rate was 82.9% in the Kd arm and 86.6% in the Isa-Kd arm.",
        "ORR rate 82.9 kd/isa-kd; ORR rate 86.6 isa-kd/kd",
    ),
    "zh control first in a list": Story(
        "IKEMA研究(NCT03275285)比较了Isa-Kd与Kd的疗效。Kd组和Isa-Kd组的MRD阴性率分别为13.0%和29.6%。",
        "MRD_NEGATIVITY rate 13.0 kd/isa-kd; MRD_NEGATIVITY rate 29.6 isa-kd/kd",
    ),
    # -------------------------------------------------------------------------------- arms after the values
    "en arms after values": Story(
        "The POLLUX trial (NCT02076009) compared D-Rd with Rd. Complete response or better was achieved by "
        "51.2% of patients in the D-Rd group and 21.0% of those in the Rd group.",
        "CR_OR_BETTER rate 51.2 d-rd/rd; CR_OR_BETTER rate 21.0 rd/d-rd",
    ),
    "en with and with": Story(
        "In the FLAURA trial, patients received osimertinib or gefitinib. Median overall survival was 38.6 months "
        "with osimertinib and 31.8 months with gefitinib (hazard ratio 0.80; 95% CI 0.64-1.00; P=0.046).",
        "OS median 38.6 osi/gef; OS median 31.8 gef/osi; OS hazard_ratio 0.80 osi/gef",
    ),
    "zh arms in brackets": Story(
        "POLLUX研究(NCT02076009)比较D-Rd与Rd方案。中位PFS为44.5个月(D-Rd组)和17.5个月(Rd组)。",
        "PFS median 44.5 d-rd/rd; PFS median 17.5 rd/d-rd",
    ),
    # --------------------------------------------------------------------------------------- respectively
    "en respectively": Story(
        "The ALPINE trial (NCT03734016) compared zanubrutinib with ibrutinib. The overall response rates for "
        "zanubrutinib and ibrutinib were 78.3% and 62.5%, respectively.",
        "ORR rate 78.3 zan/ibr; ORR rate 62.5 ibr/zan",
    ),
    "en respectively after values": Story(
        "The ALPINE trial (NCT03734016) compared zanubrutinib with ibrutinib. Response rates of 78.3% and 62.5% "
        "were seen in the zanubrutinib and ibrutinib groups, respectively.",
        "ORR rate 78.3 zan/ibr; ORR rate 62.5 ibr/zan",
    ),
    "zh respectively over endpoints": Story(
        "在一项单臂II期研究(NCT04557098)中，患者接受特立妥单抗(teclistamab)单药治疗。ORR和CR率分别为63.0%和39.4%。",
        "ORR rate 63.0 tec/-; CR rate 39.4 tec/-",
    ),
    "zh two endpoints, two arms": Story(
        "VIALE-A试验(NCT02993523)比较维奈克拉联合阿扎胞苷与阿扎胞苷单药。联合组和单药组的中位OS分别为14.7个月和9.6个月，"
        "CR率分别为36.7%和17.9%。",
        "OS median 14.7 ven-aza/aza; OS median 9.6 aza/ven-aza; CR rate 36.7 ven-aza/aza; CR rate 17.9 aza/ven-aza",
    ),
    # ----------------------------------------------------------------------------------- direction words
    "zh direction turns the order": Story(
        "GMMG-HD7试验将患者随机分为Isa-VRd组与VRd组。VRd组和Isa-VRd组的MRD阴性率分别为35.6%和50.1%。"
        "Isa-VRd组感染发生率略高(10.0% vs 12.4%)。",
        "MRD_NEGATIVITY rate 35.6 vrd/isa-vrd; MRD_NEGATIVITY rate 50.1 isa-vrd/vrd; "
        "AE:Infection rate 10.0 vrd/isa-vrd; AE:Infection rate 12.4 isa-vrd/vrd",
    ),
    "en direction, order of introduction": Story(
        "The IKEMA trial (NCT03275285) randomised patients to Isa-Kd or Kd. Median PFS was significantly longer "
        "with Isa-Kd (35.7 vs 19.2 months; HR 0.58; 95% CI 0.42-0.79).",
        "PFS median 35.7 isa-kd/kd; PFS median 19.2 kd/isa-kd; PFS hazard_ratio 0.58 isa-kd/kd",
    ),
    "zh higher than": Story(
        "在CASTOR研究(NCT02136134)中，患者随机接受D-Vd或Vd治疗。D-Vd组的ORR高于Vd组(82.9% vs 63.2%，P<0.001)。",
        "ORR rate 82.9 d-vd/vd; ORR rate 63.2 vd/d-vd",
    ),
    "zh more often in": Story(
        "在CASTOR研究(NCT02136134)中，患者随机接受D-Vd或Vd治疗。≥3级血小板减少更多见于D-Vd组(45.3% vs 32.9%)。",
        "AE:Platelet count decreased rate 45.3 d-vd/vd; AE:Platelet count decreased rate 32.9 vd/d-vd",
    ),
    "en than": Story(
        "DESTINY-Breast03 (NCT03529110) compared T-DXd with T-DM1. The response rate was higher with T-DXd than with "
        "T-DM1 (79.7% vs 34.2%).",
        "ORR rate 79.7 t-dxd/t-dm1; ORR rate 34.2 t-dm1/t-dxd",
    ),
    # ----------------------------------------------------------------------------------- former and latter
    "zh former and latter": Story(
        "一项随机试验(NCT01234567)比较了奥希替尼与吉非替尼。两组的ORR有差异，前者为80.0%，后者为65.0%。",
        "ORR rate 80.0 osi/gef; ORR rate 65.0 gef/osi",
    ),
    "en former and latter": Story(
        "The FLAURA trial compared osimertinib with gefitinib. Median PFS was 18.9 months for the former and 10.2 "
        "months for the latter.",
        "PFS median 18.9 osi/gef; PFS median 10.2 gef/osi",
    ),
    # -------------------------------------------------------------------------------------------- from, to
    "zh from to between arms": Story(
        "CASTOR研究(NCT02136134)比较D-Vd与Vd。与Vd相比，D-Vd将ORR从63.2%提高到82.9%。",
        "ORR rate 63.2 vd/d-vd; ORR rate 82.9 d-vd/vd",
    ),
    "en from to between arms": Story(
        "The CASTOR trial (NCT02136134) compared D-Vd with Vd. Adding daratumumab raised the overall response rate from "
        "63.2% to 82.9%.",
        "ORR rate 63.2 vd/d-vd; ORR rate 82.9 d-vd/vd",
    ),
    # --------------------------------------------------------------------------------------- nested values
    "zh nested": Story(
        "在一项单臂II期研究(NCT03104842)中，患者接受KRd方案治疗。ORR为89.4%(CR率64.1%)，中位PFS为26.4个月。",
        "ORR rate 89.4 krd/-; CR rate 64.1 krd/-; PFS median 26.4 krd/-",
    ),
    "en nested by grade": Story(
        "In the CASTOR trial (NCT02136134) of D-Vd versus Vd, thrombocytopenia was reported in 59.7% of patients (grade "
        "3 or 4 in 45.7%) in the D-Vd group and in 44.3% (32.9%) in the Vd group.",
        "AE:Platelet count decreased rate 59.7 d-vd/vd; AE:Platelet count decreased rate 45.7 d-vd/vd; "
        "AE:Platelet count decreased rate 44.3 vd/d-vd; AE:Platelet count decreased rate 32.9 vd/d-vd",
    ),
    # ---------------------------------------------------------------------------------------- three groups
    "zh three groups": Story(
        "REFLECT研究将肝癌患者随机分为三组：A组接受索拉非尼，B组接受仑伐替尼，C组接受阿替利珠单抗联合贝伐珠单抗。"
        "A组、B组和C组的ORR分别为9.2%、24.1%和29.8%。",
        "ORR rate 9.2 sor/-; ORR rate 24.1 len/-; ORR rate 29.8 ato-bev/-",
    ),
    "en three groups": Story(
        "In the randomised trial NCT01234568, group A received sorafenib, group B received lenvatinib and group C received "
        "apatinib. Median overall survival was 12.3, 13.6 and 11.4 months in groups A, B and C, respectively.",
        "OS median 12.3 sor/-; OS median 13.6 len/-; OS median 11.4 apa/-",
    ),
    # ------------------------------------------------------------------------------------------ both groups
    "zh both groups": Story(
        "ALPINE研究(NCT03734016)比较泽布替尼与伊布替尼。两组中性粒细胞减少发生率均为20.0%。",
        "AE:Neutrophil count decreased rate 20.0 zan/ibr; AE:Neutrophil count decreased rate 20.0 ibr/zan",
    ),
    "en both groups": Story(
        "The IKEMA trial (NCT03275285) compared Isa-Kd with Kd. Median overall survival was not reached in either group.",
        "OS median NR isa-kd/kd; OS median NR kd/isa-kd",
    ),
    # ------------------------------------------------------------------------------------------ single arm
    "zh single arm": Story(
        "KEYNOTE-158是一项单臂II期研究，入组患者接受帕博利珠单抗单药治疗。ORR为34.3%(95%CI 28.3%~40.8%)，中位DOR未达到，"
        "3级以上不良反应发生率为14.6%。",
        "ORR rate 34.3 pem/-; DOR median NR pem/-; AE: rate 14.6 pem/-",
    ),
    "en single arm": Story(
        "In this single-arm phase 2 study (NCT04557098), 165 patients received teclistamab. The overall response rate was "
        "63.0% (104 of 165 patients), and the median duration of response was 18.4 months.",
        "ORR rate 63.0 tec/-; DOR median 18.4 tec/-",
    ),
    # --------------------------------------------------------------------------------------- study switches
    "zh study switch": Story(
        "IKEMA研究(NCT03275285)比较Isa-Kd与Kd，ORR分别为86.6%和82.9%。POLLUX研究(NCT02076009)比较D-Rd与Rd，"
        "ORR分别为92.9%和76.4%。",
        "ORR rate 86.6 isa-kd/kd; ORR rate 82.9 kd/isa-kd; ORR rate 92.9 d-rd/rd; ORR rate 76.4 rd/d-rd",
    ),
    "en unlike": Story(
        "The POLLUX trial (NCT02076009) compared D-Rd with Rd; the response rates were 92.9% and 76.4%. Unlike POLLUX, "
        "the CASTOR trial (NCT02136134) compared D-Vd with Vd, with response rates of 82.9% and 63.2%.",
        "ORR rate 92.9 d-rd/rd; ORR rate 76.4 rd/d-rd; ORR rate 82.9 d-vd/vd; ORR rate 63.2 vd/d-vd",
    ),
    # ---------------------------------------------------------------------------------------------- aliases
    "zh observation group": Story(
        "目的 探讨卡瑞利珠单抗联合阿帕替尼治疗晚期肝癌的疗效。方法 对照组给予阿帕替尼治疗，观察组在对照组基础上加用卡瑞利珠单抗。"
        "结果 观察组ORR为42.5%，高于对照组的22.5%。",
        "ORR rate 42.5 cam-apa/apa; ORR rate 22.5 apa/cam-apa",
    ),
    "zh letters": Story(
        "A组(58例)接受奥希替尼治疗，B组(56例)接受吉非替尼治疗。结果：A组中位PFS为18.0个月，B组为10.5个月；"
        "两组腹泻发生率分别为30.0%和45.0%。",
        "PFS median 18.0 osi/gef; PFS median 10.5 gef/osi; AE:Diarrhea rate 30.0 osi/gef; AE:Diarrhea rate 45.0 gef/osi",
    ),
    "en control arm": Story(
        "In the PALOMA-3 trial, patients were randomly assigned to palbociclib plus fulvestrant or to placebo plus "
        "fulvestrant. Median PFS was 9.5 months in the palbociclib group and 4.6 months in the control group.",
        "PFS median 9.5 palbo-fulv/fulv; PFS median 4.6 fulv/palbo-fulv",
    ),
    "en triplet and doublet": Story(
        "The IKEMA trial (NCT03275285) compared Isa-Kd with Kd. Complete response was seen in 44.1% with the triplet and "
        "in 28.5% with the doublet.",
        "CR rate 44.1 isa-kd/kd; CR rate 28.5 kd/isa-kd",
    ),
    # ------------------------------------------------------------------------------- placebo with a backbone
    "en placebo with backbone": Story(
        "KEYNOTE-189 randomised patients to pembrolizumab plus pemetrexed and carboplatin or placebo plus pemetrexed and "
        "carboplatin. Median overall survival was 22.0 months in the pembrolizumab group and 10.6 months in the placebo "
        "group (HR 0.60; 95% CI 0.50-0.72; P<0.001).",
        "OS median 22.0 carbo-pem-pembro/carbo-pem; OS median 10.6 carbo-pem/carbo-pem-pembro; "
        "OS hazard_ratio 0.60 carbo-pem-pembro/carbo-pem",
    ),
    "zh placebo with backbone": Story(
        "PALOMA-3研究(NCT01942135)中，患者随机接受哌柏西利联合氟维司群或安慰剂联合氟维司群治疗。哌柏西利组和安慰剂组的中位PFS"
        "分别为11.2个月和4.6个月。",
        "PFS median 11.2 palbo-fulv/fulv; PFS median 4.6 fulv/palbo-fulv",
    ),
    # --------------------------------------------------------------------------------------- left out
    "zh planned": Story(
        "IKEMA研究(NCT03275285)比较Isa-Kd与Kd。假设Kd组中位PFS为19.0个月，计划入组300例。Isa-Kd组ORR为86.6%，Kd组为82.9%。",
        "ORR rate 86.6 isa-kd/kd; ORR rate 82.9 kd/isa-kd",
    ),
    "en planned": Story(
        "The IKEMA trial (NCT03275285) compared Isa-Kd with Kd. The study was powered for a median PFS of 19.0 months in the "
        "Kd arm. The response rate was 86.6% with Isa-Kd and 82.9% with Kd.",
        "ORR rate 86.6 isa-kd/kd; ORR rate 82.9 kd/isa-kd",
    ),
    "en historical": Story(
        "In this single-arm phase 2 study (NCT04557098), patients received teclistamab. The response rate was 63.0%. In "
        "historical controls the response rate was 30.0%.",
        "ORR rate 63.0 tec/-",
    ),
    "zh differences in passing": Story(
        "IKEMA研究(NCT03275285)比较Isa-Kd与Kd。Isa-Kd组中位PFS为35.7个月，较Kd组的19.2个月延长16.5个月。",
        "PFS median 35.7 isa-kd/kd; PFS median 19.2 kd/isa-kd",
    ),
    # ------------------------------------------------------------------------------------ prognostic factors
    "zh factors": Story(
        "结果 多因素Cox分析显示，年龄≥75岁(HR=1.85，95%CI 1.20~2.86，P=0.005)和高危细胞遗传学(HR=2.10，95%CI 1.40~3.15，"
        "P<0.001)是OS的独立危险因素。",
        "OS hazard_ratio 1.85 -/-; OS hazard_ratio 2.10 -/-",
    ),
    "en factors": Story(
        "Results: In the multivariable analysis, high-risk cytogenetics (HR 2.10; 95% CI 1.40-3.15) and renal impairment (HR "
        "1.60; 95% CI 1.10-2.33) were independent risk factors for overall survival.",
        "OS hazard_ratio 2.10 -/-; OS hazard_ratio 1.60 -/-",
    ),
    # ------------------------------------------------------------------------------------------- subgroups
    "zh subgroup pairs": Story(
        "IKEMA研究(NCT03275285)比较Isa-Kd与Kd。在高危患者中，Isa-Kd组和Kd组的ORR分别为80.0%和70.0%；在标危患者中分别为90.0%和85.0%。",
        "ORR rate 80.0 isa-kd/kd; ORR rate 70.0 kd/isa-kd; ORR rate 90.0 isa-kd/kd; ORR rate 85.0 kd/isa-kd",
    ),
    "en subgroup pairs": Story(
        "The IKEMA trial (NCT03275285) compared Isa-Kd with Kd. Among patients aged 70 years or older, the response rate was "
        "86.3% with Isa-Kd and 78.8% with Kd.",
        "ORR rate 86.3 isa-kd/kd; ORR rate 78.8 kd/isa-kd",
    ),
    "zh one arm over subgroups": Story(
        "在一项单臂II期研究(NCT03104842)中，患者接受KRd治疗。高危和标危患者的ORR分别为75.0%和91.0%。",
        "ORR rate 75.0 krd/-; ORR rate 91.0 krd/-",
    ),
    # ------------------------------------------------------------------------------------------- landmarks
    "zh landmarks": Story(
        "在一项单臂II期研究(NCT03104842)中，患者接受KRd治疗。1年、2年和3年PFS率分别为90.0%、80.0%和70.0%。",
        "PFS rate 90.0 krd/-; PFS rate 80.0 krd/-; PFS rate 70.0 krd/-",
    ),
    "en landmarks": Story(
        "In this single-arm phase 2 study (NCT04557098), patients received teclistamab. The 12- and 24-month overall survival "
        "rates were 75.0% and 60.0%.",
        "OS rate 75.0 tec/-; OS rate 60.0 tec/-",
    ),
    "en landmark of two arms": Story(
        "The ALPINE trial (NCT03734016) compared zanubrutinib with ibrutinib. At 24 months, progression-free survival was "
        "78.4% with zanubrutinib and 65.9% with ibrutinib.",
        "PFS rate 78.4 zan/ibr; PFS rate 65.9 ibr/zan",
    ),
    # --------------------------------------------------------------------------------------------- carried
    "zh carried order": Story(
        "IKEMA研究(NCT03275285)比较Isa-Kd与Kd。Isa-Kd组和Kd组的ORR分别为86.6%和82.9%。≥VGPR率分别为72.6%和56.1%。"
        "MRD阴性率为29.6%和13.0%。",
        "ORR rate 86.6 isa-kd/kd; ORR rate 82.9 kd/isa-kd; VGPR_OR_BETTER rate 72.6 isa-kd/kd; "
        "VGPR_OR_BETTER rate 56.1 kd/isa-kd; MRD_NEGATIVITY rate 29.6 isa-kd/kd; MRD_NEGATIVITY rate 13.0 kd/isa-kd",
    ),
    "en risk reduction": Story(
        "The IKEMA trial (NCT03275285) compared Isa-Kd with Kd. Isa-Kd reduced the risk of progression or death by 47% (HR "
        "0.53; 99% CI 0.32-0.89).",
        "PFS risk_reduction 47 isa-kd/kd; PFS hazard_ratio 0.53 isa-kd/kd",
    ),
    "zh events of one arm": Story(
        "IKEMA研究(NCT03275285)比较Isa-Kd与Kd。Isa-Kd组最常见的≥3级不良事件为中性粒细胞减少(19.2%)和血小板减少(29.9%)。",
        "AE:Neutrophil count decreased rate 19.2 isa-kd/-; AE:Platelet count decreased rate 29.9 isa-kd/-",
    ),
    "en events of both arms": Story(
        "The ALPINE trial (NCT03734016) compared zanubrutinib with ibrutinib. Atrial fibrillation occurred in 5.2% of patients "
        "in the zanubrutinib group vs 13.3% in the ibrutinib group, and diarrhea in 16.0% vs 24.1%.",
        "AE:Atrial fibrillation rate 5.2 zan/ibr; AE:Atrial fibrillation rate 13.3 ibr/zan; AE:Diarrhea rate 16.0 zan/ibr; "
        "AE:Diarrhea rate 24.1 ibr/zan",
    ),
}
REGIMENS["isa-vrd"] = "bortezomib+dexamethasone+isatuximab+lenalidomide"


def named(arm: Arm | None) -> str:
    if arm is None:
        return "-"
    drugs = "+".join(arm.drugs)
    return next((short for short, full in REGIMENS.items() if full == drugs), drugs or arm.label)


def rows(path: Path) -> Counter[str]:
    """What is found in a paper, a line for each value."""
    return Counter(
        f"{f.endpoint}{':' + f.endpoint_term if f.endpoint == 'AE' else ''} {f.statistic} {f.value or f.qualifier} "
        f"{named(f.arm)}/{named(f.comparator)}"
        for f in extract(read(path, "story")).findings
    )


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(s, id=name, marks=pytest.mark.xfail(strict=True, reason=s.wrong) if s.wrong else ())
        for name, s in STORIES.items()
    ],
)
def test_whose(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(story.text, encoding="utf-8")
    expected = Counter(story.told.split("; "))
    found = rows(path)
    assert sorted((expected - found).elements()) == [] == sorted((found - expected).elements())
