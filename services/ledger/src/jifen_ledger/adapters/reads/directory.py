"""Reads and writes the directory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.directory_table import directory
from jifen_ledger.adapters.erasing import REVISE, is_erased
from jifen_ledger.application.queries.directory import Entry
from jifen_ledger.application.queries.holders import PersonName

SCHEME = sa.bindparam("scheme", type_=sa.Text)
ID = sa.bindparam("id", type_=sa.Text)
NAMES = sa.select(directory.c.id, directory.c.name_zh, directory.c.name_en).where(
    directory.c.scheme == SCHEME,
    directory.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Text))),
)
ENTRY = sa.select(directory.c.name_zh, directory.c.name_en, directory.c.phone).where(
    directory.c.scheme == SCHEME, directory.c.id == ID
)
_PUT = insert(directory)
PUT = _PUT.on_conflict_do_update(
    index_elements=[directory.c.scheme, directory.c.id],
    set_={name: _PUT.excluded[name] for name in ("name_zh", "name_en", "phone")},
)
ERASE = sa.delete(directory).where(directory.c.scheme == SCHEME, directory.c.id == ID)


class DirectoryReads:
    """The directory of one scheme at one moment."""

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def names(self, ids: Collection[str]) -> Mapping[str, PersonName]:
        """Return the names that the directory has."""
        rows = await self._connection.execute(NAMES, {"scheme": self._scheme, "ids": list(ids)})
        return {row.id: PersonName(row.name_zh, row.name_en) for row in rows}

    async def entry(self, id_: str) -> Entry | None:
        """Return the person's row."""
        found = await self._connection.execute(ENTRY, {"scheme": self._scheme, "id": id_})
        row = found.one_or_none()
        return None if row is None else Entry(row.name_zh, row.name_en, row.phone)


class DirectoryWrites:
    """The directory of one scheme, within the transaction of a connection."""

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Write on a connection whose transaction the caller ends."""
        self._connection = connection
        self._scheme = scheme

    async def put(self, id_: str, entry: Entry) -> bool:
        """Set the row, unless the person was erased; return whether it was set."""
        key = {"scheme": self._scheme, "id": id_}
        # The revision comes first: its row makes concurrent writers wait for each other.
        await self._connection.execute(REVISE, {"scheme": self._scheme})
        if await is_erased(self._connection, self._scheme, id_):
            return False
        values = {"name_zh": entry.name_zh, "name_en": entry.name_en, "phone": entry.phone}
        await self._connection.execute(PUT, key | values)
        return True

    async def erase(self, id_: str) -> bool:
        """Delete the row; return whether there was one."""
        await self._connection.execute(REVISE, {"scheme": self._scheme})
        key = {"scheme": self._scheme, "id": id_}
        return (await self._connection.execute(ERASE, key)).rowcount > 0
