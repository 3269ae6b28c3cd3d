"""Writes a lost or shortened stream again from the journal, in its old order and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing

from jifen_contracts.streams import EVENT_MESSAGE_BYTES_MAX
from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.ports import Message
from jifen_ledger.application.reconciling.checked_log import CheckedLog
from jifen_ledger.application.reconciling.ports import (
    ComparedJournal,
    ComparedStream,
    JournalHead,
    Recorded,
)
from jifen_ledger.application.reconciling.side_by_side import SideBySide
from jifen_ledger.application.refilling.ports import RefilledStream, RefillRefused, Written
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Stopped, Unavailable

# One atomic batch; the broker takes 1,000 messages, and a megabyte at a time is quick enough.
BATCH_MESSAGES = 1_000
BATCH_BYTES = 1_000_000
READ_RECORDS = 1_000
# The broker knows repeats for two minutes, at the price of memory: the newest ids are enough.
REMEMBERED_MESSAGES = 20_000
TRIES_MAX = 5


class RefillStream:
    """The refill of one scheme's stream; killed, it goes on where it was."""

    def __init__(
        self,
        written: RefilledStream,
        stream: ComparedStream,
        journal: ComparedJournal,
        status: SchemeStatus,
    ) -> None:
        """`written` and `stream` are the same stream, as it is written and as it is read."""
        self._written = written
        self._stream = stream
        self._journal = journal
        self._status = status
        self._scheme = status.scheme

    async def compare(self, head: JournalHead) -> None:
        """Compare the whole of an open stream with the journal. Raises RefillRefused."""
        compared = SideBySide(self._stream, self._journal, self._scheme)
        await self._compare(compared, head.size)

    async def fill(self, head: JournalHead) -> int:
        """Bring the closed stream up to the head; return how many messages were written.

        Raises RefillRefused where stream and journal do not agree, Unavailable.
        """
        found = await self._written.find()
        assert found is not None
        assert found.closed
        compared = SideBySide(self._stream, self._journal, self._scheme)
        await self._compare(compared, min(found.last_seq, head.size))
        began = size = found.last_seq
        while size < head.size:
            rows = await self._journal.rows(self._scheme, size, min(size + READ_RECORDS, head.size))
            size = await self.append_all(size, _written(rows, head.size - REMEMBERED_MESSAGES))
            self._status.size = size
        await self._compare(compared, head.size)
        return max(0, size - began)

    async def append_all(self, after_seq: int, messages: Iterable[Written]) -> int:
        """Store the messages behind the sequence; return the last one's."""
        for batch in _batches(messages):
            await self._append(after_seq, batch)
            after_seq += len(batch)
        return after_seq

    async def _compare(self, compared: SideBySide, upto: int) -> None:
        """Compare what both have. Raises RefillRefused."""
        try:
            async with aclosing(compared.upto(upto)) as ranges:
                async for _ in ranges:
                    self._status.size = compared.size
        except Stopped as stopped:
            raise RefillRefused(f"stream and journal disagree: {stopped.detail}") from stopped

    async def _append(self, after_seq: int, batch: Sequence[Written]) -> None:
        """Store the batch once: what became of an unanswered one is told by the stream's end."""
        for _ in range(TRIES_MAX):
            try:
                await self._written.append(after_seq, batch)
            except Unavailable:
                found = await self._written.find()
                if found is None or found.last_seq == after_seq:
                    continue
                if found.last_seq != after_seq + len(batch):
                    detail = f"the stream ends at seq {found.last_seq}; another one writes to it"
                    raise RefillRefused(detail) from None
            except Stopped as stopped:
                raise RefillRefused(stopped.detail) from stopped
            return
        raise Unavailable(f"the broker stored nothing after seq {after_seq}")


async def check_journal(
    journal: ComparedJournal, scheme: str, head: JournalHead, anchor: Anchor | None
) -> None:
    """Check that the journal is whole and what was signed. Raises RefillRefused, Unavailable."""
    if head.size == 0:
        raise RefillRefused(f"the journal of {scheme} has no record to write")
    if anchor is not None and anchor.size > head.size:
        # New events would take the numbers of what was signed.
        detail = f"{anchor.size} records of {scheme} were signed, the journal has {head.size}"
        raise RefillRefused(f"{detail}: bring back a younger copy of the database first")
    try:
        await CheckedLog(journal, scheme, head, anchor).whole()
    except Stopped as stopped:
        raise RefillRefused(f"the journal cannot be believed: {stopped.detail}") from stopped


def _written(rows: Iterable[Recorded], known_after: int) -> Iterator[Written]:
    for row in rows:
        knows = row.content is not None and row.entry.seq > known_after
        message_id = row.content.hex() if knows and row.content is not None else None
        yield Written(row.subject, row.payload, message_id)


def written_of(message: Message) -> Written:
    """Return the message as it is written at another place."""
    return Written(message.subject, message.payload)


def _batches(messages: Iterable[Written]) -> Iterator[list[Written]]:
    batch: list[Written] = []
    size = 0
    for message in messages:
        assert len(message.payload) <= EVENT_MESSAGE_BYTES_MAX
        if batch and (len(batch) == BATCH_MESSAGES or size + len(message.payload) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message.payload)
    if batch:
        yield batch
