"""A browser that has no JavaScript, and papers to look through with it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import html
from papers_of_rows import PD, paper, row

from isa_extract.evidence.statements import Silence, ref_of
from isa_extract.records import Arm, Study
from isa_extract.review.app import review_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have httpx2
    from starlette.testclient import TestClient

TOKEN = "token-of-this-run"
ISA_KD = Arm("Isa-Kd", ("carfilzomib", "dexamethasone", "isatuximab"), "experimental")
IKEMA = Study("NCT03275285", "IKEMA", "III", population="RRMM", arms=(ISA_KD,))
RATE = {"endpoint": "ORR", "statistic": "rate", "unit": "%"}

_SILENT = {"words": "not mature", "sentence": "OS is immature.", "page": "1", "char_start": "1"}
_ENGLISH = paper(
    "review-en",
    row(value="11.5", value_text="11.5", page="4", sentence="Median PFS was 11.5 months with Isa-Pd."),
    row(value="60.4", value_text="60.4", sentence="The ORR was 60.4% with Isa-Pd.", **RATE),
    row(PD, value="6.5", value_text="6.5", followup="11.6 month"),
    more=((IKEMA, row(ISA_KD, IKEMA, value="35.7", value_text="35.7", flags="ci-excludes-value")),),
)
ENGLISH = replace(
    _ENGLISH,
    statements=replace(_ENGLISH.statements, silences=(Silence("review-en", ref_of(IKEMA), "OS", _SILENT),)),
)
CHINESE = paper(
    "综述-zh",
    row(value="11.53", lang="zh", value_text="11.53", sentence="中位PFS为11.53个月。"),
    row(value="63.1", lang="zh", value_text="63.1", page="3", sentence="Isa-Pd组ORR为63.1%。", **RATE),
)
LATER = paper("later", row(PD, value="6.6", value_text="6.6", followup="35.3 month"))


@dataclass(slots=True)
class Browser:
    """Gets pages, fills in forms as they stand on a page, sends them."""

    client: TestClient
    place: str

    def page(self, path: str, status: int = 200) -> Any:
        """A page as a tree."""
        got = self.client.get(path)
        assert got.status_code == status, got.text
        return html.fromstring(got.text)

    def facts(self, query: str = "") -> dict[str, str]:
        """Of each fact in the list: what its line says, and its id; in the order of the list."""
        lines = self.page(f"/{query}").find_class("fact")
        links = [
            next(a.get("href") for a in line.iter("a") if a.get("href").startswith("/fact/"))
            for line in lines
        ]
        return {
            words(line.find("summary")): link.partition("?")[0].removeprefix("/fact/")
            for line, link in zip(lines, links, strict=True)
        }

    def fact(self, *said: str) -> str:
        """The address of the one fact whose line has all these words."""
        (found,) = [key for told, key in self.facts().items() if all(one in told for one in said)]
        return f"/fact/{found}"

    def form(self, path: str, about: str) -> dict[str, str]:
        """The fields of the form on a page whose label begins so, as they stand."""
        forms = [f for f in self.page(path).forms if (f.get("aria-label") or "").startswith(about)]
        assert len(forms) == 1, [f.get("aria-label") for f in self.page(path).forms]
        assert (forms[0].method, forms[0].action) == ("POST", "/decide")
        return dict(forms[0].form_values())

    def send(self, form: Mapping[str, str], **more: Any) -> Any:
        """What the server answers to a form."""
        return self.client.post("/decide", data=dict(form), follow_redirects=False, **more)

    def decide(self, path: str, about: str, action: str, **filled: str) -> Any:
        """Decide as a reviewer does; the page that comes then."""
        told = {"who": "Ann", "why": "read it", "action": action}
        told |= {name.replace("set_", "set-"): cell for name, cell in filled.items()}
        answer = self.send(self.form(path, about) | told)
        assert answer.status_code == 303, words(html.fromstring(answer.text))
        return self.page(answer.headers["location"])


def words(tree: Any) -> str:
    """What is read on a page, or in a part of it."""
    return " ".join(" ".join(tree.itertext()).split())


def browser_of(place: str) -> Browser:
    """A browser on a store, as if the page were served."""
    return Browser(TestClient(review_app(place, TOKEN), base_url="http://127.0.0.1:8000"), place)
