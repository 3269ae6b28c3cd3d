"""How a rebuild grows with the history: its time, and the memory of the process that does it.

The ledger is filled from made-up months of claims, then `jifen-ledger rebuild` runs as a process of
its own, as in operations, for each size. The limit is a COPY of the same records and postings.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.application.project import ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from jifen_local.servers import start_postgres
from tests.benchmarks.load import membership, months_of_claims
from tests.benchmarks.report import tell
from tests.benchmarks.targets import Target
from tests.support.people import SCHEME
from tests.support.projecting import StoredStream, now_ms
from tests.support.servers import libpq_url, new_database

# Events of one claim's life, and of one member's beginning.
EVENTS_OF_CLAIM, EVENTS_OF_MEMBER = 3, 2
CLAIMS = 10
EVENTS = 1_000_000
RESIDENT_MAX_MB = 400
LOOK_EVERY_S = 0.05
COPIED = ("record", "posting")


class Rebuilt(NamedTuple):
    """One rebuild: its events and seconds, the most memory it held, and the bare COPY's seconds."""

    events: int
    seconds: float
    resident_mb: float
    copy_s: float


def main() -> None:
    options = _options()
    found = []
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        postgres = start_postgres(directory / "postgres", fast=options.fast)
        try:
            for events in (options.events // 10, options.events):
                with new_database(postgres.url) as url:
                    upgrade(url)
                    found.append(asyncio.run(_measure(url, events)))
                    print(found[-1], flush=True)
        finally:
            postgres.stop()
    text = _told(found, fsync="off" if options.fast else "on")
    # The targets are those of a long history; a shorter one shows only that all works.
    targets = _targets(found) if options.events == EVENTS else []
    tell("Rebuild from the journal", text, targets, dry=options.dry)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.rebuild", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="of the longer history")
    parser.add_argument("--fast", action="store_true", help="a server without fsync")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    return parser.parse_args()


async def _measure(url: str, events: int) -> Rebuilt:
    members = events // (CLAIMS * EVENTS_OF_CLAIM + EVENTS_OF_MEMBER)
    payloads = [*membership(members), *months_of_claims(members, CLAIMS)]
    await _fill(url, payloads)
    seconds, resident_mb = await _rebuild(url)
    return Rebuilt(len(payloads), seconds, resident_mb, _copy(url))


async def _fill(url: str, payloads: Sequence[bytes]) -> None:
    engine = async_engine(url, connections_max=2, prepare_after=None)
    status = SchemeStatus(SCHEME)
    await ProjectScheme(
        StoredStream(payloads), PostgresJournal(engine), now_ms, status, asyncio.Event()
    ).catch_up()
    await engine.dispose()
    assert status.size == len(payloads), status


async def _rebuild(url: str) -> tuple[float, float]:
    environment = os.environ | {"JIFEN_DATABASE_URL": url, "JIFEN_NATS_URL": "nats://not.asked"}
    command = ("-P", "-m", "jifen_ledger", "rebuild", "--scheme", SCHEME, "--from", "journal")
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, *command, env=environment)
    ending = asyncio.create_task(process.wait())
    watched, resident = psutil.Process(process.pid), 0
    while not ending.done():
        try:
            resident = max(resident, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        await asyncio.wait({ending}, timeout=LOOK_EVERY_S)
    assert await ending == 0
    return time.perf_counter() - began, resident / 1024**2


def _copy(url: str) -> float:
    """Return the seconds of a bare COPY of the same rows into tables like theirs."""
    taken = 0.0
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        for table in COPIED:
            connection.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)".encode())
            rows = []
            source = f"COPY {table} TO STDOUT (FORMAT BINARY)".encode()
            with connection.cursor() as cursor, cursor.copy(source) as out:
                rows = [bytes(block) for block in out]
            began = time.perf_counter()
            target = f"COPY bare_{table} FROM STDIN (FORMAT BINARY)".encode()
            with connection.cursor() as cursor, cursor.copy(target) as into:
                for block in rows:
                    into.write(block)
            taken += time.perf_counter() - began
    return taken


def _targets(found: Sequence[Rebuilt]) -> list[Target]:
    few, many = found
    rates = (f"{many.events / many.copy_s:,.0f}/s", f"{many.events / many.seconds:,.0f}/s")
    ratio = many.copy_s / many.seconds
    because = (
        f"COPY of the records and postings takes {many.copy_s:,.1f} s, {ratio:.0%} of the "
        f"rebuild's {many.seconds:,.1f} s; the rest is the fold and the other tables. What the "
        "fold alone makes is in the section on the projection."
    )
    times, linear = many.seconds / few.seconds, many.events / few.events
    held_mb = max(one.resident_mb for one in found)
    growth, size = f"{few.events:,} events took {few.seconds:,.1f} s.", f"{many.events:,} events."
    return [
        Target("Rebuild of 1,000,000 events, to COPY of the same rows", *rates, ratio, because),
        Target(
            "Rebuild, ten times the events, to ten times the time",
            f"{linear:.1f} x",
            f"{times:.1f} x",
            times / linear,
            growth,
        ),
        Target(
            "Rebuild, resident memory, to 400 MB",
            f"{RESIDENT_MAX_MB} MB",
            f"{held_mb:,.0f} MB",
            held_mb / RESIDENT_MAX_MB,
            size,
        ),
    ]


def _told(found: Sequence[Rebuilt], fsync: str) -> str:
    few, many = found
    lines = [
        f"`jifen-ledger rebuild --from journal`, a process of its own; fsync {fsync}.",
        "",
        "| events | seconds | events/s | COPY of the same rows, s | ratio | resident, MB |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.events:,} | {one.seconds:,.1f} | {one.events / one.seconds:,.0f} |"
        f" {one.copy_s:,.1f} | {one.copy_s / one.seconds:.2f} | {one.resident_mb:,.0f} |"
        for one in found
    ]
    growth = (many.seconds / few.seconds) / (many.events / few.events)
    resident_mb = max(one.resident_mb for one in found)
    told = (
        f"{many.events / few.events:.1f} times the events took {many.seconds / few.seconds:.1f}"
        f" times the time: {growth:.2f} of linear (limit 1.10); resident memory at most"
        f" {resident_mb:,.0f} MB (limit {RESIDENT_MAX_MB})."
    )
    lines += ["", told]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
