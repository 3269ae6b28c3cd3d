"""Counts the concerns of a period: the database adds up."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.concern_tables import concern
from jifen_ledger.adapters.reads.concerns import KNOWN, OVERDUE, SILENT, WITHIN
from jifen_ledger.application.queries.concern_figures import ConcernCounts, Raised, Words
from jifen_ledger.domain.concerns import CLOSED, CONFIRMED, MERGED, OPEN

COUNTED = sa.and_(
    KNOWN,
    WITHIN,
    concern.c.state != MERGED,
    concern.c.raised_on >= sa.bindparam("first", type_=sa.Date),
    concern.c.raised_on < sa.bindparam("end", type_=sa.Date),
)
_OPEN = concern.c.state.in_(sorted(OPEN))
_CLOSED = concern.c.state.in_(sorted(CLOSED))
# Null while it is open, so that neither median nor worst takes it in.
_GROSS = sa.case((_CLOSED, sa.func.greatest(0, concern.c.in_use - concern.c.raised_on)))
_NET = _GROSS - concern.c.paused_days


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count().filter(condition)


def _median_tenths(days: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the median, of two in the middle their mean: a whole number of tenths either way."""
    return sa.cast(sa.func.percentile_cont(0.5).within_group(days) * 10, sa.Integer)


COUNTS = sa.select(
    sa.func.count().label("raised"),
    _number(_OPEN).label("open"),
    _number(OVERDUE).label("overdue"),
    _number(SILENT).label("unconfirmed"),
    _number(concern.c.state == CONFIRMED).label("confirmed"),
    _number(_CLOSED).label("closed"),
    _number(sa.and_(_CLOSED, concern.c.in_use <= concern.c.due)).label("on_time"),
    _median_tenths(_GROSS).label("gross_median"),
    sa.func.max(_GROSS).label("gross_worst"),
    _median_tenths(_NET).label("net_median"),
    sa.func.max(_NET).label("net_worst"),
).where(COUNTED)

_voices = (
    sa.select(sa.func.jsonb_array_elements(concern.c.voices, type_=JSONB).label("voice"))
    .where(COUNTED)
    .subquery("voices")
)
_satisfaction = sa.cast(_voices.c.voice["satisfaction"].astext, sa.Integer)
# The words of the raisers since the concern was last resolved.
WORDS = sa.select(_satisfaction, sa.func.count()).group_by(_satisfaction)


class ConcernFigureReads:
    """The figures of concerns of one scheme at one moment."""

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def concern_counts(self, raised: Raised) -> ConcernCounts:
        """Return the counts; a concern that was merged is counted where it lives on."""
        row = (await self._connection.execute(COUNTS, _key(self._scheme, raised))).one()
        return ConcernCounts(*row)

    async def concern_words(self, raised: Raised) -> Words:
        """Return what raisers say of those that are closed, and of those they reopened."""
        rows = await self._connection.execute(WORDS, _key(self._scheme, raised))
        said: dict[int | None, int] = {row[0]: row[1] for row in rows}
        return Words(said.get(1, 0), said.get(2, 0), said.get(3, 0), said.get(None, 0))


def _key(scheme: str, raised: Raised) -> dict[str, object]:
    return {
        "scheme": scheme,
        "units": None if raised.units is None else list(raised.units),
        "first": raised.first,
        "end": raised.end,
        "today": raised.today,
        "known_at": raised.known_at,
    }
