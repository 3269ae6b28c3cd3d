"""How a full export is taken."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from jifen_ledger.adapters.http.asking import ARecordedQuestion
from jifen_ledger.adapters.http.parameters import KnownQuery
from jifen_ledger.application.queries.exports import ExportAnswer, export_told

ROUTES = APIRouter(tags=["ledger"])


@ROUTES.get("/export")
async def export(question: ARecordedQuestion, _: Annotated[KnownQuery, Query()]) -> ExportAnswer:
    """Return the commands that take and check a full export of the moment, and what is in it."""
    return export_told(question.asked)
