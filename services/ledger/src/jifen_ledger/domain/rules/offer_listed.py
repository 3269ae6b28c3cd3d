"""`offer.listed`: a sponsor offers goods for incentive points (§2.2, §6.1)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import OfferListed
from jifen_contracts.points import parse_points
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.offers import Offer
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State


def list_offer(state: State, event: OfferListed, moment: Moment) -> Effect:
    """Add the offer; sent again by its sponsor it has another price, stock or dates.

    Raises `unknown_unit` (also for the offer of another unit: it stays with the sponsor that
    listed it first), `dates_invalid`.
    """
    data, sponsor = event.data, event.subject
    known = state.offers.get(data.offer)
    if state.units.get(sponsor) is None or (known is not None and known.sponsor != sponsor):
        raise Refused(Code.UNKNOWN_UNIT)
    opens, closes = date.fromisoformat(data.opens), date.fromisoformat(data.closes)
    if closes <= opens:
        raise Refused(Code.DATES_INVALID)
    offer = Offer(
        moment.seq if known is None else known.seq,
        data.offer,
        sponsor,
        data.name_zh,
        data.name_en,
        parse_points(data.price),
        data.stock,
        data.per_member,
        opens,
        closes,
        data.code_days,
        # What is reserved stays reserved, whatever the sponsor says of the stock.
        0 if known is None else known.reserved,
    )
    state.keep("offers", moment.seq, offer)
    return Effect()
