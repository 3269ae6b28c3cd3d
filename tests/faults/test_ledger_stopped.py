"""The ledger's service is told to stop: it finishes the batch in hand and ends by itself."""

import asyncio
import os
import signal
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import httpx
import psycopg

from jifen_local.ports import free_port
from tests.benchmarks.load import member, months_of_claims
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import broker, make_stream, publish
from tests.support.servers import libpq_url
from tests.support.wait import until

MEMBERS = 40
PAYLOADS = [
    *build.world(),
    *(build.enrolled(member(number)) for number in range(MEMBERS)),
    *(build.assigned(member(number)) for number in range(MEMBERS)),
    *months_of_claims(MEMBERS, 10),
]
ENDS_WITHIN_S = 20
BATCH_MAX = 25


async def test_a_terminated_service_leaves_whole_batches_and_exits_with_success(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    readers = tmp_path / "readers.toml"
    readers.touch()
    port = free_port(0)
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, PAYLOADS)
        with (
            psycopg.connect(libpq_url(database_url), autocommit=True) as connection,
            _service(nats_url, database_url, readers, port) as service,
        ):
            await until(lambda: _count(connection, "SELECT size FROM log_head") > 2 * BATCH_MAX)
            service.send_signal(signal.SIGTERM)
            status = await asyncio.to_thread(service.wait, ENDS_WITHIN_S)
            size = _count(connection, "SELECT size FROM log_head")
            records = _count(connection, "SELECT count(*) FROM record")

    assert status == 0
    assert 0 < records == size < len(PAYLOADS)


async def test_a_service_is_ready_when_it_has_caught_up(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    readers = tmp_path / "readers.toml"
    readers.touch()
    port = free_port(0)
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, build.world())
        with _service(nats_url, database_url, readers, port) as service:
            await until(lambda: _answers(port))
            service.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(service.wait, ENDS_WITHIN_S) == 0


def _service(nats_url: str, database_url: str, readers: Path, port: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_DATABASE_URL": database_url,
        "JIFEN_SCHEMES": SCHEME,
        "JIFEN_BATCH_MAX": str(BATCH_MAX),
        "JIFEN_READERS_FILE": str(readers),
        "JIFEN_LOG_ORIGIN": "ledger.example/jifen",
        "JIFEN_LOG_KEY_DIR": str(readers.parent),
        "JIFEN_LOG_ANCHOR_DIR": str(readers.parent),
        "JIFEN_HTTP_PORT": str(port),
    }
    command = [sys.executable, "-P", "-m", "jifen_ledger", "serve"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def _count(connection: psycopg.Connection, query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    return 0 if found is None else int(found[0])


def _answers(port: int) -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False)
    except httpx.TransportError:
        return False
    return answer.status_code == HTTPStatus.OK
