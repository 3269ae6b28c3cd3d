"""Reads the journal: records by seq, by event, by time, and the later records of one event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.reads.held import upto
from jifen_ledger.adapters.tables import claim, log_head, record
from jifen_ledger.application.queries.moments import Stamps
from jifen_ledger.application.queries.outcomes import REPEATS_MAX, RecordRow

_ROW = sa.select(
    record.c.seq,
    record.c.recorded_at,
    record.c.bytes,
    record.c.type,
    record.c.subject,
    record.c.status,
    record.c.code,
    record.c.claim,
    claim.c.branch,
).select_from(
    record.outerjoin(
        claim, sa.and_(claim.c.scheme == record.c.scheme, claim.c.claim == record.c.claim)
    )
)
SCHEME = sa.bindparam("scheme", type_=sa.Text)
_OWN = _ROW.where(
    record.c.scheme == SCHEME, record.c.seq <= sa.bindparam("at", type_=sa.BigInteger)
)
RECORD = _OWN.where(record.c.seq == sa.bindparam("seq", type_=sa.BigInteger))
FIRST = _OWN.where(
    record.c.source == sa.bindparam("source", type_=sa.Text),
    record.c.event_id == sa.bindparam("id", type_=sa.Text),
)
# A duplicate has the content of its first event, hence its subject; a conflict may have another.
REPEATS = (
    _OWN.where(
        record.c.seq > sa.bindparam("first", type_=sa.BigInteger),
        sa.or_(
            sa.and_(
                record.c.subject == sa.bindparam("subject", type_=sa.Text),
                record.c.status == "duplicate",
            ),
            # In words of the index that only conflicts are in.
            sa.text("record.code = 'conflicting_duplicate'"),
        ),
        sa.func.pg_catalog.position(
            record.c.bytes, sa.bindparam("mark", type_=sa.LargeBinary), type_=sa.Integer
        )
        > 0,
    )
    .order_by(record.c.seq)
    .limit(REPEATS_MAX)
)
STAMPS = sa.select(record.c.recorded_at, record.c.bytes).where(
    record.c.scheme == SCHEME, record.c.seq == sa.bindparam("seq", type_=sa.BigInteger)
)


def _last_recorded() -> sa.Select[Any]:
    """Return the query that halves the journal until one record is left: stamps never fall."""
    halves = (
        sa.select(sa.cast(0, sa.BigInteger).label("low"), log_head.c.size.label("high"))
        .where(log_head.c.scheme == SCHEME)
        .cte("halves", recursive=True)
    )
    middle = sa.cast(sa.func.div(halves.c.low + halves.c.high + 1, 2), sa.BigInteger)
    early = record.c.recorded_at <= sa.bindparam("recorded_at", type_=sa.Text)
    halves = halves.union_all(
        sa.select(
            sa.case((early, middle), else_=halves.c.low),
            sa.case((early, halves.c.high), else_=middle - 1),
        ).where(halves.c.low < halves.c.high, record.c.scheme == SCHEME, record.c.seq == middle)
    )
    return sa.select(halves.c.low).where(halves.c.low == halves.c.high)


LAST_RECORDED = _last_recorded()


class JournalReads:
    """The journal of one scheme at one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def record(self, seq: int) -> RecordRow | None:
        """Return the record with the seq."""
        return await self._one(RECORD, {"seq": seq})

    async def first_record(self, source: str, id_: str) -> RecordRow | None:
        """Return the first record of an event."""
        return await self._one(FIRST, {"source": source, "id": id_})

    async def repeats(self, first: RecordRow) -> Sequence[RecordRow]:
        """Return the later records of the same event."""
        # The outcome is canonical and its own keys close it, so this text stands in no other.
        key = {"scheme": self._scheme, "first": first.seq, "subject": first.subject}
        mark = b'"refers_to":%d,"status":"' % first.seq
        rows = await self._connection.execute(REPEATS, {**key, "mark": mark, "at": upto(self.at)})
        return [_row(row) for row in rows]

    async def stamps(self, seq: int) -> Stamps:
        """Return the stamps of a record that exists."""
        key = {"scheme": self._scheme, "seq": seq}
        row = (await self._connection.execute(STAMPS, key)).one()
        event = orjson.loads(row.bytes).get("event")
        return Stamps(row.recorded_at, None if event is None else event["recordedtime"])

    async def last_recorded(self, recorded_at: str) -> int:
        """Return the seq of the last record stamped no later, 0 where there is none."""
        key = {"scheme": self._scheme, "recorded_at": recorded_at}
        return int((await self._connection.execute(LAST_RECORDED, key)).scalar_one())

    async def _one(self, statement: sa.Select[Any], key: dict[str, Any]) -> RecordRow | None:
        key = {"scheme": self._scheme, "at": upto(self.at), **key}
        found = await self._connection.execute(statement, key)
        row = found.one_or_none()
        return None if row is None else _row(row)


def _row(row: Any) -> RecordRow:  # noqa: ANN401 - rows of one shape under two types
    return RecordRow(
        seq=row.seq,
        recorded_at=row.recorded_at,
        bytes=row.bytes,
        type=row.type,
        subject=row.subject,
        status=row.status,
        code=row.code,
        claim=row.claim,
        branch=row.branch,
    )
