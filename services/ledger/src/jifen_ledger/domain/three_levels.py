"""Self-assessment on three levels (三级联动, domain.md §6.4): who is asked for a month, who has.

Who belongs where is judged on the month's last day, so whoever moves is asked once, where the month
ends. Nobody is asked who was away on every day of it, and no group whose members were all away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from jifen_contracts.periods import last_day, months_of
from jifen_ledger.domain.assessments import Assessment
from jifen_ledger.domain.people import identities
from jifen_ledger.domain.quarter_duties import is_away
from jifen_ledger.domain.registers import ACTIVE_STANDINGS, Member
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of
from jifen_ledger.domain.versions import version_on
from jifen_ledger.domain.wanted import Wanted

GROUP, BRANCH = "group", "branch"
_GROUP_MEMBER = frozenset({"group_member"})


def assessments_of(state: State, subject: str, month: str) -> Iterator[Assessment]:
    """Yield what the subject has for the month: the one that counts first, then the late one."""
    for late in (False, True):
        found = state.assessments.get((subject, month, late))
        if found is not None:
            yield found


def is_on_time(state: State, subject: str, month: str) -> bool:
    """Tell whether the subject's assessment was recorded by the claims deadline."""
    return state.assessments.get((subject, month, False)) is not None


def has_assessed(state: State, subject: str, month: str) -> bool:
    """Tell whether the subject has an assessment of the month, in time or not."""
    return any(True for _ in assessments_of(state, subject, month))


def kind_in(state: State, unit: str, month: str) -> str | None:
    """Return what the unit is at the month's end; None where there is no such unit then."""
    found, day = state.units.get(unit), last_day(month)
    registered = None if found is None else found.on(day)
    if found is None or registered is None or not found.in_force(day):
        return None
    return registered.kind


def members_of(state: State, unit: str, month: str) -> list[Member]:
    """Return the active members of a branch or group at the month's end, as they came there."""
    day = last_day(month)
    people = (state.members.get(person) for person in state.people_of.get(unit))
    return [
        member
        for member in people
        if member is not None
        and member.standing_on(day) in ACTIVE_STANDINGS
        and unit in (member.home_branch(day), home_group(state, member, month))
    ]


def home_group(state: State, member: Member, month: str) -> str | None:
    """Return the one group that counts the member (E38): of the home branch, the longest held."""
    day = last_day(month)
    branch = member.home_branch(day)
    held = sorted(member.holds(day, _GROUP_MEMBER), key=lambda one: (one.from_, one.id))
    for one in held:
        in_force = kind_in(state, one.unit, month) == GROUP
        if in_force and branch_of(state, one.unit, day) == branch:
            return one.unit
    return None


def groups_of(state: State, branch: str, month: str) -> list[str]:
    """Return the groups of a branch at the month's end."""
    day = last_day(month)
    return [
        unit
        for unit in state.units.rows()
        if kind_in(state, unit, month) == GROUP and branch_of(state, unit, day) == branch
    ]


def asked_below(state: State, unit: str, month: str) -> tuple[str, ...]:
    """Return who must have assessed before the unit may: its level below.

    Of a group its members; of a branch its groups, and those of its members who are in no group.
    """
    asked = (one for one in members_of(state, unit, month) if not is_away(state, one.id, month))
    if kind_in(state, unit, month) == GROUP:
        return tuple(member.id for member in asked)
    below = (home_group(state, member, month) or member.id for member in asked)
    return tuple(dict.fromkeys(below))


def missing_below(
    state: State, unit: str, month: str, listed: Collection[str] = ()
) -> tuple[str, ...]:
    """Return who of the level below has no assessment and is not listed with a reason."""
    excused = identities(state, listed)
    return tuple(
        one
        for one in asked_below(state, unit, month)
        if one not in excused and not has_assessed(state, one, month)
    )


def unassessed_months(state: State, branch: str, quarter: str) -> Iterator[str]:
    """Yield the months of the quarter for which the branch itself owes an assessment.

    It owes none where nobody in it is asked, or before the scheme's first version.
    """
    for month in months_of(quarter):
        if version_on(state.versions, last_day(month)) is None:
            continue
        is_asked = kind_in(state, branch, month) == BRANCH and asked_below(state, branch, month)
        if is_asked and not has_assessed(state, branch, month):
            yield month


def want_levels(state: State, unit: str, month: str, wanted: Wanted) -> None:
    """Want what the questions about a branch's or group's month will look up."""
    wanted.want(state.people_of, unit)
    if not state.people_of.knows(unit):
        return
    people = state.people_of.get(unit)
    wanted.want_all(state.members, people)
    known = [state.members.get(person) for person in people if state.members.knows(person)]
    members = [member for member in known if member is not None]
    want_assessments(state, (member.id for member in members), month, wanted)
    wanted.want_all(state.absences_of, (member.id for member in members))
    groups = {home_group(state, member, month) for member in members} - {None}
    want_assessments(state, (unit, *(one for one in groups if one is not None)), month, wanted)


def want_assessments(state: State, subjects: Iterable[str], month: str, wanted: Wanted) -> None:
    """Want both assessments of each subject."""
    keys = ((subject, month, late) for subject in subjects for late in (False, True))
    wanted.want_all(state.assessments, keys)
