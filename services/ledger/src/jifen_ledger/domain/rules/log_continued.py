"""`log.continued`: this scheme's log follows one that was lost (§2.2, tlog.md §10.3)."""

from __future__ import annotations

from jifen_contracts.codes import Code
from jifen_contracts.events import LogContinued
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State

FIRST_SEQ = 1


def continue_log(state: State, event: LogContinued, moment: Moment) -> Effect:
    """Let the record say which log came before. Raises `wrong_state` but at the very beginning."""
    del state, event
    if moment.seq != FIRST_SEQ:
        raise Refused(Code.WRONG_STATE)
    return Effect()
