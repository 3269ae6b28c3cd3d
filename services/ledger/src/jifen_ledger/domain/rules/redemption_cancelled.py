"""`redemption.cancelled`: a reservation ends without goods (§2.2, §6.1)."""

from __future__ import annotations

from dataclasses import replace

from jifen_contracts.codes import Code
from jifen_contracts.events import RedemptionCancelled
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.offers import CANCELLED
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.purse import Purse
from jifen_ledger.domain.redeeming import open_redemption
from jifen_ledger.domain.state import State

CODE_EXPIRED = "code_expired"


def cancel(state: State, event: RedemptionCancelled, moment: Moment) -> Effect:
    """Release points and stock. Raises `unknown_reference`, `wrong_state`.

    A code that is still good has not expired: its reservation is in no state for that.
    """
    redemption = open_redemption(state, event.subject, event.data.redemption)
    if event.data.why == CODE_EXPIRED and moment.recorded_day <= redemption.code_until:
        raise Refused(Code.WRONG_STATE, refers_to=redemption.seq)
    moves = Movements()
    purse = Purse(state, moves, redemption.member, moment)
    purse.expire()
    purse.release(redemption.holds)
    cancelled = replace(redemption, state=CANCELLED, why=event.data.why)
    state.keep("redemptions", moment.seq, cancelled)
    offer = state.offers.get(redemption.offer)
    assert offer is not None
    reserved = offer.reserved - redemption.quantity
    state.keep("offers", moment.seq, replace(offer, reserved=reserved))
    return Effect(moves.postings())
