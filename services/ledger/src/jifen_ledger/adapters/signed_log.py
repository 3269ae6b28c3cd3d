"""The stored logs as signing needs them: one round is one transaction on one moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters.answering import answering, transaction
from jifen_ledger.adapters.copying import driver_of
from jifen_ledger.adapters.log_tables import log_checkpoint, log_published, log_signed
from jifen_ledger.adapters.publishing import publish
from jifen_ledger.adapters.stored_hashes import stored_hashes
from jifen_ledger.adapters.tables import log_head
from jifen_ledger.application.log_ports import Entry, Progress, SigningRound
from jifen_ledger.application.witness import Quorum
from jifen_ledger.log.hashes import EMPTY_ROOT
from jifen_ledger.log.ranges import Span
from jifen_ledger.log.tree import EMPTY_TREE, Tree

SCHEME = sa.bindparam("scheme", type_=sa.Text)
# The row is there before the first round, so that every round can lock it.
BEGIN_SIGNED = insert(log_signed).on_conflict_do_nothing()
SIGNED = sa.select(log_signed).where(log_signed.c.scheme == SCHEME).with_for_update()
HEAD = sa.select(log_head.c.size, log_head.c.peaks).where(log_head.c.scheme == SCHEME)
_newest = (
    sa.select(sa.func.max(log_checkpoint.c.size))
    .where(log_checkpoint.c.scheme == SCHEME)
    .scalar_subquery()
)
NEWEST = sa.select(_newest)
_published = (
    sa.select(log_published.c.size).where(log_published.c.scheme == SCHEME).scalar_subquery()
)
# The first checkpoint after the published one; without a quorum there is none.
_unpublished = (
    sa.select(sa.cast(sa.extract("epoch", log_checkpoint.c.created_at) * 1_000, sa.BigInteger))
    .where(
        log_checkpoint.c.scheme == SCHEME, log_checkpoint.c.size > sa.func.coalesce(_published, -1)
    )
    .order_by(log_checkpoint.c.size)
    .limit(1)
    .scalar_subquery()
)
PROGRESS = sa.select(
    sa.select(log_head.c.size).where(log_head.c.scheme == SCHEME).scalar_subquery(),
    _newest,
    _published,
    _unpublished,
)
KEEP_SIGNED = (
    sa.update(log_signed)
    .where(log_signed.c.scheme == sa.bindparam("of_scheme"))
    .values(
        size=sa.bindparam("to_size"), peaks=sa.bindparam("to_peaks"), root=sa.bindparam("to_root")
    )
)
ADD_CHECKPOINT = insert(log_checkpoint)
# On the driver's own cursor: binary, so that no byte of a record is written as text and back.
ENTRIES = """
SELECT seq, bytes, leaf_hash FROM record WHERE scheme = %s AND seq > %s ORDER BY seq LIMIT %s
"""


NO_QUORUM = Quorum()


class PostgresSignedLog:
    """One for all schemes; every round of a scheme waits for the one before it."""

    def __init__(self, engine: AsyncEngine, quorum: Quorum = NO_QUORUM) -> None:
        """Take an engine with a connection for every scheme that is signed at once."""
        self._engine = engine
        self._quorum = quorum

    async def progress(self, scheme: str) -> Progress:
        """Return how far records and checkpoints are."""
        with answering():
            async with self._engine.connect() as connection:
                row = (await connection.execute(PROGRESS, {"scheme": scheme})).one()
        return Progress(row[0] or 0, *row[1:])

    async def publish(self, scheme: str) -> None:
        """Publish the largest checkpoint that has its quorum, if it is larger than before."""
        async with transaction(self._engine) as connection:
            await publish(connection, scheme, self._quorum)

    @asynccontextmanager
    async def signing(self, scheme: str) -> AsyncIterator[SigningRound]:
        """Open a round. Raises Unavailable, also where another instance was at it."""
        with answering():
            async with self._engine.begin() as connection:
                row = {"scheme": scheme, "size": 0, "peaks": b"", "root": EMPTY_ROOT}
                await connection.execute(BEGIN_SIGNED, row)
            async with self._engine.connect() as plain:
                connection = await plain.execution_options(isolation_level="REPEATABLE READ")
                async with connection.begin():
                    yield await _round(connection, scheme, self._quorum)


async def _round(connection: AsyncConnection, scheme: str, quorum: Quorum) -> PostgresRound:
    key = {"scheme": scheme}
    # Waits for another instance's round, and then fails: what it read is no longer so.
    signed = (await connection.execute(SIGNED, key)).one()
    head = (await connection.execute(HEAD, key)).one_or_none()
    newest = (await connection.execute(NEWEST, key)).scalar_one()
    return PostgresRound(
        connection,
        scheme,
        quorum,
        signed=Tree.of(signed.size, signed.peaks),
        signed_root=bytes(signed.root),
        head=EMPTY_TREE if head is None else Tree.of(head.size, head.peaks),
        newest=newest,
    )


class PostgresRound:
    """A round's reads and writes."""

    def __init__(
        self,
        connection: AsyncConnection,
        scheme: str,
        quorum: Quorum,
        *,
        signed: Tree,
        signed_root: bytes,
        head: Tree,
        newest: int | None,
    ) -> None:
        """Read and write in the connection's transaction."""
        self._connection = connection
        self._scheme = scheme
        self._quorum = quorum
        self.signed = signed
        self.signed_root = signed_root
        self.head = head
        self.newest = newest

    async def entries(self, after_size: int, most: int) -> Sequence[Entry]:
        """Return the next records in their order, at most so many."""
        driver = await driver_of(self._connection)
        async with driver.cursor(binary=True) as cursor:
            await cursor.execute(ENTRIES, (self._scheme, after_size, most))
            return [Entry(*row) for row in await cursor.fetchall()]

    async def stored(self, spans: Sequence[Span]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored hashes of the spans, as far as there are any."""
        return await stored_hashes(self._connection, self._scheme, spans)

    async def keep(self, tree: Tree, note: str | None) -> None:
        """Set what was checked last, and add the checkpoint if there is one."""
        kept = {"to_size": tree.size, "to_peaks": tree.joined, "to_root": tree.root}
        await self._connection.execute(KEEP_SIGNED, {"of_scheme": self._scheme, **kept})
        if note is not None:
            row = {"scheme": self._scheme, "size": tree.size, "root": tree.root, "note": note}
            await self._connection.execute(ADD_CHECKPOINT, row)
            if self._quorum.number == 0:
                await publish(self._connection, self._scheme, self._quorum, tree.size)
