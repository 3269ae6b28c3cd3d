"""Fifty schemes on two workers; one is killed, the other goes on with everything."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import nats
import psycopg
from nats.aio.client import Client

from jifen_contracts.subjects import stream_of
from jifen_ledger.composition.reconciling import COMPARED_SCHEMES_MAX
from jifen_ledger.composition.signing import SIGNED_AT_ONCE_MAX
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.state import State
from tests.support import builders as build
from tests.support.schemes import make_streams, of_scheme, remove_streams, send
from tests.support.servers import libpq_url
from tests.support.wait import until

SCHEMES = [f"w-{number:02}" for number in range(50)]
HELD = "SELECT worker, count(*) FROM lease WHERE expires_at > now() GROUP BY worker"
HEADS = "SELECT min(size), count(*) FROM log_head"
RECORDS = "SELECT bytes FROM record WHERE scheme = %s ORDER BY seq"
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
WRITE_CONNECTIONS = 4
# Of a worker: for leases, reads, what its projections share, signing and comparing; and this
# test's own.
OF_A_WORKER = 1 + 8 + WRITE_CONNECTIONS + 2 * SIGNED_AT_ONCE_MAX + COMPARED_SCHEMES_MAX
CONNECTIONS_MAX = 2 * OF_A_WORKER + 1
TAKEN_OVER_WITHIN_S = 20
ENDS_WITHIN_S = 20


def claims(first: int, last: int) -> list[bytes]:
    return [build.earned(f"c-{number}", deed=f"d-{number}") for number in range(first, last)]


async def test_a_killed_worker_s_schemes_move_to_the_other_and_nothing_is_lost_or_double(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    first, second = [*build.world(), *claims(0, 10)], claims(10, 20)
    client = await nats.connect(nats_url)
    await make_streams(client, SCHEMES)
    try:
        with (
            psycopg.connect(libpq_url(database_url), autocommit=True) as connection,
            running(["one", "two"], nats_url, database_url, tmp_path) as workers,
        ):
            await until(lambda: held(connection) == {"one": 25, "two": 25}, 60)
            await send_all(client, first)
            await until(lambda: heads(connection) == (len(first), 50), 60)
            connections = scalar(connection, CONNECTIONS)
            consumers = [await consumers_of(client, scheme) for scheme in SCHEMES]

            workers[0].kill()
            await send_all(client, second)
            await until(lambda: held(connection) == {"two": 50}, TAKEN_OVER_WITHIN_S)
            await until(lambda: heads(connection) == (len(first) + len(second), 50), 60)
            said = await asyncio.to_thread(status, database_url)
            recorded = [records(connection, scheme) for scheme in SCHEMES]
    finally:
        await remove_streams(client, SCHEMES)
        await client.close()

    assert recorded == [expected(scheme, [*first, *second]) for scheme in SCHEMES]
    assert (connections <= CONNECTIONS_MAX, set(consumers)) == (True, {1})
    size = len(first) + len(second)
    assert said == [f"{scheme}: {size} records; held by two, 0 behind" for scheme in SCHEMES]


async def test_a_worker_that_ends_hands_its_schemes_over_at_once(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    client = await nats.connect(nats_url)
    schemes = SCHEMES[:4]
    await make_streams(client, schemes)
    try:
        with (
            psycopg.connect(libpq_url(database_url), autocommit=True) as connection,
            running(["one", "two"], nats_url, database_url, tmp_path, schemes) as workers,
        ):
            await until(lambda: held(connection) == {"one": 2, "two": 2}, 60)
            workers[1].terminate()
            status_of_end = await asyncio.to_thread(workers[1].wait, ENDS_WITHIN_S)
            left = held(connection).get("two")
            await until(lambda: held(connection) == {"one": 4})
    finally:
        await remove_streams(client, schemes)
        await client.close()

    assert (status_of_end, left) == (0, None)


@contextmanager
def running(
    names: Sequence[str],
    nats_url: str,
    database_url: str,
    directory: Path,
    schemes: Sequence[str] = SCHEMES,
) -> Iterator[list[subprocess.Popen[bytes]]]:
    readers = directory / "readers.toml"
    readers.touch()
    environment = os.environ | {
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_DATABASE_URL": database_url,
        "JIFEN_SCHEMES": ",".join(schemes),
        "JIFEN_WRITE_CONNECTIONS_MAX": str(WRITE_CONNECTIONS),
        "JIFEN_READERS_FILE": str(readers),
        "JIFEN_LOG_ORIGIN": "ledger.example/jifen",
        "JIFEN_LOG_KEY_DIR": str(directory),
        "JIFEN_LOG_ANCHOR_DIR": str(directory),
        "JIFEN_HTTP_PORT": "0",
        # Comparing reads with consumers of its own, which the test would count.
        "JIFEN_RECONCILE_LOOK_S": "3600",
    }
    command = [sys.executable, "-P", "-m", "jifen_ledger", "serve"]
    with ExitStack() as stack:
        workers = []
        for name in names:
            worker = subprocess.Popen(
                command, env=environment | {"JIFEN_WORKER": name}, stderr=subprocess.DEVNULL
            )
            stack.callback(worker.wait)
            stack.callback(worker.kill)
            workers.append(worker)
        yield workers


async def send_all(client: Client, payloads: Sequence[bytes]) -> None:
    for scheme in SCHEMES:
        await send(client, scheme, of_scheme(payloads, scheme))


def held(connection: psycopg.Connection) -> dict[str, int]:
    return dict(connection.execute(HELD).fetchall())


def heads(connection: psycopg.Connection) -> tuple[int, int] | None:
    return connection.execute(HEADS).fetchone()


def records(connection: psycopg.Connection, scheme: str) -> list[bytes]:
    return [bytes(row[0]) for row in connection.execute(RECORDS, [scheme])]


def expected(scheme: str, payloads: Sequence[bytes]) -> list[bytes]:
    state = State.empty(scheme)
    messages = enumerate(of_scheme(payloads, scheme), start=1)
    return [fold(state, seq, payload).bytes for seq, payload in messages]


def scalar(connection: psycopg.Connection, query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    assert found is not None
    return int(found[0])


async def consumers_of(client: Client, scheme: str) -> int:
    found = await client.jetstream().stream_info(stream_of(scheme))
    return int(found.state.consumer_count)


def status(database_url: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "jifen_ledger", "status"],
        env=os.environ | {"JIFEN_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        # Whether all is signed by now is not asked here.
        check=False,
        timeout=ENDS_WITHIN_S,
    )
    return [line for line in done.stdout.splitlines() if not line.startswith(" ")]
