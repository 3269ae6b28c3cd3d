"""What refilling the streams of a scheme needs of the broker and of the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol


class RefillRefused(Exception):  # noqa: N818 - an answer, not an error
    """Refilling would go wrong as things are; the text says why, in one sentence."""


class Written(NamedTuple):
    """A message that is written again, as it was; the id is what the broker knows repeats by."""

    subject: str
    payload: bytes
    message_id: str | None = None


class Found(NamedTuple):
    """A stream that is there; `closed` to all but its refill."""

    last_seq: int
    messages: int
    closed: bool


class RefilledStream(Protocol):
    """One stream and its door; everything may raise Unavailable."""

    async def find(self) -> Found | None:
        """Return how the stream is, None where there is none."""

    async def make(self, first_seq: int = 1) -> None:
        """Make the stream, closed; its first message gets this sequence."""

    async def close(self) -> None:
        """Take nothing but the refill: whoever publishes to the stream is refused at once."""

    async def open(self) -> None:
        """Take what comes on the stream's own subjects again, and nothing else."""

    async def remove(self) -> None:
        """Remove the stream and all it holds."""

    async def append(self, after_seq: int, messages: Sequence[Written]) -> None:
        """Store all of them behind this sequence, or none.

        Raises Unavailable where the broker did not confirm, and Stopped where the stream does not
        end there.
        """


class PrivateRow(NamedTuple):
    """One private part as a message."""

    privatehash: str
    person: str
    payload: bytes


class PrivateRows(Protocol):
    """The table of private parts; everything may raise Unavailable."""

    async def highest_seq(self, scheme: str) -> int:
        """Return the highest sequence of the private stream that the ledger knows of."""

    def all_of(self, scheme: str) -> AsyncIterator[Sequence[PrivateRow]]:
        """Yield every part, some at a time."""

    async def begin_anew(self, scheme: str) -> None:
        """Let the copy of the private stream begin at its first message."""

    async def files_named(self, scheme: str) -> int:
        """Return how many files of evidence events name."""


class PrivateMessages(Protocol):
    """The private stream, as far as what it holds matters."""

    def hashes(self, scheme: str) -> AsyncIterator[str]:
        """Yield the hash of each private part that the stream has."""
