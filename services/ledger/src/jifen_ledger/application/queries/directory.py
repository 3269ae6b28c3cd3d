"""The directory: who an id is. It can be erased, and nothing else knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.application.queries.refusals import Erased, NotFound
from jifen_ledger.application.queries.rights import (
    Holder,
    Reader,
    require,
    sees_entry,
    sees_phone,
    writes_directory,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A person's row."""

    name_zh: str
    name_en: str
    phone: str | None = None


class DirectoryReads(HolderReads, Protocol):
    """What is asked of the directory."""

    async def entry(self, id_: str) -> Entry | None:
        """Return the person's row."""


class DirectoryWrites(Protocol):
    """What changes the directory; each holds when it returns."""

    async def put(self, id_: str, entry: Entry) -> bool:
        """Set the row, unless the person was erased; return whether it was set."""

    async def erase(self, id_: str) -> bool:
        """Delete the row; return whether there was one."""


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """A person's row, as far as the reader may see it."""

    id: str
    name_zh: str
    name_en: str
    phone: str | None


async def entry_of(reads: DirectoryReads, asked: Asked, id_: str) -> EntryAnswer:
    """Return the person's row. Raises NotFound, Forbidden."""
    holder = await reads.holder(id_, asked.read_on) or Holder(id_, of_unit=False, branch=None)
    require(allowed=sees_entry(asked.reader, holder))
    entry = await reads.entry(id_)
    if entry is None:
        raise NotFound("The directory has no such person.")
    phone = entry.phone if sees_phone(asked.reader, id_) else None
    return EntryAnswer(id_, entry.name_zh, entry.name_en, phone)


async def put_entry(writes: DirectoryWrites, reader: Reader, id_: str, entry: Entry) -> None:
    """Set the person's row. Raises Forbidden, Erased."""
    writes_directory(reader)
    if not await writes.put(id_, entry):
        raise Erased("The person was erased; the id cannot be used again.")


async def erase_entry(writes: DirectoryWrites, reader: Reader, id_: str) -> None:
    """Delete the person's row. Raises NotFound, Forbidden."""
    writes_directory(reader)
    if not await writes.erase(id_):
        raise NotFound("The directory has no such person.")
