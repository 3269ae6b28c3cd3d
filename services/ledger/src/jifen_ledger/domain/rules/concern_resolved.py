"""`concern.resolved`: the handler says that it is settled; the clock stops (§2.2, §6.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import ConcernResolved
from jifen_ledger.domain.concern_clock import paused_days
from jifen_ledger.domain.concern_group import has_open_part, known_concern
from jifen_ledger.domain.concern_rights import may_resolve
from jifen_ledger.domain.concerns import ASSIGNED, REOPENED, RESOLVED
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State


def resolve_concern(state: State, event: ConcernResolved, moment: Moment) -> Effect:
    """Close the concern for its raisers to confirm.

    Raises `unknown_reference`, `wrong_state`, `not_permitted`, `children_open`,
    `evidence_required`.
    """
    data = event.data
    concern = known_concern(state, event.subject, data.concern)
    # After it was reopened its handler still has it.
    if concern.state not in (ASSIGNED, REOPENED):
        raise Refused(Code.WRONG_STATE, refers_to=concern.seq)
    if not may_resolve(state, concern, data.by, moment.recorded_day):
        raise Refused(Code.NOT_PERMITTED)
    if has_open_part(state, concern):
        raise Refused(Code.CHILDREN_OPEN)
    if not data.evidence:
        raise Refused(Code.EVIDENCE_REQUIRED)
    in_use = date.fromisoformat(data.in_use)
    resolved = replace(
        concern,
        state=RESOLVED,
        in_use=in_use,
        paused_days=paused_days(concern.pauses, concern.raised_on, in_use),
        resolved_on=moment.recorded_day,
        voices=(),
    )
    state.keep("concerns", moment.seq, resolved)
    return Effect()
