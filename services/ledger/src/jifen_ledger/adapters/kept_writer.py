"""Writes what a batch changed in the registers: old rows end, new ones are added."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.copying import Driver, copy_rows
from jifen_ledger.adapters.kept_rows import KEPT_ROWS, rows_of
from jifen_ledger.domain.kept import Kept


async def write_kept(
    connection: AsyncConnection, driver: Driver, scheme: str, kept: Sequence[Kept]
) -> None:
    """End the current row of every object that changed, and copy the rows that follow it."""
    by_register: dict[str, list[Kept]] = {}
    for one in kept:
        by_register.setdefault(one.register, []).append(one)
    for name, changed in by_register.items():
        rows = KEPT_ROWS[name]
        closing = rows.closing(changed)
        if closing:
            await connection.execute(rows.close, {"of_scheme": scheme, **closing})
        await copy_rows(driver, rows.copy, rows_of(rows, scheme, changed))
