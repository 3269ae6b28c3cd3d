"""For operators: liveness, readiness and metrics."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jifen_ledger.adapters.http.asking import desk_of
from jifen_ledger.application.log_status import LogStatus

ROUTES = APIRouter(tags=["operations"])
# Few: there is one histogram for every route.
ANSWER_SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0)


class Health(BaseModel):
    """Whether the service is up, or can do its work."""

    status: Literal["ok", "not_ready"]


@ROUTES.get("/healthz")
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@ROUTES.get("/readyz", responses={503: {"model": Health, "description": "Not ready."}})
async def readyz(request: Request, response: Response) -> Health:
    """Say whether the database answers, and every projection and every log keep up."""
    desk = desk_of(request)
    log: LogStatus = request.app.state.log.status
    ready = desk.status.ready(desk.lag_max) and log.ready(desk.clock_ms())
    if ready:
        try:
            await desk.snapshots.ping()
        except (SQLAlchemyError, OSError):
            ready = False
    if not ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(status="ok" if ready else "not_ready")


@ROUTES.get(
    "/metrics",
    response_class=Response,
    responses={200: {"description": "Prometheus text.", "content": {"text/plain": {}}}},
)
async def metrics(request: Request) -> Response:
    """Return the metrics."""
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class CountedRequests:
    """Counts and times answers by route; a route is its pattern, never an address."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        """Wrap an application."""
        self._app = app
        self._answers = Counter(
            "jifen_ledger_http_answers",
            "Answers over HTTP.",
            ["route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "jifen_ledger_http_seconds",
            "Time to the first byte of an answer.",
            ["route"],
            buckets=ANSWER_SECONDS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s = time.perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route: BaseRoute | None = scope.get("route")
                pattern = getattr(route, "path", "none")
                self._answers.labels(pattern, str(message["status"])).inc()
                self._seconds.labels(pattern).observe(time.perf_counter() - began_s)
            await send(message)

        await self._app(scope, receive, send_counted)
