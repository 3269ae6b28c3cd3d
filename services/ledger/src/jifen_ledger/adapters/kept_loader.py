"""Loads rows of the registers whose objects change, by key and by index."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.asked import arrays_of
from jifen_ledger.adapters.kept_rows import KEPT_INDEXES, KEPT_ROWS
from jifen_ledger.adapters.reads.held import held
from jifen_ledger.domain.kept import value_of
from jifen_ledger.domain.state import State

BY_KEY = {name: rows.current(rows.key) for name, rows in KEPT_ROWS.items()}
BY_INDEX = {name: rows.current(by) for name, (rows, by) in KEPT_INDEXES.items()}
BY_KEY_THEN = {name: rows.then(rows.key) for name, rows in KEPT_ROWS.items()}
BY_INDEX_THEN = {name: rows.then(by) for name, (rows, by) in KEPT_INDEXES.items()}

WHOLE = {
    name: (rows, sa.select(rows.table).where(rows.table.c.scheme == sa.bindparam("scheme")))
    for name, rows in KEPT_ROWS.items()
    if rows.register.whole
}


async def load_whole(connection: AsyncConnection, state: State, at: int | None = None) -> None:
    """Fill the registers that the state has all of, and their indexes, as of now or of a record."""
    for name, (rows, statement) in WHOLE.items():
        current = statement.where(held(rows.table, at))
        found = await connection.execute(
            current.order_by(rows.table.c.opened_seq), {"scheme": state.scheme}
        )
        objects = [rows.object(row) for row in found]
        loaded = {rows.register.key_of(one): one for one in objects}
        getattr(state, name).load(loaded, loaded)
        for index, fields in rows.register.indexes.items():
            keys: dict[Any, tuple[Any, ...]] = {}
            for key, one in loaded.items():
                value = value_of(one, fields)
                if value is not None:
                    keys[value] = (*keys.get(value, ()), key)
            getattr(state, index).load(keys, keys)


async def load_kept(
    connection: AsyncConnection,
    state: State,
    name: str,
    keys: Collection[Any],
    at: int | None = None,
) -> None:
    """Fill a register with the rows of the keys, as of now or of a record."""
    rows = KEPT_ROWS[name]
    statement = BY_KEY[name] if at is None else BY_KEY_THEN[name]
    found = await _rows(connection, statement, {"scheme": state.scheme, "at": at}, rows.key, keys)
    objects = [rows.object(row) for row in found]
    loaded = {rows.register.key_of(one): one for one in objects}
    getattr(state, name).load(loaded, keys)


async def load_kept_index(
    connection: AsyncConnection,
    state: State,
    name: str,
    keys: Collection[Any],
    at: int | None = None,
) -> None:
    """Fill an index with the keys of its rows, and the register with those rows."""
    rows, by = KEPT_INDEXES[name]
    statement = BY_INDEX[name] if at is None else BY_INDEX_THEN[name]
    found = await _rows(connection, statement, {"scheme": state.scheme, "at": at}, by, keys)
    indexed: dict[Any, tuple[Any, ...]] = {}
    loaded: dict[Any, Any] = {}
    for row in found:
        one = rows.object(row)
        key = rows.register.key_of(one)
        loaded[key] = one
        values = tuple(getattr(row, column) for column in by)
        value = values[0] if len(values) == 1 else values
        indexed[value] = (*indexed.get(value, ()), key)
    getattr(state, name).load(indexed, keys)
    register = getattr(state, rows.register.name)
    unknown = [key for key in loaded if not register.knows(key)]
    register.load(loaded, unknown)


async def _rows(
    connection: AsyncConnection,
    statement: sa.Select[Any],
    moment: dict[str, Any],
    columns: tuple[str, ...],
    keys: Collection[Any],
) -> list[sa.Row[Any]]:
    given = {name: value for name, value in moment.items() if value is not None}
    found = await connection.execute(statement, given | arrays_of(columns, keys))
    return list(found)
