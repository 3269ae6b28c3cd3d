"""Concerns (马上办): a list with days, and one with its clock, levels, stages and voices."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id
from jifen_ledger.adapters.http.parameters import Cursor
from jifen_ledger.application.queries.concern_list import Wanted, concerns_of
from jifen_ledger.application.queries.told_answers import concern_told
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()
SHOWN = 50


@ROUTES.get("/concerns")
async def concerns(
    visit: AVisit,
    unit: Annotated[Id | None, Query()] = None,
    state: Annotated[Literal["open"] | None, Query()] = None,
    overdue: Annotated[Literal["true"] | None, Query()] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
) -> Response:
    """Show a page of the concerns of a unit and everything below it."""
    wanted = Wanted(unit=unit, state=state, overdue=True if overdue else None)
    answer = await concerns_of(visit.ended.reads, visit.ended.asked, wanted, SHOWN, cursor)
    return visit.page(
        "concerns.html",
        answer=answer,
        unit=unit,
        state=state,
        overdue=overdue,
        names=await visit.names([answer.unit]),
    )


@ROUTES.get("/concerns/{concern}")
async def concern(visit: AVisit, concern: Annotated[Id, Path()]) -> Response:
    """Show one concern."""
    answer = await concern_told(visit.ended.reads, visit.ended.asked, concern)
    line = answer.concern
    people = [*(answer.raised_by or ()), *(one.by for one in answer.dissents), line.handler]
    people += [one.handler for one in answer.events] + [one.handler_unit for one in answer.events]
    return visit.page_with_texts(
        "concern.html",
        [one.private for one in answer.events],
        answer=answer,
        names=await visit.names(
            [line.unit, line.handler_unit, *people, *(one.unit for one in answer.levels)]
        ),
    )
