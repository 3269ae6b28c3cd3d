"""The ordinary pages beside the events: health, readiness, metrics, the meaning of problems."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from jifen_contracts.codes import Code
from jifen_ingest.adapters.openapi import problem_response
from jifen_ingest.adapters.problems import (
    PROBLEM_JSON,
    PROBLEMS,
    meaning_of,
    problem_body,
    refusal_body,
)
from jifen_ingest.adapters.telemetry import Telemetry
from jifen_ingest.domain.refusals import Busy

JSON: Final = "application/json"


def _answer(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "OK", "content": {media_type: {}}}}


def pages(unready: Callable[[], Awaitable[str | None]], telemetry: Telemetry) -> APIRouter:
    """Return the pages; `unready` says why the service can not take events, or None."""
    router = APIRouter(default_response_class=Response)

    @router.get("/healthz", summary="The process lives", responses=_answer(JSON))
    async def healthz() -> Response:
        return Response(b'{"status":"ok"}', media_type=JSON)

    @router.get(
        "/readyz",
        summary="Broker and streams are there",
        responses={**_answer(JSON), 503: problem_response(PROBLEMS[Code.BUSY])},
    )
    async def readyz(request: Request) -> Response:
        if (reason := await unready()) is None:
            return Response(b'{"status":"ready"}', media_type=JSON)
        body = refusal_body(Busy(reason), request.url.path)
        return Response(
            body,
            HTTPStatus.SERVICE_UNAVAILABLE,
            media_type=PROBLEM_JSON,
            headers={"Retry-After": "1"},
        )

    @router.get(
        "/metrics", summary="Metrics for Prometheus", responses=_answer(CONTENT_TYPE_LATEST)
    )
    async def metrics() -> Response:
        return Response(telemetry.exposition(), media_type=CONTENT_TYPE_LATEST)

    @router.get(
        "/problems/{code}",
        summary="What a problem means",
        responses={**_answer(JSON), 404: problem_response(PROBLEMS[Code.NOT_FOUND])},
    )
    async def problem(code: str, request: Request) -> Response:
        for wanted, known in PROBLEMS.items():
            if wanted == code:
                page = {
                    "code": code,
                    "status": int(known.status),
                    "title": known.title,
                    "meaning": meaning_of(wanted),
                    "hint": known.hint,
                }
                return Response(orjson.dumps(page), media_type=JSON)
        return not_found(request)

    return router


def not_found(request: Request) -> Response:
    problem = PROBLEMS[Code.NOT_FOUND]
    body = problem_body(problem, Code.NOT_FOUND, "there is nothing here", request.url.path)
    return Response(orjson.dumps(body), problem.status, media_type=PROBLEM_JSON)
