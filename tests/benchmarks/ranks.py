"""How fast a rank among a million is read, against a Redis sorted set on the same machine.

Both are asked for one member's rank with ties (1-2-2-4), the top 100, and the five above and below.
Ours are the statements of the ledger's own reads, prepared, at the database; Redis answers by its
own client. Redis ranks by name within a score where it is asked for neighbours; we do not.
"""

import argparse
import asyncio
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import psycopg
import redis
import sqlalchemy as sa

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.adapters.place_tables import BUCKET
from jifen_ledger.adapters.reads.counted_boards import CountedBoardReads
from jifen_ledger.application.queries.boards import BoardAsked, Members, Page
from jifen_local.servers import start_postgres
from tests.benchmarks.report import tell
from tests.benchmarks.targets import Target
from tests.support.people import SCHEME
from tests.support.servers import libpq_url, new_database

FEW, MEMBERS = 1_000, 1_000_000
P99_MAX_US = 1_000
EACH = 5
TOP = 100
WARM = 200
REDIS = "redis-server"
BOARD = BoardAsked("2023-Q3", "member", "all", None, None, None)
EVERYBODY = Members(branches=())
HOLDER = "m-0000001"
PLACES = """
    INSERT INTO place
    SELECT %(scheme)s, '2023-Q3', 'member', 'm-' || lpad(number::text, 7, '0'),
        'u-' || number %% 2000,
        least(1000, greatest(0, 800 + (60 * sqrt(-2 * ln(1 - random())) * cos(6.2832 * random()))))
    FROM generate_series(1, %(size)s) AS number
"""
COUNTS = f"""
    INSERT INTO score_count
    SELECT scheme, period, capacity, scheme, width, score - score % width, count(*)
    FROM place, (VALUES (1), ({BUCKET})) AS widths (width)
    GROUP BY scheme, period, capacity, width, score - score % width
"""  # noqa: S608 - our own words


TO_REDIS = {
    "rank": "Rank among 1,000,000",
    "top 100": "Top 100 of 1,000,000",
    "neighbours": "Neighbours among 1,000,000",
}


class Timed(NamedTuple):
    """Microseconds of one read: half of them, and all but one in a hundred, were faster."""

    p50: float
    p99: float


Reads = dict[str, Callable[[str], object]]


def main() -> None:
    options = _options()
    if shutil.which(REDIS) is None:
        print(f"{REDIS} is not here: only our own reads are measured (Debian: redis-server)")
    found = {}
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        postgres = start_postgres(directory / "postgres")
        try:
            for size in (FEW, options.members):
                with new_database(postgres.url) as url, _sorted_set(directory) as other:
                    found[size] = _measure(url, other, size, options)
        finally:
            postgres.stop()
    text = _told(found, options)
    targets = _targets(found) if options.members == MEMBERS else []
    tell("Ranks, top 100 and neighbours", text, targets, dry=options.dry)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.ranks", description=__doc__)
    parser.add_argument("--members", type=int, default=MEMBERS, help="of the larger board")
    parser.add_argument("--reads", type=int, default=2_000, help="reads of each kind and round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, one way after the other")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    return parser.parse_args()


def _measure(
    url: str, other: "redis.Redis | None", size: int, options: argparse.Namespace
) -> dict[str, dict[str, Timed]]:
    upgrade(url)
    with psycopg.connect(libpq_url(url), autocommit=True, prepare_threshold=0) as connection:
        connection.execute(PLACES.encode(), {"scheme": SCHEME, "size": size})
        connection.execute(COUNTS.encode())
        connection.execute(b"VACUUM ANALYZE place, score_count")
        ways = {"ours": _ours(connection, asyncio.run(_statements(url)))}
        if other is not None:
            _fill(connection, other)
            ways["Redis"] = _by_redis(other)
        samples: dict[str, dict[str, list[float]]] = {way: {} for way in ways}
        chance = Random(size)
        for _ in range(options.rounds):
            for way, reads in ways.items():
                for read, ask in reads.items():
                    holders = [f"m-{chance.randint(1, size):07}" for _ in range(options.reads)]
                    samples[way].setdefault(read, []).extend(_each(ask, holders))
    return {
        way: {read: _timed(some) for read, some in reads.items()} for way, reads in samples.items()
    }


def _each(ask: Callable[[str], object], holders: Sequence[str]) -> list[float]:
    for holder in holders[:WARM]:
        ask(holder)
    took = []
    for holder in holders:
        began = time.perf_counter()
        ask(holder)
        took.append((time.perf_counter() - began) * 1e6)
    return took


def _timed(samples: Sequence[float]) -> Timed:
    return Timed(statistics.median(samples), statistics.quantiles(samples, n=100)[98])


