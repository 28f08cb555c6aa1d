"""Decisions taken on the page are the decisions of the store."""

from __future__ import annotations

import csv

import pytest
from browsing import TOKEN, words
from papers_of_rows import paper, row
from typer.testing import CliRunner

from isa_extract.cli import app
from isa_extract.evidence.store import database, land, open_store, snapshot


def now(browser):
    with open_store(browser.place, write=False) as store, store.read() as connection:
        return snapshot(connection)


def exported(browser, tmp_path):
    """Of each row of the table that users get: value and standing."""
    out = tmp_path / "table.csv"
    done = CliRunner().invoke(
        app,
        ["export", "--store", browser.place, "--format", "csv", "--out", str(out)],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    with out.open(encoding="utf-8", newline="") as file:
        return [(line["value"], line["standing"], line["decision"]) for line in csv.DictReader(file)]


def test_a_decision_made_on_the_page_is_in_history_and_in_export(browser, tmp_path):
    assert {("60.4", "conflict", ""), ("63.1", "conflict", "")} < set(exported(browser, tmp_path))
    page = browser.decide(
        browser.fact("ORR"), "Decide about review-en", "accept", who="王 Ann", why="read in table 2"
    )
    assert "Decided, at revision 4." in words(page)
    assert "Accepted by 王 Ann : read in table 2" in words(page)
    orr = [told for told in exported(browser, tmp_path) if told[0] in ("60.4", "63.1")]
    assert orr == [("60.4", "decided", "1 accept by 王 Ann: read in table 2")]
    told = CliRunner().invoke(app, ["history", "--store", browser.place], catch_exceptions=False)
    assert "decision 1: accept" in told.output
    assert "(read in table 2) by 王 Ann" in told.output
    assert "decision 1 : accept read in table 2 王 Ann" in words(browser.page("/history"))
    assert list(browser.facts("?state=decided")) == ["ICARIA-MM Isa-Pd ORR 60.4% decided"]
    assert browser.facts("?state=conflict") == {}


def test_what_was_set_aside_is_still_shown(browser):
    fact = browser.fact("ORR")
    page = browser.decide(fact, "Decide about review-en", "accept")
    (aside,) = page.find_class("off")
    assert "Set aside by a decision" in words(aside)
    assert "63.1" in words(aside)


def test_a_correction_sets_only_what_was_changed(browser, tmp_path):
    page = browser.decide(browser.fact("ORR"), "Decide about 综述", "correct", set_value="60.4", set_n="97")
    assert "Read as Isa-Pd, ORR: 63.1%" in words(page)
    (decision,) = now(browser).decisions
    assert decision.change == {"value": "60.4", "n": "97"}
    told = words(browser.page("/decisions"))
    assert "value: 63.1 → 60.4" in told
    assert "n: (empty) → 97" in told
    assert next(one for one in exported(browser, tmp_path) if "correct" in one[2])[:2] == ("60.4", "decided")


def test_a_correction_of_a_correction_keeps_the_first(browser):
    browser.decide(browser.fact("ORR"), "Decide about 综述", "correct", set_value="60.4")
    browser.decide(browser.fact("ORR"), "Decide about 综述", "correct", set_n="97")
    assert now(browser).decisions[-1].change == {"value": "60.4", "n": "97"}


def test_rejecting_and_taking_back_and_that_too(browser, tmp_path):
    before = exported(browser, tmp_path)
    browser.decide(browser.fact("ORR"), "Decide about 综述", "reject", why="of another trial")
    rejected = exported(browser, tmp_path)
    assert "63.1" not in {value for value, *_ in rejected}
    page = browser.decide("/decisions", "Take decision 1 back", "take-back", why="looked again")
    assert "Decided, at revision 5." in words(page)
    assert exported(browser, tmp_path) == before
    labels = [f.get("aria-label") for f in browser.page("/decisions").forms]
    assert labels == ["Take decision 2 back"]
    browser.decide("/decisions", "Take decision 2 back", "take-back")
    assert exported(browser, tmp_path) == rejected
    labels = [f.get("aria-label") for f in browser.page("/decisions").forms]
    assert labels == ["Take decision 3 back", "Take decision 1 back"]


def test_every_taking_back_that_is_offered_is_taken(browser):
    """The forms are those that the store would take, whatever was taken back before."""
    browser.decide(browser.fact("ORR"), "Decide about 综述", "reject")
    for turn in range(6):
        offered = [f.get("aria-label") for f in browser.page("/decisions").forms]
        assert offered
        browser.decide("/decisions", offered[turn % len(offered)], "take-back")
    assert len(now(browser).decisions) == 7


def test_a_fact_of_which_the_only_row_is_rejected_leads_to_the_decisions(browser):
    page = browser.decide(browser.fact("IKEMA"), "Decide about review-en", "reject")
    assert "IKEMA, Isa-Kd, PFS: 35.7 months" in words(page)
    assert not any("IKEMA" in told for told in browser.facts())


def test_a_row_that_a_correction_moves_is_followed(browser):
    page = browser.decide(browser.fact("IKEMA"), "Decide about review-en", "correct", set_endpoint="OS")
    assert words(page.find(".//h1")) == "IKEMA: OS"


def test_two_studies_are_one_and_two_again(browser):
    page = browser.decide(
        "/studies", "Same trial", "same", one="ICARIA-MM", other="NCT03275285", why="registry"
    )
    assert "ICARIA-MM and NCT03275285: the same trial (Ann: registry)" in words(page)
    assert len(page.find(".//table/tbody")) == 1
    browser.decide("/decisions", "Take decision 1 back", "take-back")
    assert len(browser.page("/studies").find(".//table/tbody")) == 2


def test_one_study_is_two(browser):
    page = browser.decide(
        "/studies", "Same trial", "different", one="review-en:ICARIA-MM", other="综述-zh:ICARIA-MM"
    )
    assert len(page.find(".//table/tbody")) == 3
    assert browser.facts("?state=conflict") == {}


def test_the_filters_outlive_a_decision_and_the_name_is_remembered(browser):
    fact = browser.fact("ORR")
    form = browser.form(f"{fact}?endpoint=ORR", "Decide about review-en")
    assert form["who"] == ""
    answer = browser.send(form | {"action": "accept", "who": "王 Ann", "why": "x"})
    assert answer.headers["location"] == f"{fact}?endpoint=ORR&decided=4"
    assert browser.form(fact, "Decide about review-en")["who"] == "王 Ann"
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=strict" in answer.headers["set-cookie"].lower()


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ({"action": "accept", "who": " "}, "Say who decides"),
        ({"action": "accept", "why": "\x00"}, "Say why"),
        ({"action": "correct", "set-value": "twelve"}, "value=twelve: not a number"),
        ({"action": "correct", "set-endpoint": "PFSS"}, "not one of"),
        ({"action": "correct"}, "Nothing was corrected"),
        ({"action": "correct", "set-value": ""}, "a value is a number"),
        ({"action": "bless"}, "no such decision"),
        ({"action": ""}, "no such decision"),
        ({"action": "accept", "row": "feedfeed"}, "no such row"),
        ({"action": "accept", "row": ""}, "no such row"),
        ({"action": "accept", "seen": "0"}, "has changed since the page was shown"),
    ],
)
def test_what_makes_no_sense_is_refused_and_what_was_typed_is_kept(browser, filled, says):
    form = browser.form(browser.fact("ORR"), "Decide about review-en")
    answer = browser.send(form | {"who": "Ann", "why": "my reason"} | filled)
    assert answer.status_code == 409
    assert says in answer.text
    if filled.keys().isdisjoint(("row", "why")):
        assert "my reason" in answer.text
    assert now(browser).decisions == ()


