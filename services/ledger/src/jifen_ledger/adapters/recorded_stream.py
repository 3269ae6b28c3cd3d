"""What was recorded as a stream: a rebuild reads it instead of the broker's, or no further."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.past import WITH_RAW, payload_of
from jifen_ledger.adapters.tables import record, record_raw
from jifen_ledger.application.ports import Message, Reading, Stream
from jifen_ledger.application.stopped import Reason, Stopped

# What is read at a time: records of 64 KiB at most.
READ_RECORDS = 1_000

MESSAGES = (
    sa.select(record.c.seq, record.c.bytes, record_raw.c.payload)
    .select_from(WITH_RAW)
    .where(
        record.c.scheme == sa.bindparam("scheme", type_=sa.Text),
        record.c.seq >= sa.bindparam("from_seq", type_=sa.BigInteger),
        record.c.seq <= sa.bindparam("to_seq", type_=sa.BigInteger),
    )
    .order_by(record.c.seq)
    .limit(READ_RECORDS)
)


class RecordedStream:
    """The messages that the journal holds, up to a sequence. Their subjects are left out."""

    def __init__(self, engine: AsyncEngine, to_seq: int) -> None:
        """Read up to the sequence."""
        self._engine = engine
        self._to_seq = to_seq

    async def message(self, scheme: str, seq: int) -> Message | None:
        """Return the message, or None where there is none."""
        found = await self.read(scheme, seq, seq)
        return found[0] if found else None

    async def last_seq(self, scheme: str) -> int:
        """Return the last sequence that is read."""
        del scheme
        return self._to_seq

    @asynccontextmanager
    async def reading(self, scheme: str, from_seq: int) -> AsyncIterator[Reading]:
        """Read from the sequence on."""
        yield _RecordedReading(self, scheme, from_seq, self._to_seq)

    async def read(self, scheme: str, from_seq: int, to_seq: int) -> list[Message]:
        """Return the next messages of the span, a page at most."""
        key = {"scheme": scheme, "from_seq": from_seq, "to_seq": to_seq}
        async with self._engine.connect() as connection:
            rows = (await connection.execute(MESSAGES, key)).all()
        return [Message(row.seq, "", payload_of(row.bytes, row.payload)) for row in rows]


class _RecordedReading:
    def __init__(self, stream: RecordedStream, scheme: str, next_seq: int, to_seq: int) -> None:
        self._stream = stream
        self._scheme = scheme
        self._next_seq = next_seq
        self.stream_last = to_seq

    @property
    def waiting(self) -> int:
        return max(0, self.stream_last + 1 - self._next_seq)

    async def take(self, most: int) -> Sequence[Message]:
        upto = min(self.stream_last, self._next_seq + most - 1)
        taken = await self._stream.read(self._scheme, self._next_seq, upto)
        if taken:
            self._next_seq = taken[-1].seq + 1
        return taken


class StreamUpTo:
    """The broker's stream up to a sequence that the journal has."""

    def __init__(self, stream: Stream, to_seq: int) -> None:
        """Read up to the sequence."""
        self._stream = stream
        self._to_seq = to_seq

    async def message(self, scheme: str, seq: int) -> Message | None:
        """Return the message, or None where the stream has none."""
        return await self._stream.message(scheme, seq)

    async def last_seq(self, scheme: str) -> int:
        """Return the last sequence that is read. Raises Stopped where the stream ends before."""
        last = await self._stream.last_seq(scheme)
        if last < self._to_seq:
            detail = f"the stream ends at seq {last}, the journal at {self._to_seq}"
            raise Stopped(Reason.STREAM_SHORTENED, detail)
        return self._to_seq

    @asynccontextmanager
    async def reading(self, scheme: str, from_seq: int) -> AsyncIterator[Reading]:
        """Read from the sequence on."""
        async with self._stream.reading(scheme, from_seq) as reading:
            yield _ReadingUpTo(reading, self._to_seq)


class _ReadingUpTo:
    def __init__(self, reading: Reading, to_seq: int) -> None:
        self._reading = reading
        self.stream_last = to_seq

    @property
    def waiting(self) -> int:
        return self._reading.waiting

    async def take(self, most: int) -> Sequence[Message]:
        taken = await self._reading.take(most)
        return [message for message in taken if message.seq <= self.stream_last]
