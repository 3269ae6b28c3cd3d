"""The tables of both generations: made, held, looked at, exchanged and dropped.

Nothing of the live one changes before the exchange, which is one transaction.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters.comparing import PostgresView
from jifen_ledger.adapters.copying import written_columns
from jifen_ledger.adapters.journal import HEAD
from jifen_ledger.adapters.projected import MADE
from jifen_ledger.adapters.rebuilding import SCHEME, UNDER_WAY, otherwise
from jifen_ledger.adapters.tables import log_head
from jifen_ledger.adapters.worker_tables import rebuild
from jifen_ledger.application.generations import Exchange, Role, Second, View
from jifen_ledger.domain.state import BEFORE_THE_FIRST

REVISION = sa.text("SELECT version_num FROM alembic_version")
BEGIN = sa.insert(rebuild).values(
    scheme=SCHEME,
    revision=sa.bindparam("of_revision"),
    software=sa.bindparam("of_software"),
    role=Role.NEW.value,
    size=0,
    last_recorded_at=BEFORE_THE_FIRST,
    peaks=b"",
)
NOTE = (
    sa.update(rebuild)
    .where(rebuild.c.scheme == SCHEME)
    .values(comparison=sa.bindparam("found", type_=rebuild.c.comparison.type))
)
END = sa.delete(rebuild).where(rebuild.c.scheme == SCHEME)
# What left knows as much as what came: the exchange waited for that.
LEFT = (
    sa.update(rebuild)
    .where(rebuild.c.scheme == SCHEME, log_head.c.scheme == rebuild.c.scheme)
    .values(
        role=sa.bindparam("of_role"),
        comparison=sa.null(),
        **{
            column.name: column
            for column in log_head.columns
            if column.name in ("size", "last_recorded_at", "live_from", "peaks")
        },
    )
)
LOCK_HEAD = sa.select(log_head.c.size).where(log_head.c.scheme == SCHEME).with_for_update()
NEXT_GENERATION = (
    sa.update(log_head)
    .where(log_head.c.scheme == SCHEME)
    .values(generation=log_head.c.generation + 1)
)
# The guard of rows that are only added lets those of the table go that the transaction names.
GIVE_WAY = sa.text("SELECT set_config('jifen.rebuilding', :table, true)")


def schema_of(scheme: str) -> str:
    """Return the name of the schema beside the live tables; a scheme's own may be too long."""
    return f"rebuild_{sha256(scheme.encode()).hexdigest()[:16]}"


class PostgresGenerations:
    """The live generation, and the one beside it, of every scheme."""

    def __init__(self, engine: AsyncEngine, software: str) -> None:
        """Take an engine that finds the live tables, and what this software is called."""
        self._engine = engine
        self._software = software

    async def recorded(self, scheme: str) -> int:
        """Return how many records the scheme has."""
        async with self._engine.connect() as connection:
            head = (await connection.execute(HEAD, {"scheme": scheme})).one_or_none()
            return 0 if head is None else int(head.size)

    async def second(self, scheme: str) -> Second | None:
        """Return the generation beside the live one, None where there is none."""
        async with self._engine.begin() as connection:
            revision = (await connection.execute(REVISION)).scalar_one()
            found = (await connection.execute(UNDER_WAY, {"of_scheme": scheme})).one_or_none()
            if found is None:
                return None
            differs_at = await connection.execute(_first_otherwise(scheme))
            return Second(
                Role(found.role),
                found.size,
                self._unfit(found, revision),
                differs_at.scalar_one(),
                found.comparison,
            )

    def _unfit(self, found: sa.Row[Any], revision: str) -> str:
        if found.revision != revision:
            return f"it has the tables of revision {found.revision}, the ledger those of {revision}"
        # What a switch has left was made by other software more often than not.
        if found.role == Role.NEW and found.software != self._software:
            return "it was built by other software"
        return ""

    async def begin(self, scheme: str) -> None:
        """Make an empty new generation, in the place of one that is there."""
        async with self._engine.begin() as connection:
            revision = (await connection.execute(REVISION)).scalar_one()
            key = {"of_scheme": scheme}
            await connection.execute(END, key)
            made = {"of_revision": revision, "of_software": self._software}
            await connection.execute(BEGIN, {**key, **made})
            await connection.execute(_drop_schema(schema_of(scheme)))
            await _make_tables(connection, schema_of(scheme))

    @asynccontextmanager
    async def held(self, scheme: str) -> AsyncIterator[Exchange]:
        """Keep records from coming until the block ends."""
        async with self._engine.begin() as connection:
            found = await connection.execute(LOCK_HEAD, {"of_scheme": scheme})
            yield _Exchange(connection, scheme, int(found.scalar_one()))

    @asynccontextmanager
    async def view(self, scheme: str) -> AsyncIterator[View]:
        """Look at both generations as they are when the block begins."""
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            # The moment is that of the first statement.
            await connection.execute(HEAD, {"scheme": scheme})
            yield PostgresView(connection, scheme, schema_of(scheme))

    async def note(self, scheme: str, comparison: Mapping[str, Any]) -> None:
        """Keep with the generation what a comparison has found."""
        async with self._engine.begin() as connection:
            await connection.execute(NOTE, {"of_scheme": scheme, "found": comparison})

    async def drop(self, scheme: str) -> bool:
        """Remove the generation beside the live one; return whether there was one."""
        async with self._engine.begin() as connection:
            await connection.execute(_drop_schema(schema_of(scheme)))
            return (await connection.execute(END, {"of_scheme": scheme})).rowcount == 1


