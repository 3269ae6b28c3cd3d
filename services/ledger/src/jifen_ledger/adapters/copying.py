"""COPY: rows into a table in PostgreSQL's binary form, on the driver's own connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.arrays import few_encoded_texts

Driver = psycopg.AsyncConnection[Any]

# The last one registered writes what has the type by name: the driver's own, in C, and not the one
# that looks first whether it is a DB-API `Binary`.
psycopg.adapters.register_dumper(bytes, BytesBinaryDumper)

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # a class under another name


@dataclass(frozen=True, slots=True)
class Copy:
    """How rows of one table are copied; `encoders` write the values of their columns as bytes."""

    statement: bytes
    types: Sequence[str]
    encoders: Sequence[tuple[int, Callable[[Any], bytes]]]


def copy_into(table: sa.Table, name: str | None = None, *, encoded: bool = False) -> Copy:
    """Return the copy into the table, or into one of another name with its columns.

    Of `encoded` rows, arrays of texts and JSON are bytes already.
    """
    columns = written_columns(table)
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = f'COPY "{name or table.name}" ({names}) FROM STDIN (FORMAT BINARY)'
    encoders = [_encoder(column) for column in columns]
    # The binary form has no room for doubt about types; what is encoded here goes as it is.
    types = [
        type_of(column) if encoder is None else "bytea"
        for column, encoder in zip(columns, encoders, strict=True)
    ]
    own = [(place, encoder) for place, encoder in enumerate(encoders) if encoder is not None]
    return Copy(statement.encode(), types, () if encoded else own)


def _encoder(column: sa.Column[Any]) -> Callable[[Any], bytes] | None:
    """Return our own encoding for the types that the driver writes slowly."""
    if isinstance(column.type, sa.ARRAY) and isinstance(column.type.item_type, sa.Text):
        return _text_array
    return encoded_json if isinstance(column.type, postgresql.JSONB) else None


def encoded_json(value: object) -> bytes:
    """Return a JSON value as PostgreSQL's jsonb_recv takes it: a version, then the text."""
    return b"\x01" + orjson.dumps(value)


def _text_array(values: Sequence[str]) -> bytes:
    return few_encoded_texts(tuple(values))


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
    return driver


async def copy_rows(driver: Driver, target: Copy, rows: Iterable[Sequence[Any]]) -> None:
    """Write the rows; a row that is there already is a defect and fails."""
    async with driver.cursor() as cursor, cursor.copy(target.statement) as copy:
        copy.set_types(target.types)
        format_row = copy.formatter.write_row
        for row in rows if not target.encoders else _encoded(rows, target.encoders):
            # As `write_row` of the copy does, which would be a coroutine for every row: only once
            # in a while there is enough to be sent.
            if data := format_row(row):
                await copy.write(data)


def _encoded(
    rows: Iterable[Sequence[Any]], encoders: Sequence[tuple[int, Callable[[Any], bytes]]]
) -> Iterator[Sequence[Any]]:
    for row in rows:
        values = list(row)
        for place, encode in encoders:
            if values[place] is not None:
                values[place] = encode(values[place])
        yield values
