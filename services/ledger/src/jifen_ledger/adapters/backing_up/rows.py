"""The rows of a database, out of one moment of it and into an empty one, by COPY.

No program of PostgreSQL's is needed beside it, and the tables are made by the migrations, so a
backup can be brought back into a newer version of the server or of the ledger.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg import sql

from jifen_ledger.adapters.backing_up.failed import BackupFailed
from jifen_ledger.adapters.backing_up.manifest import BLOCK_BYTES, Scheme, Table, written
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.application.working import LEASE_S
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.tree import Tree

Driver = psycopg.Connection[tuple[Any, ...]]
# Whose position these rows are, and who works: of no use in another database.
LEFT_OUT: Final = ("alembic_version", "compared", "lease", "rebuild", "worker")
COMPRESSION: Final = 1

ONE_VIEW = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
    AND NOT relispartition AND relname <> ALL(%s)
ORDER BY relname
"""
# What is computed from the other columns is computed again.
COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""
REFERENCES = """
SELECT child.relname, parent.relname FROM pg_constraint
JOIN pg_class AS child ON child.oid = conrelid JOIN pg_class AS parent ON parent.oid = confrelid
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conrelid <> confrelid
"""
REVISION = "SELECT version_num FROM alembic_version"
HEADS = "SELECT scheme, size, peaks FROM log_head ORDER BY scheme"
WORKERS = """
SELECT worker FROM worker WHERE seen_at > now() - make_interval(secs => %s) ORDER BY worker
"""


@contextmanager
def one_moment(url: str) -> Iterator[Driver]:
    """Open a connection on which everything is as it is at one moment."""
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(ONE_VIEW)
            yield driver_of(connection)
    finally:
        engine.dispose()


def driver_of(connection: sa.Connection) -> Driver:
    """Return the driver's own connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def tables_of(driver: Driver) -> list[str]:
    """Return the tables that are kept, each after those it refers to."""
    names = [str(name) for (name,) in driver.execute(TABLES, [list(LEFT_OUT)])]
    graph: dict[str, set[str]] = {name: set() for name in names}
    for child, parent in driver.execute(REFERENCES).fetchall():
        if child in graph and parent in graph:
            graph[child].add(parent)
    return list(TopologicalSorter(graph).static_order())


def revision_of(driver: Driver) -> str | None:
    """Return the revision of the tables; None where there are none."""
    found = driver.execute("SELECT to_regclass('alembic_version')").fetchone()
    if found is None or found[0] is None:
        return None
    row = driver.execute(REVISION).fetchone()
    return None if row is None else str(row[0])


def heads_of(driver: Driver) -> dict[str, Scheme]:
    """Return how far each scheme is."""
    return {
        scheme: Scheme(records=size, root=encoded(Tree.of(size, bytes(peaks)).root))
        for scheme, size, peaks in driver.execute(HEADS)
    }


def write_table(driver: Driver, name: str, directory: Path) -> Table:
    """Write the rows of the table below the directory."""
    columns = [str(column) for (column,) in driver.execute(COLUMNS, [name])]
    path = f"database/{name}.copy.gz"
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), _list(columns))
    with written(directory, path) as (write, hashed):
        packed = gzip.GzipFile(
            filename="", mode="wb", compresslevel=COMPRESSION, fileobj=_Sink(write), mtime=0
        )
        with packed, driver.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for block in copy:
                    packed.write(block)
            rows = cursor.rowcount
    return Table(name=name, columns=tuple(columns), rows=rows, file=hashed.file(path))


def refuse_unless_empty(driver: Driver, revision: str) -> None:
    """Tell that the database may be filled. Raises BackupFailed."""
    found = revision_of(driver)
    if found is None:
        return
    if found != revision:
        raise BackupFailed(
            f"the database has the tables of revision {found}, the backup those of {revision};"
            " restore into a database without tables"
        )
    if workers := [str(worker) for (worker,) in driver.execute(WORKERS, [LEASE_S])]:
        raise BackupFailed(f"a ledger works on this database ({', '.join(workers)}); stop it")
    for name in tables_of(driver):
        rows = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name))
        if driver.execute(rows).fetchone() != (False,):
            raise BackupFailed(f"the database is not empty: {name} has rows")


def fill_tables(
    driver: Driver, tables: Sequence[Table], directory: Path, filled: Callable[[Table], None]
) -> None:
    """Fill the tables, all or, where one fails, none. Raises BackupFailed."""
    for table in tables:
        target, columns = sql.Identifier(table.name), _list(table.columns)
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(target, columns)
        with driver.cursor() as cursor:
            with (
                gzip.open(directory / table.file.path) as rows,
                cursor.copy(statement) as copy,
            ):
                while block := rows.read(BLOCK_BYTES):
                    copy.write(block)
            if cursor.rowcount != table.rows:
                raise BackupFailed(f"{table.name}: {cursor.rowcount} rows instead of {table.rows}")
        filled(table)


def _list(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


class _Sink(io.RawIOBase):
    """What gzip writes to."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        super().__init__()
        self._write = write

    def writable(self) -> bool:
        return True

    def write(self, block: Any, /) -> int:  # noqa: ANN401 - whatever has bytes
        data = bytes(block)
        self._write(data)
        return len(data)
