"""Erases persons from directory and private parts, with the record that says so."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.directory_table import directory, directory_revision
from jifen_ledger.adapters.people_tables import erasure
from jifen_ledger.adapters.private_tables import left_file, private_part
from jifen_ledger.adapters.register_tables import joined

SCHEME = sa.bindparam("scheme", type_=sa.Text)

# Every change of the directory begins with it: its row makes concurrent writers wait.
REVISE = (
    insert(directory_revision)
    .values(scheme=SCHEME, revision=1)
    .on_conflict_do_update(
        index_elements=[directory_revision.c.scheme],
        set_={"revision": directory_revision.c.revision + 1},
    )
)


def _ids_of_persons() -> sa.CTE:
    """Return all ids of the persons asked for: those that were joined into theirs as well."""
    asked = sa.bindparam("persons", type_=ARRAY(sa.Text))
    ids = sa.select(sa.func.unnest(asked).label("id")).cte("person", recursive=True)
    closed = sa.select(joined.c.closed).where(
        joined.c.scheme == SCHEME, joined.c.survivor == ids.c.id
    )
    return ids.union(closed)


def _later_ids() -> sa.CTE:
    """Return the id asked for and those it was joined into."""
    ids = sa.select(sa.bindparam("id", type_=sa.Text).label("id")).cte("later", recursive=True)
    survivor = sa.select(joined.c.survivor).where(
        joined.c.scheme == SCHEME, joined.c.closed == ids.c.id
    )
    return ids.union(survivor)


ALL_IDS = sa.select(_ids_of_persons().c.id)
ERASE_PERSONS = sa.delete(directory).where(
    directory.c.scheme == SCHEME, directory.c.id.in_(ALL_IDS)
)


def _erase_private_parts() -> sa.Executable:
    """Return the statement that deletes private parts and remembers the files they named."""
    gone = (
        sa.delete(private_part)
        .where(private_part.c.scheme == SCHEME, private_part.c.person.in_(ALL_IDS))
        .returning(private_part.c.scheme, private_part.c.files)
        .cte("gone")
    )
    named = sa.select(gone.c.scheme, sa.func.unnest(gone.c.files)).distinct()
    # Two of them may have named the same file.
    return insert(left_file).from_select(["scheme", "sha256"], named).on_conflict_do_nothing()


ERASE_PRIVATE_PARTS = _erase_private_parts()
IS_ERASED = sa.select(
    sa.exists().where(
        erasure.c.scheme == SCHEME, erasure.c.member.in_(sa.select(_later_ids().c.id))
    )
)


def _erased_of() -> sa.Select[tuple[str]]:
    """Return the query for those of some persons who were erased, under whichever id of theirs."""
    asked = sa.func.unnest(sa.bindparam("persons", type_=ARRAY(sa.Text))).column_valued("asked")
    ids = sa.select(asked.label("person"), asked.label("id")).cte("known", recursive=True)
    survivor = sa.select(ids.c.person, joined.c.survivor).where(
        joined.c.scheme == SCHEME, joined.c.closed == ids.c.id
    )
    known = ids.union(survivor)
    ordered = sa.and_(erasure.c.scheme == SCHEME, erasure.c.member == known.c.id)
    return sa.select(known.c.person).distinct().join(erasure, ordered)


ERASED_OF = _erased_of()


async def erase_persons(connection: AsyncConnection, scheme: str, persons: Sequence[str]) -> None:
    """Delete their rows in the connection's transaction."""
    await connection.execute(REVISE, {"scheme": scheme})
    key = {"scheme": scheme, "persons": list(persons)}
    await connection.execute(ERASE_PERSONS, key)
    # A part that is being copied meanwhile goes when the copy carries out the same order.
    await connection.execute(ERASE_PRIVATE_PARTS, key)


async def is_erased(connection: AsyncConnection, scheme: str, id_: str) -> bool:
    """Tell whether the person was erased; asked after `REVISE`, it stays true to its end."""
    found = await connection.execute(IS_ERASED, {"scheme": scheme, "id": id_})
    return bool(found.scalar_one())
