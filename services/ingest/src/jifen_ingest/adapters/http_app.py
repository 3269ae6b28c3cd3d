"""The HTTP application: FastAPI for the pages and documents, a plain route for the events."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp

from jifen_contracts.codes import Code
from jifen_ingest.adapters.evidence_door import EvidenceRoute
from jifen_ingest.adapters.http_door import EventsRoute
from jifen_ingest.adapters.openapi import document_of
from jifen_ingest.adapters.pages import not_found, pages
from jifen_ingest.adapters.problems import METHOD_NOT_ALLOWED, PROBLEM_JSON, problem_body
from jifen_ingest.adapters.telemetry import Telemetry

EVENTS_PATH: Final = "/v1/schemes/{scheme}/events"
EVIDENCE_PATH: Final = "/v1/schemes/{scheme}/evidence/{sha256}"


def http_app(
    events: EventsRoute,
    evidence: EvidenceRoute,
    unready: Callable[[], Awaitable[str | None]],
    telemetry: Telemetry,
) -> ASGIApp:
    # A redirect would be an answer that no document names.
    app = FastAPI(title="Jifen ingest", version="1", redirect_slashes=False, redoc_url=None)
    route = Route(EVENTS_PATH, events, methods=["POST"])
    app.router.routes[:0] = [route, Route(EVIDENCE_PATH, evidence, methods=["PUT"])]
    app.include_router(pages(unready, telemetry))
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(Exception, _defect)
    document = document_of(app, EVENTS_PATH, EVIDENCE_PATH)
    app.openapi = lambda: document  # type: ignore[method-assign] # FastAPI's own way to do this
    # Events go past FastAPI's middleware, which would cost a fifth of a single event's time;
    # what is not a POST ends in the same route inside it and is refused as a problem.
    # A mount takes no address with a line break in it: that goes inside as well.
    return Router([route, Mount("/", app)], redirect_slashes=False, default=app)


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        body = problem_body(
            METHOD_NOT_ALLOWED, Code.MALFORMED, "not a method of this address", request.url.path
        )
        return Response(
            orjson.dumps(body),
            HTTPStatus.METHOD_NOT_ALLOWED,
            dict(error.headers or {}),
            media_type=PROBLEM_JSON,
        )
    assert error.status_code == HTTPStatus.NOT_FOUND, "the framework raises these two only"
    return not_found(request)


async def _defect(request: Request, _: Exception) -> Response:
    """Answer a defect of ours; the server logs it. It has no code: nobody should match on it."""
    body = {"type": "about:blank", "title": "Internal error", "status": 500}
    return Response(
        orjson.dumps({**body, "instance": request.url.path}),
        HTTPStatus.INTERNAL_SERVER_ERROR,
        media_type=PROBLEM_JSON,
    )
