"""The balances of one holder's accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    known_holder,
    policy_of,
    ruling_document,
)
from jifen_ledger.application.queries.rights import (
    Holder,
    View,
    require,
    sees_pending,
    sees_wallet_lines,
    sees_wallet_total,
    view_of,
)
from jifen_ledger.domain.postings import holder_account, pending_account, unit_of_points, wallet

Account = Literal["committee", "member", "unit", "pending", "wallet"]
OF_MEMBERS: tuple[Account, ...] = ("committee", "member", "pending", "wallet")
OF_UNITS: tuple[Account, ...] = ("unit", "pending")


class BalanceReads(HolderReads, Protocol):
    """What is asked of the accounts."""

    async def balances(self, accounts: Collection[str]) -> Mapping[str, int]:
        """Return the balances in tenths; an account nothing was posted to is left out."""

    async def deductions(self, holder: str, capacity: str) -> int:
        """Return the sum of the deductions in force, in tenths, of all quarters."""


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One account. Where deductions are not shown, the balance is without them."""

    capacity: Account
    account: str
    unit: str
    balance: str
    deductions_shown: bool


@dataclass(frozen=True, slots=True)
class Balances:
    """The accounts of a holder that the reader may see."""

    holder: str
    size: int
    accounts: Sequence[AccountBalance]


async def balances_of(reads: BalanceReads, asked: Asked, id_: str) -> Balances:
    """Return the balances of the holder's accounts. Raises NotFound, Forbidden.

    A wallet goes by recorded time alone: where a day of deeds is asked for it is left out.
    """
    holder = await known_holder(reads, asked, id_)
    shown = {
        capacity: view
        for capacity in (OF_UNITS if holder.of_unit else OF_MEMBERS)
        if not (capacity == "wallet" and asked.as_of is not None)
        and (
            (view := await account_view(reads, asked, holder, capacity)).value >= View.SHEET.value
            or (capacity == "wallet" and sees_wallet_total(asked.reader, holder))
        )
    }
    require(allowed=bool(shown))
    held = await reads.balances([account_of(id_, capacity) for capacity in shown])
    accounts = []
    for capacity, view in shown.items():
        account = account_of(id_, capacity)
        tenths = held.get(account, 0)
        if view is View.SHEET:
            tenths += await reads.deductions(id_, capacity)
        accounts.append(
            AccountBalance(
                capacity,
                account,
                unit_of_points(account),
                format_points(tenths),
                deductions_shown=view is not View.SHEET,
            )
        )
    return Balances(id_, asked.size, accounts)


async def account_view(reads: HolderReads, asked: Asked, holder: Holder, capacity: Account) -> View:
    """Return how much of the account's movements the reader sees."""
    if capacity == "pending":
        return View.EVERYTHING if sees_pending(asked.reader, holder) else View.NOTHING
    if capacity == "wallet":
        return View.EVERYTHING if sees_wallet_lines(asked.reader, holder) else View.NOTHING
    document = await ruling_document(reads, asked)
    return view_of(asked.reader, holder, capacity, policy_of(document, capacity))


def account_of(holder: str, capacity: Account) -> str:
    """Return the account's name."""
    if capacity == "pending":
        return pending_account(holder)
    if capacity == "wallet":
        return wallet(holder)
    return holder_account(holder, capacity)
