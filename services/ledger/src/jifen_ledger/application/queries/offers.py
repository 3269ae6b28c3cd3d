"""Offers: what incentive points can be redeemed for, at which price, and how many are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.domain.offers import Offer


class OfferReads(HolderReads, Protocol):
    """What is asked of the offers."""

    async def offers(self, after: str, open_on: date | None, limit: int) -> Sequence[Offer]:
        """Return offers by id, beyond one; only those open on the day, if one is given."""


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """An offer: `closes` is the first day on which it is closed again."""

    offer: str
    sponsor: str
    name_zh: str
    name_en: str
    price: str
    stock_left: int
    per_member: int
    opens: str
    closes: str
    code_days: int
    open: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """A page of offers."""

    day: str
    offers: Sequence[OfferAnswer]
    next: str | None


async def offers_of(
    reads: OfferReads, asked: Asked, limit: int, cursor: str | None, *, all_of_them: bool
) -> Offers:
    """Return a page of the offers that are open, or of all. Raises QueryInvalid.

    An offer names no person: every reader sees it.
    """
    after = "" if cursor is None else read_cursor(cursor, str)[0]
    assert isinstance(after, str)
    day = asked.today
    found = await reads.offers(after, None if all_of_them else day, limit + 1)
    following = cursor_of(found[limit - 1].offer) if len(found) > limit else None
    return Offers(day.isoformat(), [_answer(offer, day) for offer in found[:limit]], following)


def _answer(offer: Offer, day: date) -> OfferAnswer:
    return OfferAnswer(
        offer=offer.offer,
        sponsor=offer.sponsor,
        name_zh=offer.name_zh,
        name_en=offer.name_en,
        price=format_points(offer.price),
        stock_left=offer.available,
        per_member=offer.per_member,
        opens=offer.opens.isoformat(),
        closes=offer.closes.isoformat(),
        code_days=offer.code_days,
        open=offer.is_open(day),
    )
