"""The log's figures for auditors: balances and boards at a size, from the ledger's own tables."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from jifen_ledger.adapters.audit.boards import rankings_at
from jifen_ledger.adapters.http.log_asking import ALog, LogRoute, entries_access
from jifen_ledger.adapters.http.log_routes import ANYBODY, TEXT, in_media_type
from jifen_ledger.adapters.http.problems import LOG_REFUSALS
from jifen_ledger.application.audit.balances import balances_text
from jifen_ledger.application.queries.rights_of_log import EntriesAccess

ROUTES = APIRouter(prefix="/log", tags=["log"], route_class=LogRoute, responses=LOG_REFUSALS)
NDJSON = "application/x-ndjson"

Access = Annotated[EntriesAccess, Depends(entries_access)]


@ROUTES.get("/balances/{size}", **in_media_type(TEXT, "An account and its tenths a line."))
async def balances(question: ALog, access: Access, size: str) -> Response:
    """Return every account's balance at a size, by account; the records must sum to it."""
    at = question.log.covered_size(size)
    found = await question.reads.balances_at(at)
    return Response(balances_text(found.items()), media_type=TEXT, headers=_headers(access))


@ROUTES.get("/rankings/{size}", **in_media_type(NDJSON, "A place on a board a line."))
async def rankings(question: ALog, access: Access, size: str) -> Response:
    """Return every place on the boards of all quarters at a size, by board, rank and holder."""
    at = question.log.covered_size(size)
    found = await rankings_at(question.reads, at) if at else b""
    return Response(found, media_type=NDJSON, headers=_headers(access))


def _headers(access: EntriesAccess) -> dict[str, str]:
    if access is EntriesAccess.PUBLIC:
        return ANYBODY
    return {"Cache-Control": "private, no-store", "Vary": "Authorization"}
