"""A projection stops, waits or reads again when the stream is not what it must be."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.subjects import stream_of
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.tables import log_head, record, record_raw
from jifen_ledger.application.ports import Message
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Reason
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import (
    Projection,
    StoredReading,
    StoredStream,
    broker,
    make_stream,
    now_ms,
    project_all,
    publish,
    remove_stream,
    subject_for,
)
from tests.support.wait import until

WORLD = build.world()
UNKNOWN_TYPE = canonical(
    decode(build.earned("c-1"))
    | {"type": "jifen.points.earned.v2", "dataschema": "urn:jifen:schema:points.earned:v2"}
)


async def test_e71_a_gap_in_the_stream_stops_the_scheme_before_it(
    nats_url: str, database_url: str
) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, WORLD)
        await client.jetstream().delete_msg(stream_of(SCHEME), 10)
        status = await project_all(nats_url, database_url)
        again = await project_all(nats_url, database_url)

    assert (status.stopped, status.size) == (Reason.STREAM_GAP, 0)
    assert (again.stopped, again.size) == (Reason.STREAM_GAP, 0)


async def test_e71_a_stream_whose_last_message_differs_from_its_record_stops_the_scheme(
    nats_url: str, database_url: str
) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, WORLD)
        await project_all(nats_url, database_url)
        await remove_stream(client)
        await make_stream(client)
        altered = build.changed(WORLD[-1], nonce="1" * 32)
        await publish(client, [*WORLD[:-1], altered, build.earned("c-1")])
        status = await project_all(nats_url, database_url)

    assert (status.stopped, status.size) == (Reason.STREAM_ALTERED, len(WORLD))


async def test_a_stream_that_ends_before_the_journal_stops_the_scheme(
    nats_url: str, database_url: str
) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, WORLD)
        await project_all(nats_url, database_url)
        await remove_stream(client)
        await make_stream(client)
        await publish(client, WORLD[:5])
        status = await project_all(nats_url, database_url)

    assert (status.stopped, status.size) == (Reason.STREAM_SHORTENED, len(WORLD))


async def test_a_missing_stream_stops_the_scheme(nats_url: str, database_url: str) -> None:
    async with broker(nats_url):
        status = await project_all(nats_url, database_url)

    assert status.stopped is Reason.STREAM_MISSING


async def test_a_type_from_newer_software_stops_the_scheme_after_all_before_it(
    nats_url: str, database_url: str
) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, [*WORLD, UNKNOWN_TYPE, build.earned("c-2")])
        status = await project_all(nats_url, database_url)

    assert (status.stopped, status.size) == (Reason.UNKNOWN_TYPE, len(WORLD))
    assert "jifen.points.earned.v2" in status.detail


async def test_e73_a_balance_changed_by_hand_stops_the_scheme_at_start(
    nats_url: str, database_url: str
) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, [*WORLD, build.earned("c-1")])
        await project_all(nats_url, database_url)
        with sync_engine(database_url).begin() as connection:
            connection.execute(sa.text("UPDATE balance SET tenths = tenths + 1"))
        status = await project_all(nats_url, database_url)

    assert status.stopped is Reason.TRIAL_BALANCE


@pytest.mark.parametrize(
    "odd",
    [
        b'{"data":{"claim":"\\u0000"},"subject":7,"type":["x"]}',
        b'{"data":{"member":[1]},"recordedtime":"2999-01-01T00:00:00.000Z"}',
        build.changed(build.earned("c-1"), id="with\u0007bell"),
        b"",
    ],
    ids=["wrong types", "stamped ahead", "a bell in the id", "nothing"],
)
async def test_an_unreadable_message_is_kept_with_its_subject_and_raises_an_alarm(
    nats_url: str, database_url: str, odd: bytes
) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, [*WORLD, odd])
        status = await project_all(nats_url, database_url)

    assert (status.stopped, status.size, status.alarms) == (None, len(WORLD) + 1, 1)
    with sync_engine(database_url).connect() as connection:
        assert connection.execute(sa.select(record_raw)).all() == [
            (SCHEME, len(WORLD) + 1, subject_for(odd), odd)
        ]


async def test_a_message_that_only_the_client_lost_is_read_again(database_url: str) -> None:
    stream = LossyStream(WORLD)
    async with Projection("", database_url).offline() as projection:
        status = SchemeStatus(SCHEME)
        await ProjectScheme(
            stream, projection.journal, now_ms, status, asyncio.Event(), Limits(batch_max=10)
        ).catch_up()

    assert (status.stopped, status.size, stream.lost) == (None, len(WORLD), 1)


class LossyStream(StoredStream):
    """Loses the 15th message on the way to the client, once."""

    lost = 0

    @asynccontextmanager
    async def reading(self, scheme: str, from_seq: int) -> AsyncIterator[StoredReading]:
        async with super().reading(scheme, from_seq) as reading:
            yield LossyReading(reading, self) if self.lost == 0 else reading


class LossyReading(StoredReading):
    def __init__(self, reading: StoredReading, stream: LossyStream) -> None:
        self._reading = reading
        self._stream = stream
        self.stream_last = reading.stream_last

    @property
    def waiting(self) -> int:
        return self._reading.waiting

    async def take(self, most: int) -> Sequence[Message]:
        taken = await self._reading.take(most)
        kept = [message for message in taken if message.seq != 15]
        self._stream.lost += len(taken) - len(kept)
        return kept


RECORDED_AHEAD = build.earned("c-1", on="2023-07-12", recorded="2023-07-12T10:00")
IMPORTED_AHEAD = build.imported(
    build.earned("c-1", on="2023-07-11", recorded="2023-07-11T10:00"), at="2023-07-12T10:00"
)


@pytest.mark.parametrize("ahead", [RECORDED_AHEAD, IMPORTED_AHEAD], ids=["recorded", "imported"])
async def test_an_event_ahead_of_our_clock_waits_until_the_clock_has_passed_it(
    nats_url: str, database_url: str, ahead: bytes
) -> None:
    stamped_ms = 1_689_127_200_000
    async with broker(nats_url) as client, Projection(nats_url, database_url) as projection:
        await make_stream(client)
        await publish(client, [*WORLD, ahead])
        projection.clock_ms = lambda: stamped_ms - 300_001
        following = asyncio.create_task(projection.use_case.follow())
        await until(lambda: "ahead" in projection.status.waiting)
        assert (projection.status.size, projection.status.stopped) == (len(WORLD), None)
        projection.clock_ms = lambda: stamped_ms - 300_000
        await until(lambda: projection.status.size == len(WORLD) + 1)
        projection.stopping.set()
        await following


async def test_two_projections_of_one_scheme_do_not_harm_each_other(
    nats_url: str, database_url: str
) -> None:
    claims = [build.earned(f"c-{number}", deed=f"d-{number}") for number in range(200)]
    size = len(WORLD) + len(claims)
    limits = Limits(batch_max=5)
    async with (
        broker(nats_url) as client,
        Projection(nats_url, database_url, limits) as one,
        Projection(nats_url, database_url, limits) as other,
    ):
        await make_stream(client)
        await publish(client, WORLD)
        tasks = [asyncio.create_task(each.use_case.follow()) for each in (one, other)]
        await publish(client, claims)
        await until(lambda: max(one.status.size, other.status.size) == size)
        one.stopping.set()
        other.stopping.set()
        await asyncio.gather(*tasks)
        assert (one.status.stopped, other.status.stopped) == (None, None)

    with sync_engine(database_url).connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(record)).scalar() == size
        assert connection.execute(sa.select(log_head.c.size)).scalar() == size


@pytest.mark.parametrize("limits", [Limits(), Limits(batch_max=3)])
async def test_a_stop_leaves_whole_batches(
    nats_url: str, database_url: str, limits: Limits
) -> None:
    async with broker(nats_url) as client, Projection(nats_url, database_url, limits) as one:
        await make_stream(client)
        await publish(client, WORLD)
        following = asyncio.create_task(one.use_case.follow())
        await until(lambda: one.status.size > 0)
        one.stopping.set()
        await following
        size = one.status.size

    with sync_engine(database_url).connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(record)).scalar() == size
