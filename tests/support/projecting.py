"""Streams with messages, and projections of them, for tests against real servers."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Self

import nats
import nats.js.errors
from nats.aio.client import Client
from nats.js.api import RetentionPolicy, StorageType, StreamConfig

from jifen_contracts.canonical import NotCanonical, decode
from jifen_contracts.subjects import stream_of, subject_of, subjects_of
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.stream import NatsStream, connect
from jifen_ledger.application.ports import Message
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import State
from tests.support.people import SCHEME

UNREADABLE_SUBJECT = f"jifen.v1.{SCHEME}.unreadable"
PUBLISHED_TOGETHER = 500


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def broker(url: str) -> AsyncIterator[Client]:
    """An operator's client, and no stream of the test's scheme before and after."""
    client = await nats.connect(url)
    try:
        await remove_stream(client)
        yield client
        await remove_stream(client)
    finally:
        await client.close()


async def remove_stream(client: Client) -> None:
    try:
        await client.jetstream().delete_stream(stream_of(SCHEME))
    except nats.js.errors.NotFoundError:
        return


async def make_stream(client: Client, first_seq: int | None = None) -> None:
    configuration = StreamConfig(
        name=stream_of(SCHEME),
        subjects=[subjects_of(SCHEME)],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        max_msg_size=57_344,
        allow_direct=True,
        first_seq=first_seq,
    )
    await client.jetstream().add_stream(configuration)


async def publish(client: Client, payloads: Sequence[bytes]) -> None:
    """Store the messages in their order."""
    stream = client.jetstream()
    for start in range(0, len(payloads), PUBLISHED_TOGETHER):
        some = payloads[start : start + PUBLISHED_TOGETHER]
        await asyncio.gather(*(stream.publish(subject_for(one), one) for one in some))


def subject_for(payload: bytes) -> str:
    try:
        event = decode(payload)
        return subject_of(SCHEME, str(event["subject"]), str(event["type"]))
    except (NotCanonical, KeyError, ValueError):
        return UNREADABLE_SUBJECT


def folded(payloads: Iterable[bytes]) -> tuple[State, list[Record]]:
    """The pure fold of the whole stream, in memory."""
    state = State.empty(SCHEME)
    return state, [fold(state, seq, payload) for seq, payload in enumerate(payloads, start=1)]


class StoredStream:
    """The stream's port over a list: what a projection reads without a broker."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._messages = [
            Message(seq, subject_for(payload), payload)
            for seq, payload in enumerate(payloads, start=1)
        ]

    async def message(self, scheme: str, seq: int) -> Message | None:
        del scheme
        return self._messages[seq - 1] if seq <= len(self._messages) else None

    async def last_seq(self, scheme: str) -> int:
        del scheme
        return len(self._messages)

    @asynccontextmanager
    async def reading(self, scheme: str, from_seq: int) -> AsyncIterator["StoredReading"]:
        del scheme
        yield StoredReading(self._messages, from_seq)


class GrowingStream(StoredStream):
    """A stream that has its first messages only, up to where it is told."""

    upto = 0

    async def last_seq(self, scheme: str) -> int:
        del scheme
        return self.upto

    @asynccontextmanager
    async def reading(self, scheme: str, from_seq: int) -> AsyncIterator["StoredReading"]:
        del scheme
        yield StoredReading(self._messages[: self.upto], from_seq)


class StoredReading:
    def __init__(self, messages: Sequence[Message], from_seq: int) -> None:
        self._messages = messages
        self._next = from_seq - 1
        self.stream_last = len(messages)

    @property
    def waiting(self) -> int:
        return len(self._messages) - self._next

    async def take(self, most: int) -> Sequence[Message]:
        taken = self._messages[self._next : self._next + most]
        self._next += len(taken)
        return taken


class Projection:
    """A projection in this process, with its status and a clock that a test may set."""

    def __init__(self, nats_url: str, database_url: str, limits: Limits | None = None) -> None:
        self._nats_url = nats_url
        self.engine = async_engine(database_url, connections_max=4, prepare_after=None)
        self.journal = PostgresJournal(self.engine)
        self.status = SchemeStatus(SCHEME)
        self.stopping = asyncio.Event()
        self.clock_ms = now_ms
        self._limits = limits

    async def __aenter__(self) -> Self:
        self._client = await connect(self._nats_url, None, None)
        self.stream = NatsStream(self._client)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stopping.set()
        await self._client.close()
        await self.engine.dispose()

    @asynccontextmanager
    async def offline(self) -> AsyncIterator[Self]:
        """Without a broker: for tests that bring their own stream."""
        try:
            yield self
        finally:
            await self.engine.dispose()

    @property
    def use_case(self) -> ProjectScheme:
        return ProjectScheme(
            self.stream,
            self.journal,
            lambda: self.clock_ms(),  # noqa: PLW0108 - a test may set another clock
            self.status,
            self.stopping,
            self._limits,
        )


async def project_all(
    nats_url: str, database_url: str, limits: Limits | None = None
) -> SchemeStatus:
    """Project the stream up to its end and return how that went."""
    async with Projection(nats_url, database_url, limits) as projection:
        await projection.use_case.catch_up()
        return projection.status
