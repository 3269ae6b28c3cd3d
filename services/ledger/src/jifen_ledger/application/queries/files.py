"""Files of evidence: who uses one, and its bytes for whoever may open one of the uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_ledger.application.evidence import Evidence, File
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.openings import opens
from jifen_ledger.application.queries.private_text import Told
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require
from jifen_ledger.application.queries.rights_private import sees_hash
from jifen_ledger.application.queries.shown_text import TextReads

# The latest uses are enough to find one that the reader may open; nobody's file has so many.
USES_MAX = 200


class FileReads(TextReads, Protocol):
    """What is asked about files."""

    async def naming(self, file: str) -> Sequence[Told]:
        """Return what names a file, the latest first, at most USES_MAX."""

    async def naming_now(self, file: str) -> Sequence[Told]:
        """Return the same as it is by now, whatever the moment."""


@dataclass(frozen=True, slots=True)
class FileUse:
    """One event that names the file; `about` is the id of its claim, objection or concern."""

    seq: int
    recorded_at: str
    type: str
    subject: str
    about: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class FileUses:
    """The uses of a file that the reader may know, the latest first."""

    sha256: str
    size: int
    uses: Sequence[FileUse]


async def uses_of(reads: FileReads, asked: Asked, file: str) -> FileUses:
    """Return the uses of the file. Raises Forbidden where the reader may know none, NotFound."""
    seen = await _seen(reads, asked, file)
    return FileUses(file, asked.size, [_use(one, file) for one in seen])


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file with its bytes, of which the first part has been read."""

    file: File
    first: bytes
    rest: AsyncIterator[bytes]

    async def parts(self) -> AsyncIterator[bytes]:
        """Return the bytes in their order. Raises Unavailable."""
        yield self.first
        async for part in self.rest:
            yield part


async def file_of(reads: FileReads, store: Evidence, asked: Asked, file: str) -> OpenFile:
    """Return the file, opened. Raises Forbidden, NotFound, Unavailable."""
    require(allowed=not sees_hash(asked.reader))
    await _seen(reads, asked, file)
    scheme = asked.reader.scheme
    found = await store.find(scheme, file)
    parts = store.parts(scheme, file)
    # One that is removed just now is not there, rather than an answer that breaks off.
    first = None if found is None else await anext(parts, None)
    if found is None or first is None:
        raise NotFound("The file was never sent, or its time has passed.")
    return OpenFile(found, first, parts)


async def _seen(reads: FileReads, asked: Asked, file: str) -> Sequence[Told]:
    """Return what the reader may know to name the file. Raises Forbidden, NotFound."""
    seen = await _known(reads, asked, await reads.naming(file))
    if not seen:
        # Whoever may know it by now is told that nothing had named it yet.
        require(allowed=bool(await _known(reads, asked, await reads.naming_now(file))))
        raise NotFound("Nothing had named the file yet.")
    return seen


async def _known(reads: FileReads, asked: Asked, named: Sequence[Told]) -> Sequence[Told]:
    if sees_hash(asked.reader):
        return named
    return [one for one in named if await opens(reads, asked, one)]


def _use(told: Told, file: str) -> FileUse:
    about = told.data.get("claim") or told.data.get("objection") or told.data.get("concern")
    return FileUse(
        seq=told.seq,
        recorded_at=told.recorded_at,
        type=told.type,
        subject=told.subject,
        about=about if isinstance(about, str) else None,
        kind=next((one.kind for one in told.files if one.sha256 == file), None),
    )
