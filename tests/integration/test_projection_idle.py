"""An idle stream costs nothing and loses nothing: requests end and are made anew."""

import pytest

from jifen_ledger.adapters import pulling
from jifen_ledger.adapters.stream import NatsStream, connect
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import broker, make_stream, publish

ENDED_REQUESTS = 3


async def test_a_message_after_requests_that_brought_none_is_still_read(
    nats_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "REQUEST_EXPIRES_S", 0.5)
    monkeypatch.setattr(pulling, "HEARTBEAT_S", 0.2)
    async with broker(nats_url) as client:
        await make_stream(client)
        own = await connect(nats_url, None, None)
        async with NatsStream(own).reading(SCHEME, 1) as reading:
            while reading.ended < ENDED_REQUESTS:
                assert await reading.take(10) == []
            await publish(client, [build.earned("c-1")])
            taken: list[int] = []
            while not taken:
                taken = [message.seq for message in await reading.take(10)]
        await own.close()

    assert taken == [1]
