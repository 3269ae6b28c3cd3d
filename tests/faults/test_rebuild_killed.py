"""A rebuild is killed again and again: what it had done stays, and the ledger is as before."""

import asyncio
import os
import subprocess
import sys

import psycopg

from jifen_ledger.adapters.digest import digest_of
from tests.benchmarks.load import membership, months_of_claims
from tests.support.people import SCHEME
from tests.support.projecting import broker, make_stream, project_all, publish
from tests.support.servers import libpq_url
from tests.support.wait import until

MEMBERS = 40
PAYLOADS = [*membership(MEMBERS), *months_of_claims(MEMBERS, 10)]
BATCH_MAX = 60
ENDS_WITHIN_S = 120


async def test_a_killed_rebuild_goes_on_where_it_was(nats_url: str, database_url: str) -> None:
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, PAYLOADS)
        await project_all(nats_url, database_url)
        before = digest_of(database_url, SCHEME)
        with psycopg.connect(libpq_url(database_url), autocommit=True) as connection:
            killed_at = [
                await _killed(connection, nats_url, database_url, source)
                for source in ("journal", "stream")
            ]
            meanwhile = digest_of(database_url, SCHEME)
            rebuild = _started(nats_url, database_url, "journal")
            said, told = await asyncio.to_thread(rebuild.communicate, timeout=ENDS_WITHIN_S)

    assert killed_at == sorted(set(killed_at)), "a run began anew"
    assert 0 < killed_at[0] < killed_at[-1] < len(PAYLOADS), "not in mid-rebuild"
    assert (said, rebuild.returncode) == (f"{SCHEME}: {len(PAYLOADS)} records, each as it was\n", 0)
    assert f"{len(PAYLOADS)}/{len(PAYLOADS)}" in told
    assert meanwhile == digest_of(database_url, SCHEME) == before


async def _killed(
    connection: psycopg.Connection, nats_url: str, database_url: str, source: str
) -> int:
    """Start a rebuild, kill it as soon as it has gone on a little, and return how far it was."""
    size = _size(connection)
    rebuild = _started(nats_url, database_url, source)
    await until(lambda: _size(connection) > size + BATCH_MAX)
    rebuild.kill()
    await asyncio.to_thread(rebuild.communicate)
    # As if the lease had run out, which takes some seconds.
    connection.execute("UPDATE lease SET expires_at = now()")
    return _size(connection)


def _started(nats_url: str, database_url: str, source: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_DATABASE_URL": database_url,
        "JIFEN_BATCH_MAX": str(BATCH_MAX),
        # As on a terminal, where there is a bar.
        "FORCE_COLOR": "1",
    }
    command = [sys.executable, "-P", "-m", "jifen_ledger", "rebuild"]
    return subprocess.Popen(
        [*command, "--scheme", SCHEME, "--from", source],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _size(connection: psycopg.Connection) -> int:
    return _count(connection, "SELECT size FROM rebuild")


def _count(connection: psycopg.Connection, query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    return 0 if found is None else int(found[0])
