"""How long after the POST an event is visible in the ledger, at a steady rate of single events.

Both services run as in operations, every commit on disk. Events are posted at their own times, not
when the one before was answered; an event is visible when the head that reads are made at has it.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import orjson
import psycopg

from jifen_local.stack import LocalStack
from tests.benchmarks.report import tell
from tests.benchmarks.targets import Target
from tests.end_to_end.plant import STRUCTURED, Plant, connected, founding
from tests.end_to_end.tokens import Tokens, draw_tokens, write_readers, write_sources
from tests.support import builders as build
from tests.support.people import ANNA, BO, CHEN, LEADER
from tests.support.servers import libpq_url

SCHEME = "plant-visible"
HOLDERS = (ANNA, BO, CHEN, LEADER)
LANES = 32
BEGINS_IN_S = 0.5
RATE = 200
LIMIT_MS = 100.0
LOOK_EVERY_S = 0.001
ENDS_WITHIN_S = 30
HEAD = b"SELECT size FROM log_head WHERE scheme = %s"
LOCAL = timezone(timedelta(hours=8))


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        tokens = {SCHEME: draw_tokens()}
        with LocalStack(
            directory / "data",
            schemes=[SCHEME],
            sources_file=write_sources(directory / "sources.toml", tokens),
            readers_file=write_readers(directory / "readers.toml", tokens),
            fast=options.fast,
        ) as stack:
            answered, visible = asyncio.run(_measure(stack, tokens[SCHEME], options))
    text = _told(answered, visible, options)
    targets = [_target(answered, visible)] if options.rate == RATE else []
    tell("From POST to visible", text, targets, dry=options.dry)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.visible", description=__doc__)
    parser.add_argument("--rate", type=int, default=RATE, help="events in a second")
    parser.add_argument("--seconds", type=int, default=20, help="how long")
    parser.add_argument("--fast", action="store_true", help="servers without fsync")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    return parser.parse_args()


async def _measure(
    stack: LocalStack, tokens: Tokens, options: argparse.Namespace
) -> tuple[list[float], list[float]]:
    """Return the milliseconds from the POST to its answer, and to the record."""
    events = options.rate * options.seconds
    async with connected(stack, SCHEME, tokens) as plant:
        seqs = await plant.accepted(founding())
        await plant.has_records(seqs[-1])
        seen: list[tuple[int, float]] = []
        watching = asyncio.create_task(watch(stack.postgres_url, seqs[-1] + events, seen))
        lanes = [await Lane.to(stack, tokens) for _ in range(LANES)]
        began_s = time.perf_counter() + BEGINS_IN_S
        due = [began_s + number / options.rate for number in range(events)]
        async with asyncio.TaskGroup() as tasks:
            posting = [
                tasks.create_task(post(plant, lane, list(enumerate(due))[first::LANES]))
                for first, lane in enumerate(lanes)
            ]
        async with asyncio.timeout(ENDS_WITHIN_S):
            await watching
    done = sorted(one for posted in posting for one in posted.result())
    return [at - sent for _, sent, at in done], _until_seen(done, seen)


class Lane:
    """One connection that posts an event at a time: a client that costs as little as it can."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        self._reader, self._writer, self._head = reader, writer, head

    @classmethod
    async def to(cls, stack: LocalStack, tokens: Tokens) -> "Lane":
        host, port = stack.ingest_url.removeprefix("http://").split(":")
        head = (
            f"POST /v1/schemes/{SCHEME}/events HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {tokens.send['desk']}\r\nContent-Type: {STRUCTURED}\r\n"
        )
        return cls(*await asyncio.open_connection(host, int(port)), head)

    async def post(self, event: bytes) -> int:
        """Return the event's sequence."""
        self._writer.write(f"{self._head}Content-Length: {len(event)}\r\n\r\n".encode() + event)
        told = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(told.split(b"content-length:")[1].split(b"\r\n")[0])
        answer = orjson.loads(await self._reader.readexactly(length))
        return int(answer["seq"])


async def post(
    plant: Plant, lane: Lane, due: list[tuple[int, float]]
) -> list[tuple[int, float, float]]:
    """Return of each event its sequence, and when (ms) it was due and answered."""
    done = []
    for number, due_s in due:
        now = datetime.now(LOCAL).isoformat(timespec="milliseconds")
        claim = build.earned(f"c-{number:06}", holder=HOLDERS[number % len(HOLDERS)], on=now)
        body = orjson.dumps(plant.sent(claim, "desk"))
        await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
        seq = await lane.post(body)
        done.append((seq, due_s * 1e3, time.perf_counter() * 1e3))
    return done


async def watch(url: str, last: int, seen: list[tuple[int, float]]) -> None:
    async with await psycopg.AsyncConnection.connect(libpq_url(url), autocommit=True) as reading:
        size = 0
        while size < last:
            row = await (await reading.execute(HEAD, [SCHEME])).fetchone()
            if row is not None and row[0] > size:
                size = int(row[0])
                seen.append((size, time.perf_counter() * 1e3))
            await asyncio.sleep(LOOK_EVERY_S)


def _until_seen(done: list[tuple[int, float, float]], seen: list[tuple[int, float]]) -> list[float]:
    heads = iter(seen)
    size, at = next(heads)
    taken = []
    for seq, sent, _ in done:
        while size < seq:
            size, at = next(heads)
        taken.append(at - sent)
    return taken


def _target(answered: list[float], visible: list[float]) -> Target:
    p99, answer_p99 = (statistics.quantiles(some, n=100)[98] for some in (visible, answered))
    return Target(
        "From POST to visible at 200 events/s, p99, to 100 ms",
        f"{LIMIT_MS:,.0f} ms",
        f"{p99:,.1f} ms",
        p99 / LIMIT_MS,
        f"The answer, which waits for the broker's disk, came within {answer_p99:,.1f} ms (p99).",
    )


def _told(answered: list[float], visible: list[float], options: argparse.Namespace) -> str:
    fsync = "off" if options.fast else "on"
    p99 = statistics.quantiles(visible, n=100)[98]
    load = (
        f"{options.rate} single events a second for {options.seconds} s over HTTP; fsync {fsync}."
        " Client, services and servers share the machine."
    )
    answer_p99 = statistics.quantiles(answered, n=100)[98]
    seen_p50 = statistics.median(visible)
    lines = [
        load,
        "",
        "| from the POST to | p50, ms | p99, ms | limit of p99 | ratio |",
        "| --- | --- | --- | --- | --- |",
        f"| the answer | {statistics.median(answered):,.1f} | {answer_p99:,.1f} | | |",
        f"| **visible** | {seen_p50:,.1f} | {p99:,.1f} | {LIMIT_MS:,.0f} | {p99 / LIMIT_MS:.2f} |",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
