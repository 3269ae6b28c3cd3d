"""The hash of a run of messages: the same however it is cut, another if anything differs."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jifen_ledger.log.range_hash import RangeHash, first_difference

RUNS = st.lists(st.binary(max_size=8), max_size=12)


def digest(run: list[bytes], after: int = 0) -> bytes:
    hashed = RangeHash(after)
    hashed.take(run)
    return hashed.digest


@given(RUNS, st.lists(st.integers(0, 12), max_size=5))
def test_a_run_has_one_hash_however_it_is_cut(run: list[bytes], cuts: list[int]) -> None:
    hashed = RangeHash()
    places = [0, *sorted(min(cut, len(run)) for cut in cuts), len(run)]
    for start, end in pairwise(places):
        hashed.take(run[start:end])

    assert (hashed.digest, hashed.upto) == (digest(run), len(run))


@given(RUNS, RUNS)
def test_two_runs_have_one_hash_only_if_they_are_the_same(
    one: list[bytes], other: list[bytes]
) -> None:
    assert (digest(one) == digest(other)) == (one == other)


@given(RUNS, st.data())
def test_the_first_message_that_differs_is_named(run: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(run)))
    altered = [*run[:place], b"another one", *run[place + 1 :]]

    assert first_difference(run, altered) == place
    assert first_difference(run, list(run)) is None


@given(RUNS.filter(bool), st.data())
def test_no_byte_changes_from_one_message_to_the_next_unnoticed(
    run: list[bytes], data: st.DataObject
) -> None:
    joined = b"".join(run)
    cut = data.draw(st.integers(0, len(joined)))

    assert (digest([joined[:cut], joined[cut:]]) == digest(run)) == (
        [joined[:cut], joined[cut:]] == run
    )


@given(RUNS)
def test_the_same_messages_elsewhere_in_the_stream_have_another_hash(run: list[bytes]) -> None:
    assert digest(run, after=1) != digest(run)
