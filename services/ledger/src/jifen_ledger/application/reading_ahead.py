"""Reads the messages of a batch while the database looks up what they will need."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Self

from jifen_contracts.events import AnyEvent, UnknownType, Unreadable, read_event
from jifen_ledger.application.ports import Message

# What a message says: an event, or why there is none.
Said = AnyEvent | Unreadable | UnknownType

# What waits for the database goes on as soon as it has an answer, so reading steps aside often.
READ_AT_A_STRETCH = 10


class ReadingAhead:
    """The messages that were taken together, as a context: left only when reading has ended.

    What a message says depends on no state, so nothing has to be loaded first.
    """

    def __init__(self, scheme: str, messages: Sequence[Message]) -> None:
        """Take messages that follow one another without a gap."""
        self._scheme = scheme
        self._messages = messages

    async def said(self, messages: Sequence[Message]) -> Sequence[Said]:
        """Return what some of the messages say, from their first one on."""
        said = await self._reading
        begin = messages[0].seq - self._messages[0].seq
        return said[begin : begin + len(messages)]

    async def _read(self) -> list[Said]:
        said: list[Said] = []
        for message in self._messages:
            try:
                said.append(read_event(message.payload, self._scheme))
            except (Unreadable, UnknownType) as fault:
                said.append(fault)
            if not len(said) % READ_AT_A_STRETCH:
                await asyncio.sleep(0)
        return said

    async def __aenter__(self) -> Self:
        """Begin to read."""
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Read no further; what went wrong was raised to whoever asked."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
