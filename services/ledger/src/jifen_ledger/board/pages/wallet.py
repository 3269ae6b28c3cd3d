"""A member's wallet: what can be used, which points it is made of, and when they expire."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from jifen_contracts.ids import Id
from jifen_ledger.application.queries.redemptions import redemptions_of
from jifen_ledger.application.queries.wallets import wallet_of
from jifen_ledger.board.visits import AVisit, if_seen

ROUTES = APIRouter()
REDEMPTIONS_SHOWN = 50


@ROUTES.get("/people/{member}/wallet")
async def wallet(visit: AVisit, member: Annotated[Id, Path()]) -> Response:
    """Show the wallet as it is today, or was at the end of a day."""
    reads, asked = visit.ended.reads, visit.ended.asked
    return visit.page(
        "wallet.html",
        member=member,
        wallet=await wallet_of(reads, asked, member),
        redemptions=await if_seen(
            redemptions_of(reads, asked, member, REDEMPTIONS_SHOWN, cursor=None)
        ),
        names=await visit.names([member]),
    )
