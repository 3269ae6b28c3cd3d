"""What moves a branch's quarter: claims that wait, objections, and self-assessments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id, MonthText, QuarterText
from jifen_contracts.periods import month_of, quarter_of
from jifen_ledger.adapters.http.parameters import Cursor
from jifen_ledger.application.queries.assessment_tree import assessment_tree
from jifen_ledger.application.queries.inbox import inbox_of
from jifen_ledger.application.queries.told_answers import objections_told
from jifen_ledger.board.spans import months_around, quarters_around
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter(prefix="/units/{unit}")
CLAIMS_SHOWN = 50


@ROUTES.get("/inbox")
async def inbox(
    visit: AVisit,
    unit: Annotated[Id, Path()],
    cursor: Annotated[Cursor | None, Query()] = None,
) -> Response:
    """Show the claims that wait for a decision of the branch."""
    answer = await inbox_of(visit.ended.reads, visit.ended.asked, unit, None, CLAIMS_SHOWN, cursor)
    return visit.page("inbox.html", unit=unit, inbox=answer, names=await visit.names([unit]))


@ROUTES.get("/objections/{quarter}")
async def objections(
    visit: AVisit, unit: Annotated[Id, Path()], quarter: Annotated[QuarterText, Path()]
) -> Response:
    """Show what was objected to in the quarter, as far as the reader may know."""
    answer = await objections_told(visit.ended.reads, visit.ended.asked, unit, quarter)
    people = [one for case in answer.cases for one in (case.subject, case.by, *case.deciders)]
    return visit.page_with_texts(
        "objections.html",
        [one for case in answer.cases for one in (case.private, case.decision_private)],
        unit=unit,
        answer=answer,
        span=quarters_around(quarter, quarter_of(visit.asked.today)),
        names=await visit.names([unit, *people]),
    )


@ROUTES.get("/assessments/{month}")
async def assessments(
    visit: AVisit, unit: Annotated[Id, Path()], month: Annotated[MonthText, Path()]
) -> Response:
    """Show who has assessed the month, on three levels."""
    tree = await assessment_tree(visit.ended.reads, visit.ended.asked, unit, month)
    return visit.page(
        "assessments.html",
        unit=unit,
        tree=tree,
        span=months_around(month, month_of(visit.asked.today)),
        names=await visit.names([unit]),
    )
