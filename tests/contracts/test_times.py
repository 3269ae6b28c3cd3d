"""Instants on the wire, in milliseconds, and as local dates."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from jifen_contracts import (
    StampText,
    TimeText,
    instant_ms,
    local_date,
    offset_minutes,
    stamp,
)
from jifen_contracts.times import end_of_day_ms

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
MILLISECONDS = st.integers(0, 32_503_679_999_999)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.001Z", 1),
        ("1970-01-01T08:00:00+08:00", 0),
        ("1969-12-31T23:59:59Z", None),
        ("2023-07-12T16:40:00+08:00", 1_689_151_200_000),
        ("2023-07-12T08:40:00.5Z", 1_689_151_200_500),
        ("2023-07-12T08:40:00.25-00:30", 1_689_153_000_250),
        ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ("2023-02-29T00:00:00Z", None),
        ("2023-07-12T24:00:00Z", None),
        ("2023-07-12T08:40:60Z", None),
        ("2023-07-12T08:60:00Z", None),
        ("2023-07-12T08:40:00", None),
        ("2023-07-12T08:40Z", None),
        ("2023-07-12 08:40:00Z", None),
        ("2023-07-12t08:40:00z", None),
        ("2023-07-12T08:40:00.Z", None),
        ("2023-07-12T08:40:00.0001Z", None),
        ("2023-07-12T08:40:00.000000001Z", None),
        ("2023-07-12T08:40:00+0800", None),
        ("2023-07-12T08:40:00+24:00", None),
        ("2023-07-12T08:40:00Z\n", None),
        ("3000-01-01T00:00:00Z", None),
    ],
)
def test_a_time_is_a_real_instant_with_an_offset_and_at_most_milliseconds(
    text: str, ms: int | None
) -> None:
    try:
        read = instant_ms(TypeAdapter(TimeText).validate_python(text))
    except ValidationError:
        read = None

    assert read == ms


@pytest.mark.parametrize(
    "text",
    [
        *("2023-07-12T08:41:03.12Z", "2023-07-12T08:41:03Z", "2023-07-12T08:41:03.120+00:00"),
        *("2023-07-12T08:41:03.1200Z", "2023-02-30T08:41:03.120Z"),
    ],
)
def test_a_stamp_has_exactly_one_form(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(StampText).validate_python(text)


@given(MILLISECONDS)
def test_a_stamp_survives_writing_and_reading(ms: int) -> None:
    text = TypeAdapter(StampText).validate_python(stamp(ms))

    assert (instant_ms(text), len(text)) == (ms, 24)


@given(MILLISECONDS, MILLISECONDS)
def test_text_order_of_stamps_is_time_order(one: int, other: int) -> None:
    assert (stamp(one) < stamp(other)) == (one < other)


@given(MOMENTS, st.integers(-720, 840))
def test_the_local_date_is_that_of_the_offset(moment: datetime, offset: int) -> None:
    ms = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    assert local_date(ms, offset) == moment.astimezone(timezone(timedelta(minutes=offset))).date()


def test_the_local_date_changes_at_midnight_of_the_offset() -> None:
    last = instant_ms("2023-07-31T23:59:59.999+08:00")

    assert (local_date(last, 480), local_date(last + 1, 480)) == (
        date(2023, 7, 31),
        date(2023, 8, 1),
    )


@pytest.mark.parametrize(("text", "minutes"), [("+08:00", 480), ("-03:30", -210), ("+00:00", 0)])
def test_an_offset_is_minutes_ahead_of_utc(text: str, minutes: int) -> None:
    assert offset_minutes(text) == minutes


@given(st.dates(date(1970, 1, 2), date(2999, 12, 31)), st.integers(-12 * 60, 14 * 60))
def test_a_day_ends_right_before_the_next_one_begins(day: date, offset: int) -> None:
    end_ms = end_of_day_ms(day, offset)

    found = (local_date(end_ms, offset), local_date(end_ms + 1, offset))
    assert found == (day, day + timedelta(days=1))
