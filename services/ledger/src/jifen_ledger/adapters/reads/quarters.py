"""Reads the quarter's life: its steps, objections, open claims, and what was verified in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.claim_rows import claim_of
from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.quarter_tables import adjustment, objection, period
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.tables import claim, record
from jifen_ledger.adapters.tally_table import tally
from jifen_ledger.application.queries.explained import PostingRow
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.periods import Period

PERIODS = KEPT_ROWS["periods"]
OBJECTIONS = KEPT_ROWS["objections"]
# One row for a branch and quarter, however many claims there are.
LAST_QUARTER = sa.select(sa.func.max(tally.c.quarter)).where(
    tally.c.scheme == sa.bindparam("scheme", type_=sa.Text)
)
_MONTH = sa.func.to_char(claim.c.deed_date, sa.literal_column("'YYYY-MM'"))


class QuarterReads:
    """The quarters of one scheme at one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def period_steps(
        self, branch: str, quarters: Collection[str]
    ) -> Sequence[tuple[int, str, Period]]:
        """Return what each step left behind, with its seq and `recorded_at`, in stream order."""
        asked = (
            sa.select(*period.columns, record.c.recorded_at)
            .join(record, sa.and_(record.c.scheme == period.c.scheme, record.c.seq == period.c.seq))
            .where(period.c.scheme == self._scheme, period.c.branch == branch)
            .where(period.c.quarter.in_(list(quarters)), added(period, self.at))
            .order_by(period.c.seq)
        )
        rows = (await self._connection.execute(asked)).all()
        return [(row.seq, row.recorded_at, PERIODS.object(row[:-1])) for row in rows]

    async def adjusting_branch(self, row: PostingRow) -> str | None:
        """Return the branch whose bulletin of the booked quarter lists the posting, if one does."""
        kind, *names = row.account.split(":")
        if kind != "member":
            return None
        holder, capacity = names
        asked = sa.select(adjustment.c.branch).where(
            adjustment.c.scheme == self._scheme,
            adjustment.c.opened_seq == row.seq,
            adjustment.c.holder == holder,
            adjustment.c.capacity == capacity,
            adjustment.c.item == row.item,
            adjustment.c.quarter == row.quarter,
        )
        found = (await self._connection.execute(asked)).scalar_one_or_none()
        return None if found is None else str(found)

    async def last_quarter(self) -> str | None:
        """Return the last quarter in which a claim's deed was done, None before the first."""
        asked = await self._connection.execute(LAST_QUARTER, {"scheme": self._scheme})
        found: str | None = asked.scalar_one()
        return found

    async def objections(self, branch: str, quarters: Collection[str]) -> Sequence[Objection]:
        """Return what was filed about the branch's quarters, in the order it came."""
        return await self._objections(
            objection.c.branch == branch, objection.c.quarter.in_(list(quarters))
        )

    async def objection(self, id_: str) -> Objection | None:
        """Return what was filed under the id."""
        found = await self._objections(objection.c.objection == id_)
        return found[0] if found else None

    async def objections_about(self, claims: Collection[str]) -> Sequence[Objection]:
        """Return what was filed about these claims, in the order it came."""
        return await self._objections(objection.c.claim.in_(list(claims)))

    async def _objections(self, *conditions: sa.ColumnElement[bool]) -> Sequence[Objection]:
        asked = (
            sa.select(objection)
            .where(objection.c.scheme == self._scheme, held(objection, self.at), *conditions)
            .order_by(objection.c.opened_seq)
        )
        return [OBJECTIONS.object(row) for row in await self._connection.execute(asked)]

    async def waiting(self, branches: Collection[str]) -> Mapping[tuple[str, str], int]:
        """Return how many claims wait for their next decision, by (state, deed month)."""
        asked = (
            sa.select(claim.c.state, _MONTH.label("month"), sa.func.count().label("number"))
            .where(*self._open(branches))
            .group_by(claim.c.state, _MONTH)
        )
        rows = await self._connection.execute(asked)
        return {(row.state, row.month): row.number for row in rows}

    async def open_claims(
        self, branches: Collection[str], state: str | None, after: tuple[date, int], limit: int
    ) -> Sequence[Claim]:
        """Return claims that wait for a decision, the earliest deeds first, beyond `after`."""
        beyond = sa.tuple_(claim.c.deed_date, claim.c.seq) > sa.tuple_(*map(sa.literal, after))
        asked = sa.select(claim).where(*self._open(branches), beyond)
        if state is not None:
            asked = asked.where(claim.c.state == state)
        asked = asked.order_by(claim.c.deed_date, claim.c.seq).limit(limit)
        return [claim_of(row) for row in await self._connection.execute(asked)]

    def _open(self, branches: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            claim.c.scheme == self._scheme,
            claim.c.branch.in_(list(branches)),
            claim.c.state.in_(("claimed", "preliminary")),
        )

    async def verified_then(self, branch: str, quarter: str, seq: int) -> Sequence[str]:
        """Return the ids of the quarter's claims that were verified right before a record."""
        asked = sa.select(claim.c.claim).where(
            claim.c.scheme == self._scheme,
            claim.c.branch == branch,
            claim.c.deed_quarter == quarter,
            claim.c.verified_seq < seq,
            sa.or_(claim.c.reversed_seq.is_(None), claim.c.reversed_seq > seq),
        )
        found: Sequence[Any] = (await self._connection.execute(asked)).scalars().all()
        return list(found)
