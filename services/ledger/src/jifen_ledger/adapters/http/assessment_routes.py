"""Reads about self-assessments on three levels, and the claims that rest on them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from jifen_ledger.adapters.http.asking import ARecordedQuestion
from jifen_ledger.adapters.http.parameters import (
    HolderId,
    KnownMonthQuery,
    KnownPeriodQuery,
    UnitId,
)
from jifen_ledger.application.queries.assessment import SubjectMonth, subject_month
from jifen_ledger.application.queries.assessment_rates import AssessmentRates, assessment_rates
from jifen_ledger.application.queries.assessment_tree import AssessmentTree, assessment_tree
from jifen_ledger.application.queries.drafts import Drafts, drafts_of

ROUTES = APIRouter(tags=["assessments"])


@ROUTES.get("/members/{member}/assessment")
async def assessment(
    question: ARecordedQuestion, member: HolderId, query: Annotated[KnownMonthQuery, Query()]
) -> SubjectMonth:
    """Return what a member or unit thought of its month, beside what reviewers made of it."""
    return await subject_month(question.reads, question.asked, member, query.month)


@ROUTES.get("/units/{unit}/assessments")
async def assessments(
    question: ARecordedQuestion, unit: UnitId, query: Annotated[KnownMonthQuery, Query()]
) -> AssessmentTree:
    """Return the tree of a branch's month: who has assessed, with lights."""
    return await assessment_tree(question.reads, question.asked, unit, query.month)


@ROUTES.get("/units/{unit}/assessments/on-time")
async def on_time(
    question: ARecordedQuestion, unit: UnitId, query: Annotated[KnownPeriodQuery, Query()]
) -> AssessmentRates:
    """Return how many of a branch's self-assessments came in time, month by month."""
    return await assessment_rates(question.reads, question.asked, unit, query.period)


@ROUTES.get("/units/{unit}/drafts")
async def drafts(
    question: ARecordedQuestion, unit: UnitId, query: Annotated[KnownMonthQuery, Query()]
) -> Drafts:
    """Return the claims of a branch's month that the ledger can compute and nobody filed yet."""
    return await drafts_of(question.reads, question.asked, unit, query.month)
