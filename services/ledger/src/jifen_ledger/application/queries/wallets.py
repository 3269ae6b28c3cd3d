"""A member's wallet: what can be used, what is held or owed, and what expires when (§6.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.holders import (
    Asked,
    PersonName,
    item_names,
    known_holder,
)
from jifen_ledger.application.queries.redemptions import (
    RedemptionAnswer,
    RedemptionReads,
    redemption_answers,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require, sees_wallet_lines, sees_wallet_total
from jifen_ledger.domain.wallets import Lot, Wallet

# domain.md §6.1: how many days ahead of an expiry its holder is reminded.
FIRST_REMINDER: Final = 30
LAST_REMINDER: Final = 7


class WalletReads(RedemptionReads, Protocol):
    """What is asked of the wallets."""

    async def wallet(self, holder: str) -> Wallet | None:
        """Return the holder's debt and what budgets kept back, None where there never was any."""

    async def open_lots(self, holder: str) -> Sequence[Lot]:
        """Return the holder's lots with something left, in the order in which they are used up."""


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """Points of one award. `expires` is their last day; held ones stay beyond it."""

    claim: str
    seq: int
    item: str
    item_name_zh: str | None
    item_name_en: str | None
    amount: str
    left: str
    held: str
    posted: str
    expires: str
    expired: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """Free points that expire soon: the first reminder at 30 days, the last at 7."""

    expires: str
    days_left: int
    reminder: Literal[30, 7]
    points: str


@dataclass(frozen=True, slots=True)
class WalletAnswer:
    """A wallet on a day. `balance` is the account's; `available` is what can be reserved now.

    `expired` is past its last day and leaves the account with the next event that touches it.
    Lots, reminders and reservations are null for readers who see totals only.
    """

    holder: str
    size: int
    day: str
    balance: str
    available: str
    held: str
    expired: str
    debt: str
    lots: Sequence[LotAnswer] | None
    reminders: Sequence[Reminder] | None
    redemptions: Sequence[RedemptionAnswer] | None


async def wallet_of(reads: WalletReads, asked: Asked, id_: str) -> WalletAnswer:
    """Return the member's wallet. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    require(allowed=sees_wallet_total(asked.reader, holder))
    if holder.of_unit:
        raise NotFound("Units have no wallet.")
    wallet, lots = await reads.wallet(id_), await reads.open_lots(id_)
    debt = 0 if wallet is None else wallet.debt
    free, expired = (
        sum(lot.free for lot in lots if lot.usable(asked.today) is usable)
        for usable in (True, False)
    )
    detailed = sees_wallet_lines(asked.reader, holder)
    names = item_names(await reads.versions())
    return WalletAnswer(
        holder=id_,
        size=asked.size,
        day=asked.today.isoformat(),
        balance=format_points(sum(lot.left for lot in lots) - debt),
        available=format_points(0 if debt else free),
        held=format_points(sum(lot.held for lot in lots)),
        expired=format_points(expired),
        debt=format_points(debt),
        lots=[_lot(lot, names, asked.today) for lot in lots] if detailed else None,
        reminders=reminders_on(lots, asked.today) if detailed else None,
        redemptions=await _open(reads, asked, id_) if detailed else None,
    )


def reminders_on(lots: Sequence[Lot], day: date) -> list[Reminder]:
    """Return what expires within thirty days, by its last day."""
    points: dict[date, int] = {}
    for lot in lots:
        if lot.free and lot.usable(day) and (lot.expires - day).days <= FIRST_REMINDER:
            points[lot.expires] = points.get(lot.expires, 0) + lot.free
    return [
        Reminder(
            expires.isoformat(),
            (expires - day).days,
            LAST_REMINDER if (expires - day).days <= LAST_REMINDER else FIRST_REMINDER,
            format_points(tenths),
        )
        for expires, tenths in sorted(points.items())
    ]


async def _open(reads: WalletReads, asked: Asked, member: str) -> list[RedemptionAnswer]:
    return await redemption_answers(
        reads, asked, await reads.open_redemptions(member), detailed=True
    )


def _lot(lot: Lot, names: Mapping[str, PersonName], day: date) -> LotAnswer:
    name = names.get(lot.item)
    return LotAnswer(
        claim=lot.claim,
        seq=lot.seq,
        item=lot.item,
        item_name_zh=None if name is None else name.zh,
        item_name_en=None if name is None else name.en,
        amount=format_points(lot.amount),
        left=format_points(lot.left),
        held=format_points(lot.held),
        posted=lot.posted.isoformat(),
        expires=lot.expires.isoformat(),
        expired=not lot.usable(day),
    )
