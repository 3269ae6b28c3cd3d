"""A ledger with private parts and files: their streams on a real broker, copied into a database."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import nats
import nats.js.errors
import sqlalchemy as sa
from nats.aio.client import Client

from jifen_contracts.subjects import (
    evidence_bucket_of,
    evidence_stream_of,
    private_stream_of,
    stream_of,
)
from jifen_ingest.adapters.streams import create_streams
from jifen_ledger.adapters.database import async_engine, sync_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.private_store import PostgresPrivateParts
from jifen_ledger.adapters.private_tables import private_part
from jifen_ledger.adapters.stream import NatsPrivateStream
from jifen_ledger.application.copy_private import CopyPrivateParts
from jifen_ledger.application.status import PrivateStatus, SchemeStatus
from tests.support.people import SCHEME
from tests.support.private_parts import Part

STREAMS = (stream_of(SCHEME), private_stream_of(SCHEME), evidence_stream_of(SCHEME))


@dataclass
class PrivateWorld:
    """The servers' side of private parts and files."""

    client: Client
    database_url: str
    status: PrivateStatus = field(default_factory=lambda: PrivateStatus(SCHEME))
    projection: SchemeStatus = field(default_factory=lambda: SchemeStatus(SCHEME))

    @property
    def evidence(self) -> NatsEvidence:
        return NatsEvidence(self.client)

    async def make_streams(self) -> None:
        """Make those that are not there."""
        await create_streams(self.client, SCHEME, replicas=1, erasable=True)

    async def keep(self, parts: Sequence[Part]) -> None:
        """Put the messages into the private stream."""
        for part in parts:
            await self.client.jetstream().publish(part.subject, part.payload)

    async def keep_file(self, content: bytes) -> str:
        """Put a file into the bucket, and return its hash."""
        name = sha256(content).hexdigest()
        bucket = await self.client.jetstream().object_store(evidence_bucket_of(SCHEME))
        await bucket.put(name, content)
        return name

    async def copy(self) -> PrivateStatus:
        """Copy up to the stream's end and carry out what is ordered, as a new process would."""
        engine = async_engine(self.database_url, connections_max=2, prepare_after=None)
        copying = CopyPrivateParts(
            NatsPrivateStream(self.client),
            PostgresPrivateParts(engine),
            self.evidence,
            self.projection,
            self.status,
            asyncio.Event(),
        )
        try:
            await copying.catch_up()
        finally:
            await engine.dispose()
        return self.status

    async def messages(self) -> list[str]:
        """The subjects of the private stream, one for each message."""
        found = await self.client.jetstream().stream_info(
            private_stream_of(SCHEME), subjects_filter=">"
        )
        counted: Mapping[str, int] = found.state.subjects or {}
        return sorted(name for name, number in counted.items() for _ in range(number))

    def rows(self) -> set[str]:
        """The hashes of the private parts in the table."""
        with sync_engine(self.database_url).connect() as connection:
            return set(connection.execute(sa.select(private_part.c.privatehash)).scalars())

    async def has_file(self, name: str) -> bool:
        return await self.evidence.find(SCHEME, name) is not None


@asynccontextmanager
async def private_world(nats_url: str, database_url: str) -> AsyncIterator[PrivateWorld]:
    """The streams of the small world's scheme, made for the block and removed after it."""
    client = await nats.connect(nats_url)
    try:
        await _remove_streams(client)
        world = PrivateWorld(client, database_url)
        await world.make_streams()
        yield world
        await _remove_streams(client)
    finally:
        await client.close()


async def _remove_streams(client: Client) -> None:
    for stream in STREAMS:
        try:
            await client.jetstream().delete_stream(stream)
        except nats.js.errors.NotFoundError:
            continue
