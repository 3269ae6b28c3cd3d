"""Reads how many people each call-up code brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.reads.held import upto
from jifen_ledger.adapters.register_tables import joined, standing
from jifen_ledger.application.queries.registrations import Registered
from jifen_ledger.domain.registers import ACTIVE_STANDINGS

SCHEME = sa.bindparam("scheme", type_=sa.Text)
UPTO = sa.bindparam("upto", type_=sa.BigInteger)
UNTIL = sa.cast(sa.bindparam("until", type_=sa.Date), sa.Date)
TODAY = sa.bindparam("today", type_=sa.Date)


def _heirs() -> sa.CTE:
    """Return every closed record with all who took it over, one after the other."""
    known = sa.and_(joined.c.scheme == SCHEME, joined.c.seq <= UPTO)
    heirs = sa.select(joined.c.closed, joined.c.survivor).where(known).cte("heirs", recursive=True)
    further = sa.and_(joined.c.closed == heirs.c.survivor, known)
    return heirs.union(
        sa.select(heirs.c.closed, joined.c.survivor).join_from(heirs, joined, further)
    )


def _registrations() -> sa.Select[Any]:
    heirs = _heirs()
    last = heirs.alias("last")
    closed = sa.select(heirs.c.closed)
    # Who goes on for a closed record is the one of its heirs that is not closed.
    line = (
        sa.select(
            sa.func.coalesce(last.c.survivor, standing.c.member).label("person"),
            standing,
        )
        .select_from(
            standing.outerjoin(
                last,
                sa.and_(last.c.closed == standing.c.member, last.c.survivor.not_in(closed)),
            )
        )
        .where(
            standing.c.scheme == SCHEME,
            standing.c.seq <= UPTO,
            sa.or_(UNTIL.is_(None), standing.c.from_day <= UNTIL),
        )
        .cte("line")
    )
    first = (
        sa.select(line.c.person, line.c.channel)
        .ext(distinct_on(line.c.person))
        .order_by(line.c.person, line.c.seq)
        .subquery("first")
    )
    current = (
        sa.select(line.c.person, line.c.standing)
        .ext(distinct_on(line.c.person))
        .where(line.c.member == line.c.person, line.c.from_day <= TODAY)
        .order_by(line.c.person, line.c.from_day.desc(), line.c.seq.desc())
        .subquery("current")
    )

    def counted(*standings: str) -> sa.ColumnElement[int]:
        return sa.func.count().filter(current.c.standing.in_(standings))

    return (
        sa.select(
            first.c.channel,
            sa.func.count().label("registered"),
            counted(*sorted(ACTIVE_STANDINGS)).label("members"),
            counted("applicant").label("applicants"),
        )
        .select_from(first.outerjoin(current, current.c.person == first.c.person))
        .group_by(first.c.channel)
        # As the cursor compares them, whatever the collation of the database.
        .order_by(first.c.channel.collate("C").nulls_first())
    )


REGISTRATIONS = _registrations()


class RegistrationReads:
    """The registrations of one scheme, up to one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def registrations(self, day: date, until: date | None) -> Sequence[Registered]:
        """Return how many people each channel brought, those without a channel first."""
        key = {"scheme": self._scheme, "upto": upto(self.at), "today": day, "until": until}
        rows = await self._connection.execute(REGISTRATIONS, key)
        return [Registered(*row) for row in rows]
