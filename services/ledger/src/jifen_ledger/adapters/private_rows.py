"""The table of private parts as a refill of their stream needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.private_tables import private_head, private_part
from jifen_ledger.adapters.stream import NatsPrivateStream
from jifen_ledger.adapters.use_tables import file_use
from jifen_ledger.application.private_part import Mismatch, private_part_of
from jifen_ledger.application.reconciling.whole_stream import whole_stream
from jifen_ledger.application.refilling.ports import PrivateRow

# Parts of 64 KiB at most.
PAGE_PARTS = 200

SCHEME = sa.bindparam("scheme", type_=sa.Text)
HIGHEST = sa.select(
    sa.func.greatest(
        sa.select(sa.func.max(private_part.c.stream_seq))
        .where(private_part.c.scheme == SCHEME)
        .scalar_subquery(),
        sa.select(private_head.c.seq).where(private_head.c.scheme == SCHEME).scalar_subquery(),
        0,
    )
)
PAGE = (
    sa.select(private_part)
    .where(
        private_part.c.scheme == SCHEME,
        private_part.c.privatehash > sa.bindparam("after", type_=sa.Text),
    )
    .order_by(private_part.c.privatehash)
    .limit(PAGE_PARTS)
)
BEGIN_ANEW = (
    sa.update(private_head)
    .where(private_head.c.scheme == sa.bindparam("of_scheme", type_=sa.Text))
    .values(seq=0)
)
FILES = sa.select(sa.func.count(file_use.c.sha256.distinct())).where(file_use.c.scheme == SCHEME)


class PostgresPrivateRows:
    """One for all schemes."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine with a connection to spare."""
        self._engine = engine

    async def highest_seq(self, scheme: str) -> int:
        """Return the highest sequence of the private stream that the ledger knows of."""
        async with transaction(self._engine) as connection:
            return int((await connection.execute(HIGHEST, {"scheme": scheme})).scalar_one())

    async def all_of(self, scheme: str) -> AsyncIterator[Sequence[PrivateRow]]:
        """Yield every part, some at a time."""
        after = ""
        while True:
            async with transaction(self._engine) as connection:
                rows = (await connection.execute(PAGE, {"scheme": scheme, "after": after})).all()
            if not rows:
                return
            yield [PrivateRow(row.privatehash, row.person, _payload(row)) for row in rows]
            after = rows[-1].privatehash

    async def begin_anew(self, scheme: str) -> None:
        """Let the copy of the private stream begin at its first message."""
        async with transaction(self._engine) as connection:
            await connection.execute(BEGIN_ANEW, {"of_scheme": scheme})

    async def files_named(self, scheme: str) -> int:
        """Return how many files of evidence events name."""
        async with transaction(self._engine) as connection:
            return int((await connection.execute(FILES, {"scheme": scheme})).scalar_one())


class NatsPrivateMessages:
    """What the private stream holds."""

    def __init__(self, stream: NatsPrivateStream) -> None:
        """Read this stream."""
        self._stream = stream

    async def hashes(self, scheme: str) -> AsyncIterator[str]:
        """Yield the hash of each private part that the stream has."""
        async for messages in whole_stream(self._stream, scheme, PAGE_PARTS):
            for message in messages:
                try:
                    part = private_part_of(message.seq, message.subject, message.payload)
                except Mismatch:
                    continue
                yield part.privatehash


def _payload(row: sa.Row[Any]) -> bytes:
    # As ingest writes it: canonical, of which the object is the part that is kept.
    return b'{"private":%b,"privatehash":"%b","salt":"%b"}' % (
        bytes(row.private),
        str(row.privatehash).encode(),
        bytes(row.salt).hex().encode(),
    )
