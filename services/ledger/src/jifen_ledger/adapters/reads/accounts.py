"""Reads accounts: balances, lines of a statement, the trial balance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.tables import balance, claim, figures, posting, record
from jifen_ledger.application.queries.statement import Line, Lines

SCHEME = sa.bindparam("scheme", type_=sa.Text)
BALANCES = sa.select(balance.c.account, balance.c.tenths).where(
    balance.c.scheme == SCHEME,
    balance.c.account == sa.any_(sa.bindparam("accounts", type_=sa.ARRAY(sa.Text))),
)
DEDUCTIONS = sa.select(
    sa.cast(sa.func.coalesce(sa.func.sum(figures.c.deductions), 0), sa.BigInteger)
).where(
    figures.c.scheme == SCHEME,
    figures.c.holder == sa.bindparam("holder", type_=sa.Text),
    figures.c.capacity == sa.bindparam("capacity", type_=sa.Text),
)
_PLACE = sa.tuple_(posting.c.seq, posting.c.ordinal)
_BEYOND = sa.tuple_(
    sa.bindparam("seq", type_=sa.BigInteger), sa.bindparam("ordinal", type_=sa.BigInteger)
)
# What a deduction took, and what its reversal gave back: nothing else of kind `reversal` rises.
_DEDUCTION = sa.or_(
    posting.c.kind == "deduct", sa.and_(posting.c.kind == "reversal", posting.c.delta > 0)
)


def _lines(*, newest_first: bool, deductions: bool) -> sa.Select[tuple[object, ...]]:
    found = sa.select(posting).where(
        posting.c.scheme == SCHEME, posting.c.account == sa.bindparam("account", type_=sa.Text)
    )
    if not deductions:
        found = found.where(sa.or_(posting.c.kind.is_(None), ~_DEDUCTION))
    place = (posting.c.seq, posting.c.ordinal)
    if newest_first:
        found = found.where(_PLACE < _BEYOND).order_by(*(one.desc() for one in place))
    else:
        found = found.where(_PLACE > _BEYOND).order_by(*place)
    page = found.limit(sa.bindparam("limit", type_=sa.Integer)).subquery("page")
    same = (page.c.seq, page.c.ordinal)
    return (
        sa.select(
            page.c.seq,
            page.c.ordinal,
            page.c.delta,
            page.c.kind,
            sa.func.coalesce(page.c.item, claim.c.item).label("item"),
            sa.func.coalesce(page.c.quarter, claim.c.deed_quarter).label("quarter"),
            page.c.booked,
            page.c.claim,
            record.c.recorded_at,
        )
        .select_from(
            page.join(
                record, sa.and_(record.c.scheme == page.c.scheme, record.c.seq == page.c.seq)
            ).outerjoin(
                claim, sa.and_(claim.c.scheme == page.c.scheme, claim.c.claim == page.c.claim)
            )
        )
        .order_by(*(one.desc() for one in same) if newest_first else same)
    )


LINES = {
    (newest_first, deductions): _lines(newest_first=newest_first, deductions=deductions)
    for newest_first in (True, False)
    for deductions in (True, False)
}


class AccountReads:
    """The accounts of one scheme at one moment."""

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def balances(self, accounts: Collection[str]) -> Mapping[str, int]:
        """Return the balances in tenths; an account nothing was posted to is left out."""
        key = {"scheme": self._scheme, "accounts": list(accounts)}
        return {row.account: row.tenths for row in await self._connection.execute(BALANCES, key)}

    async def deductions(self, holder: str, capacity: str) -> int:
        """Return the sum of the deductions in force, in tenths, of all quarters."""
        key = {"scheme": self._scheme, "holder": holder, "capacity": capacity}
        return (await self._connection.execute(DEDUCTIONS, key)).scalar_one()

    async def lines(self, wanted: Lines) -> Sequence[Line]:
        """Return the lines in the order asked, at most `limit`."""
        key = {
            "scheme": self._scheme,
            "account": wanted.account,
            "seq": wanted.beyond[0],
            "ordinal": wanted.beyond[1],
            "limit": wanted.limit,
        }
        statement = LINES[wanted.newest_first, wanted.deductions]
        return [
            Line(
                seq=row.seq,
                ordinal=row.ordinal,
                delta=row.delta,
                kind=row.kind,
                item=row.item,
                quarter=row.quarter,
                booked=row.booked,
                claim=row.claim,
                recorded_at=row.recorded_at,
            )
            for row in await self._connection.execute(statement, key)
        ]
