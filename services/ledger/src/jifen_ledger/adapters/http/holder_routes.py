"""Reads about one holder: balances, scores, statement, sheet and rank."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from jifen_ledger.adapters.http.asking import AQuestion
from jifen_ledger.adapters.http.board_parameters import BoardQuery, RadarQuery
from jifen_ledger.adapters.http.parameters import (
    DayQuery,
    HolderId,
    MomentQuery,
    PeriodQuery,
    StatementQuery,
    YearQuery,
)
from jifen_ledger.application.queries.balances import Balances, balances_of
from jifen_ledger.application.queries.catalogue import HolderCatalogue, holder_catalogue
from jifen_ledger.application.queries.radar import Radar, radar_of
from jifen_ledger.application.queries.rankings import HolderRank, rank_of
from jifen_ledger.application.queries.scores import Scores, scores_of
from jifen_ledger.application.queries.sheet import Sheet, sheet_of
from jifen_ledger.application.queries.statement import Statement, statement_of

ROUTES = APIRouter(prefix="/members/{member}", tags=["holders"])


@ROUTES.get("/balance")
async def balance(
    question: AQuestion, member: HolderId, _: Annotated[MomentQuery, Query()]
) -> Balances:
    """Return the balances of the holder's accounts.

    With `as_of` a balance is what the deeds up to that day are worth by themselves; the wallet,
    which goes by recorded time alone, is left out.
    """
    return await balances_of(question.reads, question.asked, member)


@ROUTES.get("/scores")
async def scores(
    question: AQuestion, member: HolderId, query: Annotated[YearQuery, Query()]
) -> Scores:
    """Return the holder's figures and scores of a year.

    With `as_of` later deeds and later days count for nothing.
    """
    return await scores_of(question.reads, question.asked, member, query.year)


@ROUTES.get("/statement")
async def statement(
    question: AQuestion, member: HolderId, query: Annotated[StatementQuery, Query()]
) -> Statement:
    """Return a page of one account's lines, with the balance after each.

    With `as_of` the lines are those that the records would have left without the later deeds, so
    that they add up to the balance of that day. A wallet goes by recorded time: its lines are
    those of the end of that day.
    """
    if query.capacity == "wallet":
        question = await question.at_the_end()
    return await statement_of(
        question.reads,
        question.asked,
        member,
        query.capacity,
        query.order,
        query.limit,
        query.cursor,
    )


@ROUTES.get("/sheet")
async def sheet(
    question: AQuestion, member: HolderId, query: Annotated[PeriodQuery, Query()]
) -> Sheet:
    """Return the items of a quarter, or year, with done, required and what the caps leave.

    Who sees the published score of the holder only gets the sheet as the last bulletin has it, of
    a year each quarter as the year counts it, with the adjustments of later bulletins.
    With `as_of` posts and class are those of that day, and later deeds take no room.
    """
    return await sheet_of(question.reads, question.then, question.asked, member, query.period)


@ROUTES.get("/rank")
async def rank(
    question: AQuestion, member: HolderId, query: Annotated[BoardQuery, Query()]
) -> HolderRank:
    """Return the holder's place on a board, computed for the moment that is asked for."""
    return await rank_of(question.reads, question.asked, member, query.board())


@ROUTES.get("/radar")
async def radar(
    question: AQuestion, member: HolderId, query: Annotated[RadarQuery, Query()]
) -> Radar:
    """Return the holder's points by category as published, with the median of the branch.

    Before a branch of theirs has published the quarter there is no radar: 404. Nor is there one
    of the deeds up to a day within the quarter.
    """
    return await radar_of(question.reads, question.asked, member, query.period)


@ROUTES.get("/catalogue")
async def catalogue(
    question: AQuestion, member: HolderId, query: Annotated[DayQuery, Query()]
) -> HolderCatalogue:
    """Return the items, checklist and required counts in force for the holder on a day.

    The day is `as_of`, or that of the moment; `on` is another name for it.
    """
    return await holder_catalogue(question.reads, question.asked, member, query.day())
