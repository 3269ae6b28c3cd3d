"""Messages that were taken together, and what they say: read once, for the fold and its needs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from jifen_contracts.events import (
    AnyEvent,
    UnknownType,
    Unreadable,
    read_event_with_attributes,
)
from jifen_ledger.application.ports import Message
from jifen_ledger.domain.needs import Asking

# What a message says: an event, or why there is none.
Said = AnyEvent | Unreadable | UnknownType

# What waits for the database goes on as soon as it has an answer, so reading steps aside often.
READ_AT_A_STRETCH = 50


class Taken:
    """Messages that follow one another without a gap.

    What they say depends on no state, so they can be read before their turn.
    """

    def __init__(self, scheme: str, messages: Sequence[Message] = ()) -> None:
        """Take the messages, as yet unread; there may be none."""
        self.messages = messages
        self._scheme = scheme
        self._said: list[Said] = []
        # The JSON objects of events; None in the place of what is none.
        self._attributes: list[dict[str, Any] | None] = []
        self._asking: Asking | None = None

    async def read(self) -> None:
        """Read what has not been read."""
        for message in self.messages[len(self._said) :]:
            try:
                event, attributes = read_event_with_attributes(message.payload, self._scheme)
            except (Unreadable, UnknownType) as fault:
                self._said.append(fault)
                self._attributes.append(None)
            else:
                self._said.append(event)
                self._attributes.append(attributes)
            if not len(self._said) % READ_AT_A_STRETCH:
                await asyncio.sleep(0)

    def said(self, messages: Sequence[Message]) -> Sequence[Said]:
        """Return what some of the messages say, from their first one on."""
        begin = messages[0].seq - self.messages[0].seq
        return self._said[begin : begin + len(messages)]

    def asking(self) -> Asking:
        """Return what they ask for, always the same: who has had an answer asks no more."""
        if self._asking is None:
            self._asking = self._asking_from(0, len(self.messages))
        return self._asking

    def asking_of(self, messages: Sequence[Message]) -> Asking:
        """Return what some of them ask for, whatever was asked before."""
        begin = messages[0].seq - self.messages[0].seq
        return self._asking_from(begin, begin + len(messages))

    def ask_anew(self) -> None:
        """Ask for everything again: what was loaded for them may have been forgotten."""
        self._asking = None

    def _asking_from(self, begin: int, end: int) -> Asking:
        return Asking(event for event in self._attributes[begin:end] if event is not None)
