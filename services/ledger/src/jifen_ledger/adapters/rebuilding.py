"""Rebuilds: a second set of the tables that the records determine, and the exchange of both.

The second set lies in a schema of its own, found before the ledger's: the same statements read and
write it, while records are found where they are. Nothing of the ledger changes before the exchange.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.copying import driver_of, written_columns
from jifen_ledger.adapters.journal import HEAD, PostgresJournal
from jifen_ledger.adapters.projected import MADE
from jifen_ledger.adapters.tables import log_head, record
from jifen_ledger.adapters.worker_tables import rebuild
from jifen_ledger.adapters.writer import write_made
from jifen_ledger.application.ports import Batch
from jifen_ledger.application.stopped import Overtaken, Reason, Stopped
from jifen_ledger.domain.state import BEFORE_THE_FIRST, State

SHOWN_BYTES_MAX = 2_000

SCHEME = sa.bindparam("of_scheme", type_=sa.Text)
UNDER_WAY = sa.select(rebuild).where(rebuild.c.scheme == SCHEME)
REVISION = sa.text("SELECT version_num FROM alembic_version")
BEGIN = sa.insert(rebuild).values(
    scheme=SCHEME,
    revision=sa.bindparam("of_revision"),
    size=0,
    last_recorded_at=BEFORE_THE_FIRST,
)
MOVE = (
    sa.update(rebuild)
    .where(rebuild.c.scheme == SCHEME, rebuild.c.size == sa.bindparam("from_size"))
    .values(
        size=sa.bindparam("to_size"),
        last_recorded_at=sa.bindparam("recorded_at"),
        live_from=sa.bindparam("live_from_seq", type_=sa.BigInteger),
    )
)
END = sa.delete(rebuild).where(rebuild.c.scheme == SCHEME)
RECORDED = (
    sa.select(record.c.bytes)
    .where(
        record.c.scheme == SCHEME,
        record.c.seq > sa.bindparam("from_size", type_=sa.BigInteger),
        record.c.seq <= sa.bindparam("to_size", type_=sa.BigInteger),
    )
    .order_by(record.c.seq)
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
    """Return the name of the schema with the second set; a scheme's own may be too long for it."""
    return f"rebuild_{sha256(scheme.encode()).hexdigest()[:16]}"


class RebuildJournal(PostgresJournal):
    """The journal as a rebuild sees it: records are compared, and what they make is written.

    Its engine finds the second set of tables first.
    """

    async def _begin(self, connection: AsyncConnection, scheme: str) -> sa.Row[Any]:
        return (await connection.execute(UNDER_WAY, {"of_scheme": scheme})).one()

    async def size(self, scheme: str) -> int:
        """Return how many records were compared."""
        async with transaction(self._engine) as connection:
            return int((await self._begin(connection, scheme)).size)

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys, as far as the records before them go."""
        await super().load(state, wanted)
        # The records are all there already: what a later one was the first to say is not known yet.
        keys = wanted.get("first_seen", set())
        later = {
            key for key in keys if (seen := state.first_seen.get(key)) and seen.seq > state.size
        }
        state.first_seen.load({}, later)

    async def commit(self, batch: Batch) -> None:
        """Compare the records and write what they make. Raises Overtaken, Stopped."""
        key = {"of_scheme": batch.scheme, "from_size": batch.from_size, "to_size": batch.to_size}
        async with transaction(self._engine) as connection:
            moved = await connection.execute(
                MOVE,
                {
                    **key,
                    "recorded_at": batch.records[-1].recorded_at,
                    "live_from_seq": batch.live_from,
                },
            )
            if moved.rowcount != 1:
                raise Overtaken(f"the rebuild of {batch.scheme} is no longer at {batch.from_size}")
            _compare(batch, (await connection.execute(RECORDED, key)).scalars().all())
            await write_made(connection, await driver_of(connection), batch)


def _compare(batch: Batch, recorded: Sequence[bytes]) -> None:
    for one, before in zip(batch.records, recorded, strict=True):
        if one.bytes != before:
            was, now = (shown[:SHOWN_BYTES_MAX] for shown in (before, one.bytes))
            detail = f"seq {one.seq} was recorded as {was!r}, and is now {now!r}"
            raise Stopped(Reason.RECORD_DIFFERS, detail)


class PostgresRebuilds:
    """Begins and ends rebuilds."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine that finds the ledger's own tables."""
        self._engine = engine

    async def recorded(self, scheme: str) -> int:
        """Return how many records the scheme has."""
        async with self._engine.connect() as connection:
            head = (await connection.execute(HEAD, {"scheme": scheme})).one_or_none()
            return 0 if head is None else int(head.size)

    async def begin(self, scheme: str) -> int:
        """Make the second set of tables where none is there yet; return how far it has come."""
        key = {"of_scheme": scheme}
        async with self._engine.begin() as connection:
            revision = (await connection.execute(REVISION)).scalar_one()
            under_way = (await connection.execute(UNDER_WAY, key)).one_or_none()
            if under_way is not None and under_way.revision == revision:
                return int(under_way.size)
            # One that was begun with other tables is of no use.
            await connection.execute(END, key)
            await connection.execute(BEGIN, {**key, "of_revision": revision})
            for statement in _second_set(scheme):
                await connection.execute(sa.text(statement))
        return 0

    @asynccontextmanager
    async def held(self, scheme: str) -> AsyncIterator[Exchange]:
        """Keep records from coming until the block ends."""
        async with self._engine.begin() as connection:
            found = await connection.execute(LOCK_HEAD, {"of_scheme": scheme})
            yield Exchange(connection, scheme, int(found.scalar_one()))


class Exchange:
    """The scheme while no record comes: its `size`, and the step from one set to the other."""

    def __init__(self, connection: AsyncConnection, scheme: str, size: int) -> None:
        """Take a connection whose transaction holds the head."""
        self._connection = connection
        self._scheme = scheme
        self.size = size

    async def take_over(self) -> None:
        """Put what was rebuilt in the place of what was there; the second set goes."""
        key, schema = {"of_scheme": self._scheme}, schema_of(self._scheme)
        connection = self._connection
        for table in MADE:
            names = [column.name for column in written_columns(table)]
            second = sa.table(table.name, *(sa.column(name) for name in names), schema=schema)
            await connection.execute(GIVE_WAY, {"table": table.name})
            await connection.execute(sa.delete(table).where(table.c.scheme == SCHEME), key)
            rows = sa.select(*second.columns)
            await connection.execute(sa.insert(table).from_select(names, rows))
        await connection.execute(NEXT_GENERATION, key)
        await connection.execute(END, key)
        await connection.execute(sa.text(f'DROP SCHEMA "{schema}" CASCADE'))


def _second_set(scheme: str) -> list[str]:
    schema = schema_of(scheme)
    made = [
        f'CREATE TABLE "{schema}"."{table.name}" (LIKE "{table.name}" INCLUDING ALL)'
        for table in MADE
    ]
    return [f'DROP SCHEMA IF EXISTS "{schema}" CASCADE', f'CREATE SCHEMA "{schema}"', *made]
