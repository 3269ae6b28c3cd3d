"""Concurrent appends share groups, keep their order, and never answer for one another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from jifen_ingest.adapters.group_commit import GroupCommit, GroupLimits
from jifen_ingest.adapters.recent import Recent
from jifen_ingest.application.event_log import Entry, Missed, Outcome, Stored
from jifen_ingest.domain.refusals import Busy
from tests.ingest.streams import UNKNOWN, FakeStream, entry

Asker = asyncio.Future[list[Outcome]]
SMALL = GroupLimits(singles_max=2, messages_max=5, queue_entries_max=10)


@asynccontextmanager
async def committing(
    stream: FakeStream, limits: GroupLimits = SMALL, recent_max: int = 100
) -> AsyncIterator[GroupCommit]:
    async with asyncio.TaskGroup() as tasks:
        commit = GroupCommit(stream, limits, Recent(recent_max))
        commit.start(tasks)
        try:
            yield commit
        finally:
            stream.go.set()
            await commit.close(5)


def many(*texts: str) -> list[Entry]:
    return [entry(text) for text in texts]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - a turn of the loop, no clock
            await asyncio.sleep(0)


async def queued(commit: GroupCommit, entries: Sequence[Entry], *, atomic: bool = False) -> Asker:
    """Start an append and return once its entries are in the queue."""
    asker = asyncio.ensure_future(commit.append(entries, atomic=atomic))
    await asyncio.sleep(0)
    return asker


async def held(stream: FakeStream, commit: GroupCommit) -> Asker:
    """Start a group that does not end before `stream.go` is set."""
    stream.go.clear()
    asker = await queued(commit, many("first"))
    await until(lambda: len(stream.groups) == 1)
    return asker


async def test_a_lone_event_goes_out_at_once_as_a_single() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        assert await commit.append(many("a")) == [Stored(1, entry("a").payload_sha256)]

    assert stream.groups == [("singles", ["a"])]


async def test_what_gathers_behind_a_group_is_the_next_group() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        first = await held(stream, commit)
        others = [await queued(commit, many(text)) for text in "bcde"]
        stream.go.set()
        await asyncio.gather(first, *others)

    assert stream.groups == [("singles", ["first"]), ("batch", ["b", "c", "d", "e"])]


async def test_a_group_has_a_greatest_number_and_the_order_stays() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        await commit.append(many(*"abcdefg"))

    assert stream.groups == [("batch", list("abcde")), ("singles", ["f", "g"])]


async def test_a_group_has_a_greatest_size() -> None:
    stream = FakeStream()
    limits = GroupLimits(singles_max=1, bytes_max=100)
    async with committing(stream, limits) as commit:
        await commit.append([entry(text, b"x" * 40) for text in "abc"])

    assert [texts for _, texts in stream.groups] == [["a"], ["b"], ["c"]]


async def test_an_atomic_request_is_a_batch_of_its_own() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        first = await held(stream, commit)
        others = [
            await queued(commit, many("b")),
            await queued(commit, many("c", "d"), atomic=True),
            await queued(commit, many("e")),
        ]
        stream.go.set()
        await asyncio.gather(first, *others)

    assert stream.groups[1:] == [("singles", ["b"]), ("batch", ["c", "d"]), ("singles", ["e"])]


async def test_an_atomic_request_that_is_refused_is_not_stored_in_parts() -> None:
    stream = FakeStream()
    stream.refuses_batches = True
    async with committing(stream) as commit:
        outcomes = await commit.append(many("a", "b"), atomic=True)

    assert outcomes == [Missed("one of them is not to its liking", certain=True)] * 2
    assert stream.stored == []


async def test_a_refused_group_is_sent_one_by_one() -> None:
    stream = FakeStream()
    stream.refuses_batches = True
    stream.fate["b"] = Missed("too long", certain=True)
    async with committing(stream) as commit:
        first = await held(stream, commit)
        others = [await queued(commit, many(text)) for text in "abc"]
        stream.go.set()
        outcomes = [(await other)[0] for other in others]
        await first

    assert [isinstance(one, Stored) for one in outcomes] == [True, False, True]


async def test_the_same_content_at_the_same_time_is_stored_once() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        first = await held(stream, commit)
        again = [await queued(commit, many("first")) for _ in range(2)]
        stream.go.set()
        answers = await asyncio.gather(first, *again)

    assert [one.duplicate for (one,) in answers if isinstance(one, Stored)] == [False, True, True]
    assert stream.texts == ["first"]


async def test_the_same_content_twice_in_one_request_points_at_the_first() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        outcomes = await commit.append(many("a", "b", "a"))

    sha = entry("a").payload_sha256
    assert (outcomes[0], outcomes[2]) == (Stored(1, sha), Stored(1, sha, duplicate=True))


async def test_a_content_stored_before_is_answered_from_memory() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        await commit.append(many("a"))
        again = await commit.append([entry("a", b"with another nonce"), entry("b")])

    assert again[0] == Stored(1, entry("a").payload_sha256, duplicate=True)
    assert stream.texts == ["a", "b"]


async def test_memory_is_bounded_and_forgets_the_oldest() -> None:
    stream = FakeStream()
    async with committing(stream, recent_max=1) as commit:
        await commit.append(many("a"))
        await commit.append(many("b"))
        await commit.append(many("a"))

    assert stream.texts == ["a", "b", "a"]


async def test_an_unknown_outcome_is_not_remembered_as_stored() -> None:
    stream = FakeStream()
    stream.fate["a"] = UNKNOWN
    async with committing(stream) as commit:
        assert await commit.append(many("a")) == [UNKNOWN]
        assert await commit.append(many("a")) == [Stored(1, entry("a").payload_sha256)]


async def test_one_clients_repeat_never_fails_anothers_event() -> None:
    stream = FakeStream()
    stream.fate["x"] = UNKNOWN
    async with committing(stream) as commit:
        first = await held(stream, commit)
        breaking = await queued(commit, many("x", *"bcdefg"))
        other = await queued(commit, many("g"))
        stream.go.set()
        await asyncio.gather(first, breaking)

        assert await other == [Stored(2, entry("g").payload_sha256)]


async def test_after_a_missing_event_the_rest_of_its_request_is_not_stored_out_of_order() -> None:
    stream = FakeStream()
    stream.fate["b"] = UNKNOWN
    async with committing(stream) as commit:
        outcomes = await commit.append(many(*"abcdefg"))

    assert outcomes[:5] == [UNKNOWN] * 5
    assert [one.certain for one in outcomes[5:] if isinstance(one, Missed)] == [True, True]
    assert stream.texts == []


async def test_an_atomic_request_never_shares_the_fate_of_somebody_elses_event() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        stream.fate["first"] = UNKNOWN
        first = await held(stream, commit)
        atomic = await queued(commit, many("first", "b"), atomic=True)
        stream.go.set()
        assert await first == [UNKNOWN]
        assert [isinstance(one, Stored) for one in await atomic] == [True, True]


async def test_a_caller_who_leaves_cancels_nothing() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        first = await held(stream, commit)
        leaving, staying = [await queued(commit, many("b")) for _ in range(2)]
        leaving.cancel()
        stream.go.set()
        await first

        assert [isinstance(one, Stored) for one in await staying] == [True]
    assert stream.texts == ["first", "b"]


async def test_the_queue_is_bounded_in_events() -> None:
    stream = FakeStream()
    async with committing(stream) as commit:
        first = await held(stream, commit)
        waiting = await queued(commit, many(*"abcdefghij"))
        with pytest.raises(Busy):
            await commit.append(many("k"))
        stream.go.set()
        await asyncio.gather(first, waiting)

        assert [isinstance(one, Stored) for one in await commit.append(many("k"))] == [True]


async def test_the_queue_is_bounded_in_bytes() -> None:
    stream = FakeStream()
    async with committing(stream, GroupLimits(queue_bytes_max=100)) as commit:
        with pytest.raises(Busy):
            await commit.append([entry("a", b"x" * 101)])
        await commit.append([entry("b", b"x" * 100)])

        assert stream.texts == ["b"]


async def test_stopping_commits_what_is_queued_and_takes_no_more() -> None:
    stream = FakeStream()
    async with asyncio.TaskGroup() as tasks:
        commit = GroupCommit(stream, SMALL, Recent(10))
        commit.start(tasks)
        first = await held(stream, commit)
        waiting = await queued(commit, many(*"bcdefgh"))
        closing = asyncio.ensure_future(commit.close(5))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await commit.append(many("z"))
        stream.go.set()
        await asyncio.gather(first, waiting, closing)

    assert stream.texts == ["first", *"bcdefgh"]


async def test_what_is_not_committed_in_time_is_answered_as_unknown() -> None:
    stream = FakeStream()
    async with asyncio.TaskGroup() as tasks:
        commit = GroupCommit(stream, SMALL, Recent(10))
        commit.start(tasks)
        first = await held(stream, commit)
        waiting = await queued(commit, many("b"))
        await commit.close(0)
        outcomes = [*await first, *await waiting]

    assert [one.certain for one in outcomes if isinstance(one, Missed)] == [False, False]


async def test_a_thousand_callers_lose_nothing_and_repeat_nothing() -> None:
    stream = FakeStream()
    async with committing(stream, GroupLimits()) as commit:
        answers = await asyncio.gather(
            *(commit.append(many(f"e{number}")) for number in range(1_000))
        )

    by_seq = {one.seq: one.payload_sha256 for (one,) in answers if isinstance(one, Stored)}
    assert by_seq == {
        seq: stored.payload_sha256 for seq, stored in enumerate(stream.stored, start=1)
    }
    assert len(by_seq) == 1_000
