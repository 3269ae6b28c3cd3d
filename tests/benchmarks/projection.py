"""How fast the ledger projects: from the stream to committed rows, against a bare loop.

Both read the same stream in this process and write to the same server, every commit on disk. The
bare loop reads, decodes, copies the same records and postings and adds up the same balances; it
decides nothing. What the ledger does beyond that is the fold, loading, and its other tables. Peers
get the stream's last events and are told what each moves, so they decide nothing either.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import orjson
import psycopg
import uvloop
from sqlalchemy import make_url

from jifen_ledger.adapters import writer
from jifen_ledger.adapters.claim_rows import Row
from jifen_ledger.adapters.copying import copy_rows, driver_of
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.adapters.stream import NatsStream, connect
from jifen_ledger.application.project import Limits
from jifen_ledger.composition.process import spare_collector
from jifen_ledger.domain import fold
from jifen_ledger.domain.outcome import Record
from jifen_ledger.log.hashes import leaf_hashes
from tests.benchmarks.eventsourcing_way import eventsourcing_way
from tests.benchmarks.ledger_way import fill, ledger_way, two_servers
from tests.benchmarks.load import membership, months_of_claims
from tests.benchmarks.moves import last_moves
from tests.benchmarks.projection_told import BARE, FOLD, LEDGER, Load, targets_of, told
from tests.benchmarks.report import tell
from tests.benchmarks.runs import Runs
from tests.benchmarks.tutorial_way import tutorial_way
from tests.benchmarks.year import stored_year
from tests.support.people import SCHEME
from tests.support.projecting import folded
from tests.support.servers import libpq_url, new_database

COMPILED = not str(fold.__file__).endswith(".py")
TITLE = "Projection, stream to committed rows" + (", fold compiled" if COMPILED else "")

# Rows of records, rows of postings by record, and the records.
Made = tuple[list[Row], list[list[Row]], Sequence[Record]]


def main() -> None:
    options = _options()
    spare_collector()
    payloads = _payloads(options)
    print(f"{len(payloads):,} events; folding them once, for what the limit writes", flush=True)
    _, records = folded(payloads)
    with two_servers(fast=options.fast) as (nats_url, postgres_url):
        asyncio.run(fill(nats_url, payloads))
        runs = _measure(nats_url, postgres_url, payloads, records, options)
    load = Load(len(payloads), _named(options), options.batch, options.peers, options.rounds)
    text = told(load, runs, fast=options.fast)
    # The targets are told of the sources, which run unless one asks for more.
    tell(TITLE, text, () if COMPILED else targets_of(runs), dry=options.dry)


def _payloads(options: argparse.Namespace) -> list[bytes]:
    if options.members is None:
        return stored_year()[: options.events]
    return [*membership(options.members), *months_of_claims(options.members, options.claims)]


def _named(options: argparse.Namespace) -> str:
    return "the demo's year" if options.members is None else f"{options.members:,} members"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.projection", description=__doc__)
    parser.add_argument(
        "--members", type=int, help="so many members of one branch instead of the demo's year"
    )
    parser.add_argument("--events", type=int, help="so many of the year's first events")
    parser.add_argument("--claims", type=int, default=10, help="claims of each member")
    parser.add_argument(
        "--batch", type=int, default=Limits().batch_max, help="events of one transaction"
    )
    parser.add_argument("--peers", type=int, default=2_000, help="events that peers project")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, one after the other")
    parser.add_argument("--fast", action="store_true", help="servers without fsync")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    return parser.parse_args()


def _measure(
    nats_url: str,
    postgres_url: str,
    payloads: Sequence[bytes],
    records: Sequence[Record],
    options: argparse.Namespace,
) -> Runs:
    runs = Runs()

    leaves = leaf_hashes(record.bytes for record in records)
    rows = list(writer.record_rows(SCHEME, records, leaves))
    postings = [list(writer._posting_rows(SCHEME, [record])) for record in records]
    moves = last_moves(payloads, records, options.peers)

    # What was made beforehand is no part of either way, and not for its collector to look through.
    spare_collector()

    async def bare(url: str) -> None:
        with runs.timed(BARE, len(payloads)):
            await _bare_loop(nats_url, url, (rows, postings, records), options.batch)
        _check(url, records)

    async def ledger(url: str) -> None:
        with runs.timed(LEDGER, len(payloads)):
            await ledger_way(nats_url, url, len(payloads), options.batch)
        _check(url, records)

    async def tutorial(url: str) -> None:
        await tutorial_way(nats_url, url, moves, runs)

    async def eventsourcing(url: str) -> None:
        await asyncio.to_thread(eventsourcing_way, url, moves, runs)

    with new_database(postgres_url) as migrated:
        upgrade(migrated)
        template = make_url(migrated).database
        for _ in range(options.rounds):
            _run(bare, postgres_url, template)
            _run(ledger, postgres_url, template)
            with runs.timed(FOLD, len(payloads)):
                folded(payloads)
            _run(tutorial, postgres_url)
            _run(eventsourcing, postgres_url)
    return runs


def _run(
    way: Callable[[str], Coroutine[Any, Any, None]], postgres_url: str, template: str | None = None
) -> None:
    """Run one way in a database of its own."""
    with (
        new_database(postgres_url, template) as url,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(way(url))


async def _bare_loop(nats_url: str, url: str, made: Made, batch: int) -> None:
    """Read, decode, copy the rows and add up the balances; the rows are made beforehand."""
    rows, postings, records = made
    client = await connect(nats_url, None, None)
    engine = async_engine(url, connections_max=1)
    done = 0
    async with NatsStream(client).reading(SCHEME, 1) as reading:
        while done < len(records):
            messages = await reading.take(batch)
            for message in messages:
                orjson.loads(message.payload)
            upto = done + len(messages)
            some = [row for own in postings[done:upto] for row in own]
            async with engine.begin() as connection:
                driver = await driver_of(connection)
                await copy_rows(driver, writer.RECORDS, rows[done:upto])
                await copy_rows(driver, writer.POSTINGS, some)
                await writer._write_balances(connection, driver, SCHEME, records[done:upto])
            done = upto
    await client.close()
    await engine.dispose()


def _check(url: str, records: Sequence[Record]) -> None:
    """Both ways end with a record of each event, and with the same balances."""
    tenths: dict[str, int] = {}
    for record in records:
        for posting in record.postings:
            tenths[posting.account] = tenths.get(posting.account, 0) + posting.delta
    query = b"SELECT (SELECT count(*) FROM record), (SELECT sum(abs(tenths)) FROM balance)"
    with psycopg.connect(libpq_url(url)) as connection:
        found = connection.execute(query).fetchone()
    assert found == (len(records), sum(map(abs, tenths.values()))), found


if __name__ == "__main__":
    main()
