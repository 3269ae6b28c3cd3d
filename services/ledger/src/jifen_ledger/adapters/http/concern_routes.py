"""Reads about concerns: lists, one with its clock, figures of a unit, what a visit brought back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from jifen_ledger.adapters.http.asking import ARecordedQuestion
from jifen_ledger.adapters.http.concern_parameters import (
    ConcernId,
    ConcernsQuery,
    PeriodQuery,
    UnitId,
    VisitId,
)
from jifen_ledger.adapters.http.keeping import keep_texts
from jifen_ledger.adapters.http.parameters import KnownQuery
from jifen_ledger.application.queries.concern_figures import ConcernFigures, concern_figures_of
from jifen_ledger.application.queries.concern_list import ConcernList, concerns_of
from jifen_ledger.application.queries.concerns import ConcernAnswer
from jifen_ledger.application.queries.told_answers import concern_told
from jifen_ledger.application.queries.visits import VisitAnswer, visit_of

ROUTES = APIRouter(tags=["concerns"])


@ROUTES.get("/concerns")
async def concerns(
    question: ARecordedQuestion, query: Annotated[ConcernsQuery, Query()]
) -> ConcernList:
    """Return a page of the concerns of a unit and everything below it, the newest first."""
    return await concerns_of(
        question.reads, question.asked, query.wanted(), query.limit, query.cursor
    )


@ROUTES.get("/concerns/{concern}")
async def concern(
    question: ARecordedQuestion,
    response: Response,
    concern: ConcernId,
    _: Annotated[KnownQuery, Query()],
) -> ConcernAnswer:
    """Return a concern with its clock, levels, stages, parts and what its raisers say.

    Private texts and files are for its handler and its raisers; an auditor sees their hashes.
    """
    found = await concern_told(question.reads, question.asked, concern)
    keep_texts(response.headers, question.asked, (one.private for one in found.events))
    return found


@ROUTES.get("/units/{unit}/concerns")
async def concern_figures(
    question: ARecordedQuestion, unit: UnitId, query: Annotated[PeriodQuery, Query()]
) -> ConcernFigures:
    """Return how many concerns were raised in a period, and how they were settled."""
    return await concern_figures_of(question.reads, question.asked, unit, query.period)


@ROUTES.get("/visits/{visit}")
async def visit(
    question: ARecordedQuestion, visit: VisitId, _: Annotated[KnownQuery, Query()]
) -> VisitAnswer:
    """Return the concerns that a visit brought back, and how far they have come."""
    return await visit_of(question.reads, question.asked, visit)
