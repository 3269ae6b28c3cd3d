"""Reads the ledger as a whole: sums of accounts and counts of outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.tables import balance, posting, record
from jifen_ledger.adapters.trial_balance import UNBALANCED

SCHEMES_COUNTED_MAX = 1_000

SCHEME = sa.bindparam("scheme", type_=sa.Text)


def _sorted(account: sa.ColumnElement[str], tenths: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Return the query for amounts with their unit of points and kind of account."""
    kind = sa.case(
        (account.like("issue:%"), "issue"),
        (account.like("member:%:pending"), "pending"),
        (account.like("member:%"), "members"),
        (account.like("wallet:%"), "wallets"),
        (account.in_(["reversed", "reversed:inc"]), "reversed"),
        else_=account,
    )
    unit = sa.case(
        (account.like("wallet:%") | account.like("%:inc"), "inc"),
        (account.in_(["spent", "expired"]), "inc"),
        else_="pt",
    )
    return sa.select(unit.label("unit"), kind.label("kind"), tenths.label("tenths"))


def _summed(rows: sa.Select[Any]) -> sa.Select[Any]:
    found = rows.subquery("sorted")
    total = sa.cast(sa.func.sum(found.c.tenths), sa.BigInteger)
    return sa.select(found.c.unit, found.c.kind, total).group_by(found.c.unit, found.c.kind)


SUMS = _summed(_sorted(balance.c.account, balance.c.tenths).where(balance.c.scheme == SCHEME))
SUMS_THEN = _summed(
    _sorted(posting.c.account, posting.c.delta).where(
        posting.c.scheme == SCHEME, posting.c.seq <= sa.bindparam("at", type_=sa.BigInteger)
    )
)
DIFFERS = sa.select(sa.exists(UNBALANCED))
OUTCOMES = (
    sa.select(record.c.status, record.c.code, sa.func.count())
    .where(
        record.c.scheme == SCHEME,
        record.c.seq > sa.bindparam("from_size", type_=sa.BigInteger),
        record.c.seq <= sa.bindparam("size", type_=sa.BigInteger),
    )
    .group_by(record.c.status, record.c.code)
)


async def counted(
    connection: AsyncConnection, scheme: str, from_size: int, size: int
) -> Counter[tuple[str, str | None]]:
    """Return the counts of the records from one size to another."""
    key = {"scheme": scheme, "from_size": from_size, "size": size}
    rows = await connection.execute(OUTCOMES, key)
    return Counter({(status, code): count for status, code, count in rows})


class Counts:
    """Outcomes counted so far: records never change, so only new ones are counted."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._counted: dict[str, tuple[int, Counter[tuple[str, str | None]]]] = {}

    async def upto(
        self, connection: AsyncConnection, scheme: str, size: int
    ) -> Mapping[tuple[str, str | None], int]:
        """Return the counts of the records up to the size."""
        from_size, counts = self._counted.get(scheme, (0, Counter()))
        if from_size > size:
            # The database was replaced by one that has come less far.
            from_size, counts = 0, Counter()
        counts = counts + await counted(connection, scheme, from_size, size)
        if len(self._counted) < SCHEMES_COUNTED_MAX or scheme in self._counted:
            self._counted[scheme] = (size, counts)
        return counts


class LedgerReads:
    """The whole ledger of one scheme at one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str, counts: Counts) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme
        self._counts = counts

    async def sums(self) -> Mapping[tuple[str, str], int]:
        """Return the sum of the balances by (unit of points, kind of account), in tenths."""
        key = {"scheme": self._scheme}
        if self.at is None:
            rows = await self._connection.execute(SUMS, key)
        else:
            rows = await self._connection.execute(SUMS_THEN, {**key, "at": self.at})
        return {(unit, kind): tenths for unit, kind, tenths in rows}

    async def balances_equal_postings(self) -> bool:
        """Tell whether every balance is the sum of its postings."""
        found = await self._connection.execute(DIFFERS, {"scheme": self._scheme})
        return not found.scalar_one()

    async def outcomes(self, size: int) -> Mapping[tuple[str, str | None], int]:
        """Return how many records have each (status, code), up to the size."""
        if self.at is not None:
            return await counted(self._connection, self._scheme, 0, size)
        return await self._counts.upto(self._connection, self._scheme, size)
