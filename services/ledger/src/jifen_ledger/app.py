"""The composition root: with `composition`, all that knows every concrete class."""

from __future__ import annotations

import asyncio
from functools import partial

from jifen_ledger.adapters.audit.making import make_bundle
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.http.application import make_application
from jifen_ledger.adapters.http.log_asking import LogDesk
from jifen_ledger.adapters.readers import Readers
from jifen_ledger.adapters.server import serve
from jifen_ledger.adapters.simulation_process import SimulationProcess
from jifen_ledger.application.simulate_beside import SimulateBeside
from jifen_ledger.application.status import ProjectionStatus
from jifen_ledger.board.application import open_board
from jifen_ledger.composition.projection import work
from jifen_ledger.composition.signing import log_keys, sign_logs
from jifen_ledger.composition.watching import watching
from jifen_ledger.settings import LedgerSettings


async def run_service(settings: LedgerSettings) -> None:
    """Project a part of the schemes, as other workers take theirs, and answer reads of all.

    Ends with a signal; the batch in hand is finished.
    """
    url = settings.database_url.get_secret_value()
    readers = Readers(settings.readers_file)
    status = ProjectionStatus()
    logs = LogDesk(
        access={scheme: settings.log_entries_access_of(scheme) for scheme in settings.schemes},
        witnesses=[one.key for one in settings.witnesses],
        writes_bundle=partial(make_bundle, url),
    )
    keys = log_keys(settings)
    stopping = asyncio.Event()
    evidence = NatsEvidence()
    reads = async_engine(url, connections_max=settings.read_connections_max)
    try:
        async with watching(settings) as watch, asyncio.TaskGroup() as tasks:
            tasks.create_task(work(settings, status, stopping, evidence, watch))
            tasks.create_task(sign_logs(settings, keys, status, logs.status, stopping))
            try:
                application = make_application(
                    reads, readers, status, evidence=evidence, log=logs, lag_max=settings.lag_max
                )
                open_board(application, SimulateBeside(SimulationProcess(url)))
                tls = (settings.http_tls_cert_file, settings.http_tls_key_file)
                await serve(application, settings.http_host, settings.http_port, tls)
            finally:
                stopping.set()
    finally:
        await reads.dispose()
