"""A connection to the broker: asked for until it is there, or for a command that will not wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from nats.aio.client import Client

from jifen_ledger.adapters.stream import connect, log_error
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.application.stopping import pause

CONNECT_AGAIN_S = 1.0
CONNECT_SOON_S = 5

_log = structlog.get_logger()


@asynccontextmanager
async def connected(
    url: str, user: str | None, password: str | None, stopping: asyncio.Event
) -> AsyncIterator[Client | None]:
    """Connect, as often as it takes; None when told to stop before that."""
    client: Client | None = None
    while client is None and not stopping.is_set():
        try:
            client = await connect(url, user, password)
        except Unavailable as unavailable:
            _log.warning("broker_unavailable", why=str(unavailable))
            await pause(stopping, CONNECT_AGAIN_S)
    try:
        yield client
    finally:
        if client is not None:
            await client.close()


@asynccontextmanager
async def connected_soon(url: str, user: str | None, password: str | None) -> AsyncIterator[Client]:
    """Connect for the length of the block; who waits for a command is told why there is none.

    Raises Unavailable.
    """
    opened, whys = asyncio.Event(), ["no answer"]

    async def note_error(error: Exception) -> None:
        # Each try fails in the same way: one line at the end says it.
        if opened.is_set():
            await log_error(error)
        else:
            whys.append(str(error) or repr(error))

    try:
        async with asyncio.timeout(CONNECT_SOON_S):
            client = await connect(url, user, password, note_error)
    except TimeoutError as error:
        raise Unavailable(f"NATS: nobody answers at {url}: {whys[-1]}") from error
    opened.set()
    try:
        yield client
    finally:
        await client.close()
