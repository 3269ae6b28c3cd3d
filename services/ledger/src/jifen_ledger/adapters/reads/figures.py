"""Reads the figures of one holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.claim_rows import figures_of
from jifen_ledger.adapters.reads.held import upto
from jifen_ledger.adapters.reads.places import active_days
from jifen_ledger.adapters.register_tables import unit_state
from jifen_ledger.adapters.tables import figures
from jifen_ledger.application.queries.moments import span_of
from jifen_ledger.application.queries.rights import Holder
from jifen_ledger.application.queries.scores import QuarterFigures

SCHEME = sa.bindparam("scheme", type_=sa.Text)
QUARTERS = sa.bindparam("quarters", type_=sa.ARRAY(sa.Text))
FIGURES = (
    sa.select(figures)
    .where(
        figures.c.scheme == SCHEME,
        figures.c.holder == sa.bindparam("holder", type_=sa.Text),
        figures.c.quarter == sa.any_(QUARTERS),
    )
    .order_by(figures.c.capacity, figures.c.quarter)
)
UNIT_SPANS = (
    sa.select(unit_state.c.from_day, unit_state.c.to_day)
    .where(
        unit_state.c.scheme == SCHEME,
        unit_state.c.unit == sa.bindparam("unit", type_=sa.Text),
        unit_state.c.seq <= sa.bindparam("upto", type_=sa.BigInteger),
    )
    .order_by(unit_state.c.seq)
)


class FigureReads:
    """The figures of one scheme at one moment."""

    at: int | None = None
    as_of: date | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def figures(self, holder: str, quarters: Sequence[str]) -> Sequence[QuarterFigures]:
        """Return the holder's figures of these quarters, those without any left out."""
        key = {"scheme": self._scheme, "holder": holder, "quarters": list(quarters)}
        rows = await self._connection.execute(FIGURES, key)
        found = (QuarterFigures(row.capacity, row.quarter, figures_of(row)) for row in rows)
        # A row of zeros only tells that there was something once.
        return [one for one in found if one.figures.any]

    async def days(
        self, holder: Holder, capacity: str, quarters: Sequence[str]
    ) -> Mapping[str, int]:
        """Return the holder's active days in a capacity by quarter."""
        if holder.of_unit:
            return await self._unit_days(holder.id, quarters)
        spans = [(quarter, *span_of(quarter, self.as_of)) for quarter in quarters]
        active = active_days(self._scheme, capacity, spans, at=self.at)
        found = await self._connection.execute(
            sa.select(
                active.c.period, sa.cast(sa.func.sum(active.c.days), sa.BigInteger).label("days")
            )
            .where(active.c.holder == holder.id)
            .group_by(active.c.period)
        )
        return {row.period: row.days for row in found}

    async def _unit_days(self, unit: str, quarters: Sequence[str]) -> Mapping[str, int]:
        """A unit is active from its first registration to the end that the last one names."""
        key = {"scheme": self._scheme, "unit": unit, "upto": upto(self.at)}
        rows = (await self._connection.execute(UNIT_SPANS, key)).all()
        begins = min(row.from_day for row in rows)
        ends = rows[-1].to_day
        days = {}
        for quarter in quarters:
            first, end = span_of(quarter, self.as_of)
            last = end if ends is None else min(ends, end)
            days[quarter] = max(0, (last - max(begins, first)).days)
        return days
