"""`veto.lifted`: somebody else of the upper level ends a veto, or annuls it (§2.2, E57)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import VetoLifted
from jifen_ledger.domain.belonging import is_above
from jifen_ledger.domain.figure_moves import rezero
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import identity
from jifen_ledger.domain.state import State
from jifen_ledger.domain.vetoes import Veto


def lift_veto(state: State, event: VetoLifted, moment: Moment) -> Effect:
    """End the veto on a day, or from its start; the scores are then what they were without it.

    Raises `unknown_reference`, `wrong_state`, `same_reviewer`, `not_permitted`,
    `reason_required`.
    """
    data, member = event.data, event.subject
    veto = state.vetoes.get(data.veto)
    if veto is None or veto.member != member:
        raise Refused(Code.UNKNOWN_REFERENCE)
    on = None if data.on is None else date.fromisoformat(data.on)
    if not _can_end(veto, on):
        raise Refused(Code.WRONG_STATE, refers_to=veto.seq)
    if identity(state, data.by) == identity(state, veto.by):
        raise Refused(Code.SAME_REVIEWER, refers_to=veto.seq)
    if not is_above(state, data.by, member, moment.recorded_day):
        raise Refused(Code.NOT_PERMITTED)
    if data.reason is None:
        raise Refused(Code.REASON_REQUIRED)
    lifted = replace(veto, annulled=on is None, lifted_on=on, lifted_by=data.by, reason=data.reason)
    state.keep("vetoes", moment.seq, lifted)
    rezero(state, member)
    return Effect()


def _can_end(veto: Veto, on: date | None) -> bool:
    """A lift takes days away: an annulled veto has none, and an appeal may follow a lift."""
    if veto.annulled:
        return False
    return on is None or (veto.from_ < on and (veto.end is None or on < veto.end))
