"""Makes the signing of the logs."""

from __future__ import annotations

import asyncio

from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.cosigned_log import PostgresCosignedLog
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.adapters.signed_log import PostgresSignedLog
from jifen_ledger.adapters.witness_client import http_witnesses
from jifen_ledger.application.ask_witness import AskWitness, Ways
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.remembered import RememberedByWitnesses
from jifen_ledger.application.sign import SignScheme, Stored
from jifen_ledger.application.status import ProjectionStatus
from jifen_ledger.composition.process import clock_ms
from jifen_ledger.settings import LedgerSettings

# Further schemes wait for a connection; a round takes milliseconds.
SIGNED_AT_ONCE_MAX = 8


def log_keys(settings: LedgerSettings) -> KeyFiles:
    """Return the keys of the logs. Raises KeyUnfit where one cannot be used."""
    keys = KeyFiles(settings.log_key_dir, settings.log_origin)
    for scheme in settings.schemes:
        keys.read(scheme)
    return keys


async def sign_logs(
    settings: LedgerSettings,
    keys: KeyFiles,
    status: ProjectionStatus,
    logs: LogStatus,
    stopping: asyncio.Event,
) -> None:
    """One task for each scheme's log; one that is halted does not touch the others."""
    engine = async_engine(
        settings.database_url.get_secret_value(),
        connections_max=2 * min(len(settings.schemes), SIGNED_AT_ONCE_MAX)
        + len(settings.witnesses),
        prepare_after=None,
    )
    witnesses, quorum = settings.witnesses, settings.quorum
    log = PostgresSignedLog(engine, quorum)
    anchors = AnchorFiles(settings.log_anchor_dir)
    interval_s = settings.log_publish_interval_s
    try:
        async with http_witnesses() as asked, asyncio.TaskGroup() as tasks:
            stored = Stored(log, anchors, keys, RememberedByWitnesses(asked, witnesses))
            ways = Ways(PostgresCosignedLog(engine, quorum, anchors), asked, clock_ms)
            for scheme in settings.schemes:
                own = (logs.of(scheme), status.of(scheme), stopping)
                for witness in witnesses:
                    tasks.create_task(AskWitness(ways, witness, *own).follow(interval_s))
                sign = SignScheme(stored, keys.name_of(scheme), clock_ms, *own)
                tasks.create_task(sign.follow(interval_s))
    finally:
        await engine.dispose()
