"""What the client library alone can store durably: the limits of ingest."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import nats

from jifen_contracts.subjects import stream_of
from jifen_ingest.adapters.group_commit import GroupCommit, GroupLimits
from jifen_ingest.adapters.recent import Recent
from jifen_ingest.adapters.stream_writer import StreamWriter
from jifen_ingest.application.event_log import Entry, Stored
from tests.benchmarks.http_load import Load
from tests.benchmarks.sending import SCHEME

COMMIT_TIMEOUT_S = 30.0


async def bare_batches(nats_url: str, entries: Sequence[Entry], size: int) -> Load:
    """Store the entries as atomic batches, one after the other."""
    latencies_s: list[float] = []
    async with _writer(nats_url) as writer:
        started = time.perf_counter()
        for first in range(0, len(entries), size):
            sent_at = time.perf_counter()
            outcomes = await writer.batch(entries[first : first + size])
            latencies_s.append(time.perf_counter() - sent_at)
            assert all(isinstance(one, Stored) for one in outcomes)
        return Load(time.perf_counter() - started, latencies_s)


async def bare_group_commit(nats_url: str, entries: Sequence[Entry], callers: int) -> Load:
    """Store the entries one by one for so many callers, who share groups."""
    latencies_s: list[float] = []
    left = iter(entries)
    async with _writer(nats_url) as writer, asyncio.TaskGroup() as tasks:
        group = GroupCommit(writer, GroupLimits(), Recent(0))
        group.start(tasks)

        async def call() -> None:
            for entry in left:
                sent_at = time.perf_counter()
                (outcome,) = await group.append([entry])
                latencies_s.append(time.perf_counter() - sent_at)
                assert isinstance(outcome, Stored)

        started = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(callers)))
        load = Load(time.perf_counter() - started, latencies_s)
        await group.close(COMMIT_TIMEOUT_S)
    return load


@asynccontextmanager
async def _writer(nats_url: str) -> AsyncIterator[StreamWriter]:
    client = await nats.connect(nats_url)
    try:
        stream = stream_of(SCHEME)
        last_seq = (await client.jetstream().stream_info(stream)).state.last_seq
        yield StreamWriter(client, stream, last_seq, COMMIT_TIMEOUT_S)
    finally:
        await client.close()
