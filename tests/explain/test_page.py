"""The page of an explanation: self-contained, nothing run, whatever the text holds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from lxml import html

from isa_extract.explain.families import FAMILIES
from isa_extract.explain.page import render
from isa_extract.explain.place import of_text

TEXT = "ICARIA-MM研究(NCT02990338)中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月。与Pd组相比，ORR显著升高（60.4% vs 35.3%）。"


@pytest.fixture(scope="module")
def page():
    return render(of_text(TEXT))


def test_the_page_needs_nothing_from_elsewhere(page):
    assert "default-src 'none'" in page
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //link | //img | //iframe | //@onclick | //@href | //@src")
    assert "url(" not in page and "@import" not in page
    assert "prefers-color-scheme: dark" in page


def test_the_page_is_the_same_for_the_same_text(page):
    assert render(of_text(TEXT)) == page


def test_what_the_rules_saw_stands_on_the_sentence(page):
    tree = html.fromstring(page)
    first = tree.xpath("//p[@class='sentence']")[0]
    assert first.text_content().startswith("ICARIA-MM研究(NCT02990338)中")
    marks = {mark.text_content(): mark for mark in first.xpath(".//mark")}
    assert marks["PFS"].get("class") == "outcome" and marks["PFS"].get("title") == "endpoint: PFS (pfs)"
    assert marks["11.5"].get("class") == "value v"
    assert {mark.get("class").split()[0] for mark in tree.xpath("//mark")} <= set(FAMILIES)


def test_the_reader_that_decided_is_marked_and_the_silent_are_there(page):
    tree = html.fromstring(page)
    groups = tree.xpath("//section[@class='group']")
    decided = [g.xpath(".//tr[@class='decides']/th")[0].text_content() for g in groups]
    assert decided == ["▸ listed", "▸ one_named"]
    assert "sees nothing" in groups[0].text_content()
    assert "Direction words: '显著升高' say of Isa-Pd: higher" in groups[1].text_content()


def test_every_element_is_closed(page):
    open_, void = [], {"meta"}

    class Check(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in void:
                open_.append(tag)

        def handle_endtag(self, tag):
            assert open_.pop() == tag

    Check().feed(page)
    assert open_ == []


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> ORR 60%", "ORR 60% \"'><b>", "\x00\x85\ud800 ORR 60%", "", "(" * 3000]
)
def test_hostile_text_stays_text(text):
    page = render(of_text(text))
    page.encode("utf-8")
    tree = html.fromstring(page)
    assert not tree.xpath("//script") and "\x00" not in page
    assert {b.getparent().tag for b in tree.xpath("//b")} <= {"h3"}
