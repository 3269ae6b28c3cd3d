"""What the signing of a log needs: the stored log, anchors outside the database, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

from jifen_ledger.log.keys import SigningKey, VerifierKey
from jifen_ledger.log.ranges import Span
from jifen_ledger.log.tree import Tree


class Entry(NamedTuple):
    """A record as it is stored."""

    seq: int
    record: bytes
    leaf_hash: bytes


class Anchor(NamedTuple):
    """The newest signature, as it is known outside the database."""

    size: int
    root: bytes


class Progress(NamedTuple):
    """How many records there are, and the sizes of the newest checkpoints; None: there is none.

    `unpublished_since_ms` is when the first checkpoint was signed that is not published yet.
    """

    recorded: int
    signed: int | None
    published: int | None = None
    unpublished_since_ms: int | None = None


class SigningRound(Protocol):
    """One transaction on one moment of the log; the next round of anybody waits for its end."""

    @property
    def signed(self) -> Tree:
        """The tree that was checked last."""

    @property
    def signed_root(self) -> bytes:
        """Its root, as it was stored."""

    @property
    def head(self) -> Tree:
        """The projection's tree."""

    @property
    def newest(self) -> int | None:
        """The size of the newest checkpoint."""

    async def entries(self, after_size: int, most: int) -> Sequence[Entry]:
        """Return the next records in their order, at most so many."""

    async def stored(self, spans: Sequence[Span]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored hashes of the spans, as far as there are any."""

    async def keep(self, tree: Tree, note: str | None) -> None:
        """Set what was checked last, and add the checkpoint if there is one.

        Where no quorum is wanted it is published with that.
        """


class SignedLog(Protocol):
    """The stored logs; everything may raise Unavailable."""

    async def progress(self, scheme: str) -> Progress:
        """Return how far records and checkpoints are."""

    async def publish(self, scheme: str) -> None:
        """Publish the largest checkpoint that has its quorum, if it is larger than before."""

    def signing(self, scheme: str) -> AbstractAsyncContextManager[SigningRound]:
        """Open a round; what it kept is committed at the end of the block, or nothing is."""


class Anchors(Protocol):
    """One anchor for each scheme, on another volume than the database."""

    async def read(self, scheme: str) -> Anchor | None:
        """Return the anchor, None if there is none. Raises SigningHalted if it is unreadable."""

    async def write(self, scheme: str, anchor: Anchor) -> None:
        """Replace the anchor; on return it is on the disk."""

    async def shown(self, scheme: str) -> int:
        """Return the size below which nothing may be served. Raises as `read`."""

    async def show(self, scheme: str, size: int) -> None:
        """Let nothing smaller be served from now on; on return that is on the disk."""


class Remembering(Protocol):
    """The witnesses, as far as they answer: what they saw outlives our database and anchors."""

    async def newest(self, origin: str, keys: Sequence[VerifierKey]) -> Anchor | None:
        """Return the largest tree that one of these keys signed, None where none is known."""


class LogKeys(NamedTuple):
    """A scheme's keys: those that sign, the current one first, and those that once did."""

    signing: Sequence[SigningKey]
    retired: Sequence[VerifierKey]


class Keys(Protocol):
    """The keys of the logs; only signing reads them."""

    async def of(self, scheme: str, *, may_create: bool) -> LogKeys:
        """Return the scheme's keys, new ones where there are none and they may be made.

        Raises SigningHalted.
        """
