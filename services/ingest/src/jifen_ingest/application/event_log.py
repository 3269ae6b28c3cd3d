"""The event log as ingest needs it: durable, in order, honest about what it does not know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """One message for a stream; `content` is what makes two of them the same.

    An event may name the trace it began in. `hop` is what follows it from here on, if anybody does:
    it goes beside the payload.
    """

    content: bytes
    subject: str
    payload: bytes
    payload_sha256: str
    traceparent: str | None = None
    hop: str | None = None


class Stored(NamedTuple):
    """The message is durable under `seq`; a duplicate names what was stored before it."""

    seq: int
    payload_sha256: str
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """The message was not confirmed; unless `certain` it may be stored all the same.

    Where the stream is `lost` nothing will be stored before an operator has refilled it.
    """

    reason: str
    certain: bool
    lost: bool = False


Outcome = Stored | Missed


class EventLog(Protocol):
    async def has(self, scheme: str) -> bool:
        """Whether the scheme's streams exist. Raises Busy when that cannot be told."""
        ...

    def known(self, scheme: str, content: bytes) -> Stored | None:
        """Return where this content was stored if that was recent."""
        ...

    async def keep_private(self, scheme: str, parts: Sequence[Entry]) -> list[Outcome]:
        """Store private parts; each outcome answers the part of its place. Raises Busy."""
        ...

    async def append(self, scheme: str, entries: Sequence[Entry], *, atomic: bool) -> list[Outcome]:
        """Store events in their order; each outcome answers the entry of its place.

        With `atomic` all of them are stored, next to each other, or none. Raises Busy when
        nothing was taken. Leaving while waiting cancels nothing.
        """
        ...
