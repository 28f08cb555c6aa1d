"""The adverse-event and subgroup lexicons: shape, uniqueness, safe patterns, spot checks in both languages.

Both files are matched against folded text (``isa_extract.language.normal``): ASCII brackets, commas and
hyphens, `≥` and `≤` kept, Roman numerals as Latin letters. Alternatives of adverse events are in lower case.
"""

from __future__ import annotations

import csv
import re
import re._constants as sre
import re._parser as sre_parser
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LEXICONS = Path(__file__).resolve().parents[2] / "src" / "isa_extract" / "rules" / "lexicons"
EVENT_COLUMNS = ["term", "en", "zh", "system", "scheme"]
SUBGROUP_COLUMNS = ["code", "kind", "en", "zh", "parametric", "examples"]
KINDS = {
    "age",
    "cytogenetic",
    "line",
    "molecular",
    "performance",
    "region",
    "renal",
    "response",
    "risk",
    "sex",
    "site",
    "stage",
    "transplant",
}
SYSTEMS = {
    "Blood and lymphatic system disorders",
    "Cardiac disorders",
    "Congenital, familial and genetic disorders",
    "Ear and labyrinth disorders",
    "Endocrine disorders",
    "Eye disorders",
    "Gastrointestinal disorders",
    "General disorders and administration site conditions",
    "Hepatobiliary disorders",
    "Immune system disorders",
    "Infections and infestations",
    "Injury, poisoning and procedural complications",
    "Investigations",
    "Metabolism and nutrition disorders",
    "Musculoskeletal and connective tissue disorders",
    "Neoplasms benign, malignant and unspecified (incl cysts and polyps)",
    "Nervous system disorders",
    "Pregnancy, puerperium and perinatal conditions",
    "Psychiatric disorders",
    "Renal and urinary disorders",
    "Reproductive system and breast disorders",
    "Respiratory, thoracic and mediastinal disorders",
    "Skin and subcutaneous tissue disorders",
    "Surgical and medical procedures",
    "Vascular disorders",
}
HAN = re.compile("[\u4e00-\u9fff]")
UNFOLDED = re.compile(r"[\u2010-\u2015\u3000\uff00-\uffef\u2160-\u217f\u2018-\u201d\u00a0\u200b\ufeff]")


def read(name: str) -> tuple[list[str], list[dict[str, str]]]:
    with (LEXICONS / name).open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        rows = list(reader)
    return list(reader.fieldnames or []), rows


def split(cell: str) -> list[str]:
    return cell.split(";") if cell else []


EVENT_HEADER, EVENTS = read("adverse_events.csv")
SUBGROUP_HEADER, SUBGROUPS = read("subgroups.csv")
TERM_OF = {a: row["term"] for row in EVENTS for column in ("en", "zh") for a in split(row[column])}
PATTERNS = [
    (row, re.compile(pattern, re.IGNORECASE))
    for row in SUBGROUPS
    for column in ("en", "zh")
    for pattern in split(row[column])
]


def subgroup(text: str) -> str:
    """The code of the longest match (the first row wins a tie), filled in; empty if there is none."""
    best, code = 0, ""
    for row, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if match.end() - match.start() > best:
                best = match.end() - match.start()
                code = row["code"].replace("{n}", match.groupdict().get("n") or "")
    return code


# ---------------------------------------------------------------- adverse events


def test_events_shape() -> None:
    assert EVENT_HEADER == EVENT_COLUMNS
    assert len(EVENTS) >= 330
    assert not [row for row in EVENTS if None in row or None in row.values()]
    assert [t for t, n in Counter(row["term"] for row in EVENTS).items() if n > 1] == []
    assert {row["scheme"] for row in EVENTS} == {"CTCAE", "class", "other"}
    assert {row["system"] for row in EVENTS} - SYSTEMS <= {""}
    unplaced = {row["term"] for row in EVENTS if not row["system"]}
    assert unplaced == {"Non-hematologic toxicity", "Unknown cause"}


def test_every_event_has_words_in_both_languages() -> None:
    assert [row["term"] for row in EVENTS if not row["en"] or not row["zh"]] == []


def test_no_event_alternative_stands_twice() -> None:
    owners: dict[str, set[str]] = {}
    for row in EVENTS:
        for column in ("en", "zh"):
            alternatives = split(row[column])
            assert len(alternatives) == len(set(alternatives)), row["term"]
            for alternative in alternatives:
                owners.setdefault(alternative, set()).add(row["term"])
        owners.setdefault(row["term"].lower(), set()).add(row["term"])
    assert {a: t for a, t in owners.items() if len(t) > 1} == {}


