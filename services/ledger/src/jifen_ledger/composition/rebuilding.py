"""Makes the rebuild of one scheme."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.leases import PostgresLeases
from jifen_ledger.adapters.rebuilding import PostgresRebuilds, RebuildJournal, schema_of
from jifen_ledger.adapters.recorded_stream import RecordedStream, StreamUpTo
from jifen_ledger.adapters.stream import NatsStream, connect
from jifen_ledger.application.ports import Stream
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.rebuild import RebuildScheme, RebuildSource
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.composition.process import clock_ms, new_name, secret_of
from jifen_ledger.settings import FoldSettings

# A rebuild runs beside a ledger, in a few hundred megabytes however long the history is.
REBUILD_ROWS_MAX = 150_000


async def rebuild(settings: FoldSettings, status: SchemeStatus, source: RebuildSource) -> None:
    """Compute the scheme's tables again. Raises RebuildRefused, Stopped, Unavailable."""
    url, scheme = settings.database_url.get_secret_value(), status.scheme
    async with AsyncExitStack() as opened:

        def engine(schema: str | None) -> AsyncEngine:
            made = async_engine(url, connections_max=4, prepare_after=None, schema=schema)
            opened.push_async_callback(made.dispose)
            return made

        own, second = engine(None), engine(schema_of(scheme))
        client = None
        if source is RebuildSource.STREAM:
            client = await connect(
                settings.nats_url, settings.nats_user, secret_of(settings.nats_password)
            )
            opened.push_async_callback(client.close)

        journal = RebuildJournal(second)

        def project(to_seq: int) -> ProjectScheme:
            stream: Stream = RecordedStream(own, to_seq)
            if client is not None:
                stream = StreamUpTo(NatsStream(client), to_seq)
            rows_max = min(settings.state_rows_max, REBUILD_ROWS_MAX)
            limits = Limits(settings.batch_max, rows_max)
            return ProjectScheme(stream, journal, clock_ms, status, asyncio.Event(), limits)

        rebuilds, leases = PostgresRebuilds(own), PostgresLeases(own)
        await RebuildScheme(rebuilds, leases, journal, project, status, new_name())()
