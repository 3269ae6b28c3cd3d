"""The streams of a scheme: made as they must be, compared when they are there."""

import asyncio
import json
from collections.abc import AsyncIterator

import nats
import pytest
from nats.aio.client import Client
from nats.js.errors import APIError

from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of
from jifen_ingest.__main__ import main
from jifen_ingest.adapters.streams import (
    StreamsUnfit,
    create_streams,
    find_stream,
    open_streams,
)


@pytest.fixture
async def client(nats_url: str, scheme: str) -> AsyncIterator[Client]:
    client = await nats.connect(nats_url)
    yield client
    for stream in (stream_of(scheme), private_stream_of(scheme), evidence_stream_of(scheme)):
        if await find_stream(client, stream) is not None:
            await client.jetstream().delete_stream(stream)
    await client.close()


async def test_all_streams_are_made_once(client: Client, scheme: str) -> None:
    created = await create_streams(client, scheme, replicas=1, erasable=False)
    again = await create_streams(client, scheme, replicas=1, erasable=False)

    made = [private_stream_of(scheme), evidence_stream_of(scheme), stream_of(scheme)]
    assert (created, again) == (made, [])


async def test_nothing_can_be_deleted_from_a_schemes_stream(client: Client, scheme: str) -> None:
    await create_streams(client, scheme, replicas=1, erasable=False)
    await client.jetstream().publish(f"jifen.v1.{scheme}.x", b"{}")

    with pytest.raises(APIError):
        await client.jetstream().delete_msg(stream_of(scheme), 1)
    with pytest.raises(APIError):
        await client.jetstream().purge_stream(stream_of(scheme))


async def test_a_persons_private_parts_can_be_erased(client: Client, scheme: str) -> None:
    await create_streams(client, scheme, replicas=1, erasable=False)
    for person in ("m-one", "m-two"):
        await client.jetstream().publish(f"jifen.private.v1.{scheme}.{person}", b"{}")

    await client.jetstream().purge_stream(
        private_stream_of(scheme), subject=f"jifen.private.v1.{scheme}.m-one"
    )

    assert (await client.jetstream().stream_info(private_stream_of(scheme))).state.messages == 1


async def test_a_stream_that_differs_is_refused_in_one_line(client: Client, scheme: str) -> None:
    await create_streams(client, scheme, replicas=1, erasable=True)

    with pytest.raises(StreamsUnfit, match="deny_delete is false instead of true"):
        await create_streams(client, scheme, replicas=1, erasable=False)


async def test_ingest_opens_protected_and_erasable_streams_alike(
    client: Client, scheme: str
) -> None:
    assert await open_streams(client, scheme) is None
    await create_streams(client, scheme, replicas=1, erasable=True)

    assert await open_streams(client, scheme) is not None


async def test_ingest_does_not_open_a_stream_that_forgets(client: Client, scheme: str) -> None:
    await create_streams(client, scheme, replicas=1, erasable=True)
    jetstream = client.jetstream()
    config = (await jetstream.stream_info(stream_of(scheme))).config
    config.max_age = 3_600
    await jetstream.update_stream(config)

    with pytest.raises(StreamsUnfit, match="max_age is 3600000000000 instead of 0"):
        await open_streams(client, scheme)


async def test_two_operators_at_once_make_the_same_streams(client: Client, scheme: str) -> None:
    await asyncio.gather(
        *(create_streams(client, scheme, replicas=1, erasable=True) for _ in range(3))
    )

    assert await open_streams(client, scheme) is not None


async def test_the_commands_make_the_streams_and_list_them_with_what_is_in_them(
    client: Client,
    nats_url: str,
    scheme: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JIFEN_NATS_URL", nats_url)

    async def scheme_command(*arguments: str) -> object:
        # In a thread, because a command has an event loop of its own.
        assert await asyncio.to_thread(main, ["scheme", *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    created = await scheme_command("create", scheme, "--erasable-for-tests")
    await client.jetstream().publish(f"jifen.v1.{scheme}.x", b"{}")
    listed = await scheme_command("list")

    made = [private_stream_of(scheme), evidence_stream_of(scheme), stream_of(scheme)]
    assert created == [{"scheme": scheme, "created": made}]
    assert isinstance(listed, list)
    (own,) = (one for one in listed if one["scheme"] == scheme)
    assert own.pop("bytes") > 0
    assert own == {"scheme": scheme, "events": 1, "private_parts": 0, "replicas": 1}
