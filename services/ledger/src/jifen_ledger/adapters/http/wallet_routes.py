"""Reads about wallets: what a member has, redemptions, offers, and the totals."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from jifen_ledger.adapters.http.asking import ARecordedQuestion
from jifen_ledger.adapters.http.parameters import (
    HolderId,
    KnownQuery,
    OffersQuery,
    RedemptionId,
    RedemptionsQuery,
)
from jifen_ledger.application.queries.offers import Offers, offers_of
from jifen_ledger.application.queries.redemptions import (
    RedemptionAnswer,
    Redemptions,
    redemption_answer,
    redemptions_of,
)
from jifen_ledger.application.queries.wallet_totals import WalletTotals, totals_of
from jifen_ledger.application.queries.wallets import WalletAnswer, wallet_of

ROUTES = APIRouter(tags=["wallets"])


@ROUTES.get("/members/{member}/wallet")
async def wallet(
    question: ARecordedQuestion, member: HolderId, _: Annotated[KnownQuery, Query()]
) -> WalletAnswer:
    """Return a member's wallet: what can be used, what is held or owed, what expires when."""
    return await wallet_of(question.reads, question.asked, member)


@ROUTES.get("/members/{member}/redemptions")
async def redemptions(
    question: ARecordedQuestion, member: HolderId, query: Annotated[RedemptionsQuery, Query()]
) -> Redemptions:
    """Return a page of a member's redemptions, newest first."""
    return await redemptions_of(question.reads, question.asked, member, query.limit, query.cursor)


@ROUTES.get("/redemptions/{redemption}")
async def redemption(
    question: ARecordedQuestion, redemption: RedemptionId, _: Annotated[KnownQuery, Query()]
) -> RedemptionAnswer:
    """Return a redemption by its code."""
    return await redemption_answer(question.reads, question.asked, redemption)


@ROUTES.get("/offers")
async def offers(question: ARecordedQuestion, query: Annotated[OffersQuery, Query()]) -> Offers:
    """Return a page of the offers, with price and what is left."""
    return await offers_of(
        question.reads,
        question.asked,
        query.limit,
        query.cursor,
        all_of_them=query.state == "all",
    )


@ROUTES.get("/wallets/totals")
async def totals(question: ARecordedQuestion, _: Annotated[KnownQuery, Query()]) -> WalletTotals:
    """Return what was issued, used, held and owed in all wallets, and the year's budget."""
    return await totals_of(question.reads, question.asked)
