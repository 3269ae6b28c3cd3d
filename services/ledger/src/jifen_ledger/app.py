"""The composition root: the only module that knows every concrete class, and their order."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from nats.aio.client import Client
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.http.application import make_application
from jifen_ledger.adapters.http.log_asking import LogDesk
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.adapters.private_store import PostgresPrivateParts
from jifen_ledger.adapters.readers import Readers
from jifen_ledger.adapters.server import serve
from jifen_ledger.adapters.signed_log import PostgresSignedLog
from jifen_ledger.adapters.stream import NatsPrivateStream, NatsStream, connect
from jifen_ledger.application.copy_private import CopyPrivateParts
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.sign import SignScheme, Stored
from jifen_ledger.application.status import ProjectionStatus
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.settings import LedgerSettings, ProjectionSettings

CONNECT_AGAIN_S = 1.0
# Further schemes wait for a connection; a round takes milliseconds.
SIGNED_AT_ONCE_MAX = 8
# The state is large, lives long and has no cycles; with Python's defaults a tenth of the fold's
# time goes into looking for some.
COLLECT_AFTER = (50_000, 20, 50)

_log = structlog.get_logger(__name__)


def spare_collector() -> None:
    """Look for cycles seldom, and never among what was imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


async def run_service(settings: LedgerSettings) -> None:
    """Project every scheme and answer reads until a signal; the batch in hand is finished."""
    readers = Readers(settings.readers_file)
    status = ProjectionStatus()
    logs = LogDesk(
        access={scheme: settings.log_entries_access_of(scheme) for scheme in settings.schemes}
    )
    keys = _log_keys(settings)
    stopping = asyncio.Event()
    evidence = NatsEvidence()
    reads = async_engine(
        settings.database_url.get_secret_value(), connections_max=settings.read_connections_max
    )
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_project_schemes(settings, status, stopping, evidence, to_end=False))
            tasks.create_task(_sign_logs(settings, keys, status, logs.status, stopping))
            try:
                application = make_application(
                    reads, readers, status, evidence=evidence, log=logs, lag_max=settings.lag_max
                )
                await serve(application, settings.http_host, settings.http_port)
            finally:
                stopping.set()
    finally:
        await reads.dispose()


async def catch_up(settings: ProjectionSettings) -> ProjectionStatus:
    """Project every scheme up to the present end of its stream; return how that went."""
    status = ProjectionStatus()
    await _project_schemes(settings, status, asyncio.Event(), NatsEvidence(), to_end=True)
    return status


async def _project_schemes(
    settings: ProjectionSettings,
    status: ProjectionStatus,
    stopping: asyncio.Event,
    evidence: NatsEvidence,
    *,
    to_end: bool,
) -> None:
    """Two tasks for each scheme; one that stops does not touch the others."""
    for scheme in settings.schemes:
        status.of(scheme).waiting = "not begun"
    engine = async_engine(
        settings.database_url.get_secret_value(),
        connections_max=3 * len(settings.schemes),
        prepare_after=None,
    )
    try:
        async with _connected(settings, stopping) as client:
            if client is None:
                return
            evidence.use(client)
            async with asyncio.TaskGroup() as tasks:
                for scheme in settings.schemes:
                    project = _projection(settings, client, engine, status, stopping, scheme)
                    tasks.create_task(project.catch_up() if to_end else project.follow())
                    if not to_end:
                        copy = _private_copy(client, engine, evidence, status, stopping, scheme)
                        tasks.create_task(copy.follow())
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


def _projection(
    settings: ProjectionSettings,
    client: Client,
    engine: AsyncEngine,
    status: ProjectionStatus,
    stopping: asyncio.Event,
    scheme: str,
) -> ProjectScheme:
    return ProjectScheme(
        NatsStream(client),
        PostgresJournal(engine),
        _clock_ms,
        status.of(scheme),
        stopping,
        Limits(settings.batch_max, settings.state_rows_max),
    )


def _private_copy(
    client: Client,
    engine: AsyncEngine,
    evidence: NatsEvidence,
    status: ProjectionStatus,
    stopping: asyncio.Event,
    scheme: str,
) -> CopyPrivateParts:
    return CopyPrivateParts(
        NatsPrivateStream(client),
        PostgresPrivateParts(engine),
        evidence,
        status.of(scheme),
        status.private_of(scheme),
        stopping,
    )


@asynccontextmanager
async def _connected(
    settings: ProjectionSettings, stopping: asyncio.Event
) -> AsyncIterator[Client | None]:
    """Connect, as often as it takes; None when told to stop before that."""
    client: Client | None = None
    while client is None and not stopping.is_set():
        try:
            client = await connect(
                settings.nats_url, settings.nats_user, _secret(settings.nats_password)
            )
        except Unavailable as unavailable:
            _log.warning("broker_unavailable", why=str(unavailable))
            await _pause(stopping)
    try:
        yield client
    finally:
        if client is not None:
            await client.close()


async def _pause(stopping: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(CONNECT_AGAIN_S):
            await stopping.wait()
    except TimeoutError:
        return


def _secret(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _clock_ms() -> int:
    return time.time_ns() // 1_000_000
