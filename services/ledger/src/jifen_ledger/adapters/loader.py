"""Loads rows of the fold's state by key: a few queries for any number of keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters import loader_statements as statements
from jifen_ledger.adapters.asked import arrays_of
from jifen_ledger.adapters.claim_rows import claim_of, figures_of
from jifen_ledger.adapters.kept_loader import load_kept, load_kept_index
from jifen_ledger.adapters.kept_rows import KEPT_INDEXES, KEPT_ROWS
from jifen_ledger.adapters.members import load_members
from jifen_ledger.adapters.register_rows import panel_of, split_of
from jifen_ledger.domain.changes import FirstSeen
from jifen_ledger.domain.registers import Panel
from jifen_ledger.domain.state import LOADED_TABLES, State
from jifen_ledger.domain.tally import Tally

Keys = Collection[Any]
Rows = dict[Any, Any]
Load = Callable[[AsyncConnection, str, Keys], Awaitable[Rows]]


async def load(connection: AsyncConnection, state: State, wanted: Mapping[str, set[Any]]) -> None:
    """Fill the tables of the state with what is wanted; absent keys are known to be absent.

    Nothing uncommitted may be in the state: the database's rows take the place of its own.
    """
    claims = set(wanted.get("claims", ()))
    for name, keys in wanted.items():
        if name == "claims" or not keys:
            continue
        if name == "figure_keys":
            await _load_figures_of(connection, state, keys)
            continue
        if name in KEPT_ROWS:
            await load_kept(connection, state, name, keys)
            continue
        if name in KEPT_INDEXES:
            await load_kept_index(connection, state, name, keys)
            continue
        rows = await LOADS[name](connection, state.scheme, keys)
        getattr(state, name).load(rows, keys)
        if name in statements.CLAIMS_BY_KEY:
            claims.update(claim for ids in rows.values() for claim in ids)
    unknown = {claim for claim in claims if not state.claims.knows(claim)}
    if unknown:
        state.claims.load(await _claims(connection, state.scheme, unknown), unknown)


async def _first_seen(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("source", "event_id"), keys)
    found = await connection.execute(statements.FIRST_SEEN, {"scheme": scheme, **parameters})
    return {(row.source, row.event_id): FirstSeen(row.seq, row.content_hash) for row in found}


async def _bearers(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("assignment",), keys)
    found = await connection.execute(statements.BEARERS, {"scheme": scheme, **parameters})
    return {row.assignment: row.member for row in found}


async def _people_of(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("unit",), keys)
    people: dict[str, tuple[str, ...]] = {}
    for row in await connection.execute(statements.PEOPLE_OF, {"scheme": scheme, **parameters}):
        people[row.unit] = (*people.get(row.unit, ()), row.member)
    return people


async def _panels(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("branch",), keys)
    panels: dict[str, tuple[Panel, ...]] = {}
    for row in await connection.execute(statements.PANELS, {"scheme": scheme, **parameters}):
        panels[row.branch] = (*panels.get(row.branch, ()), panel_of(row))
    return panels


async def _splits(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("project",), keys)
    found = await connection.execute(statements.SPLITS, {"scheme": scheme, **parameters})
    return {row.project: split_of(row) for row in found}


async def _split_uses(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("project",), keys)
    found = await connection.execute(statements.SPLIT_USES, {"scheme": scheme, **parameters})
    return {row.project: row.uses for row in found}


async def _figures(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("holder", "capacity", "quarter"), keys)
    found = await connection.execute(statements.FIGURES, {"scheme": scheme, **parameters})
    return {(row.holder, row.capacity, row.quarter): figures_of(row) for row in found}


async def _tallies(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("branch", "quarter"), keys)
    found = await connection.execute(statements.TALLIES, {"scheme": scheme, **parameters})
    return {(row.branch, row.quarter): Tally(*row[3:]) for row in found}


async def _load_figures_of(connection: AsyncConnection, state: State, holders: Keys) -> None:
    """Fill the keys of the holders' figures, and the figures."""
    parameters = arrays_of(("holder",), holders)
    loaded: Rows = {}
    keys: dict[str, tuple[Any, ...]] = {}
    for row in await connection.execute(
        statements.FIGURES_OF, {"scheme": state.scheme, **parameters}
    ):
        key = (row.holder, row.capacity, row.quarter)
        loaded[key] = figures_of(row)
        keys[row.holder] = (*keys.get(row.holder, ()), key)
    state.figure_keys.load(keys, holders)
    state.figures.load(loaded, [key for key in loaded if not state.figures.knows(key)])


async def _claims(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
    parameters = arrays_of(("claim",), keys)
    found = await connection.execute(statements.CLAIMS, {"scheme": scheme, **parameters})
    return {row.claim: claim_of(row) for row in found}


def _claims_by(name: str) -> Load:
    """Return the load of a table that tells the claims of a key, in the order they came."""
    columns, statement = statements.CLAIMS_BY_KEY[name]

    async def rows_of(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
        # A year is text in the fold and a number in the table.
        sent = {(*key[:-1], int(key[-1])): key for key in keys} if name == "counting" else None
        parameters = arrays_of(columns, keys if sent is None else sent)
        found: dict[Any, tuple[str, ...]] = {}
        for row in await connection.execute(statement, {"scheme": scheme, **parameters}):
            asked = row[0] if len(columns) == 1 else tuple(row[:-1])
            key = asked if sent is None else sent[asked]
            found[key] = (*found.get(key, ()), row.claim)
        return found

    return rows_of


def _first_two(name: str) -> Load:
    """Return the load of a table that tells the first two values of a key."""
    columns, statement = statements.FIRST_TWO[name]

    async def rows_of(connection: AsyncConnection, scheme: str, keys: Keys) -> Rows:
        parameters = arrays_of(columns, keys)
        found: dict[Any, tuple[str, ...]] = {}
        for row in await connection.execute(statement, {"scheme": scheme, **parameters}):
            key = row[0] if len(columns) == 1 else tuple(row[: len(columns)])
            found[key] = (row.first,) if row.other is None else (row.first, row.other)
        return found

    return rows_of


LOADS: Mapping[str, Load] = {
    "first_seen": _first_seen,
    "members": load_members,
    "bearers": _bearers,
    "people_of": _people_of,
    "panels": _panels,
    "splits": _splits,
    "split_uses": _split_uses,
    "figures": _figures,
    "tallies": _tallies,
    **{name: _claims_by(name) for name in statements.CLAIMS_BY_KEY},
    **{name: _first_two(name) for name in statements.FIRST_TWO},
}
_LOADED_OTHERWISE = {"claims", "figure_keys"}
assert LOADS.keys() | KEPT_ROWS.keys() | KEPT_INDEXES.keys() | _LOADED_OTHERWISE == set(
    LOADED_TABLES
)
