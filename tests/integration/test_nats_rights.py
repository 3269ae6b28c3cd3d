"""Who can do what to the streams of a scheme, tried out on a real broker."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import nats
import nats.errors
import nats.js.errors
import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig

from jifen_contracts.subjects import private_stream_of, private_subject_of, stream_of, subject_of
from jifen_ingest.adapters.streams import create_streams
from jifen_local.nats_users import USERS, inbox_prefix_of
from jifen_local.servers import start_nats

SCHEME = "plant"
EVENTS, PRIVATE = stream_of(SCHEME), private_stream_of(SCHEME)
EVENT = subject_of(SCHEME, "m-1", "jifen.points.earned.v1")
PRIVATE_PART = private_subject_of(SCHEME, "m-1")
PASSWORDS = {user: f"secret-of-{user}" for user in USERS}
REFUSED = (nats.errors.Error, nats.js.errors.Error, TimeoutError)
ANSWERS_S = 0.5

Act = Callable[[Client], Awaitable[object]]
ACTS: Mapping[str, Act] = {
    "publish an event": lambda client: client.jetstream().publish(EVENT, b"{}", timeout=ANSWERS_S),
    "publish a private part": lambda client: client.jetstream().publish(
        PRIVATE_PART, b"{}", timeout=ANSWERS_S
    ),
    "delete an event": lambda client: _manager(client).delete_msg(EVENTS, 1),
    "purge the events": lambda client: _manager(client).purge_stream(EVENTS),
    "delete the stream of events": lambda client: _manager(client).delete_stream(EVENTS),
    "forget events by a limit": lambda client: _manager(client).update_stream(
        StreamConfig(name=EVENTS, subjects=["jifen.v1.plant.>"], max_msgs=1)
    ),
    "erase a person's private parts": lambda client: _manager(client).purge_stream(
        PRIVATE, subject=PRIVATE_PART
    ),
    "delete the private stream": lambda client: _manager(client).delete_stream(PRIVATE),
    "read the events": lambda client: client.jetstream(timeout=ANSWERS_S).get_msg(EVENTS, 1),
}
MAY = {
    "ingest": {"publish an event", "publish a private part", "read the events"},
    "ledger": {"erase a person's private parts", "read the events"},
    "operator": {
        "publish a private part",
        "erase a person's private parts",
        "delete the private stream",
        "read the events",
    },
    # All of it; once the stream is deleted, there is none to change or to read.
    "repair": ACTS.keys() - {"forget events by a limit", "read the events"},
    "upstream": set(),
}


def _manager(client: Client) -> nats.js.JetStreamContext:
    return client.jetstream(timeout=ANSWERS_S)


@pytest.fixture
async def clients(tmp_path: Path) -> AsyncIterator[Mapping[str, Client]]:
    server = start_nats(tmp_path / "nats", passwords=PASSWORDS, schemes=[SCHEME], fast=True)
    async with AsyncExitStack() as opened:
        opened.callback(server.stop)
        connected = {}
        for user in USERS:
            client = await nats.connect(
                server.url,
                user=user,
                password=PASSWORDS[user],
                inbox_prefix=inbox_prefix_of(user).encode(),
                error_cb=_heard,
            )
            opened.push_async_callback(client.close)
            connected[user] = client
        await create_streams(connected["operator"], SCHEME, replicas=1, erasable=True)
        await connected["ingest"].jetstream().publish(EVENT, b"{}")
        yield connected


@pytest.mark.parametrize("user", USERS)
async def test_a_user_can_do_to_the_streams_what_its_work_needs_and_no_more(
    clients: Mapping[str, Client], user: str
) -> None:
    """Without the streams' own protection: it is the permission alone that refuses."""
    can = set()
    for name, act in ACTS.items():
        try:
            await act(clients[user])
        except REFUSED:
            continue
        can.add(name)

    assert can == MAY[user]


async def _heard(_: Exception) -> None:
    """What is refused is told here as well."""
