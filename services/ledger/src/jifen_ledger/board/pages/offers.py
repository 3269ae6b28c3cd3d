"""Offers: what incentive points can be redeemed for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from jifen_ledger.adapters.http.parameters import Cursor
from jifen_ledger.application.queries.offers import offers_of
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()
SHOWN = 50


@ROUTES.get("/offers")
async def offers(visit: AVisit, cursor: Annotated[Cursor | None, Query()] = None) -> Response:
    """Show the offers that are open."""
    answer = await offers_of(visit.ended.reads, visit.ended.asked, SHOWN, cursor, all_of_them=False)
    names = await visit.names([one.sponsor for one in answer.offers])
    return visit.page("offers.html", answer=answer, names=names)
