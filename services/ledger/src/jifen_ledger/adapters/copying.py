"""COPY: rows into a table in PostgreSQL's binary form, on the driver's own connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.types.json import set_json_dumps
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

Driver = psycopg.AsyncConnection[Any]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # a class under another name


@dataclass(frozen=True, slots=True)
class Copy:
    """How rows of one table are copied."""

    statement: bytes
    types: Sequence[str]


def copy_into(table: sa.Table, name: str | None = None) -> Copy:
    """Return the copy into the table, or into one of another name with its columns."""
    columns = written_columns(table)
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = f'COPY "{name or table.name}" ({names}) FROM STDIN (FORMAT BINARY)'
    # The binary form has no room for doubt about types.
    types = [type_of(column) for column in columns]
    return Copy(statement.encode(), types)


def type_of(column: sa.Column[Any]) -> str:
    """Return PostgreSQL's name of the column's type."""
    return column.type.compile(_DIALECT).lower()


def written_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns that the ledger fills; the others are computed."""
    return [column for column in table.columns if column.computed is None]


async def driver_of(connection: AsyncConnection) -> Driver:
    """Return the driver's connection below, in the same transaction."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, psycopg.AsyncConnection)
    set_json_dumps(orjson.dumps, driver)
    return driver


async def copy_rows(driver: Driver, target: Copy, rows: Iterable[Sequence[Any]]) -> None:
    """Write the rows; a row that is there already is a defect and fails."""
    async with driver.cursor() as cursor, cursor.copy(target.statement) as copy:
        copy.set_types(target.types)
        for row in rows:
            await copy.write_row(row)
