"""Reads about one holder: balances, scores, statement, sheet and rank."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from jifen_ledger.adapters.http.asking import AQuestion
from jifen_ledger.adapters.http.parameters import (
    BoardQuery,
    DayQuery,
    HolderId,
    NoQuery,
    QuarterQuery,
    StatementQuery,
    YearQuery,
)
from jifen_ledger.application.queries.balances import Balances, balances_of
from jifen_ledger.application.queries.catalogue import HolderCatalogue, holder_catalogue
from jifen_ledger.application.queries.rankings import HolderRank, rank_of
from jifen_ledger.application.queries.scores import Scores, scores_of
from jifen_ledger.application.queries.sheet import Sheet, sheet_of
from jifen_ledger.application.queries.statement import Statement, statement_of

ROUTES = APIRouter(prefix="/members/{member}", tags=["holders"])


@ROUTES.get("/balance")
async def balance(
    question: AQuestion, member: HolderId, _: Annotated[NoQuery, Query()]
) -> Balances:
    """Return the balances of the holder's accounts."""
    return await balances_of(question.reads, question.asked, member)


@ROUTES.get("/scores")
async def scores(
    question: AQuestion, member: HolderId, query: Annotated[YearQuery, Query()]
) -> Scores:
    """Return the holder's figures and scores of a year."""
    return await scores_of(question.reads, question.asked, member, query.year)


@ROUTES.get("/statement")
async def statement(
    question: AQuestion, member: HolderId, query: Annotated[StatementQuery, Query()]
) -> Statement:
    """Return a page of one account's lines, with the balance after each."""
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
    question: AQuestion, member: HolderId, query: Annotated[QuarterQuery, Query()]
) -> Sheet:
    """Return the items with done, required and what the caps leave."""
    return await sheet_of(question.reads, question.asked, member, query.period)


@ROUTES.get("/rank")
async def rank(
    question: AQuestion, member: HolderId, query: Annotated[BoardQuery, Query()]
) -> HolderRank:
    """Return the holder's place on a board."""
    return await rank_of(question.reads, question.asked, member, query.board())


@ROUTES.get("/catalogue")
async def catalogue(
    question: AQuestion, member: HolderId, query: Annotated[DayQuery, Query()]
) -> HolderCatalogue:
    """Return the items, checklist and required counts in force for the holder on a day."""
    return await holder_catalogue(question.reads, question.asked, member, query.day())
