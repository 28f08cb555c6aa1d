"""What a reviewer sees."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from browsing import RATE, Browser, browser_of, words
from papers_of_rows import ICARIA, PD, paper, row

from isa_extract.evidence.deciding import decide_row
from isa_extract.evidence.store import land, open_store, snapshot
from isa_extract.evidence.store.paper_text import packed
from isa_extract.explain import paper_of


def put(browser, *papers):
    with open_store(browser.place) as store:
        for one in papers:
            land(store, one, batch=2, who="test")


def test_the_list_has_all_facts_conflicts_first_and_open(browser):
    assert list(browser.facts()) == [
        "ICARIA-MM Isa-Pd ORR 60.4% or 63.1% in conflict",
        "ICARIA-MM Isa-Pd PFS median 11.53 months confirmed",
        "ICARIA-MM Pd PFS median 6.6 months follow-up 35.3 months updated",
        "IKEMA Isa-Kd PFS median 35.7 months new flagged",
    ]
    opened = [words(f.find("summary")) for f in browser.page("/").find_class("fact") if "open" in f.attrib]
    assert opened == ["ICARIA-MM Isa-Pd ORR 60.4% or 63.1% in conflict"]


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("?study=NCT03275285", ["35.7"]),
        ("?arm=Pd", ["6.6"]),
        ("?endpoint=ORR", ["60.4"]),
        ("?state=conflict", ["60.4"]),
        ("?state=confirmed", ["11.53"]),
        ("?state=updated", ["6.6"]),
        ("?state=flagged", ["35.7"]),
        ("?state=new", ["35.7"]),
        ("?endpoint=PFS&arm=Isa-Pd", ["11.53"]),
        ("?state=decided", []),
        ("?study=&arm=&endpoint=PFS&state=", ["11.53", "6.6", "35.7"]),
        ("?study=NOSUCH", []),
    ],
)
def test_filters(browser, query, values):
    assert [re.search(r"\d+\.\d+", told)[0] for told in browser.facts(query)] == values


def test_the_filters_offer_what_there_is_and_keep_what_was_chosen(browser):
    (form,) = [f for f in browser.page("/?arm=Pd").forms if f.get("aria-label") == "Filters"]
    offered = {name: form.inputs[name].value_options for name in ("study", "arm", "endpoint", "state")}
    assert offered == {
        "study": ["", "NCT02990338", "NCT03275285"],
        "arm": ["", "Isa-Kd", "Isa-Pd", "Pd"],
        "endpoint": ["", "ORR", "PFS"],
        "state": ["", "conflict", "new", "confirmed", "updated", "flagged"],
    }
    assert form.fields["arm"] == "Pd"


def test_a_fact_shows_both_sides_with_sentence_paper_page_and_value_marked(browser):
    page = browser.page(browser.fact("ORR"))
    one, other = (card for card in page.find_class("card"))
    assert [m.text for m in one.iter("mark")] == ["60.4"]
    assert words(one.find("blockquote")) == "The ORR was 60.4 % with Isa-Pd."
    assert "review-en , page 1, body" in words(one)
    assert [m.text for m in other.iter("mark")] == ["63.1"]
    assert "综述-zh , page 3, body" in words(other)
    assert "values apart; no follow-up told by review-en or 综述-zh" in words(page)


def test_of_a_figure_that_a_sentence_holds_twice_the_one_meant_is_marked(tmp_path):
    """The kept text of the paper tells which; without it none is said to be sure."""
    sentence = "First 60.4% responded, and at the end 60.4% of them still did."
    text = f"{sentence} More was not said."
    start = text.rindex("60.4")
    told = paper("a", row(value="60.4", value_text="60.4", sentence=sentence, char_start=str(start), **RATE))
    for name, kept in (("kept", packed(paper_of(text))), ("none", None), ("other", b"of another version")):
        place = str(tmp_path / f"{name}.db")
        with open_store(place, create=True) as store:
            land(store, replace(told, text=kept), batch=1, who="test")
        browser = browser_of(place)
        page = browser.page(browser.fact("ORR"))
        marks = [len(words_before(mark)) for mark in page.iter("mark")]
        both = [sentence.index("60.4"), sentence.rindex("60.4")]
        assert marks == (both[1:] if name == "kept" else both)
        assert ("several times" in words(page)) == (name != "kept")


def words_before(mark):
    """What a quotation says before a mark."""
    quote, before = mark.getparent(), mark.getparent().text or ""
    for other in quote[: quote.index(mark)]:
        before += (other.text or "") + (other.tail or "")
    return before


def test_a_fact_shows_its_earlier_data_cuts_and_flags(browser):
    assert re.findall(r"At ([\d.]+ month)", words(browser.page(browser.fact("Pd PFS median 6.6")))) == [
        "35.3 month",
        "11.6 month",
    ]
    assert "Interval without its estimate" in words(browser.page(browser.fact("IKEMA")))


def test_facts_of_the_chosen_are_gone_through_one_by_one(browser):
    facts = list(browser.facts("?endpoint=PFS").values())
    at, seen = f"/fact/{facts[0]}?endpoint=PFS", []
    while at:
        page = browser.page(at)
        seen.append(at.partition("?")[0].removeprefix("/fact/"))
        at = next((a.get("href") for a in page.iter("a") if a.get("rel") == "next"), "")
    assert seen == facts


def test_coverage_tells_reported_from_said_missing_from_not_found(browser):
    table = browser.page("/coverage").find(".//table")
    cells = [[words(cell) for cell in line] for line in table.iter("tr")]
    assert cells == [
        ["Trial", "Arm", "ORR", "PFS", "OS"],
        ["ICARIA-MM", "Isa-Pd", "2 reported", "2 reported", "· not found"],
        ["ICARIA-MM", "Pd", "· not found", "2 reported", "· not found"],
        ["IKEMA", "Isa-Kd", "· not found", "1 reported", "not mature"],
    ]
    for link in table.iter("a"):
        assert len(browser.facts(link.get("href")[1:])) == 1


def test_studies_of_one_name_are_told_apart(browser):
    for phase in ("I", "II"):
        study = replace(ICARIA, trial_id="", trial_name="TWIN", phase=phase)
        both = tuple(
            (s, row(study=s, endpoint="OS", value="9")) for s in (study, replace(study, phase="I/" + phase))
        )
        put(browser, paper(f"twin-{phase}", more=both))
    told = sorted({fact.partition(" Isa-Pd")[0] for fact in browser.facts("?endpoint=OS")})
    assert told == ["TWIN (phase I)", "TWIN (phase I/I)", "TWIN (phase I/II)", "TWIN (phase II)"]
    assert all(name in words(browser.page(path)) for name in told for path in ("/coverage", "/studies"))


def test_what_is_no_longer_said_is_shown_as_withdrawn(browser):
    put(browser, paper("later", row(endpoint="OS", value="24"), version="2"))
    put(browser, paper("review-en", version="2"))
    told = browser.facts("?state=withdrawn")
    assert [t for t in told if "35.7" in t] == ["IKEMA Isa-Kd PFS median 35.7 months withdrawn"]
    page = browser.page(browser.fact("35.7"))
    assert "No paper of the store says this any more. It was 35.7 months in review-en" in words(page)
    assert page.find_class("decide") == []


def test_an_earlier_state_is_shown_and_cannot_be_decided_on(browser):
    assert list(browser.facts("?as_of=1")) == [
        "ICARIA-MM Isa-Pd ORR 60.4% new",
        "ICARIA-MM Isa-Pd PFS median 11.5 months new",
        "ICARIA-MM Pd PFS median 6.5 months follow-up 11.6 months new",
        "IKEMA Isa-Kd PFS median 35.7 months new flagged",
    ]
    for path in ("/", browser.fact("ORR"), "/studies", "/decisions", "/coverage", "/history"):
        page = browser.page(f"{path}?as_of=1")
        assert "an earlier state" in words(page)
        assert [f for f in page.forms if f.method == "POST"] == []
        assert all("as_of=1" in a.get("href") for a in page.xpath("//header//nav//a"))


@pytest.mark.parametrize(
    "when", ["0", "yesterday", "1999-01-01", "9" * 40, "0001-01-01T00:00+23:00", "１" * 30]
)
def test_a_moment_that_is_none_is_told(browser, when):
    assert "The store cannot be shown" in words(browser.page(f"/?as_of={when.replace('+', '%2B')}", 503))


def test_what_is_not_there_is_told(browser):
    assert "No such fact here" in words(browser.page("/fact/feedfeed", 404))
    browser.page("/nowhere", 404)
    assert browser.client.get("/decide").status_code == 405


def test_long_lists_have_pages(browser):
    put(
        browser,
        paper("many", *(row(endpoint="AE", endpoint_term=f"event {i}", value=str(i)) for i in range(120))),
    )
    page = browser.page("/")
    assert "124 of 124 facts" in words(page)
    told = [browser.facts(f"?page={n}") for n in (1, 2, 3)]
    assert [len(part) for part in told] == [50, 50, 24]
    assert len({fact for part in told for fact in part.values()}) == 124
    assert browser.facts("?page=99") == told[2]
    assert browser.facts("?page=-1") == browser.facts("?page=x") == told[0]


def test_history_lists_every_revision_with_what_it_changed(browser):
    (table,) = browser.page("/history").iter("table")
    told = [words(line) for line in table.find("tbody")]
    assert [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d ", "", one) for one in told] == [
        "3 later test 1 updated as of then",
        "2 综述-zh test 1 in conflict 1 confirmed as of then",
        "1 review-en test 4 new as of then",
    ]


def test_a_decision_by_command_is_seen_at_once(browser):
    assert "decided" not in " ".join(browser.facts())
    with open_store(browser.place) as store:
        with store.read() as connection:
            at = next(o.evidence_id for o in snapshot(connection).observations if o.row["value"] == "35.7")
        decide_row(store, "accept", at, who="Bo", why="by hand")
    assert list(browser.facts("?state=decided")) == ["IKEMA Isa-Kd PFS median 35.7 months flagged decided"]


def test_an_empty_store_says_so(tmp_path):
    with open_store(tmp_path / "evidence.db", create=True):
        pass
    browser = browser_of(str(tmp_path / "evidence.db"))
    assert "Nothing in this store yet" in words(browser.page("/"))
    for path in ("/coverage", "/studies", "/decisions", "/history"):
        browser.page(path)


EVIL = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{ 1234*5678 }}\x00"""


