"""The journal of a generation that is built beside the live one.

Its tables lie in a schema of their own, found before the ledger's: the same statements read and
write them, while records are found where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.copying import copy_into, driver_of
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.tables import record
from jifen_ledger.adapters.worker_tables import rebuild
from jifen_ledger.adapters.writer import copy_rows_if_any, write_made
from jifen_ledger.application.ports import Batch
from jifen_ledger.application.stopped import Overtaken, Reason, Stopped
from jifen_ledger.domain.state import State
from jifen_ledger.log.tree import Tree, growth_by

SHOWN_BYTES_MAX = 2_000

# Records that came out otherwise; it lies in the generation's schema alone, and goes with it.
otherwise = sa.Table(
    "otherwise",
    sa.MetaData(),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)
OTHERWISE = copy_into(otherwise)

SCHEME = sa.bindparam("of_scheme", type_=sa.Text)
UNDER_WAY = sa.select(rebuild).where(rebuild.c.scheme == SCHEME)
MOVE = (
    sa.update(rebuild)
    .where(rebuild.c.scheme == SCHEME, rebuild.c.size == sa.bindparam("from_size"))
    .values(
        size=sa.bindparam("to_size"),
        last_recorded_at=sa.bindparam("recorded_at"),
        live_from=sa.bindparam("live_from_seq", type_=sa.BigInteger),
        peaks=sa.bindparam("joined_peaks", type_=sa.LargeBinary),
    )
)
RECORDED = (
    sa.select(record.c.bytes)
    .where(
        record.c.scheme == SCHEME,
        record.c.seq > sa.bindparam("from_size", type_=sa.BigInteger),
        record.c.seq <= sa.bindparam("to_size", type_=sa.BigInteger),
    )
    .order_by(record.c.seq)
)


class RebuildJournal(PostgresJournal):
    """The journal as a rebuild sees it: records are compared, and what they make is written.

    Its engine finds the second set of tables first.
    """

    def __init__(self, engine: AsyncEngine, *, keeps_otherwise: bool) -> None:
        """Keep records that come out otherwise beside the tables, or stop at the first."""
        super().__init__(engine)
        self._keeps_otherwise = keeps_otherwise

    async def _begin(self, connection: AsyncConnection, scheme: str) -> sa.Row[Any]:
        found = (await connection.execute(UNDER_WAY, {"of_scheme": scheme})).one()
        self._trees[scheme] = Tree.of(found.size, found.peaks)
        return found

    async def size(self, scheme: str) -> int:
        """Return how many records were compared."""
        async with transaction(self._engine) as connection:
            found = await connection.execute(UNDER_WAY, {"of_scheme": scheme})
            return int(found.one().size)

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
        tree = self._trees.pop(batch.scheme, None)
        async with transaction(self._engine) as connection:
            if tree is None or tree.size != batch.from_size:
                await self._begin(connection, batch.scheme)
                tree = self._trees[batch.scheme]
            growth = growth_by(tree, (one.bytes for one in batch.records))
            moved = await connection.execute(
                MOVE,
                {
                    **key,
                    "recorded_at": batch.records[-1].recorded_at,
                    "live_from_seq": batch.live_from,
                    "joined_peaks": growth.tree.joined,
                },
            )
            if moved.rowcount != 1:
                raise Overtaken(f"the rebuild of {batch.scheme} is no longer at {batch.from_size}")
            driver = await driver_of(connection)
            recorded = (await connection.execute(RECORDED, key)).scalars().all()
            differing = _otherwise(batch, recorded)
            if differing and not self._keeps_otherwise:
                raise Stopped(Reason.RECORD_DIFFERS, _shown(differing[0]))
            await copy_rows_if_any(driver, OTHERWISE, [(one.seq, one.now) for one in differing])
            await write_made(connection, driver, batch)
        self._trees[batch.scheme] = growth.tree


class _Otherwise(NamedTuple):
    seq: int
    recorded: bytes
    now: bytes


def _otherwise(batch: Batch, recorded: Sequence[bytes]) -> list[_Otherwise]:
    return [
        _Otherwise(one.seq, before, one.bytes)
        for one, before in zip(batch.records, recorded, strict=True)
        if one.bytes != before
    ]


def _shown(one: _Otherwise) -> str:
    was, now = (shown[:SHOWN_BYTES_MAX] for shown in (one.recorded, one.now))
    return f"seq {one.seq} was recorded as {was!r}, and is now {now!r}"
