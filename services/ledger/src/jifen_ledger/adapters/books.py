"""The invariants of a scheme's tables, each computed by one statement."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.reads.ledger import SUMS
from jifen_ledger.adapters.tables import log_head, record
from jifen_ledger.adapters.trial_balance import UNBALANCED
from jifen_ledger.adapters.worker_tables import rebuild
from jifen_ledger.application.invariants import Books
from jifen_ledger.application.queries.ledger import UNITS

SCHEME = sa.bindparam("scheme", type_=sa.Text)

UNBALANCED_ACCOUNTS = sa.select(sa.func.count()).select_from(UNBALANCED.subquery("unbalanced"))
_recorded = (
    sa.select(sa.func.count())
    .where(record.c.scheme == log_head.c.scheme, record.c.seq <= log_head.c.size)
    .scalar_subquery()
)
MISSING_RECORDS = sa.select(log_head.c.size - _recorded).where(log_head.c.scheme == SCHEME)
# A new generation that was compared and is not what the live one is.
DIFFERS = sa.select(rebuild.c.size).where(
    rebuild.c.scheme == SCHEME,
    rebuild.c.role == "new",
    rebuild.c.comparison["same"].as_boolean().is_(False),
)


class PostgresBooks:
    """One for all schemes of a process."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine of its own: the sums take long, and nothing must wait for them."""
        self._engine = engine

    async def books(self, scheme: str) -> Books:
        """Return what the tables say now. Raises Unavailable."""
        key = {"scheme": scheme}
        async with transaction(self._engine) as connection:
            sums = Counter(dict.fromkeys(UNITS, 0))
            for unit, _, tenths in await connection.execute(SUMS, key):
                sums[unit] += tenths
            unbalanced = (await connection.execute(UNBALANCED_ACCOUNTS, key)).scalar_one()
            missing = (await connection.execute(MISSING_RECORDS, key)).scalar_one_or_none()
            differs = (await connection.execute(DIFFERS, key)).scalar_one_or_none()
        return Books(dict(sums), unbalanced, missing or 0, differs)
