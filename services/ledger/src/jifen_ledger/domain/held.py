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


def _held_by_unit(state: State, unit: Unit, day: date) -> Held:
    registered = unit.on(day)
    if registered is None or not unit.in_force(day):
        raise Refused(Code.NOT_ACTIVE)
    branch = branch_of(state, unit.id, day)
    capacities = frozenset({"unit"})
    return Held(
        unit.id,
        of_unit=True,
        branch=branch,
        capacities=capacities,
        posts=frozenset(),
        unit_class=registered.class_,
    )


def _held_by_member(state: State, member: Member, day: date) -> Held:
    branch = member.home_branch(day)
    home = None if branch is None else state.units.get(branch)
    active = member.joined_into is None and member.standing_on(day) in ACTIVE_STANDINGS
    if branch is None or home is None or not home.in_force(day) or not active:
        raise Refused(Code.NOT_ACTIVE)
    offices = member.holds(day, COMMITTEE_ROLES)
    capacities = {"member", "committee"} if offices else {"member"}
    posts = {_post(one.role, one.post) for one in offices}
    registered = home.on(day)
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
