from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts.scheme.calendar import WorkingDays, working_days
from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.terms import Calendar

DAYS = working_days(default_document())
PLAIN = WorkingDays()

days = st.dates(date(2024, 12, 1), date(2026, 3, 31))


def test_weekends_are_off_unless_made_up_for() -> None:
    assert not PLAIN.is_working(date(2025, 1, 26))
    assert DAYS.is_working(date(2025, 1, 26))


def test_holidays_are_off() -> None:
    assert PLAIN.is_working(date(2025, 10, 1))
    assert not DAYS.is_working(date(2025, 10, 1))


def test_a_working_day_is_its_own_deadline_and_a_day_off_moves_to_the_next() -> None:
    assert DAYS.on_or_after(date(2025, 9, 30)) == date(2025, 9, 30)
    assert DAYS.on_or_after(date(2025, 10, 1)) == date(2025, 10, 9)


def test_a_month_closes_on_days_3_6_and_10_of_the_next() -> None:
    deadlines = (
        DAYS.claims_deadline("2025-02"),
        DAYS.preliminary_deadline("2025-02"),
        DAYS.verify_deadline("2025-02"),
    )

    assert deadlines == (date(2025, 3, 3), date(2025, 3, 6), date(2025, 3, 10))


def test_deadlines_in_a_holiday_move_behind_it() -> None:
    deadlines = (
        DAYS.claims_deadline("2025-09"),
        DAYS.preliminary_deadline("2025-09"),
        DAYS.verify_deadline("2025-09"),
        DAYS.bulletin_deadline("2025-Q3"),
    )

    assert deadlines == (*[date(2025, 10, 9)] * 2, *[date(2025, 10, 10)] * 2)


def test_the_year_closes_in_january_of_the_next() -> None:
    # 3 January 2026 is a holiday and the Sunday after it a make-up day.
    assert DAYS.claims_deadline("2025-12") == date(2026, 1, 4)
    assert DAYS.bulletin_deadline("2025-Q4") == date(2026, 1, 12)


def test_the_objection_window_of_10_october_2023_ends_on_the_13th() -> None:
    assert DAYS.window_end(date(2023, 10, 10)) == date(2023, 10, 13)


def test_a_holiday_inside_the_window_moves_its_end() -> None:
    assert DAYS.window_end(date(2025, 4, 29)) == date(2025, 5, 7)


def test_a_make_up_day_inside_the_window_counts() -> None:
    assert DAYS.window_end(date(2025, 4, 24)) == date(2025, 4, 28)


def test_answers_statements_and_returns_have_working_days_of_their_own() -> None:
    friday = date(2025, 3, 7)

    assert DAYS.decision_deadline(friday) == date(2025, 3, 14)
    assert DAYS.statement_end(friday) == date(2025, 3, 12)
    assert DAYS.return_end(friday) == date(2025, 3, 14)


def test_a_deed_may_be_claimed_for_90_calendar_days() -> None:
    assert DAYS.claimable_until(date(2025, 1, 1)) == date(2025, 4, 1)


def test_the_days_are_those_of_the_calendar() -> None:
    slow = WorkingDays(calendar=Calendar(claims_day=5, objection_days=10, late_days=30))

    assert slow.claims_deadline("2025-02") == date(2025, 3, 5)
    assert slow.window_end(date(2025, 3, 3)) == date(2025, 3, 17)
    assert slow.claimable_until(date(2025, 3, 1)) == date(2025, 3, 31)


@given(days, st.integers(1, 30))
def test_the_nth_working_day_after_a_day_has_n_working_days_up_to_it(day: date, n: int) -> None:
    end = DAYS.plus(day, n)

    assert DAYS.is_working(end)
    assert DAYS.between(day, end) == n


@given(days)
def test_no_working_day_lies_before_the_moved_deadline(day: date) -> None:
    moved = DAYS.on_or_after(day)

    assert DAYS.is_working(moved)
    assert DAYS.between(day - timedelta(days=1), moved) == 1


@given(days)
def test_nothing_is_between_a_day_and_an_earlier_one(day: date) -> None:
    assert DAYS.between(day, day - timedelta(days=7)) == 0
