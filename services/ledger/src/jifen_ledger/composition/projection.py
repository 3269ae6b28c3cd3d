"""Makes the projections of the schemes, of a service or of one catching up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.books import PostgresBooks
from jifen_ledger.adapters.connecting import connected
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.leases import PostgresLeases
from jifen_ledger.adapters.private_store import PostgresPrivateParts
from jifen_ledger.adapters.pulling import Pulled
from jifen_ledger.adapters.stream import NatsPrivateStream, NatsStream
from jifen_ledger.application.copy_private import CopyPrivateParts
from jifen_ledger.application.invariants import CheckInvariants
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.status import ProjectionStatus, SchemeStatus
from jifen_ledger.application.working import Worker
from jifen_ledger.composition.process import clock_ms, new_name, secret_of
from jifen_ledger.composition.watching import Watching
from jifen_ledger.settings import ProjectionSettings


async def catch_up(settings: ProjectionSettings) -> ProjectionStatus:
    """Project every scheme up to the present end of its stream; return how that went."""
    status = ProjectionStatus()
    await _catch_up(settings, status)
    return status


async def work(
    settings: ProjectionSettings,
    status: ProjectionStatus,
    stopping: asyncio.Event,
    evidence: NatsEvidence,
    watching: Watching,
) -> None:
    """Project this worker's part of the schemes until told to stop."""
    name = settings.worker or new_name()
    leases = async_engine(settings.database_url.get_secret_value(), connections_max=1)
    try:
        async with _projections(settings, status, stopping, evidence, watching) as projection:
            if projection is not None:
                await Worker(
                    name, PostgresLeases(leases), projection.follow, status, stopping
                ).run()
    finally:
        await leases.dispose()


async def _catch_up(settings: ProjectionSettings, status: ProjectionStatus) -> None:
    """One task for each scheme; one that stops does not touch the others."""
    stopping, evidence = asyncio.Event(), NatsEvidence()
    async with (
        _projections(settings, status, stopping, evidence) as projection,
        asyncio.TaskGroup() as tasks,
    ):
        if projection is not None:
            for one in status.schemes.values():
                tasks.create_task(projection.of(one, stopping).catch_up())


@dataclass(frozen=True, slots=True)
class _Projections:
    """Makes the projection of a scheme: its schemes share connections and memory."""

    client: Client
    engine: AsyncEngine
    evidence: NatsEvidence
    status: ProjectionStatus
    limits: Limits
    pulled: Pulled
    watching: Watching | None = None

    def of(self, status: SchemeStatus, stopping: asyncio.Event) -> ProjectScheme:
        return ProjectScheme(
            NatsStream(self.client, pulled=self.pulled),
            PostgresJournal(self.engine),
            clock_ms,
            status,
            stopping,
            self.limits,
            None if self.watching is None else self.watching.traced,
        )

    async def follow(self, status: SchemeStatus, stopping: asyncio.Event) -> None:
        """Project the scheme and copy its private parts, until told to stop."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.of(status, stopping).follow())
            tasks.create_task(self._private_copy(status, stopping).follow())
            if self.watching is not None:
                checks = self._checks(self.watching, status, stopping)
                tasks.create_task(checks.follow(self.watching.interval_s))

    def _checks(
        self, watching: Watching, status: SchemeStatus, stopping: asyncio.Event
    ) -> CheckInvariants:
        return CheckInvariants(
            PostgresBooks(watching.engine), NatsStream(self.client), clock_ms, status, stopping
        )

    def _private_copy(self, status: SchemeStatus, stopping: asyncio.Event) -> CopyPrivateParts:
        return CopyPrivateParts(
            NatsPrivateStream(self.client),
            PostgresPrivateParts(self.engine),
            self.evidence,
            status,
            self.status.private_of(status.scheme),
            stopping,
        )


@asynccontextmanager
async def _projections(
    settings: ProjectionSettings,
    status: ProjectionStatus,
    stopping: asyncio.Event,
    evidence: NatsEvidence,
    watching: Watching | None = None,
) -> AsyncIterator[_Projections | None]:
    """Open what projections need; None when told to stop before the broker answers."""
    for scheme in settings.schemes:
        status.of(scheme).waiting = "not begun"
    schemes = len(settings.schemes)
    engine = async_engine(
        settings.database_url.get_secret_value(),
        # One loads while the batch before it is written, and private parts are copied beside them.
        connections_max=min(3 * schemes, settings.write_connections_max),
        prepare_after=None,
    )
    limits = Limits(settings.batch_max, settings.state_rows_max // schemes)
    try:
        password = secret_of(settings.nats_password)
        async with connected(settings.nats_url, settings.nats_user, password, stopping) as client:
            if client is None:
                yield None
            else:
                evidence.use(client)
                pulled = Pulled().shared(schemes)
                yield _Projections(client, engine, evidence, status, limits, pulled, watching)
    finally:
        await engine.dispose()
