"""Opens the database and the broker for a command that works on both."""

from __future__ import annotations

from contextlib import AsyncExitStack

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.connecting import connected_soon
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.settings import ServersSettings, secret_of


async def open_servers(
    opened: AsyncExitStack, settings: ServersSettings, *, connections_max: int
) -> tuple[Client, AsyncEngine]:
    """Return both, which are closed with the stack. Raises Unavailable."""
    engine = async_engine(
        settings.database_url.get_secret_value(),
        connections_max=connections_max,
        prepare_after=None,
    )
    opened.push_async_callback(engine.dispose)
    password = secret_of(settings.nats_password)
    connection = connected_soon(settings.nats_url, settings.nats_user, password)
    return await opened.enter_async_context(connection), engine
