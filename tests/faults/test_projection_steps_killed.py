"""A projection is killed before each step of writing a batch, and after the last one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from psycopg.abc import PQGen
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.application.ports import Batch
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import State
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.tree import EMPTY_TREE, grown
from tests.support import builders as build
from tests.support.schemes import of_scheme
from tests.support.servers import libpq_url

PAYLOADS = [*build.world(), *build.decided(build.earned("c-1")), b"no event"]
RECORDS = b"SELECT seq, bytes, leaf_hash FROM record WHERE scheme = %s ORDER BY seq"
POSTINGS = b"""
SELECT seq, account, delta FROM posting WHERE scheme = %s ORDER BY seq, ordinal
"""
HEAD = b"SELECT size, peaks FROM log_head WHERE scheme = %s"
# Of writing the tables of a batch.
STEPS_MIN = 20


class Killed(BaseException):
    """The process ends here."""


class Fuse:
    """Counts what is asked of the server; before one of it, and ever after, nobody asks."""

    def __init__(self, fatal: int | None = None) -> None:
        self.taken = 0
        self._fatal = fatal
        self._connections: set[Any] = set()

    def step(self, connection: Any) -> None:
        self.taken += 1
        self._connections.add(connection)
        if self._fatal is not None and self.taken >= self._fatal:
            # As the server sees it: the ways to this process are closed.
            for one in self._connections:
                one.pgconn.finish()
            raise Killed

    @contextmanager
    def burning(self) -> Iterator[None]:
        wait = psycopg.AsyncConnection.wait

        async def waiting(own: Any, asked: PQGen[Any], *more: Any, **named: Any) -> Any:
            self.step(own)
            return await wait(own, asked, *more, **named)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg.AsyncConnection, "wait", waiting)
            yield


async def write(engine: AsyncEngine, scheme: str, batch: Batch, fuse: Fuse) -> None:
    """Write the batch as the projection does that has just read the head."""
    journal = PostgresJournal(engine)
    await journal.open(scheme)
    with suppress(Killed, Unavailable), fuse.burning():
        await journal.commit(batch)
    # Its connections; what it has compiled serves the next one.
    await engine.dispose()


def folded(scheme: str) -> Batch:
    """All events in one batch."""
    state = State.empty(scheme)
    payloads = of_scheme(PAYLOADS, scheme)
    records = [fold(state, seq, one) for seq, one in enumerate(payloads, start=1)]
    return Batch(scheme, 0, records, [scheme] * len(records), state.live_from, state.take_changes())


def tables(records: Sequence[Record]) -> tuple[list[Any], ...]:
    """What the tables must hold of these records, and nothing besides."""
    leaves = leaf_hashes(record.bytes for record in records)
    tree, _ = grown(EMPTY_TREE, leaves)
    return (
        [(one.seq, one.bytes, leaf) for one, leaf in zip(records, leaves, strict=True)],
        [(record.seq, one.account, one.delta) for record in records for one in record.postings],
        [(tree.size, tree.joined)],
    )


def there(connection: psycopg.Connection, scheme: str) -> tuple[list[Any], ...]:
    return tuple(connection.execute(one, [scheme]).fetchall() for one in (RECORDS, POSTINGS, HEAD))


@pytest.mark.timeout(180)
async def test_killed_before_any_step_it_leaves_the_whole_batch_or_nothing_and_goes_on(
    database_url: str,
) -> None:
    engine = async_engine(database_url, connections_max=2, prepare_after=None)
    whole = Fuse()
    await write(engine, "whole", folded("whole"), whole)
    assert whole.taken > STEPS_MIN

    sizes = []
    with psycopg.connect(libpq_url(database_url), autocommit=True) as connection:
        for fatal in range(1, whole.taken + 2):
            scheme = f"killed-{fatal}"
            batch = folded(scheme)
            await write(engine, scheme, batch, Fuse(fatal))
            left = there(connection, scheme)
            if not left[0]:
                await write(engine, scheme, batch, Fuse())

            sizes.append(len(left[0]))
            assert left == tables(batch.records[: sizes[-1]]), fatal
            assert there(connection, scheme) == tables(batch.records), fatal
    # Only once the commit was answered for sure; what was asked before it is undone.
    assert sizes[-1] == len(PAYLOADS)
    assert set(sizes) == {0, len(PAYLOADS)}
