"""Reads concerns as they were after a record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.concern_tables import concern
from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.register_tables import joined
from jifen_ledger.adapters.tables import record
from jifen_ledger.application.queries.concern_list import Found
from jifen_ledger.application.queries.concerns import STATES_MAX, PastState
from jifen_ledger.domain.concerns import (
    MERGED,
    OPEN,
    RESOLVED,
    SILENT_DAYS,
    UNCONFIRMED,
    Concern,
)

SCHEME = sa.bindparam("scheme", type_=sa.Text)
KNOWN_AT = sa.bindparam("known_at", type_=sa.BigInteger)
TODAY = sa.bindparam("today", type_=sa.Date)
UNITS = sa.bindparam("units", type_=sa.ARRAY(sa.Text))

KNOWN = sa.and_(
    concern.c.scheme == SCHEME,
    concern.c.seq <= KNOWN_AT,
    sa.or_(concern.c.until_seq.is_(None), concern.c.until_seq > KNOWN_AT),
)
WITHIN = sa.or_(UNITS.is_(None), concern.c.unit == sa.any_(UNITS))
SILENT = sa.and_(
    concern.c.state == RESOLVED,
    concern.c.resolved_on < TODAY - SILENT_DAYS,
)
OVERDUE = sa.and_(concern.c.state.in_(sorted(OPEN)), concern.c.due < TODAY)

_ID = sa.bindparam("id", type_=sa.Text)
_CONCERNS = sa.select(concern).where(KNOWN).order_by(concern.c.opened_seq)
CONCERN = _CONCERNS.where(concern.c.concern == _ID)
MERGED_INTO = _CONCERNS.where(concern.c.merged_into == _ID)
PARTS = _CONCERNS.where(concern.c.parent == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Text))))
PAST_STATES = (
    sa.select(concern, record.c.recorded_at)
    .join(record, sa.and_(record.c.scheme == concern.c.scheme, record.c.seq == concern.c.seq))
    .where(concern.c.scheme == SCHEME, concern.c.concern == _ID, concern.c.seq <= KNOWN_AT)
    .order_by(concern.c.seq.desc())
    .limit(STATES_MAX)
)
JOINED = sa.select(joined.c.closed, joined.c.survivor).where(
    joined.c.scheme == SCHEME,
    joined.c.closed == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Text))),
)


def _fits(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Return the condition that holds where the parameter is not given, or equals the column."""
    # A parameter that is only compared with NULL says no type by itself.
    asked = sa.cast(sa.bindparam(name, type_=column.type), column.type)
    return sa.or_(asked.is_(None), column == asked)


_STATE = sa.bindparam("state", type_=sa.Text)
_RAISER = sa.bindparam("by", type_=sa.Text)
# Merged concerns are counted where they live on; their raisers find their own.
_SHOWN = sa.and_(_STATE.is_(None), sa.or_(concern.c.state != MERGED, _RAISER.is_not(None)))
LIST = (
    sa.select(concern)
    .where(
        KNOWN,
        WITHIN,
        sa.or_(_SHOWN, sa.case((SILENT, UNCONFIRMED), else_=concern.c.state) == _STATE),
        _fits(concern.c.kind, "kind"),
        _fits(sa.type_coerce(OVERDUE, sa.Boolean), "overdue"),
        _fits(concern.c.origin, "origin"),
        _fits(concern.c.handler, "handler"),
        _fits(concern.c.by, "by"),
        concern.c.opened_seq < sa.bindparam("below", type_=sa.BigInteger),
    )
    .order_by(concern.c.opened_seq.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


class ConcernReads:
    """The concerns of one scheme at one moment."""

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def concern(self, id_: str, known_at: int) -> Concern | None:
        """Return the concern as it was after a record."""
        found = await self._concerns(CONCERN, known_at, id=id_)
        return found[0] if found else None

    async def merged(self, id_: str, known_at: int) -> Sequence[Concern]:
        """Return the concerns that were merged into it, by seq."""
        return await self._concerns(MERGED_INTO, known_at, id=id_)

    async def parts(self, ids: Collection[str], known_at: int) -> Sequence[Concern]:
        """Return the concerns whose parent is one of these, by seq."""
        return await self._concerns(PARTS, known_at, ids=list(ids))

    async def concerns(self, found: Found) -> Sequence[Concern]:
        """Return the concerns that fit, the one raised last first."""
        wanted = found.wanted
        return await self._concerns(
            LIST,
            found.known_at,
            units=None if found.units is None else list(found.units),
            state=wanted.state,
            kind=wanted.kind,
            overdue=wanted.overdue,
            origin=wanted.origin,
            handler=wanted.handler,
            by=found.raiser,
            today=found.today,
            below=found.below,
            limit=found.limit,
        )

    async def survivors(self, ids: Collection[str]) -> Sequence[str]:
        """Return the surviving ids of people, in the order asked."""
        names = {id_: id_ for id_ in ids}
        waiting = set(names)
        while waiting:
            key = {"scheme": self._scheme, "ids": sorted(waiting)}
            rows = (await self._connection.execute(JOINED, key)).all()
            joins = {row.closed: row.survivor for row in rows}
            names = {id_: joins.get(name, name) for id_, name in names.items()}
            waiting = set(joins.values())
        return [names[id_] for id_ in ids]

    async def past_states(self, id_: str, known_at: int) -> Sequence[PastState]:
        """Return the last states of a concern, at most STATES_MAX, in stream order."""
        key = {"scheme": self._scheme, "id": id_, "known_at": known_at}
        rows = (await self._connection.execute(PAST_STATES, key)).all()
        return [
            PastState(row.seq, row.recorded_at, KEPT_ROWS["concerns"].object(row[:-1]))
            for row in reversed(rows)
        ]

    async def _concerns(
        self, statement: sa.Select[Any], known_at: int, **values: object
    ) -> list[Concern]:
        key = {"scheme": self._scheme, "known_at": known_at, **values}
        rows = await self._connection.execute(statement, key)
        return [KEPT_ROWS["concerns"].object(row) for row in rows]
