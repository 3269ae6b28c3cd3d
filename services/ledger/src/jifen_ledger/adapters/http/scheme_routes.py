"""Reads about the whole scheme: boards, comparison, trial balance, status, versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from jifen_ledger.adapters.http.asking import AQuestion, ARecordedQuestion, desk_of
from jifen_ledger.adapters.http.board_parameters import ComparisonQuery, RankingQuery
from jifen_ledger.adapters.http.parameters import (
    DifferencesQuery,
    KnownQuery,
    MomentQuery,
    UnfitQuery,
    UnitId,
)
from jifen_ledger.application.queries.comparison import Comparison, comparison_of
from jifen_ledger.application.queries.ledger import (
    StatusAnswer,
    TrialBalance,
    status_of,
    trial_balance,
)
from jifen_ledger.application.queries.rankings import Ranking, ranking_of
from jifen_ledger.application.queries.scheme import (
    Differences,
    SchemeAnswer,
    differences_of,
    scheme_of,
)
from jifen_ledger.application.queries.unfit import UnfitClaims, unfit_claims
from jifen_ledger.application.status import SchemeStatus

ROUTES = APIRouter(tags=["scheme"])


@ROUTES.get("/rankings")
async def rankings(question: AQuestion, query: Annotated[RankingQuery, Query()]) -> Ranking:
    """Return a page of a board, published or live, for the moment that is asked for.

    With `around` they are the lines around that holder, where the order of holders is shown.
    A published board is that of the last bulletins of its branches, as they were frozen; it names
    them. Of a year it weighs the published quarters by active days, and shows decided grades.
    With `as_of` roles, units and days are those up to that day. Where a policy hides the order of
    holders, whoever sees bands sees those of now only: record by record they would tell points.
    """
    return await ranking_of(
        question.reads,
        question.asked,
        query.board(),
        query.limit,
        query.cursor,
        query.around,
    )


@ROUTES.get("/units/comparison")
async def comparison(question: AQuestion, query: Annotated[ComparisonQuery, Query()]) -> Comparison:
    """Return units of one kind by their mean per member-day, of published or of live scores.

    Of another moment than now it is for readers from whom the policy hides no holder's score.
    """
    return await comparison_of(question.reads, question.asked, query.comparison())


@ROUTES.get("/units/{unit}/unfit-claims")
async def unfit(
    question: AQuestion, unit: UnitId, query: Annotated[UnfitQuery, Query()]
) -> UnfitClaims:
    """Return the branch's verified claims that no longer fit the registers or the scheme.

    At an earlier moment they are those verified by then, beside registers and scheme of then. To
    reviewers claims are shown that are cases of their branch by now.
    """
    return await unfit_claims(
        question.reads, question.asked, unit, query.period, query.limit, query.cursor
    )


@ROUTES.get("/trial-balance")
async def balances(question: ARecordedQuestion, _: Annotated[KnownQuery, Query()]) -> TrialBalance:
    """Return the sums of all accounts: zero in each unit of points."""
    return await trial_balance(question.reads, question.asked)


@ROUTES.get("/status")
async def status(
    request: Request,
    response: Response,
    question: ARecordedQuestion,
    _: Annotated[KnownQuery, Query()],
) -> StatusAnswer:
    """Return how far the ledger is, and what it decided so far.

    At an earlier moment it is what had been decided by then; how the stream stood, and who worked
    at it, is about now and left out.
    """
    scheme = question.asked.reader.scheme
    progress = SchemeStatus(scheme)
    if not question.asked.moment:
        # The stream moves on while no record comes.
        del response.headers["ETag"]
        progress = desk_of(request).status.schemes.get(scheme) or progress
    return await status_of(question.reads, question.asked, progress)


@ROUTES.get("/scheme")
async def scheme_versions(question: AQuestion, _: Annotated[MomentQuery, Query()]) -> SchemeAnswer:
    """Return every published version of the scheme, and the one in force today or at `as_of`."""
    return await scheme_of(question.reads, question.asked)


@ROUTES.get("/scheme/differences")
async def scheme_differences(
    question: ARecordedQuestion, query: Annotated[DifferencesQuery, Query()]
) -> Differences:
    """Return what one version changes against another."""
    return await differences_of(
        question.reads, question.asked, query.from_version, query.to_version
    )
