"""The pages and forms, as an ASGI application.

Nobody else's pages may use it: requests must name this machine as their host, forms must carry the token of
this run, and the pages may load nothing but their own style sheet.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isa_extract.errors import StoreError
from isa_extract.evidence.coverage import coverage
from isa_extract.evidence.deciding import CLOSED, DecisionError
from isa_extract.evidence.decisions import in_force
from isa_extract.evidence.export.tables import study_rows
from isa_extract.evidence.store import open_store
from isa_extract.pages import environment
from isa_extract.report import words
from isa_extract.report.rows import Row
from isa_extract.review.cards import CORRECTABLE, FIRST, cuts, kept_text, no_text
from isa_extract.review.desk import Desk, View, link, number_of
from isa_extract.review.forms import decide_from
from isa_extract.review.lines import STATES, Filters, choices, said, study_names

_HOSTS: Final = ("127.0.0.1", "localhost")
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
_BODY: Final = 64 * 1024  # bytes; a form is a few cells and a sentence
_AT_ONCE: Final = 50  # lines of a page


def review_app(store: str, token: str) -> Starlette:
    """The application for a store; forms must carry the token."""
    templates = environment("isa_extract.review")
    templates.tests["chinese"] = words.has_han
    templates.globals["said"] = said
    templates.globals["Row"] = partial(Row, 0)
    app = Starlette(
        routes=[
            Route("/", _facts),
            Route("/fact/{fact_id}", _fact),
            Route("/coverage", _coverage),
            Route("/studies", _studies),
            Route("/decisions", _decisions),
            Route("/history", _history),
            Route("/decide", _decide, methods=["POST"]),
            Route("/review.css", _style),
        ],
        middleware=[
            Middleware(_Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(_HOSTS), www_redirect=False),
        ],
        exception_handlers={StoreError: _store_failed, HTTPException: _refused},
    )
    app.state.desk = Desk(store, token, templates)
    return app


class _Headers:
    """Says with each response what the browser may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, told)


# ---------------------------------------------------------------------------------------------- pages


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _as_of(request: Request) -> str:
    return request.query_params.get("as_of", "").strip()


