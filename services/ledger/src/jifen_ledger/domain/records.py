"""Records in the stream that claims rest on: one function for each kind (domain.md §3.1, §3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from jifen_contracts.codes import Code
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.concern_items import pays_for_help_project
from jifen_ledger.domain.concerns import CONFIRMED
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.people import identity
from jifen_ledger.domain.state import State
from jifen_ledger.domain.worth import Stated

# Takes the state, the holder, what is claimed, and the recorded day.
Fits = Callable[[State, str, Stated, date], bool]


def check_record(state: State, item: Item, holder: str, stated: Stated, recorded_day: date) -> None:
    """Raise `record_mismatch` unless the record that the item rests on exists and fits."""
    if item.preliminary == "record":
        fits = RECORDS.get(item.measure_of)
        if fits is None or not fits(state, holder, stated, recorded_day):
            raise Refused(Code.RECORD_MISMATCH)
    elif pays_for_help_project(item) and not _is_accepted(state, stated):
        raise Refused(Code.RECORD_MISMATCH)


def _is_handled_concern(state: State, holder: str, stated: Stated, _: date) -> bool:
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


# By what the item measures; a kind of record that nothing checks fits no claim.
RECORDS: Final[Mapping[str, Fits]] = {"help": _is_handled_concern}
