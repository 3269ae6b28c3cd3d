"""Names of people and units for a page, each only where the reader may see the person's entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    PersonName,
    shown_names,
)
from jifen_ledger.application.queries.rights import Column, sees_entry, sees_names

# They see every entry, so nobody has to be looked up for them.
_SEE_ALL = frozenset({Column.REVIEWER, Column.UPPER})


async def people_named(
    reads: HolderReads, asked: Asked, ids: Collection[str]
) -> Mapping[str, PersonName]:
    """Return the names that the reader may see of these people and units."""
    if not sees_names(asked.reader):
        return {}
    units = await reads.units()
    seen = [id_ for id_ in ids if id_ in units or await _is_seen(reads, asked, id_)]
    return await shown_names(reads, asked, seen)


async def _is_seen(reads: HolderReads, asked: Asked, id_: str) -> bool:
    if asked.reader.column in _SEE_ALL:
        return True
    holder = await reads.holder(id_, asked.read_on)
    return holder is not None and sees_entry(asked.reader, holder)
