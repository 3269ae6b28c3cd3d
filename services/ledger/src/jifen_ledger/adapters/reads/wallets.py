"""Reads wallets: lots, debts, redemptions, offers, and their totals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.reads.held import held
from jifen_ledger.adapters.wallet_tables import incentive_year, lot, offer, redemption, wallet
from jifen_ledger.application.queries.explain_wallet import LotChange
from jifen_ledger.application.queries.wallet_totals import WaitingTotals
from jifen_ledger.domain.offers import OPEN, Offer, Redemption
from jifen_ledger.domain.wallets import OPEN as LEFT
from jifen_ledger.domain.wallets import Lot, Wallet

_EARLIER = lot.alias("earlier")
LOT_CHANGES = (
    sa.select(lot, _EARLIER.c.left_over.label("left_before"), _EARLIER.c.held.label("held_before"))
    .select_from(
        lot.outerjoin(
            _EARLIER,
            sa.and_(
                _EARLIER.c.scheme == lot.c.scheme,
                _EARLIER.c.claim == lot.c.claim,
                _EARLIER.c.opened_seq == lot.c.opened_seq,
                _EARLIER.c.until_seq == lot.c.seq,
            ),
        )
    )
    .where(
        lot.c.scheme == sa.bindparam("scheme", type_=sa.Text),
        lot.c.holder == sa.bindparam("holder", type_=sa.Text),
        lot.c.seq == sa.bindparam("seq", type_=sa.BigInteger),
    )
    .order_by(lot.c.expires, lot.c.opened_seq, lot.c.claim)
)
DEBTS = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(wallet.c.debt), 0), sa.BigInteger))
WAITING = sa.select(
    sa.func.count(),
    sa.cast(
        sa.func.coalesce(sa.func.sum(redemption.c.price * redemption.c.quantity), 0), sa.BigInteger
    ),
)


class WalletReads:
    """The wallets of one scheme at one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def wallet(self, holder: str) -> Wallet | None:
        """Return the holder's debt and what budgets kept back, None where there never was any."""
        return await self._wallet(holder, self.at)

    async def wallets_around(self, holder: str, seq: int) -> tuple[Wallet | None, Wallet | None]:
        """Return the same right before a record and right after it."""
        return await self._wallet(holder, seq - 1), await self._wallet(holder, seq)

    async def open_lots(self, holder: str) -> Sequence[Lot]:
        """Return the holder's lots with something left, in the order in which they are used up."""
        rows = await self._held("lots", lot, lot.c.holder == holder, lot.c.state == LEFT)
        lots: list[Lot] = [KEPT_ROWS["lots"].object(row) for row in rows]
        return sorted(lots, key=lambda one: one.order)

    async def lot_changes(self, holder: str, seq: int) -> Sequence[LotChange]:
        """Return what a record made of the holder's lots."""
        key = {"scheme": self._scheme, "holder": holder, "seq": seq}
        width = len(lot.columns)
        return [
            LotChange(
                KEPT_ROWS["lots"].object(tuple(row)[:width]), row.left_before, row.held_before
            )
            for row in await self._connection.execute(LOT_CHANGES, key)
        ]

    async def redemption(self, id_: str) -> Redemption | None:
        """Return the redemption, None where there is none."""
        rows = await self._held("redemptions", redemption, redemption.c.redemption == id_)
        found = _redemptions(rows)
        return found[0] if found else None

    async def open_redemptions(self, member: str) -> Sequence[Redemption]:
        """Return the member's open reservations, oldest first."""
        own = (redemption.c.member == member, redemption.c.state == OPEN)
        rows = await self._held("redemptions", redemption, *own)
        return sorted(_redemptions(rows), key=lambda one: one.seq)

    async def redemptions_of(self, member: str, before: int, limit: int) -> Sequence[Redemption]:
        """Return the member's redemptions that began before a record, newest first."""
        statement = (
            sa.select(redemption)
            .where(
                redemption.c.scheme == self._scheme,
                redemption.c.member == member,
                redemption.c.opened_seq < before,
                held(redemption, self.at),
            )
            .order_by(redemption.c.opened_seq.desc())
            .limit(limit)
        )
        return _redemptions((await self._connection.execute(statement)).all())

    async def redemption_at(self, member: str, seq: int) -> Redemption | None:
        """Return the redemption of the member that a record made, or ended, as it left it."""
        statement = sa.select(redemption).where(
            redemption.c.scheme == self._scheme,
            redemption.c.member == member,
            redemption.c.seq == seq,
        )
        found = _redemptions((await self._connection.execute(statement)).all())
        # A record that joined two people moves many; it is about none of them.
        return found[0] if len(found) == 1 else None

    async def offers_named(self, ids: Collection[str]) -> Mapping[str, Offer]:
        """Return these offers, by id."""
        rows = await self._held("offers", offer, offer.c.offer.in_(sorted(ids)))
        found: list[Offer] = [KEPT_ROWS["offers"].object(row) for row in rows]
        return {one.offer: one for one in found}

    async def offers(self, after: str, open_on: date | None, limit: int) -> Sequence[Offer]:
        """Return offers by id, beyond one; only those open on the day, if one is given."""
        chosen = [offer.c.offer.collate("C") > after]
        if open_on is not None:
            chosen += [offer.c.opens <= open_on, offer.c.closes > open_on]
        statement = (
            sa.select(offer)
            .where(offer.c.scheme == self._scheme, held(offer, self.at), *chosen)
            .order_by(offer.c.offer.collate("C"))
            .limit(limit)
        )
        rows = (await self._connection.execute(statement)).all()
        return [KEPT_ROWS["offers"].object(row) for row in rows]

    async def waiting_totals(self) -> WaitingTotals:
        """Return debts and open reservations."""
        owing = DEBTS.where(wallet.c.scheme == self._scheme, held(wallet, self.at))
        waiting = WAITING.where(
            redemption.c.scheme == self._scheme,
            redemption.c.state == sa.literal_column(f"'{OPEN}'"),
            held(redemption, self.at),
        )
        debt = (await self._connection.execute(owing)).scalar_one()
        count, points = (await self._connection.execute(waiting)).one()
        return WaitingTotals(debt, count, points)

    async def issued_in(self, year: str) -> int:
        """Return what a calendar year has issued, in tenths."""
        rows = await self._held("incentive_years", incentive_year, incentive_year.c.year == year)
        return int(rows[0].issued) if rows else 0

    async def _wallet(self, holder: str, at: int | None) -> Wallet | None:
        rows = await self._held("wallets", wallet, wallet.c.holder == holder, at=at)
        return KEPT_ROWS["wallets"].object(rows[0]) if rows else None

    async def _held(
        self, name: str, table: sa.Table, *chosen: sa.ColumnElement[bool], at: int | None = None
    ) -> Sequence[sa.Row[Any]]:
        assert table is KEPT_ROWS[name].table
        moment = held(table, self.at if at is None else at)
        statement = sa.select(table).where(table.c.scheme == self._scheme, moment, *chosen)
        return (await self._connection.execute(statement)).all()


def _redemptions(rows: Sequence[sa.Row[Any]]) -> list[Redemption]:
    return [KEPT_ROWS["redemptions"].object(row) for row in rows]
