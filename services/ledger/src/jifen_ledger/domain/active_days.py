"""Active days (domain.md §5.2): with the capacity and a home branch, minus absences.

The days of a period are the bits of one number, the first day the lowest: spans meet, join and
leave by single operations, however they overlap.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jifen_contracts.periods import end_day, first_day
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.registers import (
    ACTIVE_STANDINGS,
    COMMITTEE_ROLES,
    HOME,
    Member,
)


def active_days(member: Member, absences: Iterable[Absence], capacity: str, period: str) -> int:
    """Return how many days of the quarter the member was active in the capacity."""
    if member.joined_into is not None:
        return 0
    days = _Days(period)
    active = days.held(member, HOME) & days.scored(member)
    if capacity == "committee":
        active &= days.held(member, COMMITTEE_ROLES)
    for absence in absences:
        active &= ~days.of(absence.from_, absence.to)
    return active.bit_count()


class _Days:
    """The days of one period."""

    def __init__(self, period: str) -> None:
        self._first = first_day(period)
        self._end = end_day(period)

    def of(self, from_: date, to: date | None) -> int:
        """Return the days of a half-open span that lie within the period."""
        first = max(from_, self._first)
        length = ((self._end if to is None else min(to, self._end)) - first).days
        return ((1 << length) - 1) << (first - self._first).days if length > 0 else 0

    def held(self, member: Member, roles: frozenset[str]) -> int:
        """Return the days on which the member held one of the roles."""
        days = 0
        for one in member.assignments:
            if one.role in roles:
                days |= self.of(one.from_, one.to)
        return days

    def scored(self, member: Member) -> int:
        """Return the days on which the member's standing is scored."""
        days = 0
        # The sort is stable: of equal dates the one recorded last holds.
        for standing in sorted(member.standings, key=lambda one: one.from_):
            rest = self.of(standing.from_, None)
            days = days | rest if standing.standing in ACTIVE_STANDINGS else days & ~rest
        return days
