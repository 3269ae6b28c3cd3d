"""For operators: liveness, readiness and metrics."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jifen_ledger.adapters.http.asking import desk_of
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.status import PrivateStatus, ProjectionStatus, SchemeStatus

ROUTES = APIRouter(tags=["operations"])


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


class ProjectionMetrics(Collector):
    """The projections' progress; the only label is the scheme."""

    def __init__(self, status: ProjectionStatus) -> None:
        """Read this status at every scrape."""
        self._status = status

    def collect(self) -> Iterable[Metric]:
        """Return the gauges as they are now."""
        schemes = list(self._status.schemes.values())
        yield _gauge("records", "Records of the scheme.", schemes, "size")
        yield _gauge("lag", "Messages without a record.", schemes, "lag")
        yield _gauge("alarms", "Records that raised an alarm since the start.", schemes, "alarms")
        yield _gauge("held", "1 where this process projects the scheme.", schemes, "held")
        stopped = GaugeMetricFamily(
            "jifen_ledger_stopped", "1 where the projection stands still.", labels=["scheme"]
        )
        for one in schemes:
            stopped.add_metric([one.scheme], int(one.stopped is not None))
        yield stopped


class PrivateMetrics(Collector):
    """The copies of private parts; a mismatch is an alarm."""

    def __init__(self, status: ProjectionStatus) -> None:
        """Read this status at every scrape."""
        self._status = status

    def collect(self) -> Iterable[Metric]:
        """Return the gauges as they are now."""
        copies = list(self._status.private.values())
        yield _gauge("private_copied", "Private parts copied since the start.", copies, "copied")
        yield _gauge(
            "private_mismatches",
            "Messages of the private stream that do not open their hash, since the start.",
            copies,
            "mismatches",
        )
        yield _gauge("private_erased", "Ids whose private parts were erased.", copies, "erased")


def _gauge(
    name: str, text: str, schemes: Iterable[SchemeStatus | PrivateStatus], attribute: str
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"jifen_ledger_{name}", text, labels=["scheme"])
    for one in schemes:
        family.add_metric([one.scheme], getattr(one, attribute))
    return family


class CountedRequests:
    """Counts answers by route and status; a route is its pattern, never an address."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        """Wrap an application."""
        self._app = app
        self._answers = Counter(
            "jifen_ledger_http_answers",
            "Answers over HTTP.",
            ["route", "status"],
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route: BaseRoute | None = scope.get("route")
                pattern = getattr(route, "path", "none")
                self._answers.labels(pattern, str(message["status"])).inc()
            await send(message)

        await self._app(scope, receive, send_counted)
