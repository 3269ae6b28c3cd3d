"""Refusals as RFC 9457 problems: one table of statuses, one answer for everything refused."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from jifen_contracts.codes import Code
from jifen_ledger.application.queries.refusals import ProofInvalid, QueryInvalid, ReadRefused
from jifen_ledger.application.stopped import Unavailable

MEDIA_TYPE = "application/problem+json"
DETAIL_CHARS_MAX = 500
FAULTS_MAX = 10
RETRY_AFTER_S = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """What all problems of one code have in common."""

    status: HTTPStatus
    title: str
    hint: str


KINDS: dict[Code, Kind] = {
    Code.UNAUTHORISED: Kind(
        HTTPStatus.UNAUTHORIZED,
        "No valid credential",
        "Send the header Authorization: Bearer <token>; `jifen-ledger token` makes one.",
    ),
    Code.FORBIDDEN: Kind(
        HTTPStatus.FORBIDDEN,
        "Not for this reader",
        "Ask with a token of a column that may see it, and of this scheme.",
    ),
    Code.NOT_FOUND: Kind(
        HTTPStatus.NOT_FOUND, "Nothing there", "See /openapi.json for the addresses."
    ),
    Code.ERASED: Kind(
        HTTPStatus.GONE, "The person was erased", "Enrol a new record under a new id."
    ),
    Code.QUERY_INVALID: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "A parameter is wrong",
        "Correct what the detail names; /openapi.json has every parameter.",
    ),
    Code.BUSY: Kind(HTTPStatus.SERVICE_UNAVAILABLE, "A server does not answer", "Ask again later."),
}
# C2SP and tlog.md have their own status for it.
PROOF_INVALID = Kind(
    HTTPStatus.BAD_REQUEST, "A parameter of the log is wrong", KINDS[Code.QUERY_INVALID].hint
)
METHOD_NOT_ALLOWED = Kind(
    HTTPStatus.METHOD_NOT_ALLOWED, "Not a method of this address", "See the header Allow."
)


class Problem(BaseModel):
    """The body of every refusal."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    hint: str


def documented(*codes: Code) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of these refusals."""
    return {int(KINDS[code].status): _described(code, KINDS[code]) for code in codes}


def _described(code: Code, kind: Kind) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": f"{kind.title} (`{code.value}`).",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }


READ_REFUSALS = documented(
    Code.UNAUTHORISED, Code.FORBIDDEN, Code.NOT_FOUND, Code.QUERY_INVALID, Code.BUSY
)

# What the log's routes answer beside, in the place of 422.
LOG_REFUSALS: dict[int | str, dict[str, Any]] = {
    int(PROOF_INVALID.status): _described(Code.QUERY_INVALID, PROOF_INVALID),
    304: {"description": "Not modified."},
}


def answer_with_problems(application: FastAPI) -> None:
    """Give every refusal and failure of the application its problem."""
    application.add_exception_handler(ReadRefused, _refused)
    application.add_exception_handler(RequestValidationError, _invalid)
    application.add_exception_handler(HTTPException, _of_framework)
    application.add_exception_handler(Unavailable, _away)
    for failure in (OperationalError, InterfaceError, PoolTimeout):
        application.add_exception_handler(failure, _busy)


def _answer(
    request: Request,
    code: Code,
    kind: Kind,
    detail: str,
    headers: dict[str, str] | None = None,
) -> Response:
    body = Problem(
        type=f"/problems/{code.value}",
        title=kind.title,
        status=kind.status,
        detail=detail[:DETAIL_CHARS_MAX],
        code=code.value,
        instance=request.url.path,
        hint=kind.hint,
    )
    return JSONResponse(
        body.model_dump(), kind.status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE
    )


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, ReadRefused)
    headers = {
        Code.UNAUTHORISED: {"WWW-Authenticate": "Bearer"},
        Code.BUSY: {"Retry-After": str(RETRY_AFTER_S)},
    }.get(refusal.code)
    kind = PROOF_INVALID if isinstance(refusal, ProofInvalid) else KINDS[refusal.code]
    return _answer(request, refusal.code, kind, refusal.detail, headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _refused(request, QueryInvalid(faults_of(error)))


def faults_of(error: RequestValidationError) -> str:
    """Return what is wrong with a request, for people."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'][1:])) or fault['loc'][0]}: {fault['msg']}"
        for fault in error.errors()[:FAULTS_MAX]
    )


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _answer(
            request, Code.QUERY_INVALID, METHOD_NOT_ALLOWED, "The method is not allowed.", headers
        )
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _answer(request, Code.NOT_FOUND, KINDS[Code.NOT_FOUND], "No such address.", headers)
    return _answer(request, Code.QUERY_INVALID, KINDS[Code.QUERY_INVALID], str(error.detail))


async def _away(request: Request, _: Exception) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    detail = "The store of files did not answer in time."
    return _answer(request, Code.BUSY, KINDS[Code.BUSY], detail, headers)


async def _busy(request: Request, _: Exception) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    detail = "The database did not answer in time."
    return _answer(request, Code.BUSY, KINDS[Code.BUSY], detail, headers)
