"""`concern.raised`: somebody raised a concern and its clock starts (domain.md §2.2, §6.2)."""

from __future__ import annotations

from dataclasses import replace

from jifen_contracts.codes import Code
from jifen_contracts.events import ConcernRaised
from jifen_ledger.domain.concern_clock import clocked, level_of
from jifen_ledger.domain.concern_group import standing_for
from jifen_ledger.domain.concerns import HEALTH_LINES, RAISED, Concern, is_line
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State


def raise_concern(state: State, event: ConcernRaised, moment: Moment) -> Effect:
    """Open the concern. Raises `unknown_unit`, `already_exists`, `unknown_reference`."""
    data = event.data
    if state.units.get(event.subject) is None:
        raise Refused(Code.UNKNOWN_UNIT)
    earlier = state.concerns.get(data.concern)
    if earlier is not None:
        raise Refused(Code.ALREADY_EXISTS, refers_to=earlier.seq)
    _check_parent(state, data.parent)
    if data.origin is not None and is_line(data.origin):
        number = int(data.origin.removeprefix("H"))
        if not 1 <= number <= HEALTH_LINES:
            raise Refused(Code.UNKNOWN_REFERENCE)
    concern = clocked(state.versions, _concern(event, moment))
    level = level_of(state.versions, concern, concern.unit, moment.recorded_day)
    state.keep("concerns", moment.seq, replace(concern, levels=(level,)))
    return Effect()


def _check_parent(state: State, parent: str | None) -> None:
    """A concern that is closed takes no more parts: anybody could open it again by one."""
    if parent is None:
        return
    whole = state.concerns.get(parent)
    if whole is None or not standing_for(state, whole).is_open:
        raise Refused(Code.UNKNOWN_REFERENCE)


def _concern(event: ConcernRaised, moment: Moment) -> Concern:
    data = event.data
    return Concern(
        seq=moment.seq,
        concern=data.concern,
        unit=event.subject,
        kind=data.kind,
        urgency=data.urgency,
        state=RAISED,
        raised_on=moment.recorded_day,
        due=moment.recorded_day,
        parent=data.parent,
        origin=data.origin,
        by=data.by,
        source=event.source,
        code=None,
        handler=None,
        handler_unit=None,
        pauses=(),
        stages=(),
        levels=(),
        merged_into=None,
        in_use=None,
        paused_days=None,
        resolved_on=None,
        confirmed_on=None,
        reopenings=0,
        voices=(),
    )
