"""Makes what compares stream, journal and log: beside a projection, or once for a command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from nats.aio.client import Client

from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.compared_journal import PostgresComparedJournal
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.kept_passes import PostgresPasses
from jifen_ledger.adapters.pulling import Pulled
from jifen_ledger.adapters.stream import NatsStream
from jifen_ledger.application.log_ports import Anchors
from jifen_ledger.application.reconciling.follow import Paces, ReconcileScheme
from jifen_ledger.application.reconciling.once import Report, reconcile_once
from jifen_ledger.application.reconciling.ports import ComparedJournal, KeptPasses
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.composition.opening import open_servers
from jifen_ledger.composition.process import clock_ms
from jifen_ledger.settings import LedgerSettings, ReconcileSettings

# Of the past some is read now and then: less at a time than a projection that catches up.
COMPARED_AT_ONCE = Pulled(messages=1_024, size=4 * 1024 * 1024)
# Further schemes wait for a connection; a range takes milliseconds.
COMPARED_SCHEMES_MAX = 2


@dataclass(frozen=True, slots=True)
class Reconcilers:
    """Makes the reconciler of a scheme: its schemes share connections."""

    journal: ComparedJournal
    anchors: Anchors
    passes: KeptPasses
    paces: Paces

    def of(self, client: Client, status: SchemeStatus, stopping: asyncio.Event) -> ReconcileScheme:
        """Return the reconciler of the scheme."""
        return ReconcileScheme(
            NatsStream(client, pulled=COMPARED_AT_ONCE),
            self.journal,
            self.anchors,
            self.passes,
            status,
            clock_ms,
            stopping,
            self.paces,
        )


@asynccontextmanager
async def reconcilers(settings: LedgerSettings) -> AsyncIterator[Reconcilers]:
    """Open what reconcilers need beside the broker."""
    engine = async_engine(
        settings.database_url.get_secret_value(),
        connections_max=min(len(settings.schemes), COMPARED_SCHEMES_MAX),
        prepare_after=None,
    )
    paces = Paces(look_s=settings.reconcile_look_s, pass_s=settings.reconcile_pass_s)
    try:
        journal = PostgresComparedJournal(engine)
        anchors = AnchorFiles(settings.log_anchor_dir)
        yield Reconcilers(journal, anchors, PostgresPasses(engine), paces)
    finally:
        await engine.dispose()


async def reconcile(settings: ReconcileSettings, status: SchemeStatus) -> Report:
    """Compare all of the scheme's past now. Raises Unavailable."""
    async with AsyncExitStack() as opened:
        client, engine = await open_servers(opened, settings, connections_max=1)
        return await reconcile_once(
            NatsStream(client),
            PostgresComparedJournal(engine),
            AnchorFiles(settings.log_anchor_dir),
            status,
        )
