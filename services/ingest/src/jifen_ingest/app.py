"""The composition root: the only module that knows every concrete class, and their order."""

import asyncio
import time
from asyncio import TaskGroup
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import nats.errors
import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client
from starlette.types import ASGIApp

from jifen_ingest.adapters.connection import FirstErrors, new_broker
from jifen_ingest.adapters.event_log import LogLimits, NatsEventLog
from jifen_ingest.adapters.evidence_door import EvidenceLimits, EvidenceRoute
from jifen_ingest.adapters.evidence_store import NatsEvidenceStore
from jifen_ingest.adapters.group_commit import GroupLimits
from jifen_ingest.adapters.http_app import http_app
from jifen_ingest.adapters.http_door import BodyBudget, EventsRoute
from jifen_ingest.adapters.nats_door import NatsDoor, open_nats_door
from jifen_ingest.adapters.randomness import Randomness
from jifen_ingest.adapters.readiness import Readiness
from jifen_ingest.adapters.reception import Reception, ReceptionLimits
from jifen_ingest.adapters.sources import Sources
from jifen_ingest.adapters.streams import check_server
from jifen_ingest.adapters.telemetry import Telemetry
from jifen_ingest.adapters.traced import Tracing
from jifen_ingest.application.accept_events import AcceptEvents
from jifen_ingest.application.gate import Gate
from jifen_ingest.application.keep_evidence import KeepEvidence
from jifen_ingest.settings import Settings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ingest:
    http: ASGIApp
    log: NatsEventLog


@asynccontextmanager
async def connected(
    settings: Settings, *, soon: bool = False
) -> AsyncIterator[tuple[NatsBroker, Client]]:
    """A connection to a broker that is new enough; closed at the end, even while it is away.

    A service waits until there is one; a command is to be told `soon`, with ConnectionError.
    """
    password = settings.nats_password
    first = FirstErrors()
    broker = new_broker(
        settings.nats_url,
        settings.nats_user,
        password.get_secret_value() if password else None,
        first.take if soon else None,
    )
    client = await (first.connect(broker) if soon else broker.connect())
    try:
        check_server(client)
        yield broker, client
    finally:
        try:
            await broker.stop()
        except nats.errors.ConnectionReconnectingError:
            # Nothing to drain into; what was under way has been answered as unknown.
            await client.close()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Ingest]:
    """The whole service except its HTTP server; stops in the reverse order of its start."""
    sources = Sources(settings.sources_file)
    telemetry = Telemetry()
    async with (
        _tracing(settings) as tracing,
        connected(settings) as (broker, client),
        TaskGroup() as tasks,
    ):
        log = NatsEventLog(client, tasks, _log_limits(settings), telemetry, tracing)
        telemetry.watch(lambda: log.queued, lambda: client.is_connected)
        reception = _reception(settings, sources, log, telemetry, tracing)
        door = NatsDoor(client, reception, settings.ingest_nats_workers)
        try:
            for scheme in sorted(sources.schemes):
                if not await log.open(scheme):
                    _log.warning("scheme_missing", scheme=scheme)
            open_nats_door(broker, door)
            await broker.start()
            # A round trip: from here on the broker knows of the subscription.
            await client.flush()
            route = EventsRoute(reception, BodyBudget(settings.ingest_bodies_bytes_max))
            readiness = Readiness(client, sources, log)
            evidence = _evidence_route(settings, client, sources, reception, telemetry)
            yield Ingest(http_app(route, evidence, readiness.fault, telemetry), log)
        finally:
            # The doors first, so that what is queued is all there will be.
            for subscriber in broker.subscribers:
                await subscriber.stop()
            await log.close(settings.ingest_drain_timeout_s)
            await door.close()


@asynccontextmanager
async def _tracing(settings: Settings) -> AsyncIterator[Tracing | None]:
    if settings.tracing_endpoint is None:
        yield None
        return
    # Who does not trace need not wait for it at the start.
    from jifen_ingest.adapters.tracing import OtlpTracing  # noqa: PLC0415

    tracing = OtlpTracing(settings.tracing_endpoint, settings.tracing_ratio)
    try:
        yield tracing
    finally:
        await asyncio.to_thread(tracing.close)


def _log_limits(settings: Settings) -> LogLimits:
    return LogLimits(
        group=GroupLimits(
            singles_max=settings.ingest_singles_max,
            queue_entries_max=settings.ingest_queue_events_max,
            queue_bytes_max=settings.ingest_queue_bytes_max,
        ),
        recent_max=settings.ingest_recent_events_max,
        commit_timeout_s=settings.ingest_commit_timeout_s,
    )


def _reception(
    settings: Settings,
    sources: Sources,
    log: NatsEventLog,
    telemetry: Telemetry,
    tracing: Tracing | None,
) -> Reception:
    gate = Gate(settings.ingest_credential_events_max)
    accept = AcceptEvents(log, gate, _clock_ms, Randomness().draw)
    limits = ReceptionLimits(
        single_bytes_max=settings.ingest_single_bytes_max,
        body_bytes_max=settings.ingest_body_bytes_max,
        events_max=settings.ingest_batch_events_max,
        retry_after_s=settings.ingest_retry_after_s,
    )
    return Reception(sources, log, accept, limits, telemetry, tracing)


def _evidence_route(
    settings: Settings,
    client: Client,
    sources: Sources,
    reception: Reception,
    telemetry: Telemetry,
) -> EvidenceRoute:
    store = NatsEvidenceStore(client, settings.ingest_commit_timeout_s)
    keep = KeepEvidence(store, frozenset(settings.evidence_media_types))
    limits = EvidenceLimits(
        bytes_max=settings.evidence_bytes_max,
        uploads_max=settings.evidence_uploads_max,
        timeout_s=settings.evidence_timeout_s,
    )
    return EvidenceRoute(sources, keep, limits, reception, telemetry)


def _clock_ms() -> int:
    return time.time_ns() // 1_000_000