class _Exchange:
    """The scheme while no record comes: its `size`, and the step to the other generation."""

    def __init__(self, connection: AsyncConnection, scheme: str, size: int) -> None:
        """Take a connection whose transaction holds the head."""
        self._connection = connection
        self._scheme = scheme
        self.size = size

    async def take_over(self, leaving: Role | None) -> None:
        """Put the second generation in the place of the live one, which stays beside it.

        Without a role for what leaves, nothing stays.
        """
        key, second = {"of_scheme": self._scheme}, schema_of(self._scheme)
        connection, left = self._connection, f"left_{second}"
        if leaving is not None:
            await _make_tables(connection, left)
        for table in MADE:
            names = [column.name for column in written_columns(table)]
            await connection.execute(GIVE_WAY, {"table": table.name})
            gone = sa.delete(table).where(table.c.scheme == SCHEME)
            if leaving is None:
                await connection.execute(gone, key)
            else:
                rows = gone.returning(*(table.c[name] for name in names)).cte("gone")
                stays = sa.insert(_same(table, left)).from_select(names, sa.select(rows))
                await connection.execute(stays, key)
            comes = sa.select(*_same(table, second).columns)
            await connection.execute(sa.insert(table).from_select(names, comes))
        await connection.execute(NEXT_GENERATION, key)
        await connection.execute(_drop_schema(second))
        if leaving is None:
            await connection.execute(END, key)
        else:
            await connection.execute(sa.text(f'ALTER SCHEMA "{left}" RENAME TO "{second}"'))
            await connection.execute(LEFT, {**key, "of_role": leaving.value})


def _same(table: sa.Table, schema: str) -> sa.TableClause:
    names = [column.name for column in written_columns(table)]
    return sa.table(table.name, *(sa.column(name) for name in names), schema=schema)


async def _make_tables(connection: AsyncConnection, schema: str) -> None:
    await connection.execute(sa.text(f'CREATE SCHEMA "{schema}"'))
    for table in MADE:
        like = f'CREATE TABLE "{schema}"."{table.name}" (LIKE "{table.name}" INCLUDING ALL)'
        await connection.execute(sa.text(like))
    own = f'CREATE TABLE "{schema}".{otherwise.name} (seq bigint PRIMARY KEY, bytes bytea NOT NULL)'
    await connection.execute(sa.text(own))


def _drop_schema(schema: str) -> sa.TextClause:
    return sa.text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


def _first_otherwise(scheme: str) -> sa.TextClause:
    return sa.text(f'SELECT min(seq) FROM "{schema_of(scheme)}".{otherwise.name}')  # noqa: S608
