"""The switches of the ablation: each takes something away while it is on, and leaves nothing behind."""

from __future__ import annotations

import ablation
import pytest
import throughput

from isa_extract.binding.assemble import extract
from isa_extract.explain import paper_of
from isa_extract.scoring.score import Level

TEXT = {
    "no words in Chinese (jieba)": "单臂试验（NCT02990338）中，Isa-Pd治疗4周期后ORR为60%，周围神经病变为10%，血脂常规复查5%。",
    "sentences at every 。 . ; (spaCy)": "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的ORR;中位PFS分别为11.5个月和6.5个月。",
    "no state of the discourse": "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组中位随访11.6个月。Isa-Pd组的中位PFS为11.5个月。",
    "no direction words": "ICARIA-MM研究(NCT02990338)比较Isa-Pd组和Pd组。Isa-Pd组显著升高ORR（35.3% vs 60.4%）。",
    "arms without other names": "ICARIA-MM研究(NCT02990338)将患者随机分为A组和B组，A组接受Isa-Pd，B组接受Pd。B组和A组ORR分别为35.3%和60.4%。",
    "arms of the sentence alone": "ICARIA-MM研究(NCT02990338)比较Isa-Pd和Pd。中位PFS分别为11.5个月和6.5个月。",
}


def findings(text):
    return [(f.span, f.arm, f.endpoint, f.followup, f.why) for f in extract(paper_of(text)).findings]


@pytest.mark.parametrize("name", [n for n in TEXT if "jieba" not in n])
def test_a_switch_takes_something_away_and_puts_it_back(name):
    before = findings(TEXT[name])
    with ablation.SWITCHES[name]():
        assert findings(TEXT[name]) != before
    assert findings(TEXT[name]) == before


def test_without_words_short_terms_are_found_inside_others():
    from isa_extract.language.segment import sentences

    def edges(text):
        return [s.starts for s in sentences(paper_of(text))]

    before = edges(TEXT["no words in Chinese (jieba)"])
    with ablation.no_words():
        assert max(map(len, edges(TEXT["no words in Chinese (jieba)"]))) > max(map(len, before))
    assert edges(TEXT["no words in Chinese (jieba)"]) == before


def test_every_reader_has_a_switch():
    readers = [name for name in ablation.SWITCHES if name.startswith("without `")]
    assert len(readers) >= 8 and "without `listed`" in readers and "without `__name__`" not in readers
    text = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。"
    before = findings(text)
    with ablation.SWITCHES["without `listed`"]():
        assert findings(text) != before
    assert findings(text) == before


def test_the_table_tells_differences_in_points():
    def scores(tp):
        return {(lang, level): Level(tp, 100, 100) for lang in ("zh", "en") for level in ("arm", "endpoint")}

    lines = list(ablation.table({"everything on": scores(90), "off": scores(80)}))
    assert lines[-2] == "| everything on | 0.900 | 0.900 | 0.900 | 0.900 |"
    assert lines[-1].startswith("| off | 0.800 (-10.0) |")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_running_text_is_as_long_as_asked(lang):
    for size in (1_000, 300_000):
        text = throughput.running_text(lang, size)
        assert size - 4 <= len(text.encode()) <= size
        paper = throughput.paper_of(text)
        assert "".join(paper.text[s.start : s.end] for b in paper.blocks for s in b.lines) == text
