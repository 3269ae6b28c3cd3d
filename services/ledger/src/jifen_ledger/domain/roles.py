"""Who may decide (domain.md §3.2): roles as the registers show them on the recorded day."""

from __future__ import annotations

from datetime import date

from jifen_ledger.domain.registers import COMMITTEE_ROLES, Panel, covers
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import above

_UPPER = frozenset({"upper"})
_SPECIALIST = frozenset({"specialist"})
_RECORDER = frozenset({"recorder"})
_GROUP_LEADER = frozenset({"group_leader"})
_GROUP_MEMBER = frozenset({"group_member"})
_SPOKESPEOPLE = frozenset({"secretary", "committee", "recorder", "group_leader"})


def is_upper(state: State, person: str, branch: str, day: date) -> bool:
    """Tell whether the person is an officer of a unit above the branch."""
    member = state.members.get(person)
    # Few people are officers at all: the way up is looked at for them only.
    if member is None or not member.has_upper:
        return False
    # Nobody is above the root; its own officers decide about it.
    units = {branch} if branch == state.scheme else set(above(state, branch, day))
    return _has_role(state, person, _UPPER, units, day)


def in_committee(state: State, person: str, branch: str, day: date) -> bool:
    """Tell whether the person holds an office of the branch's committee."""
    return _has_role(state, person, COMMITTEE_ROLES, {branch}, day)


def is_specialist(state: State, person: str, branch: str, day: date) -> bool:
    """Tell whether the person is a specialist at the branch or above."""
    return _has_role(state, person, _SPECIALIST, {branch, *above(state, branch, day)}, day)


def is_recorder(
    state: State, person: str, branch: str, holder: str, day: date, deed_date: date
) -> bool:
    """Tell whether the person records for the branch, or leads the group the holder was in."""
    if records_for(state, person, branch, day):
        return True
    groups = groups_of(state, holder, deed_date)
    return bool(groups) and _has_role(state, person, _GROUP_LEADER, groups, day)


def records_for(state: State, person: str, branch: str, day: date) -> bool:
    """Tell whether the person is named recorder of the branch."""
    return _has_role(state, person, _RECORDER, {branch}, day)


def groups_of(state: State, holder: str, day: date) -> set[str]:
    """Return the groups the holder belongs to on the day; a group is its own."""
    if state.units.get(holder) is not None:
        return {holder}
    member = state.members.get(holder)
    return set() if member is None else {one.unit for one in member.holds(day, _GROUP_MEMBER)}


def speaks_for(state: State, person: str, unit: str, day: date) -> bool:
    """Tell whether the person may answer for a unit that is named as counterpart."""
    return _has_role(state, person, _SPOKESPEOPLE, {unit}, day)


def leads_group(state: State, person: str, group: str, day: date) -> bool:
    """Tell whether the person leads the group."""
    return _has_role(state, person, _GROUP_LEADER, {group}, day)


def panel_in_force(state: State, branch: str, day: date) -> Panel | None:
    """Return the branch's panel on the day.

    Each panel replaces those before it from its date on, so the one formed last decides, also
    about there being none once it has ended.
    """
    for panel in reversed(state.panels.get(branch)):
        if panel.from_ <= day:
            return panel if day < panel.to else None
    return None


def _has_role(state: State, person: str, roles: frozenset[str], units: set[str], day: date) -> bool:
    member = state.members.get(person)
    if member is None or member.joined_into is not None:
        return False
    for one in member.assignments:
        if one.role in roles and one.unit in units and covers(one.from_, one.to, day):
            return True
    return False
