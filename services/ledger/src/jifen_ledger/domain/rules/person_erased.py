"""`person.erased`: names and private parts go; id, totals and proofs stay (§2.2, E42)."""

from __future__ import annotations

from jifen_contracts.codes import Code
from jifen_contracts.events import PersonErased
from jifen_ledger.domain.erasures import Erasure
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State


def erase_person(state: State, event: PersonErased, moment: Moment) -> Effect:
    """Close the id. Sent again it erases what has come since. Raises `unknown_member`."""
    # A record that was joined into another is still a name that can be erased.
    if state.members.get(event.subject) is None:
        raise Refused(Code.UNKNOWN_MEMBER)
    earlier = state.erasures.get(event.subject)
    erasure = earlier or Erasure(moment.seq, event.subject, event.data.basis.sha256)
    state.keep("erasures", moment.seq, erasure)
    return Effect()
