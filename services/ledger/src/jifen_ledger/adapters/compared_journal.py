"""The journal and the log's hashes in PostgreSQL, as comparing them with the stream needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_contracts.subjects import subject_of
from jifen_ledger.adapters.answering import answering, transaction
from jifen_ledger.adapters.copying import driver_of
from jifen_ledger.adapters.log_tables import log_checkpoint, log_signed
from jifen_ledger.adapters.past import EVENT_BEGINS, EVENT_ENDS
from jifen_ledger.adapters.stored_hashes import stored_hashes
from jifen_ledger.adapters.tables import log_head, record
from jifen_ledger.application.log_ports import Entry
from jifen_ledger.application.reconciling.ports import JournalHead, Recorded, SignedRoot
from jifen_ledger.log.ranges import Span
from jifen_ledger.log.tree import EMPTY_TREE, Tree

SCHEME = sa.bindparam("scheme", type_=sa.Text)
HEAD = (
    sa.select(
        log_head.c.size,
        log_head.c.peaks,
        log_signed.c.size.label("signed_size"),
        log_signed.c.root.label("signed_root"),
    )
    .select_from(log_head.outerjoin(log_signed, log_signed.c.scheme == log_head.c.scheme))
    .where(log_head.c.scheme == SCHEME)
)
ROOTS = (
    sa.select(log_checkpoint.c.size, log_checkpoint.c.root)
    .where(
        log_checkpoint.c.scheme == SCHEME,
        log_checkpoint.c.size > sa.bindparam("after", type_=sa.BigInteger),
        log_checkpoint.c.size <= sa.bindparam("upto", type_=sa.BigInteger),
    )
    .order_by(log_checkpoint.c.size)
)
KNOWS = sa.select(
    sa.exists().where(
        record.c.scheme == SCHEME,
        record.c.source == sa.bindparam("source", type_=sa.Text),
        record.c.event_id == sa.bindparam("event_id", type_=sa.Text),
    )
)
# On the driver's own cursor: binary, so that no byte of a record is written as text and back.
ROWS = """
SELECT seq, r.bytes, r.leaf_hash, r.type, r.subject, r.content_hash, w.subject, w.payload
FROM record r LEFT JOIN record_raw w USING (scheme, seq)
WHERE scheme = %s AND seq > %s AND seq <= %s ORDER BY seq
"""


class PostgresComparedJournal:
    """One for all schemes."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine with a connection to spare."""
        self._engine = engine

    async def head(self, scheme: str) -> JournalHead:
        """Return the head, an empty one where the scheme has none."""
        async with transaction(self._engine) as connection:
            row = (await connection.execute(HEAD, {"scheme": scheme})).one_or_none()
        if row is None:
            return JournalHead(EMPTY_TREE, None)
        signed = None
        if row.signed_size is not None:
            signed = SignedRoot(row.signed_size, bytes(row.signed_root))
        return JournalHead(Tree.of(row.size, row.peaks), signed)

    async def rows(self, scheme: str, after: int, upto: int) -> Sequence[Recorded]:
        """Return the records after one sequence and up to another, in their order."""
        with answering():
            async with self._engine.connect() as connection:
                driver = await driver_of(connection)
                async with driver.cursor(binary=True) as cursor:
                    await cursor.execute(ROWS, (scheme, after, upto))
                    return [_recorded(scheme, row) for row in await cursor.fetchall()]

    async def roots(self, scheme: str, after: int, upto: int) -> Sequence[SignedRoot]:
        """Return what was signed of these sizes, in their order."""
        async with transaction(self._engine) as connection:
            key = {"scheme": scheme, "after": after, "upto": upto}
            rows = await connection.execute(ROOTS, key)
            return [SignedRoot(row.size, bytes(row.root)) for row in rows]

    async def stored(self, scheme: str, spans: Sequence[Span]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored hashes of the spans, as far as there are any."""
        async with transaction(self._engine) as connection:
            return await stored_hashes(connection, scheme, spans)

    async def knows(self, scheme: str, source: str, event_id: str) -> bool:
        """Tell whether the journal has an event of this identity."""
        async with transaction(self._engine) as connection:
            key = {"scheme": scheme, "source": source, "event_id": event_id}
            return bool((await connection.execute(KNOWS, key)).scalar_one())


def _recorded(scheme: str, row: Sequence[Any]) -> Recorded:
    seq, stored, leaf_hash, type_, subject, content, raw_subject, raw = row
    entry = Entry(seq, stored, leaf_hash)
    if raw is not None:
        return Recorded(entry, raw_subject, raw, None)
    ends = stored.rfind(EVENT_ENDS)
    if not stored.startswith(EVENT_BEGINS) or ends < 0 or None in (type_, subject):
        # It is no record of an event, though nothing is kept of another message.
        return Recorded(entry, "", b"", None)
    payload = stored[len(EVENT_BEGINS) : ends]
    return Recorded(entry, subject_of(scheme, subject, type_), payload, content)
