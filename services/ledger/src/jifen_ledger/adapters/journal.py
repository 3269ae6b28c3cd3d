"""The ledger's records and tables in PostgreSQL, as the projection needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.kept_loader import load_whole
from jifen_ledger.adapters.loader import load
from jifen_ledger.adapters.register_rows import unit_state_of, version_of
from jifen_ledger.adapters.register_tables import scheme_version, unit_state
from jifen_ledger.adapters.tables import log_head, record
from jifen_ledger.adapters.trial_balance import UNBALANCED
from jifen_ledger.adapters.writer import write
from jifen_ledger.application.ports import Batch
from jifen_ledger.application.stopped import Overtaken
from jifen_ledger.domain.registers import Unit, UnitState, Version
from jifen_ledger.domain.state import BEFORE_THE_FIRST, State, implicit_root
from jifen_ledger.log.tree import Tree, growth_by

# A head is made once; that it is there already hides nothing.
BEGIN_HEAD = insert(log_head).on_conflict_do_nothing()
HEAD = sa.select(log_head).where(log_head.c.scheme == sa.bindparam("scheme"))
VERSIONS = (
    sa.select(scheme_version)
    .where(scheme_version.c.scheme == sa.bindparam("scheme"))
    .order_by(scheme_version.c.version)
)
UNITS = (
    sa.select(unit_state)
    .where(unit_state.c.scheme == sa.bindparam("scheme"))
    .order_by(unit_state.c.seq)
)
RECORD_BYTES = sa.select(record.c.bytes).where(
    record.c.scheme == sa.bindparam("scheme"), record.c.seq == sa.bindparam("seq")
)


class PostgresJournal:
    """One for all schemes; each scheme's projection is its only writer."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine with a connection for every scheme."""
        self._engine = engine
        self._generations: dict[str, int] = {}
        # A document is parsed once: catalogues are compiled for it, and a state lives less long.
        self._versions: dict[tuple[str, int], tuple[tuple[Any, ...], Version]] = {}
        self._trees: dict[str, Tree] = {}

    async def open(self, scheme: str) -> State:
        """Return the state at the head: whole units and versions, the rest is loaded by key."""
        async with transaction(self._engine) as connection:
            # The head first: if another projector moves it meanwhile, our batch writes nothing.
            head = await self._begin(connection, scheme)
            versions = await connection.execute(VERSIONS, {"scheme": scheme})
            units = await connection.execute(UNITS, {"scheme": scheme})
            state = State(scheme, complete=False)
            await load_whole(connection, state)
        state.size, state.recorded_at = head.size, head.last_recorded_at
        state.live_from = head.live_from
        state.versions = tuple(self._version(row) for row in versions)
        registered: dict[str, tuple[UnitState, ...]] = {}
        for row in units:
            registered[row.unit] = (*registered.get(row.unit, ()), unit_state_of(row))
        root = registered.pop(scheme, ())
        state.put_unit(Unit(scheme, (implicit_root(scheme), *root)))
        for unit, states in registered.items():
            state.put_unit(Unit(unit, states))
        return state

    async def _begin(self, connection: AsyncConnection, scheme: str) -> sa.Row[Any]:
        await connection.execute(
            BEGIN_HEAD, {"scheme": scheme, "size": 0, "last_recorded_at": BEFORE_THE_FIRST}
        )
        head = (await connection.execute(HEAD, {"scheme": scheme})).one()
        self._generations[scheme] = head.generation
        self._trees[scheme] = Tree.of(head.size, head.peaks)
        return head

    def _version(self, row: sa.Row[Any]) -> Version:
        known = self._versions.get((row.scheme, row.version))
        if known is None or known[0] != tuple(row):
            known = self._versions[row.scheme, row.version] = (tuple(row), version_of(row))
        return known[1]

    async def size(self, scheme: str) -> int:
        """Return the head's size."""
        async with transaction(self._engine) as connection:
            head = (await connection.execute(HEAD, {"scheme": scheme})).one()
        return int(head.size)

    async def record(self, scheme: str, seq: int) -> bytes:
        """Return the bytes of a record that exists."""
        async with transaction(self._engine) as connection:
            found = await connection.execute(RECORD_BYTES, {"scheme": scheme, "seq": seq})
            return bytes(found.scalar_one())

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""
        async with transaction(self._engine) as connection:
            await load(connection, state, wanted)

    async def commit(self, batch: Batch) -> None:
        """Write the batch and move the head in one transaction, or nothing. Raises Overtaken."""
        tree = self._trees.pop(batch.scheme, None)
        async with transaction(self._engine) as connection:
            if tree is None or tree.size != batch.from_size:
                tree = await _tree_at(connection, batch)
            growth = growth_by(tree, (record.bytes for record in batch.records))
            await write(connection, batch, growth, self._generations[batch.scheme])
        self._trees[batch.scheme] = growth.tree

    async def unbalanced_accounts(self, scheme: str) -> int:
        """Return how many balances differ from the sum of their postings."""
        async with transaction(self._engine) as connection:
            found = await connection.execute(UNBALANCED, {"scheme": scheme})
            return len(found.all())


async def _tree_at(connection: AsyncConnection, batch: Batch) -> Tree:
    """Return the tree that the batch grows. Raises Overtaken."""
    head = (await connection.execute(HEAD, {"scheme": batch.scheme})).one()
    if head.size != batch.from_size:
        raise Overtaken(f"the head of {batch.scheme} is no longer at {batch.from_size}")
    return Tree.of(head.size, head.peaks)
