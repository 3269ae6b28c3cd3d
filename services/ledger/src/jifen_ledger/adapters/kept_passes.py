"""The passes over the past that compares stream, journal and log, kept in PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.worker_tables import compared
from jifen_ledger.application.reconciling.ports import Checked, KeptPass
from jifen_ledger.log.tree import Tree

OF_SCHEME = compared.c.scheme == sa.bindparam("scheme", type_=sa.Text)
READ = sa.select(compared).where(OF_SCHEME)
FORGET = sa.delete(compared).where(OF_SCHEME)
_row = insert(compared)
KEEP = _row.on_conflict_do_update(
    index_elements=[compared.c.scheme],
    set_={column.name: column for column in _row.excluded if column.name != "scheme"},
)


class PostgresPasses:
    """One for all schemes."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine with a connection to spare."""
        self._engine = engine

    async def read(self, scheme: str) -> KeptPass | None:
        """Return what was kept last, None where nothing was."""
        async with transaction(self._engine) as connection:
            row = (await connection.execute(READ, {"scheme": scheme})).one_or_none()
        if row is None:
            return None
        checked = Checked(Tree.of(row.size, row.peaks), row.last_recorded_at)
        return KeptPass(row.stream_created, row.began_ms, checked, row.whole_ms, row.whole_size)

    async def keep(self, scheme: str, kept: KeptPass) -> None:
        """Put it in the place of what was kept before."""
        tree, recorded_at = kept.checked
        row = {
            "scheme": scheme,
            "stream_created": kept.created,
            "began_ms": kept.began_ms,
            "size": tree.size,
            "peaks": tree.joined,
            "last_recorded_at": recorded_at,
            "whole_ms": kept.whole_ms,
            "whole_size": kept.whole_size,
        }
        async with transaction(self._engine) as connection:
            await connection.execute(KEEP, row)

    async def forget(self, scheme: str) -> None:
        """Keep nothing: whoever reads next begins anew."""
        async with transaction(self._engine) as connection:
            await connection.execute(FORGET, {"scheme": scheme})
