"""Reads the log: checkpoints with their cosignatures, stored hashes, entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.log_tables import log_checkpoint, log_cosignature, log_published
from jifen_ledger.adapters.stored_hashes import stored_hashes
from jifen_ledger.adapters.tables import balance, posting, record
from jifen_ledger.application.queries.log import Published
from jifen_ledger.log.ranges import Span

SCHEME = sa.bindparam("scheme", type_=sa.Text)
_of_this = sa.and_(
    log_cosignature.c.scheme == log_checkpoint.c.scheme,
    log_cosignature.c.size == log_checkpoint.c.size,
)


def _lines() -> sa.ScalarSelect[str]:
    """Return the newest line of each witness, in an order that does not change."""
    newest = (
        sa.select(log_cosignature.c.key_name, log_cosignature.c.key_id, log_cosignature.c.line)
        .where(_of_this)
        .ext(distinct_on(log_cosignature.c.key_name, log_cosignature.c.key_id))
        .order_by(
            log_cosignature.c.key_name,
            log_cosignature.c.key_id,
            log_cosignature.c.cosigned_at.desc(),
        )
        .correlate(log_checkpoint)
        .subquery("newest")
    )
    between: aggregate_order_by[str] = aggregate_order_by(
        sa.literal_column("''"), newest.c.key_name, newest.c.key_id
    )
    return sa.select(sa.func.string_agg(newest.c.line, between)).scalar_subquery()


_CHECKPOINT = sa.select(
    log_checkpoint.c.size,
    log_checkpoint.c.note.concat(sa.func.coalesce(_lines(), "")).label("note"),
).where(log_checkpoint.c.scheme == SCHEME)
PUBLISHED = _CHECKPOINT.where(
    log_checkpoint.c.size
    == sa.select(log_published.c.size).where(log_published.c.scheme == SCHEME).scalar_subquery()
)
CHECKPOINT = _CHECKPOINT.where(log_checkpoint.c.size == sa.bindparam("size", type_=sa.BigInteger))
CHECKPOINTS = (
    _CHECKPOINT.where(
        log_checkpoint.c.size >= sa.bindparam("from_size", type_=sa.BigInteger),
        log_checkpoint.c.size <= sa.bindparam("to_size", type_=sa.BigInteger),
    )
    .order_by(log_checkpoint.c.size)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
ENTRIES = (
    sa.select(record.c.bytes)
    .where(
        record.c.scheme == SCHEME,
        record.c.seq > sa.bindparam("first", type_=sa.BigInteger),
        record.c.seq <= sa.bindparam("end", type_=sa.BigInteger),
    )
    .order_by(record.c.seq)
)

_size = sa.bindparam("size", type_=sa.BigInteger)
_since = (
    sa.select(posting.c.account, sa.func.sum(posting.c.delta).label("tenths"))
    .where(posting.c.scheme == SCHEME, posting.c.seq > _size)
    .group_by(posting.c.account)
    .subquery("since")
)
# What the tables have now, less what was posted since: not summed from the records' bytes.
BALANCES_AT = (
    sa.select(
        balance.c.account,
        sa.cast(balance.c.tenths - sa.func.coalesce(_since.c.tenths, 0), sa.BigInteger).label(
            "tenths"
        ),
    )
    .select_from(balance.outerjoin(_since, _since.c.account == balance.c.account))
    .where(
        balance.c.scheme == SCHEME,
        sa.exists().where(
            posting.c.scheme == balance.c.scheme,
            posting.c.account == balance.c.account,
            posting.c.seq <= _size,
        ),
    )
)


class LogReads:
    """The log of one scheme at one moment."""

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def newest_checkpoint(self) -> Published | None:
        """Return the largest checkpoint that is published."""
        return await self._checkpoint(PUBLISHED)

    async def checkpoint(self, size: int) -> Published | None:
        """Return the checkpoint of the size."""
        return await self._checkpoint(CHECKPOINT, size=size)

    async def checkpoints(self, from_size: int, to_size: int, most: int) -> Sequence[Published]:
        """Return checkpoints of these sizes, the smallest first."""
        key = {"scheme": self._scheme, "from_size": from_size, "to_size": to_size, "most": most}
        return [Published(*row) for row in await self._connection.execute(CHECKPOINTS, key)]

    async def stored_hashes(self, spans: Sequence[Span]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored hashes of the spans."""
        return await stored_hashes(self._connection, self._scheme, spans)

    async def entries(self, first: int, width: int) -> Sequence[bytes]:
        """Return the entries from an index on."""
        key = {"scheme": self._scheme, "first": first, "end": first + width}
        found = [bytes(entry) for (entry,) in await self._connection.execute(ENTRIES, key)]
        assert len(found) == width, f"{len(found)} of {width} entries from {first} on"
        return found

    async def balances_at(self, size: int) -> Mapping[str, int]:
        """Return every account's balance as the tables have it, less what came after the size."""
        key = {"scheme": self._scheme, "size": size}
        found = await self._connection.execute(BALANCES_AT, key)
        return {row.account: row.tenths for row in found}

    async def _checkpoint(self, statement: sa.Select[Any], **key: int) -> Published | None:
        found = await self._connection.execute(statement, {"scheme": self._scheme, **key})
        row = found.one_or_none()
        return None if row is None else Published(*row)
