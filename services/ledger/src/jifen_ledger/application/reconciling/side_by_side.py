"""Reads stream and journal side by side, and stops at the first message that they do not share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from jifen_ledger.application.ports import Message
from jifen_ledger.application.reconciling.ports import ComparedJournal, ComparedStream, Recorded
from jifen_ledger.application.stopped import Reason, Stopped
from jifen_ledger.application.stream_checks import check_order, holds
from jifen_ledger.log.range_hash import RangeHash, first_difference

# So many messages are hashed and compared at a time.
RANGE_MESSAGES = 1_024


class SideBySide:
    """One way through both, from a sequence on; each range is compared by its hash."""

    def __init__(
        self, stream: ComparedStream, journal: ComparedJournal, scheme: str, after: int = 0
    ) -> None:
        """Begin after the sequence."""
        self._stream = stream
        self._journal = journal
        self._scheme = scheme
        self._streamed = RangeHash(after)
        self._recorded = RangeHash(after)

    @property
    def size(self) -> int:
        """The sequence up to which both are the same."""
        return self._recorded.upto

    @property
    def digest(self) -> bytes:
        """The hash of what both have."""
        return self._recorded.digest

    async def upto(self, size: int) -> AsyncGenerator[Sequence[Recorded], None]:
        """Compare up to the size, which the journal has; yield the records. Raises Halted."""
        if self.size >= size:
            return
        async with self._stream.reading(self._scheme, self.size + 1) as reading:
            while self.size < size:
                messages = await reading.take(min(RANGE_MESSAGES, size - self.size))
                if not messages:
                    await self._check_next()
                    continue
                await check_order(self._stream, self._scheme, self.size, messages)
                yield await self._compared(messages)

    async def _check_next(self) -> None:
        """Nothing came for a while: that is a loss if the stream has no such message."""
        if await self._stream.message(self._scheme, self.size + 1) is None:
            detail = f"the stream has no seq {self.size + 1}, the journal has"
            raise Stopped(Reason.STREAM_SHORTENED, detail)

    async def _compared(self, messages: Sequence[Message]) -> Sequence[Recorded]:
        rows = await self._journal.rows(self._scheme, self.size, messages[-1].seq)
        _check_rows(rows, messages)
        streamed = [message.payload for message in messages]
        recorded = [row.payload for row in rows]
        self._streamed.take(streamed)
        self._recorded.take(recorded)
        if self._streamed.digest != self._recorded.digest:
            place = first_difference(streamed, recorded)
            assert place is not None
            detail = f"seq {messages[place].seq} is not what its record holds"
            raise Stopped(Reason.STREAM_ALTERED, detail)
        return rows


def check_payloads(rows: Sequence[Recorded]) -> None:
    """Check that what is kept of each message is what its record was made of. Raises Stopped."""
    for row in rows:
        if not holds(row.entry.record, row.payload):
            detail = f"seq {row.entry.seq}: its payload is not the one that is kept of it"
            raise Stopped(Reason.JOURNAL_ALTERED, detail)


def _check_rows(rows: Sequence[Recorded], messages: Sequence[Message]) -> None:
    """Check that there is a record for each message, made of the payload that is kept of it."""
    for place, message in enumerate(messages):
        if place >= len(rows) or rows[place].entry.seq != message.seq:
            raise Stopped(Reason.JOURNAL_ALTERED, f"seq {message.seq}: it is not there")
    check_payloads(rows)
