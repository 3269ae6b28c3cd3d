"""Sets aside what only the stream holds, and puts events of it behind the journal's end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from jifen_contracts.events import UnknownType, Unreadable, read_event
from jifen_ledger.application.ports import Message
from jifen_ledger.application.reconciling.ports import ComparedJournal, ComparedStream
from jifen_ledger.application.reconciling.whole_stream import whole_stream
from jifen_ledger.application.refilling.ports import RefilledStream, RefillRefused
from jifen_ledger.application.refilling.stream import READ_RECORDS, RefillStream, written_of


class Aside(Protocol):
    """Where it is kept meanwhile: nowhere else is it once the stream is made anew."""

    def is_there(self) -> bool:
        """Tell whether a run before this one has set everything aside."""

    def keep(self, messages: Iterable[Message]) -> None:
        """Add messages."""

    def end(self) -> None:
        """Have all that was added on the disk; from now on it is there."""

    def messages(self) -> Iterator[Message]:
        """Yield all that was set aside, in its order."""

    def finish(self) -> None:
        """Note that all is done."""


class KnownEvents(Protocol):
    """What the journal knows of events."""

    async def knows(self, scheme: str, source: str, event_id: str) -> bool:
        """Tell whether the journal has an event of this identity. Raises Unavailable."""


class Moved(NamedTuple):
    """How many events were put behind the journal's end, and how many messages were not."""

    events: int
    left: int


class SetAside:
    """The replacement of a stream that does not agree with its journal."""

    def __init__(
        self,
        written: RefilledStream,
        stream: ComparedStream,
        journal: ComparedJournal,
        known: KnownEvents,
        aside: Aside,
        scheme: str,
    ) -> None:
        """`written` and `stream` are the same stream."""
        self._written = written
        self._stream = stream
        self._journal = journal
        self._known = known
        self._aside = aside
        self._scheme = scheme

    @property
    def unfinished(self) -> bool:
        """Whether a run before this one was cut off."""
        return self._aside.is_there()

    async def clear(self) -> None:
        """Set aside what the journal lacks, and make the stream anew, closed and empty."""
        found = await self._written.find()
        if found is not None and not found.closed:
            if self._aside.is_there():
                raise RefillRefused("an earlier repair is unfinished, and the stream is open again")
            await self._written.close()
        if not self._aside.is_there():
            async for messages in self._displaced():
                self._aside.keep(messages)
            self._aside.end()
        if found is not None:
            await self._written.remove()
        await self._written.make()

    async def put_back(self, fill: RefillStream) -> Moved:
        """Put every event that the journal does not know behind the stream's end.

        Another message under an identity that is known stays aside: it was never accepted as that.
        """
        found = await self._written.find()
        assert found is not None
        events: list[Message] = []
        left = 0
        for message in self._aside.messages():
            if await self._is_new(message.payload):
                events.append(message)
            else:
                left += 1
        await fill.append_all(found.last_seq, (written_of(one) for one in events))
        return Moved(len(events), left)

    def finish(self) -> None:
        """Note that the stream is open, with all that was to come back."""
        if self.unfinished:
            self._aside.finish()

    async def _is_new(self, payload: bytes) -> bool:
        try:
            event = read_event(payload, self._scheme)
        except Unreadable:
            return False
        except UnknownType:
            # Of newer software: accepted all the same.
            return True
        return not await self._known.knows(self._scheme, event.source, event.id)

    async def _displaced(self) -> AsyncIterator[Sequence[Message]]:
        async for messages in whole_stream(self._stream, self._scheme, READ_RECORDS):
            last = messages[-1].seq
            rows = await self._journal.rows(self._scheme, messages[0].seq - 1, last)
            recorded = {row.entry.seq: row.payload for row in rows}
            yield [one for one in messages if recorded.get(one.seq) != one.payload]
