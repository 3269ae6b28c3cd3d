"""The lag in time: how long the oldest message without a record has been in the stream."""

from jifen_ledger.application.waiting import OldestWaiting


def test_the_oldest_message_waits_until_its_batch_is_committed() -> None:
    oldest = OldestWaiting()
    ages = [oldest.age_ms(9_000)]

    # The second batch is taken while the first one is being written.
    oldest.taken(size=0, seq=1, stored_ms=1_000)
    oldest.taken(size=0, seq=6, stored_ms=4_000)
    ages.append(oldest.age_ms(9_000))
    oldest.committed(size=5, stream_last=10)
    ages.append(oldest.age_ms(9_000))
    oldest.committed(size=10, stream_last=10)
    ages.append(oldest.age_ms(9_000))

    assert ages == [0, 8_000, 5_000, 0]


def test_a_message_that_is_read_again_has_waited_all_the_time() -> None:
    oldest = OldestWaiting()

    oldest.taken(size=4, seq=5, stored_ms=2_000)
    oldest.taken(size=4, seq=5, stored_ms=2_000)

    assert oldest.age_ms(10_000) == 8_000


def test_a_clock_that_runs_behind_the_brokers_shows_no_age_below_nought() -> None:
    oldest = OldestWaiting()
    oldest.taken(size=0, seq=1, stored_ms=5_000)

    assert oldest.age_ms(4_000) == 0
