"""Batches are short where someone waits for the result, and large where many messages wait."""

import pytest

from jifen_ledger.application.pace import BACKLOG_BATCH_S, BATCH_MIN, BATCH_S, Pace

MESSAGE_S = 0.000_25


def paced(message_s: float, batches: int = 30) -> Pace:
    pace = Pace(5_000)
    for _ in range(batches):
        most = pace.most(behind=100)
        pace.took(most, most * message_s)
    return pace


@pytest.mark.parametrize(
    ("message_s", "behind", "most"),
    [
        (MESSAGE_S, 100, int(BATCH_S / MESSAGE_S)),
        (MESSAGE_S, 5_001, 5_000),
        (MESSAGE_S, 2_000, int(BACKLOG_BATCH_S / MESSAGE_S)),
        (MESSAGE_S / 1_000, 100, 5_000),
        (MESSAGE_S * 1_000, 100, BATCH_MIN),
    ],
    ids=["near the end", "a large backlog", "a backlog", "cheap messages", "dear messages"],
)
def test_a_batch_takes_what_is_done_in_good_time_or_all_that_a_backlog_has(
    message_s: float, behind: int, most: int
) -> None:
    assert paced(message_s).most(behind) == pytest.approx(most, rel=0.01)


def test_a_few_messages_tell_nothing_of_what_many_cost() -> None:
    pace = paced(MESSAGE_S)
    before = pace.most(1)
    pace.took(1, 1.0)

    assert pace.most(1) == before


def test_the_first_batch_is_as_large_as_may_be() -> None:
    assert Pace(30).most(0) == 30
