"""On how many days somebody was active: counted day by day (domain.md §5.2)."""

from collections.abc import Iterator
from datetime import date, timedelta

from jifen_contracts.periods import end_day, first_day
from tests.support.naive.absence_rules import spans_away
from tests.support.naive.registers import SCORED_STANDINGS, Registers


def days_of(period: str) -> Iterator[date]:
    day = first_day(period)
    while day < end_day(period):
        yield day
        day += timedelta(days=1)


def active_days(registers: Registers, member: str, capacity: str, period: str) -> int:
    """Days with the capacity and a home branch, minus absences; a closed record has none."""
    if registers.is_closed(member):
        return 0
    mine = [held for held in registers.assignments() if held.member == member]
    homes = [held for held in mine if held.role == "member"]
    offices = [held for held in mine if held.role in ("committee", "secretary")]
    away = spans_away(registers, member)
    standings = registers.standings(member)

    def is_active(day: date) -> bool:
        begun = [standing for since, standing in standings if since <= day]
        return (
            any(held.covers(day) for held in homes)
            and (capacity == "member" or any(held.covers(day) for held in offices))
            and bool(begun)
            and begun[-1] in SCORED_STANDINGS
            and not any(since <= day < to for since, to in away)
        )

    return sum(is_active(day) for day in days_of(period))
