"""Makes the refills: of a lost stream from the journal, of a lost ledger from the stream."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

from jifen_contracts.streams import event_stream, evidence_stream, private_stream
from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.aside_file import AsideFile
from jifen_ledger.adapters.compared_journal import PostgresComparedJournal
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.adapters.leases import PostgresLeases
from jifen_ledger.adapters.private_rows import NatsPrivateMessages, PostgresPrivateRows
from jifen_ledger.adapters.private_store import PostgresPrivateParts
from jifen_ledger.adapters.refilled_stream import NatsRefilledStream, find_or_make
from jifen_ledger.adapters.signed_log import PostgresSignedLog
from jifen_ledger.adapters.stream import NatsPrivateStream, NatsStream
from jifen_ledger.application.copy_private import CopyPrivateParts
from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.refilling.ledger import LedgerRefilled, RefillLedger
from jifen_ledger.application.refilling.private import RefillPrivate
from jifen_ledger.application.refilling.refill import Refill, Refilled
from jifen_ledger.application.refilling.set_aside import SetAside
from jifen_ledger.application.refilling.stream import RefillStream
from jifen_ledger.application.sign import SignScheme, Stored
from jifen_ledger.application.status import PrivateStatus, SchemeStatus
from jifen_ledger.composition.opening import open_servers
from jifen_ledger.composition.process import clock_ms, new_name
from jifen_ledger.settings import ReconcileSettings, RefillLedgerSettings

CONNECTIONS_MAX = 4


class Made(NamedTuple):
    """How streams are made that are not there."""

    replicas: int
    erasable: bool


async def refill_stream(
    settings: ReconcileSettings, status: SchemeStatus, made: Made, aside: Path | None = None
) -> Refilled:
    """Refill what the scheme has lost in the broker. Raises RefillRefused, Halted."""
    scheme = status.scheme
    async with AsyncExitStack() as opened:
        client, engine = await open_servers(opened, settings, connections_max=CONNECTIONS_MAX)
        events = NatsRefilledStream(
            client, event_stream(scheme, replicas=made.replicas, erasable=made.erasable)
        )
        private = NatsRefilledStream(client, private_stream(scheme, replicas=made.replicas))
        journal, rows = PostgresComparedJournal(engine), PostgresPrivateRows(engine)
        messages = NatsPrivateMessages(NatsPrivateStream(client))

        async def make_store() -> bool:
            return await find_or_make(client, evidence_stream(scheme, replicas=made.replicas))

        stream = NatsStream(client)
        set_aside = None
        if aside is not None:
            set_aside = SetAside(events, stream, journal, journal, AsideFile(aside), scheme)
        refill = Refill(
            events,
            RefillStream(events, stream, journal, status),
            private,
            RefillPrivate(private, messages, rows, scheme),
            journal,
            rows,
            make_store,
            set_aside,
        )
        anchors = AnchorFiles(settings.log_anchor_dir)
        return await refill.alone(PostgresLeases(engine), new_name(), anchors, status)


async def refill_ledger(settings: RefillLedgerSettings, status: SchemeStatus) -> LedgerRefilled:
    """Fill the scheme's tables from its stream and sign. Raises RefillRefused, Halted."""
    stopping = asyncio.Event()
    anchors = AnchorFiles(settings.log_anchor_dir)
    keys = KeyFiles(settings.log_key_dir, settings.log_origin)
    async with AsyncExitStack() as opened:
        client, engine = await open_servers(opened, settings, connections_max=CONNECTIONS_MAX)
        stream = NatsStream(client)
        evidence, private_status = NatsEvidence(), PrivateStatus(status.scheme)
        evidence.use(client)
        project = ProjectScheme(
            stream,
            PostgresJournal(engine),
            clock_ms,
            status,
            stopping,
            Limits(settings.batch_max, settings.state_rows_max),
        )
        copy = CopyPrivateParts(
            NatsPrivateStream(client),
            PostgresPrivateParts(engine),
            evidence,
            status,
            private_status,
            stopping,
        )
        sign = SignScheme(
            Stored(PostgresSignedLog(engine), anchors, keys),
            keys.name_of(status.scheme),
            clock_ms,
            SchemeLog(status.scheme),
            status,
            stopping,
        )
        journal = PostgresComparedJournal(engine)
        refill = RefillLedger(stream, journal, project, copy, sign, status, private_status)
        has_key = bool(keys.read(status.scheme).signing)
        return await refill(await anchors.read(status.scheme), has_key=has_key)
