"""Reads of the quarter's life: where quarters stand, what waits, objections, re-checks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id, QuarterText
from jifen_ledger.adapters.http.asking import AQuestion, ARecordedQuestion
from jifen_ledger.adapters.http.keeping import keep_texts
from jifen_ledger.adapters.http.parameters import (
    InboxQuery,
    KnownQuarterQuery,
    KnownQuery,
    KnownYearQuery,
    MomentQuery,
)
from jifen_ledger.application.queries.inbox import Inbox, inbox_of
from jifen_ledger.application.queries.missing_facts import MissingFacts, missing_facts_of
from jifen_ledger.application.queries.objections import (
    ObjectionAnswer,
    QuarterObjections,
)
from jifen_ledger.application.queries.quarters import BranchQuarters, quarters_answer
from jifen_ledger.application.queries.rechecks import Recheck, recheck_of
from jifen_ledger.application.queries.told_answers import objection_told, objections_told

ROUTES = APIRouter(tags=["quarters"])

BranchId = Annotated[Id, Path(description="A branch.")]
Quarter = Annotated[QuarterText, Path(description="A quarter.")]
ObjectionId = Annotated[Id, Path(description="An objection, by the id that its filer chose.")]


@ROUTES.get("/branches/{branch}/quarters")
async def quarters(
    question: ARecordedQuestion, branch: BranchId, query: Annotated[KnownYearQuery, Query()]
) -> BranchQuarters:
    """Return the quarters of a year: state, deadlines and lights, window, steps so far."""
    return await quarters_answer(question.reads, question.asked, branch, query.year)


@ROUTES.get("/branches/{branch}/inbox")
async def inbox(
    question: ARecordedQuestion, branch: BranchId, query: Annotated[InboxQuery, Query()]
) -> Inbox:
    """Return a page of the claims that wait for a decision, with deadline and overdue mark.

    At an earlier moment they are those that waited then, due and overdue by the time of then.
    """
    return await inbox_of(
        question.reads, question.asked, branch, query.stage, query.limit, query.cursor
    )


@ROUTES.get("/branches/{branch}/objections")
async def objections(
    question: ARecordedQuestion,
    response: Response,
    branch: BranchId,
    query: Annotated[KnownQuarterQuery, Query()],
) -> QuarterObjections:
    """Return the objections of a quarter: numbers for all, cases for those who handle them."""
    found = await objections_told(question.reads, question.asked, branch, query.period)
    texts = [text for one in found.cases for text in (one.private, one.decision_private)]
    keep_texts(response.headers, question.asked, texts)
    return found


@ROUTES.get("/objections/{objection}")
async def objection(
    question: ARecordedQuestion,
    response: Response,
    objection: ObjectionId,
    _: Annotated[KnownQuery, Query()],
) -> ObjectionAnswer:
    """Return what became of an objection, for whoever knows its id.

    What was filed and answered is for its filer under their id, and for those who handle it.
    """
    found = await objection_told(question.reads, question.asked, objection)
    keep_texts(response.headers, question.asked, (found.private, found.decision_private))
    return found


@ROUTES.get("/branches/{branch}/quarters/{quarter}/recheck")
async def recheck(
    question: AQuestion, branch: BranchId, quarter: Quarter, _: Annotated[MomentQuery, Query()]
) -> Recheck:
    """Return the claims drawn for re-checks: 5 %, at least five, by the bulletin's hash."""
    return await recheck_of(question.reads, question.asked, branch, quarter)


@ROUTES.get("/branches/{branch}/quarters/{quarter}/missing-facts")
async def missing(
    question: AQuestion, branch: BranchId, quarter: Quarter, _: Annotated[MomentQuery, Query()]
) -> MissingFacts:
    """Return the base facts that are due and neither verified nor waived.

    With `as_of` they are those of the months and quarters that were over by that day.
    """
    return await missing_facts_of(question.reads, question.asked, branch, quarter)
