"""Offers of goods for incentive points, and the redemptions that take them (domain.md §6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

OPEN: Final = "open"
FULFILLED: Final = "fulfilled"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class Offer:
    """Goods of a sponsor at a price in tenths, from `opens` until before `closes`.

    `stock` is what the sponsor has, `reserved` the part of it that waits for its people.
    """

    seq: int
    offer: str
    sponsor: str
    name_zh: str
    name_en: str
    price: int
    stock: int
    per_member: int
    opens: date
    closes: date
    code_days: int
    reserved: int

    @property
    def available(self) -> int:
        """How many can still be reserved."""
        return max(0, self.stock - self.reserved)

    def is_open(self, day: date) -> bool:
        """Tell whether goods can be reserved on the day."""
        return self.opens <= day < self.closes


class Hold(NamedTuple):
    """Points that a redemption took from one lot, named by its claim and record."""

    claim: str
    seq: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Redemption:
    """Goods reserved by a member; `code_until` is the last day on which the code is good.

    `price` is that of one piece. `why` says who cancelled, `by` who handed the goods over.
    """

    seq: int
    redemption: str
    member: str
    offer: str
    quantity: int
    price: int
    reserved_on: date
    code_until: date
    holds: tuple[Hold, ...]
    state: str
    why: str | None = None
    by: str | None = None

    @property
    def points(self) -> int:
        """What it costs, in tenths."""
        return self.price * self.quantity
