"""What the stream shows of a holder's self-assessments: the record that B04 rests on (§3.1, §6.4).

Being on time is all that scores: one assessment is due a month, and done when it was recorded by
the claims deadline. It is excused where the holder was away on every day of the month and sent
none. Before the deadline, what is not done is not yet known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jifen_ledger.domain.claim import Measured
from jifen_ledger.domain.quarter_duties import is_away
from jifen_ledger.domain.state import State
from jifen_ledger.domain.three_levels import is_on_time
from jifen_ledger.domain.versions import version_on


def shown_measure(
    state: State, holder: str, months: Sequence[str], recorded_day: date
) -> Measured | None:
    """Return the measure that the stream shows; None while one of the months is undecided."""
    done = excused = 0
    for month in months:
        if is_on_time(state, holder, month):
            done += 1
        elif _is_excused(state, holder, month):
            excused += 1
        elif not is_closed(state, month, recorded_day):
            return None
    return Measured(required=len(months), excused=excused, done=done)


def is_closed(state: State, month: str, recorded_day: date) -> bool:
    """Tell whether the claims deadline of the month has passed, as the calendar now has it."""
    return recorded_day > claims_deadline(state, month, recorded_day)


def claims_deadline(state: State, month: str, recorded_day: date) -> date:
    """Return the last day of the month's self-assessments, by the calendar of a recorded day."""
    version = version_on(state.versions, recorded_day) or state.versions[0]
    return version.claims_deadline(month)


def _is_excused(state: State, holder: str, month: str) -> bool:
    return state.units.get(holder) is None and is_away(state, holder, month)
