"""Makes what watches over the projections of a service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.application.traced import Traced
from jifen_ledger.settings import LedgerSettings

# The checks of many schemes wait for each other.
CONNECTIONS_MAX = 2


@dataclass(frozen=True, slots=True)
class Watching:
    """The checks of the invariants have connections of their own; `traced` is there if wanted."""

    engine: AsyncEngine
    interval_s: float
    traced: Traced | None = None


@asynccontextmanager
async def watching(settings: LedgerSettings) -> AsyncIterator[Watching]:
    """Open it, and close it when the last batch is written."""
    url = settings.database_url.get_secret_value()
    engine = async_engine(url, connections_max=CONNECTIONS_MAX)
    interval_s = settings.invariants_interval_s
    try:
        if settings.tracing_endpoint is None:
            yield Watching(engine, interval_s)
            return
        # Who does not trace need not wait for it at the start.
        from jifen_ledger.adapters.tracing import Tracing  # noqa: PLC0415

        tracing = Tracing(settings.tracing_endpoint, settings.tracing_ratio)
        try:
            yield Watching(engine, interval_s, tracing.batches)
        finally:
            await asyncio.to_thread(tracing.close)
    finally:
        await engine.dispose()
