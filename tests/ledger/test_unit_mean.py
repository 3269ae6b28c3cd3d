"""Means per member-day, medians and year scores."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from jifen_ledger.domain.unit_mean import MemberDays, UnitMean, unit_mean, year_score

WHOLE_QUARTER = 92
HOLDERS = st.lists(
    st.builds(MemberDays, st.integers(0, 1000), st.integers(0, 92), st.integers(1, 4)), max_size=12
)


def test_g17_e54_a_mover_counts_in_both_units_by_the_days_there() -> None:
    mover_in_x, mover_in_y = MemberDays(900, 45), MemberDays(900, 47)
    in_x = [MemberDays(800, WHOLE_QUARTER)] * 4
    in_y = [MemberDays(850, WHOLE_QUARTER)] * 5

    assert (unit_mean([*in_x, mover_in_x]), unit_mean([*in_y, mover_in_y])) == (
        UnitMean(811, 800, 5, 413),
        UnitMean(855, 850, 6, 507),
    )


def test_g17_a_unit_with_one_member_fewer_has_four_holders() -> None:
    found = unit_mean([*[MemberDays(800, WHOLE_QUARTER)] * 3, MemberDays(900, 45)])

    assert found is not None
    assert found.n == 4


def test_who_spent_no_day_in_the_unit_is_not_counted() -> None:
    assert unit_mean([MemberDays(800, 0)]) is None


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two_rounded_half_up() -> None:
    found = unit_mean([MemberDays(score, 1) for score in (700, 801, 808, 1000)])

    assert found is not None
    assert found.median == 805


@given(HOLDERS)
def test_the_mean_is_within_half_a_tenth_of_the_exact_one(holders: list[MemberDays]) -> None:
    days = sum(one.days * one.holders for one in holders)
    found = unit_mean(holders)

    if found is None:
        assert days == 0
    else:
        exact = Fraction(sum(one.score * one.days * one.holders for one in holders), days)
        assert -Fraction(1, 2) < found.mean - exact <= Fraction(1, 2)


@given(HOLDERS)
def test_holders_alike_count_as_if_told_one_by_one(holders: list[MemberDays]) -> None:
    one_by_one = [MemberDays(one.score, one.days) for one in holders for _ in range(one.holders)]

    assert unit_mean(holders) == unit_mean(one_by_one)


def test_the_year_score_weighs_quarters_by_active_days() -> None:
    assert year_score([MemberDays(900, 30), MemberDays(800, 90)]) == 825


def test_a_year_without_a_scored_quarter_has_no_score() -> None:
    assert year_score([]) is None
