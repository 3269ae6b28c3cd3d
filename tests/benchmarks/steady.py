"""Single events at a steady rate, posted to both services as they run in operations."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import orjson

from jifen_local.stack import LocalStack
from tests.end_to_end.plant import STRUCTURED, Plant
from tests.end_to_end.tokens import Tokens, draw_tokens, write_readers, write_sources
from tests.support import builders as build
from tests.support.people import ANNA, BO, CHEN, LEADER

SCHEME: Final = "plant-visible"
HOLDERS: Final = (ANNA, BO, CHEN, LEADER)
LANES: Final = 32
BEGINS_IN_S: Final = 0.5
LOCAL: Final = timezone(timedelta(hours=8))

# Of an event its sequence, and when (ms) it was due and answered.
Done = tuple[int, float, float]


@contextmanager
def whole_system(*, fast: bool) -> Iterator[tuple[LocalStack, Tokens]]:
    """Both services with their servers, and the tokens of the scheme."""
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        tokens = {SCHEME: draw_tokens()}
        with LocalStack(
            directory / "data",
            schemes=[SCHEME],
            sources_file=write_sources(directory / "sources.toml", tokens),
            readers_file=write_readers(directory / "readers.toml", tokens),
            fast=fast,
        ) as stack:
            yield stack, tokens[SCHEME]


async def post_steadily(
    stack: LocalStack, tokens: Tokens, plant: Plant, events: int, rate: int
) -> list[Done]:
    """Post each event at its own time, not when the one before was answered; in their order."""
    lanes = [await Lane.to(stack, tokens) for _ in range(LANES)]
    began_s = time.perf_counter() + BEGINS_IN_S
    due = [began_s + number / rate for number in range(events)]
    async with asyncio.TaskGroup() as tasks:
        posting = [
            tasks.create_task(_post(plant, lane, list(enumerate(due))[first::LANES]))
            for first, lane in enumerate(lanes)
        ]
    return sorted(one for posted in posting for one in posted.result())


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


async def _post(plant: Plant, lane: Lane, due: list[tuple[int, float]]) -> list[Done]:
    done = []
    for number, due_s in due:
        now = datetime.now(LOCAL).isoformat(timespec="milliseconds")
        claim = build.earned(f"c-{number:06}", holder=HOLDERS[number % len(HOLDERS)], on=now)
        body = orjson.dumps(plant.sent(claim, "desk"))
        await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
        seq = await lane.post(body)
        done.append((seq, due_s * 1e3, time.perf_counter() * 1e3))
    return done
