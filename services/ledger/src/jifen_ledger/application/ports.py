"""What the projection needs of the broker and of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol

from jifen_ledger.domain.changes import Changed
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import State


class Message(NamedTuple):
    """One message of a scheme's stream."""

    seq: int
    subject: str
    payload: bytes
    # When the broker stored it, in nanoseconds and as it said so; "" where nobody asked.
    stored_ns: str = ""
    # The trace of the hop that brought it (W3C `traceparent`), beside the payload.
    trace: str | None = None


class Reading(Protocol):
    """Messages of one stream in its order, as long as nothing is lost on the way."""

    @property
    def stream_last(self) -> int:
        """The stream's last sequence, as far as it was told."""

    @property
    def waiting(self) -> int:
        """How many messages have arrived and were not taken."""

    async def take(self, most: int) -> Sequence[Message]:
        """Return what is there, at least one unless a pause says that nothing came.

        Raises Unavailable when the broker is away or the place in the stream is lost.
        """


class Stream(Protocol):
    """The scheme's stream."""

    async def message(self, scheme: str, seq: int) -> Message | None:
        """Return the message, or None where the stream has none. Raises Unavailable, Stopped."""

    async def last_seq(self, scheme: str) -> int:
        """Return the last sequence of the stream. Raises Unavailable, Stopped."""

    def reading(self, scheme: str, from_seq: int) -> AbstractAsyncContextManager[Reading]:
        """Read from the sequence on. Raises Unavailable, Stopped."""


class Journal(Protocol):
    """The ledger's records and tables; everything may raise Unavailable."""

    async def open(self, scheme: str) -> State:
        """Return the state at the head: whole units and versions, the rest is loaded by key."""

    async def size(self, scheme: str) -> int:
        """Return the head's size."""

    async def record(self, scheme: str, seq: int) -> bytes:
        """Return the bytes of a record that exists."""

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""

    async def commit(self, batch: Batch) -> None:
        """Write the batch and move the head in one transaction, or nothing. Raises Overtaken."""

    async def unbalanced_accounts(self, scheme: str) -> int:
        """Return how many balances differ from the sum of their postings."""


class Batch(NamedTuple):
    """What was folded since the head was at `from_size`; it stays as it is while the fold goes on.

    `subjects` are those of the messages; `live_from` is the state's at the batch's end.
    """

    scheme: str
    from_size: int
    records: Sequence[Record]
    subjects: Sequence[str]
    live_from: int | None
    changed: Changed
    # What whoever traces the batch noted when it began.
    begun: object = None

    @property
    def to_size(self) -> int:
        """The head's size once the batch is written."""
        return self.from_size + len(self.records)
