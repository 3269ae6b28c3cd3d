"""`points.reversed`: a claim is withdrawn, or its verified points are taken back (§2.2, §3.1)."""

from __future__ import annotations

from jifen_contracts.codes import Code
from jifen_contracts.events import PointsReversed
from jifen_contracts.periods import quarter_of
from jifen_ledger.domain.booking import period_of
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.corrections import note_reversal
from jifen_ledger.domain.deciding import (
    Decision,
    check_decision,
    deciders_of,
    is_for_upper_alone,
)
from jifen_ledger.domain.life import is_lapsed
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.periods import PeriodState
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.revaluation import rehomed
from jifen_ledger.domain.reversing import Ending, end_claim
from jifen_ledger.domain.state import State


def reverse(state: State, event: PointsReversed, moment: Moment) -> Effect:
    """End the claim. Raises Refused with the first code that applies."""
    data = event.data
    claim = state.claims.get(data.claim)
    if claim is None or claim.holder != event.subject:
        raise Refused(Code.UNKNOWN_CLAIM)
    if claim.state is ClaimState.REVERSED:
        raise Refused(Code.ALREADY_REVERSED, refers_to=claim.reversed_seq)
    withdrawn = data.cause == "withdrawn"
    ended = claim.state is ClaimState.REJECTED or is_lapsed(claim, moment.recorded_day)
    if ended or withdrawn == (claim.state is ClaimState.VERIFIED):
        raise Refused(Code.WRONG_STATE, refers_to=claim.decided_seq or claim.seq)
    deciders = deciders_of(data.by, data.deciders)
    if withdrawn:
        if data.by not in (claim.holder, claim.by):
            raise Refused(Code.NOT_PERMITTED)
    else:
        # A corrected register may have moved the deed to another branch: its people decide now.
        home = rehomed(state, claim)
        roles = (_role(state, claim, home, moment),)
        check_decision(state, home, Decision(data.by, deciders, moment.recorded_day, roles))
    if data.reason is None:
        raise Refused(Code.REASON_REQUIRED)
    return _end(state, event, claim, deciders, moment)


def _role(state: State, claim: Claim, home: Claim, moment: Moment) -> str:
    """Return who takes points back: what was decided one level up, or is FINAL, only `upper`."""
    if is_for_upper_alone(state, home, moment.recorded_day):
        return "upper"
    period = period_of(state, claim.branch, quarter_of(claim.deed_date))
    is_final = period is not None and period.state == PeriodState.FINAL
    return "upper" if is_final else "panel"


def _end(
    state: State,
    event: PointsReversed,
    claim: Claim,
    deciders: tuple[str, ...],
    moment: Moment,
) -> Effect:
    moves = Movements()
    ending = Ending(moment, event.data.by, deciders, event.data.reason)
    notices = end_claim(state, moves, claim, ending)
    if event.data.objection is not None:
        note_reversal(state, event.data.objection, claim.id, moment.seq)
    return Effect(moves.postings(), notices, claim.id, claim.item, quarter_of(claim.deed_date))
