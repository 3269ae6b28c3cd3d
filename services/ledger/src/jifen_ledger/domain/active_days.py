"""Active days: days with a capacity and a home branch, minus absences (domain.md §5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.registers import COMMITTEE_ROLES, HOME, Assignment, Member


def active_days(
    member: Member, capacity: str, absences: Iterable[Absence], first: date, end: date
) -> int:
    """Return the member's active days in the half-open span."""
    if member.joined_into is not None:
        return 0
    days = _days(member.assignments, HOME, first, end)
    if capacity == "committee":
        days &= _days(member.assignments, COMMITTEE_ROLES, first, end)
    for absence in absences:
        days.difference_update(range(absence.from_.toordinal(), absence.to.toordinal()))
    return len(days)


def last_home(member: Member, first: date, end: date) -> str | None:
    """Return the home branch on the last day of the span that had one."""
    homes = [
        one
        for one in member.assignments
        if one.role in HOME
        and one.from_ < end
        and (one.to is None or max(one.from_, first) < one.to)
    ]
    return max(homes, key=lambda one: one.from_).unit if homes else None


def _days(
    assignments: Iterable[Assignment], roles: frozenset[str], first: date, end: date
) -> set[int]:
    days: set[int] = set()
    for one in assignments:
        if one.role in roles:
            last = end if one.to is None else min(one.to, end)
            days.update(range(max(one.from_, first).toordinal(), last.toordinal()))
    return days
