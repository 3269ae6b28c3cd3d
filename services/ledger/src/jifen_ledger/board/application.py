"""The board (看板): the pages people look at, as an application of their own below one address."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from jifen_contracts.codes import Code
from jifen_ledger.adapters.http.problems import KINDS
from jifen_ledger.application.queries.refusals import ReadRefused
from jifen_ledger.application.simulate_beside import SimulateBeside
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.board import signing
from jifen_ledger.board.addresses import ROOT
from jifen_ledger.board.pages import (
    awards,
    bulletin,
    claim,
    concerns,
    duties,
    evidence,
    grading,
    offers,
    person,
    plant,
    printed,
    quarter,
    ranking,
    rechecks,
    record,
    rules,
    simulation,
    statement,
    unit,
    wallet,
    why,
)
from jifen_ledger.board.rendering import SAFE, sheet_for, style_name, style_sheet

PAGES = (
    plant,
    unit,
    quarter,
    bulletin,
    ranking,
    person,
    printed,
    statement,
    wallet,
    why,
    record,
    claim,
    concerns,
    evidence,
    awards,
    grading,
    duties,
    rechecks,
    offers,
    simulation,
    rules,
)
STYLE_KEPT_S = 31_536_000


def open_board(application: FastAPI, simulate: SimulateBeside | None = None) -> None:
    """Put the board beside the reads; it asks at the same desk and follows the same rights.

    Drafts are tried out where it is told how.
    """
    board = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    board.state.desk = application.state.desk
    board.state.simulate = simulate
    board.add_api_route("/static/{name}", _style, include_in_schema=False)
    board.include_router(signing.ROUTES)
    for page in PAGES:
        board.include_router(page.ROUTES, prefix="/{scheme}")
    board.add_exception_handler(ReadRefused, _refused)
    board.add_exception_handler(RequestValidationError, _not_found)
    board.add_exception_handler(HTTPException, _not_found)
    for failure in (OperationalError, InterfaceError, PoolTimeout, Unavailable):
        board.add_exception_handler(failure, _busy)
    application.mount(ROOT, board)


async def _style(name: Annotated[str, Path()]) -> Response:
    if name != style_name():
        raise HTTPException(404)
    headers = {**SAFE, "Cache-Control": f"public, max-age={STYLE_KEPT_S}, immutable"}
    return Response(style_sheet(), media_type="text/css", headers=headers)


async def _refused(request: Request, refusal: Exception) -> Response:
    """Answer with a page that says why, or with the form where nobody is signed in."""
    assert isinstance(refusal, ReadRefused)
    return await _told(request, refusal.code)


async def _not_found(request: Request, error: Exception) -> Response:
    # Whether an address has a form that no page has, or names nothing, is the same to people.
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = dict(getattr(error, "headers", None) or {})
    return await _told(request, Code.NOT_FOUND, status, headers)


async def _busy(request: Request, _: Exception) -> Response:
    return await _told(request, Code.BUSY, headers={"Retry-After": "1"})


async def _told(
    request: Request, code: Code, status: int | None = None, headers: dict[str, str] | None = None
) -> Response:
    sheet = await sheet_for(request)
    reader = signing.signed_in(request)
    status = int(KINDS[code].status) if status is None else status
    kept = {"Cache-Control": "no-store", **(headers or {})}
    if code is Code.UNAUTHORISED:
        back = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return sheet.page("sign_in.html", status=status, headers=kept, back=back, failed=False)
    return sheet.page(
        "refused.html",
        status=status,
        headers=kept,
        code=code.value,
        scheme=None if reader is None else reader.scheme,
    )
