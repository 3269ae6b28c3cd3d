"""A file of evidence, to save: the page that names it has led its reader here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from jifen_contracts.ids import Sha256Hex
from jifen_ledger.adapters.http.asking import desk_of
from jifen_ledger.adapters.http.file_answers import file_answer
from jifen_ledger.application.queries.files import file_of
from jifen_ledger.board.rendering import SAFE
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()


@ROUTES.get("/evidence/{sha256}")
async def evidence(
    request: Request, visit: AVisit, sha256: Annotated[Sha256Hex, Path()]
) -> Response:
    """Return the file to whoever may see one of the cases that name it; no browser shows it."""
    opened = await file_of(visit.ended.reads, desk_of(request).evidence, visit.ended.asked, sha256)
    return file_answer(opened, {**SAFE, "Cache-Control": "no-store"})