def _facts(request: Request) -> Response:
    desk = _desk(request)
    filters = Filters.of(request.query_params)
    with open_store(desk.store, write=False) as opened:
        view = desk.view(opened, _as_of(request))
    found = [line for line in view.lines if filters.let_through(line)]
    pages = max(1, -(-len(found) // _AT_ONCE))
    number = min(number_of(request, "page", 1), pages)
    shown = found[(number - 1) * _AT_ONCE : number * _AT_ONCE]
    return desk.page(
        request,
        "facts.html",
        filters=filters,
        choices=choices(view.lines),
        shown=[(line, cuts(line.fact, no_text)[:1] if line.fact else []) for line in shown],
        found=len(found),
        total=len(view.lines),
        counts={state: sum(state in line.states for line in view.lines) for state in STATES},
        number=number,
        pages=pages,
    )


def _fact(request: Request) -> Response:
    return _fact_page(request, request.path_params["fact_id"], Filters.of(request.query_params))


def _fact_page(
    request: Request,
    fact_id: str,
    filters: Filters,
    status: int = 200,
    problem: str = "",
    draft: Mapping[str, str] | None = None,
) -> Response:
    desk = _desk(request)
    with open_store(desk.store, write=False) as opened:
        view = desk.view(opened, _as_of(request))
        line = next((line for line in view.lines if line.id == fact_id), None)
        if line is None:
            raise HTTPException(
                404, "No such fact here. A decision or a newer paper may have changed what it is."
            )
        with opened.read() as connection:
            told = cuts(line.fact, kept_text(connection)) if line.fact else []
    found = [other.id for other in view.lines if filters.let_through(other)]
    at = found.index(fact_id) if fact_id in found else -1
    ids = {claim.observation.evidence_id for _, _, claim in line.fact.claims()} if line.fact else set()
    spoken = [
        (revision, change)
        for revision in view.history
        for change in revision.changes
        if change["fact_id"] == fact_id or change["evidence_id"] in ids
    ]
    return desk.page(
        request,
        "fact.html",
        status,
        line=line,
        cuts=told,
        filters=filters,
        before=found[at - 1] if at > 0 else "",
        after=found[at + 1] if at + 1 < len(found) else "",
        spoken=spoken,
        first=FIRST,
        rest=[name for name in CORRECTABLE if name not in FIRST],
        closed=CLOSED,
        problem=problem,
        draft=draft or {},
    )


def _coverage(request: Request) -> Response:
    desk = _desk(request)
    with open_store(desk.store, write=False) as opened:
        view = desk.view(opened, _as_of(request))
    return desk.page(request, "coverage.html", grid=coverage(view.evidence), names=study_names(view.evidence))


def _studies(request: Request) -> Response:
    return _studies_page(request)


def _studies_page(
    request: Request, status: int = 200, problem: str = "", draft: Mapping[str, str] | None = None
) -> Response:
    desk = _desk(request)
    with open_store(desk.store, write=False) as opened:
        view = desk.view(opened, _as_of(request))
    rows = study_rows(view.evidence)
    names = {ref for row in rows for ref in (*row["trial_id"].split(";"), row["trial_name"]) if ref}
    apart = {
        f"{telling.paper}:{telling.cells['trial_name']}"
        for telling in view.evidence.tellings
        if telling.cells["trial_name"]
    }
    offered = sorted(names, key=str.casefold) + sorted(apart, key=str.casefold)
    ruled = [d for d in in_force(view.evidence.decisions) if d.studies[0]]
    return desk.page(
        request,
        "studies.html",
        status,
        rows=rows,
        names=study_names(view.evidence),
        offered=offered,
        ruled=ruled,
        problem=problem,
        draft=draft or {},
    )


def _decisions(request: Request) -> Response:
    return _decisions_page(request)


def _decisions_page(
    request: Request, status: int = 200, problem: str = "", draft: Mapping[str, str] | None = None
) -> Response:
    desk = _desk(request)
    with open_store(desk.store, write=False) as opened:
        view = desk.view(opened, _as_of(request))
    decisions = view.evidence.decisions
    undone = {d.takes_back for d in decisions if d.action == "take-back"}
    holding = {d.id for d in in_force(decisions)}
    # a taking-back holds while what it took back does not
    holding |= {d.id for d in decisions if d.action == "take-back" and d.takes_back not in holding} - undone
    facts = {
        claim.observation.evidence_id: line.id
        for line in view.lines
        if line.fact
        for _, _, claim in line.fact.claims()
    }
    return desk.page(
        request,
        "decisions.html",
        status,
        decisions=list(reversed(decisions)),
        holding=holding,
        facts=facts,
        problem=problem,
        draft=draft or {},
    )


def _history(request: Request) -> Response:
    desk = _desk(request)
    with open_store(desk.store, write=False) as opened:
        view = desk.view(opened, _as_of(request))
    pages = max(1, -(-len(view.history) // _AT_ONCE))
    number = min(number_of(request, "page", 1), pages)
    told = list(reversed(view.history))[(number - 1) * _AT_ONCE : number * _AT_ONCE]
    return desk.page(request, "history.html", told_of=told, number=number, pages=pages)


def _style(request: Request) -> Response:
    sheet = files("isa_extract.review") / "templates" / "review.css"
    return Response(sheet.read_bytes(), media_type="text/css")


# ------------------------------------------------------------------------------------------ decisions


async def _decide(request: Request) -> Response:
    form = await _form(request)
    if not hmac.compare_digest(
        form.pop("token", "").encode("utf-8", "replace"), _desk(request).token.encode()
    ):
        raise HTTPException(403, "This form is not of this run of isa-extract review. Open the page anew.")
    return await run_in_threadpool(_decided, request, form)


async def _form(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415, "Forms of this page only.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY:
            raise HTTPException(413, "More than a decision needs (64 KB at most).")
    try:
        told = parse_qsl(body.decode("ascii", "replace"), True, errors="replace", max_num_fields=100)
    except ValueError:
        raise HTTPException(400, "More fields than a form of this page has.") from None
    return dict(told)


def _decided(request: Request, form: dict[str, str]) -> Response:
    desk = _desk(request)
    action, filters = form.get("action", ""), Filters.of(form)
    try:
        landed = decide_from(desk.store, form)
    except StoreError as error:
        # nothing was put in; what was typed is shown again
        status = 409 if isinstance(error, DecisionError) else 503
        if action == "take-back":
            return _decisions_page(request, status, str(error), form)
        if action in ("same", "different"):
            return _studies_page(request, status, str(error), form)
        return _fact_page(request, form.get("fact", ""), filters, status, str(error), form)
    place, query = "/decisions", {"decided": str(landed.revision)}
    if action in ("same", "different"):
        place = "/studies"
    elif action != "take-back":
        with open_store(desk.store, write=False) as opened:
            view = desk.view(opened, "")
        stands = _fact_with(view, form.get("row", "")) or next(
            (line.id for line in view.lines if line.id == form.get("fact")), ""
        )
        if stands:
            place, query = f"/fact/{quote(stands)}", {**filters.query(), **query}
    response = RedirectResponse(link("", place, **query), 303)
    who = quote(" ".join(form.get("who", "").split())[:200], errors="replace")
    response.set_cookie("who", who, httponly=True, samesite="strict")
    return response


def _fact_with(view: View, evidence_id: str) -> str:
    """The fact that a row is part of now."""
    for line in view.lines:
        for cut in line.fact.cuts if line.fact else ():
            said_by = [*(claim for p in cut.positions for claim in p.claims), *cut.aside]
            if any(claim.observation.evidence_id == evidence_id for claim in said_by):
                return line.id
    return ""


# --------------------------------------------------------------------------------------------- errors


def _store_failed(request: Request, error: Exception) -> Response:
    return _desk(request).page(
        request, "error.html", 503, title="The store cannot be shown", reason=str(error)
    )


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _desk(request).page(
        request, "error.html", error.status_code, title="That cannot be shown", reason=error.detail
    )
