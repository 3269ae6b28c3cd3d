"""The plant's calendar of 2025: days off, days on, and the deadlines that follow from them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

from jifen_contracts.scheme.calendar import WorkingDays

YEAR: Final = 2025
PRELIMINARY_DAY: Final = 6
VERIFY_DAY: Final = 10
CLAIMS_DAY: Final = 3
DECEMBER: Final = 12

_ONE_DAY: Final = timedelta(days=1)
# (first day, number of days): the public holidays as announced for the year, and New Year 2026.
_HOLIDAYS: Final = (
    ((2025, 1, 1), 1),
    ((2025, 1, 28), 8),
    ((2025, 4, 4), 3),
    ((2025, 5, 1), 5),
    ((2025, 5, 31), 3),
    ((2025, 10, 1), 8),
    ((2026, 1, 1), 3),
)
DAYS_OFF: Final = tuple(
    date(*first) + timedelta(days=n) for first, days in _HOLIDAYS for n in range(days)
)
# Weekends worked in exchange.
DAYS_ON: Final = tuple(
    date(*day)
    for day in (
        (2025, 1, 26),
        (2025, 2, 8),
        (2025, 4, 27),
        (2025, 9, 28),
        (2025, 10, 11),
        (2026, 1, 4),
    )
)
WORKING: Final = WorkingDays(frozenset(DAYS_OFF), frozenset(DAYS_ON))


def month_start(month: int) -> date:
    """Return the first day of the month of the year; month 13 is the next January."""
    return date(YEAR + (month - 1) // DECEMBER, (month - 1) % DECEMBER + 1, 1)


def month_end(month: int) -> date:
    """Return the last day of the month."""
    return month_start(month + 1) - _ONE_DAY


def days_of(month: int) -> tuple[date, ...]:
    """Return every day of the month."""
    first, days = month_start(month), (month_start(month + 1) - month_start(month)).days
    return tuple(first + timedelta(days=n) for n in range(days))


@cache
def working_days_of(month: int) -> tuple[date, ...]:
    """Return the working days of the month."""
    return tuple(day for day in days_of(month) if WORKING.is_working(day))


@cache
def working_days_between(after: date, until: date) -> tuple[date, ...]:
    """Return the working days later than `after` and not later than `until`."""
    span = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return tuple(day for day in span if WORKING.is_working(day))


@cache
def later(day: date, working_days: int) -> date:
    """Return the day that many working days after."""
    return WORKING.plus(day, working_days)


@cache
def preliminary_window(month: int) -> tuple[date, ...]:
    """Return the working days for the preliminary review of a month, after its claims closed."""
    first = month_start(month + 1)
    closed = first.replace(day=CLAIMS_DAY)
    return working_days_between(closed, WORKING.on_or_after(first.replace(day=PRELIMINARY_DAY)))


def verify_deadline(month: int) -> date:
    """Return the last day for verifying the month's claims."""
    return WORKING.on_or_after(month_start(month + 1).replace(day=VERIFY_DAY))
