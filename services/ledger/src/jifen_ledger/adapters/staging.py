"""Rows that may be there already: copied to a temporary table, then merged in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters import tables
from jifen_ledger.adapters.copying import (
    Driver,
    copy_into,
    copy_rows,
    type_of,
    written_columns,
)
from jifen_ledger.adapters.tally_table import tally


class Staging:
    """A temporary table beside a table, and the merge of one into the other."""

    def __init__(self, table: sa.Table, name: str, *, added: Collection[str] = ()) -> None:
        """The columns `added` are added to what is there; the others take its place.

        Rows come encoded (`copy_into`).
        """
        columns = written_columns(table)
        names = [column.name for column in columns]
        key = [column.name for column in table.primary_key.columns]
        staged = sa.table(name, *(sa.column(column.name, column.type) for column in columns))
        # Every writer locks rows in the same order; unordered, two writers deadlock.
        rows = sa.select(*staged.columns).order_by(*(staged.c[column] for column in key))
        upsert = insert(table).from_select(names, rows)
        new = upsert.excluded
        changes = {
            column: table.c[column] + new[column] if column in added else new[column]
            for column in names
            if column not in key
        }
        self._merge = upsert.on_conflict_do_update(index_elements=key, set_=changes)
        self._copy = copy_into(table, name, encoded=True)
        definition = ", ".join(f'"{column.name}" {type_of(column)}' for column in columns)
        self._create = sa.text(
            f'CREATE TEMPORARY TABLE IF NOT EXISTS "{name}" ({definition}) ON COMMIT DELETE ROWS'
        )

    async def merge(
        self, connection: AsyncConnection, driver: Driver, rows: Sequence[Sequence[Any]]
    ) -> None:
        """Merge the rows, each of another key."""
        if not rows:
            return
        await connection.execute(self._create)
        await copy_rows(driver, self._copy, rows)
        await connection.execute(self._merge)


CHANGED_CLAIMS = Staging(tables.claim, "changed_claim")
CHANGED_FIGURES = Staging(tables.figures, "changed_figures")
CHANGED_TALLIES = Staging(tally, "changed_tally")
MOVED_BALANCES = Staging(tables.balance, "moved_balance", added=("tenths",))
