"""`member.left`: assignments end and the accounts freeze (§2.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import MemberLeft
from jifen_ledger.domain.assigning import put_assignment
from jifen_ledger.domain.changes import Departure
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State


def leave(state: State, event: MemberLeft, moment: Moment) -> Effect:
    """End the assignments that the stream holds so far.

    Raises `unknown_member`, `dates_invalid` (before any standing).
    """
    member = state.members.get(event.subject)
    if member is None:
        raise Refused(Code.UNKNOWN_MEMBER)
    on = date.fromisoformat(event.data.on)
    if on < min(standing.from_ for standing in member.standings):
        raise Refused(Code.DATES_INVALID)
    for assignment in member.assignments:
        if assignment.to is None or assignment.to > on:
            # What would have begun later never does: its span is empty.
            end = max(on, assignment.from_)
            put_assignment(state, replace(assignment, seq=moment.seq, to=end))
    state.changes.departures.append(Departure(member.id, moment.seq, on, event.data.why))
    return Effect()
