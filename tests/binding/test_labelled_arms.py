"""Arms that go by a letter, trials told by name and id in one bracket, doses told one behind another. Our own sentences."""

import pytest
from tests.binding.test_what_all_receive import arms, studies

ARMS = {
    "arm and a letter behind the dose": (
        "CEDAR (NCT01234567) was a phase 3 trial. Patients were randomised to one of three arms: nivolumab, 3 mg/kg every two weeks "
        "(arm N, n = 80); ipilimumab, 1 mg/kg every three weeks (arm I, n = 82); or nivolumab plus ipilimumab at the same doses "
        "(arm NI, n = 81). Response was seen in 20%, 15% and 40% in arms N, I and NI, respectively. The odds ratio was 2.1 for NI over I.",
        ["ipilimumab", "ipilimumab+nivolumab", "nivolumab"],
    ),
    "one letter beside two": (
        "MAPLE (NCT01234567) randomised patients 1:1:1 to zanubrutinib with rituximab (ZR, n=100), zanubrutinib alone (Z, n=101) or "
        "bendamustine with rituximab (BR, n=99). Median PFS was 22.6 months on BR, and not reached on ZR or on Z.",
        ["bendamustine+rituximab", "rituximab+zanubrutinib", "zanubrutinib"],
    ),
    "one letter beside two, Chinese": (
        "MAPLE研究(NCT01234567)设三个组:泽布替尼联合利妥昔单抗(ZR)、泽布替尼单药(Z)和苯达莫司汀联合利妥昔单抗(BR),共300例。"
        "ZR、Z两组的中位PFS均未达到,BR组22.6个月;2年PFS率依次为90%、85%和60%。",
        ["bendamustine+rituximab", "rituximab+zanubrutinib", "zanubrutinib"],
    ),
    "days of a drug in a label": (
        "In this study (NCT01234567) we compared two conditionings. Those in the Flu2Mel cohort (n = 40) and those in the Bu4Flu cohort "
        "(n = 41) were alike. Relapse was 20% with Bu4Flu and 30% with Flu2Mel. Survival was 60% with Bu4Flu and 55% with Flu2Mel.",
        ["busulfan+fludarabine", "fludarabine+melphalan"],
    ),
    "herbs on top of doses told one behind another": (
        "方法:选取晚期胃癌患者80例(ChiCTR2000012345),随机分为治疗组和对照组。对照组予顺铂75 mg/m2静脉滴注,第1天;替吉奥40 mg口服,每日2次。"
        "治疗组在对照组基础上加服益气健脾汤(黄芪30 g、党参20 g)。结果:治疗组ORR为50.0%,对照组为40.0%(P=0.03)。",
        ["cisplatin+tegafur/gimeracil/oteracil"] * 2,
    ),
    "what all get, told before the groups": (
        "III期MAPLE研究(NCT01234567)纳入500例,患者接受吉西他滨+顺铂化疗,最多6个周期,试验组(250例)同时用替雷利珠单抗200 mg,"
        "对照组(250例)用安慰剂。试验组中位PFS为9.0个月,对照组为6.0个月。",
        ["cisplatin+gemcitabine", "cisplatin+gemcitabine+tislelizumab"],
    ),
}


@pytest.mark.parametrize("case", ARMS)
def test_the_arms(case: str) -> None:
    text, expected = ARMS[case]
    study = "ChiCTR2000012345" if "ChiCTR" in text else "NCT01234567"
    assert arms(text, study) == expected


def test_an_article_or_a_virus_is_no_arm() -> None:
    text = (
        "MAPLE (NCT01234567) randomised patients to zanubrutinib alone (A, n=10) or bendamustine with rituximab (BR, n=9). "
        "A total of 19 patients, none with hepatitis A, were treated. PFS was 80% with zanubrutinib and 60% with BR."
    )
    assert arms(text) == ["bendamustine+rituximab", "zanubrutinib"]


def test_each_trial_of_one_bracket_has_its_own_id() -> None:
    text = (
        "Zanubrutinib in leukaemia: a review\n\n2.1 Sources. Three trials are told of, one in untreated disease (MAPLE, NCT01111111) and two "
        "after relapse (CEDAR, NCT02222222; ALDER-RR, NCT03333333).\n\n2.2 MAPLE. People were randomised to zanubrutinib or ibrutinib. PFS "
        "was 80% with zanubrutinib and 70% with ibrutinib.\n\n2.3 CEDAR. A total of 300 people received zanubrutinib or idelalisib. PFS was 70% "
        "with zanubrutinib and 50% with idelalisib.\n\n2.4 ALDER-RR. This trial compared zanubrutinib with acalabrutinib. PFS was 60% "
        "with zanubrutinib and 59% with acalabrutinib.\n"
    )
    made = studies(text)
    assert {"NCT02222222", "NCT03333333"} <= set(made)
    assert {a.drugs for a in made["NCT03333333"].arms} == {("zanubrutinib",), ("acalabrutinib",)}


def test_a_disease_is_no_trial_and_a_slash_joins_a_name() -> None:
    text = (
        "Results in MDS, a review\n\nIn MDS, the phase 3 trial OAK/CLL77 (NCT01234567) compared luspatercept with epoetin alfa. Response was "
        "60% with luspatercept and 35% with epoetin alfa.\n"
    )
    assert "MDS" not in studies(text)
    assert "NCT01234567" in studies(text)
