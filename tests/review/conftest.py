"""A store of a few papers, and a browser that has no JavaScript."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from isa_extract.evidence.statements import Silence, ref_of
from isa_extract.evidence.store import land, open_store
from isa_extract.records import Arm, Study
from isa_extract.review.app import review_app

sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))  # for `papers_of_rows`

from papers_of_rows import PD, paper, row

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have httpx2
    from starlette.testclient import TestClient

TOKEN = "token-of-this-run"
ISA_KD = Arm("Isa-Kd", ("carfilzomib", "dexamethasone", "isatuximab"), "experimental")
IKEMA = Study("NCT03275285", "IKEMA", "III", population="RRMM", arms=(ISA_KD,))

ENGLISH = paper(
    "review-en",
    row(value="11.5", value_text="11.5", page="4", sentence="Median PFS was 11.5 months with Isa-Pd."),
    row(endpoint="ORR", statistic="rate", unit="%", value="60.4", value_text="60.4", sentence="ORR 60.4%."),
    row(PD, value="6.5", value_text="6.5", followup="11.6 month"),
    more=((IKEMA, row(ISA_KD, IKEMA, value="35.7", value_text="35.7", flags="ci-excludes-value")),),
)
ENGLISH = replace(
    ENGLISH,
    statements=replace(
        ENGLISH.statements,
        silences=(
            Silence(
                "review-en",
                ref_of(IKEMA),
                "OS",
                {"words": "not mature", "sentence": "OS is immature.", "page": "1", "char_start": "1"},
            ),
        ),
    ),
)
CHINESE = paper(
    "综述-zh",
    row(value="11.53", lang="zh", value_text="11.53", sentence="中位PFS为11.53个月。"),
    row(
        endpoint="ORR",
        statistic="rate",
        unit="%",
        value="63.1",
        value_text="63.1",
        lang="zh",
        page="3",
        sentence="ORR为63.1%。",
    ),
)
LATER = paper("later", row(PD, value="6.6", value_text="6.6", followup="35.3 month"))


@dataclass(slots=True)
class Browser:
    """Gets pages, fills in forms as they stand on a page, sends them."""

    client: TestClient
    place: str

    def page(self, path: str, status: int = 200) -> str:
        got = self.client.get(path)
        assert got.status_code == status, got.text
        return got.text

    def facts(self, query: str = "") -> dict[str, str]:
        """Of each fact in the list: its summary's text, and its id; in the order of the list."""
        parts = self.page(f"/{query}").split('<details class="fact')[1:]
        return {words(part.partition("</summary>")[0]): re.search(r"/fact/(\w+)", part)[1] for part in parts}

    def fact(self, *said: str) -> str:
        """The id of the one fact whose summary has all these words."""
        (found,) = [key for told, key in self.facts().items() if all(one in told for one in said)]
        return found

    def form(self, path: str, about: str, **filled: str) -> dict[str, str]:
        """The fields of the form on a page whose label begins so, as they stand, some filled in."""
        page = self.page(path)
        (found,) = [f for f in re.findall(r"<form method=.*?</form>|<form class=.*?</form>", page, re.S)
                    if f'aria-label="{about}' in unescape(f)]  # fmt: skip
        fields = {
            name: unescape(value)
            for kind, name, value in re.findall(r'<input (type="hidden" )?name="([^"]+)"[^>]*?value="([^"]*)"', found)
        }
        for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', found, re.S):
            fields[name] = unescape(re.search(r'value="([^"]*)" selected', options)[1])
        return fields | {key.replace("set_", "set-"): cell for key, cell in filled.items()}

    def send(self, form: Mapping[str, str], **more: Any) -> Any:
        return self.client.post("/decide", data=dict(form), follow_redirects=False, **more)

    def decide(self, fact: str, about: str, action: str, **filled: str) -> str:
        """Decide about a row as a reviewer does; the page that comes then."""
        filled = {"who": "Ann", "why": "read it", "action": action} | filled
        answer = self.send(self.form(f"/fact/{fact}", f"Decide about {about}", **filled))
        assert answer.status_code == 303, words(answer.text)
        return self.page(answer.headers["location"])


def words(html: str) -> str:
    """What is read on a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def browser_of(place: str) -> Browser:
    client = TestClient(review_app(place, TOKEN), base_url="http://127.0.0.1:8000", raise_server_exceptions=True)
    return Browser(client, place)


@pytest.fixture
def place(tmp_path: Path) -> str:
    place = str(tmp_path / "evidence.db")
    with open_store(place, create=True) as store:
        for one in (ENGLISH, CHINESE, LATER):
            land(store, one, batch=1, who="test")
    return place


@pytest.fixture
def browser(place: str) -> Browser:
    return browser_of(place)
