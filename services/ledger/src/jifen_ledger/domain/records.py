"""Records in the stream that claims rest on: one function for each kind (domain.md §3.1, §3.2).

What an item measures says which record that is. A function tells whether the stream shows what
the claim states, on the recorded day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from jifen_contracts.codes import Code
from jifen_contracts.periods import month_of, months_of, quarter_of
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.concern_items import pays_for_help_project
from jifen_ledger.domain.concerns import CONFIRMED
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.people import identity
from jifen_ledger.domain.state import State
from jifen_ledger.domain.timeliness import shown_measure
from jifen_ledger.domain.versions import version_on
from jifen_ledger.domain.wanted import Wanted
from jifen_ledger.domain.worth import Stated

RECORD: Final = "record"

Fits = Callable[[State, str, Item, Stated, date], bool]
Wants = Callable[[State, str, date, Wanted], None]


def check_record(state: State, item: Item, holder: str, stated: Stated, recorded_day: date) -> None:
    """Raise `record_mismatch` unless the record that the item rests on exists and fits."""
    if item.preliminary == RECORD:
        fits = _RECORDS.get(item.measure_of)
        if fits is None or not fits(state, holder, item, stated, recorded_day):
            raise Refused(Code.RECORD_MISMATCH)
    elif pays_for_help_project(item) and not _is_accepted(state, stated):
        raise Refused(Code.RECORD_MISMATCH)


def want_record(state: State, code: str, holder: str, day: date, wanted: Wanted) -> None:
    """Want the self-assessment that a claim of the item rests on, if it rests on one."""
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
    """B04: the measure is what the holder's own self-assessments show."""
    for capacity, measured in stated.measure.items():
        quarterly = item.lines[capacity].per == "quarter"
        months = months_of(quarter_of(stated.day)) if quarterly else (month_of(stated.day),)
        if measured != shown_measure(state, holder, months, recorded_day):
            return False
    return True


def _is_handled_concern(state: State, holder: str, _: Item, stated: Stated, __: date) -> bool:
    """D02: the concern is confirmed, was in use on time by the deed date, and is the holder's."""
    concern = state.concerns.get(stated.deed)
    if concern is None or concern.state != CONFIRMED or concern.handler is None:
        return False
    in_use = concern.in_use is not None and concern.in_use <= stated.day
    own = identity(state, concern.handler) == identity(state, holder)
    return in_use and own and concern.on_time


def _is_accepted(state: State, stated: Stated) -> bool:
    """D01: where the deed is a concern, it is a help project that its users have accepted.

    Where it is none, the counterpart of the claim answers for the users.
    """
    concern = state.concerns.get(stated.deed)
    return concern is None or (concern.kind == "project" and concern.state == CONFIRMED)


_WANTS: Final[Mapping[str, Wants]] = {"timeliness": _want_assessment}
# By what the item measures; a kind of record that nothing checks fits no claim.
_RECORDS: Final[Mapping[str, Fits]] = {
    "timeliness": _assessed_in_time,
    "help": _is_handled_concern,
}
