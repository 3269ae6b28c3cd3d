"""Makes the generation beside the live one, for each step of a rebuild of one scheme."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.connecting import connected_soon
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.generations import PostgresGenerations, schema_of
from jifen_ledger.adapters.leases import PostgresLeases
from jifen_ledger.adapters.rebuilding import RebuildJournal
from jifen_ledger.adapters.recorded_stream import RecordedStream, StreamUpTo
from jifen_ledger.adapters.software import software
from jifen_ledger.adapters.stream import NatsStream
from jifen_ledger.application.comparison import Comparison
from jifen_ledger.application.generations import Second
from jifen_ledger.application.ports import Stream
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.rebuild import (
    BuildGeneration,
    CompareGenerations,
    DropGeneration,
    RebuildScheme,
    RebuildSource,
    SwitchBack,
    SwitchGeneration,
)
from jifen_ledger.application.second_generation import SecondGeneration
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.composition.process import clock_ms, new_name
from jifen_ledger.settings import FoldSettings, secret_of

# A rebuild runs beside a ledger, in a few hundred megabytes however long the history is.
REBUILD_ROWS_MAX = 150_000


async def rebuild(settings: FoldSettings, status: SchemeStatus, source: RebuildSource) -> None:
    """Compute the scheme's tables again. Raises RebuildRefused, Stopped, Unavailable."""
    async with _beside(settings, status, source, keeps_otherwise=False) as beside:
        await RebuildScheme(beside)()


async def build(settings: FoldSettings, status: SchemeStatus, source: RebuildSource) -> Second:
    """Build a generation beside the live one. Raises as `rebuild`."""
    async with _beside(settings, status, source, keeps_otherwise=True) as beside:
        return await BuildGeneration(beside)()


async def compare(
    settings: FoldSettings, status: SchemeStatus, source: RebuildSource
) -> Comparison:
    """Compare both generations. Raises as `rebuild`."""
    async with _beside(settings, status, source, keeps_otherwise=True) as beside:
        return await CompareGenerations(beside)()


async def switch(
    settings: FoldSettings,
    status: SchemeStatus,
    source: RebuildSource,
    *,
    although_different: bool = False,
) -> None:
    """Put the new generation in the place of the live one. Raises as `rebuild`."""
    async with _beside(settings, status, source, keeps_otherwise=True) as beside:
        await SwitchGeneration(beside)(although_different=although_different)


async def switch_back(settings: FoldSettings, status: SchemeStatus, source: RebuildSource) -> None:
    """Put the old generation back in its place. Raises as `rebuild`."""
    async with _beside(settings, status, source, keeps_otherwise=False) as beside:
        await SwitchBack(beside)()


async def drop(settings: FoldSettings, status: SchemeStatus, source: RebuildSource) -> None:
    """Remove the generation beside the live one. Raises as `rebuild`."""
    async with _beside(settings, status, source, keeps_otherwise=False) as beside:
        await DropGeneration(beside)()


@asynccontextmanager
async def _beside(
    settings: FoldSettings, status: SchemeStatus, source: RebuildSource, *, keeps_otherwise: bool
) -> AsyncIterator[SecondGeneration]:
    """Open what the step needs: records that come out otherwise stop it, or are kept."""
    url, scheme = settings.database_url.get_secret_value(), status.scheme
    async with AsyncExitStack() as opened:

        def engine(schema: str | None) -> AsyncEngine:
            made = async_engine(url, connections_max=4, prepare_after=None, schema=schema)
            opened.push_async_callback(made.dispose)
            return made

        own, second = engine(None), engine(schema_of(scheme))
        client = None
        if source is RebuildSource.STREAM:
            password = secret_of(settings.nats_password)
            connection = connected_soon(settings.nats_url, settings.nats_user, password)
            client = await opened.enter_async_context(connection)

        journal = RebuildJournal(second, keeps_otherwise=keeps_otherwise)

        def project(to_seq: int) -> ProjectScheme:
            stream: Stream = RecordedStream(own, to_seq)
            if client is not None:
                stream = StreamUpTo(NatsStream(client), to_seq)
            rows_max = min(settings.state_rows_max, REBUILD_ROWS_MAX)
            limits = Limits(settings.batch_max, rows_max)
            return ProjectScheme(stream, journal, clock_ms, status, asyncio.Event(), limits)

        generations, leases = PostgresGenerations(own, software()), PostgresLeases(own)
        yield SecondGeneration(generations, leases, journal, project, status, new_name())
