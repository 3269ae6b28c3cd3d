"""The orders to erase persons, and what the tables still have of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.directory_table import directory
from jifen_ledger.adapters.erasing import ALL_IDS
from jifen_ledger.adapters.evidence_uses import PostgresFileUses
from jifen_ledger.adapters.people_tables import erasure
from jifen_ledger.adapters.private_tables import private_head, private_part
from jifen_ledger.adapters.tables import record
from jifen_ledger.application.check_erasures import Order

SCHEME = sa.bindparam("scheme", type_=sa.Text)
IDS = sa.bindparam("ids", type_=ARRAY(sa.Text))
# The latest order about an id stands for those before it.
ORDERED = (
    sa.select(
        erasure.c.seq,
        erasure.c.member,
        record.c.recorded_at,
        erasure.c.basis,
        (sa.func.coalesce(private_head.c.erased_seq, 0) >= erasure.c.seq).label("carried_out"),
    )
    .select_from(
        erasure.join(
            record, sa.and_(record.c.scheme == erasure.c.scheme, record.c.seq == erasure.c.seq)
        ).outerjoin(private_head, private_head.c.scheme == erasure.c.scheme)
    )
    .where(erasure.c.scheme == SCHEME, erasure.c.until_seq.is_(None))
    .order_by(erasure.c.seq)
)


def _count(table: sa.Table, column: sa.Column[str]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.scheme == SCHEME, column == sa.any_(IDS))
        .scalar_subquery()
    )


LEFT = sa.select(
    _count(directory, directory.c.id).label("names"),
    _count(private_part, private_part.c.person).label("parts"),
)
AGAIN = (
    sa.update(private_head)
    .where(private_head.c.scheme == sa.bindparam("of_scheme"))
    .values(erased_seq=0)
)


class PostgresErasureOrders:
    """One for all schemes."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine."""
        self._engine = engine
        self._uses = PostgresFileUses(engine)

    async def orders(self, scheme: str) -> Sequence[Order]:
        """Return the orders, the first one first."""
        async with transaction(self._engine) as connection:
            found = []
            for row in (await connection.execute(ORDERED, {"scheme": scheme})).all():
                key = {"scheme": scheme, "persons": [row.member]}
                ids = sorted((await connection.execute(ALL_IDS, key)).scalars())
                left = (await connection.execute(LEFT, {"scheme": scheme, "ids": ids})).one()
                order = (row.seq, row.member, row.recorded_at, row.basis, row.carried_out)
                found.append(Order(*order, ids, left.names, left.parts))
            return found

    async def again(self, scheme: str) -> None:
        """Let the ledger carry out every order once more, as after a restore."""
        async with transaction(self._engine) as connection:
            await connection.execute(AGAIN, {"of_scheme": scheme})

    async def of_erased_alone(self, scheme: str) -> Collection[str]:
        """Return the files that only persons use who were erased."""
        return await self._uses.of_erased_alone(scheme)