def test_a_row_that_changed_since_it_was_seen_is_not_decided_on(browser):
    fact = browser.fact("IKEMA")
    form = browser.form(fact, "Decide about review-en") | {"action": "accept", "who": "Ann", "why": "x"}
    assert browser.send(form).status_code == 303
    again = browser.send(form | {"action": "reject"})
    assert again.status_code == 409
    assert "has changed since the page was shown" in again.text
    assert len(now(browser).decisions) == 1


def test_studies_and_numbers_that_are_not_there(browser):
    form = browser.form("/studies", "Same trial") | {
        "who": "Ann",
        "why": "x",
        "action": "same",
        "other": "IKEMA",
    }
    answer = browser.send(form | {"one": "NO<b>SUCH"})
    assert answer.status_code == 409
    assert "NO&lt;b&gt;SUCH: no paper tells of such a study" in answer.text
    for number in ("9", "-1", "x", "9" * 5000, ""):
        form = {"token": TOKEN, "action": "take-back", "number": number, "who": "Ann", "why": "x"}
        assert browser.send(form).status_code == 409
    assert now(browser).decisions == ()


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", "é"])
def test_a_form_without_the_token_of_this_run_is_refused(browser, token):
    form = browser.form(browser.fact("ORR"), "Decide about review-en")
    form |= {"action": "accept", "who": "Ann", "why": "x"}
    del form["token"]
    if token is not None:
        form["token"] = token
    assert browser.send(form).status_code == 403
    assert now(browser).decisions == ()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.168.0.7", ""]
)
def test_other_hosts_are_refused(browser, host):
    """A page elsewhere whose name is made to lead to this machine (DNS rebinding) gets nothing."""
    assert browser.client.get("/", headers={"host": host}).status_code == 400
    form = browser.form(browser.fact("ORR"), "Decide about review-en") | {
        "action": "accept",
        "who": "A",
        "why": "x",
    }
    assert browser.send(form, headers={"host": host}).status_code == 400
    assert now(browser).decisions == ()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_this_machine_is_answered(browser, host):
    assert browser.client.get("/", headers={"host": host}).status_code == 200


