"""What comparing stream, journal and log needs of the broker and of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from jifen_ledger.application.log_ports import Entry
from jifen_ledger.application.ports import Stream
from jifen_ledger.log.ranges import Span
from jifen_ledger.log.tree import EMPTY_TREE, Tree


class StreamState(NamedTuple):
    """A stream by its numbers; `created` tells one stream from another of its name."""

    last_seq: int
    messages: int
    created: str


class Recorded(NamedTuple):
    """A record as it is stored, and the message it was made of: its subject and payload."""

    entry: Entry
    subject: str
    payload: bytes
    # The content's hash on the first record of a (source, id), else None.
    content: bytes | None


class SignedRoot(NamedTuple):
    """A size of the log that was signed, and the root it was signed with."""

    size: int
    root: bytes


class JournalHead(NamedTuple):
    """The journal's end, and what was checked and signed last."""

    tree: Tree
    signed: SignedRoot | None

    @property
    def size(self) -> int:
        """How many records there are."""
        return self.tree.size


class Checked(NamedTuple):
    """How far records were compared: the tree over them, and what the last one is stamped."""

    tree: Tree
    recorded_at: str


NOTHING_CHECKED: Final = Checked(EMPTY_TREE, "")


class KeptPass(NamedTuple):
    """A pass over the past as it outlives its process.

    `created` is the stream that was compared. `checked` is nothing where no pass is under way,
    `began_ms` when the last one began. `whole_ms` and `whole_size` tell of the last that ended.
    """

    created: str
    began_ms: int
    checked: Checked
    whole_ms: int | None
    whole_size: int


class ComparedStream(Stream, Protocol):
    """The scheme's stream, and its numbers."""

    async def state(self, scheme: str) -> StreamState:
        """Return the stream's numbers. Raises Unavailable, Stopped where there is none."""


class ComparedJournal(Protocol):
    """The journal and the log's stored hashes; everything may raise Unavailable."""

    async def head(self, scheme: str) -> JournalHead:
        """Return the head, an empty one where the scheme has none."""

    async def rows(self, scheme: str, after: int, upto: int) -> Sequence[Recorded]:
        """Return the records after one sequence and up to another, in their order."""

    async def roots(self, scheme: str, after: int, upto: int) -> Sequence[SignedRoot]:
        """Return what was signed of these sizes, in their order."""

    async def stored(self, scheme: str, spans: Sequence[Span]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored hashes of the spans, as far as there are any."""


class KeptPasses(Protocol):
    """The passes as they are kept, one for each scheme; everything may raise Unavailable."""

    async def read(self, scheme: str) -> KeptPass | None:
        """Return what was kept last, None where nothing was."""

    async def keep(self, scheme: str, kept: KeptPass) -> None:
        """Put it in the place of what was kept before."""

    async def forget(self, scheme: str) -> None:
        """Keep nothing: whoever reads next begins anew."""
