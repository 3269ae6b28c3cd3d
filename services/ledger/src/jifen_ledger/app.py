"""The composition root: the only module that knows every concrete class, and their order."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from nats.aio.client import Client
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.audit.making import make_bundle
from jifen_ledger.adapters.connecting import connected
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.http.application import make_application
from jifen_ledger.adapters.http.log_asking import LogDesk
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.adapters.leases import PostgresLeases
from jifen_ledger.adapters.private_store import PostgresPrivateParts
from jifen_ledger.adapters.pulling import Pulled
from jifen_ledger.adapters.readers import Readers
from jifen_ledger.adapters.rebuilding import PostgresRebuilds, RebuildJournal, schema_of
from jifen_ledger.adapters.recorded_stream import RecordedStream, StreamUpTo
from jifen_ledger.adapters.server import serve
from jifen_ledger.adapters.signed_log import PostgresSignedLog
from jifen_ledger.adapters.stream import NatsPrivateStream, NatsStream, connect
from jifen_ledger.application.copy_private import CopyPrivateParts
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.ports import Stream
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.rebuild import RebuildScheme, RebuildSource
from jifen_ledger.application.sign import SignScheme, Stored
from jifen_ledger.application.status import ProjectionStatus, SchemeStatus
from jifen_ledger.application.working import Worker
from jifen_ledger.board.application import open_board
from jifen_ledger.settings import FoldSettings, LedgerSettings, ProjectionSettings

# Further schemes wait for a connection; a round takes milliseconds.
SIGNED_AT_ONCE_MAX = 8
# A rebuild runs beside a ledger, in a few hundred megabytes however long the history is.
REBUILD_ROWS_MAX = 150_000
# The state is large, lives long and has no cycles; with Python's defaults a tenth of the fold's
# time goes into looking for some.
COLLECT_AFTER = (50_000, 20, 50)


def spare_collector() -> None:
    """Look for cycles seldom, and never among what was imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


async def run_service(settings: LedgerSettings) -> None:
    """Project a part of the schemes, as other workers take theirs, and answer reads of all.

    Ends with a signal; the batch in hand is finished.
    """
    readers = Readers(settings.readers_file)
    status = ProjectionStatus()
    logs = LogDesk(
        access={scheme: settings.log_entries_access_of(scheme) for scheme in settings.schemes},
        writes_bundle=partial(make_bundle, settings.database_url.get_secret_value()),
    )
    keys = _log_keys(settings)
    stopping = asyncio.Event()
    evidence = NatsEvidence()
    reads = async_engine(
        settings.database_url.get_secret_value(), connections_max=settings.read_connections_max
    )
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_work(settings, status, stopping, evidence))
            tasks.create_task(_sign_logs(settings, keys, status, logs.status, stopping))
            try:
                application = make_application(
                    reads, readers, status, evidence=evidence, log=logs, lag_max=settings.lag_max
                )
                open_board(application)
                await serve(application, settings.http_host, settings.http_port)
            finally:
                stopping.set()
    finally:
        await reads.dispose()


async def catch_up(settings: ProjectionSettings) -> ProjectionStatus:
    """Project every scheme up to the present end of its stream; return how that went."""
    status = ProjectionStatus()
    await _catch_up(settings, status)
    return status


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
                settings.nats_url, settings.nats_user, _secret(settings.nats_password)
            )
            opened.push_async_callback(client.close)

        journal = RebuildJournal(second)

        def project(to_seq: int) -> ProjectScheme:
            stream: Stream = RecordedStream(own, to_seq)
            if client is not None:
                stream = StreamUpTo(NatsStream(client), to_seq)
            rows_max = min(settings.state_rows_max, REBUILD_ROWS_MAX)
            limits = Limits(settings.batch_max, rows_max)
            return ProjectScheme(stream, journal, _clock_ms, status, asyncio.Event(), limits)

        rebuilds, leases = PostgresRebuilds(own), PostgresLeases(own)
        await RebuildScheme(rebuilds, leases, journal, project, status, _new_name())()


async def _work(
    settings: ProjectionSettings,
    status: ProjectionStatus,
    stopping: asyncio.Event,
    evidence: NatsEvidence,
) -> None:
    """Project this worker's part of the schemes until told to stop."""
    name = settings.worker or _new_name()
    leases = async_engine(settings.database_url.get_secret_value(), connections_max=1)
    try:
        async with _projections(settings, status, stopping, evidence) as projection:
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

    def of(self, status: SchemeStatus, stopping: asyncio.Event) -> ProjectScheme:
        return ProjectScheme(
            NatsStream(self.client, pulled=self.pulled),
            PostgresJournal(self.engine),
            _clock_ms,
            status,
            stopping,
            self.limits,
        )

    async def follow(self, status: SchemeStatus, stopping: asyncio.Event) -> None:
        """Project the scheme and copy its private parts, until told to stop."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.of(status, stopping).follow())
            tasks.create_task(self._private_copy(status, stopping).follow())

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
        password = _secret(settings.nats_password)
        async with connected(settings.nats_url, settings.nats_user, password, stopping) as client:
            if client is None:
                yield None
            else:
                evidence.use(client)
                pulled = Pulled().shared(schemes)
                yield _Projections(client, engine, evidence, status, limits, pulled)
    finally:
        await engine.dispose()


def _log_keys(settings: LedgerSettings) -> KeyFiles:
    """Return the keys of the logs. Raises KeyUnfit where one cannot be used."""
    keys = KeyFiles(settings.log_key_dir, settings.log_origin)
    for scheme in settings.schemes:
        keys.read(scheme)
    return keys


async def _sign_logs(
    settings: LedgerSettings,
    keys: KeyFiles,
    status: ProjectionStatus,
    logs: LogStatus,
    stopping: asyncio.Event,
) -> None:
    """One task for each scheme's log; one that is halted does not touch the others."""
    engine = async_engine(
        settings.database_url.get_secret_value(),
        connections_max=2 * min(len(settings.schemes), SIGNED_AT_ONCE_MAX),
        prepare_after=None,
    )
    stored = Stored(PostgresSignedLog(engine), AnchorFiles(settings.log_anchor_dir), keys)
    try:
        async with asyncio.TaskGroup() as tasks:
            for scheme in settings.schemes:
                sign = SignScheme(
                    stored,
                    keys.name_of(scheme),
                    _clock_ms,
                    logs.of(scheme),
                    status.of(scheme),
                    stopping,
                )
                tasks.create_task(sign.follow(settings.log_publish_interval_s))
    finally:
        await engine.dispose()


def _secret(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _new_name() -> str:
    """Return a name that no other process has."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _clock_ms() -> int:
    return time.time_ns() // 1_000_000