async def _statements(url: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """What the ledger's reads send, by what is read; each is one statement."""
    sent: list[tuple[str, dict[str, Any]]] = []
    engine = async_engine(url, connections_max=1)
    try:
        async with engine.connect() as connection:

            def note(_c: object, _k: object, statement: str, values: Any, *_: object) -> None:
                sent.append((statement, dict(values)))

            sa.event.listen(engine.sync_engine, "before_cursor_execute", note)
            reads = CountedBoardReads(connection, SCHEME)
            await reads.standing(BOARD, EVERYBODY, HOLDER)
            await reads.places(BOARD, EVERYBODY, Page(TOP))
            await reads.neighbours(BOARD, EVERYBODY, HOLDER, EACH)
    finally:
        await engine.dispose()
    return dict(zip(("rank", "top 100", "neighbours"), sent, strict=True))


def _ours(
    connection: psycopg.Connection, statements: dict[str, tuple[str, dict[str, Any]]]
) -> Reads:
    def reading(statement: str, values: dict[str, Any]) -> Callable[[str], object]:
        query = statement.encode()

        def ask(holder: str) -> object:
            own = {name: holder if value == HOLDER else value for name, value in values.items()}
            return connection.execute(query, own).fetchall()

        return ask

    return {read: reading(*sent) for read, sent in statements.items()}


def _by_redis(other: "redis.Redis") -> Reads:
    def rank(holder: str) -> object:
        score = other.zscore("board", holder)
        return other.zcount("board", f"({score}", "+inf")

    def neighbours(holder: str) -> object:
        line = other.zrevrank("board", holder)
        assert isinstance(line, int)
        first, last = max(0, line - EACH), line + EACH
        return other.zrevrange("board", first, last, withscores=True)

    def top(_: str) -> object:
        return other.zrevrange("board", 0, TOP - 1, withscores=True)

    return {"rank": rank, "top 100": top, "neighbours": neighbours}


def _fill(connection: psycopg.Connection, other: "redis.Redis") -> None:
    pipeline = other.pipeline(transaction=False)
    for number, row in enumerate(connection.execute("SELECT holder, score FROM place"), start=1):
        pipeline.zadd("board", {row[0]: row[1]})
        if not number % 10_000:
            pipeline.execute()
    pipeline.execute()


@contextmanager
def _sorted_set(directory: Path) -> Iterator["redis.Redis | None"]:
    """A Redis of our own that keeps nothing on disk; None where it is not installed."""
    if shutil.which(REDIS) is None:
        yield None
        return
    socket = directory / "redis.sock"
    command = [
        REDIS,
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--save",
        "",
        "--dir",
        str(directory),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(unix_socket_path=str(socket), retry=_patience(), decode_responses=True)
        client.ping()
        yield client
        client.close()
    finally:
        server.terminate()
        server.wait()


def _patience() -> "redis.retry.Retry":
    return redis.retry.Retry(redis.backoff.ConstantBackoff(0.05), 100)


def _targets(found: dict[int, dict[str, dict[str, Timed]]]) -> list[Target]:
    """Return the rows of the ranks; those to Redis only where it was measured."""
    ours = found[MEMBERS]["ours"]
    other = found[MEMBERS].get("Redis", {})
    to_redis = [
        _ratio(f"{what}, p50, to Redis", other[read].p50, ours[read].p50)
        for read, what in TO_REDIS.items()
        if read in other
    ]
    slowest = max(one.p99 for one in ours.values())
    return [
        *to_redis,
        _ratio("Rank, top 100, neighbours, slowest p99, to 1 ms", P99_MAX_US, slowest),
        _ratio(
            "Rank among 1,000,000, p50, to a rank among 1,000",
            found[FEW]["ours"]["rank"].p50,
            ours["rank"].p50,
        ),
    ]


def _ratio(what: str, limit_us: float, ours_us: float) -> Target:
    return Target(what, f"{limit_us:,.0f} us", f"{ours_us:,.0f} us", ours_us / limit_us)


def _told(found: dict[int, dict[str, dict[str, Timed]]], options: argparse.Namespace) -> str:
    lines = [
        f"{options.rounds} interleaved rounds of {options.reads:,} reads each; microseconds.",
        "",
        "| read | members | Redis p50 | ours p50 | ratio | ours p99 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for size, ways in found.items():
        for read, ours in ways["ours"].items():
            limit = ways.get("Redis", {}).get(read)
            other = "absent" if limit is None else f"{limit.p50:,.0f}"
            ratio = "" if limit is None else f"{ours.p50 / limit.p50:.2f}"
            lines.append(
                f"| {read} | {size:,} | {other} | {ours.p50:,.0f} | {ratio} | {ours.p99:,.0f} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
