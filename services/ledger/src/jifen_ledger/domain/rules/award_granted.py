"""`award.granted`: a member or unit gets a title, badge, honour, benefit or unit award (§6.3)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import AwardGranted
from jifen_contracts.periods import first_day, month_of
from jifen_ledger.domain.awards import BADGE, BENEFIT, UNIT_AWARD, Award
from jifen_ledger.domain.awards_held import awards_of
from jifen_ledger.domain.belonging import branch_of_person, is_above
from jifen_ledger.domain.figure_moves import vetoes_of
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import identity, is_member
from jifen_ledger.domain.roles import in_committee, is_upper
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of


def grant_award(state: State, event: AwardGranted, moment: Moment) -> Effect:
    """Keep the award. It brings no points: those come through a claim.

    Raises `unknown_member`, `unknown_unit`, `already_exists`, `not_permitted`, `basis_required`,
    `veto_in_force`, `already_granted`.
    """
    data, holder, day = event.data, event.subject, moment.recorded_day
    _check_holder(state, holder, data.kind)
    earlier = state.awards.get(data.award)
    if earlier is not None:
        raise Refused(Code.ALREADY_EXISTS, refers_to=earlier.seq)
    if not _may_grant(state, data.by, holder, day):
        raise Refused(Code.NOT_PERMITTED)
    if data.basis is None:
        raise Refused(Code.BASIS_REQUIRED)
    award = Award(
        moment.seq,
        data.award,
        holder,
        data.kind,
        data.name_zh,
        data.name_en,
        data.level,
        _month(event),
        date.fromisoformat(data.from_),
        None if data.to is None else date.fromisoformat(data.to),
        data.basis.sha256,
        data.by,
    )
    days = {day}
    if award.kind == BENEFIT:
        days.add(_check_entitled(state, award))
    for veto in vetoes_of(state, holder):
        if any(veto.covers(one) for one in days):
            raise Refused(Code.VETO_IN_FORCE, refers_to=veto.seq)
    _check_once(state, award)
    state.keep("awards", moment.seq, award)
    return Effect()


def _check_holder(state: State, holder: str, kind: str) -> None:
    """Unit awards are for units, all others for people."""
    if kind == UNIT_AWARD:
        if state.units.get(holder) is None:
            raise Refused(Code.UNKNOWN_UNIT)
    elif not is_member(state, holder):
        raise Refused(Code.UNKNOWN_MEMBER)


def _may_grant(state: State, by: str, holder: str, day: date) -> bool:
    """The committee of the branch, or a level above it; about a branch itself only that."""
    if state.units.get(holder) is None:
        branch = branch_of_person(state, holder, day)
        near = identity(state, by) != holder and in_committee(state, by, branch, day)
        return near or is_above(state, by, holder, day)
    branch = branch_of(state, holder, day)
    near = branch != holder and in_committee(state, by, branch, day)
    return near or is_upper(state, by, branch, day)


def _month(event: AwardGranted) -> str | None:
    """A benefit is one of a month: the one it names, else that of its first day."""
    if event.data.kind != BENEFIT or event.data.month is not None:
        return event.data.month
    return month_of(date.fromisoformat(event.data.from_))


def _check_entitled(state: State, benefit: Award) -> date:
    """A benefit rests on the badges held on the 1st of its month; return that day.

    Which badge it belongs to stands in its document only. What can be told without it: of
    badges that all had ended by the 1st, none grants anything.
    """
    assert benefit.month is not None
    first = first_day(benefit.month)
    badges = [one for one in awards_of(state, benefit.holder) if one.kind == BADGE]
    if badges and all(badge.end is not None and badge.end <= first for badge in badges):
        raise Refused(Code.BASIS_REQUIRED, refers_to=badges[-1].seq)
    return first


def _check_once(state: State, award: Award) -> None:
    for one in awards_of(state, award.holder):
        same = (one.kind, one.name_zh, one.month) == (BENEFIT, award.name_zh, award.month)
        if same and award.kind == BENEFIT:
            raise Refused(Code.ALREADY_GRANTED, refers_to=one.seq)
