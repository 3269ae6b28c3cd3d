"""From the commit of a record to a served checkpoint that covers it, at a steady rate of events."""

import asyncio
import statistics
import time
from typing import Final

import httpx

from jifen_local.stack import LocalStack
from tests.benchmarks.log_rows import Row, time_row
from tests.benchmarks.steady import SCHEME, post_steadily, whole_system
from tests.benchmarks.visible import ENDS_WITHIN_S, RATE, watch
from tests.end_to_end.plant import connected, founding
from tests.end_to_end.tokens import Tokens

LOOK_EVERY_S: Final = 0.01
# The default interval between signatures, and half as much again.
TARGET_S: Final = 2.5
INTERVAL_S: Final = 1.0

# Sizes, each with the milliseconds at which it was there.
Seen = list[tuple[int, float]]


def covered_row(seconds: int, *, fast: bool) -> Row:
    """Post events to the whole system, whose log is signed as in operations."""
    with whole_system(fast=fast) as (stack, tokens):
        first, last, heads, served = asyncio.run(_measure(stack, tokens, seconds))
    taken_s = [(_when(served, seq) - _when(heads, seq)) / 1e3 for seq in range(first + 1, last + 1)]
    return time_row(
        f"commit of a record to a served checkpoint that covers it, {RATE} events/s for"
        f" {seconds} s, p99; limit: the interval of signing",
        f"{INTERVAL_S:.1f} s",
        statistics.quantiles(taken_s, n=100)[98],
        *(TARGET_S, "s", 2),
    )


async def _measure(stack: LocalStack, tokens: Tokens, seconds: int) -> tuple[int, int, Seen, Seen]:
    """Return the sizes before and after, and when heads and served checkpoints had which size."""
    events = RATE * seconds
    async with connected(stack, SCHEME, tokens) as plant:
        first = (await plant.accepted(founding()))[-1]
        await plant.has_records(first)
        heads: Seen = []
        served: Seen = []
        watching = [
            asyncio.create_task(watch(stack.postgres_url, first + events, heads)),
            asyncio.create_task(_served(stack.ledger_url, first + events, served)),
        ]
        await post_steadily(stack, tokens, plant, events, RATE)
        async with asyncio.timeout(ENDS_WITHIN_S):
            await asyncio.gather(*watching)
    return first, first + events, heads, served


async def _served(url: str, last: int, seen: Seen) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        size = 0
        while size < last:
            answer = await client.get(f"/v1/schemes/{SCHEME}/log/checkpoint")
            if answer.is_success and (found := int(answer.text.split("\n")[1])) > size:
                size = found
                seen.append((size, time.perf_counter() * 1e3))
            await asyncio.sleep(LOOK_EVERY_S)


def _when(seen: Seen, seq: int) -> float:
    return next(at for size, at in seen if size >= seq)
