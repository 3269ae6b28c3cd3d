"""What a holder is on a deed date: branch, capacities held, posts and unit class."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from jifen_contracts.codes import Code
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.registers import ACTIVE_STANDINGS, COMMITTEE_ROLES, Member, Unit
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of


class Held(NamedTuple):
    """The deed date's answer; `branch` is the home branch, for a unit the branch it belongs to."""

    holder: str
    of_unit: bool
    branch: str
    capacities: frozenset[str]
    posts: frozenset[str]
    unit_class: str | None


def held_on(state: State, holder: str, day: date) -> Held:
    """Return what the holder is on the day. Raises `not_active`."""
    unit = state.units.get(holder)
    if unit is not None:
        return _held_by_unit(state, unit, day)
    member = state.members.get(holder)
    assert member is not None
    return _held_by_member(state, member, day)


def held_then(state: State, holder: str, day: date, last_known: str) -> Held:
    """Return what somebody who was active on the day is found to have been, as it is known now.

    Where a correction has left no home branch, the last known one stays. That takes no capacity
    away: the standing alone makes a member, and an office alone a committee member.
    """
    unit = state.units.get(holder)
    if unit is not None:
        return _as_unit(state, unit, day)
    member = state.members.get(holder)
    assert member is not None
    branch = member.home_branch(day) or last_known
    return _as_member(state, member, branch, day, scored=_is_scored(member, day))


def _held_by_unit(state: State, unit: Unit, day: date) -> Held:
    if unit.on(day) is None or not unit.in_force(day):
        raise Refused(Code.NOT_ACTIVE)
    return _as_unit(state, unit, day)


def _as_unit(state: State, unit: Unit, day: date) -> Held:
    registered = unit.on(day)
    branch = branch_of(state, unit.id, day)
    capacities = frozenset({"unit"})
    return Held(
        unit.id,
        of_unit=True,
        branch=branch,
        capacities=capacities,
        posts=frozenset(),
        unit_class=registered.class_ if registered is not None else None,
    )


def _held_by_member(state: State, member: Member, day: date) -> Held:
    branch = member.home_branch(day)
    home = None if branch is None else state.units.get(branch)
    active = member.joined_into is None and _is_scored(member, day)
    if branch is None or home is None or not home.in_force(day) or not active:
        raise Refused(Code.NOT_ACTIVE)
    return _as_member(state, member, branch, day, scored=True)


def _is_scored(member: Member, day: date) -> bool:
    return member.standing_on(day) in ACTIVE_STANDINGS


def _as_member(state: State, member: Member, branch: str, day: date, *, scored: bool) -> Held:
    offices = member.holds(day, COMMITTEE_ROLES)
    capacities = {"member"} if scored else set[str]()
    if offices:
        capacities.add("committee")
    posts = {_post(one.role, one.post) for one in offices}
    home = state.units.get(branch)
    registered = None if home is None else home.on(day)
    return Held(
        member.id,
        of_unit=False,
        branch=branch,
        capacities=frozenset(capacities),
        posts=frozenset(post for post in posts if post is not None),
        unit_class=registered.class_ if registered is not None else None,
    )


def _post(role: str, post: str | None) -> str | None:
    return "secretary" if role == "secretary" and post is None else post
