"""`redemption.reserved`: a member reserves goods, and the points for them are held (§2.2, §6.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from jifen_contracts.codes import Code
from jifen_contracts.events import RedemptionReserved
from jifen_contracts.points import parse_points
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.offers import CANCELLED, OPEN, Offer, Redemption
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.purse import Purse
from jifen_ledger.domain.state import State


def reserve(state: State, event: RedemptionReserved, moment: Moment) -> Effect:
    """Hold points and stock. Raises Refused with the first code that applies.

    Whoever left keeps the wallet until its lots expire (E63).
    """
    data, member = event.data, event.subject
    if not is_member(state, member):
        raise Refused(Code.UNKNOWN_MEMBER)
    known = state.redemptions.get(data.redemption)
    if known is not None:
        raise Refused(Code.ALREADY_EXISTS, refers_to=known.seq)
    offer = state.offers.get(data.offer)
    if offer is None:
        raise Refused(Code.UNKNOWN_REFERENCE)
    _check_offer(state, event, offer, moment)
    moves = Movements()
    purse = Purse(state, moves, member, moment)
    if purse.wallet.debt:
        raise Refused(Code.DEBT_OUTSTANDING)
    points = offer.price * data.quantity
    if purse.free < points:
        raise Refused(Code.INSUFFICIENT_POINTS)
    purse.expire()
    day = moment.recorded_day
    redemption = Redemption(
        moment.seq,
        data.redemption,
        member,
        offer.offer,
        data.quantity,
        offer.price,
        reserved_on=day,
        code_until=day + timedelta(days=offer.code_days),
        holds=purse.hold(points),
        state=OPEN,
    )
    state.keep("redemptions", moment.seq, redemption)
    reserved = offer.reserved + data.quantity
    state.keep("offers", moment.seq, replace(offer, reserved=reserved))
    return Effect(moves.postings())


def _check_offer(state: State, event: RedemptionReserved, offer: Offer, moment: Moment) -> None:
    """Check `offer_closed`, `price_changed`, `limit_reached`, `out_of_stock`."""
    data = event.data
    if not offer.is_open(moment.recorded_day):
        raise Refused(Code.OFFER_CLOSED, refers_to=offer.seq)
    if parse_points(data.price) != offer.price:
        raise Refused(Code.PRICE_CHANGED, refers_to=offer.seq)
    if _taken(state, event.subject, offer) + data.quantity > offer.per_member:
        raise Refused(Code.LIMIT_REACHED, refers_to=offer.seq)
    if offer.available < data.quantity:
        raise Refused(Code.OUT_OF_STOCK, refers_to=offer.seq)


def _taken(state: State, member: str, offer: Offer) -> int:
    """Return how many of the offer the member has, or has reserved."""
    own = (state.redemptions.get(id_) for id_ in state.redemptions_of.get(member))
    return sum(
        one.quantity
        for one in own
        if one is not None and one.offer == offer.offer and one.state != CANCELLED
    )