def test_event_alternatives_are_clean() -> None:
    for row in EVENTS:
        for cell in row.values():
            assert cell == cell.strip()
        for column in ("en", "zh"):
            for alternative in split(row[column]):
                assert alternative and alternative == alternative.strip() == alternative.lower(), row["term"]
                assert "  " not in alternative
                assert not UNFOLDED.search(alternative), alternative
        assert not [a for a in split(row["en"]) if HAN.search(a)], row["term"]


@pytest.mark.parametrize(
    "word", ["死亡", "复发", "进展", "治疗", "疾病", "反应", "栓塞", "升高", "降低", "周围"]
)
def test_ordinary_chinese_words_are_not_events(word: str) -> None:
    assert word not in TERM_OF


@pytest.mark.parametrize(
    "word", ["death", "relapse", "progression", "response", "irr", "pres", "hr", "or", "rr"]
)
def test_ordinary_english_words_are_not_events(word: str) -> None:
    assert word not in TERM_OF


def test_chinese_alternatives_have_at_least_two_characters() -> None:
    assert [a for row in EVENTS for a in split(row["zh"]) if len(a) < 2] == []


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("neutropenia", "Neutrophil count decreased"),
        ("neutropaenia", "Neutrophil count decreased"),
        ("decreased neutrophil count", "Neutrophil count decreased"),
        ("中性粒细胞减少症", "Neutrophil count decreased"),
        ("粒细胞减少", "Neutrophil count decreased"),
        ("粒缺伴发热", "Febrile neutropenia"),
        ("发热性中性粒细胞减少", "Febrile neutropenia"),
        ("thrombocytopenia", "Platelet count decreased"),
        ("血小板减少", "Platelet count decreased"),
        ("leucopenia", "White blood cell decreased"),
        ("白细胞减少症", "White blood cell decreased"),
        ("淋巴细胞减少", "Lymphocyte count decreased"),
        ("anaemia", "Anemia"),
        ("贫血", "Anemia"),
        ("infusion-related reaction", "Infusion related reaction"),
        ("输液反应", "Infusion related reaction"),
        ("输注相关反应", "Infusion related reaction"),
        ("pneumonia", "Lung infection"),
        ("pneumonitis", "Pneumonitis"),
        ("肺炎", "Lung infection"),
        ("间质性肺炎", "Interstitial lung disease"),
        ("间质性肺病", "Interstitial lung disease"),
        ("免疫相关性肺炎", "Pneumonitis"),
        ("支气管炎", "Bronchial infection"),
        ("上呼吸道感染", "Upper respiratory infection"),
        ("herpes zoster", "Shingles"),
        ("带状疱疹", "Shingles"),
        ("感染", "Infection"),
        ("感染和侵袭性疾病", "Infections and infestations"),
        ("血液和淋巴系统疾病", "Blood and lymphatic system disorders"),
        ("神经系统疾病", "Nervous system disorders"),
        ("不明原因", "Unknown cause"),
        ("血液学异常", "Hematologic toxicity"),
        ("haematologic toxicity", "Hematologic toxicity"),
        ("第二原发肿瘤", "Second primary malignancy"),
        ("second primary malignancies", "Second primary malignancy"),
        ("周围感觉神经病变", "Peripheral sensory neuropathy"),
        ("周围神经病变", "Peripheral neuropathy"),
        ("神经毒性", "Neurotoxicity"),
        ("icans", "Neurotoxicity"),
        ("细胞因子释放综合征", "Cytokine release syndrome"),
        ("acute gvhd", "Acute graft versus host disease"),
        ("慢性移植物抗宿主病", "Chronic graft versus host disease"),
        ("alt 升高", "Alanine aminotransferase increased"),
        ("谷草转氨酶升高", "Aspartate aminotransferase increased"),
        ("diarrhoea", "Diarrhea"),
        ("腹泻", "Diarrhea"),
        ("口腔粘膜炎", "Mucositis oral"),
        ("食欲下降", "Anorexia"),
        ("手足综合征", "Palmar-plantar erythrodysesthesia syndrome"),
        ("hand-foot syndrome", "Palmar-plantar erythrodysesthesia syndrome"),
        ("肝窦阻塞综合征", "Sinusoidal obstruction syndrome"),
        ("房颤", "Atrial fibrillation"),
        ("心力衰竭", "Heart failure"),
        ("心肌梗死", "Myocardial infarction"),
        ("cerebral infarction", "Stroke"),
        ("venous thromboembolism", "Thromboembolic event"),
        ("高血压", "Hypertension"),
        ("终末期肾病", "End stage renal disease"),
        ("尿路感染", "Urinary tract infection"),
        ("sepsis", "Sepsis"),
        ("pyrexia", "Fever"),
        ("乏力", "Fatigue"),
        ("虚弱", "Asthenia"),
        ("背痛", "Back pain"),
        ("低钾血症", "Hypokalemia"),
        ("角膜病变", "Keratitis"),
    ],
)
def test_event_spot_checks(words: str, term: str) -> None:
    assert TERM_OF[words] == term


