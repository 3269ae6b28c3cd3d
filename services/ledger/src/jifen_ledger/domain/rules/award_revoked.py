"""`award.revoked`: the level above takes an award back; its history stays (§2.2, §6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import AwardRevoked
from jifen_ledger.domain.belonging import is_above
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.roles import is_upper
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of


def revoke_award(state: State, event: AwardRevoked, moment: Moment) -> Effect:
    """End the award on the recorded day.

    Raises `unknown_reference`, `wrong_state`, `not_permitted`, `reason_required`.
    """
    data, holder = event.data, event.subject
    award = state.awards.get(data.award)
    if award is None or award.holder != holder:
        raise Refused(Code.UNKNOWN_REFERENCE)
    if award.revoked_on is not None:
        raise Refused(Code.WRONG_STATE, refers_to=award.seq)
    if not _may_revoke(state, data.by, holder, moment.recorded_day):
        raise Refused(Code.NOT_PERMITTED)
    if data.reason is None:
        raise Refused(Code.REASON_REQUIRED)
    revoked = replace(award, revoked_on=moment.recorded_day, revoked_by=data.by, reason=data.reason)
    state.keep("awards", moment.seq, revoked)
    return Effect()


def _may_revoke(state: State, by: str, holder: str, day: date) -> bool:
    if state.units.get(holder) is None:
        return is_above(state, by, holder, day)
    return is_upper(state, by, branch_of(state, holder, day), day)
