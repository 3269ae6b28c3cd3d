"""How long after the POST an event is visible in the ledger, at a steady rate of single events.

Both services run as in operations, every commit on disk. Events are posted at their own times, not
when the one before was answered; an event is visible when the head that reads are made at has it.
"""

import argparse
import asyncio
import statistics
import time

import psycopg

from jifen_local.stack import LocalStack
from tests.benchmarks.report import tell
from tests.benchmarks.steady import SCHEME, Done, post_steadily, whole_system
from tests.benchmarks.targets import Target
from tests.end_to_end.plant import connected, founding
from tests.end_to_end.tokens import Tokens
from tests.support.servers import libpq_url

RATE = 200
LIMIT_MS = 100.0
LOOK_EVERY_S = 0.001
ENDS_WITHIN_S = 30
HEAD = b"SELECT size FROM log_head WHERE scheme = %s"


def main() -> None:
    options = _options()
    with whole_system(fast=options.fast) as (stack, tokens):
        answered, visible = asyncio.run(_measure(stack, tokens, options))
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
        done = await post_steadily(stack, tokens, plant, events, options.rate)
        async with asyncio.timeout(ENDS_WITHIN_S):
            await watching
    return [at - sent for _, sent, at in done], _until_seen(done, seen)


async def watch(url: str, last: int, seen: list[tuple[int, float]]) -> None:
    async with await psycopg.AsyncConnection.connect(libpq_url(url), autocommit=True) as reading:
        size = 0
        while size < last:
            row = await (await reading.execute(HEAD, [SCHEME])).fetchone()
            if row is not None and row[0] > size:
                size = int(row[0])
                seen.append((size, time.perf_counter() * 1e3))
            await asyncio.sleep(LOOK_EVERY_S)


def _until_seen(done: list[Done], seen: list[tuple[int, float]]) -> list[float]:
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