# ---------------------------------------------------------------- subgroups


def test_subgroups_shape() -> None:
    assert SUBGROUP_HEADER == SUBGROUP_COLUMNS
    assert len(SUBGROUPS) >= 150
    assert not [row for row in SUBGROUPS if None in row or None in row.values()]
    assert [c for c, n in Counter(row["code"] for row in SUBGROUPS).items() if n > 1] == []
    assert {row["kind"] for row in SUBGROUPS} == KINDS
    for row in SUBGROUPS:
        assert row["en"] and row["zh"], row["code"]
        assert row["parametric"] == ("yes" if "{n}" in row["code"] else "no"), row["code"]
        assert all(part and part == part.strip() for part in row["examples"].split("|")), row["code"]
        assert row["code"] == row["code"].strip()


def test_no_subgroup_pattern_stands_twice() -> None:
    counts = Counter(pattern for row in SUBGROUPS for c in ("en", "zh") for pattern in split(row[c]))
    assert [pattern for pattern, n in counts.items() if n > 1] == []


def test_subgroup_patterns_see_folded_text() -> None:
    for row, pattern in PATTERNS:
        assert pattern.pattern == pattern.pattern.strip(), row["code"]
        assert not UNFOLDED.search(pattern.pattern), (row["code"], pattern.pattern)


def test_templates_and_patterns_agree() -> None:
    for row, pattern in PATTERNS:
        assert set(pattern.groupindex) == ({"n"} if row["parametric"] == "yes" else set()), row["code"]


def test_no_pattern_matches_nothing() -> None:
    assert [(row["code"], p.pattern) for row, p in PATTERNS if p.search("") or p.search("  ")] == []


def nested_repeats(node: Any, inside: bool = False) -> Iterator[bool]:
    """True for each unbounded repeat that stands inside another repeat."""
    for operator, argument in node:
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _, high, body = argument
            if high is sre.MAXREPEAT and inside:
                yield True
            yield from nested_repeats(body, inside or high is sre.MAXREPEAT or high > 1)
        elif operator is sre.BRANCH:
            for branch in argument[1]:
                yield from nested_repeats(branch, inside)
        elif operator is sre.SUBPATTERN:
            yield from nested_repeats(argument[-1], inside)
        elif operator in (sre.ASSERT, sre.ASSERT_NOT):
            yield from nested_repeats(argument[1], inside)


def test_no_nested_unbounded_quantifiers() -> None:
    assert list(nested_repeats(sre_parser.parse("(?:a+b)*"))) == [True]
    for row, pattern in PATTERNS:
        assert not any(nested_repeats(sre_parser.parse(pattern.pattern))), (row["code"], pattern.pattern)


@pytest.mark.growth
def test_hostile_text_is_read_quickly() -> None:
    hostile = [
        "(" * 3000,
        " " * 3000,
        "no " * 1000,
        "1q21+" * 600,
        "未" * 3000,
        "PD-L1 TPS " * 300,
        "≥75 " * 700,
    ]
    started = time.perf_counter()
    for text in hostile:
        for _, pattern in PATTERNS:
            pattern.search(text)
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("row", SUBGROUPS, ids=lambda row: row["code"])
def test_examples_are_matched_by_their_own_row(row: dict[str, str]) -> None:
    mine = [pattern for owner, pattern in PATTERNS if owner is row]
    for example in row["examples"].split("|"):
        assert any(pattern.search(example) for pattern in mine), example


