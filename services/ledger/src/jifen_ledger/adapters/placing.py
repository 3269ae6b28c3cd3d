"""Keeps the places and the counts of scores in step with what a batch changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_contracts.periods import end_day, first_day
from jifen_ledger.adapters.place_statements import (
    CLEAR_SCOPES,
    COUNT_SCOPES,
    FIGURES_OF,
    MOVE_PLACES,
    PERIODS,
    STAGE,
    STAGE_QUARTERS,
    STAGE_YEARS,
)
from jifen_ledger.application.queries.moments import last_day
from jifen_ledger.domain.changes import Changed, Changes

# (holder, capacity, quarter or year).
Key = tuple[str, str, str]


async def place_holders(connection: AsyncConnection, scheme: str, changed: Changed) -> None:
    """Bring the places in step with figures and registers that the transaction has written."""
    keys = [key for key, _ in changed.figures]
    moved = await _figures_of(connection, scheme, _concerned(changed.rows))
    if keys or moved:
        await connection.execute(STAGE)
        scores = await _stage(connection, STAGE_QUARTERS, scheme, {*keys, *moved})
        years = {(holder, of, quarter[:4]) for holder, of, quarter in (*scores, *moved)}
        if years:
            await _stage(connection, STAGE_YEARS, scheme, years)
            key = {"of_scheme": scheme, "same_tree": not changed.rows.units}
            await connection.execute(MOVE_PLACES, key)
    if changed.rows.units:
        await _count_scopes(connection, scheme)


def _concerned(rows: Changes) -> set[str]:
    """Return whose homes or active days a change of the registers may have moved."""
    found = {one.member for one in rows.assignments}
    found.update(one.member for one in rows.departures)
    found.update(member for member, _ in rows.standings)
    found.update(id_ for one in rows.joins for id_ in (one.closed, one.survivor))
    found.update(one.row.member for one in rows.kept if one.register == "absences")
    found.update(unit for unit, _ in rows.units)
    return found


async def _figures_of(
    connection: AsyncConnection, scheme: str, holders: Collection[str]
) -> list[Key]:
    """Return the keys of all figures of the holders; most who are registered have none yet."""
    if not holders:
        return []
    key = {"of_scheme": scheme, "holders": sorted(holders)}
    found = await connection.execute(FIGURES_OF, key)
    return [(row.holder, row.capacity, row.quarter) for row in found]


async def _stage(
    connection: AsyncConnection, statement: sa.TextClause, scheme: str, keys: Collection[Key]
) -> list[Key]:
    """Note the places that have moved, and return whose."""
    asked = sorted(keys)
    parameters: dict[str, Any] = {
        "of_scheme": scheme,
        "holders": [holder for holder, _, _ in asked],
        "capacities": [capacity for _, capacity, _ in asked],
        "periods": [period for _, _, period in asked],
        "first_days": [first_day(period) for _, _, period in asked],
        "end_days": [end_day(period) for _, _, period in asked],
    }
    found = await connection.execute(statement, parameters)
    return [(row.holder, row.capacity, row.period) for row in found]


async def _count_scopes(connection: AsyncConnection, scheme: str) -> None:
    """Count the scopes above anew, for every period there is a place in."""
    periods = (await connection.execute(PERIODS, {"of_scheme": scheme})).scalars().all()
    if periods:
        key = {"of_scheme": scheme, "periods": periods}
        await connection.execute(CLEAR_SCOPES, key)
        days = [last_day(period, None) for period in periods]
        await connection.execute(COUNT_SCOPES, {**key, "last_days": days})
