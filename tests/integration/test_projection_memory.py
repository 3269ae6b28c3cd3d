"""A slow fold does not fill the memory: messages wait in the stream."""

import asyncio

from jifen_ledger.adapters.pulling import PULLED_MESSAGES
from jifen_ledger.adapters.stream import NatsStream, connect
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import broker, make_stream, publish
from tests.support.wait import until

MESSAGES = 5 * PULLED_MESSAGES


async def test_messages_that_nobody_takes_stay_in_the_stream(nats_url: str) -> None:
    payload = build.earned("c-1")
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, [payload] * MESSAGES)
        own = await connect(nats_url, None, None)
        async with NatsStream(own).reading(SCHEME, 1) as reading:
            taken = list(await reading.take(1))
            await until(lambda: reading.waiting >= PULLED_MESSAGES)
            most = reading.waiting
            while len(taken) < MESSAGES:
                taken += await reading.take(100)
                # The server sends while we are slow; give it every chance.
                await asyncio.sleep(0)
                most = max(most, reading.waiting)
        await own.close()

    assert [message.seq for message in taken] == list(range(1, MESSAGES + 1))
    assert most <= 2 * PULLED_MESSAGES


async def test_reading_begins_at_the_sequence_and_tells_the_streams_end(nats_url: str) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, [build.earned("c-1")] * 30)
        own = await connect(nats_url, None, None)
        async with NatsStream(own).reading(SCHEME, 21) as reading:
            first = (await reading.take(1))[0]
            end = reading.stream_last
        await own.close()

    assert (first.seq, end) == (21, 30)
