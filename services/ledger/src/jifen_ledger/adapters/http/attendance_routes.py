"""The read of who took part in a deed of a branch."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from jifen_contracts.ids import Id, ItemCode
from jifen_ledger.adapters.http.asking import AQuestion
from jifen_ledger.adapters.http.parameters import MomentQuery
from jifen_ledger.application.queries.attendance import AttendanceAnswer, attendance_answer

WINDOW_HOURS = 24
WINDOW_HOURS_MAX = 2_160

ROUTES = APIRouter(tags=["attendance"])

BranchId = Annotated[Id, Path(description="A branch.")]
DeedId = Annotated[Id, Path(description="A meeting or activity, by the id that its claims name.")]


class AttendanceQuery(MomentQuery):
    """The item, where one deed has claims of several, and how late a sign-in may be told."""

    item: ItemCode | None = None
    window_hours: Annotated[
        int,
        Field(
            ge=0,
            le=WINDOW_HOURS_MAX,
            description="A sign-in recorded later than this after the deed is on the late list.",
        ),
    ] = WINDOW_HOURS


@ROUTES.get("/branches/{branch}/deeds/{deed}/attendance")
async def attendance(
    question: AQuestion,
    branch: BranchId,
    deed: DeedId,
    query: Annotated[AttendanceQuery, Query()],
) -> AttendanceAnswer:
    """Return who of the branch signed in to a deed, who was added, who is on leave or missing.

    Whoever was late or added by the host waits for a second person to confirm it. Reviewers see
    everybody, a member the own line.
    """
    return await attendance_answer(
        question.reads, question.asked, branch, deed, query.item, query.window_hours
    )
