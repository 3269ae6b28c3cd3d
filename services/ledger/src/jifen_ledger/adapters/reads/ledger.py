"""Reads the ledger as a whole: sums of accounts and counts of outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.tables import balance, record
from jifen_ledger.adapters.trial_balance import UNBALANCED

SCHEMES_COUNTED_MAX = 1_000

SCHEME = sa.bindparam("scheme", type_=sa.Text)
_ACCOUNT = balance.c.account
_KIND = sa.case(
    (_ACCOUNT.like("issue:%"), "issue"),
    (_ACCOUNT.like("member:%:pending"), "pending"),
    (_ACCOUNT.like("member:%"), "members"),
    (_ACCOUNT.like("wallet:%"), "wallets"),
    (_ACCOUNT.in_(["reversed", "reversed:inc"]), "reversed"),
    else_=_ACCOUNT,
)
_UNIT = sa.case(
    (_ACCOUNT.like("wallet:%") | _ACCOUNT.like("%:inc"), "inc"),
    (_ACCOUNT.in_(["spent", "expired"]), "inc"),
    else_="pt",
)
_SORTED = (
    sa.select(_UNIT.label("unit"), _KIND.label("kind"), balance.c.tenths)
    .where(balance.c.scheme == SCHEME)
    .subquery("sorted")
)
SUMS = sa.select(
    _SORTED.c.unit, _SORTED.c.kind, sa.cast(sa.func.sum(_SORTED.c.tenths), sa.BigInteger)
).group_by(_SORTED.c.unit, _SORTED.c.kind)
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
        key = {"scheme": scheme, "from_size": from_size, "size": size}
        found = {
            (status, code): count for status, code, count in await connection.execute(OUTCOMES, key)
        }
        counts = counts + Counter(found)
        if len(self._counted) < SCHEMES_COUNTED_MAX or scheme in self._counted:
            self._counted[scheme] = (size, counts)
        return counts


class LedgerReads:
    """The whole ledger of one scheme at one moment."""

    def __init__(self, connection: AsyncConnection, scheme: str, counts: Counts) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme
        self._counts = counts

    async def sums(self) -> Mapping[tuple[str, str], int]:
        """Return the sum of the balances by (unit of points, kind of account), in tenths."""
        rows = await self._connection.execute(SUMS, {"scheme": self._scheme})
        return {(unit, kind): tenths for unit, kind, tenths in rows}

    async def balances_equal_postings(self) -> bool:
        """Tell whether every balance is the sum of its postings."""
        found = await self._connection.execute(DIFFERS, {"scheme": self._scheme})
        return not found.scalar_one()

    async def outcomes(self, size: int) -> Mapping[tuple[str, str | None], int]:
        """Return how many records have each (status, code), up to the size."""
        return await self._counts.upto(self._connection, self._scheme, size)
