"""Items that no person reviews first (role `record`): the record in the stream that they rest on.

What an item measures says which record that is. There is one function for each kind; it tells
whether the stream shows what the claim states, on the recorded day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from jifen_contracts.codes import Code
from jifen_contracts.periods import month_of, months_of, quarter_of
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.state import State
from jifen_ledger.domain.timeliness import shown_measure
from jifen_ledger.domain.versions import version_on
from jifen_ledger.domain.wanted import Wanted
from jifen_ledger.domain.worth import Stated

RECORD: Final = "record"

Fits = Callable[[State, str, Item, Stated, date], bool]
Wants = Callable[[State, str, date, Wanted], None]


def check_record(state: State, item: Item, holder: str, stated: Stated, recorded_day: date) -> None:
    """Raise `record_mismatch` where the item rests on a record and that says otherwise."""
    if item.preliminary != RECORD:
        return
    fits = _RECORDS.get(item.measure_of)
    if fits is None or not fits(state, holder, item, stated, recorded_day):
        raise Refused(Code.RECORD_MISMATCH)


def want_record(state: State, code: str, holder: str, day: date, wanted: Wanted) -> None:
    """Want the record that a claim of the item rests on, if it rests on one."""
    version = version_on(state.versions, day)
    measures = None if version is None else version.resting_on_records.get(code)
    wants = None if measures is None else _WANTS.get(measures)
    if wants is not None:
        wants(state, holder, day, wanted)


def _want_assessment(state: State, holder: str, day: date, wanted: Wanted) -> None:
    wanted.want(state.assessments, (holder, month_of(day), False))
    if state.units.get(holder) is None:
        wanted.want(state.absences_of, holder)


def _assessed_in_time(
    state: State, holder: str, item: Item, stated: Stated, recorded_day: date
) -> bool:
    """Tell whether the measure is what the holder's own self-assessments show (B04)."""
    for capacity, measured in stated.measure.items():
        quarterly = item.lines[capacity].per == "quarter"
        months = months_of(quarter_of(stated.day)) if quarterly else (month_of(stated.day),)
        if measured != shown_measure(state, holder, months, recorded_day):
            return False
    return True


_WANTS: Final[Mapping[str, Wants]] = {
    "timeliness": _want_assessment,
}
_RECORDS: Final[Mapping[str, Fits]] = {
    "timeliness": _assessed_in_time,
}
