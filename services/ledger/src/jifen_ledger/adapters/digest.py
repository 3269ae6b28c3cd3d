"""A hash over everything the ledger holds of a scheme: equal tables, equal hash."""

from __future__ import annotations

from hashlib import sha256

import psycopg
import sqlalchemy as sa
from psycopg import sql

from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.projected import PROJECTED

ONE_VIEW = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def digest_of(url: str, scheme: str) -> str:
    """Return the SHA-256 of all rows of all tables, each in the order of its key."""
    engine = sync_engine(url)
    found = sha256()
    try:
        with engine.connect() as connection:
            # One view of all tables, whatever is written meanwhile.
            connection.execute(ONE_VIEW)
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            for table in sorted(PROJECTED, key=lambda table: table.name):
                found.update(f"{table.name}\n".encode())
                with driver.cursor() as cursor, cursor.copy(rows_of(table, scheme)) as copy:
                    for block in copy:
                        found.update(block)
    finally:
        engine.dispose()
    return found.hexdigest()


def rows_of(table: sa.Table, scheme: str, schema: str | None = None) -> sql.Composed:
    """Return the statement that copies a table's rows out, in the order of its key."""
    columns = sql.SQL(", ").join(
        sql.Identifier(column.name)
        for column in table.columns
        if column.info.get("projected", True)
    )
    # By bytes, whatever the database's own order of text.
    key = sql.SQL(", ").join(
        sql.SQL("{} COLLATE {}").format(sql.Identifier(column.name), sql.Identifier("C"))
        if isinstance(column.type, sa.Text)
        else sql.Identifier(column.name)
        for column in table.primary_key.columns
    )
    return sql.SQL(
        "COPY (SELECT {columns} FROM {table} WHERE scheme = {scheme} ORDER BY {key}) TO STDOUT"
    ).format(
        columns=columns,
        table=sql.Identifier(*([] if schema is None else [schema]), table.name),
        scheme=sql.Literal(scheme),
        key=key,
    )
