"""The scheme as it is in force: its categories and items, values, caps and calendar."""

from __future__ import annotations

from fastapi import APIRouter, Response

from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.board.pages.standards import line_words
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()


@ROUTES.get("/scheme")
async def rules(visit: AVisit) -> Response:
    """Show the version in force."""
    if visit.version is None:
        raise NotFound("No version of the scheme is published.")
    zh = visit.language == "zh"
    return visit.page(
        "scheme.html",
        version=visit.version,
        document=visit.version.document,
        versions=await visit.reads.versions(),
        words=lambda line: line_words(visit.sheet.texts, line, zh),
    )
