"""`redemption.fulfilled`: the goods are handed over, held points are spent (§2.2, §6.1)."""

from __future__ import annotations

from dataclasses import replace

from jifen_contracts.codes import Code
from jifen_contracts.events import RedemptionFulfilled
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.offers import FULFILLED
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.purse import Purse
from jifen_ledger.domain.redeeming import open_redemption
from jifen_ledger.domain.state import State


def fulfil(state: State, event: RedemptionFulfilled, moment: Moment) -> Effect:
    """Spend what is held. Raises `unknown_reference`, `wrong_state`, `code_expired`."""
    redemption = open_redemption(state, event.subject, event.data.redemption)
    if moment.recorded_day > redemption.code_until:
        raise Refused(Code.CODE_EXPIRED, refers_to=redemption.seq)
    moves = Movements()
    purse = Purse(state, moves, redemption.member, moment)
    purse.expire()
    purse.spend(redemption.holds)
    handed_over = replace(redemption, state=FULFILLED, by=event.data.by)
    state.keep("redemptions", moment.seq, handed_over)
    offer = state.offers.get(redemption.offer)
    assert offer is not None
    # A sponsor may have said meanwhile that there are fewer than people have reserved.
    stock = max(0, offer.stock - redemption.quantity)
    reserved = offer.reserved - redemption.quantity
    state.keep("offers", moment.seq, replace(offer, stock=stock, reserved=reserved))
    return Effect(moves.postings())
