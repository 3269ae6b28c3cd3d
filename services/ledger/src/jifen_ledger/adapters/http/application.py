"""The ledger's HTTP application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.http import (
    assessment_routes,
    attendance_routes,
    audit_bundle_route,
    bulletin_routes,
    concern_routes,
    directory_routes,
    event_routes,
    evidence_routes,
    export_routes,
    holder_routes,
    log_figures_routes,
    log_routes,
    operations,
    pattern_routes,
    people_routes,
    quarter_routes,
    scheme_routes,
    timeline_routes,
    wallet_routes,
)
from jifen_ledger.adapters.http.asking import Desk, now_ms
from jifen_ledger.adapters.http.conditional import Conditional
from jifen_ledger.adapters.http.keeping import NotModified, not_modified
from jifen_ledger.adapters.http.log_asking import LogDesk
from jifen_ledger.adapters.http.metrics import register_metrics
from jifen_ledger.adapters.http.problems import READ_REFUSALS, Problem, answer_with_problems
from jifen_ledger.adapters.http.timeless import reason_of
from jifen_ledger.adapters.readers import Readers
from jifen_ledger.adapters.reads.snapshot import Snapshots
from jifen_ledger.application.evidence import Evidence
from jifen_ledger.application.status import ProjectionStatus

TITLE = "Jifen ledger"
VERSION = "1"
LAG_MAX = 10_000
READS = (
    holder_routes,
    wallet_routes,
    assessment_routes,
    event_routes,
    scheme_routes,
    directory_routes,
    bulletin_routes,
    quarter_routes,
    concern_routes,
    people_routes,
    export_routes,
    evidence_routes,
    attendance_routes,
    log_routes,
    log_figures_routes,
    audit_bundle_route,
    timeline_routes,
    pattern_routes,
)


def make_application(
    engine: AsyncEngine,
    readers: Readers,
    status: ProjectionStatus,
    *,
    evidence: Evidence | None = None,
    log: LogDesk | None = None,
    lag_max: int = LAG_MAX,
    clock_ms: Callable[[], int] = now_ms,
    registry: CollectorRegistry | None = None,
) -> FastAPI:
    """Return the application; its caller starts and ends what it is given."""
    application = FastAPI(
        title=TITLE, version=VERSION, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    registry = CollectorRegistry() if registry is None else registry
    application.state.desk = Desk(
        Snapshots(engine), readers, status, evidence or NatsEvidence(), lag_max, clock_ms
    )
    application.state.log = LogDesk() if log is None else log
    register_metrics(registry, status, application.state.log.status, clock_ms)
    application.state.registry = registry
    reads = APIRouter(prefix="/v1/schemes/{scheme}", responses=READ_REFUSALS)
    for routes in READS:
        reads.include_router(routes.ROUTES)
    application.include_router(reads)
    application.include_router(operations.ROUTES)
    answer_with_problems(application)
    application.add_exception_handler(NotModified, not_modified)
    application.add_middleware(Conditional)
    application.add_middleware(operations.CountedRequests, registry=registry)
    application.openapi = lambda: _openapi(application)  # type: ignore[method-assign]
    return application


def _openapi(application: FastAPI) -> dict[str, Any]:
    """Return the document; it names the problem's schema, which no route returns by itself."""
    if application.openapi_schema is None:
        document = get_openapi(title=TITLE, version=VERSION, routes=application.routes)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for address, path in document["paths"].items():
            for method, operation in path.items():
                if method == "get" and (reason := reason_of(address)) is not None:
                    operation["description"] += f"\n\nIt takes neither moment: {reason}"
                if method == "get" and "security" in operation:
                    operation["responses"]["304"] = {"description": "Not modified."}
        application.openapi_schema = document
    return application.openapi_schema
