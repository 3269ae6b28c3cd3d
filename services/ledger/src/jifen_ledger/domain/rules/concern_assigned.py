"""`concern.assigned`: a handler, another level, a pause, a stage, a merge (§2.2, §6.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import ConcernAssigned
from jifen_ledger.domain.concern_clock import clocked, level_of
from jifen_ledger.domain.concern_group import group_of, known_concern, standing_for
from jifen_ledger.domain.concern_rights import may_assign
from jifen_ledger.domain.concerns import ASSIGNED, MERGED, PAUSES_MAX, Concern, Pause, Stage
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import above


def assign_concern(state: State, event: ConcernAssigned, moment: Moment) -> Effect:
    """Hand the concern to its handler. Raises Refused with the first code that applies."""
    data, day = event.data, moment.recorded_day
    concern = known_concern(state, event.subject, data.concern)
    into = _into(state, data.merge_into)
    stages = _stages(event, concern, day)
    if not concern.is_open or (into is not None and not _takes(into, concern)):
        raise Refused(Code.WRONG_STATE, refers_to=concern.seq)
    concerned = (concern,) if into is None else (concern, into)
    if not all(may_assign(state, one, data.by, day) for one in concerned):
        raise Refused(Code.NOT_PERMITTED)
    if not is_member(state, data.handler):
        raise Refused(Code.UNKNOWN_MEMBER)
    if state.units.get(data.handler_unit) is None:
        raise Refused(Code.UNKNOWN_UNIT)
    pauses = _pauses(event, concern)
    group = group_of(state, concern)
    assigned = _levelled(
        state,
        replace(
            concern,
            state=ASSIGNED,
            urgency=data.urgency or concern.urgency,
            handler=data.handler,
            handler_unit=data.handler_unit,
            pauses=pauses,
            stages=stages,
        ),
        concern.handler_unit or concern.unit,
        day,
    )
    if into is None:
        state.keep("concerns", moment.seq, assigned)
    else:
        _merge(state, (assigned, *group[1:]), into, moment.seq)
    return Effect()


def _into(state: State, id_: str | None) -> Concern | None:
    if id_ is None:
        return None
    found = state.concerns.get(id_)
    if found is None:
        raise Refused(Code.UNKNOWN_REFERENCE)
    return standing_for(state, found)


def _takes(into: Concern, concern: Concern) -> bool:
    """Only another open concern takes one in."""
    return into.is_open and into.concern != concern.concern


def _stages(event: ConcernAssigned, concern: Concern, day: date) -> tuple[Stage, ...]:
    """Return the plan as it now stands; a stage that stays in it keeps the day it was reached."""
    data, stages = event.data, concern.stages
    if data.stages is not None:
        reached = {stage.name_zh: stage.reached_on for stage in stages}
        stages = tuple(
            Stage(one.name_zh, date.fromisoformat(one.promise), reached.get(one.name_zh))
            for one in data.stages
        )
    if data.reached is None:
        return stages
    if data.reached not in {stage.name_zh for stage in stages}:
        raise Refused(Code.UNKNOWN_REFERENCE)
    return tuple(
        replace(stage, reached_on=stage.reached_on or day)
        if stage.name_zh == data.reached
        else stage
        for stage in stages
    )


def _pauses(event: ConcernAssigned, concern: Concern) -> tuple[Pause, ...]:
    pause, reason = event.data.pause, event.data.reason
    if pause is None:
        return concern.pauses
    if reason is None:
        raise Refused(Code.REASON_REQUIRED)
    if len(concern.pauses) >= PAUSES_MAX:
        raise Refused(Code.PAUSE_LIMIT)
    from_, to = date.fromisoformat(pause.from_), date.fromisoformat(pause.to)
    return (*concern.pauses, Pause(from_, to, reason))


def _levelled(state: State, concern: Concern, before: str, day: date) -> Concern:
    """Return the concern with its clocks; a unit above the one before begins a level of its own."""
    unit = concern.handler_unit
    assert unit is not None
    known = {level.unit for level in concern.levels}
    if unit not in known and unit in above(state, before, day):
        level = level_of(state.versions, concern, unit, day)
        concern = replace(concern, levels=(*concern.levels, level))
    return clocked(state.versions, concern)


def _merge(state: State, group: tuple[Concern, ...], into: Concern, seq: int) -> None:
    """Let one concern stand for all; its clock began with the first of them."""
    for one in group:
        merged = replace(one, state=MERGED, merged_into=into.concern)
        state.keep("concerns", seq, merged)
    first = min(into.raised_on, group[0].raised_on)
    if first != into.raised_on:
        state.keep("concerns", seq, clocked(state.versions, replace(into, raised_on=first)))
