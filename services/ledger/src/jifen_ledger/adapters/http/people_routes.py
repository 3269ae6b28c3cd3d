"""Reads of what is judged about people: vetoes, awards, the year and its grades."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from jifen_contracts.ids import Id
from jifen_ledger.adapters.http.asking import AQuestion, ARecordedQuestion
from jifen_ledger.adapters.http.parameters import (
    AwardsQuery,
    BranchYearQuery,
    HolderId,
    KnownQuery,
    MomentQuery,
    YearQuery,
)
from jifen_ledger.application.queries.awards import (
    AwardRegister,
    HolderAwards,
    award_register,
    awards_of,
)
from jifen_ledger.application.queries.grades import (
    BranchGrades,
    MemberGrades,
    branch_grades,
    grades_of,
)
from jifen_ledger.application.queries.vetoes import Vetoes, vetoes_of
from jifen_ledger.application.queries.years import Year, year_of

ROUTES = APIRouter(tags=["people"])

BranchId = Annotated[Id, Path(description="A branch.")]


@ROUTES.get("/members/{member}/vetoes")
async def vetoes(
    question: AQuestion, member: HolderId, _: Annotated[MomentQuery, Query()]
) -> Vetoes:
    """Return the member's vetoes; basis and reason as far as the reader may see them.

    With `as_of` those that begin later are left out, and the state of each is that of the day.
    """
    return await vetoes_of(question.reads, question.asked, member)


@ROUTES.get("/members/{member}/awards")
async def awards(
    question: AQuestion, member: HolderId, _: Annotated[MomentQuery, Query()]
) -> HolderAwards:
    """Return the holder's awards; ended ones to the holder, reviewers and those above.

    Whether one has ended goes by now: a revoked award is seen by nobody else at any moment.
    """
    return await awards_of(question.reads, question.asked, member)


@ROUTES.get("/members/{member}/year")
async def year(question: AQuestion, member: HolderId, query: Annotated[YearQuery, Query()]) -> Year:
    """Return the year score with quarters and active days, and the point of both capacities."""
    return await year_of(question.reads, question.asked, member, query.year)


@ROUTES.get("/members/{member}/grades")
async def grades(
    question: ARecordedQuestion, member: HolderId, _: Annotated[KnownQuery, Query()]
) -> MemberGrades:
    """Return every decision about the member's grades."""
    return await grades_of(question.reads, question.asked, member)


@ROUTES.get("/awards")
async def register(question: AQuestion, query: Annotated[AwardsQuery, Query()]) -> AwardRegister:
    """Return a page of the awards held on the day `as_of`, today where none is named.

    One that has ended since is shown to reviewers and to those above.
    """
    return await award_register(
        question.reads, question.asked, query.kind, query.unit, query.limit, query.cursor
    )


@ROUTES.get("/branches/{branch}/grades")
async def branch_year(
    question: ARecordedQuestion, branch: BranchId, query: Annotated[BranchYearQuery, Query()]
) -> BranchGrades:
    """Return rank, figure and proposed grade of every full member, the quota, and what is decided.

    `pool` names sister branches; it counts where the branch is too small for a quota of its own.
    """
    return await branch_grades(question.reads, question.asked, branch, query.year, query.pool)
