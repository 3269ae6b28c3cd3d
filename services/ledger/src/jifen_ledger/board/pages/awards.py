"""The register of awards that are held: titles, honours, unit awards, and what else one may see."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from jifen_contracts.ids import Id
from jifen_ledger.adapters.http.parameters import Cursor
from jifen_ledger.application.queries.awards import award_register
from jifen_ledger.application.queries.rights_about_people import kinds_on_register
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()
SHOWN = 50


@ROUTES.get("/awards")
async def awards(
    visit: AVisit,
    unit: Annotated[Id | None, Query()] = None,
    kind: Annotated[
        Literal["title", "badge", "honour", "benefit", "unit_award"] | None, Query()
    ] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
) -> Response:
    """Show a page of the awards, of a unit and its people or of all."""
    answer = await award_register(visit.reads, visit.asked, kind, unit, SHOWN, cursor)
    units = await visit.reads.units()
    return visit.page(
        "awards.html",
        answer=answer,
        unit=unit,
        kind=kind,
        kinds=kinds_on_register(visit.reader),
        units=units,
        names=await visit.names([unit, *(one.holder for one in answer.entries)]),
    )
