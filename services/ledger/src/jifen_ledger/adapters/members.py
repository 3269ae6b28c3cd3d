"""Loads members: their time lines are spread over four registers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.asked import arrays_of, asked_values, rows_by
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.register_rows import assignment_of, standing_of
from jifen_ledger.adapters.register_tables import assignment, joined, standing
from jifen_ledger.domain.registers import Assignment, Member, Standing


class _Statements(NamedTuple):
    """The queries for what is known now, or was at a record."""

    standings: sa.Select[Any]
    joined: sa.Select[Any]
    assignments: sa.Select[Any]
    naming: sa.Select[Any]


def _statements(at: int | None) -> _Statements:
    naming = sa.select(assignment).where(
        assignment.c.scheme == sa.bindparam("scheme"),
        held(assignment, at),
        # As the index says it.
        sa.func.cardinality(assignment.c.of) > 0,
        assignment.c.of.overlap(asked_values(assignment.c.member)),
    )
    return _Statements(
        rows_by(standing, ("member",), where=(added(standing, at),), order=("seq",)),
        rows_by(joined, ("closed",), where=(added(joined, at),)),
        rows_by(assignment, ("member",), where=(held(assignment, at),), order=("seq",)),
        naming.order_by(assignment.c.seq),
    )


NOW = _statements(None)


async def load_members(
    connection: AsyncConnection, scheme: str, keys: Collection[Any], at: int | None = None
) -> dict[Any, Any]:
    """Return the members among the keys, as they are known now or were at a record.

    Each register is read once, however many they are.
    """
    statements = NOW if at is None else _statements(at)
    parameters = {"scheme": scheme, **arrays_of(("member",), keys)}
    standings: dict[str, list[Standing]] = {}
    for row in await connection.execute(statements.standings, parameters):
        standings.setdefault(row.member, []).append(standing_of(row))
    if not standings:
        return {}
    held: dict[str, list[Assignment]] = {}
    for row in await connection.execute(statements.assignments, parameters):
        held.setdefault(row.member, []).append(assignment_of(row))
    named = _by_named(
        [assignment_of(row) for row in await connection.execute(statements.naming, parameters)],
        standings,
    )
    closed = {"scheme": scheme, **arrays_of(("closed",), keys)}
    joins = {
        row.closed: row.survivor for row in await connection.execute(statements.joined, closed)
    }
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