def test_forms_that_are_none_are_refused(browser):
    post = browser.client.post
    assert post("/decide", json={"token": TOKEN}).status_code == 415
    assert post("/decide", files={"token": TOKEN.encode()}).status_code == 415
    assert post("/decide", data={"token": TOKEN, "why": "x" * 70_000}).status_code == 413
    many = "&".join(f"a{i}=1" for i in range(200))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert post("/decide", content=many, headers=kind).status_code == 400
    assert post("/decide", content=b"\xff\xfe=%ff&%", headers=kind).status_code == 403
    assert now(browser).decisions == ()


def test_words_of_a_decision_are_shown_as_words(browser):
    evil = "<script>alert(1)</script>"
    browser.decide(browser.fact("ORR"), "Decide about review-en", "accept", who=evil, why=f'"{evil}')
    for path in (browser.fact("ORR"), "/", "/decisions", "/history", "/studies"):
        assert not browser.page(path).xpath("//script")
    assert now(browser).decisions[0].who == evil


# ---------------------------------------------------------------------------------------- bad stores


def test_a_store_that_another_program_holds_is_told_and_what_was_typed_is_kept(file_browser, monkeypatch):
    import sqlite3

    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)
    form = file_browser.form(file_browser.fact("ORR"), "Decide about review-en")
    form |= {"action": "accept", "who": "Ann", "why": "my reason"}
    other = sqlite3.connect(file_browser.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = file_browser.send(form)
    assert answer.status_code == 503
    assert "in use by another program (try again when it is done)" in answer.text
    assert "my reason" in answer.text
    other.close()
    assert file_browser.send(form).status_code == 303


def test_a_store_that_breaks_or_goes_while_it_is_looked_at_is_told(file_browser, tmp_path):
    file_browser.page("/")
    path = tmp_path / "evidence.db"
    whole = path.read_bytes()
    path.write_bytes(b"no store at all")
    assert "damaged at its start (restore it from a copy)" in words(file_browser.page("/", 503))
    path.unlink()
    assert "no such store (make it with isa-extract update)" in words(file_browser.page("/coverage", 503))
    path.write_bytes(whole)
    file_browser.page("/")


def test_a_paper_that_comes_in_while_a_reviewer_looks_is_seen(browser):
    browser.page("/")
    with open_store(browser.place) as store:
        land(store, paper("fresh", row(endpoint="OS", value="24")), batch=9, who="test")
    assert any("OS" in told for told in browser.facts())