def test_hostile_words_are_shown_as_words(tmp_path):
    cells = dict.fromkeys(("subgroup", "endpoint_term", "p_value", "page", "flags", "value_text"), EVIL)
    evil = row(value="1", sentence=EVIL + "\ud800", **cells)
    hostile = paper(EVIL[:-1], evil, row(PD, value=EVIL, followup=EVIL))
    place = str(tmp_path / "evidence.db")
    with open_store(place, create=True) as store:
        land(store, hostile, batch=1, who="<b>who</b>")
    browser = browser_of(place)
    paths = ["/", "/coverage", "/studies", "/decisions", "/history"]
    paths += [f"/fact/{key}" for key in browser.facts().values()]
    assert len(paths) == 7
    for path in paths:
        page = browser.page(path)
        assert not page.xpath("//script | //img | //*[@onerror] | //b[text()='who']")
        assert "7006652" not in words(page)
    assert "<script>alert(1)</script>" in words(browser.page("/"))
    query = "/?state=%22%3E%3Cscript%3E&as_of=%3Cscript%3E"
    assert not browser.page(query, 503).xpath("//script")


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(browser: Browser):
    for path in ("/", browser.fact("ORR"), "/coverage", "/studies", "/decisions", "/history", "/nowhere"):
        answer = browser.client.get(path)
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["style-src"] == policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert "style=" not in answer.text
        assert not re.search(r"<script|javascript:|\son\w+=|(?:src|href|action)=\"(?!/|#)", answer.text)
    sheet = browser.client.get("/review.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "url(" not in sheet.text
    assert "prefers-color-scheme: dark" in sheet.text
