"""Reads that make people look twice: patterns of a branch, and claims on the same evidence."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from jifen_contracts.ids import Id
from jifen_ledger.adapters.http.asking import AQuestion
from jifen_ledger.adapters.http.parameters import (
    PAGE_DEFAULT,
    ClaimId,
    Cursor,
    Limit,
    MomentQuery,
    Period,
)
from jifen_ledger.application.queries.patterns import Patterns, patterns_of
from jifen_ledger.application.queries.same_evidence import SameEvidence, same_evidence

ROUTES = APIRouter(tags=["patterns"])

BranchId = Annotated[Id, Path(description="A branch.")]


class PatternsQuery(MomentQuery):
    """A quarter or a year."""

    period: Period


class SameEvidenceQuery(MomentQuery):
    """A page of claims."""

    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


@ROUTES.get("/branches/{branch}/patterns")
async def patterns(
    question: AQuestion, branch: BranchId, query: Annotated[PatternsQuery, Query()]
) -> Patterns:
    """Return who approves or helps each other often, and what was approved in a hurry.

    It is shown to those who handle the branch's cases and to those above. Nothing follows from it.
    """
    return await patterns_of(question.reads, question.asked, branch, query.period)


@ROUTES.get("/claims/{claim}/same-evidence")
async def sharing(
    question: AQuestion, claim: ClaimId, query: Annotated[SameEvidenceQuery, Query()]
) -> SameEvidence:
    """Return other claims that were shown with a file of this one's, the latest first.

    Only those are named that are cases of the reader, or the reader's own.
    """
    return await same_evidence(question.reads, question.asked, claim, query.limit, query.cursor)
