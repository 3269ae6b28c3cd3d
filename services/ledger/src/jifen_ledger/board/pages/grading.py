"""A branch's year: what is proposed to whom, the quota, and what people have decided."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from jifen_contracts.ids import Id, YearText
from jifen_ledger.application.queries.grades import branch_grades
from jifen_ledger.board.spans import years_around
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter(prefix="/units/{unit}")


@ROUTES.get("/grades/{year}")
async def grades(
    visit: AVisit, unit: Annotated[Id, Path()], year: Annotated[YearText, Path()]
) -> Response:
    """Show the proposals of the year beside the decisions."""
    answer = await branch_grades(visit.ended.reads, visit.ended.asked, unit, year, ())
    return visit.page(
        "grades.html",
        unit=unit,
        answer=answer,
        span=years_around(year, visit.asked.today.isoformat()[:4]),
        names=await visit.names([unit, *answer.pool, *(one.branch for one in answer.proposals)]),
    )