@pytest.mark.parametrize("row", SUBGROUPS, ids=lambda row: row["code"])
def test_examples_are_claimed_by_no_other_row(row: dict[str, str]) -> None:
    for example in row["examples"].split("|"):
        mine = max(
            (m.end() - m.start() for r, p in PATTERNS if r is row for m in p.finditer(example)), default=0
        )
        for other, pattern in PATTERNS:
            longest = max((m.end() - m.start() for m in pattern.finditer(example)), default=0)
            assert other is row or longest < mine, (example, other["code"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("in patients with high-risk cytogenetics", "high-risk cytogenetics"),
        ("高危细胞遗传学患者(占19%)", "high-risk cytogenetics"),
        ("细胞遗传学高危患者的PFS", "high-risk cytogenetics"),
        ("relative to standard risk (HR", "standard risk"),
        ("高危患者 ORR 为", "high risk"),
        ("非高危患者的中位缓解期", "non-high-risk"),
        ("patients with 1q21 gain", "1q21 gain"),
        ("伴1q21扩增者(19例)", "1q21 gain"),
        ("those without 1q21 gain", "no 1q21 gain"),
        ("不伴1q21扩增者", "no 1q21 gain"),
        ("在伴del(17p)者中", "del(17p)"),
        ("those with del(17p) or mutated TP53", "del(17p) or TP53 mutation"),
        ("t(4; 14)", "t(4;14)"),
        ("t(11;14)阳性患者", "t(11;14)"),
        ("ISS stage III (HR", "ISS III"),
        ("国际分期系统 III 期评分", "ISS III"),
        ("R-ISS III 期患者", "R-ISS III"),
        ("revised ISS stage 2", "R-ISS II"),
        ("patients aged 75 years or older", "age>=75"),
        ("高龄(75 岁或以上)", "age>=75"),
        ("70岁以上患者", "age>=70"),
        ("年龄>65岁", "age>65"),
        ("younger than 65 years", "age<65"),
        ("eGFR < 50 mL/min/1.73m2 的", "eGFR<50"),
        ("肌酐清除率 < 60 ml/min", "CrCl<60"),
        ("重度肾功能不全患者", "severe renal impairment"),
        ("肾功能损害亚组", "renal impairment"),
        ("renal impairment", "renal impairment"),
        ("ECOG performance status of 0 or 1", "ECOG 0-1"),
        ("ECOG评分≥2分", "ECOG>=2"),
        ("PD-L1 TPS ≥50%", "PD-L1>=50%"),
        ("PD-L1 表达 ≥1%", "PD-L1>=1%"),
        ("CPS ≥10", "CPS>=10"),
        ("EGFR-mutated disease", "EGFR mutation"),
        ("EGFR 突变患者", "EGFR mutation"),
        ("HER2-positive", "HER2-positive"),
        ("HER2低表达患者", "HER2-low"),
        ("with liver metastases", "liver metastases"),
        ("无脑转移患者", "no brain metastases"),
        ("lenalidomide-refractory patients", "lenalidomide-refractory"),
        ("来那度胺难治患者", "lenalidomide-refractory"),
        ("既往来那度胺难治", "lenalidomide-refractory"),
        ("anti-CD38 antibody-refractory", "anti-CD38-refractory"),
        ("伴髓外病变者", "extramedullary disease"),
        ("activated B-cell-like subtype", "ABC subtype (activated B-cell-like)"),
        ("germinal-centre subtype", "GCB subtype (germinal-centre B-cell-like)"),
        ("non-GCB", "non-GCB"),
        ("TP53突变患者", "TP53 mutation"),
        ("FLT3-ITD阳性患者", "FLT3-ITD"),
        ("male patients", "male"),
        ("女性患者", "female"),
        ("Asian patients", "Asian"),
        ("non-Asian patients", "non-Asian"),
        ("中国亚组", "China"),
        ("其中国延续研究共115例", "China continuation"),
        ("自体移植后维持的患者", "post-ASCT"),
        ("未移植患者仅PFS获益", "no ASCT"),
        ("初治患者", "treatment-naive"),
        ("previously treated patients", "previously treated"),
        ("既往接受过1线治疗", "1 prior line"),
        ("at least three previous lines of therapy", ">=3 prior lines"),
        ("bulky disease", "bulky disease"),
        ("Ki-67 ≥30%", "Ki-67>=30%"),
        ("IPI评分3-5分", "IPI 3-5"),
        ("LDH升高(HR=1.284", "LDH elevated"),
        ("诱导后未达VGPR", "no VGPR after induction"),
        ("failure to achieve MRD negativity", "no MRD negativity"),
    ],
)
def test_subgroup_spot_checks(text: str, code: str) -> None:
    assert subgroup(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "CR+PR+SD 共 45 例",
        "the HR was 0.56 (95% CI 0.37-0.84)",
        "随访时间≥12个月",
        "III 期临床试验纳入 302 名患者",
        "一项 II 期研究",
        "a median follow-up of 28.2 months",
        "grade 3 or worse adverse events",
        "12-month PFS was 60.7%",
        "每周1次,≥3级不良事件",
        "MRD阴性率为30%",
        "ORR 由 63% 升高到 77%",
    ],
)
def test_plain_results_name_no_subgroup(text: str) -> None:
    assert subgroup(text) == ""
