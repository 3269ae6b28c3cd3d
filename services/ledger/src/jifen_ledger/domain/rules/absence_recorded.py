"""`absence.recorded`: days on which a member is away (§2.2, §8.2 E40)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import AbsenceRecorded
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member
from jifen_ledger.domain.state import State

EXEMPT = "exempt"


def record_absence(state: State, event: AbsenceRecorded, moment: Moment) -> Effect:
    """Add the absence; sent again under its id it is corrected.

    Raises `unknown_member`, `dates_invalid`, `basis_required` (an exemption).
    """
    data, member = event.data, event.subject
    if not is_member(state, member):
        raise Refused(Code.UNKNOWN_MEMBER)
    from_, to = date.fromisoformat(data.from_), date.fromisoformat(data.to)
    if to <= from_:
        raise Refused(Code.DATES_INVALID)
    if data.kind == EXEMPT and data.basis is None:
        raise Refused(Code.BASIS_REQUIRED)
    earlier = state.absences.get((member, data.absence))
    absence = Absence(
        moment.seq if earlier is None else earlier.seq,
        member,
        data.absence,
        data.kind,
        from_,
        to,
        data.basis is not None,
    )
    state.keep("absences", moment.seq, absence)
    return Effect()
