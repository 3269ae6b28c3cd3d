"""Loads members: their time lines are spread over four registers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.asked import arrays_of, asked, asked_values, matches
from jifen_ledger.adapters.register_rows import assignment_of
from jifen_ledger.adapters.register_tables import assignment, joined, standing
from jifen_ledger.domain.registers import Assignment, Member, Standing


def _of_members(table: sa.Table, key: str = "member") -> sa.Select[tuple[object, ...]]:
    keys = asked(table.c[key])
    return sa.select(table).join_from(keys, table, matches(table, keys))


STANDINGS = _of_members(standing).order_by(standing.c.seq)
JOINED = _of_members(joined, "closed")
ASSIGNMENTS = (
    _of_members(assignment).where(assignment.c.until_seq.is_(None)).order_by(assignment.c.seq)
)
NAMING = (
    sa.select(assignment)
    .where(
        assignment.c.scheme == sa.bindparam("scheme"),
        assignment.c.until_seq.is_(None),
        # As the index says it.
        sa.func.cardinality(assignment.c.of) > 0,
        assignment.c.of.overlap(asked_values(assignment.c.member)),
    )
    .order_by(assignment.c.seq)
)


async def load_members(
    connection: AsyncConnection, scheme: str, keys: Collection[Any]
) -> dict[Any, Any]:
    """Return the members among the keys. Each register is read once, however many they are."""
    parameters = {"scheme": scheme, **arrays_of(("member",), keys)}
    standings: dict[str, list[Standing]] = {}
    for row in await connection.execute(STANDINGS, parameters):
        standings.setdefault(row.member, []).append(Standing(row.seq, row.standing, row.from_day))
    if not standings:
        return {}
    held: dict[str, list[Assignment]] = {}
    for row in await connection.execute(ASSIGNMENTS, parameters):
        held.setdefault(row.member, []).append(assignment_of(row))
    named = _by_named(
        [assignment_of(row) for row in await connection.execute(NAMING, parameters)], standings
    )
    closed = {"scheme": scheme, **arrays_of(("closed",), keys)}
    joins = {row.closed: row.survivor for row in await connection.execute(JOINED, closed)}
    return {
        member: Member(
            member,
            tuple(own),
            tuple(held.get(member, ())),
            tuple(named.get(member, ())),
            joins.get(member),
        )
        for member, own in standings.items()
    }


def _by_named(
    pacts: list[Assignment], members: Mapping[str, object]
) -> dict[str, list[Assignment]]:
    named: dict[str, list[Assignment]] = {}
    for pact in pacts:
        for person in dict.fromkeys(pact.of):
            if person in members:
                named.setdefault(person, []).append(pact)
    return named
