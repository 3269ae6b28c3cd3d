"""The period a page shows, and the ones before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from jifen_contracts.periods import end_day, first_day, month_of, quarter_of


@dataclass(frozen=True, slots=True)
class Span:
    """A period with its neighbours; there is none after the one that runs today."""

    before: str
    now: str
    after: str | None


def quarters_around(quarter: str, current: str) -> Span:
    """Return a quarter with its neighbours."""
    before = quarter_of(first_day(quarter) - timedelta(days=1))
    return Span(before, quarter, quarter_of(end_day(quarter)) if quarter < current else None)


def months_around(month: str, current: str) -> Span:
    """Return a month with its neighbours."""
    before = month_of(first_day(month) - timedelta(days=1))
    return Span(before, month, month_of(end_day(month)) if month < current else None)


def years_around(year: str, current: str) -> Span:
    """Return a year with its neighbours."""
    return Span(str(int(year) - 1), year, str(int(year) + 1) if year < current else None)
