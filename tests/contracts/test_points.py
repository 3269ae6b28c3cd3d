"""Exact amounts: tenths inside, decimal strings on the wire."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from jifen_contracts import (
    POINTS_TENTHS_MAX,
    PointsText,
    PriceText,
    format_points,
    half_up,
    parse_points,
)

TENTHS = st.integers(-POINTS_TENTHS_MAX, POINTS_TENTHS_MAX)
AMOUNTS = {
    "0": 0,
    "0.0": 0,
    "0.5": 5,
    "-0.5": -5,
    "3": 30,
    "3.0": 30,
    "2.5": 25,
    "-12.5": -125,
    "100000": 1_000_000,
    "100000.0": 1_000_000,
    "-100000": -1_000_000,
}
NO_AMOUNTS = [
    *("", "-", "-0", "-0.0", "+1", "01", "1.", ".5", "1.25", "1e2", " 1", "1 ", "1\n", "1,5"),
    *("100000.1", "100001", "-100000.1", "999999", "1000000", "NaN", "٣", "１", "0x1", "1_0"),
]


@pytest.mark.parametrize(("text", "tenths"), AMOUNTS.items())
def test_an_amount_is_read_exactly(text: str, tenths: int) -> None:
    assert parse_points(text) == tenths


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_exact_amount_is_refused_by_arithmetic_and_contract_alike(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_points(text)
    with pytest.raises(ValidationError):
        TypeAdapter(PointsText).validate_python(text)


@given(TENTHS)
def test_an_amount_survives_writing_and_reading(tenths: int) -> None:
    text = format_points(tenths)

    assert parse_points(TypeAdapter(PointsText).validate_python(text)) == tenths


@given(st.from_regex(re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,2})?"), fullmatch=True))
def test_contract_and_arithmetic_accept_the_same_texts(text: str) -> None:
    try:
        parse_points(text)
    except ValueError:
        with pytest.raises(ValidationError):
            TypeAdapter(PointsText).validate_python(text)
    else:
        assert TypeAdapter(PointsText).validate_python(text) == text


@pytest.mark.parametrize(
    ("tenths", "text"), [(25, "2.5"), (30, "3"), (-5, "-0.5"), (0, "0"), (-1_000_000, "-100000")]
)
def test_an_amount_is_written_in_its_shortest_form(tenths: int, text: str) -> None:
    assert format_points(tenths) == text


def test_a_price_is_never_negative() -> None:
    assert TypeAdapter(PriceText).validate_python("30") == "30"
    with pytest.raises(ValidationError):
        TypeAdapter(PriceText).validate_python("-30")


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_half_up_is_the_nearest_integer_and_the_upper_one_of_two(a: int, b: int) -> None:
    assert Fraction(-1, 2) < half_up(a, b) - Fraction(a, b) <= Fraction(1, 2)
