"""Makes the projections of the schemes, of a service or of one catching up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.books import PostgresBooks
from jifen_ledger.adapters.connecting import connected, connected_soon
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
from jifen_ledger.application.stopping import unless_stopped
from jifen_ledger.application.working import Worker
from jifen_ledger.composition.process import clock_ms, new_name
from jifen_ledger.composition.reconciling import Reconcilers, reconcilers
from jifen_ledger.composition.watching import Watching
from jifen_ledger.settings import LedgerSettings, ProjectionSettings, secret_of


async def catch_up(settings: ProjectionSettings) -> ProjectionStatus:
    """Project every scheme up to the present end of its stream; return how that went.

    Raises Unavailable where the broker does not answer to begin with.
    """
    status = ProjectionStatus()
    await _catch_up(settings, status)
    return status


async def work(
    settings: LedgerSettings,
    status: ProjectionStatus,
    stopping: asyncio.Event,
    evidence: NatsEvidence,
    watching: Watching | None = None,
) -> None:
    """Project this worker's part of the schemes until told to stop."""
    name = settings.worker or new_name()
    password = secret_of(settings.nats_password)
    connection = connected(settings.nats_url, settings.nats_user, password, stopping)
    leases = async_engine(settings.database_url.get_secret_value(), connections_max=1)
    try:
        async with (
            _projections(settings, status, connection, evidence, watching) as projection,
            reconcilers(settings) as reconciled,
        ):
            if projection is not None:
                follow = Following(projection, reconciled).follow
                await Worker(name, PostgresLeases(leases), follow, status, stopping).run()
    finally:
        await leases.dispose()


async def _catch_up(settings: ProjectionSettings, status: ProjectionStatus) -> None:
    """One task for each scheme; one that stops does not touch the others."""
    stopping, password = asyncio.Event(), secret_of(settings.nats_password)
    connection = connected_soon(settings.nats_url, settings.nats_user, password)
    await _reach_database(settings)
    async with _projections(settings, status, connection, NatsEvidence()) as projection:
        assert projection is not None
        async with asyncio.TaskGroup() as tasks:
            for one in status.schemes.values():
                tasks.create_task(projection.of(one, stopping).catch_up())


async def _reach_database(settings: ProjectionSettings) -> None:
    """A database that is away later is waited for; whoever mistyped its address is told."""
    engine = async_engine(settings.database_url.get_secret_value(), connections_max=1)
    try:
        async with engine.connect():
            pass
    finally:
        await engine.dispose()


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

    def checks(
        self, watching: Watching, status: SchemeStatus, stopping: asyncio.Event
    ) -> CheckInvariants:
        """Return what computes the invariants of the scheme."""
        return CheckInvariants(
            PostgresBooks(watching.engine), NatsStream(self.client), clock_ms, status, stopping
        )

    def private_copy(self, status: SchemeStatus, stopping: asyncio.Event) -> CopyPrivateParts:
        return CopyPrivateParts(
            NatsPrivateStream(self.client),
            PostgresPrivateParts(self.engine),
            self.evidence,
            status,
            self.status.private_of(status.scheme),
            stopping,
        )


@dataclass(frozen=True, slots=True)
class Following:
    """What a worker does with a scheme that it holds."""

    projection: _Projections
    reconcilers: Reconcilers

    async def follow(self, status: SchemeStatus, stopping: asyncio.Event) -> None:
        """Project the scheme, copy its private parts and compare its past, until told to stop."""
        reconcile = self.reconcilers.of(self.projection.client, status, stopping)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._project(status, stopping, reconcile.mended))
            tasks.create_task(self.projection.private_copy(status, stopping).follow())
            tasks.create_task(reconcile.follow())
            if (watching := self.projection.watching) is not None:
                checks = self.projection.checks(watching, status, stopping)
                tasks.create_task(checks.follow(watching.interval_s))

    async def _project(
        self, status: SchemeStatus, stopping: asyncio.Event, mended: asyncio.Event
    ) -> None:
        """Project until told to stop; a stopped scheme goes on once its stream is as it was."""
        while not stopping.is_set():
            await self.projection.of(status, stopping).follow()
            while status.stopped is not None and not stopping.is_set():
                await unless_stopped(stopping, mended.wait())
                mended.clear()


@asynccontextmanager
async def _projections(
    settings: ProjectionSettings,
    status: ProjectionStatus,
    connection: AbstractAsyncContextManager[Client | None],
    evidence: NatsEvidence,
    watching: Watching | None = None,
) -> AsyncIterator[_Projections | None]:
    """Open what projections need; None when told to stop before the broker answers."""
    for scheme in settings.schemes:
        status.of(scheme).waiting = "not begun"
    schemes = len(settings.schemes)
    engine = async_engine(
        settings.database_url.get_secret_value(),
        # One loads for the batch in hand and one for the next, while the batch before them is
        # written, and private parts are copied beside them.
        connections_max=min(4 * schemes, settings.write_connections_max),
        prepare_after=None,
    )
    limits = Limits(settings.batch_max, settings.state_rows_max // schemes)
    try:
        async with connection as client:
            if client is None:
                yield None
            else:
                evidence.use(client)
                pulled = Pulled().shared(schemes)
                yield _Projections(client, engine, evidence, status, limits, pulled, watching)
    finally:
        await engine.dispose()
