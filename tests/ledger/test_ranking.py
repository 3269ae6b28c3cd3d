"""Standard competition ranking and bands."""

from hypothesis import given
from hypothesis import strategies as st

from jifen_ledger.domain.ranking import band_of, ranking

SCORES = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(0, 1000))
BANDS = (900, 800, 700)


def ranks(*scores: int) -> list[int]:
    return [one.rank for one in ranking((f"m-{n}", score) for n, score in enumerate(scores))]


def test_three_equal_scores_share_the_second_rank_and_the_next_is_fifth() -> None:
    assert ranks(960, 930, 930, 930, 910) == [1, 2, 2, 2, 5]


def test_two_equal_scores_share_the_third_rank() -> None:
    assert ranks(950, 920, 910, 910, 900) == [1, 2, 3, 3, 5]


def test_equal_scores_at_the_top_are_all_first() -> None:
    assert ranks(900, 900, 800) == [1, 1, 3]


def test_nobody_is_ranked_on_an_empty_board() -> None:
    assert ranking(()) == ()


@given(SCORES)
def test_invariant_16_a_rank_is_one_more_than_the_number_of_higher_scores(
    scores: dict[str, int],
) -> None:
    found = {one.holder: one.rank for one in ranking(scores.items())}

    assert found == {
        holder: 1 + sum(other > score for other in scores.values())
        for holder, score in scores.items()
    }


@given(SCORES)
def test_ids_order_the_display_within_a_rank_and_nothing_else(scores: dict[str, int]) -> None:
    board = ranking(scores.items())

    assert [(one.rank, one.holder) for one in board] == sorted(
        (one.rank, one.holder) for one in board
    )


def test_a_band_holds_the_scores_from_its_floor_to_below_the_next() -> None:
    scores = (1000, 900, 899, 800, 799, 700, 699, 0)

    assert [band_of(score, BANDS) for score in scores] == [
        900,
        900,
        800,
        800,
        700,
        700,
        None,
        None,
    ]
