"""What the pages stand on: the store as it is looked at, and how a page is made of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from isa_extract.evidence.facts import Evidence
from isa_extract.evidence.history import Revision, revision_at, revisions
from isa_extract.evidence.store import Store, snapshot
from isa_extract.evidence.store.schema import revision as revision_table
from isa_extract.pages import printable
from isa_extract.report import words
from isa_extract.review.lines import STATES, Line, lines


@dataclass(frozen=True, slots=True)
class View:
    """A store at a revision, with what the pages need of it."""

    revision: int
    evidence: Evidence
    history: tuple[Revision, ...]
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Desk:
    """The store, and the last view of it: most requests come between two changes."""

    store: str
    token: str
    templates: Any
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: View | None = None

    def view(self, opened: Store, as_of: str) -> View:
        """The store as it stands, or as it stood.

        Raises:
            StoreError: if it cannot be read, or there was nothing then.
        """
        with self.lock, opened.read() as connection:
            if as_of:
                number = revision_at(opened, as_of)
            else:
                number = connection.scalar(select(func.max(revision_table.c.id))) or 0
            if self.last is None or self.last.revision != number:
                history = tuple(one for one in revisions(connection) if one.id <= number)
                evidence = snapshot(connection, number)
                self.last = View(number, evidence, history, tuple(lines(evidence, history)))
            return self.last

    def page(self, request: Request, template: str, status: int = 200, **told: object) -> Response:
        """A template as a response."""
        as_of = request.query_params.get("as_of", "")
        common = {
            "as_of": as_of,
            "link": partial(link, as_of),
            "store": self.store if "://" not in self.store else self.store.rpartition("@")[2],
            "token": self.token,
            "who": unquote(request.cookies.get("who", ""), errors="replace"),
            "words": words,
            "states": STATES,
            "here": request.url.path,
            "decided": number_of(request, "decided", 0),
            "problem": "",
        }
        return HTMLResponse(printable(self.templates.get_template(template).render(common | told)), status)


def link(as_of: str, path: str, **query: str) -> str:
    """An address of ours that stays at the moment looked at."""
    told = {name: cell for name, cell in {**query, "as_of": as_of}.items() if cell}
    return path + (f"?{urlencode(told, errors='replace')}" if told else "")


def number_of(request: Request, name: str, otherwise: int) -> int:
    """A number of the query string, not below ``otherwise``, which stands in for none."""
    told = request.query_params.get(name, "")
    return max(otherwise, int(told)) if told.isdecimal() and len(told) < 9 else otherwise
