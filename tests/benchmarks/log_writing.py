"""Records, nodes, postings and head written in batches, against COPY of the same rows alone."""

from collections.abc import Iterator, Sequence
from time import perf_counter, process_time
from typing import Final, NamedTuple

import psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters import tables, writer
from jifen_ledger.adapters.claim_rows import Row as TableRow
from jifen_ledger.adapters.copying import copy_into, copy_rows, driver_of
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import BEGIN_HEAD
from jifen_ledger.adapters.moving_head import move_head
from jifen_ledger.application.ports import Batch
from jifen_ledger.domain.changes import Changed, Changes
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import BEFORE_THE_FIRST
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.tree import EMPTY_TREE, growth_by
from tests.benchmarks.log_rows import Row, rate_row
from tests.support.people import SCHEME
from tests.support.servers import libpq_url

BATCH: Final = 1_000
NOTHING_CHANGED: Final = Changed(Changes(), (), (), (), (), {})
BARE: Final = ("record", "posting")
BARE_RECORDS: Final = copy_into(tables.record, "bare_record")
BARE_POSTINGS: Final = copy_into(tables.posting, "bare_posting")
STORED: Final = b"""
SELECT pg_table_size('record'), pg_indexes_size('record'), (SELECT sum(length(bytes)) FROM record)
"""


class Copied(NamedTuple):
    """The rows of a batch, made beforehand."""

    records: list[TableRow]
    postings: list[TableRow]


async def writing_rows(url: str, records: Sequence[Record]) -> list[Row]:
    """Write the records into an empty database; each batch is a transaction."""
    engine = async_engine(url, connections_max=1)
    try:
        bare = await _copied(engine, url, records)
        ours = await _written(engine, records)
    finally:
        await engine.dispose()
    what = f"records, nodes, postings and head in batches of {BATCH:,}, each on the disk"
    return [
        rate_row(f"write {what}; limit: COPY of the same rows", bare, ours, 10_000),
        _stored(url, len(records)),
    ]


def _batches(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    return (records[start : start + BATCH] for start in range(0, len(records), BATCH))


async def _written(engine: AsyncEngine, records: Sequence[Record]) -> float:
    async with engine.begin() as connection:
        head = {"scheme": SCHEME, "size": 0, "last_recorded_at": BEFORE_THE_FIRST}
        await connection.execute(BEGIN_HEAD, head)
    tree = EMPTY_TREE
    began, worked = perf_counter(), process_time()
    for some in _batches(records):
        subjects = [SCHEME] * len(some)
        batch = Batch(SCHEME, tree.size, some, subjects, None, NOTHING_CHANGED)
        async with engine.begin() as connection:
            growth = growth_by(tree, (record.bytes for record in some))
            await move_head(connection, batch, growth, 0)
            driver = await driver_of(connection)
            rows = writer.record_rows(SCHEME, some, growth.leaves)
            await copy_rows(driver, writer.RECORDS, rows)
            await copy_rows(driver, writer.POSTINGS, writer._posting_rows(SCHEME, some))
        tree = growth.tree
    took, cpu = perf_counter() - began, process_time() - worked
    print(f"written: {took:.1f} s, {cpu:.1f} s of CPU in this process", flush=True)
    return len(records) / took


async def _copied(engine: AsyncEngine, url: str, records: Sequence[Record]) -> float:
    """The same rows by COPY alone, into tables like theirs, made beforehand."""
    with psycopg.connect(libpq_url(url)) as connection:
        for table in BARE:
            connection.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)".encode())
    made = [
        Copied(
            list(writer.record_rows(SCHEME, some, leaf_hashes(one.bytes for one in some))),
            list(writer._posting_rows(SCHEME, some)),
        )
        for some in _batches(records)
    ]
    began = perf_counter()
    for rows in made:
        async with engine.begin() as own:
            await _copy(own, rows)
    return len(records) / (perf_counter() - began)


async def _copy(connection: AsyncConnection, rows: Copied) -> None:
    driver = await driver_of(connection)
    await copy_rows(driver, BARE_RECORDS, rows.records)
    await copy_rows(driver, BARE_POSTINGS, rows.postings)


def _stored(url: str, records: int) -> Row:
    with psycopg.connect(libpq_url(url)) as connection:
        found = connection.execute(STORED).fetchone()
    assert found is not None
    table, indexes, own = (int(one) / records for one in found)
    return Row(
        "storage of a record; limit: its bytes and its hash",
        f"{own + 32:,.0f} bytes",
        f"{table:,.0f} bytes, and {indexes:,.0f} of indexes",
    )
