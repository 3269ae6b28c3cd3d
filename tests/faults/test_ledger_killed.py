"""The ledger is killed in mid-stream, again and again: nothing is lost, nothing is double."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping

import psycopg

from jifen_ledger.adapters.digest import digest_of
from tests.benchmarks.load import member, months_of_claims
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import broker, make_stream, publish
from tests.support.servers import libpq_url, new_database
from tests.support.wait import until

KILLS = 10
MEMBERS = 100
CLAIMS = 10
BATCH_MAX = 60
ENDS_WITHIN_S = 120


async def test_e72_ten_kills_in_mid_stream_leave_the_same_tables_as_none(
    nats_url: str, postgres_url: str, migrated_template: str
) -> None:
    payloads = [
        *build.world(),
        *(build.enrolled(member(number)) for number in range(MEMBERS)),
        *(build.assigned(member(number)) for number in range(MEMBERS)),
        *months_of_claims(MEMBERS, CLAIMS),
    ]
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, payloads)
        with (
            new_database(postgres_url, migrated_template) as killed,
            new_database(postgres_url, migrated_template) as undisturbed,
        ):
            sizes = [await _killed(nats_url, killed) for _ in range(KILLS)]
            ends = [await _finished(nats_url, url) for url in (killed, undisturbed)]

            assert sizes == sorted(set(sizes)), "a run wrote nothing before it was killed"
            assert 0 < sizes[0] < sizes[-1] < len(payloads), "not in mid-stream"
            assert ends == [f"{SCHEME}: {len(payloads)} records, at the stream's end\n"] * 2
            assert digest_of(killed, SCHEME) == digest_of(undisturbed, SCHEME)


async def _killed(nats_url: str, database_url: str) -> int:
    """Start a ledger, kill it as soon as the head has moved twice, and return the head."""
    with psycopg.connect(libpq_url(database_url), autocommit=True) as connection:
        size = _size(connection)
        with _started(nats_url, database_url) as ledger:
            await until(lambda: _size(connection) > size + BATCH_MAX)
            ledger.kill()
        return _size(connection)


async def _finished(nats_url: str, database_url: str) -> str:
    """Let a ledger come to the stream's end and return what it says."""
    with _started(nats_url, database_url) as ledger:
        said, _ = await asyncio.to_thread(ledger.communicate, timeout=ENDS_WITHIN_S)
    return said


def _started(nats_url: str, database_url: str) -> subprocess.Popen[str]:
    environment: Mapping[str, str] = os.environ | {
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_DATABASE_URL": database_url,
        "JIFEN_SCHEMES": SCHEME,
        "JIFEN_BATCH_MAX": str(BATCH_MAX),
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "jifen_ledger", "project", "--once"],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _size(connection: psycopg.Connection) -> int:
    found = connection.execute("SELECT size FROM log_head").fetchone()
    return 0 if found is None else int(found[0])
