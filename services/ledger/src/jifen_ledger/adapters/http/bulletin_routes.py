"""Reads of bulletins: which a branch has, one revision, and its bytes as they were hashed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id, QuarterText
from jifen_ledger.adapters.http.asking import AQuestion
from jifen_ledger.adapters.http.parameters import MomentQuery, RevisionQuery
from jifen_ledger.application.queries.bulletins import (
    BulletinAnswer,
    BulletinList,
    bulletin_of,
    bulletins_of,
    sheet_of,
)

ROUTES = APIRouter(prefix="/branches/{branch}/bulletins", tags=["bulletins"])

BranchId = Annotated[Id, Path(description="A branch.")]
Quarter = Annotated[QuarterText, Path(description="The bulletin's quarter.")]
SHEET: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}}, "description": "The sheet, byte for byte."}
}


@ROUTES.get("")
async def bulletins(
    question: AQuestion, branch: BranchId, _: Annotated[MomentQuery, Query()]
) -> BulletinList:
    """Return every revision that the reader may open, the newest quarter first.

    With `as_of` bulletins of quarters that were not over by that day are left out: they tell
    nothing of a part of their quarter. `known_at` says what had been published.
    """
    return await bulletins_of(question.reads, question.asked, branch)


@ROUTES.get("/{quarter}")
async def bulletin(
    question: AQuestion,
    branch: BranchId,
    quarter: Quarter,
    query: Annotated[RevisionQuery, Query()],
) -> BulletinAnswer:
    """Return a revision as the reader sees it; without `revision`, the last one."""
    return await bulletin_of(question.reads, question.asked, branch, quarter, query.revision)


@ROUTES.get("/{quarter}/sheet", responses=SHEET, response_class=Response)
async def sheet(
    response: Response,
    question: AQuestion,
    branch: BranchId,
    quarter: Quarter,
    query: Annotated[RevisionQuery, Query()],
) -> Response:
    """Return the reader's sheet; its SHA-256 is the hash that the record of the step names."""
    found = await sheet_of(question.reads, question.asked, branch, quarter, query.revision)
    return Response(found, media_type="application/json", headers=dict(response.headers))
