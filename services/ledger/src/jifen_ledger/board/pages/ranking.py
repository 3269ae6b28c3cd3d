"""A whole board, page by page, and the arithmetic of a unit's mean."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id
from jifen_contracts.periods import last_day, quarter_of
from jifen_ledger.adapters.http.board_parameters import Category
from jifen_ledger.adapters.http.parameters import Capacity, Cursor, Period
from jifen_ledger.application.queries.boards import branch_of
from jifen_ledger.application.queries.explain_means import mean_explained
from jifen_ledger.application.queries.quarters import quarters_answer
from jifen_ledger.application.queries.refusals import Forbidden, NotFound
from jifen_ledger.application.queries.statement import statement_of
from jifen_ledger.board.pages.boards import board_shown
from jifen_ledger.board.spans import quarters_around
from jifen_ledger.board.visits import AVisit, Visit, if_seen

ROUTES = APIRouter(prefix="/units/{unit}")


@ROUTES.get("/ranking")
async def ranking(
    visit: AVisit,
    unit: Annotated[Id, Path()],
    capacity: Annotated[Capacity, Query()],
    period: Annotated[Period, Query()],
    category: Annotated[Category, Query()] = "all",
    cursor: Annotated[Cursor | None, Query()] = None,
) -> Response:
    """Show a page of a board."""
    if unit != visit.reader.scheme and unit not in await visit.reads.units():
        raise NotFound("There is no such unit.")
    board = await board_shown(visit, unit, capacity, period, category, cursor)
    if board is None:
        raise Forbidden("This reader may not see that.")
    return visit.page(
        "ranking.html",
        unit=unit,
        board=board,
        capacity=capacity,
        category=category,
        period=period,
        span=quarters_around(period, quarter_of(visit.asked.today)) if "Q" in period else None,
        names=await visit.names([unit, *(row.entry.unit for row in board.rows)]),
    )


@ROUTES.get("/mean")
async def mean(
    visit: AVisit,
    unit: Annotated[Id, Path()],
    capacity: Annotated[Literal["member", "committee"], Query()],
    period: Annotated[Period, Query()],
) -> Response:
    """Show what a unit's mean is made of, and who the people are where the reader may know."""
    reads, asked = visit.reads, visit.asked
    answer = await mean_explained(reads, asked, unit, capacity, period)
    units = await reads.units()
    branch = branch_of(units, unit, last_day(period), visit.reader.scheme)
    year = await if_seen(quarters_answer(reads, asked, branch, period[:4]))
    quarters = () if year is None else year.quarters
    holders = [one.holder for one in answer.people]
    return visit.page(
        "mean.html",
        unit=unit,
        branch=branch,
        answer=answer,
        moved={holder: await _moved(visit, holder, capacity) for holder in holders},
        steps=[step for one in quarters if one.quarter == period for step in one.steps],
        names=await visit.names([unit, *holders]),
    )


async def _moved(visit: Visit, holder: str, capacity: Literal["member", "committee"]) -> int | None:
    """Return the last record that moved the holder's account."""
    found = await if_seen(
        statement_of(visit.reads, visit.asked, holder, capacity, "newest", 1, cursor=None)
    )
    return None if found is None or not found.entries else found.entries[0].seq
