"""Redemptions: the codes that members show, and what became of them (domain.md §6.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.cursors import INTEGER_MAX, cursor_of, read_cursor
from jifen_ledger.application.queries.holders import Asked, HolderReads, known_holder
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import (
    require,
    sees_code,
    sees_redemption,
    sees_wallet_lines,
)
from jifen_ledger.domain.offers import OPEN, Hold, Offer, Redemption


class RedemptionReads(HolderReads, Protocol):
    """What is asked of offers and redemptions."""

    async def redemption(self, id_: str) -> Redemption | None:
        """Return the redemption, None where there is none."""

    async def open_redemptions(self, member: str) -> Sequence[Redemption]:
        """Return the member's open reservations, oldest first."""

    async def redemptions_of(self, member: str, before: int, limit: int) -> Sequence[Redemption]:
        """Return the member's redemptions that began before a record, newest first."""

    async def offers_named(self, ids: Collection[str]) -> Mapping[str, Offer]:
        """Return these offers, by id."""


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """What a redemption took from one lot."""

    claim: str
    seq: int
    points: str


@dataclass(frozen=True, slots=True)
class RedemptionAnswer:
    """A redemption. Its id is the code; `code_valid` tells whether goods can be handed over now.

    `lots` says which points pay for it: null for the shop.
    """

    redemption: str
    seq: int
    member: str
    offer: str
    offer_name_zh: str | None
    offer_name_en: str | None
    sponsor: str | None
    quantity: int
    price: str
    points: str
    reserved_on: str
    code_until: str
    code_valid: bool
    state: str
    why: str | None
    by: str | None
    lots: Sequence[HeldAnswer] | None


@dataclass(frozen=True, slots=True)
class Redemptions:
    """A page of a member's redemptions, newest first."""

    member: str
    redemptions: Sequence[RedemptionAnswer]
    next: str | None


async def redemption_answer(reads: RedemptionReads, asked: Asked, id_: str) -> RedemptionAnswer:
    """Return the redemption. Raises NotFound, Forbidden."""
    redemption = await reads.redemption(id_)
    if redemption is None:
        # Whoever may see codes may learn that there is none; nobody else learns either.
        require(allowed=sees_code(asked.reader))
        raise NotFound("There is no such redemption.")
    require(allowed=sees_redemption(asked.reader, redemption.member))
    detailed = sees_redemption(asked.reader, redemption.member, in_detail=True)
    [answer] = await redemption_answers(reads, asked, [redemption], detailed=detailed)
    return answer


async def redemptions_of(
    reads: RedemptionReads, asked: Asked, member: str, limit: int, cursor: str | None
) -> Redemptions:
    """Return a page of the member's redemptions. Raises NotFound, Forbidden, QueryInvalid."""
    holder = await known_holder(reads, asked, member)
    require(allowed=sees_wallet_lines(asked.reader, holder))
    before = INTEGER_MAX if cursor is None else read_cursor(cursor, int)[0]
    assert isinstance(before, int)
    found = await reads.redemptions_of(member, before, limit + 1)
    following = cursor_of(found[limit - 1].seq) if len(found) > limit else None
    answers = await redemption_answers(reads, asked, found[:limit], detailed=True)
    return Redemptions(member, answers, following)


async def redemption_answers(
    reads: RedemptionReads, asked: Asked, found: Sequence[Redemption], *, detailed: bool
) -> list[RedemptionAnswer]:
    """Return the redemptions as they are shown."""
    offers = await reads.offers_named({one.offer for one in found}) if found else {}
    return [_answer(one, offers.get(one.offer), asked, detailed=detailed) for one in found]


def _answer(
    redemption: Redemption, offer: Offer | None, asked: Asked, *, detailed: bool
) -> RedemptionAnswer:
    return RedemptionAnswer(
        redemption=redemption.redemption,
        seq=redemption.seq,
        member=redemption.member,
        offer=redemption.offer,
        offer_name_zh=None if offer is None else offer.name_zh,
        offer_name_en=None if offer is None else offer.name_en,
        sponsor=None if offer is None else offer.sponsor,
        quantity=redemption.quantity,
        price=format_points(redemption.price),
        points=format_points(redemption.points),
        reserved_on=redemption.reserved_on.isoformat(),
        code_until=redemption.code_until.isoformat(),
        code_valid=redemption.state == OPEN and asked.today <= redemption.code_until,
        state=redemption.state,
        why=redemption.why,
        by=redemption.by,
        lots=[_held(hold) for hold in redemption.holds] if detailed else None,
    )


def _held(hold: Hold) -> HeldAnswer:
    return HeldAnswer(hold.claim, hold.seq, format_points(hold.tenths))
