"""Months, quarters and years as half-open spans of days."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts import (
    days_in,
    end_day,
    first_day,
    month_of,
    next_quarter,
    quarter_of,
    quarters_of,
    year_of,
)

DAYS = st.dates(date(1970, 1, 1), date(2999, 12, 30))


@given(DAYS, st.sampled_from([month_of, quarter_of, year_of]))
def test_a_day_is_within_its_period_and_the_end_is_the_first_day_after(
    day: date, period_of: Callable[[date], str]
) -> None:
    period = period_of(day)

    assert first_day(period) <= day < end_day(period)
    assert period_of(first_day(period)) == period_of(end_day(period) - timedelta(days=1)) == period
    assert days_in(period) == (end_day(period) - first_day(period)).days


@pytest.mark.parametrize(
    ("period", "first", "end", "days"),
    [
        ("2023-07", date(2023, 7, 1), date(2023, 8, 1), 31),
        ("2023-12", date(2023, 12, 1), date(2024, 1, 1), 31),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1), 29),
        ("2023-Q3", date(2023, 7, 1), date(2023, 10, 1), 92),
        ("2023-Q4", date(2023, 10, 1), date(2024, 1, 1), 92),
        ("2024", date(2024, 1, 1), date(2025, 1, 1), 366),
    ],
)
def test_a_period_has_these_days(period: str, first: date, end: date, days: int) -> None:
    assert (first_day(period), end_day(period), days_in(period)) == (first, end, days)


def test_the_quarters_of_a_year_follow_each_other() -> None:
    first, *later = quarters_of("2023")

    assert first == "2023-Q1"
    assert [next_quarter(quarter) for quarter in quarters_of("2023")] == [*later, "2024-Q1"]
