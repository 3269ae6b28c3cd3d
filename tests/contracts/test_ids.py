"""Identifiers, codes and dates as the contract spells them."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from jifen_contracts import (
    DateText,
    Id,
    ItemCode,
    MonthText,
    QuarterText,
    ReasonCode,
    Sha256Hex,
    YearText,
)


def accepts(kind: Any, text: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (Id, ["m-0a17", "00", "a-", "a" * 64]),
        (ReasonCode, ["leave_approved", "a1", "a" * 40]),
        (ItemCode, ["A01", "D07"]),
        (Sha256Hex, ["0" * 64]),
        (MonthText, ["1970-01", "2999-12"]),
        (QuarterText, ["2023-Q1", "2023-Q4"]),
        (YearText, ["1970", "2999"]),
    ],
)
def test_what_is_well_spelled_is_accepted(kind: Any, texts: list[str]) -> None:
    assert [text for text in texts if not accepts(kind, text)] == []


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (Id, ["", "a", "-a", "M-0a17", "m_0a17", "m-0a17\n", "a" * 65, "m.0a17", "é1", "m 1", "*"]),
        (ReasonCode, ["a", "Leave", "1a", "a-b", "a" * 41, "很好"]),
        (ItemCode, ["E01", "A1", "A001", "a01", "A٠١"]),
        (Sha256Hex, ["0" * 63, "0" * 65, "G" * 64, "A" * 64]),
        (MonthText, ["2023-00", "2023-13", "2023-7", "1969-12", "3000-01", "2023-07\n"]),
        (QuarterText, ["2023-Q0", "2023-Q5", "2023Q1", "2023-q1"]),
        (YearText, ["1969", "3000", "202", "20233"]),
    ],
)
def test_what_is_badly_spelled_is_refused(kind: Any, texts: list[str]) -> None:
    assert [text for text in texts if accepts(kind, text)] == []


def test_every_real_date_from_1970_to_2999_is_accepted() -> None:
    dates = TypeAdapter(DateText)
    day, end = date(1970, 1, 1), date(3000, 1, 1)
    while day < end:
        assert dates.validate_python(day.isoformat()) == day.isoformat()
        day += timedelta(days=1)


def test_a_day_that_no_calendar_has_is_refused() -> None:
    unreal = []
    for year in range(1960, 3010):
        for month, day in [(0, 1), (13, 1), (1, 0), (1, 32), (2, 29), (2, 30), (4, 31), (6, 31)]:
            text = f"{year:04}-{month:02}-{day:02}"
            try:
                real = 1970 <= date.fromisoformat(text).year <= 2999
            except ValueError:
                real = False
            if accepts(DateText, text) != real:
                unreal.append(text)

    assert unreal == []


@pytest.mark.parametrize(
    "text", ["2023-7-01", "20230701", "2023-W01-1", "2023-07-01\n", "２023-07-01"]
)
def test_a_date_has_one_spelling(text: str) -> None:
    assert not accepts(DateText, text)
