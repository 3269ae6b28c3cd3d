"""Months, quarters and years: their names, first days and half-open ends."""

from datetime import date, timedelta
from functools import lru_cache

DAYS_REMEMBERED = 4096

_QUARTER_MARK = "-Q"
_MONTHS_IN_YEAR = 12


# The same few days come again and again.
@lru_cache(maxsize=DAYS_REMEMBERED)
def month_of(day: date) -> str:
    """Return the month of a day, such as "2023-07"."""
    return f"{day.year}-{day.month:02}"


@lru_cache(maxsize=DAYS_REMEMBERED)
def quarter_of(day: date) -> str:
    """Return the quarter of a day, such as "2023-Q3"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def year_of(day: date) -> str:
    """Return the year of a day, such as "2023"."""
    return str(day.year)


def first_day(period: str) -> date:
    """Return the first day of a month, quarter or year."""
    return date(int(period[:4]), _first_month(period), 1)


def end_day(period: str) -> date:
    """Return the first day after a month, quarter or year."""
    years, month = divmod(_first_month(period) - 1 + _months_in(period), _MONTHS_IN_YEAR)
    return date(int(period[:4]) + years, month + 1, 1)


@lru_cache(maxsize=DAYS_REMEMBERED)
def quarters_of(year: str) -> tuple[str, str, str, str]:
    """Return the four quarters of a year in calendar order."""
    return (f"{year}-Q1", f"{year}-Q2", f"{year}-Q3", f"{year}-Q4")


def months_of(quarter: str) -> tuple[str, str, str]:
    """Return the three months of a quarter in calendar order."""
    year, first = quarter[:4], _first_month(quarter)
    return (f"{year}-{first:02}", f"{year}-{first + 1:02}", f"{year}-{first + 2:02}")


def last_day(period: str) -> date:
    """Return the last day of a month, quarter or year."""
    return end_day(period) - timedelta(days=1)


def next_quarter(quarter: str) -> str:
    """Return the quarter after this one."""
    return quarter_of(end_day(quarter))


def days_in(period: str) -> int:
    """Return the number of days of a month, quarter or year."""
    return (end_day(period) - first_day(period)).days


def _first_month(period: str) -> int:
    if _QUARTER_MARK in period:
        return int(period[6]) * 3 - 2
    return int(period[5:]) if "-" in period else 1


def _months_in(period: str) -> int:
    if _QUARTER_MARK in period:
        return 3
    return 1 if "-" in period else _MONTHS_IN_YEAR
