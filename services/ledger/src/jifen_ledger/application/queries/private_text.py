"""Private parts and files in answers: what a record's event has, and what of it is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from jifen_contracts.private_parts import person_of


class NamedFile(NamedTuple):
    """A file that an event names."""

    sha256: str
    kind: str


class Told(NamedTuple):
    """What a record's event says of its private part and files, and about whom it is.

    An event that was refused is about nothing yet, whatever it names.
    """

    seq: int
    recorded_at: str
    accepted: bool
    type: str
    subject: str
    data: Mapping[str, Any]
    privatehash: str | None
    files: Sequence[NamedFile]

    @property
    def person(self) -> str:
        """Whose erasure deletes the private part."""
        return person_of(self.type, self.subject, self.data)

    @property
    def noun(self) -> str:
        """The type's noun, such as `points`."""
        return self.type.split(".")[1]

    @property
    def verb(self) -> str:
        """The type's verb, such as `earned`."""
        return self.type.split(".")[2]

    @property
    def by(self) -> str | None:
        """Who said it."""
        by = self.data.get("by")
        return by if isinstance(by, str) else None


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a `privatehash` (tlog.md §2.5)."""

    private: Mapping[str, Any]
    salt: str


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file by its hash; `evidence/{sha256}` has its bytes for whoever may open it."""

    sha256: str
    kind: str


@dataclass(frozen=True, slots=True)
class PrivateText:
    """The private part and files of one event.

    `content` is null where the event has none, where it was erased, and for an auditor, who sees
    hashes only. `erased` says that it was deleted with everything else of the person. Whoever may
    see neither gets no such object at all.
    """

    privatehash: str | None
    content: Mapping[str, Any] | None
    files: Sequence[ShownFile]
    erased: bool


class PrivateReads(Protocol):
    """What is asked of private parts."""

    async def told(self, seqs: Collection[int]) -> Sequence[Told]:
        """Return what the records of these seqs tell, by seq; those without an event are left out.

        What was recorded after the moment is left out, too.
        """

    async def erased(self, persons: Collection[str]) -> Collection[str]:
        """Return those of whom everything that can be erased was erased."""

    async def openings(self, hashes: Collection[str]) -> Mapping[str, Opening]:
        """Return the private parts that are there, by hash."""
