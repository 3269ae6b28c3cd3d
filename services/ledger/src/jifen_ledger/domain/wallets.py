"""Wallets: lots of incentive points, debts, what a budget kept back, and the budget (§6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from jifen_contracts.scheme.terms import Expiry

OPEN: Final = "open"
USED: Final = "used"

# Points that come back after their lot's last day can be used for this long.
RETURNED_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Lot:
    """Incentive points of one award, as far as they are left, with the days they can be used.

    `held` of them wait for goods. `due` is the last day by the scheme's rule, `expires` the one
    that holds: later where points came back after `due`. `state` is `used` once nothing is left.
    """

    seq: int
    claim: str
    holder: str
    item: str
    amount: int
    left: int
    held: int
    posted: date
    due: date
    expires: date
    state: str

    @property
    def key(self) -> tuple[str, int]:
        """What tells the lot from others: the claim that earned it, and the record."""
        return (self.claim, self.seq)

    @property
    def free(self) -> int:
        """What is left and not held."""
        return self.left - self.held

    def usable(self, day: date) -> bool:
        """Tell whether its free points can be used on the day."""
        return day <= self.expires

    @property
    def order(self) -> tuple[date, int, str]:
        """Points are used up in this order: earliest expiry, then lower sequence."""
        return (self.expires, self.seq, self.claim)


class Withheld(NamedTuple):
    """What an exhausted budget kept back of a holder's points of one item and month."""

    item: str
    month: str
    tenths: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a holder's lots do not say: the debt, and what was earned and never issued."""

    seq: int
    holder: str
    debt: int = 0
    withheld: tuple[Withheld, ...] = ()

    @property
    def kept_back(self) -> Mapping[tuple[str, str], int]:
        """What was kept back, by item and month."""
        return {(one.item, one.month): one.tenths for one in self.withheld}

    def withheld_of(self, item: str, month: str) -> int:
        """Return what was kept back of an item's points of a month."""
        return self.kept_back.get((item, month), 0)


@dataclass(frozen=True, slots=True)
class IncentiveYear:
    """What `issue:…:inc` has given out in a calendar year of posting, for the year's budget."""

    seq: int
    year: str
    issued: int


def last_day(expiry: Expiry, posted: date) -> date:
    """Return the last day on which points posted on a day can be used."""
    late = f"{posted:%m-%d}" >= expiry.if_posted_from
    year, month_day = (posted.year + 1, expiry.then) if late else (posted.year, expiry.month_day)
    last = date.fromisoformat(f"{year:04}-{month_day}")
    # An expiry before the posting would take the points before they can be used.
    return last if last >= posted else last.replace(year=last.year + 1)


def returned_until(lot: Lot, day: date) -> date:
    """Return the last day of a lot whose held points become free again."""
    if day <= lot.due:
        return lot.expires
    return max(lot.expires, day + timedelta(days=RETURNED_DAYS))
