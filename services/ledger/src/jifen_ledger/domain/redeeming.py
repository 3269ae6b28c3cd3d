"""Which redemption an event is about."""

from __future__ import annotations

from jifen_contracts.codes import Code
from jifen_ledger.domain.offers import OPEN, Redemption
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.state import State


def open_redemption(state: State, member: str, id_: str) -> Redemption:
    """Return the member's open reservation. Raises `unknown_reference`, `wrong_state`."""
    redemption = state.redemptions.get(id_)
    if redemption is None or redemption.member != member:
        raise Refused(Code.UNKNOWN_REFERENCE)
    if redemption.state != OPEN:
        raise Refused(Code.WRONG_STATE, refers_to=redemption.seq)
    return redemption
