"""The wallets of a scheme together: what was issued, used, held and owed, and the year's budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from jifen_contracts.points import format_points, parse_points
from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.application.queries.ledger import LedgerReads
from jifen_ledger.domain.versions import calendar_on


class WaitingTotals(NamedTuple):
    """Debts of all wallets, open reservations and what they hold, in tenths."""

    debt: int
    redemptions: int
    held: int


class TotalReads(HolderReads, LedgerReads, Protocol):
    """What is asked of all wallets."""

    async def waiting_totals(self) -> WaitingTotals:
        """Return debts and open reservations."""

    async def issued_in(self, year: str) -> int:
        """Return what a calendar year has issued, in tenths."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a calendar year may issue and has issued; null where the scheme sets no budget."""

    year: str
    budget: str | None
    issued: str
    left: str | None


@dataclass(frozen=True, slots=True)
class WalletTotals:
    """Sums over every wallet: no person can be found in them."""

    size: int
    day: str
    issued: str
    in_wallets: str
    spent: str
    expired: str
    reversed: str
    held: str
    debt: str
    open_redemptions: int
    budget: Budget


async def totals_of(reads: TotalReads, asked: Asked) -> WalletTotals:
    """Return the totals; every reader sees them."""
    sums = {kind: tenths for (unit, kind), tenths in (await reads.sums()).items() if unit == "inc"}
    waiting = await reads.waiting_totals()
    return WalletTotals(
        size=asked.size,
        day=asked.today.isoformat(),
        issued=format_points(-sums.get("issue", 0)),
        in_wallets=format_points(sums.get("wallets", 0)),
        spent=format_points(sums.get("spent", 0)),
        expired=format_points(sums.get("expired", 0)),
        reversed=format_points(sums.get("reversed", 0)),
        held=format_points(waiting.held),
        debt=format_points(waiting.debt),
        open_redemptions=waiting.redemptions,
        budget=await _budget(reads, asked),
    )


async def _budget(reads: TotalReads, asked: Asked) -> Budget:
    year, versions = str(asked.today.year), await reads.versions()
    issued = await reads.issued_in(year)
    text = calendar_on(versions, asked.today)[0].incentive.year_budget if versions else None
    left = None if text is None else format_points(max(0, parse_points(text) - issued))
    return Budget(year, text, format_points(issued), left)
