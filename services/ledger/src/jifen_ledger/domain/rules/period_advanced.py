"""`period.advanced`: a branch's quarter moves to its next state (domain.md §5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, assert_never

from jifen_contracts.codes import Code
from jifen_contracts.events import PeriodAdvanced
from jifen_ledger.domain.booking import period_of
from jifen_ledger.domain.bulletin.freezing import freeze_bulletin
from jifen_ledger.domain.deciding import deciders_of
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member, leads
from jifen_ledger.domain.period_guards import (
    check_answered,
    check_assessed,
    check_complete,
    check_corrected,
    check_decided,
    check_reviewed,
    check_revision,
    check_window_over,
)
from jifen_ledger.domain.periods import Period, PeriodState, WaivedAssessment, WaivedFact
from jifen_ledger.domain.roles import is_upper, panel_in_force, records_for
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import deciding_branch
from jifen_ledger.domain.versions import days_on

_OPEN, _PRELIMINARY, _VERIFIED, _PUBLISHED, _FINAL = PeriodState
# Who may take each step; what is not here is no step. The upper level may act in anybody's place.
STEPS: Final[Mapping[tuple[PeriodState, PeriodState], tuple[str, ...]]] = {
    (_OPEN, _PRELIMINARY): ("recorder", "secretary"),
    (_PRELIMINARY, _VERIFIED): ("chair",),
    (_PRELIMINARY, _OPEN): (),
    (_VERIFIED, _OPEN): (),
    (_VERIFIED, _PUBLISHED): ("secretary",),
    (_PUBLISHED, _PUBLISHED): ("chair",),
    (_PUBLISHED, _FINAL): ("secretary",),
    (_FINAL, _FINAL): (),
}
WITH_REASON: Final = frozenset(
    {(_PRELIMINARY, _OPEN), (_VERIFIED, _OPEN), (_PUBLISHED, _PUBLISHED), (_FINAL, _FINAL)}
)


def advance_period(state: State, event: PeriodAdvanced, moment: Moment) -> Effect:
    """Take the step. Raises the codes of §2.2 in their order."""
    unit = state.units.get(event.subject)
    if unit is None or unit.latest.kind != "branch":
        raise Refused(Code.UNKNOWN_UNIT)
    data, day, to = event.data, moment.recorded_day, PeriodState(event.data.to)
    before = period_of(state, unit.id, data.period)
    period = before or Period(moment.seq, unit.id, data.period, PeriodState.OPEN, data.by)
    step = (PeriodState(period.state), to)
    if step not in STEPS or (data.waive is not None and to is not PeriodState.VERIFIED):
        raise Refused(Code.WRONG_TRANSITION, refers_to=_last_seq(before))
    _check_permitted(state, event, moment, STEPS[step])
    if data.reason is None and step in WITH_REASON:
        raise Refused(Code.REASON_REQUIRED)
    match to:
        case PeriodState.PRELIMINARY:
            check_reviewed(state, period)
        case PeriodState.VERIFIED:
            check_decided(state, period, day)
            check_assessed(state, period, _waived_assessments(event))
            check_complete(state, period, _waived_facts(event))
        case PeriodState.PUBLISHED | PeriodState.FINAL:
            _check_bulletin(state, event, period, to, day)
        case PeriodState.OPEN:
            pass
        case _:
            assert_never(to)
    period = _stepped(state, event, period, to, moment)
    state.keep("periods", moment.seq, period)
    return _frozen(state, period, moment)


def _check_bulletin(
    state: State, event: PeriodAdvanced, period: Period, to: PeriodState, day: date
) -> None:
    """Check the revision, and what was objected to since; a first publication has no before."""
    data = event.data
    freezes = (period.state, to) != (PeriodState.PUBLISHED, PeriodState.FINAL)
    check_revision(period, data.revision, freezes=freezes)
    if not period.revision:
        return
    check_corrected(state, period)
    if not freezes:
        check_window_over(period, day)
    check_answered(state, period, data.objections or (), all_of_them=not freezes)


def _frozen(state: State, period: Period, moment: Moment) -> Effect:
    """Freeze the bulletin, if the step made a revision of it; the record names its hashes."""
    if period.revised_seq != moment.seq:
        return Effect()
    bulletin = freeze_bulletin(state, period, moment)
    return Effect(content_hash=bulletin.content_hash, branch_hash=bulletin.branch_hash)


def _last_seq(period: Period | None) -> int | None:
    if period is None:
        return None
    steps = (period.final_seq, period.revised_seq, period.verified_seq, period.preliminary_seq)
    return max((seq for seq in steps if seq is not None), default=period.seq)


def _check_permitted(
    state: State, event: PeriodAdvanced, moment: Moment, roles: tuple[str, ...]
) -> None:
    data, day = event.data, moment.recorded_day
    deciders = deciders_of(data.by, data.deciders)
    known = data.by in deciders and all(is_member(state, person) for person in deciders)
    branch = deciding_branch(state, event.subject, day)
    upper = known and is_upper(state, data.by, branch, day)
    if not upper and (
        not known
        or data.waive is not None
        or not any(_holds(state, data.by, branch, moment, role) for role in roles)
    ):
        raise Refused(Code.NOT_PERMITTED)


def _holds(state: State, person: str, branch: str, moment: Moment, role: str) -> bool:
    day = moment.recorded_day
    match role:
        case "recorder":
            return records_for(state, person, branch, day)
        case "secretary":
            member = state.members.get(person)
            return member is not None and leads(member, branch, day)
        case _:
            panel = panel_in_force(state, branch, day)
            return panel is not None and panel.chair == person


def _stepped(
    state: State, event: PeriodAdvanced, period: Period, to: PeriodState, moment: Moment
) -> Period:
    data, seq, day = event.data, moment.seq, moment.recorded_day
    deciders = deciders_of(data.by, data.deciders)
    told = replace(period, by=data.by, deciders=deciders, reason=data.reason)
    deciding = tuple(dict.fromkeys((*period.decided_by, *deciders)))
    match to:
        case PeriodState.OPEN:
            # The steps are taken back whole, with what they went without.
            opened = Period(period.seq, period.branch, period.quarter, to, data.by)
            return replace(opened, deciders=deciders, reason=data.reason)
        case PeriodState.PRELIMINARY:
            return replace(told, state=to, preliminary_seq=seq, preliminary_day=day)
        case PeriodState.VERIFIED:
            verified = replace(told, state=to, verified_seq=seq, verified_day=day)
            return replace(verified, decided_by=deciding, **_waived(event))
        case PeriodState.FINAL if period.state != PeriodState.FINAL:
            return replace(told, state=to, final_seq=seq, final_day=day)
    revised = replace(told, revision=period.revision + 1, revised_seq=seq, decided_by=deciding)
    if period.revision:
        return revised
    end = days_on(state.versions, day).window_end(day)
    return replace(revised, state=to, published_seq=seq, published_day=day, window_end=end)


def _waived(event: PeriodAdvanced) -> dict[str, Any]:
    waive = event.data.waive
    if waive is None:
        return {}
    return {
        "waived_facts": _waived_facts(event),
        "waived_assessments": _waived_assessments(event),
        "waived_reason": waive.reason,
    }


def _waived_facts(event: PeriodAdvanced) -> tuple[WaivedFact, ...]:
    waive = event.data.waive
    facts = () if waive is None else waive.facts
    return tuple(WaivedFact(one.holder, one.item, one.period) for one in facts)


def _waived_assessments(event: PeriodAdvanced) -> tuple[WaivedAssessment, ...]:
    waive = event.data.waive
    assessments = () if waive is None else waive.assessments
    return tuple(WaivedAssessment(one.holder, one.month) for one in assessments)
